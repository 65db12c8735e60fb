"""How far codes agree beyond chance: percent agreement, Krippendorff's alpha, Gwet's AC1 and AC2, with bootstrap intervals.

The definitions, their papers and what to beware of are in docs/reference/agreement.md.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from adjudge.documents import Model

Level = Literal["nominal", "ordinal"]
Unit = Sequence[str | None]

CONFIDENCE = 0.95
RESAMPLES = 1000
SEED = 2007
HIGH, LOW, DOMINANT, FEW = 0.8, 2 / 3, 2 / 3, 10
"""When to warn: agreement from HIGH on with alpha below LOW while one code has a share of DOMINANT or more; fewer units than FEW."""


class Estimate(Model):
    """A figure with its bootstrap interval. ``value`` is None where it is undefined; ``defined`` counts the resamples that gave a value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    defined: int = 0


class Caution(Model):
    """Something to know before a figure is used, in plain words."""

    kind: Literal["nothing_to_compare", "no_variation", "prevalence", "few", "resamples"]
    text: str


class Agreement(Model):
    """The agreement of two or more coders on some units.

    ``units`` were coded by someone, ``compared`` by at least two. ``percent`` is the share of pairs of coders that gave a unit the same code;
    ``alpha`` is Krippendorff's; ``ac`` is Gwet's AC1 for nominal codes and AC2 with ordinal weights for ordinal ones. ``commonest`` is the code
    given most often, ``commonest_share`` its share of the codes on the units compared.
    """

    level: Level
    units: int
    compared: int
    percent: Estimate
    alpha: Estimate
    ac: Estimate
    commonest: str | None
    commonest_share: float | None
    cautions: tuple[Caution, ...]


def percent_agreement(units: Iterable[Unit], values: Sequence[str]) -> float | None:
    """Return the mean share of agreeing pairs of coders, over the units that at least two coded; None if there is no such unit.

    A unit holds one code (one of ``values``) or None for each coder.
    """
    return _Tally.of(units, values, "nominal").percent()


def krippendorff_alpha(units: Iterable[Unit], values: Sequence[str], level: Level) -> float | None:
    """Return Krippendorff's alpha (2011), from the coincidences of the units that at least two coded. ``values`` are in order, least first.

    None if fewer than two different codes occur there: without variation alpha is undefined.
    """
    return _Tally.of(units, values, level).alpha()


def gwet_ac(units: Iterable[Unit], values: Sequence[str], level: Level) -> float | None:
    """Return Gwet's AC1 (nominal) or AC2 with ordinal weights (2014, chapter 4). ``values`` are all codes that could be given, least first.

    Units that one coder alone coded help to tell how common each code is. None if no unit was coded twice or there are fewer than two values.
    """
    return _Tally.of(units, values, level).ac()


def agreement(units: Sequence[Unit], values: Sequence[str], level: Level, resamples: int = RESAMPLES, seed: int = SEED) -> Agreement:
    """Return every figure with a 95% percentile interval from resampling, with replacement, the units that at least two coded.

    Units that one coder alone coded stay as they are. The draws come from Python's own generator, so that a seed gives the same intervals on every
    machine. ``resamples`` 0 gives none, nor does a single unit compared. A resample in which a figure is undefined is left out of its interval.
    """
    coded = [unit for unit in units if any(value is not None for value in unit)]
    tally = _Tally.of(coded, values, level)
    points = (tally.percent(), tally.alpha(), tally.ac())
    percent, alpha, ac = (_estimate(point, sorted(draws)) for point, draws in zip(points, _resampled(tally, resamples, seed), strict=True))
    codes = Counter(value for unit in coded if sum(each is not None for each in unit) > 1 for value in unit if value is not None)
    commonest, share = None, None
    if codes:
        commonest = min(codes, key=lambda value: (-codes[value], values.index(value)))
        share = codes[commonest] / codes.total()
    compared = sum(weight for kind, weight in zip(tally.kinds, tally.weights, strict=True) if kind.size > 1)
    cautions = tuple(_cautions(compared, percent, alpha, ac, commonest, share, resamples, level))
    return Agreement(
        level=level,
        units=len(coded),
        compared=compared,
        percent=percent,
        alpha=alpha,
        ac=ac,
        commonest=commonest,
        commonest_share=share,
        cautions=cautions,
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """Units that were coded alike: how many coders gave each value (by its place), and what follows from that alone."""

    counts: tuple[tuple[int, int], ...]
    size: int
    same: float  # the share of pairs of coders that agree
    near: float  # the same, with Gwet's weights for near misses
    apart: tuple[tuple[int, int, float], ...]  # coincidences of two different values


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many units there are of each kind: all that the figures depend on."""

    kinds: tuple[_Kind, ...]
    weights: tuple[int, ...]
    values: int
    level: Level

    @classmethod
    def of(cls, units: Iterable[Unit], values: Sequence[str], level: Level) -> _Tally:
        place = {value: index for index, value in enumerate(values)}
        cells: Counter[tuple[tuple[int, int], ...]] = Counter()
        for unit in units:
            counts = Counter(place[value] for value in unit if value is not None)
            if counts:
                cells[tuple(sorted(counts.items()))] += 1
        return cls(tuple(_kind(cell, len(values), level) for cell in cells), tuple(cells.values()), len(values), level)

    def percent(self) -> float | None:
        compared = [(kind, weight) for kind, weight in zip(self.kinds, self.weights, strict=True) if kind.size > 1 and weight]
        return sum(weight * kind.same for kind, weight in compared) / sum(weight for _, weight in compared) if compared else None

    def alpha(self) -> float | None:
        given: dict[int, int] = {}
        pairs: list[tuple[int, int, float]] = []
        for kind, weight in zip(self.kinds, self.weights, strict=True):
            if kind.size > 1 and weight:
                for value, count in kind.counts:
                    given[value] = given.get(value, 0) + weight * count
                pairs += [(first, second, weight * amount) for first, second, amount in kind.apart]
        if len(given) < 2:
            return None
        total = sum(given.values())
        if self.level == "nominal":
            expected = (total * total - sum(count * count for count in given.values())) / 2
            observed = sum(amount for _, _, amount in pairs)
        else:
            middle, below = {}, 0.0
            for value in sorted(given):
                middle[value] = below + given[value] / 2
                below += given[value]
            mean = sum(count * middle[value] for value, count in given.items()) / total
            expected = total * sum(count * (middle[value] - mean) ** 2 for value, count in given.items())
            observed = sum(amount * (middle[first] - middle[second]) ** 2 for first, second, amount in pairs)
        return 1 - (total - 1) * observed / expected

    def ac(self) -> float | None:
        compared = units = 0
        near = 0.0
        shares: dict[int, float] = {}
        for kind, weight in zip(self.kinds, self.weights, strict=True):
            units += weight
            for value, count in kind.counts:
                shares[value] = shares.get(value, 0.0) + weight * count / kind.size
            if kind.size > 1:
                compared += weight
                near += weight * kind.near
        if not compared or self.values < 2:
            return None
        agreed = near / compared
        spread = sum(share / units * (1 - share / units) for share in shares.values())
        chance = _total_weight(self.values, self.level) / (self.values * (self.values - 1)) * spread
        return (agreed - chance) / (1 - chance)


def _kind(counts: tuple[tuple[int, int], ...], values: int, level: Level) -> _Kind:
    size = sum(count for _, count in counts)
    pairs = size * (size - 1)
    if not pairs:
        return _Kind(counts, size, 0.0, 0.0, ())
    same = sum(count * (count - 1) for _, count in counts)
    crossed = [(a, b, m * n) for i, (a, m) in enumerate(counts) for b, n in counts[i + 1 :]]
    near = same + 2 * sum(amount * _weight(b - a, values, level) for a, b, amount in crossed)
    return _Kind(counts, size, same / pairs, near / pairs, tuple((a, b, amount / (size - 1)) for a, b, amount in crossed))


def _weight(distance: int, values: int, level: Level) -> float:
    """Gwet's weight of two values that stand so far apart: 1 for the same, 0 for the ends of the scale."""
    if level == "nominal":
        return float(distance == 0)
    return 1 - math.comb(distance + 1, 2) / math.comb(values, 2) if distance else 1.0


def _total_weight(values: int, level: Level) -> float:
    """The sum of the weights over all pairs of values."""
    if level == "nominal":
        return float(values)
    return values + 2 * sum((values - distance) * _weight(distance, values, level) for distance in range(1, values))


def _resampled(tally: _Tally, resamples: int, seed: int) -> tuple[list[float], list[float], list[float]]:
    """The figures of each resample in which they are defined. Equal resamples are worked out once."""
    known: dict[tuple[int, ...], tuple[float | None, float | None, float | None]] = {}
    draws: tuple[list[float], list[float], list[float]] = ([], [], [])
    for weights in _resamples(tally, resamples, seed):
        if weights not in known:
            resample = _Tally(tally.kinds, weights, tally.values, tally.level)
            known[weights] = (resample.percent(), resample.alpha(), resample.ac())
        for found, figure in zip(draws, known[weights], strict=True):
            if figure is not None:
                found.append(figure)
    return draws


def _resamples(tally: _Tally, resamples: int, seed: int) -> Iterator[tuple[int, ...]]:
    """Yield how many units of each kind a resample has. numpy, where it is installed, makes the same draws as Python's generator, faster."""
    compared = [index for index, kind in enumerate(tally.kinds) if kind.size > 1 for _ in range(tally.weights[index])]
    alone = [weight if kind.size < 2 else 0 for kind, weight in zip(tally.kinds, tally.weights, strict=True)]
    size = len(compared)
    if size < 2:
        return
    try:
        import numpy as np
    except ImportError:
        draw = random.Random(seed).random
        for _ in range(resamples):
            counts = list(alone)
            for _ in range(size):
                counts[compared[int(draw() * size)]] += 1
            yield tuple(counts)
        return
    words = [abs(seed) >> shift & 0xFFFFFFFF for shift in range(0, max(seed.bit_length(), 1), 32)]
    places, fixed, state = np.array(compared), np.array(alone), np.random.RandomState(words)
    for _ in range(resamples):
        drawn = places[(state.random_sample(size) * size).astype(np.int64)]
        yield tuple((np.bincount(drawn, minlength=len(fixed)) + fixed).tolist())


def _estimate(value: float | None, draws: Sequence[float]) -> Estimate:
    if value is None or not draws:
        return Estimate(value=value)
    outside = (1 - CONFIDENCE) / 2
    low = draws[max(math.floor(outside * len(draws)), 0)]
    high = draws[min(math.ceil((1 - outside) * len(draws)) - 1, len(draws) - 1)]
    return Estimate(value=value, low=low, high=high, defined=len(draws))


def _cautions(
    compared: int,
    percent: Estimate,
    alpha: Estimate,
    ac: Estimate,
    commonest: str | None,
    share: float | None,
    resamples: int,
    level: Level,
) -> Iterable[Caution]:
    if percent.value is None or share is None or commonest is None:
        yield Caution(kind="nothing_to_compare", text="no unit was coded by two coders, so there is nothing to compare")
        return
    code = f"`{commonest.replace('_', ' ')}`"
    if alpha.value is None:
        yield Caution(kind="no_variation", text=f"every code is {code}: without variation alpha is undefined, and agreement says little")
    elif percent.value >= HIGH and alpha.value < LOW and share >= DOMINANT:
        name = "AC1" if level == "nominal" else "AC2"
        beside = f"; {name}, which doesn't, is {ac.value:.2f}" if ac.value is not None else ""
        yield Caution(
            kind="prevalence",
            text=f"coders agree on {percent.value:.0%}, yet alpha is {alpha.value:.2f}: {share:.0%} of the codes are {code}, and where one code "
            f"dominates alpha takes most agreement for chance{beside}. Read both, and look at the differences themselves",
        )
    if compared < FEW:
        yield Caution(kind="few", text=f"only {compared} compared: the figures can change much with one more")
    elif alpha.value is not None and alpha.defined < resamples:
        left_out = resamples - alpha.defined
        yield Caution(kind="resamples", text=f"alpha is undefined in {left_out} of {resamples} resamples, which its interval leaves out")
