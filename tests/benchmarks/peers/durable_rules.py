"""durable-rules alone, in the one pattern that holds: the host counts, rules match the counts, one session a case, deleted afterwards."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from durable import engine

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Workload

_RULESET = itertools.count(1)


class _Host(engine.Host):  # type: ignore[misc]
    """A host without background threads, whose actions note which rule fired, and on what."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: dict[str, Any] = {}

    def _run(self) -> None: ...

    def get_action(self, action_name: str) -> Callable[[Any], None]:
        def fire(context: Any) -> None:
            self.fired[action_name] = context.m

        return fire


class Durable(Peer):
    """Conditions of the grades as rules over a tally for each selection."""

    takes = "words"
    always_explains = True

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self.host, self.sessions, self.name = _Host(), itertools.count(1), f"benchmark{next(_RULESET)}"

        def tally(alias: str, *tests: Mapping[str, Any]) -> dict[str, Any]:
            return {alias: {"$and": [{"kind": "tally"}, {"of": alias}, *tests]}}

        fair = tally("fair", {"unmet": 0})
        rules: dict[str, list[Any]] = {
            "critical": [tally("critical", {"$gt": {"unmet": 0}})],
            "number": [tally("fair", {"$gte": {"short": workload.significant_number}})],
            "excellent": [fair, tally("good", {"$gte": {"met": workload.vast_majority}}), tally("factors", {"unmet": 0})],
            "good": [fair, tally("good", {"$gte": {"met": workload.most}})],
        }
        ruleset = {name: {"all": patterns, "run": name, "cap": 100000} for name, patterns in rules.items()}
        ruleset["open"] = {"all": [{"o": {"kind": "open"}}], "run": "open"}
        ruleset["sink"] = {"all": [{"any": {"$ex": {"kind": 1}}}, {"never": {"kind": "__never__"}}], "run": "sink"}
        self.host.register_rulesets({self.name: ruleset})

    def one(self, case: Mapping[str, str]) -> str:
        return self.explained(case)[0]

    def explained(self, case: Mapping[str, str]) -> tuple[str, Any]:
        """Return the grade and the rules that fired with what they matched: the engine notes them for every case."""
        work, session, met = self.work, str(next(self.sessions)), ("met", "substantially_met")
        fired: dict[str, Any] = {}
        self.host.fired = fired
        facts = []
        for place, of in enumerate(("critical", "fair", "good", "factors")):
            statuses = [case[each] for each in getattr(work, of)]
            reached = sum([status in met for status in statuses])
            counts = {"met": reached, "unmet": len(statuses) - reached, "short": statuses.count("well_short")}
            facts.append({"id": str(place), "sid": session, "kind": "tally", "of": of, **counts})
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*utcfromtimestamp", category=DeprecationWarning)
            self.host.assert_facts(self.name, [{"id": "open", "sid": session, "kind": "open"}])
            self.host.assert_facts(self.name, facts)
        self.host.delete_state(self.name, session)
        if "critical" in fired or "number" in fired:
            return "poor", fired
        return next((grade for grade in ("excellent", "good") if grade in fired), "fair"), fired
