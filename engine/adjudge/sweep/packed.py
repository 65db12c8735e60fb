"""The sweep over packed cases: one bit a case, a criterion and a threshold, 64 cases a word; counts are added bit by bit by full adders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adjudge.errors import BadInput, Fault
from adjudge.language import Bound
from adjudge.sweep.columns import Answers, Array, run_chunks
from adjudge.sweep.program import INAPPLICABLE, OPEN, UNKNOWN, Combined, Leaf, Node, Program

Words = npt.NDArray[np.uint64]
WORD = 64
CHUNK_WORDS = 1 << 11
ALIGNED = 64


@dataclass(frozen=True)
class Packed:
    """Cases in bits: ``worst`` has a row of words for each plane (a criterion at a threshold), with every unknown status at its worst.

    ``best`` has them with every unknown status at its best; where none is unknown the two are one array.
    """

    rows: int
    planes: tuple[tuple[int, int], ...]
    worst: Words
    best: Words

    @property
    def nbytes(self) -> int:
        """How many bytes the cases take."""
        return self.worst.nbytes + (0 if self.best is self.worst else self.best.nbytes)


def planes_of(program: Program) -> tuple[tuple[int, int], ...]:
    """Return the planes that a program needs: each criterion at each threshold that one of its leaves asks about."""
    return tuple(sorted({(index, leaf.threshold) for leaf in program.leaves() for index in leaf.members}, key=lambda plane: (plane[1], plane[0])))


def pack(program: Program, columns: Sequence[Array]) -> Packed:
    """Pack columns of codes. Raises BadInput for a rulebook with numbers, and for what isn't applicable: use columns there."""
    if program.quantities or any(criterion.points is not None for criterion in program.criteria):
        raise BadInput([Fault("packed", 0, 0, "a rulebook with points can't be packed; grade its columns")])
    inapplicable = [program.names[index] for index, column in enumerate(columns) if (column == INAPPLICABLE).any()]
    if inapplicable:
        raise BadInput([Fault(f"column {name}", 0, 0, "some cases are not applicable; grade the columns") for name in inapplicable])
    for index, column in enumerate(columns):
        wrong = (column >= len(program.statuses)) & (column != UNKNOWN)
        if wrong.any():
            raise BadInput([Fault(f"column {program.names[index]}", 0, 0, f"code {int(column[int(np.argmax(wrong))])} stands for no status")])
    rows = len(columns[0])
    planes = planes_of(program)
    unknown = any((column >= len(program.statuses)).any() for column in columns)
    lows, highs = (np.array([ends[end] if ends else 0 for ends in program.ends], np.uint8) for end in (0, 1))
    worst = _planes([lows[column] for column in columns] if unknown else columns, planes, rows)
    return Packed(rows, planes, worst, _planes([highs[column] for column in columns], planes, rows) if unknown else worst)


def _planes(columns: Sequence[Array], planes: Sequence[tuple[int, int]], rows: int) -> Words:
    words = -(-rows // WORD)
    words += -words % (ALIGNED // 8)
    store = np.zeros(len(planes) * words * 8 + ALIGNED, np.uint8)
    start = -store.ctypes.data % ALIGNED
    found = store[start : start + len(planes) * words * 8].reshape(len(planes), words * 8)
    for row, (index, threshold) in zip(found, planes, strict=True):
        packed = np.packbits(columns[index] >= threshold, bitorder="little")
        row[: len(packed)] = packed
    return found.view(np.uint64)


def sweep_packed(program: Program, packed: Packed, threads: int | None = None) -> Answers:
    """Grade every case of a packed form. Raises BadInput if it was packed for another rulebook."""
    if packed.planes != planes_of(program):
        raise BadInput([Fault("packed", 0, 0, "these cases were packed for another rulebook or reading; pack their columns again")])
    rows = packed.rows
    out = [np.empty(rows, np.uint8) for _ in range(3)]
    decision = np.empty(rows, np.bool_)
    place = {plane: number for number, plane in enumerate(packed.planes)}
    same = packed.best is packed.worst

    def work(start: int) -> None:
        part = slice(start // WORD, start // WORD + CHUNK_WORDS)
        count = min(rows - start, CHUNK_WORDS * WORD)
        worst, best = (_Bits(program, place, store[:, part]) for store in (packed.worst, packed.best))
        ends = [_settle(program, worst, best, end) for end in ((False,) if same else (False, True))]
        rows_of = slice(start, start + count)
        unpacked = {id(planes): _numbers(planes, count) for end in ends for planes in end[:3]}
        ranks = [[unpacked[id(planes)] for planes in end[:3]] for end in ends]
        decides = [_flags(end[3], count) for end in ends]
        out[0][rows_of] = ranks[0][0] if same else np.where(ranks[0][0] == ranks[1][0], ranks[0][0], OPEN)
        out[1][rows_of] = ranks[0][1] if same else np.minimum(ranks[0][1], ranks[1][1])
        out[2][rows_of] = ranks[0][2] if same else np.maximum(ranks[0][2], ranks[1][2])
        decision[rows_of] = (
            decides[0] if same else decides[0] | decides[1] | np.any([one != other for one, other in zip(*ranks, strict=True)], axis=0)
        )

    run_chunks(work, rows, threads, CHUNK_WORDS * WORD)
    return Answers(program.grades, out[0], out[1], out[2], decision)


Planes = list[Words]
"""A small number for each case, as planes of its bits, the lowest first."""


class _Bits:
    """The planes of some cases, and the truths of leaves found of them so far: with these statuses and no others."""

    def __init__(self, program: Program, place: dict[tuple[int, int], int], planes: Words) -> None:
        self.program = program
        self.place = place
        self.planes = planes
        self.none = np.zeros(planes.shape[1], np.uint64)
        self.truths: dict[Leaf, Words] = {}
        self.counts: dict[tuple[tuple[int, ...], int], Planes] = {}

    def leaf(self, leaf: Leaf) -> Words:
        """Return where a leaf holds."""
        if leaf not in self.truths:
            self.truths[leaf] = self._held(leaf)
        return self.truths[leaf]

    def _held(self, leaf: Leaf) -> Words:
        if not leaf.members:
            return self.none
        rows = [self.planes[self.place[index, leaf.threshold]] for index in leaf.members]
        if leaf.form in ("every", "any"):
            join = np.bitwise_and if (leaf.form == "every") != leaf.below else np.bitwise_or
            held: Words = join(rows[0], rows[-1])
            for row in rows[1:-1]:
                join(held, row, out=held)
            return ~held if leaf.below else held
        key = leaf.members, leaf.threshold
        if key not in self.counts:
            self.counts[key] = _count(rows)
        whole = len(rows)
        bound = Bound(leaf.bound.rising, leaf.bound.strict, leaf.bound.value * whole) if leaf.form == "share" else leaf.bound
        edge = bound.edge()
        if leaf.below:  # so many below are so many fewer at the threshold or above
            at_least = whole - edge + 1 if bound.rising else whole - edge
            held = _reaches(self.counts[key], at_least, self.none)
            return ~held if bound.rising else held
        held = _reaches(self.counts[key], edge if bound.rising else edge + 1, self.none)
        return held if bound.rising else ~held


def _truth(node: Node, worst: _Bits, best: _Bits, possible: bool) -> Words:
    """Return where a condition is certain, or possible: a leaf is looked at with unknown statuses at the end that makes it so."""
    if isinstance(node, Leaf):
        falls = node.below == node.bound.rising
        return (worst if possible == falls else best).leaf(node)
    assert isinstance(node, Combined)
    if node.negated:
        return ~_truth(node.parts[0], worst, best, not possible)
    bound = node.bound
    truths = [_truth(part, worst, best, possible if bound.rising else not possible) for part in node.parts]
    edge, none = bound.edge(), worst.none
    if bound.rising and edge in (1, len(truths)):
        joined: Words = (np.bitwise_or if edge == 1 else np.bitwise_and).reduce(truths) if len(truths) > 1 else truths[0]
        return joined
    held = _reaches(_count(truths), edge if bound.rising else edge + 1, none)
    return held if bound.rising else ~held


def _settle(program: Program, worst: _Bits, best: _Bits, at_best: bool) -> tuple[Planes, Planes, Planes, Words]:
    """Return the planes of grade, low and high, and where inspectors must decide, at one end of the range."""
    width = max(1, (len(program.grades) - 1).bit_length())
    none = worst.none
    rest = ~none
    reached: Planes = [none.copy() for _ in range(width)]
    decide = none.copy()
    for step in program.reach:
        first = rest & _truth(step.when, worst, best, at_best)
        rest &= ~first
        _set(reached, step.grade, first)
        if step.decision:
            decide |= first
    if program.otherwise_decision:
        decide |= rest
    made = {rank: [plane | rest if rank >> bit & 1 else plane for bit, plane in enumerate(reached)] for rank in set(program.otherwise)}
    for steps, lifts in ((program.floors, True), (program.caps, False)):
        for step in steps:
            holds = _truth(step.when, worst, best, at_best if lifts else not at_best)
            for rank, planes in made.items():
                beyond = ~_reaches(planes, step.grade, none) if lifts else _reaches(planes, step.grade + 1, none)
                beyond &= holds
                decide &= ~beyond
                made[rank] = [plane | beyond if step.grade >> bit & 1 else plane & ~beyond for bit, plane in enumerate(planes)]
    return made[program.otherwise[0]], made[program.otherwise[1]], made[program.otherwise[2]], decide


def _set(planes: Planes, value: int, where: Words) -> None:
    for bit, plane in enumerate(planes):
        if value >> bit & 1:
            plane |= where


def _count(rows: Sequence[Words]) -> Planes:
    """Add rows of single bits by full adders; return the planes of the sums."""
    columns: list[list[Words]] = [list(rows)]
    result: Planes = []
    while columns:
        waiting = columns.pop(0)
        carries = columns[0] if columns else []
        while len(waiting) > 1:
            one, two = waiting.pop(), waiting.pop()
            either = one ^ two
            if waiting:
                three = waiting.pop()
                carry = either & three
                carry |= one & two
                either ^= three
            else:
                carry = one & two
            waiting.insert(0, either)
            carries.append(carry)
        result.append(waiting[0])
        if carries and not columns:
            columns.append(carries)
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


def _flags(words: Words, count: int) -> npt.NDArray[np.bool_]:
    return np.unpackbits(words.view(np.uint8), count=count, bitorder="little").view(np.bool_)


def _numbers(planes: Planes, count: int) -> npt.NDArray[np.uint8]:
    found = np.unpackbits(planes[0].view(np.uint8), count=count, bitorder="little")
    for bit, plane in enumerate(planes[1:], 1):
        found |= np.unpackbits(plane.view(np.uint8), count=count, bitorder="little") << np.uint8(bit)
    return found
