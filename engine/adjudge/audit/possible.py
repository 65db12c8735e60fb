"""Laws of what can happen: every grade reached, every criterion, term and limit of effect, every condition able to hold and to fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from adjudge.audit.encoding import Terms, is_grade
from adjudge.audit.logic import Truth, all_of, any_of, negate
from adjudge.audit.population import SCORED, Case
from adjudge.audit.results import InstanceOut, LawOut
from adjudge.audit.search import Search, differs
from adjudge.audit.verdicts import verdict
from adjudge.audit.words import of_group, phrase
from adjudge.language import Condition, conditions

Goal = Callable[[Case, Terms], Truth]


class Possible:
    """Shows for one rulebook that things can happen under every admissible reading, with every value known and every criterion applicable."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.standard = search.standard
        self.encoding = search.encoding
        self.case, self.rules = search.population.symbolic("case", unknown=False, inapplicable=False)

    def laws(self) -> Iterator[LawOut]:
        """Yield the laws with their verdicts."""
        yield verdict(9, self._grades())
        yield verdict(10, self._criteria())
        yield verdict(11, self._terms(), "the standard leaves no word open")
        yield verdict(12, self._limits(), "the standard has no limits")
        yield verdict(13, self._conditions())

    def _attained(self, about: str, goal: Goal, failing: str) -> InstanceOut:
        reading = self.search.reading_without(goal, self.case, self.rules)
        if reading is None:
            return InstanceOut(about=about, verdict="proven")
        changes = ", ".join(f"{term} is `{value}`" for term, value in reading.changes(self.standard).items())
        return InstanceOut(about=about, verdict="refuted", reason=f"{failing}{f' where {changes}' if changes else ' under the default reading'}")

    def _grades(self) -> Iterator[InstanceOut]:
        for grade, label in self.standard.grades.items():
            rank = self.standard.grade_rank[grade]

            def goal(case: Case, terms: Terms, rank: int = rank) -> Truth:
                return is_grade(self.encoding.answer(case, terms).worst.grade, rank)

            yield self._attained(label, goal, "no combination is given it")

    def _criteria(self) -> Iterator[InstanceOut]:
        for place, group in enumerate(self.search.population.groups[: self.search.population.actual]):

            def goal(case: Case, terms: Terms, place: int = place) -> Truth:
                return self._matters(place, case, terms)

            yield self._attained(of_group(self.standard, group), goal, "no change of it changes any answer")

    def _matters(self, place: int, case: Case, terms: Terms) -> Truth:
        """Say that with the best value in place of another the answer differs: if the answers to any two values do, one differs from the best's."""
        group, answer = self.search.population.groups[place], self.encoding.answer(case, terms)
        if group.scored:
            return all_of((case.counts[place, SCORED] >= 1, differs(answer, self.encoding.answer(case.scored(place, group.ends[1]), terms))))
        best = group.values[-1]
        found = []
        for value in group.values[:-1] if self.standard.not_monotone else group.values[:1]:
            after = self.encoding.answer(case.moved(place, value, best), terms)
            found.append(all_of((case.counts[place, value] >= 1, differs(answer, after))))
        return any_of(found)

    def _terms(self) -> Iterator[InstanceOut]:
        """A term matters where two readings that differ in it alone give two answers."""
        case, rules = self.search.population.symbolic("case", unknown=False, inapplicable=True)
        terms, admitted = self.search.every_reading()
        answer = self.encoding.answer(case, terms)
        for term, asked in self.standard.terms.items():
            if len(asked.admissible) > 1:
                others, also = self.search.every_reading("other", terms, term)
                found = self.search.possible(rules, admitted, also, differs(answer, self.encoding.answer(case, others)))
                words = None if found else "whatever its value, every answer is the same"
                yield InstanceOut(about=term.replace("_", " "), verdict="proven" if found else "refuted", reason=words)

    def _limits(self) -> Iterator[InstanceOut]:
        for place, limit in enumerate(self.standard.limits):
            side = "no better than" if limit.caps else "no worse than"

            def goal(case: Case, terms: Terms, place: int = place) -> Truth:
                return differs(self.encoding.answer(case, terms), self.encoding.answer(case, terms, without=[place]))

            yield self._attained(f"{side} {self.standard.grades[limit.grade]}: {limit.text}", goal, "without it every answer is the same")

    def _conditions(self) -> Iterator[InstanceOut]:
        rules = [(self.standard.grades[each.grade], each.when) for each in self.standard.reach]
        rules += [(each.text, each.when) for each in self.standard.limits]
        rules += [(each.text, each.when) for number in self.standard.numbers.values() for each in number.adjust]
        for name, when in rules:
            for condition in conditions(when):
                yield self._both_ways(name, condition)

    def _both_ways(self, name: str, condition: Condition) -> InstanceOut:
        about = f"{name}: {phrase(self.standard, condition)}"
        can_hold = self._attained(about, lambda case, terms: self.encoding.holds(condition, case, terms)[0], "it can't hold")
        if can_hold.verdict == "refuted":
            return can_hold
        return self._attained(about, lambda case, terms: negate(self.encoding.holds(condition, case, terms)[1]), "it can't fail")
