"""The commands that start something new: a bundle to fill in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import app, write
from adjudge.errors import BadInput
from adjudge.rulebook import load_standard

new = typer.Typer(help="Start something new: a bundle to fill in.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(new, name="new")


@new.command(
    "bundle",
    epilog="Examples: adjudge new bundle marsh-2026 --body 'Marsh Constabulary' --out marsh.xlsx | adjudge new bundle marsh-2026 --out marsh",
)
def bundle_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The bundle's id: lower-case letters, digits and hyphens.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The workbook (.xlsx), or the folder of YAML documents, to write.")],
    standard: Annotated[str, typer.Option("--standard", help="The standard: its folder, or the name of a shipped one.")] = "hmic-2007",
    body: Annotated[str | None, typer.Option("--body", help="The name of what is inspected.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="The bundle's title; without it, the name of the body.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="The report, or the files, that the findings come from.")] = None,
    recorded_by: Annotated[str | None, typer.Option("--recorded-by", help="Who will record the findings.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what stands there.")] = False,
) -> None:
    """Write an empty bundle for a new inspection, as a workbook or as a folder; what isn't given is left blank to be filled in."""
    from adjudge.workbook.template import Particulars, write_template

    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name):
        raise BadInput.at(name, "isn't an id: use lower-case letters and digits, joined by hyphens")
    given = Particulars(name, body, title or body, source, recorded_by)
    open_ = write_template(load_standard(standard), given, out, force)
    write(f"{out}: ready to be filled in\n")
    write("".join(f"  still blank: {each}\n" for each in open_))
