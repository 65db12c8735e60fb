"""The fixed corpus of disagreements that were found: `corpus/` holds each with its standard, and it is replayed for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from adjudge import Standard
from adjudge.testing.made_up import as_data, standard_of
from adjudge.testing.strategies import assumed
from tests.differential.comparing import Posed
from tests.evaluators import Answer

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Found:
    """One disagreement: what was given, what the answer is, and what was wrong."""

    name: str
    was: str
    standard: Standard
    posed: Posed
    answer: Answer


def found(path: Path) -> Found:
    """Read a file of the corpus."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    standard = standard_of(data["standard"], data["rulebooks"])
    book = standard.rulebook(data["framework"])
    composed = {criterion: (low, high) for criterion, (low, high) in data.get("open_between", {}).items()}
    statuses = assumed(standard, book, {key: str(value) for key, value in data["statuses"].items()}, data.get("dominant", ()), composed)
    expected = data["expect"]
    low, high = expected.get("range", (expected["grade"], expected["grade"]))
    settled = None if expected["grade"] == "open" else expected["grade"]
    return Found(path.stem, data["was"], standard, Posed(data["framework"], standard.reading(data.get("reading")), statuses), (settled, low, high))


def as_text(standard: Standard, posed: Posed) -> str:
    """Return a case as the text of a corpus file, ready for its answer: `was` and `expect` are to be written by hand."""
    content, books = as_data(standard)
    own = {each.criterion.id: each for each in posed.statuses}
    data: Mapping[str, Any] = {
        "was": "",
        "framework": posed.framework,
        "reading": posed.reading.changes(standard),
        "statuses": {key: each.status for key, each in own.items()},
        "open_between": {key: list(each.between) for key, each in own.items() if each.between},
        "dominant": [key for key, each in own.items() if each.significance != each.criterion.significance],
        "expect": {"grade": ""},
        "standard": content,
        "rulebooks": books,
    }
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True)
