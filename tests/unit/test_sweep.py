"""The sweep gives what the reference gives: over columns, over packed bits, and one case at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import BadInput, Rulebook, Standard, propose
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading
from adjudge.status import assume
from adjudge.sweep import INAPPLICABLE, OPEN, UNKNOWN, Sweep, compile_rulebook, determining_of
from adjudge.sweep.arrays import Answers
from adjudge.sweep.packed import CHUNK
from adjudge.testing.strategies import books_of, standards
from adjudge.testing.strategies import statuses as any_statuses
from tests.conformance.suite import standard_named
from tests.hmic import STANDARD, STATUSES, assumed, books, readings, statuses

CODES = {status: rank for rank, status in enumerate(STATUSES)} | {NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE}
Cases = list[dict[str, str]]


def _columns(book: Rulebook, cases: Cases) -> dict[str, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    return {each.id: np.array([CODES[case.get(each.id, NOT_ASSESSED)] for case in cases], np.uint8) for each in book.criteria}


def _answers(sweep: Sweep, found: Answers) -> list[tuple[str | None, str, str]]:
    grades = sweep.program.grades
    return [(grade, grades[low], grades[high]) for grade, low, high in zip(found.ids(), found.low, found.high, strict=True)]


def _expected(book: Rulebook, case: Mapping[str, str], reading: Reading) -> tuple[str | None, str, str]:
    return evaluate(STANDARD, assume(book, case), reading).answer


@st.composite
def some_cases(draw: st.DrawFn, book: Rulebook, *values: bool) -> Cases:
    """Draw a few cases of one rulebook."""
    return draw(st.lists(statuses(book, *values), min_size=1, max_size=12))


@given(st.data(), books, readings, st.sampled_from([(False, False), (True, True)]))
def test_columns(data: st.DataObject, book: Rulebook, reading: Reading, values: tuple[bool, bool]) -> None:
    """Every row of columns gets the reference's grade and range."""
    cases = data.draw(some_cases(book, *values))
    sweep = compile_rulebook(STANDARD, book.rulebook, reading.values)
    assert _answers(sweep, sweep.columns(_columns(book, cases))) == [_expected(book, case, reading) for case in cases]


@given(st.data(), books, readings)
def test_packed(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """Packed cases get the answers that their columns get, decisions included."""
    cases = data.draw(some_cases(book, True, True))
    sweep = compile_rulebook(STANDARD, book.rulebook, reading.values)
    columns = _columns(book, cases)
    by_columns, by_bits = sweep.columns(columns, between=True), sweep.packed(sweep.pack(columns))
    for one, other in zip(_parts(by_columns), _parts(by_bits), strict=True):
        np.testing.assert_array_equal(one, other)


def _parts(answers: Answers) -> list[np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    return [answers.grade, answers.low, answers.high, answers.decision.view(np.uint8)]


@given(st.data(), books, readings)
def test_one_case(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """One case gets the reference's grade, range, conditions and determining criteria."""
    case = data.draw(statuses(book, True, True))
    answer = compile_rulebook(STANDARD, book.rulebook, reading.values).one(case)
    given_statuses = assume(book, case)
    evaluation = evaluate(STANDARD, given_statuses, reading)
    assert (answer.grade, answer.low, answer.high) == evaluation.answer
    outcomes = [*(each.outcome for each in evaluation.reached), *(each.outcome for each in evaluation.limited)]
    assert answer.conditions == tuple(outcome.holds for outcome in outcomes)
    assert answer.determining == determining(STANDARD, given_statuses, reading)


@given(st.data(), books)
def test_a_decision_is_required_where_the_proposal_says_so(data: st.DataObject, book: Rulebook) -> None:
    """The sweep asks for a decision exactly where a proposal has reasons for one."""
    case = data.draw(statuses(book, True, True))
    sweep = compile_rulebook(STANDARD, book.rulebook)
    assert bool(sweep.columns(_columns(book, [case])).decision[0]) == propose(STANDARD, book.rulebook, case).decision_required


@given(st.data(), standards())
def test_of_any_standard_a_decision_is_required_where_the_proposal_says_so(data: st.DataObject, standard: Standard) -> None:
    """The same of a standard of any kind, with limits that take a decision away and limits that leave a range open."""
    book = data.draw(books_of(standard))
    case = data.draw(any_statuses(standard, book))
    answers = compile_rulebook(standard, book.rulebook).columns(_any_columns(book, standard, [case]))
    assert bool(answers.decision[0]) == propose(standard, book.rulebook, case).decision_required


@pytest.mark.parametrize(("x", "y", "decision"), [(0, 1, True), (1, 10, False), (1, 1, True), (9, 9, True), (0, 9, True)])
def test_a_limit_takes_a_decision_away_unless_it_leaves_a_range_open(x: int, y: int, decision: bool) -> None:
    """A cap to fair leaves poor to fair of a range from poor to good, a floor at good leaves nothing of it."""
    change = {"reach.0.grades": {"top": "at least 20"}, "otherwise.grade": "good", "otherwise.from": "poor", "otherwise.to": "good"}
    standard = standard_named("ladder", {**change, "otherwise.decision": "look again"})
    (book,) = standard.rulebooks
    case = {"x": str(x), "y": str(y), "z": "1"}
    answers = compile_rulebook(standard, book.rulebook).columns(_any_columns(book, standard, [case]))
    assert bool(answers.decision[0]) == propose(standard, book.rulebook, case).decision_required == decision


def _any_columns(book: Rulebook, standard: Standard, cases: Cases) -> dict[str, np.ndarray[tuple[int], np.dtype[Any]]]:
    """Return columns of statuses as codes, and of points as numbers."""
    codes = {**standard.rank, NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE}
    points = {NOT_ASSESSED: math.nan, NOT_APPLICABLE: math.inf}
    return {
        each.id: np.array([codes[case[each.id]] for case in cases], np.uint8)
        if each.points is None
        else np.array([points.get(case[each.id]) or float(Fraction(case[each.id])) for case in cases])
        for each in book.criteria
    }


@given(st.data(), books, readings)
def test_a_dominant_criterion(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """A criterion made dominant counts as critical in the sweep as in the reference."""
    case = data.draw(statuses(book, True, True))
    dominant = data.draw(st.lists(st.sampled_from(list(case)), max_size=2, unique=True))
    sweep = compile_rulebook(STANDARD, book.rulebook, reading.values, dominant=dominant)
    expected = evaluate(STANDARD, assumed(book, case, dominant), reading).answer
    assert _answers(sweep, sweep.columns(_columns(book, [case]))) == [expected]
    answer = sweep.one(case)
    assert (answer.grade, answer.low, answer.high) == expected


@given(st.data(), books, readings)
def test_determining_criteria_are_those_of_the_reference(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """With dominant criteria and without, and where one is another framework's grade that is open between two."""
    case = data.draw(statuses(book, True, True))
    dominant = data.draw(st.lists(st.sampled_from(list(case)), max_size=2, unique=True))
    rows = list(assumed(book, case, dominant))
    assert determining_of(STANDARD, book, rows, reading) == determining(STANDARD, rows, reading)
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place] = replace(rows[place], status=NOT_ASSESSED, between=(STATUSES[0], data.draw(st.sampled_from(STATUSES[:-1]))))
    assert determining_of(STANDARD, book, rows, reading) == determining(STANDARD, rows, reading)


def test_determining_criteria_are_found_without_the_reference_where_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference is asked where criteria have points, or are open between two statuses; else the sweep finds them at once."""
    asked: list[object] = []

    def asking(*given: object) -> tuple[str, ...]:
        asked.append(given)
        return ()

    monkeypatch.setattr("adjudge.sweep.determining", asking)
    book, ladder = STANDARD.rulebook("small"), LADDER.rulebook("ladder")
    rows = assume(book, {each.id: "met" for each in book.criteria})
    determining_of(STANDARD, book, rows, STANDARD.reading())
    assert not asked
    determining_of(STANDARD, book, [replace(rows[0], status=NOT_ASSESSED, between=("partly_met", "met")), *rows[1:]], STANDARD.reading())
    assert len(asked) == 1
    determining_of(LADDER, ladder, assume(ladder, {"x": "1"}), LADDER.reading())
    assert len(asked) == 2


def test_chunks_join_up() -> None:
    """More rows than a chunk holds give the answers that each part of them gives, packed or not."""
    book = STANDARD.rulebooks[0]
    sweep = compile_rulebook(STANDARD, book.rulebook)
    random = np.random.default_rng(2007)
    columns = {each.id: random.choice(np.array([0, 1, 2, 3, 3, 3, UNKNOWN], np.uint8), 2 * CHUNK + 77) for each in book.criteria}
    at_once = sweep.columns(columns)
    others = [sweep.packed(sweep.pack(columns)), sweep.columns(columns, between=True)]
    for start, stop in ((0, 5), (CHUNK - 3, CHUNK + 70), (2 * CHUNK, 2 * CHUNK + 77)):
        alone = sweep.columns({name: column[start:stop] for name, column in columns.items()})
        for whole, part in zip(_parts(at_once), _parts(alone), strict=True):
            np.testing.assert_array_equal(whole[start:stop], part)
    for other in others:
        for one, another in zip(_parts(at_once), _parts(other), strict=True):
            np.testing.assert_array_equal(one, another)
    assert set(np.unique(at_once.grade)) == {0, 1, 2, 3, OPEN}


def test_sweeps_in_several_threads_do_not_disturb_each_other() -> None:
    """Sweeps of one rulebook that run at the same time each give the answers that they give alone."""
    book = STANDARD.rulebooks[0]
    sweep = compile_rulebook(STANDARD, book.rulebook)
    random = np.random.default_rng(2007)
    tables = [{each.id: random.integers(0, 4, CHUNK // 2).astype(np.uint8) for each in book.criteria} for _ in range(6)]
    alone = [sweep.columns(table).grade for table in tables]
    with ThreadPoolExecutor(6) as pool:
        together = [answers.grade for answers in pool.map(sweep.columns, tables)]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_columns_that_are_left_out_are_not_assessed() -> None:
    """A criterion without a column is unknown in every row."""
    book = STANDARD.rulebooks[0]
    sweep = compile_rulebook(STANDARD, book.rulebook)
    critical = next(each.id for each in book.criteria if each.significance == "critical")
    found = sweep.columns({critical: np.array([0, 3], np.uint8)})
    assert found.ids() == ["poor", None]
    assert [sweep.program.grades[code] for code in found.high] == ["poor", "excellent"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"nothing": np.zeros(2, np.uint8)}, "column nothing: no such criterion in the rulebook"),
        ({"critical-1": np.zeros(2, np.int64)}, "column critical-1: expected codes of type uint8, found int64"),
        (
            {"critical-1": np.array([1, 7], np.uint8)},
            "column critical-1: code 7 stands for no status; use 0 to 3, 254 for not assessed, 255 for not applicable",
        ),
        ({"critical-1": np.zeros(2, np.uint8), "good-1": np.zeros(3, np.uint8)}, "columns: the columns aren't of one length"),
    ],
)
def test_columns_that_cannot_be_graded(columns: dict[str, object], message: str) -> None:
    """Wrong columns are refused in one clear line."""
    with pytest.raises(BadInput) as caught:
        compile_rulebook(STANDARD, "small").columns(columns)
    assert str(caught.value) == message


def test_what_cannot_be_packed() -> None:
    """Codes without a status, and another reading's bits, are refused."""
    sweep = compile_rulebook(STANDARD, "small")
    columns = _columns(STANDARD.rulebook("small"), [{}])
    with pytest.raises(BadInput, match="column good-1: code 9 stands for no status"):
        sweep.pack({**columns, "good-1": np.array([9], np.uint8)})
    other = compile_rulebook(STANDARD, "small", {"counts_as_met": "met"})
    with pytest.raises(BadInput, match="packed for another rulebook or reading"):
        other.packed(sweep.pack(columns))


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"critical-9": "met"}, "statuses: `critical-9` isn't a criterion; did you mean `critical-1`?"),
        ({"good-1": "fine"}, "statuses: `fine` isn't a status"),
    ],
)
def test_one_case_that_cannot_be_answered(case: dict[str, str], message: str) -> None:
    """An unknown criterion or status of a single case is refused."""
    with pytest.raises(BadInput) as caught:
        compile_rulebook(STANDARD, "small").one(case)
    assert str(caught.value) == message


LADDER = standard_named("ladder")


@pytest.mark.parametrize("case", [{"x": "0.5", "y": "9.5", "z": "10"}, {"x": "9", "y": "10"}, {"x": "not_applicable", "y": "4"}, {}])
def test_one_case_of_points_is_answered_by_the_reference(case: dict[str, str]) -> None:
    """Where criteria have points one case gets the reference's grade, range, conditions and determining criteria too."""
    sweep = compile_rulebook(LADDER, "ladder")
    rows = assume(LADDER.rulebook("ladder"), case)
    evaluation = evaluate(LADDER, rows, sweep.reading)
    (answer,) = sweep.many([case])
    assert (answer.grade, answer.low, answer.high) == evaluation.answer
    outcomes = [*(each.outcome for each in evaluation.reached), *(each.outcome for each in evaluation.limited)]
    assert answer.conditions == tuple(outcome.holds for outcome in outcomes)
    assert answer.determining == determining(LADDER, rows, sweep.reading)


def test_one_case_of_points_that_cannot_be_answered() -> None:
    """Unknown criteria, words for points and points beyond the scale are refused, all at once."""
    with pytest.raises(BadInput) as caught:
        compile_rulebook(LADDER, "ladder").one({"xx": "1", "y": "much", "z": "11", "x": "not_assessed"})
    assert [fault.message for fault in caught.value.faults] == [
        "`11` isn't on the scale of points of `z`: from 0 to 10",
        "`much` isn't on the scale of points of `y`: from 0 to 10",
        "`xx` isn't a criterion; did you mean `x`?",
    ]


def test_a_sweep_names_its_criteria() -> None:
    """They are the rulebook's, in its order."""
    assert compile_rulebook(LADDER, "ladder").criteria == ("x", "y", "z")


@given(st.data(), standards())
def test_of_any_standard_of_statuses_packed_cases_and_single_ones_get_the_answers_of_columns(data: st.DataObject, standard: Standard) -> None:
    """Where no points are measured, packing changes no answer; and one case gets the reference's conditions and determining criteria."""
    book = data.draw(books_of(standard))
    sweep = compile_rulebook(standard, book.rulebook)
    if sweep.program.measures_statuses_only:
        _agree(sweep, [data.draw(any_statuses(standard, book)) for _ in range(3)])


def _agree(sweep: Sweep, cases: Cases) -> None:
    """Columns, bits and single cases give the answers of the reference."""
    columns = _any_columns(sweep.book, sweep.standard, cases)
    by_columns, by_bits = sweep.columns(columns), sweep.packed(sweep.pack(columns))
    for one, other in zip(_parts(by_columns), _parts(by_bits), strict=True):
        np.testing.assert_array_equal(one, other)
    for case, answer, told in zip(cases, sweep.many(cases), _answers(sweep, by_columns), strict=True):
        rows = assume(sweep.book, case)
        evaluation = evaluate(sweep.standard, rows, sweep.reading)
        assert (answer.grade, answer.low, answer.high) == evaluation.answer == told
        outcomes = [*(each.outcome for each in evaluation.reached), *(each.outcome for each in evaluation.limited)]
        assert answer.conditions == tuple(outcome.holds for outcome in outcomes)
        assert answer.determining == determining(sweep.standard, rows, sweep.reading)


PLAIN_CASES: Cases = [
    {"a": "high", "b": "none", "c": "high", "d": "high"},
    {"a": "none", "b": "mid", "c": "none", "d": "not_assessed"},
    {"a": "mid", "b": "not_applicable", "c": "mid", "d": "low"},
    {"a": "low", "b": "low", "c": "not_assessed", "d": "none"},
]


@pytest.mark.parametrize(
    "when",
    [
        {"every": {"id": ["a", "c"]}, "at_least": "mid"},
        {"any": {"id": ["b", "d"]}, "at_least": "mid"},
        {"not": {"count": {"id": ["a", "c", "d"]}, "at_most": "low", "is": "at least 2"}},
        {"count": [{"any": {"id": [each]}, "at_least": "mid"} for each in "abcd"], "is": "more than 2"},
        {"share": {}, "at_least": "mid", "is": "more than 1/2"},
        {"every": {"id": ["a", "b"]}, "at_least": "none"},
        {"count": {"id": ["a", "b"]}, "at_most": "high", "is": "less than 2"},
    ],
    ids=["criteria apart", "any of criteria apart", "not", "conditions counted", "a share", "the worst status", "the best status"],
)
def test_a_condition_is_the_same_in_columns_in_bits_and_of_one_case(when: dict[str, object]) -> None:
    """Criteria that aren't neighbours, a selection that takes none, and joined conditions, known and unknown."""
    _agree(compile_rulebook(standard_named("plain", {"reach.0.when": when}), "plain"), PLAIN_CASES)


@pytest.mark.parametrize("form", ["any", "every"])
def test_a_measure_that_no_criterion_is_left_for_holds_in_no_case(form: str) -> None:
    """Nothing holds of nothing: with every minor criterion made dominant, none is minor."""
    standard = standard_named("plain", {"reach.0.when": {form: {"significance": "minor"}, "at_least": "none"}})
    sweep = compile_rulebook(standard, "plain", dominant=("a", "c", "d"))
    columns = _any_columns(sweep.book, standard, PLAIN_CASES)
    fails = [("fails", "fails", "fails")] * len(PLAIN_CASES)
    assert _answers(sweep, sweep.columns(columns)) == _answers(sweep, sweep.packed(sweep.pack(columns))) == fails
    assert [(each.grade, each.low, each.high) for each in sweep.many(PLAIN_CASES)] == fails


def test_a_floor_is_the_same_in_columns_in_bits_and_of_one_case() -> None:
    """A floor lifts what isn't reached, certain or only possible."""
    source = {"part": "Made up", "gist": "made up"}
    floor = {"no_worse_than": "holds", "text": "made up", "source": source, "when": {"any": {"id": ["d"]}, "at_least": "high"}}
    standard = standard_named("plain", {"limits": [floor]})
    _agree(compile_rulebook(standard, "plain"), PLAIN_CASES)


def test_answers_that_are_no_longer_kept_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few answers are kept, each case gets its own."""
    monkeypatch.setattr("adjudge.sweep.single.KEPT_ANSWERS", 1)
    standard = standard_named("plain", {"reach.0.when": {"any": {}, "at_least": "high"}})
    sweep = Sweep(standard, standard.rulebooks[0], standard.reading(), compile_rulebook(standard, "plain").program)
    _agree(sweep, [*PLAIN_CASES, *PLAIN_CASES])


def test_packed_cases_take_more_room_for_what_is_unknown_or_not_applicable() -> None:
    """A bit a case for each threshold asked about, and one more for each criterion where some are unknown, or not applicable."""
    standard = standard_named("plain")
    sweep = compile_rulebook(standard, "plain")

    def packed(**case: str) -> int:
        known = dict.fromkeys("abcd", "mid")
        return sweep.pack(_any_columns(sweep.book, standard, [{**known, **case}] * 1024)).nbytes

    assert packed() == 1024 // 8 * 4
    assert packed(a="not_assessed") == packed(a="not_applicable") == 2 * packed()
    assert packed(a="not_assessed", b="not_applicable") == 3 * packed()


def test_points_are_not_packed() -> None:
    """A rulebook with points is refused, in a line that says what to do instead."""
    with pytest.raises(BadInput) as caught:
        compile_rulebook(LADDER, "ladder").pack({each: np.zeros(2) for each in "xyz"})
    assert str(caught.value) == "packed: a rulebook with points can't be packed; grade its columns"


def test_a_table_of_points_is_graded_and_each_bad_row_says_why() -> None:
    """Numbers, words for what isn't known, empty cells; a word that is no number and points off the scale refuse their row alone, in every batch."""
    table = pa.table(
        {
            "X": ["10", "1", "Not assessed", "much", "much", "11", "", "not applicable", "0.5"],
            "y": [9.0, 10.0, None, 1.0, 2.0, 1.0, None, 9.0, math.nan],
            "z": ["1", "0", "0", "1", "1", "1", "", "9", "0.0000001"],
        }
    )
    found = compile_rulebook(LADDER, "ladder").table(pa.concat_tables([table, table])).to_pydict()
    assert found["adjudge_grade"] == ["top", "good", None, None, None, None, None, "good", None] * 2
    assert found["adjudge_worst"] == ["top", "good", "poor", None, None, None, None, "good", None] * 2
    refused = [
        *(None, None, None, *["`X` is `much`, which isn't a number"] * 2, "`X` is `11`, which isn't on its scale of points"),
        *("no criterion has a value", None, "`z` is `0.0000001`, which isn't on its scale of points"),
    ]
    assert found["adjudge_refused"] == refused * 2


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    """Every fault of the columns at once: no such criterion, no such column, none of its name, one column for two."""
    with pytest.raises(BadInput) as caught:
        compile_rulebook(LADDER, "ladder").table(pa.table({"one": ["1"], "two": ["2"]}), {"x": "on", "w": "one"})
    assert [fault.message for fault in caught.value.faults] == [
        "`w` isn't a criterion of this rulebook (`x`, `y`, `z`)",
        "no column `on` for `x` (there are `one`, `two`); did you mean `one`?",
        "no column `y`; say which one holds it: `--map y=COLUMN` (there are `one`, `two`)",
        "no column `z`; say which one holds it: `--map z=COLUMN` (there are `one`, `two`)",
    ]
    with pytest.raises(BadInput, match="column `one` is taken by two criteria"):
        compile_rulebook(LADDER, "ladder").table(pa.table({"one": ["1"], "two": ["2"]}), {"x": "one", "y": "one", "z": "two"})


def test_answers_are_as_many_as_the_cases() -> None:
    """An answer for each row."""
    assert len(compile_rulebook(LADDER, "ladder").columns({"x": np.zeros(3), "y": np.zeros(3)})) == 3
