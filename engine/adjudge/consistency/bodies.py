"""Many bodies graded by one rulebook: their values as codes, collapsed to the combinations that differ, with the grades that they were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adjudge.consistency.influence import Answer
from adjudge.consistency.synthesis import is_synthetic
from adjudge.errors import BadInput, listing, nearest
from adjudge.evidence import Bundle
from adjudge.grading import grade
from adjudge.language import exact, written
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Criterion, Standard
from adjudge.sweep import INAPPLICABLE, OPEN, UNKNOWN, Sweep
from adjudge.sweep.arrays import Answers
from adjudge.sweep.arrow import Reader, columns_for, plain
from adjudge.sweep.columns import INAPPLICABLE_POINTS, UNKNOWN_POINTS, sweep_columns
from adjudge.table import grade_words, open_table

Array = npt.NDArray[Any]
MISSING, OUT = int(UNKNOWN_POINTS), int(INAPPLICABLE_POINTS)
"""In a combination: a value that isn't known, and one that isn't applicable."""
NO_GRADE = -1


@dataclass(frozen=True)
class Bodies:
    """Bodies by the combinations of values that they have.

    ``combinations`` has a row for each different combination and a column for each criterion: ranks of statuses (the worst 0), points on the
    program's scale, `MISSING` or `OUT`. ``names``, ``of`` (the combination), ``grades`` (ranks, or `NO_GRADE`), ``groups`` and ``reasons`` have an
    entry for each body. ``refused`` counts the rows that can't be graded, by reason; ``synthetic`` says that
    synthetic bundles are among them.
    """

    sweep: Sweep
    names: Sequence[str]
    combinations: Array
    of: Array
    grades: Array
    groups: Sequence[str] = ()
    reasons: Sequence[str] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    synthetic: bool = False

    def answers(self, combinations: Array | None = None) -> Answers:
        """Return the proposals of combinations (these bodies' own unless given)."""
        return sweep_columns(self.sweep.program, list(self._columns(self.combinations if combinations is None else combinations)), between=False)

    def _columns(self, combinations: Array) -> Iterator[Array]:
        for criterion, column in zip(self.sweep.program.criteria, combinations.T, strict=True):
            if criterion.points is not None:
                yield np.ascontiguousarray(column)
            else:
                yield np.where(column == MISSING, UNKNOWN, np.where(column == OUT, INAPPLICABLE, column)).astype(np.uint8)

    def values(self, combination: int) -> dict[str, str]:
        """Return a combination in words: the value of each criterion."""
        program = self.sweep.program
        return {each.id: self.value(each, int(code)) for each, code in zip(program.criteria, self.combinations[combination], strict=True)}

    def value(self, criterion: Criterion, code: int) -> str:
        """Return the value that a code of a criterion stands for."""
        program = self.sweep.program
        if code in (MISSING, OUT):
            return NOT_ASSESSED if code == MISSING else NOT_APPLICABLE
        return written(exact(code) / program.scale) if criterion.points is not None else program.statuses[code]

    def answer(self, answers: Answers, index: int) -> Answer:
        """Return one of the answers of a sweep."""
        names, code = answers.grades, int(answers.grade[index])
        return Answer(grade=None if code == OPEN else names[code], low=names[answers.low[index]], high=names[answers.high[index]])


def bodies_of_table(
    sweep: Sweep,
    path: Path,
    grade_column: str | None,
    mapping: Mapping[str, str] | None = None,
    by: str | None = None,
    reason: str | None = None,
    blank: str = NOT_ASSESSED,
    name: str | None = None,
) -> Bodies:
    """Read a table with one body a row. ``grade_column`` holds the grade that was given, ``by`` a group, ``reason`` why a grade departs.

    A body is named by its row, from 1 without the header, or by the column ``name``. Raises BadInput for a file that can't be
    read and for columns that aren't there.
    """
    options = {"--grade": grade_column, "--by": by, "--reason": reason, "--id": name}
    codes: list[Array] = []
    texts: dict[str, list[str]] = {option: [] for option, column in options.items() if column is not None}
    rows: list[Array] = []
    refused: Counter[str] = Counter()
    with ExitStack() as stack:
        schema, batches = open_table(path, stack)
        reader = Reader(sweep.program, columns_for(sweep.program, schema.names, mapping or {}), sweep.standard.statuses, blank)
        for option, column in options.items():
            if column is not None and column not in schema.names:
                raise BadInput.at(option, f"no column `{column}` (there are {listing(schema.names)}){nearest(column, schema.names)}")
        seen = 0
        try:
            for batch in batches:
                read = reader.read(batch)
                kept = read.reasons == 0
                refused.update(reader.reasons[number] for number in read.reasons[~kept].tolist())
                codes.append(matrix(sweep, read.columns)[kept])
                rows.append(np.flatnonzero(kept) + seen + 1)
                for option, found in texts.items():
                    cells = batch.column(options[option]).to_pylist()
                    found += ["" if cells[row] is None else str(cells[row]).strip() for row in np.flatnonzero(kept).tolist()]
                seen += batch.num_rows
        except pa.ArrowException as error:
            raise BadInput.at(str(path), f"can't be read ({str(error).splitlines()[0]})") from None
    ranks = grade_words(sweep.standard)
    numbers = np.concatenate(rows).tolist() if rows else []
    words = texts.get("--grade", [""] * len(numbers))
    known = {word: ranks.get(plain(word), NO_GRADE) for word in dict.fromkeys(words)}
    return _collapsed(
        sweep,
        texts.get("--id") or [f"row {number}" for number in numbers],
        np.concatenate(codes) if codes else np.empty((0, len(sweep.program.criteria)), np.int64),
        np.array([known[word] for word in words], np.int64),
        texts.get("--by", []),
        texts.get("--reason", []),
        refused,
    )


def bodies_of_bundles(sweep: Sweep, bundles: Sequence[Bundle], by_author: bool = False) -> Bodies:
    """Take bodies from bundles: statuses as graded under the sweep's reading, and the grade that a judgement gives, else the published one.

    A body is named by its bundle. The reason is the judgement's; ``by_author`` groups by who made it. Raises BadInput for bundles of another
    standard, or that don't grade the framework.
    """
    framework, faults, rows = sweep.book.rulebook, list[str](), list[list[int]]()
    names, grades, groups, reasons = list[str](), list[int](), list[str](), list[str]()
    for bundle in bundles:
        if bundle.standard.standard != sweep.standard.standard or framework not in bundle.frameworks:
            faults.append(f"{bundle.bundle} doesn't grade {framework} by {sweep.standard.standard}")
            continue
        proposal = grade(bundle, [framework], sweep.reading.values)[framework]
        given = proposal.decided.grade if proposal.decided else proposal.published
        statuses = {each.criterion.id: each.status for each in proposal.statuses}
        rows.append([code_of(sweep, criterion, statuses.get(criterion.id, NOT_ASSESSED)) for criterion in sweep.program.criteria])
        names.append(bundle.bundle)
        grades.append(sweep.standard.grade_rank[given] if given else NO_GRADE)
        groups.append(proposal.decided.author if proposal.decided else "")
        reasons.append(proposal.decided.reason if proposal.decided else "")
    if faults:
        raise BadInput.at("bundles", "; ".join(faults))
    values = np.array(rows, np.int64).reshape(len(rows), len(sweep.program.criteria))
    found = _collapsed(sweep, names, values, np.array(grades, np.int64), groups if by_author else [], reasons, {})
    return replace(found, synthetic=any(map(is_synthetic, bundles)))


def matrix(sweep: Sweep, columns: Sequence[Array]) -> Array:
    """Return the columns of a sweep as one array of whole numbers, a row for each body."""
    out = np.empty((len(columns[0]), len(columns)), np.int64)
    for index, (criterion, column) in enumerate(zip(sweep.program.criteria, columns, strict=True)):
        out[:, index] = column
        if criterion.points is None:
            out[column == UNKNOWN, index] = MISSING
            out[column == INAPPLICABLE, index] = OUT
    return out


def code_of(sweep: Sweep, criterion: Criterion, value: str) -> int:
    """Return the code of a criterion's value."""
    if value in (NOT_ASSESSED, NOT_APPLICABLE):
        return MISSING if value == NOT_ASSESSED else OUT
    return sweep.standard.rank[value] if criterion.points is None else int(exact(value) * sweep.program.scale)


def _collapsed(
    sweep: Sweep, names: Sequence[str], codes: Array, grades: Array, groups: Sequence[str], reasons: Sequence[str], refused: Mapping[str, int]
) -> Bodies:
    if len(codes):
        combinations, of = np.unique(codes, axis=0, return_inverse=True)
    else:
        combinations, of = codes, np.empty(0, np.int64)
    return Bodies(sweep, names, combinations, of.reshape(-1), grades, groups, reasons, refused)


def goodness(standard: Standard, bodies: Bodies) -> tuple[Array, Array]:
    """Return for each combination and criterion the worst and the best that its value can be, on a scale on which more is better."""
    low = np.empty_like(bodies.combinations)
    high = np.empty_like(bodies.combinations)
    scale = bodies.sweep.program.scale
    for index, criterion in enumerate(bodies.sweep.program.criteria):
        column = bodies.combinations[:, index]
        missing = column == MISSING
        least, most, sign = 0, len(standard.statuses) - 1, 1
        if criterion.points is not None:
            sign = 1 if standard.points is not None and standard.points.better == "higher" else -1
            least, most = sorted(sign * int(exact(end) * scale) for end in (criterion.points.from_, criterion.points.to))
        known = np.where(column == OUT, 0, column) * sign
        low[:, index] = np.where(missing, least, known)
        high[:, index] = np.where(missing, most, known)
    return low, high
