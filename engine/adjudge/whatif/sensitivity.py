"""Sensitivity: how often a grade stays if coders err, each status being off by one step at a declared rate; drawn with a seed, through the sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adjudge.errors import BadInput
from adjudge.proposal import Proposal
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.sweep import INAPPLICABLE, OPEN, UNKNOWN, compile_rulebook

if TYPE_CHECKING:
    import numpy as np

    from adjudge.sweep.arrays import Answers

BATCH = 1 << 18


@dataclass(frozen=True)
class Sensitivity:
    """How a framework's answers fall if each status is off by one step at a rate: ``answers`` counts the draws that give each answer.

    An answer is a grade's id, or ``worst–best`` while it is open. ``stays`` counts the draws whose grade and range are those proposed.
    """

    framework: str
    rate: float
    draws: int
    seed: int
    stays: int
    answers: Mapping[str, int]

    @property
    def share(self) -> float:
        """The share of the draws in which the answer stays."""
        return self.stays / self.draws


def sensitivity(proposal: Proposal, rates: Sequence[float] = (0.05, 0.1, 0.2), draws: int = 1_000_000, seed: int = 2007) -> tuple[Sensitivity, ...]:
    """Draw coding errors: each known status is off at the rate, one step up or down alike, or inwards where it is the best or the worst.

    Criteria err independently; those not assessed stay so, and judgements are no codings and don't err. Points have no steps: a rulebook with scales
    of points is refused. Raises BadInput for that, and for rates that don't lie between 0 and 1.
    """
    import numpy as np

    if any(not 0 <= rate <= 1 for rate in rates) or draws < 1:
        raise BadInput.at("rates", "expected rates between 0 and 1, and at least one draw")
    if any(each.criterion.points is not None for each in proposal.statuses):
        raise BadInput.at(proposal.framework, "has criteria with points, which are never off by one step of a status")
    standard = proposal.standard
    dominant = [each.criterion.id for each in proposal.statuses if each.significance != each.criterion.significance]
    sweep = compile_rulebook(standard, proposal.framework, proposal.reading.values, dominant=dominant)
    codes = {NOT_ASSESSED: UNKNOWN, NOT_APPLICABLE: INAPPLICABLE} | dict(standard.rank)
    base = {each.criterion.id: codes[each.status] for each in proposal.statuses}
    judged = {each.criterion.id for each in proposal.statuses if each.before_judgement is not None}
    erring = {name: code for name, code in base.items() if code < UNKNOWN and name not in judged}
    own = _name(proposal.grade, *proposal.range)
    found = []
    for rate in rates:
        random = np.random.default_rng([seed, round(rate * 1_000_000)])
        counts: dict[str, int] = {}
        for start in range(0, draws, BATCH):
            rows = min(BATCH, draws - start)
            columns = {name: _drawn(random, code, rate, rows, len(standard.statuses)) for name, code in erring.items()}
            columns |= {name: np.full(rows, code, np.uint8) for name, code in base.items() if name not in erring}
            for answer, count in _tally(sweep.columns(columns)).items():
                counts[answer] = counts.get(answer, 0) + count
        ordered = dict(sorted(counts.items(), key=lambda pair: -pair[1]))
        found.append(Sensitivity(proposal.framework, rate, draws, seed, counts.get(own, 0), ordered))
    return tuple(found)


def _drawn(random: np.random.Generator, code: int, rate: float, rows: int, statuses: int) -> np.ndarray[Any, Any]:
    """Return one criterion's codes: mostly its own, off by one step at the rate."""
    import numpy as np

    column = np.full(rows, code, np.uint8)
    wrong = np.flatnonzero(random.integers(0, 1 << 32, rows, np.uint32) < round(rate * (1 << 32)))
    up = random.integers(0, 2, len(wrong), np.uint8).astype(np.bool_)
    if code == 0:
        up[:] = True
    elif code == statuses - 1:
        up[:] = False
    column[wrong] = np.where(up, code + 1, code - 1)
    return column


def _tally(answers: Answers) -> dict[str, int]:
    """Count the different answers."""
    import numpy as np

    key = answers.grade.astype(np.int64) << 16 | answers.low.astype(np.int64) << 8 | answers.high
    found: dict[str, int] = {}
    for code, count in zip(*np.unique(key, return_counts=True), strict=True):
        grade, low, high = int(code) >> 16, int(code) >> 8 & 255, int(code) & 255
        name = _name(None if grade == OPEN else answers.grades[grade], answers.grades[low], answers.grades[high])
        found[name] = found.get(name, 0) + int(count)
    return found


def _name(grade: str | None, low: str, high: str) -> str:
    if grade is None:
        return f"{low}–{high}"
    return grade if low == high else f"{grade} ({low}–{high})"
