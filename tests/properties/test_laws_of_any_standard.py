"""The laws that hold of any standard, one to a test; each test's docstring is the law."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from adjudge import Rulebook, Standard, load_standard
from adjudge.proposal import Evaluation
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading
from adjudge.status import Composed
from adjudge.testing.made_up import as_data, as_files, standard_of
from adjudge.testing.strategies import assumed, better, books_of, parts_of, readings_of, standards, statuses, worst_first

FEW = 3
"""How many unknowns are filled in every way: the values of a criterion are ten at most."""


def _drawn(data: st.DataObject, standard: Standard, unknown: bool = True) -> tuple[Rulebook, Reading, dict[str, str]]:
    book = data.draw(books_of(standard))
    return book, data.draw(readings_of(standard)), data.draw(statuses(standard, book, unknown))


def _graded(standard: Standard, book: Rulebook, values: Mapping[str, str], reading: Reading, composed: Composed | None = None) -> Evaluation:
    return evaluate(standard, assumed(standard, book, values, composed=composed), reading)


def _ends(standard: Standard, found: Evaluation) -> tuple[int, int]:
    return standard.grade_rank[found.low], standard.grade_rank[found.high]


def _with_unknowns(data: st.DataObject, values: dict[str, str]) -> list[str]:
    """Make a few values unknown; return which."""
    unknown: list[str] = data.draw(st.lists(st.sampled_from(list(values)), max_size=FEW, unique=True))
    values |= dict.fromkeys(unknown, NOT_ASSESSED)
    return unknown


def _fillings(standard: Standard, book: Rulebook, values: Mapping[str, str], unknown: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield every filling of the unknowns with the statuses that they can have, or with points at and between the ends of their scale."""
    for choice in itertools.product(*(worst_first(standard, book.by_id[each]) for each in unknown)):
        yield {**values, **dict(zip(unknown, choice, strict=True))}


@given(data=st.data(), standard=standards(monotone=True))
def test_improving_a_value_never_worsens_the_grade_of_a_monotone_standard(data: st.DataObject, standard: Standard) -> None:
    """In a monotone standard improving a value never worsens the grade, at either end of its range."""
    book, reading, values = _drawn(data, standard)
    known = [key for key, value in values.items() if value not in (NOT_ASSESSED, NOT_APPLICABLE)]
    assume(known)
    criterion = data.draw(st.sampled_from(known))
    improved = {**values, criterion: data.draw(better(standard, book.by_id[criterion], values[criterion]))}
    before, after = (_graded(standard, book, each, reading) for each in (values, improved))
    assert all(new >= old for old, new in zip(_ends(standard, before), _ends(standard, after), strict=True))
    assert standard.grade_rank[after.worst.grade] >= standard.grade_rank[before.worst.grade]


@given(data=st.data(), standard=standards(monotone=True, most_criteria=4))
def test_filling_unknowns_reaches_both_ends_of_a_monotone_standard(data: st.DataObject, standard: Standard) -> None:
    """In a monotone standard filling the unknowns never leaves the range and attains both ends; a grade is settled where all fillings agree."""
    book, reading, values = _drawn(data, standard, unknown=False)
    unknown = _with_unknowns(data, values)
    found = _graded(standard, book, values, reading)
    filled = [_graded(standard, book, each, reading) for each in _fillings(standard, book, values, unknown)]
    assert min(_ends(standard, each)[0] for each in filled) == _ends(standard, found)[0]
    assert max(_ends(standard, each)[1] for each in filled) == _ends(standard, found)[1]
    grades = {each.grade for each in filled}
    assert grades == {found.grade} if found.grade else len(grades) > 1


@given(data=st.data(), standard=standards(monotone=False, most_criteria=4))
def test_filling_unknowns_never_leaves_an_outer_bound(data: st.DataObject, standard: Standard) -> None:
    """In a standard that isn't monotone no filling of the unknowns leaves the range, and a settled grade is that of every filling."""
    book, reading, values = _drawn(data, standard, unknown=False)
    unknown = _with_unknowns(data, values)
    found = _graded(standard, book, values, reading)
    assert found.outer == bool(unknown)
    low, high = _ends(standard, found)
    for filling in _fillings(standard, book, values, unknown):
        filled = _graded(standard, book, filling, reading)
        assert low <= _ends(standard, filled)[0] <= _ends(standard, filled)[1] <= high
        assert found.grade in (None, filled.grade)


@given(data=st.data(), standard=standards())
def test_closing_a_part_never_leaves_the_range(data: st.DataObject, standard: Standard) -> None:
    """Where another framework's grade is open, no status that it can still stand for leaves the range."""
    book, reading, values = _drawn(data, standard)
    composed = data.draw(parts_of(standard, book))
    low, high = _ends(standard, _graded(standard, book, values, reading, composed))
    order = list(standard.statuses)
    closed = {key: data.draw(st.sampled_from(order[order.index(worst) : order.index(best) + 1])) for key, (worst, best) in composed.items()}
    ends = _ends(standard, _graded(standard, book, values, reading, {key: (each, each) for key, each in closed.items()}))
    assert low <= ends[0] <= ends[1] <= high


@given(data=st.data(), standard=standards())
def test_learning_never_widens_the_range_of_any_standard(data: st.DataObject, standard: Standard) -> None:
    """Learning a value never widens the range."""
    book, reading, values = _drawn(data, standard)
    forgotten = data.draw(st.sampled_from([key for key, value in values.items() if value != NOT_APPLICABLE] or [""]))
    assume(forgotten)
    narrow = _ends(standard, _graded(standard, book, values, reading))
    wide = _ends(standard, _graded(standard, book, {**values, forgotten: NOT_ASSESSED}, reading))
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@given(data=st.data(), standard=standards())
def test_determining_criteria_suffice_and_none_can_be_left_out(data: st.DataObject, standard: Standard) -> None:
    """With only the determining criteria known the answer is the same, and without any one of them it isn't."""
    book, reading, values = _drawn(data, standard)
    composed = data.draw(parts_of(standard, book))

    def answer(kept: Sequence[str]) -> tuple[str | None, str, str]:
        known = {key: value for key, value in values.items() if key in kept or value == NOT_APPLICABLE}
        return _graded(standard, book, known, reading, {key: ends for key, ends in composed.items() if key in kept}).answer

    values = {key: value for key, value in values.items() if key not in composed}
    kept = determining(standard, assumed(standard, book, values, composed=composed), reading)
    assert answer(kept) == _graded(standard, book, values, reading, composed).answer
    for criterion in kept:
        assert answer([each for each in kept if each != criterion]) != answer(kept)


@given(data=st.data(), standard=standards())
def test_the_order_of_criteria_does_not_matter(data: st.DataObject, standard: Standard) -> None:
    """The order of a rulebook's criteria changes neither grade nor range."""
    book, reading, values = _drawn(data, standard)
    content, books = as_data(standard)
    shuffled = [{**each, "criteria": data.draw(st.permutations(each["criteria"]))} for each in books]
    other = standard_of(content, shuffled)
    assert _graded(other, other.rulebook(book.rulebook), values, reading).answer == _graded(standard, book, values, reading).answer


@given(standard=st.one_of(standards(), standards(dated=True), standards(evidence=True)))
def test_a_standard_written_to_yaml_loads_back_equal(standard: Standard) -> None:
    """A standard written to YAML loads back equal, by way of the files themselves."""
    with TemporaryDirectory() as folder:
        for name, text in as_files(standard).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        loaded = load_standard(folder)
    assert loaded.model_copy(update={"rulebooks": ()}) == standard.model_copy(update={"rulebooks": ()})
    assert {book.rulebook: book for book in loaded.rulebooks} == {book.rulebook: book for book in standard.rulebooks}


@given(data=st.data(), standard=standards(dated=True), day=st.dates(datetime.date(2006, 1, 1), datetime.date(2007, 12, 31)))
def test_on_a_day_a_standard_grades_as_one_without_what_is_not_in_force(data: st.DataObject, standard: Standard, day: datetime.date) -> None:
    """On a day a standard grades as one that never had the rules and criteria which aren't in force then."""
    book, reading, values = _drawn(data, standard)

    def counts(each: object) -> bool:
        in_force = getattr(each, "in_force", None)
        return in_force is None or in_force.start <= day <= in_force.end

    there = {each.id for each in book.criteria if counts(each)}
    values = {key: value for key, value in values.items() if key in there}
    bare = standard.model_copy(
        update={
            "reach": tuple(each for each in standard.reach if counts(each)),
            "limits": tuple(each for each in standard.limits if counts(each)),
            "rulebooks": (book.model_copy(update={"criteria": tuple(each for each in book.criteria if counts(each))}),),
        }
    )
    expected = _graded(bare, bare.rulebooks[0], values, reading)
    found = _graded(standard.on(day), standard.on(day).rulebook(book.rulebook), values, reading)
    assert found.answer == expected.answer
    assert [each.reach for each in found.reached] == [each for each in standard.reach if counts(each)]
