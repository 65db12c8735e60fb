"""Grading a bundle: what two evaluations are compared by, what a grading holds, how a part's grade reaches the whole, what is refused."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from adjudge import BadInput, EnginesDisagree, Record, grade, propose
from adjudge import grading as grading_module
from adjudge.durable_host import available
from adjudge.grading import compare
from adjudge.inference import Inferred
from adjudge.reference import evaluate
from adjudge.status import assume
from adjudge.testing.made_up import judgement, record
from tests.conformance.suite import bundle, standard_named
from tests.hmic import STANDARD

PLAIN = standard_named("plain", {"reach.0.when": {"all": [{"any": {"id": ["a"]}, "at_least": "mid"}, {"any": {"id": ["b"]}, "at_least": "low"}]}})
ROWS = assume(PLAIN.rulebook("plain"), {"a": "mid", "b": "none"})
EVALUATION = evaluate(PLAIN, ROWS, PLAIN.reading())
SAME = Inferred(
    statuses={"a": "mid", "b": "none", "c": "not_assessed", "d": "not_assessed"},
    contested=frozenset(),
    truth={"reach.0": (False, False), "reach.0.0": (True, True), "reach.0.1": (False, False)},
    grade="fails",
    low="fails",
    high="fails",
    trace=(),
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"statuses": {**SAME.statuses, "b": "low"}}, ["b is none by reference, low by inference"]),
        ({"contested": frozenset({"c"})}, ["c is contested by one evaluator only"]),
        ({"truth": {**SAME.truth, "reach.0.1": (False, True)}}, ["condition reach.0.1 is False by reference only"]),
        ({"truth": {**SAME.truth, "reach.0": (True, True)}}, ["condition reach.0 is False by reference only"]),
        ({"grade": None}, ["the answer is ('fails', 'fails', 'fails') by reference, (None, 'fails', 'fails') by inference"]),
        ({"low": "holds"}, ["the answer is ('fails', 'fails', 'fails') by reference, ('fails', 'holds', 'fails') by inference"]),
        (
            {"high": "holds", "statuses": {**SAME.statuses, "a": "high"}},
            [
                "a is mid by reference, high by inference",
                "the answer is ('fails', 'fails', 'fails') by reference, ('fails', 'fails', 'holds') by inference",
            ],
        ),
    ],
)
def test_every_difference_is_told(change: Mapping[str, Any], told: list[str]) -> None:
    """Statuses, contests, conditions however deep, limits, and the answer."""
    assert compare(ROWS, EVALUATION, replace(SAME, **change)) == told


def test_limits_are_compared_too() -> None:
    """A limit's condition has its own place."""
    rows = assume(STANDARD.rulebook("small"), {})
    evaluation = evaluate(STANDARD, rows, STANDARD.reading())
    truth = {f"reach.{place}": (False, True) for place in range(3)}
    inferred = Inferred({row.criterion.id: row.status for row in rows}, frozenset(), _Truth(truth), *evaluation.answer, ())
    assert compare(rows, evaluation, inferred) == []
    inferred.truth["limits.1"] = (True, True)  # type: ignore[index]
    assert compare(rows, evaluation, inferred) == ["condition limits.1 is None by reference only"]


class _Truth(dict[str, tuple[bool, bool]]):
    """Truths that are all open, but for those given."""

    def __missing__(self, place: str) -> tuple[bool, bool]:
        return False, True


MET = {each.id: "met" for each in STANDARD.rulebook("small").criteria}


def _records(framework: str = "small") -> tuple[Record, ...]:
    return tuple(record(f"{framework}-{name}", framework, name, "met") for name in MET)


def test_a_grading_holds_its_proposals_in_order() -> None:
    """By place, by framework, as many as were asked for; a page where a notebook shows it."""
    grading = grade(bundle(_records()), ["small", "ten"])
    assert [each.framework for each in grading] == ["small", "ten"]
    assert (len(grading), grading["ten"] is grading.proposals[1]) == (2, True)
    with pytest.raises(KeyError, match="twelve"):
        grading["twelve"]
    assert grading._repr_html_().startswith("<")
    assert [each.framework for each in grade(bundle(_records()))] == list(bundle(_records()).frameworks)


def test_a_proposal_names_the_evaluators_that_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rules engine the reference alone, and no trace; with it both."""
    both = grade(bundle(_records()), ["small"])["small"]
    assert both.evaluators == (("reference", "inference") if available() else ("reference",))
    assert bool(both.trace) is available()
    monkeypatch.setattr(grading_module, "infer", lambda *_, **__: None)
    alone = grade(bundle(_records()), ["small"])["small"]
    assert (alone.evaluators, alone.trace, alone.evaluation) == (("reference",), (), both.evaluation)


def test_no_grade_is_given_where_the_evaluators_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework and every difference are told."""
    monkeypatch.setattr(grading_module, "infer", lambda *_, **__: replace(SAME, grade="holds"))
    with pytest.raises(EnginesDisagree) as caught:
        propose(PLAIN, "plain", {"a": "mid", "b": "none"})
    assert str(caught.value).startswith(
        "plain: the evaluators disagree, so no grade is given: the answer is ('fails', 'fails', 'fails') by reference"
    )


def test_values_that_cannot_be_are_refused_all_at_once() -> None:
    """Criteria that the rulebook doesn't have, and values off their scale; not assessed and not applicable are values of all."""
    ladder = standard_named("ladder")
    with pytest.raises(BadInput) as caught:
        propose(ladder, "ladder", {"xx": 1, "y": 11, "z": "much"})
    assert [str(each) for each in caught.value.faults] == [
        "statuses: `11` isn't on the scale of points of `y`: from 0 to 10",
        "statuses: `much` isn't on the scale of points of `z`: from 0 to 10",
        "statuses: `xx` isn't a criterion of ladder; did you mean `x`?",
    ]
    found = propose(ladder, "ladder", {"x": "not_assessed", "y": "not_applicable", "z": 10})
    assert [row.status for row in found.statuses] == ["not_assessed", "not_applicable", "10"]


@pytest.mark.parametrize(("when", "grade_"), [("2007-06-30", "fails"), ("2007-07-01", "holds")])
def test_the_rules_of_the_day_count(when: str, grade_: str) -> None:
    """The day that is asked for, by bundle as by values."""
    rule = {"grade": "holds", "text": "made up", "source": {"part": "Made up", "gist": "made up"}}
    early = {**rule, "when": {"every": {}, "at_least": "high"}, "in_force": "/2007-06"}
    late = {**rule, "when": {"any": {}, "at_least": "low"}, "in_force": "2007-07/"}
    standard = standard_named("plain", {"reach": [early, late]})
    values = dict.fromkeys("abcd", "low")
    day = datetime.date.fromisoformat(when)
    assert propose(standard, "plain", values, on=day).grade == grade_
    records = tuple(record(f"r{each}", "plain", each, "low") for each in "abcd")
    assert grade(bundle(records, standard=standard), ["plain"], on=day)["plain"].grade == grade_


STRANDS = standard_named("strands")


def _strand(framework: str, **shows: str) -> tuple[Record, ...]:
    return tuple(record(f"{framework}-{name}", framework, name, value) for name, value in shows.items())


@pytest.mark.parametrize(
    ("records", "decided", "status", "between"),
    [
        (_strand("strand-one", m="good", n="good"), None, "good", None),
        (_strand("strand-one", m="bad", n="good"), None, "bad", None),
        (_strand("strand-one", m="good", n="good"), "poor", "bad", None),
        (_strand("strand-one", m="good"), None, "not_assessed", ("bad", "good")),
        (_strand("strand-one", m="fair"), None, "not_assessed", ("bad", "fair")),
        (_strand("strand-one", m="fair"), "fair", "fair", None),
    ],
)
def test_the_grade_of_a_part_reaches_the_whole(
    records: tuple[Record, ...], decided: str | None, status: str, between: tuple[str, str] | None
) -> None:
    """As it stands for there: proposed, or decided by judgement whatever is proposed, or between the ends of its range."""
    judgements = (judgement("strand-one", grade=decided),) if decided else ()
    made = bundle(records, judgements, standard=STRANDS)
    grading = grade(made, ["overall", "strand-one"])
    first = grading["overall"].statuses[0]
    assert (first.status, first.between) == (status, between)
    assert (grading["strand-one"].decided is None) == (decided is None)
    assert grading["overall"].decided is None


def test_the_published_grade_and_the_decision_stand_beside_the_proposal() -> None:
    """They are the framework's own, and change nothing of what is proposed."""
    about = judgement("small", grade="poor")
    made = bundle(_records(), (judgement("ten", grade="good"), about))
    proposal = grade(made, ["small"])["small"]
    assert (proposal.decided, proposal.published) == (about, made.published_grade("small"))
    assert proposal.evaluation.answer == propose(STANDARD, "small", MET).evaluation.answer
