"""How cost grows with criteria, records and bodies: each step is ten times the one before, and linear cost grows ten times with it."""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Callable, Sequence

from tests.benchmarks.ours import FromRecords
from tests.benchmarks.peers import NotInstalled, find
from tests.benchmarks.table import figure, layout
from tests.benchmarks.workload import Workload

TIMES = (1, 10, 100, 1000)

Step = Callable[[int], Callable[[], object]]
"""Prepares the work of a size, outside the clock, and returns the call that does it."""


def growth(limit: float, markdown: bool, say: Callable[[str], None]) -> str:
    """Return three tables of milliseconds, each figure with its growth over the step before.

    A step isn't run if the growth seen so far (or linear growth, if that is more) says that it would take longer than ``limit`` seconds.
    """
    parts = []
    for title, unit, steps in (_criteria(), _records(), _bodies(), _sweep()):
        rows = []
        for name, step in steps.items():
            say(f"{title}: {name}")
            rows.append([name, *_grow(step, limit)])
        parts.append(layout([f"{title}, ms", *(f"{unit * times:,}" for times in TIMES)], rows, markdown))
    about = (
        "The best of up to 20 runs; in brackets the growth over the step before, of which the size is ten times less. "
        f"`over {limit:g} s`: not run, for so long it would take if it grows on as it did."
    )
    return "\n\n".join([about, *parts])


def _criteria() -> tuple[str, int, dict[str, Step]]:
    """One case of a framework of 50 criteria, 500 and so on."""

    def one(name: str, method: str) -> Step:
        def step(times: int) -> Callable[[], object]:
            workload = Workload(times)
            peer = find(name)(workload)
            case = peer.cases(workload.batch(1, seed=times))[0]
            return lambda: getattr(peer, method)(case)

        return step

    rows = [
        ("plain Python", "one"),
        ("adjudge, reference", "one"),
        *((f"adjudge, {each}", "explained") for each in ("reference", "propose", "compiled")),
    ]
    return "criteria of one case", 50, {f"{name}, explained" if method == "explained" else name: one(name, method) for name, method in rows}


def _records() -> tuple[str, int, dict[str, Step]]:
    """One framework of 50 criteria with 3 records to a criterion, 30 and so on."""

    def step(times: int) -> Callable[[], object]:
        workload = Workload()
        peer = FromRecords(workload)
        bundle = peer.bundle(workload.batch(1, seed=times).words[0], FromRecords.records * times)
        return lambda: peer.one(bundle)

    return "records of one case", 150, {"adjudge, from records": step}


def _bodies() -> tuple[str, int, dict[str, Step]]:
    """Many bodies, each with 50 statuses (or 150 records)."""

    def each(name: str) -> Step:
        def step(times: int) -> Callable[[], object]:
            workload = Workload()
            peer = find(name)(workload)
            cases = peer.cases(workload.batch(10 * times, seed=times))
            return lambda: peer.each(cases)

        return step

    names = ("plain Python", "adjudge, reference", "adjudge, propose", "adjudge, from records", "adjudge, compiled")
    return "bodies, one by one", 10, {name: each(name) for name in names}


def _sweep() -> tuple[str, int, dict[str, Step]]:
    """A sweep of 1,000 cases, 10,000 and so on, from byte columns and from the packed form."""

    def columns(name: str, packed: bool = False) -> Step:
        def step(times: int) -> Callable[[], object]:
            workload = Workload()
            peer = find(name)(workload)
            batch = workload.batch(1000 * times, seed=times)
            if packed:
                return functools.partial(peer.sweep_packed, peer.pack(batch))
            return functools.partial(peer.sweep, peer.load(batch))

        return step

    names = ("numpy columns", "numpy columns, in blocks", "adjudge, compiled")
    rows = {name: columns(name) for name in names} | {"adjudge, compiled, packed": columns("adjudge, compiled", packed=True)}
    return "cases of a sweep", 1000, rows


def _grow(step: Step, limit: float) -> Sequence[str]:
    """Return a cell for each size: the best of a few runs, and how much more it is than the size before."""
    cells: list[str] = []
    last, grew = 0.0, 10.0
    for times in TIMES:
        if last * grew > limit:
            cells.append(f"over {limit:g} s")
            continue
        try:
            work = step(times)
        except NotInstalled as missing:
            return [str(missing), *["–"] * (len(TIMES) - 1)]
        taken = _best(work)
        cells.append(figure(taken * 1e3) + (f" (×{figure(taken / last)})" if last else ""))
        grew, last = max(10.0, taken / last) if last else 10.0, taken
    return cells


def _best(work: Callable[[], object]) -> float:
    """The least of up to 20 runs within half a second, the first of which warms up."""
    gc.collect()
    taken: list[float] = []
    while not taken or (len(taken) < 20 and sum(taken) < 0.5):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)
