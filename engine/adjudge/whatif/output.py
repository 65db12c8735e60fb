"""The JSON that `adjudge whatif` answers with; its schema is generated from these models."""

from __future__ import annotations

from adjudge.documents import Model
from adjudge.output import FingerprintOut, ReasonOut, grading_out
from adjudge.page import Item
from adjudge.version import __version__
from adjudge.whatif.comparison import Column, Comparison, moved
from adjudge.whatif.telling import why


class ScenarioOut(Model):
    """A scenario as it was applied: its changes in words, those of the scenario that it stands over not among them."""

    name: str
    text: str
    over: str | None
    changes: tuple[str, ...]


class LineOut(Model):
    """A line of a reason with the lines beneath it."""

    text: str
    lines: tuple[LineOut, ...]


class AnswerOut(Model):
    """The answer for one framework in one column; ``moved`` and ``why`` compare it with the base's, where they are false and empty."""

    column: str
    reading: str
    grade: str | None
    range: tuple[str, str]
    decision_required: bool
    reasons: tuple[ReasonOut, ...]
    decided: str | None
    moved: bool
    why: tuple[LineOut, ...]


class CriterionOut(Model):
    """A criterion that differs in some column: its status, and its significance, in each."""

    criterion: str
    title: str
    statuses: dict[str, str]
    significances: dict[str, str | None]


class FrameworkOut(Model):
    """One framework: its answers column by column, the base's first, and the criteria that differ."""

    framework: str
    answers: tuple[AnswerOut, ...]
    criteria: tuple[CriterionOut, ...]


class WhatIfOut(Model):
    """The answer of ``adjudge whatif --format json``. The fingerprints are the base's; ``kept_in`` is the file that a scenario was added to."""

    adjudge: str
    body: str
    bundle: str
    standard: str
    edition: str
    fingerprint: FingerprintOut
    scenarios: tuple[ScenarioOut, ...]
    frameworks: tuple[FrameworkOut, ...]
    kept_in: str | None


def whatif_out(comparison: Comparison, kept: str | None = None) -> WhatIfOut:
    """Return the JSON form of a comparison."""
    base = grading_out(comparison.base.grading)
    scenarios = [column.scenario for column in comparison.columns if column.scenario]
    return WhatIfOut(
        adjudge=__version__,
        body=base.body,
        bundle=base.bundle,
        standard=base.standard,
        edition=base.edition,
        fingerprint=base.fingerprint,
        scenarios=tuple(
            ScenarioOut(name=each.name, text=each.text, over=each.over.name if each.over else None, changes=tuple(c.says for c in each.changes))
            for each in scenarios
        ),
        frameworks=tuple(_framework(comparison, framework) for framework in comparison.frameworks),
        kept_in=kept,
    )


def _framework(comparison: Comparison, framework: str) -> FrameworkOut:
    def criterion(name: str) -> CriterionOut:
        found = {column.name: column.grading[framework].status(name) for column in comparison.columns}
        return CriterionOut(
            criterion=name,
            title=comparison.base.grading[framework].rulebook.by_id[name].title,
            statuses={column: each.status for column, each in found.items()},
            significances={column: each.significance for column, each in found.items()},
        )

    return FrameworkOut(
        framework=framework,
        answers=tuple(_answer(comparison, column, framework) for column in comparison.columns),
        criteria=tuple(criterion(name) for name in comparison.differing(framework)),
    )


def _answer(comparison: Comparison, column: Column, framework: str) -> AnswerOut:
    before, proposal = comparison.base.grading[framework], column.grading[framework]
    return AnswerOut(
        column=column.name,
        reading=proposal.reading.name,
        grade=proposal.grade,
        range=proposal.range,
        decision_required=proposal.decision_required,
        reasons=tuple(ReasonOut(kind=reason.kind, text=reason.text) for reason in proposal.reasons),
        decided=proposal.decided.grade if proposal.decided else None,
        moved=moved(before, proposal),
        why=tuple(_line(item) for item in why(before, proposal)) if column.scenario else (),
    )


def _line(item: Item) -> LineOut:
    return LineOut(text=item.text, lines=tuple(_line(each) for each in item.items))
