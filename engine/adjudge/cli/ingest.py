"""The command that reads a report: ingest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import Format, FormatOption, app, render, write


@app.command(epilog="Examples: adjudge ingest report.docx | adjudge ingest report.txt --out evidence/marsh-2007")
def ingest(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="A report of 2007 as plain text, .docx or .pdf.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="A new folder for a draft bundle.")] = None,
    format: FormatOption = Format.text,
) -> None:
    """Read an HMIC inspection report of 2007: show its findings register, and with --out write a draft bundle to code."""
    from adjudge.documents import shown
    from adjudge.ingest.draft import check_folder, draft, places, write_draft
    from adjudge.ingest.files import read_lines
    from adjudge.ingest.reading import read_register
    from adjudge.ingest.summary import summary
    from adjudge.standards import load_standard

    if out is not None:
        check_folder(out)
    register = read_register(read_lines(report), shown(report))
    standard = load_standard()
    notes: tuple[str, ...] = ()
    if out is not None:
        drafted = draft(register, standard)
        notes = drafted.notes
        write_draft(drafted.files, out)
    if format is Format.json:
        write(register.model_dump_json(indent=1) + "\n")
    else:
        render(summary(register, places(register, standard), notes, out), format)
