"""The engine's answer: grade, range, what must be decided and why, and everything it came from, in one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from adjudge.conditions import Outcome
from adjudge.rulebook import NOT_ASSESSED, Limit, Otherwise, Reach, Reading, Rulebook, Standard
from adjudge.status import CriterionStatus

if TYPE_CHECKING:
    from adjudge.evidence import Judgement


@dataclass(frozen=True, slots=True)
class Reached:
    """The condition for a grade and what came of it."""

    reach: Reach
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Limited:
    """A limit and what came of its condition."""

    limit: Limit
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Settled:
    """One end of a range: the grade there, its own range, and the reach, limit or ``otherwise`` that gave it."""

    grade: str
    low: str
    high: str
    by: Reach | Limit | Otherwise


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How statuses became a grade under one reading. ``worst`` and ``best`` are the ends over all unknown statuses.

    ``outer`` says that the standard isn't monotone, so that the range is an outer bound and its ends need not be attained.
    """

    grade: str | None
    low: str
    high: str
    worst: Settled
    best: Settled
    reached: tuple[Reached, ...]
    limited: tuple[Limited, ...]
    outer: bool

    @property
    def answer(self) -> tuple[str | None, str, str]:
        """The grade and its range: what two evaluations must share to be the same answer."""
        return self.grade, self.low, self.high


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a human must decide: ``standard`` (it leaves the case to judgement) or ``not_assessed`` (statuses are unknown)."""

    kind: Literal["standard", "not_assessed"]
    text: str


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A smallest change of reading under which the answer would be another."""

    changes: Mapping[str, str]
    grade: str | None
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired in inference, with the facts that it matched."""

    rule: str
    facts: tuple[Mapping[str, str | int | bool], ...]


@dataclass(frozen=True)
class Proposal:
    """The proposed grade of one framework, with its reasons. ``grade`` is None while unknown statuses leave it open."""

    standard: Standard
    rulebook: Rulebook
    reading: Reading
    statuses: tuple[CriterionStatus, ...]
    evaluation: Evaluation
    determining: tuple[str, ...]
    readings_that_differ: tuple[OtherReading, ...]
    evaluators: tuple[str, ...]
    trace: tuple[Firing, ...] = ()
    published: str | None = None
    decided: Judgement | None = None

    @property
    def framework(self) -> str:
        """The framework's id."""
        return self.rulebook.rulebook

    @property
    def grade(self) -> str | None:
        """The proposed grade, or None while it is open."""
        return self.evaluation.grade

    @property
    def range(self) -> tuple[str, str]:
        """The worst and the best grade that it can still be."""
        return self.evaluation.low, self.evaluation.high

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why a human must decide; empty if nothing is left to decide."""
        found = []
        unknown = self.not_assessed
        if self.evaluation.worst.grade != self.evaluation.best.grade or (
            self.evaluation.worst.low != self.evaluation.best.low or self.evaluation.worst.high != self.evaluation.best.high
        ):
            what = "1 criterion isn't" if len(unknown) == 1 else f"{len(unknown)} criteria aren't"
            found.append(Reason("not_assessed", f"{what} assessed, and the grade depends on it"))
        left = (_left_to_judgement(self.standard, end) for end in (self.evaluation.worst, self.evaluation.best))
        return (*found, *(Reason("standard", text) for text in dict.fromkeys(left) if text))

    @property
    def decision_required(self) -> bool:
        """Whether a human has yet to decide."""
        return self.decided is None and bool(self.reasons)

    @property
    def agrees(self) -> bool | None:
        """Whether the proposed and the published grade are the same; None if there is no published or no settled grade."""
        return None if self.published is None or self.grade is None else self.grade == self.published

    @property
    def contested(self) -> tuple[str, ...]:
        """The criteria whose deciding records disagree."""
        return tuple(each.criterion.id for each in self.statuses if each.contested)

    @property
    def not_assessed(self) -> tuple[str, ...]:
        """The criteria of which nothing is known."""
        return tuple(each.criterion.id for each in self.statuses if each.status == NOT_ASSESSED)

    def status(self, criterion: str) -> CriterionStatus:
        """Return a criterion's status. Raises KeyError for an unknown id."""
        for each in self.statuses:
            if each.criterion.id == criterion:
                return each
        raise KeyError(criterion)

    def _repr_html_(self) -> str:
        from adjudge.explanation import proposal_html

        return proposal_html(self)


def _left_to_judgement(standard: Standard, end: Settled) -> str | None:
    """Say what inspectors must decide at one end: what its reach asks, or ``otherwise``, whose range a limit may narrow and yet leave open."""
    if end.low != end.high:
        return standard.otherwise.decision
    return end.by.decision if isinstance(end.by, Reach | Otherwise) else None
