"""Readings: the grades of bodies under every admissible reading, the terms they depend on, and which readings the published grades fit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from adjudge.bundles import merge_judgements
from adjudge.conditions import Statuses
from adjudge.errors import BadInput
from adjudge.evidence import Bundle, Judgement
from adjudge.reference import evaluate
from adjudge.rulebook import Reading, Rulebook, Standard
from adjudge.status import derive

Outcome = tuple[str | None, str, str]
"""A grade (None while it is open) with the worst and the best that it can be."""
Case = tuple[str, str]
"""A body's bundle and one of its frameworks."""


@dataclass(frozen=True)
class Readings:
    """What each case (a body's framework) is graded under each admissible reading of one standard.

    ``readings`` begin with the base; ``outcomes`` has for each case one outcome a reading, in their order.
    """

    standard: Standard
    base: Reading
    readings: tuple[Reading, ...]
    outcomes: Mapping[Case, tuple[Outcome, ...]]
    published: Mapping[Case, str]

    def changes(self, reading: Reading) -> dict[str, str]:
        """Return the terms that a reading takes otherwise than the base, with their values."""
        return {term: value for term, value in reading.values.items() if value != self.base.values[term]}

    @cached_property
    def _place(self) -> Mapping[frozenset[tuple[str, str]], int]:
        return {frozenset(reading.values.items()): place for place, reading in enumerate(self.readings)}

    def outcome(self, case: Case, values: Mapping[str, str]) -> Outcome:
        """Return what a case is graded under the reading with these values."""
        return self.outcomes[case][self._place[frozenset(values.items())]]

    def depends_on(self, case: Case) -> tuple[str, ...]:
        """Return the terms that a case's answer depends on: those whose value alone changes it under some reading of the others."""
        found = []
        for term in self.standard.terms:
            others = {name: value for name, value in self.base.values.items() if name != term}
            by_rest: dict[frozenset[tuple[str, str]], set[Outcome]] = {}
            for reading, outcome in zip(self.readings, self.outcomes[case], strict=True):
                rest = frozenset((name, reading.values[name]) for name in others)
                by_rest.setdefault(rest, set()).add(outcome)
            if any(len(outcomes) > 1 for outcomes in by_rest.values()):
                found.append(term)
        return tuple(found)

    def bridges(self, case: Case) -> tuple[dict[str, str], ...]:
        """Return the smallest changes of the base reading that give a case its published grade; empty if none does, ``({},)`` if none is needed."""
        wanted = self.published.get(case)
        giving = [self.changes(reading) for reading, outcome in zip(self.readings, self.outcomes[case], strict=True) if outcome[0] == wanted]
        least = min(map(len, giving), default=0)
        return tuple(changes for changes in giving if len(changes) == least) if wanted else ()

    @cached_property
    def fit(self) -> tuple[int, ...]:
        """How many published grades each reading reproduces, in the order of ``readings``."""
        return tuple(sum(self.outcomes[case][place][0] == grade for case, grade in self.published.items()) for place in range(len(self.readings)))

    @property
    def best(self) -> tuple[Reading, ...]:
        """The readings that reproduce most published grades, those with fewest changes of the base first."""
        most = max(self.fit, default=0)
        found = [reading for reading, fits in zip(self.readings, self.fit, strict=True) if fits == most]
        return tuple(sorted(found, key=lambda reading: len(self.changes(reading)))) if self.published else ()

    @property
    def unexplained(self) -> tuple[Case, ...]:
        """The cases whose published grade no admissible reading gives."""
        return tuple(case for case, grade in self.published.items() if all(outcome[0] != grade for outcome in self.outcomes[case]))


def read_every_way(bundles: Sequence[Bundle], reading: str | Mapping[str, str] | None = None, judgements: Sequence[Judgement] = ()) -> Readings:
    """Grade every framework of some bundles under every admissible reading of their standard; ``reading`` is the base that changes count from.

    By the reference alone. Raises BadInput for no bundles, bundles of different standards, and an unknown reading.
    """
    if not bundles:
        raise BadInput.at("bundles", "expected at least one bundle")
    standard = bundles[0].standard.on(bundles[0].date)
    for bundle in bundles:
        if bundle.standard.standard != standard.standard:
            raise BadInput.at(bundle.bundle, f"is graded by `{bundle.standard.standard}`, the first bundle by `{standard.standard}`")
    base = standard.reading(reading)
    readings = sorted(standard.all_readings(), key=lambda other: sum(value != base.values[term] for term, value in other.values.items()))
    outcomes: dict[Case, tuple[Outcome, ...]] = {}
    published: dict[Case, str] = {}
    for bundle in bundles:
        merged = merge_judgements(bundle.judgements, judgements)
        frameworks = {framework: _outcomes(bundle, standard, readings, merged, framework, {}) for framework in bundle.frameworks}
        outcomes |= {(bundle.bundle, framework): found for framework, found in frameworks.items()}
        grades = {framework: bundle.published_grade(framework) for framework in bundle.frameworks}
        published |= {(bundle.bundle, framework): grade for framework, grade in grades.items() if grade}
    return Readings(standard, base, tuple(readings), outcomes, published)


def _outcomes(
    bundle: Bundle,
    standard: Standard,
    readings: Sequence[Reading],
    judgements: Sequence[Judgement],
    framework: str,
    done: dict[str, tuple[Outcome, ...]],
) -> tuple[Outcome, ...]:
    """Return a framework's outcomes; one that is made of other frameworks' grades has other statuses under each reading."""
    if framework in done:
        return done[framework]
    book = standard.rulebook(framework)
    parts = {each.id: each.grade_of for each in book.criteria if each.grade_of}
    by_part = {name: _outcomes(bundle, standard, readings, judgements, part.framework, done) for name, part in parts.items()}
    decided = {each.framework: each.grade for each in judgements if each.grade}
    found: list[Outcome] = []
    known: Statuses | None = None
    for place, reading in enumerate(readings):
        if known is None or parts:
            ends = {name: by_part[name][place] for name in parts}
            settled = {name: decided.get(parts[name].framework) or ends[name][0] for name in parts}
            composed = {
                name: (part.as_.get(low, low), part.as_.get(high, high))
                for name, part in parts.items()
                for low, high in [(settled[name] or ends[name][1], settled[name] or ends[name][2])]
            }
            statuses = derive(standard, book, bundle.records_for(framework), judgements, tuple(bundle.body.units), composed)
            known = Statuses(standard, statuses)
        found.append(evaluate(standard, known, reading).answer)
    done[framework] = tuple(found)
    return done[framework]


def rows_to_show(readings: Readings) -> Iterator[tuple[str, Reading]]:
    """Yield the readings worth a row, with a name: the base, the standard's named ones, and each change of one term that changes an answer."""
    yield readings.base.name, readings.base
    standard = readings.standard
    for name in ("default", *standard.readings):
        if name != readings.base.name:
            yield name, standard.reading(name)
    base = {case: readings.outcome(case, readings.base.values) for case in readings.outcomes}
    singles = ((term, value) for term in standard.terms for value in standard.terms[term].admissible if value != readings.base.values[term])
    for term, value in singles:
        values = {**readings.base.values, term: value}
        if any(readings.outcome(case, values) != outcome for case, outcome in base.items()):
            yield f"{term} = {value}".replace("_", " "), Reading(f"{term}={value}", values)


def frameworks_of(readings: Readings) -> list[Rulebook]:
    """Return the frameworks of all cases, each once, in the standard's order."""
    there = {framework for _, framework in itertools.chain(readings.outcomes)}
    return [book for book in readings.standard.rulebooks if book.rulebook in there]
