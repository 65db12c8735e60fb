"""Every case of small standards: one at a time, over columns and over bits, with determining criteria; and how little work one case makes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adjudge import Standard, propose
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.status import assume
from adjudge.sweep import INAPPLICABLE, UNKNOWN, Answer, compile_rulebook
from adjudge.sweep.single import Single
from tests.conformance.suite import standard_named
from tests.hmic import STANDARD
from tests.small_standards import MADE_UP, STATUSES, two_grades

VALUES = ("none", "low", "mid", "high", NOT_ASSESSED)
GRADES = {"grades": {"top": "top", "good": "good", "fair": "fair", "poor": "poor"}}


def _limit(grade: str, when: Mapping[str, Any], cap: bool = True) -> dict[str, Any]:
    return {"no_better_than" if cap else "no_worse_than": grade, "text": "a limit", "source": MADE_UP, "when": when}


def _reach(**when: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"grade": grade, "text": grade, "source": MADE_UP, "when": each} for grade, each in when.items()]


FALLS = {"not_monotone": "made up for a test"}
STANDARDS: Mapping[str, Mapping[str, Any]] = {
    "one can stand in for another": {
        "reach.0.when": {"any": [{"every": {"id": ["a", "b"]}, "at_least": "mid"}, {"every": {"id": ["c", "d"]}, "at_least": "high"}]}
    },
    "two of three": {
        "reach.0.when": {
            "count": [
                {"every": {"tier": "core"}, "at_least": "mid"},
                {"any": {"tier": "extra"}, "at_least": "high"},
                {"count": {}, "at_least": "low", "is": "more than 2"},
            ],
            "is": "at least 2",
        }
    },
    "shares of the extra ones": {
        **GRADES,
        "reach": _reach(
            top={"share": {}, "at_least": "high", "is": "at least 1/2"},
            good={"share": {"tier": "extra"}, "at_least": "mid", "is": "more than 1/2"},
            fair={"share": {"tier": "core"}, "at_least": "low", "is": "more than 1/3"},
        ),
        "limits": [_limit("fair", {"share": {}, "at_most": "none", "is": "more than 2/3"})],
        "otherwise.grade": "poor",
    },
    "fewer than two of three": {
        **FALLS,
        "reach.0.when": {"count": [{"any": {"id": [each]}, "at_least": "mid"} for each in "abc"], "is": "less than 2"},
    },
    "fewer than two of three, or else many": {
        **FALLS,
        **GRADES,
        "reach": _reach(
            top={"count": [{"any": {"id": [each]}, "at_least": "mid"} for each in "abc"], "is": "less than 2"},
            good={"count": {}, "at_least": "mid", "is": "at least 3"},
        ),
        "otherwise.grade": "fair",
    },
    "one of three at most": {
        **FALLS,
        "reach.0.when": {"count": [{"any": {"id": [each]}, "at_least": "mid"} for each in "abd"], "is": "at most 1"},
    },
    "four grades": {
        **GRADES,
        "reach": _reach(top={"every": {}, "at_least": "high"}, good={"count": {}, "at_least": "mid", "is": "at least 3"}),
        "otherwise.grade": "fair",
        "otherwise.from": "poor",
        "otherwise.to": "good",
        "otherwise.decision": "look again",
        "limits": [
            _limit("fair", {"any": {"id": ["a"]}, "at_most": "none"}),
            _limit("fair", {"share": {"tier": "extra"}, "at_least": "high", "is": "more than 1/2"}, cap=False),
            _limit("poor", {"count": {}, "at_most": "none", "is": "at least 3"}),
            _limit("top", {"any": {"id": ["d"]}, "at_most": "none"}),
            _limit("poor", {"any": {"id": ["d"]}, "at_least": "high"}, cap=False),
        ],
    },
    "it falls again": {
        **FALLS,
        **GRADES,
        "reach": _reach(
            top={"count": {}, "at_least": "mid", "is": "at most 1"},
            good={"not": {"all": [{"any": {"id": ["a"]}, "at_least": "mid"}, {"any": {"id": ["c"]}, "at_most": "low"}]}},
        ),
        "otherwise.grade": "fair",
        "otherwise.from": "poor",
        "otherwise.to": "good",
        "otherwise.decision": "look again",
    },
    "whatever its status": {
        **GRADES,
        "reach": _reach(top={"count": {}, "at_least": "none", "is": "at least 4"}, good={"share": {}, "at_least": "none", "is": "more than 1/2"}),
        "limits": [_limit("fair", {"every": {"tier": "core"}, "at_most": "high"})],
        "otherwise.grade": "poor",
    },
}


def _answer(standard: Standard, case: Mapping[str, str]) -> Answer:
    """Return what the reference answers to a case."""
    rows = assume(standard.rulebooks[0], case)
    evaluation = evaluate(standard, rows, standard.reading())
    outcomes = [*(each.outcome.holds for each in evaluation.reached), *(each.outcome.holds for each in evaluation.limited)]
    return Answer(*evaluation.answer, tuple(outcomes), determining(standard, rows, standard.reading()))


@pytest.mark.parametrize("change", STANDARDS.values(), ids=STANDARDS)
def test_every_case_gets_the_answer_of_the_reference(change: Mapping[str, Any]) -> None:
    """The grade and its range, whether each condition holds, and which criteria determine it: of all 625 cases, and some that aren't applicable."""
    standard = standard_named("plain", change)
    sweep = compile_rulebook(standard, "plain")
    partly = itertools.product((NOT_APPLICABLE, "high"), VALUES, (NOT_APPLICABLE, "none", "mid"), ("mid", NOT_ASSESSED, NOT_APPLICABLE))
    for values in (*itertools.product(VALUES, repeat=4), *partly):
        case = dict(zip("abcd", values, strict=True))
        assert sweep.one(case) == _answer(standard, case), case


@pytest.mark.parametrize("change", STANDARDS.values(), ids=STANDARDS)
def test_columns_and_bits_give_every_case_its_answer(change: Mapping[str, Any]) -> None:
    """The answer that each of 1,296 cases gets alone, some of their criteria unknown or not applicable; and the decision that a proposal needs."""
    standard = standard_named("plain", change)
    sweep = compile_rulebook(standard, "plain")
    cases = [dict(zip("abcd", values, strict=True)) for values in itertools.product((*VALUES, NOT_APPLICABLE), repeat=4)]
    codes = {**standard.rank, NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE}
    columns = {name: np.array([codes[case[name]] for case in cases], np.uint8) for name in "abcd"}
    expected = [sweep.one(case)[:3] for case in cases]
    few = range(0, len(cases), 37)
    decisions = [propose(standard, "plain", cases[number]).decision_required for number in few]
    for answers in (sweep.columns(columns), sweep.columns(columns, between=True), sweep.packed(sweep.pack(columns))):
        grades = answers.grades
        ends = zip(answers.ids(), answers.low.tolist(), answers.high.tolist(), strict=True)
        assert [(grade, grades[low], grades[high]) for grade, low, high in ends] == expected
        assert [bool(answers.decision[number]) for number in few] == decisions


def test_the_least_telling_criteria_are_given_up_first_where_conditions_overlap(tmp_path: Path) -> None:
    """Six criteria in overlapping selections, any of three ways to the grade: of 300 seeded cases each has the reference's determining criteria."""
    ids = [f"c{number}" for number in range(6)]
    some, others = {"id": ["c0", "c1", "c4", "c5"]}, {"id": ["c0", "c1", "c2", "c5"]}
    both = [{"share": some, "at_least": "mid", "is": "at least 1/2"}, {"any": some, "at_least": "high"}]
    ways = [{"all": both}, {"share": others, "at_least": "high", "is": "at least 1/2"}, {"any": {"id": ["c1"]}, "at_least": "low"}]
    standard = two_grades(tmp_path, [{"id": each} for each in ids], {"any": ways}, **STATUSES)
    sweep = compile_rulebook(standard, "book")
    draw = random.Random(2007)
    for case in [
        dict.fromkeys(ids, "high") | {"c2": "low", "c3": "low", "c5": "mid"},
        *({each: draw.choice(VALUES) for each in ids} for _ in range(300)),
    ]:
        assert sweep.one(case) == _answer(standard, case), case


@pytest.mark.parametrize("ids", ["a", "ab"])
def test_a_rulebook_of_one_or_two_criteria(ids: str, tmp_path: Path) -> None:
    """Each criterion's status is its own."""
    standard = two_grades(tmp_path, [{"id": each} for each in ids], {"any": {"id": [ids[-1]]}, "at_least": "mid"}, **STATUSES)
    sweep = compile_rulebook(standard, "book")
    for values in itertools.product(VALUES, repeat=len(ids)):
        case = dict(zip(ids, values, strict=True))
        assert sweep.one(case) == _answer(standard, case)


def test_a_status_is_no_row_of_letters(tmp_path: Path) -> None:
    """Of one criterion whose statuses are a, b and ab, ab is one status."""
    bases = {"observed": {"label": "observed", "strength": 1, "establishes": "b"}}
    named = {"statuses": {"ab": "both", "a": "a", "b": "b"}, "bases": bases}
    standard = two_grades(tmp_path, [{"id": "only"}], {"every": {}, "at_least": "a"}, **named)
    sweep = compile_rulebook(standard, "book")
    assert [sweep.one({"only": each}).grade for each in ("ab", "a", "b")] == ["fails", "holds", "holds"]


def test_answers_are_kept_up_to_a_number_and_then_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more states than that never more are kept, and as many are."""
    monkeypatch.setattr("adjudge.sweep.single.KEPT_ANSWERS", 9)
    standard = standard_named("plain", STANDARDS["four grades"])
    single = Single(compile_rulebook(standard, "plain").program, standard)
    kept = []
    for values in itertools.product(VALUES, repeat=4):
        single.answer(dict(zip("abcd", values, strict=True)))
        kept.append((len(single.settled), len(single.told) <= len(single.settled) + 1))
    assert max(kept) == (9, True)
    assert all(told for _, told in kept)


def test_like_criteria_are_given_up_together() -> None:
    """For each kind of criteria and each status there is one run; statuses that pass the same are one run where a case is looked at."""
    single = Single(compile_rulebook(STANDARD, "small").program, STANDARD)
    kinds = {(each.tier, each.significance) for each in STANDARD.rulebook("small").criteria}
    assert len(single.runs) == len(kinds) * len(STANDARD.statuses)
    single.answer({each.id: "met" for each in STANDARD.rulebook("small").criteria})
    ((_, (firm, runs)),) = single.told.values()
    assert (firm, len(runs)) == (True, 9)
