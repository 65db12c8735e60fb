"""zen-engine: one compiled expression; and a decision graph (an expression node, then a decision table) whose trace explains."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import zen

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Workload


def _listed(ids: tuple[str, ...]) -> str:
    return "[" + ", ".join(ids) + "]"


class Expression(Peer):
    """One compiled expression over the case."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        fair, good, factors = _listed(workload.fair), _listed(workload.good), _listed(workload.factors)
        poor = f"some({_listed(workload.critical)}, # < 2) or count({fair}, # == 0) >= {workload.significant_number}"
        excellent = f"count({good}, # >= 2) >= {workload.vast_majority} and all({factors}, # >= 2)"
        beyond_fair = f"{excellent} ? 3 : count({good}, # >= 2) >= {workload.most} ? 2 : 1"
        self.expression = zen.compile_expression(f"{poor} ? 0 : not(all({fair}, # >= 2)) ? 1 : ({beyond_fair})")

    def one(self, case: Mapping[str, int]) -> int:
        return int(self.expression.evaluate(case))


class Graph(Peer):
    """A decision graph: measures first, then a table of grades."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        measures = {
            "critical_failed": f"some({_listed(workload.critical)}, # < 2)",
            "well_short": f"count({_listed(workload.fair)}, # == 0)",
            "fair_met": f"all({_listed(workload.fair)}, # >= 2)",
            "good_met": f"count({_listed(workload.good)}, # >= 2)",
            "factors_met": f"all({_listed(workload.factors)}, # >= 2)",
        }
        rules = [
            ({"critical_failed": "true"}, "poor"),
            ({"well_short": f">= {workload.significant_number}"}, "poor"),
            ({"fair_met": "true", "good_met": f">= {workload.vast_majority}", "factors_met": "true"}, "excellent"),
            ({"fair_met": "true", "good_met": f">= {workload.most}"}, "good"),
            ({}, "fair"),
        ]
        table = {
            "hitPolicy": "first",
            "inputs": [{"id": name, "name": name, "field": name} for name in measures],
            "outputs": [{"id": "grade", "name": "grade", "field": "grade"}],
            "rules": [
                {"_id": f"rule{place}", **{name: tests.get(name, "") for name in measures}, "grade": f'"{grade}"'}
                for place, (tests, grade) in enumerate(rules)
            ],
        }
        expressions = [{"id": name, "key": name, "value": value} for name, value in measures.items()]
        nodes = [
            {"id": "in", "name": "statuses", "type": "inputNode"},
            {"id": "measures", "name": "measures", "type": "expressionNode", "content": {"expressions": expressions}},
            {"id": "grades", "name": "grades", "type": "decisionTableNode", "content": table},
            {"id": "out", "name": "grade", "type": "outputNode"},
        ]
        steps = [("in", "measures"), ("measures", "grades"), ("grades", "out")]
        edges = [{"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"} for source, target in steps]
        self.decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def one(self, case: Mapping[str, int]) -> str:
        return str(self.decision.evaluate(case)["result"]["grade"])

    def explained(self, case: Mapping[str, int]) -> tuple[str, Any]:
        """Return the grade and the trace: what went into each node and what came out."""
        answer = self.decision.evaluate(case, {"trace": True})
        return str(answer["result"]["grade"]), answer["trace"]
