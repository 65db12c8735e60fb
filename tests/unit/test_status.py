"""From records to status, in the small: the harder parts of weighing and joining."""

from __future__ import annotations

from adjudge import Record, load_standard
from adjudge.language import Period
from adjudge.status import derive

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


def status(criterion: str, *records: Record) -> tuple[str, bool]:
    """Return the status of a criterion and whether it is contested."""
    found = next(each for each in derive(STANDARD, BOOK, records, (), UNITS) if each.criterion.id == criterion)
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
