"""Scenarios in YAML files: read them with every fault at its place, and keep one by adding it at the end."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from adjudge.documents import Document, Id, Model, Path_, Text, build, parse, read, shown
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.evidence import Bundle, Number
from adjudge.whatif.base import Base
from adjudge.whatif.changes import AddRecord, Change, ChangeRecord, ChooseReading, Deliver, Judge, SetStatus, WithdrawRecord
from adjudge.whatif.scenario import Scenario, apply, slips

BASE = "base"
"""The name of what scenarios stand over; no scenario has it."""


class ScenarioEntry(Model):
    """A scenario as a file writes it: changes by their kind. ``over`` names a scenario above it in the file, whose changes come first."""

    name: Id
    text: Text | None = None
    over: Id | None = None
    deliver: tuple[Number, ...] = ()
    set: Mapping[Id, Mapping[Id, str | int | float]] = {}
    judgements: tuple[Judge, ...] = ()
    withdraw: tuple[Id, ...] = ()
    change: tuple[ChangeRecord, ...] = ()
    add: tuple[AddRecord, ...] = ()
    reading: Text | None = None

    def changes(self) -> Iterator[tuple[Path_, Change]]:
        """Yield the changes, each with its path inside the entry."""
        for index, number in enumerate(self.deliver):
            yield ("deliver", index), Deliver(recommendation=number)
        for framework, statuses in self.set.items():
            for criterion, status in statuses.items():
                yield ("set", framework, criterion), SetStatus(framework=framework, criterion=criterion, status=status)
        yield from ((("judgements", index), each) for index, each in enumerate(self.judgements))
        for index, record in enumerate(self.withdraw):
            yield ("withdraw", index), WithdrawRecord(record=record)
        yield from ((("change", index), each) for index, each in enumerate(self.change))
        yield from ((("add", index), each) for index, each in enumerate(self.add))
        if self.reading is not None:
            yield ("reading",), ChooseReading(reading=self.reading)


class ScenariosFile(Model):
    """Scenarios over one bundle."""

    scenarios: tuple[ScenarioEntry, ...]


def load_scenarios(path: Path, base: Base | Bundle) -> tuple[Scenario, ...]:
    """Load a file of scenarios and check each over the base. Raises BadInput with every fault, each at its line and column."""
    return _scenarios(*_entries(read(path)), base if isinstance(base, Base) else Base(base))


def keep(path: Path, scenario: Scenario, base: Base | Bundle) -> None:
    """Add a scenario at the end of a file, which is made if it isn't there; what stands in it stays as it is, to the byte.

    Raises BadInput, and writes nothing, if the scenario can't be applied, its name is taken, or the file can't be added to.
    """
    under = base if isinstance(base, Base) else Base(base)
    place = shown(path)
    if not scenario.changes:
        raise BadInput.at(place, f"scenario `{scenario.name}` changes nothing; there is nothing to keep")
    apply(under, scenario)
    there = path.exists() or path.is_symlink()
    kept = load_scenarios(path, under) if there else ()
    if scenario.over and scenario.over not in kept:
        raise BadInput.at(place, f"scenario `{scenario.name}` stands over `{scenario.over.name}`, which isn't in this file; keep that one first")
    before = path.read_bytes() if there else b""
    data = before + _addition(before, _written(scenario), place)
    document, file = _entries(parse(data, place))
    if (found := _scenarios(document, file, under)) != (*kept, scenario):
        raise BadInput.at(place, f"scenario `{found[-1].name}` can't be kept as it is: a file would read it otherwise")
    _write(path, data)


def _entries(document: Document) -> tuple[Document, ScenariosFile]:
    faults: list[Fault] = []
    file = build(document, ScenariosFile, faults)
    if file is None:
        raise BadInput(faults)
    return document, file


def _scenarios(document: Document, file: ScenariosFile, base: Base) -> tuple[Scenario, ...]:
    faults: list[Fault] = []
    found: dict[str, Scenario] = {}
    bases: dict[str, Base] = {}
    first: dict[str, int] = {}
    if not file.scenarios:
        faults.append(document.fault(("scenarios",), "`scenarios` is empty"))
    for index, entry in enumerate(file.scenarios):
        path: Path_ = ("scenarios", index)
        if entry.name == BASE:
            faults.append(document.fault((*path, "name"), f"`{BASE}` is what scenarios stand over; choose another name"))
        if entry.name in first:
            line = document.places[("scenarios", first[entry.name], "name")][0]
            faults.append(document.fault((*path, "name"), f"scenario `{entry.name}` is given twice (first in line {line})"))
        if entry.over is not None and entry.over not in first:
            known = f" ({listing(first)})" if first else ""
            near = nearest(entry.over, first)
            faults.append(document.fault((*path, "over"), f"`{entry.over}` isn't a scenario above this one{near or known}"))
        first.setdefault(entry.name, index)
        if entry.over is not None and entry.over not in bases:
            continue
        under = bases[entry.over] if entry.over else base
        placed = list(entry.changes())
        if not placed:
            faults.append(document.fault(path, f"scenario `{entry.name}` changes nothing; give `deliver`, `set`, `withdraw` or another change"))
        changes = tuple(change for _, change in placed)
        wrong = [_fault(document, (*path, *placed[number][0]), part, message) for number, part, message in slips(under, changes)]
        faults.extend(wrong)
        if not wrong:
            made = Scenario(entry.name, entry.text or "", changes, found[entry.over] if entry.over else None)
            found.setdefault(entry.name, made)
            bases.setdefault(entry.name, apply(under, Scenario(entry.name, changes=changes)))
    if faults:
        raise BadInput(faults)
    return tuple(found.values())


def _fault(document: Document, path: Path_, part: str, message: str) -> Fault:
    """Return a fault at the part of a change that it is about; what is set has its framework and criterion for keys."""
    if path[2] == "set" and part in ("framework", "criterion"):
        return document.key_fault(path[:4] if part == "framework" else path, message)
    return document.fault((*path, part), message)


def _written(scenario: Scenario) -> str:
    """Return a scenario as an item of a file's list, a key to a line."""
    by_kind: dict[type[Change], list[Change]] = {}
    for change in scenario.changes:
        by_kind.setdefault(type(change), []).append(change)
    statuses: dict[str, dict[str, str | int | float]] = {}
    for change in by_kind.get(SetStatus, []):
        assert isinstance(change, SetStatus)
        statuses.setdefault(change.framework, {})[change.criterion] = change.status

    def dumped(kind: type[Change]) -> list[dict[str, object]]:
        return [each.model_dump(mode="json", exclude_defaults=True) for each in by_kind.get(kind, [])]

    readings = [each["reading"] for each in dumped(ChooseReading)]
    content = {
        "name": scenario.name,
        "text": scenario.text,
        "over": scenario.over.name if scenario.over else None,
        "deliver": [each["recommendation"] for each in dumped(Deliver)],
        "set": statuses,
        "judgements": dumped(Judge),
        "withdraw": [each["record"] for each in dumped(WithdrawRecord)],
        "change": dumped(ChangeRecord),
        "add": dumped(AddRecord),
        "reading": readings[0] if readings else None,
    }
    lines = []
    for key, value in content.items():
        if value:
            flow = None if key in ("deliver", "set", "withdraw") else False
            lines += yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, default_flow_style=flow, width=120).splitlines()
    return "".join(f"{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines))


def _addition(before: bytes, item: str, place: str) -> bytes:
    """Return what follows a file's content so that an item stands at the end of its list, indented as the items above it."""
    if not before:
        head, indent = "scenarios:\n", "  "
    else:
        document = parse(before, place)
        line, column = document.places[("scenarios", 0)]
        lead = before.decode("utf-8-sig").splitlines()[line - 1][: column - 1]
        if not re.fullmatch(r" *- +", lead):
            raise BadInput([Fault(place, "can't be added to: begin each scenario on a line of its own, with `- name:`", line, column)])
        head, indent = "" if before.endswith(b"\n") else "\n", lead[: lead.index("-")]
    added = head + "".join(f"{indent}{line}\n" for line in item.splitlines())
    return (added.replace("\n", "\r\n") if b"\r\n" in before else added).encode()


def _write(path: Path, data: bytes) -> None:
    """Write a file beside the target, and put it in its place when all is written."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(data)
        if target.exists():
            shutil.copymode(target, part)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadInput.at(shown(path), f"can't be written ({(error.strerror or str(error)).lower()})") from None
