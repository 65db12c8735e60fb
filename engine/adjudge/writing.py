"""Write a bundle as the documents that it is loaded from, YAML in a folder or one JSON, and load it back from them."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from adjudge.bundles import load_evidence
from adjudge.documents import MAX_BYTES, Model, Path_, read, shown
from adjudge.emission import CONTROL, to_yaml
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.evidence import (
    Bundle,
    BundleFile,
    ContextFile,
    DevelopingPractice,
    GlossaryFile,
    Judgement,
    PublishedFile,
    Recommendation,
    Record,
    RecordEntry,
    RecordsFile,
)
from adjudge.rulebook import Standard

Plain = dict[str, Any]
Locate = Callable[[str, Path_, str], Fault]
"""Makes a fault of a document's name, a path in it, and a message; the name is empty for a fault of the bundle as a whole."""


class BundleOut(Model):
    """A bundle as one JSON document: what its YAML documents hold, one key each, the files of records in order."""

    bundle: BundleFile
    records: tuple[RecordsFile, ...]
    judgements: tuple[Judgement, ...] = ()
    published: PublishedFile | None = None
    recommendations: tuple[Recommendation, ...] = ()
    developing_practice: tuple[DevelopingPractice, ...] = ()
    context: ContextFile | None = None
    glossary: GlossaryFile | None = None


MAX_JSON = 100_000_000
"""How many bytes the JSON of a bundle may have: it holds all of its documents."""
WRAPPED = ("judgements", "recommendations", "developing_practice")
"""The keys whose JSON is a list and whose YAML document holds that list under the same key."""


def documents(bundle: Bundle) -> dict[str, Plain]:
    """Return a bundle's documents by their file names; loading them gives an equal bundle."""
    about: Plain = {"bundle": bundle.bundle, "title": bundle.title, "body": plain(bundle.body), "standard": bundle.standard.standard}
    about |= {"source": bundle.source, "recorded_by": dict(bundle.recorded_by)}
    if bundle.graded:
        about["graded"] = list(bundle.graded)
    if bundle.date:
        about["date"] = bundle.date.isoformat()
    found: dict[str, Plain] = {"bundle.yaml": about, **_records_files(bundle)}
    for key in WRAPPED:
        if entries := [plain(each) for each in getattr(bundle, key)]:
            found[_file(key)] = {key: entries}
    if bundle.published is not None:
        found["published.yaml"] = {"source": bundle.published.source, "bodies": bundle.published.bodies}
        found["published.yaml"]["grades"] = [plain(each) for each in bundle.published.grades]
    if bundle.context is not None:
        found["context.yaml"] = bundle.context.model_dump(mode="json")
    if bundle.glossary:
        found["glossary.yaml"] = {"glossary": dict(bundle.glossary)}
    return found


def plain(model: Model) -> Plain:
    """Return a model's content as a document writes it: what has its default is left out."""
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def entry(record: Record, unless_stated: Mapping[str, Any] | None = None) -> Plain:
    """Return a record as a file writes it, without what the file says for all unless stated otherwise."""
    values = plain(record)
    unless = unless_stated or {}
    default = {"unit": "whole"}
    kept = {name: values.get(name, default.get(name)) for name in RecordEntry.model_fields if name in values or name in unless}
    return {name: value for name, value in kept.items() if not (name in unless and unless[name] == value)}


def _records_files(bundle: Bundle) -> dict[str, Plain]:
    """A file for each framework; numbered where the order of their names isn't that of the records."""
    parts = [(framework, list(group)) for framework, group in itertools.groupby(bundle.records, key=lambda record: record.framework)]
    headings: dict[str, list[str]] = {}
    for heading, framework in bundle.headings.items():
        headings.setdefault(framework, []).append(heading)
    for framework in dict.fromkeys((*headings, *bundle.inherited_by)):
        here = sum(part[0] == framework for part in parts)
        parts.extend((framework, []) for _ in range(here, max(len(headings.get(framework, ())), 1)))
    names = [f"{framework}.yaml" for framework, _ in parts]
    filled = [name for name, (_, records) in zip(names, parts, strict=True) if records]
    if len(set(names)) < len(names) or filled != sorted(filled):
        digits = len(str(len(parts)))
        names = [f"{index:0{digits}}-{name}" for index, name in enumerate(names, 1)]
    found: dict[str, Plain] = {}
    for name, (framework, records) in zip(names, parts, strict=True):
        file: Plain = {"framework": framework}
        if headings.get(framework):
            file["heading"] = headings[framework].pop(0)
        if framework in bundle.inherited_by:
            file["inherited_by"] = list(bundle.inherited_by[framework])
        unless = {
            "date": _commonest([str(record.date) for record in records], str(bundle.standard.period)),
            "unit": _commonest([record.unit for record in records], "whole"),
            "recorded_by": _commonest([record.recorded_by for record in records], next(iter(bundle.recorded_by))),
        }
        file["unless_stated"] = {key: value for key, value in unless.items() if (key, value) != ("unit", "whole")}
        file["records"] = [entry(record, unless) for record in records]
        found[f"records/{name}"] = file
    return found


def _commonest(values: Sequence[str], otherwise: str) -> str:
    return Counter(values).most_common(1)[0][0] if values else otherwise


def _file(key: str) -> str:
    return f"{key.replace('_', '-')}.yaml"


def write_bundle(bundle: Bundle, folder: Path, replace: bool = False) -> None:
    """Write a bundle's documents into a folder that doesn't exist or is empty, whole or not at all.

    With ``replace`` the documents of a bundle that stands there are replaced; other files stay. Raises BadInput if that can't be done.
    """
    write_documents(documents(bundle), folder, replace)


def write_documents(content: Mapping[str, Mapping[str, Any]], folder: Path, replace: bool = False) -> None:
    """Write documents, as `write_bundle` does."""
    where = str(folder)
    faults = [
        Fault(f"{where}/{name}", f"a control character in {'.'.join(map(str, path))}; remove it")
        for name, document in content.items()
        for path, _ in _control_characters(document)
    ]
    if faults:
        raise BadInput(faults)
    try:
        if folder.exists() and not folder.is_dir():
            raise BadInput.at(where, "a file of that name exists; choose another folder")
        there = folder.is_dir() and any(folder.iterdir())
        if there and not replace:
            raise BadInput.at(where, "the folder isn't empty; choose another, or replace the documents in it with `--force`")
        schema = "../schema/" if (folder.parent / "schema" / "bundle.schema.json").is_file() else None
        texts = {name: _head(name, schema) + to_yaml(document) for name, document in content.items()}
        for name, text in texts.items():
            if len(text.encode()) > MAX_BYTES:
                raise BadInput.at(f"{where}/{name}", f"more than {MAX_BYTES / 1e6:.0f} MB, which no document may have")
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _put(temporary, texts)
            _move(temporary, folder, texts)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise BadInput.at(where, f"can't be written ({(error.strerror or 'unwritable').lower()})") from None


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    (folder / "records").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _move(temporary: Path, folder: Path, names: Mapping[str, str]) -> None:
    """Move what is written to its place: the whole folder at once or, where one stands, each document over the old one."""
    temporary.chmod(0o755)
    if not folder.exists() or not any(folder.iterdir()):
        if folder.exists():
            folder.rmdir()
        os.replace(temporary, folder)
        return
    (folder / "records").mkdir(exist_ok=True)
    for name in names:
        os.replace(temporary / name, folder / name)
    optional = [*(_file(key) for key in BundleOut.model_fields if key not in ("bundle", "records"))]
    old = [*(folder / name for name in optional), *(folder / "records").glob("*.yaml")]
    for path in old:
        if str(path.relative_to(folder).as_posix()) not in names:
            path.unlink(missing_ok=True)


def _head(name: str, schema: str | None) -> str:
    if schema is None:
        return ""
    deeper, _, rest = name.rpartition("/")
    stem = deeper or rest.removesuffix(".yaml")
    return f"# yaml-language-server: $schema={'../' if deeper else ''}{schema}{stem}.schema.json\n"


def load_documents(content: Mapping[str, Mapping[str, Any]], standard: Standard | None, locate: Locate) -> Bundle:
    """Load a bundle from documents of plain values, checked as any bundle is.

    Raises BadInput with every fault, each one put by ``locate`` where the user wrote the value.
    """
    faults = [
        locate(name, path, "a control character in the text; remove it") for name, each in content.items() for path, _ in _control_characters(each)
    ]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "evidence" / "bundle"
        folder.mkdir(parents=True)
        try:
            _put(folder, {name: to_yaml(_without_control(document)) for name, document in content.items()})
            bundle = load_evidence(folder, standard)
        except BadInput as error:
            traced = _Traced(folder, content, locate)
            raise BadInput([*faults, *map(traced.fault, error.faults)]) from None
    if faults:
        raise BadInput(faults)
    return bundle


class _Traced:
    """Traces faults of documents that were written to a folder for a moment back to where the user wrote them."""

    def __init__(self, folder: Path, content: Mapping[str, object], locate: Locate) -> None:
        self._names = {shown(folder / name): name for name in content}
        self._folder = folder
        self._locate = locate
        self._paths: dict[str, dict[tuple[int, int], Path_]] = {}

    def fault(self, fault: Fault) -> Fault:
        name = self._names.get(fault.file, "")
        return self._locate(name, self._path(name, fault.line, fault.column), self._message(name, fault.message))

    def _message(self, name: str, message: str) -> str:
        """A message that points to another place of the documents points to where the user wrote it."""
        found = re.search(r"\(first in (?:(.+), )?line (\d+)\)$", message)
        if not found:
            return message
        other = self._names.get(found[1], name) if found[1] else name
        first = str(self._locate(other, self._path(other, int(found[2]), 0), "")).removesuffix(": ")
        return f"{message[: found.start()]}(first in {first})"

    def _path(self, name: str, line: int, column: int) -> Path_:
        if not name or not line:
            return ()
        if name not in self._paths:
            try:
                document = read(self._folder / name)
            except BadInput:
                return ()
            self._paths[name] = {place: path for places in (document.keys, document.places) for path, place in places.items()}
        paths = self._paths[name]
        if (line, column) in paths:
            return paths[line, column]
        return next((path for (row, _), path in sorted(paths.items(), reverse=True) if row == line), ())


def to_json(bundle: Bundle) -> str:
    """Return a bundle as one JSON document: see `BundleOut`, whose JSON Schema is published."""
    content: Plain = {"records": []}
    for name, document in documents(bundle).items():
        if name.startswith("records/"):
            content["records"].append(document)
        else:
            key = name.removesuffix(".yaml").replace("-", "_")
            content[key] = document[key] if key in WRAPPED else document
    return json.dumps({key: content[key] for key in BundleOut.model_fields if key in content}, indent=1, ensure_ascii=False) + "\n"


def read_text(path: Path) -> str:
    """Return the text of a bundle's JSON. Raises BadInput if it can't be opened, isn't UTF-8 or is larger than any bundle."""
    try:
        if path.stat().st_size > MAX_JSON:
            raise BadInput.at(str(path), f"more than {MAX_JSON / 1e6:.0f} MB, which no bundle has")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput.at(str(path), "not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise BadInput.at(str(path), f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None


def json_documents(text: str, file: str) -> tuple[dict[str, Plain], dict[str, Path_]]:
    """Return the documents that a bundle's JSON holds, by their names, and the path in the JSON of each. Raises BadInput with every fault."""
    try:
        content = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_doubles)
    except json.JSONDecodeError as error:
        raise BadInput([Fault(file, f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno, error.colno)]) from None
    except ValueError as error:
        raise BadInput.at(file, f"not valid JSON: {error}") from None
    except RecursionError:
        raise BadInput.at(file, "nested too deep") from None
    found: dict[str, Plain] = {}
    keys: dict[str, Path_] = {"": ()}
    faults: list[Fault] = []

    def take(name: str, path: Path_, value: object) -> None:
        keys[name] = path
        if isinstance(value, dict):
            found[name] = value
        else:
            faults.append(Fault(file, f"{_dotted(path)}: expected keys and values"))

    if not isinstance(content, dict):
        raise BadInput.at(file, "expected a document of keys and values at the top")
    for key, value in content.items():
        if key not in BundleOut.model_fields:
            faults.append(Fault(file, f"unknown key `{key}` ({listing(BundleOut.model_fields)}){nearest(key, BundleOut.model_fields)}"))
        elif key == "records" and isinstance(value, list):
            for index, each in enumerate(value):
                take(f"records/{index:06}.yaml", (key, index), each)
        elif key == "records":
            faults.append(Fault(file, "records: expected a list"))
        elif key in WRAPPED:
            found[_file(key)], keys[_file(key)] = {key: value}, ()
        elif value is not None:
            take(_file(key), (key,), value)
    if "bundle" not in content:
        faults.append(Fault(file, "`bundle` is missing"))
    if faults:
        raise BadInput(faults)
    return found, keys


def from_json(text: str, file: str, standard: Standard | None = None) -> Bundle:
    """Load a bundle from its JSON; ``file`` names it in messages. Raises BadInput with every fault, each after its path in the JSON."""
    found, keys = json_documents(text, file)

    def locate(name: str, path: Path_, message: str) -> Fault:
        at = _dotted((*keys[name], *path))
        return Fault(file, f"{at}: {message}" if at and message else at or message)

    try:
        return load_documents(found, standard, locate)
    except RecursionError:
        raise BadInput.at(file, "nested too deep") from None


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path))


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"`{word}` isn't a number of JSON")


def _no_doubles(pairs: list[tuple[str, Any]]) -> Plain:
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise ValueError(f"key `{key}` is given twice")
    return dict(pairs)


def _control_characters(value: object, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Yield the path of each text, or key, that holds a character which no document may have."""
    if isinstance(value, str) and CONTROL.search(value):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if CONTROL.search(key):
                yield path, key
            yield from _control_characters(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _control_characters(inner, (*path, index))


def _without_control(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROL.sub(" ", value)
    if isinstance(value, Mapping):
        return {CONTROL.sub(" ", key): _without_control(inner) for key, inner in value.items()}
    return [_without_control(inner) for inner in value] if isinstance(value, list | tuple) else value
