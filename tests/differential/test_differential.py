"""The reference and inference are fed the same random cases and must agree on every status, condition, grade and range."""

from __future__ import annotations

import pytest
from hypothesis import given

from adjudge import Judgement, Record
from adjudge.grading import compare
from adjudge.inference import available, infer
from adjudge.reference import evaluate
from adjudge.rulebook import Reading
from adjudge.status import assume, derive
from tests.strategies import BOOK, STANDARD, UNITS, any_statuses, judgements, readings, records

pytestmark = pytest.mark.skipif(not available(), reason="durable-rules isn't installed")


@given(any_statuses, readings)
def test_from_statuses(statuses: dict[str, str], reading: Reading) -> None:
    """From statuses, unknown and not applicable ones among them, both evaluators give one answer."""
    inferred = infer(STANDARD, BOOK, reading, statuses=statuses)
    assert inferred is not None
    given_statuses = assume(BOOK, statuses)
    assert compare(given_statuses, evaluate(STANDARD, given_statuses, reading), inferred) == []


@given(records(), judgements(), readings)
def test_from_records_and_judgements(found: list[Record], judged: list[Judgement], reading: Reading) -> None:
    """From records of every kind, with judgements, both evaluators give one answer."""
    inferred = infer(STANDARD, BOOK, reading, found, judged, UNITS)
    assert inferred is not None
    statuses = derive(STANDARD, BOOK, found, judged, UNITS)
    assert compare(statuses, evaluate(STANDARD, statuses, reading), inferred) == []
