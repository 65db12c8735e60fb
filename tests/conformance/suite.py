"""The conformance suite as data: cases read from YAML, and what a case gives, as the engine's own values."""

from __future__ import annotations

import copy
import datetime
import functools
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from adjudge import Bundle, Judgement, Record, Rulebook, Standard
from adjudge.documents import shipped
from adjudge.evidence import Body
from adjudge.language import shown_value
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from tests.strategies import UNITS, as_shown, judgement, record, standard_of

HERE = Path(__file__).parent
HMIC = "hmic-2007"


@functools.cache
def standard_named(name: str, changes: str = "{}") -> Standard:
    """Return a standard of the suite: the shipped hmic-2007 with the suite's small rulebooks, or a folder of `standards/`.

    ``changes`` is JSON: what stands at a dotted path of standard.yaml (or, after a rulebook's id and a colon, of that rulebook) instead; null takes
    it out. Raises BadInput if that makes a standard which can't be used.
    """
    folder = HERE / "rulebooks" if name == HMIC else HERE / "standards" / name
    content = _read((shipped("rules") / HMIC if name == HMIC else folder) / "standard.yaml")
    books = [_read(path) for path in sorted(folder.glob("*.yaml")) if path.name != "standard.yaml"]
    by_name = {"": content, **{book["rulebook"]: book for book in books}}
    for path, value in json.loads(changes).items():
        book, _, steps = path.rpartition(":")
        _change(by_name[book], steps.split("."), value)
    return standard_of(content, books)


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def _change(data: Any, steps: list[str], value: Any) -> None:
    """Put a value where steps lead to in plain data, or take out what is there."""
    *before, last = [int(step) if step.isdigit() else step for step in steps]
    for step in before:
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    if value is None:
        del data[last]
    elif isinstance(data, list) and last == len(data):
        data.append(copy.deepcopy(value))
    else:
        data[last] = copy.deepcopy(value)


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
    shows: str | int | float
    also: Mapping[str, str | int | float] = {}
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
    status: str | int | float | None = None
    not_applicable: Literal[True] | None = None
    dominant: Literal[True] | None = None
    grade: str | None = None


class Expected(_Entry):
    """What must come out. Without ``grade`` only statuses and contested criteria are compared; ``outer`` says that the range is an outer bound."""

    grade: str | None = None
    range: tuple[str, str] | None = None
    reasons: tuple[str, ...] = ()
    decision: bool | None = None
    statuses: Mapping[str, str | int | float] = {}
    contested: tuple[str, ...] = ()
    outer: bool = False
    error: str | None = None


class Case(_Entry):
    """One case: what is given and what must come out."""

    name: str
    source: GivenSource | None = None
    why: str | None = None
    standard: str = HMIC
    change: Mapping[str, Any] = {}
    on: datetime.date | None = None
    rulebook: str | None = None
    reading: str | Mapping[str, str] = "default"
    units: tuple[str, ...] = UNITS
    statuses: Mapping[str, str | int | float | Mapping[str, int]] = {}
    parts: Mapping[str, Mapping[str, str]] = {}
    """The statuses of other frameworks, whose grades are criteria of this one."""
    records: tuple[GivenRecord, ...] = ()
    judgements: tuple[GivenJudgement, ...] = ()
    expect: Expected
    known_difference: str | None = None
    """Why the engine is known to answer otherwise than the sentence asks; the case is then expected to fail, and to be told when it passes."""

    @property
    def plain(self) -> bool:
        """Whether the case gives nothing but statuses."""
        return not self.records and not self.judgements and not self.parts

    def load(self) -> Standard:
        """Return the standard of the case, with its changes. Raises BadInput."""
        return standard_named(self.standard, json.dumps(dict(self.change)))

    def framework(self, standard: Standard) -> str:
        """Return the case's rulebook: the standard's first, unless it names one."""
        return self.rulebook or standard.rulebooks[0].rulebook


@dataclass(frozen=True)
class Given:
    """A case as the engine's values: the statuses it spells out, and the bundle that carries them as records and judgements."""

    undated: Standard
    standard: Standard
    book: Rulebook
    statuses: Mapping[str, str]
    all_records: tuple[Record, ...]
    judgements: tuple[Judgement, ...]
    units: tuple[str, ...]

    @property
    def bundle(self) -> Bundle:
        """The evidence as a bundle."""
        return bundle(self.all_records, self.judgements, self.units, self.undated)

    @property
    def records(self) -> tuple[Record, ...]:
        """The records that a bundle hands over for the case's framework."""
        return self.bundle.records_for(self.book.rulebook)


def bundle(
    records: tuple[Record, ...], judgements: tuple[Judgement, ...] = (), units: tuple[str, ...] = UNITS, standard: Standard | None = None
) -> Bundle:
    """Return a bundle of a standard (the suite's hmic-2007, unless given), made up for a test."""
    return Bundle.model_construct(
        bundle="made-up",
        title="Made up",
        body=Body(id="made-up", title="Made up", units={unit: unit for unit in units}),
        source="none",
        standard=standard or standard_named(HMIC),
        recorded_by={"tester": "the tester"},
        graded=(),
        records=records,
        judgements=judgements,
    )


def spelled_out(book: Rulebook, short: Mapping[str, str | int | float | Mapping[str, int]]) -> dict[str, str]:
    """Return the status of each criterion that a case's shorthand names, in the order given: a later key overrides an earlier one."""
    found: dict[str, str] = {}
    for key, value in short.items():
        if key in book.by_id:
            named = [key]
        else:
            named = [each.id for each in book.criteria if key == each.tier or (each.tier == "fair" and key == each.significance)]
            assert named, f"`{key}` names no criterion, tier or significance of {book.rulebook}"
        if isinstance(value, Mapping):
            spread = list(Counter(dict(value)).elements())
            assert len(spread) == len(named), f"`{key}` has {len(named)} criteria, not {len(spread)}"
        else:
            spread = [shown_value(value)] * len(named)
        found.update(zip(named, spread, strict=True))
    return {criterion: status for criterion, status in found.items() if status != NOT_ASSESSED}


def given(case: Case) -> Given:
    """Return what a case gives. A status becomes a record (or a judgement, if not applicable), unless a record names the criterion."""
    undated = case.load()
    standard, framework = undated.on(case.on), case.framework(undated)
    book = standard.rulebook(framework)
    statuses = spelled_out(book, case.statuses)
    records = [
        record(
            each.id or f"r{number}",
            each.framework or framework,
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
    named = {criterion for each in records if each.framework == framework for criterion, _ in each.shown()}
    judgements = [
        judgement(each.framework or framework, each.criterion, **each.model_dump(exclude={"framework", "criterion"}, exclude_none=True))
        for each in case.judgements
    ]
    told = {(framework, criterion): status for criterion, status in statuses.items()}
    told |= {
        (part, criterion): status for part, short in case.parts.items() for criterion, status in spelled_out(standard.rulebook(part), short).items()
    }
    for (about, criterion), status in told.items():
        if status == NOT_APPLICABLE:
            judgements.append(judgement(about, criterion, not_applicable=True))
        elif standard.bases and (criterion not in named or about != framework):
            shows = as_shown(standard.rulebook(about).by_id[criterion], status)
            records.append(record(f"given-{about}-{criterion}", about, criterion, shows))
    return Given(undated, standard, book, statuses, tuple(records), tuple(judgements), case.units)


def cases(*files: str) -> list[Case]:
    """Return the cases of the files named (all of them by default), in order. Raises on a key that no case has, and on a name used twice."""
    paths = [HERE / "cases" / file for file in files] or sorted((HERE / "cases").glob("*.yaml"))
    found = [case for path in paths for case in _cases(_read(path))]
    repeated = [name for name, times in Counter(case.name for case in found).items() if times > 1]
    assert not repeated, f"names used twice: {repeated}"
    return found


def _cases(file: Mapping[str, Any]) -> list[Case]:
    """Return the cases of one file: each with the file's standard, and the file's changes before its own."""
    shared = {key: value for key, value in file.items() if key != "cases"}
    return [Case.model_validate({**shared, **each, "change": {**shared.get("change", {}), **each.get("change", {})}}) for each in file["cases"]]
