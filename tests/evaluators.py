"""The evaluators, each one function from the statuses of a rulebook's criteria to the answer. A further one is added here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from adjudge import Rulebook, Standard
from adjudge.durable_host import available
from adjudge.inference import Inferred, infer
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading
from adjudge.status import CriterionStatus
from adjudge.sweep import INAPPLICABLE, UNKNOWN, Sweep, compiled
from adjudge.sweep.arrays import Answers
from adjudge.testing.made_up import judgement

Answer = tuple[str | None, str, str]
"""The grade, or None while it is open, and the worst and the best grade of its range."""
Statuses = Sequence[CriterionStatus]
Evaluator = Callable[[Standard, Rulebook, Reading, Sequence[Statuses]], list[Answer]]
"""From many rows of statuses, each of all the criteria of a rulebook, to an answer for each."""


def by_reference(standard: Standard, book: Rulebook, reading: Reading, rows: Sequence[Statuses]) -> list[Answer]:
    """Answer by the reference."""
    return [evaluate(standard, row, reading).answer for row in rows]


def by_inference(standard: Standard, book: Rulebook, reading: Reading, rows: Sequence[Statuses]) -> list[Answer]:
    """Answer by inference."""
    inferred = [inferred_from(standard, book, reading, row) for row in rows]
    return [(each.grade, each.low, each.high) for each in inferred]


def by_sweep(standard: Standard, book: Rulebook, reading: Reading, rows: Sequence[Statuses]) -> list[Answer]:
    """Answer by the sweep over columns."""
    return _swept(standard, book, reading, rows, lambda sweep, columns: sweep.columns(columns, between=True))


def by_bits(standard: Standard, book: Rulebook, reading: Reading, rows: Sequence[Statuses]) -> list[Answer]:
    """Answer by the sweep over packed bits where a rulebook can be packed, else over columns."""
    composed = any(each.between for row in rows for each in row)

    def sweep_bits(sweep: Sweep, columns: Mapping[str, object]) -> Answers:
        return sweep.packed(sweep.pack(columns)) if sweep.program.measures_statuses_only and not composed else sweep.columns(columns, between=True)

    return _swept(standard, book, reading, rows, sweep_bits)


def _swept(
    standard: Standard, book: Rulebook, reading: Reading, rows: Sequence[Statuses], answered: Callable[[Sweep, Mapping[str, object]], Answers]
) -> list[Answer]:
    """Sweep rows; those in which other criteria are dominant are swept apart."""
    found: dict[int, Answer] = {}
    by_dominant: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(rows):
        dominant = tuple(each.criterion.id for each in row if each.significance != each.criterion.significance)
        by_dominant.setdefault(dominant, []).append(number)
    for dominant, numbers in by_dominant.items():
        sweep = compiled(standard, book, reading, dominant)
        columns = {}
        for place, criterion in enumerate(book.criteria):
            entries = [_entry(sweep, rows[number][place]) for number in numbers]
            columns[criterion.id] = np.array(entries, float if criterion.points is not None else np.uint8)
        answers = answered(sweep, columns)
        grades = answers.grades
        told = zip(numbers, answers.ids(), answers.low, answers.high, strict=True)
        found |= {number: (grade, grades[low], grades[high]) for number, grade, low, high in told}
    return [found[number] for number in range(len(rows))]


def _entry(sweep: Sweep, each: CriterionStatus) -> float:
    if each.criterion.points is not None:
        return {NOT_ASSESSED: math.nan, NOT_APPLICABLE: math.inf}.get(each.status) or float(Fraction(each.status))
    rank = sweep.standard.rank
    if each.status == NOT_ASSESSED and each.between:
        return sweep.program.open_code(rank[each.between[0]], rank[each.between[1]])
    return {NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE, **rank}[each.status]


EVALUATORS: Mapping[str, Evaluator] = {
    "reference": by_reference,
    "sweep": by_sweep,
    "bits": by_bits,
    **({"inference": by_inference} if available() else {}),
}
SPARING: Mapping[str, int] = {"inference": 5}
"""Evaluators too slow for a million cases: of the many that follow from a seed they answer one in so many."""


def inferred_from(standard: Standard, book: Rulebook, reading: Reading, statuses: Statuses) -> Inferred:
    """Let inference grade statuses; those that are another framework's grade, and the dominant criteria, reach it as such."""
    dominant = [judgement(book.rulebook, each.criterion.id, dominant=True) for each in statuses if each.significance != each.criterion.significance]
    composed = {each.criterion.id: each.between for each in statuses if each.between and each.status == NOT_ASSESSED}
    values = {each.criterion.id: each.status for each in statuses}
    inferred = infer(standard, book, reading, judgements=dominant, statuses=values, composed=composed)
    assert inferred is not None
    return inferred
