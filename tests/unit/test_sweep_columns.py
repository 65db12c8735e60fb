"""Columns of points against the reference, on every case of small standards: aggregates, weights, adjustments, rounding, bounds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adjudge import BadInput, Standard, load_standard, propose
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.status import assume
from adjudge.sweep import INAPPLICABLE, UNKNOWN, Sweep, compile_rulebook
from adjudge.sweep import columns as columns_module
from adjudge.sweep.columns import Evaluator
from tests.conformance.suite import standard_named
from tests.small_standards import MADE_UP, STATUSES, two_grades

CRITERIA: Sequence[Mapping[str, Any]] = [
    {"id": "x", "points": {"from": 0, "to": 4, "one_of": [0, 1, 2, 4]}},
    {"id": "y", "points": {"from": -2, "to": 3}, "weight": 0.5},
    {"id": "s", "weight": 3},
]
VALUES: Mapping[str, tuple[str, ...]] = {
    "x": ("0", "1", "2", "4", NOT_ASSESSED, NOT_APPLICABLE),
    "y": ("-2", "0.25", "1.5", "3", NOT_ASSESSED, NOT_APPLICABLE),
    "s": ("none", "mid", "high", NOT_ASSESSED, NOT_APPLICABLE),
}
POINTS = {"better": "higher", "statuses": {"none": -1, "low": 0, "mid": 1.5, "high": 5}}
FALLS = {"not_monotone": "made up for a test"}


def _rounded(mode: str, to: float, aggregate: str = "mean", **more: Any) -> dict[str, Any]:
    """Return a number of its own, rounded, and a condition on it."""
    return {"number": {"text": "made up", aggregate: {}, "round": {"to": to, "mode": mode}, **more}}


def _adjusted(by: float, when: Mapping[str, Any], aggregate: str = "sum", **more: Any) -> dict[str, Any]:
    return {"number": {"text": "made up", aggregate: {}, "adjust": [{"by": by, "text": "made up", "when": when}], **more}}


HIGH = {"any": {"id": ["s"]}, "at_least": "mid"}
FULL = {"sum": {"id": ["x"]}, "is": "at least 2"}
ASKED: Mapping[str, tuple[Mapping[str, Any], str]] = {
    **{
        f"{aggregate} {bound}": ({aggregate: {}}, bound)
        for aggregate in ("sum", "mean", "minimum", "maximum")
        for bound in ("at least 1.5", "more than 1")
    },
    **{
        f"{aggregate} {bound}": ({aggregate: {}}, bound)
        for aggregate in ("sum", "mean", "minimum", "maximum")
        for bound in ("at most 1.5", "less than 1")
    },
    "a mean of a third": ({"mean": {}}, "at least 4/3"),
    **{f"rounded {mode}": (_rounded(mode, 1), "at least 2") for mode in ("floor", "ceiling", "half_up", "half_down", "half_even")},
    **{f"a sum rounded {mode}": (_rounded(mode, 0.5, "sum"), "more than 0.5") for mode in ("floor", "ceiling", "half_up", "half_down", "half_even")},
    "rounded to 2.5": (_rounded("half_up", 2.5), "at least 2.5"),
    "added": (_adjusted(1.5, HIGH), "at least 4"),
    "taken": (_adjusted(-1.5, HIGH), "at least 3"),
    "added to a mean": (_adjusted(0.5, FULL, "mean"), "at least 2"),
    "taken from a mean": (_adjusted(-0.5, FULL, "mean", round={"to": 0.5, "mode": "half_up"}), "at least 1"),
    "added to the least": (_adjusted(2, FULL, "minimum"), "more than 1"),
}


def _standard(folder: Path, amount: Mapping[str, Any], bound: str) -> Standard:
    """Load a standard of one amount and one bound; weights are given where a mean takes them, and it is said where a better status may harm."""
    falls = FALLS if bound.startswith(("at most", "less than")) or "-" in str(amount) else {}
    rest = {**STATUSES, "points": POINTS, **falls}
    criteria = CRITERIA if "mean" in str(amount) else [{key: value for key, value in each.items() if key != "weight"} for each in CRITERIA]
    if "number" in amount:
        return two_grades(folder, criteria, {"number": "made", "is": bound}, **rest, numbers={"made": amount["number"]})
    return two_grades(folder, criteria, {**amount, "is": bound}, **rest)


def _cases(names: Mapping[str, tuple[str, ...]] = VALUES) -> list[dict[str, str]]:
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*names.values())]


def _column(standard: Standard, name: str, cases: list[dict[str, str]]) -> np.ndarray[Any, Any]:
    if standard.rulebooks[0].by_id[name].points is None:
        codes = {**standard.rank, NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE}
        return np.array([codes[case[name]] for case in cases], np.uint8)
    special = {NOT_ASSESSED: math.nan, NOT_APPLICABLE: math.inf}
    return np.array([special[case[name]] if case[name] in special else float(Fraction(case[name])) for case in cases])


def _agree(standard: Standard, cases: list[dict[str, str]]) -> Sweep:
    """Compare every case's grade, range and decision with the reference's, all at once and a few at a time."""
    book = standard.rulebooks[0]
    sweep = compile_rulebook(standard, book.rulebook)
    columns = {name: _column(standard, name, cases) for name in book.by_id}
    answers = sweep.columns(columns)
    grades = answers.grades
    found = [(grade, grades[low], grades[high]) for grade, low, high in zip(answers.ids(), answers.low, answers.high, strict=True)]
    assert found == [evaluate(standard, assume(book, case), standard.reading()).answer for case in cases]
    for number in range(0, len(cases), 17):
        assert bool(answers.decision[number]) == propose(standard, book.rulebook, cases[number]).decision_required
    return sweep


@pytest.mark.parametrize(("amount", "bound"), ASKED.values(), ids=ASKED)
def test_every_case_gets_the_answer_of_the_reference(amount: Mapping[str, Any], bound: str, tmp_path: Path) -> None:
    """Of all 180 cases, with what isn't known and what isn't applicable."""
    _agree(_standard(tmp_path, amount, bound), _cases())


def test_conditions_of_every_kind_are_joined(tmp_path: Path) -> None:
    """Measures of statuses and of points, counted, turned round, with a cap and a floor."""
    when = {
        "count": [
            {"mean": {}, "is": "at least 2"},
            {"not": {"any": {"id": ["s"]}, "at_most": "low"}},
            {"maximum": {}, "is": "more than 3"},
            {"all": [{"share": {"id": ["s"]}, "at_least": "high", "is": "at least 1/2"}, {"any": [{"every": {"id": ["s"]}, "at_least": "none"}]}]},
        ],
        "is": "less than 3",
    }
    limits = [
        {"no_better_than": "fails", "text": "a cap", "source": MADE_UP, "when": {"minimum": {}, "is": "less than -1"}},
        {"no_worse_than": "holds", "text": "a floor", "source": MADE_UP, "when": {"count": [FULL, HIGH], "is": "at least 2"}},
    ]
    _agree(
        two_grades(tmp_path, CRITERIA, when, **STATUSES, points=POINTS, **FALLS, limits=limits),
        _cases(),
    )


@pytest.mark.parametrize("wide", [np.int64, object])
def test_quotients_are_rounded_by_each_mode(wide: Any) -> None:
    """Of whole numbers as of integers of any size: what halves and negative numbers become."""
    numerators, denominators = (list(each) for each in zip(*itertools.product(range(-13, 14), range(1, 7)), strict=True))
    by_mode: Mapping[str, Callable[[Fraction], int]] = {
        "floor": math.floor,
        "ceiling": math.ceil,
        "half_up": lambda exact: math.floor(exact + Fraction(1, 2)),
        "half_down": lambda exact: math.ceil(exact - Fraction(1, 2)),
        "half_even": round,
    }
    for mode, expected in by_mode.items():
        found = columns_module._round(np.array(numerators, wide), np.array(denominators, wide), mode)
        assert found.tolist() == [expected(Fraction(one, other)) for one, other in zip(numerators, denominators, strict=True)]


@pytest.mark.parametrize("rows", [1, 7, 180])
def test_rows_are_worked_out_part_by_part(rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few at a time, each row gets its answer; parts in which all is known and parts in which it isn't."""
    monkeypatch.setattr(columns_module, "ROWS", rows)
    _agree(_standard(tmp_path, {"mean": {}}, "at least 1.5"), _cases())


@pytest.mark.parametrize(
    ("criteria", "number", "wide"),
    [
        ("xy", {"sum": {}}, np.int64),
        ("xy", {"mean": {}}, np.int64),
        ("x", {"sum": {}, "round": {"to": 0.125, "mode": "half_even"}}, np.int64),
        ("x", {"sum": {}, "adjust": [{"by": 1, "text": "made up", "when": FULL}]}, np.int64),
        ("x", {"sum": {}, "adjust": [{"by": -1, "text": "made up", "when": FULL}]}, np.int64),
        ("xy", {"sum": {}, "round": {"to": 0.125, "mode": "half_even"}}, object),
        ("x", {"sum": {}, "round": {"to": 99_999_999.0001, "mode": "floor"}}, object),
    ],
)
def test_numbers_take_64_bits_where_none_on_the_way_needs_more(criteria: str, number: Mapping[str, Any], wide: Any, tmp_path: Path) -> None:
    """Integers of any size, which are slow, are for the few that do."""
    weighted = [each for each in CRITERIA if each["id"] in criteria]
    chosen = weighted if "mean" in number else [{key: value for key, value in each.items() if key != "weight"} for each in weighted]
    made = {"made": {"text": "made up", **number}}
    standard = two_grades(
        tmp_path, chosen, {"number": "made", "is": "at least 2"}, points={"better": "higher"}, numbers=made, **(FALLS if "-" in str(number) else {})
    )
    sweep = _agree(standard, _cases({name: VALUES[name] for name in criteria}))
    assert set(Evaluator(sweep.program, between=False).wide.values()) == {wide}


def test_the_shipped_rulebook_of_points_takes_64_bits() -> None:
    """It is swept at full speed."""
    standard = load_standard("fsa-fhrs")
    program = compile_rulebook(standard, standard.rulebooks[0].rulebook).program
    assert set(Evaluator(program, between=False).wide.values()) == {np.int64}


@pytest.mark.parametrize(
    ("bound", "points"),
    [
        ("at least 99999999.9999", ("99999999.9998", "99999999.9999", "99999999.99991", "999999999")),
        ("more than 999999998.999999999", ("999999998", "999999998.999999", "999999999", "0")),
        ("at most -999999998.999999999", ("-999999999", "-999999998.999999", "-999999998", "0")),
        ("less than 1/999999", ("0", "0.000001", "0.000002", "-0.000001")),
    ],
)
def test_the_greatest_amounts_and_the_finest_bounds_are_exact(bound: str, points: tuple[str, ...], tmp_path: Path) -> None:
    """With weights of a thousand and rounding to a ten-thousandth, nothing leaves the integers it is worked out in."""
    criteria: Sequence[Mapping[str, Any]] = [
        {"id": each, "points": {"from": -999_999_999, "to": 999_999_999}, "weight": weight} for each, weight in (("x", 1000), ("y", 0.001))
    ]
    falls = FALLS if "most" in bound or "less" in bound else {}
    cases = _cases({"x": (*points, NOT_ASSESSED), "y": (*points, NOT_APPLICABLE)})
    for place, number in enumerate(({}, {"round": {"to": 0.0001, "mode": "half_up"}})):
        folder = tmp_path / str(place)
        folder.mkdir()
        made = {"made": {"text": "made up", "mean": {}, **number}}
        _agree(two_grades(folder, criteria, {"number": "made", "is": bound}, points={"better": "higher"}, numbers=made, **falls), cases)


def test_points_off_the_scale_are_refused_with_their_row(tmp_path: Path) -> None:
    """Below, above, between those listed, with too many decimals; the ends of a scale are on it; every column's first fault at once."""
    sweep = compile_rulebook(_standard(tmp_path, {"sum": {}}, "at least 1"), "book")
    for right in (-2.0, 3.0, 0.123456, math.nan, math.inf):
        sweep.columns({"y": np.array([right])})
    for wrong, told in ((-2.000001, "-2.000001"), (3.000001, "3.000001"), (0.1234567, "0.1234567"), (-math.inf, "-inf")):
        with pytest.raises(BadInput) as caught:
            sweep.columns({"y": np.array([1.0, math.nan, wrong, 99.0]), "x": np.array([0.0, 1.0, 2.0, 3.0])})
        assert [str(each) for each in caught.value.faults] == [
            "column x, row 4: 3 isn't on the scale of points of `x`",
            f"column y, row 3: {told} isn't on the scale of points of `y`",
        ]


def test_columns_of_whole_numbers_and_lists_are_taken_too() -> None:
    """Points may be whole numbers; columns may be lists of them, and no column at all is no row."""
    ladder = compile_rulebook(standard_named("ladder"), "ladder")
    assert ladder.columns({"x": [10, 0], "y": np.array([5, 1]), "z": [5, 1.5]}).ids() == ["top", "poor"]
    assert ladder.columns({}).ids() == []


def test_great_points_with_decimals_are_on_their_scale(tmp_path: Path) -> None:
    """Every number with six decimals is, however coarse floats are there; what was computed and misses its place by a hair is too."""
    sweep = compile_rulebook(
        two_grades(
            tmp_path,
            [{"id": "x", "points": {"from": 0, "to": 999_999_999}}],
            {"sum": {}, "is": "at least 281144629.135381"},
            points={"better": "higher"},
        ),
        "book",
    )
    assert sweep.columns({"x": np.array([281144629.135381, 281144629.13538, 546706889.145863])}).ids() == ["holds", "fails", "holds"]
    random = np.random.default_rng(2007)
    written = [
        float(f"{whole}.{part:06}") for whole, part in zip(random.integers(0, 999_999_999, 20_000), random.integers(0, 10**6, 20_000), strict=True)
    ]
    sweep.columns({"x": np.array(written)})
    sweep.columns({"x": np.array([0.1 + 0.2, 0.7 + 0.1 + 0.0000000009])})
    for wrong in (281144629.1353815, 0.3000000011, 0.0000005):
        with pytest.raises(BadInput, match="isn't on the scale of points of `x`"):
            sweep.columns({"x": np.array([wrong])})
