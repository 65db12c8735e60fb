"""Evidence: the records, judgements and published facts of one body's inspection, and the files that hold them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from adjudge.documents import Id, Model, NonEmpty, Text
from adjudge.language import PeriodField, Points, shown_value
from adjudge.rulebook import WHOLE, Standard

Section = Literal["strengths", "work_in_progress", "areas_for_improvement"]
SECTION_TITLES: Mapping[str, str] = {
    "strengths": "strengths",
    "work_in_progress": "work in progress",
    "areas_for_improvement": "areas for improvement",
}
Number = Annotated[int, Field(ge=1)]
Shown = Id | Points
"""What a record shows for a criterion: a status, or points where the criterion has a scale."""
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Record(Model):
    """One finding: what it shows for one primary criterion (and others it bears on), how it is known, when, where, and its citation."""

    id: Id
    framework: Id
    section: Section
    paragraph: Number
    fingerprint: Fingerprint
    criterion: Id
    shows: Shown
    also: Mapping[Id, Shown] = {}
    basis: Id
    date: PeriodField
    unit: Id = WHOLE
    see_also: tuple[Section, ...] = ()
    duplicate_of: Id | None = None
    same_fact_as: Id | None = None
    note: Text | None = None
    summary: Text
    recorded_by: Text

    @property
    def citation(self) -> str:
        """Where the finding is printed, as one says it: "strengths 7"."""
        return f"{SECTION_TITLES[self.section]} {self.paragraph}"

    def shown(self) -> Iterator[tuple[str, str]]:
        """Yield each criterion that the record bears on with what it shows for it, the primary one first."""
        yield self.criterion, shown_value(self.shows)
        for criterion, shows in self.also.items():
            yield criterion, shown_value(shows)


class UnlessStated(Model):
    """What the records of a file share unless they say otherwise."""

    date: PeriodField
    unit: Id = WHOLE
    recorded_by: Text


class RecordEntry(Model):
    """A record as a file writes it: the framework, and what is unless stated otherwise, come from the file."""

    id: Id
    section: Section
    paragraph: Number
    fingerprint: Fingerprint
    criterion: Id
    shows: Shown
    also: Mapping[Id, Shown] = {}
    basis: Id
    date: PeriodField | None = None
    unit: Id | None = None
    see_also: tuple[Section, ...] = ()
    duplicate_of: Id | None = None
    same_fact_as: Id | None = None
    note: Text | None = None
    summary: Text
    recorded_by: Text | None = None


class RecordsFile(Model):
    """The records of one framework. An ungraded overview has a ``heading`` of its own and says which frameworks its records are ``inherited_by``."""

    framework: Id
    heading: Text | None = None
    inherited_by: tuple[Id, ...] = ()
    unless_stated: UnlessStated
    records: tuple[RecordEntry, ...] = ()


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime.date):
        return value
    raise ValueError(f"`{value}` isn't a day; write `2007-09-27`")


Day = Annotated[datetime.date, BeforeValidator(_day, json_schema_input_type=str)]


class Judgement(Model):
    """A human decision with its reason, author and date: about a criterion (a status, not applicable, dominant) or about the final grade."""

    framework: Id
    criterion: Id | None = None
    status: Shown | None = None
    not_applicable: Literal[True] | None = None
    dominant: Literal[True] | None = None
    grade: Id | None = None
    reason: Text
    author: Text
    date: Day

    @model_validator(mode="after")
    def _one_decision(self) -> Judgement:
        made = [name for name in ("status", "not_applicable", "dominant", "grade") if getattr(self, name) is not None]
        if len(made) != 1:
            raise ValueError("a judgement decides one thing: one of `status`, `not_applicable`, `dominant` and `grade`")
        if (self.criterion is None) != (made[0] == "grade"):
            raise ValueError("a judgement on a grade names no `criterion`; every other judgement names one")
        return self

    @property
    def target(self) -> tuple[str, str | None, str]:
        """What is decided: framework, criterion, and which of its aspects (two judgements on one target contradict)."""
        aspect = "grade" if self.grade else "significance" if self.dominant else "status"
        return self.framework, self.criterion, aspect

    @property
    def says(self) -> str:
        """The decision in a few words."""
        if self.grade:
            return f"grade {self.grade}"
        if self.status is not None:
            return shown_value(self.status).replace("_", " ")
        return "dominant for this body" if self.dominant else "not applicable"

    @property
    def attribution(self) -> str:
        """Whose decision it is, when it was made and why, as it follows the decision."""
        return f"by {self.author} on {self.date}: {self.reason}"


class JudgementsFile(Model):
    """Judgements on one bundle."""

    judgements: tuple[Judgement, ...] = ()


class Body(Model):
    """What is inspected, and the units it has."""

    id: Id
    title: Text
    units: Mapping[Id, Text] = {}


class BundleFile(Model):
    """What a bundle is: the body, the standard it is graded by, the report the evidence comes from, and who recorded it.

    ``date`` is the day whose rules count, where a standard has rules in force between two dates.
    """

    bundle: Id
    title: Text
    body: Body
    standard: Id
    source: Text
    recorded_by: Annotated[Mapping[Id, Text], NonEmpty]
    graded: tuple[Id, ...] = ()
    date: Day | None = None


class PublishedGrade(Model):
    """The grade that was published for one framework, with how many bodies nationally got each grade."""

    framework: Id
    grade: Id
    distribution: Mapping[Id, Annotated[int, Field(ge=0)]] = {}


class PublishedFile(Model):
    """What the inspectorate published."""

    source: Text
    bodies: Annotated[int, Field(ge=1)]
    grades: tuple[PublishedGrade, ...]


class Recommendation(Model):
    """A recommendation of the report and the criteria that it addresses."""

    number: Number
    framework: Id
    summary: Text
    addresses: Mapping[Id, Annotated[tuple[Id, ...], NonEmpty]]


class RecommendationsFile(Model):
    """The recommendations of a report."""

    recommendations: tuple[Recommendation, ...]


class DevelopingPractice(Model):
    """An example of good practice that the body offered and the inspectorate printed without evaluating it."""

    framework: Id
    title: Text
    problem: Text
    solution: Text
    outcome: Text | None = None
    evaluated_by_body: bool
    contact: Text | None = None


class DevelopingPracticeFile(Model):
    """The developing practice of a report."""

    developing_practice: tuple[DevelopingPractice, ...]


class Fact(Model):
    """One fact of a body's context, in our words, with its figures."""

    topic: Id
    summary: Text


class PreviousGrade(Model):
    """A grade from an earlier round."""

    framework: Text
    round: Text
    grade: Id


class ContextFile(Model):
    """The body's context and the inspectorate's wider programme, as the report tells them."""

    facts: tuple[Fact, ...]
    strategic_priorities: tuple[Text, ...]
    previous_grades: tuple[PreviousGrade, ...] = ()
    risk_based_frameworks: tuple[Text, ...]
    planned_frameworks: tuple[Text, ...]


class GlossaryFile(Model):
    """Abbreviations and what they stand for."""

    glossary: Mapping[Text, Text]


class Bundle(Model):
    """Everything known about one body's inspection, loaded and checked against its standard."""

    bundle: Id
    title: Text
    body: Body
    source: Text
    standard: Standard
    recorded_by: Mapping[Id, Text]
    graded: tuple[Id, ...]
    date: datetime.date | None = None
    records: tuple[Record, ...]
    inherited_by: Mapping[Id, tuple[Id, ...]] = {}
    headings: Mapping[str, Id] = {}
    judgements: tuple[Judgement, ...] = ()
    published: PublishedFile | None = None
    recommendations: tuple[Recommendation, ...] = ()
    developing_practice: tuple[DevelopingPractice, ...] = ()
    context: ContextFile | None = None
    glossary: Mapping[str, str] = {}

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        """The graded frameworks, in the order the bundle gives them."""
        return self.graded or tuple(book.rulebook for book in self.standard.rulebooks)

    def records_for(self, framework: str) -> tuple[Record, ...]:
        """Return the records that count for a framework: its own and those it inherits."""
        sources = {framework} | {source for source, heirs in self.inherited_by.items() if framework in heirs}
        return tuple(record for record in self.records if record.framework in sources)

    def published_grade(self, framework: str) -> str | None:
        """Return the grade published for a framework, if one was."""
        grades = self.published.grades if self.published else ()
        return next((each.grade for each in grades if each.framework == framework), None)
