"""A comparison of many bodies as a page to read: conflicts first, then departures from the proposals, who departs, and near misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from adjudge.consistency.agreement import CONFIDENCE
from adjudge.consistency.agreement_page import figure_cells
from adjudge.consistency.bodies_results import BodiesComparison, Cell, Conflict, Departure, NearMiss, Suspect
from adjudge.consistency.groups import FEW, GroupFigure, Share
from adjudge.consistency.influence import Answer
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import Standard
from adjudge.sweep import Sweep

SHOWN = 10


def bodies_page(found: BodiesComparison, sweep: Sweep, what: str, everything: bool = False) -> Page:
    """Return the page of a comparison of ``what``; with ``everything``, each conflict, departure and near miss that the result lists."""
    words = _Words(sweep.standard, None if everything else SHOWN)
    sections = [
        Section("Grades to look at first: without them no conflict is left", words.some(found.suspects or (), words.suspect)),
        Section("Conflicts", words.some(found.conflicts, words.conflict, found.dominance_conflicts + found.same_values_conflicts)),
        Section("Grades that depart from the proposal", words.some(found.departures, words.departure)),
        Section("Who departs more than the others", tuple(_standing_out(found))),
        Section("Near misses: one step of one criterion from another grade", words.some(found.near_misses, words.near_miss)),
        Section("Before you use the figures", tuple(Item(line) for line in _cautions(found))),
    ]
    groups = tuple(_group(each) for each in found.groups)
    tables = [Table(("kind", "conflicts", "pairs of bodies"), tuple(_kinds(found)))]
    if found.agreement.compared:
        tables.append(Table(("grades given and proposed", "compared", "agree", "alpha", "AC2"), (("all bodies", *figure_cells(found.agreement)),)))
    if groups:
        tables.append(Table(("group", "compared", "above", "95%", "below", "95%"), groups))
    mark = "SYNTHETIC · " if found.synthetic else ""
    return Page(
        title=f"{mark}{sweep.book.title}: {found.graded:,} graded {'body' if found.graded == 1 else 'bodies'} compared · {what}",
        lead=tuple(_lead(found)),
        tables=tuple(tables),
        sections=tuple(section for section in sections if section.items),
        closing=tuple(_closing(found)),
    )


def _lead(found: BodiesComparison) -> Iterator[str]:
    total = found.dominance_conflicts + found.same_values_conflicts
    if total:
        yield f"{found.bodies_in_conflict:,} of {found.graded:,} graded bodies are on one side of a conflict."
    else:
        yield "No conflicts: no body is graded lower than another that is no better on any criterion."
    settled, unsettled = found.agree + found.differ, found.held + found.outside
    yield f"{found.agree:,} of {settled:,} grades are the one proposed; {found.differ:,} depart from it."
    if unsettled:
        yield f"{found.held:,} of {unsettled:,} grades are within a range that is open; {found.outside:,} are outside it."
    yield f"One step of one criterion from a better proposal: {found.nearly_better:,}; from a worse one: {found.nearly_worse:,}."
    if found.departures:
        yield f"A reason was recorded for {sum(each.reason is not None for each in found.departures):,} of {len(found.departures):,} departures."


def _closing(found: BodiesComparison) -> Iterator[str]:
    yield f"Standard {found.standard} {found.edition}, rulebook {found.rulebook}; reading: {found.reading}."
    if found.agreement.percent.low is not None:
        yield f"In brackets: {CONFIDENCE:.0%} intervals from {found.resamples} resamples of the bodies, seed {found.seed}."
    for caution in found.agreement.cautions:
        if caution.kind == "prevalence":
            yield f"{caution.text[:1].upper()}{caution.text[1:]}."


def _kinds(found: BodiesComparison) -> Iterator[tuple[str, str, str]]:
    yield "better on some criteria, worse on none, yet graded lower", f"{found.dominance_conflicts:,}", f"{found.dominance_pairs:,}"
    yield "the same values, other grades", f"{found.same_values_conflicts:,}", f"{found.same_values_pairs:,}"


def _group(each: GroupFigure) -> tuple[str, ...]:
    def share(one: Share) -> tuple[str, str]:
        return f"{one.count:,} ({one.share:.1%})", f"{one.low:.1%}–{one.high:.1%}"

    return (f"{each.group}{' (few)' if each.few else ''}", f"{each.compared:,}", *share(each.above), *share(each.below))


def _standing_out(found: BodiesComparison) -> Iterator[Item]:
    for each in found.groups:
        for direction in each.stands_out:
            share: Share = getattr(each, direction)
            yield Item(
                f"{each.group}: {share.count:,} of {each.compared:,} {direction} the proposal ({share.share:.1%}); if departures fell at random, so "
                f"many or more would come about {_chance(share.chance)}"
            )


def _chance(chance: float) -> str:
    return f"once in {1 / chance:,.0f} times" if chance > 1e-6 else "less than once in a million times"


def _cautions(found: BodiesComparison) -> Iterator[str]:
    if found.missing:
        yield (
            f"{found.missing:,} graded {'body has' if found.missing == 1 else 'bodies have'} values that aren't known. They are compared only where "
            "what is known is enough: the one at its worst against the other at its best."
        )
    if refused := sum(found.refused.values()):
        yield f"{refused:,} rows are left out: " + "; ".join(f"{reason} ({count:,})" for reason, count in found.refused.items()) + "."
    if found.bodies > found.graded:
        ungraded = found.bodies - found.graded
        yield f"{ungraded:,} {'body has' if ungraded == 1 else 'bodies have'} values, but no grade of this standard."
    if found.suspects is None:
        yield "There are too many conflicts to single any grade out: is it the right column of grades?"
    elif found.suspects:
        yield "The grades to look at first are chosen one by one, the most at odds with others first. Another choice may explain the conflicts too."
    if found.groups:
        few = sum(each.few for each in found.groups)
        yield (
            f"A group stands out where its share is beyond what chance would give any of the {len(found.groups)} groups in either direction "
            "(5% for all of them together, Fisher's exact test with Bonferroni's correction). It says that they differ, not who is right."
        )
        if few:
            yield f"{few} of the groups {'has' if few == 1 else 'have'} fewer than {FEW} bodies to compare: too few to say anything of."
    if found.steps_undefined:
        yield f"Near misses leave out {', '.join(found.steps_undefined)}: a scale without steps."
    if found.not_monotone:
        yield f"In this standard a better value may lower a grade ({found.not_monotone}), so a conflict may be right."


class _Words:
    """Puts what was found into lines; ``most`` limits how many of each kind."""

    def __init__(self, standard: Standard, most: int | None) -> None:
        self.standard, self.most = standard, most

    def some(self, found: Iterable[object], say: object, total: int | None = None) -> tuple[Item, ...]:
        listed = list(found)
        assert callable(say)
        items = [say(each) for each in listed[: self.most]]
        left = (len(listed) if total is None else total) - len(items)
        return (*items, Item(f"and {left:,} more{' (--all lists more)' if self.most is not None else ''}")) if left else tuple(items)

    def grade(self, grade: str) -> str:
        return self.standard.grades[grade]

    def value(self, value: str) -> str:
        return self.standard.statuses.get(value, value.replace("_", " "))

    def values(self, values: Mapping[str, str]) -> str:
        """Values in words; where there are many, those that most of the criteria have are counted only."""
        if len(values) <= 8:
            return ", ".join(f"{name.replace('_', ' ')} {self.value(value)}" for name, value in values.items())
        counts: dict[str, int] = {}
        for value in values.values():
            counts[value] = counts.get(value, 0) + 1
        return ", ".join(f"{count} {self.value(value)}" for value, count in sorted(counts.items(), key=lambda pair: -pair[1]))

    def answer(self, answer: Answer) -> str:
        low, high = answer.low or "", answer.high or ""
        if answer.grade is None:
            return f"open, {self.grade(low)} to {self.grade(high)}"
        return self.grade(answer.grade) + (f", between {self.grade(low)} and {self.grade(high)}" if low != high else "")

    def names(self, names: tuple[str, ...], bodies: int) -> str:
        shown = names[: self.most or len(names)]
        return f"{', '.join(shown)}{f' and {bodies - len(shown):,} more' if bodies > len(shown) else ''}"

    def cell(self, cell: Cell) -> str:
        return f"{self.grade(cell.grade)}: {self.names(cell.names[:3], cell.bodies)} ({self.values(cell.values)})"

    def suspect(self, each: Suspect) -> Item:
        cell = each.cell
        against = f"at odds with {each.against:,} {'body' if each.against == 1 else 'bodies'}; proposed: {self.answer(cell.proposed)}"
        return Item(f"{self.names(cell.names, cell.bodies)}: {self.grade(cell.grade)}", (Item(self.values(cell.values)), Item(against)))

    def conflict(self, each: Conflict) -> Item:
        is_no_worse = "has the same values as" if each.kind == "same_values" else "is better on some criteria and worse on none than"
        return Item(f"{self.cell(each.lower)}", (Item(f"{is_no_worse} {self.cell(each.higher)}"),))

    def departure(self, each: Departure) -> Item:
        group = f" ({each.group})" if each.group else ""
        within = (Item(self.values(each.values)), Item(f"reason: {each.reason}" if each.reason else "no reason recorded"))
        return Item(f"{each.body}{group}: {self.grade(each.grade)}, {each.direction} the proposal ({self.answer(each.proposed)})", within)

    def near_miss(self, each: NearMiss) -> Item:
        steps = tuple(
            Item(f"{step.criterion.replace('_', ' ')} {self.value(step.after)} instead of {self.value(step.before)}: {self.grade(step.grade)}")
            for step in each.steps
        )
        return Item(f"{each.bodies:,} × {self.grade(each.grade)} proposed ({self.values(each.values)})", steps)
