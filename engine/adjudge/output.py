"""The JSON that adjudge answers with: an interface, whose schemas are generated from these models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from adjudge.documents import Model, fingerprint
from adjudge.grading import Grading
from adjudge.language import written
from adjudge.proposal import Proposal
from adjudge.version import __version__

if TYPE_CHECKING:
    from adjudge.sweep import Sweep
    from adjudge.table import TableReport


class ReasonOut(Model):
    """Why a human must decide."""

    kind: str
    text: str


class ReadingOut(Model):
    """A smallest change of reading that changes the answer."""

    changes: dict[str, str]
    grade: str | None
    range: tuple[str, str]


class JudgementOut(Model):
    """A recorded human decision."""

    criterion: str | None
    decides: str
    reason: str
    author: str
    date: str


class ProposalFingerprintOut(Model):
    """What one proposal was made from, those of the frameworks whose grades it is made of included: equal content, equal fingerprint.

    ``rulebook`` is that of the rulebook, ``evidence`` of the records that count for it and of the body's units; ``engine`` is adjudge's version.
    """

    standard: str
    rulebook: str
    evidence: str
    judgements: str
    engine: str


class ProposalOut(Model):
    """The answer for one framework. ``grade`` is null while unknown statuses leave it open.

    ``range`` is worst, best; where the standard isn't monotone it is an outer bound: an end need not be attained.
    """

    framework: str
    grade: str | None
    range: tuple[str, str]
    range_is: Literal["exact", "outer bound"]
    decision_required: bool
    reasons: tuple[ReasonOut, ...]
    published: str | None
    agrees: bool | None
    decided: str | None
    determining: tuple[str, ...]
    contested: tuple[str, ...]
    not_assessed: tuple[str, ...]
    evaluators: tuple[str, ...]
    readings_that_differ: tuple[ReadingOut, ...]
    judgements: tuple[JudgementOut, ...]
    fingerprint: ProposalFingerprintOut


class FingerprintOut(Model):
    """What the answer was made from: equal content, equal fingerprint."""

    standard: str
    evidence: str
    judgements: str


class GradingOut(Model):
    """The answer of ``adjudge grade --format json``. ``terms`` is the reading written out: the value of every term."""

    adjudge: str
    body: str
    bundle: str
    standard: str
    edition: str
    fingerprint: FingerprintOut
    reading: str
    terms: dict[str, str]
    proposals: tuple[ProposalOut, ...]


class RecordOut(Model):
    """One record behind a status: what it shows, what it earns (null if set aside, with the reason) and its role."""

    id: str
    citation: str
    basis: str
    unit: str
    shows: str
    earns: str | None
    role: str
    set_aside: str | None
    summary: str


class StatusOut(Model):
    """A criterion's status and the records behind it."""

    criterion: str
    title: str
    tier: str | None
    significance: str | None
    status: str
    contested: bool
    before_judgement: str | None
    records: tuple[RecordOut, ...]


class AmountOut(Model):
    """What a number is, from the least to the most that it can be, exactly: `12`, `2.5` or `5/3`."""

    low: str
    high: str


class ConditionOut(Model):
    """A condition for a grade, or of a limit: whether it holds (null: open) and the criteria that pass, fail or are open.

    For a condition on a number, ``amount`` is what it is, ``passing`` are the criteria whose points are known and ``open`` the others.
    """

    holds: bool | None
    needed: int
    of: int
    passing: tuple[str, ...]
    failing: tuple[str, ...]
    open: tuple[str, ...]
    parts: tuple[ConditionOut, ...]
    amount: AmountOut | None


class GradeConditionOut(Model):
    """What a grade, or a limit on it, asks for and what came of it."""

    grade: str
    kind: str
    text: str
    condition: ConditionOut


class ExplanationOut(Model):
    """The answer of ``adjudge explain --format json``."""

    adjudge: str
    body: str
    standard: str
    reading: dict[str, str]
    proposal: ProposalOut
    conditions: tuple[GradeConditionOut, ...]
    statuses: tuple[StatusOut, ...]
    trace: tuple[str, ...]


class RefusedOut(Model):
    """Rows that can't be graded for one reason, and what grade was expected of them (empty: none)."""

    reason: str
    expected: str
    rows: int


class DifferenceOut(Model):
    """A row whose grade isn't the one expected; ``row`` counts from 1 without the header."""

    row: int
    values: dict[str, str]
    grade: str | None
    range: tuple[str, str]
    expected: str


class TableOut(Model):
    """The answer of ``adjudge table --format json``: counts of rows; `differences` are the first of those that differ."""

    adjudge: str
    standard: str
    edition: str
    framework: str
    reading: str
    rows: int
    settled: int
    open: int
    grades: dict[str, int]
    agree: int
    differ: int
    held: int
    outside: int
    unexpected: int
    refused: tuple[RefusedOut, ...]
    differences: tuple[DifferenceOut, ...]


def table_out(sweep: Sweep, report: TableReport) -> TableOut:
    """Return the JSON form of what grading a table came to."""
    refused = sorted(report.refused.items(), key=lambda pair: (-pair[1], pair[0]))
    return TableOut(
        adjudge=__version__,
        standard=sweep.standard.standard,
        edition=sweep.standard.edition,
        framework=sweep.book.rulebook,
        reading=sweep.reading.name,
        rows=report.rows,
        settled=report.settled,
        open=report.open,
        grades={grade: report.grades[grade] for grade in sweep.standard.grades},
        agree=report.agree,
        differ=report.differ,
        held=report.held,
        outside=report.outside,
        unexpected=report.unexpected,
        refused=tuple(RefusedOut(reason=reason, expected=expected, rows=rows) for (reason, expected), rows in refused),
        differences=tuple(
            DifferenceOut(row=each.row, values=dict(each.values), grade=each.grade, range=(each.worst, each.best), expected=each.expected)
            for each in report.differences
        ),
    )


def grading_out(grading: Grading) -> GradingOut:
    """Return the JSON form of a grading."""
    bundle = grading.bundle
    return GradingOut(
        adjudge=__version__,
        body=bundle.body.id,
        bundle=bundle.bundle,
        standard=bundle.standard.standard,
        edition=bundle.standard.edition,
        fingerprint=FingerprintOut(
            standard=fingerprint(bundle.standard), evidence=fingerprint(*bundle.records), judgements=fingerprint(*grading.judgements)
        ),
        reading=grading.reading.name,
        terms=dict(grading.reading.values),
        proposals=tuple(proposal_out(grading, proposal) for proposal in grading),
    )


def proposal_out(grading: Grading, proposal: Proposal) -> ProposalOut:
    """Return the JSON form of one proposal."""
    return ProposalOut(
        framework=proposal.framework,
        grade=proposal.grade,
        range=proposal.range,
        range_is="outer bound" if proposal.evaluation.outer else "exact",
        decision_required=proposal.decision_required,
        reasons=tuple(ReasonOut(kind=reason.kind, text=reason.text) for reason in proposal.reasons),
        published=proposal.published,
        agrees=proposal.agrees,
        decided=proposal.decided.grade if proposal.decided else None,
        determining=proposal.determining,
        contested=proposal.contested,
        not_assessed=proposal.not_assessed,
        evaluators=proposal.evaluators,
        readings_that_differ=tuple(
            ReadingOut(changes=dict(other.changes), grade=other.grade, range=(other.low, other.high)) for other in proposal.readings_that_differ
        ),
        judgements=tuple(
            JudgementOut(criterion=each.criterion, decides=each.says, reason=each.reason, author=each.author, date=each.date.isoformat())
            for each in grading.judgements
            if each.framework == proposal.framework
        ),
        fingerprint=_made_from(grading, proposal.framework),
    )


def _made_from(grading: Grading, framework: str) -> ProposalFingerprintOut:
    """Return the fingerprints of what a proposal was made from."""
    bundle = grading.bundle
    books, waiting = [], [framework]
    while waiting:
        book = bundle.standard.rulebook(waiting.pop(0))
        if book not in books:
            books.append(book)
            waiting += [each.grade_of.framework for each in book.criteria if each.grade_of]
    names = [book.rulebook for book in books]
    records = {record.id: record for name in names for record in bundle.records_for(name)}
    return ProposalFingerprintOut(
        standard=fingerprint(bundle.standard.model_copy(update={"rulebooks": ()})),
        rulebook=fingerprint(*books),
        evidence=fingerprint(bundle.body, *records.values()),
        judgements=fingerprint(*(each for each in grading.judgements if each.framework in names)),
        engine=__version__,
    )


def explanation_out(grading: Grading, proposal: Proposal) -> ExplanationOut:
    """Return the JSON form of an explanation: conditions, statuses, records and the trace of firings."""
    from adjudge.conditions import Outcome
    from adjudge.status import Support

    def condition(outcome: Outcome) -> ConditionOut:
        ids = [tuple(each.criterion.id for each in group) for group in (outcome.passing, outcome.failing, outcome.open)]
        return ConditionOut(
            holds=outcome.holds,
            needed=outcome.needed,
            of=outcome.whole,
            passing=ids[0],
            failing=ids[1],
            open=ids[2],
            parts=tuple(condition(part) for part in outcome.parts),
            amount=AmountOut(low=written(outcome.amount.low), high=written(outcome.amount.high)) if outcome.amount else None,
        )

    def record(support: Support, role: str) -> RecordOut:
        each = support.record
        return RecordOut(
            id=each.id,
            citation=each.citation,
            basis=each.basis,
            unit=each.unit,
            shows=support.shows,
            earns=support.earns,
            role=role,
            set_aside=support.set_aside,
            summary=each.summary,
        )

    conditions = [
        GradeConditionOut(grade=each.reach.grade, kind="reach", text=each.reach.text, condition=condition(each.outcome))
        for each in proposal.evaluation.reached
    ]
    conditions += [
        GradeConditionOut(
            grade=each.limit.grade,
            kind="no_better_than" if each.limit.caps else "no_worse_than",
            text=each.limit.text,
            condition=condition(each.outcome),
        )
        for each in proposal.evaluation.limited
    ]
    return ExplanationOut(
        adjudge=__version__,
        body=grading.bundle.body.id,
        standard=proposal.standard.standard,
        reading=dict(proposal.reading.values),
        proposal=proposal_out(grading, proposal),
        conditions=tuple(conditions),
        statuses=tuple(
            StatusOut(
                criterion=each.criterion.id,
                title=each.criterion.title,
                tier=each.criterion.tier,
                significance=each.significance,
                status=each.status,
                contested=each.contested,
                before_judgement=each.before_judgement,
                records=(
                    *(record(support, "decides") for support in each.records),
                    *(record(support, "outweighed") for support in each.outweighed),
                    *(record(support, "set_aside") for support in each.set_aside),
                ),
            )
            for each in proposal.statuses
        ),
        trace=tuple(
            f"{firing.rule}: " + "; ".join(", ".join(f"{key}={value}" for key, value in fact.items()) for fact in firing.facts)
            for firing in proposal.trace
        ),
    )
