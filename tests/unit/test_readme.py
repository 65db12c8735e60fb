"""The README tells the truth: the output that it prints is the output that its commands give."""

from __future__ import annotations

import re
from pathlib import Path

from adjudge import grade, load_evidence
from adjudge.explanation import explain, overview
from adjudge.page import render_text

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
GRADING = grade(load_evidence("hertfordshire-2007"))


def test_the_grades_that_it_prints_are_those_of_the_command() -> None:
    """The first block is what `adjudge grade hertfordshire-2007` prints."""
    assert render_text(overview(GRADING)) == BLOCKS[0]


def test_the_explanation_that_it_prints_is_that_of_the_command() -> None:
    """The second block is how `adjudge explain hertfordshire-2007 public-protection` begins."""
    begins, _, rest = BLOCKS[1].rpartition("...\n")
    assert rest == ""
    assert render_text(explain(GRADING["public-protection"], GRADING.bundle.body.title)).startswith(begins)
