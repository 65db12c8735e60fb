"""Who grades above or below the proposals more than others do: shares with Wilson intervals, and Fisher's exact test with Bonferroni's correction.

Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference", JASA 22; Fisher, R. A. (1935), "The logic of inductive
inference", JRSS 98. Both conditions of use are said in docs/how-to/compare-bodies.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from adjudge.documents import Model

Z = 1.959963984540054
"""The normal quantile of a 95% interval."""
LEVEL = 0.05
"""How likely it may be, over all groups and both directions together, that one stands out by chance alone."""
FEW = 10
"""Fewer bodies than this in a group are too few to say anything of it."""

Direction = Literal["above", "below"]


class Share(Model):
    """A share of a group's bodies with its 95% Wilson interval, and how likely so many or more would be if the group were like the others."""

    count: int
    share: float
    low: float
    high: float
    chance: float


class GroupFigure(Model):
    """How one group (an authority, an inspector) grades against the proposals: ``compared`` bodies have a grade and a settled proposal.

    ``stands_out`` says in which direction, beyond chance; never where there are too ``few``.
    """

    group: str
    compared: int
    agree: int
    above: Share
    below: Share
    few: bool
    stands_out: tuple[Direction, ...]


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the 95% Wilson interval of a share: ``count`` of ``of`` (more than none)."""
    share = count / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return (0.0 if count == 0 else max(middle - half, 0.0)), (1.0 if count == of else min(middle + half, 1.0))


def as_many_by_chance(count: int, of: int, total: int, whole: int) -> float:
    """Return how likely a group of ``of`` has ``count`` or more of the ``total`` departures among ``whole`` bodies, if they fell at random.

    The upper tail of the hypergeometric distribution: Fisher's exact test, one-sided.
    """

    def chosen(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    if count <= max(0, of - (whole - total)):
        return 1.0
    most = min(of, total)
    terms = [chosen(total, k) + chosen(whole - total, of - k) - chosen(whole, of) for k in range(count, most + 1)]
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def group_figures(counts: Mapping[str, tuple[int, int, int]]) -> tuple[GroupFigure, ...]:
    """Return a figure for each group from how many of its bodies agree, are above and are below; those that stand out first."""
    whole = sum(sum(each) for each in counts.values())
    totals = [sum(each[place] for each in counts.values()) for place in range(3)]
    enough = sum(sum(each) >= FEW for each in counts.values())
    figures = []
    for group, each in counts.items():
        of = sum(each)
        if not of:
            continue
        shares = {name: _share(each[place], of, totals[place], whole) for name, place in (("above", 1), ("below", 2))}
        directions: tuple[Direction, ...] = ("above", "below")
        out = tuple(name for name in directions if of >= FEW and shares[name].count and shares[name].chance < LEVEL / (2 * enough))
        figures.append(
            GroupFigure(group=group, compared=of, agree=each[0], above=shares["above"], below=shares["below"], few=of < FEW, stands_out=out)
        )
    return tuple(sorted(figures, key=lambda figure: (not figure.stands_out, min(figure.above.chance, figure.below.chance), figure.group)))


def _share(count: int, of: int, total: int, whole: int) -> Share:
    low, high = wilson(count, of)
    return Share(count=count, share=count / of, low=low, high=high, chance=as_many_by_chance(count, of, total, whole))
