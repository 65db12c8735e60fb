"""What a report prints more than once: recommendations (where they arise, and listed at its end), grades and national distributions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adjudge.documents import MAX_BYTES
from adjudge.errors import BadInput
from adjudge.source import fingerprint, month_and_year

_RECOMMENDATION = re.compile(r"recommendation (\d{1,4})", re.IGNORECASE)
_INLINE = re.compile(r"RECOMMENDATION (\d{1,4})")


@dataclass(frozen=True, slots=True)
class PrintedRecommendation:
    """A recommendation as printed: the heading or area that it stands under, the fingerprint of its text, its line from 1."""

    number: int
    under: str
    fingerprint: str
    line: int


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of a table of grades or distributions, or a framework's grade box: what it is called, and what it gives; its line from 1."""

    name: str
    value: str | tuple[int, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Printed:
    """What one report prints twice. ``inline`` and the boxes stand under a framework's heading, ``closing`` and the summaries under shorter names."""

    file: str
    inline: tuple[PrintedRecommendation, ...]
    closing: tuple[PrintedRecommendation, ...]
    boxes: tuple[PrintedRow, ...]
    summary: tuple[PrintedRow, ...]


def read_printed(path: Path, headings: Sequence[str], grades: Mapping[str, str]) -> Printed:
    """Read a report's plain text. ``headings`` are those of its frameworks, ``grades`` the labels by id, best first.

    Raises BadInput if the file can't be read or has none of the headings.
    """
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput.at(file, f"the file has more than {MAX_BYTES / 1e6:.0f} MB")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    except UnicodeDecodeError:
        raise BadInput.at(file, "not UTF-8 text; save the file as UTF-8") from None
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if line and not month_and_year(line)]
    if not any(line in headings for _, line in lines):
        raise BadInput.at(file, "none of the headings of this bundle's frameworks is in the text; is it the report that the evidence cites?")
    ends = [index for index, (_, line) in enumerate(lines) if line == "Recommendations"]
    start = ends[-1] if ends else len(lines)
    return Printed(
        file,
        inline=tuple(_inline(lines[:start], headings)),
        closing=tuple(_closing(lines[start + 1 :])),
        boxes=tuple(_boxes(lines[:start], headings, grades)),
        summary=tuple(_summary(lines[:start], grades)),
    )


Lines = Sequence[tuple[int, str]]


def _inline(lines: Lines, headings: Sequence[str]) -> Iterator[PrintedRecommendation]:
    under = ""
    for index, (number, line) in enumerate(lines):
        if line in headings:
            under = line
        elif (found := _INLINE.fullmatch(line)) and index + 1 < len(lines):
            yield PrintedRecommendation(int(found[1]), under, fingerprint(_sentence(lines[index + 1 :])), number)


def _closing(lines: Lines) -> Iterator[PrintedRecommendation]:
    """The list at the end: areas as headings, each followed by its recommendations; it ends with the first line that is neither."""
    under, index = "", 0
    while index + 1 < len(lines):
        number, line = lines[index]
        found = _RECOMMENDATION.fullmatch(line)
        if found:
            sentence = _sentence(lines[index + 1 :])
            yield PrintedRecommendation(int(found[1]), under, fingerprint(sentence), number)
            read = ""
            while read != sentence:
                index += 1
                read = f"{read} {lines[index][1]}".strip()
        elif _RECOMMENDATION.fullmatch(lines[index + 1][1]):
            under = line
        else:
            return
        index += 1


def _sentence(lines: Lines) -> str:
    """The text of a recommendation: up to the first line that ends a sentence."""
    text = ""
    for _, line in lines:
        text = f"{text} {line}".strip()
        if line.endswith("."):
            break
    return text


def _boxes(lines: Lines, headings: Sequence[str], grades: Mapping[str, str]) -> Iterator[PrintedRow]:
    """The grade and the distribution that stand right under a framework's heading: the first of each kind, within a dozen lines."""
    grade = re.compile(rf"(?:GRADE\s+)?({'|'.join(label.upper() for label in grades.values())})(?![A-Z]).*")
    for index, (_, line) in enumerate(lines):
        if line not in headings:
            continue
        box = lines[index + 1 : index + 13]
        end = next((place for place, (_, below) in enumerate(box) if below.startswith("National contextual factors")), 0)
        for kind in ("grade", "distribution"):
            for number, below in box[:end]:
                cells = _numbers(below, len(grades))
                if kind == "distribution" and cells:
                    yield PrintedRow(line, cells, number)
                    break
                if kind == "grade" and (found := grade.fullmatch(below)):
                    yield PrintedRow(line, found[1], number)
                    break


def _summary(lines: Lines, grades: Mapping[str, str]) -> Iterator[PrintedRow]:
    """The rows of the summary tables: a name, then a number for each grade or the one grade."""
    labels = set(grades.values())
    for number, line in lines:
        name, tab, rest = line.partition("\t")
        cells = _numbers(rest, len(grades))
        if tab and name and cells:
            yield PrintedRow(name, cells, number)
        elif tab and rest.strip() in labels and not name[0].isdigit():
            yield PrintedRow(name, rest.strip().upper(), number)


def _numbers(text: str, count: int) -> tuple[int, ...]:
    cells = text.split("\t")
    return tuple(int(cell) for cell in cells) if len(cells) == count and all(cell.strip().isdecimal() for cell in cells) else ()
