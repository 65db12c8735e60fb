"""Results of mutation testing, kept as JSON, and their table."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.mutation.judging import Outcome
from tests.mutation.mutants import Mutant

Results = Sequence[tuple[Mutant, Outcome]]
LEAST = 95


def write(path: Path, results: Results) -> None:
    """Write results to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([{**dataclasses.asdict(mutant), "outcome": outcome.value} for mutant, outcome in results], indent=1)
    path.write_text(text, encoding="utf-8")


def read(path: Path) -> list[tuple[Mutant, Outcome]]:
    """Read what `write` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [(Mutant(**{key: value for key, value in each.items() if key != "outcome"}), Outcome(each["outcome"])) for each in data]


def summary(results: Mapping[str, Results]) -> str:
    """Return a table in Markdown of each module's mutants, and the survivors below it."""
    rows = ["| module | mutants | killed | of these by their time | % |", "|---|---|---|---|---|"]
    survivors = []
    for name, found in results.items():
        survived = [mutant for mutant, outcome in found if outcome is Outcome.SURVIVED]
        endless = sum(outcome is Outcome.ENDLESS for _, outcome in found)
        killed = len(found) - len(survived)
        rate = 100 * killed / len(found)
        rows.append(f"| {name} | {len(found)} | {killed} | {endless} | {rate:.1f}{'' if rate >= LEAST else f' (below {LEAST})'} |")
        survivors += [f"- {name} {shown(each)}" for each in survived]
    return "\n".join([*rows, "", *survivors])


def shown(mutant: Mutant) -> str:
    """Return a mutant in a line."""
    return f"{mutant.line}, {mutant.operator}: `{mutant.before.strip()}` → `{mutant.after.strip()}`"
