"""The lines of a PDF: rows of text joined to paragraphs by their place on the page, table cells parted by tabs, a form feed at each page."""

from __future__ import annotations

import io
import itertools
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adjudge.errors import BadInput
from adjudge.source import PAGE_BREAK, binds, bullet, is_unfinished

MAX_UNPACKED = 200_000_000
"""How many bytes the streams of a PDF may have when unpacked."""

_MISSING = "reading PDFs needs the extra `documents`: pip install 'adjudge[documents]'"
_BROKEN = "not a PDF, or a damaged one; open it in a reader and save it again"
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PIECE = 65_536
_NO_LETTER = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff]")
_GLUED_NUMBER = re.compile(r"(\d{1,3}[.)])(?=[A-Z‘“'\"(])")
_DASH = re.compile(r"[-–—]\s")
_SAME_EDGE = 2.0
"""How far apart, in points, two rows' left edges may be and still count as one."""
_PITCH_TOLERANCE = 1.12
_SIZE_TOLERANCE = 0.1
_COMMON = 0.1
"""The share of all pairs of rows that must stand at a distance for it to be that of the rows of a paragraph."""
_SPARE_LETTERS = 4
"""How many letters more than the next word a row may leave free before its end counts as the end of a paragraph."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text on a page: its cells with their left edges, and its right edge, lower edge and height in points."""

    cells: tuple[str, ...]
    edges: tuple[float, ...]
    right: float
    bottom: float
    height: float
    opens_page: bool = False

    @property
    def left(self) -> float:
        """The left edge of the row."""
        return self.edges[0]

    @property
    def text(self) -> str:
        """The cells parted by tabs."""
        return "\t".join(self.cells)


def pdf_lines(data: bytes, file: str) -> list[str]:
    """Return the lines of a PDF's text; pages are read as one column. Raises BadInput."""
    try:
        from pdfminer.high_level import extract_pages
        from pdfminer.layout import LAParams
        from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    except ImportError:
        raise BadInput.at(file, _MISSING) from None
    if _unpacked_size(data) > MAX_UNPACKED:
        raise BadInput.at(file, f"the PDF unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB, which no report does; it isn't opened")
    try:
        pages = [list(_rows(page)) for page in extract_pages(io.BytesIO(data), laparams=LAParams(all_texts=True))]
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise BadInput.at(file, "a password-protected PDF; save it without a password") from None
    except Exception:  # pdfminer raises many kinds for a damaged file, TypeError and KeyError among them
        raise BadInput.at(file, _BROKEN) from None
    if not pages:
        raise BadInput.at(file, _BROKEN)
    return _joined([row for page in pages for row in page])


def _unpacked_size(data: bytes) -> int:
    """Return how many bytes the compressed streams unpack to, counting no further than the bound."""
    view = memoryview(data)
    total = 0
    for start in _STREAM.finditer(data):
        unpacker = zlib.decompressobj()
        place = start.end()
        try:
            while place < len(data) and not unpacker.eof and total <= MAX_UNPACKED:
                piece = unpacker.unconsumed_tail or view[place : place + _PIECE]
                place += 0 if unpacker.unconsumed_tail else _PIECE
                total += len(unpacker.decompress(piece, _PIECE))
        except zlib.error:
            continue
    return total


def _rows(page: Any) -> Iterator[Row]:
    """Yield the rows of a page from top to bottom: the text lines at one height, from left to right."""
    waiting = sorted(_text_lines(page), key=lambda line: -(line.y0 + line.y1))
    first = True
    while waiting:
        top = waiting[0]
        middle = (top.y0 + top.y1) / 2
        row = [line for line in waiting if abs((line.y0 + line.y1) / 2 - middle) < top.height / 2]
        waiting = waiting[len(row) :]
        row.sort(key=lambda line: line.x0)
        cells = _cells([(_clean(line.get_text()), _left(line)) for line in row])
        if cells:
            height = max(line.height for line in row)
            texts, edges = zip(*cells, strict=True)
            yield Row(texts, edges, max(line.x1 for line in row), min(line.y0 for line in row), height, first)
            first = False


def _text_lines(element: Any) -> Iterator[Any]:
    from pdfminer.layout import LTTextLine

    for child in element:
        if isinstance(child, LTTextLine):
            if child.get_text().strip():
                yield child
        elif hasattr(child, "__iter__"):
            yield from _text_lines(child)


def _left(line: Any) -> float:
    """Return where the first letter of a text line stands: white space before it is indentation."""
    return float(next((each.x0 for each in line if hasattr(each, "x0") and each.get_text().strip()), line.x0))


def _clean(text: str) -> str:
    """Return a row's text with a bullet in place of a sign at its start that has no letter."""
    text = " ".join(text.split())
    opened = _NO_LETTER.match(text)
    return _NO_LETTER.sub(" ", f"•{text[opened.end() :]}" if opened else text).strip()


def _cells(found: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the cells of a row with their left edges; the mark of a list item isn't a cell of its own, and stands apart from the text."""
    cells = [(text, left) for text, left in found if text]
    if not cells:
        return []
    first, left = cells[0]
    if len(cells) > 1 and bullet(f"{first} x") and len(first) <= 4:
        return [(f"{first} {' '.join(text for text, _ in cells[1:])}", left)]
    if first.startswith("•"):
        first = f"• {first[1:].strip()}"
    return [(_GLUED_NUMBER.sub(r"\1 ", first) if _GLUED_NUMBER.match(first) else first, left), *cells[1:]]


def _joined(rows: Sequence[Row]) -> list[str]:
    """Join rows to lines, one a paragraph."""
    pitches = Counter(round((above.bottom - row.bottom) / row.height, 1) for above, row in itertools.pairwise(rows) if _one_column(above, row))
    usual = min((pitch for pitch, count in pitches.items() if count >= _COMMON * pitches.total()), default=0.0)
    right = max((row.right for row in rows if len(row.cells) == 1), default=0.0)
    left = min((row.left for row in rows if bullet(row.text)), default=0.0)
    lines: list[str] = []
    last: Row | None = None
    for row in rows:
        if last and (place := _cell_above(last, row, usual)):
            cells = (*last.cells[:place], f"{last.cells[place]} {row.text}", *last.cells[place + 1 :])
            last = replace(last, cells=cells, bottom=row.bottom)
            lines[-1] = last.text
        elif last and _goes_on(last, row, usual, right):
            lines[-1] += row.text if binds(lines[-1]) else f" {row.text}"
            last = replace(row, cells=(lines[-1],))
        else:
            indent = " " * round((row.left - left) / max(row.height, 1.0)) if bullet(row.text) else ""
            lines.append((PAGE_BREAK if row.opens_page else "") + indent + row.text)
            last = row
    return lines


def _one_column(above: Row, row: Row) -> bool:
    same_size = abs(above.height - row.height) <= _SIZE_TOLERANCE * row.height
    return len(above.cells) == len(row.cells) == 1 and same_size and 0 < above.bottom - row.bottom < 3 * row.height and not row.opens_page


def _cell_above(above: Row, row: Row, pitch: float) -> int:
    """Return the place of the cell, not the first, that a row of one cell continues, for it stands right beneath it; 0 if there is none."""
    beneath = not row.opens_page and len(row.cells) == 1 and 0 < above.bottom - row.bottom <= pitch * _PITCH_TOLERANCE * row.height
    return next((place for place, edge in enumerate(above.edges) if place and beneath and abs(edge - row.left) <= _SAME_EDGE), 0)


def _goes_on(above: Row, row: Row, pitch: float, right: float) -> bool:
    """Say whether a row continues the one above: at the usual distance, no new item, and its first word had no room there.

    A dash at its start is no new item, but a dash within a sentence, where the row above is no item, is unfinished and begins at the same edge.
    """
    within = _DASH.match(row.text) and not bullet(above.text) and is_unfinished(above.text) and abs(above.left - row.left) <= _SAME_EDGE
    if not _one_column(above, row) or (bullet(row.text) and not within) or above.bottom - row.bottom > pitch * _PITCH_TOLERANCE * row.height:
        return False
    letter = (row.right - row.left) / max(len(row.text), 1)
    return above.right + letter * (len(row.text.split()[0]) + _SPARE_LETTERS) > right
