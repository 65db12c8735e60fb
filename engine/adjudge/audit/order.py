"""Laws of what follows from what: total, one best grade, monotone, limits, what a grade asks, significance, unknowns."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from adjudge.audit.encoding import Answer, at_most, equal, is_grade
from adjudge.audit.logic import Truth, all_of, any_of, negate, total
from adjudge.audit.population import SCORED, Case
from adjudge.audit.results import InstanceOut, LawOut
from adjudge.audit.search import Search
from adjudge.audit.verdicts import instance, verdict
from adjudge.audit.words import of_group, phrase
from adjudge.language import AllHold, AnyOf, Condition, Selection
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reach, selects


class Order:
    """Proves laws of one rulebook over the symbolic case, in which values may be unknown and inapplicable, under the symbolic reading.

    Where both ends of the range are those of the worst and the best completion (law 16), a law that compares two cases which differ in one known
    value is proven over known values only: completed alike, the two are again such cases. That learning never widens (law 15) then follows from
    laws 3 and 16.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.standard = search.standard
        self.groups = search.population.groups
        self.actual = range(search.population.actual)
        self._take(unknown=True)

    def laws(self) -> Iterator[LawOut]:
        """Yield the laws with their verdicts."""
        yield verdict(1, [self._broken("every combination", self._without_reason())])
        yield verdict(2, [self._broken("every combination", negate(self._one_grade()))])
        yield verdict(4, self._caps(), "no limit caps the grade")
        yield verdict(5, self._floors(), "no limit lifts the grade")
        yield verdict(6, self._asked())
        monotone = self.standard.not_monotone
        declared = f"the standard isn't monotone, and says why: {monotone}"
        ends = verdict(16, () if monotone else self._ends(), f"the range is an outer bound: {declared}")
        yield ends
        if ends.verdict == "proven":
            self._take(unknown=False)
        improvements = verdict(3, () if monotone else self._improvements(), declared)
        yield improvements
        yield verdict(7, self._significances(), "no two criteria that are alike but for their significance")
        yield verdict(8, self._dominant(), "no criterion with a status that could be more significant than it is")
        if ends.verdict == improvements.verdict == "proven":
            yield verdict(15, [InstanceOut(about="every criterion", verdict="proven")], note="follows from laws 3 and 16")
        else:
            self._take(unknown=True)
            yield verdict(15, self._learning())

    def _take(self, unknown: bool) -> None:
        """Take the symbolic case with or without unknown values."""
        self.case, rules = self.search.population.symbolic("case", unknown, inapplicable=True)
        self.terms, admitted = self.search.every_reading()
        self.rules = all_of((rules, admitted))
        self.answer = self.search.encoding.answer(self.case, self.terms)
        self.unknown = unknown

    def _broken(self, about: str, broken: Truth) -> InstanceOut:
        """Return an instance that a case breaks where something is true of it."""
        return self._against(about, broken, [], ("case",))

    def _compared(self, about: str, broken: Truth, other: Case, names: tuple[str, str] = ("before", "after")) -> InstanceOut:
        """Return an instance about two cases under the same reading."""
        return self._against(about, broken, [other], names)

    def _against(self, about: str, broken: Truth, others: list[Case], names: tuple[str, ...]) -> InstanceOut:
        found = self.search.smallest(self.case, self.terms, self.rules, broken, of=[(other, self.terms) for other in others])
        reason = None
        if found and any(case.number(tuple(self.actual), (NOT_APPLICABLE,)) for case in (each.case for each in found)):
            everything = self.case.number(tuple(self.actual), (NOT_APPLICABLE,)) == 0
            if not self.search.possible(self.rules, broken, everything):
                reason = "holds where every criterion is applicable"
        return instance(self.search, about, found, names, reason)

    def _without_reason(self) -> Truth:
        """No grade, or a range without a reason: what isn't known explains ends that differ, `otherwise` what is left of its own range."""
        answer, ranks = self.answer, range(len(self.standard.grades))
        none = negate(any_of(is_grade(answer.worst.grade, rank) for rank in ranks))
        worst, best = answer.worst, answer.best
        differ = negate(all_of((equal(worst.grade, best.grade), equal(worst.low, best.low), equal(worst.high, best.high))))
        told = any_of(all_of((self.standard.otherwise.decision is not None, end.unreached)) for end in (answer.worst, answer.best))
        return any_of((none, all_of((negate(at_most(answer.high, answer.low)), negate(differ), negate(told)))))

    def _one_grade(self) -> Truth:
        """At each end one grade and no other, inside its own range."""
        ranks = range(len(self.standard.grades))
        rules: list[Truth] = []
        for end in (self.answer.worst, self.answer.best):
            for chain in (end.grade, end.low, end.high):
                each = [is_grade(chain, rank) for rank in ranks]
                rules.append(any_of(each))
                rules += [negate(all_of((one, other))) for place, one in enumerate(each) for other in each[:place]]
            rules += [at_most(end.low, end.grade), at_most(end.grade, end.high)]
        return all_of(rules)

    def _answer(self, case: Case) -> Answer:
        return self.search.encoding.answer(case, self.terms)

    def _improvements(self) -> Iterator[InstanceOut]:
        for place in self.actual:
            group, name = self.groups[place], of_group(self.standard, self.groups[place])
            if group.scored:
                after, rules = self._rescored(place)
                rules = all_of((rules, self._better_points(place, after)))
                yield self._compared(name, all_of((rules, negate(self.answer.no_better_than(self._answer(after))))), after)
                continue
            for worse, better in zip(group.values, group.values[1:], strict=False):
                after = self.case.moved(place, worse, better)
                broken = all_of((self.case.counts[place, worse] >= 1, negate(self.answer.no_better_than(self._answer(after)))))
                yield self._compared(f"{name}, from {self._value(worse)} to {self._value(better)}", broken, after)

    def _rescored(self, place: int) -> tuple[Case, Truth]:
        points = z3.Int(f"other:{place}:points")
        ends = self.groups[place].ends
        return self.case.scored(place, points), all_of((self.case.counts[place, SCORED] >= 1, points >= min(ends), points <= max(ends)))

    def _better_points(self, place: int, after: Case) -> Truth:
        worst, best = self.groups[place].ends
        more, less = (after, self.case) if best > worst else (self.case, after)
        return more.points[place] > less.points[place]

    def _caps(self) -> Iterator[InstanceOut]:
        """A cap's condition, or, where any of some criteria will do, just one criterion with such a status, holds the grade down."""
        for limit in self.standard.limits:
            if not limit.caps:
                continue
            better = self.answer.high[self.standard.grade_rank[limit.grade]]
            certain, _ = self.search.encoding.holds(limit.when, self.case, self.terms)
            where = certain
            if isinstance(limit.when, AnyOf):
                where = any_of((certain, self._one_alone(limit.when)))
            yield self._broken(f"no better than {self.standard.grades[limit.grade]}: {limit.text}", all_of((where, better)))

    def _one_alone(self, condition: AnyOf) -> Truth:
        rank, threshold = self.standard.rank, condition.threshold
        found = []
        for value, chosen in self.terms.get(threshold, {threshold: True}).items():
            statuses = [each for each in rank if (rank[each] >= rank[value] if condition.rises else rank[each] <= rank[value])]
            places = self.search.population.taken(condition.selection)
            found.append(all_of((chosen, any_of(self.case.counts[place, each] >= 1 for place in places for each in statuses))))
        return any_of(found)

    def _floors(self) -> Iterator[InstanceOut]:
        for limit in self.standard.limits:
            if limit.caps:
                continue
            rank = self.standard.grade_rank[limit.grade]
            certain, _ = self.search.encoding.holds(limit.when, self.case, self.terms)
            capped = self._possible_limits(caps=True, below=rank)
            worse = rank > 0 and negate(self.answer.low[rank - 1])
            yield self._broken(f"no worse than {self.standard.grades[limit.grade]}: {limit.text}", all_of((certain, negate(capped), worse)))

    def _possible_limits(self, caps: bool, below: int) -> Truth:
        """Say that some cap below a grade, or some floor at it or above, may hold."""
        rank = self.standard.grade_rank
        return any_of(
            self.search.encoding.holds(each.when, self.case, self.terms)[1]
            for each in self.standard.limits
            if each.caps == caps and (rank[each.grade] < below) == caps
        )

    def _asked(self) -> Iterator[InstanceOut]:
        """Where one thing that a grade asks of a body surely doesn't hold, it isn't reached: only a floor, or what is left otherwise, can give it."""
        for reach in self.standard.reach:
            rank = self.standard.grade_rank[reach.grade]
            left = self.standard.grade_rank[self.standard.otherwise.high] >= rank
            by_right = any_of((self._possible_limits(caps=False, below=rank), all_of((left, self.answer.worst.unreached))))
            for part in _conjuncts(reach.when):
                _, possible = self.search.encoding.holds(part, self.case, self.terms)
                asks = self.search.encoding.asks(part, self.case)
                broken = all_of((asks, negate(possible), rank > 0 and self.answer.high[rank - 1], negate(by_right)))
                yield self._broken(f"{self._grade(reach)} asks: {phrase(self.standard, part)}", broken)

    def _value(self, value: str) -> str:
        return self.standard.statuses.get(value, value.replace("_", " "))

    def _grade(self, reach: Reach) -> str:
        return self.standard.grades[reach.grade]

    def _significances(self) -> Iterator[InstanceOut]:
        """Two criteria of one tier, alike but for their significance: with the better value at the more significant one the answer is no worse."""
        order = list(self.standard.significances)
        for more in self.actual:
            for less in self.actual:
                one, other = self.groups[more], self.groups[less]
                if one.significance is None or other.significance is None or order.index(one.significance) <= order.index(other.significance):
                    continue
                if one.first.tier != other.first.tier or one.values != other.values or one.scored or not self._alike(more, less):
                    continue
                for place, worse in enumerate(one.values):
                    for better in one.values[place + 1 :]:
                        after = self.case.moved(more, worse, better).moved(less, better, worse)
                        there = all_of((self.case.counts[more, worse] >= 1, self.case.counts[less, better] >= 1))
                        broken = all_of((there, negate(self.answer.no_better_than(self._answer(after)))))
                        pair = [f"{of_group(self.standard, each)} {self._value(value)}" for each, value in ((one, worse), (other, better))]
                        yield self._compared(f"{' and '.join(pair)}, exchanged", broken, after)

    def _alike(self, one: int, other: int) -> bool:
        def taken(selection: Selection, place: int) -> bool:
            return selects(selection.model_copy(update={"significance": None}), self.groups[place].first, None)

        same_weight = self.groups[one].weight == self.groups[other].weight
        return same_weight and all(taken(each, one) == taken(each, other) for each in self.search.population.selections)

    def _dominant(self) -> Iterator[InstanceOut]:
        """For a body to which something applies of all that the standard measures, before the criterion is made dominant."""
        asked = all_of(self.search.encoding.applicable(each, self.case) > 0 for each in self.search.population.selections)
        for place, twin in self.search.population.twins.items():
            for value in (*self.groups[place].values, *[NOT_ASSESSED] * self.unknown):
                after = self.case.moved(place, value, value, twin)
                broken = all_of((asked, self.case.counts[place, value] >= 1, negate(self._answer(after).no_better_than(self.answer))))
                yield self._compared(f"{of_group(self.standard, self.groups[place])}, {self._value(value)}", broken, after)

    def _learning(self) -> Iterator[InstanceOut]:
        for place in self.actual:
            for value in self.groups[place].values:
                before = self.case.moved(place, value, NOT_ASSESSED)
                wide = self._answer(before)
                inside = all_of((at_most(wide.low, self.answer.low), at_most(self.answer.high, wide.high)))
                broken = all_of((self.case.counts[place, value] >= 1, negate(inside)))
                yield self._compared(f"{of_group(self.standard, self.groups[place])}, {self._value(value)}", broken, before, ("known", "not known"))

    def _ends(self) -> Iterator[InstanceOut]:
        """With everything unknown at its worst the answer is the worst end, with everything at its best the best."""
        for best, word in ((False, "worst"), (True, "best")):
            filled = self.search.population.completed(self.case, best)
            answer = self._answer(filled)
            there, mine = (answer.best, self.answer.best) if best else (answer.worst, self.answer.worst)
            whole = (self.answer.high, answer.high) if best else (self.answer.low, answer.low)
            pairs = [(mine.grade, there.grade), (mine.low, there.low), (mine.high, there.high), whole]
            differ = any_of(negate(equal(one, other)) for one, other in pairs)
            unknown = total(self.case.counts[place, NOT_ASSESSED] for place in self.actual) >= 1
            yield self._compared(f"everything unknown at its {word}", all_of((unknown, differ)), filled, ("not known", f"at its {word}"))


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllHold):
        for part in condition.all:
            yield from _conjuncts(part)
    else:
        yield condition
