"""The command that grades a table of many bodies: table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adjudge.cli.shared import (
    BlankOption,
    Format,
    FormatOption,
    MapOption,
    OnOption,
    ReadingOption,
    RulebookArgument,
    app,
    find_rulebook,
    mapping_of,
    render,
    write,
)
from adjudge.errors import BadInput
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import NOT_ASSESSED

if TYPE_CHECKING:
    from adjudge.sweep import Sweep
    from adjudge.table import Difference, TableReport


@app.command(
    epilog="Examples: adjudge table fsa-fhrs premises.csv --expect rating | adjudge table location homes.parquet --map safe=safety --out graded.csv"
)
def table(
    rulebook: RulebookArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV, Parquet or Arrow file with one body a row.")],
    expect: Annotated[str | None, typer.Option("--expect", help="The column with the grade that each row should have.")] = None,
    map: MapOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the rows with their grades to this file.")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Write the rows that can't be graded, with the reason, to this file [beside --out].")
    ] = None,
    reading: ReadingOption = None,
    on: OnOption = None,
    blank: BlankOption = NOT_ASSESSED,
    format: FormatOption = Format.text,
) -> None:
    """Grade a table with one body a row, and say how far its grades are those expected; exit 1 where they aren't."""
    try:
        import adjudge.table as tables
    except ImportError:
        raise BadInput.at("table", "needs numpy and pyarrow: pip install 'adjudge[sweep]'") from None
    from adjudge.sweep import compile_rulebook

    standard, book = find_rulebook(rulebook)
    sweep = compile_rulebook(standard, book.rulebook, reading, on)
    if out and not rejects:
        rejects = out.with_name(f"{out.stem}.rejects{out.suffix}")
    report = tables.grade_table(sweep, file, expect, mapping_of(map), out, rejects, blank, _progress(file))
    if format is Format.json:
        from adjudge.output import table_out

        write(table_out(sweep, report).model_dump_json(indent=1) + "\n")
    else:
        render(table_page(sweep, file, report, [each for each in (out, rejects) if each]), format)
    if not report.agrees:
        raise typer.Exit(1)


def _progress(file: Path) -> Callable[[int], None]:
    """Return what shows on a terminal how many rows are done; nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _: None
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        sys.stderr.write(f"\r{file.name}: {done:,} rows")
        sys.stderr.flush()

    return tell


def table_page(sweep: Sweep, file: Path, report: TableReport, written: list[Path]) -> Page:
    """Return what grading a table came to, the rows that differ first."""
    standard = sweep.standard
    refused = sum(report.refused.values())
    lead = [f"{standard.title} · {sweep.book.title} · {'default reading' if sweep.reading.name == 'default' else f'reading: {sweep.reading.name}'}"]
    lead.append(f"{report.rows:,} rows: {report.settled:,} graded, {report.open:,} open between two grades, {refused:,} can't be graded.")
    if report.expects:
        lead += _agreement(report)
    sections = [
        Section(
            "Rows that differ" + ("" if report.differ + report.outside <= len(report.differences) else ", the first of them"), _differences(report)
        ),
        Section("Rows that can't be graded", _refused(report)),
    ]
    counts = tuple((standard.grades[grade], f"{report.grades[grade]:,}") for grade in standard.grades)
    closing = [f"Standard {standard.standard} {standard.edition}, rulebook {sweep.book.edition} ({sweep.book.provenance})."]
    closing += [f"Written: {path}" for path in written if path.is_file()]
    tables = (Table(("grade", "rows"), counts),)
    return Page(file.name, tuple(lead), tables, tuple(section for section in sections if section.items), tuple(closing))


def _agreement(report: TableReport) -> list[str]:
    asked = report.agree + report.differ
    lines = [f"{report.agree:,} of {asked:,} graded rows have the grade expected; {report.differ:,} differ."]
    if report.held or report.outside:
        total = report.held + report.outside
        lines.append(f"{report.held:,} of {total:,} open rows hold the grade expected in their range; {report.outside:,} don't.")
    if report.unexpected:
        lines.append(f"Of the rows that were graded, {report.unexpected:,} {'expects' if report.unexpected == 1 else 'expect'} no grade.")
    return lines


def _differences(report: TableReport) -> tuple[Item, ...]:
    def line(each: Difference) -> Item:
        values = ", ".join(f"{name} {value}" for name, value in each.values.items())
        grade = each.grade or f"open, {each.worst} to {each.best}"
        return Item(f"row {each.row}: {grade}, expected {each.expected} ({values})")

    return tuple(line(each) for each in report.differences)


def _refused(report: TableReport) -> tuple[Item, ...]:
    """Return the reasons, the commonest first, each with what was expected of its rows."""
    reasons: dict[str, dict[str, int]] = {}
    for (reason, expected), count in report.refused.items():
        reasons.setdefault(reason, {})[expected] = count
    found = []
    for reason, by_expected in sorted(reasons.items(), key=lambda pair: (-sum(pair[1].values()), pair[0])):
        words = sorted(by_expected, key=lambda word: (-by_expected[word], word))
        within = tuple(Item(f"{word or 'no grade'} expected: {by_expected[word]:,}") for word in words) if report.expects else ()
        found.append(Item(f"{reason}: {sum(by_expected.values()):,}", within))
    return tuple(found)
