"""Three-valued conditions: what holds whatever the unknown values turn out to be, and what still may."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from adjudge.language import (
    AllHold,
    AnyHolds,
    AnyOf,
    Bound,
    Condition,
    Every,
    Joined,
    Measure,
    NotHolds,
    Number,
    NumberIs,
    Rounding,
    Share,
    conditions,
    exact,
    parts,
)
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Standard, selects
from adjudge.status import CriterionStatus


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjustment of a number: the points that it adds or takes, why, and what came of its condition."""

    by: Fraction
    text: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as far as it is known, from ``low`` to ``high``, and the adjustments and criteria that it is made of."""

    low: Fraction
    high: Fraction
    adjusted: tuple[Adjusted, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a condition.

    ``certain``: it holds whatever the unknowns are. ``possible``: it holds for some of them. For a measure of statuses, ``whole`` is the number of
    criteria that it is about, ``passing``, ``open`` and ``failing`` are those at or beyond the threshold, unknown, and short of it; ``needed`` of
    them is the edge of its bound. At least one criterion must be applicable: nothing holds of nothing. For a number, ``amount`` is what it is
    (None if no criterion is applicable), ``passing`` are the criteria whose points are known, and ``open`` the others. For a condition that joins
    others, ``parts`` are their outcomes.
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
    amount: Amount | None = None

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
        self._terms: dict[int, tuple[str, ...]] = {}
        self.outcomes: dict[tuple[int, tuple[str, ...]], Outcome] = {}

    def key(self, condition: Condition, reading: Reading) -> tuple[int, tuple[str, ...]]:
        """Return what the outcome of a condition depends on under a reading: the condition, and the values of the terms in it."""
        terms = self._terms.get(id(condition))
        if terms is None:
            terms = self._terms[id(condition)] = tuple(sorted(_terms(self.standard, condition)))
        return id(condition), tuple([reading.values[term] for term in terms])

    def partition(self, condition: Measure, threshold: str) -> Partition:
        """Divide the selected criteria into those at or beyond a status, those that may be or not, and those short of it."""
        key = id(condition), threshold
        if key not in self._partitions:
            self._partitions[key] = self._divide(condition, self.standard.rank[threshold])
        return self._partitions[key]

    def applicable(self, over: Measure | NumberIs | Number) -> list[CriterionStatus]:
        """Return the selected criteria that apply to the body."""
        selection = over.selection
        return [each for each in self.statuses if each.status != NOT_APPLICABLE and selects(selection, each.criterion, each.significance)]

    def _divide(self, condition: Measure, threshold: int) -> Partition:
        rank, rises = self.standard.rank, condition.rises
        passing: list[CriterionStatus] = []
        unknown: list[CriterionStatus] = []
        failing: list[CriterionStatus] = []
        for each in self.applicable(condition):
            ends = (each.status,) if each.status != NOT_ASSESSED else each.between or tuple(rank)
            passes = {(rank[end] >= threshold) if rises else (rank[end] <= threshold) for end in ends}
            (unknown if len(passes) == 2 else passing if passes == {True} else failing).append(each)
        return tuple(passing), tuple(unknown), tuple(failing)


def evaluate(condition: Condition, statuses: Statuses, reading: Reading) -> Outcome:
    """Evaluate a condition over the statuses of a rulebook's criteria."""
    key = statuses.key(condition, reading)
    if key not in statuses.outcomes:
        statuses.outcomes[key] = _evaluate(condition, statuses, reading)
    return statuses.outcomes[key]


def _evaluate(condition: Condition, statuses: Statuses, reading: Reading) -> Outcome:
    if isinstance(condition, Joined):
        return _join(condition, tuple(evaluate(part, statuses, reading) for part in parts(condition)), reading)
    if isinstance(condition, NumberIs):
        return _number_is(condition, statuses, reading)
    return _measure(condition, statuses, reading)


def _terms(standard: Standard, condition: Condition) -> set[str]:
    """Return the terms that a condition names, its parts and the adjustments of its number included."""
    found: set[str] = set()
    for each in conditions(condition):
        if isinstance(each, NumberIs) and each.number is not None:
            found.update(*(_terms(standard, adjustment.when) for adjustment in standard.numbers[each.number].adjust))
        found |= {getattr(each, name) for name in ("is_", "at_least", "at_most") if getattr(each, name, None) in standard.terms}
    return found


def _join(condition: Joined, outcomes: tuple[Outcome, ...], reading: Reading) -> Outcome:
    if isinstance(condition, NotHolds):
        (inner,) = outcomes
        return Outcome(condition, not inner.possible, not inner.certain, 0, 1, parts=outcomes)
    whole = len(outcomes)
    if isinstance(condition, AllHold):
        bound = Bound(rising=True, strict=False, value=Fraction(whole))
    elif isinstance(condition, AnyHolds):
        bound = _ONE
    else:
        bound = bound_of(condition.is_, reading)
    certain, possible = _between(bound, sum(outcome.certain for outcome in outcomes), sum(outcome.possible for outcome in outcomes))
    return Outcome(condition, certain, possible, bound.edge(), whole, parts=outcomes)


def _measure(condition: Measure, statuses: Statuses, reading: Reading) -> Outcome:
    threshold = reading.values.get(condition.threshold, condition.threshold)
    passing, unknown, failing = statuses.partition(condition, threshold)
    whole = len(passing) + len(unknown) + len(failing)
    if isinstance(condition, Every):
        bound = Bound(rising=True, strict=False, value=Fraction(whole))
    elif isinstance(condition, AnyOf):
        bound = _ONE
    else:
        bound = bound_of(condition.is_, reading)
    of = whole if isinstance(condition, Share) else 1
    certain, possible = _between(Bound(bound.rising, bound.strict, bound.value * of), len(passing), len(passing) + len(unknown))
    return Outcome(condition, whole > 0 and certain, whole > 0 and possible, bound.edge(of), whole, passing, unknown, failing)


def _number_is(condition: NumberIs, statuses: Statuses, reading: Reading) -> Outcome:
    number = statuses.standard.number(condition)
    selected = statuses.applicable(number)
    known = tuple(each for each in selected if each.status != NOT_ASSESSED)
    unknown = tuple(each for each in selected if each.status == NOT_ASSESSED)
    amount = amount_of(number, statuses, reading)
    certain, possible = _between(bound_of(condition.is_, reading), amount.low, amount.high) if amount else (False, False)
    return Outcome(condition, certain, possible, 0, len(selected), known, unknown, amount=amount)


def amount_of(number: Number, statuses: Statuses, reading: Reading) -> Amount | None:
    """Return a number as far as it is known, or None where no criterion that it is made of is applicable.

    The mean is weighted, and the weights of criteria that aren't applicable are left out: the others' are renormalised.
    """
    standard = statuses.standard
    weights, lows, highs = [], [], []
    for each in statuses.applicable(number):
        if each.status == NOT_ASSESSED:
            low, high = standard.point_range(each.criterion, each.between)
        else:
            low = high = standard.points_of(each.criterion, each.status)
        weights.append(exact(each.criterion.weight))
        lows.append(low)
        highs.append(high)
    if not weights:
        return None
    low, high = (_AGGREGATE[number.aggregate](weights, points) for points in (lows, highs))
    adjusted = []
    for adjustment in number.adjust:
        outcome, by = evaluate(adjustment.when, statuses, reading), exact(adjustment.by)
        shifts = [by if holds else Fraction(0) for holds in (outcome.certain, outcome.possible)]
        low, high = low + min(shifts), high + max(shifts)
        adjusted.append(Adjusted(by, adjustment.text, outcome))
    if number.round:
        low, high = rounded(low, number.round), rounded(high, number.round)
    return Amount(low, high, tuple(adjusted))


def _mean(weights: Sequence[Fraction], points: Sequence[Fraction]) -> Fraction:
    return sum((weight * each for weight, each in zip(weights, points, strict=True)), Fraction(0)) / sum(weights)


_AGGREGATE: dict[str, Callable[[Sequence[Fraction], Sequence[Fraction]], Fraction]] = {
    "sum": lambda _, points: sum(points, Fraction(0)),
    "mean": _mean,
    "minimum": lambda _, points: min(points),
    "maximum": lambda _, points: max(points),
}


def rounded(value: Fraction, rounding: Rounding) -> Fraction:
    """Round to the nearest multiple, halves by the mode; or down (floor) or up (ceiling) to one. Halves go up or down on the number line."""
    to = exact(rounding.to)
    steps = value / to
    floor = steps.numerator // steps.denominator
    rest = steps - floor
    half = Fraction(1, 2)
    up = {
        "floor": False,
        "ceiling": rest > 0,
        "half_up": rest >= half,
        "half_down": rest > half,
        "half_even": rest > half or (rest == half and floor % 2 == 1),
    }[rounding.mode]
    return (floor + up) * to


_ONE = Bound(rising=True, strict=False, value=Fraction(1))


def _between(bound: Bound, low: Fraction | int, high: Fraction | int) -> tuple[bool, bool]:
    """Say whether every amount from low to high keeps to a bound, and whether some amount does."""
    ends = bound.is_met(low), bound.is_met(high)
    return all(ends), any(ends)


def bound_of(text: str, reading: Reading) -> Bound:
    """Return the bound that a text, or the term that it names, stands for under a reading."""
    return _parsed(reading.values.get(text, text))


_parsed = functools.cache(Bound.parse)
