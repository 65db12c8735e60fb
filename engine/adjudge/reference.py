"""The reference evaluator: statuses to grade, in plain Python. It is the meaning; the other evaluators must agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adjudge.conditions import Statuses
from adjudge.conditions import evaluate as evaluate_condition
from adjudge.proposal import Evaluation, Limited, OtherReading, Reached, Settled
from adjudge.rulebook import NOT_ASSESSED, Reading, Standard
from adjudge.status import CriterionStatus


def evaluate(standard: Standard, statuses: Sequence[CriterionStatus] | Statuses, reading: Reading) -> Evaluation:
    """Grade the statuses of one rulebook under a reading.

    The range runs from the worst to the best completion of the unknown statuses. Both ends are attained: a standard's reaches only get easier and
    its limits only harder as statuses improve (checked when it is loaded), so what is certain is what holds with every unknown at its worst, and
    what is possible is what holds with every unknown at its best.
    """
    known = statuses if isinstance(statuses, Statuses) else Statuses(standard, statuses)
    reached = tuple(Reached(reach, evaluate_condition(reach.when, known, reading)) for reach in standard.reach)
    limited = tuple(Limited(limit, evaluate_condition(limit.when, known, reading)) for limit in standard.limits)
    worst = _settle(standard, reached, limited, best=False)
    best = _settle(standard, reached, limited, best=True)
    rank = standard.grade_rank
    return Evaluation(
        grade=worst.grade if worst.grade == best.grade else None,
        low=min(worst.low, best.low, key=rank.__getitem__),
        high=max(worst.high, best.high, key=rank.__getitem__),
        worst=worst,
        best=best,
        reached=reached,
        limited=limited,
    )


def _settle(standard: Standard, reached: Sequence[Reached], limited: Sequence[Limited], best: bool) -> Settled:
    """Grade one end of the range: the best grade reached, or what the standard says otherwise, then the limits."""
    rank = standard.grade_rank
    otherwise = standard.otherwise
    settled = Settled(otherwise.grade, otherwise.from_, otherwise.to, otherwise)
    for each in reached:
        if each.outcome.possible if best else each.outcome.certain:
            settled = Settled(each.reach.grade, each.reach.grade, each.reach.grade, each.reach)
            break
    for limited_by in limited:
        cap = limited_by.limit.no_better_than
        applies = limited_by.outcome.certain if best else limited_by.outcome.possible
        if applies and rank[settled.high] > rank[cap]:
            grade, low = (min(value, cap, key=rank.__getitem__) for value in (settled.grade, settled.low))
            settled = Settled(grade, low, cap, limited_by.limit)
    return settled


def determining(standard: Standard, statuses: Sequence[CriterionStatus], reading: Reading) -> tuple[str, ...]:
    """Return a smallest choice of criteria that fixes the answer: with every other status unknown it is the same, and none can be left out.

    Criteria are given up from the least to the most telling: by tier from the last to the first, by significance from the least, and from the
    rulebook's end; so what stays are the criteria an inspector would name first.
    """
    target = evaluate(standard, statuses, reading).answer
    tiers, significances = list(standard.tiers), list(standard.significances)
    current = list(statuses)
    order = sorted(
        range(len(current)),
        key=lambda i: (-tiers.index(current[i].criterion.tier), significances.index(current[i].significance), -i),
    )
    for index in order:
        kept = current[index]
        if kept.status not in standard.rank:
            continue
        current[index] = replace(kept, status=NOT_ASSESSED)
        if evaluate(standard, current, reading).answer != target:
            current[index] = kept
    return tuple(each.criterion.id for each in current if each.status in standard.rank)


def readings_that_differ(standard: Standard, statuses: Sequence[CriterionStatus], reading: Reading) -> tuple[OtherReading, ...]:
    """Return the smallest changes of the reading that change the answer: no part of such a change would do."""
    known = Statuses(standard, statuses)
    target = evaluate(standard, known, reading).answer
    found: list[OtherReading] = []
    readings = [
        (frozenset((term, value) for term, value in other.values.items() if value != reading.values[term]), other)
        for other in standard.all_readings()
    ]
    for changes, other in sorted(readings, key=lambda pair: len(pair[0])):
        if not changes or any(set(smaller.changes.items()) <= changes for smaller in found):
            continue
        answer = evaluate(standard, known, other).answer
        if answer != target:
            ordered = {term: value for term, value in other.values.items() if (term, value) in changes}
            found.append(OtherReading(ordered, *answer))
    return tuple(found)
