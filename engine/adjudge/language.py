"""The rule language: selections, measures, numbers and the conditions they make. What each means is in `docs/reference/language.md`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, Tag, WithJsonSchema, model_validator

from adjudge.documents import Id, Model, NonEmpty, Text

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DATES = "write `2007-04-30`, `2007-04`, `2007` or a period such as `2006-04/2007-07`"


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
        if not isinstance(text, str | int) or isinstance(text, bool):
            raise ValueError(f"expected a date; {_DATES}")
        first, slash, last = str(text).partition("/")
        try:
            start, end = _span(first)[0], _span(last if slash else first)[1]
        except ValueError:
            raise ValueError(f"`{text}` isn't a date; {_DATES}") from None
        return cls._ordered(start, end, str(text))

    @classmethod
    def parse_open(cls, text: object) -> Period:
        """Read a period that may lack an end (``2007-04/``) or a start (``/2007-03``). Raises ValueError."""
        if isinstance(text, str) and text.count("/") == 1 and text != "/" and (text.startswith("/") or text.endswith("/")):
            first, _, last = text.partition("/")
            start = Period.parse(first).start if first else datetime.date.min
            return cls._ordered(start, Period.parse(last).end if last else datetime.date.max, text)
        if text == "/":
            raise ValueError("`/` names no day; write a first day (`2007-04/`), a last (`/2007-03`) or both (`2006-04/2007-03`)")
        return cls.parse(text)

    @classmethod
    def _ordered(cls, start: datetime.date, end: datetime.date, text: str) -> Period:
        if start > end:
            raise ValueError(f"period `{text}` ends before it starts")
        return cls(start, end, text)

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
InForce = Annotated[
    Period,
    BeforeValidator(Period.parse_open),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "the days on which it counts: 2006-04/2007-03, or with one end open: 2007-04/"}),
]

Points = Annotated[int | float, Field(ge=-999_999_999, le=999_999_999)]
"""A number of points: a whole number or a decimal, taken exactly as it is written."""


_PLAIN = re.compile(r"-?\d{1,18}(\.\d{1,18})?")


def exact(points: int | float | str) -> Fraction:
    """Return points as the exact decimal that was written. Raises ValueError for text that isn't a plain number."""
    if isinstance(points, str) and not _PLAIN.fullmatch(points):
        raise ValueError(f"`{points}` isn't a number")
    return Fraction(str(points))


def written(points: int | float | Fraction) -> str:
    """Return points as one writes them: `5`, `2.5`, or `5/3` where no decimal is exact."""
    value = points if isinstance(points, Fraction) else exact(points)
    if value.denominator == 1:
        return str(value.numerator)
    places = next((places for places in range(1, 20) if 10**places % value.denominator == 0), None)
    if places is None:
        return str(value)
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


_BOUNDS = "write `at least 2`, `at least 2/3`, `more than 1/2`, `at most 15` or `less than 2.5`"
_BOUND = re.compile(r"(more than|at least|at most|less than) (-?\d{1,9}(?:\.\d{1,9})?|\d{1,6}/\d{1,6})")


@dataclass(frozen=True, slots=True)
class Bound:
    """What an amount must reach or keep to: ``at least 2``, ``more than 1/2``, ``at most 15``, ``less than 2.5``.

    ``rising`` is "at least" and "more than": a greater amount can only help. ``strict`` is "more than" and "less than".
    """

    rising: bool
    strict: bool
    value: Fraction

    @classmethod
    def parse(cls, text: str) -> Bound:
        """Read a bound. Raises ValueError if it isn't one."""
        match = _BOUND.fullmatch(text)
        try:
            if match:
                return cls(match[1] in ("more than", "at least"), match[1] in ("more than", "less than"), Fraction(match[2]))
        except ZeroDivisionError:
            pass
        raise ValueError(f"`{text}` isn't a bound; {_BOUNDS}")

    def is_met(self, amount: Fraction | int) -> bool:
        """Say whether an amount keeps to the bound."""
        if amount == self.value:
            return not self.strict
        return (amount > self.value) == self.rising

    def edge(self, whole: int = 1) -> int:
        """Return the whole amount (of ``whole``, for a share) at the bound: the smallest that reaches it, or the greatest that keeps to it."""
        at = self.value * whole
        floor = at.numerator // at.denominator
        if self.rising:
            return floor + 1 if self.strict or at.denominator > 1 else floor
        return floor - 1 if self.strict and at.denominator == 1 else floor

    def __str__(self) -> str:
        words = {(True, True): "more than", (True, False): "at least", (False, False): "at most", (False, True): "less than"}
        value = str(self.value) if 0 < self.value < 1 else written(self.value)
        return f"{words[self.rising, self.strict]} {value}"


def _words(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"`{value}` isn't a bound; {_BOUNDS}")
    return value


BoundText = Annotated[Text, BeforeValidator(_words, json_schema_input_type=Text)]
"""A bound as it is written, or the id of a term that stands for one."""


def _list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Ids = Annotated[tuple[Id, ...], BeforeValidator(_list, json_schema_input_type=Id | tuple[Id, ...]), NonEmpty]


class Selection(Model):
    """Which criteria of a rulebook a measure is about: those that match every key given; all of them if none is."""

    tier: Ids | None = None
    significance: Ids | None = None
    theme: Ids | None = None
    id: Ids | None = None


class _OverStatuses(Model):
    """A measure of selected criteria whose status is ``at_least``, or ``at_most``, a status or a term that stands for one."""

    at_least: Id | None = None
    at_most: Id | None = None

    @model_validator(mode="after")
    def _one_threshold(self) -> _OverStatuses:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected one of `at_least` and `at_most`, with a status or a term")
        return self

    @property
    def rises(self) -> bool:
        """Whether a better status can only make a criterion pass."""
        return self.at_least is not None

    @property
    def threshold(self) -> str:
        """The status, or the term that stands for one."""
        return self.at_least or self.at_most or ""


class Every(_OverStatuses):
    """Every selected criterion is at or above (or at or below) a status."""

    every: Selection

    @property
    def selection(self) -> Selection:
        return self.every


class AnyOf(_OverStatuses):
    """At least one selected criterion is at or above (or at or below) a status."""

    any: Selection

    @property
    def selection(self) -> Selection:
        return self.any


class Count(_OverStatuses):
    """The number of selected criteria at or above (or at or below) a status keeps to a bound."""

    count: Selection
    is_: BoundText = Field(alias="is")

    @property
    def selection(self) -> Selection:
        return self.count


class Share(_OverStatuses):
    """The share of the selected criteria at or above (or at or below) a status keeps to a bound."""

    share: Selection
    is_: BoundText = Field(alias="is")

    @property
    def selection(self) -> Selection:
        return self.share


Measure = Every | AnyOf | Count | Share

Aggregate = Literal["sum", "mean", "minimum", "maximum"]
AGGREGATES: tuple[Aggregate, ...] = ("sum", "mean", "minimum", "maximum")


class _OverPoints(Model):
    """An aggregate of the points of selected criteria: their sum, mean (weighted), minimum or maximum."""

    sum: Selection | None = None
    mean: Selection | None = None
    minimum: Selection | None = None
    maximum: Selection | None = None

    @property
    def aggregate(self) -> Aggregate:
        """Which of the four it is."""
        return next(name for name in AGGREGATES if getattr(self, name) is not None)

    @property
    def selection(self) -> Selection:
        """The criteria whose points are taken."""
        found = getattr(self, self.aggregate)
        assert isinstance(found, Selection)
        return found

    @property
    def _given(self) -> int:
        return sum(getattr(self, name) is not None for name in AGGREGATES)


class NumberIs(_OverPoints):
    """A number, named in the standard or an aggregate of points given in place, keeps to a bound."""

    number: Id | None = None
    is_: BoundText = Field(alias="is")

    @model_validator(mode="after")
    def _one_number(self) -> NumberIs:
        if self._given + (self.number is not None) != 1:
            raise ValueError("expected one of `number`, `sum`, `mean`, `minimum` and `maximum`")
        return self


class Adjustment(Model):
    """Points added to a number (or, below nought, taken from it) where a condition holds."""

    by: Points
    text: Text
    when: Condition

    @model_validator(mode="after")
    def _changes(self) -> Adjustment:
        if not self.by:
            raise ValueError("`by: 0` changes nothing; say how many points are added, or taken (`by: -1`)")
        return self


class Rounding(Model):
    """How a number is rounded: to a multiple of ``to``, by a named mode."""

    to: Annotated[int | float, Field(gt=0)]
    mode: Literal["half_up", "half_even", "half_down", "floor", "ceiling"]


class Number(_OverPoints):
    """A named number: an aggregate of points, then adjusted where conditions hold, then rounded."""

    text: Text
    adjust: tuple[Adjustment, ...] = ()
    round: Rounding | None = None

    @model_validator(mode="after")
    def _one_aggregate(self) -> Number:
        if self._given != 1:
            raise ValueError("expected one of `sum`, `mean`, `minimum` and `maximum`")
        return self


class AllHold(Model):
    """All of the conditions hold."""

    all: Annotated[tuple[Condition, ...], NonEmpty]


class AnyHolds(Model):
    """At least one of the conditions holds."""

    any: Annotated[tuple[Condition, ...], NonEmpty]


class CountHold(Model):
    """The number of the conditions that hold keeps to a bound."""

    count: Annotated[tuple[Condition, ...], NonEmpty]
    is_: BoundText = Field(alias="is")


class NotHolds(Model):
    """The condition doesn't hold."""

    not_: Condition = Field(alias="not")


Joined = AllHold | AnyHolds | CountHold | NotHolds


def _form(value: Any) -> str | None:
    """Name the form of a condition by its first key: a list joins conditions, a selection measures criteria."""
    if isinstance(value, Model):
        return type(value).__name__
    if isinstance(value, Mapping):
        for key, measures, joins in (
            ("every", "Every", None),
            ("any", "AnyOf", "AnyHolds"),
            ("count", "Count", "CountHold"),
            ("share", "Share", None),
            ("all", None, "AllHold"),
            ("not", None, "NotHolds"),
            ("number", "NumberIs", None),
            *((aggregate, "NumberIs", None) for aggregate in AGGREGATES),
        ):
            if key in value:
                return joins if joins and (isinstance(value[key], tuple | list) or measures is None) else measures
    return None


Condition = Annotated[
    Annotated[Every, Tag("Every")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[Count, Tag("Count")]
    | Annotated[Share, Tag("Share")]
    | Annotated[NumberIs, Tag("NumberIs")]
    | Annotated[AllHold, Tag("AllHold")]
    | Annotated[AnyHolds, Tag("AnyHolds")]
    | Annotated[CountHold, Tag("CountHold")]
    | Annotated[NotHolds, Tag("NotHolds")],
    Discriminator(
        _form,
        custom_error_type="condition_form",
        custom_error_message=(
            "expected a condition: `every`, `any`, `count` or `share` of criteria; `sum`, `mean`, `minimum`, `maximum` or a `number`; "
            "or `all`, `any`, `count` of a list, or `not`"
        ),
    ),
]


def parts(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that a condition joins; none for a measure."""
    match condition:
        case AllHold():
            return condition.all
        case AnyHolds():
            return condition.any
        case CountHold():
            return condition.count
        case NotHolds():
            return (condition.not_,)
    return ()


def part_paths(condition: Condition) -> tuple[tuple[str | int, ...], ...]:
    """Return where the parts of a condition stand in it, as steps from it, in the order of `parts`."""
    match condition:
        case AllHold():
            key = "all"
        case AnyHolds():
            key = "any"
        case CountHold():
            key = "count"
        case NotHolds():
            return (("not",),)
        case _:
            return ()
    return tuple((key, index) for index in range(len(parts(condition))))


def conditions(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all conditions within it, outermost first."""
    yield condition
    for part in parts(condition):
        yield from conditions(part)
