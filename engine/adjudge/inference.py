"""Inference: the same grading by durable-rules, with its trace of firings. Shares data with the reference, but no logic.

The engine is used only in one pattern: facts are asserted in strata, matching and chaining are the rules', absence and counting are
Python's, one session serves one framework and is deleted, and each stratum is checked for lost facts. See docs/decisions/0003.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
import os
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from adjudge.evidence import WHOLE, Judgement, Record
from adjudge.proposal import Firing
from adjudge.rulebook import (
    NOT_APPLICABLE,
    NOT_ASSESSED,
    AllHold,
    AnyHolds,
    AnyOf,
    Condition,
    Count,
    CountHold,
    Every,
    Reading,
    Rulebook,
    Share,
    Standard,
    parts,
)

Fact = dict[str, str | int | bool]


@dataclass(frozen=True)
class Inferred:
    """What inference concluded: each criterion's status and whether it is contested, each condition's truth, and the answer.

    ``truth`` maps a condition's place (``reach.0.1``: the second part of the first reach) to whether it is certain and whether it is possible.
    """

    statuses: Mapping[str, str]
    contested: frozenset[str]
    truth: Mapping[str, tuple[bool, bool]]
    grade: str | None
    low: str
    high: str
    trace: tuple[Firing, ...]


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


def infer(
    standard: Standard,
    book: Rulebook,
    reading: Reading,
    records: Sequence[Record] = (),
    judgements: Sequence[Judgement] = (),
    units: Sequence[str] = (),
    statuses: Mapping[str, str] | None = None,
) -> Inferred | None:
    """Grade one framework by rules, from its records and judgements (or from statuses given); None without durable-rules."""
    if not available():
        return None
    with _lock:
        return _Run(_compiled(standard), standard, book, reading).run(records, judgements, units, statuses)


_lock = threading.Lock()
_rulesets: dict[str, _Compiled] = {}


@dataclass
class _Compiled:
    """A ruleset registered with the process's host; registering leaks memory, so there is one for each standard."""

    name: str
    host: Any
    sessions: Any


def _compiled(standard: Standard) -> _Compiled:
    rules = _rules(standard)
    key = json.dumps(rules, sort_keys=True)
    if key not in _rulesets:
        name = f"standard{len(_rulesets)}"
        host = _host()
        host.register_rulesets({name: copy.deepcopy(rules)})
        _rulesets[key] = _Compiled(name, host, itertools.count(1))
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


def _pattern(alias: str, kind: str, *tests: Mapping[str, Any]) -> dict[str, Any]:
    return {alias: {"$and": [{"kind": kind}, *tests]}}


def _rules(standard: Standard) -> dict[str, Any]:
    """Compile a standard into a ruleset: it holds no term's value, so that one ruleset serves every reading."""
    statuses = list(standard.statuses)
    rules: dict[str, list[dict[str, Any]]] = {}
    criterion = _pattern("cr", "criterion", {"criterion": {"ev": "criterion"}})
    for basis, shows in itertools.product(standard.bases, statuses):
        counts: list[Mapping[str, Any]] = [{"basis": basis}, {"shows": shows}, {"inside": True}, {"repeats": False}]
        rules[f"ev.{basis}.{shows}"] = [_pattern("ev", "evidence", *counts), criterion]
    rules["ev.repeats"] = [_pattern("ev", "evidence", {"repeats": True}), criterion]
    rules["ev.outside"] = [_pattern("ev", "evidence", {"repeats": False}, {"inside": False}), criterion]
    for index, status in enumerate(statuses):
        none_weaker = [{weaker: 0} for weaker in statuses[:index]]
        rules[f"un.{status}"] = [_pattern("su", "support", *none_weaker, {"$gte": {status: 1}})]
        rules[f"st.weakest.{status}"] = [_pattern("ac", "across", {"rule": "weakest"}, *none_weaker, {"$gte": {status: 1}})]
        beyond = [{"$lte": {f"{better}_or_better_x2": {"$m": "units"}}} for better in statuses[index + 1 : index + 2]]
        rules[f"st.majority.{status}"] = [
            _pattern("ac", "across", {"rule": "majority"}, {"$gt": {f"{status}_or_better_x2": {"$m": "units"}}}, *beyond)
        ]
    for place, condition in _places(standard):
        if isinstance(condition, AllHold):
            for mode in ("certain", "possible"):
                rules[f"{place}.{mode}"] = [
                    _pattern(f"p{index}", "truth", {"place": f"{place}.{index}"}, {mode: True}) for index in range(len(parts(condition)))
                ]
        elif isinstance(condition, AnyHolds):
            for mode, index in itertools.product(("certain", "possible"), range(len(parts(condition)))):
                rules[f"{place}.{mode}.{index}"] = [_pattern("p", "truth", {"place": f"{place}.{index}"}, {mode: True})]
        else:
            for mode in ("certain", "possible"):
                reached = {"$gte": {f"{mode}_scaled": {"$m": "needed_scaled"}}}
                beyond_it = {"$gt": {f"{mode}_scaled": {"$m": "needed_scaled"}}}
                rules[f"{place}.{mode}.reached"] = [_pattern("ta", "tally", {"place": place}, {"strict": False}, reached)]
                rules[f"{place}.{mode}.passed"] = [_pattern("ta", "tally", {"place": place}, {"strict": True}, beyond_it)]
    compiled: dict[str, Any] = {name: {"all": patterns, "run": name, "cap": 100000} for name, patterns in rules.items()}
    compiled["open"] = {"all": [{"o": {"kind": "open"}}], "run": "open"}
    compiled["sink"] = {"all": [{"any": {"$ex": {"kind": 1}}}, {"never": {"kind": "__never__"}}], "run": "sink"}
    return compiled


def _places(standard: Standard) -> list[tuple[str, Condition]]:
    """Return every condition of a standard with its place, the inner ones before those that join them."""

    def within(place: str, condition: Condition) -> list[tuple[str, Condition]]:
        inner = [found for index, part in enumerate(parts(condition)) for found in within(f"{place}.{index}", part)]
        return [*inner, (place, condition)]

    tops = [(f"reach.{index}", reach.when) for index, reach in enumerate(standard.reach)]
    tops += [(f"limits.{index}", limit.when) for index, limit in enumerate(standard.limits)]
    return [found for place, condition in tops for found in within(place, condition)]


@dataclass
class _Run:
    """One graded framework: a session of its own, deleted at the end."""

    compiled: _Compiled
    standard: Standard
    book: Rulebook
    reading: Reading
    trace: list[Firing] = field(default_factory=list)

    def run(self, records: Sequence[Record], judgements: Sequence[Judgement], units: Sequence[str], statuses: Mapping[str, str] | None) -> Inferred:
        host, self.session = self.compiled.host, str(next(self.compiled.sessions))
        host.firings, host.errors = [], []
        self._assert([{"kind": "open"}], expected=1)
        try:
            contested: frozenset[str] = frozenset()
            if statuses is None:
                found, contested = self._statuses(records, units)
            else:
                found = {criterion.id: statuses.get(criterion.id, NOT_ASSESSED) for criterion in self.book.criteria}
            significances = {criterion.id: criterion.significance for criterion in self.book.criteria}
            for judgement in judgements:
                if judgement.framework != self.book.rulebook or not judgement.criterion:
                    continue
                if judgement.dominant:
                    significances[judgement.criterion] = list(self.standard.significances)[-1]
                else:
                    found[judgement.criterion] = NOT_APPLICABLE if judgement.not_applicable else str(judgement.status)
            truth = self._truth(found, significances)
        finally:
            host.delete_state(self.compiled.name, self.session)
        return Inferred(found, contested, truth, *self._grade(truth), tuple(self.trace))

    def _assert(self, facts: Sequence[Fact], expected: int | None = None) -> list[Firing]:
        """Assert facts, let the rules fire and return the firings. Raises LostFacts if there aren't as many as expected."""
        if not facts:
            return []
        host = self.compiled.host
        host.firings = []
        prepared = [{"id": str(next(_ids)), "sid": self.session, **fact} for fact in facts]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*utcfromtimestamp", category=DeprecationWarning)
            host.assert_facts(self.compiled.name, prepared)
        if host.errors:
            raise LostFacts(f"an action failed: {host.errors[0]}")
        if expected is not None and len(host.firings) != expected:
            raise LostFacts(f"{expected} facts, but {len(host.firings)} firings")
        self.trace += [firing for firing in host.firings if firing.rule != "open"]
        return list(host.firings)

    def _statuses(self, records: Sequence[Record], units: Sequence[str]) -> tuple[dict[str, str], frozenset[str]]:
        ids = {criterion.id for criterion in self.book.criteria}
        period = self.standard.period
        facts: list[Fact] = [{"kind": "criterion", "criterion": each} for each in sorted(ids)]
        evidence: list[Fact] = []
        for record in records:
            inside = period.start <= record.date.start and record.date.end <= period.end
            for criterion, shows in [(record.criterion, record.shows), *record.also.items()]:
                if criterion in ids:
                    evidence.append(
                        {
                            "kind": "evidence",
                            "record": record.id,
                            "criterion": criterion,
                            "shows": shows,
                            "basis": record.basis,
                            "unit": record.unit,
                            "inside": inside,
                            "repeats": record.duplicate_of is not None,
                        }
                    )
        self._assert(facts, expected=0)
        counts = self._counts(self._assert(evidence, expected=len(evidence)))
        support: list[Fact] = []
        for criterion, by_unit in counts.items():
            for unit in self._speaking(by_unit, units):
                support.append(self._support(criterion, unit, by_unit))
        in_unit: dict[str, list[str]] = {}
        contested = set()
        for firing in self._assert(support, expected=len(support)):
            fact = firing.facts[0]
            in_unit.setdefault(str(fact["criterion"]), []).append(firing.rule.removeprefix("un."))
            if sum(bool(fact[status]) for status in self.standard.statuses) > 1:
                contested.add(str(fact["criterion"]))
        rule_of = {criterion.id: criterion.across_units for criterion in self.book.criteria}
        across = [self._across(criterion, rule_of[criterion], statuses) for criterion, statuses in in_unit.items()]
        found = {each.id: NOT_ASSESSED for each in self.book.criteria}
        for firing in self._assert(across, expected=len(across)):
            found[str(firing.facts[0]["criterion"])] = firing.rule.rsplit(".", 1)[1]
        return found, frozenset(contested)

    def _counts(self, firings: Sequence[Firing]) -> dict[str, dict[str, Counter[tuple[int, str]]]]:
        """Count what the classified records earn, by criterion, unit, strength and status."""
        order = list(self.standard.statuses)
        counts: dict[str, dict[str, Counter[tuple[int, str]]]] = {}
        for firing in firings:
            if firing.rule in ("ev.repeats", "ev.outside"):
                continue
            fact = next(fact for fact in firing.facts if fact["kind"] == "evidence")
            basis = self.standard.bases[firing.rule.split(".")[1]]
            if basis.establishes == "nothing":
                continue
            earned = order[min(order.index(firing.rule.split(".")[2]), order.index(basis.establishes))]
            by_unit = counts.setdefault(str(fact["criterion"]), {})
            by_unit.setdefault(str(fact["unit"]), Counter())[basis.strength, earned] += 1
        return counts

    @staticmethod
    def _speaking(by_unit: Mapping[str, object], units: Sequence[str]) -> list[str]:
        if set(by_unit) == {WHOLE}:
            return [WHOLE]
        return [unit for unit in units if unit in by_unit or WHOLE in by_unit]

    def _support(self, criterion: str, unit: str, by_unit: Mapping[str, Counter[tuple[int, str]]]) -> Fact:
        own, whole = by_unit.get(unit, Counter()), by_unit.get(WHOLE, Counter())
        strength = max(level for level, _ in [*own, *whole])
        chosen = own if any(level == strength for level, _ in own) else whole
        fact: Fact = {"kind": "support", "criterion": criterion, "unit": unit}
        return fact | {status: chosen[strength, status] for status in self.standard.statuses}

    def _across(self, criterion: str, rule: str, statuses: Sequence[str]) -> Fact:
        order = list(self.standard.statuses)
        fact: Fact = {"kind": "across", "criterion": criterion, "rule": rule, "units": len(statuses)}
        for index, status in enumerate(order):
            fact[status] = statuses.count(status)
            fact[f"{status}_or_better_x2"] = 2 * sum(order.index(each) >= index for each in statuses)
        return fact

    def _truth(self, statuses: Mapping[str, str], significances: Mapping[str, str]) -> dict[str, tuple[bool, bool]]:
        """Let the rules compare tallies and join truths, one stratum for each place from the innermost."""
        truth: dict[str, tuple[bool, bool]] = {}
        waiting: list[Fact] = []
        fired: set[str] = set()
        for place, condition in _places(self.standard):
            if isinstance(condition, AllHold | AnyHolds):
                firings = self._assert(waiting)
                waiting = []
            else:
                firings = self._assert([self._tally(place, condition, statuses, significances, truth)])
            # a truth asserted for an inner place also fires the rules of the place around it, before that place's turn
            fired.update(firing.rule for firing in firings)
            modes = {rule.removeprefix(f"{place}.").split(".")[0] for rule in fired if rule.startswith((f"{place}.certain", f"{place}.possible"))}
            truth[place] = ("certain" in modes, "possible" in modes)
            waiting.append({"kind": "truth", "place": place, "certain": truth[place][0], "possible": truth[place][1]})
        return truth

    def _tally(
        self,
        place: str,
        condition: Condition,
        statuses: Mapping[str, str],
        significances: Mapping[str, str],
        truth: Mapping[str, tuple[bool, bool]],
    ) -> Fact:
        strict, bound, per_whole = False, Fraction(1), False
        if isinstance(condition, Count | Share | CountHold):
            words = self.reading.values.get(condition.is_, condition.is_)
            strict, bound = words.startswith("more than"), Fraction(words.split()[-1])
            per_whole = isinstance(condition, Share)
        if isinstance(condition, CountHold):
            within = [truth[f"{place}.{index}"] for index in range(len(condition.count))]
            certain, possible, whole = sum(c for c, _ in within), sum(p for _, p in within), len(within)
        else:
            assert isinstance(condition, Every | AnyOf | Count | Share)
            certain, possible, whole = self._tallied(condition, statuses, significances)
            if isinstance(condition, Every):
                bound = Fraction(whole)
            if whole == 0:
                certain, possible, strict, bound, per_whole = 0, 0, False, Fraction(1), False
        return {
            "kind": "tally",
            "place": place,
            "strict": strict,
            "certain_scaled": certain * bound.denominator,
            "possible_scaled": possible * bound.denominator,
            "needed_scaled": bound.numerator * (whole if per_whole else 1),
        }

    def _tallied(
        self, condition: Every | AnyOf | Count | Share, statuses: Mapping[str, str], significances: Mapping[str, str]
    ) -> tuple[int, int, int]:
        order = list(self.standard.statuses)
        word = condition.at_least or condition.at_most or ""
        limit = order.index(self.reading.values.get(word, word))
        wanted = condition.selection
        passing = unknown = whole = 0
        for criterion in self.book.criteria:
            status = statuses[criterion.id]
            traits = ((wanted.tier, criterion.tier), (wanted.significance, significances[criterion.id]), (wanted.theme, criterion.theme))
            chosen = all(accepted is None or trait in accepted for accepted, trait in (*traits, (wanted.id, criterion.id)))
            if not chosen or status == NOT_APPLICABLE:
                continue
            whole += 1
            if status == NOT_ASSESSED:
                unknown += 1
            elif condition.at_least:
                passing += order.index(status) >= limit
            else:
                passing += order.index(status) <= limit
        return passing, passing + unknown, whole

    def _grade(self, truth: Mapping[str, tuple[bool, bool]]) -> tuple[str | None, str, str]:
        """Take the best grade reached at each end, cap it, and give the grade if both ends agree."""
        order = list(reversed(list(self.standard.grades)))
        ends = []
        for best in (False, True):
            otherwise = self.standard.otherwise
            grade, low, high = (order.index(each) for each in (otherwise.grade, otherwise.from_, otherwise.to))
            reached = [order.index(reach.grade) for index, reach in enumerate(self.standard.reach) if truth[f"reach.{index}"][best]]
            if reached:
                grade = low = high = max(reached)
            for index, limit in enumerate(self.standard.limits):
                if truth[f"limits.{index}"][not best]:
                    cap = order.index(limit.no_better_than)
                    grade, low, high = min(grade, cap), min(low, cap), min(high, cap)
            ends.append((grade, low, high))
        (worst, worst_low, worst_high), (best_grade, best_low, best_high) = ends
        settled = order[worst] if worst == best_grade else None
        return settled, order[min(worst_low, best_low)], order[max(worst_high, best_high)]


_ids = itertools.count(1)
