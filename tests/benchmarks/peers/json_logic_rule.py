"""The grade as one JsonLogic rule, for the engines that read them."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.workload import Workload


def rule(workload: Workload) -> dict[str, Any]:
    """Return the grade as one JsonLogic rule over a case's ranks; its value is the grade's code."""

    def every(ids: tuple[str, ...]) -> list[Any]:
        return [{">=": [{"var": each}, 2]} for each in ids]

    def count(tests: list[Any]) -> Any:
        return {"+": [{"if": [test, 1, 0]} for test in tests]}

    short, good = count([{"==": [{"var": each}, 0]} for each in workload.fair]), count(every(workload.good))
    poor = [*({"<": [{"var": each}, 2]} for each in workload.critical), {">=": [short, workload.significant_number]}]
    excellent = [*every(workload.fair), {">=": [good, workload.vast_majority]}, *every(workload.factors)]
    return {"if": [{"or": poor}, 0, {"and": excellent}, 3, {"and": [*every(workload.fair), {">=": [good, workload.most]}]}, 2, 1]}
