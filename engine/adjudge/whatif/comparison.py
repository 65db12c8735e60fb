"""Scenarios side by side: each graded over one base, with what its changes did to the criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.grading import Grading
from adjudge.proposal import Proposal
from adjudge.status import CriterionStatus
from adjudge.whatif.base import Base
from adjudge.whatif.changes import Change, ChooseReading
from adjudge.whatif.files import BASE
from adjudge.whatif.scenario import Scenario, apply


@dataclass(frozen=True)
class Column:
    """One grading of a comparison: the base's, or a scenario's with what stands ``under`` its own changes."""

    grading: Grading
    under: Base
    scenario: Scenario | None = None

    @property
    def name(self) -> str:
        """How the column is headed."""
        return self.scenario.name if self.scenario else BASE


@dataclass(frozen=True)
class Effect:
    """What became of one criterion; before is as the base has it."""

    before: CriterionStatus
    after: CriterionStatus

    @property
    def moved(self) -> bool:
        """Whether its status or its significance isn't what it was."""
        return differ(self.before, self.after)


@dataclass(frozen=True)
class Comparison:
    """A base and scenarios over it, all graded on the same frameworks. The first column is the base's."""

    columns: tuple[Column, ...]

    @property
    def base(self) -> Column:
        """The base's column."""
        return self.columns[0]

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The frameworks graded."""
        return tuple(proposal.framework for proposal in self.base.grading)

    def differing(self, framework: str) -> tuple[str, ...]:
        """Return the criteria of a framework whose status or significance is another in some column, in the rulebook's order."""
        columns = [column.grading[framework].statuses for column in self.columns]
        return tuple(each[0].criterion.id for each in zip(*columns, strict=True) if any(differ(each[0], other) for other in each[1:]))

    def effects(self, column: Column, framework: str) -> tuple[tuple[Change, tuple[Effect, ...]], ...]:
        """Return the changes of a scenario that bear on a framework, each with what became of the criteria that it touches there."""
        before, after = self.base.grading[framework], column.grading[framework]
        found = []
        for change in column.scenario.changes if column.scenario else ():
            places = [criterion for each, criterion in change.touches(column.under) if each == framework]
            if places or isinstance(change, ChooseReading):
                known = [criterion for criterion in places if criterion is not None and criterion in after.rulebook.by_id]
                found.append((change, tuple(Effect(before.status(criterion), after.status(criterion)) for criterion in known)))
        return tuple(found)

    def others(self, column: Column, framework: str) -> tuple[Effect, ...]:
        """Return what else moved in a framework: by the scenario that a scenario stands over, or with another framework's grade."""
        touched = {effect.after.criterion.id for _, effects in self.effects(column, framework) for effect in effects}
        pairs = zip(self.base.grading[framework].statuses, column.grading[framework].statuses, strict=True)
        return tuple(Effect(*pair) for pair in pairs if differ(*pair) and pair[0].criterion.id not in touched)

    def concerns(self, column: Column, framework: str) -> bool:
        """Say whether a scenario bears on a framework."""
        if self.effects(column, framework) or self.others(column, framework):
            return True
        return moved(self.base.grading[framework], column.grading[framework])


def differ(one: CriterionStatus, other: CriterionStatus) -> bool:
    """Say whether a criterion's status or its significance differs."""
    return (one.status, one.significance) != (other.status, other.significance)


def moved(before: Proposal, after: Proposal) -> bool:
    """Say whether the answer is another: grade, range, or what is decided."""
    decided = [proposal.decided.grade if proposal.decided else None for proposal in (before, after)]
    return before.evaluation.answer != after.evaluation.answer or decided[0] != decided[1]


def compare(base: Base | Bundle, scenarios: Sequence[Scenario], frameworks: Sequence[str] | None = None) -> Comparison:
    """Grade a base and every scenario over it, on all frameworks of the bundle or on those named.

    Raises BadInput for a scenario that can't be applied, for two of one name, and for an unknown framework or reading.
    """
    names = [BASE, *(scenario.name for scenario in scenarios)]
    if repeated := [name for index, name in enumerate(names) if name in names[:index]]:
        raise BadInput([Fault(f"scenario {name}", "two columns would have this name; choose another") for name in repeated])
    under = base if isinstance(base, Base) else Base(base)
    columns = [Column(under.grade(frameworks), under)]
    for scenario in scenarios:
        own = apply(under, scenario.over) if scenario.over else under
        columns.append(Column(apply(under, scenario).grade(frameworks), own, scenario))
    return Comparison(tuple(columns))
