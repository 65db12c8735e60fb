"""The command that changes a bundle's form: convert, between YAML documents, one JSON and Parquet tables."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adjudge.bundles import load_evidence
from adjudge.cli.shared import app, write
from adjudge.errors import BadInput
from adjudge.evidence import Bundle
from adjudge.rulebook import Standard
from adjudge.standards import load_standard


class Form(StrEnum):
    """What a bundle is written as."""

    yaml = "yaml"
    json = "json"
    parquet = "parquet"


@app.command(epilog="Examples: adjudge convert hertfordshire-2007 --out herts.json | adjudge convert my-bundle --out tables --to parquet")
def convert(
    bundle: Annotated[str, typer.Argument(metavar="BUNDLE", help="A bundle: its folder, a shipped name, its JSON, or the folder of its tables.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="What to write: a file for JSON, else a folder.")],
    to: Annotated[Form | None, typer.Option("--to", help="The form; without it JSON for a name that ends in .json, else YAML.")] = None,
    standard: Annotated[str | None, typer.Option("--standard", help="The standard's folder, if its name alone doesn't find it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what stands there: the file, or the documents in the folder.")] = False,
) -> None:
    """Write a bundle in another form: YAML documents, one JSON document, or tables of records, statuses and proposals as Parquet."""
    form = to or (Form.json if out.suffix.lower() == ".json" else Form.yaml)
    if form is Form.json and out.suffix.lower() != ".json":
        raise BadInput.at(str(out), "the name of a JSON document ends in `.json`")
    evidence = _load(bundle, load_standard(standard) if standard else None)
    if form is Form.yaml:
        from adjudge.writing import write_bundle

        write_bundle(evidence, out, force)
    elif form is Form.json:
        from adjudge.workbook.sheets import save
        from adjudge.writing import to_json

        text = to_json(evidence)

        def put(temporary: Path) -> None:
            temporary.write_text(text, encoding="utf-8", newline="\n")

        save(out, force, put)
    else:
        _needs_arrow(str(out))
        from adjudge.grading import grade
        from adjudge.interchange import write_tables

        write_tables(grade(evidence), out, force)
    write(f"{out}: {evidence.bundle}, {len(evidence.records)} findings\n")


def _load(name: str, standard: Standard | None) -> Bundle:
    """Load a bundle in whichever of its forms a name stands for."""
    path = Path(name)
    if path.is_file() and path.suffix.lower() == ".json":
        from adjudge.writing import from_json, read_text

        return from_json(read_text(path), name, standard)
    if (path / "records.parquet").is_file():
        _needs_arrow(name)
        from adjudge.interchange import read_tables

        return read_tables(path, standard)
    return load_evidence(name, standard)


def _needs_arrow(file: str) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise BadInput.at(file, "tables need pyarrow: pip install 'adjudge[sweep]'") from None
