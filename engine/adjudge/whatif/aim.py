"""What a grade asks for, as sums: every condition of a standard is a formula over sums of whole numbers, to which each criterion adds its part."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from adjudge.conditions import bound_of
from adjudge.language import (
    AllHold,
    AnyHolds,
    AnyOf,
    Bound,
    Condition,
    Count,
    Every,
    Joined,
    Measure,
    NotHolds,
    Number,
    NumberIs,
    Rounding,
    Selection,
    exact,
    parts,
)
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Limit, Reading, Standard, selects
from adjudge.status import CriterionStatus

Part = Callable[[CriterionStatus], Fraction]
"""What an applicable, selected criterion adds to a sum."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over the selected criteria that must be nought or more, or, ``strict``, more than nought. ``start`` is what it begins with."""

    selection: Selection
    part: Part
    start: Fraction
    strict: bool


Key = tuple[object, ...]
"""What tells sums apart, under whatever reading."""


@dataclass(frozen=True, slots=True)
class Column:
    """One sum in whole numbers: where it stands, and what each option of each row adds to it."""

    start: int
    adds: list[list[int]]


@dataclass(frozen=True, slots=True)
class Columns:
    """All sums: where they stand, and for each row what each of its options adds to them."""

    start: list[int]
    adds: list[list[tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Holds:
    """A sum, by its place, is as it must be."""

    sum: int


@dataclass(frozen=True, slots=True)
class Joint:
    """The number of parts that hold is at least one number and at most another."""

    parts: tuple[Formula, ...]
    least: int
    most: int


Formula = bool | Holds | Joint
Mode = Literal["certain", "possible"]


def joint(parts: Iterable[Formula], least: int, most: int) -> Formula:
    """Return the formula for a number of parts that hold, as simple as what is settled already makes it."""
    rest = []
    for part in parts:
        if part is True:
            least, most = least - 1, most - 1
        elif part is not False:
            rest.append(part)
    if most < max(least, 0) or least > len(rest):
        return False
    if least <= 0 and most >= len(rest):
        return True
    if len(rest) == 1 and least == 1:
        return rest[0]
    return Joint(tuple(rest), max(least, 0), min(most, len(rest)))


def every(*formulas: Formula) -> Formula:
    """Return the formula that holds where all of these do."""
    different = tuple(dict.fromkeys(_flat(formulas)))
    return joint(different, len(different), len(different))


def some(*formulas: Formula) -> Formula:
    """Return the formula that holds where one of these does."""
    different = tuple(dict.fromkeys(formulas))
    return joint(different, 1, len(different))


def opposite(formula: Formula) -> Formula:
    """Return the formula that holds where this one doesn't."""
    if isinstance(formula, Joint) and len(formula.parts) == 1 and formula.most == 0:
        return formula.parts[0]
    return joint((formula,), 0, 0)


def _flat(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Yield what all must hold, within those that ask for all of theirs too."""
    for each in formulas:
        if isinstance(each, Joint) and each.least == len(each.parts):
            yield from _flat(each.parts)
        else:
            yield each


def renumbered(formula: Formula, places: Mapping[int, int | bool]) -> Formula:
    """Return a formula whose sums have other places, or are settled."""
    if isinstance(formula, Holds):
        place = places[formula.sum]
        return place if isinstance(place, bool) else Holds(place)
    if isinstance(formula, Joint):
        parts = [renumbered(part, places) for part in formula.parts]
        if formula.least == len(parts):
            return every(*parts)
        return some(*parts) if (formula.least, formula.most) == (1, len(parts)) else joint(parts, formula.least, formula.most)
    return formula


def sums_of(formula: Formula) -> frozenset[int]:
    """Return the places of the sums that a formula is about."""
    if isinstance(formula, Holds):
        return frozenset({formula.sum})
    return frozenset().union(*(sums_of(part) for part in formula.parts)) if isinstance(formula, Joint) else frozenset()


class Aim:
    """The sums of a standard under a reading, and the formulas over them for "at least", "at most" and "exactly" a grade.

    Follows `reference`: the worst end of a range takes what is certain of a reach or floor and what is possible of a cap, the best end the reverse.
    """

    def __init__(self, standard: Standard, reading: Reading) -> None:
        self.standard = standard
        self.reading = reading
        self.sums: list[Sum] = []
        self.keys: dict[Key, int] = {}

    def at_least(self, grade: str) -> Formula:
        """Return when both ends of the proposal are at least a grade."""
        return every(*(self._end(self.standard.grade_rank[grade], best) for best in (False, True)))

    def at_most(self, grade: str) -> Formula:
        """Return when both ends of the proposal are at most a grade."""
        above = self.standard.grade_rank[grade] + 1
        if above == len(self.standard.grades):
            return True
        return every(*(opposite(self._end(above, best)) for best in (False, True)))

    def exactly(self, grade: str) -> Formula:
        """Return when the proposal is a grade, and no other."""
        return every(self.at_least(grade), self.at_most(grade))

    def over(self, rows: Sequence[CriterionStatus], options: Sequence[Sequence[CriterionStatus]], kept: dict[Key, Column] | None = None) -> Columns:
        """Return, in whole numbers, where the sums stand over ``rows``, and what each option of each row adds to them.

        All sums must then be nought or more: one that must be more than nought is taken less one. ``kept`` remembers what other readings share.
        """
        kept = {} if kept is None else kept
        for key, each in zip(self.keys, self.sums, strict=True):
            if key not in kept:
                kept[key] = self._column(each, rows, options)
        columns = [kept[key] for key in self.keys]
        adds = [[tuple([column.adds[place][option] for column in columns]) for option in range(len(able))] for place, able in enumerate(options)]
        return Columns([column.start for column in columns], adds)

    def _column(self, each: Sum, rows: Sequence[CriterionStatus], options: Sequence[Sequence[CriterionStatus]]) -> Column:
        def adds(row: CriterionStatus) -> Fraction:
            applies = row.status != NOT_APPLICABLE and selects(each.selection, row.criterion, row.significance)
            return each.part(row) if applies else Fraction(0)

        now = [adds(row) for row in rows]
        changed = [[adds(option) - before for option in able] for before, able in zip(now, options, strict=True)]
        start = each.start + sum(now, Fraction(0))
        scale = math.lcm(start.denominator, *(value.denominator for able in changed for value in able))
        return Column(int(start * scale) - each.strict, [[int(value * scale) for value in able] for able in changed])

    def _end(self, rank: int, best: bool) -> Formula:
        """Return when one end of the proposal has at least a rank: the first grade reached, lifted by the floors, then capped."""
        standard, grade_rank = self.standard, self.standard.grade_rank
        mode: Mode = "possible" if best else "certain"
        reached: Formula = grade_rank[standard.otherwise.grade] >= rank
        for reach in reversed(standard.reach):
            if grade_rank[reach.grade] >= rank:
                reached = some(self._formula(reach.when, mode), reached)
            elif reached is not False:
                reached = every(opposite(self._formula(reach.when, mode)), reached)
        floors = [self._limit(limit, best) for limit in standard.limits if not limit.caps and grade_rank[limit.grade] >= rank]
        caps = [opposite(self._limit(limit, best)) for limit in standard.limits if limit.caps and grade_rank[limit.grade] < rank]
        return every(some(reached, *floors), *caps)

    def _limit(self, limit: Limit, best: bool) -> Formula:
        return self._formula(limit.when, "certain" if best == limit.caps else "possible")

    def _formula(self, condition: Condition, mode: Mode) -> Formula:
        if isinstance(condition, Joined):
            return self._joined(condition, mode)
        if isinstance(condition, NumberIs):
            number = self.standard.number(condition)
            return every(self._some_apply(number.selection), self._number(number, bound_of(condition.is_, self.reading), mode))
        return every(self._some_apply(condition.selection), self._measure(condition, mode))

    def _joined(self, condition: Joined, mode: Mode) -> Formula:
        if isinstance(condition, NotHolds):
            return opposite(self._formula(condition.not_, _other(mode)))
        found = parts(condition)
        if isinstance(condition, AllHold | AnyHolds):
            within = [self._formula(part, mode) for part in found]
            return every(*within) if isinstance(condition, AllHold) else some(*within)
        bound = bound_of(condition.is_, self.reading)
        within = [self._formula(part, mode if bound.rising else _other(mode)) for part in found]
        return joint(within, bound.edge(), len(found)) if bound.rising else joint(within, 0, bound.edge())

    def _some_apply(self, selection: Selection) -> Formula:
        return self._sum(("applies", selection), selection, lambda _: Fraction(1), Fraction(-1), False)

    def _sum(self, key: Key, selection: Selection, part: Part, start: Fraction, strict: bool) -> Formula:
        if key not in self.keys:
            self.keys[key] = len(self.sums)
            self.sums.append(Sum(selection, part, start, strict))
        return Holds(self.keys[key])

    def _measure(self, condition: Measure, mode: Mode) -> Formula:
        rank = self.standard.rank
        threshold = rank[self.reading.values.get(condition.threshold, condition.threshold)]
        rises = condition.rises
        bound = _ONE if isinstance(condition, Every | AnyOf) else bound_of(condition.is_, self.reading)
        unknown_passes = (mode == "possible") == bound.rising
        of_all = not isinstance(condition, Count | AnyOf)
        each_takes = bound.value if of_all else Fraction(0)
        sign = 1 if bound.rising else -1

        def passes(row: CriterionStatus) -> bool:
            ends = (row.status,) if row.status != NOT_ASSESSED else row.between or tuple(rank)
            found = {(rank[end] >= threshold) if rises else (rank[end] <= threshold) for end in ends}
            return unknown_passes if len(found) == 2 else found == {True}

        def part(row: CriterionStatus) -> Fraction:
            return sign * (passes(row) - each_takes)

        key = ("measure", condition.selection, rises, threshold, bound, of_all, unknown_passes)
        start = Fraction(0) if of_all else -sign * bound.value
        return self._sum(key, condition.selection, part, start, bound.strict)

    def _number(self, number: Number, bound: Bound, mode: Mode) -> Formula:
        """Return when an aggregate, adjusted and rounded, keeps to a bound: one case for each way the adjustments' conditions can turn out."""
        low = (mode == "certain") == bound.rising
        shifts = []
        for adjustment in number.adjust:
            by = exact(adjustment.by)
            shifts.append((by, self._formula(adjustment.when, "certain" if (by > 0) == low else "possible")))
        cases = []
        for applied in itertools.product((False, True), repeat=len(shifts)):
            added = sum((by for (by, _), applies in zip(shifts, applied, strict=True) if applies), Fraction(0))
            when = [formula if applies else opposite(formula) for (_, formula), applies in zip(shifts, applied, strict=True)]
            raw = before_rounding(bound, number.round) if number.round else bound
            cases.append(every(*when, self._aggregate(number, replace(raw, value=raw.value - added), low)))
        return some(*cases)

    def _aggregate(self, number: Number, bound: Bound, low: bool) -> Formula:
        sign = 1 if bound.rising else -1

        def points(row: CriterionStatus) -> Fraction:
            if row.status == NOT_ASSESSED:
                return self.standard.point_range(row.criterion, row.between)[0 if low else 1]
            return self.standard.points_of(row.criterion, row.status)

        key = ("number", number.aggregate, number.selection, bound, low)
        if number.aggregate == "sum":
            return self._sum(key, number.selection, lambda row: sign * points(row), -sign * bound.value, bound.strict)
        if number.aggregate == "mean":
            return self._sum(
                key, number.selection, lambda row: sign * exact(row.criterion.weight) * (points(row) - bound.value), Fraction(0), bound.strict
            )
        if (number.aggregate == "minimum") == bound.rising:
            return self._sum(key, number.selection, lambda row: Fraction(bound.is_met(points(row)) - 1), Fraction(0), False)
        return self._sum(key, number.selection, lambda row: Fraction(bound.is_met(points(row))), Fraction(-1), False)


_ONE = Bound(rising=True, strict=False, value=Fraction(1))


def _other(mode: Mode) -> Mode:
    return "possible" if mode == "certain" else "certain"


def before_rounding(bound: Bound, rounding: Rounding) -> Bound:
    """Return the bound that a number must keep to so that, rounded, it keeps to the one given."""
    to = exact(rounding.to)
    if not bound.rising:
        rising = before_rounding(Bound(rising=True, strict=not bound.strict, value=bound.value), rounding)
        return Bound(rising=False, strict=not rising.strict, value=rising.value)
    steps = bound.value / to
    least = math.floor(steps) + 1 if bound.strict or steps.denominator > 1 else int(steps)
    down = {
        "floor": Fraction(0),
        "ceiling": Fraction(1),
        "half_up": Fraction(1, 2),
        "half_down": Fraction(1, 2),
        "half_even": Fraction(1, 2),
    }[rounding.mode]
    strict = rounding.mode in ("ceiling", "half_down") or (rounding.mode == "half_even" and least % 2 == 1)
    return Bound(rising=True, strict=strict, value=(least - down) * to)
