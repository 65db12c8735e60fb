"""The command that compares many bodies: compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import (
    BlankOption,
    Format,
    FormatOption,
    IdOption,
    MapOption,
    OnOption,
    ReadingOption,
    ResamplesOption,
    RulebookArgument,
    SeedOption,
    app,
    find_rulebook,
    mapping_of,
    render,
    write,
)
from adjudge.errors import BadInput
from adjudge.rulebook import NOT_ASSESSED

AUTHOR = "author"


@app.command(
    epilog="Examples: adjudge compare fsa-fhrs premises.csv --grade rating --by authority | adjudge compare child-abuse evidence/* --by author"
)
def compare(
    rulebook: RulebookArgument,
    bodies: Annotated[list[str], typer.Argument(metavar="FILE|BUNDLE...", help="One table with a body a row (CSV, Parquet, Arrow), or bundles.")],
    grade: Annotated[str | None, typer.Option("--grade", help="In a table: the column with the grade that was given.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who graded: a table's column (authority, inspector); for bundles `author`, who decided the grade.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="In a table: the column with the reason for a grade that departs.")] = None,
    id: IdOption = None,
    map: MapOption = None,
    everything: Annotated[bool, typer.Option("--all", help="List every conflict, departure and near miss that was kept.")] = False,
    resamples: ResamplesOption = 1000,
    seed: SeedOption = 2007,
    reading: ReadingOption = None,
    on: OnOption = None,
    blank: BlankOption = NOT_ASSESSED,
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

    standard, book = find_rulebook(rulebook)
    sweep = compile_rulebook(standard, book.rulebook, reading, on)
    tables = [each for each in bodies if Path(each).suffix in KINDS]
    if tables:
        if len(bodies) > 1:
            raise BadInput.at(tables[0], "give one table alone, or bundles alone")
        if grade is None:
            raise BadInput.at("--grade", "say which column holds the grade that was given: `--grade COLUMN`")
        what = Path(bodies[0]).name
        found = bodies_of_table(sweep, Path(bodies[0]), grade, mapping_of(map), by, reason, blank, id)
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
