"""Reports that can't be read: each gets one clear line and exit 2, and nothing is written."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from adjudge.cli import main
from tests.reports import report, write_docx, write_pdf

MADE = report(7)
TEXT = MADE.text.encode()


def _zip(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _docx() -> bytes:
    path = Path("good.docx")
    write_docx(MADE.lines, path)
    data = path.read_bytes()
    path.unlink()
    return data


def _pdf() -> bytes:
    path = Path("good.pdf")
    write_pdf(MADE.lines, path, "Marsh Police – HMIC Inspection Report")
    data = path.read_bytes()
    path.unlink()
    return data


def _with_document(xml: bytes) -> bytes:
    """Return the good Word report with another main part."""
    with zipfile.ZipFile(io.BytesIO(_docx())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _zip(parts | {"word/document.xml": xml})


def _flagged_as_encrypted() -> bytes:
    data = bytearray(_docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 1)
    return bytes(data)


def _drawn(encrypted: bool = False, text: str = "") -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt="secret" if encrypted else None)
    canvas.drawString(100, 700, text)
    canvas.save()
    return file.getvalue()


def _bomb_pdf() -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(250)) + packer.flush()
    return b"%%PDF-1.4\n1 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n" % (len(packed), packed)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9)
)
LAUGHS += b']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
BROKEN_DOCX = "not a Word document (.docx), or a damaged one; open it in Word and save it again"
BROKEN_PDF = "not a PDF, or a damaged one; open it in a reader and save it again"
NO_TEXT = "no text in the file; if it holds pictures of pages, have it read by OCR first"
NO_FRAMEWORK = "no framework found: expected its name, and `GRADE` or `National contextual factors` in the next line"

DAMAGED: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("an empty file", "r.txt", lambda: b"", "the file is empty"),
    ("a file of blank lines", "r.txt", lambda: b"\n \n\t\n", "the file is empty"),
    ("a binary file", "r.txt", lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not text, a Word document (.docx) or a PDF"),
    (
        "text in Latin-1",
        "r.txt",
        lambda: "Marsh Police – HMIC".encode() + "\ncafé\n".encode("latin-1"),
        "2:4: not UTF-8 text (byte 0xe9); save the file as UTF-8",
    ),
    ("text in UTF-16", "r.txt", lambda: MADE.text.encode("utf-16"), "not UTF-8 text (UTF-16); save the file as UTF-8"),
    ("a report that breaks off in its contents", "r.txt", lambda: "\n".join(MADE.lines[:20]).encode(), NO_FRAMEWORK),
    (
        "a text that is no report",
        "r.txt",
        lambda: b"Dear Sir,\nno.\n",
        "no force named before the contents: expected a line such as `Marsh Police \xe2\x80\x93 HMIC Inspection Report`".encode("latin-1").decode(),
    ),
    (
        "a report without a date",
        "r.txt",
        lambda: b"Marsh Police\nThe Towpath\nGRADE\nGOOD\nStrengths\nOne.\n",
        "no date before the contents: expected a line such as `October 2007`",
    ),
    ("too many lines", "r.txt", lambda: TEXT + b"x\n" * 50_000, "lines; a report may have 50,000 at most"),
    ("too much text", "r.txt", lambda: TEXT + b"x" * 8_000_000, "MB; a report in plain text may have 8 MB at most"),
    ("a web page", "r.html", lambda: b"<!DOCTYPE html><p>Marsh", "a web page; save it as plain text"),
    ("rich text", "r.rtf", lambda: b"{\\rtf1 Marsh}", "a rich text document; save it as .docx or as plain text"),
    (
        "an old Word document",
        "r.doc",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "an old or password-protected Office document; save it as .docx without a password",
    ),
    ("text named .docx", "r.docx", lambda: TEXT, "named .docx, but not a Word document; name it .txt if it is plain text"),
    ("text named .pdf", "r.pdf", lambda: TEXT, "named .pdf, but not a PDF; name it .txt if it is plain text"),
    ("another zip archive", "r.docx", lambda: _zip({"xl/workbook.xml": b"<a/>"}), "a zip archive, but not a Word document (.docx)"),
    ("a Word document cut short", "r.docx", lambda: _docx()[:-2000], BROKEN_DOCX),
    ("a Word document with a changed byte", "r.docx", lambda: _docx().replace(b"word/document.xml", b"word/d\xffcument.xml", 1), BROKEN_DOCX),
    ("a Word document whose text is no XML", "r.docx", lambda: _with_document(b"<w:document"), BROKEN_DOCX),
    ("a Word document of entities", "r.docx", lambda: _with_document(LAUGHS), BROKEN_DOCX),
    (
        "a Word document without text",
        "r.docx",
        lambda: _with_document(b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'),
        NO_TEXT,
    ),
    (
        "a zip bomb",
        "r.docx",
        lambda: _zip({"word/document.xml": bytes(250_000_000)}),
        "the document unpacks to more than 200 MB, which no report does; it isn't opened",
    ),
    ("an encrypted archive", "r.docx", _flagged_as_encrypted, "a password-protected archive; save it as .docx without a password"),
    ("a PDF cut short", "r.pdf", lambda: _pdf()[:300], BROKEN_PDF),
    ("an encrypted PDF", "r.pdf", lambda: _drawn(encrypted=True, text="Marsh"), "a password-protected PDF; save it without a password"),
    ("a PDF without text", "r.pdf", _drawn, NO_TEXT),
    ("a PDF bomb", "r.pdf", _bomb_pdf, "the PDF unpacks to more than 200 MB, which no report does; it isn't opened"),
]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)


def _ingest(*arguments: str) -> int:
    """Run the command; return its exit status."""
    sys.argv = ["adjudge", "ingest", *arguments]
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def _refused(capsys: pytest.CaptureFixture[str], name: str, message: str) -> None:
    before = sorted(Path().rglob("*"))
    assert _ingest(name, "--out", "evidence/draft") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith(f"{name}:")
    assert told.err.rstrip("\n").endswith(message)
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(("name", "content", "message"), [case[1:] for case in DAMAGED], ids=[case[0] for case in DAMAGED])
def test_a_damaged_report_gets_one_line(name: str, content: Callable[[], bytes], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong and what to do, in one line; exit 2; no folder, no file."""
    Path(name).write_bytes(content())
    _refused(capsys, name, message)


def test_a_file_of_100_megabytes_is_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The size is told before the file is opened."""
    with Path("r.txt").open("wb") as file:
        file.truncate(100_000_000)
    _refused(capsys, "r.txt", "the file has 100 MB; a report may have 40 MB at most")


def test_what_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, and a name that leads nowhere."""
    Path("folder").mkdir()
    _refused(capsys, "folder", "not a file")
    _refused(capsys, "nowhere.txt", "can't be opened (no such file or directory)")


def test_a_report_without_any_known_framework(capsys: pytest.CaptureFixture[str]) -> None:
    """A report none of whose frameworks has a rulebook gives a register, but no draft."""
    Path("r.txt").write_text("Marsh Police\nOctober 2007\nThe Towpath\nGRADE\nGOOD\nStrengths\nOne.\n", encoding="utf-8")
    _refused(capsys, "r.txt", "no framework of the report has a rulebook in hmic-2007 (`The Towpath`); nothing to draft")
    assert _ingest("r.txt") == 0
    assert "The Towpath" in capsys.readouterr().out


def test_a_draft_never_overwrites(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with anything in it, and a file, are refused before the report is read; an empty folder is filled."""
    Path("r.txt").write_bytes(TEXT)
    Path("full").mkdir()
    Path("full/mine.yaml").touch()
    for out, message in (
        ("full", "the folder isn't empty; give a new one (a draft never overwrites anything)"),
        ("r.txt", "not a folder; give a new one"),
    ):
        assert _ingest("r.txt", "--out", out) == 2
        assert capsys.readouterr().err == f"{out}: {message}\n"
    assert [path.name for path in Path("full").iterdir()] == ["mine.yaml"]
    Path("empty").mkdir()
    assert _ingest("r.txt", "--out", "empty") == 0
    assert Path("empty/bundle.yaml").is_file()
    assert sorted(path.name for path in Path().iterdir()) == ["empty", "full", "r.txt"]


def test_word_and_pdf_need_their_libraries(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, Word and PDF reports are refused with what to install."""
    for name, content, module in (("r.docx", _docx(), "docx"), ("r.pdf", _pdf(), "pdfminer.high_level")):
        Path(name).write_bytes(content)
        monkeypatch.setitem(sys.modules, module, None)
        assert _ingest(name) == 2
        assert "pip install 'adjudge[documents]'" in capsys.readouterr().err
