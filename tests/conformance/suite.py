"""The conformance suite as data: cases read from YAML, and what a case gives, as the engine's own values."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from adjudge import Bundle, Judgement, Record, Rulebook, Standard, load_standard
from adjudge.documents import shipped
from adjudge.evidence import Body
from adjudge.language import Period
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED

HERE = Path(__file__).parent
UNITS = ("north", "south", "east")


@functools.cache
def standard() -> Standard:
    """Return the shipped hmic-2007 with the suite's small rulebooks in place of its own."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(shipped("rules") / "hmic-2007" / "standard.yaml", folder)
        for book in (HERE / "rulebooks").glob("*.yaml"):
            shutil.copy(book, folder)
        return load_standard(folder)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GivenSource(_Entry):
    """The sentence of the grading process that a case covers."""

    part: str
    sentence: int
    gist: str


class GivenRecord(_Entry):
    """A record as a case writes it; what is left out has a plain default."""

    id: str | None = None
    criterion: str
    shows: str
    also: Mapping[str, str] = {}
    basis: str = "observed"
    date: str = "2007-01"
    unit: str = "whole"
    section: Literal["strengths", "work_in_progress", "areas_for_improvement"] = "strengths"
    framework: str | None = None
    duplicate_of: str | None = None


class GivenJudgement(_Entry):
    """A judgement as a case writes it."""

    framework: str | None = None
    criterion: str | None = None
    status: str | None = None
    not_applicable: Literal[True] | None = None
    dominant: Literal[True] | None = None
    grade: str | None = None


class Expected(_Entry):
    """What must come out. Without ``grade`` only statuses and contested criteria are compared."""

    grade: str | None = None
    range: tuple[str, str] | None = None
    reasons: tuple[str, ...] = ()
    decision: bool | None = None
    statuses: Mapping[str, str] = {}
    contested: tuple[str, ...] = ()
    error: str | None = None


class Case(_Entry):
    """One case: what is given and what must come out."""

    name: str
    source: GivenSource | None = None
    why: str | None = None
    rulebook: str = "small"
    reading: str | Mapping[str, str] = "default"
    units: tuple[str, ...] = UNITS
    statuses: Mapping[str, str | Mapping[str, int]] = {}
    records: tuple[GivenRecord, ...] = ()
    judgements: tuple[GivenJudgement, ...] = ()
    expect: Expected
    known_difference: str | None = None
    """Why the engine is known to answer otherwise than the sentence asks; the case is then expected to fail, and to be told when it passes."""

    @property
    def plain(self) -> bool:
        """Whether the case gives nothing but statuses."""
        return not self.records and not self.judgements


@dataclass(frozen=True)
class Given:
    """A case as the engine's values: the statuses it spells out, and the bundle that carries them as records and judgements."""

    book: Rulebook
    statuses: Mapping[str, str]
    all_records: tuple[Record, ...]
    judgements: tuple[Judgement, ...]
    units: tuple[str, ...]

    @property
    def bundle(self) -> Bundle:
        """The evidence as a bundle."""
        return bundle(self.all_records, self.judgements, self.units)

    @property
    def records(self) -> tuple[Record, ...]:
        """The records that a bundle hands over for the case's framework."""
        return self.bundle.records_for(self.book.rulebook)


def record(
    name: str,
    framework: str,
    criterion: str,
    shows: str,
    basis: str = "observed",
    date: str = "2007-01",
    unit: str = "whole",
    also: Mapping[str, str] | None = None,
    section: Literal["strengths", "work_in_progress", "areas_for_improvement"] = "strengths",
    duplicate_of: str | None = None,
) -> Record:
    """Return a record made up for a test."""
    return Record(
        id=name,
        framework=framework,
        section=section,
        paragraph=1,
        fingerprint="0" * 16,
        criterion=criterion,
        shows=shows,
        also=also or {},
        basis=basis,
        date=Period.parse(date),
        unit=unit,
        duplicate_of=duplicate_of,
        summary="A finding made up for a test.",
        recorded_by="tester",
    )


def judgement(framework: str, criterion: str | None = None, **decision: object) -> Judgement:
    """Return a judgement made up for a test."""
    about = {"reason": "Made up for a test.", "author": "tester", "date": "2007-09-27"}
    return Judgement.model_validate({"framework": framework, "criterion": criterion, **decision, **about})


def bundle(records: tuple[Record, ...], judgements: tuple[Judgement, ...] = (), units: tuple[str, ...] = UNITS) -> Bundle:
    """Return a bundle of the suite's standard, made up for a test."""
    return Bundle.model_construct(
        bundle="made-up",
        title="Made up",
        body=Body(id="made-up", title="Made up", units={unit: unit for unit in units}),
        source="none",
        standard=standard(),
        recorded_by={"tester": "the tester"},
        graded=(),
        records=records,
        judgements=judgements,
    )


def spelled_out(book: Rulebook, short: Mapping[str, str | Mapping[str, int]]) -> dict[str, str]:
    """Return the status of each criterion that a case's shorthand names, in the order given: a later key overrides an earlier one."""
    found: dict[str, str] = {}
    for key, value in short.items():
        if key in book.by_id:
            named = [key]
        else:
            named = [each.id for each in book.criteria if key == each.tier or (each.tier == "fair" and key == each.significance)]
            assert named, f"`{key}` names no criterion, tier or significance of {book.rulebook}"
        if isinstance(value, str):
            spread = [value] * len(named)
        else:
            spread = list(Counter(dict(value)).elements())
            assert len(spread) == len(named), f"`{key}` has {len(named)} criteria, not {len(spread)}"
        found.update(zip(named, spread, strict=True))
    return {criterion: status for criterion, status in found.items() if status != NOT_ASSESSED}


def given(case: Case) -> Given:
    """Return what a case gives. A status becomes an observed record (or a judgement, if not applicable), unless a record names the criterion."""
    book = standard().rulebook(case.rulebook)
    statuses = spelled_out(book, case.statuses)
    records = [
        record(
            each.id or f"r{number}",
            each.framework or case.rulebook,
            each.criterion,
            each.shows,
            each.basis,
            each.date,
            each.unit,
            each.also,
            each.section,
            each.duplicate_of,
        )
        for number, each in enumerate(case.records, 1)
    ]
    named = {criterion for each in records if each.framework == case.rulebook for criterion, _ in each.shown()}
    judgements = [
        judgement(each.framework or case.rulebook, each.criterion, **each.model_dump(exclude={"framework", "criterion"}, exclude_none=True))
        for each in case.judgements
    ]
    for criterion, status in statuses.items():
        if status == NOT_APPLICABLE:
            judgements.append(judgement(case.rulebook, criterion, not_applicable=True))
        elif criterion not in named:
            records.append(record(f"given-{criterion}", case.rulebook, criterion, status))
    return Given(book, statuses, tuple(records), tuple(judgements), case.units)


def cases(*files: str) -> list[Case]:
    """Return the cases of the files named (all of them by default), in order. Raises on a key that no case has, and on a name used twice."""
    paths = [HERE / "cases" / file for file in files] or sorted((HERE / "cases").glob("*.yaml"))
    found = [Case.model_validate(each) for path in paths for each in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]]
    repeated = [name for name, times in Counter(case.name for case in found).items() if times > 1]
    assert not repeated, f"names used twice: {repeated}"
    return found
