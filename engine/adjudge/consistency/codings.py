"""Codings to compare: bundles, workbooks, or CSV files of findings or of criteria, read and checked against one standard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from adjudge.bundles import load_evidence
from adjudge.consistency.tables import Row, fault, read_rows, whole_number
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.evidence import SECTION_TITLES, Body, Bundle, Record, Section
from adjudge.language import Period
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Criterion, Rulebook, Standard
from adjudge.standards import load_standard

FINDINGS = ("framework", "section", "paragraph", "criterion", "shows", "basis")
FINDINGS_OPTIONAL = ("id", "also", "unit", "date", "duplicate_of", "summary")
CRITERIA = ("framework", "criterion", "status")

_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


@dataclass(frozen=True)
class Coding:
    """What one coder made of a report: records in a bundle or, for a coding of criteria, a status for each criterion (``statuses``)."""

    name: str
    bundle: Bundle
    statuses: Mapping[str, Mapping[str, str]] | None = None


def load_codings(names: Sequence[str], standard: str | None = None, about: str | None = None) -> tuple[Coding, ...]:
    """Load two or more codings: folders or shipped names of bundles, workbooks (``.xlsx``, ``.xlsm``, or a folder of their tables as CSV), and CSV
    files of findings or criteria (``.csv``).

    A CSV file is read as a coding of the body of the bundle ``about``, or of the first bundle or workbook compared: its units, its standard, and the
    frameworks that inherit an overview. Without any ``standard`` is the standard, by name or path; ``hmic-2007`` unless given. Raises BadInput with
    every fault of every file, those of a workbook by sheet and cell.
    """
    if len(names) < 2:
        raise BadInput.at(names[0] if names else "codings", "give at least two codings to compare")
    faults: list[Fault] = []
    loaded: dict[int, Bundle] = {}
    named = load_standard(standard) if standard else None
    bundles = [index for index, name in enumerate(names) if not name.lower().endswith(".csv")]
    for index in sorted(bundles, key=lambda each: _is_workbook(names[each])):
        try:
            loaded[index] = _load(names[index], named or next((bundle.standard for bundle in loaded.values()), None))
        except BadInput as error:
            faults.extend(error.faults)
    first = load_evidence(about, named) if about else next((loaded[index] for index in bundles if index in loaded), None)
    for index, name in enumerate(names):
        if index in loaded and first and loaded[index].body.id != first.body.id:
            message = f"a coding of `{loaded[index].body.id}`, not of `{first.body.id}`; codings of one body are compared"
            faults.append(Fault(name, message))
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


def _is_workbook(name: str) -> bool:
    """Say whether a name is that of a workbook, or of a folder with its tables as CSV files; a folder of documents has a ``bundle.yaml``.

    A file of another kind is taken for one too: its reader says what it is, and what to save it as.
    """
    path = Path(name)
    if path.is_dir():
        return not (path / "bundle.yaml").exists() and (path / "bundle.csv").exists()
    return name.lower().endswith((".xlsx", ".xlsm")) or (path.is_file() and path.suffix.lower() != ".yaml")


def _load(name: str, standard: Standard | None) -> Bundle:
    if not _is_workbook(name):
        return load_evidence(name, standard)
    from adjudge.workbook.importing import import_bundle

    return import_bundle(Path(name), standard, beside=Path(name)).bundle


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
    rows = read_rows(path, "finding or criterion", _header_faults)
    return (_criteria if "status" in rows[0][1] else _findings)(str(path), rows, label, like)


def _header_faults(file: str, header: Sequence[str]) -> Iterator[Fault]:
    of_criteria = "status" in header
    needed = CRITERIA if of_criteria else FINDINGS
    known = needed if of_criteria else FINDINGS + FINDINGS_OPTIONAL
    for name in needed:
        if name not in header:
            yield Fault(file, f"column `{name}` is missing; a coding of {'criteria' if of_criteria else 'findings'} needs {listing(needed)}", 1, 1)
    for column, name in enumerate(header, 1):
        if name not in known:
            yield Fault(file, f"unknown column `{name}` ({listing(known)}){nearest(name, known)}", 1, column)
        elif name in header[: column - 1]:
            yield Fault(file, f"column `{name}` is given twice", 1, column)


def _criteria(file: str, rows: Sequence[Row], label: str, like: Bundle) -> Coding:
    books = {book.rulebook: book for book in like.standard.rulebooks}
    statuses: dict[str, dict[str, str]] = {}
    faults = []
    for row in rows:
        framework, criterion, status = (row[1][name] for name in CRITERIA)
        if framework not in books:
            faults.append(fault(file, row, "framework", f"isn't a framework ({listing(books)}){nearest(framework, books)}"))
        elif unknown := _criterion_fault(file, row, "criterion", criterion, books[framework]):
            faults.append(unknown)
        elif criterion in statuses.get(framework, {}):
            faults.append(fault(file, row, "criterion", f"is given twice for {framework}"))
        if status not in (NOT_ASSESSED, NOT_APPLICABLE):
            faults += _misfits(file, row, "status", criterion, status, [books[framework]] if framework in books else [], like.standard)
        statuses.setdefault(framework, {})[criterion] = status
    if faults:
        raise BadInput(faults)
    return Coding(label, like.model_copy(update={"bundle": label, "records": (), "judgements": ()}), statuses)


def _findings(file: str, rows: Sequence[Row], label: str, like: Bundle) -> Coding:
    faults = [each for row in rows for each in _finding_faults(file, row, like)]
    names = [_name(row, label) for row in rows]
    for row, name in zip(rows, names, strict=True):
        target = row[1].get("duplicate_of")
        if names.count(name) > 1:
            faults.append(fault(file, row, "id", "is given twice"))
        if target and target not in names:
            faults.append(fault(file, row, "duplicate_of", f"isn't the id of a row{nearest(target, names)}"))
    if faults:
        raise BadInput(faults)
    records = tuple(_record(row, name, label, like) for row, name in zip(rows, names, strict=True))
    return Coding(label, like.model_copy(update={"bundle": label, "records": records, "judgements": ()}))


def _name(row: Row, label: str) -> str:
    return row[1].get("id") or f"{label}-{row[0]}"


def _finding_faults(file: str, row: Row, like: Bundle) -> Iterator[Fault]:
    cells, standard = row[1], like.standard
    heirs = {book.rulebook: (book.rulebook,) for book in standard.rulebooks} | dict(like.inherited_by)
    for column, known, noun in (
        ("framework", heirs, "a framework"),
        ("section", SECTION_TITLES, "a section"),
        ("basis", standard.bases, "a basis"),
        ("unit", (WHOLE, *like.body.units), "a unit"),
    ):
        value = cells.get(column) or (WHOLE if column == "unit" else "")
        if value not in known:
            hint = "; the bundle that has it can be named with --about" if like.source == "" and column in ("framework", "unit") else ""
            yield fault(file, row, column, f"isn't {noun} ({listing(known)}){nearest(value, known) or hint}")
    if not whole_number(cells["paragraph"]):
        yield fault(file, row, "paragraph", "isn't the number of a paragraph")
    books = [standard.rulebook(heir) for heir in heirs.get(cells["framework"], ())]
    yield from (each for book in books if (each := _criterion_fault(file, row, "criterion", cells["criterion"], book)))
    yield from _misfits(file, row, "shows", cells["criterion"], cells["shows"], books, standard)
    try:
        for criterion, status in _also(cells).items():
            yield from (each for book in books if (each := _criterion_fault(file, row, "also", criterion, book)))
            yield from _misfits(file, row, "also", criterion, status, books, standard)
    except ValueError as error:
        yield fault(file, row, "also", str(error))
    try:
        if _date(cells, standard) is None:
            yield fault(file, row, "date", "is no date, and the standard has no assessment period that would stand for one")
    except ValueError as error:
        yield fault(file, row, "date", f"can't be read: {error}")
    if cells.get("id") and not _ID.fullmatch(cells["id"]):
        yield fault(file, row, "id", "isn't an id: use lower-case letters and digits, joined by hyphens")


def _criterion_fault(file: str, row: Row, column: str, criterion: str, book: Rulebook) -> Fault | None:
    if criterion in book.by_id:
        return None
    return fault(file, row, column, f"isn't a criterion of {book.rulebook}{nearest(criterion, book.by_id)}", criterion)


_ANY = Criterion(id="any", title="any", text="any")
"""Stands for a criterion that isn't known, so that its value can still be checked."""


def _misfits(file: str, row: Row, column: str, criterion: str, text: str, books: Sequence[Rulebook], standard: Standard) -> Iterator[Fault]:
    """The faults of a value for a criterion, which may be one of several rulebooks."""
    criteria = [book.by_id[criterion] for book in books if criterion in book.by_id] or [_ANY]
    for misfit in dict.fromkeys(standard.misfit(each, _value(text)) for each in criteria):
        if misfit:
            yield replace(fault(file, row, column, ""), message=f"{column}: {misfit}")


def _value(text: str) -> str | int | float:
    """What a cell shows: points if it is a number, else a status."""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else float(text) if re.fullmatch(r"-?\d{1,9}\.\d{1,9}", text) else text


def _record(row: Row, name: str, label: str, like: Bundle) -> Record:
    cells = row[1]
    return Record.model_construct(
        id=name,
        framework=cells["framework"],
        section=cast("Section", cells["section"]),
        paragraph=int(cells["paragraph"]),
        fingerprint="",
        criterion=cells["criterion"],
        shows=_value(cells["shows"]),
        also={criterion: _value(status) for criterion, status in _also(cells).items()},
        basis=cells["basis"],
        date=cast("Period", _date(cells, like.standard)),
        unit=cells.get("unit") or WHOLE,
        duplicate_of=cells.get("duplicate_of") or None,
        summary=cells.get("summary") or "",
        recorded_by=label,
    )


def _date(cells: Mapping[str, str], standard: Standard) -> Period | None:
    return Period.parse(cells["date"]) if cells.get("date") else standard.period


def _also(cells: Mapping[str, str]) -> dict[str, str]:
    """Read ``also``: other criteria with what is shown for each, as in ``tasking=met; training=partly_met``. Raises ValueError."""
    found: dict[str, str] = {}
    for part in (cells.get("also") or "").split(";"):
        criterion, _, status = (each.strip() for each in part.partition("="))
        if part.strip() and not (criterion and status):
            raise ValueError("can't be read; write `criterion=status; criterion=status`")
        if criterion and (criterion in found or criterion == cells["criterion"]):
            raise ValueError(f"names `{criterion}` twice")
        if criterion:
            found[criterion] = status
    return found
