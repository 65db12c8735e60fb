"""Standards made up for one test: two grades, one condition, one rulebook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adjudge import Standard, load_standard

MADE_UP = {"part": "Made up", "gist": "made up"}
STATUSES = {
    "statuses": {"none": "none", "low": "low", "mid": "mid", "high": "high"},
    "bases": {"observed": {"label": "observed", "strength": 1, "establishes": "high"}},
}


def two_grades(folder: Path, criteria: Sequence[Mapping[str, Any]], when: Mapping[str, Any], **rest: Any) -> Standard:
    """Load a standard, made up: it holds where the condition does, of a rulebook `book` with the criteria given (only what is said of them)."""
    about = {"edition": "1", "title": "Made up", "provenance": "published", "text": "Made up."}
    reach = [{"grade": "holds", "text": "the condition", "source": MADE_UP, "when": when}]
    otherwise = {"grade": "fails", "text": "it doesn't hold", "source": MADE_UP}
    grades = {"grades": {"holds": "holds", "fails": "fails"}, "reach": reach, "otherwise": otherwise}
    book = [{"title": each["id"], "text": "Made up.", **({"across_units": "weakest"} if "bases" in rest else {}), **each} for each in criteria]
    for name, told in {
        "standard": {"standard": "made-up", **about, "source": "none", **grades, **rest},
        "book": {"rulebook": "book", "standard": "made-up", **about, "criteria": book},
    }.items():
        (folder / f"{name}.yaml").write_text(json.dumps(told), encoding="utf-8")
    return load_standard(folder)
