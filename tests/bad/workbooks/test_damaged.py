"""Workbooks and CSV folders that are damaged, hostile or something else: each gets one clear message, in bounded memory, and nothing is written."""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from adjudge import load_evidence
from adjudge.workbook.csvs import write_folder
from adjudge.workbook.sheets import write_workbook

MEMORY = 1_500_000_000
Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet4.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of the shipped bundle's workbook."""
    path = tmp_path_factory.mktemp("whole") / "whole.xlsx"
    write_workbook(load_evidence("hertfordshire-2007"), path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The shipped bundle's CSV files by name."""
    folder = tmp_path_factory.mktemp("whole") / "tables"
    write_folder(load_evidence("hertfordshire-2007"), folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _refused(folder: Path, name: str, expected: list[str]) -> None:
    """Assert that the import says exactly this on standard error, exits with 2, and leaves the folder as it is."""
    before = sorted(folder.rglob("*"))
    command = [sys.executable, "-c", "from adjudge.cli import main; main()", "workbook", "import", name, "--out", "out"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, timeout=300, check=False, preexec_fn=_bounded)
    assert done.stderr.splitlines() == expected
    assert (done.returncode, done.stdout) == (2, "")
    assert sorted(folder.rglob("*")) == before


def _unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _lying(whole: bytes) -> bytes:
    """A workbook whose directory says that a sheet unpacks to 10 bytes."""
    size = len(_unpacked(whole)[SHEET]).to_bytes(4, "little")
    start = whole.rindex(b"PK\x01\x02", 0, whole.rindex(SHEET.encode()))
    at = whole.index(size, start)
    return whole[:at] + (10).to_bytes(4, "little") + whole[at + 4 :]


MANY = "more than 20,000 rows; no bundle has so many: remove what stands below"
NOT = "not an Excel workbook; save it as .xlsx"
OLD = "an old Excel workbook (.xls), or one with a password; save it as .xlsx without a password"
DAMAGED = "the workbook is damaged or was cut off; save it again in Excel, or take an earlier copy"
OTHER: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("cut off", lambda whole: whole[: len(whole) // 2], DAMAGED),
    ("cut off near its end", lambda whole: whole[:-30], DAMAGED),
    ("with bytes overwritten", lambda whole: whole[:3000] + b"\0" * 400 + whole[3400:], DAMAGED),
    ("empty", lambda whole: b"", "the file is empty"),
    ("a text", lambda whole: b"id,section\n", "not an Excel workbook; save it as .xlsx"),
    ("a PDF", lambda whole: b"%PDF-1.4 ...", "not an Excel workbook; save it as .xlsx"),
    ("an old workbook", lambda whole: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, OLD),
    ("a Word document", lambda whole: _packed({"[Content_Types].xml": b"", "word/document.xml": b"<a/>"}), "a Word document, " + NOT),
    ("a presentation", lambda whole: _packed({"ppt/presentation.xml": b"<a/>"}), "a PowerPoint presentation, " + NOT),
    ("a binary workbook", lambda whole: _packed({"xl/workbook.bin": b"0"}), "a binary workbook (.xlsb), " + NOT),
    ("an OpenDocument sheet", lambda whole: _packed({"mimetype": b"", "content.xml": b"<a/>"}), "an OpenDocument file, " + NOT),
    ("another zip", lambda whole: _packed({"holiday.jpg": b"0"}), "not an Excel workbook, but some other packed file"),
    (
        "without sheets",
        lambda whole: _packed({"xl/workbook.xml": f"<workbook {NAMESPACE}><sheets/></workbook>".encode()}),
        "the workbook has 0 sheets; expected 1 to 200",
    ),
    (
        "with a workbook that is no XML",
        lambda whole: _packed({**_unpacked(whole), "xl/workbook.xml": b"<workbook"}),
        "the workbook is damaged: this part isn't well-formed XML",
    ),
    (
        "without a sheet's part",
        lambda whole: _packed({name: part for name, part in _unpacked(whole).items() if name != SHEET}),
        "the workbook is damaged: sheet Child Abuse isn't in it",
    ),
    (
        "with a part that claims to be small",
        _lying,
        DAMAGED,
    ),
    (
        "that unpacks to far too much",
        lambda whole: _packed({**_unpacked(whole), "xl/media/image1.png": b"\0" * 200_000_000}),
        "unpacks to more than 100 MB, which no workbook of findings does",
    ),
    (
        "that defines entities",
        lambda whole: _packed(
            {**_unpacked(whole), "xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><workbook>&d;</workbook>'}
        ),
        "the workbook defines XML entities, which no spreadsheet program does; it isn't read",
    ),
]


@pytest.mark.parametrize(("make", "message"), [case[1:] for case in OTHER], ids=[case[0] for case in OTHER])
def test_a_file_that_is_no_whole_workbook(make: Callable[[bytes], bytes], message: str, whole: bytes, tmp_path: Path) -> None:
    """A file that isn't a whole .xlsx workbook is refused with one message that says what it is or what to do."""
    (tmp_path / "a.xlsx").write_bytes(make(whole))
    _refused(tmp_path, "a.xlsx", [f"a.xlsx: {message}"])


def _sheet(rows: Iterator[str], tail: str = "") -> bytes:
    return f"<worksheet {NAMESPACE}><sheetData>{''.join(rows)}</sheetData>{tail}</worksheet>".encode()


def _rows(count: int, first: int = 1) -> Iterator[str]:
    return (f'<row r="{first}"><c><v>1</v></c></row>' if number == 0 else "<row><c><v>1</v></c></row>" for number in range(count))


INSIDE: list[tuple[str, bytes, str]] = [
    ("two million rows", _sheet(_rows(2_000_000)), f", cell A20001: {MANY}"),
    ("a value in the last cell that there is", _sheet(_rows(1, 1_048_576)), f", cell A1048576: {MANY}"),
    (
        "a value in the last column",
        _sheet(iter(['<row r="1"><c r="XFD1"><v>1</v></c></row>'])),
        ", cell XFD1: a value far outside the table; remove it",
    ),
    ("XML that breaks off", b"<worksheet><sheetData><row>", ": the workbook is damaged: this part isn't well-formed XML"),
    (
        "a text that isn't there",
        _sheet(iter(['<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'])),
        ", cell A1: the workbook is damaged: the text of this cell isn't in it",
    ),
]


@pytest.mark.parametrize(("content", "message"), [case[1:] for case in INSIDE], ids=[case[0] for case in INSIDE])
def test_a_sheet_that_cannot_be_read(content: bytes, message: str, whole: bytes, tmp_path: Path) -> None:
    """A sheet that is far too large or damaged is refused before its values are read, with its name and the cell."""
    (tmp_path / "a.xlsx").write_bytes(_packed({**_unpacked(whole), SHEET: content}))
    _refused(tmp_path, "a.xlsx", [f"a.xlsx, sheet Child Abuse{message}"])


def test_a_long_text_shown_in_many_cells(whole: bytes, tmp_path: Path) -> None:
    """A long text that thousands of cells share is refused before it is copied into each."""
    parts = _unpacked(whole)
    count = int(re.search(rb'uniqueCount="(\d+)"', parts["xl/sharedStrings.xml"])[1])  # type: ignore[index]
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"</sst>", b"<si><t>" + b"x" * 30_000 + b"</t></si></sst>")
    cells = "".join(f'<c t="s"><v>{count}</v></c>' for _ in range(100))
    parts[SHEET] = _sheet(f"<row>{cells}</row>" for _ in range(1000))
    (tmp_path / "a.xlsx").write_bytes(_packed(parts))
    _refused(tmp_path, "a.xlsx", ["a.xlsx: the cells hold more than 50 million characters"])


def _edited(whole: bytes, path: Path, pattern: str, by: str, part: str = SHEET) -> None:
    parts = _unpacked(whole)
    text, times = re.subn(pattern, by, parts[part].decode(), count=1)
    assert times == 1
    path.write_bytes(_packed({**parts, part: text.encode()}))


def test_a_huge_cell(whole: bytes, tmp_path: Path) -> None:
    """A cell with more text than Excel allows is told with how much it holds."""
    _edited(
        whole, tmp_path / "a.xlsx", r'<c r="J35"( s="\d+") t="s"><v>\d+</v></c>', rf'<c r="J35"\1 t="inlineStr"><is><t>{"long " * 8000}</t></is></c>'
    )
    _refused(tmp_path, "a.xlsx", ["a.xlsx, sheet Child Abuse, cell J35: 39,999 characters; a cell holds 32,767 at most"])


def test_merged_cells(whole: bytes, tmp_path: Path) -> None:
    """Merged cells among the rows are told with their range."""
    _edited(
        whole,
        tmp_path / "a.xlsx",
        "</sheetData>(<sheetProtection[^>]*/>(?:<autoFilter[^>]*/>)?)",
        r'</sheetData>\1<mergeCells count="1"><mergeCell ref="D36:D38"/></mergeCells>',
    )
    _refused(tmp_path, "a.xlsx", ["a.xlsx, sheet Child Abuse, cell D36: cells D36:D38 are merged; unmerge them and write each cell's value into it"])


def test_an_error_value(whole: bytes, tmp_path: Path) -> None:
    """A cell that shows an error of Excel is told with it."""
    _edited(whole, tmp_path / "a.xlsx", r'<c r="E36"( s="\d+") t="s"><v>\d+</v></c>', r'<c r="E36"\1 t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    _refused(tmp_path, "a.xlsx", ["a.xlsx, sheet Child Abuse, cell E36: the cell shows the error `#DIV/0!`; write the value"])


def _text(whole: bytes, path: Path, old: str, new: str) -> None:
    """Change a text that cells share."""
    _edited(whole, path, f"<t>{re.escape(old)}</t>", f"<t>{new}</t>", "xl/sharedStrings.xml")


def test_a_renamed_heading(whole: bytes, tmp_path: Path) -> None:
    """A heading that was renamed is told on every sheet that has it, with the nearest known one, and so is the one that is missing."""
    _text(whole, tmp_path / "a.xlsx", "stands for", "meaning")
    _refused(
        tmp_path,
        "a.xlsx",
        [
            "a.xlsx, sheet Glossary, cell A4: missing heading in this row: `stands for`",
            "a.xlsx, sheet Glossary, cell B4: `meaning` isn't a heading of this table; missing here: `stands for`",
        ],
    )


def test_missing_sheets(whole: bytes, tmp_path: Path) -> None:
    """Each sheet that is missing is named; one that was deleted by mistake isn't taken for an empty one."""
    parts = _unpacked(whole)
    book = re.sub(r'<sheet name="(Missing Persons|Judgements)"[^>]*/>', "", parts["xl/workbook.xml"].decode())
    (tmp_path / "a.xlsx").write_bytes(_packed({**parts, "xl/workbook.xml": book.encode()}))
    tail = "is missing; an empty one, with its headings, says that there is nothing"
    _refused(tmp_path, "a.xlsx", [f"a.xlsx: the sheet `Judgements` {tail}", f"a.xlsx: the sheet `Missing Persons` {tail}"])


def test_a_sheet_twice(whole: bytes, tmp_path: Path) -> None:
    """A copy of a sheet beside it isn't read twice, nor one of them at random."""
    parts = _unpacked(whole)
    book = re.sub(
        r'(<sheet name="Judgements" sheetId=")\d+(" r:id="[^"]*"/>)',
        r'\g<0><sheet name="Judgements (2)" sheetId="99\2',
        parts["xl/workbook.xml"].decode(),
    )
    (tmp_path / "a.xlsx").write_bytes(_packed({**parts, "xl/workbook.xml": book.encode()}))
    _refused(tmp_path, "a.xlsx", ["a.xlsx, sheet Judgements (2): this holds the same table as Judgements; keep one of the two"])


def test_another_workbook(tmp_path: Path) -> None:
    """A workbook that has nothing to do with adjudge is told what it lacks."""
    with Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet("Budget").write(0, 0, "pounds")
    tail = "is missing; an empty one, with its headings, says that there is nothing"
    _refused(tmp_path, "a.xlsx", [f"a.xlsx: the sheet `{title}` {tail}" for title in ("Bundle", "Coders", "Overviews", "Units")])


def test_an_unknown_standard(whole: bytes, tmp_path: Path) -> None:
    """A standard that isn't found is told at its cell."""
    _text(whole, tmp_path / "a.xlsx", "hmic-2007", "hmic-2008")
    command = [sys.executable, "-c", "from adjudge.cli import main; main()", "workbook", "import", "a.xlsx", "--out", "out"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False)
    assert done.stderr.startswith("a.xlsx, sheet Bundle, cell B9: standard `hmic-2008`: no such file or folder")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_macros_are_ignored_and_said_to_be(whole: bytes, tmp_path: Path) -> None:
    """A workbook with macros is read without them, and the answer says so."""
    (tmp_path / "a.xlsm").write_bytes(_packed({**_unpacked(whole), "xl/vbaProject.bin": b"macros"}))
    command = [sys.executable, "-c", "from adjudge.cli import main; main()", "workbook", "import", "a.xlsm", "--out", "out"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == ["  the workbook has macros; they were ignored"]
    assert load_evidence(tmp_path / "out") == load_evidence("hertfordshire-2007")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A name that leads nowhere is told."""
    _refused(tmp_path, "a.xlsx", ["a.xlsx: no such file"])


CSV: list[tuple[str, str, Callable[[bytes], bytes], str]] = [
    (
        "wrong encoding",
        "glossary.csv",
        lambda data: data + "ZÉ,été\r\n".encode("latin-1"),
        ": not UTF-8 text (byte 0xc9 in line 67); in Excel save it as “CSV UTF-8”",
    ),
    (
        "UTF-16",
        "glossary.csv",
        lambda data: data.decode("utf-8-sig").encode("utf-16"),
        ": not UTF-8 text (byte 0xff in line 1); in Excel save it as “CSV UTF-8”",
    ),
    (
        "an open quote",
        "glossary.csv",
        lambda data: data + b'XX,"open\r\n',
        ", cell A67: not a CSV file that can be read (unexpected end of data); save it from Excel again",
    ),
    ("two million rows", "glossary.csv", lambda data: data + b"a,b\n" * 2_000_000, f", cell A20001: {MANY}"),
    ("many columns", "glossary.csv", lambda data: data + b"a" + b"," * 500 + b"b\n", ", cell CW67: a value far outside the table; remove it"),
    (
        "a huge cell",
        "glossary.csv",
        lambda data: data + b"XX," + b"x" * 140_000 + b"\n",
        ", cell A67: not a CSV file that can be read (field larger than field limit (131072)); save it from Excel again",
    ),
    ("a huge file", "glossary.csv", lambda data: data + b"x" * 21_000_000, ": more than 20 MB, which no table of findings has"),
    ("no headings", "glossary.csv", lambda data: b"", ": the row of headings is missing (`abbreviation`, `stands for`)"),
    (
        "a value beside the table",
        "glossary.csv",
        lambda data: data + b"XX,made up,more\r\n",
        ", cell C67: a value outside the table's columns; remove it, or the row",
    ),
    ("a control character", "glossary.csv", lambda data: data + b"XX,a\x07b\r\n", ", cell B67: a control character in the text; remove it"),
    (
        "a path in place of an id",
        "overviews.csv",
        lambda data: data.replace(b"protecting-vulnerable-people,", b"../../../escaped,"),
        ", cell A2: `../../../escaped` isn't an id: use lower-case letters and digits, joined by hyphens",
    ),
]


@pytest.mark.parametrize(("name", "change", "message"), [case[1:] for case in CSV], ids=[case[0] for case in CSV])
def test_a_damaged_csv_file(name: str, change: Callable[[bytes], bytes], message: str, tables: dict[str, bytes], tmp_path: Path) -> None:
    """A CSV file that can't be read is told with its name, and where it can be with the cell."""
    (tmp_path / "tables").mkdir()
    for each, data in {**tables, name: change(tables[name])}.items():
        (tmp_path / "tables" / each).write_bytes(data)
    _refused(tmp_path, "tables", [f"tables/{name}{message}"])


def test_a_missing_csv_file(tables: dict[str, bytes], tmp_path: Path) -> None:
    """A table whose file is missing is named."""
    (tmp_path / "tables").mkdir()
    for name, data in tables.items():
        if name != "judgements.csv":
            (tmp_path / "tables" / name).write_bytes(data)
    _refused(tmp_path, "tables", ["tables: `judgements.csv` is missing; an empty one, with its headings, says that there is nothing"])
