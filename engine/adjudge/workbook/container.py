"""Open an .xlsx file that may be damaged or hostile: bounded in memory and time, macros and formulas never run."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from adjudge.errors import BadInput
from adjudge.workbook.cells import MOST_COLUMNS, MOST_ROWS, CellFault, Grid

MOST_BYTES = 20_000_000
MOST_UNPACKED = 100_000_000
MOST_SHEETS = 200
MOST_TEXT = 50_000_000
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml|xl/(workbook|sharedStrings|styles)\.xml|xl/_rels/.*|xl/worksheets/.*\.xml"
)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Opened:
    """A workbook as read: its sheets, whether it had macros, and who saved it last."""

    grids: list[Grid]
    macros: bool = False
    saved_by: str | None = None


def open_workbook(path: Path) -> Opened:
    """Read every sheet of an .xlsx file. Raises BadInput, with one message, for a file that can't be or mustn't be read."""
    file = str(path)
    try:
        if not path.is_file():
            raise BadInput.at(file, "not a file" if path.exists() else "no such file")
        if path.stat().st_size > MOST_BYTES:
            raise BadInput.at(file, f"the file has {path.stat().st_size / 1e6:.0f} MB; a workbook may have {MOST_BYTES / 1e6:.0f} MB at most")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    parts, names = _unpack(file, data)
    texts = _text_lengths(file, parts)
    sheets = _sheets(file, parts)
    scans: dict[str, _Scan] = {}
    for title, part in sheets.items():
        scans[title] = _scan(_named(path, title), parts[part], texts)
    if sum(scan.text for scan in scans.values()) > MOST_TEXT:
        raise BadInput.at(file, f"the cells hold more than {MOST_TEXT / 1e6:.0f} million characters")
    values = _values(file, parts, list(sheets))
    grids = [Grid(_named(path, title), title, values[title], scans[title].wrong, scans[title].merged) for title in sheets]
    return Opened(grids, any(name.endswith("vbaProject.bin") for name in names), _saved_by(parts))


def _named(path: Path, sheet: str) -> str:
    return f"{path}, sheet {sheet}"


def _unpack(file: str, data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The parts that are read, whole: no more bytes than the file says and than are allowed."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadInput.at(file, "an old Excel workbook (.xls), or one with a password; save it as .xlsx without a password")
    if not data:
        raise BadInput.at(file, "the file is empty")
    if data[:2] != b"PK":
        if file.lower().endswith(".csv"):
            raise BadInput.at(file, "one CSV file; give the folder with those of all tables")
        raise BadInput.at(file, "not an Excel workbook; save it as .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            _check_kind(file, names)
            infos = [info for info in archive.infolist() if _PARTS.fullmatch(info.filename)]
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise BadInput.at(file, f"unpacks to more than {MOST_UNPACKED / 1e6:.0f} MB, which no workbook of findings does")
            if len({info.filename for info in infos}) < len(infos):
                raise BadInput.at(file, "the workbook is damaged: it holds one of its parts twice")
            return {info.filename: archive.read(info) for info in infos}, names
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise BadInput.at(file, "the workbook is damaged or was cut off; save it again in Excel, or take an earlier copy") from None


def _check_kind(file: str, names: list[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    kinds = {
        "word/": "a Word document",
        "ppt/": "a PowerPoint presentation",
        "xl/workbook.bin": "a binary workbook (.xlsb)",
        "content.xml": "an OpenDocument file",
    }
    for start, kind in kinds.items():
        if any(name.startswith(start) for name in names):
            raise BadInput.at(file, f"{kind}, not an Excel workbook; save it as .xlsx")
    raise BadInput.at(file, "not an Excel workbook, but some other packed file")


def _parse(file: str, data: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Run through an XML part; names come without their namespace. A document type, with which entities could be defined, is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise BadInput.at(file, "the workbook defines XML entities, which no spreadsheet program does; it isn't read")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise BadInput.at(file, "the workbook is damaged: this part isn't well-formed XML") from None


def _ignore(*_: object) -> None:
    return


def _attributes(file: str, data: bytes, element: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    _parse(file, data, lambda name, attributes: found.append(attributes) if name == element else None, _ignore, _ignore)
    return found


def _sheets(file: str, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Each worksheet's name with its part, in the order of the tabs."""
    relations = {
        each.get("Id", ""): each.get("Target", "") for each in _attributes(file, parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), "Relationship")
    }
    found: dict[str, str] = {}
    for sheet in _attributes(file, parts["xl/workbook.xml"], "sheet"):
        target = relations.get(sheet.get("id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if "/worksheets/" not in part:
            continue
        if part not in parts:
            raise BadInput.at(file, f"the workbook is damaged: sheet {sheet.get('name')} isn't in it")
        found[sheet.get("name", "")] = part
    if not 0 < len(found) <= MOST_SHEETS:
        raise BadInput.at(file, f"the workbook has {len(found)} sheets; expected 1 to {MOST_SHEETS}")
    return found


def _text_lengths(file: str, parts: Mapping[str, bytes]) -> list[int]:
    """How long each text is that cells share: a short file could otherwise show a long text in every cell."""
    lengths: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    if "xl/sharedStrings.xml" in parts:
        _parse(file, parts["xl/sharedStrings.xml"], start, _ignore, text)
    return lengths


@dataclass
class _Scan:
    """What a sheet holds beyond its values: cells that can't be used, merged ranges, and how much text there is."""

    wrong: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    text: int = 0


class _Scanner:
    """Runs through a sheet's XML before its values are read, and refuses cells far outside any table."""

    def __init__(self, file: str, texts: list[int]) -> None:
        self.scan = _Scan()
        self._file = file
        self._texts = texts
        self._row = self._column = 0
        self._kind = ""
        self._formula = self._inside = False
        self._value: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row = _whole(attributes.get("r")) or self._row + 1
            self._column = 0
        elif name == "c":
            named = _CELL.fullmatch(attributes.get("r", ""))
            self._column = _column_number(named[1]) if named else self._column + 1
            self._row = int(named[2]) if named else self._row
            self._kind, self._formula, self._value = attributes.get("t", "n"), False, []
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._inside = True
        elif name == "mergeCell":
            ends = [_CELL.fullmatch(each) for each in attributes.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                first, last = ((int(each[2]), _column_number(each[1])) for each in ends if each)
                self.scan.merged.append((*first, *last))

    def end(self, name: str) -> None:
        if name in ("v", "is"):
            self._inside = False
        elif name == "c":
            self._cell("".join(self._value))

    def text(self, characters: str) -> None:
        if self._inside:
            self._value.append(characters)

    def _cell(self, value: str) -> None:
        if not value and not self._formula:
            return
        if self._row > MOST_ROWS:
            raise BadInput(
                [CellFault(self._file, f"more than {MOST_ROWS:,} rows; no bundle has so many: remove what stands below", self._row, self._column)]
            )
        if self._column > MOST_COLUMNS:
            raise BadInput([CellFault(self._file, "a value far outside the table; remove it", self._row, self._column)])
        place = (self._row, self._column)
        if self._formula and not value:
            self.scan.wrong[place] = "a formula without a value; open the workbook in Excel and save it, or write the value"
        elif self._kind == "e":
            self.scan.wrong[place] = f"the cell shows the error `{value}`; write the value"
        if self._kind == "s":
            index = _whole(value)
            if not value.strip().isdigit() or index >= len(self._texts):
                raise BadInput([CellFault(self._file, "the workbook is damaged: the text of this cell isn't in it", *place)])
            self.scan.text += self._texts[index]
        else:
            self.scan.text += len(value)


def _scan(file: str, data: bytes, texts: list[int]) -> _Scan:
    scanner = _Scanner(file, texts)
    _parse(file, data, scanner.start, scanner.end, scanner.text)
    return scanner.scan


def _whole(text: str | None) -> int:
    return int(text) if text and text.strip().isdecimal() and len(text) < 10 else 0


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _values(file: str, parts: Mapping[str, bytes], titles: list[str]) -> dict[str, list[list[Any]]]:
    """The values of every sheet, read by calamine from the parts that were checked and nothing else."""
    try:
        from python_calamine import load_workbook
    except ImportError:
        raise BadInput.at(file, "to read workbooks, install adjudge with its extra: pip install 'adjudge[workbook]'") from None
    checked = io.BytesIO()
    with zipfile.ZipFile(checked, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    checked.seek(0)
    try:
        book = load_workbook(checked)
        return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in titles}
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the reader beneath isn't an Exception
        raise BadInput.at(file, "the workbook is damaged; save it again in Excel, or take an earlier copy") from None


def _saved_by(parts: Mapping[str, bytes]) -> str | None:
    found: list[str] = []
    inside = [False]

    def start(name: str, _: dict[str, str]) -> None:
        inside[0] = name == "lastModifiedBy"

    if "docProps/core.xml" in parts:
        _parse("docProps", parts["docProps/core.xml"], start, _ignore, lambda text: found.append(text) if inside[0] else None)
    return " ".join("".join(found).split())[:80] or None
