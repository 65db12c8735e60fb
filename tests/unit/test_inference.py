"""Inference agrees, keeps a trace, notices lost facts, and is not needed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from fractions import Fraction

import pytest

from adjudge import EnginesDisagree, durable_host, grade, inference, load_evidence, propose
from adjudge import grading as grading_module
from adjudge.durable_host import LostFacts, available
from adjudge.inference import Inferred
from adjudge.language import written
from adjudge.testing.made_up import standard_of

BUNDLE = load_evidence("hertfordshire-2007")
needs_rules = pytest.mark.skipif(not available(), reason="durable-rules isn't installed")


@needs_rules
def test_every_counting_record_is_in_the_trace() -> None:
    """The trace has one firing for each record and criterion that it bears on."""
    for proposal in grade(BUNDLE):
        ids = {criterion.id for criterion in proposal.rulebook.criteria}
        told = sum(criterion in ids for record in BUNDLE.records_for(proposal.framework) for criterion, _ in record.shown())
        assert sum(firing.rule.startswith("ev.") for firing in proposal.trace) == told
        assert proposal.evaluators == ("reference", "inference")


def test_without_durable_rules_the_reference_grades_alone_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is the same, and the proposal names one evaluator."""
    both = grade(BUNDLE)
    monkeypatch.setattr(inference, "available", lambda: False)
    alone = grade(BUNDLE)
    assert [proposal.evaluation.answer for proposal in alone] == [proposal.evaluation.answer for proposal in both]
    assert {proposal.evaluators for proposal in alone} == {("reference",)}


@needs_rules
@pytest.mark.parametrize("difference", ["grade", "status", "contested", "truth"])
def test_no_answer_where_the_evaluators_differ(difference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One differing status, condition, contest or grade is enough to refuse."""
    real = inference.infer

    def wrong(*arguments: object, **named: object) -> Inferred | None:
        inferred = real(*arguments, **named)  # type: ignore[arg-type]
        assert inferred is not None
        criterion = next(iter(inferred.statuses))
        place, (certain, possible) = next(iter(inferred.truth.items()))
        changes = {
            "grade": {"grade": "excellent" if inferred.grade != "excellent" else "poor"},
            "status": {"statuses": {**inferred.statuses, criterion: "met" if inferred.statuses[criterion] != "met" else "well_short"}},
            "contested": {"contested": inferred.contested ^ {criterion}},
            "truth": {"truth": {**inferred.truth, place: (not certain, possible)}},
        }[difference]
        return replace(inferred, **changes)  # type: ignore[arg-type]

    monkeypatch.setattr(grading_module, "infer", wrong)
    with pytest.raises(EnginesDisagree, match="the evaluators disagree, so no grade is given"):
        grade(BUNDLE, ["public-protection"])


@needs_rules
@pytest.mark.parametrize("beyond", [-1, 0, 1])
@pytest.mark.parametrize(("words", "least"), [("at least", 0), ("more than", 1)])
def test_great_amounts_are_compared_exactly(words: str, least: int, beyond: int) -> None:
    """An amount that takes more than 64 bits on one scale with its bound is told from it to the last of its places."""
    bound = Fraction(999_999_999) - Fraction(1, 10**9)
    source = {"part": "Made up", "gist": "made up for a test"}
    about = {"edition": "1", "title": "Made up", "provenance": "published", "text": "Made up."}
    content = {
        **{"standard": "great", **about, "source": "none", "points": {"better": "higher"}, "grades": {"good": "good", "poor": "poor"}},
        "reach": [{"grade": "good", "text": "made up", "source": source, "when": {"mean": {}, "is": f"{words} 999999998.999999999"}}],
        "otherwise": {"grade": "poor", "text": "made up", "source": source},
    }
    scale = {"from": 0, "to": 999_999_999}
    criteria = [{"id": each, "title": each, "text": "Made up.", "points": scale, "weight": weight} for each, weight in (("a", 1), ("b", 0.1))]
    standard = standard_of(content, [{"rulebook": "one", "standard": "great", **about, "criteria": criteria}])
    proposal = propose(standard, "one", {"a": written(bound), "b": written(bound + Fraction(beyond, 10**9))})  # the mean: an eleventh of that beyond
    assert (proposal.grade, proposal.evaluators) == ("good" if beyond >= least else "poor", ("reference", "inference"))
    just = 11 * bound - 10 * 999_999_999  # with a at its best the mean is the bound
    open_ = propose(standard, "one", {"b": written(just + Fraction(beyond, 10**9))})
    assert (open_.range, open_.evaluators) == (("poor", "good" if beyond >= least else "poor"), ("reference", "inference"))


@needs_rules
def test_what_was_inferred_is_never_changed() -> None:
    """What inference concluded is frozen."""
    book = BUNDLE.standard.rulebooks[0]
    inferred = inference.infer(BUNDLE.standard, book, BUNDLE.standard.reading(), statuses={})
    assert inferred is not None
    for field in fields(inferred):
        with pytest.raises(FrozenInstanceError):
            setattr(inferred, field.name, None)


@needs_rules
def test_a_lost_fact_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the engine drops a fact, the stratum's count gives it away."""
    host = durable_host._host()
    real = host.assert_facts
    monkeypatch.setattr(host, "assert_facts", lambda name, facts: real(name, facts[:-1] if len(facts) > 1 else facts))
    with pytest.raises(LostFacts):
        grade(BUNDLE, ["public-protection"])
