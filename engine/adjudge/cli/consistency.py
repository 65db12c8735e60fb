"""The commands that check consistency: agree, consistency, judgements and judge."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import BundleArgument, Format, FormatOption, JudgementsOption, ReadingOption, ResamplesOption, SeedOption, app, render, write


class By(StrEnum):
    """How far figures are broken down."""

    framework = "framework"
    theme = "theme"
    criterion = "criterion"


@app.command(epilog="Examples: adjudge agree hertfordshire-2007 anna.xlsx | adjudge agree first.csv second.csv --by theme --format html")
def agree(
    codings: Annotated[
        list[str], typer.Argument(metavar="CODING...", help="Two or more bundles (folders or shipped names), workbooks or CSV files.")
    ],
    by: Annotated[By, typer.Option("--by", help="How far to break the figures down.")] = By.framework,
    everything: Annotated[bool, typer.Option("--all", help="List every difference, also those that change no proposal.")] = False,
    resamples: ResamplesOption = 1000,
    seed: SeedOption = 2007,
    standard: Annotated[str | None, typer.Option("--standard", help="For CSV files alone: the standard, by name or path.")] = None,
    about: Annotated[str | None, typer.Option("--about", help="For CSV files: the bundle whose units and overviews they speak of.")] = None,
    reading: ReadingOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Compare codings of one report: how far coders agree, where they differ, and which differences change a grade."""
    from adjudge.consistency.agreement_page import agreement_page
    from adjudge.consistency.codings import load_codings
    from adjudge.consistency.comparison import compare

    loaded = load_codings(codings, standard, about)
    comparison = compare(loaded, by.value, reading, resamples, seed)
    if format is Format.json:
        write(comparison.model_dump_json(indent=1) + "\n")
    else:
        render(agreement_page(comparison, loaded[0].bundle.standard, everything), format)


@app.command("consistency", epilog="Example: adjudge consistency hertfordshire-2007 --source report.txt")
def consistency_command(
    bundle: BundleArgument,
    source: Annotated[Path | None, typer.Option("--source", help="The report (text, .docx, .pdf), to check what it prints twice.")] = None,
    national: Annotated[Path | None, typer.Option("--national", help="A CSV file: framework, and how many bodies got each grade.")] = None,
    format: FormatOption = Format.text,
) -> None:
    """Check one report against itself; exit 1 if two statements in it can't both stand."""
    from adjudge.bundles import load_evidence
    from adjudge.consistency.within import check_report
    from adjudge.consistency.within_page import within_page

    evidence = load_evidence(bundle)
    table = None
    if national:
        from adjudge.consistency.tables import read_national

        table = read_national(national, evidence.standard)
    result = check_report(evidence, source, table)
    if format is Format.json:
        write(result.model_dump_json(indent=1) + "\n")
    else:
        render(within_page(result), format)
    if result.conflicts:
        raise typer.Exit(1)


@app.command(epilog="Example: adjudge judgements hertfordshire-2007 --judgements mine.yaml")
def judgements(
    bundle: BundleArgument,
    judgements: JudgementsOption = None,
    reading: ReadingOption = None,
    format: FormatOption = Format.text,
) -> None:
    """List the judgements on a bundle as a register: who decided what, when and why, against which proposal."""
    from adjudge.bundles import load_evidence, load_judgements
    from adjudge.consistency.register import register
    from adjudge.consistency.register_page import register_page

    evidence = load_evidence(bundle)
    further = {str(judgements): load_judgements(judgements, evidence.standard)} if judgements else None
    found = register(evidence, further, reading)
    if format is Format.json:
        write(found.model_dump_json(indent=1) + "\n")
    else:
        render(register_page(found, evidence.standard), format)


@app.command(
    epilog="Example: adjudge judge hertfordshire-2007 public-protection --file mine.yaml --criterion supervision --status partly_met "
    '--reason "We saw the log." --author "A. Example" --date 2007-09-12'
)
def judge(
    bundle: BundleArgument,
    framework: Annotated[str, typer.Argument(metavar="FRAMEWORK", help="The framework that the judgement is about.")],
    file: Annotated[Path, typer.Option("--file", help="The YAML file of judgements that grows; it is made if it isn't there.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    author: Annotated[str, typer.Option("--author", help="Who decides.")],
    date: Annotated[str, typer.Option("--date", help="The day of the decision, as 2007-09-27.")],
    criterion: Annotated[str | None, typer.Option("--criterion", help="The criterion; none for a grade.")] = None,
    status: Annotated[str | None, typer.Option("--status", help="Decide the criterion's status.")] = None,
    not_applicable: Annotated[bool, typer.Option("--not-applicable", help="Decide that the criterion isn't applicable.")] = False,
    dominant: Annotated[bool, typer.Option("--dominant", help="Decide that the criterion is dominant for this body.")] = False,
    grade: Annotated[str | None, typer.Option("--grade", help="Decide the final grade.")] = None,
) -> None:
    """Append one judgement to a file that only ever grows; a target that is judged already is refused."""
    from adjudge.bundles import load_evidence
    from adjudge.consistency.register import append, judgement_of
    from adjudge.documents import shown

    values = {"framework": framework, "criterion": criterion, "status": status, "grade": grade, "reason": reason, "author": author, "date": date}
    flags = {"not_applicable": not_applicable or None, "dominant": dominant or None}
    judgement = judgement_of({**values, **flags})
    append(file, judgement, load_evidence(bundle))
    write(f"{shown(file)}: {judgement.says} appended\n")
