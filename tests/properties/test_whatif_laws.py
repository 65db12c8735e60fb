"""Laws of open questions, influence, readings and sensitivity, checked against plain enumeration on small rulebooks."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import BadInput, Proposal, Rulebook, propose
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED, Reading
from adjudge.status import assume
from adjudge.testing.made_up import record
from adjudge.whatif.influence import influence
from adjudge.whatif.questions import open_questions
from adjudge.whatif.readings import read_every_way
from adjudge.whatif.sensitivity import sensitivity
from tests.conformance.suite import bundle
from tests.hmic import STANDARD, STATUSES, books, readings, statuses

GRADE = STANDARD.grade_rank


def _answer(book: Rulebook, values: Mapping[str, str], reading: Reading) -> tuple[str | None, str, str]:
    return evaluate(STANDARD, assume(book, values), reading).answer


@st.composite
def half_open(draw: st.DrawFn) -> tuple[Rulebook, dict[str, str], list[str]]:
    """Draw a rulebook with statuses of which one to four aren't known."""
    book = draw(books)
    values = draw(statuses(book))
    opened = draw(st.lists(st.sampled_from(list(values)), min_size=1, max_size=4, unique=True))
    return book, values | dict.fromkeys(opened, NOT_ASSESSED), opened


def _proposal(case: tuple[Rulebook, dict[str, str], list[str]], reading: Reading) -> Proposal:
    book, values, _ = case
    return propose(STANDARD, book.rulebook, values, reading.values)


@given(half_open(), readings)
@settings(max_examples=40)
def test_an_answer_leaves_exactly_the_range_of_its_completions(case: tuple[Rulebook, dict[str, str], list[str]], reading: Reading) -> None:
    """The range that an answer to an open question leaves is attained at both ends by completions, and no completion leaves it."""
    book, values, opened = case
    found = open_questions(_proposal(case, reading))
    assert {question.criterion.criterion.id for question in found.questions} == set(opened)
    for question in found.questions:
        name = question.criterion.criterion.id
        others = [each for each in opened if each != name]
        for value, ends in question.answers.items():
            completions = [
                _answer(book, {**values, name: value, **dict(zip(others, chosen, strict=True))}, reading)
                for chosen in itertools.product(STATUSES, repeat=len(others))
            ]
            assert ends == (min((low for _, low, _ in completions), key=GRADE.get), max((high for _, _, high in completions), key=GRADE.get))  # type: ignore[arg-type]


@given(half_open(), readings)
@settings(max_examples=40)
def test_counted_influence_equals_enumeration(case: tuple[Rulebook, dict[str, str], list[str]], reading: Reading) -> None:
    """An open criterion is pivotal in as many completions of the others as enumeration finds."""
    book, values, opened = case
    found = influence(_proposal(case, reading))
    assert found.seed is None
    assert {each.criterion for each in found.influences} == set(opened)
    for each in found.influences:
        others = [name for name in opened if name != each.criterion]
        pivotal = 0
        for chosen in itertools.product(STATUSES, repeat=len(others)):
            told = {**values, **dict(zip(others, chosen, strict=True))}
            pivotal += len({_answer(book, {**told, each.criterion: value}, reading) for value in STATUSES}) > 1
        assert (each.pivotal, each.completions) == (pivotal, len(STATUSES) ** len(others))


def test_sampled_influence_is_near_the_counted_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many completions to count, draws with a seed give the share within its error, and the same again."""
    proposal = propose(STANDARD, "small", {"critical-1": "met", "significant-1": "met"})
    counted = {each.criterion: each.share for each in influence(proposal).influences}
    monkeypatch.setattr("adjudge.whatif.influence.MOST_COUNTED", 10)
    sampled = influence(proposal, seed=1)
    assert sampled.seed == 1
    assert sampled == influence(proposal, seed=1)
    for each in sampled.influences:
        assert each.error is not None
        assert abs(each.share - counted[each.criterion]) <= 2.5 * each.error


def test_probabilities_are_declared_in_full() -> None:
    """Probabilities that don't add up, or are of what isn't open, are refused all at once; good ones order the questions by what is expected."""
    proposal = propose(STANDARD, "small", {"critical-1": "met", "significant-1": "met", "significant-2": "met"})
    with pytest.raises(BadInput) as caught:
        open_questions(proposal, probabilities={"critical-1": {"met": Fraction(1)}, "good-1": {"met": Fraction(1, 2), "fine": Fraction(1, 4)}})
    assert len(caught.value.faults) == 3
    found = open_questions(proposal, probabilities={"ordinary-1": {"met": Fraction(9, 10), "well_short": Fraction(1, 10)}})
    (question,) = [each for each in found.questions if each.criterion.criterion.id == "ordinary-1"]
    assert question.expected is not None
    widths = {value: GRADE[high] - GRADE[low] + 1 for value, (low, high) in question.answers.items()}
    assert question.expected == Fraction(9, 10) * widths["met"] + Fraction(1, 10) * widths["well_short"]


@given(st.data(), books)
@settings(max_examples=15)
def test_a_term_matters_where_it_alone_changes_an_answer(data: st.DataObject, book: Rulebook) -> None:
    """An answer depends on a term exactly where two admissible readings that differ in nothing else give two answers."""
    values = data.draw(statuses(book))
    records = tuple(record(f"r{number}", book.rulebook, name, value) for number, (name, value) in enumerate(values.items()))
    made = bundle(records)
    made = made.model_copy(update={"graded": (book.rulebook,)})
    found = read_every_way([made])
    case = (made.bundle, book.rulebook)
    answers = {frozenset(reading.values.items()): _answer(book, values, reading) for reading in STANDARD.all_readings()}
    assert {frozenset(reading.values.items()): outcome for reading, outcome in zip(found.readings, found.outcomes[case], strict=True)} == answers
    depends = set()
    for one, other in itertools.combinations(answers, 2):
        differ = {term for term, _ in one ^ other}
        if len(differ) == 1 and answers[one] != answers[other]:
            depends |= differ
    assert set(found.depends_on(case)) == depends


def test_bridges_are_smallest_and_give_the_published_grade() -> None:
    """The smallest changes of reading lead to the published grade, and no smaller ones do; none is needed where it is proposed already."""
    from adjudge import load_evidence

    found = read_every_way([load_evidence("hertfordshire-2007")])
    for case, grade in found.published.items():
        changes = found.bridges(case)
        giving = [found.changes(reading) for reading, outcome in zip(found.readings, found.outcomes[case], strict=True) if outcome[0] == grade]
        assert bool(changes) == bool(giving)
        for each in changes:
            assert found.outcome(case, {**found.base.values, **each})[0] == grade
            assert len(each) == min(map(len, giving))
        assert (case in found.unexplained) == (not giving)


def test_sensitivity_draws_are_those_of_the_seed_and_add_up() -> None:
    """Every draw has an answer; the same seed gives the same draws; at rate 0 the answer always stays."""
    proposal = propose(STANDARD, "ten", dict.fromkeys((each.id for each in STANDARD.rulebook("ten").criteria), "substantially_met"))
    never, often = sensitivity(proposal, (0, 0.3), draws=300_000, seed=4)
    assert (never.stays, never.share) == (300_000, 1.0)
    assert sum(often.answers.values()) == 300_000
    assert sensitivity(proposal, (0.3,), draws=300_000, seed=4) == (often,)
    assert sensitivity(proposal, (0.3,), draws=300_000, seed=5) != (often,)


def test_sensitivity_is_the_chance_of_the_errors_that_matter() -> None:
    """With one critical criterion at the failing edge the grade stays as often as that criterion stays: the rest can't matter."""
    book = STANDARD.rulebook("small")
    values = {each.id: "met" for each in book.criteria} | {"critical-1": "well_short"}
    (found,) = sensitivity(propose(STANDARD, "small", values), (0.2,), draws=400_000, seed=9)
    # well short can only go up one step, to partly met, at which it still fails
    assert found.share == 1.0
    (edge,) = sensitivity(propose(STANDARD, "small", values | {"critical-1": "partly_met"}), (0.2,), draws=400_000, seed=9)
    assert abs(edge.share - 0.9) < 0.005
