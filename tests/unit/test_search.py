"""The exact search against brute force, on random small problems; and how few states it needs."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from adjudge import BadInput
from adjudge.whatif import search
from adjudge.whatif.aim import Formula, Holds, Joint
from adjudge.whatif.search import Choice, Found, Pick, Solution, cheapest

Members = list[list[Choice]]
Set = frozenset[tuple[int, int]]
"""Members by their places, each with its choice by its place."""


def _holds(formula: Formula, sums: Sequence[int]) -> bool:
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, Holds):
        return sums[formula.sum] >= 0
    return formula.least <= sum(_holds(part, sums) for part in formula.parts) <= formula.most


def _brute(formula: Formula, start: Sequence[int], members: Members) -> tuple[int, set[Set]] | None:
    """Return the least cost and every set of choices that has it."""
    best, found = None, set[Set]()
    for chosen in itertools.product(*([None, *range(len(choices))] for choices in members)):
        taken = [(member, place) for member, place in enumerate(chosen) if place is not None]
        picked = [members[member][place] for member, place in taken]
        sums = [value + sum(each.adds[place] for each in picked) for place, value in enumerate(start)]
        if not _holds(formula, sums):
            continue
        cost = sum(each.cost for each in picked) + len(frozenset().union(*(each.shared for each in picked)))
        if best is None or cost < best:
            best, found = cost, set()
        if cost == best:
            found.add(frozenset(taken))
    return None if best is None else (best, found)


def _expanded(solution: Solution) -> Iterator[Set]:
    """Yield the sets that a solution stands for: each member is taken once."""
    if not solution:
        yield frozenset()
        return
    first, *rest = solution
    for chosen in itertools.combinations(first.of, first.count):
        taken = {member for member, _ in chosen}
        others = tuple(Pick(pick.count, tuple(each for each in pick.of if each[0] not in taken)) for pick in rest)
        for other in _expanded(others):
            yield other | frozenset(chosen)


def _formula(draw: random.Random, sums: int, depth: int) -> Formula:
    if depth == 0 or draw.random() < 0.3:
        return Holds(draw.randrange(sums))
    parts = tuple(_formula(draw, sums, depth - 1) for _ in range(draw.randint(1, 3)))
    least = draw.randint(0, len(parts))
    return Joint(parts, least, draw.randint(least, len(parts)))


def _members(draw: random.Random, sums: int, kinds: int, dearest: int, gain: int, many: int, shared: bool) -> Members:
    """Draw so many members of a few kinds, several of each; a member's choices have different costs."""
    found = []
    for _ in range(kinds):
        costs = draw.sample(range(1, dearest + 1), draw.randint(1, 3))
        asked = [frozenset(draw.sample("xyz", draw.randint(0, 2))) if shared else frozenset[str]() for _ in costs]
        found.append([Choice(tuple(draw.randint(-2, gain) for _ in range(sums)), cost, ask) for cost, ask in zip(costs, asked, strict=True)])
    return [list(draw.choice(found)) for _ in range(many)]


def _problem(seed: int, shared: bool) -> tuple[Formula, list[int], Members]:
    """Draw a problem of six members at most, small enough to try everything."""
    draw = random.Random(seed)
    sums = draw.randint(1, 4)
    members = _members(draw, sums, draw.randint(1, 3), 4, 3, draw.randint(1, 6), shared)
    return _formula(draw, sums, 2), [draw.randint(draw.choice((-12, -5)), 2) for _ in range(sums)], members


@pytest.mark.parametrize("narrow", [1, 3, 300])
@pytest.mark.parametrize("shared", [False, True])
def test_the_search_finds_the_least_cost_and_every_set_that_has_it(narrow: int, shared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few states the first pass keeps: nothing cheaper is missed, nothing is listed twice, nothing dearer is listed."""
    monkeypatch.setattr(search, "NARROW", narrow)
    outcomes = Counter[bool]()
    for seed in range(250):
        formula, start, members = _problem(seed, shared)
        told, expected = cheapest(formula, start, members, limit=10_000), _brute(formula, start, members)
        outcomes[expected is not None] += 1
        if expected is None:
            assert told is None
            continue
        assert told is not None
        listed = [each for solution in told.solutions for each in _expanded(solution)]
        assert (told.cost, told.sets, told.complete) == (expected[0], len(expected[1]), True)
        assert len(listed) == len(set(listed))
        assert set(listed) == expected[1]
    assert min(outcomes.values()) > 25


def test_no_more_solutions_are_listed_than_asked_for_and_nothing_dearer_than_allowed() -> None:
    """A limit leaves the count of sets as it is and says that some are missing; what costs more than the most isn't found."""
    for seed in range(200):
        formula, start, members = _problem(seed, shared=False)
        whole = cheapest(formula, start, members, limit=10_000)
        if whole is None:
            continue
        many = len(whole.solutions)
        for limit in {1, max(1, many - 1), many, many + 1}:
            told = cheapest(formula, start, members, limit)
            assert told == Found(whole.cost, whole.sets, whole.solutions[:limit], complete=limit >= many)
        assert cheapest(formula, start, members, 10_000, most=whole.cost) == whole
        assert whole.cost == 0 or cheapest(formula, start, members, 10_000, most=whole.cost - 1) is None


def test_what_holds_already_or_never_costs_no_search() -> None:
    """Nothing needs to be done, in one way; or nothing helps."""
    members = [[Choice((1,), 1)]]
    assert cheapest(Holds(0), [0], members, 5) == Found(0, 1, ((),), complete=True)
    assert cheapest(Holds(0), [-2], members, 5) is None
    assert cheapest(True, [-2], members, 5) == Found(0, 1, ((),), complete=True)
    assert cheapest(False, [-2], members, 5) is None


def test_of_equal_choices_the_cheapest_is_taken_and_the_first_of_those() -> None:
    """A choice that adds nothing, or the same as a cheaper one, is none."""
    choices = [Choice((0,), 1), Choice((2,), 3), Choice((2,), 2), Choice((2,), 2)]
    assert cheapest(Holds(0), [-2], [choices, choices], 5) == Found(2, 2, ((Pick(1, ((0, 2), (1, 2))),),), complete=True)


def test_choices_that_differ_in_nothing_that_matters_are_interchangeable() -> None:
    """A sum that holds whatever is chosen, or never, tells no members apart, even where it is nought at the least or one short at the most."""
    for start, adds in (([-1, 0], (0, 2)), ([-1, -3], (0, 2)), ([-1, 2], (0, -2))):
        members = [[Choice((1, adds[member]), 1)] for member in range(2)]
        formula = Joint((Holds(0), Joint((Holds(1),), 0, 1)), 2, 2)
        held = Joint((Holds(0), Holds(1)), 1, 2) if start[1] == -3 else Joint((Holds(0), Holds(1)), 2, 2)
        for each in (formula, held):
            assert cheapest(each, start, members, 5) == Found(1, 2, ((Pick(1, ((0, 0), (1, 0))),),), complete=True)


def _large(seed: int, shared: bool) -> tuple[Formula, list[int], Members]:
    """Draw a problem of 15 to 30 members, of few kinds."""
    draw = random.Random(seed)
    sums = draw.randint(2, 5)
    members = _members(draw, sums, draw.randint(3, 6), 5, 4, draw.randint(15, 30), shared)
    return _formula(draw, sums, 2), [draw.randint(-30, 2) for _ in range(sums)], members


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return what counts the states of each stage of every search."""
    counted: list[int] = []
    narrowed = search._Search._narrowed

    def counting(self: search._Search, layer: Any) -> Any:
        counted.append(len(kept := narrowed(self, layer)))
        return kept

    monkeypatch.setattr(search._Search, "_narrowed", counting)
    return counted


@pytest.mark.parametrize(("narrow", "most"), [(300, 26_349), (20, 10_817)])
def test_the_search_pursues_no_more_states_than_it_needs(narrow: int, most: int, states: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty large problems take so many states in all, and not one more: what can't lead to the least cost is given up at once."""
    monkeypatch.setattr(search, "NARROW", narrow)
    for seed in range(40):
        for shared in (False, True):
            cheapest(*_large(seed, shared), limit=3)
    assert sum(states) <= most


@pytest.mark.parametrize("narrow", [1, 40, 100_000])
def test_the_first_pass_changes_no_answer(narrow: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large problem has the same solutions whether the first pass keeps one state a stage, some, or all."""
    expected = [cheapest(*_large(seed, shared=True), limit=3) for seed in range(20)]
    monkeypatch.setattr(search, "NARROW", narrow)
    found = [cheapest(*_large(seed, shared=True), limit=3) for seed in range(20)]
    assert [each and (each.cost, each.sets) for each in found] == [each and (each.cost, each.sets) for each in expected]


def test_a_search_that_needs_too_many_states_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million states are searched; with one more there is no answer, but one plain line."""
    for many in (1_000_000, 1_000_001):
        monkeypatch.setattr(search._Search, "_narrowed", lambda *_, many=many: range(many))
        if many == 1_000_000:
            cheapest(Holds(0), [-2], [[Choice((2,), 1)]], 5)
        else:
            with pytest.raises(BadInput) as caught:
                cheapest(Holds(0), [-2], [[Choice((2,), 1)]], 5)
    assert str(caught.value) == "path: can't be solved exactly within 1,000,000 states; fix some criteria, or name fewer that may change"
