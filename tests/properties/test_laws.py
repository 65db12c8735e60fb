"""The laws of grading, one to a test; each test's docstring is the law."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adjudge import Judgement, Record, Rulebook, grade, propose
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading
from adjudge.status import derive
from adjudge.testing import strategies
from adjudge.testing.made_up import UNITS, record
from adjudge.testing.strategies import assumed, books_of, full_records, readings_of, statuses
from tests.conformance.suite import HMIC, bundle, standard_named

STANDARD = standard_named(HMIC)
STATUSES, BASES = tuple(STANDARD.statuses), tuple(STANDARD.bases)
books, readings, known = books_of(STANDARD), readings_of(STANDARD), st.sampled_from(STATUSES)
RANK = {NOT_ASSESSED: -1, **STANDARD.rank}
GRADE = STANDARD.grade_rank


def _derived(book: Rulebook, records: Sequence[Record], judgements: Sequence[Judgement] = ()) -> dict[str, tuple[str, bool]]:
    return {each.criterion.id: (each.status, each.contested) for each in derive(STANDARD, book, records, judgements, UNITS)}


def _ends(book: Rulebook, values: Mapping[str, str], reading: Reading, dominant: Sequence[str] = ()) -> tuple[int, int]:
    found = evaluate(STANDARD, assumed(STANDARD, book, values, dominant), reading)
    return GRADE[found.low], GRADE[found.high]


@given(st.data(), books)
def test_the_order_of_records_does_not_matter(data: st.DataObject, book: Rulebook) -> None:
    """The order of records doesn't matter."""
    records = data.draw(strategies.records(STANDARD, book))
    shuffled = data.draw(st.permutations(records))
    assert _derived(book, records) == _derived(book, shuffled)


@given(st.data(), books)
def test_duplicates_count_once(data: st.DataObject, book: Rulebook) -> None:
    """A fact told again, marked as a duplicate or not, counts once."""
    records = data.draw(strategies.records(STANDARD, book, min_size=1))
    again = data.draw(st.sampled_from([each for each in records if each.duplicate_of is None]))
    marked = again.model_copy(update={"id": "again", "duplicate_of": again.id, "shows": data.draw(known), "unit": data.draw(st.sampled_from(UNITS))})
    unmarked = again.model_copy(update={"id": "again"})
    assert _derived(book, (*records, marked)) == _derived(book, records) == _derived(book, (*records, unmarked))


@given(st.data(), books)
def test_improving_a_record_never_lowers_a_status(data: st.DataObject, book: Rulebook) -> None:
    """Improving what a record shows never lowers a status."""
    records = data.draw(strategies.records(STANDARD, book, min_size=1))
    index = data.draw(st.integers(0, len(records) - 1))

    def better(status: str | int | float) -> str:
        return data.draw(st.sampled_from(STATUSES[STANDARD.rank[str(status)] :]))

    old = records[index]
    new = old.model_copy(update={"shows": better(old.shows), "also": {criterion: better(shows) for criterion, shows in old.also.items()}})
    before, after = _derived(book, records), _derived(book, (*records[:index], new, *records[index + 1 :]))
    assert all(RANK[after[criterion][0]] >= RANK[before[criterion][0]] for criterion in before)


@given(st.data(), books)
def test_a_record_that_is_set_aside_changes_nothing(data: st.DataObject, book: Rulebook) -> None:
    """A promise, and a record that isn't wholly inside the period, change no status and contest nothing."""
    records = data.draw(full_records(STANDARD, book))
    criterion = data.draw(st.sampled_from([each.id for each in book.criteria]))
    basis, date = data.draw(st.sampled_from([("planned", "2007-01"), ("observed", "2007-08"), ("observed", "2006"), ("audited", "2007-07/2007-09")]))
    extra = record("extra", book.rulebook, criterion, data.draw(known), basis, date, data.draw(st.sampled_from(("whole", *UNITS))))
    assert _derived(book, (*records, extra)) == _derived(book, records)


@given(st.data(), books, readings)
def test_improving_a_status_never_lowers_the_proposal(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """Improving a status never lowers the proposal, at either end of its range."""
    values = data.draw(statuses(STANDARD, book))
    criterion = data.draw(st.sampled_from([key for key, status in values.items() if status in STATUSES] or [""]))
    assume(criterion)
    better = data.draw(st.sampled_from(STATUSES[STANDARD.rank[values[criterion]] :]))
    dominant = data.draw(st.lists(st.sampled_from(list(values)), max_size=2))
    before, after = _ends(book, values, reading, dominant), _ends(book, {**values, criterion: better}, reading, dominant)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(st.data(), books, readings)
def test_a_failed_critical_criterion_is_poor(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """A failed critical criterion is Poor, whatever else is met, unknown or not applicable."""
    values = data.draw(statuses(STANDARD, book))
    critical = data.draw(st.sampled_from([each.id for each in book.criteria if each.tier == "fair"]))
    failed = data.draw(st.sampled_from(STATUSES[: STANDARD.rank[reading.values["failed"]] + 1]))
    found = evaluate(STANDARD, assumed(STANDARD, book, {**values, critical: failed}, [critical]), reading)
    assert found.answer == ("poor", "poor", "poor")


@given(st.data(), books, readings)
def test_filling_unknowns_stays_in_the_range_and_reaches_both_ends(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """Filling an unknown never leaves the range, and both ends are attained."""
    values = data.draw(statuses(STANDARD, book, unknown=False))
    unknown = data.draw(st.lists(st.sampled_from(list(values)), max_size=3, unique=True))
    values |= dict.fromkeys(unknown, NOT_ASSESSED)
    low, high = _ends(book, values, reading)
    completions = [{**values, **dict(zip(unknown, choice, strict=True))} for choice in itertools.product(STATUSES, repeat=len(unknown))]
    filled = [_ends(book, completion, reading) for completion in completions]
    assert min(each[0] for each in filled) == low
    assert max(each[1] for each in filled) == high


@given(st.data(), books, readings)
def test_the_grade_is_settled_exactly_where_every_filling_gives_it(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """A grade is proposed exactly where every filling of the unknowns gives that grade."""
    values = data.draw(statuses(STANDARD, book, unknown=False, not_applicable=False))
    unknown = data.draw(st.lists(st.sampled_from(list(values)), max_size=3, unique=True))
    values |= dict.fromkeys(unknown, NOT_ASSESSED)
    settled = evaluate(STANDARD, assumed(STANDARD, book, values), reading).grade
    grades = {
        evaluate(STANDARD, assumed(STANDARD, book, {**values, **dict(zip(unknown, choice, strict=True))}), reading).grade
        for choice in itertools.product(STATUSES, repeat=len(unknown))
    }
    assert grades == {settled} if settled else len(grades) > 1


@given(st.data())
def test_a_record_on_another_framework_changes_nothing(data: st.DataObject) -> None:
    """A record, or a judgement, on another framework changes nothing, though its criteria have the same names."""
    small, ten = STANDARD.rulebook("small"), STANDARD.rulebook("ten")
    records, judgements = data.draw(full_records(STANDARD, small)), data.draw(strategies.judgements(STANDARD, small, max_size=2))
    others = tuple(each.model_copy(update={"id": f"other-{each.id}"}) for each in data.draw(strategies.records(STANDARD, ten, min_size=1)))
    alone = grade(bundle(records, judgements), ["small"])["small"]
    beside = grade(bundle((*others, *records), (*judgements, *data.draw(strategies.judgements(STANDARD, ten, max_size=2)))), ["small"])["small"]
    assert alone == beside


@given(st.data(), books, readings)
def test_determining_criteria_suffice_and_none_can_be_dropped(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """With only the determining criteria known the answer is the same, and without any one of them it isn't."""
    values = data.draw(statuses(STANDARD, book))
    answer = evaluate(STANDARD, assumed(STANDARD, book, values), reading).answer
    kept = determining(STANDARD, assumed(STANDARD, book, values), reading)
    enough = {key: value for key, value in values.items() if key in kept or value == NOT_APPLICABLE}
    assert evaluate(STANDARD, assumed(STANDARD, book, enough), reading).answer == answer
    for criterion in kept:
        assert evaluate(STANDARD, assumed(STANDARD, book, {**enough, criterion: NOT_ASSESSED}), reading).answer != answer


@given(st.data(), books)
def test_judgements_never_alter_evidence(data: st.DataObject, book: Rulebook) -> None:
    """Judgements never alter evidence: what the records say, decide, contest and set aside stays as it was, and the status before is kept."""
    records, judgements = data.draw(full_records(STANDARD, book)), data.draw(strategies.judgements(STANDARD, book))
    told, judged = derive(STANDARD, book, records, (), UNITS), derive(STANDARD, book, records, judgements, UNITS)
    for before, after in zip(told, judged, strict=True):
        assert (after.criterion, after.contested, after.units, after.set_aside) == (
            before.criterion,
            before.contested,
            before.units,
            before.set_aside,
        )
        assert (after.before_judgement or after.status) == before.status


@given(st.data(), books, readings)
def test_no_good_criterion_makes_up_for_an_ordinary_fair_one(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """No Good criterion makes up for an ordinary Fair one: the proposal is never better than Fair."""
    values = data.draw(statuses(STANDARD, book))
    ordinary = data.draw(st.sampled_from([each.id for each in book.criteria if each.tier == "fair" and each.significance == "ordinary"]))
    missed = data.draw(st.sampled_from(STATUSES[: STANDARD.rank[reading.values["counts_as_met"]]]))
    assert _ends(book, {**values, ordinary: missed}, reading)[1] <= GRADE["fair"]


@given(books, known, st.sampled_from(BASES), st.sampled_from(BASES), st.sampled_from(("whole", *UNITS)))
def test_a_weaker_basis_earns_no_more(book: Rulebook, shows: str, one: str, other: str, unit: str) -> None:
    """One record alone earns no more on a weaker basis."""
    weaker, stronger = sorted((one, other), key=lambda basis: STANDARD.bases[basis].strength)
    assume(STANDARD.bases[weaker].strength < STANDARD.bases[stronger].strength)
    # a promise tells nothing, so that there is no status to compare
    assume(STANDARD.bases[weaker].establishes != "nothing")
    criterion = book.criteria[0].id
    earned = [_derived(book, [record("r", book.rulebook, criterion, shows, basis, unit=unit)])[criterion][0] for basis in (weaker, stronger)]
    assert RANK[earned[0]] <= RANK[earned[1]]


@given(st.data(), books, readings)
def test_learning_never_widens_the_range(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """Learning a status never widens the range."""
    values = data.draw(statuses(STANDARD, book))
    forgotten = data.draw(st.sampled_from([key for key, status in values.items() if status in STATUSES] or [""]))
    assume(forgotten)
    narrow, wide = _ends(book, values, reading), _ends(book, {**values, forgotten: NOT_ASSESSED}, reading)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@given(st.data(), books, readings)
def test_making_a_criterion_dominant_never_helps(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """A criterion made dominant never raises the proposal."""
    values = data.draw(statuses(STANDARD, book))
    plain, dominant = _ends(book, values, reading), _ends(book, values, reading, [data.draw(st.sampled_from(list(values)))])
    assert dominant[0] <= plain[0]
    assert dominant[1] <= plain[1]


@given(st.sampled_from(STANDARD.rulebooks), readings, st.integers(0, 12))
def test_shares_are_exact(book: Rulebook, reading: Reading, met: int) -> None:
    """A share reaches its bound exactly where the fraction does, without rounding."""
    good = [each.id for each in book.criteria if each.tier == "good"]
    met = min(met, len(good))
    values = {each.id: "met" for each in book.criteria} | dict.fromkeys((*good[met:], "beacon-1", "innovation-1"), "well_short")
    share, words = Fraction(met, len(good)), reading.values["most"]
    enough = share > Fraction(1, 2) if words == "more than 1/2" else share >= Fraction(words.split()[-1])
    assert evaluate(STANDARD, assumed(STANDARD, book, values), reading).grade == ("good" if enough else "fair")


@pytest.mark.parametrize("tier", ["fair", "good"])
def test_with_nothing_unknown_the_grade_is_settled(tier: str) -> None:
    """Where no status is unknown the grade is settled, and no reason says otherwise, even if no criterion of a tier is applicable."""
    book = STANDARD.rulebook("small")
    proposal = propose(STANDARD, "small", {each.id: NOT_APPLICABLE if each.tier == tier else "met" for each in book.criteria})
    assert proposal.grade is not None
    assert "not_assessed" not in {reason.kind for reason in proposal.reasons}
