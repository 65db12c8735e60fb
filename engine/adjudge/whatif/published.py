"""What the inspectors must have judged: the smallest changes that lead from a proposal to exactly the published grade."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from adjudge.conditions import Statuses
from adjudge.errors import BadInput, EnginesDisagree
from adjudge.proposal import Proposal
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Standard
from adjudge.status import CriterionStatus
from adjudge.whatif.aim import Aim, Column, Key
from adjudge.whatif.moves import moves
from adjudge.whatif.path import LIMIT
from adjudge.whatif.search import Choice, Found, Solution, cheapest

MOST_FORMS = 1000
"""So many solutions are looked at before those that differ only in which verdict stands on a criterion are put together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is judged of a criterion: another status (or points, or `not_applicable`), that it is dominant, or both, which are two judgements."""

    status: str | None = None
    dominant: bool = False

    @property
    def judgements(self) -> int:
        """How many judgements it takes."""
        return (self.status is not None) + self.dominant

    def of(self, row: CriterionStatus, standard: Standard) -> CriterionStatus:
        """Return the criterion's status as judged."""
        significance = standard.top_significance if self.dominant else row.significance
        if self.status is None:
            return replace(row, significance=significance)
        return replace(row, status=self.status, between=None, significance=significance)


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion with the verdicts any of which would do. Of several statuses that come to the same the nearest is named."""

    criterion: str
    title: str
    now: str
    contested: bool
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class AnyJudged:
    """Any ``count`` of these criteria, each with one of its verdicts; all of them if there are no more."""

    count: int
    of: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """Smallest changes in a compact form: terms read otherwise, and judgements."""

    changes: Mapping[str, str]
    groups: tuple[AnyJudged, ...]


@dataclass(frozen=True, slots=True)
class Bridges:
    """The smallest changes of one kind: how many terms are read otherwise and how many judgements made, and all ways, up to a limit if not complete.

    ``sets`` counts the sets of judgements, statuses that come to the same counted once.
    """

    terms: int
    judgements: int
    sets: int
    forms: tuple[Bridge, ...]
    complete: bool

    @property
    def size(self) -> int:
        """How many changes that is."""
        return self.terms + self.judgements


@dataclass(frozen=True, slots=True)
class ToPublished:
    """What leads from the proposal to the published grade: by reading alone, by judgements on criteria alone, by both; None where that can't be.

    By both is told only where it takes no more changes than judgements alone. The last resort is always one judgement on the grade.
    """

    framework: str
    published: str
    agrees: bool
    readings: Bridges | None
    judgements: Bridges | None
    both: Bridges | None


def to_published(proposal: Proposal, limit: int = LIMIT) -> ToPublished:
    """Return the smallest sets of judgements, or changes of reading, that lead from a proposal to exactly the published grade.

    Smallest is the fewest changes: a term read otherwise and a judgement count one each. Exact, and graded by the reference before it is returned.
    Raises BadInput if no grade was published, or for a rulebook too large to be solved exactly.
    """
    grade = proposal.published
    if grade is None:
        raise BadInput.at(proposal.framework, "no grade was published for it; name one (`--to good`)")
    if proposal.grade == grade:
        return ToPublished(proposal.framework, grade, True, None, None, None)
    search = _Bridging(proposal, grade, limit)
    by_reading = search.by_reading()
    by_judgements = search.by_judgements(proposal.reading, {}, None)
    return ToPublished(proposal.framework, grade, False, by_reading, by_judgements, search.by_both(by_judgements.size if by_judgements else None))


Members = tuple[int, ...]
Verdicts = tuple[int, ...]
"""One verdict for each of some members, by its place among that member's."""


@dataclass(frozen=True, slots=True)
class _Split:
    """How many of some interchangeable members get which verdicts; ``mixed``: all of these, each with any of the verdicts."""

    total: int
    counts: frozenset[tuple[Verdicts, int]]
    mixed: bool = False


_Mix = Mapping[Members, _Split]


def _mixed(mixes: Sequence[_Mix], members: Members) -> list[_Mix]:
    """Put together what differs only in how some members are split among verdicts, where every way to split them is there."""
    alike: dict[tuple[frozenset[tuple[Members, _Split]], int], list[_Mix]] = {}
    for mix in mixes:
        rest = frozenset((other, split) for other, split in mix.items() if other != members)
        alike.setdefault((rest, mix[members].total if members in mix else 0), []).append(mix)
    found: list[_Mix] = []
    for (_, total), same in alike.items():
        verdicts = frozenset(verdict for mix in same if members in mix for verdict, _ in mix[members].counts)
        if total and len(verdicts) > 1 and len(same) == math.comb(total + len(verdicts) - 1, total):
            found.append({**same[0], members: _Split(total, frozenset((verdict, 0) for verdict in verdicts), mixed=True)})
        else:
            found += same
    return found


class _Bridging:
    def __init__(self, proposal: Proposal, grade: str, limit: int) -> None:
        self.proposal = proposal
        self.standard = proposal.standard
        self.grade = grade
        self.limit = limit
        self.options = [_verdicts(self.standard, row) for row in proposal.statuses]
        self.judged = [[verdict.of(row, self.standard) for verdict in able] for row, able in zip(proposal.statuses, self.options, strict=True)]
        self.columns: dict[Key, Column] = {}
        self.readings = sorted(((self._changes(reading), reading) for reading in self.standard.all_readings()), key=lambda pair: len(pair[0]))
        statuses = Statuses(self.standard, proposal.statuses)
        self.alone = [bool(changes) and evaluate(self.standard, statuses, reading).grade == grade for changes, reading in self.readings]

    def _changes(self, reading: Reading) -> Mapping[str, str]:
        return {term: value for term, value in reading.values.items() if value != self.proposal.reading.values[term]}

    def by_reading(self) -> Bridges | None:
        """Return the smallest changes of reading that do it alone."""
        found = [changes for (changes, _), does in zip(self.readings, self.alone, strict=True) if does]
        if not found:
            return None
        least = [changes for changes in found if len(changes) == len(found[0])]
        return Bridges(len(found[0]), 0, len(least), tuple(Bridge(changes, ()) for changes in least[: self.limit]), len(least) <= self.limit)

    def by_judgements(self, reading: Reading, changes: Mapping[str, str], most: int | None) -> Bridges | None:
        """Return the smallest sets of judgements that do it under a reading, if there are any of ``most`` at most."""
        aim = Aim(self.standard, reading)
        formula = aim.exactly(self.grade)
        columns = aim.over(self.proposal.statuses, self.judged, self.columns)
        members = [
            [Choice(adds, verdict.judgements) for adds, verdict in zip(able, verdicts, strict=True)]
            for able, verdicts in zip(columns.adds, self.options, strict=True)
        ]
        found = cheapest(formula, columns.start, members, MOST_FORMS, most=most)
        if found is None:
            return None
        for solution in found.solutions[: self.limit]:
            self._check(solution, reading)
        forms = [Bridge(changes, groups) for groups in self._together(found)]
        return Bridges(len(changes), found.cost, found.sets, tuple(forms[: self.limit]), found.complete and len(forms) <= self.limit)

    def by_both(self, most: int | None) -> Bridges | None:
        """Return the fewest changes that are of both kinds, ``most`` at most, by readings that don't do it alone."""
        best: list[Bridges] = []
        for (changes, reading), does in zip(self.readings, self.alone, strict=True):
            if not changes or does:
                continue
            if most is not None and len(changes) >= most:
                break
            found = self.by_judgements(reading, changes, None if most is None else most - len(changes))
            if found and (most is None or found.size <= most):
                best = [*(each for each in best if each.size == found.size), found]
                most = found.size
        if not best:
            return None
        forms = [form for each in best for form in each.forms]
        complete = all(each.complete for each in best) and len(forms) <= self.limit
        fewest = min(best, key=lambda each: each.terms)
        return Bridges(fewest.terms, fewest.judgements, sum(each.sets for each in best), tuple(forms[: self.limit]), complete)

    def _check(self, solution: Solution, reading: Reading) -> None:
        """Grade a solution's first set by the reference."""
        rows, taken = list(self.proposal.statuses), set[int]()
        for pick in solution:
            chosen = [(member, choice) for member, choice in pick.of if member not in taken][: pick.count]
            for member, choice in chosen:
                taken.add(member)
                rows[member] = self.judged[member][choice]
        found = evaluate(self.standard, rows, reading)
        if found.grade != self.grade:
            raise EnginesDisagree(self.proposal.framework, [f"what leads to {self.grade} leads to {found.grade or 'an open grade'} by reference"])

    def _together(self, found: Found) -> list[tuple[AnyJudged, ...]]:
        """Put solutions together that judge as many of the same criteria and differ only in the verdicts, if every mixture of these is one."""
        mixes: list[_Mix] = []
        for solution in found.solutions:
            split: dict[Members, dict[Verdicts, int]] = {}
            for pick in solution:
                split.setdefault(tuple(member for member, _ in pick.of), {})[tuple(choice for _, choice in pick.of)] = pick.count
            mixes.append({members: _Split(sum(counts.values()), frozenset(counts.items())) for members, counts in split.items()})
        for members in dict.fromkeys(members for mix in mixes for members in mix):
            mixes = _mixed(mixes, members)
        return [_in_order(tuple(self._groups(mix))) for mix in mixes]

    def _groups(self, mix: _Mix) -> Iterator[AnyJudged]:
        for members, split in mix.items():
            if split.mixed:
                yield self._group(members, split.total, sorted(choices for choices, _ in split.counts))
            else:
                for choices, count in sorted(split.counts):
                    yield self._group(members, count, [choices])

    def _group(self, members: tuple[int, ...], count: int, choices: Sequence[tuple[int, ...]]) -> AnyJudged:
        of = []
        for place, member in enumerate(members):
            row = self.proposal.statuses[member]
            verdicts = tuple(self.options[member][each[place]] for each in choices)
            of.append(Judged(row.criterion.id, row.criterion.title, row.status, row.contested, verdicts))
        return AnyJudged(count, tuple(of))


def _in_order(groups: tuple[AnyJudged, ...]) -> tuple[AnyJudged, ...]:
    """Put what must be judged whole before what leaves a choice."""
    return tuple(sorted(groups, key=lambda group: (group.count < len(group.of), len(group.of))))


def _verdicts(standard: Standard, row: CriterionStatus) -> tuple[Verdict, ...]:
    """Return what can be judged of a criterion: the nearest status first, then not applicable, then dominant, then dominant with a status."""
    if row.status == NOT_APPLICABLE:
        return ()
    down = moves(standard, row, "down") if row.status != NOT_ASSESSED else ()
    around = sorted((*moves(standard, row, "up"), *down), key=lambda move: move.steps)
    statuses = dict.fromkeys(move.to for move in around)
    found = [*(Verdict(status) for status in statuses), Verdict(NOT_APPLICABLE)]
    if standard.top_significance is not None and row.significance != standard.top_significance:
        found += [Verdict(dominant=True), *(Verdict(status, dominant=True) for status in statuses)]
    return tuple(found)
