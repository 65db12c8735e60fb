"""Codings to compare: bundles, or CSV files of findings or of criteria, read and checked against one standard."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from adjudge.documents import MAX_BYTES, Id
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.evidence import SECTION_TITLES, WHOLE, Body, Bundle, Record, Section, load_evidence
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Period, Standard, load_standard

FINDINGS = ("framework", "section", "paragraph", "criterion", "shows", "basis")
FINDINGS_OPTIONAL = ("id", "also", "unit", "date", "duplicate_of", "summary")
CRITERIA = ("framework", "criterion", "status")

_ID: TypeAdapter[str] = TypeAdapter(Id)


@dataclass(frozen=True)
class Coding:
    """What one coder made of a report: records in a bundle or, for a coding of criteria, a status for each criterion (``statuses``)."""

    name: str
    bundle: Bundle
    statuses: Mapping[str, Mapping[str, str]] | None = None


def load_codings(names: Sequence[str], standard: str | None = None) -> tuple[Coding, ...]:
    """Load two or more codings: folders or shipped names of bundles, and CSV files (their names end in ``.csv``).

    A CSV file is read as a coding of the first bundle's body: its units, its standard, and the frameworks that inherit an overview. Among CSV
    files alone ``standard`` is the standard, by name or path; ``hmic-2007`` unless given. Raises BadInput with every fault of every file.
    """
    if len(names) < 2:
        raise BadInput.at(names[0] if names else "codings", "give at least two codings to compare")
    faults: list[Fault] = []
    loaded: dict[int, Bundle] = {}
    named = load_standard(standard) if standard else None
    for index, name in enumerate(names):
        if not _is_csv(name):
            try:
                loaded[index] = load_evidence(name, named or (next(iter(loaded.values())).standard if loaded else None))
            except BadInput as error:
                faults.extend(error.faults)
    first = next(iter(loaded.values()), None)
    for index, name in enumerate(names):
        if index in loaded and first and loaded[index].body.id != first.body.id:
            message = f"a coding of `{loaded[index].body.id}`, but the first is of `{first.body.id}`; codings of one body are compared"
            faults.append(Fault(name, 0, 0, message))
    if faults:
        raise BadInput(faults)
    like = first or _empty(named or load_standard())
    codings = []
    for index, (name, label) in enumerate(zip(names, _labels(names, loaded), strict=True)):
        try:
            codings.append(Coding(label, loaded[index]) if index in loaded else _read_csv(Path(name), label, like))
        except BadInput as error:
            faults.extend(error.faults)
    if faults:
        raise BadInput(faults)
    return tuple(codings)


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _empty(standard: Standard) -> Bundle:
    """A bundle without evidence: what CSV files alone are read against."""
    return Bundle.model_construct(
        bundle="csv",
        title="",
        body=Body(id="unnamed", title="one body"),
        source="",
        standard=standard,
        recorded_by={},
        graded=(),
        records=(),
    )


def _labels(names: Sequence[str], loaded: Mapping[int, Bundle]) -> list[str]:
    """A short name for each coding: the bundle's id or the file's stem, or the name as given if two would be the same."""
    short = [loaded[index].bundle if index in loaded else Path(name).stem for index, name in enumerate(names)]
    labels = [name if short.count(label) > 1 else label for name, label in zip(names, short, strict=True)]
    return [f"{label} ({index + 1})" if labels.count(label) > 1 else label for index, label in enumerate(labels)]


def _read_csv(path: Path, label: str, like: Bundle) -> Coding:
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput.at(file, f"the file has more than {MAX_BYTES / 1e6:.0f} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    except UnicodeDecodeError:
        raise BadInput.at(file, "not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)") from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadInput.at(file, f"not a CSV file ({error})") from None
    if len(lines) < 2:
        raise BadInput.at(file, "no rows: expected a header and a row for each finding or criterion")
    header = [name.strip().lower() for name in lines[0][1]]
    of_criteria = "status" in header
    faults = list(_header_faults(file, header, of_criteria))
    faults += [
        Fault(file, line, 1, f"{len(row)} cells, but the header has {len(header)}; put a cell that holds a comma in double quotes")
        for line, row in lines[1:]
        if len(row) != len(header)
    ]
    if faults:
        raise BadInput(faults)
    rows = [(line, dict(zip(header, (cell.strip() for cell in row), strict=True))) for line, row in lines[1:]]
    return _criteria(file, rows, label, like) if of_criteria else _findings(file, rows, label, like)


def _header_faults(file: str, header: Sequence[str], of_criteria: bool) -> Iterator[Fault]:
    needed = CRITERIA if of_criteria else FINDINGS
    known = needed if of_criteria else FINDINGS + FINDINGS_OPTIONAL
    for name in needed:
        if name not in header:
            yield Fault(file, 1, 1, f"column `{name}` is missing; a coding of {'criteria' if of_criteria else 'findings'} needs {listing(needed)}")
    for column, name in enumerate(header, 1):
        if name not in known:
            yield Fault(file, 1, column, f"unknown column `{name}` ({listing(known)}){nearest(name, known)}")
        elif name in header[: column - 1]:
            yield Fault(file, 1, column, f"column `{name}` is given twice")


def _criteria(file: str, rows: Sequence[tuple[int, Mapping[str, str]]], label: str, like: Bundle) -> Coding:
    books = {book.rulebook: book for book in like.standard.rulebooks}
    allowed = (*like.standard.statuses, NOT_ASSESSED, NOT_APPLICABLE)
    statuses: dict[str, dict[str, str]] = {}
    faults = []
    for line, row in rows:
        framework, criterion, status = row["framework"], row["criterion"], row["status"]
        if framework not in books:
            faults.append(_fault(file, line, row, "framework", f"isn't a framework{nearest(framework, books) or f' ({listing(books)})'}"))
        elif criterion not in books[framework].by_id:
            near = nearest(criterion, books[framework].by_id)
            faults.append(_fault(file, line, row, "criterion", f"isn't a criterion of {framework}{near}"))
        elif criterion in statuses.get(framework, {}):
            faults.append(_fault(file, line, row, "criterion", f"is given twice for {framework}"))
        if status not in allowed:
            faults.append(_fault(file, line, row, "status", f"isn't a status ({listing(allowed)}){nearest(status, allowed)}"))
        statuses.setdefault(framework, {})[criterion] = status
    if faults:
        raise BadInput(faults)
    return Coding(label, like.model_copy(update={"bundle": label, "records": (), "judgements": ()}), statuses)


def _findings(file: str, rows: Sequence[tuple[int, Mapping[str, str]]], label: str, like: Bundle) -> Coding:
    standard = like.standard
    heirs = {book.rulebook: (book.rulebook,) for book in standard.rulebooks} | dict(like.inherited_by)
    units = (WHOLE, *like.body.units)
    faults: list[Fault] = []
    records: list[Record] = []
    seen: set[str] = set()
    for line, row in rows:
        before = len(faults)
        framework = row["framework"]
        if framework not in heirs:
            faults.append(_fault(file, line, row, "framework", f"isn't a framework{nearest(framework, heirs) or f' ({listing(heirs)})'}"))
        if row["section"] not in SECTION_TITLES:
            faults.append(_fault(file, line, row, "section", f"isn't a section ({listing(SECTION_TITLES)}){nearest(row['section'], SECTION_TITLES)}"))
        if not row["paragraph"].isdecimal() or int(row["paragraph"]) < 1:
            faults.append(_fault(file, line, row, "paragraph", "isn't the number of a paragraph"))
        shown, also_faults = _also(file, line, row)
        faults += also_faults
        for criterion, status in ((row["criterion"], row["shows"]), *shown.items()):
            column = "also" if criterion in shown else "criterion"
            for heir in heirs.get(framework, ()):
                known = standard.rulebook(heir).by_id
                if criterion not in known:
                    faults.append(
                        Fault(file, line, _column(row, column), f"{column}: `{criterion}` isn't a criterion of {heir}{nearest(criterion, known)}")
                    )
            if status not in standard.statuses:
                column = "also" if criterion in shown else "shows"
                message = f"{column}: `{status}` isn't a status ({listing(standard.statuses)}){nearest(status, standard.statuses)}"
                faults.append(Fault(file, line, _column(row, column), message))
        if row["basis"] not in standard.bases:
            faults.append(_fault(file, line, row, "basis", f"isn't a basis ({listing(standard.bases)}){nearest(row['basis'], standard.bases)}"))
        if row.get("unit") and row["unit"] not in units:
            faults.append(_fault(file, line, row, "unit", f"isn't a unit ({listing(units)}){nearest(row['unit'], units)}"))
        date = standard.period
        try:
            date = Period.parse(row["date"]) if row.get("date") else standard.period
        except ValueError as error:
            faults.append(Fault(file, line, _column(row, "date"), f"date: {error}"))
        name = row.get("id") or f"{label}-{line}".lower().replace(" ", "-")
        if row.get("id"):
            try:
                _ID.validate_python(name)
            except ValidationError:
                faults.append(_fault(file, line, row, "id", "isn't an id: use lower-case letters and digits, joined by hyphens"))
        if name in seen:
            faults.append(_fault(file, line, row, "id", "is given twice"))
        seen.add(name)
        if len(faults) == before:
            records.append(
                Record.model_construct(
                    id=name,
                    framework=framework,
                    section=cast("Section", row["section"]),
                    paragraph=int(row["paragraph"]),
                    fingerprint="",
                    criterion=row["criterion"],
                    shows=row["shows"],
                    also=shown,
                    basis=row["basis"],
                    date=date,
                    unit=row.get("unit") or WHOLE,
                    duplicate_of=row.get("duplicate_of") or None,
                    summary=row.get("summary") or "",
                    recorded_by=label,
                )
            )
    for line, row in rows:
        target = row.get("duplicate_of")
        if target and target not in seen:
            faults.append(_fault(file, line, row, "duplicate_of", f"isn't the id of a row{nearest(target, seen)}"))
    if faults:
        raise BadInput(faults)
    return Coding(label, like.model_copy(update={"bundle": label, "records": tuple(records), "judgements": ()}))


def _also(file: str, line: int, row: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Read ``also``: other criteria with what is shown for each, as in ``tasking=met; training=partly_met``."""
    found: dict[str, str] = {}
    for part in (row.get("also") or "").split(";"):
        criterion, equals, status = (each.strip() for each in part.partition("="))
        if part.strip() and not (criterion and equals and status):
            return {}, [_fault(file, line, row, "also", "can't be read; write `criterion=status; criterion=status`")]
        if criterion:
            if criterion in found or criterion == row["criterion"]:
                return {}, [_fault(file, line, row, "also", f"names `{criterion}` twice")]
            found[criterion] = status
    return found, []


def _column(row: Mapping[str, str], name: str) -> int:
    return list(row).index(name) + 1 if name in row else 1


def _fault(file: str, line: int, row: Mapping[str, str], column: str, problem: str) -> Fault:
    """A fault in a cell; its place is the line and, as a column, the number of the cell."""
    return Fault(file, line, _column(row, column), f"{column}: `{row.get(column, '')}` {problem}")
