"""The evaluators, each as one function from the statuses of a rulebook's criteria to the answer. A further evaluator is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adjudge import Rulebook, Standard
from adjudge.durable_host import available
from adjudge.inference import Inferred, infer
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED, Reading
from adjudge.status import CriterionStatus
from tests.strategies import judgement

Answer = tuple[str | None, str, str]
"""The grade, or None while it is open, and the worst and the best grade of its range."""
Evaluator = Callable[[Standard, Rulebook, Reading, Sequence[CriterionStatus]], Answer]


def by_reference(standard: Standard, book: Rulebook, reading: Reading, statuses: Sequence[CriterionStatus]) -> Answer:
    """Answer by the reference."""
    return evaluate(standard, statuses, reading).answer


def by_inference(standard: Standard, book: Rulebook, reading: Reading, statuses: Sequence[CriterionStatus]) -> Answer:
    """Answer by inference."""
    inferred = inferred_from(standard, book, reading, statuses)
    return inferred.grade, inferred.low, inferred.high


EVALUATORS: Mapping[str, Evaluator] = {"reference": by_reference, **({"inference": by_inference} if available() else {})}


def inferred_from(standard: Standard, book: Rulebook, reading: Reading, statuses: Sequence[CriterionStatus]) -> Inferred:
    """Let inference grade statuses; those that are another framework's grade, and the dominant criteria, reach it as such."""
    dominant = [judgement(book.rulebook, each.criterion.id, dominant=True) for each in statuses if each.significance != each.criterion.significance]
    composed = {each.criterion.id: each.between for each in statuses if each.between and each.status == NOT_ASSESSED}
    values = {each.criterion.id: each.status for each in statuses}
    inferred = infer(standard, book, reading, judgements=dominant, statuses=values, composed=composed)
    assert inferred is not None
    return inferred
