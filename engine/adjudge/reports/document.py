"""The document that a report is, before it is HTML, Word or Markdown: headings, paragraphs, lists, tables, figures and numbered entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from adjudge.emission import CONTROL
from adjudge.page import Item

LANGUAGE = "en-GB"
_NO_CHARACTERS = re.compile("[\ufdd0-\ufdef" + "".join(chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)) + "]")


@dataclass(frozen=True, slots=True)
class Ref:
    """Words that lead to an anchor of the same document."""

    text: str
    target: str


Inline = tuple[str | Ref, ...]
"""Words in a row, some of which lead elsewhere."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 for a part, 2 for a framework or chapter, 3 within one. ``new_page`` starts a page where there are pages."""

    level: Literal[1, 2, 3]
    text: str
    anchor: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: body text, a ``lead`` into what follows, a ``note`` in small type, or a ``quote`` of the inspectorate's own text."""

    words: Inline
    kind: Literal["body", "lead", "note", "quote"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of lines with the lines beneath them."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its first cell heads it. ``group`` says that its only cell heads the rows that follow, up to the next such row.

    ``anchor`` is where references to the row lead; ``strong`` is the place of a cell in bold.
    """

    cells: tuple[Inline, ...]
    anchor: str = ""
    group: bool = False
    strong: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption. Without a header the first cell of each row is what says what the others are. ``widths`` are in per cent."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    kind: Literal["table", "grade"] = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG of a size in pixels, with the words that stand for it; its data table follows it in the document."""

    title: str
    alt: str
    svg: str
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered thing: what it says, the small print on it, the inspectorate's own text if that is given, and its anchor."""

    number: int
    text: str
    details: Inline
    quote: str | None = None
    anchor: str = ""

    @property
    def quoted(self) -> tuple[str, ...]:
        """The lines of the inspectorate's own text."""
        return tuple(line for line in (self.quote or "").split("\n") if clean(line))


@dataclass(frozen=True, slots=True)
class Entries:
    """Numbered entries under one word: findings by their paragraph (two of one paragraph share its number), or recommendations."""

    entries: tuple[Entry, ...]
    label: Literal["", "Recommendation"] = ""


Block = Heading | Paragraph | Bullets | Grid | Figure | Entries


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: title, the lines beneath it, and its blocks in order. ``standing`` says in one line who has decided."""

    title: str
    subtitle: str
    standing: str
    blocks: tuple[Block, ...]

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The headings that a table of contents lists: parts and chapters."""
        return tuple(block for block in self.blocks if isinstance(block, Heading) and block.level < 3)


def plain_words(words: Inline) -> str:
    """Return words without where they lead."""
    return "".join(each if isinstance(each, str) else each.text for each in words)


def texts(block: Block) -> Iterator[str]:
    """Yield every text of a block that a reader sees, pictures aside."""
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield plain_words(block.words)
        case Bullets():
            yield from _lines(block.items)
        case Grid():
            yield from (block.caption, *block.header)
            yield from (plain_words(cell) for row in block.rows for cell in row.cells)
        case Figure():
            yield block.title
        case Entries():
            for entry in block.entries:
                yield from (entry.text, plain_words(entry.details), entry.quote or "")


def _lines(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        yield item.text
        yield from _lines(item.items)


def clean(text: str) -> str:
    """Return a text on one line, without characters that no document may hold: each becomes a replacement character."""
    return " ".join(_NO_CHARACTERS.sub("\ufffd", CONTROL.sub("\ufffd", text)).split())
