"""The commands that begin something: a regime of one's own."""

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
