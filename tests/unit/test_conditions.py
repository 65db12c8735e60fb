"""What comes of a condition, as a value: what holds, what it is made of, and how near it is to its bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from fractions import Fraction
from typing import Any

import pytest

from adjudge.conditions import Amount, Outcome, Statuses, evaluate
from adjudge.status import assume
from tests.conformance.suite import standard_named


def outcome(when: Mapping[str, Any], statuses: Mapping[str, str], **change: Any) -> Outcome:
    """Return what comes of a condition over a, b, c and d of the plain standard."""
    standard = standard_named("plain", {"reach.0.when": when, **change})
    (book,) = standard.rulebooks
    return evaluate(standard.reach[0].when, Statuses(standard, assume(book, statuses)), standard.reading())


def names(found: Outcome) -> tuple[list[str], list[str], list[str]]:
    """Return the criteria that pass, those that may, and those that fall short."""
    passing, unknown, failing = ([each.criterion.id for each in part] for part in (found.passing, found.open, found.failing))
    return passing, unknown, failing


def test_a_measure_tells_who_passes_who_may_and_who_falls_short() -> None:
    """Each applicable criterion is in one of the three; the edge of the bound is how many are needed."""
    found = outcome({"count": {}, "at_least": "mid", "is": "at least 2"}, {"a": "high", "b": "low", "d": "not_applicable"})
    assert (names(found), found.whole, found.needed, found.holds) == ((["a"], ["c"], ["b"]), 3, 2, None)
    assert outcome({"count": {}, "at_least": "mid", "is": "more than 1"}, {"a": "high", "b": "mid"}).holds is True
    assert outcome({"count": {}, "at_least": "mid", "is": "at least 4"}, {"a": "low"}).holds is False


@pytest.mark.parametrize(
    ("when", "needed", "whole"),
    [
        ({"every": {}, "at_least": "mid"}, 3, 3),
        ({"any": {}, "at_least": "mid"}, 1, 3),
        ({"share": {}, "at_least": "mid", "is": "at least 2/3"}, 2, 3),
        ({"share": {}, "at_least": "mid", "is": "more than 1/3"}, 2, 3),
        ({"all": [{"any": {}, "at_least": "mid"}, {"any": {}, "at_least": "low"}]}, 2, 2),
        ({"any": [{"any": {}, "at_least": "mid"}, {"any": {}, "at_least": "low"}]}, 1, 2),
        ({"count": [{"any": {}, "at_least": "mid"}, {"any": {}, "at_least": "low"}], "is": "more than 1"}, 2, 2),
        ({"not": {"any": {}, "at_most": "low"}}, 0, 1),
    ],
    ids=["every", "any", "share", "more than a share", "all of", "any of", "so many of", "not"],
)
def test_a_condition_tells_how_many_it_needs_of_how_many(when: dict[str, Any], needed: int, whole: int) -> None:
    """Of criteria those that apply, of conditions all; a bound of "more than" needs one more."""
    found = outcome(when, {"d": "not_applicable"})
    assert (found.needed, found.whole) == (needed, whole)


def test_a_number_tells_how_far_it_is_known_and_what_it_is_made_of() -> None:
    """Criteria whose points are known and the others, the least and the most it can be, and what each adjustment came to."""
    total = {"text": "total", "sum": {}, "adjust": [{"by": -4, "text": "penalty", "when": {"any": {}, "at_most": "none"}}]}
    found = outcome({"number": "total", "is": "at least 15"}, {"a": "high", "b": "mid", "d": "not_applicable"}, **{"numbers.total": total})
    assert (names(found), found.whole, found.needed) == ((["a", "b"], ["c"], []), 3, 0)
    assert found.amount is not None
    (penalty,) = found.amount.adjusted
    assert (found.amount.low, found.amount.high) == (Fraction(11), Fraction(25))
    assert (penalty.by, penalty.text, penalty.outcome.holds) == (Fraction(-4), "penalty", None)
    nothing = outcome({"sum": {}, "is": "at least 0"}, dict.fromkeys("abcd", "not_applicable"))
    assert (nothing.amount, nothing.holds, nothing.whole) == (None, False, 0)
    assert outcome({"any": {}, "at_least": "mid"}, {}).amount is None


def test_an_outcome_is_never_changed() -> None:
    """An outcome is frozen, with its amount and adjustments."""
    total = {"text": "total", "sum": {}, "adjust": [{"by": 1, "text": "bonus", "when": {"any": {}, "at_least": "high"}}]}
    found = outcome({"number": "total", "is": "at least 15"}, {"a": "high"}, **{"numbers.total": total})
    assert isinstance(found.amount, Amount)
    for frozen in (found, found.amount, found.amount.adjusted[0]):
        for field in fields(frozen):
            with pytest.raises(FrozenInstanceError):
                setattr(frozen, field.name, None)
