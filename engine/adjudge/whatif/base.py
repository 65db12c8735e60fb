"""What a scenario is applied over, and the marks of what is supposed: no assumption is a person's judgement, no supposed record evidence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adjudge.evidence import Bundle, Judgement, Record
from adjudge.grading import Grading, grade
from adjudge.rulebook import Rulebook, Standard


@dataclass(frozen=True)
class Base:
    """What a scenario is applied over: the evidence with its judgements, and the reading that it is graded under (the default, if None)."""

    bundle: Bundle
    reading: str | Mapping[str, str] | None = None

    @property
    def standard(self) -> Standard:
        """The bundle's standard as it is in force for it."""
        return self.bundle.standard.on(self.bundle.date)

    @property
    def books(self) -> Mapping[str, Rulebook]:
        """The rulebooks by their frameworks."""
        return {book.rulebook: book for book in self.standard.rulebooks}

    @property
    def records(self) -> Mapping[str, Record]:
        """The records by their ids."""
        return {record.id: record for record in self.bundle.records}

    def heirs(self, framework: str) -> tuple[str, ...]:
        """Return the frameworks that the records of a framework count for."""
        return tuple(self.bundle.inherited_by.get(framework, (framework,)))

    def with_records(self, records: tuple[Record, ...]) -> Base:
        """Return it with other records."""
        return replace(self, bundle=self.bundle.model_copy(update={"records": records}))

    def assuming(self, scenario: str, framework: str, criterion: str | None, **decision: Any) -> Base:
        """Return it with an assumption in the place of what is judged of its target, recorded or assumed."""
        period = self.standard.period
        made = Assumption.model_construct(
            framework=framework,
            criterion=criterion,
            reason="what if",
            author=f"scenario {scenario}",
            date=self.bundle.date or (period.end if period else datetime.date.max),
            scenario=scenario,
            **decision,
        )
        kept = tuple(each for each in self.bundle.judgements if each.target != made.target)
        return replace(self, bundle=self.bundle.model_copy(update={"judgements": (*kept, made)}))

    def grade(self, frameworks: Sequence[str] | None = None) -> Grading:
        """Grade it. Raises BadInput and EnginesDisagree as `adjudge.grade` does."""
        return grade(self.bundle, frameworks, self.reading)


class Assumption(Judgement):
    """What a scenario takes for decided. No person judged it: its author is the scenario, and its date the day that the bundle is graded for."""

    scenario: str

    @property
    def attribution(self) -> str:
        """Whose it is: a scenario's, not a person's."""
        return f"in scenario {self.scenario} only"


class SupposedRecord(Record):
    """A record that a scenario adds, or has otherwise than the evidence. What an added one has for a place in the report isn't one."""

    scenario: str
    original: Record | None = None

    @property
    def citation(self) -> str:
        """Where the finding is printed, if it is, and in which scenario it stands so."""
        return f"{self.original.citation}, as scenario {self.scenario} has it" if self.original else f"scenario {self.scenario}"
