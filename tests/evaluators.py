"""The evaluators, each one function from the statuses of a rulebook's criteria to the answer. A further one is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adjudge import Rulebook, Standard
from adjudge.durable_host import available
from adjudge.inference import Inferred, infer
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED, Reading
from adjudge.status import CriterionStatus
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


EVALUATORS: Mapping[str, Evaluator] = {"reference": by_reference, **({"inference": by_inference} if available() else {})}
SPARING: Mapping[str, int] = {"inference": 10}
"""Evaluators too slow for a million cases: of the many that follow from a seed they answer one in so many."""


def inferred_from(standard: Standard, book: Rulebook, reading: Reading, statuses: Statuses) -> Inferred:
    """Let inference grade statuses; those that are another framework's grade, and the dominant criteria, reach it as such."""
    dominant = [judgement(book.rulebook, each.criterion.id, dominant=True) for each in statuses if each.significance != each.criterion.significance]
    composed = {each.criterion.id: each.between for each in statuses if each.between and each.status == NOT_ASSESSED}
    values = {each.criterion.id: each.status for each in statuses}
    inferred = infer(standard, book, reading, judgements=dominant, statuses=values, composed=composed)
    assert inferred is not None
    return inferred
