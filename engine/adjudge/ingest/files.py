"""Open a report: plain text, Word (.docx) or PDF, told by its content; give its lines, or say in one line why it can't be read."""

from __future__ import annotations

import re
from pathlib import Path

from adjudge.documents import MAX_BYTES, shown
from adjudge.errors import BadInput, Fault
from adjudge.source import PAGE_BREAK

MAX_REPORT_BYTES = 40_000_000
"""A Word or PDF report may be larger than plain text: it holds pictures."""

MAX_LINES = 50_000
"""Thirty times as many as a report has."""

_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "docx"),
    (b"\xd0\xcf\x11\xe0", "old"),
    (b"{\\rtf", "rtf"),
    (b"\xff\xfe", "utf16"),
    (b"\xfe\xff", "utf16"),
)
_REFUSALS = {
    "old": "an old or password-protected Office document; save it as .docx without a password",
    "rtf": "a rich text document; save it as .docx or as plain text",
    "utf16": "not UTF-8 text (UTF-16); save the file as UTF-8",
    "web": "a web page; save it as plain text",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a report, without their ends. The lines of a Word report are its paragraphs and the rows of its tables.

    A form feed before a line marks a page break. Raises BadInput for a file that can't be opened, isn't text, .docx or PDF, is empty, damaged
    or protected, or larger than 8 MB (text), 40 MB or 50,000 lines.
    """
    file = shown(path)
    try:
        if not path.is_file():
            raise BadInput.at(file, "not a file" if path.exists() else "can't be opened (no such file or directory)")
        size = path.stat().st_size
        if size > MAX_REPORT_BYTES:
            raise BadInput.at(file, f"the file has {size / 1e6:.0f} MB; a report may have {MAX_REPORT_BYTES / 1e6:.0f} MB at most")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    lines = _lines(data, path.suffix.lower(), file)
    if not any(line.strip() for line in lines):
        raise BadInput.at(file, "no text in the file; if it holds pictures of pages, have it read by OCR first")
    if len(lines) > MAX_LINES:
        raise BadInput.at(file, f"the file has {len(lines):,} lines; a report may have {MAX_LINES:,} at most")
    return [(PAGE_BREAK if PAGE_BREAK in line else "") + _CONTROL.sub(" ", line.lstrip(PAGE_BREAK)) for line in lines]


def _lines(data: bytes, suffix: str, file: str) -> list[str]:
    if not data.strip():
        raise BadInput.at(file, "the file is empty")
    kind = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "text")
    if kind == "text" and re.match(rb"\s*<(!doctype|html)", data[:200], re.IGNORECASE):
        kind = "web"
    if kind in _REFUSALS:
        raise BadInput.at(file, _REFUSALS[kind])
    if kind == "text" and suffix in (".docx", ".pdf"):
        noun = "Word document" if suffix == ".docx" else "PDF"
        raise BadInput.at(file, f"named {suffix}, but not a {noun}; name it .txt if it is plain text")
    if kind == "docx":
        from adjudge.ingest.word import word_lines

        return word_lines(data, file)
    if kind == "pdf":
        from adjudge.ingest.pdf import pdf_lines

        return pdf_lines(data, file)
    return _text_lines(data, file)


def _text_lines(data: bytes, file: str) -> list[str]:
    if len(data) > MAX_BYTES:
        raise BadInput.at(file, f"the file has {len(data) / 1e6:.0f} MB; a report in plain text may have {MAX_BYTES / 1e6:.0f} MB at most")
    if b"\x00" in data:
        raise BadInput.at(file, "not text, a Word document (.docx) or a PDF")
    try:
        lines = _LINE_END.split(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = len(_LINE_END.split(data[: error.start].decode("utf-8", "replace")))
        column = error.start - max(data.rfind(b"\n", 0, error.start), data.rfind(b"\r", 0, error.start))
        message = f"not UTF-8 text (byte 0x{data[error.start]:02x}); save the file as UTF-8"
        raise BadInput([Fault(file, message, line, column)]) from None
    return lines if lines[-1] else lines[:-1]
