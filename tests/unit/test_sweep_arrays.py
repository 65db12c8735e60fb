"""How the sweep over arrays settles grades, and how it joins the answers at the two ends of what isn't known: every case of small ones."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import cast

import numpy as np
import pytest

from adjudge.language import Bound
from adjudge.sweep import OPEN, compile_rulebook
from adjudge.sweep.arrays import Answers, Array, End, settle
from adjudge.sweep.program import Leaf, Node, Program, Step, Way
from tests.conformance.suite import standard_named

GRADES = ("worst", "poor", "good", "best")
PLAIN = compile_rulebook(standard_named("plain"), "plain").program


def _condition() -> Node:
    """Return a condition of its own; the tests say what its truth is."""
    return Leaf((), 0, False, "any", Bound(rising=True, strict=False, value=Fraction(1)))


def _program(
    reach: Sequence[tuple[int, bool]], floors: Sequence[int], caps: Sequence[int], otherwise: tuple[int, int, int], decision: bool
) -> Program:
    return dataclasses.replace(
        PLAIN,
        grades=GRADES,
        reach=tuple(Way(grade, _condition(), decides) for grade, decides in reach),
        floors=tuple(Step(grade, _condition()) for grade in floors),
        caps=tuple(Step(grade, _condition()) for grade in caps),
        otherwise=otherwise,
        otherwise_decision=decision,
    )


def _settled(program: Program, certain: Sequence[bool], possible: Sequence[bool], at_best: bool) -> tuple[int, int, int, bool]:
    """Settle one case as the standard says it: the first reach that holds, else what is left over; floors lift, caps hold down."""
    ends = iter([(possible if at_best else certain)[place] for place in range(len(program.reach) + len(program.floors))])
    answer, decides = program.otherwise, program.otherwise_decision
    for way, holds in [(way, next(ends)) for way in program.reach][::-1]:
        if holds:
            answer, decides = (way.grade,) * 3, way.decision
    against = (certain if at_best else possible)[len(program.reach) + len(program.floors) :]
    limits = [(max, step, next(ends)) for step in program.floors] + [(min, step, holds) for step, holds in zip(program.caps, against, strict=True)]
    for narrowed, step, holds in limits:
        if holds:
            before = answer
            answer = cast("tuple[int, int, int]", tuple(narrowed(each, step.grade) for each in answer))
            decides = decides and before == answer
    return *answer, decides or answer[1] != answer[2]


LIMITS = [
    *[((floor,), (cap,)) for floor in range(4) for cap in range(4)],
    ((1, 3), ()),
    ((2, 1), ()),
    ((), (2, 0)),
    ((), (1, 2)),
]


@pytest.mark.parametrize(("floors", "caps"), LIMITS)
@pytest.mark.parametrize("otherwise", [(0, 0, 0), (1, 0, 1), (1, 0, 2), (0, 0, 1)])
@pytest.mark.parametrize("decision", [False, True])
def test_grades_are_settled_as_the_standard_says(
    floors: tuple[int, ...], caps: tuple[int, ...], otherwise: tuple[int, int, int], decision: bool
) -> None:
    """For each limit on each grade, of what is left over or reached, at either end, and whatever holds for certain or only perhaps."""
    program = _program([(3, True), (2, False)], floors, caps, otherwise, decision)
    steps = [*program.reach, *program.floors, *program.caps]
    cases = list(itertools.product([(False, False), (False, True), (True, True)], repeat=len(steps)))
    truths = {id(step.when): np.array([case[place] for case in cases]) for place, step in enumerate(steps)}
    for at_best in (False, True):
        settled = settle(program, lambda node, possible: truths[id(node)][:, int(possible)], np.zeros(len(cases), np.bool_), at_best)
        found = zip(*(each.tolist() for each in settled.numbers(lambda truth: truth.view(np.uint8))), strict=True)
        told = [_settled(program, [each[0] for each in case], [each[1] for each in case], at_best) for case in cases]
        assert list(found) == told


def test_the_ends_are_joined_to_an_answer() -> None:
    """The range takes in both ends, whichever is lower; the grade is open where they differ; a decision is needed for either's, or a difference."""
    grades = range(3)
    kinds = [(*answer, decision) for answer in itertools.product(grades, repeat=3) for decision in (False, True)]
    pairs = list(itertools.product(kinds, repeat=2))
    answers = Answers.empty(dataclasses.replace(PLAIN, grades=GRADES), len(pairs) + 2)
    answers.write(slice(1, len(pairs) + 1), _end([one for one, _ in pairs]), _end([other for _, other in pairs]))
    found = list(zip(answers.grade.tolist(), answers.low.tolist(), answers.high.tolist(), answers.decision.tolist(), strict=True))[1:-1]
    told = [
        (
            worst[0] if worst[0] == best[0] else OPEN,
            min(worst[1], best[1]),
            max(worst[2], best[2]),
            worst[3] or best[3] or worst[:3] != best[:3],
        )
        for worst, best in pairs
    ]
    assert found == told


def test_one_end_is_the_answer_where_all_is_known() -> None:
    """Nothing is compared there, and nothing open."""
    end = _end([(1, 0, 2, True), (2, 2, 2, False)])
    answers = Answers.empty(dataclasses.replace(PLAIN, grades=GRADES), 2)
    answers.write(slice(0, 2), end, end)
    assert (answers.grade.tolist(), answers.low.tolist(), answers.high.tolist(), answers.decision.tolist()) == ([1, 2], [0, 2], [2, 2], [True, False])


def _end(kinds: Sequence[tuple[int, ...]]) -> End:
    columns: list[Array] = [np.array(column, np.uint8) for column in zip(*kinds, strict=True)]
    return columns[0], columns[1], columns[2], columns[3].astype(np.bool_)
