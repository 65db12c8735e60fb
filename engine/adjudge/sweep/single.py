"""The sweep over one case at a time: statuses as bits of whole numbers, one bit a criterion, without numpy.

What a rulebook's measures say of a case is a handful of truths, and the answer depends on nothing else: answers are kept by those truths.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adjudge.errors import BadInput, Fault, nearest
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Standard
from adjudge.sweep.program import INAPPLICABLE, UNKNOWN, Combined, Leaf, Node, Program

KEPT_ANSWERS = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one case: the grade (None while it is open), the ends of its range, and whether each condition holds.

    ``conditions`` has one entry for each reach and then each limit of the standard, in their order: True, False, or None while it is open.
    ``determining`` are criteria that fix the answer; none of them can be left out.
    """

    grade: str | None
    low: str
    high: str
    conditions: tuple[bool | None, ...]
    determining: tuple[str, ...]


Settled = tuple[int, int, int]


About = tuple[tuple[int, bool, bool], ...]
"""The leaves that like criteria belong to: each one's place, whether the criteria pass it, and whether its bound is rising."""


class Single:
    """Answers cases of one program that measures statuses only."""

    def __init__(self, program: Program, standard: Standard) -> None:
        self.program = program
        self.names = program.names
        self.bit = {name: 1 << (len(self.names) - 1 - place) for place, name in enumerate(self.names)}
        self.codes: dict[str | None, int] = {status: rank for rank, status in enumerate(program.statuses)}
        self.codes |= {None: UNKNOWN, NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE}
        values = (*range(len(program.statuses)), UNKNOWN, INAPPLICABLE)
        self.tables = {value: bytes(49 if code == value else 48 for code in range(256)) for value in values}
        self.leaves = program.leaves()
        members = [sum(self.bit[self.names[index]] for index in leaf.members) for leaf in self.leaves]
        self.compiled = tuple(
            (bits, leaf.threshold, leaf.below, leaf.bound.rising, tuple(leaf.edge(whole) for whole in range(len(leaf.members) + 1)))
            for bits, leaf in zip(members, self.leaves, strict=True)
        )
        self.place = {leaf: number for number, leaf in enumerate(self.leaves)}
        self.runs = tuple(self._runs(standard))
        self.steps = (*program.reach, *program.floors, *program.caps)
        self.order = _limits_order(standard)
        self.settled: dict[tuple[int, int], tuple[Settled, tuple[bool | None, ...]]] = {}

    def _runs(self, standard: Standard) -> Iterator[tuple[int, int, About]]:
        """Yield like criteria of one status (their bits, its rank, their leaves), from the least to the most telling, as the reference does."""
        criteria, significance_of = self.program.criteria, self.program.significances
        ranks = range(len(self.program.statuses) - 1, -1, -1)
        for tier, significance in itertools.product(reversed([*standard.tiers, None]), (*standard.significances, None)):
            chosen = [index for index, each in enumerate(criteria) if (each.tier, significance_of[index]) == (tier, significance)]
            belongs = {index: [number for number, leaf in enumerate(self.leaves) if index in leaf.members] for index in chosen}
            alike = all(belongs[index] == belongs[chosen[0]] for index in chosen)
            groups = [chosen] if alike else [[index] for index in reversed(chosen)]
            for rank, group in itertools.product(ranks, groups if chosen else ()):
                leaves = [(number, self.leaves[number]) for number in belongs[group[0]]]
                about = tuple((number, (rank < leaf.threshold) == leaf.below, leaf.bound.rising) for number, leaf in leaves)
                yield sum(self.bit[self.names[index]] for index in group), rank, about

    def answer(self, statuses: Mapping[str, str]) -> Answer:
        """Answer one case; criteria that aren't given are not assessed. Raises BadInput for an unknown criterion or status."""
        names, codes, tables = self.names, self.codes, self.tables
        try:
            row = bytes([codes[status] for status in map(statuses.get, names)])
        except KeyError:
            raise self._refusal(statuses) from None
        if len(statuses) > len(names) or (UNKNOWN in row and not statuses.keys() <= self.bit.keys()):
            raise self._refusal(statuses)
        by_status = [int(row.translate(tables[rank]), 2) for rank in range(len(self.program.statuses))]
        unknown = int(row.translate(tables[UNKNOWN]), 2) if UNKNOWN in row else 0
        inapplicable = int(row.translate(tables[INAPPLICABLE]), 2) if INAPPLICABLE in row else 0
        return _Case(self, by_status, unknown, inapplicable).answer()

    def _refusal(self, statuses: Mapping[str, str]) -> BadInput:
        faults = [Fault("statuses", 0, 0, f"`{name}` isn't a criterion{nearest(name, self.bit)}") for name in statuses if name not in self.bit]
        faults += [Fault("statuses", 0, 0, f"`{status}` isn't a status") for status in statuses.values() if status not in self.codes]
        return BadInput(faults)

    def settle(self, certain: int, possible: int) -> tuple[Settled, tuple[bool | None, ...]]:
        """Return the answer (grade or -1, low, high) and the conditions for the truths of the leaves, one bit a leaf."""
        key = certain, possible
        if key not in self.settled:
            if len(self.settled) >= KEPT_ANSWERS:
                self.settled.clear()
            truths = [self._truth(step.when, certain, possible) for step in self.steps]
            worst, best = self._end(truths, best=False), self._end(truths, best=True)
            answer = worst[0] if worst[0] == best[0] else -1, min(worst[1], best[1]), max(worst[2], best[2])
            told = [True if certain_too else None if possible_too else False for certain_too, possible_too in truths]
            reaches = len(self.program.reach)
            self.settled[key] = answer, (*told[:reaches], *(told[reaches + place] for place in self.order))
        return self.settled[key]

    def _truth(self, node: Node, certain: int, possible: int) -> tuple[bool, bool]:
        if isinstance(node, Leaf):
            bit = 1 << self.place[node]
            return bool(certain & bit), bool(possible & bit)
        assert isinstance(node, Combined)
        truths = [self._truth(part, certain, possible) for part in node.parts]
        if node.negated:
            return not truths[0][1], not truths[0][0]
        ends = [node.bound.is_met(sum(truth[end] for truth in truths)) for end in (0, 1)]
        return all(ends), any(ends)

    def _end(self, truths: Sequence[tuple[bool, bool]], best: bool) -> Settled:
        program = self.program
        grade, low, high = program.otherwise
        for step, truth in zip(program.reach, truths, strict=False):
            if truth[best]:
                grade = low = high = step.grade
                break
        start = len(program.reach)
        for step, truth in zip(program.floors, truths[start:], strict=False):
            if truth[best]:
                grade, low, high = (max(each, step.grade) for each in (grade, low, high))
        for step, truth in zip(program.caps, truths[start + len(program.floors) :], strict=True):
            if truth[not best]:
                grade, low, high = (min(each, step.grade) for each in (grade, low, high))
        return grade, low, high


def _limits_order(standard: Standard) -> list[int]:
    """Return for each limit of the standard its place among the floors and then the caps."""
    floors = [limit for limit in standard.limits if not limit.caps]
    caps = [limit for limit in standard.limits if limit.caps]
    ordered: list[object] = [*floors, *caps]
    return [next(place for place, each in enumerate(ordered) if each is limit) for limit in standard.limits]


class _Case:
    """One case: the bits of each status, and for each leaf how many criteria pass, and how many pass or may."""

    __slots__ = ("by_status", "certain", "edges", "passing", "possible", "possibly", "single")

    def __init__(self, single: Single, by_status: list[int], unknown: int, inapplicable: int) -> None:
        self.single = single
        self.by_status = by_status
        self.certain = self.possible = 0
        self.passing: list[int] = []
        self.possibly: list[int] = []
        self.edges: list[int | None] = []
        at_least = by_status.copy()
        for rank in range(len(at_least) - 2, -1, -1):
            at_least[rank] |= at_least[rank + 1]
        at_least.append(0)
        for number, (members, threshold, below, rising, edges) in enumerate(single.compiled):
            if inapplicable:
                members &= ~inapplicable
            passing = ((at_least[0] & ~at_least[threshold] if below else at_least[threshold]) & members).bit_count()
            possibly = passing + (unknown & members).bit_count() if unknown else passing
            edge = edges[members.bit_count()]
            self.passing.append(passing)
            self.possibly.append(possibly)
            self.edges.append(edge)
            if edge is not None:
                if passing >= edge if rising else possibly <= edge:
                    self.certain |= 1 << number
                if possibly >= edge if rising else passing <= edge:
                    self.possible |= 1 << number

    def answer(self) -> Answer:
        single = self.single
        target, conditions = single.settle(self.certain, self.possible)
        kept = self._give_up(target)
        grades = single.program.grades
        determining = tuple([name for name, bit in single.bit.items() if bit & kept])
        return Answer(None if target[0] < 0 else grades[target[0]], grades[target[1]], grades[target[2]], conditions, determining)

    def _give_up(self, target: Settled) -> int:
        """Give up what is known, the least telling first, as long as the answer stays; return the bits of the criteria kept."""
        kept = 0
        by_status = self.by_status
        for bits, rank, about in self.single.runs:
            if run := by_status[rank] & bits:
                count = run.bit_count()
                keep = count - self._droppable(about, count, target)
                if keep:
                    kept |= run if keep == count else _first(run, keep)
        return kept

    def _droppable(self, about: About, count: int, target: Settled) -> int:
        """Give up as many of ``count`` like criteria as the answer bears; return how many."""
        dropped = 0
        passing, possibly, edges = self.passing, self.possibly, self.edges
        while dropped < count:
            step = count - dropped
            for number, passes, rising in about:
                edge = edges[number]
                if edge is None:
                    continue
                # how many more can be given up before one of the leaf's truths changes; below nought: none ever does
                slack = passing[number] - edge - (not rising) if passes else edge - possibly[number] - rising
                if 0 <= slack < step:
                    step = slack
            if step == 0:
                if not self._turn(about, target):
                    return dropped
                step = 1
            for number, passes, _ in about:
                if passes:
                    passing[number] -= step
                else:
                    possibly[number] += step
            dropped += step
        return dropped

    def _turn(self, about: About, target: Settled) -> bool:
        """Give up one more, by which the truth of a leaf changes; say whether the answer bears it."""
        certain, possible = self.certain, self.possible
        for number, passes, rising in about:
            edge = self.edges[number]
            if edge is not None:
                passing, possibly = self.passing[number] - passes, self.possibly[number] + (not passes)
                one = passing >= edge if rising else possibly <= edge
                other = possibly >= edge if rising else passing <= edge
                certain = certain | 1 << number if one else certain & ~(1 << number)
                possible = possible | 1 << number if other else possible & ~(1 << number)
        if self.single.settle(certain, possible)[0] != target:
            return False
        self.certain, self.possible = certain, possible
        return True


def _first(bits: int, count: int) -> int:
    """Return the first ``count`` criteria of some bits: the highest ones."""
    kept = 0
    for _ in range(count):
        top = 1 << (bits.bit_length() - 1)
        kept |= top
        bits ^= top
    return kept
