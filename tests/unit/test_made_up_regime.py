"""A made-up regime that uses what the published ones don't, its answers worked out by hand: decimals, weights, bonus, rounding, dates, strands."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from adjudge import BadInput, Proposal, grade, load_evidence, load_standard, propose
from adjudge.conditions import Amount, Statuses, amount_of
from adjudge.explanation import show_rulebook
from adjudge.language import Period
from adjudge.page import render_text

HERE = Path(__file__).parent / "made_up"
LODGINGS = load_standard(HERE / "rules/lodgings")
BUNDLE = load_evidence(HERE / "evidence/harbour-inn")


def _rooms(on: int, **values: str | float) -> Proposal:
    return propose(LODGINGS, "rooms", values, on=datetime.date(on, 6, 1))


def _score(proposal: Proposal) -> Amount:
    amount = amount_of(proposal.standard.numbers["score"], Statuses(proposal.standard, proposal.statuses), proposal.reading)
    assert amount is not None
    return amount


@pytest.mark.parametrize(
    ("values", "score", "expected"),
    [
        ({"beds": "good", "warmth": 2.35, "linen": 1.6, "quiet": "good"}, "2.4", "good"),  # (2 + 2 x 2.35 + 1.6) / 4 = 2.075, and 0.3
        ({"beds": "good", "warmth": 2.3, "linen": 2, "quiet": "good"}, "2.5", "excellent"),  # 2.15 and 0.3 is 2.45: the half goes up
        ({"beds": "good", "warmth": 2.3, "linen": 2, "quiet": "fair"}, "2.2", "good"),  # no bonus: 2.15
        ({"beds": "good", "warmth": 2.3, "linen": "not_applicable", "quiet": "good"}, "2.5", "excellent"),  # (2 + 4.6) / 3 = 2.2, and 0.3
        ({"beds": "good", "warmth": 0.4, "linen": 2, "quiet": "fair"}, "0.7", "poor"),  # (2 + 0.8 + 2) / 4 = 1.2, less 0.5
        ({"beds": "bare", "warmth": 2.3, "linen": 2, "quiet": "good"}, "1.5", "fair"),  # 1.65, less 0.5, and 0.3 is 1.45: capped
    ],
)
def test_a_weighted_mean_with_bonus_and_rounding(values: dict[str, str | float], score: str, expected: str) -> None:
    """Decimals are taken as they are written, weights are those of what is applicable, the bonus comes before the rounding, the cap last."""
    proposal = _rooms(2021, **values)
    assert _score(proposal).low == _score(proposal).high == Fraction(score)
    assert proposal.grade == expected


def test_what_is_not_known_gives_the_range_of_the_score() -> None:
    """Linen from 0 to 3: 1.65 less 0.5 and 0.3 is 1.45, so 1.5; 2.4 and 0.3 is 2.7."""
    proposal = _rooms(2021, beds="good", warmth=2.3, quiet="good")
    assert (_score(proposal).low, _score(proposal).high) == (Fraction("1.5"), Fraction("2.7"))
    assert (proposal.grade, proposal.range) == (None, ("good", "excellent"))


def test_a_rule_counts_only_while_it_is_in_force() -> None:
    """The floor lasts to the end of 2020, the second cap begins with 2022; both ends are in force all day."""
    lifted: dict[str, str | float] = {"beds": "fair", "warmth": 0.6, "linen": 0.5, "quiet": "excellent"}  # 2.7 / 4 and 0.3 is 0.975, so 1
    assert [_rooms(year, **lifted).grade for year in (2020, 2021, 2022)] == ["good", "fair", "fair"]
    capped: dict[str, str | float] = {"beds": "fair", "warmth": 3, "linen": 3, "quiet": "fair"}  # 10 / 4
    assert [_rooms(year, **capped).grade for year in (2020, 2021, 2022)] == ["excellent", "excellent", "good"]
    days = [datetime.date(2021, 12, 31), datetime.date(2022, 1, 1)]
    assert [propose(LODGINGS, "rooms", capped, on=day).grade for day in days] == ["excellent", "good"]


def test_without_a_day_the_last_of_the_period_counts() -> None:
    """The period ends in 2022, so the second cap is in force and the floor isn't."""
    assert propose(LODGINGS, "rooms", {"beds": "fair", "warmth": 3, "linen": 3, "quiet": "fair"}).grade == "good"
    assert propose(LODGINGS, "rooms", {}).standard.left_out == ('"something that guests needn\'t expect is excellent" (in force /2020)',)


def test_a_cap_wins_over_a_floor() -> None:
    """In 2020 the floor lifts to Good, and the cap holds the result at Fair."""
    assert _rooms(2020, beds="bare", warmth=2.3, linen=2, quiet="excellent").grade == "fair"


def test_the_whole_is_made_of_the_grades_of_its_strands() -> None:
    """Rooms 2.5 and Excellent, kitchen 1.6 and Good; the house (2 x 3 + 2) / 3, with or without the bonus of a welcome not known."""
    grading = grade(BUNDLE)
    assert {each.framework: each.grade for each in grading} == {"house": "excellent", "rooms": "excellent", "kitchen": "good"}
    house = grading["house"]
    assert [each.status for each in house.statuses] == ["excellent", "good", "not_assessed"]
    assert (_score(house).low, _score(house).high) == (Fraction("2.7"), Fraction(3))


def test_points_come_from_records_as_statuses_do() -> None:
    """The strongest basis decides, the fewest points of it stand and are contested; what the landlord tells counts where nobody looked."""
    rooms = grade(BUNDLE)["rooms"]
    assert [each.status for each in rooms.statuses] == ["good", "2.3", "2", "good"]
    assert rooms.contested == ("warmth",)
    assert grade(BUNDLE)["kitchen"].status("clean").status == "fair"


def test_a_strand_that_is_open_leaves_the_whole_open() -> None:
    """Without records the kitchen is anything, and the house is between the worst and the best that follow."""
    bundle = BUNDLE.model_copy(update={"records": tuple(each for each in BUNDLE.records if each.framework == "rooms")})
    house = grade(bundle, ["house"])["house"]
    assert house.status("kitchen-grade").between == ("bare", "excellent")
    assert house.range == ("good", "excellent")  # (6 + 0) / 3 less 0.5 is 1.5; (6 + 3) / 3 and 0.3 is 3.3


@pytest.mark.parametrize("value", [3.01, -0.1, 1e20, "good", "much", True, "5/2", "1e9999999999", "0_1", "3.1"])
def test_points_off_the_scale_are_refused(value: str | float) -> None:
    """Points lie on the criterion's scale; a status isn't points."""
    with pytest.raises(BadInput, match="isn't on the scale of points of `warmth`: from 0 to 3"):
        propose(LODGINGS, "rooms", {"warmth": value})


@pytest.mark.parametrize(("value", "plain"), [("2.50", "2.5"), ("02", "2"), ("2.0", "2"), ("-0", "0")])
def test_points_as_text_are_written_in_one_way(value: str, plain: str) -> None:
    """Two records that show the same points must not look as if they disagreed."""
    with pytest.raises(BadInput, match=f"`{value}` isn't how points are written; write `{plain}`"):
        propose(LODGINGS, "rooms", {"warmth": value})
    assert propose(LODGINGS, "rooms", {"warmth": plain}).status("warmth").status == plain


def test_a_day_before_every_rule_is_refused() -> None:
    """Where no condition for a grade is in force there is no grade, not the one that is left over."""
    dated = LODGINGS.model_copy(update={"reach": tuple(each.model_copy(update={"in_force": Period.parse("2020")}) for each in LODGINGS.reach)})
    with pytest.raises(BadInput, match="no condition for a grade is in force on 2019-12-31"):
        propose(dated, "rooms", {}, on=datetime.date(2019, 12, 31))


def test_show_reads_out_dates_numbers_and_weights() -> None:
    """What a methodologist compares with the source: when a rule counts, how a number is worked out, what weighs how much; floors before caps."""
    text = render_text(show_rulebook(LODGINGS, LODGINGS.rulebook("rooms")))
    for line in (
        "No better than Good: what guests can't do without is only fair (in force 2022/)",
        "0.3 may be added: a bonus for what guests needn't expect",
        "0.5 may be taken: one part lets the house down",
        "rounded to 0.1, half up",
        "weight 2 in a mean",
    ):
        assert line in text
    assert text.index("No worse than Good") < text.index("No better than")
