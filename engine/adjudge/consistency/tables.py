"""Read CSV files: a header and rows, each with its line, and every fault at its line and cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from adjudge.documents import MAX_BYTES
from adjudge.errors import BadInput, Fault
from adjudge.rulebook import Standard

Row = tuple[int, Mapping[str, str]]


def read_rows(path: Path, what: str, header_faults: Callable[[str, Sequence[str]], Iterable[Fault]]) -> list[Row]:
    """Return the rows of a CSV file with their lines, from 1; ``what`` says what a row is for, ``header_faults`` checks the header.

    Raises BadInput for a file that can't be read, isn't CSV, has no rows or a row that doesn't fit the header.
    """
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput.at(file, f"the file has more than {MAX_BYTES / 1e6:.0f} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    except UnicodeDecodeError:
        raise BadInput.at(file, "not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)") from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadInput.at(file, f"not a CSV file ({error})") from None
    if len(lines) < 2:
        raise BadInput.at(file, f"no rows: expected a header and a row for each {what}")
    header = [name.strip().lower() for name in lines[0][1]]
    faults = list(header_faults(file, header))
    faults += [
        Fault(file, f"{len(row)} cells, but the header has {len(header)}; put a cell that holds a comma in double quotes", line, 1)
        for line, row in lines[1:]
        if len(row) != len(header)
    ]
    if faults:
        raise BadInput(faults)
    return [(line, dict(zip(header, (cell.strip() for cell in row), strict=True))) for line, row in lines[1:]]


def fault(file: str, row: Row, column: str, problem: str, value: str | None = None) -> Fault:
    """Return a fault of a cell, or of one ``value`` in it, which the message names; its column is the number of the cell."""
    line, cells = row
    place = list(cells).index(column) + 1 if column in cells else 1
    return Fault(file, f"{column}: `{cells.get(column, '') if value is None else value}` {problem}", line, place)


def whole_number(cell: str) -> int | None:
    """Return the whole number, of nine digits at most, that a cell holds; None if it holds none."""
    return int(cell) if cell.isdecimal() and len(cell) < 10 else None


def read_national(path: Path, standard: Standard) -> dict[str, dict[str, int]]:
    """Read a national table: a row for each framework with how many bodies got each grade. Raises BadInput with every fault."""
    grades = list(standard.grades)
    books = [book.rulebook for book in standard.rulebooks]

    def header_faults(file: str, header: Sequence[str]) -> Iterable[Fault]:
        if sorted(header) != sorted(["framework", *grades]):
            yield Fault(file, f"expected the columns `framework`, {', '.join(f'`{grade}`' for grade in grades)}", 1, 1)

    file, table, faults = str(path), dict[str, dict[str, int]](), list[Fault]()
    for row in read_rows(path, "framework", header_faults):
        framework = row[1]["framework"]
        if framework not in books:
            faults.append(fault(file, row, "framework", f"isn't a framework ({', '.join(f'`{book}`' for book in books)})"))
        elif framework in table:
            faults.append(fault(file, row, "framework", "is given twice"))
        counts = {grade: whole_number(row[1][grade]) for grade in grades}
        faults += [fault(file, row, grade, "isn't a number of bodies") for grade, count in counts.items() if count is None]
        table[framework] = {grade: count for grade, count in counts.items() if count is not None}
    if faults:
        raise BadInput(faults)
    return table
