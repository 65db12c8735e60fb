"""Compare many bodies graded by one rulebook: conflicts among their grades, departures from the proposals, near misses, and who departs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adjudge.consistency.agreement import RESAMPLES, SEED, Agreement, agreement
from adjudge.consistency.bodies import MISSING, NO_GRADE, OUT, Array, Bodies
from adjudge.consistency.bodies_results import BodiesComparison, Cell, Conflict, Departure, NearMiss, Step, Suspect
from adjudge.consistency.dominance import Cells, Edges, cells_of, conflicts, least_to_set_aside
from adjudge.consistency.groups import GroupFigure, group_figures
from adjudge.language import exact
from adjudge.rulebook import Criterion
from adjudge.sweep import OPEN
from adjudge.sweep.arrays import Answers
from adjudge.version import __version__

LISTED = 1_000
"""How many conflicts, and how many near misses, a result lists; it counts all."""
NAMED = 20
"""How many bodies of a cell a result names; it counts all."""
MOST_EDGES = 1_000_000
"""With more conflicts than these none is singled out."""


def compare_bodies(bodies: Bodies, resamples: int = RESAMPLES, seed: int = SEED) -> BodiesComparison:
    """Compare bodies with each other and with what the standard proposes for them. Exact: every pair is covered, though none is gone through.

    ``resamples`` and ``seed`` are those of the intervals of agreement with the proposals.
    """
    sweep, standard = bodies.sweep, bodies.sweep.standard
    cells, answers = cells_of(bodies), bodies.answers()
    edges = conflicts(bodies, cells)
    graded = bodies.grades != NO_GRADE
    status = _against_proposal(bodies, answers)
    sizes = cells.sizes
    pairs = sizes[edges.better] * sizes[edges.worse] if len(edges.better) else np.empty(0, np.int64)
    missing = (bodies.combinations == MISSING).any(axis=1)
    named = _Named(bodies, cells, answers)
    suspects = None if len(edges.better) > MOST_EDGES else tuple(named.suspect(*each) for each in least_to_set_aside(cells, edges))
    misses = sorted(_near_misses(bodies, answers), key=lambda each: -each.bodies)
    rank = standard.grade_rank

    def nearly(way: int) -> int:
        return sum(each.bodies for each in misses if any((rank[step.grade] - rank[each.grade]) * way > 0 for step in each.steps))

    return BodiesComparison(
        adjudge=__version__,
        synthetic=bodies.synthetic,
        standard=standard.standard,
        edition=standard.edition,
        rulebook=sweep.book.rulebook,
        reading=sweep.reading.name,
        bodies=len(bodies.of),
        graded=int(graded.sum()),
        missing=int((missing[bodies.of] & graded).sum()),
        combinations=len(bodies.combinations),
        refused=dict(bodies.refused),
        agree=int((status == "agree").sum()),
        differ=int((status == "differ").sum()),
        held=int((status == "held").sum()),
        outside=int((status == "outside").sum()),
        agreement=_agreement(bodies, answers, status, resamples, seed),
        resamples=resamples,
        seed=seed,
        dominance_conflicts=int((~edges.same_values).sum()),
        dominance_pairs=int(pairs[~edges.same_values].sum()),
        same_values_conflicts=int(edges.same_values.sum()),
        same_values_pairs=int(pairs[edges.same_values].sum()),
        bodies_in_conflict=int(sizes[np.unique(np.concatenate([edges.better, edges.worse]))].sum()),
        conflicts=tuple(named.conflict(edges, int(place)) for place in _gravest_first(cells, edges, pairs)[:LISTED]),
        suspects=suspects,
        departures=tuple(_departures(bodies, answers, status)),
        near_misses=tuple(misses[:LISTED]),
        nearly_better=nearly(1),
        nearly_worse=nearly(-1),
        steps_undefined=tuple(each.id for each in sweep.program.criteria if each.points is not None and not each.points.one_of),
        groups=_groups(bodies, answers, status),
        not_monotone=standard.not_monotone,
    )


def _against_proposal(bodies: Bodies, answers: Answers) -> Array:
    """Return for each body `agree`, `differ`, `held` or `outside`, or nothing where no grade was given."""
    grade, low, high = (each[bodies.of].astype(np.int64) for each in (answers.grade, answers.low, answers.high))
    settled, given = grade != OPEN, bodies.grades
    within = (low <= given) & (given <= high)
    found = np.where(settled, np.where(grade == given, "agree", "differ"), np.where(within, "held", "outside"))
    return np.where(given == NO_GRADE, "", found)


def _agreement(bodies: Bodies, answers: Answers, status: Array, resamples: int, seed: int) -> Agreement:
    """Return how far the grades given agree with those proposed, beyond chance, over the bodies with a settled proposal."""
    names = bodies.sweep.program.grades
    compared = (status == "agree") | (status == "differ")
    given, proposed = bodies.grades[compared].tolist(), answers.grade[bodies.of[compared]].tolist()
    units = [(names[one], names[other]) for one, other in zip(given, proposed, strict=True)]
    return agreement(units, names, "ordinal", resamples, seed)


def _gravest_first(cells: Cells, edges: Edges, pairs: Array) -> Array:
    """Order conflicts by how many grades they span, then by how few pairs of bodies they rest on: what is odd before what is common."""
    if not len(pairs):
        return pairs
    span = cells.grade[edges.worse] - cells.grade[edges.better]
    return np.lexsort((edges.worse, edges.better, pairs, -span))


class _Named:
    """Puts cells into words."""

    def __init__(self, bodies: Bodies, cells: Cells, answers: Answers) -> None:
        self.bodies, self.cells, self.answers = bodies, cells, answers
        self.grades = bodies.sweep.program.grades

    def cell(self, cell: int, named: int | None = NAMED) -> Cell:
        combination = int(self.cells.combination[cell])
        places = self.cells.bodies[cell]
        return Cell(
            values=self.bodies.values(combination),
            grade=self.grades[int(self.cells.grade[cell])],
            proposed=self.bodies.answer(self.answers, combination),
            bodies=len(places),
            names=tuple(self.bodies.names[place] for place in places[:named].tolist()),
        )

    def conflict(self, edges: Edges, place: int) -> Conflict:
        lower, higher = int(edges.better[place]), int(edges.worse[place])
        pairs = len(self.cells.bodies[lower]) * len(self.cells.bodies[higher])
        return Conflict(
            kind="same_values" if edges.same_values[place] else "dominance",
            lower=self.cell(lower),
            higher=self.cell(higher),
            pairs=pairs,
        )

    def suspect(self, cell: int, against: int) -> Suspect:
        return Suspect(cell=self.cell(cell, None), against=against)


def _departures(bodies: Bodies, answers: Answers, status: Array) -> Iterator[Departure]:
    grades = bodies.sweep.program.grades
    for place in np.flatnonzero((status == "differ") | (status == "outside")).tolist():
        combination, given = int(bodies.of[place]), int(bodies.grades[place])
        proposed = int(answers.grade[combination])
        yield Departure(
            body=bodies.names[place],
            values=bodies.values(combination),
            grade=grades[given],
            proposed=bodies.answer(answers, combination),
            direction="above" if given > (answers.high[combination] if proposed == OPEN else proposed) else "below",
            group=bodies.groups[place] or None if bodies.groups else None,
            reason=bodies.reasons[place] or None if bodies.reasons else None,
        )


def _near_misses(bodies: Bodies, answers: Answers) -> Iterator[NearMiss]:
    """Yield each combination with a settled proposal that one step of one criterion would turn into another settled grade."""
    program = bodies.sweep.program
    steps: dict[int, list[Step]] = {}
    for place, criterion in enumerate(program.criteria):
        for after in _neighbours(bodies, criterion, bodies.combinations[:, place]):
            moved = bodies.combinations.copy()
            moved[:, place] = after
            changed = bodies.answers(moved)
            known = (after != bodies.combinations[:, place]) & (answers.grade != OPEN) & (changed.grade != OPEN)
            for combination in np.flatnonzero(known & (changed.grade != answers.grade)).tolist():
                before = bodies.value(criterion, int(bodies.combinations[combination, place]))
                grade = program.grades[int(changed.grade[combination])]
                step = Step(criterion=criterion.id, before=before, after=bodies.value(criterion, int(after[combination])), grade=grade)
                steps.setdefault(combination, []).append(step)
    counts = np.bincount(bodies.of, minlength=len(bodies.combinations))
    first = np.argsort(bodies.of, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])
    for combination, found in steps.items():
        names = first[starts[combination] : starts[combination] + NAMED].tolist()
        count = int(counts[combination])
        yield NearMiss(
            values=bodies.values(combination),
            grade=program.grades[int(answers.grade[combination])],
            bodies=count,
            names=tuple(bodies.names[place] for place in names[:count]),
            steps=tuple(found),
        )


def _neighbours(bodies: Bodies, criterion: Criterion, column: Array) -> Iterator[Array]:
    """Yield a criterion's values one step up and one step down; where there is no step (an end, nothing known, a scale without steps) as they are."""
    program = bodies.sweep.program
    if criterion.points is None:
        levels = np.arange(len(program.statuses))
    else:
        levels = np.array(sorted(int(exact(each) * program.scale) for each in criterion.points.one_of), np.int64)
    if not len(levels):
        return
    known = (column != MISSING) & (column != OUT)
    at = np.searchsorted(levels, np.where(known, column, levels[0]))
    for way in (1, -1):
        to = np.clip(at + way, 0, len(levels) - 1)
        yield np.where(known, levels[to], column)


def _groups(bodies: Bodies, answers: Answers, status: Array) -> tuple[GroupFigure, ...]:
    """Count for each group the bodies with a settled proposal that agree with it, are above it and below it."""
    if not bodies.groups:
        return ()
    compared = (status == "agree") | (status == "differ")
    way = np.sign(bodies.grades - answers.grade[bodies.of].astype(np.int64))
    names, of = np.unique(np.array(bodies.groups), return_inverse=True)
    counts = {}
    for index, name in enumerate(names.tolist()):
        own = compared & (of == index)
        if name:
            counts[str(name)] = (int((own & (way == 0)).sum()), int((own & (way == 1)).sum()), int((own & (way == -1)).sum()))
    return group_figures(counts)
