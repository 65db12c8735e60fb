"""Everything that can be wrong with rulebooks beside their standard, and with a standard once its rulebooks are at hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction

from adjudge.documents import Document, Path_
from adjudge.errors import Fault, listing, nearest
from adjudge.language import (
    AnyOf,
    Bound,
    Condition,
    Count,
    CountHold,
    Every,
    Measure,
    Number,
    NumberIs,
    Period,
    Selection,
    Share,
    conditions,
    exact,
    part_paths,
    parts,
    written,
)
from adjudge.rulebook import Bands, Criterion, Limit, Reach, Rulebook, Standard, StandardFile, selects
from adjudge.wellformed import unknown


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
                yield unknown(document, (*path, key), word, key, known)
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
    """Check that every measure has criteria on every day that it is in force, with statuses or points as it needs them."""
    ids = {each.id for other in standard.rulebooks for each in other.criteria}
    themes = {theme for other in standard.rulebooks for theme in other.themes}
    told: set[tuple[str, bool]] = set()
    for text, condition, in_force in _measures(standard):
        over_points = isinstance(condition, NumberIs | Number)
        selection = condition.selection
        names = (selection.id, ids), (selection.theme, themes), (selection.tier, standard.tiers), (selection.significance, standard.significances)
        if any(not set(known).issuperset(named or ()) for named, known in names) or (over_points and standard.points is None):
            continue  # told already
        chosen = ", ".join(f"{key} {' or '.join(value)}" for key, value in selection.model_dump(exclude_none=True).items()) or "anything to measure"
        selected = [each for each in book.criteria if selects(selection, each, each.significance)]
        days = [day for day in _days(book, in_force) if not any(each.in_force is None or each.in_force.holds(day) for each in selected)]
        if days and (chosen, False) not in told:
            told.add((chosen, False))
            first = min((each.in_force.start for each in selected if each.in_force), default=None)
            when = "" if not selected else f" on {days[0]}" if days[0].start > datetime.date.min else f" before {first}"
            yield document.key_fault(("criteria",), f'no criterion{when} with {chosen}, which the standard asks for ("{text}")')
        top = standard.top_significance
        for index, each in enumerate(book.criteria):
            own = selects(selection, each, each.significance)
            dominant = not own and top is not None and selects(selection, each, top)
            if not (own or dominant) or (each.id, over_points) in told:
                continue
            path: Path_ = ("criteria", index)
            once = ", and once made dominant it would be asked for" if dominant else ", which the standard asks for"
            if over_points and each.points is None and not (standard.points and standard.points.statuses):
                told.add((each.id, over_points))
                yield document.fault(path, f'criterion `{each.id}` has no points{once} ("{text}"); give it a scale of `points`')
            if not over_points and each.points is not None:
                told.add((each.id, over_points))
                yield document.fault((*path, "points"), f'criterion `{each.id}` has points and no status{once} ("{text}"); select others there')


def _measures(standard: Standard) -> Iterator[tuple[str, Measure | NumberIs | Number, Period | None]]:
    """Yield every measure of a standard and every aggregate of points, with the text that it stands under and when that is in force."""
    rules: tuple[Reach | Limit, ...] = (*standard.reach, *standard.limits)
    waiting: list[tuple[str, Condition, Period | None, tuple[str, ...]]] = [(each.text, each.when, each.in_force, ()) for each in rules]
    for text, top, in_force, within in waiting:
        for condition in conditions(top):
            if isinstance(condition, Measure) or (isinstance(condition, NumberIs) and condition.number is None):
                yield text, condition, in_force
            elif isinstance(condition, NumberIs) and condition.number in standard.numbers and condition.number not in within:
                number = standard.number(condition)
                yield number.text, number, in_force
                waiting += [(each.text, each.when, in_force, (*within, condition.number or "")) for each in number.adjust]


def _days(book: Rulebook, within: Period | None) -> list[Period]:
    """Return one day of each stretch, within a period, in which the same criteria are in force."""
    starts = {within.start if within else datetime.date.min}
    for criterion in book.criteria:
        if criterion.in_force:
            starts.add(criterion.in_force.start)
            if criterion.in_force.end < datetime.date.max:
                starts.add(criterion.in_force.end + datetime.timedelta(days=1))
    days = [Period(day, day, day.isoformat()) for day in sorted(starts)]
    return [day for day in days if within is None or within.holds(day)]


def name_faults(document: Document, file: StandardFile, standard: Standard) -> Iterator[Fault]:
    """Yield the criteria and themes that a standard selects and no rulebook has."""
    ids = sorted({criterion.id for book in standard.rulebooks for criterion in book.criteria})
    themes = sorted({theme for book in standard.rulebooks for theme in book.themes})
    for path, selection in _selections(file):
        for key, noun, known in (("id", "criterion of any rulebook", ids), ("theme", "theme of any rulebook", themes)):
            for index, word in enumerate(getattr(selection, key) or ()):
                if word not in known:
                    yield unknown(document, (*path, key, index), word, noun, known)


def idle_weights(document: Document, book: Rulebook, standard: Standard) -> Iterator[Fault]:
    """Yield the weights of a rulebook's criteria where the standard takes no mean."""
    if any(over.aggregate == "mean" for _, over, _ in _measures(standard) if not isinstance(over, Measure)):
        return
    for index, criterion in enumerate(book.criteria):
        if criterion.weight != 1:
            yield document.fault(("criteria", index, "weight"), "weights count in a `mean` only, and the standard takes none")


def idle_faults(document: Document, file: StandardFile, standard: Standard) -> Iterator[Fault]:
    """Yield what has no effect: limits at the end of the grades, numbers and terms that nothing uses, bounds that no rulebook can reach."""
    for index, limit in enumerate(standard.limits):
        if limit.grade == (standard.worst_first[-1] if limit.caps else standard.worst_first[0]):
            key, end = ("no_better_than", "best") if limit.caps else ("no_worse_than", "worst")
            yield document.fault(("limits", index, key), f"`{limit.grade}` is the {end} grade, so this limits nothing")
    used = {word for _, condition in _everywhere(file) for word in _used(condition)}
    for kind, noun in (("numbers", "number"), ("terms", "term")):
        for name in getattr(standard, kind):
            if name not in used:
                yield document.key_fault((kind, name), f"nothing uses the {noun} `{name}`; use it in a condition, or take it out")
    for path, condition in _everywhere(file):
        if isinstance(condition, Count):
            most = max(len(_candidates(book, condition.selection)) for book in standard.rulebooks)
            if all(bound.rising and bound.edge() > most for bound in _bounds(standard, condition.is_)):
                yield document.fault((*path, "is"), f"`{condition.is_}` can't be reached: no rulebook has more than {most} such criteria")
        elif isinstance(condition, NumberIs):
            number = standard.number(condition)
            ends = [_ends(standard, book, number) for book in standard.rulebooks]
            low, high = min(least for least, _ in ends), max(most for _, most in ends)
            step = exact(number.round.to) if number.round else 0
            if not any(bound.is_met(low - step) or bound.is_met(high + step) for bound in _bounds(standard, condition.is_)):
                where = path if "grades" in path else (*path, "is")
                what = f"`{condition.number}`" if condition.number else f"the {number.aggregate}"
                yield document.fault(where, f"`{condition.is_}` can't be reached: {what} goes from {written(low)} to {written(high)}")


def _everywhere(file: StandardFile) -> Iterator[tuple[Path_, Condition]]:
    """Yield every condition of a standard with its place; a band's is the bound of its grade."""
    for index, item in enumerate(file.reach):
        if isinstance(item, Bands):
            for reach in item.reaches():
                yield ("reach", index, "grades", reach.grade), reach.when
        else:
            yield from _within(("reach", index, "when"), item.when)
    for index, limit in enumerate(file.limits):
        yield from _within(("limits", index, "when"), limit.when)
    for name, number in file.numbers.items():
        for index, adjustment in enumerate(number.adjust):
            yield from _within(("numbers", name, "adjust", index, "when"), adjustment.when)


def _within(path: Path_, condition: Condition) -> Iterator[tuple[Path_, Condition]]:
    yield path, condition
    for steps, part in zip(part_paths(condition), parts(condition), strict=True):
        yield from _within((*path, *steps), part)


def _selections(file: StandardFile) -> Iterator[tuple[Path_, Selection]]:
    """Yield every selection of a standard with its place."""
    keys = {Every: "every", AnyOf: "any", Count: "count", Share: "share"}
    for path, condition in _everywhere(file):
        if isinstance(condition, Measure):
            yield (*path, keys[type(condition)]), condition.selection
        elif isinstance(condition, NumberIs) and condition.number is None:
            yield (*path, condition.aggregate), condition.selection
    for name, number in file.numbers.items():
        yield ("numbers", name, number.aggregate), number.selection


def _used(condition: Condition) -> Iterator[str]:
    """Yield the words of a condition that may name a number or a term."""
    if isinstance(condition, Measure):
        yield condition.threshold
    if isinstance(condition, NumberIs):
        yield condition.number or ""
    if isinstance(condition, Count | Share | NumberIs | CountHold):
        yield condition.is_


def _bounds(standard: Standard, text: str) -> list[Bound]:
    """Return the bounds that a text, or the term that it names, may stand for."""
    return [Bound.parse(each) for each in (standard.terms[text].admissible if text in standard.terms else (text,))]


def _candidates(book: Rulebook, selection: Selection) -> list[Criterion]:
    """Return the criteria that a selection may take: a judgement can raise a criterion's significance."""
    wide = selection.model_copy(update={"significance": None})
    return [each for each in book.criteria if selects(wide, each, None)]


def _ends(standard: Standard, book: Rulebook, number: Number) -> tuple[Fraction, Fraction]:
    """Return two amounts that a number can't go beyond, however few of its criteria are applicable and whatever is added to it."""
    ranges = [standard.point_range(each) for each in _candidates(book, number.selection)]
    if number.aggregate == "sum":
        low, high = (
            sum((min(least, Fraction(0)) for least, _ in ranges), Fraction(0)),
            sum((max(most, Fraction(0)) for _, most in ranges), Fraction(0)),
        )
    elif ranges:
        low, high = min(least for least, _ in ranges), max(most for _, most in ranges)
    shifts = [exact(each.by) for each in number.adjust]
    return low + sum(shift for shift in shifts if shift < 0), high + sum(shift for shift in shifts if shift > 0)


def composition_faults(document: Document, book: Rulebook, standard: Standard) -> Iterator[Fault]:
    """Check the criteria that are other frameworks' grades: that there are such, that grades map to statuses, and that none needs itself."""
    books = {each.rulebook: each for each in standard.rulebooks}
    for index, criterion in enumerate(book.criteria):
        if criterion.grade_of is None:
            continue
        path: Path_ = ("criteria", index, "grade_of")
        part = criterion.grade_of
        if part.framework not in books:
            yield unknown(document, (*path, "framework"), part.framework, "framework of this standard", list(books))
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
