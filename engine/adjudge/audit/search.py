"""Search for cases: the smallest that breaks a law, or one for every reading that shows something can happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import z3

from adjudge.audit.encoding import Answer, Chain, Encoding, Terms
from adjudge.audit.logic import Truth, Whole, all_of, choose, negate, total
from adjudge.audit.population import DECIMALS, Case, Population
from adjudge.errors import BadInput, EnginesDisagree
from adjudge.reference import evaluate
from adjudge.rulebook import Reading, Rulebook, Standard

SECONDS = 60
"""How long one question may take: the audit gives up, and says so, rather than guess."""


@dataclass(frozen=True)
class Found:
    """A plain case under a plain reading."""

    case: Case
    reading: Reading


class Search:
    """Asks z3 about one rulebook of a standard. Every plain case that it hands out has been graded by the reference too, with the same answer."""

    def __init__(self, standard: Standard, book: Rulebook) -> None:
        self.standard = standard
        self.book = book
        self.population = Population(standard, book)
        self.encoding = Encoding(self.population)

    def every_reading(self, name: str = "reading", like: Terms | None = None, but: str | None = None) -> tuple[Terms, Truth]:
        """Return the reading that stands for all, and what is true of every reading; ``like`` another ``but`` for one term."""
        terms: dict[str, dict[str, Truth]] = {}
        rules: list[Truth] = []
        for term, asked in self.standard.terms.items():
            if like is not None and term != but:
                terms[term] = dict(like[term])
                continue
            values = {value: True if len(asked.admissible) == 1 else z3.Bool(f"{name}:{term}:{value}") for value in asked.admissible}
            terms[term] = values
            rules.append(total(choose(each, 1, 0) for each in values.values()) == 1)
        return terms, all_of(rules)

    def one_reading(self, reading: Reading) -> Terms:
        """Return a plain reading as terms."""
        return {term: {value: value == reading.values[term] for value in asked.admissible} for term, asked in self.standard.terms.items()}

    def possible(self, *asked: Truth) -> bool:
        """Say whether all that is asked can be true at once."""
        return self._satisfied(self._solver(*asked))

    def smallest(self, case: Case, terms: Terms, *asked: Truth, of: Sequence[tuple[Case, Terms]] = ()) -> list[Found] | None:
        """Return the smallest case for which all that is asked is true, or None if there is none.

        Smallest: with the fewest terms other than by default, then the fewest criteria short of their best value, then the fewest decimals.
        ``of`` are further cases to hand out beside it, such as the same case with a value improved.
        """
        solver = self._solver(*asked)
        if not self._satisfied(solver):
            return None
        changed = total(choose(terms[term][value.default], 0, 1) for term, value in self.standard.terms.items())
        self._lower(solver, changed)
        self._lower(solver, self.population.exceptions(case))
        for decimals in range(DECIMALS):
            step = self.population.scale // 10**decimals
            rules = [points % step == 0 for points in case.points.values() if step and not isinstance(points, int)]
            if not rules:
                break
            solver.push()
            solver.add(*rules)
            if self._satisfied(solver):
                break
            solver.pop()
        assert self._satisfied(solver)
        model = solver.model()
        return [self._plain(model, one, reading) for one, reading in ((case, terms), *of)]

    def reading_without(self, goal: Callable[[Case, Terms], Truth], case: Case, rules: Truth) -> Reading | None:
        """Return a reading under which no case attains the goal, or None if under every reading some case does.

        Cases are collected: one reading's case is tried on all others, and the next reading is one that none of them serves.
        """
        terms, admitted = self.every_reading()
        served: list[Case] = []
        while True:
            solver = self._solver(admitted, *(negate(goal(each, terms)) for each in served))
            if not self._satisfied(solver):
                return None
            reading = self._plain_reading(solver.model(), terms)
            one = self.one_reading(reading)
            solver = self._solver(rules, goal(case, one))
            if not self._satisfied(solver):
                return reading
            served.append(self._plain_case(solver.model(), case))

    def answered(self, found: Found) -> tuple[str | None, str, str]:
        """Return the grade and range of a plain case. Raises EnginesDisagree if the reference gives another answer than the formulas."""
        statuses = self.population.statuses(found.case)
        theirs = evaluate(self.standard, statuses, found.reading).answer
        ours = self.named(self.encoding.answer(found.case, self.one_reading(found.reading)))
        if theirs != ours:
            values = {each.criterion.id: each.status for each in statuses}
            raise EnginesDisagree(self.book.rulebook, [f"{values} under {dict(found.reading.values)}: reference {theirs}, audit {ours}"])
        return theirs

    def named(self, answer: Answer) -> tuple[str | None, str, str]:
        """Return the grade and range of a plain answer."""
        worst, best, low, high = (
            self.standard.worst_first[_height(each)] for each in (answer.worst.grade, answer.best.grade, answer.low, answer.high)
        )
        return worst if worst == best else None, low, high

    def _solver(self, *asked: Truth) -> z3.Solver:
        solver = z3.Solver()
        solver.set("timeout", SECONDS * 1000)
        for each in asked:
            solver.add(each)
        return solver

    def _satisfied(self, solver: z3.Solver) -> bool:
        found = solver.check()
        if found == z3.unknown:
            raise BadInput.at(self.book.rulebook, f"the audit can't decide a law within {SECONDS} seconds ({solver.reason_unknown()})")
        return bool(found == z3.sat)

    def _lower(self, solver: z3.Solver, cost: Whole) -> None:
        """Hold a cost to the least that it can be."""
        if isinstance(cost, int):
            return
        assert self._satisfied(solver)
        high = solver.model().eval(cost, model_completion=True).as_long()
        low = 0
        while low < high:
            middle = (low + high) // 2
            solver.push()
            solver.add(cost <= middle)
            if self._satisfied(solver):
                high = solver.model().eval(cost, model_completion=True).as_long()
            else:
                low = middle + 1
            solver.pop()
        solver.add(cost <= high)

    def _plain(self, model: z3.ModelRef, case: Case, terms: Terms) -> Found:
        return Found(self._plain_case(model, case), self._plain_reading(model, terms))

    def _plain_case(self, model: z3.ModelRef, case: Case) -> Case:
        counts = {key: _number(model, each) for key, each in case.counts.items()}
        return Case(counts, {place: _number(model, each) for place, each in case.points.items()})

    def _plain_reading(self, model: z3.ModelRef, terms: Terms) -> Reading:
        values = {}
        for term, choices in terms.items():
            asked = self.standard.terms[term]
            values[term] = next((value for value, chosen in choices.items() if _true(model, chosen)), asked.default)
        return self.standard.reading({term: value for term, value in values.items() if value != self.standard.terms[term].default})


def differs(one: Answer, other: Answer) -> Truth:
    """Say that two answers aren't the same."""
    return negate(one.equals(other))


def _height(chain: Chain) -> int:
    assert all(isinstance(each, bool) for each in chain)
    return sum(chain)


def _number(model: z3.ModelRef, number: Whole) -> int:
    return number if isinstance(number, int) else int(model.eval(number, model_completion=True).as_long())


def _true(model: z3.ModelRef, truth: Truth) -> bool:
    return truth if isinstance(truth, bool) else bool(z3.is_true(model.eval(truth, model_completion=True)))
