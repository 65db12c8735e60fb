"""The path to a grade: the smallest sets of criteria to lift (or to fall) so that the proposal is that grade, solved exactly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from adjudge.errors import BadInput, EnginesDisagree, Fault, listing, nearest
from adjudge.proposal import Evaluation, Proposal
from adjudge.reference import evaluate
from adjudge.rulebook import Rulebook, Standard
from adjudge.status import CriterionStatus
from adjudge.whatif.aim import Aim
from adjudge.whatif.costs import Costs
from adjudge.whatif.moves import Direction, Move, movable, moves
from adjudge.whatif.search import Choice, Found, Solution, cheapest

LIMIT = 20
"""How many smallest sets, in their compact form, are listed unless told otherwise."""
CHECKED = 100
"""So many kinds of the sets that a compact form stands for are graded by the reference; sets of one kind differ in interchangeable criteria only."""

Answer = tuple[str | None, str, str]
"""The grade, or None while it is open, and the worst and the best grade of its range."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any ``count`` of these moves; all of them if there are no more."""

    count: int
    of: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Smallest sets in a compact form: some of each group of moves. Two groups may share criteria; each is moved once.

    ``answers`` are what the sets lead to, of each kind one, up to `CHECKED` kinds: mostly the same, but a set that does for the grade may do more
    than another.
    """

    groups: tuple[AnyOf, ...]
    sets: int
    answers: tuple[Answer, ...]

    def expand(self) -> Iterator[tuple[Move, ...]]:
        """Yield every set of moves that the form stands for."""
        return _sets(self.groups, itertools.combinations)


@dataclass(frozen=True, slots=True)
class Paths:
    """The smallest sets of moves that bring the proposal to a grade: at least that grade upwards, at most that grade downwards.

    Smallest is: the least cost, where costs are given; then the fewest criteria; then the fewest steps. ``criteria`` and ``steps`` are None where
    nothing that may move does it; ``attainable`` is then as far as it goes. ``sets`` counts the smallest sets, ``forms`` lists them, up to a limit
    if not ``complete``. Without a direction the proposal is there already.
    """

    framework: str
    grade: str
    direction: Direction | None
    criteria: int | None
    steps: int | None
    cost: Fraction | None
    sets: int
    forms: tuple[Form, ...]
    complete: bool
    attainable: str | None
    may_move: int


def path_to(
    proposal: Proposal,
    grade: str,
    keep_fixed: Collection[str] = (),
    only: Collection[str] | None = None,
    costs: Costs | None = None,
    limit: int = LIMIT,
) -> Paths:
    """Return the smallest sets of criteria to lift so that the proposal is at least a grade, or to fall so that it is at most that.

    Criteria of ``keep_fixed`` stay as they are, and so do all but those of ``only``, if that is given; those that aren't applicable are left alone.
    The search is exact, for every standard that the language can write, and what it finds is graded by the reference before it is returned. Raises
    BadInput for an unknown grade or criterion, and for a rulebook too large to be solved exactly.
    """
    standard, rows = proposal.standard, proposal.statuses
    _check(standard, proposal.rulebook, grade, keep_fixed, only)
    direction = direction_to(standard, proposal.evaluation, grade)
    free = list(movable(rows, tuple(keep_fixed), None if only is None else tuple(only)))
    if direction is None:
        return Paths(proposal.framework, grade, None, 0, 0, Fraction(0) if costs else None, 1, (), True, None, len(free))
    options = [moves(standard, row, direction) for _, row in free]
    found, prices, kinds = _solve(proposal, grade, direction, free, options, costs, limit)
    if found is None:
        furthest = list(rows)
        for (place, row), able in zip(free, options, strict=True):
            furthest[place] = able[-1].of(row) if able else row
        end = evaluate(standard, furthest, proposal.reading)
        attainable = end.worst.grade if direction == "up" else end.best.grade
        return Paths(proposal.framework, grade, direction, None, None, None, 0, (), True, attainable, len(free))
    cost, criteria, steps = prices.read(found.cost)
    forms = tuple(_form(proposal, grade, direction, free, options, kinds, solution) for solution in found.solutions)
    return Paths(proposal.framework, grade, direction, criteria, steps, cost if costs else None, found.sets, forms, found.complete, None, len(free))


def direction_to(standard: Standard, evaluation: Evaluation, grade: str) -> Direction | None:
    """Say which way a grade lies: up if the proposal's worst end is below it, else down if its best end is above it, else it is there."""
    rank = standard.grade_rank
    if min(rank[evaluation.worst.grade], rank[evaluation.best.grade]) < rank[grade]:
        return "up"
    return "down" if max(rank[evaluation.worst.grade], rank[evaluation.best.grade]) > rank[grade] else None


@dataclass(frozen=True, slots=True)
class _Prices:
    """Cost, number of criteria and steps as one whole number, so that less is less of the first, then of the second, then of the third."""

    scale: int
    criteria: int
    steps: int

    def of(self, cost: Fraction, steps: int) -> int:
        return (int(cost * self.scale) * self.criteria + 1) * self.steps + steps

    def read(self, price: int) -> tuple[Fraction, int, int]:
        rest, steps = divmod(price, self.steps)
        cost, criteria = divmod(rest, self.criteria)
        return Fraction(cost, self.scale), criteria, steps


def _solve(
    proposal: Proposal,
    grade: str,
    direction: Direction,
    free: Sequence[tuple[int, CriterionStatus]],
    options: Sequence[tuple[Move, ...]],
    costs: Costs | None,
    limit: int,
) -> tuple[Found | None, _Prices, Mapping[str, object]]:
    """Return what is found, what reads its cost, and for each criterion its kind: those of one kind do the same for whatever grade."""

    def cost(move: Move) -> Fraction:
        return costs.of(move.criterion, move.steps) if costs else Fraction()

    every = [move for able in options for move in able]
    prices = _Prices(math.lcm(*(cost(move).denominator for move in every)), len(free) + 1, sum(able[-1].steps for able in options if able) + 1)
    aim = Aim(proposal.standard, proposal.reading)
    formula = aim.at_least(grade) if direction == "up" else aim.at_most(grade)
    for other in proposal.standard.grades:
        aim.at_least(other)  # so that the columns below have every condition, by which kinds are told apart
    rows: list[list[CriterionStatus]] = [[] for _ in proposal.statuses]
    for (place, row), able in zip(free, options, strict=True):
        rows[place] = [move.of(row) for move in able]
    columns = aim.over(proposal.statuses, rows)
    members = [
        [Choice(adds, prices.of(cost(move), move.steps)) for adds, move in zip(columns.adds[place], able, strict=True)]
        for (place, _), able in zip(free, options, strict=True)
    ]
    kinds = {row.criterion.id: tuple(columns.adds[place]) for place, row in free}
    return cheapest(formula, columns.start, members, limit), prices, kinds


def _form(
    proposal: Proposal,
    grade: str,
    direction: Direction,
    free: Sequence[tuple[int, CriterionStatus]],
    options: Sequence[tuple[Move, ...]],
    kinds: Mapping[str, object],
    solution: Solution,
) -> Form:
    """Return a solution as a form, one of each kind of its sets graded by the reference."""
    groups = tuple(AnyOf(pick.count, tuple(options[member][choice] for member, choice in pick.of)) for pick in solution)
    groups = _all_first(groups)
    rank, wanted = proposal.standard.grade_rank, proposal.standard.grade_rank[grade]
    places = {row.criterion.id: place for place, row in free}
    answers: dict[Answer, None] = {}

    def of_each_kind(moves: Sequence[Move], count: int) -> Iterator[tuple[Move, ...]]:
        alike: dict[object, list[Move]] = {}
        for move in moves:
            alike.setdefault(kinds[move.criterion], []).append(move)
        return _first_of_each(tuple(alike.values()), count)

    for chosen in itertools.islice(_sets(groups, of_each_kind), CHECKED):
        rows = list(proposal.statuses)
        for move in chosen:
            rows[places[move.criterion]] = move.of(rows[places[move.criterion]])
        found = evaluate(proposal.standard, rows, proposal.reading)
        ends = [rank[end.grade] for end in (found.worst, found.best)]
        if min(ends) < wanted if direction == "up" else max(ends) > wanted:
            raise EnginesDisagree(proposal.framework, [f"the path to {grade} leads to {found.grade or 'an open grade'} by reference"])
        answers[found.answer] = None
    return Form(groups, sets_of(groups), tuple(answers))


def _sets(groups: Sequence[AnyOf], choose: Callable[[Sequence[Move], int], Iterable[tuple[Move, ...]]]) -> Iterator[tuple[Move, ...]]:
    """Yield the sets of moves that groups stand for, of each group those that are chosen among the criteria not yet moved."""
    if not groups:
        yield ()
        return
    for chosen in choose(groups[0].of, groups[0].count):
        moved = {move.criterion for move in chosen}
        rest = [replace(group, of=tuple(move for move in group.of if move.criterion not in moved)) for group in groups[1:]]
        for others in _sets(rest, choose):
            yield (*chosen, *others)


def _first_of_each(alike: Sequence[Sequence[Move]], count: int) -> Iterator[tuple[Move, ...]]:
    """Yield every way to take so many moves of lists of like ones: of each list the first."""
    if not alike:
        yield from [] if count else [()]
        return
    for taken in range(min(count, len(alike[0])), -1, -1):
        for others in _first_of_each(alike[1:], count - taken):
            yield (*alike[0][:taken], *others)


def _all_first(groups: tuple[AnyOf, ...]) -> tuple[AnyOf, ...]:
    """Put first what must be moved whole (one group of it), then what leaves a choice, the fewest first."""
    whole = tuple(move for group in groups if group.count == len(group.of) for move in group.of)
    rest = sorted((group for group in groups if group.count < len(group.of)), key=lambda group: (len(group.of), group.count))
    return (AnyOf(len(whole), whole), *rest) if whole else tuple(rest)


def sets_of(groups: Sequence[AnyOf]) -> int:
    """Return how many sets some groups stand for; groups that share criteria are about the same ones."""
    taken: dict[frozenset[str], int] = {}
    found = 1
    for group in groups:
        about = frozenset(move.criterion for move in group.of)
        found *= math.comb(len(about) - taken.get(about, 0), group.count)
        taken[about] = taken.get(about, 0) + group.count
    return found


def _check(standard: Standard, book: Rulebook, grade: str, keep_fixed: Collection[str], only: Collection[str] | None) -> None:
    faults = []
    if grade not in standard.grades:
        faults.append(Fault("grade", f"`{grade}` isn't a grade of {standard.standard} ({listing(standard.grades)}){nearest(grade, standard.grades)}"))
    for name in (*keep_fixed, *(only or ())):
        if name not in book.by_id:
            faults.append(Fault("criterion", f"`{name}` isn't a criterion of {book.rulebook}{nearest(name, book.by_id)}"))
    if faults:
        raise BadInput(faults)
