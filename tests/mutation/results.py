"""Results of mutation testing, kept as JSON, and their table."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from tests.mutation.judging import Outcome
from tests.mutation.modules import MODULES
from tests.mutation.mutants import Mutant

Results = Sequence[tuple[Mutant, Outcome]]
LEAST = 95
SURVIVORS = Path(__file__).with_name("survivors.yaml")
"""Why survivors survive: by module, the line, what it becomes, and the reason."""


def explained() -> dict[tuple[str, str, str], str]:
    """Return the reasons by module, line and what it becomes."""
    told = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8"))
    assert set(told) <= set(MODULES)
    return {(module, each["line"], change): each["why"] for module, lines in told.items() for each in lines for change in each["becomes"]}


def write(path: Path, results: Results) -> None:
    """Write results to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([{**dataclasses.asdict(mutant), "outcome": outcome.value} for mutant, outcome in results], indent=1)
    path.write_text(text, encoding="utf-8")


def read(path: Path) -> list[tuple[Mutant, Outcome]]:
    """Read what `write` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [(Mutant(**{key: value for key, value in each.items() if key != "outcome"}), Outcome(each["outcome"])) for each in data]


def summary(results: Mapping[str, Results]) -> tuple[str, bool]:
    """Return a table in Markdown of each module's mutants, with the survivors that nothing explains below it; and whether all is well."""
    why = explained()
    rows = ["| module | mutants | killed | of these by their time | % |", "|---|---|---|---|---|"]
    open_ = []
    least = 100.0
    for name, found in results.items():
        survived = [mutant for mutant, outcome in found if outcome is Outcome.SURVIVED]
        endless = sum(outcome is Outcome.ENDLESS for _, outcome in found)
        killed = len(found) - len(survived)
        rate = 100 * killed / len(found)
        least = min(least, rate)
        rows.append(f"| {name} | {len(found)} | {killed} | {endless} | {rate:.1f}{'' if rate >= LEAST else f' (below {LEAST})'} |")
        open_ += [f"- {name} {shown(each)}" for each in survived if (name, each.before.strip(), each.after.strip()) not in why]
    told = [f"{len(open_)} survivors that nothing explains (give each a reason in {SURVIVORS.name}, or a test):", *open_] if open_ else []
    return "\n".join([*rows, "", *told]), least >= LEAST and not open_


def shown(mutant: Mutant) -> str:
    """Return a mutant in a line."""
    return f"{mutant.line}, {mutant.operator}: `{mutant.before.strip()}` → `{mutant.after.strip()}`"
