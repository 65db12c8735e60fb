"""The command that compares many bodies: compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import Format, FormatOption, ReadingOption, ResamplesOption, SeedOption, app, find_rulebook, render, write
from adjudge.cli.table import day_of, mapping_of
from adjudge.errors import BadInput
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED

AUTHOR = "author"


@app.command(
    epilog="Examples: adjudge compare fsa-fhrs premises.csv --grade rating --by authority | adjudge compare child-abuse evidence/* --by author"
)
def compare(
    rulebook: Annotated[str, typer.Argument(metavar="RULEBOOK", help="A rulebook, or a standard with only one: a path, or a shipped name.")],
    bodies: Annotated[list[str], typer.Argument(metavar="FILE|BUNDLE...", help="One table with a body a row (CSV, Parquet, Arrow), or bundles.")],
    grade: Annotated[str | None, typer.Option("--grade", help="In a table: the column with the grade that was given.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who graded: a table's column (authority, inspector); for bundles `author`, who decided the grade.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="In a table: the column with the reason for a grade that departs.")] = None,
    id: Annotated[str | None, typer.Option("--id", help="In a table: the column that names each body [its row].")] = None,
    map: Annotated[list[str] | None, typer.Option("--map", help="CRITERION=COLUMN, where a column isn't called as its criterion.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every conflict, departure and near miss that was kept.")] = False,
    resamples: ResamplesOption = 1000,
    seed: SeedOption = 2007,
    reading: ReadingOption = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="The day whose rules count: 2021-08-31.")] = None,
    blank: Annotated[str, typer.Option("--blank", help="What an empty cell means: not_assessed or not_applicable.")] = NOT_ASSESSED,
    format: FormatOption = Format.text,
) -> None:
    """Compare many bodies' grades with each other and with the proposals; exit 1 where two can't both be right."""
    try:
        from adjudge.consistency.between import compare_bodies
        from adjudge.consistency.bodies import bodies_of_bundles, bodies_of_table
    except ImportError:
        raise BadInput.at("compare", "needs numpy and pyarrow: pip install 'adjudge[sweep]'") from None
    from adjudge.bundles import load_evidence
    from adjudge.sweep import compile_rulebook
    from adjudge.table import KINDS

    if blank not in (NOT_ASSESSED, NOT_APPLICABLE):
        raise BadInput.at("--blank", f"`{blank}` isn't `{NOT_ASSESSED}` or `{NOT_APPLICABLE}`")
    standard, book = find_rulebook(rulebook)
    sweep = compile_rulebook(standard, book.rulebook, reading, day_of(on))
    tables = [each for each in bodies if Path(each).suffix in KINDS]
    if tables:
        if len(bodies) > 1:
            raise BadInput.at(tables[0], "give one table alone, or bundles alone")
        if grade is None:
            raise BadInput.at("--grade", "say which column holds the grade that was given: `--grade COLUMN`")
        what = Path(bodies[0]).name
        found = bodies_of_table(sweep, Path(bodies[0]), grade, mapping_of(map or []), by, reason, blank, id)
    else:
        if any((grade, reason, map, id)) or by not in (None, AUTHOR):
            raise BadInput.at("bundles", f"take no `--grade`, `--reason`, `--id` or `--map`, and `--by {AUTHOR}` alone; those are for tables")
        loaded = [load_evidence(each, standard) for each in bodies]
        what = f"{len(loaded)} {'bundle' if len(loaded) == 1 else 'bundles'}"
        found = bodies_of_bundles(sweep, loaded, by == AUTHOR)
    result = compare_bodies(found, resamples, seed)
    if format is Format.json:
        write(result.model_dump_json(indent=1) + "\n")
    else:
        from adjudge.consistency.bodies_page import bodies_page

        render(bodies_page(result, sweep, what, everything), format)
    if result.has_conflicts:
        raise typer.Exit(1)
