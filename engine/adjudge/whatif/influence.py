"""Influence: in how many completions of what is open each open criterion still decides the grade; counted exactly, or sampled with a seed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adjudge.errors import BadInput
from adjudge.proposal import Proposal
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.status import CriterionStatus
from adjudge.sweep import INAPPLICABLE, UNKNOWN, Sweep, compile_rulebook

if TYPE_CHECKING:
    import numpy as np

MOST_COUNTED = 2_000_000
"""How many different completions (criteria alike counted together) are gone through before sampling takes over."""


@dataclass(frozen=True)
class Influence:
    """How often an open criterion is pivotal: its value alone decides the answer, the others being what they are in a completion.

    ``pivotal`` of ``completions`` of the other open criteria; ``error`` is the half-width of the 95% interval of their share where it was sampled.
    """

    criterion: str
    pivotal: int
    completions: int
    error: float | None

    @property
    def share(self) -> float:
        """The share of the completions in which it is pivotal."""
        return self.pivotal / self.completions


@dataclass(frozen=True)
class Influences:
    """The influence of every open criterion, the greatest first; ``seed`` is None where everything was counted."""

    proposal: Proposal
    open: tuple[str, ...]
    influences: tuple[Influence, ...]
    seed: int | None

    def ranks(self) -> list[tuple[int, Influence]]:
        """Return each criterion with its plain rank: equal shares share a rank."""
        found: list[tuple[int, Influence]] = []
        for place, each in enumerate(self.influences, 1):
            tied = found and found[-1][1].share == each.share
            found.append((found[-1][0] if tied else place, each))
        return found


def influence(proposal: Proposal, also_open: Sequence[str] = (), seed: int = 2007, draws: int = 100_000) -> Influences:
    """Return the influence of the criteria that are open: those not assessed, and those named in ``also_open`` (contested ones, say).

    Every completion gives each open criterion one of its values, all alike. Criteria that the same measures are about are interchangeable, and so are
    values that no measure tells apart: completions are counted by how many criteria have which. Through the sweep, which needs numpy. Raises BadInput
    for a criterion that isn't there or isn't applicable, and for an open one on a scale without listed points, whose completions can't be counted.
    """
    statuses = {each.criterion.id: each for each in proposal.statuses}
    for name in also_open:
        if name not in statuses or statuses[name].status == NOT_APPLICABLE:
            raise BadInput.at("open", f"`{name}` isn't an applicable criterion of {proposal.framework}")
    opened = tuple(name for name, each in statuses.items() if each.status == NOT_ASSESSED or name in also_open)
    dominant = [each.criterion.id for each in proposal.statuses if each.significance != each.criterion.significance]
    sweep = compile_rulebook(proposal.standard, proposal.framework, proposal.reading.values, dominant=dominant)
    base = {name: _code(sweep, each) for name, each in statuses.items()}
    groups = _groups(sweep, {name: _values(sweep, statuses[name]) for name in opened})
    rows = math.prod(group.ways for group in groups) * max((len(group.values) for group in groups), default=1)
    counted = rows <= MOST_COUNTED
    tables = _Tables(sweep, base, groups)
    found = [tables.counted(group, name) if counted else tables.sampled(group, name, seed, draws) for group in groups for name in group.names]
    found.sort(key=lambda each: (-each.share, opened.index(each.criterion)))
    return Influences(proposal, opened, tuple(found), None if counted else seed)


@dataclass(frozen=True)
class _Group:
    """Open criteria that are alike: their values as codes or points, those that no measure tells apart put together with how many they are."""

    names: tuple[str, ...]
    values: tuple[tuple[float, int], ...]

    @property
    def ways(self) -> int:
        """How many different ways there are to give them their values."""
        return _ways(len(self.names), len(self.values))

    def spread(self, number: int) -> tuple[list[tuple[float, ...]], list[int]]:
        """Return each way to give ``number`` of them their values, and how many completions each way stands for."""
        combinations, times = [], []
        for chosen in itertools.combinations_with_replacement(range(len(self.values)), number):
            ways = math.factorial(number)
            for place in set(chosen):
                count = chosen.count(place)
                ways = ways // math.factorial(count) * self.values[place][1] ** count
            combinations.append(tuple(self.values[place][0] for place in chosen))
            times.append(ways)
        return combinations, times


def _ways(number: int, values: int) -> int:
    return math.comb(number + values - 1, values - 1)


def _code(sweep: Sweep, each: CriterionStatus) -> float:
    """Return the entry of a criterion's column: a status's code, or points (NaN where not assessed, infinity where not applicable)."""
    special = {NOT_ASSESSED: (UNKNOWN, math.nan), NOT_APPLICABLE: (INAPPLICABLE, math.inf)}
    if each.status in special:
        return special[each.status][each.criterion.points is not None]
    return float(each.status) if each.criterion.points is not None else sweep.standard.rank[each.status]


def _values(sweep: Sweep, each: CriterionStatus) -> tuple[float, ...]:
    if each.criterion.points is not None:
        if not each.criterion.points.one_of:
            raise BadInput.at("open", f"`{each.criterion.id}` is open on a scale without listed points, whose completions can't be counted")
        return tuple(float(value) for value in each.criterion.points.one_of)
    rank = sweep.standard.rank
    low, high = (rank[end] for end in each.between) if each.between and each.status == NOT_ASSESSED else (0, len(rank) - 1)
    return tuple(range(low, high + 1))


def _groups(sweep: Sweep, values: Mapping[str, tuple[float, ...]]) -> list[_Group]:
    """Put the open criteria together that the same measures are about and that can have the same values."""
    program = sweep.program
    leaves = program.leaves()
    alike: dict[tuple[object, ...], list[str]] = {}
    for name, own in values.items():
        index = program.names.index(name)
        about = tuple(number for number, leaf in enumerate(leaves) if index in leaf.members)
        weighed = tuple((place, each.weights[each.members.index(index)]) for place, each in enumerate(program.quantities) if index in each.members)
        told_apart = tuple(own) if weighed else tuple(sorted({leaves[number].threshold for number in about}))
        together: dict[object, list[float]] = {}
        for value in own:
            together.setdefault(value if weighed else tuple(value >= threshold for threshold in told_apart), []).append(value)
        classes = tuple((same[0], len(same)) for same in together.values())
        alike.setdefault((about, weighed, classes), []).append(name)
    return [_Group(tuple(names), key[2]) for key, names in alike.items()]  # type: ignore[arg-type]


class _Tables:
    """Grades tables of completions: a row each, in columns by criterion."""

    def __init__(self, sweep: Sweep, base: Mapping[str, float], groups: Sequence[_Group]) -> None:
        self.sweep = sweep
        self.base = base
        self.groups = groups
        self._done: dict[tuple[str, ...], tuple[int, int]] = {}

    def counted(self, group: _Group, name: str) -> Influence:
        """Count the completions of the others in which one criterion of a group is pivotal; like criteria have the same count."""
        if group.names not in self._done:
            self._done[group.names] = self._count(group)
        pivotal, completions = self._done[group.names]
        return Influence(name, pivotal, completions, None)

    def _count(self, group: _Group) -> tuple[int, int]:
        import numpy as np

        others = [(each, each.names[1:] if each is group else each.names) for each in self.groups]
        spreads = [(names, *each.spread(len(names))) for each, names in others]
        shape = tuple(len(times) for _, _, times in spreads)
        rows = math.prod(shape)
        columns: dict[str, np.ndarray[Any, Any]] = {}
        for axis, (names, combinations, _) in enumerate(spreads):
            place = np.indices(shape, sparse=True)[axis]
            at = np.broadcast_to(place, shape).reshape(-1)
            for position, name in enumerate(names):
                columns[name] = np.array([chosen[position] for chosen in combinations])[at]
        tensor = self._pivotal(columns, group, group.names[0], rows).reshape(shape)
        total, weighed = 1, tensor.astype(object)
        for _, _, times in reversed(spreads):
            weighed = weighed @ np.array(times, object)
            total *= sum(times)
        return int(weighed), total

    def _pivotal(self, columns: dict[str, Any], group: _Group, name: str, rows: int) -> np.ndarray[Any, Any]:
        """Return in which rows one criterion's value changes the answer."""
        import numpy as np

        first: list[Any] | None = None
        changes = np.zeros(rows, np.bool_)
        for value, _ in group.values:
            answers = self._graded({**columns, name: np.full(rows, value)}, rows)
            if first is None:
                first = answers
            for one, other in zip(first, answers, strict=True):
                changes |= one != other
        return changes

    def _graded(self, columns: Mapping[str, Any], rows: int) -> list[Any]:
        import numpy as np

        scored = {criterion.id for criterion in self.sweep.book.criteria if criterion.points is not None}
        filled = {name: columns[name] if name in columns else np.full(rows, code) for name, code in self.base.items()}
        answers = self.sweep.columns({name: each if name in scored else each.astype(np.uint8) for name, each in filled.items()})
        return [answers.grade, answers.low, answers.high]

    def sampled(self, group: _Group, name: str, seed: int, draws: int) -> Influence:
        """Draw completions of the others instead of counting them; the share has a binomial error."""
        import numpy as np

        random = np.random.default_rng([seed, sorted(self.base).index(name)])
        columns = {}
        for each in self.groups:
            chances = np.array([count for _, count in each.values], float)
            for other in each.names:
                if other != name:
                    columns[other] = random.choice(np.array([value for value, _ in each.values]), draws, p=chances / chances.sum())
        times = int(self._pivotal(columns, group, name, draws).sum())
        share = times / draws
        return Influence(name, times, draws, 1.96 * math.sqrt(max(share * (1 - share), 1 / draws) / draws))
