"""Where a value stands in a workbook or CSV file, and faults that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adjudge.errors import Fault

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 32_767
"""How large a sheet or CSV file may be, and how much text a cell of Excel can hold."""
Value = Any
"""What a cell holds, as it is read: text, a number, a truth value, a date, or None."""


@dataclass(frozen=True, slots=True)
class CellFault(Fault):
    """A fault at a cell: ``file`` also names the sheet; ``line`` is the row and ``column`` the column, both from 1."""

    def __str__(self) -> str:
        place = f"{self.file}, cell {cell_name(self.line, self.column)}" if self.line else self.file
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: the sheet (or file) it is in, as messages name it, its row and its column from 1."""

    file: str
    row: int
    column: int

    def fault(self, message: str) -> CellFault:
        """Return a fault at this cell."""
        return CellFault(self.file, message, self.row, self.column)

    @property
    def cell(self) -> str:
        """The cell without its sheet."""
        return f"cell {cell_name(self.row, self.column)}"

    def __str__(self) -> str:
        return f"{self.file}, {self.cell}"


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or CSV file. ``wrong`` are cells whose value can't be used, with the reason, and ``merged`` ranges of cells."""

    file: str
    title: str
    rows: Sequence[Sequence[Value]]
    wrong: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()
    most_characters: int = MOST_CHARACTERS

    def place(self, row: int, column: int) -> Place:
        """Return a cell of this grid, row and column from 1."""
        return Place(self.file, row, column)


@dataclass(frozen=True)
class Row:
    """One row of a table as read: the plain values by column, without those of blank cells, and where each column's cell is."""

    values: dict[str, Any]
    places: Mapping[str, Place]


@dataclass(frozen=True)
class Rows:
    """The rows of one table as read, and the cell of its first heading; not ``whole`` if the table is missing or its headings are wrong."""

    heading: Place
    rows: Sequence[Row] = ()
    whole: bool = True


def cell_name(row: int, column: int) -> str:
    """Return a cell as Excel names it: row 14, column 5 is E14."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def length(text: str) -> int:
    """Return how many characters Excel counts in a text: those beyond the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2
