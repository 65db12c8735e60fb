"""Paths, distances and what leads to the published grade, as pages to read. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from adjudge.evidence import Recommendation
from adjudge.explanation import headline, reading_name, status_name
from adjudge.grading import Grading
from adjudge.language import written
from adjudge.page import Item, Page, Section, Table
from adjudge.proposal import Proposal
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Standard
from adjudge.whatif.costs import Costs
from adjudge.whatif.findings import Findings
from adjudge.whatif.moves import Move
from adjudge.whatif.path import AnyOf, Form, Paths
from adjudge.whatif.published import AnyJudged, Bridges, Judged, ToPublished, Verdict
from adjudge.whatif.tipping import Tip, Tipping

Addressed = Mapping[str, Sequence[int]]
"""The numbers of the recommendations that address each criterion."""


def addressed_by(recommendations: Iterable[Recommendation], framework: str) -> Addressed:
    """Return the criteria of a framework that recommendations address."""
    found: dict[str, list[int]] = {}
    for each in recommendations:
        for criterion in each.addresses.get(framework, ()):
            found.setdefault(criterion, []).append(each.number)
    return found


def path_page(proposal: Proposal, body: str, paths: Paths, addressed: Addressed, costs: Costs | None, restricted: str) -> Page:
    """Return the path to a grade: what it takes, each smallest way, and what smallest means. ``restricted`` says what was kept from moving."""
    grade = proposal.standard.grades[paths.grade]
    sections = [Section(title, (*items, *_then(proposal, form))) for form, title, items in _ways(proposal, paths, addressed)]
    closing = [_smallest([proposal], costs is not None), *_notes(proposal, paths, restricted), _foot(proposal)]
    return Page(
        f"{proposal.rulebook.title} · {body} · path to {grade}", (headline(proposal), _takes(proposal, paths)), (), tuple(sections), tuple(closing)
    )


def _takes(proposal: Proposal, paths: Paths) -> str:
    grade = proposal.standard.grades[paths.grade]
    if paths.direction is None:
        return f"The proposal is {grade} already."
    if paths.criteria is None:
        end = "at their best" if paths.direction == "up" else "at their worst"
        furthest = proposal.standard.grades[paths.attainable] if paths.attainable else ""
        return f"No path leads to {grade}: with all {paths.may_move} criteria that may move {end}, the proposal is {furthest}."
    what = f"{_criteria(paths.criteria)}, {_steps(paths.steps or 0)}"
    if paths.cost is not None:
        what = f"a cost of {written(paths.cost)}: {what}"
    sets = "one smallest set" if paths.sets == 1 else f"{paths.sets:,} smallest sets"
    if paths.direction == "up":
        return f"At least {grade} takes {what}, and no less; {sets}."
    return f"{grade} or worse is {what} away, and no less; {sets}."


def _ways(proposal: Proposal, paths: Paths, addressed: Addressed) -> Iterator[tuple[Form, str, tuple[Item, ...]]]:
    verb = "Lift" if paths.direction == "up" else "Would fall"
    number = len(paths.forms)
    for place, form in enumerate(paths.forms, 1):
        more = "" if paths.complete or place < number else f"; the first {number} ways are listed"
        title = verb if number == 1 else f"{verb}, way {place} of {number}" if paths.complete else f"{verb}, way {place}{more}"
        yield form, title, tuple(_group_items(proposal.standard, form, addressed))


def _group_items(standard: Standard, form: Form, addressed: Addressed) -> Iterator[Item]:
    for place, group in enumerate(form.groups):
        moved = tuple(Item(_move(standard, move, addressed)) for move in group.of)
        if group.count == len(group.of) == 1:
            yield Item(f"{'and ' if place else ''}{moved[0].text}")
        else:
            yield Item(_which(form.groups, place), moved)


def _which(groups: Sequence[AnyOf | AnyJudged], place: int) -> str:
    """Say how many of a group, and that they are others where an earlier group is about the same criteria."""
    group, many = groups[place], len(groups[place].of)
    about = {each.criterion for each in group.of}
    other = "other " if any(about & {each.criterion for each in earlier.of} for earlier in groups[:place]) else ""
    whole = "both of these" if many == 2 else f"all {many} of these"
    return f"{'and ' if place else ''}{whole if group.count == many else f'any {group.count} {other}of these {many}'}"


def _move(standard: Standard, move: Move, addressed: Addressed) -> str:
    text = f"{move.title}: {_value(standard, move.now)} to {_value(standard, move.to)}"
    if move.now == NOT_ASSESSED:
        text = f"{move.title}: not assessed, to be established as {_value(standard, move.to)}"
    if move.steps > 1:
        text += f" ({_steps(move.steps)})"
    numbers = addressed.get(move.criterion, ())
    notes = [*(["contested"] if move.contested else []), *([f"recommendation {_listed(numbers)}"] if numbers else [])]
    return ", ".join([text, *notes])


def _then(proposal: Proposal, form: Form) -> Iterator[Item]:
    grades = proposal.standard.grades
    told = []
    for grade, low, high in form.answers:
        settled = low == high and grade is not None
        told.append(
            grades[low] if settled else f"{grades[grade] if grade else 'open'}, between {grades[low]} and {grades[high]}; the rest is for decision"
        )
    yield Item(f"then: {told[0]}" if len(told) == 1 else f"then, depending on which are chosen: {'; or '.join(told)}")


def _smallest(proposals: Iterable[Proposal], with_costs: bool) -> str:
    first = "the least cost, then " if with_costs else ""
    points = any(row.criterion.points for proposal in proposals for row in proposal.statuses)
    step = "one status, or the next points" if points else "one status"
    return f"Smallest is {first}the fewest criteria, then the fewest steps; a step is {step}. Solved exactly; the reference graded what is listed."


def _notes(proposal: Proposal, paths: Paths, restricted: str) -> Iterator[str]:
    moved = {move.now for form in paths.forms for group in form.groups for move in group.of}
    if NOT_ASSESSED in moved:
        yield "What isn't assessed stands one step outside its statuses: to establish the worst is one step up, the best one step down."
    if restricted:
        yield restricted
    if apart := [row.criterion.title for row in proposal.statuses if row.status == NOT_APPLICABLE]:
        yield f"Not applicable, so left alone: {', '.join(apart)}."


def tipping_page(proposal: Proposal, body: str, tipping: Tipping, addressed: Addressed) -> Page:
    """Return how close one framework's proposal is to the grades beside it, with the way there and the findings that it takes."""
    sections = tipping_sections(proposal, tipping, addressed, "; `--to {}` lists them")
    return Page(f"{proposal.rulebook.title} · {body} · how close", (headline(proposal),), (), sections, (*counting([proposal]), _foot(proposal)))


def tipping_sections(proposal: Proposal, tipping: Tipping, addressed: Addressed, listed: str = "") -> tuple[Section, ...]:
    """Return a section for each grade beside a proposal; ``listed`` says where further ways to it are listed, `{}` stands for the grade."""
    sections = []
    for tip in (tipping.up, tipping.down):
        if tip is not None:
            form = tip.paths.forms[0] if tip.paths.forms else None
            ways = len(tip.paths.forms)
            items = [*_group_items(proposal.standard, form, addressed), *_then(proposal, form)] if form else [Item(_takes(proposal, tip.paths))]
            if ways > 1:
                items.append(Item(f"one of {ways}{'' if tip.paths.complete else ' or more'} ways{listed.format(tip.grade)}"))
            sections.append(Section(f"{_towards(proposal.standard, tip)}: {_distance(tip)}", (*items, *_findings(proposal, tip.findings))))
    if tipping.up is None:
        sections.insert(0, Section("Up: there is no better grade", ()))
    if tipping.down is None:
        sections.append(Section("Down: there is no worse grade", ()))
    return tuple(sections)


def counting(proposals: Iterable[Proposal]) -> tuple[str, ...]:
    """Return what smallest means where criteria are counted, and what fewest means where findings are."""
    return _smallest(proposals, False), _FINDINGS


_FINDINGS = (
    "Findings are counted at their fewest, whichever criteria that moves. A record reads otherwise if what it shows is changed, within what its "
    "basis can establish, or if it is withdrawn; a new finding counts only where no reading of the records there are would do."
)


def _towards(standard: Standard, tip: Tip) -> str:
    return f"Up to {standard.grades[tip.grade]}" if tip.paths.direction == "up" else f"Down to {standard.grades[tip.grade]}"


def _distance(tip: Tip) -> str:
    if tip.criteria is None:
        return "out of reach"
    return ", ".join([_criteria(tip.criteria), _steps(tip.paths.steps or 0), *([_count(tip.findings)] if tip.findings else [])])


def _count(findings: Findings) -> str:
    at_most = "" if findings.exact else "at most "
    return f"{at_most}{findings.count} finding{'' if findings.count == 1 else 's'}"


def _findings(proposal: Proposal, findings: Findings | None) -> Iterator[Item]:
    if findings is None:
        return
    records = {
        support.record.id: support.record for row in proposal.statuses for unit in row.units for support in (*unit.decided_by, *unit.outweighed)
    }
    if findings.records:
        told = ", ".join(f"{records[each].citation} ({each})" for each in findings.records)
        yield Item(f"in findings: {len(findings.records)} would have to read otherwise: {told}")
    if findings.new:
        titles = ", ".join(proposal.status(each).criterion.title for each in findings.new)
        yield Item(f"in findings: {len(findings.new)} would be new, on {titles}")


def overview_page(grading: Grading, found: Sequence[Tipping]) -> Page:
    """Return one row for each framework: the proposal, and how far the grades beside it are; then each path to the next grade up."""
    standard = grading.bundle.standard
    rows, paths = [], []
    for proposal, tipping in zip(grading, found, strict=True):
        low, high = (standard.grades[each] for each in proposal.range)
        proposed = standard.grades[proposal.grade] if proposal.grade else f"open, {low}–{high}"
        rows.append((proposal.rulebook.title, proposed, *_cells(standard, tipping.up, True), *_cells(standard, tipping.down, False)))
        if tipping.up is not None:
            paths.append(Item(f"{proposal.rulebook.title}, to {standard.grades[tipping.up.grade]}", tuple(_brief(proposal, tipping.up.paths))))
    header = ("framework", "proposed", "up to", "criteria", "steps", "findings", "down to", "criteria", "findings")
    return Page(
        grading.bundle.title,
        (f"{standard.title} · {reading_name(grading)} · how far the next grades are",),
        (Table(header, tuple(rows)),),
        (Section("The path to the next grade up", tuple(paths)),) if paths else (),
        counting(grading),
    )


def _cells(standard: Standard, tip: Tip | None, steps: bool) -> Iterator[str]:
    if tip is None:
        yield from ("–",) * (4 if steps else 3)
        return
    yield standard.grades[tip.grade]
    yield "out of reach" if tip.criteria is None else str(tip.criteria)
    if steps:
        yield "–" if tip.paths.steps is None else str(tip.paths.steps)
    yield "–" if tip.findings is None else f"{'' if tip.findings.exact else '≤ '}{tip.findings.count}"


def _brief(proposal: Proposal, paths: Paths) -> Iterator[Item]:
    if not paths.forms:
        yield Item(_takes(proposal, paths))
        return
    for place, group in enumerate(paths.forms[0].groups):
        titles = "; ".join(move.title for move in group.of)
        single = group.count == len(group.of) == 1
        yield Item(f"{'and ' if place else ''}{titles}" if single else f"{_which(paths.forms[0].groups, place)}: {titles}")
    if len(paths.forms) > 1 or not paths.complete:
        yield Item(f"or otherwise: {paths.sets:,} smallest sets in all")


def published_page(proposal: Proposal, body: str, found: ToPublished) -> Page:
    """Return what the inspectors must have judged, or how they must have read the standard, to come to the grade that was published."""
    grade = proposal.standard.grades[found.published]
    title = f"{proposal.rulebook.title} · {body} · what leads to the published {grade}"
    if found.agrees:
        return Page(
            title, (headline(proposal), "The proposal is the published grade already: nothing has to be bridged."), closing=(_foot(proposal),)
        )
    kinds = (("another reading", found.readings), ("judgements on criteria", found.judgements), ("both", found.both))
    sizes = [bridges.size for _, bridges in kinds if bridges]
    lead = (
        f"The fewest changes that lead to exactly {grade}: {min(sizes)}." if sizes else f"No reading and no judgements on criteria lead to {grade}."
    )
    sections = [section for name, bridges in kinds for section in _bridges(proposal, name, bridges)]
    sections.append(Section("Last resort: 1 judgement, on the grade itself", ()))
    closing = (
        "Smallest is the fewest changes; a term read otherwise and a judgement count one each. Solved exactly; the reference graded what is listed.",
        "Of several statuses that come to the same the nearest is named. Both together are told where they take no more than judgements alone.",
        _foot(proposal),
    )
    return Page(title, (headline(proposal), lead), (), tuple(sections), closing)


def _bridges(proposal: Proposal, name: str, bridges: Bridges | None) -> Iterator[Section]:
    grade = proposal.standard.grades[proposal.published or ""]
    if bridges is None:
        if name == "another reading":
            yield Section(f"By another reading alone: no admissible one gives {grade}", ())
        if name == "judgements on criteria":
            yield Section(f"By judgements on criteria alone: none give {grade}", ())
        return
    alone = "" if name == "both" else " alone"
    sizes = [f"{bridges.terms} term{'' if bridges.terms == 1 else 's'} read otherwise"] if bridges.terms else []
    sizes += [f"{bridges.judgements} judgement{'' if bridges.judgements == 1 else 's'}"] if bridges.judgements else []
    if len({len(form.changes) for form in bridges.forms}) > 1:
        sizes = [f"{bridges.size} changes"]
    title = f"By {name}{alone}: {' and '.join(sizes)}"
    for place, form in enumerate(bridges.forms, 1):
        items = [Item(f"{term.replace('_', ' ')} read as {_value(proposal.standard, value)}") for term, value in form.changes.items()]
        items += _judged_items(proposal.standard, form.groups)
        of = f" of {len(bridges.forms)}" if bridges.complete else ""
        yield Section(title if len(bridges.forms) == 1 else f"{title}, way {place}{of}", tuple(items))


def _judged_items(standard: Standard, groups: Sequence[AnyJudged]) -> Iterator[Item]:
    for place, group in enumerate(groups):
        verdicts = {_verdicts(standard, each) for each in group.of}
        if group.count == len(group.of) == 1:
            yield Item(f"{'and ' if place else ''}{_judged(standard, group.of[0])}, judged {verdicts.pop()}")
        elif len(verdicts) == 1:
            lines = tuple(Item(_judged(standard, each)) for each in group.of)
            yield Item(f"{_which(groups, place)}, each judged {verdicts.pop()}", lines)
        else:
            yield Item(_which(groups, place), tuple(Item(f"{_judged(standard, each)}, judged {_verdicts(standard, each)}") for each in group.of))


def _judged(standard: Standard, judged: Judged) -> str:
    return f"{judged.title}: {_value(standard, judged.now)}{', contested' if judged.contested else ''}"


def _verdicts(standard: Standard, judged: Judged) -> str:
    return " or ".join(_verdict(standard, each) for each in judged.verdicts)


def _verdict(standard: Standard, verdict: Verdict) -> str:
    words = [*(["dominant"] if verdict.dominant else []), *([_value(standard, verdict.status)] if verdict.status is not None else [])]
    return " and ".join(words)


def _foot(proposal: Proposal) -> str:
    return (
        f"Standard {proposal.standard.standard} {proposal.standard.edition}, rulebook {proposal.rulebook.edition} ({proposal.rulebook.provenance}); "
        f"reading: {proposal.reading.name}."
    )


def _value(standard: Standard, value: str) -> str:
    return status_name(standard, value)


def _criteria(count: int) -> str:
    return "1 criterion" if count == 1 else f"{count} criteria"


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _listed(numbers: Sequence[int]) -> str:
    return " and ".join(str(number) for number in numbers)
