"""A bundle's tables as a folder of CSV files that Excel opens as they are meant: UTF-8 with a mark, no text taken for a formula."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import shutil
import tempfile
from pathlib import Path

from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.workbook.cells import MOST_COLUMNS, MOST_ROWS, CellFault, Grid, Value
from adjudge.workbook.container import MOST_BYTES, MOST_UNPACKED
from adjudge.workbook.convert import check_size, rows_of, shown
from adjudge.workbook.layout import About, layout

MOST_CHARACTERS = 100_000
"""As many characters as a cell of a CSV file may have."""
_GUARDED = re.compile(r"[=+\-@\t\r\n']|[\d.]+(e[+-]?\d+)?$|\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?(/.*)?$", re.IGNORECASE)
"""Text that Excel would calculate, or turn into a number or a date: it gets an apostrophe in front, which the import takes off again."""


def guarded(text: str) -> str:
    """Return a text as a CSV file holds it."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Return a text of a CSV file as it was meant."""
    return text.removeprefix("'")


def write_folder(bundle: Bundle, folder: Path, replace: bool = False) -> int:
    """Write a CSV file for each table into a folder; return how many. Raises BadInput if that can't be done."""
    texts: dict[str, str] = {}
    tables = layout(bundle.standard, About.of(bundle))
    rows = rows_of(bundle, tables)
    check_size(tables, rows, str(folder), MOST_CHARACTERS, "a cell of a CSV file may have {most:,}")
    for table in tables:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        columns = [column for column in table.columns if column.key != "help"]
        writer.writerow([column.heading for column in columns])
        for row in rows[table.name]:
            if table.shape == "items" and "value" not in row:
                continue
            cells = shown(table, row)
            writer.writerow([guarded(cell) if isinstance(cell := cells.get(column.key, ""), str) else cell for column in columns])
        texts[f"{table.name}.csv"] = out.getvalue()
    _write(folder, texts, replace)
    return len(texts)


def _write(folder: Path, texts: dict[str, str], replace: bool) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            raise BadInput.at(str(folder), "a file of that name exists; choose another folder")
        there = folder.is_dir() and any(folder.iterdir())
        if there and not replace:
            raise BadInput.at(str(folder), "the folder isn't empty; choose another, or replace the tables in it with `--force`")
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, text in texts.items():
                (temporary / name).write_text(text, encoding="utf-8-sig", newline="")
            if not there:
                temporary.chmod(0o755)
                if folder.exists():
                    folder.rmdir()
                os.replace(temporary, folder)
            else:
                for name in texts:
                    os.replace(temporary / name, folder / name)
                for old in folder.glob("findings-*.csv"):
                    if old.name not in texts:
                        old.unlink()
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise BadInput.at(str(folder), f"can't be written ({(error.strerror or 'unwritable').lower()})") from None


def open_folder(folder: Path) -> list[Grid]:
    """Read every CSV file of a folder. Raises BadInput with the faults of all that can't be read."""
    grids: list[Grid] = []
    faults: list[Fault] = []
    size = 0
    for path in sorted(folder.glob("*.csv")):
        try:
            size += path.stat().st_size
            if size > MOST_UNPACKED or path.stat().st_size > MOST_BYTES:
                raise BadInput.at(str(path), f"more than {MOST_BYTES / 1e6:.0f} MB, which no table of findings has")
            grids.append(Grid(str(path), path.stem, _read(path), most_characters=MOST_CHARACTERS))
        except BadInput as error:
            faults.extend(error.faults)
        except OSError as error:
            faults.append(CellFault(str(path), f"can't be opened ({(error.strerror or 'unreadable').lower()})"))
    if faults:
        raise BadInput(faults)
    if not grids:
        raise BadInput.at(str(folder), "no CSV files in this folder")
    return grids


def _read(path: Path) -> list[list[Value]]:
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8 text (byte 0x{data[error.start]:02x} in line {line}); in Excel save it as “CSV UTF-8”"
        raise BadInput([CellFault(str(path), message)]) from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows: list[list[Value]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(rows) >= MOST_ROWS:
                raise BadInput(
                    [CellFault(str(path), f"more than {MOST_ROWS:,} rows; no bundle has so many: remove what stands below", len(rows) + 1, 1)]
                )
            if len(row) > MOST_COLUMNS:
                raise BadInput([CellFault(str(path), "a value far outside the table; remove it", len(rows) + 1, MOST_COLUMNS + 1)])
            rows.append([unguarded(cell) for cell in row])
    except csv.Error as error:
        raise BadInput([CellFault(str(path), f"not a CSV file that can be read ({error}); save it from Excel again", len(rows) + 1, 1)]) from None
    return rows
