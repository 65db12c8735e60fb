"""Everything that can be wrong with a standard and its rulebooks: each fault in the user's words, at its place."""

from __future__ import annotations

import contextlib
import datetime
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
    Number,
    NumberIs,
    Period,
    Selection,
    Share,
    conditions,
    exact,
    part_paths,
    parts,
)
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Bands, Criterion, Rulebook, Standard, StandardFile, selects


def _unknown(document: Document, path: Path_, word: str, noun: str, known: Sequence[str] | Mapping[str, object]) -> Fault:
    return document.fault(path, f"`{word}` isn't a {noun} ({listing(known)}){nearest(word, known)}")


def standard_faults(document: Document, file: StandardFile, standard: Standard) -> Iterator[Fault]:
    """Yield what is wrong with a standard; ``standard`` is the same with its bands written out."""
    for reserved in (NOT_ASSESSED, NOT_APPLICABLE):
        if reserved in standard.statuses:
            yield document.key_fault(("statuses", reserved), f"`{reserved}` is kept for criteria without a status; choose another id")
    for status in standard.statuses:
        if status.isdigit():
            yield document.key_fault(("statuses", status), f"`{status}` would be taken for points; give the status an id with a letter")
    if len(standard.statuses) == 1:
        yield document.fault(("statuses",), "`statuses` needs at least 2 entries, found 1")
        return
    if not standard.statuses and standard.points is None:
        yield document.fault((), "expected `statuses`, the worst first, or `points`")
    for name, basis in standard.bases.items():
        if basis.establishes != "nothing" and basis.establishes not in standard.statuses:
            yield _unknown(document, ("bases", name, "establishes"), basis.establishes, "status, nor `nothing`", standard.statuses)
    yield from _term_faults(document, standard)
    yield from _points_faults(document, standard)
    yield from _grade_faults(document, file, standard)
    check = _Conditions(document, standard)
    for index, item in enumerate(file.reach):
        if isinstance(item, Bands):
            yield from check.bands(("reach", index), item)
        else:
            yield from check.faults(("reach", index, "when"), item.when, rising=True)
    for index, limit in enumerate(standard.limits):
        yield from check.faults(("limits", index, "when"), limit.when, rising=not limit.caps)
    yield from check.numbers()
    if standard.not_monotone and not check.turned:
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
        yield _unknown(document, path, grade, "grade", standard.grades)
    if wrong:
        return
    dated = {reach.grade for reach in standard.reach if reach.in_force}
    for (_, better), (path, worse) in itertools.pairwise(reached):
        if rank[better] < rank[worse] or (better == worse and worse not in dated):
            yield document.fault(path, f"`{worse}` comes after `{better}`; grades are tried best first")
    if not rank[otherwise.low] <= rank[otherwise.grade] <= rank[otherwise.high]:
        yield document.fault(("otherwise", "grade"), "the grade must lie in its own range, `from` the worse `to` the better grade")
    last = reached[-1][1]
    if rank[otherwise.high] > rank[last]:
        path = ("otherwise", "to") if otherwise.to else ("otherwise", "grade")
        yield document.fault(path, f"`otherwise` may be no better than the last grade tried, `{last}`")
    if otherwise.low != otherwise.high and not otherwise.decision:
        yield document.fault(("otherwise",), "a range is left open; say in `decision` what inspectors must decide")


class _Conditions:
    """Checks names, bounds and direction: a reach and a floor may only get easier, a cap only harder, as statuses improve.

    ``turned`` says whether some condition goes against that, which a standard may do that says why in ``not_monotone``.
    """

    def __init__(self, document: Document, standard: Standard) -> None:
        self.document = document
        self.standard = standard
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
            yield _unknown(document, (*path, threshold_key), condition.threshold, "status, nor a term that stands for one", known)
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
                yield _unknown(self.document, (*path, "number"), condition.number, "number of this standard", list(self.standard.numbers))
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
        if not self.standard.not_monotone:
            yield self.document.fault(path, f"a better status would lower the grade; use {advice} here, or say in `not_monotone` why it may")

    def bands(self, path: Path_, bands: Bands) -> Iterator[Fault]:
        """Check bands: the number, and one bound for each grade."""
        if bands.bands not in self.standard.numbers:
            yield _unknown(self.document, (*path, "bands"), bands.bands, "number of this standard", list(self.standard.numbers))
        for grade, text in bands.grades.items():
            bounds: dict[str, Bound] = {}
            yield from self._bound((*path, "grades", grade), text, bounds)
            for bound in bounds.values():
                if bound.rising != self._more_is_better:
                    yield from self._turn((*path, "grades", grade), "`at least`" if self._more_is_better else "`at most`")
                    break

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
                    yield _unknown(self.document, (*path, name), word, name, known)

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
            yield _unknown(document, path, text, "term that stands for a bound", self.of_bound)
        else:
            try:
                bounds[text] = Bound.parse(text)
            except ValueError as error:
                yield document.fault(path, str(error))

    def _reachable(self, path: Path_, condition: Count | Share | CountHold, bounds: Mapping[str, Bound]) -> Iterator[Fault]:
        """Check that a share's bound lies from 0 to 1, and a count's within the list."""
        for text, bound in bounds.items():
            if isinstance(condition, Share) and (not 0 <= bound.value <= 1 or (bound.strict and bound.value == (1 if bound.rising else 0))):
                yield self.document.fault((*path, "is"), f"`{text}` can't be reached by a share; shares go from 0 to 1")
            if isinstance(condition, CountHold) and bound.rising and bound.edge() > len(condition.count):
                yield self.document.fault(
                    (*path, "is"),
                    f"`{text}` can't be reached: the list has {len(condition.count)} condition{'s' if len(condition.count) > 1 else ''}",
                )


def rulebook_faults(document: Document, book: Rulebook, standard: Standard) -> Iterator[Fault]:
    """Yield what is wrong with a rulebook by itself and beside its standard."""
    if book.standard != standard.standard:
        yield document.fault(("standard",), f"the rulebook is for `{book.standard}`, but stands beside standard `{standard.standard}`")
    seen: dict[str, int] = {}
    misspelt = False
    for index, criterion in enumerate(book.criteria):
        path: Path_ = ("criteria", index)
        if criterion.id in seen:
            line = document.places[("criteria", seen[criterion.id], "id")][0]
            yield document.fault((*path, "id"), f"criterion `{criterion.id}` is given twice (first in line {line})")
        seen.setdefault(criterion.id, index)
        for key, word, known in (
            ("tier", criterion.tier, standard.tiers),
            ("significance", criterion.significance, standard.significances),
            ("theme", criterion.theme, book.themes),
        ):
            if word is None and known:
                misspelt = True
                yield document.fault(path, f"`{key}` is missing")
            elif word is not None and word not in known:
                misspelt = True
                yield _unknown(document, (*path, key), word, key, known)
        least = next(iter(standard.significances), None)
        if criterion.significance in standard.significances and criterion.significance != least and not criterion.reason:
            yield document.fault((*path, "significance"), f"`{criterion.significance}` needs a `reason`")
        if book.provenance == "reconstructed" and not criterion.basis:
            yield document.fault(path, "`basis` is missing: a reconstructed criterion says what it is drawn from")
        if standard.bases and criterion.across_units is None:
            yield document.fault(path, "`across_units` is missing")
        yield from _value_faults(document, path, criterion, standard)
    if not misspelt:
        yield from _selection_faults(document, book, standard)


def _value_faults(document: Document, path: Path_, criterion: Criterion, standard: Standard) -> Iterator[Fault]:
    """Check what a criterion's value is: points need a scale, everything else statuses."""
    if criterion.points is not None and criterion.grade_of is not None:
        yield document.fault((*path, "grade_of"), "another framework's grade has no scale of points; take `points` or `grade_of` out")
    if criterion.points is None and not standard.statuses:
        yield document.fault(path, "the standard has no statuses; give the criterion its scale of `points`")
    if criterion.points is not None and standard.points is None:
        yield document.fault((*path, "points"), "the standard has no `points`: say there whether more of them is better")


def _selection_faults(document: Document, book: Rulebook, standard: Standard) -> Iterator[Fault]:
    """Check that every measure has criteria on every day, with statuses or points as it needs them."""
    asked: dict[str, tuple[str, Selection, bool, Period | None]] = {}
    for text, condition, in_force in _measures(standard):
        over_points = isinstance(condition, NumberIs | Number)
        selection = condition.selection
        asked.setdefault(f"{text} {selection!r} {over_points} {in_force}", (text, selection, over_points, in_force))
    for text, selection, over_points, in_force in asked.values():
        if not {*(selection.tier or ())} <= {*standard.tiers} or not {*(selection.significance or ())} <= {*standard.significances}:
            continue  # told of the standard already
        chosen = ", ".join(f"{key} {' or '.join(value)}" for key, value in selection.model_dump(exclude_none=True).items()) or "anything to measure"
        selected = [each for each in book.criteria if selects(selection, each, each.significance)]
        days = (day for day in _days(book, in_force) if in_force is None or in_force.holds(day))
        gap = next((day for day in days if not any(each.in_force is None or each.in_force.holds(day) for each in selected)), None)
        if gap:
            when = f" on {gap}" if selected else ""
            yield document.key_fault(("criteria",), f'no criterion{when} with {chosen}, which the standard asks for ("{text}")')
        top = standard.top_significance
        for index, each in enumerate(book.criteria):
            dominant = each not in selected and top is not None and selects(selection, each, top)
            if each not in selected and not dominant:
                continue
            path: Path_ = ("criteria", index)
            once = ", and once made dominant it would be asked for" if dominant else ", which the standard asks for"
            if over_points and each.points is None and standard.points is not None and not standard.points.statuses:
                yield document.fault(path, f'criterion `{each.id}` has no points{once} ("{text}"); give it a scale of `points`')
            if not over_points and each.points is not None:
                yield document.fault((*path, "points"), f'criterion `{each.id}` has points and no status{once} ("{text}"); select others there')


def _measures(standard: Standard) -> Iterator[tuple[str, Measure | NumberIs | Number, Period | None]]:
    """Yield every measure of a standard and every aggregate of points, with the text that it stands under and when that is in force."""
    tops = [(item.text, item.when, item.in_force) for item in standard.reach]
    tops += [(item.text, item.when, item.in_force) for item in standard.limits]
    tops += [(each.text, each.when, None) for number in standard.numbers.values() for each in number.adjust]
    for text, top, in_force in tops:
        for condition in conditions(top):
            if isinstance(condition, Measure) or (isinstance(condition, NumberIs) and condition.number is None):
                yield text, condition, in_force
    for number in standard.numbers.values():
        yield number.text, number, None


def _days(book: Rulebook, in_force: Period | None) -> list[Period]:
    """Return one day of each stretch in which the same criteria are in force; a rule's first day begins one too."""
    starts = {datetime.date.min} | ({in_force.start} if in_force else set())
    for criterion in book.criteria:
        if criterion.in_force:
            starts.add(criterion.in_force.start)
            if criterion.in_force.end < datetime.date.max:
                starts.add(criterion.in_force.end + datetime.timedelta(days=1))
    return [Period(day, day, day.isoformat()) for day in sorted(starts)]


def composition_faults(document: Document, book: Rulebook, standard: Standard) -> Iterator[Fault]:
    """Check the criteria that are other frameworks' grades: that there are such, that grades map to statuses, and that none needs itself."""
    books = {each.rulebook: each for each in standard.rulebooks}
    for index, criterion in enumerate(book.criteria):
        if criterion.grade_of is None:
            continue
        path: Path_ = ("criteria", index, "grade_of")
        part = criterion.grade_of
        if part.framework not in books:
            yield _unknown(document, (*path, "framework"), part.framework, "framework of this standard", list(books))
            continue
        if book.rulebook in _parts_of(books, part.framework):
            yield document.fault((*path, "framework"), f"the grade of {part.framework} needs the grade of {book.rulebook} itself")
        for grade in part.as_:
            if grade not in standard.grades:
                known = standard.grades
                yield document.key_fault((*path, "as", grade), f"`{grade}` isn't a grade ({listing(known)}){nearest(grade, known)}")
        for grade in standard.grades:
            status = part.as_.get(grade, grade)
            if status not in standard.statuses:
                yield document.fault((*path, "as"), f"grade `{grade}` stands for `{status}`, which isn't a status ({listing(standard.statuses)})")
        mapped = [standard.rank.get(part.as_.get(grade, grade), -1) for grade in standard.worst_first]
        if -1 not in mapped and mapped != sorted(mapped):
            yield document.fault((*path, "as"), "a better grade may not stand for a worse status")


def _parts_of(books: Mapping[str, Rulebook], framework: str) -> set[str]:
    """Return a framework and those whose grades it is made of, directly or through others."""
    found: set[str] = set()
    waiting = [framework]
    while waiting:
        name = waiting.pop()
        if name in books and name not in found:
            found.add(name)
            waiting += [each.grade_of.framework for each in books[name].criteria if each.grade_of]
    return found
