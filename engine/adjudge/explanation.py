"""Explain a proposal in words: a page built from the result. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adjudge.conditions import Outcome, bound_of
from adjudge.grading import Grading
from adjudge.language import AnyOf, Count, CountHold, Every, Joined, NotHolds, Number, NumberIs, Selection, Share, written
from adjudge.page import Item, Page, Section, Table, render_html
from adjudge.proposal import Proposal
from adjudge.rulebook import NOT_ASSESSED, Criterion, Limit, Otherwise, Reach, Rulebook, Standard
from adjudge.status import CriterionStatus, Support


def overview(grading: Grading) -> Page:
    """Return one row for each framework, and how many proposals agree with what was published."""
    standard = grading.bundle.standard
    rows = []
    for proposal in grading:
        rows.append(
            (
                proposal.rulebook.title,
                _grade_name(standard, proposal.grade) or "open",
                _range(proposal),
                "decided" if proposal.decided else "required" if proposal.decision_required else "no",
                _grade_name(standard, proposal.published) or "–",
                {True: "agrees", False: "differs", None: "open" if proposal.published else "–"}[proposal.agrees],
            )
        )
    published = [proposal for proposal in grading if proposal.published]
    closing = []
    if published:
        agreeing = sum(proposal.agrees is True for proposal in published)
        within = sum(_within(proposal) for proposal in published)
        closing.append(f"{agreeing} of {len(published)} proposals agree with the published grade; {within} of {len(published)} ranges hold it.")
    unaided = [proposal.rulebook.title for proposal in grading if "inference" not in proposal.evaluators]
    if unaided:
        closing.append("Graded by the reference alone: durable-rules isn't installed here.")
    return Page(
        title=grading.bundle.title,
        lead=(f"{standard.title} · {reading_name(grading)} · {_provenance(standard)}",),
        tables=(Table(("framework", "proposed", "range", "decision", "published", "agreement"), tuple(rows)),),
        closing=tuple(closing),
    )


def explain(proposal: Proposal, body: str) -> Page:
    """Return the explanation of one proposal, the reason first and the machinery after."""
    sections = [*_why(proposal), _for_decision(proposal), _would_change(proposal), _determining(proposal), *_criteria(proposal)]
    return Page(
        title=f"{proposal.rulebook.title} · {body}",
        lead=(headline(proposal), *_decided(proposal)),
        sections=tuple(section for section in sections if section.items),
        closing=(
            f"Standard {proposal.standard.standard} {proposal.standard.edition}, rulebook {proposal.rulebook.edition} "
            f"({proposal.rulebook.provenance}); reading: {proposal.reading.name}; graded by {' and '.join(proposal.evaluators)}.",
        ),
    )


def headline(proposal: Proposal) -> str:
    """Return the answer in one line."""
    standard = proposal.standard
    parts = []
    low, high = proposal.range
    if proposal.grade is None:
        parts.append(f"Open, between {standard.grades[low]} and {standard.grades[high]}")
    elif low == high:
        parts.append(f"{standard.grades[proposal.grade]} proposed")
    else:
        parts.append(f"{standard.grades[proposal.grade]} proposed, between {standard.grades[low]} and {standard.grades[high]}")
    parts.append("a decision is required" if proposal.decision_required else "no decision is required")
    if proposal.published:
        parts.append(f"published: {standard.grades[proposal.published]}")
    return " · ".join(parts)


def show_rulebook(standard: Standard, book: Rulebook) -> Page:
    """Return a rulebook as a methodologist would read it: how it grades, what it asks, and where that comes from."""
    grading = [
        *(Item(f"{standard.grades[reach.grade]}: {reach.text}{_dated(reach)}") for reach in standard.reach),
        *(
            Item(f"No {'better' if limit.caps else 'worse'} than {standard.grades[limit.grade]}: {limit.text}{_dated(limit)}")
            for limit in sorted(standard.limits, key=lambda each: each.caps)
        ),
        Item(f"Otherwise {standard.grades[standard.otherwise.grade]}: {standard.otherwise.text}"),
    ]
    terms = [
        Item(
            f"{_words(name)}: {term.asks} {_value(standard, term.default)} "
            f"(or {' / '.join(_value(standard, value) for value in term.admissible if value != term.default)})"
        )
        for name, term in standard.terms.items()
    ]
    sections = [Section("How it grades", tuple(grading)), Section("Words that the source leaves open", tuple(terms))]
    numbers = [Item(f"{_words(name)}: {number.text}", tuple(_number_items(number))) for name, number in standard.numbers.items()]
    sections.append(Section("Numbers", tuple(numbers)))
    for tier, label in _tiers(standard):
        items = tuple(_criterion_item(standard, book, criterion) for criterion in book.criteria if criterion.tier == tier)
        if items:
            sections.append(Section(f"{label}: {len(items)} criteri{'on' if len(items) == 1 else 'a'}", items))
    lead = (book.text, f"Edition {book.edition}; criteria {_provenance(book)}.")
    return Page(f"{book.title} · {standard.title}", lead, (), tuple(section for section in sections if section.items))


def _dated(rule: Reach | Limit) -> str:
    return f" (in force {rule.in_force})" if rule.in_force else ""


def _number_items(number: Number) -> Iterator[Item]:
    """Yield what becomes of a number after it is added up, in that order."""
    for each in number.adjust:
        yield Item(f"{written(abs(each.by))} may be {'added' if each.by > 0 else 'taken'}: {each.text}")
    if number.round:
        yield Item(f"rounded to {written(number.round.to)}, {_words(number.round.mode)}")


def _criterion_item(standard: Standard, book: Rulebook, criterion: Criterion) -> Item:
    detail = [criterion.text]
    if criterion.reason and criterion.significance:
        detail.append(f"{standard.significances[criterion.significance]}, because: {criterion.reason}")
    if criterion.points is not None:
        better = standard.points.better if standard.points else "higher"
        between = f"from {written(criterion.points.from_)} to {written(criterion.points.to)}"
        steps = ", ".join(written(each) for each in criterion.points.one_of)
        detail.append(f"points {steps or between}; {better} is better")
    if criterion.weight != 1:
        detail.append(f"weight {written(criterion.weight)} in a mean")
    if criterion.grade_of is not None:
        detail.append(f"is the grade of {criterion.grade_of.framework}")
    if criterion.in_force is not None:
        detail.append(f"in force {criterion.in_force}")
    kept = [book.themes[criterion.theme]] if criterion.theme else []
    kept += [f"across units: {criterion.across_units}"] if criterion.across_units else []
    detail += ["; ".join(kept)] if kept else []
    places = []
    for each in criterion.basis:
        where = [each.framework, _words(each.section) if each.section else None]
        named = ", ".join(word for word in where if word) + (f" {each.paragraph}" if each.paragraph else "")
        places.append(f"{named} ({each.note})" if named else each.note)
    if places:
        detail.append(f"from {'; '.join(places)}")
    weight = _weight(standard, criterion.significance)
    return Item(f"{criterion.title} [{criterion.id}]{f' · {weight}' if weight else ''}", tuple(Item(line) for line in detail))


def _tiers(standard: Standard) -> list[tuple[str | None, str]]:
    """Return the tiers with their labels as headings; one without a name where a standard has none."""
    return [(tier, f"{label[:1].upper()}{label[1:]}") for tier, label in standard.tiers.items()] or [(None, "Criteria")]


def _weight(standard: Standard, significance: str | None) -> str:
    """Return a significance in words; nothing for the least, or where a standard has none."""
    return standard.significances[significance] if significance and significance != next(iter(standard.significances)) else ""


def reading_name(grading: Grading) -> str:
    """Return how a reading is called."""
    return "default reading" if grading.reading.name == "default" else f"reading: {grading.reading.name}"


def _provenance(item: Standard | Rulebook) -> str:
    return "criteria reconstructed" if item.provenance == "reconstructed" and isinstance(item, Standard) else item.provenance


def _grade_name(standard: Standard, grade: str | None) -> str:
    return standard.grades[grade] if grade else ""


def _range(proposal: Proposal) -> str:
    low, high = (proposal.standard.grades[grade] for grade in proposal.range)
    return low if low == high else f"{low}–{high}"


def _within(proposal: Proposal) -> bool:
    rank = proposal.standard.grade_rank
    return proposal.published is not None and rank[proposal.range[0]] <= rank[proposal.published] <= rank[proposal.range[1]]


def _decided(proposal: Proposal) -> Iterator[str]:
    if proposal.decided and proposal.decided.grade:
        judgement = proposal.decided
        yield f"Decided: {proposal.standard.grades[proposal.decided.grade]}, {judgement.attribution}"


def _words(identifier: str) -> str:
    return identifier.replace("_", " ").replace("-", " ")


def _value(standard: Standard, value: str) -> str:
    return standard.statuses.get(value, value)


def status_name(standard: Standard, status: str) -> str:
    """Return a status, not assessed and not applicable included, as one says it."""
    return standard.statuses.get(status, _words(status))


def _why(proposal: Proposal) -> Iterator[Section]:
    """Why not better, why this, why not worse: each from the outcomes of the conditions concerned."""
    standard, evaluation = proposal.standard, proposal.evaluation
    rank = standard.grade_rank
    capping = [limited for limited in evaluation.limited if limited.limit.caps and limited.outcome.certain]
    best = evaluation.best.grade
    for reached in reversed(evaluation.reached):
        if rank[reached.reach.grade] > rank[best]:
            items = tuple(_outcome_items(proposal, reached.outcome, unmet_only=True))
            if items:
                yield Section(f"Not {standard.grades[reached.reach.grade]}, which asks that {reached.reach.text}", items)
            break
    yield from _ends(proposal)
    spared = [limited for limited in evaluation.limited if limited.limit.caps and not limited.outcome.possible]
    if spared and not capping:
        items = tuple(Item(_limit_sentence(proposal, limited.outcome)) for limited in spared)
        worst = min((limited.limit.grade for limited in spared), key=rank.__getitem__)
        yield Section(f"Not {standard.grades[worst]}, because", items)


def _ends(proposal: Proposal) -> Iterator[Section]:
    """Say what gives the grade, or, while it is open, what gives its worst and its best end."""
    evaluation = proposal.evaluation
    if evaluation.grade is not None and evaluation.worst.by is evaluation.best.by:
        yield _end(proposal, evaluation.grade, evaluation.worst.by, "")
        return
    yield _end(proposal, evaluation.worst.grade, evaluation.worst.by, " if what isn't known turns out worst")
    yield _end(proposal, evaluation.best.grade, evaluation.best.by, " if what isn't known turns out best")


def _end(proposal: Proposal, grade: str, by: Reach | Limit | Otherwise, when: str) -> Section:
    name = proposal.standard.grades[grade]
    for reached in proposal.evaluation.reached:
        if reached.reach is by:
            return Section(f"{name}{when}, because {by.text}", tuple(_outcome_items(proposal, reached.outcome)))
    for limited in proposal.evaluation.limited:
        if limited.limit is by:
            return Section(f"{name}{when}, because {by.text}", tuple(_outcome_items(proposal, limited.outcome, as_limit=True)))
    last = proposal.evaluation.reached[-1]
    why = "where the standard leaves a gap" if isinstance(by, Otherwise) and by.decision else "which is what is left"
    return Section(f"{name}{when}, {why}: {by.text}", tuple(_outcome_items(proposal, last.outcome, unmet_only=True)))


def _outcome_items(proposal: Proposal, outcome: Outcome, unmet_only: bool = False, as_limit: bool = False) -> Iterator[Item]:
    condition = outcome.condition
    if unmet_only and outcome.certain:
        return
    if isinstance(condition, Joined):
        within = tuple(item for part in outcome.parts for item in _outcome_items(proposal, part, unmet_only, as_limit))
        if isinstance(condition, CountHold):
            yield Item(told(proposal, outcome), within)
        elif isinstance(condition, NotHolds):
            (inner,) = outcome.parts
            yield Item(told(proposal, outcome), tuple(_outcome_items(proposal, inner, as_limit=as_limit)))
        else:
            yield from within
        return
    if isinstance(condition, NumberIs):
        yield _number_item(proposal, outcome, condition)
        return
    if as_limit:
        yield Item(_limit_sentence(proposal, outcome), tuple(_status_items(proposal, outcome.passing)))
        return
    shown = (*outcome.failing, *outcome.open) if not outcome.certain else ()
    yield Item(_sentence(proposal, outcome), tuple(_status_items(proposal, shown)))


def told(proposal: Proposal, outcome: Outcome, as_limit: bool = False) -> str:
    """Return what a condition asks and how far it is met, in one line; for a limit, what it counts.

    The parts that `all` and `any` join are told one by one, not together.
    """
    condition = outcome.condition
    if isinstance(condition, CountHold):
        holding = sum(part.certain for part in outcome.parts)
        return f"{_bound_words(proposal, condition.is_)} of these {outcome.whole} must hold: {holding} certainly {_do(holding)}"
    if isinstance(condition, NotHolds):
        return "this must not hold"
    if isinstance(condition, NumberIs):
        return _number_sentence(proposal, outcome, condition)
    return _limit_sentence(proposal, outcome) if as_limit else _sentence(proposal, outcome)


def _number_item(proposal: Proposal, outcome: Outcome, condition: NumberIs) -> Item:
    """Say what a number must be and what it is, with the points and the adjustments that make it."""
    lines = []
    for each in (*outcome.passing, *outcome.open):
        points = proposal.standard.points_of(each.criterion, each.status) if each in outcome.passing else None
        told = "not assessed" if points is None else f"{written(points)} points" if points != 1 else "1 point"
        lines.append(Item(f"{each.criterion.title}: {told}"))
    for adjusted in outcome.amount.adjusted if outcome.amount else ():
        how = {True: "", False: "not ", None: "perhaps "}[adjusted.outcome.holds]
        lines.append(Item(f"{how}{'added' if adjusted.by > 0 else 'taken'} {written(abs(adjusted.by))}: {adjusted.text}"))
    return Item(_number_sentence(proposal, outcome, condition), tuple(lines))


def _number_sentence(proposal: Proposal, outcome: Outcome, condition: NumberIs) -> str:
    name = _words(condition.number) if condition.number else f"{condition.aggregate} of the {_selected(proposal.standard, condition.selection, 2)}"
    amount = outcome.amount
    if amount is None:
        return f"the {name} must be {_bound_words(proposal, condition.is_)}: nothing that it is made of is applicable"
    told = written(amount.low) if amount.low == amount.high else f"from {written(amount.low)} to {written(amount.high)}"
    return f"the {name} must be {_bound_words(proposal, condition.is_)}: it is {told}"


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _sentence(proposal: Proposal, outcome: Outcome) -> str:
    condition = outcome.condition
    assert isinstance(condition, Every | AnyOf | Count | Share)
    asked = _status_words(proposal, condition)
    whole, passing = outcome.whole, len(outcome.passing)
    if isinstance(condition, Every):
        start = f"every {_selected(proposal.standard, condition.selection)} must be {asked}: {passing} of {whole} {_be(passing)}"
    elif isinstance(condition, AnyOf):
        start = f"one {_selected(proposal.standard, condition.selection)} must be {asked}: {passing} of {whole} {_be(passing)}"
    elif isinstance(condition, Count):
        start = (
            f"{_bound_words(proposal, condition.is_)} of the {_selected(proposal.standard, condition.selection, whole)} must be {asked}: "
            f"{passing} {_be(passing)}"
        )
    else:
        start = (
            f"{_bound_words(proposal, condition.is_)} of the {whole} {_selected(proposal.standard, condition.selection, whole)} must be {asked}, "
            f"which is {outcome.needed}: {passing} {_be(passing)}"
        )
    rest = []
    if outcome.failing:
        rest.append(f"{len(outcome.failing)} {_be(len(outcome.failing))} not")
    if outcome.open:
        rest.append(f"{len(outcome.open)} {_be(len(outcome.open))} not assessed")
    return ", ".join([start, *rest])


def _limit_sentence(proposal: Proposal, outcome: Outcome) -> str:
    """Say how a limit stands: how many criteria it counts, and how many it would take."""
    condition = outcome.condition
    if isinstance(condition, NumberIs):
        return (
            _number_sentence(proposal, outcome, condition).replace(" must be ", f" is {'' if outcome.possible else 'not '}").partition(": it is")[0]
        )
    if isinstance(condition, Joined):
        return "; ".join(_limit_sentence(proposal, part) for part in outcome.parts)
    asked = _status_words(proposal, condition)
    number = len(outcome.passing)
    noun = _selected(proposal.standard, condition.selection, outcome.whole)
    start = f"{number or 'none'} of the {outcome.whole} {noun} {_be(number or 1)} {asked}"
    if outcome.whole == 1:
        start = f"the only {noun} is {'' if number else 'not '}{asked}"
    if outcome.open:
        start += f", {len(outcome.open)} {_be(len(outcome.open))} not assessed"
    if isinstance(condition, Count | Share) and not outcome.certain:
        start += f"; {_bound_words(proposal, condition.is_)} would be {outcome.needed}"
    return start


def _status_words(proposal: Proposal, condition: Every | AnyOf | Count | Share) -> str:
    standard = proposal.standard
    threshold = standard.rank[proposal.reading.values.get(condition.threshold, condition.threshold)]
    wanted = [
        label
        for status, label in standard.statuses.items()
        if (standard.rank[status] >= threshold) == condition.rises or standard.rank[status] == threshold
    ]
    return " or ".join(wanted)


def _bound_words(proposal: Proposal, text: str) -> str:
    words = str(bound_of(text, proposal.reading))
    return f'"{_words(text)}" ({words})' if text in proposal.reading.values else words


def _selected(standard: Standard, selection: Selection, number: int = 1) -> str:
    words = []
    if selection.significance:
        words.append(" or ".join(standard.significances[each] for each in selection.significance))
    if selection.tier:
        words.append(" or ".join(standard.tiers[each] for each in selection.tier))
    if selection.theme:
        words.append(" or ".join(_words(each) for each in selection.theme))
    noun = "criterion" if number == 1 else "criteria"
    named = f" {', '.join(selection.id)}" if selection.id else ""
    return " ".join([*words, noun]) + named


def _status_items(proposal: Proposal, statuses: Iterable[CriterionStatus]) -> Iterator[Item]:
    for each in statuses:
        yield _status_item(proposal, each, brief=True)


def _status_item(proposal: Proposal, each: CriterionStatus, brief: bool) -> Item:
    standard = proposal.standard
    weight = _weight(standard, each.significance)
    text = f"{each.criterion.title}{f' ({weight})' if weight else ''}: {status_name(standard, each.status)}"
    if each.between:
        text += f", between {' and '.join(status_name(standard, end) for end in each.between)}"
    if each.contested:
        text += ", contested"
    items = [Item(f"judged {judgement.says} {judgement.attribution}") for judgement in each.judgements]
    if each.before_judgement:
        items.append(Item(f"by the evidence: {status_name(standard, each.before_judgement)}"))
    records = each.records
    shown = [support for support in records if _decisive(each, support)] if brief else list(records)
    items += [Item(_record_line(standard, support)) for support in (shown or list(records))[: 3 if brief else None]]
    if brief and each.contested:
        others = [f"{support.record.citation} ({support.record.id})" for support in records if not _decisive(each, support)]
        items += [Item(f"contested by {', '.join(others)}")] if others else []
    if not brief:
        items += [Item(f"outweighed: {_record_line(standard, support)}") for support in each.outweighed]
        items += [Item(f"set aside, {support.set_aside}: {_record_line(standard, support)}") for support in each.set_aside]
        if not items and each.status == NOT_ASSESSED:
            items.append(Item("no finding answers it"))
    elif each.status == NOT_ASSESSED and each.set_aside:
        items.append(Item(f"{len(each.set_aside)} set aside: {'; '.join(sorted({s.set_aside or '' for s in each.set_aside}))}"))
    return Item(text, tuple(items))


def _decisive(each: CriterionStatus, support: Support) -> bool:
    return support.earns == each.status


def _record_line(standard: Standard, support: Support) -> str:
    record = support.record
    unit = "" if record.unit == "whole" else f" in {record.unit}"
    capped = (
        f", shows {status_name(standard, support.shows)} but establishes {status_name(standard, support.earns)}"
        if support.earns and support.earns != support.shows
        else ""
    )
    return f"{standard.bases[record.basis].label}{unit}{capped}: {record.summary} ({record.citation}; {record.id})"


def _for_decision(proposal: Proposal) -> Section:
    items = [Item(reason.text) for reason in proposal.reasons]
    contested = [proposal.status(each).criterion.title for each in proposal.contested]
    if contested:
        items.append(Item(f"contested, the weakest stands: {', '.join(contested)}"))
    return Section("For decision" if proposal.reasons else "To note", tuple(items))


def _would_change(proposal: Proposal) -> Section:
    standard = proposal.standard
    items = []
    for other in proposal.readings_that_differ:
        changes = " and ".join(f"{_words(term)} read as {_value(standard, value)}" for term, value in other.changes.items())
        low, high = standard.grades[other.low], standard.grades[other.high]
        answer = standard.grades[other.grade] if other.grade else "open"
        items.append(Item(f"{changes}: {answer}" + ("" if low == high else f", between {low} and {high}")))
    if not items:
        items.append(Item("no other admissible reading changes the answer"))
    return Section("Other readings of the standard", tuple(items))


def _determining(proposal: Proposal) -> Section:
    names = [
        f"{proposal.status(each).criterion.title} ({status_name(proposal.standard, proposal.status(each).status)})" for each in proposal.determining
    ]
    text = "; ".join(names) if names else "none: nothing that is known narrows the answer"
    return Section("These criteria alone fix the answer, and none of them can be left out", (Item(text),))


def _criteria(proposal: Proposal) -> Iterator[Section]:
    for tier, _ in _tiers(proposal.standard):
        items = tuple(_status_item(proposal, each, brief=False) for each in proposal.statuses if each.criterion.tier == tier)
        if items:
            yield Section(f"Evidence on the {f'{proposal.standard.tiers[tier]} ' if tier else ''}criteria", items)


def grading_html(grading: Grading) -> str:
    """Return the overview of a grading for notebooks."""
    return render_html(overview(grading))


def proposal_html(proposal: Proposal) -> str:
    """Return the explanation of a proposal for notebooks."""
    return render_html(explain(proposal, proposal.standard.title))
