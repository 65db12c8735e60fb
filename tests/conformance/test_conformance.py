"""The conformance cases, run through each evaluator by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adjudge import BadInput, Judgement, Record, Standard, load_standard
from adjudge.documents import build, read
from adjudge.errors import Fault
from adjudge.inference import available, infer
from adjudge.proposal import Proposal
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED, Reading, Rulebook
from adjudge.status import derive

HERE = Path(__file__).parent
UNITS = ("western", "central", "eastern")
STANDARD = load_standard()


def _book() -> Rulebook:
    faults: list[Fault] = []
    book = build(read(HERE / "small.yaml"), Rulebook, faults)
    assert book is not None, faults
    return book


BOOK = _book()
CASES: Any = read(HERE / "cases.yaml").root["cases"]


@dataclass(frozen=True)
class Given:
    """What a case gives: records that carry its statuses or its evidence, judgements and a reading."""

    records: list[Record]
    judgements: list[Judgement]
    reading: Reading


def record(number: int, criterion: str, shows: str, **more: Any) -> Record:
    """Return a record with what matters to a case."""
    defaults = {"basis": "observed", "date": "2007-01"}
    made = {"section": "strengths", "paragraph": 1, "fingerprint": "0" * 16, "summary": "Made up.", "recorded_by": "tester"}
    return Record.model_validate({**made, **defaults, "id": f"r{number}", "framework": "small", "criterion": criterion, "shows": shows, **more})


def given(case: Any, standard: Standard = STANDARD) -> Given:
    """Read a case. Statuses become one observed record for each criterion, so that evidence and grade are tested as one."""
    if "records" in case:
        records = [record(number, **each) for number, each in enumerate(case["records"])]
    else:
        named = {each.id: case["statuses"].get(each.id, case["statuses"].get(each.tier, NOT_ASSESSED)) for each in BOOK.criteria}
        records = [record(number, key, value) for number, (key, value) in enumerate(named.items()) if value != NOT_ASSESSED]
    made = {"framework": "small", "reason": "for a case", "author": "tester", "date": "2007-09-01"}
    judgements = [Judgement.model_validate({**made, **each}) for each in case.get("judgements", ())]
    return Given(records, judgements, standard.reading(case.get("reading")))


def test_every_case_is_a_sentence_of_its_own() -> None:
    """There are enough cases, and no two say the same."""
    sentences = [case["case"] for case in CASES]
    assert len(set(sentences)) == len(sentences) >= 60


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=lambda case: case["case"])
def test_errors(case: Any) -> None:
    """A case that can't be graded says why."""
    with pytest.raises(BadInput) as caught:
        given(case)
    assert [fault.message for fault in caught.value.faults] == [case["error"]]


GRADED = [case for case in CASES if "error" not in case]


@pytest.mark.parametrize("case", GRADED, ids=lambda case: case["case"])
def test_reference(case: Any) -> None:
    """The reference gives what the case expects."""
    told = given(case)
    statuses = derive(STANDARD, BOOK, told.records, told.judgements, UNITS)
    found = {each.criterion.id: each for each in statuses}
    evaluation = evaluate(STANDARD, statuses, told.reading)
    if "answer" in case:
        assert (evaluation.grade or "open", evaluation.low, evaluation.high) == case["answer"]
    if "decision" in case:
        proposal = Proposal(STANDARD, BOOK, told.reading, statuses, evaluation, (), (), ("reference",))
        assert proposal.decision_required is case["decision"]
    assert {key: found[key].status for key in case.get("status", {})} == case.get("status", {})
    if "contested" in case:
        assert tuple(key for key, each in found.items() if each.contested) == case["contested"]


@pytest.mark.skipif(not available(), reason="durable-rules isn't installed")
@pytest.mark.parametrize("case", GRADED, ids=lambda case: case["case"])
def test_inference(case: Any) -> None:
    """Inference gives what the case expects."""
    told = given(case)
    inferred = infer(STANDARD, BOOK, told.reading, told.records, told.judgements, UNITS)
    assert inferred is not None
    if "answer" in case:
        assert (inferred.grade or "open", inferred.low, inferred.high) == case["answer"]
    assert {key: inferred.statuses[key] for key in case.get("status", {})} == case.get("status", {})
    if "contested" in case:
        assert inferred.contested == set(case["contested"])
