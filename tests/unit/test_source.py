"""Paragraphs of a report: split, joined, numbered and fingerprinted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adjudge import load_evidence
from adjudge.citations import check_citations
from adjudge.source import fingerprint, read_paragraphs

REPORT = """Contents

Tree Care

Tree Care

GRADE\tGOOD

National contextual factors

Trees matter.

Contextual factors

There are many.

Strengths

The team prunes all trees, how-

October 2007

ever high. It does so

October 2007

every year.

They plant:

- oaks;
- elms.

October 2007

A new thought.

Work in progress

- One thing.
- Another thing.

RECOMMENDATION 1

That trees be counted.

Recommendations

Tree Care
"""


def test_paragraphs_are_joined_over_page_furniture_and_numbered_by_section() -> None:
    """A split paragraph is one, a hyphen at the split takes no space, a list belongs to its lead-in, a bare list is one finding an item."""
    found = [(each.section, each.number, each.text) for each in read_paragraphs(REPORT)]
    assert found == [
        ("national_contextual_factors", 1, "Trees matter."),
        ("contextual_factors", 1, "There are many."),
        ("strengths", 1, "The team prunes all trees, how-ever high. It does so every year."),
        ("strengths", 2, "They plant:\n- oaks;\n- elms."),
        ("strengths", 3, "A new thought."),
        ("work_in_progress", 1, "One thing."),
        ("work_in_progress", 2, "Another thing."),
    ]


def test_a_fingerprint_sees_words_not_typography() -> None:
    """White space, quotes and dashes don't change a fingerprint; a word does."""
    assert fingerprint("the force’s  plan – now") == fingerprint("the force's plan - now")
    assert fingerprint("the force's plan") != fingerprint("the force's plans")


SOURCE = Path(os.environ.get("ADJUDGE_REPORT", "../shared/seeds/hertfordshire-hmic-october-2007.txt"))


@pytest.mark.skipif(not SOURCE.is_file(), reason="the report's text isn't part of the repository; set ADJUDGE_REPORT to its file")
def test_every_citation_of_hertfordshire_is_true_and_every_finding_is_coded() -> None:
    """Each record's fingerprint is that of the paragraph it cites, and no finding of the report is without a record."""
    result = check_citations(load_evidence("hertfordshire-2007"), SOURCE)
    assert result.faults == ()
    assert result.uncoded == ()
    assert result.verified >= 315
