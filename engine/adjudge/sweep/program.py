"""A rulebook compiled for sweeping: conditions over criteria by their position, thresholds by rank, bounds by whole numbers. Needs no numpy."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

from adjudge.conditions import bound_of
from adjudge.language import (
    Aggregate,
    AllHold,
    AnyHolds,
    AnyOf,
    Bound,
    Condition,
    CountHold,
    Every,
    Joined,
    Measure,
    NotHolds,
    Number,
    NumberIs,
    Rounding,
    Selection,
    Share,
    exact,
    parts,
)
from adjudge.rulebook import Criterion, Reading, Rulebook, Standard, selects

UNKNOWN = 254
"""The code of a status that isn't known (`not_assessed`)."""
INAPPLICABLE = 255
"""The code of a criterion that isn't applicable."""
OPEN = 255
"""The code of a grade that unknown values leave open."""

DECIMALS = 6
"""How many decimals the points of a column may have."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A measure of statuses: how many of ``members`` have a code of at least ``threshold`` (or, ``below``, less), against a bound.

    For ``every`` the bound is the number of applicable members; for a ``share`` it is multiplied by it. Within a program, equal nodes are one object:
    what is found of them is kept by identity, which costs no look at their content.
    """

    members: tuple[int, ...]
    threshold: int
    below: bool
    form: Literal["every", "any", "count", "share"]
    bound: Bound

    def edge(self, whole: int) -> int | None:
        """Return the edge of the bound for so many applicable members; None where there is none, for nothing holds of nothing."""
        if whole == 0:
            return None
        return whole if self.form == "every" else self.bound.edge(whole if self.form == "share" else 1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Points added to a number, on the program's scale, where a condition holds."""

    by: int
    when: Node


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: an aggregate of the points of ``members``, all whole numbers on the program's scale.

    ``worth`` has for each member the points of each status by rank, or None where a column carries them; ``ranges`` the least and the most of each.
    """

    members: tuple[int, ...]
    aggregate: Aggregate
    weights: tuple[int, ...]
    worth: tuple[tuple[int, ...] | None, ...]
    ranges: tuple[tuple[int, int], ...]
    shifts: tuple[Shift, ...]
    round: Rounding | None


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A quantity, by its place in the program, against a bound."""

    quantity: int
    bound: Bound


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """Conditions joined: at least ``edge`` of the ``parts`` hold, or, not ``rising``, at most so many; ``negated`` turns a single part round."""

    parts: tuple[Node, ...]
    edge: int
    rising: bool = True
    negated: bool = False


Node = Leaf | Compared | Combined
_Kind = TypeVar("_Kind", Leaf, Compared, Combined)


@dataclass(frozen=True, slots=True)
class Step:
    """A way to a grade, or a limit: the grade's rank, and the condition."""

    grade: int
    when: Node


@dataclass(frozen=True, slots=True)
class Way(Step):
    """A way to a grade, and whether inspectors must decide where it settles the grade."""

    decision: bool


@dataclass(frozen=True, eq=False)
class Program:
    """A rulebook of a standard under one reading, as the sweep evaluates it. Grades are ranks, the worst 0."""

    criteria: tuple[Criterion, ...]
    significances: tuple[str | None, ...]
    statuses: tuple[str, ...]
    grades: tuple[str, ...]
    scale: int
    quantities: tuple[Quantity, ...]
    reach: tuple[Way, ...]
    floors: tuple[Step, ...]
    caps: tuple[Step, ...]
    otherwise: tuple[int, int, int]
    otherwise_decision: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The criteria's ids, in the order of the rulebook: the columns of a sweep."""
        return tuple(criterion.id for criterion in self.criteria)

    @cached_property
    def ends(self) -> tuple[tuple[int, int] | None, ...]:
        """The worst and the best rank that each code (0 to 255) stands for; None for a code that stands for nothing.

        First come the statuses, then each two of them, as far as there are codes: for all of them up to 22 statuses.
        """
        ranks = range(len(self.statuses))
        stands = [*((rank, rank) for rank in ranks), *itertools.combinations(ranks, 2)][:UNKNOWN]
        found: list[tuple[int, int] | None] = [*stands, *[None] * (256 - len(stands))]
        if ranks:
            found[UNKNOWN] = ranks[0], ranks[-1]
        return tuple(found)

    def open_code(self, low: int, high: int) -> int:
        """Return the code of a criterion that is open between two ranks."""
        return UNKNOWN if (low, high) == self.ends[UNKNOWN] else self.ends.index((low, high))

    @property
    def measures_statuses_only(self) -> bool:
        """Whether it has no numbers: then a case is no more than its bits, one for each criterion and threshold."""
        return not self.quantities and all(criterion.points is None for criterion in self.criteria)

    def nodes(self) -> Iterable[Node]:
        """Yield every condition, the inner ones before those that join them."""

        def within(node: Node) -> Iterable[Node]:
            if isinstance(node, Combined):
                for part in node.parts:
                    yield from within(part)
            yield node

        for quantity in self.quantities:
            for shift in quantity.shifts:
                yield from within(shift.when)
        for step in (*self.reach, *self.floors, *self.caps):
            yield from within(step.when)

    def leaves(self) -> tuple[Leaf, ...]:
        """Return the different measures of statuses."""
        return tuple(dict.fromkeys(node for node in self.nodes() if isinstance(node, Leaf)))

    def leaves_of_each(self) -> list[list[int]]:
        """Return for each criterion the places of the leaves that it is a member of."""
        found: list[list[int]] = [[] for _ in self.criteria]
        for number, leaf in enumerate(self.leaves()):
            for index in leaf.members:
                found[index].append(number)
        return found


def compile_program(standard: Standard, book: Rulebook, reading: Reading, dominant: Iterable[str] = ()) -> Program:
    """Compile one rulebook of a standard under a reading; ``dominant`` criteria have the top significance."""
    return _Compiler(standard, book, reading, frozenset(dominant)).run()


class _Compiler:
    def __init__(self, standard: Standard, book: Rulebook, reading: Reading, dominant: frozenset[str]) -> None:
        self.standard = standard
        self.book = book
        self.reading = reading
        self.dominant = dominant
        self.scale = self._common_scale()
        self.quantities: list[Quantity] = []
        self.places: dict[str, int] = {}
        self.kept: dict[tuple[object, ...], Node] = {}

    def run(self) -> Program:
        standard = self.standard
        rank = standard.grade_rank
        reach = tuple(Way(rank[each.grade], self._node(each.when), each.decision is not None) for each in standard.reach)
        limits = [(each.caps, Step(rank[each.grade], self._node(each.when))) for each in standard.limits]
        otherwise = standard.otherwise
        return Program(
            criteria=self.book.criteria,
            significances=tuple(self._significance(each) for each in self.book.criteria),
            statuses=tuple(standard.statuses),
            grades=standard.worst_first,
            scale=self.scale,
            quantities=tuple(self.quantities),
            reach=reach,
            floors=tuple(step for caps, step in limits if not caps),
            caps=tuple(step for caps, step in limits if caps),
            otherwise=(rank[otherwise.grade], rank[otherwise.low], rank[otherwise.high]),
            otherwise_decision=otherwise.decision is not None,
        )

    def _common_scale(self) -> int:
        """Return the whole number that makes every point of the standard and the rulebook whole; points of columns may have some decimals."""
        amounts = [exact(each) for each in (self.standard.points.statuses.values() if self.standard.points else ())]
        amounts += [exact(adjustment.by) for number in self.standard.numbers.values() for adjustment in number.adjust]
        scales = [criterion.points for criterion in self.book.criteria if criterion.points]
        amounts += [exact(each) for scale in scales for each in (scale.from_, scale.to, *scale.one_of)]
        amounts += [Fraction(1, 10**DECIMALS) for scale in scales if not scale.one_of]
        return math.lcm(*(amount.denominator for amount in amounts))

    def _whole(self, points: Fraction) -> int:
        scaled = points * self.scale
        assert scaled.denominator == 1
        return scaled.numerator

    def _members(self, selection: Selection) -> tuple[int, ...]:
        return tuple(index for index, each in enumerate(self.book.criteria) if selects(selection, each, self._significance(each)))

    def _significance(self, criterion: Criterion) -> str | None:
        return self.standard.top_significance if criterion.id in self.dominant else criterion.significance

    def _node(self, condition: Condition) -> Node:
        if isinstance(condition, Joined):
            return self._combined(condition)
        if isinstance(condition, NumberIs):
            return self._one(Compared(self._quantity(condition.number, self.standard.number(condition)), bound_of(condition.is_, self.reading)))
        return self._one(self._leaf(condition))

    def _one(self, node: _Kind) -> _Kind:
        """Return the one node of its content."""
        found = self.kept.setdefault((type(node), *(getattr(node, name) for name in node.__slots__)), node)
        assert isinstance(found, type(node))
        return found

    def _combined(self, condition: Joined) -> Combined:
        nodes = tuple(self._node(part) for part in parts(condition))
        if isinstance(condition, CountHold):
            bound = bound_of(condition.is_, self.reading)
            return self._one(Combined(nodes, bound.edge(), bound.rising))
        wanted = 1 if isinstance(condition, AnyHolds | NotHolds) else len(nodes)
        assert isinstance(condition, AllHold | AnyHolds | NotHolds)
        return self._one(Combined(nodes, wanted, negated=isinstance(condition, NotHolds)))

    def _leaf(self, condition: Measure) -> Leaf:
        rank = self.standard.rank[self.reading.values.get(condition.threshold, condition.threshold)]
        threshold = rank if condition.rises else rank + 1
        members = self._members(condition.selection)
        one = Bound(rising=True, strict=False, value=Fraction(1))
        if isinstance(condition, Every):
            return Leaf(members, threshold, not condition.rises, "every", one)
        if isinstance(condition, AnyOf):
            return Leaf(members, threshold, not condition.rises, "any", one)
        form: Literal["share", "count"] = "share" if isinstance(condition, Share) else "count"
        return Leaf(members, threshold, not condition.rises, form, bound_of(condition.is_, self.reading))

    def _quantity(self, name: str | None, number: Number) -> int:
        """Return the place of a number among the quantities, compiling it first if need be."""
        key = name or f"{number.aggregate} of {number.selection!r}"
        if key not in self.places:
            members = self._members(number.selection)
            criteria = [self.book.criteria[index] for index in members]
            weights = [exact(each.weight) for each in criteria]
            common = math.lcm(*(weight.denominator for weight in weights))
            shifts = tuple(Shift(self._whole(exact(each.by)), self._node(each.when)) for each in number.adjust)
            made = Quantity(
                members,
                number.aggregate,
                tuple(int(weight * common) for weight in weights),
                tuple(self._worth(each) for each in criteria),
                tuple((self._whole(low), self._whole(high)) for low, high in map(self.standard.point_range, criteria)),
                shifts,
                number.round,
            )
            self.places[key] = len(self.quantities)
            self.quantities.append(made)
        return self.places[key]

    def _worth(self, criterion: Criterion) -> tuple[int, ...] | None:
        if criterion.points is not None:
            return None
        return tuple(self._whole(self.standard.points_of(criterion, status)) for status in self.standard.statuses)
