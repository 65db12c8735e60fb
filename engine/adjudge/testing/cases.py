"""Cases: what must come out of given statuses, records and judgements, written in YAML; reads them and says what comes out otherwise.

The format is in docs/reference/cases.md.
"""

from __future__ import annotations

import copy
import functools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from adjudge.documents import Document, Model, NonEmpty, Text, build, find, read, shown
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.evidence import Bundle, Day, Judgement, Record
from adjudge.grading import grade, propose
from adjudge.language import Points, shown_value
from adjudge.proposal import Proposal
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Rulebook, Standard
from adjudge.testing.made_up import UNITS, as_shown, bundle, judgement, record, standard_of

Shown = str | Points
Shorthand = Mapping[str, Shown | Mapping[str, int]]
SUFFIX = ".adjudge.yaml"
"""Files whose names end so are collected by pytest wherever they stand."""


class GivenSource(Model):
    """The sentence of the source that a case covers."""

    part: Text
    sentence: int
    gist: Text


class GivenRecord(Model):
    """A record as a case writes it; what is left out has a plain default."""

    id: str | None = None
    criterion: str
    shows: Shown
    also: Mapping[str, Shown] = {}
    basis: str | None = None
    date: str | None = None
    unit: str = "whole"
    section: Literal["strengths", "work_in_progress", "areas_for_improvement"] = "strengths"
    framework: str | None = None
    duplicate_of: str | None = None


class GivenJudgement(Model):
    """A judgement as a case writes it."""

    framework: str | None = None
    criterion: str | None = None
    status: Shown | None = None
    not_applicable: Literal[True] | None = None
    dominant: Literal[True] | None = None
    grade: str | None = None


class Expected(Model):
    """What must come out. Without ``grade`` only statuses and contested criteria are compared; ``outer`` says that the range is an outer bound."""

    grade: str | None = None
    range: tuple[str, str] | None = None
    reasons: tuple[str, ...] = ()
    decision: bool | None = None
    statuses: Mapping[str, Shown] = {}
    contested: tuple[str, ...] = ()
    outer: bool = False
    error: str | None = None


class Shared(Model):
    """What the cases of a file may share, each unless it says otherwise; changes are made one after the other, the file's first."""

    standard: str | None = None
    rulebooks: str | None = None
    change: Mapping[str, Any] = {}
    on: Day | None = None
    rulebook: str | None = None
    reading: str | Mapping[str, str] | None = None
    units: tuple[str, ...] | None = None


class CaseEntry(Shared):
    """A case as a file writes it: what is given and what must come out."""

    name: Text
    source: GivenSource | None = None
    why: Text | None = None
    statuses: Mapping[str, Shown | Mapping[str, int]] = {}
    parts: Mapping[str, Mapping[str, Shown | Mapping[str, int]]] = {}
    records: tuple[GivenRecord, ...] = ()
    judgements: tuple[GivenJudgement, ...] = ()
    expect: Expected
    known_difference: Text | None = None


class CasesFile(Shared):
    """A file of cases."""

    cases: tuple[CaseEntry, ...] = NonEmpty


class Case(CaseEntry):
    """A case with what its file shares; ``folder`` and ``line`` say where it stands."""

    model_config = ConfigDict(frozen=True)

    file: Path = Field(exclude=True)
    line: int = Field(exclude=True)

    @property
    def plain(self) -> bool:
        """Whether the case gives nothing but statuses."""
        return not self.records and not self.judgements and not self.parts

    def load(self) -> Standard:
        """Return the standard of the case, with its changes. Raises BadInput."""
        folder = self.file.parent
        own = folder / (self.standard or "")
        place = own if self.standard and own.is_dir() else find("rules", self.standard or "hmic-2007", "standard")
        books = folder / self.rulebooks if self.rulebooks else place
        return _changed(str(place.resolve()), str(books.resolve()), json.dumps(_thawed(self.change)))

    def framework(self, standard: Standard) -> str:
        """Return the case's rulebook: the standard's first, unless it names one."""
        return self.rulebook or standard.rulebooks[0].rulebook


@functools.cache
def _changed(standard: str, rulebooks: str, changes: str = "{}") -> Standard:
    """Return the standard of a folder with the rulebooks of one, changed: ``changes`` is JSON, from dotted paths to what stands there instead."""
    content = _thawed(read(Path(standard) / "standard.yaml").root)
    books = [_thawed(read(path).root) for path in sorted(Path(rulebooks).glob("*.yaml")) if path.name != "standard.yaml"]
    if not books:
        raise BadInput.at(shown(Path(rulebooks)), "no rulebooks: a YAML file for each framework is expected in this folder")
    by_name = {"": content, **{str(book.get("rulebook")): book for book in books}}
    for path, value in json.loads(changes).items():
        book, _, steps = path.rpartition(":")
        try:
            _change(by_name[book], steps.split("."), value)
        except (KeyError, IndexError, TypeError, ValueError):
            raise BadInput.at("change", f"`{path}` leads nowhere in the {'rulebook' if book else 'standard'}") from None
    return standard_of(content, books)


def load_changed(standard: Path, rulebooks: Path | None = None, change: Mapping[str, Any] | None = None) -> Standard:
    """Return the standard of a folder, with its rulebooks or those of another folder, and with what stands at dotted paths changed.

    A path leads through standard.yaml (`reach.0.when`) or, after a rulebook's id and a colon, through that rulebook; null takes out what stands
    there. Raises BadInput if that makes a standard which can't be used.
    """
    return _changed(str(standard.resolve()), str((rulebooks or standard).resolve()), json.dumps(_thawed(change or {})))


def _thawed(value: Any) -> Any:
    """Return what documents hold as plain data: tuples as lists."""
    if isinstance(value, Mapping):
        return {key: _thawed(each) for key, each in value.items()}
    return [_thawed(each) for each in value] if isinstance(value, list | tuple) else value


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


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases. Raises BadInput with every fault: of form, and of names used twice."""
    faults: list[Fault] = []
    document = read(path)
    file = build(document, CasesFile, faults)
    if file is None:
        raise BadInput(faults)
    shared = {name: getattr(file, name) for name in Shared.model_fields}
    found: list[Case] = []
    first: dict[str, int] = {}
    for index, entry in enumerate(file.cases):
        line = document.places[("cases", index)][0]
        if entry.name in first:
            faults.append(document.fault(("cases", index, "name"), f"two cases have this name (the first in line {first[entry.name]})"))
        first.setdefault(entry.name, line)
        own = {name: value for name, value in entry.__dict__.items() if name not in shared or value not in (None, {})}
        change = {**file.change, **entry.change}
        found.append(Case.model_construct(**{**shared, **own, "change": change, "file": path, "line": line}))
    faults.extend(_expectation_faults(document, file))
    if faults:
        raise BadInput(faults)
    return found


def _expectation_faults(document: Document, file: CasesFile) -> Iterable[Fault]:
    for index, entry in enumerate(file.cases):
        expect = entry.expect
        if expect.error is None and expect.grade is None and not expect.statuses and not expect.contested:
            yield document.fault(("cases", index, "expect"), "nothing is expected: give a `grade`, `statuses`, `contested` or an `error`")
        if expect.grade == "open" and expect.range is None:
            yield document.fault(("cases", index, "expect"), "an open grade needs its `range`: [the worst, the best]")


def case_files(folder: Path) -> list[Path]:
    """Return the files of cases in a folder and those within it, in order."""
    return sorted(path for path in folder.rglob("*.yaml") if path.is_file())


@dataclass(frozen=True)
class Given:
    """A case as the engine's values: the statuses it spells out, and the bundle that carries them as records and judgements."""

    undated: Standard
    standard: Standard
    book: Rulebook
    reading: str | Mapping[str, str]
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


def spelled_out(standard: Standard, book: Rulebook, short: Shorthand) -> dict[str, str]:
    """Return the value of each criterion that a case's shorthand names, in the order given: a later key overrides an earlier one.

    Raises BadInput for a key that names nothing, and for counts that don't add up.
    """
    found: dict[str, str] = {}
    first_tier = next(iter(standard.tiers), None)
    faults: list[Fault] = []
    for key, value in short.items():
        if key in book.by_id:
            named = [key]
        else:
            named = [each.id for each in book.criteria if key == each.tier or (each.tier == first_tier and key == each.significance)]
        spread = list(Counter(dict(value)).elements()) if isinstance(value, Mapping) else [shown_value(value)] * len(named)
        if not named:
            faults.append(Fault("statuses", f"`{key}` is no criterion, tier or significance of {book.rulebook}"))
        elif len(spread) != len(named):
            faults.append(Fault("statuses", f"`{key}` has {len(named)} criteria, not {len(spread)}"))
        for name, told in zip(named, spread, strict=False):
            if told not in (NOT_ASSESSED, NOT_APPLICABLE) and (misfit := standard.misfit(book.by_id[name], told)):
                faults.append(Fault("statuses", misfit))
        found.update(zip(named, spread, strict=False))
    if faults:
        raise BadInput(faults)
    return {criterion: status for criterion, status in found.items() if status != NOT_ASSESSED}


def given(case: Case) -> Given:
    """Return what a case gives. A status becomes a record (or a judgement, if not applicable), unless a record names the criterion.

    Raises BadInput for what the standard doesn't have.
    """
    undated = case.load()
    faults = list(_given_faults(case, undated))
    if faults:
        raise BadInput(faults)
    try:
        return _given(case, undated)
    except ValidationError as error:
        told = ((".".join(map(str, each["loc"][:1])), each["msg"], each["input"]) for each in error.errors(include_url=False))
        raise BadInput([Fault(case.name, f"`{where}`: {message}, found `{found}`") for where, message, found in told]) from None


def _given_faults(case: Case, standard: Standard) -> Iterator[Fault]:
    """Yield what a case's records and judgements name that the standard doesn't have."""
    framework = case.framework(standard)
    entries: tuple[GivenRecord | GivenJudgement, ...] = (*case.records, *case.judgements)
    for each in entries:
        place = "records" if isinstance(each, GivenRecord) else "judgements"
        book = standard.rulebook(each.framework or framework)
        shown: dict[str | None, Shown | None] = {each.criterion: each.shows if isinstance(each, GivenRecord) else each.status}
        if isinstance(each, GivenRecord):
            shown.update(each.also)
        for name, value in shown.items():
            if name is not None and name not in book.by_id:
                yield Fault(place, f"`{name}` isn't a criterion of {book.rulebook}{nearest(name, book.by_id)}")
            elif name is not None and value is not None and (misfit := standard.misfit(book.by_id[name], value)):
                yield Fault(place, misfit)
        if isinstance(each, GivenRecord) and each.basis is not None and each.basis not in standard.bases:
            yield Fault(place, f"`{each.basis}` isn't a basis ({listing(standard.bases)}){nearest(each.basis, standard.bases)}")


def _given(case: Case, undated: Standard) -> Given:
    standard, framework = undated.on(case.on), case.framework(undated)
    book = standard.rulebook(framework)
    statuses = spelled_out(standard, book, case.statuses)
    basis = max(standard.bases, key=lambda name: (name == "observed", standard.bases[name].strength), default="observed")
    date = str(standard.period.end) if standard.period else "2007-01"
    records = [
        record(
            each.id or f"r{number}",
            each.framework or framework,
            each.criterion,
            each.shows,
            each.basis or basis,
            each.date or date,
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
    for part, short in case.parts.items():
        told |= {(part, criterion): status for criterion, status in spelled_out(standard, standard.rulebook(part), short).items()}
    for (about, criterion), status in told.items():
        if status == NOT_APPLICABLE:
            judgements.append(judgement(about, criterion, not_applicable=True))
        elif standard.bases and (criterion not in named or about != framework):
            shows = as_shown(standard.rulebook(about).by_id[criterion], status)
            records.append(record(f"given-{about}-{criterion}", about, criterion, shows, basis, date))
    units = UNITS if case.units is None else case.units
    return Given(undated, standard, book, case.reading or "default", statuses, tuple(records), tuple(judgements), units)


def proposals(case: Case, what: Given) -> list[Proposal]:
    """Grade a case: from its statuses where it gives nothing else, and from its records where the standard takes any."""
    found = [propose(what.undated, what.book.rulebook, what.statuses, what.reading, case.on)] if case.plain else []
    if what.standard.bases:
        found.append(grade(what.bundle, [what.book.rulebook], what.reading, on=case.on)[what.book.rulebook])
    return found


def differences(case: Case) -> list[str]:
    """Return, in words, what comes out otherwise than a case expects; empty if it holds. Raises BadInput for a case that can't be posed."""
    if case.expect.error is not None:
        return _refusal_differences(case)
    what = given(case)
    return list(dict.fromkeys(line for proposal in proposals(case, what) for line in _proposal_differences(case, what, proposal)))


def answer_differences(case: Case, answer: tuple[str | None, str, str]) -> list[str]:
    """Return what an answer (grade, worst, best) has otherwise than a case expects."""
    if case.expect.grade is None:
        return []
    settled = None if case.expect.grade == "open" else case.expect.grade
    low, high = case.expect.range or (case.expect.grade, case.expect.grade)
    found = []
    if answer[0] != settled:
        found.append(f"the grade is {answer[0] or 'open'}, not {settled or 'open'}")
    if answer[1:] != (low, high):
        found.append(f"the range is {answer[1]} to {answer[2]}, not {low} to {high}")
    return found


def status_differences(case: Case, what: Given, statuses: Mapping[str, str], contested: Iterable[str]) -> list[str]:
    """Return what statuses, and the criteria contested, have otherwise than a case expects."""
    expected = {criterion: shown_value(value) for criterion, value in case.expect.statuses.items()}
    if case.plain:
        expected = {criterion.id: NOT_ASSESSED for criterion in what.book.criteria} | dict(what.statuses) | expected
    found = [f"{key} is {statuses.get(key)}, not {value}" for key, value in expected.items() if statuses.get(key) != value]
    if set(contested) != set(case.expect.contested):
        found.append(f"contested are {', '.join(sorted(contested)) or 'none'}, not {', '.join(case.expect.contested) or 'none'}")
    return found


def _proposal_differences(case: Case, what: Given, proposal: Proposal) -> list[str]:
    found = status_differences(case, what, {each.criterion.id: each.status for each in proposal.statuses}, proposal.contested)
    found += answer_differences(case, (proposal.grade, *proposal.range))
    if proposal.evaluation.outer != case.expect.outer:
        found.append(f"the range is {'an outer bound' if proposal.evaluation.outer else 'exact'}")
    if case.expect.grade is not None:
        kinds = {reason.kind for reason in proposal.reasons}
        if kinds != set(case.expect.reasons):
            found.append(f"the reasons for a decision are {', '.join(sorted(kinds)) or 'none'}, not {', '.join(case.expect.reasons) or 'none'}")
        required = bool(case.expect.reasons) if case.expect.decision is None else case.expect.decision
        if proposal.decision_required != required:
            found.append(f"a decision is {'' if proposal.decision_required else 'not '}required")
    return found


def _refusal_differences(case: Case) -> list[str]:
    """Refused are a standard when it is loaded (messages without their places), and statuses, readings and evidence when they are graded."""
    expected = case.expect.error
    try:
        standard = case.load()
    except BadInput as error:
        told = "\n".join(fault.message for fault in error.faults)
        return [] if told == expected else [f"it is refused otherwise: {told}"]
    framework, reading = case.framework(standard), case.reading or "default"
    plain = {key: value for key, value in case.statuses.items() if not isinstance(value, Mapping)}
    found = []
    attempts: list[Callable[[], Proposal]] = [lambda: propose(standard, framework, plain, reading, case.on)]
    if not case.statuses and standard.bases:
        attempts.append(lambda: grade(bundle((), (), UNITS, standard), [framework], reading)[framework])
    for attempt in attempts:
        try:
            attempt()
            found.append("it isn't refused")
        except BadInput as error:
            if str(error) != expected:
                found.append(f"it is refused otherwise: {error}")
    return found
