"""The reference evaluator: statuses to grade, in plain Python. It is the meaning; the other evaluators must agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from adjudge.conditions import Statuses
from adjudge.conditions import evaluate as evaluate_condition
from adjudge.proposal import Evaluation, Limited, OtherReading, Reached, Settled
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Standard
from adjudge.status import CriterionStatus


def evaluate(standard: Standard, statuses: Sequence[CriterionStatus] | Statuses, reading: Reading) -> Evaluation:
    """Grade the statuses of one rulebook under a reading.

    The range runs from the worst to the best completion of the unknown statuses. Both ends are attained where the standard is monotone: its reaches
    and floors only get easier and its caps only harder as statuses improve (checked when it is loaded), so what is certain is what holds with every
    unknown at its worst, and what is possible is what holds with every unknown at its best. Where a standard says that it isn't monotone, conditions
    are taken one by one, and the range is an outer bound: no completion leaves it, but an end need not be attained.
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
        outer=bool(standard.not_monotone) and any(each.status == NOT_ASSESSED for each in known.statuses),
    )


def _settle(standard: Standard, reached: Sequence[Reached], limited: Sequence[Limited], best: bool) -> Settled:
    """Grade one end of the range: the best grade reached, or what the standard says otherwise; then the floors, and last the caps."""
    rank = standard.grade_rank
    otherwise = standard.otherwise
    settled = Settled(otherwise.grade, otherwise.low, otherwise.high, otherwise)
    for each in reached:
        if each.outcome.possible if best else each.outcome.certain:
            settled = Settled(each.reach.grade, each.reach.grade, each.reach.grade, each.reach)
            break
    for each_limit in sorted(limited, key=lambda each: each.limit.caps):
        limit, outcome = each_limit.limit, each_limit.outcome
        applies = outcome.certain if best == limit.caps else outcome.possible
        keep = min if limit.caps else max
        kept = [keep(value, limit.grade, key=rank.__getitem__) for value in (settled.grade, settled.low, settled.high)]
        if applies and kept != [settled.grade, settled.low, settled.high]:
            settled = Settled(kept[0], kept[1], kept[2], limit)
    return settled


def determining(standard: Standard, statuses: Sequence[CriterionStatus], reading: Reading) -> tuple[str, ...]:
    """Return a smallest choice of criteria that fixes the answer: with every other status unknown it is the same, and none can be left out.

    Criteria are given up from the least to the most telling: by tier from the last to the first, by significance from the least, the best values
    first, and from the rulebook's end; so what stays are the criteria an inspector would name first.
    """
    target = evaluate(standard, statuses, reading).answer
    current = list(statuses)
    for index in _least_telling_first(standard, statuses):
        kept = current[index]
        current[index] = replace(kept, status=NOT_ASSESSED, between=None)
        if evaluate(standard, current, reading).answer != target:
            current[index] = kept
    return tuple(each.criterion.id for each in current if _tells(each))


def _tells(each: CriterionStatus) -> bool:
    """Whether something is known of a criterion that applies, be it what it is open between."""
    return each.status not in (NOT_ASSESSED, NOT_APPLICABLE) or each.between is not None


def _least_telling_first(standard: Standard, statuses: Sequence[CriterionStatus]) -> list[int]:
    """Return the places of the criteria of which something is known; one that is open between two counts as the worse."""
    tiers, significances = [*standard.tiers, None], [*standard.significances, None]

    def telling(index: int) -> tuple[int, int, Fraction | int, int]:
        each = statuses[index]
        goodness = standard.goodness(each.between[0] if each.between else each.status)
        return -tiers.index(each.criterion.tier), significances.index(each.significance), -goodness, -index

    return sorted((index for index, each in enumerate(statuses) if _tells(each)), key=telling)


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
