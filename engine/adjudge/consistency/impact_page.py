"""The impact of a change as a page to read: how many move in each framework, who moves and why, and what the editions say otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adjudge.consistency.editions import CriterionChange, EditionComparison
from adjudge.consistency.impact import OPEN, ConditionChange, FrameworkImpact, Impact, Move
from adjudge.consistency.influence import Answer
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import Standard

SHOWN = 10


def impact_page(found: Impact, old: Standard, new: Standard, everything: bool = False) -> Page:
    """Return the page of an impact; with ``everything``, each move and each status that isn't carried."""
    most = None if everything else SHOWN
    words = {**new.grades, **old.grades, OPEN: OPEN}
    moved = [each for each in found.moves if each.grade_changes]
    ranges = [each for each in found.moves if not each.grade_changes]
    titles = {each.framework: each.title for each in found.frameworks}
    sections = [
        Section("Who moves, and why", _some([_move(each, titles, words) for each in moved], most)),
        Section("Where the range alone moves", _some([_move(each, titles, words) for each in ranges], most)),
        *(_editions(found.editions, most) if found.editions else ()),
        Section(
            "Statuses that the new edition has no use for",
            _some(
                [Item(f"{each.name}, {each.framework}: {each.criterion}, {each.status.replace('_', ' ')}: {each.why}") for each in found.not_carried],
                most,
            ),
        ),
    ]
    kinds = tuple(
        (each.title, f"{each.bodies:,}", f"{each.same:,}", f"{each.better:,}", f"{each.worse:,}", f"{each.other:,}") for each in found.frameworks
    )
    mark = "SYNTHETIC · " if found.synthetic else ""
    return Page(
        title=f"{mark}Impact on {found.bodies:,} {'body' if found.bodies == 1 else 'bodies'}",
        lead=(_change(found), _sum(found), "Nothing was rewritten."),
        tables=(Table(("framework", "bodies", "same", "better", "worse", "other"), kinds), *(_transitions(each, words) for each in found.frameworks)),
        sections=tuple(section for section in sections if section.items),
        closing=(
            f"Before: {found.old.standard} {found.old.edition} ({found.old.fingerprint}); after: {found.new.standard} {found.new.edition} "
            f"({found.new.fingerprint}). Other: the range alone changes, or the grade is open on one side.",
        ),
    )


def _change(found: Impact) -> str:
    parts = []
    if found.editions is not None:
        parts.append(f"{found.old.standard} {found.old.edition} becomes {found.new.standard} {found.new.edition}")
    if found.old.reading != found.new.reading:
        parts.append(f"reading {found.old.reading} becomes {found.new.reading}")
    return "; ".join(parts) + "."


def _sum(found: Impact) -> str:
    proposals = sum(each.bodies for each in found.frameworks)
    counts = [sum(getattr(each, name) for each in found.frameworks) for name in ("same", "better", "worse", "other")]
    return f"Of {proposals:,} proposals {counts[0]:,} stay, {counts[1]:,} become better, {counts[2]:,} worse, {counts[3]:,} change otherwise."


def _transitions(each: FrameworkImpact, words: Mapping[str, str]) -> Table:
    """The transition table of a framework: a row for each grade before, a column for each one after."""
    counts = {(transition.before, transition.after): transition.bodies for transition in each.transitions}
    befores = [grade for grade in words if any(grade == before for before, _ in counts)]
    afters = [grade for grade in words if any(grade == after for _, after in counts)]
    rows = tuple((words[before], *(f"{counts[before, after]:,}" if (before, after) in counts else "–" for after in afters)) for before in befores)
    return Table((f"{each.title}: before, and after", *(words[after] for after in afters)), rows)


def _some(items: Sequence[Item], most: int | None) -> tuple[Item, ...]:
    shown = items[:most]
    return (*shown, Item(f"and {len(items) - len(shown):,} more (--all lists them)")) if len(items) > len(shown) else tuple(shown)


def _answer(answer: Answer, words: Mapping[str, str]) -> str:
    between = f"between {words[answer.low or '']} and {words[answer.high or '']}"
    if answer.grade is None:
        return f"open, {between}"
    return words[answer.grade] if answer.low == answer.high else f"{words[answer.grade]}, {between}"


def _move(each: Move, titles: Mapping[str, str], words: Mapping[str, str]) -> Item:
    more = f" and {each.bodies - len(each.names):,} more" if each.bodies > len(each.names) else ""
    published = f" (published: {words.get(each.published, each.published)})" if each.published else ""
    head = (
        f"{', '.join(each.names[:3] if more else each.names)}{more}: " if each.bodies == 1 else f"{each.bodies:,} bodies, such as {each.names[0]}: "
    )
    return Item(
        f"{head}{titles[each.framework]}: {_answer(each.before, words)} becomes {_answer(each.after, words)}{published}",
        (*(_why(change) for change in each.why), *_statuses(each)),
    )


def _why(change: ConditionChange) -> Item:
    says = {True: "held", False: "didn't hold", None: "was open"}
    becomes = {True: "holds", False: "doesn't hold", None: "is open"}
    if change.absent:
        how = f"new (it {becomes[change.after]})" if change.absent == "before" else f"no longer there (it {says[change.before]})"
        return Item(f"{change.rule}: {how}")
    measures = []
    for each in change.measures:
        told = {"no longer": each.lost, "now too": each.gained}
        criteria = [f"{how}: {', '.join(names)}" for how, names in told.items() if names]
        measures.append(Item("; ".join([f"{each.before}; now {each.after}", *criteria])))
    return Item(f"{change.rule}: {says[change.before]}, now {becomes[change.after]}", tuple(measures))


def _statuses(each: Move) -> Iterator[Item]:
    if each.statuses:
        said = (f"{name} {before.replace('_', ' ')} becomes {after.replace('_', ' ')}" for name, (before, after) in each.statuses.items())
        yield Item(f"statuses: {'; '.join(said)}")


def _editions(editions: EditionComparison, most: int | None) -> Iterator[Section]:
    yield Section("Rules that the new edition changes", tuple(Item(f"{each.kind}: {each.rule}") for each in editions.rules))
    items = [Item(f"framework {name}: not in the new edition") for name in editions.frameworks_dropped]
    items += [Item(f"framework {name}: new") for name in editions.frameworks_added]
    items += [_criterion(each) for each in editions.criteria]
    yield Section(f"Criteria that the new edition changes ({editions.unchanged:,} are as they were)", _some(items, most))


def _criterion(each: CriterionChange) -> Item:
    name = each.criterion or each.becomes or ""
    renamed = f", now {each.becomes}" if each.kind == "changed" and each.becomes != each.criterion else ""
    changes = tuple(Item(f"{change.field}: {change.before or 'none'} becomes {change.after or 'none'}") for change in each.changes)
    return Item(f"{each.framework}: {name}{renamed}: {each.kind if changes or each.kind != 'changed' else 'renamed'}", changes)
