"""A lower bound for the exact search: what it costs at least to make good the sums that can't be done without."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Priced(Protocol):
    """What a choice adds to the sums, and what it costs."""

    @property
    def adds(self) -> tuple[int, ...]: ...

    @property
    def cost(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Slope:
    """The least cost of adding to a sum, if members could do things by halves: gains and costs as they mount up, the best value first."""

    gains: list[int]
    costs: list[int]

    def least(self, lacking: int) -> int | None:
        """Return the least cost of so much, rounded up to a whole number, or None if there isn't so much to be had."""
        if lacking > self.gains[-1]:
            return None
        place = bisect.bisect_left(self.gains, lacking)
        if place == 0:
            return 0
        gain, cost = self.gains[place] - self.gains[place - 1], self.costs[place] - self.costs[place - 1]
        return self.costs[place - 1] - (self.gains[place - 1] - lacking) * cost // gain


@dataclass
class LowerBound:
    """What is still to be paid at least, from an item on. ``items`` are members with their choices; ``needed`` says which sums a pattern can't lack."""

    items: Sequence[tuple[int, Sequence[Priced]]]
    needed: Callable[[tuple[int, ...]], frozenset[int]]
    _slopes: dict[tuple[int, int], _Slope] = field(default_factory=dict)
    _families: dict[frozenset[int], list[list[int]]] = field(default_factory=dict)

    def least(self, item: int, sums: Sequence[int], pattern: tuple[int, ...]) -> int | None:
        """Return the least cost from an item on, or None if a sum that is needed can't be made good."""
        needed = self.needed(pattern)
        if not needed:
            return 0
        costs = {}
        for place in needed:
            found = self._slope(item, place).least(-sums[place])
            if found is None:
                return None
            costs[place] = found
        return max(sum(costs[place] for place in family) for family in self._disjoint(needed))

    def _slope(self, item: int, place: int) -> _Slope:
        key = item, place
        if key not in self._slopes:
            segments = []
            for members, choices in self.items[item:]:
                segments += [(gain * members, cost * members) for gain, cost in _hull([(each.adds[place], each.cost) for each in choices])]
            gains, costs = [0], [0]
            for gain, cost in sorted(segments, key=lambda segment: segment[1] / segment[0]):
                gains.append(gains[-1] + gain)
                costs.append(costs[-1] + cost)
            self._slopes[key] = _Slope(gains, costs)
        return self._slopes[key]

    def _disjoint(self, needed: frozenset[int]) -> list[list[int]]:
        """Return families of sums that no choice adds to two of: their costs add up. Each sum is in one of them."""
        if needed not in self._families:
            touched = {place: {number for number, (_, choices) in enumerate(self.items) if any(c.adds[place] > 0 for c in choices)} for place in needed}
            families: list[tuple[list[int], set[int]]] = []
            for place in sorted(needed, key=lambda place: (-len(touched[place]), place)):
                for family, items in families:
                    if not items & touched[place]:
                        family.append(place)
                        items |= touched[place]
                        break
                else:
                    families.append(([place], set(touched[place])))
            self._families[needed] = [family for family, _ in families]
        return self._families[needed]


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
    return [(after[0] - before[0], after[1] - before[1]) for before, after in zip(hull, hull[1:], strict=False)]
