"""The words of a cell: what a value looks like to an inspector, and how what is typed is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

Kind = Literal["text", "id", "date", "number", "words", "points", "yes", "list", "pairs", "groups"]
"""What a column holds: text; an id; a day or period; a whole number; one of some words; one of them or a number; yes or no; words one after
another; a word or number for each id; a list of ids for each word."""

_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?")
_SEPARATORS = re.compile(r"[,;:\n\r]")


def folded(text: str) -> str:
    """Return a text as it is compared: case, spaces, hyphens and underscores make no difference."""
    return " ".join(re.split(r"[\s_\-]+", text.strip().casefold()))


@dataclass(frozen=True)
class Words:
    """Ids and the labels that a cell shows for them; without labels it shows the ids. Either is read."""

    labels: Mapping[str, str]
    show_labels: bool = True

    @classmethod
    def of(cls, ids: Iterable[str]) -> Words:
        """Return words that are shown as their ids."""
        return cls({each: each for each in ids}, False)

    @property
    def shown(self) -> tuple[str, ...]:
        """The words as a drop-down lists them."""
        return tuple(self.say(each) for each in self.labels)

    def say(self, word: str) -> str:
        """Return what a cell shows for an id."""
        return self.labels[word] if word in self.labels and self._labels_do else word

    def read(self, text: str) -> str | None:
        """Return the id that a text stands for, or None."""
        return text if text in self.labels else self._meant.get(folded(text))

    @cached_property
    def _meant(self) -> Mapping[str, str | None]:
        """Each folded text with the id it stands for, or None where it could be two."""
        found: dict[str, str | None] = {}
        for each, label in self.labels.items():
            for text in (folded(each), folded(label)):
                found[text] = each if found.get(text, each) == each else None
        return found

    @cached_property
    def _labels_do(self) -> bool:
        plain = not any(_SEPARATORS.search(label) or _NUMBER.fullmatch(label) or label != label.strip() for label in self.labels.values())
        return self.show_labels and plain and None not in self._meant.values()


NO_WORDS = Words({}, False)
YES = Words({"yes": "yes", "no": "no"})


def to_cell(kind: Kind, value: Any, words: Words = NO_WORDS, others: Words = NO_WORDS) -> str | int | float:
    """Return what a cell shows for a plain value of a document; ``others`` are the words at the right of a pair."""
    match kind:
        case "yes":
            return "yes" if value else "no"
        case "words" | "points":
            return words.say(value) if isinstance(value, str) else number(value)
        case "list":
            return ", ".join(words.say(each) for each in value)
        case "pairs":
            return "\n".join(f"{words.say(each)}: {to_cell('points', inner, others)}" for each, inner in value.items())
        case "groups":
            return "\n".join(f"{words.say(each)}: {', '.join(inner)}" for each, inner in value.items())
    return value if isinstance(value, str) else number(value)


def number(value: Any) -> int | float:
    """Return a number as a cell holds it: whole where it is whole and was written so."""
    return value if isinstance(value, int) else float(value)


def from_cell(kind: Kind, text: str, words: Words = NO_WORDS, others: Words = NO_WORDS) -> Any:
    """Return the plain value that a text stands for; what can't be read so is returned as typed, for the loader to tell about."""
    match kind:
        case "number":
            return _number(text)
        case "yes":
            meant = YES.read({"true": "yes", "false": "no"}.get(text.casefold(), text))
            return text if meant is None else meant == "yes"
        case "points":
            return _word(text, words, points=True)
        case "words":
            return _word(text, words)
        case "list":
            return [_word(each, words) for each in _split(text, _SEPARATORS)]
        case "pairs" | "groups":
            return _mapping(kind, text, words, others)
    return text


class Unreadable(ValueError):
    """A cell that holds a list can't be taken apart; says why."""


def _mapping(kind: Kind, text: str, words: Words, others: Words) -> dict[str, Any]:
    found: dict[str, Any] = {}
    parts = _split(text, re.compile(r"[;\n\r]" if kind == "groups" else r"[,;\n\r]"))
    for part in parts:
        left, colon, right = (each.strip() for each in part.rpartition(":"))
        example = "`criterion: met`" if kind == "pairs" else "`framework: criterion, criterion`"
        if not left or not colon or not right:
            raise Unreadable(f"`{part}` can't be read; write {example}, each on a line of its own")
        name = _word(left, words)
        if name in found:
            raise Unreadable(f"`{name}` is given twice")
        found[name] = _word(right, others, points=True) if kind == "pairs" else _split(right, _SEPARATORS)
    return found


def _split(text: str, separators: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in separators.split(text) if part.strip()]


def _word(text: str, words: Words, points: bool = False) -> Any:
    """The id meant or, for the loader to tell about, the text in the shape of an id; a number where points may stand."""
    meant = words.read(text)
    if meant is not None:
        return meant
    if points and _NUMBER.fullmatch(text):
        return _number(text)
    return re.sub(r"\s+", "_" if "_" in "".join(words.labels) else "-", text.strip().lower())


def _number(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    return int(text.partition(".")[0]) if value.is_integer() else value
