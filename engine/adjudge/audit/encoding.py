"""The grade logic of a standard as formulas over a case and a reading, written from the language's reference and not from the evaluators."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from adjudge.audit.logic import Truth, Whole, all_of, any_of, choose, divided, implies, negate, same, total
from adjudge.audit.population import SCORED, Case, Population
from adjudge.language import (
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
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED

Terms = Mapping[str, Mapping[str, Truth]]
"""A reading: for each term and each value that it admits, whether that is the value. Symbolic, it stands for every reading."""
Holds = tuple[Truth, Truth]
"""Whether a condition holds whatever is unknown, and whether it holds for some of it."""
Chain = tuple[Truth, ...]
"""A grade as what is true of it: it is at least the second worst, at least the third worst, and so on."""
Ratio = tuple[Whole, Whole]
"""A number of points, on the population's scale, as one whole number over another."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of the range: the grade and its own range, whether no grade's condition holds there, and whether a limit changed anything."""

    grade: Chain
    low: Chain
    high: Chain
    unreached: Truth
    limited: Truth


@dataclass(frozen=True, slots=True)
class Answer:
    """What is proposed: its worst and its best end. The whole range goes from ``low`` to ``high``."""

    worst: End
    best: End

    @property
    def low(self) -> Chain:
        """The worst grade that it can be."""
        return tuple(all_of(pair) for pair in zip(self.worst.low, self.best.low, strict=True))

    @property
    def high(self) -> Chain:
        """The best grade that it can be."""
        return tuple(any_of(pair) for pair in zip(self.worst.high, self.best.high, strict=True))

    def no_better_than(self, other: Answer) -> Truth:
        """Say that neither end is better than the other answer's."""
        pairs = [(self.low, other.low), (self.high, other.high), (self.worst.grade, other.worst.grade), (self.best.grade, other.best.grade)]
        return all_of(at_most(one, another) for one, another in pairs)

    def equals(self, other: Answer) -> Truth:
        """Say that both are the same grade and range."""
        pairs = [(self.low, other.low), (self.high, other.high), (self.worst.grade, other.worst.grade), (self.best.grade, other.best.grade)]
        return all_of(equal(one, another) for one, another in pairs)


def at_most(one: Chain, other: Chain) -> Truth:
    """Say that the one grade is no better than the other."""
    return all_of(implies(a, b) for a, b in zip(one, other, strict=True))


def equal(one: Chain, other: Chain) -> Truth:
    """Say that two grades are the same."""
    return all_of(same(a, b) for a, b in zip(one, other, strict=True))


def is_grade(chain: Chain, rank: int) -> Truth:
    """Say that a grade is the one of a rank, the worst being 0."""
    return all_of((rank == 0 or chain[rank - 1], rank == len(chain) or negate(chain[rank])))


class Encoding:
    """The rules of a standard for one rulebook's population.

    ``answer`` leaves out the limits of the places in ``without``, and takes conditions in ``given`` (by `id`) for what is said there.
    """

    def __init__(self, population: Population) -> None:
        self.population = population
        self.standard = population.standard
        self.top = len(self.standard.grades) - 1

    def answer(self, case: Case, terms: Terms, without: Collection[int] = (), given: Mapping[int, bool] | None = None) -> Answer:
        """Return what is proposed for a case under a reading."""
        reached = [(self._rank(each.grade), self.holds(each.when, case, terms, given)) for each in self.standard.reach]
        limited = [
            (each.caps, self._rank(each.grade), self.holds(each.when, case, terms, given))
            for place, each in enumerate(self.standard.limits)
            if place not in without
        ]
        ends = []
        for best in (False, True):
            reaches = [(rank, holds[best]) for rank, holds in reached]
            floors = [(rank, holds[best]) for caps, rank, holds in limited if not caps]
            caps = [(rank, holds[not best]) for caps, rank, holds in limited if caps]
            ends.append(self._end(reaches, floors, caps))
        return Answer(*ends)

    def _end(self, reaches: list[tuple[int, Truth]], floors: list[tuple[int, Truth]], caps: list[tuple[int, Truth]]) -> End:
        """The best grade whose condition holds, else what `otherwise` leaves; at least every floor that holds; at most every cap that does."""
        otherwise = self.standard.otherwise
        unreached = negate(any_of(holds for _, holds in reaches))

        def base(left: int) -> Chain:
            return tuple(
                any_of((*(holds for rank, holds in reaches if rank >= level), all_of((left >= level, unreached)))) for level in range(1, self.top + 1)
            )

        def raised(chain: Chain) -> Chain:
            return tuple(any_of((held, *(holds for rank, holds in floors if rank >= level))) for level, held in enumerate(chain, 1))

        def lowered(chain: Chain) -> Chain:
            return tuple(all_of((held, *(negate(holds) for rank, holds in caps if rank < level))) for level, held in enumerate(chain, 1))

        grade, low, high = (base(self._rank(each)) for each in (otherwise.grade, otherwise.low, otherwise.high))
        by_floor = any_of(all_of((holds, negate(low[rank - 1]))) for rank, holds in floors if rank > 0)
        lifted = raised(high)
        by_cap = any_of(all_of((holds, lifted[rank])) for rank, holds in caps if rank < self.top)
        grade, low, high = (lowered(raised(each)) for each in (grade, low, high))
        return End(grade, low, high, unreached, any_of((by_floor, by_cap)))

    def _rank(self, grade: str) -> int:
        return self.standard.grade_rank[grade]

    def holds(self, condition: Condition, case: Case, terms: Terms, given: Mapping[int, bool] | None = None) -> Holds:
        """Return whether a condition certainly and whether it possibly holds."""
        if given and id(condition) in given:
            return given[id(condition)], given[id(condition)]
        if isinstance(condition, Joined):
            return self._joined(condition, [self.holds(part, case, terms, given) for part in parts(condition)], terms)
        if isinstance(condition, NumberIs):
            return self._number_is(condition, case, terms)
        return self._choice(condition.threshold, terms, lambda status: self._measure(condition, self.standard.rank[status], case, terms))

    def _choice(self, text: str, terms: Terms, what: Callable[[str], Holds]) -> Holds:
        """Return what holds for a word, or, where it is a term, for the value that the reading gives it."""
        if text not in terms:
            return what(text)
        found = [(chosen, what(value)) for value, chosen in terms[text].items() if chosen is not False]
        return any_of(all_of((chosen, holds[0])) for chosen, holds in found), any_of(all_of((chosen, holds[1])) for chosen, holds in found)

    def _joined(self, condition: Joined, found: list[Holds], terms: Terms) -> Holds:
        if isinstance(condition, NotHolds):
            return negate(found[0][1]), negate(found[0][0])
        if isinstance(condition, AllHold):
            return all_of(each[0] for each in found), all_of(each[1] for each in found)
        if isinstance(condition, AnyHolds):
            return any_of(each[0] for each in found), any_of(each[1] for each in found)
        assert isinstance(condition, CountHold)
        certain, possible = (total(choose(each[side], 1, 0) for each in found) for side in (0, 1))
        return self._choice(condition.is_, terms, lambda text: _between(Bound.parse(text), (certain, 1), (possible, 1)))

    def _measure(self, condition: Measure, threshold: int, case: Case, terms: Terms) -> Holds:
        rank, groups = self.standard.rank, self.population.taken(condition.selection)
        passing = tuple(status for status in rank if (rank[status] >= threshold if condition.rises else rank[status] <= threshold))
        size = case.number(groups, (*rank, NOT_ASSESSED))
        low = case.number(groups, passing if len(passing) < len(rank) else (*rank, NOT_ASSESSED))
        high = case.number(groups, (*passing, NOT_ASSESSED) if passing else ())
        if isinstance(condition, Every):
            certain, possible = low >= size, high >= size
        elif isinstance(condition, AnyOf):
            certain, possible = low >= 1, high >= 1
        else:
            of = size if isinstance(condition, Share) else 1
            certain, possible = self._choice(condition.is_, terms, lambda text: _between(Bound.parse(text), (low, of), (high, of)))
        return all_of((size > 0, certain)), all_of((size > 0, possible))

    def _number_is(self, condition: NumberIs, case: Case, terms: Terms) -> Holds:
        number = self.standard.number(condition)
        there = self.applicable(number.selection, case) > 0
        low, high = (self._amount(number, case, terms, top) for top in (False, True))
        certain, possible = self._choice(condition.is_, terms, lambda text: _between(Bound.parse(text), low, high, self.population.scale))
        return all_of((there, certain)), all_of((there, possible))

    def asks(self, condition: Condition, case: Case) -> Truth:
        """Say that something a condition is about applies to the body: of nothing it asks nothing (decision 0009)."""
        if isinstance(condition, Joined):
            return any_of(self.asks(part, case) for part in parts(condition))
        measured = self.standard.number(condition) if isinstance(condition, NumberIs) else condition
        return self.applicable(measured.selection, case) > 0

    def applicable(self, selection: Selection, case: Case) -> Whole:
        """Return how many of the criteria that a selection takes apply to the body."""
        groups = self.population.taken(selection)
        return total(count for (group, value), count in case.counts.items() if group in groups and value != NOT_APPLICABLE)

    def _amount(self, number: Number, case: Case, terms: Terms, top: bool) -> Ratio:
        """Return the least, or the greatest, that a number can be."""
        amount, of = (self._extreme if number.aggregate in ("minimum", "maximum") else self._added)(number, case, top)
        for adjustment in number.adjust:
            by = int(exact(adjustment.by) * self.population.scale)
            certain, possible = self.holds(adjustment.when, case, terms)
            amount = total((amount, choose(possible if (by > 0) == top else certain, by * of, 0)))
        return self._rounded(amount, of, number.round, self._weights(number)) if number.round else (amount, of)

    def _weights(self, number: Number) -> range:
        most = sum(self.population.groups[place].weight * self.population.groups[place].size for place in self.population.taken(number.selection))
        return range(1, most + 1)

    def _worths(self, number: Number, case: Case, top: bool) -> list[tuple[int, Whole, Whole]]:
        """Return, for each value of each selected group, the weight, how many criteria have it, and its points; unknown ones are at one end."""
        found: list[tuple[int, Whole, Whole]] = []
        for place in self.population.taken(number.selection):
            group = self.population.groups[place]
            unknown = case.counts[place, NOT_ASSESSED]
            if group.scored:
                found.append((group.weight, case.counts[place, SCORED], case.points[place]))
                found.append((group.weight, unknown, (max if top else min)(group.ends)))
            else:
                found += [(group.weight, case.counts[place, value], worth) for value, worth in group.points.items()]
                found.append((group.weight, unknown, (max if top else min)(group.points.values())))
        return found

    def _added(self, number: Number, case: Case, top: bool) -> Ratio:
        worths = self._worths(number, case, top)
        mean = number.aggregate == "mean"
        amounts = [
            (weight if mean else 1) * (count * worth if isinstance(worth, int) else choose(count > 0, worth, 0)) for weight, count, worth in worths
        ]
        return total(amounts), total(weight * count for weight, count, _ in worths) if mean else 1

    def _extreme(self, number: Number, case: Case, top: bool) -> Ratio:
        """The first value, from one end, that some criterion has."""
        fewest = number.aggregate == "minimum"
        plain: dict[int, list[Whole]] = {}
        scored: list[tuple[Whole, Whole]] = []
        for _, count, worth in self._worths(number, case, top):
            if isinstance(worth, int):
                plain.setdefault(worth, []).append(count)
            else:
                scored.append((count, worth))
        found: Whole = None
        for worth in sorted(plain, reverse=fewest):
            found = worth if found is None else choose(total(plain[worth]) > 0, worth, found)
        there = any_of(total(counts) > 0 for counts in plain.values())
        for count, worth in scored:
            better = worth < found if fewest else worth > found
            found = choose(all_of((count > 0, any_of((negate(there), better)))), worth, found)
            there = any_of((there, count > 0))
        return found, 1

    def _rounded(self, amount: Whole, of: Whole, rounding: Rounding, weights: range) -> Ratio:
        """Round a ratio to a multiple; where what it is over isn't plain, for each number that it can be."""
        to = int(exact(rounding.to) * self.population.scale)
        if isinstance(of, int):
            return (_multiple(amount, max(of, 1) * to, rounding.mode) * to, 1)
        found: Whole = 0
        for each in weights:
            found = choose(of == each, _multiple(amount, each * to, rounding.mode) * to, found)
        return found, 1


def _multiple(amount: Whole, step: int, mode: str) -> Whole:
    floor, rest = divided(amount, step)
    up: Mapping[str, Callable[[], Truth]] = {
        "floor": lambda: False,
        "ceiling": lambda: rest > 0,
        "half_up": lambda: 2 * rest >= step,
        "half_down": lambda: 2 * rest > step,
        "half_even": lambda: any_of((2 * rest > step, all_of((2 * rest == step, divided(floor, 2)[1] == 1)))),
    }
    return total((floor, choose(up[mode](), 1, 0)))


def _between(bound: Bound, low: Ratio, high: Ratio, scale: int = 1) -> Holds:
    ends = [_keeps(bound, each, scale) for each in (low, high)]
    return all_of(ends), any_of(ends)


def _keeps(bound: Bound, amount: Ratio, scale: int) -> Truth:
    value: Fraction = bound.value * scale
    one, other = amount[0] * value.denominator, amount[1] * value.numerator
    if bound.rising:
        return one > other if bound.strict else one >= other
    return one < other if bound.strict else one <= other
