"""A bundle and its answers as tables of Arrow and Parquet, one row a record, status or proposal, and back."""

from __future__ import annotations

import itertools
import json
import os
import tempfile
import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq

from adjudge.documents import M, Model, Path_
from adjudge.errors import BadInput, Fault, listing
from adjudge.evidence import Bundle, Record
from adjudge.grading import Grading
from adjudge.output import ProposalOut, StatusOut, explanation_out, proposal_out
from adjudge.rulebook import Standard
from adjudge.writing import json_documents, load_documents, read_text, to_json

BUNDLE, RECORDS, STATUSES, PROPOSALS = "bundle.json", "records.parquet", "statuses.parquet", "proposals.parquet"


class ShownRow(Model):
    """What a record shows for one criterion: a status, or points where the criterion has a scale."""

    criterion: str
    shows: str | None = None
    points: float | None = None


class RecordRow(Model):
    """A record as a row: see `adjudge.evidence.Record`. ``shows`` is a status; ``points`` stands instead of it where the criterion has a scale."""

    id: str
    framework: str
    section: str
    paragraph: int
    fingerprint: str
    criterion: str
    shows: str | None = None
    points: float | None = None
    also: tuple[ShownRow, ...] = ()
    basis: str
    date: str
    unit: str
    see_also: tuple[str, ...] = ()
    duplicate_of: str | None = None
    same_fact_as: str | None = None
    note: str | None = None
    summary: str
    recorded_by: str


class StatusRow(StatusOut):
    """A criterion's status as a row, with its framework."""

    framework: str


def to_table(rows: Iterable[Model], model: type[Model]) -> pa.Table:
    """Return models as a table: a column for each field, nested ones as lists, structs and maps."""
    return pa.Table.from_pylist([row.model_dump(mode="json") for row in rows], schema=_schema(model))


def from_table(table: pa.Table, model: type[M], file: str = "table") -> tuple[M, ...]:
    """Return a table's rows as models. Raises BadInput, naming ``file``, with every column that is missing or of another type."""
    schema = _schema(model)
    faults, columns = [], []
    for field in schema:
        if field.name not in table.column_names:
            faults.append(Fault(file, f"column `{field.name}` is missing (needed: {listing(schema.names)})"))
            continue
        try:
            columns.append(table.column(field.name).cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            faults.append(Fault(file, f"column `{field.name}` holds {table.column(field.name).type}; expected {field.type}"))
    if faults:
        raise BadInput(faults)
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    found = []
    for number, row in enumerate(pa.table(columns, names=schema.names).to_pylist(), 1):
        empty = [name for name in required if row[name] is None and not _optional(model.model_fields[name].annotation)]
        faults += [Fault(file, f"row {number}: `{name}` is empty") for name in empty]
        if not faults:
            found.append(model.model_validate(_without_null_lists(row, model)))
    if faults:
        raise BadInput(faults)
    return tuple(found)


def record_rows(bundle: Bundle) -> tuple[RecordRow, ...]:
    """Return a bundle's records as rows, in their order."""
    return tuple(_record_row(record) for record in bundle.records)


def status_rows(grading: Grading) -> tuple[StatusRow, ...]:
    """Return the status of every criterion of a grading, with the records behind it."""
    return tuple(
        StatusRow(framework=proposal.framework, **dict(status)) for proposal in grading for status in explanation_out(grading, proposal).statuses
    )


def proposal_rows(grading: Grading) -> tuple[ProposalOut, ...]:
    """Return the proposals of a grading: those of ``adjudge grade --format json``."""
    return tuple(proposal_out(grading, proposal) for proposal in grading)


def write_tables(grading: Grading, folder: Path, replace: bool = False) -> None:
    """Write the tables of a graded bundle into a folder: all of the bundle but its records as JSON, the three tables as Parquet.

    The folder is new or empty, or with ``replace`` one whose tables are replaced. Raises BadInput if it can't be written; then nothing is.
    """
    head = json.loads(to_json(grading.bundle))
    for file in head["records"]:
        file["records"] = []
    tables = {
        RECORDS: to_table(record_rows(grading.bundle), RecordRow),
        STATUSES: to_table(status_rows(grading), StatusRow),
        PROPOSALS: to_table(proposal_rows(grading), ProposalOut),
    }
    try:
        if folder.exists() and not folder.is_dir():
            raise BadInput.at(str(folder), "a file of that name exists; choose another folder")
        if folder.is_dir() and any(folder.iterdir()) and not replace:
            raise BadInput.at(str(folder), "the folder isn't empty; choose another, or replace the tables in it with `--force`")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
            part = Path(temporary)
            (part / BUNDLE).write_text(json.dumps(head, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
            for name, table in tables.items():
                pq.write_table(table, part / name)
            folder.mkdir(exist_ok=True)
            for name in (BUNDLE, *tables):
                os.replace(part / name, folder / name)
    except OSError as error:
        raise BadInput.at(str(folder), f"can't be written ({(error.strerror or 'unwritable').lower()})") from None


def read_tables(folder: Path, standard: Standard | None = None) -> Bundle:
    """Load a bundle from the folder of its tables: ``bundle.json`` and the records. The other tables are answers, and aren't read.

    Raises BadInput with every fault, each with its row.
    """
    file = str(folder / RECORDS)
    try:
        table = pq.read_table(folder / RECORDS)
    except pa.ArrowInvalid:
        raise BadInput.at(file, "not a Parquet file, or a damaged one") from None
    except OSError as error:
        raise BadInput.at(file, f"can't be opened, or damaged ({(error.strerror or str(error)).lower()})") from None
    text = read_text(folder / BUNDLE)
    content, _ = json_documents(text, str(folder / BUNDLE))
    rows = from_table(table, RecordRow, file)
    places = _place(content, rows)

    def locate(name: str, path: Path_, message: str) -> Fault:
        if name in places and len(path) > 1 and path[0] == "records":
            row, rest = places[name][int(path[1])], path[2:]
            return Fault(file, f"row {row}{f', `{rest[0]}`' if rest else ''}: {message}" if message else f"row {row}")
        at = ".".join(map(str, (name.removesuffix(".yaml"), *path)))
        return Fault(str(folder / BUNDLE), f"{at}: {message}" if message else at)

    return load_documents(content, standard, locate)


def _place(content: dict[str, Any], rows: Sequence[RecordRow]) -> dict[str, list[int]]:
    """Put rows into the files of records of a bundle's documents; return the numbers of each file's rows."""
    heads: dict[str, list[dict[str, Any]]] = {}
    for name in [name for name in content if name.startswith("records/")]:
        head = content.pop(name)
        heads.setdefault(str(head.get("framework")), []).append(head)
    places: dict[str, list[int]] = {}
    last: dict[str, dict[str, Any]] = {framework: each[0] for framework, each in heads.items()}
    for framework, run in itertools.groupby(enumerate(rows, 1), key=lambda pair: pair[1].framework):
        numbered = list(run)
        waiting = heads.get(framework)
        known = waiting.pop(0) if waiting else {key: value for key, value in last.get(framework, {}).items() if key != "heading"}
        name = f"records/{len(places):06}.yaml"
        first = numbered[0][1]
        unless = {"date": first.date, "recorded_by": first.recorded_by}
        content[name] = {**known, "framework": framework, "unless_stated": unless, "records": [_entry(row) for _, row in numbered]}
        places[name] = [number for number, _ in numbered]
    for head in itertools.chain.from_iterable(heads.values()):
        content[f"records/{len(content):06}-empty.yaml"] = head
    return places


def _record_row(record: Record) -> RecordRow:
    values = {name: getattr(record, name) for name in RecordRow.model_fields if name not in ("shows", "points", "also", "date")}
    also = tuple(ShownRow(criterion=criterion, **_split(shows)) for criterion, shows in record.also.items())
    return RecordRow(**values, **_split(record.shows), also=also, date=str(record.date))


def _split(shows: str | int | float) -> dict[str, Any]:
    return {"shows": shows} if isinstance(shows, str) else {"points": float(shows)}


def _joined(row: RecordRow | ShownRow) -> object:
    """Return the status or the points of a row, whichever is there: both or neither is for the loading to refuse."""
    if row.points is None or row.shows is not None:
        return row.shows
    return int(row.points) if row.points.is_integer() else row.points


def _entry(row: RecordRow) -> dict[str, Any]:
    values = row.model_dump(mode="json", exclude_defaults=True, exclude={"framework", "shows", "points", "also"})
    return {**values, "shows": _joined(row), **({"also": {each.criterion: _joined(each) for each in row.also}} if row.also else {})}


def _schema(model: type[Model]) -> pa.Schema:
    return pa.schema([pa.field(name, _arrow(field.annotation)) for name, field in model.model_fields.items()])


def _optional(annotation: Any) -> bool:
    return type(None) in get_args(annotation)


def _arrow(annotation: Any) -> pa.DataType:
    """Return the type of Arrow that a field's annotation stands for."""
    plain = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    if annotation in plain:
        return plain[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return pa.struct([pa.field(name, _arrow(field.annotation)) for name, field in annotation.model_fields.items()])
    inner = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Literal:
        return pa.string()
    if origin in (Union, types.UnionType):
        return _arrow(next(each for each in inner if each is not type(None)))
    if origin in (dict, Mapping):
        return pa.map_(_arrow(inner[0]), _arrow(inner[1]))
    return pa.list_(_arrow(inner[0]))


def _without_null_lists(value: Any, model: type[Model]) -> Any:
    """Turn what Arrow gives for a nested value into what a model takes: pairs into mappings, no list into an empty one."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        each, kind = value[name], _arrow(field.annotation)
        if pa.types.is_map(kind):
            found[name] = dict(each or ())
        elif pa.types.is_list(kind):
            inner = get_args(field.annotation)[0]
            nested = isinstance(inner, type) and issubclass(inner, Model)
            found[name] = tuple(_without_null_lists(one, inner) if nested else one for one in each or ())
        elif each is not None:
            found[name] = each
        elif field.is_required():
            found[name] = None
    return found
