"""Every case of the conformance suite, by the reference alone, by inference alone, and by grading."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from adjudge import BadInput, Proposal, grade, propose
from adjudge.durable_host import available
from adjudge.inference import infer
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED
from adjudge.status import CriterionStatus, assume, derive
from tests.conformance.suite import Case, Given, cases, given, standard

ALL = cases()


def _params(chosen: Iterable[Case]) -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=case.known_difference, strict=True)] if case.known_difference else [],
        )
        for case in chosen
    ]


answered = pytest.mark.parametrize("case", _params(case for case in ALL if case.expect.error is None))
refused = pytest.mark.parametrize("case", _params(case for case in ALL if case.expect.error is not None))


def _check_answer(case: Case, answer: tuple[str | None, str, str]) -> None:
    if case.expect.grade is None:
        return
    settled = None if case.expect.grade == "open" else case.expect.grade
    low, high = case.expect.range or (case.expect.grade, case.expect.grade)
    assert answer == (settled, low, high)


def _check_statuses(case: Case, what: Given, statuses: dict[str, str], contested: Iterable[str]) -> None:
    expected = dict(case.expect.statuses)
    if case.plain:
        expected = {criterion.id: NOT_ASSESSED for criterion in what.book.criteria} | dict(what.statuses) | expected
    assert {criterion: statuses[criterion] for criterion in expected} == expected
    assert set(contested) == set(case.expect.contested)


def _check_reasons(case: Case, proposal: Proposal) -> None:
    if case.expect.grade is None:
        return
    assert {reason.kind for reason in proposal.reasons} == set(case.expect.reasons)
    assert proposal.decision_required == (bool(case.expect.reasons) if case.expect.decision is None else case.expect.decision)


@answered
def test_reference(case: Case) -> None:
    """The reference alone gives the statuses and the answer."""
    what, reading = given(case), standard().reading(case.reading)
    found: list[tuple[CriterionStatus, ...]] = [derive(standard(), what.book, what.records, what.judgements, what.units)]
    if case.plain:
        found.append(assume(what.book, what.statuses))
    for statuses in found:
        _check_statuses(case, what, {each.criterion.id: each.status for each in statuses}, [each.criterion.id for each in statuses if each.contested])
        _check_answer(case, evaluate(standard(), statuses, reading).answer)


@pytest.mark.skipif(not available(), reason="durable-rules isn't installed")
@answered
def test_inference(case: Case) -> None:
    """Inference alone gives the statuses and the answer."""
    what, reading = given(case), standard().reading(case.reading)
    found = [infer(standard(), what.book, reading, what.records, what.judgements, what.units)]
    if case.plain:
        found.append(infer(standard(), what.book, reading, statuses=what.statuses))
    for inferred in found:
        assert inferred is not None
        _check_statuses(case, what, dict(inferred.statuses), inferred.contested)
        _check_answer(case, (inferred.grade, inferred.low, inferred.high))


@answered
def test_grading(case: Case) -> None:
    """Grading gives the statuses, the answer, the kinds of reasons and whether a decision is required."""
    what = given(case)
    found = [grade(what.bundle, [case.rulebook], case.reading)[case.rulebook]]
    if case.plain:
        found.append(propose(standard(), case.rulebook, what.statuses, case.reading))
    for proposal in found:
        _check_statuses(case, what, {each.criterion.id: each.status for each in proposal.statuses}, proposal.contested)
        _check_answer(case, (proposal.grade, *proposal.range))
        _check_reasons(case, proposal)


@refused
def test_refusal(case: Case) -> None:
    """What can't be used is refused with the text expected, from statuses and from evidence alike."""
    assert case.expect.error is not None
    plain = {key: value for key, value in case.statuses.items() if isinstance(value, str)}
    with pytest.raises(BadInput) as from_statuses:
        propose(standard(), case.rulebook, plain, case.reading)
    assert str(from_statuses.value) == case.expect.error
    if not case.statuses:
        with pytest.raises(BadInput) as from_evidence:
            grade(given(Case(name=case.name, expect=case.expect)).bundle, [case.rulebook], case.reading)
        assert str(from_evidence.value) == case.expect.error


def test_the_suite_is_thick_enough() -> None:
    """There are at least 70 cases, and the grading process is covered sentence by sentence."""
    assert len(ALL) >= 70
    covered = {(case.source.part, case.source.sentence) for case in cases("grading-process.yaml") if case.source}
    sentences = {"The grading process": 2, "Excellent": 7, "Good": 2, "Fair": 3, "Poor": 4}
    assert covered == {(part, number) for part, count in sentences.items() for number in range(1, count + 1)}
