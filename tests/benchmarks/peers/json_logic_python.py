"""json-logic-qubit: JsonLogic in Python. Ports differ in whether a value of 0 is missing; this one reads it as 0 (checked on every run)."""

from __future__ import annotations

from collections.abc import Mapping

from json_logic import jsonLogic

from tests.benchmarks.peers import Peer
from tests.benchmarks.peers.json_logic_rule import rule
from tests.benchmarks.workload import Workload


class JsonLogic(Peer):
    """One rule, interpreted."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self.rule = rule(workload)

    def one(self, case: Mapping[str, int]) -> int:
        return int(jsonLogic(self.rule, case))
