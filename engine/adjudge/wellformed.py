"""Everything that can be wrong with a standard by itself: each fault in the user's words, at its place."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from adjudge.documents import Document, Path_
from adjudge.errors import Fault, listing, nearest
from adjudge.language import (
    AllHold,
    AnyHolds,
    AnyOf,
    Bound,
    Condition,
    Count,
    CountHold,
    Every,
    Measure,
    NotHolds,
    NumberIs,
    Period,
    Selection,
    Share,
    conditions,
    exact,
    part_paths,
    parts,
)
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Bands, Standard, StandardFile


def unknown(document: Document, path: Path_, word: str, noun: str, known: Sequence[str] | Mapping[str, object]) -> Fault:
    """Return the fault of a word that names nothing, with those that would."""
    return document.fault(path, f"`{word}` isn't a {noun} ({listing(known) or 'there is none'}){nearest(word, known)}")


def standard_faults(document: Document, file: StandardFile, standard: Standard) -> Iterator[Fault]:
    """Yield what is wrong with a standard; ``standard`` is the same with its bands written out."""
    for reserved in (NOT_ASSESSED, NOT_APPLICABLE):
        if reserved in standard.statuses:
            yield document.key_fault(("statuses", reserved), f"`{reserved}` is kept for criteria without a status; choose another id")
    for name in standard.statuses:
        if name.isdigit():
            yield document.key_fault(("statuses", name), f"`{name}` reads as a number; name the status by a word, its text may be `{name}`")
    if len(standard.statuses) == 1:
        yield document.fault(("statuses",), "`statuses` needs at least 2 entries, found 1")
        return
    if not standard.statuses and standard.points is None:
        yield document.fault((), "expected `statuses`, the worst first, or `points`")
    for name, basis in standard.bases.items():
        path: Path_ = ("bases", name, "establishes")
        if basis.establishes is None and standard.statuses:
            yield document.fault(path, "`establishes` is missing: the best status that this basis can show, or `nothing`")
        elif basis.establishes not in (None, "nothing", *standard.statuses):
            if standard.statuses:
                yield unknown(document, path, str(basis.establishes), "status, nor `nothing`", standard.statuses)
            else:
                yield document.fault(path, "the standard has no statuses: leave `establishes` out, or write `nothing`")
    yield from _term_faults(document, standard)
    askew = list(_points_faults(document, standard))
    yield from askew
    yield from _grade_faults(document, file, standard)
    check = _Conditions(document, standard, directed=not askew)
    for index, item in enumerate(file.reach):
        if isinstance(item, Bands):
            yield from check.bands(("reach", index), item)
        else:
            yield from check.faults(("reach", index, "when"), item.when, rising=True)
    for index, limit in enumerate(standard.limits):
        yield from check.faults(("limits", index, "when"), limit.when, rising=not limit.caps)
    yield from check.numbers()
    if standard.not_monotone and check.directed and not check.turned:
        yield document.key_fault(("not_monotone",), "a better status can only help here; leave `not_monotone` out")


def _term_faults(document: Document, standard: Standard) -> Iterator[Fault]:
    for name, term in standard.terms.items():
        if name in standard.statuses:
            yield document.key_fault(("terms", name), f"`{name}` is a status too; give the term another id")
        if term.default not in term.admissible:
            yield document.fault(
                ("terms", name, "default"), f"the default `{term.default}` isn't among the admissible values ({listing(term.admissible)})"
            )
        kinds = {value in standard.statuses for value in term.admissible}
        for index, value in enumerate(term.admissible):
            if value not in standard.statuses:
                yield from _bound_fault(document, ("terms", name, "admissible", index), value)
        if len(kinds) > 1:
            yield document.fault(("terms", name, "admissible"), "the values of a term are all statuses or all bounds")
    for name, reading in standard.readings.items():
        for term_name, value in reading.terms.items():
            path: Path_ = ("readings", name, "terms", term_name)
            if term_name not in standard.terms:
                yield document.key_fault(path, f"`{term_name}` isn't a term{nearest(term_name, standard.terms)}")
            elif value not in standard.terms[term_name].admissible:
                admissible = standard.terms[term_name].admissible
                yield document.fault(path, f"`{value}` isn't an admissible value of `{term_name}` ({listing(admissible)})")


def _bound_fault(document: Document, path: Path_, text: str) -> Iterator[Fault]:
    try:
        Bound.parse(text)
    except ValueError as error:
        yield document.fault(path, str(error))


def _points_faults(document: Document, standard: Standard) -> Iterator[Fault]:
    if not standard.points or not standard.points.statuses:
        return
    for status in standard.points.statuses:
        if status not in standard.statuses:
            known = standard.statuses
            yield document.key_fault(("points", "statuses", status), f"`{status}` isn't a status ({listing(known)}){nearest(status, known)}")
    missing = [status for status in standard.statuses if status not in standard.points.statuses]
    if missing:
        yield document.fault(("points", "statuses"), f"no points for {listing(missing)}; give every status its points")
        return
    worth = [exact(standard.points.statuses[status]) for status in standard.statuses]
    if standard.points.better == "lower":
        worth.reverse()
    if worth != sorted(worth):
        yield document.fault(
            ("points", "statuses"), f"statuses are listed the worst first, but their points don't run that way (`better: {standard.points.better}`)"
        )


def _grade_faults(document: Document, file: StandardFile, standard: Standard) -> Iterator[Fault]:
    rank = standard.grade_rank
    reached: list[tuple[Path_, str]] = []
    for i, item in enumerate(file.reach):
        if isinstance(item, Bands):
            reached += [(("reach", i, "grades", grade), grade) for grade in item.grades]
        else:
            reached.append((("reach", i, "grade"), item.grade))
    sides = [("no_better_than", limit.no_better_than, i) for i, limit in enumerate(standard.limits)]
    sides += [("no_worse_than", limit.no_worse_than, i) for i, limit in enumerate(standard.limits)]
    named = [*reached, *((("limits", i, key), grade) for key, grade, i in sides if grade)]
    otherwise = standard.otherwise
    named += [(("otherwise", key), grade) for key, grade in (("grade", otherwise.grade), ("from", otherwise.from_), ("to", otherwise.to)) if grade]
    wrong = [(path, grade) for path, grade in named if grade not in rank]
    for path, grade in wrong:
        yield unknown(document, path, grade, "grade", standard.grades)
    if wrong:
        return
    for ((_, better), before), ((path, worse), after) in itertools.pairwise(zip(reached, standard.reach, strict=True)):
        if rank[better] < rank[worse]:
            yield document.fault(path, f"`{worse}` comes after `{better}`; grades are tried best first")
        elif better == worse and _overlap(before.in_force, after.in_force):
            yield document.fault(path, f"`{worse}` has a condition already; join the two with `any`, or put them in force at different times")
    for index, limit in enumerate(standard.limits):
        if limit.grade == (standard.worst_first[-1] if limit.caps else standard.worst_first[0]):
            key, end = ("no_better_than", "best") if limit.caps else ("no_worse_than", "worst")
            yield document.fault(("limits", index, key), f"`{limit.grade}` is the {end} grade, so this limits nothing")
    if not rank[otherwise.low] <= rank[otherwise.grade] <= rank[otherwise.high]:
        yield document.fault(("otherwise", "grade"), "the grade must lie in its own range, `from` the worse `to` the better grade")
    last = reached[-1][1]
    if rank[otherwise.high] > rank[last]:
        path = ("otherwise", "to") if otherwise.to else ("otherwise", "grade")
        yield document.fault(path, f"`otherwise` may be no better than the last grade tried, `{last}`")
    if otherwise.low != otherwise.high and not otherwise.decision:
        yield document.fault(("otherwise",), "a range is left open; say in `decision` what inspectors must decide")


def _covers(one: Bound, other: Bound) -> bool:
    """Say whether every amount that keeps to the other bound keeps to the one."""
    return (
        one.rising == other.rising
        and one.is_met(other.value) >= other.is_met(other.value)
        and (one.value == other.value or (one.value < other.value) == one.rising)
    )


def _overlap(one: Period | None, other: Period | None) -> bool:
    """Say whether two rules are in force on the same day."""
    return one is None or other is None or (one.start <= other.end and other.start <= one.end)


class _Conditions:
    """Checks names, bounds and direction: a reach and a floor may only get easier, a cap only harder, as statuses improve.

    ``turned`` says whether some condition goes against that, which a standard may do that says why in ``not_monotone``; it isn't told where
    points themselves are askew (not ``directed``).
    """

    def __init__(self, document: Document, standard: Standard, directed: bool) -> None:
        self.document = document
        self.standard = standard
        self.directed = directed
        self.turned = False
        self.of_status = [name for name, term in standard.terms.items() if term.default in standard.statuses]
        self.of_bound = [name for name, term in standard.terms.items() if term.default not in standard.statuses]

    @property
    def _more_is_better(self) -> bool:
        return self.standard.points is None or self.standard.points.better == "higher"

    def faults(self, path: Path_, condition: Condition, rising: bool) -> Iterator[Fault]:
        """Check a condition that must only get easier (``rising``) or harder as statuses improve."""
        if isinstance(condition, NotHolds):
            yield from self.faults((*path, "not"), condition.not_, not rising)
            return
        if isinstance(condition, NumberIs):
            yield from self._number_is(path, condition, rising)
            return
        if isinstance(condition, AllHold | AnyHolds | CountHold):
            bounds: dict[str, Bound] = {}
            if isinstance(condition, CountHold):
                yield from self._bound((*path, "is"), condition.is_, bounds)
                yield from self._reachable(path, condition, bounds)
            falling = {not bound.rising for bound in bounds.values()} == {True}
            for steps, part in zip(part_paths(condition), parts(condition), strict=True):
                yield from self.faults((*path, *steps), part, rising != falling)
            if len({bound.rising for bound in bounds.values()}) > 1:
                yield self.document.fault((*path, "is"), "the values of this term point both ways; make all of them `at least` or all `at most`")
            return
        yield from self._measure(path, condition, rising)

    def _measure(self, path: Path_, condition: Measure, rising: bool) -> Iterator[Fault]:
        standard, document = self.standard, self.document
        key = {Every: "every", AnyOf: "any", Count: "count", Share: "share"}[type(condition)]
        threshold_key = "at_least" if condition.rises else "at_most"
        if condition.threshold not in standard.statuses and condition.threshold not in self.of_status:
            known = [*standard.statuses, *self.of_status]
            yield unknown(document, (*path, threshold_key), condition.threshold, "status, nor a term that stands for one", known)
        bounds: dict[str, Bound] = {}
        if isinstance(condition, Count | Share):
            yield from self._bound((*path, "is"), condition.is_, bounds)
            yield from self._reachable(path, condition, bounds)
        ways = {bound.rising for bound in bounds.values()} or {True}
        for bound_rises in ways:
            if (condition.rises == bound_rises) != rising:
                if bound_rises and len(ways) == 1:
                    advice = "`at_least`" if rising else "`at_most`"
                    yield from self._turn((*path, threshold_key), advice)
                else:
                    yield from self._turn((*path, "is"), "the opposite bound")
        yield from self._selection((*path, key), condition.selection)

    def _number_is(self, path: Path_, condition: NumberIs, rising: bool) -> Iterator[Fault]:
        if condition.number is not None:
            if condition.number not in self.standard.numbers:
                yield unknown(self.document, (*path, "number"), condition.number, "number of this standard", list(self.standard.numbers))
        else:
            yield from self._over_points((*path, condition.aggregate), condition.selection)
        bounds: dict[str, Bound] = {}
        yield from self._bound((*path, "is"), condition.is_, bounds)
        for bound in bounds.values():
            if (bound.rising == self._more_is_better) != rising:
                yield from self._turn((*path, "is"), "`at least` or `more than`" if rising == self._more_is_better else "`at most` or `less than`")
                break

    def _turn(self, path: Path_, advice: str) -> Iterator[Fault]:
        self.turned = True
        if self.directed and not self.standard.not_monotone:
            yield self.document.fault(path, f"a better status would lower the grade; use {advice} here, or say in `not_monotone` why it may")

    def bands(self, path: Path_, bands: Bands) -> Iterator[Fault]:
        """Check bands: the number, and one bound for each grade."""
        if bands.bands not in self.standard.numbers:
            yield unknown(self.document, (*path, "bands"), bands.bands, "number of this standard", list(self.standard.numbers))
        alternatives: dict[str, list[Bound]] = {}
        rank = self.standard.grade_rank
        for grade, text in bands.grades.items():
            bounds: dict[str, Bound] = {}
            yield from self._bound((*path, "grades", grade), text, bounds)
            for bound in bounds.values():
                if bound.rising != self._more_is_better:
                    yield from self._turn((*path, "grades", grade), "`at least`" if self._more_is_better else "`at most`")
                    break
            alternatives[grade] = list(bounds.values())
        for (better, earlier), (grade, later) in itertools.pairwise(alternatives.items()):
            in_order = rank.get(better, -1) > rank.get(grade, -1)
            if in_order and earlier and later and all(_covers(one, other) for one in earlier for other in later):
                yield self.document.fault((*path, "grades", grade), f"`{grade}` is never reached: what keeps to this is `{better}` already")

    def numbers(self) -> Iterator[Fault]:
        """Check the named numbers: what they select, which way their adjustments go, and that none needs itself."""
        for name, number in self.standard.numbers.items():
            path: Path_ = ("numbers", name)
            yield from self._over_points((*path, number.aggregate), number.selection)
            for index, adjustment in enumerate(number.adjust):
                rising = (adjustment.by > 0) == self._more_is_better
                yield from self.faults((*path, "adjust", index, "when"), adjustment.when, rising)
            if name in self._needed(name):
                yield self.document.key_fault(path, f"number `{name}` is needed to work out itself")

    def _needed(self, name: str) -> set[str]:
        """Return the numbers that a number's adjustments need, directly or through others."""
        needed: set[str] = set()
        waiting = [name]
        while waiting:
            number = self.standard.numbers.get(waiting.pop())
            for adjustment in number.adjust if number else ():
                for each in conditions(adjustment.when):
                    if isinstance(each, NumberIs) and each.number and each.number not in needed:
                        needed.add(each.number)
                        waiting.append(each.number)
        return needed

    def _over_points(self, path: Path_, selection: Selection) -> Iterator[Fault]:
        if self.standard.points is None:
            yield self.document.fault(path, "no `points`: say in the standard whether more of them is better, and what each status is worth")
        yield from self._selection(path, selection)

    def _selection(self, path: Path_, selection: Selection) -> Iterator[Fault]:
        for name, known in (("tier", self.standard.tiers), ("significance", self.standard.significances)):
            for word in getattr(selection, name) or ():
                if word not in known:
                    yield unknown(self.document, (*path, name), word, name, known)

    def _bound(self, path: Path_, text: str, bounds: dict[str, Bound]) -> Iterator[Fault]:
        """Check a bound, or the term that stands for one; add what it may be to ``bounds``, by its text."""
        standard, document = self.standard, self.document
        if text in standard.terms:
            if text not in self.of_bound:
                yield document.fault(path, f"term `{text}` stands for a status; a bound is needed here")
            for value in standard.terms[text].admissible:
                with contextlib.suppress(ValueError):
                    bounds[value] = Bound.parse(value)
        elif re.fullmatch(r"[a-z_]+", text):
            yield unknown(document, path, text, "bound such as `at least 2`, nor a term that stands for one", self.of_bound)
        else:
            try:
                bounds[text] = Bound.parse(text)
            except ValueError as error:
                yield document.fault(path, str(error))

    def _reachable(self, path: Path_, condition: Count | Share | CountHold, bounds: Mapping[str, Bound]) -> Iterator[Fault]:
        """Check that a share's bound lies from 0 to 1, and that a count's is a whole number that can be reached."""
        for text, bound in bounds.items():
            if isinstance(condition, Share):
                if not 0 <= bound.value <= 1 or (bound.strict and bound.value == (1 if bound.rising else 0)):
                    yield self.document.fault((*path, "is"), f"`{text}` can't be reached by a share; shares go from 0 to 1")
            elif bound.value.denominator > 1:
                yield self.document.fault((*path, "is"), f"`{text}` isn't a whole number; a count needs one (a part of the whole is a `share`)")
            elif bound.value < 0 or (bound.edge() < 0 and not bound.rising):
                yield self.document.fault((*path, "is"), f"`{text}` makes no sense of a count; counts go from 0 up")
            elif isinstance(condition, CountHold) and bound.rising and bound.edge() > len(condition.count):
                counted = f"{len(condition.count)} condition{'s' if len(condition.count) > 1 else ''}"
                yield self.document.fault((*path, "is"), f"`{text}` can't be reached: the list has {counted}")
