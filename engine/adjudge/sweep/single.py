"""The sweep over one case at a time: statuses as bits of whole numbers, one bit a criterion, without numpy.

What a rulebook's measures say of a case is a handful of truths, and the answer depends on nothing else: answers are kept by those truths.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from adjudge.errors import BadInput, Fault, nearest
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Standard
from adjudge.sweep.program import INAPPLICABLE, UNKNOWN, Combined, Leaf, Node, Program

KEPT_ANSWERS = 65_536
"""States of which the answers are kept; when there are so many, all are forgotten."""
_BITS = bytes(code == ord("1") for code in range(256))


class Answer(NamedTuple):
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
"""Grade (-1 while it is open), low and high, as ranks."""

Told = tuple[str | None, str, str, tuple[bool | None, ...]]
"""The first fields of an `Answer`."""

Run = tuple[int, int, int, int, tuple[int, ...]]
"""Like criteria of some statuses: the run's number, the bits of the criteria, the least rank, the rank above the greatest, the places of the slacks
that giving one up uses."""

Plan = tuple[bool, tuple[Run, ...]]
"""Whether just the slacks that its runs use mustn't be used up, and the runs."""

NEVER = sys.maxsize
"""More criteria than any rulebook has: a truth that so many must change to turn never turns."""


class Measured(NamedTuple):
    """A leaf for one case: its members as bits, its threshold, whether it asks for less, and for each number of applicable members its two edges.

    The slack of passing members is their number less the first edge, that of the others the second edge less the number that pass or may.
    """

    members: int
    threshold: int
    below: bool
    edges: tuple[tuple[int, int], ...]

    def among(self, inapplicable: int) -> tuple[int, int, bool, int, int, int]:
        """Return it for the members that apply: those, the threshold, whether it asks for less, their number, and its two edges."""
        members = self.members & ~inapplicable
        whole = members.bit_count()
        return members, self.threshold, self.below, whole, *self.edges[whole]


class Single:
    """Answers cases of one program that measures statuses only.

    Of each leaf two numbers are kept, its *slack*: how many more of the criteria that pass it can be given up (become unknown) before a truth of the
    leaf turns, and how many of those that don't. Which of the two numbers are below nought, one bit each, is the *state* of a case; it says whether
    each leaf is certain and whether it is possible, and by that the answer.
    """

    def __init__(self, program: Program, standard: Standard) -> None:
        self.program = program
        self.names = program.names
        self.values: Callable[[Mapping[str, str]], tuple[str, ...]] = _values_of(self.names)
        self.bit = {name: 1 << (len(self.names) - 1 - place) for place, name in enumerate(self.names)}
        self.codes: dict[str | None, int] = {status: rank for rank, status in enumerate(program.statuses)}
        self.codes |= {None: UNKNOWN, NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE}
        self.unknown, self.inapplicable = _digits([UNKNOWN]), _digits([INAPPLICABLE])
        statuses = len(program.statuses)
        self.at_least = [_digits(range(rank, statuses)) for rank in range(1, statuses)]
        self.leaves = program.leaves()
        self.measured = tuple(map(self._measured, self.leaves))
        self.measured_of_all = [each.among(0) for each in self.measured]
        self.runs = tuple((number, *run) for number, run in enumerate(self._runs(standard)))
        self.rising = tuple((2 * number, leaf.bound.rising) for number, leaf in enumerate(self.leaves))
        nodes: list[Node] = [*self.leaves, *dict.fromkeys(node for node in program.nodes() if isinstance(node, Combined))]
        place = {node: number for number, node in enumerate(nodes)}
        joined = (node for node in nodes if isinstance(node, Combined))
        self.combined = tuple((tuple(place[part] for part in node.parts), node.edge, node.rising, node.negated) for node in joined)
        self.of_steps = tuple(place[step.when] for step in (*program.reach, *program.floors, *program.caps))
        self.order = _limits_order(standard)
        self.settled: dict[int, tuple[Settled, list[bool | None]]] = {}
        self.told: dict[int, tuple[Told, Plan]] = {}
        self.spelled = f"0{len(self.names)}b"

    def _measured(self, leaf: Leaf) -> Measured:
        members = sum(self.bit[self.names[index]] for index in leaf.members)
        edges = []
        for whole in range(len(leaf.members) + 1):
            edge, rising = leaf.edge(whole), leaf.bound.rising
            if edge is not None and leaf.threshold in (0, len(self.program.statuses)):
                # every status passes, so that one which isn't known does too
                edge = (-NEVER if rising else NEVER) if (whole >= edge if rising else whole <= edge) else None
            if edge is None:
                edge = NEVER if rising else -NEVER
            edges.append((edge + (not rising), edge - rising))
        return Measured(members, leaf.threshold, leaf.below, tuple(edges))

    def _runs(self, standard: Standard) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
        """Yield like criteria of one status from the least to the most telling, as the reference does."""
        criteria, significance_of, belongs = self.program.criteria, self.program.significances, self.program.leaves_of_each()
        ranks = range(len(self.program.statuses) - 1, -1, -1)
        for tier, significance in itertools.product(reversed([*standard.tiers, None]), (*standard.significances, None)):
            chosen = [index for index, each in enumerate(criteria) if (each.tier, significance_of[index]) == (tier, significance)]
            alike = len({tuple(belongs[index]) for index in chosen}) == 1
            for rank, group in itertools.product(ranks, [chosen] if alike else [[index] for index in reversed(chosen)]):
                *_, last = group
                passes = ((number, (rank < self.leaves[number].threshold) == self.leaves[number].below) for number in belongs[last])
                bits = sum(self.bit[self.names[index]] for index in group)
                yield bits, rank, rank + 1, tuple(2 * number + (not passing) for number, passing in passes)

    def answer(self, statuses: Mapping[str, str]) -> Answer:
        """Answer one case; criteria that aren't given are not assessed. Raises BadInput for an unknown criterion or status."""
        codes = self.codes
        try:
            try:
                row = bytes(map(codes.__getitem__, self.values(statuses)))
            except KeyError:
                row = bytes([codes[status] for status in map(statuses.get, self.names)])
        except KeyError:
            raise self._refusal(statuses) from None
        if len(statuses) > len(self.names) or (UNKNOWN in row and not statuses.keys() <= self.bit.keys()):
            raise self._refusal(statuses)
        unknown = int(row.translate(self.unknown), 2) if UNKNOWN in row else 0
        inapplicable = int(row.translate(self.inapplicable), 2) if INAPPLICABLE in row else 0
        at_least = [~(unknown | inapplicable), *[int(row.translate(table), 2) for table in self.at_least], 0]
        told, kept = self._settle(at_least, unknown, inapplicable)
        named = format(kept, self.spelled).encode().translate(_BITS)
        return Answer(*told, tuple(itertools.compress(self.names, named)))

    def _refusal(self, statuses: Mapping[str, str]) -> BadInput:
        faults = [Fault("statuses", f"`{name}` isn't a criterion{nearest(name, self.bit)}") for name in statuses if name not in self.bit]
        faults += [Fault("statuses", f"`{status}` isn't a status") for status in statuses.values() if status not in self.codes]
        return BadInput(faults)

    def _settle(self, at_least: Sequence[int], unknown: int, inapplicable: int) -> tuple[Told, int]:
        """Return the answer, and the bits of the criteria that determine it, from the bits of those that reach each rank (and of none at the end)."""
        state, bit = 0, 1
        slacks: list[int] = []
        measured = [each.among(inapplicable) for each in self.measured] if inapplicable else self.measured_of_all
        for members, threshold, below, whole, first, second in measured:
            count = (at_least[threshold] & members).bit_count()
            may = (unknown & members).bit_count() if unknown else 0
            if below:
                count = whole - may - count
            slack, other = count - first, second - count - may
            if slack < 0:
                state |= bit
            if other < 0:
                state |= bit << 1
            bit <<= 2
            slacks += (slack, other)
        told, plan = self.told.get(state) or self._tell(state)
        return told, self._give_up(at_least, state, slacks, plan)

    def _tell(self, state: int) -> tuple[Told, Plan]:
        """Return what there is to say of a state: the answer in words, and the plan; it is kept for the next case in that state."""
        answer, holds = self.settle(state)
        reaches, grades = len(self.program.reach), self.program.grades
        conditions = (*holds[:reaches], *(holds[reaches + place] for place in self.order))
        grade = None if answer[0] < 0 else grades[answer[0]]
        found = self.told[state] = (grade, grades[answer[1]], grades[answer[2]], conditions), self._plan(state, answer)
        return found

    def _plan(self, state: int, target: Settled) -> Plan:
        """Return whether the truths that mustn't turn are known in a state, and the runs by which they, or else all that haven't, may be turned.

        What isn't known only widens an answer. So if each of some truths changes it alone, and all the others together don't, then in any order it is
        just those that must not turn. Elsewhere one can stand in for another.
        """
        places = [place for place in range(2 * len(self.leaves)) if not state >> place & 1]
        pivotal = {place for place in places if self.settle(state | 1 << place)[0] != target}
        others = sum(1 << place for place in places if place not in pivotal)
        firm = self.settle(state | others)[0] == target
        watched = pivotal if firm else set(places)
        runs: list[Run] = []
        for number, bits, low, above, uses in self.runs:
            used = tuple(place for place in uses if place in watched)
            if runs and (runs[-1][1], runs[-1][2], runs[-1][4]) == (bits, above, used):
                runs[-1] = number, bits, low, runs[-1][3], used
            elif used:
                runs.append((number, bits, low, above, used))
        return firm, tuple(runs)

    def settle(self, state: int) -> tuple[Settled, list[bool | None]]:
        """Return the answer of a state, and whether each step holds."""
        found = self.settled.get(state)
        if found is None:
            if len(self.settled) >= KEPT_ANSWERS:
                self.settled.clear()
                self.told.clear()
            truths = self._truths(state)
            worst, best = self._end(truths, best=False), self._end(truths, best=True)
            answer = worst[0] if worst[0] == best[0] else -1, min(worst[1], best[1]), max(worst[2], best[2])
            found = self.settled[state] = answer, [True if certain else None if possible else False for certain, possible in truths]
        return found

    def _truths(self, state: int) -> list[tuple[bool, bool]]:
        """Return whether each step's condition is certain and whether it is possible."""
        truths = [
            (not state >> place & 1, bool(state >> place + 1 & 1)) if rising else (not state >> place + 1 & 1, bool(state >> place & 1))
            for place, rising in self.rising
        ]
        for parts, edge, rising, negated in self.combined:
            certain, possible = 0, 0
            for part in parts:
                certain += truths[part][0]
                possible += truths[part][1]
            ends = (certain >= edge, possible >= edge) if rising else (possible <= edge, certain <= edge)
            truths.append((not ends[1], not ends[0]) if negated else ends)
        return [truths[place] for place in self.of_steps]

    def _end(self, truths: Sequence[tuple[bool, bool]], best: bool) -> Settled:
        program = self.program
        grade, low, high = program.otherwise
        for way, truth in zip(program.reach, truths, strict=False):
            if truth[best]:
                grade = low = high = way.grade
                break
        start = len(program.reach)
        for step, truth in zip(program.floors, truths[start:], strict=False):
            if truth[best]:
                grade, low, high = (max(each, step.grade) for each in (grade, low, high))
        for step, truth in zip(program.caps, truths[start + len(program.floors) :], strict=True):
            if truth[not best]:
                grade, low, high = (min(each, step.grade) for each in (grade, low, high))
        return grade, low, high

    def _give_up(self, at_least: Sequence[int], state: int, slacks: list[int], plan: Plan) -> int:
        """Give up what is known, the least telling first, as long as the answer stays; return the bits of the criteria kept."""
        kept, todo, now = 0, -1, 0
        while True:
            firm, runs = plan
            for order, bits, low, above, uses in runs:
                if order < now:
                    continue
                run = (at_least[low] ^ at_least[above]) & bits & todo
                if run:
                    count = step = run.bit_count()
                    for place in uses:
                        if slacks[place] < step:
                            step = slacks[place]
                    if step:
                        for place in uses:
                            slacks[place] -= step
                    if step < count:
                        if not firm and (turned := self._turned(state, slacks, uses)) != state:
                            now, todo = order, ~(at_least[above] & bits | run ^ _rest(run, step + 1, low, above, at_least))
                            state, plan = turned, (self.told.get(turned) or self._tell(turned))[1]
                            break
                        kept |= _rest(run, step, low, above, at_least) if step else run
            else:
                return kept

    def _turned(self, state: int, slacks: list[int], uses: Sequence[int]) -> int:
        """Give up one more, by which truths turn: return the state then, or the same state if that would change the answer."""
        turned = state
        for place in uses:
            if not slacks[place]:
                turned |= 1 << place
        if self.settle(turned)[0] != self.settle(state)[0]:
            return state
        for place in uses:
            slacks[place] -= 1
        return turned


def _limits_order(standard: Standard) -> list[int]:
    """Return for each limit of the standard its place among the floors and then the caps."""
    floors = [limit for limit in standard.limits if not limit.caps]
    caps = [limit for limit in standard.limits if limit.caps]
    ordered: list[object] = [*floors, *caps]
    return [next(place for place, each in enumerate(ordered) if each is limit) for limit in standard.limits]


def _values_of(names: Sequence[str]) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """Return what takes the values of some names from a mapping; it raises KeyError if one isn't there."""
    if len(names) == 1:
        (name,) = names
        return lambda statuses: (statuses[name],)
    return itemgetter(*names)


def _rest(run: int, given_up: int, low: int, above: int, at_least: Sequence[int]) -> int:
    """Return what remains of a run when so many are given up: the best statuses first, and of each the last criteria."""
    for rank in range(above - 1, low - 1, -1):
        alike = at_least[rank] & run
        count = alike.bit_count()
        if count > given_up:
            return run ^ alike | _without_last(alike, given_up)
        run ^= alike
        given_up -= count
    return run


def _without_last(bits: int, count: int) -> int:
    """Return a number without its ``count`` lowest bits that are set, of more."""
    digits = f"{bits:b}"
    rest = digits.rsplit("1", count)[0]
    return int(rest, 2) << len(digits) - len(rest)


def _digits(codes: Iterable[int]) -> bytes:
    """Return the table that turns each code into a digit of a binary number: 1 for those given."""
    chosen = frozenset(codes)
    return bytes(ord("1") if code in chosen else ord("0") for code in range(256))
