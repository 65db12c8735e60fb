"""How many findings must read otherwise so that criteria move: the smallest set of records, each changed or withdrawn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from adjudge.evidence import Record
from adjudge.proposal import Proposal
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Rulebook, Standard
from adjudge.status import CriterionStatus, Support, derive
from adjudge.whatif.aim import Aim
from adjudge.whatif.moves import Direction, Move, moves
from adjudge.whatif.search import Choice, cheapest

NEW = "new finding"
MOST_SETS = 4096
"""So many sets of one criterion's records are tried at most; with more, one that can't spare a record stands for them, and the count is a bound."""


@dataclass(frozen=True, slots=True)
class Findings:
    """One smallest set of findings: the ids of the records that would have to read otherwise, and the criteria that would need a new finding.

    ``exact`` is False where a criterion has too many records for all sets of them to be tried: then fewer findings might do.
    """

    records: tuple[str, ...]
    new: tuple[str, ...]
    exact: bool = True

    @property
    def count(self) -> int:
        """How many findings that is."""
        return len(self.records) + len(self.new)


def findings_to(proposal: Proposal, grade: str, direction: Direction, units: Sequence[str] = ()) -> Findings | None:
    """Return a smallest set of findings that would have to read otherwise so that the proposal is at least (up) or at most (down) a grade.

    A record reads otherwise if what it shows is changed, within what its basis can establish, or if it is withdrawn; a record that bears on several
    criteria counts once. Only where no reading of the records there are does it is a new finding counted, about the whole body. ``units`` are those
    of the body. Criteria that a judgement decides, and those that are other frameworks' grades, aren't moved by findings. None if findings can't do
    it, and where the standard isn't monotone: there a finding that reads better may cost what another gains.
    """
    standard = proposal.standard
    if standard.not_monotone:
        return None
    options = [list(_ways(standard, proposal.rulebook, row, direction, units)) for row in proposal.statuses]
    shared = _told_of_several(options)
    aim = Aim(standard, proposal.reading)
    formula = aim.at_least(grade) if direction == "up" else aim.at_most(grade)
    columns = aim.over(proposal.statuses, [[way.move.of(row) for way in ways] for row, ways in zip(proposal.statuses, options, strict=True)])
    members = [
        [
            Choice(adds, sum(record not in shared for record in way.records), frozenset(way.records) & shared)
            for adds, way in zip(able, ways, strict=True)
        ]
        for able, ways in zip(columns.adds, options, strict=True)
    ]
    found = cheapest(formula, columns.start, members, limit=1)
    if found is None:
        return None
    taken = [options[member][choice] for pick in found.solutions[0] for member, choice in pick.of[: pick.count]]
    every = dict.fromkeys(record for way in taken for record in way.records)
    new = tuple(way.move.criterion for way in taken if any(record.startswith(NEW) for record in way.records))
    return Findings(tuple(record for record in every if not record.startswith(NEW)), new, all(way.exact for ways in options for way in ways))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to move a criterion: the records that would read otherwise."""

    move: Move
    records: tuple[str, ...]
    exact: bool = True


def _told_of_several(options: Sequence[Sequence[_Way]]) -> frozenset[str]:
    """Return the records by which more than one criterion can move."""
    once: set[str] = set()
    again: set[str] = set()
    for ways in options:
        about = {record for way in ways for record in way.records}
        again |= once & about
        once |= about
    return frozenset(again)


def _ways(standard: Standard, book: Rulebook, row: CriterionStatus, direction: Direction, units: Sequence[str]) -> Iterator[_Way]:
    """Yield the ways to move a criterion to each value: every set of its records that does it and of which no part does."""
    if row.criterion.grade_of is not None or row.status == NOT_APPLICABLE or any(not judgement.dominant for judgement in row.judgements):
        return
    alone = Rulebook.model_construct(**{**book.__dict__, "criteria": (row.criterion,)})
    supports = _supports(row)
    named = tuple(units) or tuple(unit.unit for unit in row.units if unit.unit != WHOLE)
    for move in moves(standard, row, direction):
        sufficient, exact = _sufficient(standard, alone, row, supports, named, move, direction)
        for records in sufficient or [(f"{NEW} {row.criterion.id}",)]:
            yield _Way(move, records, exact)


def _supports(row: CriterionStatus) -> tuple[Support, ...]:
    """Return the records on a criterion that count, each once."""
    found = {support.record.id: support for unit in row.units for support in (*unit.decided_by, *unit.outweighed)}
    return tuple(found.values())


def _sufficient(
    standard: Standard,
    alone: Rulebook,
    row: CriterionStatus,
    supports: Sequence[Support],
    units: Sequence[str],
    move: Move,
    direction: Direction,
) -> tuple[list[tuple[str, ...]], bool]:
    """Return the sets of records by which a criterion comes to a value or beyond it and which can't spare one; and whether these are all.

    Only records on the wrong side of the value are tried: reading more of those otherwise never takes the criterion back.
    """
    goal = standard.goodness(move.to)

    def there(value: str) -> bool:
        if value == NOT_ASSESSED:
            return False
        return standard.goodness(value) >= goal if direction == "up" else standard.goodness(value) <= goal

    def does(otherwise: Collection[str]) -> bool:
        read = (_read(standard, row.criterion.id, each, each.record.id in otherwise, move) for each in supports)
        (status,) = derive(standard, alone, [record for record in read if record is not None], (), units)
        return there(status.status)

    against = [each.record.id for each in supports if each.earns is not None and not there(each.earns)]
    if not does(against):
        return [], True
    needed = [each for each in against if not does([other for other in against if other != each])]
    spare = [each for each in against if each not in needed]
    found: list[frozenset[str]] = []
    tried = itertools.count(1)
    for size in range(len(spare) + 1):
        for chosen in itertools.combinations(spare, size):
            if any(smaller <= set(chosen) for smaller in found):
                continue
            if next(tried) > MOST_SETS:
                return [_irreducible(against, does)], False
            if does([*needed, *chosen]):
                found.append(frozenset(chosen))
        if frozenset() in found:
            break
    return [tuple(each for each in against if each in needed or each in chosen) for chosen in found], True


def _irreducible(records: Sequence[str], does: Callable[[Collection[str]], bool]) -> tuple[str, ...]:
    kept = list(records)
    for each in records:
        fewer = [other for other in kept if other != each]
        if does(fewer):
            kept = fewer
    return tuple(kept)


def _read(standard: Standard, criterion: str, support: Support, otherwise: bool, move: Move) -> Record | None:
    """Return a record as it is about one criterion, or as it reads otherwise; None if its basis can't establish that, so that it is withdrawn."""
    shows = support.shows
    if otherwise:
        establishes = standard.bases[support.record.basis].establishes
        if establishes and move.to in standard.rank and standard.rank[move.to] > standard.rank[establishes]:
            return None
        shows = move.to
    return support.record.model_copy(update={"criterion": criterion, "shows": shows, "also": {}})
