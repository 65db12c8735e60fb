"""What the sweeps over arrays share: the answers, the settling of grades, and the check of codes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from adjudge.errors import BadInput, Fault
from adjudge.sweep.program import INAPPLICABLE, OPEN, UNKNOWN, Node, Program

Array = npt.NDArray[Any]
Codes = npt.NDArray[np.uint8]
End = tuple[Array, Array, Array, Array]
"""Grade, low, high and decision of some cases at one end of what isn't known of them."""


def rows_of(columns: Sequence[Array]) -> int:
    """Return how many rows columns of one length have."""
    first, *_ = columns
    return len(first)


@dataclass(frozen=True)
class Answers:
    """The answers of a sweep, one for each case: ranks of grades (`grades` has their ids), the worst 0.

    ``grade`` is `OPEN` where unknown values leave it open; ``low`` and ``high`` are the ends of the range; ``decision`` says whether inspectors must
    decide, because the standard says so or because the grade or its range depends on what isn't known.
    """

    grades: tuple[str, ...]
    grade: Codes
    low: Codes
    high: Codes
    decision: npt.NDArray[np.bool_]

    @classmethod
    def empty(cls, program: Program, rows: int) -> Answers:
        """Return room for the answers of so many cases."""
        grade, low, high = (np.empty(rows, np.uint8) for _ in range(3))
        return cls(program.grades, grade, low, high, np.empty(rows, np.bool_))

    def __len__(self) -> int:
        return len(self.grade)

    def ids(self) -> list[str | None]:
        """Return the grades by their ids; None where a grade is open."""
        return [None if code == OPEN else self.grades[code] for code in self.grade.tolist()]

    def write(self, rows: slice, worst: End, best: End) -> None:
        """Write the answers of some rows from what they are at the worst and at the best of what isn't known: one and the same if all is known."""
        self.grade[rows], self.low[rows], self.high[rows], self.decision[rows] = worst
        if best is not worst:
            differs = np.logical_or.reduce([one != other for one, other in zip(worst[:3], best[:3], strict=True)])
            np.copyto(self.grade[rows], OPEN, where=worst[0] != best[0])
            np.minimum(self.low[rows], best[1], out=self.low[rows])
            np.maximum(self.high[rows], best[2], out=self.high[rows])
            self.decision[rows] |= best[3] | differs


@dataclass(frozen=True)
class Settled:
    """What some cases are graded at one end: for grade, low and high where each is at least the grade of rank 1, of rank 2 and so on."""

    grade: Sequence[Array]
    low: Sequence[Array]
    high: Sequence[Array]
    decision: Array

    def numbers(self, unpacked: Callable[[Array], Codes]) -> End:
        """Return the ranks; ``unpacked`` makes nought or one of each case of an array."""
        found: dict[int, Codes] = {}
        for planes in (self.grade, self.low, self.high):
            if id(planes) not in found:
                found[id(planes)] = functools.reduce(np.add, map(unpacked, planes))
        grade, low, high = (found[id(planes)] for planes in (self.grade, self.low, self.high))
        return grade, low, high, unpacked(self.decision).view(np.bool_)


def settle(program: Program, truth: Callable[[Node, bool], Array], none: Array, at_best: bool) -> Settled:
    """Settle the grades of some cases at one end: the best grade reached, or what is left over; then the floors, and last the caps.

    Arrays are truths, or bits of them; ``truth`` gives that of a condition, whether possible or certain, and ``none`` is false everywhere. Grades are
    tried best first, and what is left over is no better than the last of them: so a grade is at least so good where a reach at least so good holds.
    A limit that changes an answer takes its decision away, unless it leaves a range open.
    """
    ranks = range(1, len(program.grades))
    every = ~none
    decide, rest = none.copy(), every
    reached = dict.fromkeys(ranks, none)
    for way in program.reach:
        holds = truth(way.when, at_best)
        if way.decision:
            decide |= rest & holds
        rest = rest & ~holds
        reached |= {rank: reached[rank] | holds for rank in ranks if rank <= way.grade}
    if program.otherwise_decision:
        decide |= rest
    made = {
        otherwise: [every, *(reached[rank] | rest if rank <= otherwise else reached[rank] for rank in ranks), none]
        for otherwise in set(program.otherwise)
    }
    for step in program.floors:
        holds = truth(step.when, at_best)
        for planes in made.values():
            decide &= ~holds | planes[step.grade]
            planes[: step.grade + 1] = [plane | holds for plane in planes[: step.grade + 1]]
    for step in program.caps:
        fails = ~truth(step.when, not at_best)
        for planes in made.values():
            decide &= fails | ~planes[step.grade + 1]
            planes[step.grade + 1 :] = [plane & fails for plane in planes[step.grade + 1 :]]
    made = {otherwise: planes[1:-1] for otherwise, planes in made.items()}
    grade, low, high = (made[otherwise] for otherwise in program.otherwise)
    for worst, best in zip(low, high, strict=True) if low is not high else ():
        decide |= best & ~worst
    return Settled(grade, low, high, decide)


def check_codes(program: Program, columns: Sequence[Array], between: bool) -> None:
    """Raise BadInput, all at once, for the status columns that hold codes no status has; ``between`` allows those of criteria open between two."""
    best = len(program.statuses) - 1
    allowed = np.array([ends is not None and (between or rank <= best) for rank, ends in enumerate(program.ends)])
    allowed[[UNKNOWN, INAPPLICABLE]] = True
    faults = []
    for criterion, column in zip(program.criteria, columns, strict=True):
        if criterion.points is None and not (right := allowed[column]).all():
            code = int(column[int(np.argmin(right))])
            told = f"code {code} stands for no status; use 0 to {best}, {UNKNOWN} for not assessed, {INAPPLICABLE} for not applicable"
            faults.append(Fault(f"column {criterion.id}", told))
    if faults:
        raise BadInput(faults)
