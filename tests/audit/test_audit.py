"""What the audit proves, refutes and finds, on the shipped rulebooks and on standards broken on purpose."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adjudge import Rulebook, Standard, load_standard
from adjudge.audit.report import conformance_cases
from adjudge.audit.results import AuditOut, RulebookAudit
from adjudge.audit.run import audit_rulebook
from adjudge.conditions import Statuses
from adjudge.reference import evaluate
from adjudge.status import CriterionStatus
from adjudge.testing.cases import read_cases
from adjudge.testing.made_up import as_files
from tests.conformance.test_conformance import test_evaluator as replay_by_evaluator
from tests.conformance.test_conformance import test_grading as replay_by_grading
from tests.hmic import STANDARD

SUITE = STANDARD
EVERY_BOUND = "holds where every criterion is applicable"


@functools.cache
def _shipped(name: str, framework: str) -> RulebookAudit:
    loaded = load_standard(name)
    return audit_rulebook(loaded, loaded.rulebook(framework))


@functools.cache
def _small() -> RulebookAudit:
    return audit_rulebook(SUITE, SUITE.rulebook("small"))


def _changed(change: Mapping[str, Any]) -> Standard:
    """Return the suite's standard with other keys, as if its file had them; unless its terms are among them it has one reading only."""
    made = Standard.model_validate(_frozen({**_plain(), "readings": {}, "terms": _terms(), **change}))
    return made.model_copy(update={"rulebooks": (SUITE.rulebook("small"),)})


def _frozen(value: Any) -> Any:
    """Return a value with tuples in place of lists, as documents give them."""
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _audit(**change: Any) -> RulebookAudit:
    changed = _changed(change)
    return audit_rulebook(changed, changed.rulebook("small"))


def _terms(*kept: str) -> dict[str, Any]:
    """Return the terms of the suite's standard, all but those kept with their default as their only value."""
    terms: dict[str, Any] = _plain()["terms"]
    return {name: term if name in kept else {**term, "admissible": [term["default"]]} for name, term in terms.items()}


def _plain() -> dict[str, Any]:
    content: dict[str, Any] = SUITE.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"rulebooks", "left_out"})
    return content


def _verdicts(audit: RulebookAudit, verdict: str) -> set[int]:
    return {law.number for law in audit.laws if law.verdict == verdict}


@pytest.mark.parametrize(
    ("name", "framework", "not_applicable"),
    [("cqc-adult-social-care", "location", {5, 7, 8, 11}), ("fsa-fhrs", "food-hygiene", {4, 5, 7, 8, 11, 12})],
)
def test_the_published_regimes_break_no_law(name: str, framework: str, not_applicable: set[int]) -> None:
    """CQC's and the food hygiene scheme's rules are proven law by law; what doesn't apply says why."""
    audit = _shipped(name, framework)
    assert audit.sound
    assert _verdicts(audit, "not_applicable") == not_applicable
    assert all(law.reason for law in audit.laws if law.verdict == "not_applicable")


def test_parts_of_the_food_hygiene_table_say_nothing_new() -> None:
    """In the scheme's table the total of ratings 5, 3 and 2 is implied by the highest score, since scores come in steps."""
    idle = [each.text for each in _shipped("fsa-fhrs", "food-hygiene").findings if each.kind == "idle part"]
    assert [text.rsplit(": ", 1)[1] for text in idle] == ["total at most 15", "total at most 30", "total at most 40"]


def test_hmic_under_every_reading() -> None:
    """Every law is proven on a rulebook of hmic-2007; that a grade may ask nothing, where nothing it is about applies, is told."""
    audit = _shipped("hmic-2007", "child-abuse")
    assert audit.readings == 144
    assert audit.sound
    assert _verdicts(audit, "not_applicable") == {5}
    (told,) = (each for each in audit.findings if each.kind == "nothing asked")
    assert told.case is not None
    book = load_standard("hmic-2007").rulebook("child-abuse")
    weighty = {each.id for each in book.criteria if each.significance in ("significant", "critical")}
    assert {criterion for criterion, value in told.case.values.items() if value == "not_applicable"} == weighty
    assert told.case.grade in ("good", "excellent")


def test_the_hole_between_fair_and_poor_is_found_and_declared() -> None:
    """The smallest case in the hole of hmic-2007 is one significant criterion partly met, all else met."""
    (hole,) = (each for each in _shipped("hmic-2007", "child-abuse").findings if each.kind == "hole")
    assert hole.declared
    assert hole.case is not None
    assert (hole.case.grade, hole.case.range, hole.case.reading) == ("fair", ("poor", "fair"), {})
    assert [value for value in hole.case.values.values() if value != "met"] == ["partly_met"]


def test_every_counterexample_replays_as_a_conformance_case(tmp_path: Path) -> None:
    """What the audit shows is written as cases of the conformance suite, and grades there as it says, from statuses and from records."""
    content = _plain()
    enough = {"count": {"tier": "fair", "significance": "critical"}, "at_least": "counts_as_met", "is": "at least 2"}
    broken = _changed({"reach": [*content["reach"][:-1], {**content["reach"][-1], "when": enough}], "limits": content["limits"][1:]})
    for name, text in as_files(broken).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    audit = audit_rulebook(broken, broken.rulebook("small"))
    assert {6, 8} <= _verdicts(audit, "refuted")
    text = conformance_cases(AuditOut(sound=audit.sound, rulebooks=(audit,)), {broken.standard: str(tmp_path)})
    file = tmp_path / "found.cases"
    file.write_text(text, encoding="utf-8")
    cases = read_cases(file)
    assert len(cases) >= 4
    assert any(case.judgements for case in cases)
    for case in cases:
        replay_by_evaluator(case, "reference")
        replay_by_grading(case)


def test_two_hundred_criteria() -> None:
    """A made-up rulebook of 200 criteria has the verdicts of a shipped one: cases are counted, not listed."""
    ten = SUITE.rulebook("ten")
    pool = {tier: next(each for each in ten.criteria if each.tier == tier and each.significance == "ordinary") for tier in ("fair", "good")}
    more = [pool["fair" if number % 2 else "good"].model_copy(update={"id": f"made-up-{number}"}) for number in range(200 - len(ten.criteria))]
    large = Rulebook.model_construct(**{**ten.__dict__, "criteria": (*ten.criteria, *more)})
    audit = audit_rulebook(SUITE, large)
    assert audit.criteria == 200
    assert audit.combinations == "4^200"
    assert [law.verdict for law in audit.laws] == [law.verdict for law in _shipped("hmic-2007", "child-abuse").laws]


def test_an_undeclared_hole_is_refuted() -> None:
    """A hole for which `otherwise` asks no decision breaks law 14, with the smallest case in it."""
    audit = _audit(otherwise={**_plain()["otherwise"], "from": "fair", "decision": None})
    assert 14 in _verdicts(audit, "refuted")
    assert [each.declared for each in audit.findings if each.kind == "hole"] == [False]


def test_significance_turned_round_is_refuted() -> None:
    """Where Fair asks for the ordinary criteria in place of the significant, a significant one counts for less."""
    content = _plain()
    content["reach"][2]["when"]["every"]["significance"] = ["ordinary"]
    law = next(each for each in _audit(reach=content["reach"]).laws if each.number == 7)
    assert law.verdict == "refuted"


def test_a_better_status_that_lowers_the_grade_is_refuted_by_a_pair() -> None:
    """The counterexample is two cases that differ in one criterion, the second better met and worse graded."""
    content = _plain()
    content["limits"][1]["when"] = {"share": {"tier": "good"}, "at_least": "met", "is": "at least 1/2"}
    changed = _changed({"limits": content["limits"]})
    law = next(each for each in audit_rulebook(changed, changed.rulebook("small")).laws if each.number == 3)
    refuted = [each for each in law.instances if each.verdict == "refuted"]
    assert refuted
    for each in refuted:
        before, after = each.cases
        (criterion,) = [name for name in before.values if before.values[name] != after.values[name]]
        assert changed.rank[after.values[criterion]] > changed.rank[before.values[criterion]]
        assert changed.grade_rank[after.range[0]] < changed.grade_rank[before.range[0]] or after.range[1] != before.range[1]


def test_a_declared_exception_to_monotone_is_not_applicable_with_its_reason() -> None:
    """What a standard says in `not_monotone` stands as the reason; learning must still not widen the range."""
    content = _plain()
    content["limits"][1]["when"] = {"share": {"tier": "good"}, "at_least": "met", "is": "at least 1/2"}
    audit = _audit(limits=content["limits"], not_monotone="made up for a test")
    laws = {law.number: law for law in audit.laws}
    assert laws[3].verdict == laws[16].verdict == "not_applicable"
    assert "made up for a test" in (laws[3].reason or "")
    assert laws[15].verdict == "proven"


def test_what_can_never_happen_is_refuted() -> None:
    """Nine of four Good criteria, which no case has: the condition can't hold, Good is reached no more, and the terms it used matter less."""
    content = _plain()
    content["reach"][1]["when"]["all"][1] = {"count": {"tier": "good"}, "at_least": "counts_as_met", "is": "at least 9"}
    content["reach"][0]["when"]["all"][1] = {"share": {"tier": "good"}, "at_least": "counts_as_met", "is": "vast_majority"}
    laws = {law.number: law for law in _audit(reach=content["reach"], terms=_terms("most")).laws}
    assert {9, 11, 13} <= {number for number, law in laws.items() if law.verdict == "refuted"}
    assert [each.about for each in laws[9].instances if each.verdict == "refuted"] == ["Good"]
    assert "most" in [each.about for each in laws[11].instances if each.verdict == "refuted"]


def test_a_threshold_that_rounding_makes_equal_is_found() -> None:
    """Of four criteria, or fewer, more than a half and at least three fifths are as many: the term never matters."""
    terms = _terms("most")
    terms["most"]["admissible"] = ["more than 1/2", "at least 3/5"]
    audit = _audit(terms=terms)
    assert "most: `more than 1/2` and `at least 3/5` come to the same with so many criteria" in [each.text for each in audit.findings]
    assert 11 in _verdicts(audit, "refuted")


def test_a_floor_narrows_a_range_and_leaves_its_reason() -> None:
    """A floor inside the range that `otherwise` leaves gives a narrower range, which asks for the same decision; that a cap overrules it is told."""
    content = _plain()
    floor = {
        "no_worse_than": "fair",
        "text": "a Good criterion is met",
        "source": {"part": "made up", "gist": "made up"},
        "when": {"any": {"tier": "good"}, "at_least": "met"},
    }
    otherwise = {**content["otherwise"], "to": "good"}
    audit = _audit(limits=[*content["limits"], floor], otherwise=otherwise)
    assert 1 in _verdicts(audit, "proven")
    overlaps = [each.text for each in audit.findings if each.kind == "overlap"]
    assert '"a Good criterion is met" lifts to Fair, yet "a critical criterion has failed" caps: the cap wins' in overlaps


def test_a_range_without_a_reason_is_refuted() -> None:
    """A range that nothing asks a decision for, as no standard that loads can leave it, breaks the first law."""
    otherwise = SUITE.otherwise.model_copy(update={"decision": None})
    audit = audit_rulebook(SUITE.model_copy(update={"otherwise": otherwise}), SUITE.rulebook("small"))
    assert 1 in _verdicts(audit, "refuted")


def test_what_fails_only_where_something_is_not_applicable_says_so() -> None:
    """Fair that asks two things, of which one may ask nothing, can be passed over by a body to which no significant criterion applies."""
    content = _plain()
    demands = [{"every": {"tier": "fair", "significance": each}, "at_least": "counts_as_met"} for each in (["significant", "critical"], ["ordinary"])]
    fair = {**content["reach"][-1], "when": {"count": demands, "is": "at least 2"}}
    audit = _audit(reach=[*content["reach"][:-1], fair])
    refuted = [each for law in audit.laws if law.number == 6 for each in law.instances if each.verdict == "refuted"]
    assert [each.reason for each in refuted] == [EVERY_BOUND]


def test_a_counterexample_is_smallest() -> None:
    """The case in which a critical criterion's failure doesn't cap has that one failure and no other."""
    content = _plain()
    content["limits"] = content["limits"][1:]
    (hole,) = (each for each in _audit(limits=content["limits"]).findings if each.kind == "hole")
    assert hole.case is not None
    assert sum(value != "met" for value in hole.case.values.values()) == 1


def test_the_cases_told_are_those_of_the_reference() -> None:
    """Each case that an audit tells has the grade and range that the reference gives it under its reading."""
    book = SUITE.rulebook("small")
    for law in _small().laws:
        for case in (case for each in law.instances for case in each.cases):
            statuses = [
                CriterionStatus(each, case.values[each.id], "critical" if each.id in case.dominant else each.significance) for each in book.criteria
            ]
            found = evaluate(SUITE, Statuses(SUITE, statuses), SUITE.reading(case.reading))
            assert found.answer == (case.grade, *case.range)
