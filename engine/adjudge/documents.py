"""Find and read YAML documents: every value keeps its line and column, and every fault is reported in the user's words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from adjudge.errors import BadInput, Fault, listing, nearest

MAX_BYTES = 8_000_000
MAX_DEPTH = 40

Value = str | int | float | bool | None | tuple["Value", ...] | dict[str, "Value"]
Path_ = tuple[str | int, ...]
Place = tuple[int, int]


class Model(BaseModel):
    """Base of everything that a document holds: frozen, strict, unknown keys refused."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True)


M = TypeVar("M", bound=Model)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Edition = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.\-]+$")]
NonEmpty = Field(min_length=1)


@dataclass(frozen=True)
class Document:
    """A YAML file as read. ``places`` maps the path of each value, ``keys`` that of each key, to line and column from 1."""

    file: str
    root: dict[str, Value]
    places: Mapping[Path_, Place]
    keys: Mapping[Path_, Place]

    def fault(self, path: Path_, message: str) -> Fault:
        """Return a fault at the value that a path leads to, or at the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Fault(self.file, message, line, column)

    def key_fault(self, path: Path_, message: str) -> Fault:
        """Return a fault at the key that a path ends in."""
        line, column = self.keys.get(path, (1, 1))
        return Fault(self.file, message, line, column)


def shipped(kind: str) -> Path:
    """Return the folder of the shipped ``rules`` or ``evidence``: in an installed package, or beside ``engine/``."""
    here = Path(__file__).parent
    return here / kind if (here / kind).is_dir() else here.parents[1] / kind


def find(kind: str, name: str | Path, noun: str) -> Path:
    """Return the path that a name or path stands for: an existing path first, then the shipped ``kind``/``name``.

    Raises BadInput, with the nearest shipped name, if there is neither.
    """
    path = Path(name)
    try:
        if path.exists():
            return path
        at_home = shipped(kind) / str(name)
        for candidate in (at_home, at_home.parent / f"{at_home.name}.yaml"):
            if not path.is_absolute() and ".." not in path.parts and candidate.exists():
                return candidate
    except (OSError, ValueError) as error:
        raise BadInput.at(str(name), f"can't be opened ({_reason(error)})") from None
    names = sorted(entry.name for entry in shipped(kind).iterdir() if entry.is_dir() and entry.name != "schema")
    raise BadInput.at(
        str(name), f"no such file or folder, and no {noun} of that name is shipped (shipped: {listing(names)}){nearest(str(name), names)}"
    )


def read(path: Path) -> Document:
    """Read one YAML file. Raises BadInput for a file that can't be read or isn't one plain YAML mapping."""
    file = shown(path)
    try:
        if not path.is_file():
            raise BadInput.at(file, "not a file" if path.exists() else "the link leads nowhere" if path.is_symlink() else "no such file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadInput.at(file, f"the file has {size / 1e6:.0f} MB; a document may have {MAX_BYTES / 1e6:.0f} MB at most")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({_reason(error)})") from None
    return parse(data, file)


def files(folder: Path, faults: list[Fault]) -> list[Path]:
    """Return the YAML files of a folder in the order of their names; one that ends in ``.yml`` would be passed over, so it is a fault."""
    found = sorted(entry for entry in folder.iterdir() if entry.suffix.lower() in (".yaml", ".yml")) if folder.is_dir() else []
    faults.extend(Fault(shown(entry), "rename the file: its name must end in `.yaml`") for entry in found if entry.suffix != ".yaml")
    return [entry for entry in found if entry.suffix == ".yaml"]


def parse(data: bytes, file: str) -> Document:
    """Parse the bytes of one YAML document; ``file`` names it in messages. Raises BadInput."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"not UTF-8 text (byte 0x{data[error.start]:02x}); save the file as UTF-8"
        raise BadInput([Fault(file, message, line, column)]) from None
    reader = _Reader(file)
    root = reader.read(text)
    if reader.faults:
        raise BadInput(reader.faults)
    if not isinstance(root, dict):
        raise BadInput([Fault(file, "the document is empty" if root is None else "expected a document of keys and values at the top", 1, 1)])
    return Document(file, root, reader.places, reader.keys)


def build(document: Document, model: type[M], faults: list[Fault]) -> M | None:
    """Validate a document against a model; add every fault to ``faults`` and return None if there are any."""
    try:
        return model.model_validate(document.root)
    except ValidationError as error:
        found = [detail for detail in error.errors(include_url=False, include_input=True) if not _follows(detail)]
        numbers = {detail["loc"][:-1] for detail in found if detail["type"] == "float_type"}
        faults.extend(_translate(document, detail) for detail in found if detail["type"] != "int_type" or detail["loc"][:-1] not in numbers)
        return None


def _follows(detail: Any) -> bool:
    """Say whether an error only follows from others: a list isn't too short because its entries are wrong."""
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def fingerprint(*models: BaseModel) -> str:
    """Return 16 hex digits of the SHA-256 over the canonical JSON of models: equal content, equal fingerprint."""
    digest = hashlib.sha256()
    for model in models:
        content = model.model_dump(mode="json", by_alias=True)
        digest.update(json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode())
    return digest.hexdigest()[:16]


def shown(path: Path) -> str:
    """Return a path as messages name it: from the current folder if it lies within."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


_CONTROL = yaml.reader.Reader.NON_PRINTABLE
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_CONSTANTS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "": None, "~": None}


def _scalar(text: str) -> str | int | float | bool | None:
    """Read a plain scalar: true, false, null, integers and decimals; everything else, dates and yes/no included, is text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


@dataclass
class _Level:
    """An open mapping or sequence while reading: its content so far, its path, and the key that waits for its value."""

    content: dict[str, Value] | list[Value]
    path: Path_
    key: str | None = None


@dataclass
class _Reader:
    file: str
    faults: list[Fault] = field(default_factory=list)
    places: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)

    def read(self, text: str) -> Value:
        try:
            return self._run(yaml.parse(text, Loader=_Loader))
        except yaml.MarkedYAMLError as error:
            if error.problem == _TOO_DEEP:
                return self._run(yaml.parse(text, Loader=yaml.SafeLoader))
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            problem = str(error.problem or error.context or "can't be read")
            problem = _PROBLEMS.get(problem, problem)
            self.faults.append(Fault(self.file, f"not valid YAML: {problem}", line, column))
        except yaml.reader.ReaderError:
            control = _CONTROL.search(text)
            before = text[: control.start()] if control else ""
            line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
            self.faults.append(Fault(self.file, "not valid YAML: a control character; remove it", line, column))
        return None

    def _run(self, events: Iterator[Any]) -> Value:
        stack: list[_Level] = []
        root: Value = None
        documents = 0
        for event in events:
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(place, "a second document (`---`); put one document in a file")
                    return None
                continue
            if isinstance(event, yaml.AliasEvent):
                self._fault(place, f"alias `*{event.anchor}`: anchors and aliases aren't used here; write the value out")
                return None
            if isinstance(event, yaml.ScalarEvent):
                self._check_plain(event, place)
                if _CONTROL.search(event.value):
                    self._fault(place, "a control character in the text; remove it")
                value: Value = _scalar(event.value) if event.implicit[0] else event.value
                root = self._put(stack, value, event.value, place, root)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._check_plain(event, place)
                if len(stack) >= MAX_DEPTH:
                    self._fault(place, f"nested more than {MAX_DEPTH} levels deep")
                    return None
                path = self._path(stack)
                if stack and isinstance(stack[-1].content, dict) and stack[-1].key is None:
                    self._fault(place, "a key must be plain text")
                    return None
                self.places[path] = place
                stack.append(_Level({} if isinstance(event, yaml.MappingStartEvent) else [], path))
            elif isinstance(event, yaml.CollectionEndEvent):
                level = stack.pop()
                value = level.content if isinstance(level.content, dict) else tuple(level.content)
                root = self._put(stack, value, "", None, root)
        return root

    def _put(self, stack: list[_Level], value: Value, text: str, place: Place | None, root: Value) -> Value:
        """Place a finished value into the innermost open level; return the document's root as it is then."""
        if not stack:
            return value
        level = stack[-1]
        if isinstance(level.content, list):
            if place:
                self.places[(*level.path, len(level.content))] = place
            level.content.append(value)
        elif level.key is None:
            level.key = text
            key_path = (*level.path, text)
            if text in level.content and place:
                first = self.keys[key_path][0]
                self._fault(place, f"key `{text}` is given twice (first in line {first})")
            elif place:
                self.keys[key_path] = place
        else:
            if place:
                self.places[(*level.path, level.key)] = place
            level.content.setdefault(level.key, value)
            level.key = None
        return root

    def _path(self, stack: list[_Level]) -> Path_:
        if not stack:
            return ()
        level = stack[-1]
        return (*level.path, len(level.content) if isinstance(level.content, list) else level.key or "")

    def _check_plain(self, event: Any, place: Place) -> None:
        if event.anchor:
            self._fault(place, f"anchor `&{event.anchor}`: anchors and aliases aren't used here; write the value out")
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(place, f"tag `{tag}`: tags aren't used here; remove it")

    def _fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(self.file, message, *place))


_TOO_DEEP = "exceeded maximum nesting depth"
"""What newer libyaml says on its own, before it hands over the level that is one too many; the Python parser has no such bound."""

_PROBLEMS = {
    "mapping values are not allowed in this context": "a colon out of place; put text with a colon in quotes and indent a key as its neighbours",
    "found character that cannot start any token": "a character out of place; put text that begins with a special character in quotes, "
    "and indent with spaces, not tabs",
}

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _known_keys() -> set[str]:
    found: set[str] = set()
    waiting: list[type[Model]] = [Model]
    while waiting:
        model = waiting.pop()
        waiting.extend(model.__subclasses__())
        found.update(info.alias or name for name, info in model.model_fields.items())
    return found


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number `{value}`"
        case str():
            return f"`{value}`" if len(value) <= 60 else f"`{value[:57]}...`"
        case dict():
            return "keys and values"
        case _:
            return "a list"


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "tuple_type": "a list (`- ...` or `[...]`)",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "mapping_type": "keys and values",
}


_LIMITS = {"greater_than_equal": ("of at least", "ge"), "greater_than": ("of more than", "gt"), "less_than_equal": ("of at most", "le")}

_PATTERNS = {
    "id": "isn't an id: use lower-case letters and digits, joined by hyphens",
    "fingerprint": "isn't a fingerprint: expected 16 of the digits 0-9 and a-f",
    "edition": "isn't an edition: use letters, digits, dots and hyphens",
}


def _translate(document: Document, detail: Any) -> Fault:
    """Turn one pydantic error into a fault in the user's words, at its line and column."""
    kind: str = detail["type"]
    found = detail.get("input")
    path = _real_path(document, detail["loc"])
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    context = detail.get("ctx", {})
    if kind == "missing":
        return document.fault(path, f"`{name}` is missing")
    if kind == "extra_forbidden":
        known = _known_keys()
        return document.key_fault(path, f"unknown key `{name}`{' here' if name in known else nearest(name, known)}")
    if name == "[key]":
        return document.key_fault(path, f"`{path[-1]}` isn't an id: use lower-case letters and digits, joined by hyphens")
    if kind == "literal_error":
        options = [option.strip("'").lower() for option in re.findall(r"'[^']*'|True|False", str(context.get("expected", "")))]
        one_of = "one of " if len(options) > 1 else ""
        return document.fault(path, f"expected {one_of}{listing(options)}, found {_kind(found)}{nearest(str(found), options)}")
    if kind == "string_pattern_mismatch":
        return document.fault(path, f"{_kind(found)} {_PATTERNS.get(name, _PATTERNS['id'])}")
    if kind == "value_error":
        return document.fault(path, str(context.get("error", detail["msg"])))
    if kind == "condition_form":
        near = nearest(str(next(iter(found))), re.findall(r"`(\w+)`", detail["msg"])) if isinstance(found, dict) and found else ""
        return document.fault(path, f"{detail['msg']}{near}")
    if kind == "too_short" and context.get("actual_length"):
        return document.fault(path, f"`{path[-1]}` needs at least {context['min_length']} entries, found {context['actual_length']}")
    if kind == "string_too_long":
        return document.fault(path, f"expected at most {context['max_length']} characters, found {len(str(found))}")
    if kind in _LIMITS:
        words, key = _LIMITS[kind]
        return document.fault(path, f"expected a number {words} {context[key]}, found `{found}`")
    if kind in ("string_too_short", "too_short"):
        return document.fault(path, f"`{path[-1] if path else 'the document'}` is empty")
    if kind == "string_type" and isinstance(found, int | float) and not isinstance(found, bool):
        return document.fault(path, f"expected text, found {_kind(found)}; put it in quotes")
    if kind in _EXPECTED:
        return document.fault(path, f"expected {_EXPECTED[kind]}, found {_kind(found)}")
    message = str(detail["msg"])
    return document.fault(path, f"{message[:1].lower()}{message[1:]}, found {_kind(found)}")


def _real_path(document: Document, location: tuple[str | int, ...]) -> Path_:
    """Keep the steps of a pydantic location that lead through the document; drop the names of models between them."""
    path: Path_ = ()
    for step in location:
        if (*path, step) in document.places:
            path = (*path, step)
    return path
