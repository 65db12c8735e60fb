"""Three-valued conditions: what holds whatever the unknown statuses turn out to be, and what still may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    Reading,
    Share,
    Standard,
    parts,
)
from adjudge.status import CriterionStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a condition.

    ``certain``: it holds whatever the unknowns are. ``possible``: it holds for some of them. For a measure, ``whole`` is the number of criteria
    that it is about, ``passing``, ``open`` and ``failing`` are those at or beyond the threshold, unknown, and short of it; ``needed`` of them
    must pass. For a condition that joins others, ``parts`` are their outcomes and ``needed`` of them must hold.
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


def evaluate(condition: Condition, standard: Standard, statuses: Sequence[CriterionStatus], reading: Reading) -> Outcome:
    """Evaluate a condition over the statuses of a rulebook's criteria."""
    if isinstance(condition, AllHold | AnyHolds | CountHold):
        outcomes = tuple(evaluate(part, standard, statuses, reading) for part in parts(condition))
        if isinstance(condition, AllHold):
            needed = len(outcomes)
        elif isinstance(condition, AnyHolds):
            needed = 1
        else:
            needed = bound_of(condition.is_, reading).least()
        certain = sum(outcome.certain for outcome in outcomes) >= needed
        possible = sum(outcome.possible for outcome in outcomes) >= needed
        return Outcome(condition, certain, possible, needed, len(outcomes), parts=outcomes)
    return _measure(condition, standard, statuses, reading)


def _measure(condition: Every | AnyOf | Count | Share, standard: Standard, statuses: Sequence[CriterionStatus], reading: Reading) -> Outcome:
    threshold = standard.rank[reading.values.get(condition.threshold, condition.threshold)]
    selected = [each for each in statuses if each.status != NOT_APPLICABLE and condition.selection.matches(each.criterion, each.significance)]
    passing, unknown, failing = [], [], []
    for each in selected:
        if each.status == NOT_ASSESSED:
            unknown.append(each)
        elif (standard.rank[each.status] >= threshold) if condition.rises else (standard.rank[each.status] <= threshold):
            passing.append(each)
        else:
            failing.append(each)
    whole = len(selected)
    if isinstance(condition, Every):
        needed = whole
    elif isinstance(condition, AnyOf):
        needed = 1
    elif isinstance(condition, Count):
        needed = bound_of(condition.is_, reading).least()
    else:
        needed = bound_of(condition.is_, reading).least(whole)
    certain = len(passing) >= needed
    possible = len(passing) + len(unknown) >= needed
    if isinstance(condition, Share) and whole == 0:
        certain, possible = False, True
    return Outcome(condition, certain, possible, needed, whole, tuple(passing), tuple(unknown), tuple(failing))


def bound_of(text: str, reading: Reading | Mapping[str, str]) -> Bound:
    """Return the bound that a text, or the term that it names, stands for under a reading."""
    values = reading.values if isinstance(reading, Reading) else reading
    return Bound.parse(values.get(text, text))
