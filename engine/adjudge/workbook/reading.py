"""From the grids of a workbook or of CSV files to the rows of its tables: find each table, its headings, and what its cells say."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from adjudge.errors import Fault, listing, nearest
from adjudge.workbook.cells import CellFault, Grid, Row, Rows, Value, cell_name, length
from adjudge.workbook.layout import ITEMS, Column, Table
from adjudge.workbook.words import Unreadable, Words, folded, from_cell

MARK = "adjudge table: "
"""How a sheet says which table it holds, in its first column: a sheet may be renamed or moved."""
_MARKED_ROWS = 10


def marked(grid: Grid) -> str | None:
    """Return the name of the table that a sheet says it holds."""
    for row in grid.rows[:_MARKED_ROWS]:
        if row and isinstance(row[0], str) and row[0].strip().startswith(MARK):
            return row[0].strip().removeprefix(MARK).strip()
    return None


def find_grids(tables: Sequence[Table], grids: Sequence[Grid], faults: list[Fault]) -> dict[str, Grid]:
    """Return the sheet of each table, by its mark or else its title; two sheets of one table are a fault, and so is none."""
    found: dict[str, Grid] = {}
    for table in tables:
        held = [grid for grid in grids if marked(grid) == table.name]
        held = held or [grid for grid in grids if marked(grid) is None and folded(grid.title) in (folded(table.title), folded(table.name))]
        if len(held) > 1:
            faults.append(CellFault(held[1].file, f"this holds the same table as {held[0].title}; keep one of the two"))
        if held:
            found[table.name] = held[0]
    return found


def read_table(table: Table, grid: Grid, faults: list[Fault]) -> Rows:
    """Return the rows of a table; add a fault for each heading, merged range and cell that can't be used. With wrong headings no row is read."""
    start = _heading_row(table, grid, faults)
    if start is None:
        return Rows(grid.place(1, 1), whole=False)
    wrong = len(faults)
    columns = _columns(table, grid, start, faults)
    if len(faults) > wrong:
        return Rows(grid.place(start, 1), whole=False)
    for first_row, first_column, last_row, last_column in grid.merged:
        if last_row >= start and (first_row, first_column) != (last_row, last_column):
            span = f"{cell_name(first_row, first_column)}:{cell_name(last_row, last_column)}"
            faults.append(grid.place(first_row, first_column).fault(f"cells {span} are merged; unmerge them and write each cell's value into it"))
    rows = []
    for number, cells in enumerate(grid.rows[start:], start + 1):
        if all(_blank(cell) for cell in cells) and not any(row == number for row, _ in grid.wrong):
            continue
        rows.append(_row(table, grid, number, cells, columns, faults))
    return Rows(grid.place(start, 1), rows if table.shape != "items" else _items(rows, faults))


def _heading_row(table: Table, grid: Grid, faults: list[Fault]) -> int | None:
    """The row (from 1) of the headings: the first that has half of them; on a sheet of findings the second, below the criteria."""
    known = {folded(column.heading) for column in table.columns}
    having = [
        number for number, row in enumerate(grid.rows, 1) if 2 * len(known & {folded(cell) for cell in row if isinstance(cell, str)}) >= len(known)
    ]
    most = 2 if table.framework else 1
    if not having:
        faults.append(CellFault(grid.file, f"the row of headings is missing ({listing(column.heading for column in table.columns)})"))
        return None
    if table.framework and len(having) > most:
        faults.append(grid.place(having[most], 1).fault("the headings stand here once more; remove this row"))
    return having[:most][-1]


def _columns(table: Table, grid: Grid, start: int, faults: list[Fault]) -> dict[int, Column]:
    """Each column's place, from 0; a heading that isn't known, stands twice or is missing is a fault."""
    by_heading = {folded(column.heading): column for column in table.columns}
    found: dict[int, Column] = {}
    missing = [column for column in table.columns if folded(column.heading) not in {folded(str(cell)) for cell in grid.rows[start - 1]}]
    missing = [column for column in missing if column.key != "help"]
    for index, cell in enumerate(grid.rows[start - 1]):
        column = by_heading.get(folded(str(cell)))
        if _blank(cell):
            continue
        if column is None:
            hint = nearest(str(cell), [each.heading for each in missing]) or f"; missing here: {listing(each.heading for each in missing)}" * bool(
                missing
            )
            faults.append(grid.place(start, index + 1).fault(f"`{cell}` isn't a heading of this table{hint or '; remove the column'}"))
        elif column in found.values():
            faults.append(grid.place(start, index + 1).fault(f"heading `{cell}` stands twice"))
        else:
            found[index] = column
    if missing:
        noun = "heading" if len(missing) == 1 else "headings"
        faults.append(grid.place(start, 1).fault(f"missing {noun} in this row: {listing(column.heading for column in missing)}"))
    return found


def _row(table: Table, grid: Grid, number: int, cells: Sequence[Value], columns: Mapping[int, Column], faults: list[Fault]) -> Row:
    values: dict[str, Any] = {}
    places = {column.key: grid.place(number, 1) for column in table.columns}
    places |= {column.key: grid.place(number, index + 1) for index, column in columns.items()}
    graded = table.shape == "judgements" and any(column.key == "criterion" and _blank(cells[index : index + 1]) for index, column in columns.items())
    for index, cell in enumerate(cells):
        place = grid.place(number, index + 1)
        if (number, index + 1) in grid.wrong:
            faults.append(place.fault(grid.wrong[number, index + 1]))
        elif _blank(cell):
            continue
        elif index not in columns:
            faults.append(place.fault("a value outside the table's columns; remove it, or the row"))
        else:
            column = columns[index]
            try:
                values[column.key] = _read(column, cell, column.others if graded and column.key == "decides" else column.words, grid.most_characters)
            except Unreadable as error:
                faults.append(place.fault(str(error)))
    for row, column_number in grid.wrong:
        if row == number and column_number > len(cells):
            faults.append(grid.place(row, column_number).fault(grid.wrong[row, column_number]))
    return Row(values, places)


def _items(rows: Sequence[Row], faults: list[Fault]) -> list[Row]:
    """The rows of the table of single values: each item's value is read as its kind says."""
    by_label = {folded(item.label): item for item in ITEMS}
    found: dict[str, Row] = {}
    for row in rows:
        label = str(row.values.get("item", ""))
        item = by_label.get(folded(label))
        if item is None:
            hint = nearest(label, [each.label for each in ITEMS])
            faults.append(
                row.places["item"].fault(f"`{label}` isn't an item of this table{hint}" if label else "a value without an item; remove the row")
            )
            continue
        if item.label in found:
            faults.append(row.places["item"].fault(f"`{item.label}` stands twice"))
            continue
        values = {"item": item.label}
        if "value" in row.values:
            values["value"] = from_cell(item.kind, row.values["value"])
        found[item.label] = Row(values, row.places)
    return list(found.values())


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, list | tuple) and all(_blank(each) for each in cell))


def _read(column: Column, cell: Value, words: Words, most: int) -> Any:
    """The plain value of a cell that isn't blank. Raises Unreadable if it has no meaning in its column."""
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        if column.kind != "date" or not isinstance(cell, datetime.date):
            raise Unreadable("Excel has made a date or time of this; format the cell as Text and write it again")
        return cell.date().isoformat() if isinstance(cell, datetime.datetime) else cell.isoformat()
    if column.key == "fingerprint" and isinstance(cell, int | float):
        raise Unreadable("Excel has made a number of this and lost digits; format the cell as Text and write it again")
    if isinstance(cell, bool):
        text = "yes" if cell else "no"
    elif isinstance(cell, int | float):
        text = str(int(cell)) if float(cell).is_integer() else repr(cell)
    else:
        text = str(cell).strip()
    if length(text) > most:
        raise Unreadable(f"{length(text):,} characters; a cell holds {most:,} at most")
    return from_cell(column.kind, text, words, column.others)
