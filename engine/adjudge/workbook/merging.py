"""Merge two inspectors' copies of a workbook, row by row and cell by cell, and list every conflict with both values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adjudge.errors import BadInput
from adjudge.evidence import Bundle
from adjudge.workbook.cells import Place, Row, Rows
from adjudge.workbook.convert import DERIVED_ITEMS, Plain, assemble, identity, rows_of, shown
from adjudge.workbook.importing import Imported, free_id
from adjudge.workbook.layout import About, Table, layout
from adjudge.writing import load_documents

Key = tuple[tuple[str, ...], int]
"""What tells a row from another of its table, and how many equal ones stand before it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two copies say different things in one place: table, row and column (none for a whole row), and a line with both values and whose."""

    table: str
    row: str
    column: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The bundle that both copies give together, or the conflicts that stand in the way."""

    bundle: Bundle | None
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class _Entry:
    """A row of a copy: what it says, and its cells."""

    values: Plain
    places: Mapping[str, Place]


_Entries = dict[Key, _Entry]


def merge(first: Imported, second: Imported, base: Imported | None = None) -> Merged:
    """Merge two copies. Raises BadInput if they are for different standards, or if what they give together has faults.

    With the original that both started from, a change or deletion in one copy is taken over, and only what both changed differently is a
    conflict. Without it a deletion can't be told from an addition: a row or cell that only one copy has is kept.
    """
    standard = first.bundle.standard
    for other in (second, base):
        if other and other.bundle.standard != standard:
            raise BadInput.at(other.file, f"for standard `{other.bundle.standard.standard}`, but {first.file} is for `{standard.standard}`")
    tables = layout(standard, _both(About.of(first.bundle), About.of(second.bundle)))
    ours, theirs = _entries(first, tables), _entries(second, tables)
    olds = _entries(base, tables) if base else None
    _keep_apart(tables, (first, ours), (second, theirs))
    conflicts: list[Conflict] = []
    merged: dict[str, Rows] = {}
    for table in tables:
        sides = _Sides(table, first, second, olds[table.name] if olds is not None else None, conflicts)
        rows = [Row(each.values, each.places) for each in sides.merge(ours[table.name], theirs[table.name])]
        merged[table.name] = Rows(Place(first.file, 0, 0), rows)
    if conflicts:
        return Merged(None, tuple(conflicts))
    assembled = assemble(standard, tables, merged)
    if assembled.faults:
        raise BadInput(assembled.faults)
    return Merged(load_documents(assembled.documents, standard, assembled.locate(f"{first.file} with {second.file}")), ())


def _both(first: About, second: About) -> About:
    return About(
        tuple(dict.fromkeys((*first.units, *second.units))),
        tuple(dict.fromkeys((*first.coders, *second.coders))),
        {**(second.overviews or {}), **(first.overviews or {})},
        {**(second.headings or {}), **(first.headings or {})},
        first.graded,
    )


def _keys(table: Table, rows: Iterable[Plain]) -> Iterator[Key]:
    times: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        name = identity(table, row)
        yield name, times[name]
        times[name] += 1


def _entries(copy: Imported, tables: Iterable[Table]) -> dict[str, _Entries]:
    """The rows of a copy, as its bundle gives them, with the cells in which they were read."""
    rows = rows_of(copy.bundle, tables)
    found: dict[str, _Entries] = {}
    for table in tables:
        read = copy.read[table.name].rows if table.name in copy.read else ()
        places = dict(zip(_keys(table, (row.values for row in read)), (row.places for row in read), strict=True))
        nowhere = {column.key: Place(copy.file, 0, 0) for column in table.columns}
        keys = _keys(table, rows[table.name])
        found[table.name] = {key: _Entry(values, places.get(key, nowhere)) for key, values in zip(keys, rows[table.name], strict=True)}
    return found


def _keep_apart(tables: Iterable[Table], *sides: tuple[Imported, dict[str, _Entries]]) -> None:
    """Two new findings that were given the same id are two findings, unless they say the same: one of them gets the next free id."""
    used = {key[0][0] for _, entries in sides for table in tables if table.framework for key in entries[table.name]}
    for table in tables:
        for (copy, entries), (_, others) in ((sides[1], sides[0]), (sides[0], sides[1])):
            for key, entry in list(entries[table.name].items()) if table.framework else ():
                other = others[table.name].get(key)
                if key[0][0] in copy.proposed and other and other.values != entry.values:
                    name = free_id(key[0][0], used)
                    used.add(name)
                    renamed = ((name,), 0), _Entry({**entry.values, "id": name}, entry.places)
                    kept = [renamed if each == key else (each, value) for each, value in entries[table.name].items()]
                    entries[table.name] = dict(kept)


@dataclass(frozen=True)
class _Sides:
    """The two copies of one table, and the original if it is known."""

    table: Table
    first: Imported
    second: Imported
    base: _Entries | None
    conflicts: list[Conflict]

    def merge(self, ours: _Entries, theirs: _Entries) -> list[_Entry]:
        """Return the rows of both: in the order of the first copy, each row of the second alone after the one it follows there."""
        order = list(ours)
        before: Key | None = None
        for key in theirs:
            if key not in ours:
                order.insert(order.index(before) + 1 if before in order else len(order) if before is None else 0, key)
            before = key
        rows = (self._row(key, ours.get(key), theirs.get(key)) for key in order)
        return [row for row in rows if row]

    def _row(self, key: Key, ours: _Entry | None, theirs: _Entry | None) -> _Entry | None:
        old = self.base.get(key) if self.base is not None else None
        if ours and theirs:
            return self._cells(key, ours, theirs, old)
        one = ours or theirs
        if one is None or old is None:
            return one
        if one.values != old.values:
            changed, deleted = (self.first, self.second) if ours else (self.second, self.first)
            where = _where(changed, one.places[self.table.columns[0].key])
            self._conflict(key, None, f"changed in {where}, deleted in {deleted.file}")
        return None

    def _cells(self, key: Key, ours: _Entry, theirs: _Entry, old: _Entry | None) -> _Entry:
        values: Plain = {}
        places: dict[str, Place] = {}
        for column in self.table.columns:
            name = column.key
            a, b, before = ours.values.get(name), theirs.values.get(name), old.values.get(name) if old else None
            taken = a
            if a != b and not (self.table.shape == "items" and key[0][0] in DERIVED_ITEMS):
                if old is not None:
                    differ = before not in (a, b)
                    taken = b if a == before else a
                else:
                    differ = a is not None and b is not None
                    taken = b if a is None else a
                if differ:
                    self._conflict(key, column.heading, self._values(name, ours, theirs, old))
            if taken is not None:
                values[name] = taken
            places[name] = (ours if taken == a else theirs).places[name]
        return _Entry(values, places)

    def _values(self, column: str, ours: _Entry, theirs: _Entry, old: _Entry | None) -> str:
        said = []
        for copy, entry in ((self.first, ours), (self.second, theirs)):
            said.append(f"{self._shown(entry, column)} in {_where(copy, entry.places[column])}")
        return "; ".join(said) + (f"; it was {self._shown(old, column)}" if old else "")

    def _shown(self, entry: _Entry, column: str) -> str:
        text = str(shown(self.table, entry.values).get(column, "")).replace("\n", "; ")
        return f"`{text if len(text) <= 80 else text[:77] + '...'}`" if text else "nothing"

    def _conflict(self, key: Key, column: str | None, text: str) -> None:
        row = ", ".join(part for part in key[0] if part and part != "None")
        row = row if len(row) <= 80 else row[:77] + "..."
        name = f"{self.table.title}, {row}, {column}" if column else f"{self.table.title}, {row}"
        self.conflicts.append(Conflict(self.table.name, row, column, f"{name}: {text}"))


def _where(copy: Imported, place: Place) -> str:
    by = f" (last saved by {copy.saved_by})" if copy.saved_by else ""
    return f"{place if place.row else copy.file}{by}"
