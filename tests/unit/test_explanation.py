"""Explanations say what happened, in the order and words that an inspector needs, in every format."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from adjudge import Proposal, grade, load_evidence, load_standard, propose
from adjudge.explanation import explain, headline, overview, show_rulebook
from adjudge.page import Item, Page, Section, Table, render_html, render_markdown, render_text

STANDARD = load_standard()
BOOK = STANDARD.rulebook("missing-persons")
GRADING = grade(load_evidence("hertfordshire-2007"))


def proposal(**by_tier: str) -> Proposal:
    """Return the proposal for missing persons with one status for each tier."""
    return propose(STANDARD, "missing-persons", {each.id: by_tier[each.tier] for each in BOOK.criteria if each.tier in by_tier})


def text(of: Proposal) -> str:
    """Return an explanation as text in one line, so that wrapping doesn't matter."""
    return " ".join(render_text(explain(of, "Marsh Patrol")).split())


def test_excellent_asks_for_a_decision() -> None:
    """Beacon and innovation only attract consideration, so Excellent is proposed with a decision."""
    best = proposal(fair="met", good="met", beacon="met", innovation="met")
    assert headline(best) == "Excellent proposed · a decision is required"
    assert "only attract consideration of Excellent" in text(best)


def test_good_says_why_not_excellent() -> None:
    """A Good proposal names what Excellent asks for and what is missing."""
    good = proposal(fair="met", good="met", beacon="well_short", innovation="met")
    assert headline(good) == "Good proposed · no decision is required"
    assert "Not Excellent, which asks that" in text(good)
    assert '"factors" (at least 2) of these 2 must hold: 1 certainly does' in text(good)


def test_the_gap_is_said_not_hidden() -> None:
    """Between Fair and Poor the text says that the standard leaves a gap, and asks for a decision."""
    statuses = {each.id: "met" for each in BOOK.criteria}
    significant = next(each for each in BOOK.criteria if each.significance == "significant")
    gap = propose(STANDARD, "missing-persons", statuses | {significant.id: "partly_met"})
    assert headline(gap) == "Fair proposed, between Poor and Fair · a decision is required"
    assert "where the standard leaves a gap: the Fair threshold is not fully met" in text(gap)
    assert significant.title in text(gap)
    assert "Not Poor, because" in text(gap)


def test_unknowns_are_told_at_both_ends() -> None:
    """While unknown statuses leave the grade open, the text says what gives the worst end and what the best."""
    unknown = proposal()
    assert unknown.grade is None
    assert headline(unknown) == "Open, between Poor and Excellent · a decision is required"
    assert "Poor if what isn't known turns out worst" in text(unknown)
    assert "Excellent if what isn't known turns out best" in text(unknown)


@pytest.mark.parametrize("each", GRADING.proposals, ids=lambda each: each.framework)
def test_every_record_that_counts_is_named_with_its_citation(each: Proposal) -> None:
    """Every record of a framework leads from a criterion in the text to its place in the report."""
    told = text(each)
    ids = {criterion.id for criterion in each.rulebook.criteria}
    for record in GRADING.bundle.records_for(each.framework):
        if ids & {criterion for criterion, _ in record.shown()}:
            assert f"({record.citation}; {record.id})" in told


def test_no_percentage_is_made_up() -> None:
    """The words of conditions hold fractions of the standard and counts; a per cent sign comes only from a summary."""
    summaries = " ".join(record.summary for record in GRADING.bundle.records)
    for each in GRADING:
        for word in text(each).split():
            assert "%" not in word or word.strip("(,;.)") in summaries or word in summaries


def test_markdown_escapes_what_it_quotes() -> None:
    """A title with Markdown in it is printed as it is, not as markup."""
    page = Page("a *b* <c>", ("[d](e)",), (Table(("x",), (("1 | 2",),)),), (Section("s_t", (Item("`u`"),)),))
    assert render_markdown(page) == "# a \\*b\\* \\<c\\>\n\n\\[d\\](e)\n\n| x |\n|---|\n| 1 \\| 2 |\n\n## s\\_t\n\n- \\`u\\`\n"


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "page", [overview(GRADING), explain(GRADING["child-abuse"], "A & B"), show_rulebook(STANDARD, BOOK)], ids=["grade", "explain", "show"]
)
def test_html_is_well_formed_and_escaped(page: Page) -> None:
    """Tags close in order, and text is escaped."""
    html = render_html(page)
    parser = _Balance()
    parser.feed(html)
    assert parser.open == []
    assert "A & B" not in html


def test_notebooks_show_the_same_overview_and_explanation() -> None:
    """The results render themselves in a notebook."""
    assert "<table>" in GRADING._repr_html_()
    assert "Child Abuse" in GRADING["child-abuse"]._repr_html_()
