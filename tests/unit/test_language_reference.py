"""The reference page of the language tells the truth: each of its examples loads, and each row of its tables is what is proposed."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from adjudge import Standard, load_standard, propose
from adjudge.language import AGGREGATES

PAGE = (Path(__file__).parents[2] / "docs/reference/language.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```yaml\n(.*?)```\n(?:\n((?:\|[^\n]*\n)+))?", re.DOTALL)
WORDS = {"?": "not_assessed", "–": "not_applicable"}


@dataclass(frozen=True)
class Example:
    """A block of the page and the rows of the table below it: values by column."""

    text: str
    rows: tuple[dict[str, str], ...]

    @property
    def content(self) -> dict[str, Any]:
        """The block as YAML."""
        content: dict[str, Any] = yaml.safe_load(self.text)
        return content


def _rows(table: str) -> tuple[dict[str, str], ...]:
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return tuple(dict(zip(lines[0], line, strict=True)) for line in lines[2:])


BLOCKS = [Example(text, _rows(table)) for text, table in BLOCK.findall(PAGE)]
BASE, BOOK, EXAMPLES = BLOCKS[0].content, BLOCKS[1].content, BLOCKS[2:]


def _load(example: Example, folder: Path) -> tuple[Standard, str]:
    """Write the page's regime with an example in it; return it with the framework that the example is about."""
    content = example.content
    standard = BASE if "rulebook" in content else {**BASE, **content}
    books = [BOOK, content] if "rulebook" in content else [BOOK]
    if "mean" not in str(standard.get("numbers", "")):
        books[0] = {**BOOK, "criteria": [{key: value for key, value in each.items() if key != "weight"} for each in BOOK["criteria"]]}
    for name, document in (("standard", standard), *((book["rulebook"], book) for book in books)):
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_standard(folder), books[-1]["rulebook"]


def _value(cell: str) -> str | float:
    return float(cell) if re.fullmatch(r"[\d.]+", cell) else WORDS.get(cell, cell)


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{number}-{next(iter(each.content))}" for number, each in enumerate(EXAMPLES)])
def test_each_example_loads_and_gives_what_its_table_says(example: Example, tmp_path: Path) -> None:
    """Reference and inference agree on every row, and with the page."""
    standard, framework = _load(example, tmp_path)
    assert example.rows
    for row in example.rows:
        values = {name: _value(cell) for name, cell in row.items() if name not in ("gives", "on", "reading")}
        day = datetime.date.fromisoformat(row["on"]) if "on" in row else None
        proposal = propose(standard, framework, values, row.get("reading"), on=day)
        low, high = (standard.grades[each] for each in proposal.range)
        if proposal.grade is None:
            assert row["gives"] == f"{low} to {high}", row
        else:
            grade = standard.grades[proposal.grade]
            assert row["gives"] == (grade if low == high else f"{grade}, within {low} to {high}"), row
        assert proposal.evaluation.outer == (bool(standard.not_monotone) and "not_assessed" in [each.status for each in proposal.statuses])


def test_every_construct_has_an_example() -> None:
    """No key of the language is told without an example that is checked."""
    examples = "".join(example.text for example in EXAMPLES)
    constructs = ("every", "any", "count", "share", "all", "not", "number", "is", "at_least", "at_most", "adjust", "round", "bands")
    further = ("no_better_than", "no_worse_than", "from", "to", "in_force", "grade_of", "terms", "readings", "not_monotone", "tier", "id")
    for key in (*constructs, *AGGREGATES, *further):
        assert re.search(rf"\b{key}:[ \n]", examples), key
    for mode in ("half_up", "half_down", "half_even", "floor", "ceiling"):
        assert f"`{mode}`" in PAGE


def test_tables_show_unknowns_and_nothing() -> None:
    """The page shows ranges, what isn't applicable, and nothing holding of nothing."""
    cells = [cell for example in EXAMPLES for row in example.rows for cell in row.values()]
    assert cells.count("?") >= 15
    assert cells.count("–") >= 4
