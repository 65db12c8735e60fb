"""The sweep over columns: one array for each criterion, one row for each case, evaluated chunk by chunk so that a chunk stays in the cache."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from adjudge.errors import BadInput, Fault
from adjudge.language import Bound, exact
from adjudge.sweep.arrays import Answers, Array, End, check_codes, rows_of, settle
from adjudge.sweep.packed import CHUNK, Packer, grade_packed, layout_of
from adjudge.sweep.program import INAPPLICABLE, UNKNOWN, Combined, Compared, Leaf, Node, Program, Quantity

Truth = tuple[Array, Array]

UNKNOWN_POINTS = np.iinfo(np.int64).min
INAPPLICABLE_POINTS = np.iinfo(np.int64).min + 1
GREATEST = 9_007_199_254_740_992
"""2 to the 53rd: a product of the sizes of all that enters a number stays so far below 64 bits that no step on the way leaves them."""
NEAR = 0.001
"""How far from its place on the scale a computed number may be, as a part of a step; one that is written is as near as a float can be."""
ROWS = 32_768
"""Rows that numbers are worked out for at a time."""


def sweep_columns(program: Program, columns: Sequence[Array], between: bool) -> Answers:
    """Grade every row. ``columns`` are in the order of the program's criteria: codes (uint8), or points on the program's scale (int64).

    ``between`` allows the codes of criteria that are open between two statuses (`Program.open_code`). Raises BadInput if the columns aren't of one
    length or hold codes that no status has.
    """
    rows = rows_of(columns)
    if any(len(column) != rows for column in columns):
        raise BadInput.at("columns", "the columns aren't of one length")
    answers = Answers.empty(program, rows)
    if program.measures_statuses_only and not between:
        layout = layout_of(program)
        try:
            packer = layout.idle.pop()
        except IndexError:
            packer = Packer(layout, CHUNK)
        for start in range(0, rows, CHUNK):
            grade_packed(layout, packer.pack([column[start : start + CHUNK] for column in columns]), answers, start)
        layout.idle.append(packer)
    else:
        evaluator = Evaluator(program, between)
        for start in range(0, rows, ROWS):
            part = slice(start, start + ROWS)
            answers.write(part, *evaluator.ends([column[part] for column in columns]))
    return answers


class Evaluator:
    """Evaluates chunks of a program that has numbers, or whose statuses are open between two."""

    def __init__(self, program: Program, between: bool) -> None:
        self.program = program
        self.between = between
        self.lows, self.highs = (np.array([ends[end] if ends else 0 for ends in program.ends], np.uint8) for end in (0, 1))
        self.unsure = self.lows != self.highs
        self.wide: dict[int, Any] = {number: self._width(quantity) for number, quantity in enumerate(program.quantities)}

    def _width(self, quantity: Quantity) -> Any:
        """Return int64 where no product on the way can leave it, else Python's own integers."""
        scale = self.program.scale
        bounds = [node.bound.value for node in self.program.nodes() if isinstance(node, Compared)]
        points = sum(map(abs, (*itertools.chain(*quantity.ranges), *(shift.by for shift in quantity.shifts))), scale)
        bound = max(map(abs, itertools.chain(*(each.as_integer_ratio() for each in bounds))))
        rounding = (*exact(quantity.round.to).as_integer_ratio(), scale) if quantity.round else ()
        return np.int64 if math.prod((points, sum(quantity.weights), scale, bound, *rounding)) < GREATEST else object

    def ends(self, columns: Sequence[Array]) -> tuple[End, End]:
        """Return what every row of a chunk is graded at the worst and at the best of what isn't known of it."""
        chunk = _Chunk(self, columns)
        worst = chunk.end(at_best=False)
        return worst, worst if chunk.known else chunk.end(at_best=True)


class _Chunk:
    """Some rows of the columns, and what has been found of them so far."""

    def __init__(self, evaluator: Evaluator, columns: Sequence[Array]) -> None:
        self.evaluator = evaluator
        self.columns = columns
        self.rows = rows_of(columns)
        self.found: dict[Node, Truth] = {}
        self.amounts: dict[int, tuple[Array, Array, Array, Array]] = {}
        check_codes(evaluator.program, columns, evaluator.between)
        scored = [criterion.points is not None for criterion in evaluator.program.criteria]
        unsure = (column == UNKNOWN_POINTS if points else evaluator.unsure[column] for points, column in zip(scored, columns, strict=True))
        self.known = not any(each.any() for each in unsure)

    def end(self, at_best: bool) -> End:
        """Return the rows' grades at one end of what isn't known."""
        settled = settle(self.evaluator.program, lambda node, possible: self.truth(node)[possible], np.zeros(self.rows, np.bool_), at_best)
        return settled.numbers(lambda truths: truths.view(np.uint8))

    def truth(self, node: Node) -> Truth:
        """Return for every row whether a condition is certain and whether it is possible."""
        if node not in self.found:
            find: Any = {Compared: self._compared, Combined: self._combined, Leaf: self._measured}[type(node)]
            self.found[node] = find(node)
        return self.found[node]

    def _combined(self, node: Combined) -> Truth:
        truths = [self.truth(part) for part in node.parts]
        if node.negated:
            ((certain, possible),) = truths
            return ~possible, ~certain
        certain, possible = (np.add.reduce([truth[end] for truth in truths], dtype=np.int32) for end in (0, 1))
        return _between(node.rising, node.edge, certain, possible)

    def _measured(self, leaf: Leaf) -> Truth:
        passing, possible, whole = (np.zeros(self.rows, np.int32) for _ in range(3))
        for index in leaf.members:
            column = self.columns[index]
            applies = column != INAPPLICABLE
            one, other = (
                ends[column] < leaf.threshold if leaf.below else ends[column] >= leaf.threshold
                for ends in (self.evaluator.lows, self.evaluator.highs)
            )
            passing += one & other & applies
            possible += (one | other) & applies
            whole += applies
        certain, may = self._held(leaf, passing, possible, whole)
        applicable = whole > 0
        return certain & applicable, may & applicable

    @staticmethod
    def _held(leaf: Leaf, passing: Array, possible: Array, whole: Array) -> Truth:
        if leaf.form == "every":
            return passing == whole, possible == whole
        if leaf.form == "share":
            scaled = whole.astype(np.int64) * leaf.bound.value.numerator
            low, high = (count.astype(np.int64) * leaf.bound.value.denominator for count in (passing, possible))
            return _ordered(leaf.bound, low, high, scaled)
        return _between(leaf.bound.rising, leaf.bound.edge(), passing, possible)

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
        divisor = np.maximum(weight_of_all, 1) if quantity.aggregate == "mean" else np.ones(self.rows, width)
        low, high = ends or [np.zeros(self.rows, width)] * 2
        for shift in quantity.shifts:
            certain, possible = (end.astype(width) for end in self.truth(shift.when))
            up, down = max(shift.by, 0), min(shift.by, 0)
            low, high = low + (certain * up + possible * down) * divisor, high + (possible * up + certain * down) * divisor
        per = divisor * scale
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
            found = [pick(worth[ends[0] : ends[1] + 1]) if ends else other for ends in self.evaluator.program.ends]
            tables.append(np.array(found, width))
        return tables[0][column], tables[1][column], column != INAPPLICABLE


def _round(numerator: Array, denominator: Array, mode: str) -> Array:
    """Round quotients to whole numbers by a named mode; denominators are above nought."""
    floor: Array = numerator // denominator
    rest = numerator - floor * denominator
    twice = 2 * rest
    up = {
        "floor": np.zeros(len(floor), np.bool_),
        "ceiling": rest > 0,
        "half_up": twice >= denominator,
        "half_down": twice > denominator,
        "half_even": (twice > denominator) | ((twice == denominator) & (floor % 2 == 1)),
    }[mode]
    found: Array = floor + up.astype(np.bool_)
    return found


def _between(rising: bool, edge: int, low: Array, high: Array) -> Truth:
    """Say for counts whether it is certain and possible that they reach an edge, or keep to it."""
    return (low >= edge, high >= edge) if rising else (high <= edge, low <= edge)


def _ordered(bound: Bound, low: Array, high: Array, needed: Array) -> Truth:
    """Compare amounts from low to high with what is needed, both on one scale."""
    if bound.rising:
        return (low > needed, high > needed) if bound.strict else (low >= needed, high >= needed)
    return (high < needed, low < needed) if bound.strict else (high <= needed, low <= needed)


def coded(program: Program, columns: Mapping[str, object]) -> list[Array]:
    """Return a column for each criterion of a program: those given, checked, and `UNKNOWN` for the others.

    Raises BadInput for a name that is no criterion, for codes that aren't uint8, and for points that are off the scale or have too many decimals.
    """
    faults = [Fault(f"column {name}", "no such criterion in the rulebook") for name in columns if name not in program.names]
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
                faults.append(Fault(f"column {criterion.id}", f"expected codes of type uint8, found {array.dtype}"))
            found.append(array)
    if faults:
        raise BadInput(faults)
    return found


def _scored(program: Program, name: str, array: Array, faults: list[Fault]) -> Array:
    """Return points as whole numbers on the program's scale; NaN is unknown, infinity not applicable."""
    criterion = program.criteria[program.names.index(name)]
    assert criterion.points is not None
    numbers = array.astype(np.float64)
    finite = np.isfinite(numbers)
    plain = np.where(finite, numbers, 0)
    scaled = plain * program.scale
    whole = np.rint(scaled)
    low, high = (float(exact(end) * program.scale) for end in (criterion.points.from_, criterion.points.to))
    off = (np.abs(scaled - whole) > NEAR) & (whole / program.scale != plain) | (whole < low) | (whole > high)
    if criterion.points.one_of:
        off |= ~np.isin(whole, [float(exact(each) * program.scale) for each in criterion.points.one_of])
    wrong = finite & off | np.isneginf(numbers)
    if wrong.any():
        row = int(np.argmax(wrong))
        faults.append(
            Fault(f"column {name}, row {row + 1}", f"{np.format_float_positional(numbers[row], trim='-')} isn't on the scale of points of `{name}`")
        )
    points: Array = whole.astype(np.int64)
    points[np.isnan(numbers)] = UNKNOWN_POINTS
    points[np.isposinf(numbers)] = INAPPLICABLE_POINTS
    return points
