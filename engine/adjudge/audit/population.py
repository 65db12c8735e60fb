"""A rulebook's criteria in groups of those that no rule can tell apart, and the cases over them: how many of each group have which value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import z3

from adjudge.audit.logic import Truth, Whole, all_of, choose, total
from adjudge.language import Condition, Measure, NumberIs, Selection, conditions, exact, written
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Criterion, Limit, Reach, Rulebook, Standard, selects
from adjudge.status import CriterionStatus

SCORED = "scored"
"""Stands in a case for the known points of a criterion whose scale isn't a list."""
DECIMALS = 6
"""How many decimals the points of such a scale may have: the audit speaks of those."""


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria alike in tier, significance, weight, values and in which selections take them.

    ``values`` are those that a criterion can have, the worst first; or just `SCORED`, for a single criterion with any points from ``ends[0]``, the
    worst, to ``ends[1]``, the best. ``points`` are what each value is worth. All points are whole numbers on the population's scale.
    """

    criteria: tuple[Criterion, ...]
    significance: str | None
    values: tuple[str, ...]
    weight: int
    points: Mapping[str, int]
    ends: tuple[int, int]
    size: int

    @property
    def first(self) -> Criterion:
        """The criterion that stands for all."""
        return self.criteria[0]

    @property
    def scored(self) -> bool:
        """Whether its value is points on a scale that isn't a list."""
        return self.values == (SCORED,)

    def taken_by(self, selection: Selection) -> bool:
        """Say whether a selection takes its criteria."""
        return selects(selection, self.first, self.significance)


@dataclass(frozen=True)
class Case:
    """How many criteria of each group have each value, are not assessed, or not applicable; and the points of those that are `SCORED`.

    Numbers are plain, or z3 expressions: one symbolic case stands for all.
    """

    counts: Mapping[tuple[int, str], Whole]
    points: Mapping[int, Whole]
    sums: dict[tuple[tuple[int, ...], tuple[str, ...]], Whole] = field(default_factory=dict, compare=False, repr=False)
    """How many criteria of some groups have one of some values, where that was asked before."""

    def number(self, groups: tuple[int, ...], values: tuple[str, ...]) -> Whole:
        """Return how many criteria of some groups have one of some values."""
        if (groups, values) not in self.sums:
            self.sums[groups, values] = total(self.counts[group, value] for group in groups for value in values)
        return self.sums[groups, values]

    def moved(self, group: int, value: str, to: str, other: int | None = None) -> Case:
        """Return the case with one criterion's value changed, or (``other``) moved into another group."""
        counts = dict(self.counts)
        counts[group, value] = counts[group, value] - 1
        target = group if other is None else other
        counts[target, to] = counts[target, to] + 1
        return Case(counts, self.points)

    def scored(self, group: int, points: Whole) -> Case:
        """Return the case with other points of the one criterion of a group."""
        return Case(self.counts, {**self.points, group: points})


class Population:
    """The groups of a rulebook.

    ``twins`` holds, for a group whose criteria have statuses and could be made dominant, the empty group that they would join.
    """

    def __init__(self, standard: Standard, book: Rulebook) -> None:
        self.standard = standard
        self.book = book
        self.selections = tuple(dict.fromkeys(_selections(standard)))
        self.scale = self._common_scale()
        self.weights = math.lcm(1, *(exact(each.weight).denominator for each in book.criteria))
        found: dict[object, list[Criterion]] = {}
        for criterion in book.criteria:
            found.setdefault(self._likeness(criterion), []).append(criterion)
        groups = [self._group(tuple(alike), alike[0].significance, len(alike)) for alike in found.values()]
        self.actual = len(groups)
        self.twins: dict[int, int] = {}
        top = standard.top_significance
        for index in range(self.actual):
            if top is not None and groups[index].significance != top and groups[index].first.points is None:
                self.twins[index] = len(groups)
                groups.append(self._group(groups[index].criteria, top, 0))
        self.groups = tuple(groups)
        self._taken: dict[int, tuple[int, ...]] = {}

    def taken(self, selection: Selection) -> tuple[int, ...]:
        """Return the places of the groups that a selection of the standard takes."""
        if id(selection) not in self._taken:
            self._taken[id(selection)] = tuple(place for place, group in enumerate(self.groups) if group.taken_by(selection))
        return self._taken[id(selection)]

    def symbolic(self, name: str, unknown: bool, inapplicable: bool) -> tuple[Case, Truth]:
        """Return the case that stands for all, those with unknown and inapplicable values if so asked, and what is true of every case."""
        counts: dict[tuple[int, str], Whole] = {}
        points: dict[int, Whole] = {}
        rules: list[Truth] = []
        for place, group in enumerate(self.groups):
            also = [NOT_ASSESSED] * unknown + [NOT_APPLICABLE] * inapplicable
            for value in (*group.values, NOT_ASSESSED, NOT_APPLICABLE):
                there = group.size > 0 and value in (*group.values, *also)
                counts[place, value] = z3.Int(f"{name}:{place}:{value}") if there else 0
                if there:
                    rules.append(counts[place, value] >= 0)
            if group.size:
                rules.append(total(counts[place, value] for value in (*group.values, *also)) == group.size)
            if group.scored:
                points[place] = z3.Int(f"{name}:{place}:points")
                rules += [points[place] >= min(group.ends), points[place] <= max(group.ends)]
        return Case(counts, points), all_of(rules)

    def completed(self, case: Case, best: bool) -> Case:
        """Return a case with everything unknown at its best, or at its worst."""
        counts, points = dict(case.counts), dict(case.points)
        for place, group in enumerate(self.groups):
            unknown = counts[place, NOT_ASSESSED]
            value = group.values[-1 if best else 0]
            if group.scored:
                end = group.ends[1 if best else 0]
                points[place] = choose(unknown > 0, end, points[place])
            counts[place, value] = total((counts[place, value], unknown))
            counts[place, NOT_ASSESSED] = 0
        return Case(counts, points)

    def exceptions(self, case: Case) -> Whole:
        """Return how many criteria of a case don't simply have their best value: what the smallest counterexample has fewest of."""
        parts: list[Whole] = []
        for place, group in enumerate(self.groups):
            parts += [case.counts[place, value] for value in (*group.values[:-1], NOT_ASSESSED, NOT_APPLICABLE)]
            if group.scored:
                parts.append(choose(case.points[place] != group.ends[1], 1, 0))
        return total(parts)

    def statuses(self, case: Case, like: Mapping[str, str] | None = None) -> tuple[CriterionStatus, ...]:
        """Return the criteria of a plain case with their values: those that they have in ``like`` as far as may be, else the worst first."""
        found: dict[str, CriterionStatus] = {}
        for place, group in enumerate(self.groups[: self.actual]):
            places = (place, self.twins[place]) if place in self.twins else (place,)
            left = [
                (index, value)
                for index in places
                for value in (*group.values, NOT_ASSESSED, NOT_APPLICABLE)
                for _ in range(case.counts[index, value])
            ]
            kept: dict[str, tuple[int, str]] = {}
            for criterion in group.criteria:
                as_before = (place, (like or {}).get(criterion.id, ""))
                if as_before in left:
                    left.remove(as_before)
                    kept[criterion.id] = as_before
            rest = iter(left)
            for criterion in group.criteria:
                index, value = kept.get(criterion.id) or next(rest)
                plain = written(Fraction(case.points[index], self.scale)) if value == SCORED else value
                found[criterion.id] = CriterionStatus(criterion, plain, self.groups[index].significance)
        return tuple(found[criterion.id] for criterion in self.book.criteria)

    def _common_scale(self) -> int:
        """Return the whole number that makes whole numbers of all points, and of what points are rounded to."""
        standard = self.standard
        amounts = [exact(each) for each in (standard.points.statuses.values() if standard.points else ())]
        for number in standard.numbers.values():
            amounts += [exact(adjustment.by) for adjustment in number.adjust] + ([exact(number.round.to)] if number.round else [])
        scales = [criterion.points for criterion in self.book.criteria if criterion.points]
        amounts += [exact(each) for scale in scales for each in (scale.from_, scale.to, *scale.one_of)]
        amounts += [Fraction(1, 10**DECIMALS) for scale in scales if not scale.one_of]
        return math.lcm(1, *(amount.denominator for amount in amounts))

    def _likeness(self, criterion: Criterion) -> object:
        scale = criterion.points
        taken = tuple(selects(each, criterion, criterion.significance) for each in self.selections)
        raised = tuple(selects(each, criterion, self.standard.top_significance) for each in self.selections)
        alone = criterion.id if scale and not scale.one_of else None
        return criterion.tier, criterion.significance, criterion.weight, scale and scale.one_of, alone, taken, raised

    def _group(self, criteria: tuple[Criterion, ...], significance: str | None, size: int) -> Group:
        standard, first = self.standard, criteria[0]
        points: dict[str, int] = {}
        ends = (0, 0)
        if first.points is None:
            values = tuple(standard.statuses)
            if standard.points and standard.points.statuses:
                points = {value: int(standard.points_of(first, value) * self.scale) for value in values}
        elif first.points.one_of:
            values = tuple(sorted((written(each) for each in first.points.one_of), key=standard.goodness))
            points = {value: int(exact(value) * self.scale) for value in values}
        else:
            low, high = int(exact(first.points.from_) * self.scale), int(exact(first.points.to) * self.scale)
            values, ends = (SCORED,), (low, high) if standard.points and standard.points.better == "higher" else (high, low)
        return Group(criteria, significance, values, int(exact(first.weight) * self.weights), points, ends, size)


def _selections(standard: Standard) -> Iterator[Selection]:
    def within(condition: Condition) -> Iterator[Selection]:
        for each in conditions(condition):
            if isinstance(each, Measure) or (isinstance(each, NumberIs) and each.number is None):
                yield each.selection

    rules: tuple[Reach | Limit, ...] = (*standard.reach, *standard.limits)
    for rule in rules:
        yield from within(rule.when)
    for number in standard.numbers.values():
        yield number.selection
        for adjustment in number.adjust:
            yield from within(adjustment.when)
