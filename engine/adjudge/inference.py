"""Inference: the same grading by durable-rules, with its trace of firings. Shares data with the reference, but no logic.

Facts are asserted in strata; matching and chaining are the rules', absence, counting and adding up are Python's. See docs/decisions/0003.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from adjudge.durable_host import Fact, Session, available, session
from adjudge.language import (
    AllHold,
    AnyHolds,
    AnyOf,
    Condition,
    Count,
    CountHold,
    Every,
    NotHolds,
    Number,
    NumberIs,
    Selection,
    Share,
    parts,
)
from adjudge.proposal import Firing
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Criterion, Reading, Rulebook, Standard

if TYPE_CHECKING:
    from adjudge.evidence import Judgement, Record

Patterns = dict[str, list[dict[str, Any]]]
POINTS = "#points"
"""Stands in a rule's name where a criterion has points and no status; no status can be called so."""
JOINED_AT_MOST = 16
"""How many facts durable-rules joins in one rule; the truths of a longer list are counted and compared instead."""
WIDEST = 4_611_686_018_427_387_904
"""2 to the 62nd: the whole numbers that durable-rules compares are smaller than this, in 64 bits."""


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


def infer(
    standard: Standard,
    book: Rulebook,
    reading: Reading,
    records: Sequence[Record] = (),
    judgements: Sequence[Judgement] = (),
    units: Sequence[str] = (),
    statuses: Mapping[str, str] | None = None,
    composed: Mapping[str, tuple[str, str]] | None = None,
) -> Inferred | None:
    """Grade one framework by rules, from its records and judgements (or from statuses given); None without durable-rules.

    ``composed`` gives the worst and the best status of each criterion that is another framework's grade.
    """
    if not available():
        return None
    with session(_rules(standard)) as opened:
        return _Run(opened, standard, book, reading, composed or {}).run(records, judgements, units, statuses)


def _pattern(alias: str, kind: str, *tests: Mapping[str, Any]) -> dict[str, Any]:
    return {alias: {"$and": [{"kind": kind}, *tests]}}


def _rules(standard: Standard) -> Patterns:
    """Compile a standard into rules: they hold no term's value, so that one ruleset serves every reading."""
    return {**_evidence_rules(standard), **_status_rules(list(standard.statuses)), **_condition_rules(standard)}


def _evidence_rules(standard: Standard) -> Patterns:
    """Rules that classify each record by its basis, or say why it doesn't count; few, for a criterion may join with 64 rules at most."""
    rules: Patterns = {}
    criterion = _pattern("cr", "criterion", {"criterion": {"ev": "criterion"}})
    for basis in standard.bases:
        counts: list[Mapping[str, Any]] = [{"basis": basis}, {"inside": True}, {"repeats": False}]
        rules[f"ev.counts.{basis}"] = [_pattern("ev", "evidence", *counts), criterion]
    rules["ev.repeats"] = [_pattern("ev", "evidence", {"repeats": True}), criterion]
    rules["ev.outside"] = [_pattern("ev", "evidence", {"repeats": False}, {"inside": False}), criterion]
    return rules


def _status_rules(statuses: Sequence[str]) -> Patterns:
    """Rules that give each unit its status from the records that support it, and each criterion its status from its units."""
    rules: Patterns = {}
    for index, (status, better) in enumerate(itertools.zip_longest(statuses, statuses[1:])):
        none_weaker = [{f"n_{weaker}": 0} for weaker in statuses[:index]]
        here = {"$gte": {f"n_{status}": 1}}
        rules[f"un.{status}"] = [_pattern("su", "support", *none_weaker, here)]
        rules[f"st.weakest.{status}"] = [_pattern("ac", "across", {"rule": "weakest"}, *none_weaker, here)]
        beyond = [{"$lte": {f"x2_{better}": {"$m": "units"}}}] if better else []
        rules[f"st.majority.{status}"] = [_pattern("ac", "across", {"rule": "majority"}, {"$gt": {f"x2_{status}": {"$m": "units"}}}, *beyond)]
    rules[f"un.{POINTS}"] = [_pattern("su", "support", {"$gte": {"scores": 1}})]
    rules[f"st.{POINTS}"] = [_pattern("ac", "across", {"rule": POINTS}, {"$gte": {"units": 1}})]
    return rules


def _condition_rules(standard: Standard) -> Patterns:
    """Rules that compare the tally of each measure with its bound, and join the truths of conditions."""
    rules: Patterns = {}
    for place, condition in _places(standard):
        inner = [f"{place}.{index}" for index in range(len(parts(condition)))]
        for mode, opposite in (("certain", "possible"), ("possible", "certain")):
            if isinstance(condition, AllHold) and len(inner) <= JOINED_AT_MOST:
                rules[f"{place}.{mode}"] = [_pattern(f"p{index}", "truth", {"place": part}, {mode: True}) for index, part in enumerate(inner)]
            elif isinstance(condition, AnyHolds):
                for index, part in enumerate(inner):
                    rules[f"{place}.{mode}.{index}"] = [_pattern("p", "truth", {"place": part}, {mode: True})]
            elif isinstance(condition, NotHolds):
                (part,) = inner
                rules[f"{place}.{mode}"] = [_pattern("p", "truth", {"place": part}, {opposite: False})]
            else:
                reached = {"$gte": {f"{mode}_scaled": {"$m": "needed_scaled"}}}
                beyond_it = {"$gt": {f"{mode}_scaled": {"$m": "needed_scaled"}}}
                rules[f"{place}.{mode}.reached"] = [_pattern("ta", "tally", {"place": place}, {"strict": False}, reached)]
                rules[f"{place}.{mode}.passed"] = [_pattern("ta", "tally", {"place": place}, {"strict": True}, beyond_it)]
    return rules


def _places(standard: Standard) -> list[tuple[str, Condition]]:
    """Return every condition of a standard with its place, each after those that it needs: its parts, and its number's adjustments."""
    found: dict[str, Condition] = {}

    def add(place: str, condition: Condition) -> None:
        if isinstance(condition, NumberIs) and condition.number is not None:
            for index, adjustment in enumerate(standard.numbers[condition.number].adjust):
                if (inner := f"numbers.{condition.number}.{index}") not in found:
                    add(inner, adjustment.when)
        for index, part in enumerate(parts(condition)):
            add(f"{place}.{index}", part)
        found[place] = condition

    for index, reach in enumerate(standard.reach):
        add(f"reach.{index}", reach.when)
    for index, limit in enumerate(standard.limits):
        add(f"limits.{index}", limit.when)
    return list(found.items())


@dataclass
class _Run:
    """One graded framework: a session of its own."""

    session: Session
    standard: Standard
    book: Rulebook
    reading: Reading
    composed: Mapping[str, tuple[str, str]]
    statuses: dict[str, str] = field(default_factory=dict)
    significances: dict[str, str | None] = field(default_factory=dict)
    truth: dict[str, tuple[bool, bool]] = field(default_factory=dict)

    def run(self, records: Sequence[Record], judgements: Sequence[Judgement], units: Sequence[str], statuses: Mapping[str, str] | None) -> Inferred:
        contested: frozenset[str] = frozenset()
        if statuses is None:
            self.statuses, contested = self._derived(records, units)
        else:
            self.statuses = {criterion.id: statuses.get(criterion.id, NOT_ASSESSED) for criterion in self.book.criteria}
        self.statuses |= {name: low if low == high else NOT_ASSESSED for name, (low, high) in self.composed.items()}
        self.significances = {criterion.id: criterion.significance for criterion in self.book.criteria}
        for judgement in judgements:
            if judgement.framework != self.book.rulebook or not judgement.criterion:
                continue
            if judgement.dominant:
                self.significances[judgement.criterion] = max(self.standard.significances, key=list(self.standard.significances).index, default=None)
            else:
                self.statuses[judgement.criterion] = NOT_APPLICABLE if judgement.not_applicable else _text(judgement.status)
        self._find_truth()
        return Inferred(self.statuses, contested, self.truth, *self._grade(), tuple(self.session.trace))

    def _derived(self, records: Sequence[Record], units: Sequence[str]) -> tuple[dict[str, str], frozenset[str]]:
        """Let the rules classify the records, give each unit its status, and each criterion its status from its units."""
        own = {criterion.id: criterion for criterion in self.book.criteria if criterion.id not in self.composed}
        self.session.put([{"kind": "criterion", "criterion": each} for each in sorted(own)], expected=0)
        evidence = [
            self._evidence(record, own[criterion], shows)
            for record in records
            for criterion, shows in [(record.criterion, record.shows), *record.also.items()]
            if criterion in own
        ]
        counts = self._counts(self.session.put(evidence, expected=len(evidence)))
        support = [self._support(criterion, unit, by_unit) for criterion, by_unit in counts.items() for unit in self._speaking(by_unit, units)]
        in_unit: dict[str, list[str]] = {}
        contested = set()
        for firing in self.session.put(support, expected=len(support)):
            (fact,) = firing.facts
            criterion = str(fact["criterion"])
            told = firing.rule.removeprefix("un.")
            in_unit.setdefault(criterion, []).append(str(fact["worst"]) if told == POINTS else told)
            if int(fact["different"]) > 1:
                contested.add(criterion)
        across = [self._across(own[criterion], statuses) for criterion, statuses in in_unit.items()]
        found = {each.id: NOT_ASSESSED for each in self.book.criteria}
        for firing in self.session.put(across, expected=len(across)):
            told = firing.rule.rsplit(".", 1)[1]
            (fact,) = firing.facts
            found[str(fact["criterion"])] = str(fact["settled"]) if told == POINTS else told
        return found, frozenset(contested)

    def _evidence(self, record: Record, criterion: Criterion, shows: str | int | float) -> Fact:
        period = self.standard.period
        return {
            "kind": "evidence",
            "record": record.id,
            "criterion": criterion.id,
            "shows": _text(shows),
            "points": criterion.points is not None,
            "basis": record.basis,
            "unit": record.unit,
            "inside": period is None or (period.start <= record.date.start and record.date.end <= period.end),
            "repeats": record.duplicate_of is not None,
        }

    def _counts(self, firings: Sequence[Firing]) -> dict[str, dict[str, Counter[tuple[int, str]]]]:
        """Count what the classified records earn, by criterion, unit, strength and value."""
        order = list(self.standard.statuses)
        counts: dict[str, dict[str, Counter[tuple[int, str]]]] = {}
        for firing in firings:
            if not firing.rule.startswith("ev.counts."):
                continue
            fact = next(fact for fact in firing.facts if fact["kind"] == "evidence")
            shows, basis = str(fact["shows"]), self.standard.bases[firing.rule.removeprefix("ev.counts.")]
            if basis.establishes == "nothing":
                continue
            earned = shows if fact["points"] else order[min(order.index(each) for each in (shows, basis.establishes) if each)]
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
        earned = {value: times for (level, value), times in chosen.items() if level == strength}
        fact: Fact = {"kind": "support", "criterion": criterion, "unit": unit, "different": len(earned)}
        if set(earned) <= set(self.standard.statuses):
            return fact | {f"n_{status}": earned.get(status, 0) for status in self.standard.statuses}
        return fact | {"scores": len(earned), "worst": self._worst_first(earned)[0]}

    def _across(self, criterion: Criterion, values: Sequence[str]) -> Fact:
        order = list(self.standard.statuses)
        fact: Fact = {"kind": "across", "criterion": criterion.id, "rule": str(criterion.across_units), "units": len(values)}
        if criterion.points is not None:
            ordered = self._worst_first(values)
            place = 0 if criterion.across_units == "weakest" else (len(ordered) - 1) // 2
            return fact | {"rule": POINTS, "settled": ordered[place]}
        for index, status in enumerate(order):
            fact[f"n_{status}"] = values.count(status)
            fact[f"x2_{status}"] = 2 * sum(order.index(each) >= index for each in values)
        return fact

    def _worst_first(self, points: Sequence[str] | Mapping[str, object]) -> list[str]:
        assert self.standard.points is not None
        return sorted(points, key=Fraction, reverse=self.standard.points.better == "lower")

    def _find_truth(self) -> None:
        """Let the rules compare tallies and join truths, each place after those that it needs."""
        waiting: list[Fact] = []
        fired: set[str] = set()
        for place, condition in _places(self.standard):
            if isinstance(condition, AnyHolds | NotHolds) or (isinstance(condition, AllHold) and len(condition.all) <= JOINED_AT_MOST):
                firings = self.session.put(waiting)
                waiting = []
            else:
                firings = self.session.put(self._tally(place, condition))
            # a truth asserted for an inner place also fires the rules of the place around it, before that place's turn
            fired.update(firing.rule for firing in firings)
            modes = {rule.removeprefix(f"{place}.").split(".")[0] for rule in fired if rule.startswith((f"{place}.certain", f"{place}.possible"))}
            self.truth[place] = ("certain" in modes, "possible" in modes)
            waiting.append({"kind": "truth", "place": place, "certain": self.truth[place][0], "possible": self.truth[place][1]})

    def _tally(self, place: str, condition: Condition) -> list[Fact]:
        """Return the amounts that a measure is certain and possible to have, and what its bound needs, as whole numbers on one scale.

        There is no such fact where nothing applies, for nothing holds of nothing.
        """
        bound, rising, strict = Fraction(1), True, False
        if isinstance(condition, Count | Share | CountHold | NumberIs):
            words = self.reading.values.get(condition.is_, condition.is_)
            bound, rising, strict = Fraction(words.split()[-1]), words.startswith(("at least", "more")), words.startswith(("more", "less"))
        ends: tuple[Fraction | int, Fraction | int] | None
        if isinstance(condition, AllHold | CountHold):
            within = [self.truth[f"{place}.{index}"] for index in range(len(parts(condition)))]
            bound = Fraction(len(within)) if isinstance(condition, AllHold) else bound
            ends = sum(certain for certain, _ in within), sum(possible for _, possible in within)
        elif isinstance(condition, NumberIs):
            ends = self._number(condition.number, self.standard.number(condition))
        else:
            assert isinstance(condition, Every | AnyOf | Count | Share)
            passing, possible, whole = self._tallied(condition)
            ends = (passing, possible) if whole else None
            bound *= whole if isinstance(condition, Every | Share) else 1
        if ends is None:
            return []
        low, high = (Fraction(end) for end in ends)
        amounts = (low, high, bound) if rising else (-high, -low, -bound)
        scale = math.lcm(*(each.denominator for each in amounts))
        scaled = [int(each * scale) for each in amounts]
        if max(map(abs, scaled)) >= WIDEST:
            *_, needed = scaled
            scaled = [_sign(each - needed) for each in scaled]
        names = ("certain_scaled", "possible_scaled", "needed_scaled")
        return [{"kind": "tally", "place": place, "strict": strict, **dict(zip(names, scaled, strict=True))}]

    def _selected(self, selection: Selection) -> list[Criterion]:
        """Return the criteria that a selection takes and that apply to the body."""
        wanted = selection.model_dump(exclude_none=True)
        found = []
        for criterion in self.book.criteria:
            traits = {"tier": criterion.tier, "significance": self.significances[criterion.id], "theme": criterion.theme, "id": criterion.id}
            if self.statuses[criterion.id] != NOT_APPLICABLE and all(traits[key] in accepted for key, accepted in wanted.items()):
                found.append(criterion)
        return found

    def _ends(self, criterion: Criterion) -> tuple[str, str]:
        """Return the worst and the best status that a criterion can have."""
        status, order = self.statuses[criterion.id], list(self.standard.statuses)
        if status != NOT_ASSESSED:
            return status, status
        return self.composed.get(criterion.id, (order[0], order[-1]))

    def _tallied(self, condition: Every | AnyOf | Count | Share) -> tuple[int, int, int]:
        """Count the criteria that pass, those that pass or may, and all."""
        order = list(self.standard.statuses)
        word = condition.at_least or condition.at_most or ""
        limit = order.index(self.reading.values.get(word, word))
        passing = possible = whole = 0
        for criterion in self._selected(condition.selection):
            worst, best = (order.index(each) for each in self._ends(criterion))
            whole += 1
            passing += worst >= limit if condition.at_least else best <= limit
            possible += best >= limit if condition.at_least else worst <= limit
        return passing, possible, whole

    def _number(self, name: str | None, number: Number) -> tuple[Fraction, Fraction] | None:
        """Return the least and the most that a number can be; None where nothing of it is applicable."""
        selected = self._selected(number.selection)
        if not selected:
            return None
        ranges = [self._points(criterion) for criterion in selected]
        low, high = [each for each, _ in ranges], [each for _, each in ranges]
        if number.aggregate == "sum":
            ends = [sum(low, Fraction(0)), sum(high, Fraction(0))]
        elif number.aggregate == "mean":
            weights = [Fraction(str(criterion.weight)) for criterion in selected]
            ends = [sum(map(Fraction.__mul__, weights, side), Fraction(0)) / sum(weights) for side in (low, high)]
        else:
            pick = min if number.aggregate == "minimum" else max
            ends = [pick(low), pick(high)]
        for index, adjustment in enumerate(number.adjust):
            by = Fraction(str(adjustment.by))
            certain, possible = self.truth[f"numbers.{name}.{index}"]
            least, most = sorted((by * certain, by * possible))
            ends = [ends[0] + least, ends[1] + most]
        if number.round:
            ends = [_rounded(end, Fraction(str(number.round.to)), number.round.mode) for end in ends]
        return ends[0], ends[1]

    def _points(self, criterion: Criterion) -> tuple[Fraction, Fraction]:
        status = self.statuses[criterion.id]
        if criterion.points is not None:
            if status == NOT_ASSESSED:
                return Fraction(str(criterion.points.from_)), Fraction(str(criterion.points.to))
            return Fraction(status), Fraction(status)
        assert self.standard.points is not None
        order = list(self.standard.statuses)
        worst, best = (order.index(each) for each in self._ends(criterion))
        worth = [Fraction(str(self.standard.points.statuses[each])) for each in order[worst : best + 1]]
        return min(worth), max(worth)

    def _grade(self) -> tuple[str | None, str, str]:
        """Take the best grade reached at each end, lift it, cap it, and give the grade if both ends agree."""
        order = list(reversed(list(self.standard.grades)))
        ends = []
        for best in (False, True):
            otherwise = self.standard.otherwise
            grade, low, high = (order.index(each) for each in (otherwise.grade, otherwise.low, otherwise.high))
            reached = [order.index(reach.grade) for index, reach in enumerate(self.standard.reach) if self.truth[f"reach.{index}"][best]]
            if reached:
                grade = low = high = max(reached)
            limits = list(enumerate(self.standard.limits))
            floors = [order.index(each.grade) for index, each in limits if not each.caps and self.truth[f"limits.{index}"][best]]
            caps = [order.index(each.grade) for index, each in limits if each.caps and self.truth[f"limits.{index}"][not best]]
            grade, low, high = (min([max([each, *floors]), *caps]) for each in (grade, low, high))
            ends.append((grade, low, high))
        (worst, worst_low, worst_high), (best_grade, best_low, best_high) = ends
        settled = order[worst] if worst == best_grade else None
        return settled, order[min(worst_low, best_low)], order[max(worst_high, best_high)]


def _text(value: str | int | float | None) -> str:
    """Return a value as the reference writes it: a status as it is, points without a needless fraction."""
    if isinstance(value, float):
        decimal = format(Decimal(str(value)), "f").rstrip("0").rstrip(".")
        return "0" if decimal == "-0" else decimal
    return str(value)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _rounded(value: Fraction, to: Fraction, mode: str) -> Fraction:
    """Round to a multiple of ``to``, by whole-number division of the doubled distance."""
    numerator, denominator = (value / to).numerator, (value / to).denominator
    down = numerator // denominator
    doubled = 2 * (numerator - down * denominator)
    if mode == "floor" or doubled == 0:
        return down * to
    if mode == "ceiling" or doubled > denominator:
        return (down + 1) * to
    if doubled < denominator or mode == "half_down" or (mode == "half_even" and down % 2 == 0):
        return down * to
    return (down + 1) * to
