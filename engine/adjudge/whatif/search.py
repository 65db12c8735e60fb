"""The exact search: the least cost at which a formula over sums holds, and every choice that costs no more.

Members that can do the same for the same are interchangeable and taken together. They are taken up one after another; what counts of the choices so
far is where each sum stands and, once what is left can no longer change whether a sum holds, only that. Choices that leave the same behind are
pursued once, by the cheapest. Nothing is guessed and nothing cut off, so the cost found is the least there is.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from adjudge.errors import BadInput
from adjudge.whatif.aim import Formula, Holds, Joint, renumbered, sums_of
from adjudge.whatif.bound import NEVER, LowerBound

MOST_STATES = 1_000_000
"""A search that needs more states is given up with a plain word, never answered by half."""

NARROW = 300
"""A first pass keeps so many states a stage: where it needs no more it is exact; else what it finds bounds the cost for the exact pass."""

_HELD = sys.maxsize
_BROKEN = -_HELD
"""Where a sum is taken to stand that holds, or doesn't, whatever follows: so far off that nothing brings it back."""

Sums = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be done to a member: what it adds to the sums, and what it costs (at least 1, or something shared).

    What is shared costs 1 each, paid once, however many ask for it.
    """

    adds: Sums
    cost: int
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pick:
    """Any ``count`` of these: each a member, by its place, with its choice, by its place among that member's."""

    count: int
    of: tuple[tuple[int, int], ...]


Solution = tuple[Pick, ...]
"""What is done. Two picks of the same members take different ones."""


@dataclass(frozen=True, slots=True)
class Found:
    """The least cost, the number of cheapest sets of members with their choices, and the solutions that stand for them, up to a limit."""

    cost: int
    sets: int
    solutions: tuple[Solution, ...]
    complete: bool


def cheapest(formula: Formula, start: Sequence[int], members: Sequence[Sequence[Choice]], limit: int, most: int | None = None) -> Found | None:
    """Return the cheapest solutions, or None if there is none (or none that costs ``most`` at most).

    Each member takes one of its choices or none. Raises BadInput if more than `MOST_STATES` states would be needed.
    """
    formula, start, members = _relevant(formula, start, members)
    items = _items(members)
    first = _Search(formula, start, items, most, NARROW)
    found = first.run(limit)
    return _Search(formula, start, items, first.best).run(limit) if first.narrowed else found


@dataclass(frozen=True, slots=True)
class _Item:
    """Interchangeable members; ``labels`` has for each choice the members with their own place of it."""

    members: int
    choices: tuple[Choice, ...]
    labels: tuple[tuple[tuple[int, int], ...], ...]


def _relevant(
    formula: Formula, start: Sequence[int], members: Sequence[Sequence[Choice]]
) -> tuple[Formula, Sequence[int], Sequence[Sequence[Choice]]]:
    """Leave out the sums that nothing depends on, whatever is chosen."""
    low, high = list(start), list(start)
    nothing = (0,) * len(start)
    for choices in members:
        columns = list(zip(nothing, *(each.adds for each in choices), strict=True))
        low = [value + min(column) for value, column in zip(low, columns, strict=True)]
        high = [value + max(column) for value, column in zip(high, columns, strict=True)]
    settled: list[int | bool] = [True if low[place] >= 0 else False if high[place] < 0 else place for place in range(len(start))]
    formula = renumbered(formula, dict(enumerate(settled)))
    kept = sorted(sums_of(formula))
    trimmed = [[replace(each, adds=tuple(each.adds[place] for place in kept)) for each in choices] for choices in members]
    return renumbered(formula, {place: number for number, place in enumerate(kept)}), [start[place] for place in kept], trimmed


def _items(members: Sequence[Sequence[Choice]]) -> list[_Item]:
    """Take members with the same choices together. A choice that adds nothing, or the same as a cheaper one, is none."""
    groups: dict[tuple[Choice, ...], list[dict[Choice, tuple[int, int]]]] = {}
    for member, choices in enumerate(members):
        best: dict[tuple[Sums, frozenset[str]], tuple[int, int]] = {}
        for place, each in enumerate(choices):
            key = each.adds, each.shared
            if any(each.adds) and (key not in best or each.cost < best[key][0]):
                best[key] = each.cost, place
        own = {Choice(adds, cost, shared): (member, place) for (adds, shared), (cost, place) in best.items()}
        if own:
            table = tuple(sorted(own, key=lambda each: (each.cost, each.adds, sorted(each.shared))))
            groups.setdefault(table, []).append(own)
    items = [_Item(len(found), table, tuple(tuple(own[choice] for own in found) for choice in table)) for table, found in groups.items()]

    def about(item: _Item) -> list[int]:
        return [place for place, column in enumerate(zip(*(each.adds for each in item.choices), strict=True)) if any(column)]

    return sorted(items, key=about)


@dataclass(frozen=True, slots=True)
class _State:
    """Where the sums stand as far as it matters, how many members of the item at hand are used, and which shared things are paid."""

    sums: Sums
    used: int = 0
    paid: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Reached:
    """The least cost of a state, in how many ways it is reached at that cost, from where, and what the rest costs at least."""

    cost: int
    ways: int
    before: list[tuple[_State, int]]
    rest: int

    def note(self, cost: int, ways: int, before: tuple[_State, int]) -> None:
        if cost < self.cost:
            self.cost, self.ways, self.before = cost, ways, [before]
        elif cost == self.cost:
            self.ways += ways
            self.before.append(before)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What can still be added to each sum from a stage on: by each free member of its item, and by all later items; and what is shared from here."""

    member_low: Sums
    member_high: Sums
    low: Sums
    high: Sums
    members: int
    shared: frozenset[str]


@dataclass
class _Search:
    formula: Formula
    start: Sequence[int]
    items: Sequence[_Item]
    best: int | None
    width: int | None = None
    narrowed: bool = False
    settled: dict[Sums, tuple[bool | None, frozenset[int]]] = field(default_factory=dict)
    done: dict[int, _Reached] = field(default_factory=dict)

    def run(self, limit: int) -> Found | None:
        stages = [(item, choice) for item, each in enumerate(self.items) for choice in range(len(each.choices))]
        self.ahead = self._look_ahead()
        self.bound = LowerBound(self.formula, [(item.members, item.choices) for item in self.items], _HELD)
        outcome, sums = self._canonical(list(self.start), 0, 0)
        if outcome is not None:
            return Found(0, 1, ((),), complete=True) if outcome else None
        rest = self.bound.least(0, sums, _pattern(sums))
        layers = [{_State(sums): _Reached(0, 1, [], rest)}]
        kept = 0
        for number, (item, choice) in enumerate(stages):
            following = stages[number + 1][0] if number + 1 < len(stages) else len(self.items)
            layer = self._narrowed(self._stage(layers[-1], number, self.items[item], choice, following))
            layers.append(layer)
            kept += len(layer)
            if kept > MOST_STATES:
                raise BadInput.at("path", f"can't be solved exactly within {MOST_STATES:,} states; fix some criteria, or name fewer that may change")
        ends = [(number, reached) for number, reached in self.done.items() if reached.cost == self.best]
        if self.best is None or not ends:
            return None
        found: list[Solution] = []
        for number, reached in ends:
            for solution in self._backwards(layers, stages, number, reached):
                if len(found) == limit:
                    return Found(self.best, sum(end.ways for _, end in ends), tuple(found), complete=False)
                found.append(solution)
        return Found(self.best, sum(end.ways for _, end in ends), tuple(found), complete=True)

    def _look_ahead(self) -> list[_Ahead]:
        """Note for each stage, and for the end, what is still ahead of it."""
        width = range(len(self.start))
        nothing = tuple(0 for _ in width)
        low, high, shared = nothing, nothing, frozenset[str]()
        found = [_Ahead(nothing, nothing, low, high, 0, shared)]
        for item in reversed(self.items):
            least, most = nothing, nothing
            for choice in reversed(item.choices):
                least = tuple(min(least[place], choice.adds[place]) for place in width)
                most = tuple(max(most[place], choice.adds[place]) for place in width)
                shared = shared | choice.shared
                found.append(_Ahead(least, most, low, high, item.members, shared))
            low = tuple(low[place] + item.members * least[place] for place in width)
            high = tuple(high[place] + item.members * most[place] for place in width)
        return found[::-1]

    def _canonical(self, sums: list[int], stage: int, used: int) -> tuple[bool | None, Sums]:
        """Say whether the formula holds whatever follows (None: it depends), and return the sums; one that no longer matters is held."""
        ahead = self.ahead[stage]
        free = ahead.members - used
        for place, value in enumerate(sums):
            if value + ahead.low[place] + free * ahead.member_low[place] >= 0:
                sums[place] = _HELD
            elif value + ahead.high[place] + free * ahead.member_high[place] < 0:
                sums[place] = _BROKEN
        pattern = _pattern(sums)
        known = self.settled.get(pattern)
        if known is None:
            known = self.settled[pattern] = _settle(self.formula, pattern)
        outcome, matters = known
        if outcome is not None:
            return outcome, ()
        return None, tuple([value if place in matters or value == _BROKEN else _HELD for place, value in enumerate(sums)])

    def _stage(self, layer: dict[_State, _Reached], number: int, item: _Item, place: int, following: int) -> dict[_State, _Reached]:
        """Give one choice to none, one or more of an item's free members, from every state that can still lead to the least cost."""
        choice, last = item.choices[place], place == len(item.choices) - 1
        later = self.ahead[number + 1].shared
        found: dict[_State, _Reached] = {}
        bounds: dict[Sums, int] = {}
        for state, here in layer.items():
            if self.best is not None and here.cost + here.rest > self.best:
                continue
            sums, cost = list(state.sums), here.cost
            free = item.members - state.used
            for count in range(free + 1):
                if count:
                    cost += choice.cost + (len(choice.shared - state.paid) if count == 1 else 0)
                    sums = [value + adds for value, adds in zip(sums, choice.adds, strict=True)]
                if self.best is not None and cost > self.best:
                    break
                used = 0 if last else state.used + count
                outcome, canonical = self._canonical(sums.copy(), number + 1, used)
                if outcome is False:
                    continue
                ways = here.ways * math.comb(free, count)
                if outcome:
                    self.best = cost
                    self.done.setdefault(number + 1, _Reached(cost, 0, [], 0)).note(cost, ways, (state, count))
                    break
                if canonical not in bounds:
                    bounds[canonical] = self.bound.least(following, canonical, _pattern(canonical))
                rest = bounds[canonical]
                if rest < NEVER and (self.best is None or cost + rest <= self.best):
                    paid = (state.paid | choice.shared if count else state.paid) & later
                    found.setdefault(_State(canonical, used, paid), _Reached(cost, 0, [], rest)).note(cost, ways, (state, count))
        return found

    def _narrowed(self, layer: dict[_State, _Reached]) -> dict[_State, _Reached]:
        if self.width is None or len(layer) <= self.width:
            return layer
        self.narrowed = True
        kept = sorted(layer, key=lambda state: layer[state].cost + layer[state].rest)[: self.width]
        return {state: layer[state] for state in kept}

    def _backwards(self, layers: list[dict[_State, _Reached]], stages: Sequence[tuple[int, int]], number: int, end: _Reached) -> Iterator[Solution]:
        """Yield the choices that lead to an end, walking back from it."""
        waiting: list[tuple[int, _Reached, Solution]] = [(number, end, ())]
        while waiting:
            stage, reached, chosen = waiting.pop()
            if stage == 0:
                yield chosen
                continue
            item, choice = stages[stage - 1]
            for state, count in reversed(reached.before):
                picked = (Pick(count, self.items[item].labels[choice]),) if count else ()
                waiting.append((stage - 1, layers[stage - 1][state], (*picked, *chosen)))


def _pattern(sums: Sequence[int]) -> Sums:
    """Return the sums that are settled, the others as nought."""
    return tuple([0 if _BROKEN < value < _HELD else value for value in sums])


def _settle(formula: Formula, sums: Sums) -> tuple[bool | None, frozenset[int]]:
    """Say whether a formula holds as far as its sums are settled; if that is open, which sums it depends on."""
    if isinstance(formula, bool):
        return formula, frozenset()
    if isinstance(formula, Holds):
        value = sums[formula.sum]
        return (None, frozenset({formula.sum})) if _BROKEN < value < _HELD else (value >= _HELD, frozenset())
    assert isinstance(formula, Joint)
    found = [_settle(part, sums) for part in formula.parts]
    certain = possible = 0
    for outcome, _ in found:
        certain += outcome is True
        possible += outcome is not False
    if certain >= formula.least and possible <= formula.most:
        return True, frozenset()
    if possible < formula.least or certain > formula.most:
        return False, frozenset()
    return None, frozenset().union(*[matters for outcome, matters in found if outcome is None])
