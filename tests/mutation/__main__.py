"""Mutation testing, by hand: `python -m tests.mutation` says which mutants of the modules that grade no test of theirs notices."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.mutation.judging import Judge, Outcome
from tests.mutation.modules import MODULES, ROOT
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.results import read, shown, summary, write

RESULTS = ROOT / "build" / "mutation"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the mutants of the modules named (all by default) and print a table; 1 if a module is below 95%, or a survivor isn't explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"any of {', '.join(MODULES)}; all, if left out")
    parser.add_argument("--again", action="store_true", help="judge only the mutants that survived the last run")
    parser.add_argument("--report", action="store_true", help="only print the results of the last runs")
    options = parser.parse_args(arguments)
    chosen: list[str] = options.modules or list(MODULES)
    if unknown := [each for each in chosen if each not in MODULES]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(MODULES)}")
    for name in [] if options.report else chosen:
        _run(name, options.again)
    text, well = summary({name: read(RESULTS / f"{name}.json") for name in chosen if (RESULTS / f"{name}.json").exists()})
    print(text)
    return 0 if well else 1


def _run(name: str, again: bool) -> None:
    module = MODULES[name]
    source = (ROOT / module.path).read_text(encoding="utf-8")
    found = {mutant.key: mutant for mutant in mutants(source)}
    file = RESULTS / f"{name}.json"
    before = {mutant.key: outcome for mutant, outcome in read(file)} if again and file.exists() else {}
    results: list[tuple[Mutant, Outcome]] = [
        (found[key], outcome) for key, outcome in before.items() if key in found and outcome is not Outcome.SURVIVED
    ]
    settled = {mutant.key for mutant, _ in results}
    with Judge(ROOT, module) as judge:
        judge.check()
        for key in [each for each in found if each not in settled]:
            outcome = judge.judge(found[key].applied(source))
            results.append((found[key], outcome))
            write(file, results)
            print(f"{name} {len(results)}/{len(found)}, {outcome.value}: {shown(found[key])}", file=sys.stderr, flush=True)
        judge.check()


if __name__ == "__main__":
    sys.exit(main())
