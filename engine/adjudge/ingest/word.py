"""The lines of a Word document: its paragraphs, list items with a dash, and the rows of its tables with tabs between the cells."""

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
        lines = list(_blocks(document.element.body, _list_styles(document)))
        return lines + list(_footnotes(document))
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


def _list_styles(document: Any) -> dict[str, int]:
    """Return the indentation of each paragraph style that makes a list, by its id."""
    found = {}
    for style in document.styles:
        name = str(style.name or "").lower()
        if name.startswith(("list bullet", "list number")):
            digits = name.removeprefix("list bullet").removeprefix("list number").strip()
            found[str(style.style_id)] = int(digits) - 1 if digits.isdigit() else 0
    return found


def _blocks(parent: Any, styles: dict[str, int]) -> Iterator[str]:
    """Yield the lines of a body, a cell or a text box; what wraps blocks (content controls, insertions) is looked into."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, styles)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, styles)
        elif child.tag not in (f"{_W}del", f"{_W}moveFrom", f"{_W}sectPr"):
            yield from _blocks(child, styles)


def _paragraph(paragraph: Any, styles: dict[str, int]) -> Iterator[str]:
    text = "".join(_text(paragraph))
    indent = _list_indent(paragraph, styles)
    for number, line in enumerate(text.split("\n")):
        mark = f"{' ' * indent}- " if indent is not None and number == 0 and line.strip() else ""
        yield mark + line
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            yield from _blocks(box, styles)


def _list_indent(paragraph: Any, styles: dict[str, int]) -> int | None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return None
    numbering = properties.find(f"{_W}numPr")
    style = properties.find(f"{_W}pStyle")
    name = style.get(f"{_W}val") if style is not None else ""
    if numbering is None:
        return styles.get(name)
    if name.startswith("Heading"):
        return None
    level = numbering.find(f"{_W}ilvl")
    return int(level.get(f"{_W}val")) if level is not None else 0


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


def _table(table: Any, styles: dict[str, int]) -> Iterator[str]:
    """Yield a table's rows as lines; a row with one cell gives the lines of that cell."""
    for row in table.iter(f"{_W}tr"):
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        if len(cells) == 1:
            yield from _blocks(cells[0], styles)
        elif next(row.iterancestors(f"{_W}tbl")) is table:
            yield "\t".join(" ".join(" ".join(_blocks(cell, styles)).split()) for cell in cells)


def _footnotes(document: Any) -> Iterator[str]:
    from docx.oxml import parse_xml

    for part in document.part.package.iter_parts():
        if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
            notes = parse_xml(part.blob)
            for note in notes:
                if note.get(f"{_W}type") is None:
                    yield from _blocks(note, {})
