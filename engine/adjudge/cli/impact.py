"""The command that shows what a change of standard or reading does: impact."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adjudge.cli.shared import (
    BlankOption,
    Format,
    FormatOption,
    IdOption,
    MapOption,
    OnOption,
    app,
    find_rulebook,
    mapping_of,
    render,
    write,
)
from adjudge.errors import BadInput
from adjudge.rulebook import NOT_ASSESSED

if TYPE_CHECKING:
    from adjudge.consistency.impact import Impact
    from adjudge.rulebook import Standard


@app.command(
    epilog="Examples: adjudge impact evidence/* --to-reading strict | adjudge impact evidence/* --to rules/mine --ids renamed.csv | "
    "adjudge impact premises.csv --from fsa-fhrs --to rules/fhrs-2022"
)
def impact(
    bodies: Annotated[list[str], typer.Argument(metavar="BUNDLE|FILE...", help="Bundles, or one table with a body a row (CSV, Parquet, Arrow).")],
    from_: Annotated[
        str | None, typer.Option("--from", help="The standard as it is [the bundles' own]; for a table its rulebook. A name or a path.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="The standard as it would be [unchanged]; for a table its rulebook.")] = None,
    from_reading: Annotated[str | None, typer.Option("--from-reading", help="The reading as it is [default].")] = None,
    to_reading: Annotated[str | None, typer.Option("--to-reading", help="The reading as it would be [default].")] = None,
    ids: Annotated[Path | None, typer.Option("--ids", help="A CSV file of criteria with another id: framework,old,new.")] = None,
    map: MapOption = None,
    id: IdOption = None,
    on: OnOption = None,
    blank: BlankOption = NOT_ASSESSED,
    everything: Annotated[bool, typer.Option("--all", help="List every move.")] = False,
    format: FormatOption = Format.text,
) -> None:
    """Show what a change of standard, rulebook or reading does to existing files: who moves and why. Nothing is rewritten."""
    from adjudge.consistency.impact_page import impact_page

    if any(Path(each).suffix in (".csv", ".parquet", ".arrow") for each in bodies):
        result, old, new = _of_table(bodies, from_, to, (from_reading, to_reading), ids, mapping_of(map), on, blank, id)
    else:
        from adjudge.bundles import load_evidence
        from adjudge.consistency.editions import read_ids
        from adjudge.consistency.impact import impact as impact_of
        from adjudge.standards import load_standard

        if map or on or id:
            raise BadInput.at("bundles", "take no `--map`, `--id` or `--on`; those are for tables")
        old = load_standard(from_) if from_ else load_evidence(bodies[0]).standard
        new = load_standard(to) if to else old
        renamed = read_ids(ids, old, new) if ids else None
        result = impact_of([load_evidence(each, old) for each in bodies], new, from_reading, to_reading, renamed)
    if format is Format.json:
        write(result.model_dump_json(indent=1) + "\n")
    else:
        render(impact_page(result, old, new, everything), format)


def _of_table(
    bodies: list[str],
    from_: str | None,
    to: str | None,
    readings: tuple[str | None, str | None],
    ids: Path | None,
    mapping: dict[str, str],
    on: datetime.date | None,
    blank: str,
    name: str | None,
) -> tuple[Impact, Standard, Standard]:
    try:
        from adjudge.consistency.bodies import bodies_of_table
        from adjudge.consistency.impact_table import impact_of_table
    except ImportError:
        raise BadInput.at("impact", "of a table needs numpy and pyarrow: pip install 'adjudge[sweep]'") from None
    from adjudge.consistency.editions import read_ids
    from adjudge.sweep import compile_rulebook

    if len(bodies) > 1:
        raise BadInput.at(bodies[0], "give one table alone, or bundles alone")
    if from_ is None:
        raise BadInput.at("--from", "say which rulebook the table is graded by: `--from RULEBOOK`")
    old, book = find_rulebook(from_)
    new, new_book = find_rulebook(to) if to else (old, book)
    before = compile_rulebook(old, book.rulebook, readings[0], on)
    after = compile_rulebook(new, new_book.rulebook, readings[1], on)
    found = bodies_of_table(before, Path(bodies[0]), None, mapping, blank=blank, name=name)
    return impact_of_table(found, after, read_ids(ids, old, new) if ids else None), old, new
