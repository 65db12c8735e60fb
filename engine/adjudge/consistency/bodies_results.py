"""What a comparison of many bodies finds: conflicts, departures from the proposals, near misses and groups, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from adjudge.consistency.agreement import Agreement
from adjudge.consistency.groups import GroupFigure
from adjudge.consistency.influence import Answer
from adjudge.documents import Model

if TYPE_CHECKING:
    import pandas


class Cell(Model):
    """Bodies of the same values and the same grade: how many, some of their ``names``, the first, and what the standard proposes for them."""

    values: Mapping[str, str]
    grade: str
    proposed: Answer
    bodies: int
    names: tuple[str, ...]


class Conflict(Model):
    """Two cells that can't both be right by a standard in which a better value never lowers a grade.

    ``lower`` is graded lower, yet its values are at least as good on every criterion: better on one (``dominance``), or the same (``same_values``).
    ``pairs`` counts the pairs of bodies.
    """

    kind: Literal["dominance", "same_values"]
    lower: Cell
    higher: Cell
    pairs: int


class Suspect(Model):
    """A cell that conflicts turn on, with all of its names, and how many other bodies are in conflict with it."""

    cell: Cell
    against: int


class Departure(Model):
    """A body whose grade isn't the one proposed, or is outside its range, with the reason that was recorded (None: none was)."""

    body: str
    values: Mapping[str, str]
    grade: str
    proposed: Answer
    direction: Literal["above", "below"]
    group: str | None
    reason: str | None


class Step(Model):
    """One step of one criterion, and the grade that would be proposed after it."""

    criterion: str
    before: str
    after: str
    grade: str


class NearMiss(Model):
    """Bodies of the same values whose proposal is one step of one criterion away from another grade."""

    values: Mapping[str, str]
    grade: str
    bodies: int
    names: tuple[str, ...]
    steps: tuple[Step, ...]


class BodiesComparison(Model):
    """The answer of ``adjudge compare``: many bodies graded by one rulebook, against each other and against the proposals.

    ``bodies`` have values; ``graded`` of them a grade too, ``missing`` of those have at least one value that isn't known. ``agree`` and ``differ``
    count graded bodies with a settled proposal, whose grades ``agreement`` sets beside those proposed (with intervals from ``resamples``, drawn by
    ``seed``), ``held`` and ``outside`` open ones whose range holds their grade or doesn't. The numbers of
    conflicts count pairs of cells; ``conflicts`` lists the gravest. ``suspects`` is None where there are too many conflicts to single any out.
    ``nearly_better`` and ``nearly_worse`` count the bodies that one step of one criterion would give a better or a worse proposal.
    """

    adjudge: str
    synthetic: bool
    standard: str
    edition: str
    rulebook: str
    reading: str
    bodies: int
    graded: int
    missing: int
    combinations: int
    refused: Mapping[str, int]
    agree: int
    differ: int
    held: int
    outside: int
    agreement: Agreement
    resamples: int
    seed: int
    dominance_conflicts: int
    dominance_pairs: int
    same_values_conflicts: int
    same_values_pairs: int
    bodies_in_conflict: int
    conflicts: tuple[Conflict, ...]
    suspects: tuple[Suspect, ...] | None
    departures: tuple[Departure, ...]
    near_misses: tuple[NearMiss, ...]
    nearly_better: int
    nearly_worse: int
    steps_undefined: tuple[str, ...]
    groups: tuple[GroupFigure, ...]
    not_monotone: str | None

    @property
    def has_conflicts(self) -> bool:
        """Whether any two bodies can't both be right."""
        return self.dominance_conflicts + self.same_values_conflicts > 0

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each body whose grade departs from the proposal: the register of departures. Needs pandas."""
        import pandas

        columns = ["body", "grade", "proposed", "worst", "best", "direction", "group", "reason"]
        rows = [
            {"body": each.body, "grade": each.grade, "proposed": each.proposed.grade, "worst": each.proposed.low, "best": each.proposed.high}
            | {"direction": each.direction, "group": each.group, "reason": each.reason}
            | dict(each.values)
            for each in self.departures
        ]
        return pandas.DataFrame(rows, columns=None if rows else columns)

    def groups_frame(self) -> pandas.DataFrame:
        """Return a row for each group, with its shares above and below, their intervals and chances. Needs pandas."""
        import pandas

        rows = []
        for each in self.groups:
            row: dict[str, object] = {"group": each.group, "compared": each.compared, "agree": each.agree}
            for name in ("above", "below"):
                share = getattr(each, name)
                row |= {name: share.count, f"{name}_share": share.share, f"{name}_low": share.low, f"{name}_high": share.high}
                row[f"{name}_chance"] = share.chance
            rows.append(row | {"few": each.few, "stands_out": ", ".join(each.stands_out)})
        return pandas.DataFrame(rows)
