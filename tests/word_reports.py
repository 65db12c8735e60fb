"""A report as an inspectorate's own Word document: headings, lists, tables, a header and footer with fields, tracked changes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from adjudge.ingest.outline import Placed, Role, outline
from adjudge.source import binds, bullet, is_unfinished

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def write_house_docx(lines: Sequence[str], path: Path, body: str, numbered: bool = False, tracked: bool = False) -> None:
    """Write the lines of a report as Word would have them: what a page's turn splits is whole, and page furniture is in header and footer.

    With ``numbered`` each finding is an item of a numbered list, else a paragraph; with ``tracked`` there are insertions and deletions.
    """
    document = docx.Document()
    chance = random.Random(len(lines))
    document.sections[0].header.paragraphs[0].text = f"{body} – HMIC Inspection Report"
    foot = document.sections[0].footer.paragraphs[0]
    foot.add_run("Page ")
    _field(foot, "PAGE")
    rows: list[list[str]] = []
    for role, text in whole(lines):
        if "\t" in text and role is not Role.contents:
            rows.append([cell.strip() for cell in text.split("\t")])
            continue
        _table(document, rows)
        _paragraph(document, role, text, numbered, chance if tracked else None)
    _table(document, rows)
    document.save(str(path))


def whole(lines: Sequence[str]) -> Iterator[tuple[Role, str]]:
    """Yield the lines with their roles, without page furniture; what it split is whole again."""
    held: tuple[Placed, str] | None = None
    for placed in outline(lines).placed:
        text = placed.line.text
        if placed.role is Role.furniture:
            continue
        if held and _goes_on(*held, placed):
            before = held[1].rstrip()
            held = held[0], before + ("" if binds(before) else " ") + text.strip()
            continue
        if held:
            yield held[0].role, held[1]
        held = placed, text
    if held:
        yield held[0].role, held[1]


def _goes_on(before: Placed, said: str, placed: Placed) -> bool:
    text = placed.line.text
    prose = placed.role not in (Role.heading, Role.glossary, Role.grade) and "\t" not in text and not bullet(text)
    same = placed.role is before.role and prose
    return same and placed.line.broken and (is_unfinished(said) or text.strip()[:1].islower())


def _paragraph(document: Any, role: Role, text: str, numbered: bool, chance: random.Random | None) -> None:
    item = re.match(r"(\s*)[-•]\s+(.*)", text)
    if role is Role.heading:
        document.add_heading(text.strip().strip("*").strip(), level=2)
        return
    if item:
        paragraph = document.add_paragraph(style="List Bullet 2" if item[1] else "List Bullet")
        text = item[2]
    else:
        paragraph = document.add_paragraph(style="List Number" if numbered and role is Role.finding else None)
    if chance and chance.random() < 0.4 and text.count(" ") > 8 and not _BOLD.search(text):
        _tracked(paragraph, text.strip(), chance)
        return
    for place, part in enumerate(_BOLD.split(text.strip())):
        if part:
            paragraph.add_run(part).bold = bool(place % 2)


def _table(document: Any, rows: list[list[str]]) -> None:
    """Add the rows that were gathered as a table whose first column is wide enough for names."""
    if not rows:
        return
    width = max(map(len, rows))
    grid = document.add_table(len(rows), width)
    grid.style = "Table Grid"
    grid.autofit = False
    for place, column in enumerate(grid.columns):
        column.width = Cm(7 if width == 2 else 6 if place == 0 else 2.6)
    for row, cells in zip(grid.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=False):
            cell.text = text
    rows.clear()


def _tracked(paragraph: Any, text: str, chance: random.Random) -> None:
    """Add a text in which one word is an insertion, and beside it one that was deleted."""
    words = text.split(" ")
    place = chance.randrange(2, len(words) - 2)
    paragraph.add_run(f"{' '.join(words[:place])} ")
    for kind, tag, word in (("w:del", "w:delText", "apparently "), ("w:ins", "w:t", f"{words[place]} ")):
        change, run, content = OxmlElement(kind), OxmlElement("w:r"), OxmlElement(tag)
        for name, value in (("w:id", "1"), ("w:author", "A. Reader"), ("w:date", "2007-09-01T00:00:00Z")):
            change.set(qn(name), value)
        content.set(qn("xml:space"), "preserve")
        content.text = word
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(" ".join(words[place + 1 :]))


def _field(paragraph: Any, code: str) -> None:
    """Add a field, such as the page's number."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)
