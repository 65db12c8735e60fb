"""Build the report of a grading: introduction, context, findings by framework, recommendations, glossary, and the annex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from adjudge.citations import check_citations
from adjudge.errors import BadInput
from adjudge.explanation import reading_name
from adjudge.grading import Grading
from adjudge.ingest.register import Register
from adjudge.page import Item
from adjudge.reports import wording
from adjudge.reports.annex import annex
from adjudge.reports.document import Block, Bullets, Document, Entries, Grid, Heading, Paragraph, Row, texts
from adjudge.reports.figures import national
from adjudge.reports.frameworks import Chapter, chapter_blocks, chapters, recommendation_entries


def report(grading: Grading, source: Path | None = None) -> Document:
    """Return the report of a grading, the same for the same input.

    With ``source``, the report that the evidence comes from (plain text, .docx or .pdf), contextual factors and findings are quoted from it too.
    Raises BadInput if that can't be read, or isn't the report that the records cite.
    """
    printed = _printed(grading, source) if source else None
    parts = chapters(grading)
    blocks: list[Block] = [*_introduction(grading, printed is not None), *_context(grading, parts)]
    blocks += [*_findings(grading, parts)]
    for part in parts:
        blocks += chapter_blocks(grading, part, printed)
    blocks += _recommendations(grading)
    closing = list(annex(grading))
    blocks += _glossary(grading.bundle.glossary, [*blocks, *closing])
    blocks += closing
    return Document(
        title=grading.bundle.title,
        subtitle=f"Grades proposed under {grading.bundle.standard.title}, with the findings and the reasons",
        standing=wording.standing(grading),
        blocks=tuple(blocks),
    )


def _printed(grading: Grading, source: Path) -> Register:
    """Return the register of the report that the records cite. Raises BadInput if they cite another."""
    from adjudge.documents import shown
    from adjudge.ingest.files import read_lines
    from adjudge.ingest.reading import read_register

    faults = check_citations(grading.bundle, source).faults
    if faults:
        raise BadInput(faults)
    return read_register(read_lines(source), shown(source))


def _introduction(grading: Grading, quoted: bool) -> Iterator[Block]:
    bundle, standard = grading.bundle, wording.in_force(grading)
    yield Heading(1, "Introduction", "introduction", new_page=True)
    yield Heading(2, "What this report is", "what-this-is")
    findings = wording.counted(len(bundle.records), "finding")
    yield Paragraph(
        (f"It sets out which grades {standard.title} gives {bundle.body.title} on {findings}, and why. The findings come from: {bundle.source}.",)
    )
    yield Paragraph(
        (
            "The grades are proposed by adjudge, not decided. A proposal follows from the findings by rules that are printed here; the same findings "
            "always give the same proposal. Whether it stands is for inspectors to decide: a decision is printed beside the proposal, with its "
            "author, its date and its reason.",
        )
    )
    own = (
        "What the inspectorate printed is quoted beneath them, from the copy that was given."
        if quoted
        else "They don't quote the inspectorate's text."
    )
    yield Paragraph((f"The findings are summaries in the words of those who recorded them. {own}",))
    yield Paragraph(("Recorded by:",), "lead")
    yield Bullets(tuple(Item(f"{name}: {who}") for name, who in bundle.recorded_by.items()))
    yield Heading(2, "How a grade is proposed", "how-graded")
    yield Paragraph((standard.text,))
    if any(each.rulebook.provenance == "reconstructed" for each in grading):
        yield Paragraph(("The criteria are reconstructed: they aren't the inspectorate's own list.",), "lead")
    if standard.statuses:
        names = list(standard.statuses.values())
        yield Paragraph(
            (
                f"Each finding shows a status for a criterion ({', '.join(names[:-1])} or {names[-1]}), and says how it is known. The strongest kind "
                "of evidence decides a criterion's status; where findings of that strength disagree, the weakest stands and the criterion is "
                "contested. A criterion on which nothing counts is not assessed, which is never the same as not met.",
            )
        )
    if standard.period:
        yield Paragraph((f"Findings count if they date from {wording.period(str(standard.period))}.",))
    asked = {reach.grade: reach.text for reach in standard.reach}
    rows = [(standard.grades[grade], f"It is reached when {text}.") for grade, text in asked.items()]
    rows += [(f"No {'better' if each.caps else 'worse'} than {standard.grades[each.grade]}", f"When {each.text}.") for each in standard.limits]
    otherwise = standard.otherwise.text
    rows.append((f"Otherwise {standard.grades[standard.otherwise.grade]}", f"{otherwise[:1].upper()}{otherwise[1:]}."))
    yield Grid("What each grade asks", ("Grade", "Condition"), tuple(Row(((name,), (text,))) for name, text in rows), (25, 75))


def _context(grading: Grading, parts: tuple[Chapter, ...]) -> Iterator[Block]:
    context, body = grading.bundle.context, grading.bundle.body
    if context is None:
        return
    yield Heading(1, f"{body.title}: overview and context", "context", new_page=True)
    elsewhere = {part.framework for part in parts}
    by_topic: dict[str, list[str]] = {}
    for fact in context.facts:
        if fact.topic not in elsewhere:
            by_topic.setdefault(fact.topic, []).append(fact.summary)
    if body.units or by_topic:
        yield Heading(2, "Overview", "overview")
    if body.units:
        yield Paragraph((f"Units: {', '.join(body.units.values())}.",))
    for topic, facts in by_topic.items():
        words = topic.replace("-", " ").replace("_", " ")
        yield Heading(3, f"{words[:1].upper()}{words[1:]}", f"topic.{topic}")
        yield from (Paragraph((fact,)) for fact in facts)
    lists = (
        ("Strategic priorities", context.strategic_priorities),
        ("Frameworks monitored by risk", context.risk_based_frameworks),
        ("Frameworks planned for later inspections", context.planned_frameworks),
    )
    for number, (title, lines) in enumerate(lists):
        if lines:
            yield Heading(2, title, f"list.{number}")
            yield Bullets(tuple(Item(line) for line in lines))
    if context.previous_grades:
        yield Heading(2, "Grades of earlier rounds", "previous-grades")
        rows = tuple(
            Row(((each.framework,), (each.round,), (grading.bundle.standard.grades.get(each.grade, each.grade),))) for each in context.previous_grades
        )
        yield Grid("What earlier inspections gave", ("Framework", "Round", "Grade"), rows, (45, 35, 20))


def _findings(grading: Grading, parts: tuple[Chapter, ...]) -> Iterator[Block]:
    yield Heading(1, "Findings", "findings", new_page=True)
    yield from _national(grading)
    yield Heading(2, "Summary of judgements", "summary")
    settled = [each for each in grading if each.agrees is not None]
    agreement = (
        f" {sum(each.agrees is True for each in settled)} of {len(settled)} settled proposals agree with the published grade." if settled else ""
    )
    yield Paragraph((f"{wording.standing(grading)}{agreement}",))
    if wording.in_force(grading).terms:
        yield Paragraph((f"The words that the standard leaves open are read as the annex says: {reading_name(grading)}.",))
    published = any(part.proposal and part.proposal.published for part in parts)
    rows = []
    group: Chapter | None = None
    for part in parts:
        if part.proposal is None:
            if part.heirs:
                group = part
                rows.append(Row(((part.group,),), group=True))
            continue
        if group and part.framework not in group.heirs:
            group = None
            rows.append(Row((("Other frameworks",),), group=True))
        printed = ((wording.grade_name(grading.bundle.standard, part.proposal.published),),) if published else ()
        rows.append(Row(((part.short,), *printed, (wording.proposed(part.proposal),), (_decision(part),))))
    header = ("Framework", *(("Published",) if published else ()), "Proposed by adjudge", "Decided")
    widths = (32, 15, 30, 23) if published else (37, 36, 27)
    yield Grid(f"{grading.bundle.body.title}: grades", header, tuple(rows), widths)


def _decision(part: Chapter) -> str:
    assert part.proposal is not None
    return f"{wording.UNDECIDED}; a decision is required" if part.proposal.decision_required else wording.decided(part.proposal)


def _national(grading: Grading) -> Iterator[Block]:
    bundle, standard = grading.bundle, grading.bundle.standard
    there = [each for each in (bundle.published.grades if bundle.published else ()) if each.distribution]
    order = {framework: place for place, framework in enumerate(bundle.frameworks)}
    there = sorted((each for each in there if each.framework in order), key=lambda each: order[each.framework])
    if not there or bundle.published is None:
        return
    yield Heading(2, "National summary of judgements", "national")
    names = {each.framework: standard.rulebook(each.framework).title for each in there}
    caption = f"How many of {bundle.published.bodies} bodies got each grade, and the grade published for {bundle.body.title}"
    yield national(caption, standard.grades, [(names[each.framework], each.distribution, each.grade) for each in there], bundle.body.title)
    place = {grade: index for index, grade in enumerate(standard.grades, 1)}
    rows = tuple(
        Row(
            ((names[each.framework],), *((str(each.distribution.get(grade, 0)),) for grade in standard.grades), (standard.grades[each.grade],)),
            strong=place[each.grade],
        )
        for each in there
    )
    width = 54 // len(standard.grades)
    widths = (28, *(width for _ in standard.grades), 72 - width * len(standard.grades))
    yield Grid(caption, ("Framework", *standard.grades.values(), "This body"), rows, widths)
    yield Paragraph((f"From {bundle.published.source}.",), "note")


def _recommendations(grading: Grading) -> Iterator[Block]:
    if grading.bundle.recommendations:
        yield Heading(1, "Recommendations", "recommendations", new_page=True)
        yield Entries(recommendation_entries(grading, grading.bundle.recommendations, anchored=True), "Recommendation")


def _glossary(glossary: Mapping[str, str], blocks: list[Block]) -> Iterator[Block]:
    """The abbreviations that the report uses, and those that their explanations use."""
    used = abbreviations(glossary, "\n".join(text for block in blocks for text in texts(block)))
    if used:
        yield Heading(1, "Glossary", "glossary", new_page=True)
        yield Grid("Abbreviations used in this report", ("Abbreviation", "Meaning"), tuple(Row(((key,), (glossary[key],))) for key in used), (25, 75))


def abbreviations(glossary: Mapping[str, str], text: str) -> tuple[str, ...]:
    """Return the entries of a glossary that a text, or the explanation of another such entry, uses, in the glossary's order."""
    used: set[str] = set()
    searched = text
    while True:
        found = {key for key in glossary if key not in used and re.search(rf"(?<!\w){re.escape(key)}(?:'?s)?(?!\w)", searched)}
        if not found:
            return tuple(key for key in glossary if key in used)
        used |= found
        searched = "\n".join(glossary[key] for key in found)
