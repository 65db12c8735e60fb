"""The document of a report: its structure, its numbering, and that everything is in it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from adjudge import BadInput, Bundle, Judgement, grade, load_evidence, load_standard
from adjudge.evidence import Body
from adjudge.reports.build import abbreviations, report
from adjudge.reports.document import Block, Document, Entries, Figure, Grid, Heading, Paragraph, Ref, plain_words, texts
from adjudge.whatif.tipping import tipping
from tests.bundles import bundles
from tests.reports import report as invented

SOURCE = Path(__file__).parents[2] / "../shared/seeds/hertfordshire-hmic-october-2007.txt"
HERTFORDSHIRE = load_evidence("hertfordshire-2007")
GRADING = grade(HERTFORDSHIRE)
DOCUMENT = report(GRADING)
ENDING = {
    "framework": "public-protection",
    "reason": "The force knows its gaps and manages the highest risks.",
    "author": "HMI B. Example",
    "date": "2007-10-01",
}


def _chapters(document: Document) -> Iterator[tuple[str, str, Block]]:
    """Yield each block with the anchors of the chapter (level 1 or 2) and the section (level 3) that it stands in."""
    chapter = section = ""
    for block in document.blocks:
        if isinstance(block, Heading):
            chapter, section = (chapter, block.anchor) if block.level == 3 else (block.anchor, "")
        else:
            yield chapter, section, block


def _anchors(document: Document) -> list[str]:
    found = []
    for block in document.blocks:
        if isinstance(block, Heading):
            found.append(block.anchor)
        elif isinstance(block, Grid):
            found += [row.anchor for row in block.rows]
        elif isinstance(block, Entries):
            found += [entry.anchor for entry in block.entries]
    return [each for each in found if each]


def _targets(document: Document) -> set[str]:
    words = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            words.append(block.words)
        elif isinstance(block, Grid):
            words += [cell for row in block.rows for cell in row.cells]
        elif isinstance(block, Entries):
            words += [entry.details for entry in block.entries]
    return {each.target for line in words for each in line if isinstance(each, Ref)}


def _whole(document: Document) -> str:
    return "\n".join(text for block in document.blocks for text in texts(block))


def _grids(document: Document, chapter: str) -> list[list[list[str]]]:
    return [
        [[plain_words(cell) for cell in row.cells] for row in block.rows]
        for at, _, block in _chapters(document)
        if at == chapter and isinstance(block, Grid)
    ]


def test_the_parts_come_in_the_order_of_the_inspectorates_report() -> None:
    """Introduction, context, findings by framework with the overview before its strands, recommendations, glossary; then the annex."""
    assert [heading.text for heading in DOCUMENT.contents if heading.level == 1] == [
        "Introduction",
        "Hertfordshire Constabulary: overview and context",
        "Findings",
        "Recommendations",
        "Glossary",
        "Annex: how each grade was proposed",
    ]
    assert [heading.text for heading in DOCUMENT.contents if heading.anchor.startswith("framework.")] == [
        "Neighbourhood Policing",
        "Performance Management",
        "Protecting Vulnerable People – Overview",
        "Protecting Vulnerable People – Child Abuse",
        "Protecting Vulnerable People – Domestic Violence",
        "Protecting Vulnerable People – Public Protection",
        "Protecting Vulnerable People – Missing Persons",
    ]


def test_a_framework_has_the_sections_of_the_inspectorates_report() -> None:
    """Grade box, distribution, contextual factors, strengths, work in progress, areas for improvement, recommendations, developing practice."""
    start = next(
        place for place, block in enumerate(DOCUMENT.blocks) if isinstance(block, Heading) and block.anchor == "framework.neighbourhood-policing"
    )
    box = DOCUMENT.blocks[start + 1]
    assert isinstance(box, Grid)
    assert [[plain_words(cell) for cell in row.cells] for row in box.rows] == [
        ["Published", "Good"],
        ["Proposed by adjudge", "Fair, between Poor and Fair"],
        ["Decided", "Not yet decided; a decision is required"],
    ]
    sections = [block.text for block in DOCUMENT.blocks[start:] if isinstance(block, Heading) and block.anchor.endswith(".neighbourhood-policing")]
    assert sections[1:8] == [
        "National grade distribution",
        "Contextual factors",
        "Strengths",
        "Work in progress",
        "Areas for improvement",
        "Recommendations",
        "Developing practice",
    ]


def test_the_overview_has_no_grade() -> None:
    """An overview has neither a grade box nor a distribution, and says for which frameworks its findings count."""
    blocks = [block for chapter, _, block in _chapters(DOCUMENT) if chapter == "framework.protecting-vulnerable-people"]
    assert not any(isinstance(block, Grid | Figure) for block in blocks)
    assert isinstance(blocks[0], Paragraph)
    assert "count for: Child Abuse, Domestic Violence, Public Protection, Missing Persons" in plain_words(blocks[0].words)


def test_the_national_summary_has_every_distribution_with_this_bodys_place() -> None:
    """The figures are those that were published; the grade of this body is in bold."""
    (grid,) = [block for chapter, _, block in _chapters(DOCUMENT) if chapter == "national" and isinstance(block, Grid)]
    assert [[plain_words(cell) for cell in row.cells] for row in grid.rows] == [
        ["Neighbourhood Policing", "6", "14", "21", "2", "Good"],
        ["Performance Management", "6", "29", "8", "0", "Good"],
        ["Child Abuse", "3", "17", "21", "2", "Good"],
        ["Domestic Violence", "1", "13", "27", "2", "Fair"],
        ["Public Protection", "2", "16", "23", "2", "Fair"],
        ["Missing Persons", "1", "21", "21", "0", "Good"],
    ]
    assert [grid.header[row.strong or 0] for row in grid.rows] == ["Good", "Good", "Good", "Fair", "Fair", "Good"]


def test_the_force_summary_groups_the_four_strands() -> None:
    """The four strands stand under Protecting Vulnerable People."""
    (rows,) = _grids(DOCUMENT, "summary")
    assert [row[0] for row in rows] == [
        "Neighbourhood Policing",
        "Performance Management",
        "Protecting Vulnerable People",
        "Child Abuse",
        "Domestic Violence",
        "Public Protection",
        "Missing Persons",
    ]
    assert rows[5][1:] == ["Fair", "Fair, between Poor and Fair", "not yet decided; a decision is required"]


def test_every_record_stands_once_in_its_section() -> None:
    """All 361 records, each once, under its framework and its section, by the number of its paragraph."""
    there = [
        (chapter, section, entry)
        for chapter, section, block in _chapters(DOCUMENT)
        if isinstance(block, Entries) and not block.label
        for entry in block.entries
    ]
    assert len(there) == len(HERTFORDSHIRE.records) == 361
    places = {entry.anchor: (chapter, section, entry) for chapter, section, entry in there}
    for record in HERTFORDSHIRE.records:
        chapter, section, entry = places[f"record.{record.id}"]
        assert (chapter, section) == (f"framework.{record.framework}", f"{record.section}.{record.framework}")
        assert (entry.number, entry.text) == (record.paragraph, record.summary)
        assert plain_words(entry.details).startswith(f"{record.id} · shows ")


def test_every_criterion_stands_once_in_the_annex() -> None:
    """Each criterion of each rulebook, with its status and what decided it."""
    there = Counter(anchor for anchor in _anchors(DOCUMENT) if anchor.startswith("criterion."))
    assert there == Counter(f"criterion.{proposal.framework}.{each.criterion.id}" for proposal in GRADING for each in proposal.statuses)
    rows = {row[0]: row[1:] for grid in _grids(DOCUMENT, "annex.public-protection") for row in grid}
    assert rows["written accountability that staff know [accountability]"][0] == "well short, contested"
    assert "work in progress 3" in rows["written accountability that staff know [accountability]"][1]


def test_the_annex_says_how_close_each_grade_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Per framework the way to the grades beside it, in criteria and findings, as `adjudge path` has it; what is too large is said, not guessed."""
    close: dict[str, list[str]] = {at: [] for at in (f"close.{proposal.framework}" for proposal in GRADING)}
    for _, section, block in _chapters(DOCUMENT):
        if section in close:
            close[section] += [line for line in texts(block) if line]
    for proposal in GRADING:
        found = tipping(proposal, tuple(HERTFORDSHIRE.body.units))
        lines = close[f"close.{proposal.framework}"]
        for tip in (found.up, found.down):
            if tip is not None and tip.findings is not None:
                assert any(line.endswith(f"{tip.findings.count} finding{'' if tip.findings.count == 1 else 's'}") for line in lines)
                assert all(any(record in line for line in lines) for record in tip.findings.records)
    assert close["close.missing-persons"] == [
        "Up to Fair: 1 criterion, 1 step, 1 finding",
        "risk assessed at once and reviewed: partly met to substantially met, contested",
        "then: Fair, between Poor and Fair; the rest is for decision",
        "in findings: 1 would have to read otherwise: work in progress 7 (mp-w07)",
        "Down: there is no worse grade",
    ]
    monkeypatch.setattr("adjudge.whatif.search.MOST_STATES", 10)
    assert "There are too many ways to the grades beside it for the shortest to be found exactly." in _whole(report(GRADING))


def test_the_annex_names_other_readings_that_change_a_grade() -> None:
    """For each framework the words that, read otherwise, change the answer, or that no admissible reading does."""
    told = [line for chapter, section, block in _chapters(DOCUMENT) if section.startswith("why.") for line in texts(block) if "read as" in line]
    assert told == [
        "significant number read as at least 1/4: Poor",
        "failed read as well short: Fair, between Poor and Fair",
        "failed read as well short: Fair, between Poor and Fair",
    ]


def test_recommendations_are_numbered_through() -> None:
    """Each of the nine once with its framework, and all of them once more at the end, in the order of their numbers."""
    entries = [
        (chapter, entry.number) for chapter, _, block in _chapters(DOCUMENT) if isinstance(block, Entries) and block.label for entry in block.entries
    ]
    assert [number for chapter, number in entries if chapter == "recommendations"] == list(range(1, 10))
    inline = {number: chapter for chapter, number in entries if chapter != "recommendations"}
    assert inline == {each.number: f"framework.{each.framework}" for each in HERTFORDSHIRE.recommendations}


def test_the_glossary_explains_what_is_used_and_nothing_else() -> None:
    """An abbreviation is in it if the report uses it; the report uses fewer than the inspectorate's did."""
    ((*rows,),) = _grids(DOCUMENT, "glossary")
    listed = [row[0] for row in rows]
    before = [block for block in DOCUMENT.blocks if not (isinstance(block, Grid) and block.caption == "Abbreviations used in this report")]
    assert 0 < len(listed) < len(HERTFORDSHIRE.glossary)
    assert listed == list(abbreviations(HERTFORDSHIRE.glossary, "\n".join(text for block in before for text in texts(block))))
    assert {"PCSO", "ViSOR", "CDRP"} <= set(listed)


def test_abbreviations_are_whole_words() -> None:
    """A plural counts, a part of a word doesn't, and what an explanation uses is explained too."""
    glossary = {"PC": "Police Constable", "PCSO": "a PC's colleague", "ACC (O)": "Assistant", "IT": "Information"}
    assert abbreviations(glossary, "PCSOs and UNITS") == ("PC", "PCSO")
    assert abbreviations(glossary, "the ACC (O) leads") == ("ACC (O)",)


def test_a_decision_stands_beside_the_proposal_with_its_author() -> None:
    """Decided by, with name, day and reason: in the title, the summary, the grade box and the annex; the proposal is what it was."""
    judged = Judgement.model_validate({**ENDING, "grade": "fair"})
    status = Judgement.model_validate({**ENDING, "criterion": "staffing-model", "status": "partly_met"})
    document = report(grade(HERTFORDSHIRE, judgements=(judged, status)))
    assert document.standing == "Proposed by adjudge; decided by HMI B. Example; 5 of 6 not yet decided."
    (rows,) = _grids(document, "summary")
    assert rows[5][1:] == ["Fair", "Fair, between Poor and Fair", "Fair (HMI B. Example, 1 October 2007)"]
    box = _grids(document, "framework.public-protection")[0]
    assert box[2:] == [["Decided", "Fair (HMI B. Example, 1 October 2007)"], ["Reason", ENDING["reason"]]]
    made = _grids(document, "annex.public-protection")[-1]
    assert made == [
        ["the final grade", "grade Fair", ENDING["reason"], "HMI B. Example", "1 October 2007"],
        ["staffing matched to caseload and resilient", "partly met", ENDING["reason"], "HMI B. Example", "1 October 2007"],
    ]


def test_the_reading_is_told() -> None:
    """The report says which reading it was made under, in the summary and, word by word, in the annex."""
    strict = report(grade(HERTFORDSHIRE, reading="strict"))
    assert "read as the annex says: reading: strict" in _whole(strict)
    (rows,) = _grids(strict, "reading")
    assert rows[0] == ["counts as met", "from which status on does a criterion count as met?", "met", "substantially met"]


def test_a_bundle_in_which_nothing_is_assessed_is_reported() -> None:
    """Without records every grade is open between its ends, every section says so, and every criterion is not assessed."""
    document = report(grade(HERTFORDSHIRE.model_copy(update={"records": (), "inherited_by": {}})))
    assert _grids(document, "framework.child-abuse")[0][1] == ["Proposed by adjudge", "Open, between Poor and Excellent"]
    assert _whole(document).count("No finding is recorded here.") == 3 * len(
        [1 for each in document.contents if each.anchor.startswith("framework.")]
    )
    assert "proposals agree" not in _whole(document)
    statuses = {row[1] for grid in _grids(document, "annex.child-abuse")[1:] for row in grid}
    assert statuses == {"not assessed"}


def test_without_published_grades_there_is_no_column_for_them() -> None:
    """Neither a national summary, nor a chart, nor a word of what was published."""
    document = report(grade(HERTFORDSHIRE.model_copy(update={"published": None})))
    assert not any(isinstance(block, Figure) for block in document.blocks)
    assert "national" not in _anchors(document)
    assert _grids(document, "framework.child-abuse")[0][0][0] == "Proposed by adjudge"


@pytest.mark.parametrize("name", ["fsa-fhrs", "cqc-adult-social-care"])
def test_other_regimes_are_reported(name: str) -> None:
    """A standard without tiers, terms or statuses has the same report; all its criteria stand in one table."""
    made_up: dict[str, Any] = {
        "bundle": "made-up",
        "title": "Made up",
        "body": Body(id="made-up", title="Made up"),
        "source": "made up",
        "recorded_by": {"ab": "A. B."},
    }
    bundle = Bundle.model_construct(**made_up, standard=load_standard(name), graded=(), records=())
    grading = grade(bundle)
    document = report(grading)
    (proposal,) = grading
    criteria = _grids(document, f"annex.{proposal.framework}")[1]
    assert [row[1] for row in criteria] == ["not assessed"] * len(proposal.statuses)


def test_a_made_up_regime_with_points_is_reported() -> None:
    """Points, units and grades of grades are told as such."""
    document = report(grade(load_evidence(Path(__file__).parent / "made_up/evidence/harbour-inn")))
    assert "shows 2.9 points: warmth" in _whole(document)
    assert ["the rooms [rooms-grade] · critical", "excellent", "the grade of rooms", "–"] in _grids(document, "annex.house")[1]


def test_the_inspectorates_text_is_quoted_only_if_it_is_given() -> None:
    """With the source each printed finding is quoted once, under its last record; without it no sentence of the report is there."""
    if not SOURCE.is_file():
        pytest.skip("the report's text is beside the repository, not in it")
    quoting = report(GRADING, SOURCE)
    quotes = [entry.quote for block in quoting.blocks if isinstance(block, Entries) for entry in block.entries if entry.quote]
    places = {(record.framework, record.section, record.paragraph) for record in HERTFORDSHIRE.records}
    assert len(quotes) == len(places)
    assert any(isinstance(block, Paragraph) and block.kind == "quote" for block in quoting.blocks)
    assert not any(entry.quote for block in DOCUMENT.blocks if isinstance(block, Entries) for entry in block.entries)
    assert not any(isinstance(block, Paragraph) and block.kind == "quote" for block in DOCUMENT.blocks)


def test_another_bodys_report_is_refused(tmp_path: Path) -> None:
    """A source that the records don't cite is bad input, told record by record."""
    other = tmp_path / "other.txt"
    other.write_text(invented(1).text, encoding="utf-8", newline="")
    with pytest.raises(BadInput) as refused:
        report(GRADING, other)
    assert len(refused.value.faults) > 300


@settings(max_examples=25)
@given(bundles())
def test_whatever_the_bundle_everything_is_in_it_once(bundle: Bundle) -> None:
    """Every record once, every criterion once, anchors never twice, and no reference leads nowhere; the same bundle gives the same report."""
    grading = grade(bundle)
    document = report(grading)
    anchors = _anchors(document)
    assert len(anchors) == len(set(anchors))
    assert _targets(document) <= set(anchors)
    assert sorted(each for each in anchors if each.startswith("record.")) == sorted(f"record.{record.id}" for record in bundle.records)
    assert sum(each.startswith("criterion.") for each in anchors) == sum(len(proposal.statuses) for proposal in grading)
    assert document == report(grade(bundle))
