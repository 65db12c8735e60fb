"""Grade a bundle: reference and inference on every framework, refusing to answer if they differ."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adjudge.conditions import Outcome
from adjudge.errors import BadInput, EnginesDisagree, Fault, nearest
from adjudge.inference import Inferred, infer
from adjudge.language import shown_value
from adjudge.proposal import Evaluation, Proposal
from adjudge.reference import evaluate, readings_that_differ
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, GradeOf, Reading, Rulebook, Standard
from adjudge.status import CriterionStatus, assume, derive
from adjudge.sweep import determining_of

if TYPE_CHECKING:
    from adjudge.evidence import Bundle, Judgement


@dataclass(frozen=True)
class Grading:
    """The proposals for a bundle's frameworks, under one reading."""

    bundle: Bundle
    reading: Reading
    judgements: tuple[Judgement, ...]
    proposals: tuple[Proposal, ...]

    def __getitem__(self, framework: str) -> Proposal:
        """Return the proposal for a framework. Raises KeyError if it wasn't graded."""
        for proposal in self.proposals:
            if proposal.framework == framework:
                return proposal
        raise KeyError(framework)

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self.proposals)

    def __len__(self) -> int:
        return len(self.proposals)

    def _repr_html_(self) -> str:
        from adjudge.explanation import grading_html

        return grading_html(self)


def grade(
    bundle: Bundle,
    frameworks: Iterable[str] | None = None,
    reading: str | Mapping[str, str] | None = None,
    judgements: Sequence[Judgement] = (),
    on: datetime.date | None = None,
) -> Grading:
    """Propose a grade for each framework of a bundle (or for those named), under a reading, with further judgements.

    ``on`` is the day whose rules count: the bundle's own date, or the last of the assessment period, unless given. Raises BadInput for an unknown
    framework or reading or for judgements that contradict the bundle's, and EnginesDisagree if the evaluators differ.
    """
    from adjudge.bundles import merge_judgements

    standard = bundle.standard.on(on or bundle.date)
    chosen = standard.reading(reading)
    merged = merge_judgements(bundle.judgements, judgements)
    run = _Run(standard, chosen, bundle, merged, {})
    proposals = tuple(run.propose(framework) for framework in (frameworks if frameworks is not None else bundle.frameworks))
    return Grading(bundle, chosen, merged, proposals)


def propose(
    standard: Standard,
    framework: str,
    statuses: Mapping[str, str | int | float],
    reading: str | Mapping[str, str] | None = None,
    on: datetime.date | None = None,
) -> Proposal:
    """Propose a grade from criteria's values alone (statuses, or points where a criterion has a scale); those that aren't given are not assessed.

    Raises BadInput for an unknown framework or reading, for a criterion that the rulebook doesn't have, and for a value that it can't have.
    """
    standard = standard.on(on)
    book, chosen = standard.rulebook(framework), standard.reading(reading)
    faults = []
    for criterion, value in statuses.items():
        if criterion not in book.by_id:
            faults.append(Fault("statuses", f"`{criterion}` isn't a criterion of {book.rulebook}{nearest(criterion, book.by_id)}"))
        elif value not in (NOT_ASSESSED, NOT_APPLICABLE) and (misfit := standard.misfit(book.by_id[criterion], value)):
            faults.append(Fault("statuses", misfit))
    if faults:
        raise BadInput(faults)
    values = {criterion: shown_value(value) for criterion, value in statuses.items()}
    return _conclude(standard, book, chosen, assume(book, values), infer(standard, book, chosen, statuses=values))


@dataclass(frozen=True)
class _Run:
    """One grading: each framework is graded once, those that another framework's criteria stand for before it."""

    standard: Standard
    reading: Reading
    bundle: Bundle
    judgements: tuple[Judgement, ...]
    done: dict[str, Proposal]

    def propose(self, framework: str) -> Proposal:
        if framework not in self.done:
            book = self.standard.rulebook(framework)
            records, units = self.bundle.records_for(framework), tuple(self.bundle.body.units)
            composed = {each.id: self._composed(each.grade_of) for each in book.criteria if each.grade_of}
            statuses = derive(self.standard, book, records, self.judgements, units, composed)
            inferred = infer(self.standard, book, self.reading, records, self.judgements, units, composed=composed)
            decided = next((each for each in self.judgements if each.framework == framework and each.grade), None)
            published = self.bundle.published_grade(framework)
            self.done[framework] = _conclude(self.standard, book, self.reading, statuses, inferred, published, decided)
        return self.done[framework]

    def _composed(self, part: GradeOf) -> tuple[str, str]:
        """Return the worst and the best status that another framework's grade stands for: the grade decided, or proposed, or its range."""
        proposal = self.propose(part.framework)
        settled = proposal.decided.grade if proposal.decided else proposal.grade
        low, high = (settled, settled) if settled else proposal.range
        return part.as_.get(low, low), part.as_.get(high, high)


def _conclude(
    standard: Standard,
    book: Rulebook,
    reading: Reading,
    statuses: tuple[CriterionStatus, ...],
    inferred: Inferred | None,
    published: str | None = None,
    decided: Judgement | None = None,
) -> Proposal:
    evaluation = evaluate(standard, statuses, reading)
    if inferred is not None and (differences := compare(statuses, evaluation, inferred)):
        raise EnginesDisagree(book.rulebook, differences)
    return Proposal(
        standard=standard,
        rulebook=book,
        reading=reading,
        statuses=statuses,
        evaluation=evaluation,
        determining=determining_of(standard, book, statuses, reading),
        readings_that_differ=readings_that_differ(standard, statuses, reading),
        evaluators=("reference", "inference") if inferred is not None else ("reference",),
        trace=inferred.trace if inferred is not None else (),
        published=published,
        decided=decided,
    )


def compare(statuses: Sequence[CriterionStatus], evaluation: Evaluation, inferred: Inferred) -> list[str]:
    """Return what the reference and inference differ in, in words; empty if they agree on every status, condition, grade and range."""
    found = []
    for each in statuses:
        other = inferred.statuses[each.criterion.id]
        if other != each.status:
            found.append(f"{each.criterion.id} is {each.status} by reference, {other} by inference")
        if each.contested != (each.criterion.id in inferred.contested):
            found.append(f"{each.criterion.id} is contested by one evaluator only")
    tops = [(f"reach.{index}", reached.outcome) for index, reached in enumerate(evaluation.reached)]
    tops += [(f"limits.{index}", limited.outcome) for index, limited in enumerate(evaluation.limited)]
    for place, outcome in (found_at for top in tops for found_at in _outcomes(*top)):
        if (outcome.certain, outcome.possible) != inferred.truth[place]:
            found.append(f"condition {place} is {outcome.holds} by reference only")
    if evaluation.answer != (inferred.grade, inferred.low, inferred.high):
        found.append(f"the answer is {evaluation.answer} by reference, {(inferred.grade, inferred.low, inferred.high)} by inference")
    return found


def _outcomes(place: str, outcome: Outcome) -> Iterator[tuple[str, Outcome]]:
    yield place, outcome
    for index, part in enumerate(outcome.parts):
        yield from _outcomes(f"{place}.{index}", part)
