"""Standards and evidence made up for tests: from plain data, with plain defaults. Needs neither pytest nor Hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import yaml

from adjudge.documents import Document, Path_, build
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Body, Bundle, Judgement, Record
from adjudge.language import Period
from adjudge.rulebook import WHOLE, Criterion, Standard, StandardFile
from adjudge.standards import join

UNITS = ("north", "south", "east")
Content = dict[str, Any]


def standard_of(content: Mapping[str, Any], books: Iterable[Mapping[str, Any]]) -> Standard:
    """Return the standard that plain data makes, checked as a loaded one is. Raises BadInput with every fault."""
    faults: list[Fault] = []
    document = _document("standard.yaml", content)
    file = build(document, StandardFile, faults)
    if file is None:
        raise BadInput(faults)
    return join(document, file, [_document(f"{data.get('rulebook')}.yaml", data) for data in books], faults, idle=True)


def _document(name: str, data: Mapping[str, Any]) -> Document:
    """Return plain data as a document; everything in it stands in line 1, column 1."""
    root = _frozen(data)
    places = dict.fromkeys(_paths(root, ()), (1, 1))
    return Document(name, root, places, places)


def _paths(value: Any, path: Path_) -> Iterator[Path_]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for step, each in inner:
        yield from _paths(each, (*path, step))


def _frozen(value: Any) -> Any:
    """Return data as documents hold it: lists as tuples."""
    if isinstance(value, Mapping):
        return {key: _frozen(each) for key, each in value.items()}
    return tuple(_frozen(each) for each in value) if isinstance(value, list | tuple) else value


def as_data(standard: Standard) -> tuple[Content, list[Content]]:
    """Return a standard and its rulebooks as plain data, which `standard_of` reads and YAML writes."""
    content = standard.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"rulebooks", "left_out"})
    books = []
    for book in standard.rulebooks:
        books.append(book.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        for entry, criterion in zip(books[-1]["criteria"], book.criteria, strict=True):
            if scale := criterion.points:
                entry["points"] = {"one_of": list(scale.one_of)} if scale.one_of else {"from": scale.from_, "to": scale.to}
    return content, books


def as_files(standard: Standard) -> dict[str, str]:
    """Return a standard's folder: the YAML text of each file by its name."""
    content, books = as_data(standard)
    named = {"standard.yaml": content, **{f"{book['rulebook']}.yaml": book for book in books}}
    return {name: yaml.dump(data, sort_keys=False, allow_unicode=True, Dumper=_NoAliases) for name, data in named.items()}


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_shown(criterion: Criterion, value: str) -> str | int | float:
    """Return a value as a record shows it: points as a number."""
    if criterion.points is None:
        return value
    return float(Fraction(value)) if Fraction(value).denominator > 1 else int(value)


def bundle(records: tuple[Record, ...], judgements: tuple[Judgement, ...], units: tuple[str, ...], standard: Standard) -> Bundle:
    """Return a bundle of records and judgements under a standard, made up for a test."""
    return Bundle.model_construct(
        bundle="made-up",
        title="Made up",
        body=Body(id="made-up", title="Made up", units={unit: unit for unit in units}),
        source="none",
        standard=standard,
        recorded_by={"tester": "the tester"},
        graded=(),
        records=records,
        judgements=judgements,
    )


def record(
    name: str,
    framework: str,
    criterion: str,
    shows: str | int | float,
    basis: str = "observed",
    date: str = "2007-01",
    unit: str = WHOLE,
    also: Mapping[str, str | int | float] | None = None,
    section: str = "strengths",
    duplicate_of: str | None = None,
) -> Record:
    """Return a record made up for a test."""
    given = {"id": name, "framework": framework, "section": section, "criterion": criterion, "shows": shows, "also": also or {}}
    made_up = {"paragraph": 1, "fingerprint": "0" * 16, "summary": "A finding made up for a test.", "recorded_by": "tester"}
    return Record.model_validate({**given, **made_up, "basis": basis, "date": Period.parse(date), "unit": unit, "duplicate_of": duplicate_of})


def judgement(framework: str, criterion: str | None = None, **decision: object) -> Judgement:
    """Return a judgement made up for a test."""
    about = {"reason": "Made up for a test.", "author": "tester", "date": "2007-09-27"}
    return Judgement.model_validate({"framework": framework, "criterion": criterion, **decision, **about})
