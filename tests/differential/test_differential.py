"""Reference against inference on the same random cases: every status, contest, condition, grade and range must be the same."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adjudge import Judgement, Record, Rulebook, Standard, load_standard
from adjudge.documents import shipped
from adjudge.durable_host import available
from adjudge.grading import compare
from adjudge.inference import infer
from adjudge.reference import evaluate
from adjudge.rulebook import Reading
from adjudge.status import assume, derive
from tests.conformance.suite import HERE, UNITS
from tests.strategies import STANDARD, STATUSES, books, full_records, known, open_or_known, readings, some_judgements, some_records, statuses

pytestmark = pytest.mark.skipif(not available(), reason="durable-rules isn't installed")

SHIPPED = load_standard("hmic-2007")


def _from_statuses(standard: Standard, book: Rulebook, values: Mapping[str, str], reading: Reading) -> list[str]:
    inferred = infer(standard, book, reading, statuses=values)
    assert inferred is not None
    found = assume(book, values)
    return compare(found, evaluate(standard, found, reading), inferred)


def _from_records(book: Rulebook, records: Sequence[Record], judgements: Sequence[Judgement], reading: Reading) -> list[str]:
    inferred = infer(STANDARD, book, reading, records, judgements, UNITS)
    assert inferred is not None
    found = derive(STANDARD, book, records, judgements, UNITS)
    return compare(found, evaluate(STANDARD, found, reading), inferred)


@given(st.data(), books, readings)
def test_statuses(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on statuses, known, unknown and not applicable, under every reading."""
    assert _from_statuses(STANDARD, book, data.draw(statuses(book, open_or_known)), reading) == []


@given(st.data(), books, readings)
def test_wild_statuses(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree where every status is drawn on its own, and some are missing."""
    drawn = data.draw(st.dictionaries(st.sampled_from([each.id for each in book.criteria]), open_or_known))
    assert _from_statuses(STANDARD, book, drawn, reading) == []


@given(st.data(), st.sampled_from(SHIPPED.rulebooks), st.sampled_from(list(SHIPPED.all_readings())))
def test_shipped_rulebooks(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on the shipped rulebooks."""
    assert _from_statuses(SHIPPED, book, data.draw(statuses(book, open_or_known)), reading) == []


@given(st.data(), books, readings)
def test_records(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on records that meet: every basis, date, unit, `also` and duplicate."""
    assert _from_records(book, data.draw(some_records(book)), (), reading) == []


@given(st.data(), books, readings)
def test_records_and_judgements(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on full evidence with judgements."""
    assert _from_records(book, data.draw(full_records(book)), data.draw(some_judgements(book)), reading) == []


def _with_fair_reached_when(folder: Path, condition: Mapping[str, Any]) -> Standard:
    """Return the suite's standard with another condition for Fair."""
    content = yaml.safe_load((shipped("rules") / "hmic-2007" / "standard.yaml").read_text(encoding="utf-8"))
    content["reach"][2]["when"] = condition
    (folder / "standard.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    shutil.copy(HERE / "rulebooks" / "small.yaml", folder)
    return load_standard(folder)


def _joined(form: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {form: list(parts)} | ({"is": "at least 1"} if form == "count" else {})


@pytest.mark.parametrize("inner", ["all", "any", "count"])
@pytest.mark.parametrize("outer", ["all", "any", "count"])
def test_conditions_within_conditions(outer: str, inner: str, tmp_path: Path) -> None:
    """They agree on joined conditions that join others, whichever branches hold."""
    names = ("significant-1", "significant-2", "ordinary-1", "ordinary-2")
    leaf: list[dict[str, Any]] = [{"every": {"id": [name]}, "at_least": "met"} for name in names]
    standard = _with_fair_reached_when(tmp_path, _joined(outer, [_joined(inner, leaf[:2]), _joined(inner, leaf[2:])]))
    book = standard.rulebook("small")
    for choice in range(16):
        values = {each.id: STATUSES[2] for each in book.criteria} | {name: "met" for bit, name in enumerate(names) if choice >> bit & 1}
        assert _from_statuses(standard, book, values, standard.reading()) == []


def test_strategies_reach_every_grade() -> None:
    """The random statuses are worth their time: each grade and an open range are among them."""
    seen: set[str | None] = set()

    @given(st.data(), books)
    def look(data: st.DataObject, book: Rulebook) -> None:
        seen.add(evaluate(STANDARD, assume(book, data.draw(statuses(book, st.one_of(known, open_or_known)))), STANDARD.reading()).grade)

    look()
    assert seen == {None, *STANDARD.grades}
