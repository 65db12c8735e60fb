"""The commands for workbooks: export a bundle to Excel or CSV, import it back, and merge two copies."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adjudge.bundles import load_evidence
from adjudge.cli.shared import BundleArgument, app, write
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.rulebook import Standard
from adjudge.standards import load_standard

if TYPE_CHECKING:
    from adjudge.workbook.importing import Imported

workbook = typer.Typer(
    help="Take a bundle out to Excel or CSV, bring it back, and merge two inspectors' copies.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(workbook, name="workbook")


class Kind(StrEnum):
    """What a bundle is exported as."""

    xlsx = "xlsx"
    csv = "csv"


ForceOption = Annotated[bool, typer.Option("--force", help="Replace what stands there: the file, or the documents in the folder.")]
StandardOption = Annotated[str | None, typer.Option("--standard", help="The standard's folder, if its name alone doesn't find it.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A workbook (.xlsx), or a folder of CSV files.")]


@workbook.command(
    "export", epilog="Examples: adjudge workbook export my-bundle --out my-bundle.xlsx | adjudge workbook export my-bundle --format csv --out tables"
)
def export_command(
    bundle: BundleArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file, or for CSV the folder, to write.")],
    format: Annotated[Kind, typer.Option("--format", "-f", help="One workbook, or a folder with a CSV file for each table.")] = Kind.xlsx,
    force: ForceOption = False,
) -> None:
    """Write a bundle as a workbook for Excel: a sheet for each framework, judgements, published grades and all else it holds."""
    from adjudge.workbook.csvs import write_folder

    evidence = load_evidence(bundle)
    if format is Kind.csv:
        write(f"{out}: {write_folder(evidence, out, force)} tables, {_findings(evidence)}\n")
    else:
        _write_workbook(evidence, out, force)


@workbook.command("import", epilog="Example: adjudge workbook import my-bundle.xlsx --out my-bundle --source report.txt")
def import_command(
    file: FileArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write the bundle into.")],
    source: Annotated[Path | None, typer.Option("--source", help="The report's plain text, to work out fingerprints that are blank.")] = None,
    standard: StandardOption = None,
    force: ForceOption = False,
) -> None:
    """Read a workbook or CSV files back into a bundle; faults are told by sheet and cell, all at once, and then nothing is written."""
    from adjudge.workbook.importing import import_bundle
    from adjudge.writing import write_bundle

    imported = import_bundle(file, _standard(standard), source, beside=out)
    write_bundle(imported.bundle, out, force)
    write(f"{out}: {_findings(imported.bundle)}\n")
    write("".join(f"  {note}\n" for note in _notes(imported)))


@workbook.command("merge", epilog="Example: adjudge workbook merge anna.xlsx ben.xlsx --base original.xlsx --out both.xlsx")
def merge_command(
    first: FileArgument,
    second: Annotated[Path, typer.Argument(metavar="FILE", help="The other copy.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The workbook (.xlsx), or the bundle's folder, to write.")],
    base: Annotated[Path | None, typer.Option("--base", help="The original that both copies started from.")] = None,
    standard: StandardOption = None,
    force: ForceOption = False,
) -> None:
    """Merge two copies; conflicts are listed by cell with both values, exit 1, and then nothing is written."""
    from adjudge.workbook.importing import import_bundle
    from adjudge.workbook.merging import merge
    from adjudge.writing import write_bundle

    given = _standard(standard)
    copies = []
    faults: list[Fault] = []
    for path in (first, second, base):
        try:
            copies.append(import_bundle(path, given, beside=out) if path else None)
        except BadInput as error:
            faults.extend(error.faults)
    if faults:
        raise BadInput(faults)
    ours, theirs, original = copies
    assert ours is not None
    assert theirs is not None
    merged = merge(ours, theirs, original)
    if merged.bundle is None:
        write("".join(f"{conflict.text}\n" for conflict in merged.conflicts))
        write(f"{_counted(len(merged.conflicts), 'conflict')}; nothing is written: agree on them in one of the copies, and merge again\n")
        raise typer.Exit(1)
    if out.suffix.lower() == ".xlsx":
        _write_workbook(merged.bundle, out, force)
    else:
        write_bundle(merged.bundle, out, force)
        write(f"{out}: {_findings(merged.bundle)}\n")


def _write_workbook(bundle: Bundle, out: Path, force: bool) -> None:
    from adjudge.workbook.sheets import write_workbook

    if out.suffix.lower() != ".xlsx":
        raise BadInput.at(str(out), "the name of a workbook ends in `.xlsx`; for CSV files in a folder add `--format csv`")
    write(f"{out}: {write_workbook(bundle, out, force)} sheets, {_findings(bundle)}\n")


def _standard(name: str | None) -> Standard | None:
    return load_standard(name) if name else None


def _findings(bundle: Bundle) -> str:
    return f"{bundle.bundle}, {_counted(len(bundle.records), 'finding')}, {_counted(len(bundle.judgements), 'judgement')}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _notes(imported: Imported) -> list[str]:
    notes = [f"{place}: new finding, id `{name}`" for name, place in imported.proposed.items()]
    if imported.fingerprinted:
        notes.append(f"{_counted(imported.fingerprinted, 'fingerprint')} worked out from the report")
    if imported.macros:
        notes.append("the workbook has macros; they were ignored")
    if imported.other_sheets:
        notes.append(f"not read, for they hold no table of adjudge: {', '.join(imported.other_sheets)}")
    return notes
