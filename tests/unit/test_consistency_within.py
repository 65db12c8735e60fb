"""One report against itself: each check finds what it is for, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adjudge import BadInput, Bundle, Record, grade, load_evidence
from adjudge.consistency.within import CHECKS, CheckResult, check_report
from adjudge.consistency.within_page import within_page
from adjudge.evidence import PublishedFile, Recommendation
from adjudge.page import render_text

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
SOURCE = Path(__file__).parents[2].parent / "shared" / "seeds" / "hertfordshire-hmic-october-2007.txt"
with_source = pytest.mark.skipif(not SOURCE.is_file(), reason="the report's text isn't beside the repository")


def result(check: str, bundle: Bundle = HERTFORDSHIRE, **given: Any) -> CheckResult:
    """Make every check and return one."""
    return next(each for each in check_report(bundle, **given).checks if each.id == check)


def altered(changes: Mapping[str, dict[str, Any]], bundle: Bundle = HERTFORDSHIRE) -> Bundle:
    """The shipped bundle with some records altered: made up for a test."""
    assert {record.id for record in bundle.records} >= set(changes)
    records = tuple(record.model_copy(update=changes.get(record.id, {})) for record in bundle.records)
    return bundle.model_copy(update={"records": records})


def published(**changes: dict[str, Any]) -> Bundle:
    """The shipped bundle with what was published altered: made up for a test."""
    assert HERTFORDSHIRE.published
    grades = tuple(each.model_copy(update=changes.get(each.framework.replace("-", "_"), {})) for each in HERTFORDSHIRE.published.grades)
    file = PublishedFile.model_construct(source="made up", bodies=HERTFORDSHIRE.published.bodies, grades=grades)
    return HERTFORDSHIRE.model_copy(update={"published": file})


def test_each_check_has_an_id_a_sentence_and_a_severity() -> None:
    """Ids are unique; those in which two statements can't both stand are conflicts."""
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert {check.severity for check in CHECKS} == {"conflict", "warning", "note"}
    assert all(check.sentence[0].islower() and not check.sentence.endswith(".") for check in CHECKS)


def test_the_shipped_report_has_no_conflict() -> None:
    """Hertfordshire: no conflict; every check was made that needs no other file."""
    found = check_report(HERTFORDSHIRE)
    assert found.conflicts == 0
    assert {each.id for each in found.checks if each.not_checked} == {"national-table", "printed-grades", "recommendations-agree"}


def test_distributions_total_the_bodies_and_hold_the_grade() -> None:
    """43 bodies in each row; the body's own grade among them."""
    assert (result("distribution-total").looked_at, result("distribution-total").found) == (6, ())
    wrong = published(child_abuse={"distribution": {"excellent": 3, "good": 0, "fair": 21, "poor": 2}})
    assert [each.text for each in result("distribution-total", wrong).found] == ["Child Abuse: 26 bodies, not 43"]
    assert [each.text for each in result("distribution-holds-grade", wrong).found] == ["Child Abuse: no body has `good`, which this one was given"]


def test_distributions_match_a_national_table() -> None:
    """Given a national table, each row is compared with it."""
    assert HERTFORDSHIRE.published
    table = {each.framework: dict(each.distribution) for each in HERTFORDSHIRE.published.grades}
    assert result("national-table", national=table).found == ()
    table["child-abuse"]["good"] += 1
    del table["missing-persons"]
    assert [each.text for each in result("national-table", national=table).found] == [
        "Child Abuse: Excellent 3, Good 17, Fair 21, Poor 2; in the national table Excellent 3, Good 18, Fair 21, Poor 2",
        "Missing Persons: not in the national table",
    ]


def test_fair_commonest_is_a_warning_never_a_rule() -> None:
    """The inspectorate expects Fair to be the commonest grade; where another is, it is said, and it is no conflict. A tie is no exception."""
    check = result("commonest-grade")
    assert check.severity == "warning"
    assert [each.places[0].framework for each in check.found] == ["performance-management"]


def test_a_recommendation_addresses_what_isnt_fully_met() -> None:
    """A recommendation whose criteria are all met is found, with the records that say so."""
    status = next(
        each for proposal in grade(HERTFORDSHIRE) for each in proposal.statuses if proposal.framework == "child-abuse" and each.status == "met"
    )
    idle = Recommendation(number=10, framework="child-abuse", summary="Made up.", addresses={"child-abuse": (status.criterion.id,)})
    bundle = HERTFORDSHIRE.model_copy(update={"recommendations": (*HERTFORDSHIRE.recommendations, idle)})
    (found,) = result("recommendation-unmet", bundle).found
    assert found.text == f"recommendation 10, Child Abuse: {status.criterion.id} is met"
    assert [place.record for place in found.places] == [support.record.id for support in status.records]


def test_a_recommendation_on_something_unknown_is_noted() -> None:
    """A criterion that a recommendation addresses, and no record speaks of, is noted."""
    recommendation = HERTFORDSHIRE.recommendations[0]
    (criterion,) = recommendation.addresses["neighbourhood-policing"]
    records = tuple(record for record in HERTFORDSHIRE.records if criterion not in dict(record.shown()))
    found = result("recommendation-assessed", HERTFORDSHIRE.model_copy(update={"records": records})).found
    assert f"recommendation 1, Neighbourhood Policing: nothing is known of {criterion}" in [each.text for each in found]


def test_cross_references_lead_to_findings() -> None:
    """A record that points to a section without findings is a conflict."""
    assert result("cross-references").looked_at > 0
    records = tuple(
        record for record in HERTFORDSHIRE.records if (record.framework, record.section) != ("performance-management", "areas_for_improvement")
    )
    pointing = next(record for record in records if record.framework == "performance-management")
    bundle = HERTFORDSHIRE.model_copy(update={"records": records})
    bundle = altered({pointing.id: {"see_also": ("areas_for_improvement",)}}, bundle)
    found = result("cross-references", bundle).found
    text = f"{pointing.id} points to areas for improvement, where performance-management has no finding"
    assert text in [each.text for each in found]
    assert check_report(bundle).conflicts == len(found) > 0


def _pair() -> tuple[Record, Record]:
    """Two records of one fact in two frameworks, coded alike on one criterion."""
    by_id = {record.id: record for record in HERTFORDSHIRE.records}
    for record in HERTFORDSHIRE.records:
        other = by_id.get(record.same_fact_as or "")
        if other and (record.criterion, record.shows, record.basis) == (other.criterion, other.shows, other.basis):
            return record, other
    raise AssertionError("two records of one fact are coded alike")


def test_one_fact_coded_in_two_ways_is_found_once() -> None:
    """Another status on one criterion, and another basis, are warnings; a pair that points both ways is one pair."""
    one, other = _pair()
    differently = {"shows": "well_short" if other.shows != "well_short" else "met"}
    bundle = altered({one.id: differently, other.id: {"same_fact_as": one.id}})

    def pairs(check: str, bundle: Bundle) -> list[set[str | None]]:
        return [{place.record for place in found.places} for found in result(check, bundle).found]

    before = pairs("same-fact-status", HERTFORDSHIRE)
    assert {one.id, other.id} not in before
    assert pairs("same-fact-status", bundle).count({one.id, other.id}) == 1
    assert {one.id, other.id} in pairs("same-fact-basis", altered({one.id: {"basis": "perceived" if other.basis != "perceived" else "observed"}}))


def test_claims_after_the_visit_that_decide_are_found() -> None:
    """A claim decides nothing while stronger evidence speaks; alone on a criterion it does, and that is a warning."""
    claim = next(record for record in HERTFORDSHIRE.records if record.basis == "claimed_after_visit")
    records = tuple(record for record in HERTFORDSHIRE.records if record.id == claim.id or claim.criterion not in dict(record.shown()))
    found = result("claims-weigh", HERTFORDSHIRE.model_copy(update={"records": records})).found
    assert claim.id in {place.record for each in found for place in each.places}


def test_a_strength_and_an_area_for_improvement_are_noted() -> None:
    """Contested in kind: each criterion listed has a finding in both sections, and it is no fault."""
    check = result("contested-in-kind")
    by_id = {record.id: record for record in HERTFORDSHIRE.records}
    assert check.severity == "note"
    for found in check.found:
        assert {by_id[place.record or ""].section for place in found.places} == {"strengths", "areas_for_improvement"}


@with_source
def test_the_report_s_own_text_agrees_with_itself_and_with_the_bundle() -> None:
    """Nine recommendations in three places, and 24 printed grades and distributions: all agree."""
    found = {each.id: each for each in check_report(HERTFORDSHIRE, SOURCE).checks}
    assert (found["recommendations-agree"].looked_at, found["recommendations-agree"].found) == (9, ())
    assert (found["printed-grades"].looked_at, found["printed-grades"].found) == (24, ())


REPORT = """\
Marsh Constabulary – HMIC Inspection Report

June 2007

Contents
National summary of judgements 1
Force summary of judgements 1
Findings 2

National summary of judgements

Excellent\tGood\tFair\tPoor
Child abuse\t3\t17\t21\t2

Force summary of judgements

Child abuse\tFair

Findings

Protecting Vulnerable People – Child Abuse

GRADE\tGOOD

National grade distribution

Excellent\tGood\tFair\tPoor
3\t16\t22\t2

National contextual factors

Made up for a test.

RECOMMENDATION 5

That the made-up force does

June 2007

one thing.

RECOMMENDATION 11

That it does another.

Recommendations

Neighbourhood Policing

Recommendation 5

That the made-up force does one other thing.

Recommendation 5

That the made-up force does one thing.

Appendix
"""


def test_what_a_report_prints_twice_is_compared(tmp_path: Path) -> None:
    """A made-up report with another grade, another distribution, another wording, another area, a recommendation too few and one twice."""
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    bundle = HERTFORDSHIRE.model_copy(update={"recommendations": tuple(each for each in HERTFORDSHIRE.recommendations if each.number == 5)})
    grades = result("printed-grades", bundle, source=path)
    assert [(each.text, each.places[0].line) for each in grades.found] == [
        ("Child Abuse: printed Fair, in published.yaml Good", 17),
        ("Child Abuse: printed 3 16 22 2, in published.yaml 3 17 21 2", 28),
    ]
    found = result("recommendations-agree", bundle, source=path).found
    assert [each.text for each in found] == [
        "recommendation 5 has two wordings, where it arises and in the closing list",
        "recommendation 5 arises under Protecting Vulnerable People – Child Abuse, but is listed under Neighbourhood Policing",
        "recommendation 11 is missing in the closing list and in recommendations.yaml",
        "recommendation 5 is printed more than once in the closing list",
    ]


def test_a_text_that_isnt_the_report_is_refused(tmp_path: Path) -> None:
    """A file without the frameworks' headings, or none at all, is bad input."""
    path = tmp_path / "other.txt"
    path.write_text("Something else.\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no force named before the contents"):
        check_report(HERTFORDSHIRE, path)
    path.write_text(REPORT.replace("Child Abuse", "Canal Policing"), encoding="utf-8")
    with pytest.raises(BadInput, match="none of the headings of this bundle's frameworks is in the text"):
        check_report(HERTFORDSHIRE, path)
    with pytest.raises(BadInput, match="no such file"):
        check_report(HERTFORDSHIRE, tmp_path / "none.txt")


def test_the_page_puts_conflicts_first_and_names_places() -> None:
    """A row for each check, then what was found, with citations and record ids; text fits in 100 columns."""
    wrong = published(child_abuse={"distribution": {"excellent": 3, "good": 0, "fair": 21, "poor": 2}})
    page = within_page(check_report(wrong))
    assert [section.title for section in page.sections] == ["Conflicts", "Warnings", "Notes: no faults"]
    assert page.lead == ("2 conflicts.",)
    assert [row[0] for row in page.tables[0].rows] == [check.id for check in CHECKS]
    text = render_text(page)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "(np-a08)" in text


def test_the_checks_as_a_frame() -> None:
    """For notebooks: a row for each thing found."""
    pytest.importorskip("pandas")
    found = check_report(HERTFORDSHIRE)
    frame = found.to_frame()
    assert len(frame) == sum(len(check.found) for check in found.checks)
    assert set(frame["severity"]) <= {"warning", "note"}
