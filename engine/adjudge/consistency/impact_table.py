"""What a change of standard, rulebook or reading does to the bodies of a table, by the combinations of values that they have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adjudge.consistency.bodies import MISSING, NO_GRADE, Array, Bodies, code_of
from adjudge.consistency.editions import Ids, compare_editions, pairing
from adjudge.consistency.impact import Impact, Move, NotCarried, framework_impact, side, why
from adjudge.consistency.influence import Answer
from adjudge.documents import fingerprint
from adjudge.errors import BadInput
from adjudge.proposal import Evaluation
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.status import assume
from adjudge.sweep import Sweep
from adjudge.version import __version__

NAMED = 20
"""How many bodies of a move a result names; it counts all."""


def impact_of_table(bodies: Bodies, new: Sweep, ids: Ids | None = None) -> Impact:
    """Propose grades for the combinations of a table as it was read, and as a new rulebook or reading has them.

    A criterion that only the new rulebook has isn't assessed. Raises BadInput where nothing changes, or for rulebooks of different frameworks.
    """
    old = bodies.sweep
    if new.book.rulebook != old.book.rulebook:
        raise BadInput.at("--to", f"is the rulebook `{new.book.rulebook}`, but the table is graded by `{old.book.rulebook}`")
    changes = fingerprint(new.standard) != fingerprint(old.standard)
    if not changes and new.reading.values == old.reading.values:
        raise BadInput.at("impact", "nothing changes: give another rulebook (`--to`) or another reading (`--to-reading`)")
    not_carried: list[NotCarried] = []
    codes = _translated(bodies, new, ids or {}, not_carried) if changes else bodies.combinations
    after = Bodies(new, bodies.names, codes, bodies.of, np.full(len(bodies.of), NO_GRADE))
    answers = (bodies.answers(), after.answers())
    counts = np.bincount(bodies.of, minlength=len(codes)).tolist()
    pairs = [(bodies.answer(answers[0], place), after.answer(answers[1], place)) for place in range(len(codes))]
    moves = [_move(bodies, after, place, *pair, counts[place]) for place, pair in enumerate(pairs) if pair[0] != pair[1]]
    framework = new.book.rulebook
    return Impact(
        adjudge=__version__,
        synthetic=False,
        old=side(old.standard, old.reading),
        new=side(new.standard, new.reading),
        bodies=len(bodies.of),
        frameworks=(framework_impact(framework, new.book.title, [(*pair, counts[place]) for place, pair in enumerate(pairs)], new.standard),),
        moves=tuple(sorted(moves, key=lambda each: (not each.grade_changes, -each.bodies))),
        editions=compare_editions(old.standard, new.standard, ids) if changes else None,
        not_carried=tuple(not_carried),
    )


def _translated(bodies: Bodies, new: Sweep, ids: Ids, not_carried: list[NotCarried]) -> Array:
    """Return the combinations as the new rulebook's codes; values that it has no use for are told, by how many bodies have them."""
    program, old = new.program, bodies.sweep
    paired = pairing(old.book, new.book, ids)
    place_of = {name: place for place, name in enumerate(program.names)}
    counts = np.bincount(bodies.of, minlength=len(bodies.combinations))
    found = np.full((len(bodies.combinations), len(program.names)), MISSING, np.int64)
    for place, criterion in enumerate(old.program.criteria):
        becomes = paired.get(criterion.id)
        for code in np.unique(bodies.combinations[:, place]).tolist():
            rows = bodies.combinations[:, place] == code
            value = bodies.value(criterion, code)
            if becomes is not None and (value in (NOT_ASSESSED, NOT_APPLICABLE) or new.standard.misfit(new.book.by_id[becomes], value) is None):
                found[rows, place_of[becomes]] = code_of(new, new.book.by_id[becomes], value)
            elif value not in (NOT_ASSESSED, NOT_APPLICABLE):
                reason = "not in the new edition" if becomes is None else "the new edition has no such value"
                bodies_here = int(counts[rows].sum())
                name = f"{bodies_here:,} {'body' if bodies_here == 1 else 'bodies'}"
                not_carried.append(NotCarried(name=name, framework=old.book.rulebook, criterion=criterion.id, status=value, why=reason))
    return found


def _move(before: Bodies, after: Bodies, place: int, was: Answer, now: Answer, count: int) -> Move:
    names = np.flatnonzero(before.of == place)[:NAMED].tolist()
    return Move(
        framework=after.sweep.book.rulebook,
        names=tuple(before.names[name] for name in names),
        bodies=count,
        before=was,
        after=now,
        published=None,
        grade_changes=was.grade != now.grade,
        why=why(before.sweep.standard, _evaluated(before, place), after.sweep.standard, _evaluated(after, place)),
        statuses=dict(_changed(before, after, place)),
    )


def _changed(before: Bodies, after: Bodies, place: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the values that only one side has."""
    was, now = before.values(place), after.values(place)
    for name in now:
        if name in was and was[name] != now[name]:
            yield name, (was[name], now[name])


def _evaluated(bodies: Bodies, place: int) -> Evaluation:
    sweep = bodies.sweep
    return evaluate(sweep.standard, assume(sweep.book, bodies.values(place)), sweep.reading)
