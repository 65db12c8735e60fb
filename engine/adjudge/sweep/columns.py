"""The sweep over columns: one array for each criterion, one row for each case, evaluated chunk by chunk so that a chunk stays in the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from adjudge.errors import BadInput, Fault
from adjudge.language import Bound, exact
from adjudge.sweep.program import INAPPLICABLE, OPEN, UNKNOWN, Combined, Compared, Leaf, Node, Program, Quantity

Array = npt.NDArray[Any]
Codes = npt.NDArray[np.uint8]
Truth = tuple[Array, Array]

CHUNK = 1 << 15
UNKNOWN_POINTS = np.iinfo(np.int64).min
INAPPLICABLE_POINTS = np.iinfo(np.int64).min + 1
GREATEST = 1 << 53


@dataclass(frozen=True)
class Answers:
    """The answers of a sweep, one for each case: ranks of grades (`grades` has their ids), the worst 0.

    ``grade`` is `OPEN` where unknown values leave it open; ``low`` and ``high`` are the ends of the range; ``decision`` says whether inspectors must
    decide, because the standard says so or because the grade or its range depends on what isn't known.
    """

    grades: tuple[str, ...]
    grade: Codes
    low: Codes
    high: Codes
    decision: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.grade)

    def ids(self) -> list[str | None]:
        """Return the grades by their ids; None where a grade is open."""
        return [None if code == OPEN else self.grades[code] for code in self.grade.tolist()]


def sweep_columns(program: Program, columns: Sequence[Array], threads: int | None = None, between: bool = False) -> Answers:
    """Grade every row. ``columns`` are in the order of the program's criteria: codes (uint8), or points on the program's scale (int64).

    ``between`` allows the codes of criteria that are open between two statuses (`Program.open_code`). Raises BadInput if the columns aren't of one
    length or hold codes that no status has.
    """
    rows = len(columns[0]) if columns else 0
    if any(len(column) != rows for column in columns):
        raise BadInput([Fault("columns", 0, 0, "the columns aren't of one length")])
    out = [np.empty(rows, np.uint8) for _ in range(3)]
    decision = np.empty(rows, np.bool_)
    evaluator = Evaluator(program, between)

    def work(start: int) -> None:
        part = slice(start, start + CHUNK)
        grade, low, high, decide = evaluator.grade([column[part] for column in columns])
        for target, found in zip((*out, decision), (grade, low, high, decide), strict=True):
            target[part] = found

    run_chunks(work, rows, threads)
    return Answers(program.grades, out[0], out[1], out[2], decision)


def run_chunks(work: Callable[[int], None], rows: int, threads: int | None, step: int = CHUNK) -> None:
    """Run ``work`` from each chunk's first row, on as many threads as there are cores unless told otherwise; numpy's loops run side by side."""
    starts = range(0, rows, step)
    workers = min(threads or len(os.sched_getaffinity(0)), len(starts))
    if workers <= 1:
        for start in starts:
            work(start)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, starts):
            pass


class Evaluator:
    """Evaluates one chunk. Criteria that the same measures are about form a group, which is gone through once."""

    def __init__(self, program: Program, between: bool = False) -> None:
        self.program = program
        self.best = len(program.statuses) - 1
        self.lows, self.highs = (np.array([ends[end] if ends else 0 for ends in program.ends], np.uint8) for end in (0, 1))
        allowed = {*range(len(program.statuses)), UNKNOWN, INAPPLICABLE}
        self.stands_for_nothing = np.array([code not in allowed and not (between and ends) for code, ends in enumerate(program.ends)])
        self.leaves = program.leaves()
        memberships: dict[tuple[int, ...], list[int]] = {}
        for index, criterion in enumerate(program.criteria):
            if criterion.points is None:
                belongs = tuple(number for number, leaf in enumerate(self.leaves) if index in leaf.members)
                memberships.setdefault(belongs, []).append(index)
        self.groups = list(memberships.items())
        self.scored = [index for index, criterion in enumerate(program.criteria) if criterion.points is not None]
        self.wide: dict[int, Any] = {number: self._width(quantity) for number, quantity in enumerate(program.quantities)}

    def _width(self, quantity: Quantity) -> Any:
        """Return int64 where no product on the way can leave it, else Python's own integers."""
        greatest = max((abs(end) for ends in quantity.ranges for end in ends), default=0) * max(quantity.weights, default=1) * len(quantity.members)
        greatest += sum(abs(shift.by) for shift in quantity.shifts) * sum(quantity.weights)
        factor = max(self.program.scale, 1) * sum(quantity.weights)
        bounds = [node.bound.value for node in self.program.nodes() if isinstance(node, Compared)]
        factor *= max((max(abs(bound.numerator), bound.denominator) for bound in bounds), default=1)
        if quantity.round:
            to = exact(quantity.round.to)
            factor *= to.numerator * to.denominator * self.program.scale
        return np.int64 if 4 * greatest * factor < GREATEST else object

    def grade(self, columns: Sequence[Array]) -> tuple[Array, Array, Array, Array]:
        """Return grade, low, high and decision of every row of a chunk."""
        chunk = _Chunk(self, columns)
        worst = self._settle(chunk, best=False)
        if chunk.known:
            grade, low, high, decide = worst
            return grade, low, high, decide
        best = self._settle(chunk, best=True)
        differ = np.zeros(chunk.rows, np.bool_)
        for one, other in zip(worst[:3], best[:3], strict=True):
            differ |= one != other
        grade = np.where(worst[0] == best[0], worst[0], OPEN).astype(np.uint8)
        return grade, np.minimum(worst[1], best[1]), np.maximum(worst[2], best[2]), worst[3] | best[3] | differ

    def _settle(self, chunk: _Chunk, best: bool) -> tuple[Array, Array, Array, Array]:
        """Grade one end of every row's range: the best grade reached, or what is left over; then the floors, and last the caps.

        Grades are tried best first, and what is left over is no better than the last of them: so the best grade that holds is the greatest.
        """
        program = self.program
        first = np.zeros(chunk.rows, np.uint8)  # the place of the first reach that holds, counted from the last; 0 where none does
        reached = np.zeros(chunk.rows, np.uint8)
        for place, step in enumerate(reversed(program.reach), 1):
            holds = chunk.truth(step.when)[best].view(np.uint8)
            np.maximum(first, holds * np.uint8(place), out=first)
            np.maximum(reached, holds * np.uint8(step.grade), out=reached)
        made = {rank: np.maximum(reached, np.uint8(rank)) for rank in set(program.otherwise)}
        decide = np.equal(first, 0) if program.otherwise_decision else np.zeros(chunk.rows, np.bool_)
        for place, step in enumerate(reversed(program.reach), 1):
            if step.decision:
                decide |= first == place
        for steps, lifts in ((program.floors, True), (program.caps, False)):
            for step in steps:
                holds = chunk.truth(step.when)[best if lifts else not best].view(np.uint8)
                to = holds * np.uint8(step.grade) if lifts else (holds - np.uint8(1)) | np.uint8(step.grade)  # a cap that doesn't hold is 255
                for rank, before in made.items():
                    made[rank] = np.maximum(before, to) if lifts else np.minimum(before, to)
                    decide &= made[rank] == before
        grade, low, high = (made[rank] for rank in program.otherwise)
        return grade, low, high, decide


class _Chunk:
    """Some rows of the columns, and what has been found of them so far."""

    def __init__(self, evaluator: Evaluator, columns: Sequence[Array]) -> None:
        self.evaluator = evaluator
        self.columns = columns
        self.rows = len(columns[0])
        self.found: dict[Node, Truth] = {}
        self.amounts: dict[int, tuple[Array, Array, Array, Array]] = {}
        top = np.zeros(self.rows, np.uint8)
        for _, members in evaluator.groups:
            for index in members:
                np.maximum(top, columns[index], out=top)
        greatest = int(top.max(initial=0))
        scored = [columns[index] for index in evaluator.scored]
        self.known = greatest <= evaluator.best and not any((column <= INAPPLICABLE_POINTS).any() for column in scored)
        if not self.known:
            self._check_codes()
        self._measure()

    def _check_codes(self) -> None:
        evaluator, names = self.evaluator, self.evaluator.program.names
        for _, members in evaluator.groups:
            for index in members:
                wrong = evaluator.stands_for_nothing[self.columns[index]]
                if wrong.any():
                    code = int(self.columns[index][int(np.argmax(wrong))])
                    told = (
                        f"code {code} stands for no status; use 0 to {evaluator.best}, {UNKNOWN} for not assessed, {INAPPLICABLE} for not applicable"
                    )
                    raise BadInput([Fault(f"column {names[index]}", 0, 0, told)])

    def truth(self, node: Node) -> Truth:
        """Return for every row whether a condition is certain and whether it is possible."""
        if node not in self.found:
            if isinstance(node, Compared):
                self.found[node] = self._compared(node)
            else:
                assert isinstance(node, Combined)
                self.found[node] = self._combined(node)
        return self.found[node]

    def _combined(self, node: Combined) -> Truth:
        truths = [self.truth(part) for part in node.parts]
        if node.negated:
            certain, possible = truths[0]
            return ~possible, ~certain
        ends = []
        for end in (0, 1) if not self.known else (0,):
            if node.bound.rising and node.bound.edge() == len(truths):
                ends.append(np.logical_and.reduce([truth[end] for truth in truths]))
            elif node.bound.rising and node.bound.edge() == 1:
                ends.append(np.logical_or.reduce([truth[end] for truth in truths]))
            else:
                ends.append(np.add.reduce([truth[end].astype(np.uint8) for truth in truths]))
        if ends[0].dtype == np.bool_:
            return ends[0], ends[-1]
        return _between(node.bound, ends[0], ends[-1])

    def _measure(self) -> None:
        """Go through every group once and find the truth of every leaf."""
        if self.known:
            self._measure_known()
            return
        leaves = self.evaluator.leaves
        passing = [self._zeros(len(leaf.members)) for leaf in leaves]
        possible = [count.copy() for count in passing]
        whole = [count.copy() for count in passing]
        for belongs, members in self.evaluator.groups:
            for index in members:
                column = self.columns[index]
                applies = column != INAPPLICABLE
                low, high = self.evaluator.lows[column], self.evaluator.highs[column]
                for number in belongs:
                    leaf = leaves[number]
                    one, other = (end < leaf.threshold if leaf.below else end >= leaf.threshold for end in (low, high))
                    passing[number] += one & other & applies
                    possible[number] += (one | other) & applies
                    whole[number] += applies
        for number, leaf in enumerate(leaves):
            certain, may = self._held(leaf, passing[number], possible[number], whole[number])
            applicable = whole[number] > 0
            self.found[leaf] = certain & applicable, may & applicable

    def _zeros(self, most: int) -> Array:
        return np.zeros(self.rows, np.int32 if most > 255 else np.uint8)

    def _measure_known(self) -> None:
        """Find the truth of every leaf where every status is known: extremes for `every` and `any`, counts for the others, each once a group."""
        leaves = self.evaluator.leaves
        parts: dict[Leaf, list[Array]] = {leaf: [] for leaf in leaves}
        compared = np.empty(self.rows, np.bool_)
        as_number = compared.view(np.uint8)
        for belongs, members in self.evaluator.groups:
            done: dict[object, Array] = {}
            for leaf in (leaves[number] for number in belongs):
                extreme = _extreme(leaf)
                key = extreme or (leaf.threshold, leaf.below)
                if key not in done:
                    if extreme:
                        done[key] = self._fold(extreme, members)
                    else:
                        compare = np.less if leaf.below else np.greater_equal
                        count = self._zeros(len(members))
                        for index in members:
                            compare(self.columns[index], leaf.threshold, out=compared)
                            np.add(count, as_number, out=count)
                        done[key] = count
                parts[leaf].append(done[key])
        for leaf, found in parts.items():
            if not found:
                none = np.zeros(self.rows, np.bool_)
                self.found[leaf] = none, none
            elif extreme := _extreme(leaf):
                edge = found[0] if len(found) == 1 else extreme.reduce(found)
                held = edge < leaf.threshold if leaf.below else edge >= leaf.threshold
                self.found[leaf] = held, held
            else:
                wide = self._zeros(len(leaf.members)).dtype
                total = found[0] if len(found) == 1 else np.add.reduce(found, dtype=wide)
                self.found[leaf] = _between(_bound(leaf, len(leaf.members)), total, total)

    def _fold(self, extreme: np.ufunc, members: Sequence[int]) -> Array:
        """Return the row-wise extreme of some columns."""
        found: Array = extreme(self.columns[members[0]], self.columns[members[-1]])
        for index in members[1:-1]:
            extreme(found, self.columns[index], out=found)
        return found

    @staticmethod
    def _held(leaf: Leaf, passing: Array, possible: Array, whole: Array) -> Truth:
        if leaf.form == "every":
            return passing == whole, possible == whole
        if leaf.form == "share":
            scaled = whole.astype(np.int64) * leaf.bound.value.numerator
            low, high = (count.astype(np.int64) * leaf.bound.value.denominator for count in (passing, possible))
            return _ordered(leaf.bound, low, high, scaled)
        return _between(leaf.bound, passing, possible)

    def _compared(self, node: Compared) -> Truth:
        low, high, per, applicable = self._amount(node.quantity)
        needed = node.bound.value.numerator * per
        below, above = low * node.bound.value.denominator, high * node.bound.value.denominator
        certain, possible = _ordered(node.bound, below, above, needed)
        return certain.astype(np.bool_) & applicable, possible.astype(np.bool_) & applicable

    def _amount(self, number: int) -> tuple[Array, Array, Array, Array]:
        """Return the least and the most that a quantity can be, as numerators over a denominator, and where anything of it is applicable."""
        if number not in self.amounts:
            self.amounts[number] = self._work_out(self.evaluator.program.quantities[number], self.evaluator.wide[number])
        return self.amounts[number]

    def _work_out(self, quantity: Quantity, width: Any) -> tuple[Array, Array, Array, Array]:
        scale = self.evaluator.program.scale
        applicable = np.zeros(self.rows, np.bool_)
        weight_of_all = np.zeros(self.rows, width)
        ends: list[Array] = []
        for place, index in enumerate(quantity.members):
            low, high, applies = self._points(quantity, place, index, width)
            first = not ends
            if quantity.aggregate in ("sum", "mean"):
                weight = quantity.weights[place] if quantity.aggregate == "mean" else 1
                weighted = [np.where(applies, each * weight, 0).astype(width) for each in (low, high)]
                ends = weighted if first else [end + each for end, each in zip(ends, weighted, strict=True)]
                weight_of_all = weight_of_all + applies.astype(width) * weight
            else:
                pick = np.minimum if quantity.aggregate == "minimum" else np.maximum
                if first:
                    ends = [low, high]
                else:
                    ends = [
                        np.where(applies & applicable, pick(end, each), np.where(applies, each, end))
                        for end, each in zip(ends, (low, high), strict=True)
                    ]
            applicable |= applies
        per = np.where(applicable, weight_of_all, 1) * scale if quantity.aggregate == "mean" else np.full(self.rows, scale, width)
        low, high = ends or [np.zeros(self.rows, width)] * 2
        for shift in quantity.shifts:
            certain, possible = (end.astype(width) for end in self.truth(shift.when))
            by = per // scale * shift.by
            low, high = (low + certain * by, high + possible * by) if shift.by > 0 else (low + possible * by, high + certain * by)
        if quantity.round:
            to = exact(quantity.round.to)
            low, high = (_round(end * to.denominator, per * to.numerator, quantity.round.mode) * to.numerator for end in (low, high))
            per = np.full(self.rows, to.denominator, width)
        return low, high, per, applicable

    def _points(self, quantity: Quantity, place: int, index: int, width: Any) -> tuple[Array, Array, Array]:
        """Return the least and the most points of one member, and where it is applicable."""
        column, worth, (least, most) = self.columns[index], quantity.worth[place], quantity.ranges[place]
        if worth is None:
            unknown, applies = column == UNKNOWN_POINTS, column != INAPPLICABLE_POINTS
            known = column.astype(width)
            return np.where(unknown, least, known), np.where(unknown, most, known), applies
        tables = []
        for pick, other in ((min, least), (max, most)):
            found = [pick(worth[ends[0] : ends[1] + 1]) if ends and ends[0] < len(worth) else other for ends in self.evaluator.program.ends]
            tables.append(np.array(found, width))
        return tables[0][column], tables[1][column], column != INAPPLICABLE


def _extreme(leaf: Leaf) -> np.ufunc | None:
    """Return the ufunc whose fold over the members decides a leaf: all of them pass if the worst does, some if the best does."""
    if leaf.form == "every":
        return np.maximum if leaf.below else np.minimum
    if leaf.form == "any":
        return np.minimum if leaf.below else np.maximum
    return None


def _bound(leaf: Leaf, whole: int) -> Bound:
    return Bound(leaf.bound.rising, leaf.bound.strict, leaf.bound.value * whole) if leaf.form == "share" else leaf.bound


def _round(numerator: Array, denominator: Array, mode: str) -> Array:
    """Round quotients to whole numbers by a named mode; denominators are above nought."""
    floor: Array = numerator // denominator
    twice = 2 * (numerator - floor * denominator)
    up = {
        "floor": np.zeros(len(floor), np.bool_),
        "ceiling": twice > 0,
        "half_up": twice >= denominator,
        "half_down": twice > denominator,
        "half_even": (twice > denominator) | ((twice == denominator) & (floor % 2 == 1)),
    }[mode]
    found: Array = floor + up.astype(np.bool_)
    return found


def _between(bound: Bound, low: Array, high: Array) -> Truth:
    """Say for counts whether the bound is certain and possible to be kept."""
    edge = bound.edge()
    if bound.rising:
        return (low >= edge, high >= edge) if edge > 0 else (np.ones(len(low), np.bool_),) * 2
    return (high <= edge, low <= edge) if edge >= 0 else (np.zeros(len(low), np.bool_),) * 2


def _ordered(bound: Bound, low: Array, high: Array, needed: Array) -> Truth:
    """Compare amounts from low to high with what is needed, both on one scale."""
    if bound.rising:
        return (low > needed, high > needed) if bound.strict else (low >= needed, high >= needed)
    return (high < needed, low < needed) if bound.strict else (high <= needed, low <= needed)


def coded(program: Program, columns: Mapping[str, object]) -> list[Array]:
    """Return a column for each criterion of a program: those given, checked, and `UNKNOWN` for the others.

    Raises BadInput for a name that is no criterion, for codes that aren't uint8, and for points that are off the scale or have too many decimals.
    """
    faults = [Fault(f"column {name}", 0, 0, "no such criterion in the rulebook") for name in columns if name not in program.names]
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    rows = len(next(iter(arrays.values()))) if arrays else 0
    found: list[Array] = []
    for criterion in program.criteria:
        array = arrays.get(criterion.id)
        if criterion.points is not None:
            found.append(np.full(rows, UNKNOWN_POINTS) if array is None else _scored(program, criterion.id, array, faults))
        elif array is None:
            found.append(np.full(rows, UNKNOWN, np.uint8))
        else:
            if array.dtype != np.uint8:
                faults.append(Fault(f"column {criterion.id}", 0, 0, f"expected codes of type uint8, found {array.dtype}"))
            found.append(array)
    if faults:
        raise BadInput(faults)
    return found


def _scored(program: Program, name: str, array: Array, faults: list[Fault]) -> Array:
    """Return points as whole numbers on the program's scale; NaN is unknown, infinity not applicable."""
    criterion = program.criteria[program.names.index(name)]
    assert criterion.points is not None
    numbers = array.astype(np.float64)
    unknown, inapplicable = np.isnan(numbers), np.isposinf(numbers)
    scaled = np.where(unknown | inapplicable, 0, numbers) * program.scale
    whole = np.rint(scaled)
    low, high = (float(exact(end) * program.scale) for end in (criterion.points.from_, criterion.points.to))
    allowed = np.array([float(exact(each) * program.scale) for each in criterion.points.one_of])
    near = 1e-3 + 0.5 * np.spacing(np.abs(np.where(unknown | inapplicable, 0, numbers))) * program.scale  # a float is as near as it can be
    wrong = ~(unknown | inapplicable) & ((np.abs(scaled - whole) > near) | (whole < low) | (whole > high))
    if len(allowed):
        wrong |= ~(unknown | inapplicable) & ~np.isin(whole, allowed)
    if wrong.any():
        row = int(np.argmax(wrong))
        faults.append(Fault(f"column {name}, row {row + 1}", 0, 0, f"{numbers[row]:g} isn't on the scale of points of `{name}`"))
    points: Array = whole.astype(np.int64)
    points[unknown] = UNKNOWN_POINTS
    points[inapplicable] = INAPPLICABLE_POINTS
    return points
