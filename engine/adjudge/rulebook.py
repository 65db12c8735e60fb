"""Standards and rulebooks: what an inspectorate decides, as data. `standards` loads and checks them."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from adjudge.documents import Edition, Id, Model, NonEmpty, Text
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.language import AGGREGATES, BoundText, Condition, InForce, Number, NumberIs, PeriodField, Points, Selection, exact, written

NOT_ASSESSED = "not_assessed"
NOT_APPLICABLE = "not_applicable"
WHOLE = "whole"
"""Stands for the whole body where a unit could be named."""


class Source(Model):
    """The sentence of what was published that something encodes, by its part and its number there, with its gist in our words."""

    part: Text
    sentence: int | None = None
    gist: Text


class Basis(Model):
    """How a finding can be known: the greatest strength decides; ``establishes`` is the best status it can show, or ``nothing``.

    A standard without statuses leaves ``establishes`` out: points count in full.
    """

    label: Text
    strength: int = 0
    establishes: Id | None = None


class Term(Model):
    """A word that the source leaves open: its default, the values that a reasonable inspector could defend, and its sentence."""

    asks: Text
    default: BoundText
    admissible: Annotated[tuple[BoundText, ...], NonEmpty]
    source: Source


class NamedReading(Model):
    """A named choice of values for some terms; the others keep their defaults."""

    text: Text
    terms: Mapping[Id, BoundText]


class Reach(Model):
    """The condition for a grade; ``decision`` says what is left to inspectors when it is reached."""

    grade: Id
    text: Text
    source: Source
    when: Condition
    decision: Text | None = None
    in_force: InForce | None = None


class Bands(Model):
    """Grades by a number: each grade's bound, tried in the order given. Short for one `Reach` a grade."""

    bands: Id
    text: Text
    source: Source
    grades: Annotated[Mapping[Id, BoundText], NonEmpty]
    in_force: InForce | None = None

    def reaches(self) -> Iterator[Reach]:
        """Yield the conditions that the bands stand for."""
        for grade, bound in self.grades.items():
            when = NumberIs(number=self.bands, is_=bound)
            yield Reach(grade=grade, text=f"{self.text} is {bound}", source=self.source, when=when, in_force=self.in_force)


def _reach_form(value: object) -> str:
    return "Bands" if isinstance(value, Bands) or (isinstance(value, Mapping) and "bands" in value) else "Reach"


ReachOrBands = Annotated[Annotated[Reach, Tag("Reach")] | Annotated[Bands, Tag("Bands")], Discriminator(_reach_form)]


class Limit(Model):
    """A cap or a floor: when its condition holds the grade is no better, or no worse, than the one named."""

    no_better_than: Id | None = None
    no_worse_than: Id | None = None
    text: Text
    source: Source
    when: Condition
    in_force: InForce | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Limit:
        if (self.no_better_than is None) == (self.no_worse_than is None):
            raise ValueError("expected one of `no_better_than` and `no_worse_than`, with a grade")
        return self

    @property
    def caps(self) -> bool:
        """Whether it caps the grade, rather than lifts it."""
        return self.no_better_than is not None

    @property
    def grade(self) -> str:
        """The grade that it holds to."""
        return self.no_better_than or self.no_worse_than or ""


class Otherwise(Model):
    """What is proposed where no grade's condition holds: a grade, the range it stands in if that is wider, and what must be decided."""

    grade: Id
    from_: Id | None = Field(default=None, alias="from")
    to: Id | None = None
    text: Text
    source: Source
    decision: Text | None = None

    @property
    def low(self) -> str:
        """The worst grade that it leaves open."""
        return self.from_ or self.grade

    @property
    def high(self) -> str:
        """The best grade that it leaves open."""
        return self.to or self.grade


class Citation(Model):
    """Where in the source a criterion comes from."""

    framework: Id | None = None
    section: (
        Literal[
            "grading_process",
            "national_contextual_factors",
            "contextual_factors",
            "strengths",
            "work_in_progress",
            "areas_for_improvement",
            "recommendations",
            "developing_practice",
        ]
        | None
    ) = None
    paragraph: int | None = None
    note: Text


class Scale(Model):
    """The points that a criterion's records carry: ``from`` the least ``to`` the most, both included; or ``one_of`` those listed only."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["from", "to"]}, {"required": ["one_of"]}]})

    from_: Points = Field(default=0, alias="from")
    to: Points = 0
    one_of: tuple[Points, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _ends(cls, given: Any) -> Any:
        """Take the ends from ``one_of`` where it is given, so that both are points which the criterion can have."""
        if not isinstance(given, Mapping):
            return given
        ends = given.keys() & {"from", "from_", "to"}
        listed = given.get("one_of")
        if not listed:
            if len(ends) < 2:
                raise ValueError("expected `from` and `to`, or `one_of` with the points that there are")
            return given
        if not isinstance(listed, tuple | list) or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in listed):
            return {"from": 0, "to": 1, **given}
        return {"from": min(listed), "to": max(listed), **given}

    @model_validator(mode="after")
    def _in_order(self) -> Scale:
        if not self.from_ < self.to:
            raise ValueError("`one_of` needs at least two different values" if self.one_of else "`from` must be less than `to`")
        if self.one_of and (self.from_, self.to) != (min(self.one_of), max(self.one_of)):
            raise ValueError("`from` and `to` aren't the least and the greatest value of `one_of`; leave them out")
        if len(set(self.one_of)) < len(self.one_of):
            raise ValueError("`one_of` gives a value twice")
        return self

    def holds(self, points: Fraction) -> bool:
        """Say whether a number of points is on the scale."""
        if self.one_of:
            return any(exact(value) == points for value in self.one_of)
        return exact(self.from_) <= points <= exact(self.to)


class GradeOf(Model):
    """Makes a criterion of another framework's grade; ``as`` says which status a grade stands for (the one of its own name, if left out)."""

    framework: Id
    as_: Mapping[Id, Id] = Field(default={}, alias="as")


class Criterion(Model):
    """One demand that a framework makes on a body. Its value is a status; points, if it has a scale; or another framework's grade."""

    id: Id
    title: Text
    text: Text
    tier: Id | None = None
    significance: Id | None = None
    reason: Text | None = None
    theme: Id | None = None
    across_units: Literal["weakest", "majority"] | None = None
    points: Scale | None = None
    weight: Annotated[int | float, Field(gt=0, le=1_000_000)] = 1
    grade_of: GradeOf | None = None
    in_force: InForce | None = None
    basis: Annotated[tuple[Citation, ...], NonEmpty] = ()


class Rulebook(Model):
    """One framework's criteria, in one edition."""

    rulebook: Id
    standard: Id
    edition: Edition
    title: Text
    heading: Text | None = None
    provenance: Literal["published", "reconstructed"]
    text: Text
    themes: Mapping[Id, Text] = {}
    criteria: Annotated[tuple[Criterion, ...], NonEmpty]

    @cached_property
    def by_id(self) -> Mapping[str, Criterion]:
        """The criteria by their ids."""
        return {criterion.id: criterion for criterion in self.criteria}


class StandardPoints(Model):
    """What points mean: whether more of them is ``better: higher`` or ``lower``, and what each status is worth."""

    better: Literal["higher", "lower"]
    statuses: Mapping[Id, Points] = {}


class StandardFile(Model):
    """What all rulebooks of a regime share: statuses, bases, terms, grades and how statuses become a grade.

    ``not_monotone`` says why a better status may lower a grade, where it may; then a range is an outer bound.
    """

    standard: Id
    edition: Edition
    title: Text
    provenance: Literal["published", "reconstructed"]
    text: Text
    source: Text
    period: PeriodField | None = None
    statuses: Mapping[Id, Text] = {}
    points: StandardPoints | None = None
    bases: Mapping[Id, Basis] = {}
    tiers: Mapping[Id, Text] = {}
    significances: Mapping[Id, Text] = {}
    terms: Mapping[Id, Term] = {}
    readings: Mapping[Id, NamedReading] = {}
    numbers: Mapping[Id, Number] = {}
    grades: Annotated[Mapping[Id, Text], Field(min_length=2)]
    reach: Annotated[tuple[ReachOrBands, ...], NonEmpty]
    limits: tuple[Limit, ...] = ()
    otherwise: Otherwise
    not_monotone: Text | None = None


@dataclass(frozen=True)
class Reading:
    """One choice of value for every term of a standard."""

    name: str
    values: Mapping[str, str]

    def changes(self, standard: StandardFile) -> dict[str, str]:
        """Return the terms whose value isn't the default."""
        return {term: value for term, value in self.values.items() if value != standard.terms[term].default}


class Standard(StandardFile):
    """A standard with its rulebooks, loaded and checked. ``left_out`` names what isn't in force on the day that it was taken for."""

    reach: tuple[Reach, ...]
    rulebooks: tuple[Rulebook, ...] = ()
    left_out: tuple[str, ...] = ()

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Each status's place, the worst 0."""
        return {status: index for index, status in enumerate(self.statuses)}

    @cached_property
    def worst_first(self) -> tuple[str, ...]:
        """The grades, the worst first."""
        return tuple(reversed(list(self.grades)))

    @cached_property
    def grade_rank(self) -> Mapping[str, int]:
        """Each grade's place, the worst 0."""
        return {grade: index for index, grade in enumerate(self.worst_first)}

    @cached_property
    def memo(self) -> dict[object, Any]:
        """What was once worked out from this standard, for those who ask again."""
        return {}

    @property
    def top_significance(self) -> str | None:
        """The greatest significance: that of a criterion which is dominant."""
        return next(reversed(list(self.significances)), None)

    def goodness(self, value: str) -> Fraction | int:
        """Return what orders the values of one criterion, the worst first: a status's place, or points with the sign of what is better."""
        if value in self.rank:
            return self.rank[value]
        return exact(value) if self.points is not None and self.points.better == "higher" else -exact(value)

    def points_of(self, criterion: Criterion, value: str) -> Fraction:
        """Return the points of a known value: those of a status, or those that it is."""
        if criterion.points is not None:
            return exact(value)
        assert self.points is not None
        return exact(self.points.statuses[value])

    def point_range(self, criterion: Criterion, between: tuple[str, str] | None = None) -> tuple[Fraction, Fraction]:
        """Return the least and the most points of a criterion whose value isn't known, or known to lie between two statuses."""
        if criterion.points is not None:
            return exact(criterion.points.from_), exact(criterion.points.to)
        low, high = (self.rank[each] for each in between) if between else (0, len(self.rank) - 1)
        found = [self.points_of(criterion, status) for status, rank in self.rank.items() if low <= rank <= high]
        return min(found), max(found)

    def misfit(self, criterion: Criterion, value: str | int | float) -> str | None:
        """Say what is wrong with a value for a criterion, or None: a status of the standard, or points on the criterion's scale."""
        scale = criterion.points
        if scale is None:
            return None if value in self.statuses else f"`{value}` isn't a status ({listing(self.statuses)}){nearest(str(value), self.statuses)}"
        try:
            points = exact(value)
            if isinstance(value, str) and written(points) != value:
                return f"`{value}` isn't how points are written; write `{written(points)}`"
            if scale.holds(points):
                return None
        except (ValueError, ZeroDivisionError):
            pass
        which = f"one of {listing(written(each) for each in scale.one_of)}" if scale.one_of else f"from {written(scale.from_)} to {written(scale.to)}"
        return f"`{value}` isn't on the scale of points of `{criterion.id}`: {which}"

    def number(self, condition: NumberIs) -> Number:
        """Return the number that a condition is about: the named one, or the aggregate given in place."""
        if condition.number is not None:
            return self.numbers[condition.number]
        return Number.model_construct(text=condition.aggregate, **{name: getattr(condition, name) for name in AGGREGATES})

    def on(self, day: datetime.date | None) -> Standard:
        """Return the standard as it is in force on a day: without the rules and criteria that aren't.

        Without a day it is the last of the assessment period. Raises BadInput if rules are in force between dates and there is no day at all, or if
        on that day no grade can be reached.
        """
        dated: list[Reach | Limit | Criterion] = [*self.reach, *self.limits, *(each for book in self.rulebooks for each in book.criteria)]
        if not any(each.in_force for each in dated):
            return self
        if day is None and self.period is None:
            raise BadInput.at(self.standard, "some rules are in force between two dates only; say which day counts (`--on 2007-07-31`)")
        when = day or (self.period.end if self.period else datetime.date.max)
        if when not in self._on:
            self._on[when] = self._in_force_on(when)
        return self._on[when]

    @cached_property
    def _on(self) -> dict[datetime.date, Standard]:
        return {}

    def _in_force_on(self, day: datetime.date) -> Standard:
        def holds(each: Reach | Limit | Criterion) -> bool:
            if each.in_force is None or each.in_force.start <= day <= each.in_force.end:
                return True
            what = f"criterion {each.id}" if isinstance(each, Criterion) else f'"{each.text}"'
            left_out.append(f"{what} (in force {each.in_force})")
            return False

        left_out: list[str] = []
        reach, limits = (tuple(each for each in group if holds(each)) for group in (self.reach, self.limits))
        if not reach:
            raise BadInput.at(self.standard, f"no condition for a grade is in force on {day}; choose another day, or see to `in_force`")
        books = tuple(
            Rulebook.model_construct(**{**book.__dict__, "criteria": tuple(each for each in book.criteria if holds(each))}) for book in self.rulebooks
        )
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Standard.model_construct(**{**fields, "reach": reach, "limits": limits, "rulebooks": books, "left_out": tuple(left_out)})

    def rulebook(self, framework: str) -> Rulebook:
        """Return one framework's rulebook. Raises BadInput, with the nearest name, if there is none."""
        for book in self.rulebooks:
            if book.rulebook == framework:
                return book
        names = [book.rulebook for book in self.rulebooks]
        raise BadInput.at(framework, f"no such framework in {self.standard} ({listing(names)}){nearest(framework, names)}")

    def reading(self, choice: str | Mapping[str, str] | None = None) -> Reading:
        """Return the reading of a name (``default`` and those that the standard names), or that gives some terms other values.

        Text may also list terms: ``most=at least 2/3,factors=at least 1``. Raises BadInput for an unknown name, term or value.
        """
        if isinstance(choice, str) and "=" in choice:
            choice = {term.strip(): value.strip() for term, _, value in (part.partition("=") for part in choice.split(","))}
        if choice is None or isinstance(choice, str):
            name = choice or "default"
            if name != "default" and name not in self.readings:
                names = ["default", *self.readings]
                raise BadInput.at("reading", f"`{name}` isn't a reading of {self.standard} ({listing(names)}){nearest(name, names)}")
            chosen: Mapping[str, str] = self.readings[name].terms if name in self.readings else {}
        else:
            chosen = choice
            name = ", ".join(f"{term}={value}" for term, value in choice.items())
        faults = []
        for term, value in chosen.items():
            if term not in self.terms:
                faults.append(Fault("reading", f"`{term}` isn't a term of {self.standard}{nearest(term, self.terms)}"))
            elif value not in self.terms[term].admissible:
                faults.append(Fault("reading", f"`{value}` isn't an admissible value of `{term}` ({listing(self.terms[term].admissible)})"))
        if faults:
            raise BadInput(faults)
        return Reading(name, {term: chosen.get(term, self.terms[term].default) for term in self.terms})

    def all_readings(self) -> Iterator[Reading]:
        """Yield every admissible reading, those with fewest changes from the default first."""
        yield from self._readings

    @cached_property
    def _readings(self) -> tuple[Reading, ...]:
        return tuple(self._every_reading())

    def _every_reading(self) -> Iterator[Reading]:
        options = [[(term, value) for value in self.terms[term].admissible] for term in self.terms]
        readings = [Reading("", dict(choice)) for choice in itertools.product(*options)]
        for reading in sorted(readings, key=lambda each: len(each.changes(self))):
            changed = reading.changes(self)
            yield Reading(", ".join(f"{term}={value}" for term, value in changed.items()) or "default", reading.values)


def selects(selection: Selection, criterion: Criterion, significance: str | None) -> bool:
    """Say whether a selection takes a criterion, given the significance it has for the body."""
    return (
        (selection.tier is None or criterion.tier in selection.tier)
        and (selection.significance is None or significance in selection.significance)
        and (selection.theme is None or criterion.theme in selection.theme)
        and (selection.id is None or criterion.id in selection.id)
    )
