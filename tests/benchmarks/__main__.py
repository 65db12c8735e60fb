"""The benchmark: `python -m tests.benchmarks` checks every engine against the oracle, times those that agree, and prints one table of ratios."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.measure import CHECKED, PASSES, checked, time_rounds
from tests.benchmarks.peers import OURS, PEERS
from tests.benchmarks.scale import growth
from tests.benchmarks.table import results
from tests.benchmarks.workload import GRADES, Workload


def main() -> int:
    """Run the benchmark as the command line asks; return the exit status: 1 if an engine graded wrongly."""
    given = _arguments()
    if given.scale:
        print(growth(given.limit, given.markdown, _say))
        return 0
    workload = Workload()
    base = next(iter(PEERS))
    names = [name for name in (*PEERS, *OURS) if name == base or not given.only or any(part in name for part in given.only)]
    rows = []
    for name in names:
        _say(f"checking {name}")
        rows.append(checked(name, workload))
    with tempfile.TemporaryDirectory() as folder:
        time_rounds(rows, workload, given.rounds, given.cases, Path(folder), _say)
    print(_about(workload, given.rounds, given.cases), results(rows, rows[0], given.markdown), sep="\n\n")
    for row in rows:
        if row.peer:
            row.peer.close()
    return int(any(row.note.startswith("wrong") for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds of which the median is shown (default 9)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only the rows whose name holds one of these, beside plain Python")
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases of a sweep (default 1,000,000)")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--scale", action="store_true", help="print how cost grows with criteria, records and bodies instead")
    parser.add_argument("--limit", type=float, default=20.0, help="with --scale: seconds that a step may be expected to take (default 20)")
    given = parser.parse_args()
    if given.rounds < 1 or given.cases < 1:
        parser.error("--rounds and --cases are whole numbers from 1")
    return given


def _about(workload: Workload, rounds: int, cases: int) -> str:
    grades = Counter(map(workload.oracle, workload.batch(CHECKED, seed=0).words))
    mixture = ", ".join(f"{grades[grade]} {grade}" for grade in GRADES)
    return (
        f"{len(workload.ids)} made-up criteria; Python {platform.python_version()}, {platform.machine()}. "
        f"Every engine measured agreed with the oracle on {CHECKED:,} cases ({mixture}).\n"
        f"Medians of {rounds} interleaved rounds with fresh cases; in brackets the ratio to plain Python in the same run (to its unexplained case, "
        f"and its what-ifs one by one,\nwhere it has no other). What-ifs: {cases:,} cases, the best of {PASSES} passes; without columns, "
        "one by one, as many as fit."
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
