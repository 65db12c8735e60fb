"""What a rulebook compiles to: the codes of statuses, the scale of points, weights, and bounds too great for 64 bits."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from adjudge import BadInput, Standard
from adjudge.reference import evaluate
from adjudge.status import assume
from adjudge.sweep import OPEN, UNKNOWN, compile_rulebook
from adjudge.sweep.program import Program
from tests.conformance.suite import standard_named
from tests.small_standards import two_grades


def _with_statuses(count: int) -> Program:
    return dataclasses.replace(compile_rulebook(standard_named("plain"), "plain").program, statuses=tuple(map(str, range(count))))


@pytest.mark.parametrize("count", [1, 4, 22, 40, 254])
def test_every_code_stands_for_a_status_for_two_or_for_nothing(count: int) -> None:
    """There are 256 codes: one a status, one for each two of up to 22, one for all, one for none that applies."""
    program = _with_statuses(count)
    assert len(program.ends) == 256
    assert program.ends[:count] == tuple((rank, rank) for rank in range(count))
    assert (program.ends[UNKNOWN], program.ends[255]) == ((0, count - 1), None)
    if count <= 22:
        pairs = list(itertools.combinations(range(count), 2))
        codes = [program.open_code(*pair) for pair in pairs]
        assert [program.ends[code] for code in codes] == pairs
        assert all(each is None for each in program.ends[count + len(pairs) : UNKNOWN])


def test_without_statuses_no_code_but_that_of_the_unknown_stands_for_anything() -> None:
    """A standard of points needs no statuses."""
    assert set(_with_statuses(0).ends) == {None}


def test_an_open_grade_has_a_code_of_its_own() -> None:
    """It is 255, as told."""
    answers = compile_rulebook(standard_named("plain"), "plain").columns({"a": np.array([UNKNOWN, 0], np.uint8)})
    assert answers.grade.tolist() == [255, 0] == [OPEN, 0]


def test_points_of_a_column_may_have_six_decimals(tmp_path: Path) -> None:
    """A millionth is told from none; a tenth of one is refused."""
    standard = two_grades(
        tmp_path, [{"id": "x", "points": {"from": 0, "to": 1}}], {"sum": {}, "is": "at least 0.500001"}, points={"better": "higher"}
    )
    sweep = compile_rulebook(standard, "book")
    assert sweep.columns({"x": np.array([0.5, 0.500001, 0.499999, 1])}).ids() == ["fails", "holds", "fails", "holds"]
    with pytest.raises(BadInput, match=r"column x, row 2: 0\.0000005 isn't on the scale of points of `x`"):
        sweep.columns({"x": np.array([1, 0.0000005])})


@pytest.mark.parametrize("is_", ["at least 6", "more than 6"])
def test_weights_may_be_fractions(tmp_path: Path, is_: str) -> None:
    """A mean of weights that aren't whole is the reference's."""
    weights = {"x": 0.5, "y": 1.5, "z": 2.25}
    criteria = [{"id": each, "points": {"from": 0, "to": 10}, "weight": weight} for each, weight in weights.items()]
    standard = two_grades(tmp_path, criteria, {"mean": {}, "is": is_}, points={"better": "higher"})
    cases = list(itertools.product([0.0, 4.0, 6.0, 10.0], repeat=3))
    answers = compile_rulebook(standard, "book").columns({name: np.array([case[place] for case in cases]) for place, name in enumerate(weights)})
    assert answers.ids() == [_grade(standard, dict(zip(weights, map(str, case), strict=True))) for case in cases]


def test_a_bound_beyond_64_bits_within_an_adjustment_is_kept_exactly(tmp_path: Path) -> None:
    """A number that is only asked about where another is adjusted is compared as exactly as one that decides the grade."""
    great = (0, 1, 900_000_007, 999_999_999)
    standard = two_grades(
        tmp_path,
        [
            {"id": "x", "points": {"from": 0, "to": great[-1], "one_of": great}, "weight": 1000},
            {"id": "y", "points": {"from": 0, "to": 1, "one_of": (0, 1)}},
        ],
        {"number": "total", "is": "at least 2"},
        points={"better": "higher"},
        numbers={
            "first": {"text": "the first", "mean": {"id": ["x"]}},
            "total": {
                "text": "up",
                "sum": {"id": ["y"]},
                "adjust": [{"by": 1, "when": {"number": "first", "is": "at least 1.000000001"}, "text": "up"}],
            },
        },
    )
    cases = [{"x": str(x), "y": str(y)} for x in great for y in (0, 1)]
    answers = compile_rulebook(standard, "book").columns({name: np.array([float(case[name]) for case in cases]) for name in "xy"})
    assert answers.ids() == [_grade(standard, case) for case in cases]
    assert set(answers.ids()) == {"holds", "fails"}


def _grade(standard: Standard, case: Mapping[str, str]) -> str | None:
    return evaluate(standard, assume(standard.rulebook("book"), case), standard.reading()).grade
