"""Standards and rulebooks: what an inspectorate decides, as data. Loads and checks them."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, Tag, WithJsonSchema, model_validator

from adjudge.documents import Document, Edition, Id, Model, NonEmpty, Path_, Text, build, files, find, read, shown
from adjudge.errors import BadInput, Fault, listing, nearest

NOT_ASSESSED = "not_assessed"
NOT_APPLICABLE = "not_applicable"

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days, both ends included. Written ``2007-04-30``, ``2007-04``, ``2007`` or ``2006-04/2007-07``."""

    start: datetime.date
    end: datetime.date
    text: str

    @classmethod
    def parse(cls, text: object) -> Period:
        """Read a period. Raises ValueError if the text isn't a date or two dates in order."""
        if isinstance(text, Period):
            return text
        if not isinstance(text, str | int):
            raise ValueError("expected a date; write `2007-04-30`, `2007-04`, `2007` or a period such as `2006-04/2007-07`")
        first, slash, last = str(text).partition("/")
        try:
            start, end = _span(first)[0], _span(last if slash else first)[1]
        except ValueError:
            raise ValueError(f"`{text}` isn't a date; write `2007-04-30`, `2007-04`, `2007` or a period such as `2006-04/2007-07`") from None
        if start > end:
            raise ValueError(f"period `{text}` ends before it starts")
        return cls(start, end, str(text))

    def holds(self, other: Period) -> bool:
        """Say whether another period lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        return self.text


def _span(text: str) -> tuple[datetime.date, datetime.date]:
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if day:
        date = datetime.date(year, month or 1, day)
        return date, date
    start = datetime.date(year, month or 1, 1)
    following = datetime.date(year + (month is None or month == 12), 1 if month is None or month == 12 else month + 1, 1)
    return start, following - datetime.timedelta(days=1)


PeriodField = Annotated[
    Period,
    BeforeValidator(Period.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "2007-04-30, 2007-04, 2007 or a period such as 2006-04/2007-07"}),
]

_BOUND = re.compile(r"(more than|at least) (\d{1,6})(?:/(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Bound:
    """What a count or share must reach: ``at least 2``, ``more than 1/2``. ``strict`` is "more than"."""

    strict: bool
    value: Fraction

    @classmethod
    def parse(cls, text: str) -> Bound:
        """Read a bound. Raises ValueError if it isn't one."""
        match = _BOUND.fullmatch(text)
        if not match or match[3] == "0" or (match[3] and int(match[3]) == 0):
            raise ValueError(f"`{text}` isn't a bound; write `at least 2`, `at least 2/3` or `more than 1/2`")
        return cls(match[1] == "more than", Fraction(int(match[2]), int(match[3] or 1)))

    def is_met(self, amount: int, whole: int = 1) -> bool:
        """Say whether ``amount`` (of ``whole``, for a share) reaches the bound; exact, by cross-multiplication."""
        left, right = amount * self.value.denominator, self.value.numerator * whole
        return left > right if self.strict else left >= right

    def least(self, whole: int = 1) -> int:
        """Return the smallest whole amount (of ``whole``, for a share) that reaches the bound."""
        exact = self.value * whole
        floor = exact.numerator // exact.denominator
        return floor + 1 if self.strict or exact.denominator > 1 else floor


def _list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Ids = Annotated[tuple[Id, ...], BeforeValidator(_list, json_schema_input_type=Id | tuple[Id, ...]), NonEmpty]


class Selection(Model):
    """Which criteria of a rulebook a measure is about: those that match every key given."""

    tier: Ids | None = None
    significance: Ids | None = None
    theme: Ids | None = None
    id: Ids | None = None

    def matches(self, criterion: Criterion, significance: str) -> bool:
        """Say whether a criterion is selected, given the significance it has for the body."""
        return (
            (self.tier is None or criterion.tier in self.tier)
            and (self.significance is None or significance in self.significance)
            and (self.theme is None or criterion.theme in self.theme)
            and (self.id is None or criterion.id in self.id)
        )


class _OverCriteria(Model):
    """A measure of selected criteria whose status is ``at_least``, or ``at_most``, a status or a term that stands for one."""

    at_least: Id | None = None
    at_most: Id | None = None

    @model_validator(mode="after")
    def _one_threshold(self) -> _OverCriteria:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected one of `at_least` and `at_most`, with a status or a term")
        return self

    @property
    def rises(self) -> bool:
        """Whether better statuses can only help the measure."""
        return self.at_least is not None

    @property
    def threshold(self) -> str:
        """The status, or the term that stands for one."""
        return self.at_least or self.at_most or ""


class Every(_OverCriteria):
    """Every selected criterion is at or above (or at or below) a status."""

    every: Selection

    @property
    def selection(self) -> Selection:
        return self.every


class AnyOf(_OverCriteria):
    """At least one selected criterion is at or above (or at or below) a status."""

    any: Selection

    @property
    def selection(self) -> Selection:
        return self.any


class Count(_OverCriteria):
    """The number of selected criteria at or above (or at or below) a status reaches a bound."""

    count: Selection
    is_: Text = Field(alias="is")

    @property
    def selection(self) -> Selection:
        return self.count


class Share(_OverCriteria):
    """The share of the selected criteria at or above (or at or below) a status reaches a bound."""

    share: Selection
    is_: Text = Field(alias="is")

    @property
    def selection(self) -> Selection:
        return self.share


Measure = Every | AnyOf | Count | Share


class AllHold(Model):
    """All of the conditions hold."""

    all: Annotated[tuple[Condition, ...], NonEmpty]


class AnyHolds(Model):
    """At least one of the conditions holds."""

    any: Annotated[tuple[Condition, ...], NonEmpty]


class CountHold(Model):
    """The number of the conditions that hold reaches a bound."""

    count: Annotated[tuple[Condition, ...], NonEmpty]
    is_: Text = Field(alias="is")


Compound = AllHold | AnyHolds | CountHold


def _form(value: Any) -> str | None:
    """Name the form of a condition by its first key: a list joins conditions, a selection measures criteria."""
    if isinstance(value, Model):
        return type(value).__name__
    if isinstance(value, Mapping):
        for key, over_criteria, joins in (
            ("every", "Every", None),
            ("any", "AnyOf", "AnyHolds"),
            ("count", "Count", "CountHold"),
            ("share", "Share", None),
            ("all", None, "AllHold"),
        ):
            if key in value:
                return joins if joins and (isinstance(value[key], tuple | list) or over_criteria is None) else over_criteria
    return None


Condition = Annotated[
    Annotated[Every, Tag("Every")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[Count, Tag("Count")]
    | Annotated[Share, Tag("Share")]
    | Annotated[AllHold, Tag("AllHold")]
    | Annotated[AnyHolds, Tag("AnyHolds")]
    | Annotated[CountHold, Tag("CountHold")],
    Discriminator(
        _form,
        custom_error_type="condition_form",
        custom_error_message="expected a condition: one of `every`, `any`, `count`, `share` with a selection, or `all`, `any`, `count` with a list",
    ),
]


class Source(Model):
    """The sentence of the published grading process that something encodes, by its part and its number there, with its gist in our words."""

    part: Text
    sentence: int
    gist: Text


class Basis(Model):
    """How a finding can be known: the greatest strength decides; ``establishes`` is the best status it can show, or ``nothing``."""

    label: Text
    strength: int = 0
    establishes: Id


class Term(Model):
    """A word that the source leaves open: its default, the values that a reasonable inspector could defend, and its sentence."""

    asks: Text
    default: Text
    admissible: Annotated[tuple[Text, ...], NonEmpty]
    source: Source


class NamedReading(Model):
    """A named choice of values for some terms; the others keep their defaults."""

    text: Text
    terms: Mapping[Id, Text]


class Reach(Model):
    """The condition for a grade; ``decision`` says what is left to inspectors when it is reached."""

    grade: Id
    text: Text
    source: Source
    when: Condition
    decision: Text | None = None


class Limit(Model):
    """A cap: when its condition holds the grade is no better than the one named."""

    no_better_than: Id
    text: Text
    source: Source
    when: Condition


class Otherwise(Model):
    """What is proposed where no grade's condition holds: a grade, the range it stands in, and what must be decided."""

    grade: Id
    from_: Id = Field(alias="from")
    to: Id
    text: Text
    source: Source
    decision: Text


class Citation(Model):
    """Where in the source a criterion comes from."""

    framework: Id | None = None
    section: Literal[
        "grading_process",
        "national_contextual_factors",
        "contextual_factors",
        "strengths",
        "work_in_progress",
        "areas_for_improvement",
        "recommendations",
        "developing_practice",
    ]
    paragraph: int | None = None
    note: Text


class Criterion(Model):
    """One demand that a framework makes on a body."""

    id: Id
    title: Text
    text: Text
    tier: Id
    significance: Id
    reason: Text | None = None
    theme: Id
    across_units: Literal["weakest", "majority"]
    basis: Annotated[tuple[Citation, ...], NonEmpty]


class Rulebook(Model):
    """One framework's criteria, in one edition."""

    rulebook: Id
    standard: Id
    edition: Edition
    title: Text
    heading: Text
    provenance: Literal["published", "reconstructed"]
    text: Text
    themes: Annotated[Mapping[Id, Text], NonEmpty]
    criteria: Annotated[tuple[Criterion, ...], NonEmpty]

    @cached_property
    def by_id(self) -> Mapping[str, Criterion]:
        """The criteria by their ids."""
        return {criterion.id: criterion for criterion in self.criteria}


class StandardFile(Model):
    """What all rulebooks of a regime share: statuses, bases, terms, grades and how statuses become a grade."""

    standard: Id
    edition: Edition
    title: Text
    provenance: Literal["published", "reconstructed"]
    text: Text
    source: Text
    period: PeriodField
    statuses: Annotated[Mapping[Id, Text], Field(min_length=2)]
    bases: Annotated[Mapping[Id, Basis], NonEmpty]
    tiers: Annotated[Mapping[Id, Text], NonEmpty]
    significances: Annotated[Mapping[Id, Text], NonEmpty]
    terms: Mapping[Id, Term] = {}
    readings: Mapping[Id, NamedReading] = {}
    grades: Annotated[Mapping[Id, Text], Field(min_length=2)]
    reach: Annotated[tuple[Reach, ...], NonEmpty]
    limits: tuple[Limit, ...] = ()
    otherwise: Otherwise


@dataclass(frozen=True)
class Reading:
    """One choice of value for every term of a standard."""

    name: str
    values: Mapping[str, str]

    def changes(self, standard: StandardFile) -> dict[str, str]:
        """Return the terms whose value isn't the default."""
        return {term: value for term, value in self.values.items() if value != standard.terms[term].default}


class Standard(StandardFile):
    """A standard with its rulebooks, loaded and checked."""

    rulebooks: tuple[Rulebook, ...] = ()

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Each status's place, the worst 0."""
        return {status: index for index, status in enumerate(self.statuses)}

    @cached_property
    def grade_rank(self) -> Mapping[str, int]:
        """Each grade's place, the worst 0."""
        return {grade: index for index, grade in enumerate(reversed(list(self.grades)))}

    @property
    def top_significance(self) -> str:
        """The greatest significance: that of a criterion which is dominant."""
        return list(self.significances)[-1]

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
                faults.append(Fault("reading", 0, 0, f"`{term}` isn't a term of {self.standard}{nearest(term, self.terms)}"))
            elif value not in self.terms[term].admissible:
                faults.append(Fault("reading", 0, 0, f"`{value}` isn't an admissible value of `{term}` ({listing(self.terms[term].admissible)})"))
        if faults:
            raise BadInput(faults)
        return Reading(name, {term: chosen.get(term, self.terms[term].default) for term in self.terms})

    def all_readings(self) -> Iterator[Reading]:
        """Yield every admissible reading, those with fewest changes from the default first."""
        options = [[(term, value) for value in self.terms[term].admissible] for term in self.terms]
        readings = [Reading("", dict(choice)) for choice in itertools.product(*options)]
        for reading in sorted(readings, key=lambda each: len(each.changes(self))):
            changed = reading.changes(self)
            yield Reading(", ".join(f"{term}={value}" for term, value in changed.items()) or "default", reading.values)


def conditions(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all conditions within it, outermost first."""
    yield condition
    for part in parts(condition):
        yield from conditions(part)


def parts(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that a condition joins; none for a measure."""
    match condition:
        case AllHold():
            return condition.all
        case AnyHolds():
            return condition.any
        case CountHold():
            return condition.count
    return ()


def load_standard(where: str | Path = "hmic-2007") -> Standard:
    """Load a standard with all its rulebooks, from a folder (or its standard.yaml) or by a shipped name.

    Raises BadInput with every fault of every file.
    """
    path = find("rules", where, "standard")
    folder = path if path.is_dir() else path.parent
    faults: list[Fault] = []
    if not (folder / "standard.yaml").is_file():
        raise BadInput.at(shown(folder), "no standard.yaml in this folder")
    document = _read(folder / "standard.yaml", faults)
    file = build(document, StandardFile, faults) if document else None
    if file is None or document is None:
        raise BadInput(faults)
    standard = Standard.model_construct(**file.__dict__, rulebooks=())
    faults.extend(_standard_faults(document, standard))
    books: list[Rulebook] = []
    first: dict[str, str] = {}
    for entry in files(folder, faults):
        if entry.name == "standard.yaml" or not (loaded := _load_rulebook(entry, standard, faults)):
            continue
        document, book = loaded
        if book.rulebook in first:
            faults.append(document.fault(("rulebook",), f"two rulebooks have the id `{book.rulebook}` (the first is {first[book.rulebook]})"))
        first.setdefault(book.rulebook, document.file)
        books.append(book)
    if not books and not faults:
        faults.append(Fault(shown(folder), 0, 0, "no rulebooks: put a YAML file for each framework beside standard.yaml"))
    if faults:
        raise BadInput(faults)
    return Standard.model_construct(**file.__dict__, rulebooks=tuple(books))


def _read(path: Path, faults: list[Fault]) -> Document | None:
    try:
        return read(path)
    except BadInput as error:
        faults.extend(error.faults)
        return None


def _load_rulebook(path: Path, standard: Standard, faults: list[Fault]) -> tuple[Document, Rulebook] | None:
    document = _read(path, faults)
    book = build(document, Rulebook, faults) if document else None
    if document is None or book is None:
        return None
    faults.extend(_rulebook_faults(document, book, standard))
    return document, book


def _unknown(document: Document, path: Path_, word: str, noun: str, known: Sequence[str] | Mapping[str, object]) -> Fault:
    return document.fault(path, f"`{word}` isn't a {noun} ({listing(known)}){nearest(word, known)}")


def _standard_faults(document: Document, standard: Standard) -> Iterator[Fault]:
    for reserved in (NOT_ASSESSED, NOT_APPLICABLE):
        if reserved in standard.statuses:
            yield document.key_fault(("statuses", reserved), f"`{reserved}` is kept for criteria without a status; choose another id")
    for name, basis in standard.bases.items():
        if basis.establishes != "nothing" and basis.establishes not in standard.statuses:
            yield _unknown(document, ("bases", name, "establishes"), basis.establishes, "status, nor `nothing`", standard.statuses)
    for name, term in standard.terms.items():
        if name in standard.statuses:
            yield document.key_fault(("terms", name), f"`{name}` is a status too; give the term another id")
        if term.default not in term.admissible:
            yield document.fault(
                ("terms", name, "default"), f"the default `{term.default}` isn't among the admissible values ({listing(term.admissible)})"
            )
        kinds = {value in standard.statuses for value in term.admissible}
        for index, value in enumerate(term.admissible):
            if value not in standard.statuses:
                yield from _bound_fault(document, ("terms", name, "admissible", index), value)
        if len(kinds) > 1:
            yield document.fault(("terms", name, "admissible"), "the values of a term are all statuses or all bounds")
    for name, reading in standard.readings.items():
        for term_name, value in reading.terms.items():
            path: Path_ = ("readings", name, "terms", term_name)
            if term_name not in standard.terms:
                yield document.key_fault(path, f"`{term_name}` isn't a term{nearest(term_name, standard.terms)}")
            elif value not in standard.terms[term_name].admissible:
                admissible = standard.terms[term_name].admissible
                yield document.fault(path, f"`{value}` isn't an admissible value of `{term_name}` ({listing(admissible)})")
    yield from _grade_faults(document, standard)
    for group, rising in (("reach", True), ("limits", False)):
        items: Sequence[Reach | Limit] = standard.reach if rising else standard.limits
        for index, item in enumerate(items):
            yield from _condition_faults(document, (group, index, "when"), item.when, standard, rising)


def _bound_fault(document: Document, path: Path_, text: str) -> Iterator[Fault]:
    try:
        Bound.parse(text)
    except ValueError as error:
        yield document.fault(path, str(error))


def _grade_faults(document: Document, standard: Standard) -> Iterator[Fault]:
    rank = standard.grade_rank
    named: list[tuple[Path_, str]] = [(("reach", i, "grade"), reach.grade) for i, reach in enumerate(standard.reach)]
    named += [(("limits", i, "no_better_than"), limit.no_better_than) for i, limit in enumerate(standard.limits)]
    otherwise = standard.otherwise
    named += [(("otherwise", "grade"), otherwise.grade), (("otherwise", "from"), otherwise.from_), (("otherwise", "to"), otherwise.to)]
    wrong = [(path, grade) for path, grade in named if grade not in rank]
    for path, grade in wrong:
        yield _unknown(document, path, grade, "grade", standard.grades)
    if wrong:
        return
    for index, (better, worse) in enumerate(itertools.pairwise(standard.reach)):
        if rank[better.grade] <= rank[worse.grade]:
            yield document.fault(("reach", index + 1, "grade"), f"`{worse.grade}` comes after `{better.grade}`; grades are tried best first")
    if not rank[otherwise.from_] <= rank[otherwise.grade] <= rank[otherwise.to]:
        yield document.fault(("otherwise", "grade"), "the grade must lie in its own range, `from` the worse `to` the better grade")
    if rank[otherwise.to] > rank[standard.reach[-1].grade]:
        yield document.fault(("otherwise", "to"), f"`otherwise` may be no better than the last grade tried, `{standard.reach[-1].grade}`")


def _condition_faults(document: Document, path: Path_, condition: Condition, standard: Standard, rising: bool) -> Iterator[Fault]:
    """Check names, bounds and direction: a reach may only get easier, a limit only harder, as statuses improve."""
    if isinstance(condition, AllHold | AnyHolds | CountHold):
        key = {AllHold: "all", AnyHolds: "any", CountHold: "count"}[type(condition)]
        for index, part in enumerate(parts(condition)):
            yield from _condition_faults(document, (*path, key, index), part, standard, rising)
    else:
        key = {Every: "every", AnyOf: "any", Count: "count", Share: "share"}[type(condition)]
        threshold_key = "at_least" if condition.rises else "at_most"
        threshold = condition.threshold
        of_status = [name for name, term in standard.terms.items() if term.default in standard.statuses]
        if threshold not in standard.statuses and threshold not in of_status:
            yield _unknown(document, (*path, threshold_key), threshold, "status, nor a term that stands for one", [*standard.statuses, *of_status])
        if condition.rises != rising:
            meant = "`at_least` in a reach" if rising else "`at_most` in a limit"
            yield document.fault((*path, threshold_key), f"a better status would lower the grade; use {meant}")
        for name, known in (("tier", standard.tiers), ("significance", standard.significances)):
            for word in getattr(condition.selection, name) or ():
                if word not in known:
                    yield _unknown(document, (*path, key, name), word, name, known)
    if isinstance(condition, Count | Share | CountHold):
        of_bound = [name for name, term in standard.terms.items() if term.default not in standard.statuses]
        values = [condition.is_]
        if condition.is_ in standard.terms:
            if condition.is_ not in of_bound:
                yield document.fault((*path, "is"), f"term `{condition.is_}` stands for a status; a bound is needed here")
            values = list(standard.terms[condition.is_].admissible) if condition.is_ in of_bound else []
        elif re.fullmatch(r"[a-z_]+", condition.is_):
            yield _unknown(document, (*path, "is"), condition.is_, "term that stands for a bound", of_bound)
            values = []
        for value in values:
            try:
                bound = Bound.parse(value)
            except ValueError as error:
                if condition.is_ not in standard.terms:
                    yield document.fault((*path, "is"), str(error))
                continue
            if isinstance(condition, Share) and (bound.value > 1 or (bound.strict and bound.value == 1)):
                yield document.fault((*path, "is"), f"`{value}` can't be reached by a share; shares go from 0 to 1")
            if isinstance(condition, CountHold) and bound.least() > len(condition.count):
                yield document.fault((*path, "is"), f"`{value}` can't be reached: the list has {len(condition.count)} conditions")


def _rulebook_faults(document: Document, book: Rulebook, standard: Standard) -> Iterator[Fault]:
    if book.standard != standard.standard:
        yield document.fault(("standard",), f"the rulebook is for `{book.standard}`, but stands beside standard `{standard.standard}`")
    seen: dict[str, int] = {}
    misspelt = False
    for index, criterion in enumerate(book.criteria):
        path: Path_ = ("criteria", index)
        if criterion.id in seen:
            line = document.places[("criteria", seen[criterion.id], "id")][0]
            yield document.fault((*path, "id"), f"criterion `{criterion.id}` is given twice (first in line {line})")
        seen.setdefault(criterion.id, index)
        for key, word, known in (
            ("tier", criterion.tier, standard.tiers),
            ("significance", criterion.significance, standard.significances),
            ("theme", criterion.theme, book.themes),
        ):
            if word not in known:
                misspelt = True
                yield _unknown(document, (*path, key), word, key, known)
        least = next(iter(standard.significances))
        if criterion.significance in standard.significances and criterion.significance != least and not criterion.reason:
            yield document.fault((*path, "significance"), f"`{criterion.significance}` needs a `reason`")
    items: tuple[Reach | Limit, ...] = () if misspelt else (*standard.reach, *standard.limits)
    for item in items:
        for condition in conditions(item.when):
            if isinstance(condition, Measure) and not any(condition.selection.matches(each, each.significance) for each in book.criteria):
                chosen = ", ".join(f"{key} {' or '.join(value)}" for key, value in condition.selection.model_dump(exclude_none=True).items())
                yield document.key_fault(("criteria",), f'no criterion with {chosen}, which the standard asks for ("{item.text}")')
