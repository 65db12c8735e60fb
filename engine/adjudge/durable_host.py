"""durable-rules in the one pattern that it can be trusted with: one host without threads, a ruleset for each standard, a session for each grade."""

from __future__ import annotations

import copy
import functools
import itertools
import json
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from adjudge.proposal import Firing

Fact = dict[str, str | int | bool]


class LostFacts(RuntimeError):
    """A stratum fired another number of rules than it has facts: durable-rules dropped or repeated some."""


@functools.cache
def available() -> bool:
    """Say whether durable-rules can be imported here."""
    return _durable() is not None


@functools.cache
def _durable() -> Any:
    """Import durable-rules, binding its C symbols lazily: on CPython 3.13 it lacks one that only storage callbacks need."""
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    try:
        if flags is not None:
            sys.setdlopenflags(os.RTLD_LAZY)
        from durable import engine
    except ImportError:
        return None
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    return engine


@dataclass
class Session:
    """An open session of one ruleset: facts go in stratum by stratum, and every firing is kept."""

    host: Any
    ruleset: str
    name: str
    trace: list[Firing] = field(default_factory=list)

    def put(self, facts: Sequence[Fact], expected: int | None = None) -> list[Firing]:
        """Assert facts, let the rules fire and return the firings. Raises LostFacts if there aren't as many as expected."""
        if not facts:
            return []
        self.host.firings = []
        prepared = [{"id": str(next(_ids)), "sid": self.name, **fact} for fact in facts]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*utcfromtimestamp", category=DeprecationWarning)
            self.host.assert_facts(self.ruleset, prepared)
        if self.host.errors:
            raise LostFacts(f"an action failed: {self.host.errors[0]}")
        if expected is not None and len(self.host.firings) != expected:
            raise LostFacts(f"{expected} facts, but {len(self.host.firings)} firings")
        found = list(self.host.firings)
        self.trace += [firing for firing in found if firing.rule != "open"]
        return found


@contextmanager
def session(rules: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Session]:
    """Open a session of the ruleset that rules make (each a list of patterns that must all match); delete it at the end."""
    with _lock:
        ruleset = _registered(rules)
        host = _host()
        host.firings, host.errors = [], []
        opened = Session(host, ruleset, str(next(_sessions)))
        opened.put([{"kind": "open"}], expected=1)
        try:
            yield opened
        finally:
            host.delete_state(ruleset, opened.name)


_lock = threading.Lock()
_ids = itertools.count(1)
_sessions = itertools.count(1)
_rulesets: dict[str, str] = {}


def _registered(rules: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return the name of the ruleset that rules make; registering leaks memory, so equal rules are registered once."""
    key = json.dumps(rules, sort_keys=True)
    if key not in _rulesets:
        compiled: dict[str, Any] = {name: {"all": copy.deepcopy(patterns), "run": name, "cap": 100000} for name, patterns in rules.items()}
        compiled["open"] = {"all": [{"o": {"kind": "open"}}], "run": "open"}
        compiled["sink"] = {"all": [{"any": {"$ex": {"kind": 1}}}, {"never": {"kind": "__never__"}}], "run": "sink"}
        name = f"rules{len(_rulesets)}"
        _host().register_rulesets({name: compiled})
        _rulesets[key] = name
    return _rulesets[key]


@functools.cache
def _host() -> Any:
    engine = _durable()

    class Host(engine.Host):  # type: ignore[misc, name-defined]
        """A host without background threads, whose actions note the rule that fired and what it matched."""

        firings: list[Firing]
        errors: list[Exception]

        def _run(self) -> None:
            pass

        def get_action(self, action_name: str) -> Callable[[Any], None]:
            def fire(context: Any) -> None:
                try:
                    self.firings.extend(Firing(action_name, facts) for facts in _matched(context))
                except Exception as error:  # an action that raises is swallowed by the engine, so it is kept and raised afterwards
                    self.errors.append(error)

            return fire

    host = Host()
    host.firings, host.errors = [], []
    return host


def _matched(context: Any) -> list[tuple[Mapping[str, str | int | bool], ...]]:
    """Return the facts of each firing that a call of an action stands for (several under a cap), without the engine's own keys."""
    joined = vars(context).get("m")
    matches = [match._d for match in joined] if joined is not None else [context._m]
    return [tuple({key: value for key, value in fact.items() if key not in ("id", "sid")} for fact in match.values()) for match in matches]
