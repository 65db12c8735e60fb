"""The typography of a report: fingerprints, furniture, list items, joined paragraphs."""

from __future__ import annotations

import pytest

from adjudge.source import SourceLine, bullet, fingerprint, is_furniture, is_rule, is_unfinished, join, plain


def _texts(*lines: str) -> list[str]:
    """Join lines in which `|` stands for the turn of a page."""
    found: list[SourceLine] = []
    broken = False
    for number, text in enumerate(lines, 1):
        if text != "|":
            found.append(SourceLine(number, text, broken))
        broken = text == "|"
    return [each.text for each in join(found)]


def test_a_paragraph_goes_on_over_the_turn_of_a_page() -> None:
    """An unfinished paragraph is joined with a space, or without one at a hyphen; a sentence that goes on in small letters is joined too."""
    assert _texts("All trees, how-", "|", "ever high, are", "|", "Oaks.") == ["All trees, how-ever high, are Oaks."]
    assert _texts("Trees, shrubs etc.", "|", "are cut.") == ["Trees, shrubs etc. are cut."]
    assert _texts("It is done.", "|", "A new thought.") == ["It is done.", "A new thought."]
    assert _texts("It is not", "done.") == ["It is not", "done."]


def test_a_list_belongs_to_its_lead_in() -> None:
    """Items belong to the paragraph before them, over the turn of a page as well; their marks become dashes."""
    assert _texts("They plant:", "• oaks;", "|", "- elms.", "More.") == ["They plant:\n- oaks;\n- elms.", "More."]
    assert _texts("They plant:", "1. oaks;", "2. elms.") == ["They plant:\n1. oaks;\n2. elms."]


def test_a_bare_list_is_one_paragraph_an_item() -> None:
    """A list without a lead-in is one paragraph an item, without its mark; what is listed further in belongs to its item."""
    assert _texts("- One thing.", "- Another, how-", "|", "ever small.") == ["One thing.", "Another, how-ever small."]
    assert _texts("- These:", " - a;", " - b.", "- Those.") == ["These:\n- a;\n- b.", "Those."]


def test_a_fingerprint_sees_words_not_typography() -> None:
    """White space, quotes and dashes don't change a fingerprint; a word does."""
    assert fingerprint("the force’s  plan – now") == fingerprint("the force's plan - now")
    assert fingerprint("the force's plan") != fingerprint("the force's plans")


def test_headings_are_equal_whatever_their_typography() -> None:
    """Case, dashes, apostrophes, bold marks and a colon at the end don't tell headings apart."""
    assert plain("Protecting Vulnerable People – Child Abuse") == plain("**PROTECTING VULNERABLE PEOPLE - child abuse:**")
    assert plain("Victims’ Code") == plain("Victims' code")


@pytest.mark.parametrize(
    "line", ["October 2007", "  May 2008 ", "12", "Page 7", "Page 3 of 60", "October 2007\t12", "Marsh Police – HMIC Inspection Report   4"]
)
def test_furniture(line: str) -> None:
    """A month and year, a page number and a running title, alone or together, are page furniture."""
    assert is_furniture(line, ("marsh police - hmic inspection report", "marsh police"))


@pytest.mark.parametrize("line", ["6\t14\t21\t2", "In October 2007", "-------\t------", "Marsh Police won", "2007", "", "12 boats"])
def test_not_furniture(line: str) -> None:
    """Figures, rules of tables and sentences aren't page furniture."""
    assert not is_furniture(line, ("marsh police - hmic inspection report", "marsh police"))


def test_marks() -> None:
    """Rules of tables, marks of lists and ends of sentences are told from text."""
    assert is_rule("-------\t------")
    assert not is_rule("- one")
    assert bullet("  - one")
    assert bullet("10) ten")
    assert not bullet("-one")
    assert is_unfinished("the last, how-")
    assert not is_unfinished("he said ‘so.’")
