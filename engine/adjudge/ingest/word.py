"""The lines of a Word document: its paragraphs, list items with a dash or their number, and the rows of its tables with tabs between the cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from adjudge.errors import BadInput

MAX_UNPACKED = 200_000_000
"""How many bytes the parts of a document may have when unpacked."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MISSING = "reading Word documents needs the extra `documents`: pip install 'adjudge[documents]'"
_BROKEN = "not a Word document (.docx), or a damaged one; open it in Word and save it again"


def word_lines(data: bytes, file: str) -> list[str]:
    """Return the lines of a .docx document. Headers and footers aren't read; footnotes come last. Raises BadInput."""
    try:
        import docx
    except ImportError:
        raise BadInput.at(file, _MISSING) from None
    check_archive(data, file)
    try:
        document = docx.Document(io.BytesIO(data))
        lists = _Lists(document)
        return [*_blocks(document.element.body, lists), *_footnotes(document, lists)]
    except BadInput:
        raise
    except Exception:  # python-docx and lxml raise many kinds for a damaged document, KeyError and AttributeError among them
        raise BadInput.at(file, _BROKEN) from None


def check_archive(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if "word/document.xml" not in {part.filename for part in parts}:
                raise BadInput.at(file, "a zip archive, but not a Word document (.docx)")
            if any(part.flag_bits & 1 for part in parts):
                raise BadInput.at(file, "a password-protected archive; save it as .docx without a password")
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise BadInput.at(file, f"the document unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB, which no report does; it isn't opened")
            if archive.testzip() is not None:
                raise BadInput.at(file, _BROKEN)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise BadInput.at(file, _BROKEN) from None
    except Exception as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput.at(file, _BROKEN) from None


class _Lists:
    """Tells list items by their own numbering or their style's, and counts those of numbered lists."""

    def __init__(self, document: Any) -> None:
        self._numbered = _numbered_levels(document)
        self._styles: dict[str, tuple[str | None, int, bool]] = {}
        self._counts: dict[tuple[str | None, int], int] = {}
        for style in document.styles:
            kind, _, digits = str(style.name or "").lower().rpartition(" ")
            kind, level = (kind, int(digits) - 1) if digits.isdigit() else (str(style.name or "").lower(), 0)
            if kind in ("list bullet", "list number"):
                number, _ = _numbering(style.element)
                self._styles[str(style.style_id)] = number, level, kind == "list number"

    def mark(self, paragraph: Any) -> str:
        """Return what stands before a list item: white space as deep as it is, and a dash or its number; nothing before anything else."""
        number, level = _numbering(paragraph)
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = style.get(f"{_W}val") if style is not None else ""
        of_style = self._styles.get(name)
        if number == "0" or (number is None and of_style is None) or name.startswith("Heading"):
            return ""
        if of_style is not None:
            level = max(level, of_style[1])
        numbered = of_style[2] if number is None and of_style is not None else (number, level) in self._numbered
        if not numbered:
            return f"{' ' * level}- "
        key = number or (of_style[0] if of_style else None)
        for other in [each for each in self._counts if each[0] == key and each[1] > level]:
            del self._counts[other]
        self._counts[key, level] = self._counts.get((key, level), 0) + 1
        return f"{' ' * level}{self._counts[key, level]}. "


def _numbering(element: Any) -> tuple[str | None, int]:
    """Return the list that a paragraph or style says it belongs to, and its level in it, from 0."""
    number, level = (element.find(f"{_W}pPr/{_W}numPr/{_W}{name}") for name in ("numId", "ilvl"))
    return (None if number is None else str(number.get(f"{_W}val"))), (0 if level is None else int(level.get(f"{_W}val")))


def _numbered_levels(document: Any) -> set[tuple[str, int]]:
    """Return the lists and levels whose items have numbers or letters, not bullets."""
    numbering = next((part for part in document.part.package.iter_parts() if str(part.partname) == "/word/numbering.xml"), None)
    if numbering is None:
        return set()
    from docx.oxml import parse_xml

    root = parse_xml(numbering.blob)
    levels: dict[str, list[int]] = {}
    for abstract in root.iter(f"{_W}abstractNum"):
        formats = ((level.get(f"{_W}ilvl"), level.find(f"{_W}numFmt")) for level in abstract.iter(f"{_W}lvl"))
        counted = [int(level) for level, format in formats if format is not None and format.get(f"{_W}val") not in ("bullet", "none")]
        levels[abstract.get(f"{_W}abstractNumId")] = counted
    found = set()
    for number in root.iter(f"{_W}num"):
        abstract = number.find(f"{_W}abstractNumId")
        found |= {(number.get(f"{_W}numId"), level) for level in levels.get(abstract.get(f"{_W}val"), [])}
    return found


def _blocks(parent: Any, lists: _Lists) -> Iterator[str]:
    """Yield the lines of a body, a cell or a text box; what wraps blocks (content controls, insertions) is looked into."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, lists)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, lists)
        elif child.tag not in (f"{_W}del", f"{_W}moveFrom", f"{_W}sectPr"):
            yield from _blocks(child, lists)


def _paragraph(paragraph: Any, lists: _Lists) -> Iterator[str]:
    text = "".join(_text(paragraph))
    mark = lists.mark(paragraph)
    for number, line in enumerate(text.split("\n")):
        yield mark + line if number == 0 and line.strip() else line
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            yield from _blocks(box, lists)


def _text(element: Any) -> Iterator[str]:
    """Yield the text of a paragraph as it would be printed: without what is deleted, and without its text boxes."""
    for child in element:
        if child.tag == f"{_W}t":
            yield (child.text or "").replace("\n", " ")
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n\f" if child.get(f"{_W}type") == "page" else "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent", _FALLBACK):
            yield from _text(child)


def _table(table: Any, lists: _Lists) -> Iterator[str]:
    """Yield a table's rows as lines; a row with one cell gives the lines of that cell."""
    for row in table.iter(f"{_W}tr"):
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        if len(cells) == 1:
            yield from _blocks(cells[0], lists)
        elif next(row.iterancestors(f"{_W}tbl")) is table:
            yield "\t".join(" ".join(" ".join(_blocks(cell, lists)).split()) for cell in cells)


def _footnotes(document: Any, lists: _Lists) -> Iterator[str]:
    from docx.oxml import parse_xml

    for part in document.part.package.iter_parts():
        if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
            notes = parse_xml(part.blob)
            for note in notes:
                if note.get(f"{_W}type") is None:
                    yield from _blocks(note, lists)
