"""How close a proposal is to the grades beside it: in criteria, and in findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adjudge.proposal import Proposal
from adjudge.whatif.findings import Findings, findings_to
from adjudge.whatif.path import LIMIT, Paths, path_to


@dataclass(frozen=True, slots=True)
class Tip:
    """The distance to one neighbouring grade: the path, whose length it is in criteria, and the findings that would have to read otherwise.

    ``findings`` is None where no change of findings leads there, or where the proposal rests on no findings.
    """

    grade: str
    paths: Paths
    findings: Findings | None

    @property
    def criteria(self) -> int | None:
        """How many criteria must change; None if no change of what may change leads there."""
        return self.paths.criteria


@dataclass(frozen=True, slots=True)
class Tipping:
    """The distances to the next grade up and the next grade down; None where there is no such grade."""

    framework: str
    up: Tip | None
    down: Tip | None


def tipping(proposal: Proposal, units: Sequence[str] = (), limit: int = LIMIT) -> Tipping:
    """Return how far a proposal is from its neighbours: the grade above its worst end, and the grade below its best. ``units`` are the body's."""
    names, rank = proposal.standard.worst_first, proposal.standard.grade_rank
    ends = [rank[end.grade] for end in (proposal.evaluation.worst, proposal.evaluation.best)]
    recorded = any(row.units or row.set_aside for row in proposal.statuses)

    def tip(place: int) -> Tip | None:
        if not 0 <= place < len(names):
            return None
        paths = path_to(proposal, names[place], limit=limit)
        assert paths.direction is not None
        return Tip(names[place], paths, findings_to(proposal, names[place], paths.direction, units) if recorded else None)

    return Tipping(proposal.framework, tip(min(ends) + 1), tip(max(ends) - 1))
