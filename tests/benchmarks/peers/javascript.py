"""JavaScript engines, in a process of node that grades cases one after another and times itself: what passes between the processes isn't counted."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from tests.benchmarks.peers import NotInstalled, Peer
from tests.benchmarks.peers.json_logic_rule import rule
from tests.benchmarks.workload import Workload

_HERE = Path(__file__).parent.parent / "javascript"


class _JavaScript(Peer):
    engine: ClassVar[str]

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        node = shutil.which("node")
        if node is None or not (_HERE / "node_modules" / self.engine).is_dir():
            raise NotInstalled(f"not installed ({'node' if node is None else self.engine}: npm install --prefix tests/benchmarks/javascript)")
        self.seconds = 0.0
        self.node = subprocess.Popen([node, str(_HERE / "engines.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask(engine=self.engine, rule=self.rule())

    def rule(self) -> Any:
        """Return what the engine is made from."""
        raise NotImplementedError

    def one(self, case: Any) -> str | int:
        return self.each([case])[0]

    def each(self, cases: Sequence[Any]) -> Sequence[str | int]:
        answer = self._ask(cases=cases)
        self.seconds += answer["seconds"]
        grades: list[str | int] = answer["grades"]
        return grades

    def clock(self) -> float:
        return self.seconds

    def close(self) -> None:
        self.node.communicate()

    def _ask(self, **request: Any) -> dict[str, Any]:
        assert self.node.stdin
        assert self.node.stdout
        print(json.dumps(request), file=self.node.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.node.stdout.readline())
        return answer


class JsonLogicEngine(_JavaScript):
    """json-logic-engine: the rule compiled to a function."""

    engine = "json-logic-engine"

    def rule(self) -> Any:
        return rule(self.work)


class JsonRulesEngine(_JavaScript):
    """json-rules-engine: a rule for each grade; it has no counts, so the host counts. Every answer holds each condition with what came of it."""

    engine = "json-rules-engine"
    always_explains = True

    def rule(self) -> Any:
        work = self.work

        def test(fact: str, operator: str, value: int) -> dict[str, Any]:
            return {"fact": fact, "operator": operator, "value": value}

        def every(ids: Sequence[str]) -> list[dict[str, Any]]:
            return [test(each, "greaterThanInclusive", 2) for each in ids]

        poor = [*(test(each, "lessThan", 2) for each in work.critical), test("well_short", "greaterThanInclusive", work.significant_number)]
        good = [*every(work.fair), test("good_met", "greaterThanInclusive", work.most)]
        excellent = [*every(work.fair), test("good_met", "greaterThanInclusive", work.vast_majority), *every(work.factors)]
        conditions = {"poor": {"any": poor}, "good": {"all": good}, "excellent": {"all": excellent}}
        return {
            "rules": [{"conditions": condition, "event": {"type": grade}} for grade, condition in conditions.items()],
            "counts": {"well_short": [work.fair, 0, 0], "good_met": [work.good, 2, 3]},
        }
