"""Paths on small standards: what a form stands for and leads to, how many are listed and graded, how far what may move goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adjudge import EnginesDisagree, grade, propose
from adjudge.proposal import Proposal
from adjudge.testing.made_up import record
from adjudge.whatif import path as path_module
from adjudge.whatif.moves import Move
from adjudge.whatif.path import AnyOf, Form, path_to, sets_of
from adjudge.whatif.path_output import paths_out
from adjudge.whatif.path_page import path_page
from adjudge.whatif.search import Found, Pick
from adjudge.whatif.tipping import tipping
from tests.conformance.suite import bundle, standard_named
from tests.small_standards import MADE_UP, STATUSES, two_grades


def three(statuses: Mapping[str, str], *limits: Mapping[str, Any], top: Mapping[str, Any], holds: Mapping[str, Any] | None = None) -> Proposal:
    """Propose by a standard of three grades over a, b, c and d: the top one, holds and fails."""
    reach = [{"grade": name, "text": name, "source": MADE_UP, "when": when} for name, when in (("top", top), ("holds", holds)) if when]
    limits_ = [{"text": "a limit", "source": MADE_UP, **each} for each in limits]
    grades = {"top": "top", "holds": "holds", "fails": "fails"}
    return propose(standard_named("plain", {"grades": grades, "reach": reach, "limits": limits_}), "plain", statuses)


def test_a_form_tells_every_grade_that_its_sets_lead_to() -> None:
    """Whichever criterion is lifted the grade is reached, but only with the first of them the best one: the others leave its cap in place."""
    low = dict.fromkeys("abcd", "low")
    cap = {"no_better_than": "holds", "when": {"any": {"id": ["a"]}, "at_most": "low"}}
    (form,) = path_to(three(low, cap, top={"any": {}, "at_least": "mid"}), "holds").forms
    assert (form.sets, form.answers) == (4, (("top", "top", "top"), ("holds", "holds", "holds")))
    (form,) = path_to(three(low, top={"any": {}, "at_least": "mid"}), "holds").forms
    assert (form.sets, form.answers) == (4, (("top", "top", "top"),))


def test_the_answer_tells_each_grade_that_a_form_leads_to() -> None:
    """On the page each, in words; in JSON a range that takes them all in, and no grade."""
    cap = {"no_better_than": "holds", "when": {"any": {"id": ["a"]}, "at_most": "low"}}
    proposal = three(dict.fromkeys("abcd", "low"), cap, top={"any": {}, "at_least": "mid"})
    paths = path_to(proposal, "holds")
    (section,) = path_page(proposal, "Made up", paths, {}, None, "").sections
    assert section.items[-1].text == "then, depending on which are chosen: top; or holds"
    (form,) = paths_out(proposal.standard, paths).forms
    assert (form.grade, form.range, form.sets) == (None, ("holds", "top"), 4)


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what holds, after a path is found, each case that the reference graded."""
    found: list[object] = []
    evaluate = path_module.evaluate  # type: ignore[attr-defined]

    def counted(*given: Any) -> object:
        found.append(given)
        return evaluate(*given)

    monkeypatch.setattr(path_module, "evaluate", counted)
    return found


def test_of_each_kind_of_set_one_is_graded(graded: list[object], tmp_path: Path) -> None:
    """Six of twelve criteria must be lifted, and all of the first four for the cap to go: five kinds of set are graded, of 924 sets."""
    criteria = [{"id": f"c{number}"} for number in range(12)]
    first = {"id": [f"c{number}" for number in range(4)]}
    cap = {"no_better_than": "holds", "text": "a cap", "source": MADE_UP, "when": {"any": first, "at_most": "low"}}
    top = {"grade": "top", "text": "six", "source": MADE_UP, "when": {"count": {}, "at_least": "mid", "is": "at least 6"}}
    grades = {"top": "top", "holds": "holds", "fails": "fails"}
    standard = two_grades(tmp_path, criteria, {}, **STATUSES, grades=grades, reach=[top], limits=[cap])
    (form,) = path_to(propose(standard, "book", {each["id"]: "low" for each in criteria}), "holds").forms
    assert (form.sets, len(graded)) == (math.comb(12, 6), 5)
    assert form.answers == (("top", "top", "top"), ("holds", "holds", "holds"))


def _moves(ids: str, to: str) -> tuple[Move, ...]:
    return tuple(Move(each, each, "low", to, 1, contested=False) for each in ids)


@pytest.mark.parametrize(
    ("groups", "sets"),
    [
        ([(2, "abc", "mid")], 3),
        ([(1, "ab", "mid"), (1, "ab", "high")], 2),
        ([(1, "abcd", "mid"), (1, "abcd", "high"), (1, "abcd", "met")], 24),
        ([(2, "abcd", "mid"), (1, "ef", "mid"), (1, "abcd", "high"), (1, "ef", "high")], 24),
        ([(1, "abc", "mid"), (2, "abc", "high")], 3),
    ],
)
def test_a_form_stands_for_as_many_different_sets_as_it_says(groups: list[tuple[int, str, str]], sets: int) -> None:
    """Groups about the same criteria move each of them once, in every way there is."""
    form = Form(tuple(AnyOf(count, _moves(ids, to)) for count, ids, to in groups), sets, ())
    expanded = list(form.expand())
    assert sets_of(form.groups) == len(expanded) == len(set(map(frozenset, expanded))) == sets
    for chosen in expanded:
        assert len({move.criterion for move in chosen}) == len(chosen) == sum(count for count, _, _ in groups)


def _each(criteria: int, folder: Path) -> Proposal:
    """Propose where any of so many criteria would do, each for a condition of its own."""
    ids = [f"c{number}" for number in range(criteria)]
    when = {"any": [{"all": [{"every": {"id": [each]}, "at_least": "mid"}]} for each in ids]}
    return propose(two_grades(folder, [{"id": each} for each in ids], when, **STATUSES), "book", dict.fromkeys(ids, "low"))


def test_twenty_forms_are_listed_unless_told_otherwise(tmp_path: Path) -> None:
    """Of 21 ways 20 are listed, and the answer says that there are more; the distances to the neighbours list as many."""
    proposal = _each(21, tmp_path)
    found = path_to(proposal, "holds")
    assert (len(found.forms), found.sets, found.complete) == (20, 21, False)
    up = tipping(proposal).up
    assert up is not None
    assert len(up.paths.forms) == 20
    assert len(path_to(proposal, "holds", limit=21).forms) == 21


def test_a_hundred_kinds_of_sets_are_graded_of_a_form(graded: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More kinds than that are left to the search."""
    two_of_all = (Pick(2, tuple((member, 0) for member in range(16))),)
    monkeypatch.setattr(path_module, "cheapest", lambda *_: Found(0, 120, (two_of_all,), complete=True))
    (form,) = path_to(_each(16, tmp_path), "holds").forms
    assert (form.sets, len(graded)) == (120, 100)


@pytest.mark.parametrize(
    ("to", "now", "only", "attainable"),
    [
        ("top", {"a": "low", "b": "low", "c": "low", "d": "low"}, "ab", "holds"),
        ("top", {"a": "none", "b": "none", "c": "low", "d": "low"}, "ab", "holds"),
        ("top", {"a": "low", "b": "low"}, "ab", "holds"),
        ("top", {"c": "high", "d": "high", "b": "none"}, "b", "fails"),
        ("fails", {"a": "high", "b": "high", "c": "high", "d": "high"}, "cd", "holds"),
        ("fails", {"c": "high", "d": "high"}, "cd", "holds"),
        ("fails", {"c": "none", "d": "none"}, "cd", "holds"),
    ],
)
def test_where_no_path_leads_the_answer_says_how_far_it_goes(to: str, now: Mapping[str, str], only: str, attainable: str) -> None:
    """All that may move at its best, the worst end of what then is; at its worst, the best end."""
    top, holds = ({"every": {"id": list(ids)}, "at_least": "high"} for ids in ("abcd", "ab"))
    found = path_to(three(now, top=top, holds=holds), to, only=list(only))
    assert (found.criteria, found.attainable) == (None, attainable)


@pytest.mark.parametrize(("now", "to", "told"), [({"a": "low"}, "holds", "an open grade"), (dict.fromkeys("abcd", "low"), "holds", "fails")])
def test_what_the_reference_makes_of_a_path_that_fails_is_told(now: Mapping[str, str], to: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grade that it leads to by reference, or that it stays open."""
    monkeypatch.setattr(path_module, "cheapest", lambda *_: Found(0, 1, ((),), complete=True))
    proposal = propose(standard_named("plain", {"reach.0.when": {"count": {}, "at_least": "mid", "is": "at least 2"}}), "plain", now)
    with pytest.raises(EnginesDisagree, match=f"plain: the evaluators disagree, so no grade is given: the path to {to} leads to {told} by reference"):
        path_to(proposal, to)


def test_findings_that_are_all_set_aside_are_findings_too() -> None:
    """A proposal that rests on promises alone is told how many findings away its neighbours are; one without any record isn't."""
    planned = tuple(record(f"r{number}", "small", f"good-{number}", "met", "planned") for number in (1, 2))
    found = {len(records): tipping(grade(bundle(records), ["small"]).proposals[0]).down for records in ((), planned)}
    assert found[0] is not None
    assert found[2] is not None
    assert (found[0].findings, found[2].findings is None) == (None, False)
