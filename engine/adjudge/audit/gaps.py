"""Holes, where no rule speaks, and what else is worth knowing: rules that overlap, parts and thresholds that add nothing."""

from __future__ import annotations

from collections.abc import Iterator

from adjudge.audit.logic import Truth, negate
from adjudge.audit.population import Case, Population
from adjudge.audit.results import FindingOut, InstanceOut, LawOut
from adjudge.audit.search import Found, Search, differs
from adjudge.audit.verdicts import case_out, instance, verdict
from adjudge.audit.words import phrase, selected
from adjudge.language import AllHold, AnyHolds, Bound, Condition, CountHold, Share, conditions
from adjudge.rulebook import NOT_APPLICABLE


class Gaps:
    """Looks for holes and for what adds nothing, with every value known."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.standard = search.standard
        self.encoding = search.encoding
        self.terms, self.admitted = search.every_reading()
        self.case, self.rules = search.population.symbolic("case", unknown=False, inapplicable=False)
        self.answer = self.encoding.answer(self.case, self.terms)

    def hole(self) -> tuple[LawOut, list[FindingOut]]:
        """Return the law that holes are declared, with the hole that there is.

        A hole is a case in which no grade's condition holds and no limit changes what `otherwise` leaves, if that is a range, or a grade that has
        a condition of its own, which then isn't met. Where `otherwise` gives just a grade without a condition, that is how the standard words the
        grade. It is declared if `otherwise` says what must be decided.
        """
        otherwise = self.standard.otherwise
        name = self.standard.grades[otherwise.grade]
        if otherwise.low == otherwise.high and all(each.grade != otherwise.grade for each in self.standard.reach):
            return verdict(
                14, [InstanceOut(about="no hole", verdict="proven")], note=f"what is left is {name}, which has no condition of its own"
            ), []
        found = self._smallest_hole()
        if found is None:
            return verdict(14, [InstanceOut(about="no hole", verdict="proven")], note="some rule speaks of every combination"), []
        ends = [self.standard.grades[each] for each in (otherwise.low, otherwise.high)]
        text = f"{name} is proposed{f', between {ends[0]} and {ends[1]}' if ends[0] != ends[1] else ''}: {otherwise.text}"
        declared = otherwise.decision is not None
        hole = FindingOut(kind="hole", text=text, declared=declared, case=case_out(self.search, found))
        about = f"{text}{f'; for decision: {otherwise.decision}' if declared else '; no `decision` says that it is left open'}"
        law = verdict(14, [instance(self.search, about, None if declared else [found])], note="a hole, found and declared" if declared else None)
        return law, [hole]

    def _smallest_hole(self) -> Found | None:
        for inapplicable in (False, True):
            case, rules = self.search.population.symbolic("case", unknown=False, inapplicable=inapplicable)
            end = self.encoding.answer(case, self.terms).worst
            found = self.search.smallest(case, self.terms, rules, self.admitted, end.unreached, negate(end.limited))
            if found:
                return found[0]
        return None

    def findings(self) -> Iterator[FindingOut]:
        """Yield what breaks no law and yet is worth knowing."""
        yield from self._overlaps()
        yield from self._idle_parts()
        yield from self._same_thresholds()
        yield from self._all_of_them()
        yield from self._nothing_asked()
        yield from self._nothing_applicable()

    def _smallest(self, *asked: Truth) -> Found | None:
        found = self.search.smallest(self.case, self.terms, self.rules, self.admitted, *asked)
        return found[0] if found else None

    def _holds(self, condition: Condition) -> Truth:
        return self.encoding.holds(condition, self.case, self.terms)[0]

    def _overlaps(self) -> Iterator[FindingOut]:
        rank = self.standard.grade_rank
        floors = [each for each in self.standard.limits if not each.caps]
        for cap in (each for each in self.standard.limits if each.caps):
            for floor in floors:
                if rank[cap.grade] < rank[floor.grade]:
                    found = self._smallest(self._holds(cap.when), self._holds(floor.when))
                    if found:
                        text = f'"{floor.text}" lifts to {self.standard.grades[floor.grade]}, yet "{cap.text}" caps: the cap wins'
                        yield FindingOut(kind="overlap", text=text, case=case_out(self.search, found))

    def _idle_parts(self) -> Iterator[FindingOut]:
        """A part is idle where taking it as holding (among several that must), or as failing (among several that may), changes no answer."""
        rules = [(self.standard.grades[each.grade], each.when) for each in self.standard.reach] + [
            (each.text, each.when) for each in self.standard.limits
        ]
        for name, when in rules:
            for joined in conditions(when):
                match joined:
                    case AllHold():
                        found, ways = joined.all, [True]
                    case AnyHolds():
                        found, ways = joined.any, [False]
                    case CountHold():
                        found, ways = joined.count, [True, False]
                    case _:
                        continue
                for part in found if len(found) > 1 else ():
                    if all(self._changes_nothing(part, way) for way in ways):
                        text = f"{name} would be given to the same combinations without this part: {phrase(self.standard, part)}"
                        yield FindingOut(kind="idle part", text=text)

    def _changes_nothing(self, part: Condition, way: bool) -> bool:
        other = self.encoding.answer(self.case, self.terms, given={id(part): way})
        return not self.search.possible(self.rules, self.admitted, differs(self.answer, other))

    def _same_thresholds(self) -> Iterator[FindingOut]:
        """Two values of a term come to the same where no combination, with everything applicable, has another answer under the one than the other."""
        for term, asked in self.standard.terms.items():
            for place, one in enumerate(asked.admissible):
                for other in asked.admissible[place + 1 :]:
                    answers = [
                        self.encoding.answer(self.case, {**self.terms, term: {each: each == value for each in asked.admissible}})
                        for value in (one, other)
                    ]
                    if not self.search.possible(self.rules, self.admitted, differs(*answers)):
                        text = f"{term.replace('_', ' ')}: `{one}` and `{other}` come to the same with so many criteria"
                        yield FindingOut(kind="same threshold", text=text)

    def _all_of_them(self) -> Iterator[FindingOut]:
        """A share short of the whole that rounds up to it, and one of nought that rounds down to it."""
        told: set[str] = set()
        whens = [each.when for each in self.standard.reach] + [each.when for each in self.standard.limits]
        for when in whens:
            for condition in conditions(when):
                if not isinstance(condition, Share):
                    continue
                whole = _taken(self.search.population, condition)
                texts = self.standard.terms[condition.is_].admissible if condition.is_ in self.standard.terms else (condition.is_,)
                for text in texts:
                    bound = Bound.parse(text)
                    edge = bound.edge(whole)
                    what = selected(self.standard, condition.selection)
                    if bound.rising and bound.value < 1 and edge == whole:
                        told.add(f"`{text}` of {whole} {what} is all of them")
                    elif not bound.rising and bound.value > 0 and edge == 0:
                        told.add(f"`{text}` of {whole} {what} is none of them")
        yield from (FindingOut(kind="all of them", text=text) for text in sorted(told))

    def _nothing_asked(self) -> Iterator[FindingOut]:
        """What a grade asks may be about nothing that applies to a body: then it isn't reached, and a better grade may be all the same."""
        case, rules = self.search.population.symbolic("case", unknown=False, inapplicable=True)
        answer = self.encoding.answer(case, self.terms)
        for reach in self.standard.reach:
            rank = self.standard.grade_rank[reach.grade]
            if rank + 1 < len(self.standard.grades):
                void = negate(self.encoding.asks(reach.when, case))
                found = self.search.smallest(case, self.terms, rules, self.admitted, void, answer.worst.grade[rank])
                if found:
                    text = f"nothing that {self.standard.grades[reach.grade]} asks about may apply to a body that is given a better grade"
                    yield FindingOut(kind="nothing asked", text=text, case=case_out(self.search, found[0]))

    def _nothing_applicable(self) -> Iterator[FindingOut]:
        groups = self.search.population.groups
        counts = {key: groups[key[0]].size if key[1] == NOT_APPLICABLE else 0 for key in self.case.counts}
        case = Case(counts, {place: groups[place].ends[0] for place in self.case.points})
        out = case_out(self.search, Found(case, self.standard.reading()))
        if out.grade is not None and "standard" not in out.reasons:
            text = f"to a body to which no criterion applies {self.standard.grades[out.grade]} would be given, with nothing left to decide"
            yield FindingOut(kind="nothing applicable", text=text)


def _taken(population: Population, condition: Share) -> int:
    return sum(population.groups[place].size for place in population.taken(condition.selection))
