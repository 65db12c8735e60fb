"""The commands of the first release: grade, explain, check and show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adjudge.bundles import load_evidence
from adjudge.cli.shared import BundleArgument, Format, FormatOption, JudgementsOption, ReadingOption, app, find_rulebook, grading_of, render, write
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.rulebook import Standard
from adjudge.standards import load_standard


@app.command("grade", epilog="Examples: adjudge grade hertfordshire-2007 | adjudge grade my-bundle --reading strict --format json")
def grade_command(
    bundle: BundleArgument,
    framework: Annotated[list[str] | None, typer.Option("--framework", help="Only this framework (may be repeated).")] = None,
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Propose a grade for each framework of a bundle."""
    from adjudge.explanation import overview

    grading = grading_of(bundle, framework, reading, judgements)
    if format is Format.json:
        from adjudge.output import grading_out

        write(grading_out(grading).model_dump_json(indent=1) + "\n")
    else:
        render(overview(grading), format)


@app.command(epilog="Example: adjudge explain hertfordshire-2007 public-protection --format md")
def explain(
    bundle: BundleArgument,
    framework: Annotated[str, typer.Argument(metavar="FRAMEWORK", help="The framework to explain.")],
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Explain one framework's proposal: why this grade, why not the next, and every record behind it."""
    from adjudge.explanation import explain as explained

    grading = grading_of(bundle, [framework], reading, judgements)
    proposal = grading.proposals[0]
    if format is Format.json:
        from adjudge.output import explanation_out

        write(explanation_out(grading, proposal).model_dump_json(indent=1) + "\n")
    else:
        render(explained(proposal, grading.bundle.body.title), format)


@app.command(epilog="Examples: adjudge check hertfordshire-2007 --source report.txt | adjudge check rules/mine")
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Rulebooks, standards or bundles: paths, or shipped names.")],
    source: Annotated[Path | None, typer.Option("--source", help="The report's plain text, to verify every citation against.")] = None,
) -> None:
    """Check rulebooks and evidence, and, given the report's text, every citation's fingerprint; exit 1 if a finding has no record."""
    from adjudge.citations import check_citations

    faults: list[Fault] = []
    lines: list[str] = []
    uncoded = False
    for each in paths:
        try:
            loaded = _load_any(each)
            if isinstance(loaded, Standard):
                criteria = sum(len(book.criteria) for book in loaded.rulebooks)
                lines.append(f"{each}: {len(loaded.rulebooks)} rulebooks, {criteria} criteria, no faults")
            else:
                line = f"{each}: {len(loaded.records)} records, no faults"
                period = loaded.standard.period
                notes = [
                    f"  doesn't count: {record.id} is dated {record.date}, not wholly inside {period}"
                    for record in loaded.records
                    if period and not period.holds(record.date)
                ]
                if source:
                    result = check_citations(loaded, source)
                    faults.extend(result.faults)
                    uncoded = uncoded or bool(result.uncoded)
                    line += f"; {result.verified} citations verified, {len(result.uncoded)} findings without a record"
                    notes.extend(f"  not coded: {paragraph}" for paragraph in result.uncoded)
                lines.extend((line, *notes))
        except BadInput as error:
            faults.extend(error.faults)
    write("".join(f"{line}\n" for line in lines))
    if faults:
        raise BadInput(faults)
    if uncoded:
        raise typer.Exit(1)


@app.command(epilog="Examples: adjudge show public-protection | adjudge show rules/mine/my-framework.yaml")
def show(
    rulebook: Annotated[str, typer.Argument(metavar="RULEBOOK", help="A rulebook: its file, or the name of a shipped one.")],
    format: FormatOption = Format.text,
) -> None:
    """Show a rulebook as a methodologist would read it."""
    from adjudge.explanation import show_rulebook

    standard, book = find_rulebook(rulebook)
    if format is Format.json:
        write(book.model_dump_json(indent=1, by_alias=True) + "\n")
    else:
        render(show_rulebook(standard, book), format)


def _load_any(name: str) -> Standard | Bundle:
    """Load what a path or name stands for: a folder with a bundle.yaml is a bundle, one with a standard.yaml a standard."""
    from adjudge.documents import shipped

    path = Path(name)
    folder = path if path.is_dir() else path.parent if path.is_file() else None
    if folder is None:
        return load_evidence(name) if (shipped("evidence") / name / "bundle.yaml").is_file() else load_standard(name)
    for candidate in (folder, folder.parent):
        if (candidate / "bundle.yaml").is_file():
            return load_evidence(candidate)
        if (candidate / "standard.yaml").is_file():
            return load_standard(candidate)
    raise BadInput.at(name, "neither a bundle (bundle.yaml) nor a standard (standard.yaml) is here")
