"""Arrow in and out of the sweep: columns of words or numbers become codes, rows that can't be graded say why, and answers become columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.language import exact, written
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Criterion
from adjudge.sweep.arrays import Answers, Array
from adjudge.sweep.columns import INAPPLICABLE_POINTS, UNKNOWN_POINTS, sweep_columns
from adjudge.sweep.program import INAPPLICABLE, OPEN, UNKNOWN, Program

ADDED = ("adjudge_grade", "adjudge_worst", "adjudge_best", "adjudge_decision")


def plain(word: str) -> str:
    """Return a word as names are compared: case, spaces, hyphens and underscores make no difference."""
    return re.sub(r"[\s_-]+", " ", word).strip().casefold()


def columns_for(program: Program, names: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each criterion: the one that ``mapping`` gives, or the one of its own name.

    Raises BadInput, all at once, for a criterion or column that doesn't exist, a criterion without a column, and one column that two criteria take.
    """
    there = list(names)
    by_name = {plain(name): name for name in reversed(there)}
    faults = [
        Fault("--map", f"`{criterion}` isn't a criterion of this rulebook ({listing(program.names)}){nearest(criterion, program.names)}")
        for criterion in mapping
        if criterion not in program.names
    ]
    found: dict[str, str] = {}
    for name in program.names:
        column = mapping.get(name, by_name.get(plain(name)))
        if column is None:
            faults.append(Fault("columns", f"no column `{name}`; say which one holds it: `--map {name}=COLUMN` (there are {listing(there)})"))
        elif column not in there:
            faults.append(Fault("--map", f"no column `{column}` for `{name}` (there are {listing(there)}){nearest(column, there)}"))
        elif column in found.values():
            faults.append(Fault("--map", f"column `{column}` is taken by two criteria"))
        else:
            found[name] = column
    if faults:
        raise BadInput(faults)
    return found


class Rows(NamedTuple):
    """Some rows as codes: ``columns`` in the order of the program's criteria, ``reasons`` why a row can't be graded (0: it can), by their place."""

    columns: list[Array]
    reasons: npt.NDArray[np.int32]


class Reader:
    """Turns record batches into codes, remembering what each word means and each reason why a row can't be graded."""

    def __init__(self, program: Program, columns: Mapping[str, str], labels: Mapping[str, str], blank: str = NOT_ASSESSED) -> None:
        self.program = program
        self.columns = columns
        self.reasons: list[str] = [""]
        self._number_of: dict[str, int] = {}
        self._ranks = {plain(word): rank for rank, status in enumerate(program.statuses) for word in (status, labels[status])}
        blank_code = UNKNOWN if blank == NOT_ASSESSED else INAPPLICABLE
        self._special = {plain(NOT_ASSESSED): UNKNOWN, plain(NOT_APPLICABLE): INAPPLICABLE, "": blank_code}

    def read(self, batch: pa.RecordBatch) -> Rows:
        """Return a batch's rows as codes. A row is refused for the first criterion whose value it can't have, or if it assesses none."""
        reasons = np.zeros(batch.num_rows, np.int32)
        columns = []
        anything = np.zeros(batch.num_rows, np.bool_)
        for criterion in self.program.criteria:
            codes, why = self._codes(criterion, batch.column(self.columns[criterion.id]))
            reasons = np.where(reasons == 0, why, reasons).astype(np.int32)
            anything |= codes != (UNKNOWN if criterion.points is None else UNKNOWN_POINTS)
            columns.append(codes)
        if (nothing := (reasons == 0) & ~anything).any():
            reasons[nothing] = self._reason("no criterion has a value")
        return Rows(columns, reasons)

    def _reason(self, text: str) -> int:
        if text not in self._number_of:
            self._number_of[text] = len(self.reasons)
            self.reasons.append(text)
        return self._number_of[text]

    def _codes(self, criterion: Criterion, column: pa.Array) -> tuple[Array, Array]:
        """Return a criterion's codes, and why a row is refused; each different value is looked at once."""
        encoded = pc.dictionary_encode(column, null_encoding="encode")
        values = encoded.dictionary.to_pylist()
        looked_up = [self._code(criterion, "" if value is None else value) for value in values]
        kind = np.uint8 if criterion.points is None else np.int64
        codes = np.array([0 if isinstance(found, str) else found for found in looked_up], kind)
        why = np.array([self._reason(found) if isinstance(found, str) else 0 for found in looked_up], np.int32)
        at = encoded.indices.to_numpy()
        return codes[at], why[at]

    def _code(self, criterion: Criterion, value: Any) -> int | str:
        """Return the code of a value, or the reason why it can't be graded."""
        column = self.columns[criterion.id]
        word = plain(str(value)) if not (isinstance(value, float) and np.isnan(value)) else ""
        scored = criterion.points is not None
        if word in self._special:
            code = self._special[word]
            return (UNKNOWN_POINTS if code == UNKNOWN else INAPPLICABLE_POINTS) if scored else code
        if not scored:
            if word in self._ranks:
                return self._ranks[word]
            return f"`{column}` is `{value}`, which isn't a status"
        try:
            points = exact(str(value).strip())
        except (ValueError, ZeroDivisionError):
            return f"`{column}` is `{value}`, which isn't a number"
        assert criterion.points is not None
        if not criterion.points.holds(points) or (points * self.program.scale).denominator != 1:
            return f"`{column}` is `{written(points)}`, which isn't on its scale of points"
        return int(points * self.program.scale)


def answer_columns(answers: Answers, refused: npt.NDArray[np.bool_]) -> dict[str, pa.Array]:
    """Return the answers as columns: grade (null while open), worst, best, and whether a decision is required; all null where a row was refused."""
    names = pa.array(answers.grades)

    def named(codes: npt.NDArray[np.uint8]) -> pa.Array:
        none = refused | (codes == OPEN)
        return names.take(pa.array(codes, pa.int32(), mask=none))

    decision = pa.array(answers.decision, mask=refused)
    return dict(zip(ADDED, (named(answers.grade), named(answers.low), named(answers.high), decision), strict=True))


def with_answers(program: Program, labels: Mapping[str, str], data: Any, mapping: Mapping[str, str], blank: str) -> pa.Table:
    """Return a table with the answers as further columns, and `adjudge_refused` with the reason where a row can't be graded.

    ``data`` is a table or record batch of Arrow, or anything that hands itself over as one (pandas, polars).
    """
    table = pa.table(data) if not isinstance(data, pa.RecordBatch) else pa.Table.from_batches([data])
    reader = Reader(program, columns_for(program, table.column_names, mapping), labels, blank)
    batches = []
    for batch in table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]:
        rows = reader.read(batch)
        answers = sweep_columns(program, rows.columns, between=False)
        added = answer_columns(answers, rows.reasons != 0)
        added["adjudge_refused"] = pa.array([reader.reasons[reason] or None for reason in rows.reasons.tolist()], pa.string())
        batches.append(pa.RecordBatch.from_arrays([*batch.columns, *added.values()], names=[*batch.schema.names, *added]))
    return pa.Table.from_batches(batches)
