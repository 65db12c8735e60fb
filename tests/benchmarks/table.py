"""The benchmark's tables as text and as Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.benchmarks.measure import MANY, MEASURES, Row

_HEADINGS = {
    "one": "one case, µs",
    "explained": "explained, µs",
    "many": f"{MANY} cases, ms",
    "sweep": "what-ifs from columns, cases/s",
    "packed": "packed, cases/s",
    "cold": "cold start, ms",
}


def results(rows: Sequence[Row], base: Row, markdown: bool) -> str:
    """Return the rows with medians, and in brackets their ratio to the base row: times over times, rates over rates."""
    measured = [[row.name, *(_cell(row, base, measure) for measure in MEASURES)] for row in rows if row.rounds]
    table = layout(["engine", *_HEADINGS.values()], measured, markdown)
    missing = [f"{'- ' if markdown else ''}{row.name}: {row.note}" for row in rows if not row.rounds]
    return "\n".join([table, *(["", "Not measured:", *([""] if markdown else []), *missing] if missing else [])])


def _cell(row: Row, base: Row, measure: str) -> str:
    value, ratio = row.median(measure), row.ratio(base, measure)
    if value is None:
        return "–"
    if measure in ("sweep", "packed"):
        shown, ratio = f"{1 / value:.1e}".replace("e+0", "e"), 1 / ratio if ratio else None
    else:
        scale = {"one": 1e6, "explained": 1e6, "many": 1e3 * MANY, "cold": 1e3}[measure]
        shown = figure(value * scale)
    return f"{shown} ({figure(ratio)})" if ratio is not None else shown


def figure(number: float) -> str:
    """Return a positive number in two or three significant figures, without an exponent."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.{max(2, 1 - math.floor(math.log10(number)))}f}"


def layout(headings: Sequence[str], rows: Sequence[Sequence[str]], markdown: bool) -> str:
    """Return a table: the first column to the left, the others to the right."""
    if markdown:
        lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)
    widths = [max(len(line[place]) for line in (headings, *rows)) for place in range(len(headings))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (headings, *rows)
    )
