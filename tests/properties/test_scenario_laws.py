"""The laws of scenarios, one to a test; each test's docstring is the law."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adjudge import BadInput, Record, Rulebook, grade
from adjudge.evidence import Recommendation
from adjudge.language import Period
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED
from adjudge.status import derive
from adjudge.testing.made_up import UNITS
from adjudge.whatif.base import Base
from adjudge.whatif.changes import AddRecord, Change, ChangeRecord, ChooseReading, Deliver, Judge, SetStatus, WithdrawRecord
from adjudge.whatif.files import keep, load_scenarios
from adjudge.whatif.scenario import Scenario, apply, slips
from tests.conformance.suite import bundle
from tests.hmic import BASES, STANDARD, books, full_records, known, some_judgements, some_records

GRADES = STANDARD.grade_rank
RECOMMENDATIONS = 3
Found = tuple[tuple[tuple[str, str, str | None], ...], tuple[str | None, str, str], str | None]


def _found(base: Base, book: Rulebook) -> Found:
    """Return each criterion's status and significance, the answer, and the grade decided, as the reference has them."""
    framework = book.rulebook
    statuses = derive(STANDARD, book, base.bundle.records_for(framework), base.bundle.judgements, UNITS)
    decided = next((each.grade for each in base.bundle.judgements if each.framework == framework and each.grade), None)
    answer = evaluate(STANDARD, statuses, STANDARD.reading(base.reading)).answer
    return tuple((each.criterion.id, each.status, each.significance) for each in statuses), answer, decided


def _ids(book: Rulebook) -> list[str]:
    return [each.id for each in book.criteria]


@st.composite
def bases(draw: st.DrawFn, book: Rulebook, judged: bool = True) -> Base:
    """Draw a base: records on one framework, judgements, and recommendations that address some of its criteria."""
    judgements = draw(some_judgements(book)) if judged else ()
    addressed = st.lists(st.sampled_from(_ids(book)), min_size=1, max_size=3, unique=True)
    recommendations = tuple(
        Recommendation(number=number + 1, framework=book.rulebook, summary="Made up.", addresses={book.rulebook: tuple(draw(addressed))})
        for number in range(RECOMMENDATIONS)
    )
    made = bundle(draw(st.one_of(some_records(book), full_records(book))), judgements)
    return Base(made.model_copy(update={"recommendations": recommendations}))


def _change(draw: st.DrawFn, base: Base, book: Rulebook, number: int) -> Change:
    framework, criterion = book.rulebook, draw(st.sampled_from(_ids(book)))
    kind = draw(st.sampled_from(("set", "judge", "grade", "add", "change", "withdraw", "deliver", "reading")))
    records = [each.id for each in base.bundle.records]
    match kind:
        case "judge":
            dominant = draw(st.booleans())
            return Judge(framework=framework, criterion=criterion, dominant=dominant or None, not_applicable=None if dominant else True)
        case "grade":
            return Judge(framework=framework, grade=draw(st.sampled_from(list(STANDARD.grades))))
        case "add":
            return AddRecord(
                id=f"new-{number}",
                framework=framework,
                criterion=criterion,
                shows=draw(known),
                basis=draw(st.sampled_from(BASES)),
                date=Period.parse("2007-01"),
                unit=draw(st.sampled_from(("whole", *UNITS))),
                summary="Supposed.",
            )
        case "change" if records:
            return ChangeRecord(record=draw(st.sampled_from(records)), shows=draw(known), basis=draw(st.sampled_from(BASES)))
        case "withdraw" if records:
            return WithdrawRecord(record=draw(st.sampled_from(records)))
        case "deliver":
            return Deliver(recommendation=draw(st.integers(1, RECOMMENDATIONS)))
        case "reading":
            return ChooseReading(reading=draw(st.sampled_from(("strict", "lenient", "most=at least 2/3"))))
    return SetStatus(framework=framework, criterion=criterion, status=draw(st.one_of(known, st.just(NOT_ASSESSED))))


@st.composite
def some_changes(draw: st.DrawFn, base: Base, book: Rulebook, min_size: int = 1) -> tuple[Change, ...]:
    """Draw changes that don't contradict each other, of every kind."""
    chosen: list[Change] = []
    for number in range(draw(st.integers(min_size, 6))):
        change = _change(draw, base, book, number)
        if not list(slips(base, [*chosen, change])):
            chosen.append(change)
    return tuple(chosen)


@given(st.data(), books)
def test_a_scenario_that_changes_nothing_is_its_base(data: st.DataObject, book: Rulebook) -> None:
    """A scenario that changes nothing is its base."""
    base = data.draw(bases(book))
    assert apply(base, Scenario("nothing")) == base


@settings(max_examples=25)
@given(st.data(), books)
def test_a_scenario_leaves_its_base_as_it_was(data: st.DataObject, book: Rulebook) -> None:
    """Undone, a scenario gives the base: grading a scenario changes nothing in the base's own grading."""
    base = data.draw(bases(book))
    before = grade(base.bundle, [book.rulebook])
    apply(base, Scenario("some", changes=data.draw(some_changes(base, book)))).grade([book.rulebook])
    assert grade(base.bundle, [book.rulebook]) == before


@given(st.data(), books)
def test_a_record_added_and_withdrawn_gives_the_base(data: st.DataObject, book: Rulebook) -> None:
    """A record added by one scenario and withdrawn by one over it gives the base."""
    base = data.draw(bases(book))
    added = AddRecord(
        id="new",
        framework=book.rulebook,
        criterion=book.criteria[0].id,
        shows=data.draw(known),
        basis=data.draw(st.sampled_from(BASES)),
        date=Period.parse("2007-01"),
        summary="Supposed.",
    )
    assert apply(base, Scenario("out", changes=(WithdrawRecord(record="new"),), over=Scenario("in", changes=(added,)))) == base


@given(st.data(), books)
def test_a_record_changed_and_changed_back_gives_the_base(data: st.DataObject, book: Rulebook) -> None:
    """A record that one scenario changes, and one over it changes back, gives the base's statuses and answer."""
    base = data.draw(bases(book))
    assume(base.bundle.records)
    record: Record = data.draw(st.sampled_from(base.bundle.records))
    there = ChangeRecord(record=record.id, shows=data.draw(known), basis=data.draw(st.sampled_from(BASES)))
    back = ChangeRecord(record=record.id, shows=record.shows, basis=record.basis)
    assert _found(apply(base, Scenario("back", changes=(back,), over=Scenario("there", changes=(there,)))), book) == _found(base, book)


@given(st.data(), books)
def test_a_status_set_back_gives_the_base(data: st.DataObject, book: Rulebook) -> None:
    """Statuses that one scenario sets, and one over it sets back, give the base's statuses and answer."""
    base = data.draw(bases(book, judged=False))
    chosen = data.draw(st.lists(st.sampled_from(_ids(book)), min_size=1, max_size=4, unique=True))
    statuses = {criterion: status for criterion, status, _ in _found(base, book)[0]}
    there = tuple(SetStatus(framework=book.rulebook, criterion=each, status=data.draw(known)) for each in chosen)
    back = tuple(SetStatus(framework=book.rulebook, criterion=each, status=statuses[each]) for each in chosen)
    assert _found(apply(base, Scenario("back", changes=back, over=Scenario("there", changes=there))), book) == _found(base, book)


@given(st.data(), books)
def test_the_order_of_changes_does_not_matter(data: st.DataObject, book: Rulebook) -> None:
    """The order of changes in a scenario doesn't matter, nor which of two scenarios over each other makes which of them."""
    base = data.draw(bases(book))
    changes = data.draw(some_changes(base, book))
    shuffled: Sequence[Change] = data.draw(st.permutations(changes))
    assert Scenario("a", changes=changes) == Scenario("a", changes=tuple(shuffled))
    together = _found(apply(base, Scenario("all", changes=changes)), book)
    one_by_one = base
    for change in shuffled:
        one_by_one = apply(one_by_one, Scenario("one", changes=(change,)))
    assert _found(one_by_one, book) == together


@given(st.data(), books)
def test_two_changes_of_one_target_are_refused(data: st.DataObject, book: Rulebook) -> None:
    """Two changes of one target in one scenario are refused, whatever they say and whatever else changes; the message names both."""
    base = data.draw(bases(book))
    changes = data.draw(some_changes(base, book))
    again = data.draw(st.sampled_from(changes))
    with pytest.raises(BadInput) as raised:
        apply(base, Scenario("twice", changes=(*changes, again)))
    assert all("changed twice" in fault.message and fault.message.count(again.says) == 2 for fault in raised.value.faults)


@given(st.data(), books)
def test_the_last_scenario_has_its_way(data: st.DataObject, book: Rulebook) -> None:
    """Where a scenario changes what the one beneath it changed, its own change counts."""
    base = data.draw(bases(book))
    criterion = data.draw(st.sampled_from(_ids(book)))
    first, second = (SetStatus(framework=book.rulebook, criterion=criterion, status=data.draw(known)) for _ in range(2))
    over = Scenario("second", changes=(second,), over=Scenario("first", changes=(first,)))
    assert _found(apply(base, over), book) == _found(apply(base, Scenario("alone", changes=(second,))), book)


@given(st.data(), books, books)
def test_a_scenario_changes_nothing_in_another_framework(data: st.DataObject, book: Rulebook, other: Rulebook) -> None:
    """A scenario whose changes are about one framework changes nothing in another, unless it chooses a reading."""
    assume(book.rulebook != other.rulebook)
    mine, others = data.draw(bases(book)), data.draw(bases(other))
    moved = tuple(each.model_copy(update={"id": f"o-{each.id}", "duplicate_of": None}) for each in others.bundle.records)
    both = mine.bundle.model_copy(
        update={"records": (*mine.bundle.records, *moved), "judgements": (*mine.bundle.judgements, *others.bundle.judgements)}
    )
    base = Base(both)
    changes = tuple(each for each in data.draw(some_changes(mine, book)) if not isinstance(each, ChooseReading))
    assert _found(apply(base, Scenario("some", changes=changes)), other) == _found(base, other)


@given(st.data(), books)
def test_delivering_never_lowers_the_grade(data: st.DataObject, book: Rulebook) -> None:
    """Delivering a recommendation never lowers the grade, nor either end of its range."""
    base = data.draw(bases(book))
    numbers = data.draw(st.lists(st.integers(1, RECOMMENDATIONS), min_size=1, max_size=RECOMMENDATIONS, unique=True))
    before = _found(base, book)[1]
    after = _found(apply(base, Scenario("delivered", changes=tuple(Deliver(recommendation=number) for number in numbers))), book)[1]
    assert GRADES[after[1]] >= GRADES[before[1]]
    assert GRADES[after[2]] >= GRADES[before[2]]
    if before[0] is not None and after[0] is not None:
        assert GRADES[after[0]] >= GRADES[before[0]]


@settings(max_examples=25)
@given(st.data(), books)
def test_a_kept_scenario_is_read_as_it_was(data: st.DataObject, book: Rulebook) -> None:
    """A scenario that is kept in a file, and one kept over it, are read from it as they were; what stood there first stays to the byte."""
    base = data.draw(bases(book))
    first = Scenario("first", "Read: it's “this”.", data.draw(some_changes(base, book)))
    under = apply(base, first)
    second = Scenario("second", "", data.draw(some_changes(under, book)), first)
    assume(not list(slips(under, second.changes)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenarios.yaml"
        keep(file, first, base)
        before = file.read_bytes()
        keep(file, second, base)
        assert file.read_bytes().startswith(before)
        assert load_scenarios(file, base) == (first, second)
        assert [path.name for path in Path(folder).iterdir()] == ["scenarios.yaml"]
