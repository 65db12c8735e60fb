"""Grade a bundle: reference and inference on every framework, refusing to answer if they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adjudge.conditions import Outcome
from adjudge.errors import BadInput, EnginesDisagree, Fault, listing, nearest
from adjudge.evidence import Bundle, Judgement, Record, merge_judgements
from adjudge.inference import Inferred, infer
from adjudge.proposal import Evaluation, Proposal
from adjudge.reference import determining, evaluate, readings_that_differ
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Rulebook, Standard
from adjudge.status import CriterionStatus, assume, derive


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
) -> Grading:
    """Propose a grade for each framework of a bundle (or for those named), under a reading, with further judgements.

    Raises BadInput for an unknown framework or reading or for judgements that contradict the bundle's, and EnginesDisagree if the
    evaluators differ.
    """
    standard = bundle.standard
    chosen = standard.reading(reading)
    books = [standard.rulebook(framework) for framework in (frameworks if frameworks is not None else bundle.frameworks)]
    merged = merge_judgements(bundle.judgements, judgements)
    units = tuple(bundle.body.units)
    proposals = tuple(
        _propose(standard, book, chosen, bundle.records_for(book.rulebook), merged, units, bundle.published_grade(book.rulebook)) for book in books
    )
    return Grading(bundle, chosen, merged, proposals)


def propose(standard: Standard, framework: str, statuses: Mapping[str, str], reading: str | Mapping[str, str] | None = None) -> Proposal:
    """Propose a grade from criteria's statuses alone; those that aren't given are not assessed.

    Raises BadInput for an unknown framework or reading, for a criterion that the rulebook doesn't have, and for a word that isn't a status.
    """
    book, chosen = standard.rulebook(framework), standard.reading(reading)
    faults = []
    for criterion, status in statuses.items():
        if criterion not in book.by_id:
            faults.append(Fault("statuses", 0, 0, f"`{criterion}` isn't a criterion of {book.rulebook}{nearest(criterion, book.by_id)}"))
        if status not in (*standard.statuses, NOT_ASSESSED, NOT_APPLICABLE):
            faults.append(Fault("statuses", 0, 0, f"`{status}` isn't a status ({listing(standard.statuses)}){nearest(status, standard.statuses)}"))
    if faults:
        raise BadInput(faults)
    return _conclude(standard, book, chosen, assume(book, statuses), infer(standard, book, chosen, statuses=statuses))


def _propose(
    standard: Standard,
    book: Rulebook,
    reading: Reading,
    records: Sequence[Record],
    judgements: Sequence[Judgement],
    units: Sequence[str],
    published: str | None,
) -> Proposal:
    statuses = derive(standard, book, records, judgements, units)
    inferred = infer(standard, book, reading, records, judgements, units)
    decided = next((each for each in judgements if each.framework == book.rulebook and each.grade), None)
    return _conclude(standard, book, reading, statuses, inferred, published, decided)


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
        determining=determining(standard, statuses, reading),
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
