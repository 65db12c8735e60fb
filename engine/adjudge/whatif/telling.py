"""Tell a comparison as a page: the columns side by side, then what each scenario changed and why the grade moved or didn't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adjudge.conditions import Outcome
from adjudge.explanation import reading_name, status_name, told
from adjudge.language import CountHold, Joined, NotHolds, NumberIs, written
from adjudge.page import Item, Page, Section, Table
from adjudge.proposal import Limited, Proposal
from adjudge.rulebook import Limit, Otherwise, Reach
from adjudge.status import CriterionStatus
from adjudge.whatif.comparison import Column, Comparison, Effect, moved


def tell(comparison: Comparison, kept: str | None = None) -> Page:
    """Return the comparison of one framework, or the overview of several. ``kept`` names the file that a scenario was added to."""
    base = comparison.base.grading
    frameworks = comparison.frameworks
    single = len(frameworks) == 1
    scenarios = comparison.columns[1:]
    concerned = [column for column in scenarios if any(comparison.concerns(column, each) for each in frameworks)]
    closing = []
    if idle := [column.name for column in scenarios if column not in concerned]:
        closing.append(f"Not shown, for nothing here is touched: {', '.join(idle)}.")
    if kept:
        closing.append(f"Kept in {kept}.")
    closing.append("Supposed, not found: the evidence and its recorded judgements stay as they are.")
    standard = base.bundle.standard
    return Page(
        title=f"What if · {base[frameworks[0]].rulebook.title} · {base.bundle.body.title}" if single else f"What if · {base.bundle.title}",
        lead=(f"{standard.title} · {reading_name(base)}",),
        tables=tuple(_tables(comparison, (comparison.base, *concerned))),
        sections=tuple(_section(comparison, column, frameworks[0]) if single else _overview(comparison, column) for column in concerned),
        closing=tuple(closing),
    )


def _tables(comparison: Comparison, columns: Sequence[Column]) -> Iterator[Table]:
    names = tuple(column.name for column in columns)
    if len(comparison.frameworks) == 1:
        (framework,) = comparison.frameworks
        proposals = [column.grading[framework] for column in columns]
        rows = [("grade", *map(_grade, proposals)), ("range", *map(_range, proposals)), ("decision", *map(_decision, proposals))]
        yield Table((proposals[0].rulebook.title, *names), (*rows, *(row[1:] for row in _criteria(comparison, columns))))
        return
    titles = {framework: comparison.base.grading[framework].rulebook.title for framework in comparison.frameworks}
    yield Table(("framework", *names), tuple((title, *(_answer(each.grading[key]) for each in columns)) for key, title in titles.items()))
    if rows_ := tuple(_criteria(comparison, columns)):
        yield Table(("framework", "criterion", *names), rows_)


def _criteria(comparison: Comparison, columns: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each criterion that differs anywhere: framework, title, and its status in each column."""
    for framework in comparison.frameworks:
        for criterion in comparison.differing(framework):
            found = [column.grading[framework].status(criterion) for column in columns]
            weighed = len({each.significance for each in found}) > 1
            cells = (_status(comparison.base.grading[framework], each, weighed) for each in found)
            yield comparison.base.grading[framework].rulebook.title, found[0].criterion.title, *cells


def _section(comparison: Comparison, column: Column, framework: str) -> Section:
    before, after = comparison.base.grading[framework], column.grading[framework]
    items = (*_texts(column), *_changes(comparison, column, framework), *why(before, after))
    return Section(f"{_title(column)}: {_movement(before, after)}", items)


def _overview(comparison: Comparison, column: Column) -> Section:
    """Tell a scenario framework by framework; those that only a reading bears on, and that it leaves as they are, together."""
    items, alike = list(_texts(column)), []
    for framework in comparison.frameworks:
        before, after = comparison.base.grading[framework], column.grading[framework]
        if moved(before, after):
            lines = (*_changes(comparison, column, framework), *why(before, after))
        elif not comparison.concerns(column, framework):
            continue
        elif comparison.others(column, framework) or any(effects for _, effects in comparison.effects(column, framework)):
            lines = tuple(_changes(comparison, column, framework))
        else:
            alike.append(after.rulebook.title)
            continue
        items.append(Item(f"{after.rulebook.title}: {_movement(before, after)}", lines))
    if alike:
        items.append(Item(f"as before: {'; '.join(alike)}"))
    return Section(_title(column), tuple(items))


def _title(column: Column) -> str:
    return f"{column.name}, over {column.scenario.over.name}" if column.scenario and column.scenario.over else column.name


def _texts(column: Column) -> Iterator[Item]:
    if column.scenario and column.scenario.text:
        yield Item(column.scenario.text)


def _changes(comparison: Comparison, column: Column, framework: str) -> Iterator[Item]:
    """Yield the scenario's changes, each with what became of the criteria that it touches."""
    proposal = column.grading[framework]
    if others := comparison.others(column, framework):
        lead = f"by {column.scenario.over.name}" if column.scenario and column.scenario.over else "with another framework's grade"
        yield Item(lead, tuple(_effect(proposal, each) for each in others))
    for change, effects in comparison.effects(column, framework):
        yield Item(change.says, tuple(_effect(proposal, each) for each in effects))


def _effect(proposal: Proposal, effect: Effect) -> Item:
    weighed = effect.before.significance != effect.after.significance
    before, after = (_status(proposal, each, weighed) for each in (effect.before, effect.after))
    return Item(f"{effect.after.criterion.title}: {before} → {after}" if effect.moved else f"{effect.after.criterion.title}: {after}, as before")


def _status(proposal: Proposal, each: CriterionStatus, weighed: bool) -> str:
    name = status_name(proposal.standard, each.status)
    return f"{name} ({proposal.standard.significances[each.significance]})" if weighed and each.significance else name


def _grade(proposal: Proposal) -> str:
    return proposal.standard.grades[proposal.grade] if proposal.grade else "open"


def _range(proposal: Proposal) -> str:
    low, high = (proposal.standard.grades[grade] for grade in proposal.range)
    return low if low == high else f"{low}–{high}"


def _decision(proposal: Proposal) -> str:
    if proposal.decided and proposal.decided.grade:
        return f"decided: {proposal.standard.grades[proposal.decided.grade]}"
    return "required" if proposal.decision_required else "no"


def _answer(proposal: Proposal) -> str:
    """Return grade and range, and what is decided, in a few words."""
    grade, within = _grade(proposal), _range(proposal)
    answer = grade if grade == within else f"{grade} ({within})"
    return f"{answer}, {_decision(proposal)}" if proposal.decided else answer


def _movement(before: Proposal, after: Proposal) -> str:
    if not moved(before, after):
        return f"{_answer(after)}, as before"
    if before.grade == after.grade and not before.decided and not after.decided:
        return f"{_grade(after)}, as before; its range {_range(before)} becomes {_range(after)}"
    return f"{_answer(before)} becomes {_answer(after)}"


def why(before: Proposal, after: Proposal) -> Iterator[Item]:
    """Yield why the grade is what it is now, which limits came or went, and why it isn't better, against what it was before."""
    ends = {id(end.by): end for end in (after.evaluation.worst, after.evaluation.best)}
    for end, when in zip(ends.values(), ("",) if len(ends) == 1 else (" if what isn't known turns out worst", " if it turns out best"), strict=True):
        yield _given(before, after, f"{after.standard.grades[end.grade]}{when}", end.by)
    for was, now in zip(before.evaluation.limited, after.evaluation.limited, strict=True):
        if was.outcome.certain != now.outcome.certain and id(now.limit) not in ends:
            yield _limit(before, after, was, now)
    yield from _not_better(before, after)


def _given(before: Proposal, after: Proposal, grade: str, by: Reach | Limit | Otherwise) -> Item:
    for was, now in zip(before.evaluation.reached, after.evaluation.reached, strict=True):
        if now.reach is by:
            return Item(f"{grade}, because {by.text}", tuple(_lines(before, was.outcome, after, now.outcome)))
    for was_limited, limited in zip(before.evaluation.limited, after.evaluation.limited, strict=True):
        if limited.limit is by:
            return Item(f"{grade}, because {by.text}", tuple(_lines(before, was_limited.outcome, after, limited.outcome, as_limit=True)))
    last = before.evaluation.reached[-1].outcome, after.evaluation.reached[-1].outcome
    text = f"{grade}, where the standard leaves a gap: {by.text}"
    return Item(text, tuple(_lines(before, last[0], after, last[1], unmet_only=True)))


def _limit(before: Proposal, after: Proposal, was: Limited, now: Limited) -> Item:
    held = "held to" if now.limit.caps else "lifted to"
    grade = after.standard.grades[now.limit.grade]
    text = f"now {held} {grade}: {now.limit.text}" if now.outcome.certain else f"no longer {held} {grade}, as it was where {now.limit.text}"
    return Item(text, tuple(_lines(before, was.outcome, after, now.outcome, as_limit=True)))


def _not_better(before: Proposal, after: Proposal) -> Iterator[Item]:
    """Say why the next better grade isn't reached; nothing, if it is but for a limit or if there is none."""
    rank = after.standard.grade_rank
    pairs = list(zip(before.evaluation.reached, after.evaluation.reached, strict=True))
    for was, now in reversed(pairs):
        if rank[now.reach.grade] > rank[after.evaluation.best.grade]:
            lines = tuple(_lines(before, was.outcome, after, now.outcome, unmet_only=True))
            if lines:
                still = "no longer" if was.outcome.certain else "still not" if rank[before.evaluation.best.grade] < rank[now.reach.grade] else "not"
                yield Item(f"{still} {after.standard.grades[now.reach.grade]}, which asks that {now.reach.text}", lines)
            return


def _lines(before: Proposal, was: Outcome, after: Proposal, now: Outcome, unmet_only: bool = False, as_limit: bool = False) -> Iterator[Item]:
    """Yield what a condition asks and how far it is met now and was before; the two outcomes are of one condition."""
    if unmet_only and now.certain:
        return
    condition = now.condition
    if isinstance(condition, Joined):
        negated = isinstance(condition, NotHolds)
        pairs = zip(was.parts, now.parts, strict=True)
        parts = tuple(item for pair in pairs for item in _lines(before, pair[0], after, pair[1], unmet_only and not negated, as_limit))
        if isinstance(condition, CountHold | NotHolds):
            yield Item(told(after, now), parts)
        else:
            yield from parts
        return
    text = told(after, now, as_limit)
    if isinstance(condition, NumberIs):
        if was.amount and now.amount and (was.amount.low, was.amount.high) != (now.amount.low, now.amount.high):
            text += f" (before: {' to '.join(dict.fromkeys((written(was.amount.low), written(was.amount.high))))})"
        yield Item(text)
        return
    if len(was.passing) != len(now.passing):
        text += f" (before: {len(was.passing)})"
    yield Item(text, tuple(_named(was, now, as_limit)))


def _named(was: Outcome, now: Outcome, as_limit: bool) -> Iterator[Item]:
    """Yield which criteria came to count, which ceased to, and which don't."""
    groups = [("now", _less(now.passing, was.passing)), ("no longer", _less(was.passing, now.passing))]
    if not as_limit and not now.certain:
        groups += [("not", list(now.failing)), ("not assessed", list(now.open))]
    for lead, statuses in groups:
        if titles := [each.criterion.title for each in statuses]:
            yield Item(f"{lead}: {'; '.join(titles)}")


def _less(some: Iterable[CriterionStatus], others: Iterable[CriterionStatus]) -> list[CriterionStatus]:
    ids = {each.criterion.id for each in others}
    return [each for each in some if each.criterion.id not in ids]
