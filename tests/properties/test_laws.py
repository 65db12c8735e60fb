"""The laws of grading, one a test: the docstring is the law."""

from __future__ import annotations

import itertools

from hypothesis import assume, given
from hypothesis import strategies as st

from adjudge import Judgement, Record
from adjudge.proposal import Evaluation
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_ASSESSED, Reading
from adjudge.status import CriterionStatus, derive
from adjudge.status import assume as statuses_of
from tests.strategies import BOOK, IDS, STANDARD, STATUSES, UNITS, any_statuses, judgements, known, known_statuses, readings, records

RANK = STANDARD.rank
GRADE = STANDARD.grade_rank


def answer(statuses: dict[str, str], reading: Reading) -> Evaluation:
    """Evaluate statuses of the small rulebook."""
    return evaluate(STANDARD, statuses_of(BOOK, statuses), reading)


def derived(found: list[Record], judged: list[Judgement] | None = None) -> dict[str, CriterionStatus]:
    """Derive the statuses of records of the small rulebook."""
    return {each.criterion.id: each for each in derive(STANDARD, BOOK, found, judged or [], UNITS)}


def place(status: str) -> int:
    """Order statuses, with not assessed apart."""
    return RANK[status]


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(found: list[Record], random: object) -> None:
    """The order of records doesn't matter."""
    shuffled = sorted(found, key=lambda _: random.random())  # type: ignore[attr-defined]
    before, after = derived(found), derived(shuffled)
    assert {key: (value.status, value.contested) for key, value in before.items()} == {
        key: (value.status, value.contested) for key, value in after.items()
    }


@given(records())
def test_duplicates_count_once(found: list[Record]) -> None:
    """A second telling of a fact changes nothing."""
    again = [record.model_copy(update={"id": f"d{record.id}", "duplicate_of": record.id}) for record in found if not record.duplicate_of]
    before, after = derived(found), derived([*found, *again])
    assert {key: (value.status, value.contested) for key, value in before.items()} == {
        key: (value.status, value.contested) for key, value in after.items()
    }


@given(records(), st.data())
def test_improving_what_a_record_shows_never_lowers_a_status(found: list[Record], data: st.DataObject) -> None:
    """Improving what a record shows never lowers a status."""
    assume(found)
    index = data.draw(st.integers(0, len(found) - 1))
    better = data.draw(st.sampled_from(STATUSES[place(found[index].shows) :]))
    changed = [record.model_copy(update={"shows": better}) if number == index else record for number, record in enumerate(found)]
    before, after = derived(found), derived(changed)
    for criterion in IDS:
        if before[criterion].status != NOT_ASSESSED:
            assert place(after[criterion].status) >= place(before[criterion].status)


@given(known_statuses, readings, st.sampled_from(IDS), known)
def test_improving_a_status_never_lowers_the_proposal(statuses: dict[str, str], reading: Reading, criterion: str, other: str) -> None:
    """Improving a status never lowers the proposal, nor either end of its range."""
    low, high = sorted([statuses[criterion], other], key=place)
    worse, better = answer({**statuses, criterion: low}, reading), answer({**statuses, criterion: high}, reading)
    assert worse.grade is not None
    assert better.grade is not None
    assert GRADE[worse.grade] <= GRADE[better.grade]
    assert GRADE[worse.low] <= GRADE[better.low]
    assert GRADE[worse.high] <= GRADE[better.high]


@given(any_statuses, readings)
def test_a_failed_critical_criterion_is_poor_whatever_else_is_met(statuses: dict[str, str], reading: Reading) -> None:
    """A failed critical criterion is Poor whatever else is met."""
    critical = next(criterion.id for criterion in BOOK.criteria if criterion.significance == "critical")
    failed = answer({**statuses, critical: reading.values["failed"]}, reading)
    assert failed.answer == ("poor", "poor", "poor")


@given(known_statuses, readings)
def test_no_good_criterion_makes_up_for_a_fair_one(statuses: dict[str, str], reading: Reading) -> None:
    """With a Fair criterion unmet the proposal is no better than Fair, however many Good ones are met."""
    unmet = next(criterion.id for criterion in BOOK.criteria if (criterion.tier, criterion.significance) == ("fair", "ordinary"))
    best = dict.fromkeys(statuses, "met") | {unmet: "partly_met"}
    assert answer(best, reading).grade == "fair"


@given(known_statuses, readings, st.sets(st.sampled_from(IDS), max_size=3))
def test_a_range_holds_every_completion_and_both_ends_are_attained(statuses: dict[str, str], reading: Reading, unknown: set[str]) -> None:
    """Filling an unknown never leaves the range, and both ends are attained."""
    open_ = answer({**statuses, **dict.fromkeys(unknown, NOT_ASSESSED)}, reading)
    names = sorted(unknown)
    filled = [answer({**statuses, **dict(zip(names, values, strict=True))}, reading) for values in itertools.product(STATUSES, repeat=len(names))]
    assert min(filled, key=lambda each: GRADE[each.low]).low == open_.low
    assert max(filled, key=lambda each: GRADE[each.high]).high == open_.high
    if open_.grade is not None:
        assert {each.grade for each in filled} == {open_.grade}


@given(records(), records())
def test_a_record_on_another_framework_changes_nothing(found: list[Record], others: list[Record]) -> None:
    """A record on a criterion that the rulebook doesn't have changes nothing."""
    foreign = [each.model_copy(update={"id": f"f{each.id}", "criterion": "elsewhere", "also": {}, "framework": "other"}) for each in others]
    assert derived(found) == derived([*found, *foreign])


@given(any_statuses, readings)
def test_determining_criteria_suffice_and_none_can_be_dropped(statuses: dict[str, str], reading: Reading) -> None:
    """The determining criteria alone give the same answer, and without any one of them it is another."""
    full = statuses_of(BOOK, statuses)
    target = evaluate(STANDARD, full, reading).answer
    chosen = determining(STANDARD, full, reading)

    def only(kept: set[str]) -> tuple[str | None, str, str]:
        left = {key: value if key in kept or value not in RANK else NOT_ASSESSED for key, value in statuses.items()}
        return answer(left, reading).answer

    assert only(set(chosen)) == target
    for each in chosen:
        assert only(set(chosen) - {each}) != target


@given(known, st.sampled_from(list(STANDARD.bases)), st.sampled_from(list(STANDARD.bases)))
def test_one_record_alone_earns_no_more_on_a_weaker_basis(shows: str, first: str, second: str) -> None:
    """One record alone earns no more on a weaker basis."""
    weaker, stronger = sorted([first, second], key=lambda basis: STANDARD.bases[basis].strength)
    made = {
        "id": "r0", "framework": BOOK.rulebook, "section": "strengths", "paragraph": 1, "fingerprint": "0" * 16, "criterion": IDS[0],
        "shows": shows, "date": "2007-01", "summary": "A finding made up for a test.", "recorded_by": "tester",
    }  # fmt: skip
    by_basis = [derived([Record.model_validate({**made, "basis": basis})])[IDS[0]].status for basis in (weaker, stronger)]
    assert by_basis[0] == NOT_ASSESSED or place(by_basis[0]) <= place(by_basis[1])


@given(records(), judgements())
def test_judgements_never_alter_evidence(found: list[Record], judged: list[Judgement]) -> None:
    """A judged criterion keeps its records, and every other criterion is as it was."""
    before, after = derived(found), derived(found, judged)
    targets = {judgement.criterion for judgement in judged}
    for criterion in IDS:
        assert after[criterion].units == before[criterion].units
        assert after[criterion].set_aside == before[criterion].set_aside
        if criterion not in targets:
            assert after[criterion] == before[criterion]
