"""Conflicts among combinations of values: at least as good on every criterion and better on one, yet graded lower. Exact, on packed bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from adjudge.consistency.bodies import MISSING, NO_GRADE, OUT, Array, Bodies, goodness


@dataclass(frozen=True)
class Cells:
    """The graded bodies by combination and grade: for each cell its combination, its grade's rank and its bodies (their places, in order)."""

    combination: Array
    grade: Array
    bodies: tuple[Array, ...]

    @property
    def sizes(self) -> Array:
        """How many bodies each cell has."""
        return np.array([len(each) for each in self.bodies], np.int64)


@dataclass(frozen=True)
class Edges:
    """Conflicts of cells: each cell of ``better`` has values at least as good as the one of ``worse`` beside it, and the lower grade."""

    better: Array
    worse: Array
    same_values: Array


def cells_of(bodies: Bodies) -> Cells:
    """Return the cells of the bodies that were given a grade."""
    graded = np.flatnonzero(bodies.grades != NO_GRADE)
    pairs = np.stack([bodies.of[graded], bodies.grades[graded]], axis=1) if len(graded) else np.empty((0, 2), np.int64)
    cells, of = np.unique(pairs, axis=0, return_inverse=True)
    order = np.argsort(of.reshape(-1), kind="stable")
    ends = np.cumsum(np.bincount(of.reshape(-1), minlength=len(cells)))[:-1]
    return Cells(cells[:, 0], cells[:, 1], tuple(np.split(graded[order], ends)) if len(cells) else ())


def conflicts(bodies: Bodies, cells: Cells) -> Edges:
    """Return every conflict of two cells: by dominance, and between bodies of the same values, all known, with different grades.

    Missing values count against a conflict: the better body at its worst must be at least as good as the other at its best, and better on one
    criterion. Criteria that aren't applicable must be the same ones on both sides.
    """
    found = list(_found(bodies, cells))
    if not found:
        none = np.empty(0, np.int64)
        return Edges(none, none, np.empty(0, np.bool_))
    better = np.concatenate([np.full(len(worse), cell, np.int64) for cell, worse, _ in found])
    return Edges(better, np.concatenate([worse for _, worse, _ in found]), np.concatenate([same for _, _, same in found]))


def _found(bodies: Bodies, cells: Cells) -> Iterator[tuple[int, Array, Array]]:
    """Yield each cell that is graded lower than others which are no better, with those, and whether they have the same values."""
    low, high = (each[cells.combination] for each in goodness(bodies.sweep.standard, bodies))
    values = bodies.combinations[cells.combination]
    complete = ~(values == MISSING).any(axis=1)
    _, pattern = np.unique(values == OUT, axis=0, return_inverse=True) if len(values) else (None, np.empty(0, np.int64))
    graded_above = {rank: np.packbits(cells.grade > rank) for rank in np.unique(cells.grade).tolist()}
    alike = {kind: np.packbits(pattern.reshape(-1) == kind) for kind in np.unique(pattern).tolist()}
    no_better = [{edge: np.packbits(high[:, place] <= edge) for edge in np.unique(low[:, place]).tolist()} for place in range(low.shape[1])]
    for cell in range(len(cells.combination)):
        bits = graded_above[int(cells.grade[cell])] & alike[int(pattern.reshape(-1)[cell])]
        for place, edges in enumerate(no_better):
            bits &= edges[int(low[cell, place])]
        occupied = np.flatnonzero(bits)
        if not len(occupied):
            continue
        byte, bit = np.nonzero(np.unpackbits(bits[occupied]).reshape(-1, 8))
        worse = 8 * occupied[byte] + bit
        strictly = (high[worse] < low[cell]).any(axis=1)
        same = ~strictly & complete[cell] & (cells.combination[worse] == cells.combination[cell])
        kept = strictly | same
        if kept.any():
            yield cell, worse[kept], same[kept]


def least_to_set_aside(cells: Cells, edges: Edges) -> list[tuple[int, int]]:
    """Return cells without which no conflict is left, each with the number of other bodies that it was in conflict with when it was chosen.

    Chosen greedily, the one with most bodies against it for each of its own first; none of them can be left out, but another choice may be smaller.
    """
    sizes = cells.sizes
    against: dict[int, list[int]] = {}
    for one, other in zip(edges.better.tolist(), edges.worse.tolist(), strict=True):
        against.setdefault(one, []).append(other)
        against.setdefault(other, []).append(one)
    count = np.zeros(len(sizes), np.int64)
    for cell, others in against.items():
        count[cell] = int(sizes[others].sum())
    chosen: dict[int, int] = {}
    while count.any():
        cell = int(np.argmax(count / np.maximum(sizes, 1)))
        chosen[cell] = int(count[cell])
        count[cell] = 0
        for other in against[cell]:
            if other not in chosen:
                count[other] -= sizes[cell]
    for cell in reversed(list(chosen)):
        if all(other in chosen for other in against[cell]):
            del chosen[cell]
    return list(chosen.items())
