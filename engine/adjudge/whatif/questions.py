"""Open questions: what unknown or contested criteria leave open, and which single piece of evidence would narrow it most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from adjudge.errors import BadInput, Fault, listing
from adjudge.proposal import Proposal
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Standard
from adjudge.status import CriterionStatus

Range = tuple[str, str]
Probabilities = Mapping[str, Mapping[str, Fraction]]
"""For some criteria, how probable each value is: declared by the user, never invented."""


@dataclass(frozen=True)
class Question:
    """One criterion that is open, and the range that each answer would leave.

    ``left_at_worst`` is the number of grades that the least telling answer leaves, ``settling`` the number of answers that leave one; ``expected`` is
    the expected number of grades left, where probabilities are declared.
    """

    criterion: CriterionStatus
    why: str
    answers: Mapping[str, Range]
    left_at_worst: int
    settling: int
    expected: Fraction | None


@dataclass(frozen=True)
class Questions:
    """The range while every open criterion is open, and the questions, those that narrow it most in the worst case first."""

    proposal: Proposal
    range: Range
    questions: tuple[Question, ...]

    @property
    def width(self) -> int:
        """How many grades the range holds."""
        return _width(self.proposal.standard, self.range)


def open_questions(proposal: Proposal, contested: bool = True, probabilities: Probabilities | None = None) -> Questions:
    """Return the open questions of a proposal: its unknown criteria and, if ``contested``, those whose deciding records disagree.

    A contested criterion may turn out as any of the statuses that its deciding records earn; an unknown one as anything (points on a scale without
    listed values as its two ends). By the reference. Raises BadInput for probabilities of a criterion that isn't open, of values that it can't
    have, or that don't add up to 1.
    """
    standard, reading = proposal.standard, proposal.reading
    options = {place: found for place, each in enumerate(proposal.statuses) if (found := _options(standard, each, contested))}
    declared = probabilities or {}
    _check(proposal, options, declared)
    opened = [
        replace(each, status=NOT_ASSESSED, between=(options[place][0], options[place][-1])) if place in options else each
        for place, each in enumerate(proposal.statuses)
    ]
    whole = evaluate(standard, opened, reading)
    questions = []
    for place, values in options.items():
        each = proposal.statuses[place]
        answers: dict[str, Range] = {}
        for value in values:
            told = [*opened[:place], replace(each, status=value, between=None), *opened[place + 1 :]]
            evaluation = evaluate(standard, told, reading)
            answers[value] = (evaluation.low, evaluation.high)
        widths = {value: _width(standard, left) for value, left in answers.items()}
        chances = declared.get(each.criterion.id)
        expected = sum((chances.get(value, Fraction(0)) * width for value, width in widths.items()), Fraction(0)) if chances else None
        why = "contested" if each.status != NOT_ASSESSED else "not assessed"
        settling = sum(width == 1 for width in widths.values())
        questions.append(Question(each, why, answers, max(widths.values()), settling, expected))
    questions.sort(
        key=lambda each: (each.expected if each.expected is not None else Fraction(each.left_at_worst), each.left_at_worst, -each.settling)
    )
    return Questions(proposal, (whole.low, whole.high), tuple(questions))


def _options(standard: Standard, each: CriterionStatus, contested: bool) -> tuple[str, ...]:
    """Return the values that an open criterion may turn out to have, the worst first; none if it is settled."""
    if each.status == NOT_APPLICABLE:
        return ()
    if each.status == NOT_ASSESSED:
        if each.criterion.points is not None:
            scale = each.criterion.points
            return tuple(sorted({str(value) for value in (scale.one_of or (scale.from_, scale.to))}, key=standard.goodness))
        low, high = (standard.rank[end] for end in each.between) if each.between else (0, len(standard.statuses) - 1)
        return tuple(status for status, rank in standard.rank.items() if low <= rank <= high)
    if not (contested and each.contested and each.before_judgement is None):
        return ()
    earned = {support.earns for unit in each.units for support in unit.decided_by if support.earns is not None}
    return tuple(sorted(earned, key=standard.goodness)) if len(earned) > 1 else ()


def _width(standard: Standard, ends: Range) -> int:
    return standard.grade_rank[ends[1]] - standard.grade_rank[ends[0]] + 1


def _check(proposal: Proposal, options: Mapping[int, tuple[str, ...]], declared: Probabilities) -> None:
    can_be = {proposal.statuses[place].criterion.id: values for place, values in options.items()}
    faults = []
    for name, chances in declared.items():
        if name not in can_be:
            faults.append(Fault("probabilities", f"`{name}` isn't open in {proposal.framework} (open: {listing(can_be)})"))
            continue
        unlike = [value for value in chances if value not in can_be[name]]
        faults += [Fault("probabilities", f"`{name}` can't be `{value}` (it can be {listing(can_be[name])})") for value in unlike]
        if any(not 0 <= chance <= 1 for chance in chances.values()) or sum(chances.values()) != 1:
            faults.append(Fault("probabilities", f"those of `{name}` don't lie between 0 and 1 and add up to 1"))
    if faults:
        raise BadInput(faults)
