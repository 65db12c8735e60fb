"""The findings register of a report: what it prints, with the number of every line and what each line is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from adjudge.documents import Model


class Passage(Model):
    """A paragraph of the report as printed, joined from its lines."""

    text: str
    fingerprint: str
    lines: tuple[int, ...]


class CrossReference(Model):
    """A section that a finding sends its reader to; ``framework`` is the heading of another framework, if it names one."""

    section: str
    framework: str | None = None


class Finding(Passage):
    """A paragraph of strengths, work in progress or areas for improvement; ``paragraph`` counts from 1 in its section."""

    section: str
    paragraph: int
    see_also: tuple[CrossReference, ...] = ()


class Framework(Model):
    """A framework as the report prints it: its grade and the national distribution (None if it has none), factors and findings."""

    heading: str
    line: int
    grade: str | None
    distribution: Mapping[str, int] | None
    national_contextual_factors: tuple[Passage, ...]
    contextual_factors: tuple[Passage, ...]
    findings: tuple[Finding, ...]


class PrintedGrade(Model):
    """A grade or a national distribution as one place prints it: a framework's own box, or a row of a summary, by the name it stands there with.

    ``framework`` is the heading of the framework that the name stands for, if the report has it.
    """

    where: Literal["box", "national_summary", "force_summary"]
    name: str
    framework: str | None
    grade: str | None
    distribution: Mapping[str, int] | None
    line: int


class Occurrence(Model):
    """One place where a recommendation is printed, under a framework's heading or, in the ``closing`` list, its group's."""

    closing: bool
    under: str | None
    fingerprint: str
    line: int


class PrintedRecommendation(Model):
    """A recommendation with the lines where it is printed within a framework (``framework`` is its heading) and in the closing list.

    ``occurrences`` are all places with its number; the text and the lines are those of the first.
    """

    number: int
    text: str
    framework: str | None
    group: str | None
    inline: tuple[int, ...]
    closing: tuple[int, ...]
    occurrences: tuple[Occurrence, ...]


class Practice(Model):
    """An entry of developing practice. Whom to contact isn't kept: only that the report prints it."""

    framework: str | None
    area: str | None
    title: str | None
    problem: str | None
    solution: str | None
    outcome: str | None
    contact_printed: bool
    lines: tuple[int, ...]


class ContextPassage(Passage):
    """A paragraph about the force: ``topic`` is geography, demography, overview, priorities, or a heading under its developments."""

    topic: str


class Previous(Model):
    """A grade of an earlier round that a contextual factor or a finding mentions."""

    framework: str
    round: str
    grade: str
    lines: tuple[int, ...]


class Unplaced(Model):
    """A line that no part of the report holds, with its text."""

    line: int
    text: str


class Register(Model):
    """Everything that was read of a report. ``roles`` names for every role the lines that have it: each non-blank line once."""

    report: str
    body: str
    month: str
    year: Annotated[int, Field(ge=1900)]
    isbn: str | None
    crown_copyright: bool
    assessment_period: str | None
    frameworks: tuple[Framework, ...]
    printed_grades: tuple[PrintedGrade, ...]
    recommendations: tuple[PrintedRecommendation, ...]
    developing_practice: tuple[Practice, ...]
    context: tuple[ContextPassage, ...]
    strategic_priorities: tuple[str, ...]
    previous_grades: tuple[Previous, ...]
    risk_based_frameworks: tuple[str, ...]
    planned_frameworks: tuple[str, ...]
    glossary: Mapping[str, str]
    line_count: int
    blank_lines: int
    roles: Mapping[str, tuple[int, ...]]
    unplaced: tuple[Unplaced, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The body with the month and year of the report."""
        return f"{self.body}, {self.month} {self.year}"


def counts_of(framework: Framework) -> Counter[str]:
    """Return how many findings each section of a framework has."""
    return Counter(each.section for each in framework.findings)
