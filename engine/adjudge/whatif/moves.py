"""Which way criteria can move: the ladder of values that each can have, and the steps from where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from adjudge.errors import BadInput
from adjudge.language import exact, written
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Criterion, Standard
from adjudge.status import CriterionStatus

Direction = Literal["up", "down"]
MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """A criterion moved from the value it has to another, and how many steps that is (one step: one status, or one point, or the next on its scale).

    A criterion that isn't assessed stands one step below its worst value when it is lifted, and one above its best when it falls: to establish its
    worst value is one step up.
    """

    criterion: str
    title: str
    now: str
    to: str
    steps: int
    contested: bool

    def of(self, row: CriterionStatus) -> CriterionStatus:
        """Return the criterion's status when moved."""
        return replace(row, status=self.to, between=None)


def ladder(standard: Standard, criterion: Criterion, now: str = NOT_ASSESSED) -> tuple[str, ...]:
    """Return the values that a criterion can have, the worst first.

    Statuses; the statuses that another framework's grades stand for; or points: those that its scale lists, or whole points from the value that it
    has (from the end of the scale, if it has none) with both ends of the scale. Raises BadInput where these are more than `MOST_VALUES`.
    """
    if criterion.grade_of is not None:
        stands_for = criterion.grade_of.as_
        return tuple(sorted({stands_for.get(grade, grade) for grade in standard.grades}, key=standard.goodness))
    if criterion.points is None:
        return tuple(standard.statuses)
    scale = criterion.points
    if scale.one_of:
        values = {exact(each) for each in scale.one_of}
    else:
        low, high = exact(scale.from_), exact(scale.to)
        if high - low > MOST_VALUES:
            raise BadInput.at(criterion.id, f"its scale has more than {MOST_VALUES:,} whole points; list those that count in `one_of`")
        anchor = low if now in (NOT_ASSESSED, NOT_APPLICABLE) else exact(now)
        first = anchor - (anchor - low) // 1
        values = {low, high, *(first + step for step in range(int((high - first) // 1) + 1))}
    if now not in (NOT_ASSESSED, NOT_APPLICABLE):
        values.add(exact(now))
    return tuple(sorted((written(each) for each in values), key=standard.goodness))


def moves(standard: Standard, row: CriterionStatus, direction: Direction) -> tuple[Move, ...]:
    """Return how a criterion can be lifted, or fall, the shortest way first; none if it isn't applicable."""
    if row.status == NOT_APPLICABLE:
        return ()
    values = ladder(standard, row.criterion, row.status)
    if direction == "down":
        values = values[::-1]
    if row.status == NOT_ASSESSED:
        nearest = row.between[0 if direction == "up" else 1] if row.between else values[0]
        ahead = values[values.index(nearest) :]
    else:
        ahead = values[values.index(row.status) + 1 :]
    return tuple(Move(row.criterion.id, row.criterion.title, row.status, value, step, row.contested) for step, value in enumerate(ahead, 1))


def movable(rows: Sequence[CriterionStatus], keep_fixed: Sequence[str], only: Sequence[str] | None) -> Iterator[tuple[int, CriterionStatus]]:
    """Yield, with their places, the criteria that may move: those named, if any are, and none that is to stay as it is."""
    for place, row in enumerate(rows):
        if row.criterion.id not in keep_fixed and (only is None or row.criterion.id in only):
            yield place, row
