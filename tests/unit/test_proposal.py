"""The proposal as a value: what it says of its grade, its range, and what is left to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from adjudge import Proposal, propose
from adjudge.proposal import Firing, Reason
from adjudge.testing.made_up import judgement
from tests.conformance.suite import HMIC, standard_named

STANDARD = standard_named(HMIC)
BOOK = STANDARD.rulebook("small")
OF_TIER = {tier: tuple(each.id for each in BOOK.criteria if each.tier == tier) for tier in STANDARD.tiers}


def proposed(but: Mapping[str, str] | None = None, **tiers: str) -> Proposal:
    """Propose a grade of the small rulebook: a status for each tier named, those of ``but`` excepted."""
    return propose(STANDARD, BOOK.rulebook, {**{each: status for tier, status in tiers.items() for each in OF_TIER[tier]}, **(but or {})})


GOOD = proposed(fair="met", good="met", beacon="well_short", innovation="well_short")


def test_a_settled_grade_is_its_own_range_and_leaves_nothing_to_decide() -> None:
    """With all known, and nothing left to judgement, grade, worst and best are one."""
    assert (GOOD.framework, GOOD.grade, GOOD.range, GOOD.reasons, GOOD.decision_required) == ("small", "good", ("good", "good"), (), False)


def test_what_is_not_assessed_is_told_by_number() -> None:
    """One criterion isn't assessed, two aren't, and neither is told where the grade doesn't depend on it."""
    fair, other, *_ = OF_TIER["fair"]
    known = {"fair": "met", "good": "met", "beacon": "well_short", "innovation": "well_short"}
    assert proposed({fair: "not_assessed"}, **known).reasons == (Reason("not_assessed", "1 criterion isn't assessed, and the grade depends on it"),)
    two = proposed({fair: "not_assessed", other: "not_assessed"}, **known)
    assert two.reasons == (Reason("not_assessed", "2 criteria aren't assessed, and the grade depends on it"),)
    assert (two.grade, two.not_assessed, two.decision_required) == (None, (fair, other), True)
    spare = proposed({OF_TIER["good"][0]: "not_assessed"}, **known)
    assert (spare.grade, spare.reasons, spare.not_assessed) == ("good", (), (OF_TIER["good"][0],))


def test_a_decision_is_required_until_it_is_made() -> None:
    """Excellent is left to inspectors; with their decision recorded the reason stays and nothing is required any more."""
    found = proposed(fair="met", good="met", beacon="met", innovation="met")
    assert [reason.kind for reason in found.reasons] == ["standard"]
    assert found.decision_required
    decided = replace(found, decided=judgement("small", grade="excellent"))
    assert (decided.reasons, decided.decision_required) == (found.reasons, False)
    assert not replace(GOOD, decided=judgement("small", grade="good")).decision_required


def test_a_proposal_agrees_with_the_published_grade_or_not_or_neither_can_be_said() -> None:
    """Without a published grade, or while the grade is open, there is nothing to agree with."""
    assert (replace(GOOD, published="good").agrees, replace(GOOD, published="fair").agrees, GOOD.agrees) == (True, False, None)
    assert replace(proposed(), published="fair").agrees is None


def test_a_status_is_found_by_its_criterion() -> None:
    """Each criterion's status is at hand by its id; one that the rulebook doesn't have is a KeyError."""
    assert [GOOD.status(each.id).criterion for each in BOOK.criteria] == list(BOOK.criteria)
    with pytest.raises(KeyError, match="no-such-criterion"):
        GOOD.status("no-such-criterion")


def test_a_proposal_is_never_changed() -> None:
    """The proposal is frozen, with all that it came from."""
    found = proposed(fair="substantially_met", good="met")
    evaluation, (other, *_), (reason, *_) = found.evaluation, found.readings_that_differ, found.reasons
    for frozen in (
        found,
        evaluation,
        evaluation.worst,
        evaluation.reached[0],
        evaluation.reached[0].outcome,
        evaluation.limited[0],
        other,
        reason,
        Firing("rule", ()),
    ):
        for field in fields(frozen):
            with pytest.raises(FrozenInstanceError):
                setattr(frozen, field.name, None)


def test_a_notebook_shows_the_explanation() -> None:
    """In a notebook a proposal is its explanation in HTML."""
    assert "<" in (shown := GOOD._repr_html_())
    assert BOOK.title in shown
