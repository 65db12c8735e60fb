"""The laws that hold of any standard, one to a test; each test's docstring is the law."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from adjudge import BadInput, Rulebook, Standard, load_standard
from adjudge.proposal import Evaluation
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, Reading
from adjudge.status import Composed
from adjudge.testing.laws import LAWS, Law
from adjudge.testing.made_up import as_files
from adjudge.testing.strategies import assumed, books_of, parts_of, readings_of, standards, statuses


def _drawn(data: st.DataObject, standard: Standard, unknown: bool = True) -> tuple[Rulebook, Reading, dict[str, str]]:
    book = data.draw(books_of(standard))
    return book, data.draw(readings_of(standard)), data.draw(statuses(standard, book, unknown))


def _graded(standard: Standard, book: Rulebook, values: Mapping[str, str], reading: Reading, composed: Composed | None = None) -> Evaluation:
    return evaluate(standard, assumed(standard, book, values, composed=composed), reading)


def _ends(standard: Standard, found: Evaluation) -> tuple[int, int]:
    return standard.grade_rank[found.low], standard.grade_rank[found.high]


@pytest.mark.parametrize("law", LAWS, ids=lambda each: each.sentence)
@settings(max_examples=max(settings.default.max_examples // 4, 10))  # type: ignore[union-attr]
@given(data=st.data())
def test_law(law: Law, data: st.DataObject) -> None:
    """Every public law holds of any standard that it applies to, with evidence or without; the searches are asked of the shipped ones only."""
    if law.once and law.sentence != "what is written loads back equal":
        pytest.skip("a standard drawn at random may have a grade that nothing reaches, or a criterion that never matters")
    standard = data.draw(standards(most_criteria=4, evidence="record" in law.sentence or "judge" in law.sentence or "evidence" in law.sentence))
    book = data.draw(books_of(standard))
    if law.skips(standard, book) is None:
        law.check(data, standard, book)


@pytest.mark.parametrize("name", ["hmic-2007", "fsa-fhrs", "cqc-adult-social-care"])
@pytest.mark.parametrize("law", LAWS, ids=lambda each: each.sentence)
def test_law_of_shipped(law: Law, name: str) -> None:
    """Every public law holds of the shipped standards."""
    standard = load_standard(name)
    for book in standard.rulebooks[:1]:
        if law.skips(standard, book) is None:
            law.hold(standard, book, 20)


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


@given(standard=st.one_of(standards(), standards(dated=True), standards(evidence=True)))
def test_a_standard_written_to_yaml_loads_back_equal(standard: Standard) -> None:
    """A standard written to YAML loads back equal, by way of the files themselves."""
    with TemporaryDirectory() as folder:
        for name, text in as_files(standard).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        try:
            loaded = load_standard(folder)
        except BadInput as error:
            idle = ("can't be reached", "is never reached", "nothing uses", "so this limits nothing", "weights count in a `mean` only")
            if all(any(words in fault.message for words in idle) for fault in error.faults):
                reject()  # drawn with a part that has no effect, which loading refuses
            raise
    assert loaded.model_copy(update={"rulebooks": ()}) == standard.model_copy(update={"rulebooks": ()})
    assert {book.rulebook: book for book in loaded.rulebooks} == {book.rulebook: book for book in standard.rulebooks}


@given(data=st.data(), standard=standards(dated=True), day=st.dates(datetime.date(2006, 1, 1), datetime.date(2007, 12, 31)))
def test_on_a_day_a_standard_grades_as_one_without_what_is_not_in_force(data: st.DataObject, standard: Standard, day: datetime.date) -> None:
    """On a day a standard grades as one that never had the rules and criteria which aren't in force then."""
    book, reading, values = _drawn(data, standard)

    def counts(each: object) -> bool:
        in_force = getattr(each, "in_force", None)
        return in_force is None or in_force.start <= day <= in_force.end

    assume(any(counts(each) for each in standard.reach))  # refused otherwise
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
