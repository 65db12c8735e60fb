"""Every case of the conformance suite, by the reference alone, by inference alone, and by grading."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from adjudge import grade
from adjudge.durable_host import available
from adjudge.inference import infer
from adjudge.reference import evaluate
from adjudge.status import Composed, CriterionStatus, assume, derive
from adjudge.testing.cases import Case, Given, answer_differences, differences, given, status_differences
from tests.conformance.suite import cases
from tests.evaluators import EVALUATORS

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


def _composed(case: Case, what: Given) -> Composed:
    """Return what the grades of the other frameworks of a case make of its criteria."""
    if not any(each.grade_of for each in what.book.criteria):
        return {}
    proposal = grade(what.bundle, [what.book.rulebook], what.reading, on=case.on)[what.book.rulebook]
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
        contested = [each.criterion.id for each in statuses if each.contested]
        assert status_differences(case, what, {each.criterion.id: each.status for each in statuses}, contested) == []
        assert evaluate(what.standard, statuses, what.standard.reading(what.reading)).outer == case.expect.outer


@pytest.mark.parametrize("evaluator", EVALUATORS)
@answered
def test_evaluator(case: Case, evaluator: str) -> None:
    """Each evaluator alone gives the answer from the statuses."""
    what = given(case)
    for answer in EVALUATORS[evaluator](what.standard, what.book, what.standard.reading(what.reading), _found(case, what)):
        assert answer_differences(case, answer) == []


@pytest.mark.skipif(not available(), reason="durable-rules isn't installed")
@answered
def test_inference_from_evidence(case: Case) -> None:
    """Inference alone gives the statuses and the answer from records and judgements."""
    what = given(case)
    if not what.standard.bases:
        pytest.skip("the standard takes no records")
    reading = what.standard.reading(what.reading)
    inferred = infer(what.standard, what.book, reading, what.records, what.judgements, what.units, composed=_composed(case, what))
    assert inferred is not None
    assert status_differences(case, what, inferred.statuses, inferred.contested) == []
    assert answer_differences(case, (inferred.grade, inferred.low, inferred.high)) == []


@answered
def test_grading(case: Case) -> None:
    """Grading gives the statuses, the answer, the kinds of reasons and whether a decision is required."""
    assert differences(case) == []


@refused
def test_refusal(case: Case) -> None:
    """What can't be used is refused with the text expected: a standard when it is loaded, statuses and evidence when they are graded."""
    assert differences(case) == []


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
    text = "".join(path.read_text(encoding="utf-8") for path in (case.file.parent / (case.standard or "")).glob("*.yaml"))
    return f"{construct}:" in text or construct in repr(case.change)


def test_the_suite_is_thick_enough() -> None:
    """The grading process is covered sentence by sentence, and every construct of the language by a value, an unknown and an error."""
    for construct, file in CONSTRUCTS.items():
        told = {"error" if case.expect.error else str(case.expect.grade) for case in cases(file) if _uses(case, construct)}
        assert {"error", "open"} < told, f"{construct} lacks cases in {file}: there are {told}"
    covered = {(case.source.part, case.source.sentence) for case in cases("grading-process.yaml") if case.source}
    sentences = {"The grading process": 2, "Excellent": 7, "Good": 2, "Fair": 3, "Poor": 4}
    assert covered == {(part, number) for part, count in sentences.items() for number in range(1, count + 1)}
