"""From a bundle to the rows of its tables, and from rows to the bundle's documents, each value with its cell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adjudge.documents import Path_
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.rulebook import NOT_APPLICABLE, Standard
from adjudge.workbook.cells import MOST_ROWS, CellFault, Place, Row, Rows, length
from adjudge.workbook.layout import CONTEXT_KEYS, DOMINANT, ITEMS, OVERVIEWS, PROGRAMME, Table
from adjudge.workbook.words import to_cell
from adjudge.writing import documents, entry

Plain = dict[str, Any]
ORDER, CONTEXT = "order of the frameworks' findings", "context"
DERIVED_ITEMS = (ORDER, CONTEXT)
"""Items that follow from the rest of a bundle and stand only where one needs them."""
ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


def rows_of(bundle: Bundle, tables: Iterable[Table]) -> dict[str, list[Plain]]:
    """Return the rows of each table by its name: plain values by column, without those that are left out."""
    content = documents(bundle)
    return {table.name: list(_rows(bundle, table, content)) for table in tables}


def _rows(bundle: Bundle, table: Table, content: Mapping[str, Plain]) -> Iterable[Plain]:
    document = content.get(table.document, {})
    match table.shape:
        case "items":
            values = {item.label: _dig(content.get(item.document, {}), item.path) for item in ITEMS} | _particulars(bundle)
            return [{"item": item.label, "help": item.help} | _given("value", values[item.label]) for item in ITEMS]
        case "mapping":
            return [{"key": key, "text": text} for key, text in (_dig(document, table.path) or {}).items()]
        case "overviews":
            return _overviews(bundle)
        case "texts":
            return [{"kind": kind, "text": text} for kind in PROGRAMME for text in document.get(kind, ())]
        case "judgements":
            return [_decision(each) for each in document.get("judgements", ())]
    if table.framework:
        period = str(bundle.standard.period)
        records = (entry(record) for record in bundle.records if record.framework == table.framework)
        return [{key: value for key, value in each.items() if (key, value) != ("date", period)} for each in records]
    entries = _dig(document, table.path) or ()
    return [{column.key: value for column in table.columns if (value := _dig(each, tuple(column.key.split(".")))) is not None} for each in entries]


def _particulars(bundle: Bundle) -> Plain:
    """What only some bundles need: an order of findings that isn't that of the frameworks' ids, a context in which nothing stands."""
    order = list(dict.fromkeys(record.framework for record in bundle.records))
    found: Plain = {}
    if [f"{each}.yaml" for each in order] != sorted(f"{each}.yaml" for each in order):
        found[ORDER] = order
    if bundle.context is not None and not any(bundle.context.model_dump().values()):
        found[CONTEXT] = "empty"
    return found


def _overviews(bundle: Bundle) -> list[Plain]:
    named = [(framework, heading) for heading, framework in bundle.headings.items()]
    named += [(framework, "") for framework in bundle.inherited_by if framework not in bundle.headings.values()]
    return [
        {"framework": framework} | _given("heading", heading or None) | _given("inherited_by", list(bundle.inherited_by.get(framework, ())) or None)
        for framework, heading in named
    ]


def _decision(judgement: Plain) -> Plain:
    row = {key: value for key, value in judgement.items() if key in ("framework", "criterion", "reason", "author", "date")}
    row["decides"] = NOT_APPLICABLE if "not_applicable" in judgement else DOMINANT if "dominant" in judgement else None
    row["decides"] = row["decides"] or judgement.get("status") or judgement["grade"]
    return row


def _dig(content: Any, path: Path_) -> Any:
    """The value that a path leads to, or None."""
    for step in path:
        content = content.get(step) if isinstance(content, Mapping) else None
    return content


def _given(key: str, value: Any) -> Plain:
    return {} if value is None else {key: value}


def shown(table: Table, row: Plain) -> dict[str, str | int | float]:
    """Return what the cells of a row show, by column."""
    found = {}
    for column in table.columns:
        if column.key not in row:
            continue
        words, kind, value = column.words, column.kind, row[column.key]
        if table.shape == "judgements" and column.key == "decides" and "criterion" not in row:
            words = column.others
        if table.shape == "items" and column.key == "value":
            kind = next(item.kind for item in ITEMS if item.label == row["item"])
        text = to_cell(kind, value, words, column.others)
        if text != "":
            found[column.key] = text
    return found


def check_size(tables: Iterable[Table], rows: Mapping[str, Sequence[Plain]], where: str, most: int, advice: str) -> None:
    """Raise BadInput if a table has more rows, or a cell more characters (``most``), than could be read back; ``advice`` follows the message."""
    faults = []
    for table in tables:
        if len(rows[table.name]) > MOST_ROWS // 2:
            faults.append(CellFault(where, f"{table.title} has {len(rows[table.name]):,} rows; a table may have {MOST_ROWS // 2:,}"))
        for row in rows[table.name]:
            for key, value in shown(table, row).items():
                if isinstance(value, str) and length(value) > most:
                    name = f"{table.title}, {next(iter(row.values()))}: `{table.by_key[key].heading}`"
                    faults.append(CellFault(where, f"{name} has {length(value):,} characters; {advice.format(most=most)}"))
    if faults:
        raise BadInput(faults)


def identity(table: Table, row: Plain) -> tuple[str, ...]:
    """Return what tells a row from another of its table: the text of its key columns or, without such, of all."""
    if table.shape == "judgements":
        aspect = "significance" if row.get("decides") == DOMINANT else "status"
        return (str(row.get("framework")), str(row.get("criterion")), aspect if row.get("criterion") else "grade")
    keys = table.identity or [column.key for column in table.columns]
    return tuple(str(row.get(key)) for key in keys)


@dataclass
class Assembled:
    """The documents that rows stand for, and the cell of each value."""

    documents: dict[str, Plain] = field(default_factory=dict)
    places: dict[tuple[str, Path_], Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def put(self, document: str, path: Path_, value: Any, place: Place | None) -> None:
        """Put a value into a document (nothing, if it is None) and remember its cell."""
        if place:
            for end in range(len(path), 0, -1):
                self.places.setdefault((document, path[:end]), place)
        if value is None:
            return
        target: Any = self.documents.setdefault(document, {})
        for step, following in itertools.pairwise(path):
            if isinstance(target, dict):
                target.setdefault(step, [] if isinstance(following, int) else {})
            target = target[step]
        target[path[-1]] = value

    def locate(self, file: str) -> Any:
        """Return the function that puts a fault of a document where its value is written; ``file`` is the whole workbook or folder."""

        def locate(document: str, path: Path_, message: str) -> Fault:
            missing = re.fullmatch(r"`(\w+)` is missing", message)
            if missing and (document, (*path, missing[1])) in self.places:
                path = (*path, missing[1])
            while path and (document, path) not in self.places:
                path = path[:-1]
            place = self.places.get((document, path))
            message = message.replace(f"(first in {file}, ", "(first in ")
            return place.fault(message) if place else CellFault(file, message)

        return locate


def assemble(standard: Standard, tables: Iterable[Table], read: Mapping[str, Rows]) -> Assembled:
    """Return the documents that the rows of all tables stand for."""
    made = Assembled()
    by_shape = {table.shape: table for table in tables}
    items = {row.values.get("item"): row for row in read[by_shape["items"].name].rows}
    for item in ITEMS:
        if item.document and item.label in items:
            made.put(item.document, item.path, items[item.label].values.get("value"), items[item.label].places["value"])
    made.documents.setdefault("bundle.yaml", {}).setdefault("body", {})
    made.documents["bundle.yaml"].setdefault("recorded_by", {})
    order = items[ORDER].values.get("value") if ORDER in items else None
    overviews = _read_overviews(read[OVERVIEWS.name], made)
    for table in tables:
        if not table.framework and table.shape not in ("items", "overviews"):
            _assemble_rows(made, table, read[table.name])
    for table in tables:
        if table.framework:
            _assemble_findings(made, standard, table, read[table.name], overviews, order)
    if "context.yaml" in made.documents or (CONTEXT in items and items[CONTEXT].values.get("value")):
        context = made.documents.setdefault("context.yaml", {})
        for key in CONTEXT_KEYS:
            context.setdefault(key, [])
    if "published.yaml" in made.documents:
        made.documents["published.yaml"].setdefault("grades", [])
    return made


def _read_overviews(rows: Rows, made: Assembled) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows.rows:
        framework = row.values.get("framework")
        if framework is None:
            made.faults.append(row.places["framework"].fault("`framework` is missing"))
            continue
        if not ID.fullmatch(framework):
            message = f"`{framework}` isn't an id: use lower-case letters and digits, joined by hyphens"
            made.faults.append(row.places["framework"].fault(message))
            continue
        first = found.setdefault(framework, [row])[0]
        if row is not first:
            if row.values.get("inherited_by") != first.values.get("inherited_by"):
                made.faults.append(row.places["inherited_by"].fault(f"`{framework}` is inherited by others above; write the same here"))
            found[framework].append(row)
    return found


def _assemble_findings(
    made: Assembled, standard: Standard, table: Table, rows: Rows, overviews: Mapping[str, list[Row]], order: list[str] | None
) -> None:
    """One document for a framework's findings, and one more for each further heading that it has."""
    framework = table.framework or ""
    named = overviews.get(framework, [])
    if not rows.rows and not named:
        return
    number = f"{order.index(framework):03}-" if order and framework in order else "999-" if order else ""
    coders = made.documents["bundle.yaml"]["recorded_by"]
    for index in range(max(len(named), 1)):
        document = f"records/{number}{framework}{f'.{index}' if index else ''}.yaml"
        made.put(document, ("framework",), framework, named[index].places["framework"] if named else rows.heading)
        if named:
            made.put(document, ("heading",), named[index].values.get("heading"), named[index].places["heading"])
            made.put(document, ("inherited_by",), named[index].values.get("inherited_by"), named[index].places["inherited_by"])
        unless: Plain = {"date": str(standard.period), "recorded_by": next(iter(coders), "nobody")}
        made.documents[document] |= {"unless_stated": unless, "records": []}
        for number_, row in enumerate(rows.rows if index == 0 else ()):
            path: Path_ = ("records", number_)
            made.places[document, path] = row.places[table.columns[0].key]
            made.documents[document]["records"].append({})
            if "recorded_by" not in row.values and len(coders) > 1:
                made.faults.append(row.places["recorded_by"].fault("say who recorded it: the bundle has more than one coder"))
            _assemble_entry(made, table, document, path, row)


def _assemble_entry(made: Assembled, table: Table, document: str, path: Path_, row: Row) -> None:
    for column in table.columns:
        value = row.values.get(column.key, {} if column.always else None)
        made.put(document, (*path, *column.key.split(".")), value, row.places[column.key])


def _assemble_rows(made: Assembled, table: Table, rows: Rows) -> None:
    made.places.setdefault((table.document, table.path), rows.heading)
    counts: dict[str, int] = {}
    first: dict[str, Place] = {}
    index = 0
    for row in rows.rows:
        key, place = str(row.values.get("key", row.values.get("kind"))), row.places[table.columns[0].key]
        if table.shape in ("mapping", "texts") and (blank := [each for each in table.columns if each.key not in row.values]):
            made.faults.extend(row.places[each.key].fault(f"`{each.heading}` is missing") for each in blank)
            if table.shape == "mapping" and "key" in row.values:
                made.put(table.document, (*table.path, key), "not given", None)
        elif table.shape == "mapping":
            if key in first:
                made.faults.append(place.fault(f"`{key}` is given twice (first in {first[key].cell})"))
                continue
            first[key] = place
            made.put(table.document, (*table.path, key), row.values["text"], row.places["text"])
        elif table.shape == "texts":
            if key not in PROGRAMME:
                made.faults.append(place.fault(f"`{key}` isn't a kind ({', '.join(f'`{each}`' for each in PROGRAMME.values())})"))
                continue
            counts[key] = counts.get(key, -1) + 1
            made.put(table.document, (key,), [], None) if counts[key] == 0 else None
            made.documents[table.document][key].append(row.values["text"])
            made.places[table.document, (key, counts[key])] = row.places["text"]
        else:
            path = (*table.path, index)
            if index == 0:
                made.put(table.document, table.path, [], None)
            made.documents[table.document][str(table.path[0])].append({})
            made.places[table.document, path] = place
            if table.shape == "judgements":
                _assemble_judgement(made, table, path, row)
            else:
                _assemble_entry(made, table, table.document, path, row)
            index += 1


def _assemble_judgement(made: Assembled, table: Table, path: Path_, row: Row) -> None:
    decides = row.values.get("decides")
    for key in ("framework", "criterion", "reason", "author", "date"):
        made.put(table.document, (*path, key), row.values.get(key), row.places[key])
    aspect = "grade" if "criterion" not in row.values else decides if decides in (NOT_APPLICABLE, DOMINANT) else "status"
    if decides is None:
        made.faults.append(
            row.places["decides"].fault("`decides` is missing: write a status, `not applicable` or `dominant`, or, without a criterion, a grade")
        )
        decides = "undecided"
    made.put(table.document, (*path, aspect), True if aspect in (NOT_APPLICABLE, DOMINANT) else decides, row.places["decides"])
