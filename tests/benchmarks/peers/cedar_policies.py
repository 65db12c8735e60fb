"""cedarpy: one policy for each way to a grade; the answer names the policies that held, and the host takes the best or the limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cedarpy

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Workload


class Cedar(Peer):
    """Five policies over the context; counts are sums of conditionals, since the language has no aggregates."""

    always_explains = True

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)

        def every(ids: tuple[str, ...]) -> str:
            return " && ".join(f"context.{each} >= 2" for each in ids)

        def count(ids: tuple[str, ...], test: str) -> str:
            return "(" + " + ".join(f"(if context.{each} {test} then 1 else 0)" for each in ids) + ")"

        good = count(workload.good, ">= 2")
        policies = {
            "a critical criterion failed": f"!({every(workload.critical)})",
            "a significant number well short": f"{count(workload.fair, '== 0')} >= {workload.significant_number}",
            "excellent": f"{every(workload.fair)} && {good} >= {workload.vast_majority} && {every(workload.factors)}",
            "good": f"{every(workload.fair)} && {good} >= {workload.most}",
            "fair": every(workload.threshold),
        }
        self.names = {f"policy{place}": name for place, name in enumerate(policies)}
        self.policies = cedarpy.PolicySet.from_str("\n".join(f"permit(principal, action, resource) when {{ {test} }};" for test in policies.values()))
        self.entities = cedarpy.Entities.from_json_str("[]")
        self.request = {"principal": 'Body::"body"', "action": 'Action::"grade"', "resource": 'Framework::"framework"'}

    def one(self, case: Mapping[str, int]) -> str:
        return self.explained(case)[0]

    def explained(self, case: Mapping[str, int]) -> tuple[str, Any]:
        """Return the grade and the policies that held: the engine names them in every answer. Raises RuntimeError if it skipped one for an error."""
        answer = cedarpy.is_authorized({**self.request, "context": case}, self.policies, self.entities).diagnostics
        if answer.errors:
            raise RuntimeError(str(answer.errors))
        held = {self.names[reason] for reason in answer.reasons}
        if not held.isdisjoint(("a critical criterion failed", "a significant number well short")):
            return "poor", held
        return next((grade for grade in ("excellent", "good") if grade in held), "fair"), held
