"""Charts as SVG, each with its data table beside it; drawn by altair, which the extra `charts` installs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adjudge.errors import BadInput

Row = Mapping[str, str | int | float]
GRADE_COLOURS = ("#7f3b08", "#e08214", "#92c5de", "#2166ac", "#053061")
"""From the worst grade to the best: told apart in grey and by those who can't tell red from green."""


def stacked_bars(rows: Sequence[Row], bar: str, part: str, amount: str, order: Sequence[str], title: str) -> str:
    """Return an SVG of one bar for each value of ``bar``, divided into shares by ``part`` (in ``order``)."""
    altair = _altair()
    chart = altair.Chart(altair.Data(values=[dict(row) for row in rows]), title=title, width=520)
    colours = [GRADE_COLOURS[round(place * (len(GRADE_COLOURS) - 1) / max(1, len(order) - 1))] for place in range(len(order))]
    encoded = chart.mark_bar(stroke="white").encode(
        x=altair.X(amount, type="quantitative", stack="normalize", title="share", axis=altair.Axis(format="%")),
        y=altair.Y(bar, type="nominal", sort=None, title=bar),
        color=altair.Color(part, type="nominal", sort=list(order), scale=altair.Scale(domain=list(order), range=colours), title=part),
        order=altair.Order("place", type="quantitative"),
    )
    return _svg(encoded, title)


def heat_map(rows: Sequence[Row], across: str, down: str, grade: str, order: Sequence[str], title: str) -> str:
    """Return an SVG of one cell for each ``across`` and ``down``, coloured by grade (in ``order``, the worst first) with its first letter in it."""
    altair = _altair()
    values = [{**row, "letter": str(row[grade])[:1]} for row in rows]
    colours = [GRADE_COLOURS[round(place * (len(GRADE_COLOURS) - 1) / max(1, len(order) - 1))] for place in range(len(order))]
    base = altair.Chart(altair.Data(values=values), title=title).encode(
        x=altair.X(across, type="nominal", sort=None, title=None, axis=altair.Axis(orient="top", labelAngle=-40)),
        y=altair.Y(down, type="nominal", sort=None, title=None),
    )
    scale = altair.Scale(domain=list(order), range=colours)
    cells = base.mark_rect(stroke="white").encode(color=altair.Color(grade, type="nominal", sort=list(order), scale=scale, title=grade))
    letters = base.mark_text(color="white").encode(text=altair.Text("letter", type="nominal"))
    return _svg(cells + letters, title)


def write_svg(path: Path, svg: str) -> None:
    """Write an SVG beside its target first, so that nothing is left half-written. Raises BadInput if it can't be."""
    if path.suffix != ".svg":
        raise BadInput.at(str(path), "a chart is written as SVG; its name must end in `.svg`")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(svg, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise BadInput.at(str(path), f"can't be written ({(error.strerror or str(error)).lower()})") from None


def _altair() -> Any:
    try:
        import altair
        import vl_convert  # noqa: F401
    except ImportError:
        raise BadInput.at("chart", "needs altair: pip install 'adjudge[charts]'") from None
    return altair


def _svg(chart: Any, title: str) -> str:
    """Return a chart as SVG that tells a screen reader what it is."""
    import html

    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    head, closing, rest = svg.partition(">")
    return f'{head} role="img" aria-label="{html.escape(title)}"{closing}<title>{html.escape(title)}</title>{rest}'
