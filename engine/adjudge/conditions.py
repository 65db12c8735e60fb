"""Three-valued conditions: what holds whatever the unknown statuses turn out to be, and what still may."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from adjudge.rulebook import (
    NOT_APPLICABLE,
    NOT_ASSESSED,
    AllHold,
    AnyHolds,
    AnyOf,
    Bound,
    Condition,
    Count,
    CountHold,
    Every,
    Measure,
    Reading,
    Standard,
    parts,
)
from adjudge.status import CriterionStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a condition.

    ``certain``: it holds whatever the unknowns are. ``possible``: it holds for some of them. For a measure, ``whole`` is the number of criteria
    that it is about, ``passing``, ``open`` and ``failing`` are those at or beyond the threshold, unknown, and short of it; ``needed`` of them
    must pass, and at least one criterion must be applicable: nothing holds of nothing. For a condition that joins others, ``parts`` are their
    outcomes and ``needed`` of them must hold.
    """

    condition: Condition
    certain: bool
    possible: bool
    needed: int
    whole: int
    passing: tuple[CriterionStatus, ...] = ()
    open: tuple[CriterionStatus, ...] = ()
    failing: tuple[CriterionStatus, ...] = ()
    parts: tuple[Outcome, ...] = ()

    @property
    def holds(self) -> bool | None:
        """True, False, or None while it depends on what isn't known."""
        return True if self.certain else None if self.possible else False


Partition = tuple[tuple[CriterionStatus, ...], tuple[CriterionStatus, ...], tuple[CriterionStatus, ...]]


class Statuses:
    """The statuses of a rulebook's criteria, remembering how each measure divides them: evaluating many readings asks the same again and again."""

    def __init__(self, standard: Standard, statuses: Sequence[CriterionStatus]) -> None:
        self.standard = standard
        self.statuses = statuses
        self._partitions: dict[tuple[int, str], Partition] = {}

    def partition(self, condition: Measure, threshold: str) -> Partition:
        """Divide the selected criteria into those at or beyond a status, those not assessed, and those short of it."""
        key = id(condition), threshold
        if key not in self._partitions:
            self._partitions[key] = self._divide(condition, self.standard.rank[threshold])
        return self._partitions[key]

    def _divide(self, condition: Measure, threshold: int) -> Partition:
        rank, selection, rises = self.standard.rank, condition.selection, condition.rises
        passing, unknown, failing = [], [], []
        for each in self.statuses:
            if each.status == NOT_APPLICABLE or not selection.matches(each.criterion, each.significance):
                continue
            if each.status == NOT_ASSESSED:
                unknown.append(each)
            elif (rank[each.status] >= threshold) if rises else (rank[each.status] <= threshold):
                passing.append(each)
            else:
                failing.append(each)
        return tuple(passing), tuple(unknown), tuple(failing)


def evaluate(condition: Condition, statuses: Statuses, reading: Reading) -> Outcome:
    """Evaluate a condition over the statuses of a rulebook's criteria."""
    if isinstance(condition, AllHold | AnyHolds | CountHold):
        outcomes = tuple(evaluate(part, statuses, reading) for part in parts(condition))
        if isinstance(condition, AllHold):
            needed = len(outcomes)
        elif isinstance(condition, AnyHolds):
            needed = 1
        else:
            needed = bound_of(condition.is_, reading).least()
        certain = sum(outcome.certain for outcome in outcomes) >= needed
        possible = sum(outcome.possible for outcome in outcomes) >= needed
        return Outcome(condition, certain, possible, needed, len(outcomes), parts=outcomes)
    return _measure(condition, statuses, reading)


def _measure(condition: Measure, statuses: Statuses, reading: Reading) -> Outcome:
    threshold = reading.values.get(condition.threshold, condition.threshold)
    passing, unknown, failing = statuses.partition(condition, threshold)
    whole = len(passing) + len(unknown) + len(failing)
    if isinstance(condition, Every):
        needed = whole
    elif isinstance(condition, AnyOf):
        needed = 1
    elif isinstance(condition, Count):
        needed = bound_of(condition.is_, reading).least()
    else:
        needed = bound_of(condition.is_, reading).least(whole)
    certain = whole > 0 and len(passing) >= needed
    possible = whole > 0 and len(passing) + len(unknown) >= needed
    return Outcome(condition, certain, possible, needed, whole, passing, unknown, failing)


def bound_of(text: str, reading: Reading) -> Bound:
    """Return the bound that a text, or the term that it names, stands for under a reading."""
    return _parsed(reading.values.get(text, text))


_parsed = functools.cache(Bound.parse)
