"""Checking engines against the oracle, and timing those that agree with it in interleaved rounds."""

from __future__ import annotations

import functools
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.peers import NotInstalled, Peer, as_words, find
from tests.benchmarks.workload import Batch, Workload

CHECKED = 2000
"""Cases that an engine must grade as the oracle does, in every form that it takes, before it is timed."""

MANY = 258
"""Cases of a batch that is graded at once: 43 forces and 6 frameworks."""

MEASURES = ("one", "explained", "many", "sweep", "packed", "cold")
"""A case alone; the same with its explanation; a batch; what-ifs from byte columns and from packed ones; a first grade in a fresh process."""

_BUDGET = 0.05
"""Seconds that a measure of cases one by one should take in a round."""

PASSES = 3
"""Passes over a sweep's cases of which the best counts in a round: the first pays for pages of memory that the system hands out."""

_ROOT = Path(__file__).parents[2]

Graded = Sequence[str | int]


@dataclass
class Row:
    """An engine's row: why it isn't measured, or what each measure took in each round, in seconds a case (``cold``: seconds of the process)."""

    name: str
    note: str = ""
    peer: Peer | None = None
    pace: dict[str, float] = field(default_factory=dict)
    """Seconds a case of each form that was checked."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def median(self, measure: str) -> float | None:
        """The median over the rounds, or None where the engine doesn't do it."""
        return statistics.median(self.rounds[measure]) if self.rounds.get(measure) else None

    def ratio(self, base: Row, measure: str) -> float | None:
        """The median over the rounds of this row's time to the base's in the same round; where the base has none, to the nearest it has."""
        nearest = {"explained": "one", "packed": "sweep"}
        mine, other = self.rounds.get(measure), base.rounds.get(measure) or base.rounds.get(nearest.get(measure, measure))
        return statistics.median(a / b for a, b in zip(mine, other, strict=True)) if mine and other else None


def checked(name: str, workload: Workload, size: int = CHECKED) -> Row:
    """Make an engine ready and check it in every form that it takes. The row's ``note`` says why it can't be timed, if it can't."""
    try:
        peer = find(name)(workload)
    except NotInstalled as missing:
        return Row(name, str(missing))
    row = Row(name, peer=peer)
    batch = workload.batch(size, seed=0)
    right = [workload.oracle(case) for case in batch.words]
    for form, can in (("one", True), *((form, peer.can(form)) for form in ("explained", "many", "sweep", "pack"))):
        if not can or (form == "explained" and peer.always_explains):
            continue
        grade = _ready(peer, form, batch)
        start = peer.clock()
        grades = grade()
        row.pace[form] = (peer.clock() - start) / size
        if wrong := sum(found != expected for found, expected in zip(as_words(grades), right, strict=True)):
            peer.close()
            return Row(name, f"wrong: {wrong:,} of {size:,} grades ({form})")
    return row


def _ready(peer: Peer, form: str, batch: Batch) -> Callable[[], Graded]:
    """Return the call that grades a batch in one form, with all done that is outside the clock."""
    if form == "many":
        return functools.partial(peer.many, getattr(batch, peer.takes_many))
    if form == "sweep":
        return functools.partial(peer.sweep, peer.load(batch))
    if form == "pack":
        return functools.partial(peer.sweep_packed, peer.pack(batch))
    return functools.partial(peer.each_explained if form == "explained" else peer.each, peer.cases(batch))


def time_rounds(rows: Sequence[Row], workload: Workload, rounds: int, cases: int, folder: Path, say: Callable[[str], None]) -> None:
    """Time every row that has a peer in interleaved rounds: fresh cases in each, the same for all, another engine first each time.

    ``cases`` is the size of a sweep; ``folder`` is for what fresh processes need; ``say`` is told of each round.
    """
    timed = [row for row in rows if row.peer]
    for row in timed:
        home = folder / row.name.replace(" ", "-")
        home.mkdir()
        if row.peer and row.peer.starts:
            row.peer.leave(workload, str(home))
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        fresh = functools.cache(lambda measure, size, number=number: workload.batch(size, f"round {number}, {measure}"))
        first = number % len(timed)
        for row in (*timed[first:], *timed[:first]):
            _time(row, fresh, cases)
            if row.peer and row.peer.starts:
                row.rounds.setdefault("cold", []).append(_cold(row, workload, fresh("cold", 1), folder / row.name.replace(" ", "-")))


def _time(row: Row, fresh: Callable[[str, int], Batch], cases: int) -> None:
    """Time one row once, in all its measures but the cold start."""
    peer = row.peer
    assert peer is not None

    def note(measure: str, form: str, size: int, passes: int = 1) -> None:
        grade = _ready(peer, form, fresh(measure, size))
        gc.collect()
        taken = []
        for _ in range(passes):
            start = peer.clock()
            grade()
            taken.append(peer.clock() - start)
        row.rounds.setdefault(measure, []).append(min(taken) / size)

    def fitting(form: str, most: int) -> int:
        """A number of cases for the budget: whole mixtures of 8, in steps of powers of two, so that engines share batches."""
        size = 8
        while size * 2 <= most and size * 2 * row.pace[form] <= _BUDGET:
            size *= 2
        return size

    note("one", "one", fitting("one", 2048))
    if peer.always_explains:
        row.rounds["explained"] = row.rounds["one"]
    elif "explained" in row.pace:
        note("explained", "explained", fitting("explained", 2048))
    note("many", "many" if "many" in row.pace else "one", MANY)
    if "sweep" in row.pace:
        note("sweep", "sweep", cases, PASSES)
    else:
        note("sweep", "one", fitting("one", 16384))
    if "pack" in row.pace:
        note("packed", "pack", cases, PASSES)


def _cold(row: Row, workload: Workload, batch: Batch, folder: Path) -> float:
    """Return the seconds from starting a fresh interpreter to its end, with one case graded in it. Raises RuntimeError if it fails or is wrong."""
    ranks = "".join(str(column[0]) for column in batch.columns.values())
    code = f"from tests.benchmarks.cold import first; first({row.name!r}, {ranks!r}, {str(folder)!r})"
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.stdout.strip() != workload.oracle(batch.words[0]):
        raise RuntimeError(f"{row.name}, cold: {done.stdout or done.stderr}")
    return seconds
