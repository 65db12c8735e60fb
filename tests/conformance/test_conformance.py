"""Every case of the conformance suite, by the reference alone, by inference alone, and by grading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from adjudge import BadInput, Proposal, grade, propose
from adjudge.durable_host import available
from adjudge.inference import infer
from adjudge.language import shown_value
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED, Standard
from adjudge.status import Composed, CriterionStatus, assume, derive
from tests.conformance.suite import HERE, Case, Given, bundle, cases, given
from tests.evaluators import EVALUATORS, Answer

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


def _check_answer(case: Case, answer: Answer) -> None:
    if case.expect.grade is None:
        return
    settled = None if case.expect.grade == "open" else case.expect.grade
    low, high = case.expect.range or (case.expect.grade, case.expect.grade)
    assert answer == (settled, low, high)


def _check_statuses(case: Case, what: Given, statuses: dict[str, str], contested: Iterable[str]) -> None:
    expected = {criterion: shown_value(value) for criterion, value in case.expect.statuses.items()}
    if case.plain:
        expected = {criterion.id: NOT_ASSESSED for criterion in what.book.criteria} | dict(what.statuses) | expected
    assert {criterion: statuses[criterion] for criterion in expected} == expected
    assert set(contested) == set(case.expect.contested)


def _check_reasons(case: Case, proposal: Proposal) -> None:
    if case.expect.grade is None:
        return
    assert {reason.kind for reason in proposal.reasons} == set(case.expect.reasons)
    assert proposal.decision_required == (bool(case.expect.reasons) if case.expect.decision is None else case.expect.decision)


def _composed(case: Case, what: Given) -> Composed:
    """Return what the grades of the other frameworks of a case make of its criteria."""
    if not any(each.grade_of for each in what.book.criteria):
        return {}
    proposal = grade(what.bundle, [what.book.rulebook], case.reading, on=case.on)[what.book.rulebook]
    return {each.criterion.id: each.between or (each.status, each.status) for each in proposal.statuses if each.criterion.grade_of}


def _found(case: Case, what: Given) -> list[tuple[CriterionStatus, ...]]:
    found = [assume(what.book, what.statuses)] if case.plain else []
    if what.standard.bases:
        found.append(derive(what.standard, what.book, what.records, what.judgements, what.units, _composed(case, what)))
    return found


@answered
def test_statuses(case: Case) -> None:
    """The reference gives the statuses and says what is contested; where the standard isn't monotone, that the range is an outer bound."""
    what = given(case)
    for statuses in _found(case, what):
        _check_statuses(case, what, {each.criterion.id: each.status for each in statuses}, [each.criterion.id for each in statuses if each.contested])
        assert evaluate(what.standard, statuses, what.standard.reading(case.reading)).outer == case.expect.outer


@pytest.mark.parametrize("evaluator", EVALUATORS)
@answered
def test_evaluator(case: Case, evaluator: str) -> None:
    """Each evaluator alone gives the answer from the statuses."""
    what = given(case)
    for answer in EVALUATORS[evaluator](what.standard, what.book, what.standard.reading(case.reading), _found(case, what)):
        _check_answer(case, answer)


@pytest.mark.skipif(not available(), reason="durable-rules isn't installed")
@answered
def test_inference_from_evidence(case: Case) -> None:
    """Inference alone gives the statuses and the answer from records and judgements."""
    what = given(case)
    if not what.standard.bases:
        pytest.skip("the standard takes no records")
    reading = what.standard.reading(case.reading)
    inferred = infer(what.standard, what.book, reading, what.records, what.judgements, what.units, composed=_composed(case, what))
    assert inferred is not None
    _check_statuses(case, what, dict(inferred.statuses), inferred.contested)
    _check_answer(case, (inferred.grade, inferred.low, inferred.high))


@answered
def test_grading(case: Case) -> None:
    """Grading gives the statuses, the answer, the kinds of reasons and whether a decision is required."""
    what = given(case)
    found = [propose(what.undated, what.book.rulebook, what.statuses, case.reading, case.on)] if case.plain else []
    if what.standard.bases:
        found.append(grade(what.bundle, [what.book.rulebook], case.reading, on=case.on)[what.book.rulebook])
    for proposal in found:
        _check_statuses(case, what, {each.criterion.id: each.status for each in proposal.statuses}, proposal.contested)
        _check_answer(case, (proposal.grade, *proposal.range))
        _check_reasons(case, proposal)


def _loaded(case: Case) -> tuple[Standard | None, str]:
    """Return a case's standard, or what is wrong with it."""
    try:
        return case.load(), ""
    except BadInput as error:
        return None, "\n".join(fault.message for fault in error.faults)


@refused
def test_refusal(case: Case) -> None:
    """What can't be used is refused with the text expected: a standard when it is loaded, statuses and evidence when they are graded."""
    standard, told = _loaded(case)
    if standard is None:
        assert told == case.expect.error
        return
    framework = case.framework(standard)
    plain = {key: value for key, value in case.statuses.items() if not isinstance(value, Mapping)}
    with pytest.raises(BadInput) as from_statuses:
        propose(standard, framework, plain, case.reading, case.on)
    assert str(from_statuses.value) == case.expect.error
    if not case.statuses and standard.bases:
        with pytest.raises(BadInput) as from_evidence:
            grade(bundle((), standard=standard), [framework], case.reading)
        assert str(from_evidence.value) == case.expect.error


CONSTRUCTS = {
    **dict.fromkeys(("every", "any", "count", "share"), "measures.yaml"),
    **dict.fromkeys(("all", "not"), "joins.yaml"),
    **dict.fromkeys(("sum", "mean", "minimum", "maximum", "number", "adjust", "round"), "numbers.yaml"),
    **dict.fromkeys(("bands", "no_better_than", "no_worse_than", "otherwise"), "grades.yaml"),
    **dict.fromkeys(("one_of",), "scores.yaml"),
    **dict.fromkeys(("terms",), "bounds.yaml"),
    **dict.fromkeys(("grade_of",), "composition.yaml"),
    **dict.fromkeys(("in_force",), "in-force.yaml"),
    **dict.fromkeys(("not_monotone",), "not-monotone.yaml"),
}
"""Each construct of the language, and the file that has its cases."""


def _uses(case: Case, construct: str) -> bool:
    """Say whether the standard of a case, or what the case changes in it, uses a construct."""
    text = "".join(path.read_text(encoding="utf-8") for path in (HERE / "standards" / case.standard).glob("*.yaml"))
    return f"{construct}:" in text or construct in repr(case.change)


def test_the_suite_is_thick_enough() -> None:
    """The grading process is covered sentence by sentence, and every construct of the language by a value, an unknown and an error."""
    for construct, file in CONSTRUCTS.items():
        told = {"error" if case.expect.error else str(case.expect.grade) for case in cases(file) if _uses(case, construct)}
        assert {"error", "open"} < told, f"{construct} lacks cases in {file}: there are {told}"
    covered = {(case.source.part, case.source.sentence) for case in cases("grading-process.yaml") if case.source}
    sentences = {"The grading process": 2, "Excellent": 7, "Good": 2, "Fair": 3, "Poor": 4}
    assert covered == {(part, number) for part, count in sentences.items() for number in range(1, count + 1)}
