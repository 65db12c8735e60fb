"""From records to status, in the small: the harder parts of weighing and joining."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from adjudge import Judgement, Record, load_standard
from adjudge.language import Period
from adjudge.status import CriterionStatus, assume, derive
from adjudge.testing.made_up import judgement

STANDARD = load_standard()
BOOK = STANDARD.rulebook("public-protection")
RISK = next(criterion for criterion in BOOK.criteria if criterion.across_units == "weakest")
OTHER = next(criterion for criterion in BOOK.criteria if criterion.across_units == "majority")
UNITS = ("western", "central", "eastern")


def record(name: str, criterion: str, shows: str, basis: str = "observed", unit: str = "whole", date: str = "2007-01") -> Record:
    """Return a record with what matters to a status."""
    return Record(
        id=name,
        framework=BOOK.rulebook,
        section="strengths",
        paragraph=1,
        fingerprint="0" * 16,
        criterion=criterion,
        shows=shows,
        basis=basis,
        date=Period.parse(date),
        unit=unit,
        summary="A finding made up for a test.",
        recorded_by="tester",
    )


def derived(criterion: str, *records: Record, judgements: tuple[Judgement, ...] = ()) -> CriterionStatus:
    """Return what is derived for a criterion."""
    return next(each for each in derive(STANDARD, BOOK, records, judgements, UNITS) if each.criterion.id == criterion)


def status(criterion: str, *records: Record) -> tuple[str, bool]:
    """Return the status of a criterion and whether it is contested."""
    found = derived(criterion, *records)
    return found.status, found.contested


def test_an_exception_in_one_unit_is_not_a_contradiction() -> None:
    """A record on a unit speaks for it before an equally strong one on the whole body, and the criterion isn't contested."""
    records = record("r1", OTHER.id, "met"), record("r2", OTHER.id, "well_short", unit="central")
    assert status(OTHER.id, *records) == ("met", False)


def test_the_weakest_unit_stands_for_a_criterion_of_risk() -> None:
    """The same exception decides where the criterion says that the weakest unit counts."""
    records = record("r1", RISK.id, "met"), record("r2", RISK.id, "well_short", unit="central")
    assert status(RISK.id, *records) == ("well_short", False)


def test_a_perception_in_a_unit_does_not_outweigh_an_observation_of_the_whole() -> None:
    """Strength comes before nearness: a unit's weaker record leaves the whole body's in force there."""
    records = record("r1", RISK.id, "met"), record("r2", RISK.id, "well_short", basis="perceived", unit="central")
    assert status(RISK.id, *records) == ("met", False)


def test_a_majority_is_more_than_half_of_the_units() -> None:
    """Two of three units at a status carry it; one of two doesn't."""
    assert status(OTHER.id, record("r1", OTHER.id, "met", unit="western"), record("r2", OTHER.id, "met", unit="central"),
                  record("r3", OTHER.id, "well_short", unit="eastern")) == ("met", False)  # fmt: skip
    two = record("r1", OTHER.id, "met", unit="western"), record("r2", OTHER.id, "well_short", unit="central")
    assert status(OTHER.id, *two) == ("well_short", False)


def test_observation_and_audit_meet_as_equals() -> None:
    """An audit that contradicts an observation contests it, and the weaker of the two stands."""
    assert status(OTHER.id, record("r1", OTHER.id, "met"), record("r2", OTHER.id, "partly_met", basis="audited")) == ("partly_met", True)


def test_nothing_known_is_not_assessed() -> None:
    """Without a counting record a criterion is not assessed: a plan and a date outside the period count for nothing."""
    assert status(OTHER.id) == ("not_assessed", False)
    assert status(OTHER.id, record("r1", OTHER.id, "met", basis="planned")) == ("not_assessed", False)
    assert status(OTHER.id, record("r1", OTHER.id, "met", date="2007-08")) == ("not_assessed", False)


def ids(found: CriterionStatus) -> tuple[list[str], list[str], list[str]]:
    """Return the records that decided, those outweighed, and those set aside."""
    return [each.record.id for each in found.records], [each.record.id for each in found.outweighed], [each.record.id for each in found.set_aside]


def test_each_record_decides_is_outweighed_or_is_set_aside_once() -> None:
    """A record that decides in one unit isn't outweighed though a stronger one is nearer in another; each is told once."""
    found = derived(
        OTHER.id,
        record("whole", OTHER.id, "met"),
        record("central", OTHER.id, "well_short", unit="central"),
        record("told", OTHER.id, "met", basis="perceived"),
        record("planned", OTHER.id, "met", basis="planned"),
    )
    assert ids(found) == (["whole", "central"], ["told"], ["planned"])
    assert [(unit.unit, unit.status, [each.record.id for each in unit.outweighed]) for unit in found.units] == [
        ("western", "met", ["told"]),
        ("central", "well_short", ["whole", "told"]),
        ("eastern", "met", ["told"]),
    ]


def test_records_on_the_whole_body_alone_need_no_units() -> None:
    """Where all records speak of the whole body it is graded as one, whether or not it has units."""
    found = derived(OTHER.id, record("r1", OTHER.id, "met"), record("r2", OTHER.id, "partly_met"))
    assert [(unit.unit, unit.status) for unit in found.units] == [("whole", "partly_met")]
    without = next(each for each in derive(STANDARD, BOOK, [record("r1", OTHER.id, "met")], ()) if each.criterion.id == OTHER.id)
    assert without.status == "met"


def test_what_a_record_earns_is_told_beside_what_it_shows() -> None:
    """A document shows more than it establishes, and what doesn't count says why."""
    documented, planned, early = (
        record("documented", OTHER.id, "met", basis="documented"),
        record("planned", OTHER.id, "met", basis="planned"),
        record("early", OTHER.id, "met", date="2006-03"),
    )
    again = record("again", OTHER.id, "met").model_copy(update={"duplicate_of": "documented"})
    found = derived(OTHER.id, documented, planned, early, again)
    assert [(each.shows, each.earns, each.set_aside) for each in found.records] == [("met", "partly_met", None)]
    assert [(each.earns, each.set_aside) for each in found.set_aside] == [
        (None, f"{STANDARD.bases['planned'].label}: a promise earns nothing"),
        (None, f"dated 2006-03, outside the assessment period {STANDARD.period}"),
        (None, "the same fact as documented"),
    ]


def test_a_record_of_another_framework_says_nothing_of_this_one() -> None:
    """What a record shows of criteria that the rulebook doesn't have is left to theirs; what it also shows of this one counts."""
    other = record("r1", "elsewhere", "met").model_copy(update={"also": {OTHER.id: "partly_met"}})
    assert status(OTHER.id, other) == ("partly_met", False)


def test_a_judgement_is_told_with_what_it_replaced() -> None:
    """The status before a judgement is kept where the judgement changes it, and the records stay."""
    made = judgement(BOOK.rulebook, OTHER.id, status="met")
    found = derived(OTHER.id, record("r1", OTHER.id, "partly_met"), judgements=(made,))
    assert (found.status, found.before_judgement, found.judgements, ids(found)[0]) == ("met", "partly_met", (made,), ["r1"])
    same = derived(OTHER.id, record("r1", OTHER.id, "met"), judgements=(made,))
    assert (same.status, same.before_judgement, same.judgements) == ("met", None, (made,))


def test_a_criterion_made_dominant_keeps_its_status() -> None:
    """A judgement of dominance changes the significance alone; those of other frameworks and on grades change nothing."""
    dominant = judgement(BOOK.rulebook, OTHER.id, dominant=True)
    found = derived(OTHER.id, record("r1", OTHER.id, "met"), judgements=(dominant,))
    assert (found.status, found.significance, found.before_judgement) == ("met", STANDARD.top_significance, None)
    apart = judgement("child-abuse", OTHER.id, dominant=True), judgement(BOOK.rulebook, grade="good")
    assert derived(OTHER.id, record("r1", OTHER.id, "met"), judgements=apart) == derived(OTHER.id, record("r1", OTHER.id, "met"))


def test_a_grade_still_open_between_two_stays_so_under_a_judgement_of_dominance() -> None:
    """What another framework's grade can still be is forgotten only where a judgement settles it."""
    open_ = {OTHER.id: ("partly_met", "met")}
    for made, expected in (
        (judgement(BOOK.rulebook, OTHER.id, dominant=True), ("not_assessed", ("partly_met", "met"))),
        (judgement(BOOK.rulebook, OTHER.id, status="met"), ("met", None)),
    ):
        found = next(each for each in derive(STANDARD, BOOK, (), (made,), UNITS, open_) if each.criterion.id == OTHER.id)
        assert (found.status, found.between) == expected


def test_a_status_derived_is_never_changed() -> None:
    """What is derived is frozen, with all that it came from."""
    found = derived(OTHER.id, record("r1", OTHER.id, "met"))
    for frozen in (found, found.units[0], found.records[0]):
        for field in fields(frozen):
            with pytest.raises(FrozenInstanceError):
                setattr(frozen, field.name, None)


def test_what_is_not_assumed_is_not_assessed() -> None:
    """Statuses assumed are those of the criteria named, in the rulebook's order; the others are unknown."""
    found = assume(BOOK, {OTHER.id: "met"})
    assert [each.criterion for each in found] == list(BOOK.criteria)
    assert {each.status for each in found if each.criterion.id != OTHER.id} == {"not_assessed"}
    assert [each.significance for each in found] == [each.significance for each in BOOK.criteria]
