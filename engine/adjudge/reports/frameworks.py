"""The chapters of a report's findings: one for each framework, and one for each overview without a grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adjudge.evidence import SECTION_TITLES, DevelopingPractice, PublishedGrade, Recommendation, Record
from adjudge.grading import Grading
from adjudge.ingest.register import Framework, Passage, Register
from adjudge.proposal import Proposal
from adjudge.reports import wording
from adjudge.reports.document import Block, Entries, Entry, Grid, Heading, Inline, Paragraph, Ref, Row
from adjudge.reports.figures import distribution, listed
from adjudge.source import plain


@dataclass(frozen=True, slots=True)
class Chapter:
    """A framework as the report tells it. Without a proposal it is an overview, whose findings count for its ``heirs``, or isn't graded here."""

    framework: str
    title: str
    short: str
    group: str
    proposal: Proposal | None
    heirs: tuple[str, ...] = ()


def chapters(grading: Grading) -> tuple[Chapter, ...]:
    """Return the chapters in the order of the grading; an overview stands before the first framework that it counts for, what isn't graded last."""
    bundle = grading.bundle
    headings = {framework: heading for heading, framework in bundle.headings.items()}
    found: dict[str, Chapter] = {}

    def add(framework: str) -> None:
        heading = headings.get(framework, framework.replace("-", " ").replace("_", " "))
        group = heading.rpartition(" – ")[0] or heading
        found.setdefault(framework, Chapter(framework, heading, heading, group, None, tuple(bundle.inherited_by.get(framework, ()))))

    for proposal in grading:
        for overview, heirs in bundle.inherited_by.items():
            if proposal.framework in heirs:
                add(overview)
        book = proposal.rulebook
        found[proposal.framework] = Chapter(proposal.framework, book.heading or book.title, book.title, "", proposal)
    told = (bundle.records, bundle.recommendations, bundle.developing_practice)
    for framework in (each.framework for kind in told for each in kind):
        add(framework)
    return tuple(found.values())


def chapter_blocks(grading: Grading, part: Chapter, printed: Register | None) -> Iterator[Block]:
    """Yield a chapter's blocks; with the printed report its own words are quoted."""
    bundle = grading.bundle
    source = _printed(grading, part, printed)
    yield Heading(2, part.title, f"framework.{part.framework}", new_page=True)
    if part.proposal is not None:
        yield _grade_box(part.proposal)
        for reason in part.proposal.reasons:
            yield Paragraph((f"For decision: {reason.text}.",))
        published = next((each for each in (bundle.published.grades if bundle.published else ()) if each.framework == part.framework), None)
        if published and published.distribution:
            yield from _distribution(grading, part, part.proposal, published)
    elif part.heirs:
        graded = [proposal.rulebook.title for proposal in grading if proposal.framework in part.heirs]
        yield Paragraph((f"An overview has no grade of its own. Its findings count for: {', '.join(graded)}.",))
    else:
        yield Paragraph(("It isn't graded in this report.",))
    yield from _factors(grading, part, source)
    for section, words in SECTION_TITLES.items():
        yield Heading(3, words.capitalize(), f"{section}.{part.framework}")
        records = [each for each in bundle.records if each.framework == part.framework and each.section == section]
        if records:
            yield Entries(tuple(_findings(grading, records, source)))
        else:
            yield Paragraph(("No finding is recorded here.",))
    inline = [each for each in bundle.recommendations if each.framework == part.framework]
    if inline:
        yield Heading(3, "Recommendations", f"recommendations.{part.framework}")
        yield Entries(recommendation_entries(grading, inline), "Recommendation")
    practice = [each for each in bundle.developing_practice if each.framework == part.framework]
    if practice:
        yield Heading(3, "Developing practice", f"practice.{part.framework}")
        for example in practice:
            yield from _practice(example)


def recommendation_entries(grading: Grading, recommendations: Sequence[Recommendation], anchored: bool = False) -> tuple[Entry, ...]:
    """Return recommendations by number with the criteria that they address; ``anchored`` makes them the place that references lead to."""
    graded = {proposal.framework: proposal for proposal in grading}
    entries = []
    for each in sorted(recommendations, key=lambda one: one.number):
        addressed: list[Inline] = []
        for framework, criteria in each.addresses.items():
            book = grading.bundle.standard.rulebook(framework)
            names = ((wording.criterion_ref(framework, book.by_id[one]),) if framework in graded else (book.by_id[one].title,) for one in criteria)
            addressed.append((f"{book.title}: ", *wording.joined(list(names), ", ")))
        details: Inline = ("Addresses ", *wording.joined(addressed)) if addressed else ()
        entries.append(Entry(each.number, each.summary, details, anchor=f"recommendation.{each.number}" if anchored else ""))
    return tuple(entries)


def _grade_box(proposal: Proposal) -> Grid:
    rows = [("Published", wording.grade_name(proposal.standard, proposal.published))] if proposal.published else []
    rows.append(("Proposed by adjudge", wording.proposed(proposal)))
    decision = wording.decided(proposal)
    required = "; a decision is required" if proposal.decision_required else ""
    rows.append(("Decided", f"{decision[:1].upper()}{decision[1:]}{required}"))
    if proposal.decided:
        rows.append(("Reason", proposal.decided.reason))
    return Grid(f"{proposal.rulebook.title}: grade", (), tuple(Row(((name,), (text,))) for name, text in rows), (32, 68), kind="grade")


def _distribution(grading: Grading, part: Chapter, proposal: Proposal, published: PublishedGrade) -> Iterator[Block]:
    standard, body = grading.bundle.standard, grading.bundle.body.title
    ways = [("published", proposal.published), ("proposed", proposal.grade), ("decided", proposal.decided.grade if proposal.decided else None)]
    places = {grade: listed([how for how, at in ways if at == grade]) for grade in standard.grades if any(at == grade for _, at in ways)}
    total = sum(published.distribution.values())
    title = f"{part.short}: national distribution of grades, and where {body} stands"
    yield Heading(3, "National grade distribution", f"distribution.{part.framework}")
    yield distribution(title, standard.grades, published.distribution, places, body)
    rows = []
    for grade, name in standard.grades.items():
        count = published.distribution.get(grade, 0)
        cells: tuple[Inline, ...] = ((name,), (str(count),), (f"{100 * count / total:.0f}%",), (places.get(grade, "–"),))
        rows.append(Row(cells, strong=3 if grade in places else None))
    yield Grid(f"{part.short}: how many of {total} bodies got each grade", ("Grade", "Bodies", "Share", body), tuple(rows), (30, 15, 15, 40))


def _factors(grading: Grading, part: Chapter, source: Framework | None) -> Iterator[Block]:
    context = grading.bundle.context
    facts = [each.summary for each in (context.facts if context else ()) if each.topic == part.framework]
    if source is not None and source.national_contextual_factors:
        yield Heading(3, "National contextual factors", f"national-factors.{part.framework}")
        yield from _quoted(source.national_contextual_factors)
    own = source.contextual_factors if source else ()
    if facts or own:
        yield Heading(3, "Contextual factors", f"factors.{part.framework}")
        yield from (Paragraph((fact,)) for fact in facts)
        yield from _quoted(own)


def _quoted(passages: Sequence[Passage]) -> Iterator[Block]:
    """Quote what is printed, each item of a list on a line of its own."""
    yield from (Paragraph((line,), "quote") for passage in passages for line in passage.text.split("\n"))


def _findings(grading: Grading, records: Sequence[Record], source: Framework | None) -> Iterator[Entry]:
    """Yield a section's findings by paragraph; what is printed there is quoted once, under the last finding on it."""
    printed = {(each.section, each.paragraph): each.text for each in source.findings} if source else {}
    ordered = sorted(records, key=lambda record: record.paragraph)
    for record, following in zip(ordered, [*ordered[1:], None], strict=True):
        last = following is None or following.paragraph != record.paragraph
        quote = printed.get((record.section, record.paragraph)) if last else None
        yield Entry(record.paragraph, record.summary, _details(grading, record), quote, wording.record_anchor(record.id))


def _details(grading: Grading, record: Record) -> Inline:
    """Return the small print of a finding: record, what it shows for which criteria, its basis, and what it is linked to."""
    bundle, standard = grading.bundle, grading.bundle.standard
    frameworks = bundle.inherited_by.get(record.framework, (record.framework,))
    graded = {proposal.framework for proposal in grading}

    def criterion(name: str) -> str | Ref:
        for framework in sorted(frameworks, key=lambda each: each not in graded):
            book = next((each for each in standard.rulebooks if each.rulebook == framework), None)
            if book and name in book.by_id:
                return wording.criterion_ref(framework, book.by_id[name]) if framework in graded else book.by_id[name].title
        return name

    shown = [(record.criterion, record.shows), *record.also.items()]
    parts: list[Inline] = [(record.id,)]
    for name, shows in shown:
        parts.append((f"{'shows ' if name == record.criterion else 'and '}{wording.value(standard, shows)}: ", criterion(name)))
    parts.append((standard.bases[record.basis].label,))
    parts += [(where,)] if (where := wording.unit_words(record.unit, dict(bundle.body.units))) else []
    if standard.period is None or str(record.date) != str(standard.period):
        parts.append((wording.period(str(record.date)),))
    known = {each.id for each in bundle.records}
    for words, other in (("duplicate of", record.duplicate_of), ("same fact as", record.same_fact_as)):
        if other:
            parts.append((f"{words} ", Ref(other, wording.record_anchor(other)) if other in known else other))
    return wording.joined(parts, " · ")


def _practice(example: DevelopingPractice) -> Iterator[Block]:
    yield Paragraph((example.title,), "lead")
    told = (("Problem", example.problem), ("Solution", example.solution), ("Outcome", example.outcome))
    yield from (Paragraph((f"{word}: {text}",)) for word, text in told if text)
    yield Paragraph(("Evaluated by the body." if example.evaluated_by_body else "No evaluation is told of.",), "note")


def _printed(grading: Grading, part: Chapter, printed: Register | None) -> Framework | None:
    if printed is None:
        return None
    headings = {plain(heading) for heading, framework in grading.bundle.headings.items() if framework == part.framework}
    headings |= {plain(part.title)}
    return next((each for each in printed.frameworks if plain(each.heading) in headings), None)
