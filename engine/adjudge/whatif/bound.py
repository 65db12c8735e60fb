"""A lower bound for the exact search: what a formula costs at least from where its sums stand."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adjudge.whatif.aim import Formula, Holds, Joint

NEVER = 1 << 90
"""The cost of what can't be had."""


class Priced(Protocol):
    """What a choice adds to the sums, and what it costs."""

    @property
    def adds(self) -> tuple[int, ...]: ...

    @property
    def cost(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Lacks:
    """A sum that must come to be nought or more, or (not ``holds``) less than nought."""

    sum: int
    holds: bool


@dataclass(frozen=True, slots=True)
class _All:
    """Everything is needed: sums in families that no choice serves two of, so that their costs add up, and the rest."""

    families: tuple[tuple[_Lacks, ...], ...]
    rest: tuple[_Need, ...]


@dataclass(frozen=True, slots=True)
class _Some:
    """So many of the parts are needed."""

    count: int
    parts: tuple[_Need, ...]


_Need = bool | _Lacks | _All | _Some


@dataclass(frozen=True, slots=True)
class _Slope:
    """The least cost of moving a sum one way, if members could do things by halves: gains and costs as they mount up, the best value first."""

    gains: list[int]
    costs: list[int]

    def least(self, lacking: int) -> int:
        if lacking > self.gains[-1]:
            return NEVER
        place = bisect.bisect_left(self.gains, lacking)
        if place == 0:
            return 0
        gain, cost = self.gains[place] - self.gains[place - 1], self.costs[place] - self.costs[place - 1]
        return self.costs[place - 1] - (self.gains[place - 1] - lacking) * cost // gain


@dataclass
class LowerBound:
    """What a formula costs at least. ``items`` are numbers of members, each with its choices; sums at or beyond ``held`` are settled."""

    formula: Formula
    items: Sequence[tuple[int, Sequence[Priced]]]
    held: int
    _slopes: dict[tuple[int, _Lacks], _Slope] = field(default_factory=dict)
    _served: dict[_Lacks, frozenset[int]] = field(default_factory=dict)
    _needs: dict[tuple[int, ...], _Need] = field(default_factory=dict)

    def least(self, item: int, sums: Sequence[int], pattern: tuple[int, ...]) -> int:
        """Return the least cost from an item on; `NEVER` if it can't be had. ``pattern`` has the sums that are settled, the others as nought."""
        if pattern not in self._needs:
            self._needs[pattern] = self._need(self.formula, pattern, True)
        return self._cost(self._needs[pattern], item, sums)

    def _cost(self, need: _Need, item: int, sums: Sequence[int]) -> int:
        if isinstance(need, bool):
            return 0 if need else NEVER
        if isinstance(need, _Lacks):
            return self._slope(item, need).least(-sums[need.sum] if need.holds else sums[need.sum] + 1)
        if isinstance(need, _Some):
            return sorted([self._cost(part, item, sums) for part in need.parts])[need.count - 1]
        families = [sum([self._cost(each, item, sums) for each in family]) for family in need.families]
        return max(*families, *(self._cost(part, item, sums) for part in need.rest), 0, 0)

    def _need(self, formula: Formula, pattern: Sequence[int], holds: bool) -> _Need:
        """Return what is needed so that a formula holds, or doesn't."""
        if isinstance(formula, bool):
            return formula == holds
        if isinstance(formula, Holds):
            value = pattern[formula.sum]
            return (value >= self.held) == holds if abs(value) >= self.held else _Lacks(formula.sum, holds)
        assert isinstance(formula, Joint)
        number = len(formula.parts)

        def parts(hold: bool) -> list[_Need]:
            return [self._need(part, pattern, hold) for part in formula.parts]

        if holds:
            needs = [self._joined(formula.least, parts(True))] if formula.least else []
            needs += [self._joined(number - formula.most, parts(False))] if formula.most < number else []
            return self._joined(len(needs), needs)
        ways = [self._joined(number - formula.least + 1, parts(False))] if formula.least else []
        ways += [self._joined(formula.most + 1, parts(True))] if formula.most < number else []
        return self._joined(1, ways)

    def _joined(self, count: int, parts: Sequence[_Need]) -> _Need:
        """Return the need for so many of some parts."""
        count -= sum(part is True for part in parts)
        rest = [part for part in parts if not isinstance(part, bool)]
        if count <= 0:
            return True
        if count > len(rest):
            return False
        if count < len(rest):
            return _Some(count, tuple(rest))
        if len(rest) == 1:
            return rest[0]
        leaves = [part for part in rest if isinstance(part, _Lacks)]
        leaves += [leaf for part in rest if isinstance(part, _All) for family in part.families for leaf in family]
        others: list[_Need] = [part for part in rest if isinstance(part, _Some)]
        others += [other for part in rest if isinstance(part, _All) for other in part.rest]
        return _All(self._families(dict.fromkeys(leaves)), tuple(others))

    def _families(self, leaves: Collection[_Lacks]) -> tuple[tuple[_Lacks, ...], ...]:
        serving = {leaf: self._serving(leaf) for leaf in leaves}
        families: list[tuple[list[_Lacks], set[int]]] = []
        for leaf in sorted(leaves, key=lambda leaf: (-len(serving[leaf]), leaf.sum)):
            for family, items in families:
                if not items & serving[leaf]:
                    family.append(leaf)
                    items |= serving[leaf]
                    break
            else:
                families.append(([leaf], set(serving[leaf])))
        return tuple(tuple(family) for family, _ in families)

    def _serving(self, leaf: _Lacks) -> frozenset[int]:
        """Return the items that can help a sum on."""
        if leaf not in self._served:
            found = (place for place, item in enumerate(self.items) if any(_gain(each, leaf) > 0 for each in item[1]))
            self._served[leaf] = frozenset(found)
        return self._served[leaf]

    def _slope(self, item: int, leaf: _Lacks) -> _Slope:
        key = item, leaf
        if key not in self._slopes:
            segments = []
            for members, choices in self.items[item:]:
                segments += [(gain * members, cost * members) for gain, cost in _hull([(_gain(each, leaf), each.cost) for each in choices])]
            gains, costs = [0], [0]
            for gain, cost in sorted(segments, key=lambda segment: segment[1] / segment[0]):
                gains.append(gains[-1] + gain)
                costs.append(costs[-1] + cost)
            self._slopes[key] = _Slope(gains, costs)
        return self._slopes[key]


def _gain(choice: Priced, leaf: _Lacks) -> int:
    return choice.adds[leaf.sum] if leaf.holds else -choice.adds[leaf.sum]


def _hull(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the steps (gain, cost) along the lower convex hull of nought and some points, those that gain nothing left out."""
    hull = [(0, 0)]
    for gain, cost in sorted(points):
        if gain <= 0 or (gain == hull[-1][0] and cost >= hull[-1][1]):
            continue
        while len(hull) > 1 and (
            gain == hull[-1][0] or (cost - hull[-1][1]) * (hull[-1][0] - hull[-2][0]) <= (hull[-1][1] - hull[-2][1]) * (gain - hull[-1][0])
        ):
            hull.pop()
        hull.append((gain, cost))
    return [(after[0] - before[0], after[1] - before[1]) for before, after in itertools.pairwise(hull)]
