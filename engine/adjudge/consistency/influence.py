"""What a single disagreement does: the proposal, with one finding or one criterion as another coder has it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from adjudge.consistency.alignment import free_id
from adjudge.consistency.codings import Coding
from adjudge.documents import Model
from adjudge.evidence import Record
from adjudge.proposal import Proposal
from adjudge.reference import evaluate
from adjudge.status import CriterionStatus, derive


class Answer(Model):
    """A proposed grade (None while it is open) and its range, worst and best. All None where a coding says nothing of the framework."""

    grade: str | None = None
    low: str | None = None
    high: str | None = None


class StatusChange(Model):
    """A criterion whose status changes."""

    criterion: str
    before: str
    after: str


class Effect(Model):
    """What becomes of one coding's answer for a framework if one thing were coded as another coding has it."""

    framework: str
    coding: str
    as_coded_by: str
    changes: Literal["grade", "range", "status"]
    before: Answer
    after: Answer
    statuses: tuple[StatusChange, ...]


def answer(proposal: Proposal) -> Answer:
    """Return the answer of a proposal."""
    return _answer(proposal, proposal.statuses)


def of_record(coding: Coding, mine: Record | None, theirs: Record | None, proposals: Mapping[str, Proposal], as_coded_by: str) -> Iterator[Effect]:
    """Yield the effect on each framework of a coding if it had another's record instead of its own (None: no record); none where nothing changes.

    A criterion that is another framework's grade keeps it.
    """
    either = mine or theirs
    assert either is not None
    for framework in coding.bundle.inherited_by.get(either.framework, (either.framework,)):
        proposal = proposals.get(framework)
        if proposal is None:
            continue
        records = [record for record in coding.bundle.records_for(framework) if mine is None or record.id != mine.id]
        if theirs is not None:
            records.append(theirs.model_copy(update={"id": free_id(theirs.id, {record.id for record in records})}))
        composed = {
            each.criterion.id: each.between or (each.status, each.status) for each in proposal.statuses if each.criterion.grade_of is not None
        }
        statuses = derive(proposal.standard, proposal.rulebook, records, (), tuple(coding.bundle.body.units), composed)
        yield from _effect(proposal, statuses, coding.name, as_coded_by)


def of_status(proposal: Proposal, criterion: str, status: str, coding: str, as_coded_by: str) -> Iterator[Effect]:
    """Yield the effect on a proposal if one criterion had another status; none where nothing changes."""
    yield from _effect(proposal, _with(proposal.statuses, {criterion: status}), coding, as_coded_by)


def bridge(mine: Proposal, theirs: Proposal) -> tuple[str, ...]:
    """Return criteria whose statuses as ``theirs`` has them give ``theirs``'s answer: one or two where so few are enough, else some of which none
    can be left out.
    """
    other = {each.criterion.id: each.status for each in theirs.statuses}
    swapped = {each.criterion.id: other[each.criterion.id] for each in mine.statuses if other[each.criterion.id] != each.status}
    target = _answer(theirs, theirs.statuses)
    for few in (*itertools.combinations(swapped, 1), *itertools.combinations(swapped, 2)):
        if _answer(mine, _with(mine.statuses, {name: swapped[name] for name in few})) == target:
            return few
    for criterion in reversed(tuple(swapped)):
        fewer = {name: status for name, status in swapped.items() if name != criterion}
        if _answer(mine, _with(mine.statuses, fewer)) == target:
            swapped = fewer
    return tuple(swapped)


def _with(statuses: Sequence[CriterionStatus], other: Mapping[str, str]) -> tuple[CriterionStatus, ...]:
    return tuple(replace(each, status=other[each.criterion.id], between=None) if each.criterion.id in other else each for each in statuses)


def _answer(proposal: Proposal, statuses: Sequence[CriterionStatus]) -> Answer:
    grade, low, high = evaluate(proposal.standard, statuses, proposal.reading).answer
    return Answer(grade=grade, low=low, high=high)


def _effect(proposal: Proposal, statuses: Sequence[CriterionStatus], coding: str, as_coded_by: str) -> Iterator[Effect]:
    before, after = answer(proposal), _answer(proposal, statuses)
    changed = tuple(
        StatusChange(criterion=old.criterion.id, before=old.status, after=new.status)
        for old, new in zip(proposal.statuses, statuses, strict=True)
        if old.status != new.status
    )
    if changed:
        yield Effect(
            framework=proposal.framework,
            coding=coding,
            as_coded_by=as_coded_by,
            changes="grade" if before.grade != after.grade else "range" if before != after else "status",
            before=before,
            after=after,
            statuses=changed,
        )
