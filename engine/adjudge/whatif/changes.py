"""The changes that a scenario is made of: what each is called, what it touches, what is wrong with it, and what it makes of a base."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import model_validator

from adjudge.documents import Id, Model, Text
from adjudge.errors import BadInput, listing, nearest
from adjudge.evidence import Number, Record, Shown
from adjudge.language import PeriodField, shown_value
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Criterion
from adjudge.whatif.base import Base, SupposedRecord

MET = "met"
"""What a criterion becomes when the recommendation that addresses it is delivered."""

Place = tuple[str, str | None]
"""A criterion of a framework, or, without one, the framework's grade."""
Target = tuple[str, ...]
"""What a change decides. Two changes of one target contradict."""
Slip = tuple[str, str]
"""Something wrong with a change: which of its parts, and the message."""


class _Change(Model):
    """One change: what the kinds of change share."""

    @property
    @abstractmethod
    def says(self) -> str:
        """The change in a few words."""

    @abstractmethod
    def targets(self, base: Base) -> Iterator[Target]:
        """Yield what it decides."""

    @abstractmethod
    def touches(self, base: Base) -> Iterator[Place]:
        """Yield the criteria, or the grades, that it bears on."""

    @abstractmethod
    def slips(self, base: Base) -> Iterator[Slip]:
        """Yield what is wrong with it over a base; where nothing is, it can be applied."""

    @abstractmethod
    def applied(self, base: Base, scenario: str) -> Base:
        """Return the base as the change makes it."""


class SetStatus(_Change):
    """A criterion has a status (or points, or isn't assessed), whatever the evidence and recorded judgements say."""

    framework: str
    criterion: str
    status: str | int | float

    @property
    def says(self) -> str:
        return f"{self.criterion} set to {shown_value(self.status).replace('_', ' ')}"

    def targets(self, base: Base) -> Iterator[Target]:
        yield "status", self.framework, self.criterion

    def touches(self, base: Base) -> Iterator[Place]:
        yield self.framework, self.criterion

    def slips(self, base: Base) -> Iterator[Slip]:
        criterion, wrong = _criterion(base, self.framework, self.criterion)
        yield from wrong
        if criterion is None:
            return
        if self.status == NOT_ASSESSED:
            if criterion.grade_of:
                yield "status", f"`{self.criterion}` is the grade of {criterion.grade_of.framework}; change that framework instead"
        elif self.status == NOT_APPLICABLE:
            yield "status", f"`{NOT_APPLICABLE}` isn't a status; judge `{self.criterion}` not applicable instead"
        elif misfit := base.standard.misfit(criterion, self.status):
            yield "status", misfit

    def applied(self, base: Base, scenario: str) -> Base:
        return base.assuming(scenario, self.framework, self.criterion, status=self.status)


class Judge(_Change):
    """A judgement is made: a criterion isn't applicable or is dominant, or the final grade is decided."""

    framework: str
    criterion: str | None = None
    not_applicable: Literal[True] | None = None
    dominant: Literal[True] | None = None
    grade: str | None = None

    @model_validator(mode="after")
    def _one_decision(self) -> Judge:
        if sum(each is not None for each in (self.not_applicable, self.dominant, self.grade)) != 1:
            raise ValueError("a judgement decides one thing: one of `not_applicable`, `dominant` and `grade`; a status is given under `set`")
        if (self.criterion is None) != (self.grade is not None):
            raise ValueError("a judgement on a grade names no `criterion`; every other judgement names one")
        return self

    @property
    def says(self) -> str:
        if self.grade:
            return f"grade decided: {self.grade}"
        return f"{self.criterion} judged {'dominant' if self.dominant else 'not applicable'}"

    def targets(self, base: Base) -> Iterator[Target]:
        if self.criterion is None:
            yield "grade", self.framework
        else:
            yield "significance" if self.dominant else "status", self.framework, self.criterion

    def touches(self, base: Base) -> Iterator[Place]:
        yield self.framework, self.criterion

    def slips(self, base: Base) -> Iterator[Slip]:
        if self.criterion is not None:
            yield from _criterion(base, self.framework, self.criterion)[1]
        elif self.framework not in base.books:
            yield _unknown("framework", self.framework, "framework", list(base.books))
        if self.grade is not None and self.grade not in base.standard.grades:
            yield _unknown("grade", self.grade, "grade", list(base.standard.grades))

    def applied(self, base: Base, scenario: str) -> Base:
        return base.assuming(scenario, self.framework, self.criterion, not_applicable=self.not_applicable, dominant=self.dominant, grade=self.grade)


class AddRecord(_Change):
    """A finding that the evidence doesn't have. It counts like any other: by its basis, its date and its unit."""

    id: Id
    framework: str
    criterion: str
    shows: Shown
    also: Mapping[str, Shown] = {}
    basis: str
    date: PeriodField
    unit: str = WHOLE
    summary: Text

    @property
    def says(self) -> str:
        return f"record {self.id} added"

    def targets(self, base: Base) -> Iterator[Target]:
        yield "record", self.id

    def touches(self, base: Base) -> Iterator[Place]:
        yield from _places(base, self._record(""))

    def slips(self, base: Base) -> Iterator[Slip]:
        if self.id in base.records:
            yield "id", f"there is a record `{self.id}` already; choose another id, or change that record"
        known = [*base.books, *base.bundle.inherited_by]
        if self.framework not in known:
            yield _unknown("framework", self.framework, "framework", known)
        else:
            yield from _record_slips(base, self._record(""))

    def applied(self, base: Base, scenario: str) -> Base:
        return base.with_records((*base.bundle.records, self._record(scenario)))

    def _record(self, scenario: str) -> Record:
        nowhere: dict[str, Any] = {"section": "strengths", "paragraph": 1, "fingerprint": "0" * 16}
        return SupposedRecord.model_construct(**dict(self), **nowhere, recorded_by=f"scenario {scenario}", scenario=scenario)


class ChangeRecord(_Change):
    """A record says something else: what is given replaces what the record has."""

    record: str
    criterion: str | None = None
    shows: Shown | None = None
    also: Mapping[str, Shown] | None = None
    basis: str | None = None
    date: PeriodField | None = None
    unit: str | None = None

    @model_validator(mode="after")
    def _something(self) -> ChangeRecord:
        if not self._given:
            raise ValueError("nothing is changed: give `shows`, `criterion`, `also`, `basis`, `date` or `unit`")
        return self

    @property
    def _given(self) -> dict[str, object]:
        return {name: value for name, value in self if name != "record" and value is not None}

    @property
    def says(self) -> str:
        return f"record {self.record} changed ({', '.join(self._given)})"

    def targets(self, base: Base) -> Iterator[Target]:
        yield "record", self.record

    def touches(self, base: Base) -> Iterator[Place]:
        yield from dict.fromkeys((*_places(base, base.records[self.record]), *_places(base, self._changed(base, ""))))

    def slips(self, base: Base) -> Iterator[Slip]:
        if self.record not in base.records:
            yield _unknown("record", self.record, "record of this bundle", list(base.records))
        else:
            yield from _record_slips(base, self._changed(base, ""))

    def applied(self, base: Base, scenario: str) -> Base:
        changed = self._changed(base, scenario)
        return base.with_records(tuple(changed if record.id == self.record else record for record in base.bundle.records))

    def _changed(self, base: Base, scenario: str) -> Record:
        now = base.records[self.record]
        original = now.original if isinstance(now, SupposedRecord) else now
        values = {name: getattr(now, name) for name in Record.model_fields} | self._given
        return SupposedRecord.model_construct(**values, scenario=scenario, original=original)


class WithdrawRecord(_Change):
    """A record is taken away, with the fact that it tells: its duplicates don't count in its place."""

    record: str

    @property
    def says(self) -> str:
        return f"record {self.record} withdrawn"

    def targets(self, base: Base) -> Iterator[Target]:
        yield "record", self.record

    def touches(self, base: Base) -> Iterator[Place]:
        yield from _places(base, base.records[self.record])

    def slips(self, base: Base) -> Iterator[Slip]:
        if self.record not in base.records:
            yield _unknown("record", self.record, "record of this bundle", list(base.records))

    def applied(self, base: Base, scenario: str) -> Base:
        return base.with_records(tuple(record for record in base.bundle.records if record.id != self.record))


class Deliver(_Change):
    """A recommendation is delivered: the criteria that it addresses become met, in every framework where it addresses some.

    A criterion that is judged not applicable stays so.
    """

    recommendation: Number

    @property
    def says(self) -> str:
        return f"recommendation {self.recommendation} delivered"

    def targets(self, base: Base) -> Iterator[Target]:
        yield "recommendation", str(self.recommendation)

    def touches(self, base: Base) -> Iterator[Place]:
        for each in base.bundle.recommendations:
            if each.number == self.recommendation:
                yield from ((framework, criterion) for framework, criteria in each.addresses.items() for criterion in criteria)

    def slips(self, base: Base) -> Iterator[Slip]:
        numbers = [each.number for each in base.bundle.recommendations]
        if self.recommendation not in numbers:
            known = f"it has {listing(map(str, numbers))}" if numbers else "it has none"
            yield "recommendation", f"the bundle has no recommendation {self.recommendation}; {known}"
        for framework, criterion in self.touches(base):
            found = _criterion(base, framework, criterion or "")[0]
            if found and base.standard.misfit(found, MET):
                yield "recommendation", f"recommendation {self.recommendation} addresses `{criterion}`, which can't be `{MET}`; set its value instead"

    def applied(self, base: Base, scenario: str) -> Base:
        spared = {(each.framework, each.criterion) for each in base.bundle.judgements if each.not_applicable}
        for framework, criterion in self.touches(base):
            if (framework, criterion) not in spared:
                base = base.assuming(scenario, framework, criterion, status=MET)
        return base


class ChooseReading(_Change):
    """The words that the standard leaves open are read in another way: a reading's name (strict), or terms (most=at least 2/3)."""

    reading: str

    @property
    def says(self) -> str:
        return f"reading: {self.reading}"

    def targets(self, base: Base) -> Iterator[Target]:
        yield ("reading",)

    def touches(self, base: Base) -> Iterator[Place]:
        return iter(())

    def slips(self, base: Base) -> Iterator[Slip]:
        try:
            base.standard.reading(self.reading)
        except BadInput as error:
            yield from (("reading", fault.message) for fault in error.faults)

    def applied(self, base: Base, scenario: str) -> Base:
        return replace(base, reading=self.reading)


Change = SetStatus | Judge | AddRecord | ChangeRecord | WithdrawRecord | Deliver | ChooseReading


def _criterion(base: Base, framework: str, criterion: str) -> tuple[Criterion | None, list[Slip]]:
    book = base.books.get(framework)
    if book is None:
        return None, [_unknown("framework", framework, "framework", list(base.books))]
    if criterion not in book.by_id:
        return None, [("criterion", f"`{criterion}` isn't a criterion of {framework}{nearest(criterion, book.by_id)}")]
    return book.by_id[criterion], []


def _unknown(part: str, word: str, noun: str, known: Sequence[str]) -> Slip:
    near = nearest(word, known)
    return part, f"`{word}` isn't a {noun}{near or (f' ({listing(known)})' if len(known) <= 12 else '')}"


def _places(base: Base, record: Record) -> Iterator[Place]:
    for framework in base.heirs(record.framework):
        for criterion, _ in record.shown():
            yield framework, criterion


def _record_slips(base: Base, record: Record) -> Iterator[Slip]:
    """Yield what is wrong with a supposed record: its criteria, what it shows for them, its basis and its unit."""
    standard = base.standard
    if record.criterion in record.also:
        yield "also", f"`{record.criterion}` is the primary criterion already"
    for part, name, value in (("shows", record.criterion, record.shows), *(("also", name, value) for name, value in record.also.items())):
        for framework in base.heirs(record.framework):
            criterion, wrong = _criterion(base, framework, name)
            yield from (("criterion" if part == "shows" else part, message) for _, message in wrong)
            if criterion is None:
                continue
            if criterion.grade_of:
                yield part, f"`{name}` is the grade of {criterion.grade_of.framework}; no record shows it"
            elif misfit := standard.misfit(criterion, value):
                yield part, misfit
    if record.basis not in standard.bases:
        yield _unknown("basis", record.basis, "basis", list(standard.bases))
    units = [WHOLE, *base.bundle.body.units]
    if record.unit not in units:
        yield _unknown("unit", record.unit, "unit", units)
