"""The sweep over packed cases: one bit a case, a criterion and a threshold, 64 cases a word; counts are added bit by bit by full adders."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from adjudge.errors import BadInput
from adjudge.sweep.arrays import Answers, Array, Codes, End, check_codes, rows_of, settle
from adjudge.sweep.program import INAPPLICABLE, UNKNOWN, Combined, Leaf, Node, Program

Words = npt.NDArray[np.uint64]
WORD = 64
SLICE = 65_536
"""Rows that are packed at a time, so that they stay in a core's cache."""
CHUNK = 262_144
"""Rows that are graded at a time: enough that numpy's calls cost little beside what they do."""
LINE = 64
"""Bytes of a line of the cache."""


@dataclass(frozen=True)
class Packed:
    """Cases in bits, each array with a row of words for each of its bits.

    ``reached`` has a row for each of the ``planes`` (a criterion at a threshold): where its status is that or better, or may be. ``unknown`` and
    ``inapplicable`` have a row for each criterion, in the layout's order, or are None where no case has such a status.
    """

    rows: int
    planes: tuple[tuple[int, int], ...]
    reached: Words
    unknown: Words | None
    inapplicable: Words | None

    @property
    def nbytes(self) -> int:
        """How many bytes the cases take."""
        return sum(each.nbytes for each in (self.reached, self.unknown, self.inapplicable) if each is not None)


@functools.lru_cache(maxsize=64)
def layout_of(program: Program) -> Layout:
    """Return the layout of a program; the same one if it was asked for lately."""
    return Layout(program)


@dataclass(frozen=True)
class Layout:
    """Where the bits of a program are. Criteria that the same measures are about lie side by side, so that a measure takes them in few runs.

    ``idle`` are packers of a chunk that wait for the next: their memory, once the system has handed it out page by page, is worth keeping.
    """

    program: Program
    idle: list[Packer] = field(default_factory=list)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The criteria as they lie."""
        belongs = self.program.leaves_of_each()
        return tuple(sorted(range(len(belongs)), key=lambda index: (belongs[index], index)))

    @cached_property
    def place(self) -> dict[int, int]:
        """The place of each criterion in the order."""
        return {index: number for number, index in enumerate(self.order)}

    @cached_property
    def planes(self) -> tuple[tuple[int, int], ...]:
        """Each criterion at each threshold that a measure asks about."""
        asked = {(leaf.threshold, self.place[index]) for leaf in self.program.leaves() for index in leaf.members}
        return tuple((self.order[number], threshold) for threshold, number in sorted(asked))

    @cached_property
    def thresholds(self) -> tuple[tuple[int, list[slice], slice], ...]:
        """Each threshold that some status reaches, with the runs of criteria that are compared with it, and the planes that come of it."""
        found = []
        for threshold in sorted({threshold for _, threshold in self.planes if threshold < len(self.program.statuses)}):
            of = [number for number, plane in enumerate(self.planes) if plane[1] == threshold]
            found.append((threshold, _runs([self.place[self.planes[number][0]] for number in of]), slice(of[0], of[-1] + 1)))
        return tuple(found)

    @cached_property
    def unsure(self) -> tuple[slice, list[int]]:
        """The planes on which an unknown status counts, above the least threshold, and the place in the order of each one's criterion."""
        first = sum(threshold == 0 for _, threshold in self.planes)
        return slice(first, None), [self.place[index] for index, _ in self.planes[first:]]

    @cached_property
    def runs(self) -> dict[Leaf, tuple[list[slice], list[slice]]]:
        """For each measure the runs of its planes, and the runs of its criteria."""
        place = {plane: number for number, plane in enumerate(self.planes)}
        return {
            leaf: (_runs(sorted(place[index, leaf.threshold] for index in leaf.members)), _runs(sorted(self.place[index] for index in leaf.members)))
            for leaf in self.program.leaves()
        }


def _runs(numbers: Sequence[int]) -> list[slice]:
    """Return ascending numbers as runs of neighbours."""
    runs: list[slice] = []
    for number in numbers:
        if runs and runs[-1].stop == number:
            runs[-1] = slice(runs[-1].start, number + 1)
        else:
            runs.append(slice(number, number + 1))
    return runs


def pack(program: Program, columns: Sequence[Array]) -> Packed:
    """Pack columns of codes. Raises BadInput for a rulebook with numbers (use columns there), and for codes that no status has."""
    if not program.measures_statuses_only:
        raise BadInput.at("packed", "a rulebook with points can't be packed; grade its columns")
    return Packer(layout_of(program), rows_of(columns)).pack(columns)


class Packer:
    """Packs up to so many rows of columns, a slice at a time; what it packs next takes the place of what it packed before."""

    def __init__(self, layout: Layout, rows: int) -> None:
        self.layout = layout
        self.words = -(-rows // (LINE * 8)) * LINE // 8
        self.reached = _aligned(len(layout.planes), self.words)
        self.best = len(layout.program.statuses) - 1
        self.codes, self.bits = (np.empty(len(layout.order) * SLICE, np.uint8) for _ in range(2))

    def pack(self, columns: Sequence[Array]) -> Packed:
        """Pack columns of codes. Raises BadInput for codes that no status has."""
        layout, rows = self.layout, rows_of(columns)
        special: dict[int, Words] = {}
        for start in range(0, rows, SLICE):
            codes = self._slice([columns[index][start : start + SLICE] for index in layout.order])
            at = slice(start // WORD, start // WORD + codes.shape[1] // WORD)
            self._compare(codes, self.reached[:, at])
            if int(codes.max()) > self.best:
                check_codes(layout.program, [column[start : start + SLICE] for column in columns], between=False)
                for code in (UNKNOWN, INAPPLICABLE):
                    if (found := codes == code).any():
                        special.setdefault(code, _aligned(len(layout.order), self.words))[:, at] = _packbits(found)
        words = -(-rows // WORD)
        unknown, inapplicable = (special[code][:, :words] if code in special else None for code in (UNKNOWN, INAPPLICABLE))
        return Packed(rows, layout.planes, self.reached[:, :words], unknown, inapplicable)

    def _slice(self, columns: Sequence[Array]) -> Codes:
        """Return a slice of the columns as one array, a row for each criterion in the layout's order, filled up to whole words."""
        rows = rows_of(columns)
        wide = rows + -rows % WORD
        codes = self.codes[: len(columns) * wide].reshape(len(columns), wide)
        np.concatenate([column[None] for column in columns], out=codes[:, :rows])
        codes[:, rows:] = 0
        return codes

    def _compare(self, codes: Codes, reached: Words) -> None:
        """Write for each plane where its criterion reaches its threshold."""
        for threshold, runs, planes in self.layout.thresholds:
            many, wide = planes.stop - planes.start, codes.shape[1]
            parts = self.bits[: many * wide].reshape(many, wide).view(np.bool_)
            start = 0
            for run in runs:
                stop = start + run.stop - run.start
                np.greater_equal(codes[run], threshold, out=parts[start:stop])
                start = stop
            reached[planes] = _packbits(parts)


def _aligned(rows: int, words: int) -> Words:
    """Return words of nought that begin where a line of the cache does."""
    store = np.zeros(rows * words * 8 + LINE, np.uint8)
    start = -store.ctypes.data % LINE
    found: Words = store[start : start + rows * words * 8].view(np.uint64).reshape(rows, words)
    return found


def _packbits(bits: Array) -> Words:
    found: Words = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
    return found


def sweep_packed(program: Program, packed: Packed) -> Answers:
    """Grade every case of a packed form. Raises BadInput if it was packed for another rulebook."""
    layout = layout_of(program)
    if packed.planes != layout.planes:
        raise BadInput.at("packed", "these cases were packed for another rulebook or reading; pack their columns again")
    answers = Answers.empty(program, packed.rows)
    for start in range(0, packed.rows, CHUNK):
        part = slice(start // WORD, start // WORD + CHUNK // WORD)
        count = min(packed.rows - start, CHUNK)
        unknown, inapplicable = (None if each is None else each[:, part] for each in (packed.unknown, packed.inapplicable))
        grade_packed(layout, Packed(count, packed.planes, packed.reached[:, part], unknown, inapplicable), answers, start)
    return answers


Planes = list[Words]
"""A small number for each case, as planes of its bits, the lowest first."""


def grade_packed(layout: Layout, packed: Packed, answers: Answers, start: int) -> None:
    """Grade one chunk of packed cases into the answers, from a row on."""
    best = _Bits(layout, packed.reached, packed.inapplicable)
    worst = best
    if packed.unknown is not None:
        planes, criteria = layout.unsure
        reached = packed.reached.copy()
        reached[planes] &= ~packed.unknown[criteria]
        worst = _Bits(layout, reached, packed.inapplicable)

    def end(at_best: bool) -> End:
        settled = settle(layout.program, lambda node, possible: _truth(node, worst, best, possible), best.none, at_best)
        return settled.numbers(lambda bits: np.unpackbits(bits.view(np.uint8), count=packed.rows, bitorder="little"))

    at_worst = end(False)
    answers.write(slice(start, start + packed.rows), at_worst, at_worst if worst is best else end(True))


class _Bits:
    """The bits of some cases at one end of what is unknown, and the truths of measures found of them so far."""

    def __init__(self, layout: Layout, reached: Words, inapplicable: Words | None) -> None:
        self.layout = layout
        self.reached = reached
        self.inapplicable = inapplicable
        self.none = np.zeros(reached.shape[1], np.uint64)
        self.truths: dict[Leaf, Words] = {}
        self.counts: dict[tuple[tuple[int, ...], int, bool], Planes] = {}

    def leaf(self, leaf: Leaf) -> Words:
        """Return where a measure holds."""
        if leaf not in self.truths:
            planes, criteria = self.layout.runs[leaf]
            if not leaf.members:
                self.truths[leaf] = self.none
            elif self.inapplicable is None:
                self.truths[leaf] = self._of_all(leaf, planes)
            else:
                self.truths[leaf] = self._of_applicable(leaf, planes, _gathered(self.inapplicable, criteria, True))
        return self.truths[leaf]

    def _of_all(self, leaf: Leaf, planes: Sequence[slice]) -> Words:
        if leaf.form in ("every", "any"):
            join = np.bitwise_and if (leaf.form == "every") != leaf.below else np.bitwise_or
            held = _fold(join, [self.reached[run] for run in planes])
            return ~held if leaf.below else held
        return self._kept(leaf, self._counted(leaf, lambda: _gathered(self.reached, planes, leaf.below)), len(leaf.members))

    def _of_applicable(self, leaf: Leaf, planes: Sequence[slice], applies: Words) -> Words:
        passing = _gathered(self.reached, planes, leaf.below) & applies
        if leaf.form == "any":
            return _fold(np.bitwise_or, [passing])
        held = self.none
        some = _fold(np.bitwise_or, [applies])
        if leaf.form == "every":
            held = ~_fold(np.bitwise_or, [passing ^ applies])
        elif leaf.form == "count":
            held = self._kept(leaf, self._counted(leaf, lambda: passing), len(leaf.members))
        else:
            wholes = _count(applies)
            for whole in range(1, len(leaf.members) + 1):
                just = _reaches(wholes, whole, self.none) & ~_reaches(wholes, whole + 1, self.none)
                held = held | just & self._kept(leaf, self._counted(leaf, lambda: passing), whole)
        return some & held

    def _counted(self, leaf: Leaf, passing: Callable[[], Words]) -> Planes:
        """Return how many members pass; measures that differ in their bound alone are counted once."""
        key = leaf.members, leaf.threshold, leaf.below
        if key not in self.counts:
            self.counts[key] = _count(passing())
        return self.counts[key]

    def _kept(self, leaf: Leaf, counts: Planes, whole: int) -> Words:
        """Return where a measure's bound is kept, with so many applicable members."""
        edge = leaf.edge(whole)
        assert edge is not None
        return _reaches(counts, edge, self.none) if leaf.bound.rising else ~_reaches(counts, edge + 1, self.none)


def _fold(join: np.ufunc, parts: Sequence[Words]) -> Words:
    return functools.reduce(join, map(join.reduce, parts))


def _gathered(words: Words, runs: Sequence[slice], turned: bool) -> Words:
    """Return the rows of some runs as one array, turned round if asked."""
    if len(runs) == 1:
        (run,) = runs
        return ~words[run] if turned else words[run]
    rows = np.concatenate([words[run] for run in runs])
    return np.invert(rows, out=rows) if turned else rows


def _truth(node: Node, worst: _Bits, best: _Bits, possible: bool) -> Words:
    """Return where a condition is certain, or possible: a leaf is looked at with unknown statuses at the end that makes it so."""
    if isinstance(node, Leaf):
        falls = node.below == node.bound.rising
        return (worst if possible == falls else best).leaf(node)
    assert isinstance(node, Combined)
    if node.negated:
        (part,) = node.parts
        return ~_truth(part, worst, best, not possible)
    truths = [_truth(part, worst, best, possible if node.rising else not possible) for part in node.parts]
    if node.rising and node.edge in (1, len(truths)):
        join = np.bitwise_or if node.edge == 1 else np.bitwise_and
        joined: Words = join.reduce(truths)
        return joined
    held = _reaches(_count(np.stack(truths)), node.edge if node.rising else node.edge + 1, worst.none)
    return held if node.rising else ~held


def _count(rows: Words) -> Planes:
    """Add rows of single bits by full adders, a third of the rows beside each other at a time; return the planes of the sums."""
    result: Planes = []
    while len(rows):
        carried: list[Words] = []
        while len(rows) > 1:
            third = len(rows) // 3 or 1
            one, two, three = rows[:third], rows[third : 2 * third], rows[2 * third : 3 * third]
            either = one ^ two
            carry = one & two
            if len(three):
                carry |= either & three
                either ^= three
            rest = rows[3 * third :]
            carried.append(carry)
            rows = np.concatenate([either, rest]) if len(rest) else either
        (row,) = rows
        result.append(row)
        rows = np.concatenate(carried) if carried else rows[:0]
    return result


def _reaches(planes: Planes, least: int, none: Words) -> Words:
    """Return where a number of planes is at least a constant."""
    if least <= 0:
        return ~none
    if least >= 1 << len(planes):
        return none
    held = ~none
    for bit, plane in enumerate(planes):
        held = plane & held if least >> bit & 1 else plane | held
    return held
