"""The annex of a report: how each grade was proposed, criterion by criterion, and what the whole was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from adjudge.errors import BadInput
from adjudge.evidence import SECTION_TITLES
from adjudge.explanation import explain, status_name
from adjudge.grading import Grading
from adjudge.output import grading_out
from adjudge.page import Item
from adjudge.proposal import Proposal
from adjudge.reports import wording
from adjudge.reports.document import Block, Bullets, Grid, Heading, Inline, Paragraph, Ref, Row
from adjudge.status import CriterionStatus, Support
from adjudge.version import __version__
from adjudge.whatif.path_page import addressed_by, counting, tipping_sections
from adjudge.whatif.tipping import tipping

EVIDENCE = "Evidence on the "
"""How the sections of an explanation begin that list every record: the report has a table for them."""


def annex(grading: Grading) -> Iterator[Block]:
    """Yield the annex: a chapter for each framework, the reading of the open words, and fingerprints."""
    yield Heading(1, "Annex: how each grade was proposed", "annex", new_page=True)
    yield Paragraph(
        (
            "For each framework: what fixed the grade, how close it was, the conditions and what came of them, every criterion with its status and "
            "the findings behind it, and the judgements that were recorded. Findings are named by section and number, and by record where a number "
            "has several.",
        )
    )
    yield Paragraph((f"How close a grade was is counted in criteria and in findings. {' '.join(counting(grading))}",))
    for number, proposal in enumerate(grading):
        yield from _framework(grading, proposal, new_page=number > 0)
    yield from _reading(grading)
    yield from _made_from(grading)


def _framework(grading: Grading, proposal: Proposal, new_page: bool) -> Iterator[Block]:
    name, title = proposal.framework, proposal.rulebook.title
    yield Heading(2, f"{title}: how the grade was proposed", f"annex.{name}", new_page)
    yield Paragraph((f"Proposed by adjudge: {wording.proposed(proposal)}. Decided by: {_decider(proposal)}.",), "lead")
    yield Heading(3, "What determined the grade", f"why.{name}")
    titles = tuple(each.criterion.title for each in proposal.statuses)
    for section in explain(proposal, grading.bundle.body.title).sections:
        if not section.title.startswith(EVIDENCE):
            yield Paragraph((section.title,), "lead")
            yield Bullets(tuple(_brief(item, titles) for item in section.items))
    yield Heading(3, "How close it was", f"close.{name}")
    yield from _close(grading, proposal)
    yield Heading(3, "Conditions", f"conditions.{name}")
    yield _conditions(proposal)
    yield Heading(3, "Criteria, statuses and records", f"criteria.{name}")
    for tier, label in (*proposal.standard.tiers.items(), (None, "")):
        statuses = [each for each in proposal.statuses if each.criterion.tier == tier]
        if statuses:
            words = f"{label[:1].upper()}{label[1:]} criteria" if label else "Criteria"
            yield _criteria(grading, proposal, f"{title}: {words} ({len(statuses)})", statuses)
    yield Heading(3, "Judgements", f"judgements.{name}")
    yield _judgements(grading, proposal)


def _decider(proposal: Proposal) -> str:
    if proposal.decided is None or proposal.decided.grade is None:
        return wording.UNDECIDED
    return f"{wording.signed(proposal.decided)}: {proposal.standard.grades[proposal.decided.grade]}"


def _close(grading: Grading, proposal: Proposal) -> Iterator[Block]:
    """Yield the way to each grade beside the proposal; what is too large to be solved is said, and isn't guessed."""
    try:
        found = tipping(proposal, tuple(grading.bundle.body.units))
    except BadInput:
        yield Paragraph(("There are too many ways to the grades beside it for the shortest to be found exactly.",))
        return
    for section in tipping_sections(proposal, found, addressed_by(grading.bundle.recommendations, proposal.framework)):
        yield Paragraph((section.title,), "lead")
        if section.items:
            yield Bullets(section.items)


def _brief(item: Item, titles: Sequence[str]) -> Item:
    """Leave out what stands beneath a criterion's line: the table of criteria names its records."""
    if item.items and any(item.text.startswith((f"{title}:", f"{title} (")) for title in titles):
        return Item(item.text)
    return Item(item.text, tuple(_brief(each, titles) for each in item.items))


def _conditions(proposal: Proposal) -> Grid:
    grades = proposal.standard.grades
    came = {True: "holds", False: "doesn't hold", None: "open: it depends on what isn't known"}
    rows = [(grades[each.reach.grade], each.reach.text, came[each.outcome.holds]) for each in proposal.evaluation.reached]
    for each in proposal.evaluation.limited:
        name = f"No {'better' if each.limit.caps else 'worse'} than {grades[each.limit.grade]}"
        rows.append((name, each.limit.text, came[each.outcome.holds]))
    cells = tuple(Row(((name,), (text,), (outcome,))) for name, text, outcome in rows)
    return Grid(f"{proposal.rulebook.title}: conditions and what came of them", ("Grade", "Condition", "Outcome"), cells, (22, 56, 22))


def _criteria(grading: Grading, proposal: Proposal, caption: str, statuses: Sequence[CriterionStatus]) -> Grid:
    standard = proposal.standard
    least = next(iter(standard.significances), None)
    rows = []
    for each in statuses:
        weight = f" · {standard.significances[each.significance]}" if each.significance and each.significance != least else ""
        cells = (
            (f"{each.criterion.title} [{each.criterion.id}]{weight}",),
            (_status(grading, proposal, each),),
            _deciding(grading, proposal, each),
            _others(grading, proposal, each),
        )
        rows.append(Row(cells, wording.criterion_anchor(proposal.framework, each.criterion.id)))
    return Grid(caption, ("Criterion", "Status", "Decided by", "Outweighed, or set aside"), tuple(rows), (32, 20, 24, 24))


def _status(grading: Grading, proposal: Proposal, each: CriterionStatus) -> str:
    parts = [_value(proposal, each.status)]
    if each.between:
        parts.append(f"between {' and '.join(_value(proposal, end) for end in each.between)}")
    parts += ["contested"] if each.contested else []
    if len({unit.status for unit in each.units}) > 1:
        units = grading.bundle.body.units
        parts.append("; ".join(f"{units.get(unit.unit, unit.unit)} {_value(proposal, unit.status)}" for unit in each.units))
    if each.before_judgement:
        parts.append(f"judged; by the evidence {_value(proposal, each.before_judgement)}")
    parts += ["judged dominant"] if any(judgement.dominant for judgement in each.judgements) else []
    return ", ".join(parts)


def _value(proposal: Proposal, status: str) -> str:
    return status_name(proposal.standard, status)


def _deciding(grading: Grading, proposal: Proposal, each: CriterionStatus) -> Inline:
    if each.records:
        return _cited(grading, proposal, each.records)
    return (f"the grade of {each.criterion.grade_of.framework}",) if each.criterion.grade_of else ("no finding",)


def _others(grading: Grading, proposal: Proposal, each: CriterionStatus) -> Inline:
    parts: list[Inline] = []
    if each.outweighed:
        parts.append(("outweighed: ", *_cited(grading, proposal, each.outweighed)))
    for why in dict.fromkeys(support.set_aside for support in each.set_aside):
        parts.append((f"set aside, {why}: ", *_cited(grading, proposal, [support for support in each.set_aside if support.set_aside == why])))
    return wording.joined(parts) or ("–",)


def _cited(grading: Grading, proposal: Proposal, supports: Sequence[Support]) -> Inline:
    """Name records by where they stand: "strengths 7, 12 (pp-s12b); overview, work in progress 1"."""
    bundle = grading.bundle
    headings = {framework: heading.rpartition(" – ")[2].lower() for heading, framework in bundle.headings.items()}
    on = Counter((each.framework, each.section, each.paragraph) for each in bundle.records)
    by_place: dict[str, list[Inline]] = {}
    sections = tuple(SECTION_TITLES)
    records = (support.record for support in supports)
    for record in sorted(records, key=lambda each: (each.framework != proposal.framework, sections.index(each.section), each.paragraph)):
        elsewhere = "" if record.framework == proposal.framework else f"{headings.get(record.framework, record.framework)}, "
        several = on[record.framework, record.section, record.paragraph] > 1
        words = f"{record.paragraph} ({record.id})" if several else str(record.paragraph)
        by_place.setdefault(f"{elsewhere}{SECTION_TITLES[record.section]}", []).append((Ref(words, wording.record_anchor(record.id)),))
    return wording.joined([(f"{place} ", *wording.joined(refs, ", ")) for place, refs in by_place.items()])


def _judgements(grading: Grading, proposal: Proposal) -> Block:
    made = [each for each in grading.judgements if each.framework == proposal.framework]
    if not made:
        return Paragraph(("No judgement is recorded.",))
    rows = []
    for each in made:
        about: Inline = (
            (wording.criterion_ref(proposal.framework, proposal.rulebook.by_id[each.criterion]),) if each.criterion else ("the final grade",)
        )
        rows.append(Row((about, (wording.judged(proposal.standard, each),), (each.reason,), (each.author,), (wording.day(each.date),))))
    header = ("About", "Decides", "Reason", "Author", "Date")
    return Grid(f"{proposal.rulebook.title}: judgements", header, tuple(rows), (22, 16, 32, 16, 14))


def _reading(grading: Grading) -> Iterator[Block]:
    standard, reading = wording.in_force(grading), grading.reading
    if not standard.terms:
        return
    yield Heading(2, "How the open words were read", "reading", new_page=True)
    yield Paragraph((f"The reading is called {reading.name}. Another reading that changes a grade is named in that grade's chapter.",))
    rows = []
    for name, term in standard.terms.items():
        others = [status_name(standard, each) for each in term.admissible if each != reading.values[name]]
        rows.append(Row(((name.replace("_", " "),), (term.asks,), (status_name(standard, reading.values[name]),), (", ".join(others) or "–",))))
    header = ("Word", "Question", "Read as", "Also admissible")
    yield Grid("Words that the standard leaves open", header, tuple(rows), (18, 38, 22, 22))


def _made_from(grading: Grading) -> Iterator[Block]:
    standard, marks = grading.bundle.standard, grading_out(grading).fingerprint
    yield Heading(2, "What this report was made from", "made-from")
    rows = [
        ("Standard", f"{standard.standard}, edition {standard.edition}, {standard.provenance}", marks.standard),
        *((each.rulebook.title, f"rulebook {each.framework}, edition {each.rulebook.edition}, {each.rulebook.provenance}", "–") for each in grading),
        ("Evidence", f"bundle {grading.bundle.bundle}, {wording.counted(len(grading.bundle.records), 'record')}", marks.evidence),
        ("Judgements", wording.counted(len(grading.judgements), "judgement"), marks.judgements),
    ]
    cells = tuple(Row(((name,), (text,), (mark,))) for name, text, mark in rows)
    yield Grid("Equal content, equal fingerprint", ("Part", "What it is", "Fingerprint"), cells, (25, 47, 28))
    by = dict.fromkeys(evaluator for proposal in grading for evaluator in proposal.evaluators)
    yield Paragraph((f"Made by adjudge {__version__}; each grade was worked out by {' and '.join(by)}. {wording.standing(grading)}",), "note")
