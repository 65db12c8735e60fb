"""Charts of national distributions as plain SVG: one framework's, with the body's place marked, and all frameworks' together."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from adjudge.charts import GRADE_COLOURS
from adjudge.reports.document import Figure, clean

_WIDTH = 680
_FONT = "font-family='Arial, Liberation Sans, Helvetica, sans-serif'"
_TEXT, _BAR, _HERE = "#1a1a1a", "#6b8cae", "#12395b"
_PER_CHARACTER = 7.2  # pixels that a character of 13 pixels takes at most, on average


def distribution(title: str, grades: Mapping[str, str], counts: Mapping[str, int], places: Mapping[str, str], body: str) -> Figure:
    """Draw how many bodies got each grade: ``places`` says of a grade how this body has it ("published", "proposed").

    ``grades`` are ids with their names, best first; what ``counts`` leaves out is nobody's.
    """
    total = sum(counts.values())
    most = max(counts.values(), default=0) or 1
    left = _column(grades.values(), 150)
    room = _WIDTH - left - 290
    parts, top = [], 8
    for grade, name in grades.items():
        count = counts.get(grade, 0)
        here = grade in places
        length = round(room * count / most, 1)
        parts.append(_text(left - 10, top + 17, _short(name, left - 10), anchor="end", bold=here))
        parts.append(f"<rect x='{left}' y='{top}' width='{max(length, 1)}' height='24' fill='{_HERE if here else _BAR}'/>")
        parts.append(_text(left + length + 7, top + 17, str(count), bold=here))
        if here:
            parts.append(_text(left + length + 34, top + 17, f"◄ {_short(places[grade], 235)}", bold=True))
        top += 32
    told = _told(grades, counts)
    placed = listed([f"{how} {grades[grade]}" for grade, how in places.items()])
    alt = f"Of {total} bodies, {told}." + (f" {body}: {placed}." if places else "")
    return _figure(title, alt, parts, top + 2)


def national(title: str, grades: Mapping[str, str], rows: Sequence[tuple[str, Mapping[str, int], str]], body: str) -> Figure:
    """Draw a bar for each framework (name, how many bodies got each grade, this body's grade), divided by grade; this body's part is outlined."""
    left = _column([name for name, _, _ in rows], 200)
    room = _WIDTH - left - 110
    colours = dict(zip(grades, _colours(len(grades)), strict=True))
    parts, at = [], float(left)
    for grade, name in grades.items():
        parts.append(f"<rect x='{at}' y='6' width='14' height='14' fill='{colours[grade]}'/>")
        parts.append(_text(at + 20, 18, _short(name, 120)))
        at += 20 + _PER_CHARACTER * len(_short(name, 120)) + 18
    parts.append(_text(_WIDTH - 100, 18, "this body", bold=True))
    top = 34
    for name, counts, own in rows:
        parts.append(_text(left - 10, top + 17, _short(name, left - 10), anchor="end"))
        total, at, outline = sum(counts.values()), float(left), ""
        for grade, colour in colours.items():
            length = round(room * counts.get(grade, 0) / total, 1)
            parts.append(f"<rect x='{at:.1f}' y='{top}' width='{length}' height='24' fill='{colour}' stroke='#ffffff'/>")
            if length >= 18:
                parts.append(_text(at + length / 2, top + 17, str(counts[grade]), anchor="middle", colour=_on(colour), bold=grade == own))
            if grade == own:
                outline = f"<rect x='{at:.1f}' y='{top - 2}' width='{length}' height='28' fill='none' stroke='#000000' stroke-width='3'/>"
            at += length
        parts += [outline, _text(_WIDTH - 100, top + 17, _short(grades[own], 100), bold=True)]
        top += 36
    alt = " ".join(f"{name}: {_told(grades, counts)}; {body} {grades[own]}." for name, counts, own in rows)
    return _figure(title, alt, parts, top)


def _figure(title: str, alt: str, parts: Sequence[str], height: int) -> Figure:
    title, alt = clean(title), clean(alt)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' width='{_WIDTH}' height='{height}' role='img' "
        f"aria-label='{html.escape(alt)}'><title>{html.escape(title)}</title><rect width='{_WIDTH}' height='{height}' fill='#ffffff'/>"
        f"{''.join(parts)}</svg>"
    )
    return Figure(title, alt, svg, (_WIDTH, height))


def _text(x: float, y: float, text: str, anchor: str = "start", bold: bool = False, colour: str = _TEXT) -> str:
    weight = " font-weight='bold'" if bold else ""
    return f"<text x='{x:.1f}' y='{y}' {_FONT} font-size='13' fill='{colour}' text-anchor='{anchor}'{weight}>{html.escape(clean(text))}</text>"


def _column(names: Iterable[str], most: int) -> int:
    longest = max((len(clean(name)) for name in names), default=0)
    return min(most, round(_PER_CHARACTER * longest) + 16)


def _short(name: str, width: float) -> str:
    """Return a name that fits a width, cut short if need be: the data table has it in full."""
    name = clean(name)
    most = int(width / _PER_CHARACTER)
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _colours(number: int) -> list[str]:
    """Return a colour for each grade, the best first."""
    last = len(GRADE_COLOURS) - 1
    return [GRADE_COLOURS[last - round(place * last / max(1, number - 1))] for place in range(number)]


def _on(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else "#ffffff"


def _told(grades: Mapping[str, str], counts: Mapping[str, int]) -> str:
    return listed([f"{counts.get(grade, 0)} {name}" for grade, name in grades.items()])


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
