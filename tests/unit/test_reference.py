"""What is told beside an answer: the criteria that determine it, those an inspector would name first, and the other readings that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import Rulebook, Standard, propose
from adjudge.reference import determining, evaluate, readings_that_differ
from adjudge.rulebook import Reading
from adjudge.status import CriterionStatus, assume
from tests.conformance.suite import standard_named
from tests.hmic import STANDARD, assumed, books, readings, statuses


def plain(when: Mapping[str, Any]) -> Standard:
    """Return the standard of one condition: a and b are core (b major), c and d extra."""
    return standard_named("plain", {"reach.0.when": when})


def determine(standard: Standard, statuses: Mapping[str, str]) -> tuple[str, ...]:
    """Return the determining criteria, for which the reference and the quicker way of grading are at one."""
    (book,) = standard.rulebooks
    found = determining(standard, assume(book, statuses), standard.reading())
    assert propose(standard, book.rulebook, statuses).determining == found
    return found


@pytest.mark.parametrize(
    ("statuses", "named"),
    [
        ({"a": "mid", "b": "mid", "c": "mid", "d": "mid"}, "b"),
        ({"a": "mid", "b": "high", "c": "mid", "d": "mid"}, "b"),
        ({"a": "high", "c": "mid", "d": "mid"}, "a"),
        ({"c": "mid", "d": "high"}, "c"),
        ({"c": "high", "d": "mid"}, "d"),
        ({"c": "mid", "d": "mid"}, "c"),
    ],
    ids=["the most significant", "be it better", "the first tier", "the worse value", "be it later", "the first in the rulebook"],
)
def test_of_criteria_that_would_each_do_the_most_telling_is_named(statuses: dict[str, str], named: str) -> None:
    """Given up first are the last tier, the least significant, the best values and what comes last."""
    assert determine(plain({"any": {}, "at_least": "mid"}), statuses) == (named,)


def test_what_is_not_applicable_determines_nothing_and_stays_so() -> None:
    """Three criteria can't be four: with the fourth not applicable nothing need be known of them."""
    assert determine(plain({"count": {}, "at_least": "mid", "is": "at least 4"}), {"a": "mid", "b": "mid", "c": "none", "d": "not_applicable"}) == ()


def test_without_tiers_and_significances_values_and_order_tell() -> None:
    """Where the standard has neither, the worst values are named, then the first."""
    standard = standard_named("ladder", {"limits": None, "reach.0.grades": {"top": "at least 1", "good": "at least 0.5"}})
    assert determine(standard, {"x": "5", "y": "1", "z": "9"}) == ("y",)
    assert determine(standard, {"x": "5", "y": "5", "z": "5"}) == ("x",)


def test_a_grade_that_is_open_between_two_is_something_known() -> None:
    """Of a criterion that is another framework's grade, open between two, something is known, and it can determine the answer."""
    standard = plain({"every": {"id": ["a"]}, "at_least": "low"})
    for between, expected in ((("low", "high"), ("a",)), (("none", "high"), ())):
        assert determining(standard, opened(standard, {}, "a", between), standard.reading()) == expected


def test_a_grade_that_is_open_between_two_is_as_telling_as_the_worse() -> None:
    """Of two criteria either of which would do, the one that is at worst the worse is named, as if it were that."""
    standard = plain({"any": {"tier": "extra"}, "at_least": "mid"})
    for known, between, named in (("high", ("mid", "high"), "d"), ("mid", ("high", "high"), "c"), ("mid", ("mid", "high"), "c")):
        assert determining(standard, opened(standard, {"c": known}, "d", between), standard.reading()) == (named,)


def opened(standard: Standard, statuses: Mapping[str, str], criterion: str, between: tuple[str, str]) -> list[CriterionStatus]:
    """Return the statuses given, with one criterion open between two."""
    (book,) = standard.rulebooks
    return [replace(each, between=between) if each.criterion.id == criterion else each for each in assume(book, statuses)]


@given(st.data(), books, readings)
def test_other_readings_are_told_by_the_smallest_changes_that_change_the_answer(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """A change of the reading is told just where the answer changes with it and with no part of it; the fewest terms first."""
    given_ = assumed(book, data.draw(statuses(book, True, True)))
    now = evaluate(STANDARD, given_, reading).answer
    answers = {
        frozenset(other.values.items() - reading.values.items()): evaluate(STANDARD, given_, other).answer for other in STANDARD.all_readings()
    }
    changing = {changes for changes, answer in answers.items() if answer != now}
    told = readings_that_differ(STANDARD, given_, reading)
    found = {frozenset(each.changes.items()): (each.grade, each.low, each.high) for each in told}
    assert found == {changes: answers[changes] for changes in changing if not any(other < changes for other in changing)}
    assert [len(each.changes) for each in told] == sorted(len(each.changes) for each in told)


def test_a_change_of_two_terms_is_told_where_neither_alone_changes_the_answer() -> None:
    """Either of two conditions does: only readings that take both away are told, in the order of the standard's terms."""
    standard = plain(
        {"any": [{"every": {"id": ["a"]}, "at_least": "enough"}, {"count": {"id": ["b", "c"]}, "at_least": "mid", "is": "several"}]},
    )
    (book,) = standard.rulebooks
    told = readings_that_differ(standard, assume(book, {"a": "mid", "b": "mid", "c": "mid", "d": "none"}), standard.reading())
    assert [(list(each.changes.items()), each.grade) for each in told] == [([("enough", "high"), ("several", "more than 2")], "fails")]
