"""The commands that begin something: a regime of one's own, and a bundle to fill in."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import app, write
from adjudge.documents import shipped, shown
from adjudge.errors import BadInput
from adjudge.standards import load_standard

new = typer.Typer(help="Begin something of your own.", no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
app.add_typer(new, name="new")


@new.command("rulebook", epilog="Examples: adjudge new rulebook lodgings | adjudge new rulebook lodgings --out rules")
def new_rulebook(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The id of the regime: lower-case letters and digits, joined by hyphens.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to put it in.")] = Path(),
) -> None:
    """Write a regime to begin from: a standard and one rulebook, with notes, that load and grade as they are."""
    folder = scaffold(name, out)
    write("".join(f"wrote {shown(path)}\n" for path in sorted(folder.rglob("*.*"))))
    write(f"next: put your own words in place of these, and run `adjudge check {shown(folder)}`\n")


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


def scaffold(name: str, out: Path) -> Path:
    """Write the folder ``out``/``name`` with a regime of that id and the schemas that its editor lines point to; return it.

    Raises BadInput, with nothing written, for a name that is no id and for a folder that is there already or can't be written.
    """
    folder = out / name
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name) or len(name) > 80:
        raise BadInput.at(name, "isn't a name for a regime: use lower-case letters and digits, joined by hyphens")
    if folder.exists() or folder.is_symlink():
        raise BadInput.at(shown(folder), "is there already and stays as it is; choose another name, or another folder with `--out`")
    plain = re.search("[a-z]", name) and name not in ("true", "false", "null")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".adjudge-") as made:
            whole = Path(made) / name
            whole.mkdir()
            for template in sorted((Path(__file__).parents[1] / "templates/rulebook").glob("*.yaml")):
                text = template.read_text(encoding="utf-8").replace("my-regime", name if plain else f'"{name}"')
                (whole / template.name).write_text(text, encoding="utf-8")
            shutil.copytree(shipped("rules") / "schema", whole / "schema")
            os.replace(whole, folder)
    except OSError as error:
        raise BadInput.at(shown(folder), f"can't be written ({(error.strerror or str(error)).lower()})") from None
    return folder
