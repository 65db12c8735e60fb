"""Hypothesis strategies for standards of any kind and for what is graded by them: statuses, records, judgements, readings.

`standards` draws whole standards with their rulebooks, valid by construction; everything else takes a standard, a drawn one or one that was loaded.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from adjudge.evidence import Judgement, Record
from adjudge.language import exact, written
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Criterion, Reading, Rulebook, Standard
from adjudge.status import Composed, CriterionStatus
from adjudge.testing.made_up import UNITS, Content, as_shown, judgement, record, standard_of

__all__ = [
    "UNITS",
    "assumed",
    "better",
    "books_of",
    "full_records",
    "judgements",
    "known",
    "parts_of",
    "readings_of",
    "records",
    "seeded",
    "standards",
    "statuses",
    "worst_first",
]


# --- drawing standards ---

_SOURCE = {"part": "Made up", "gist": "made up for a test"}
_PERIODS = ("2007-04/", "/2007-03", "2007", "2006-07/2007-06")
_SCALES = ((0, 10), (0, 1), (-5, 5), (1.5, 4.5), (0, 100))
_WORTH = (0, 1, 2, 3, 5, 10, 0.5, 7.25, -2, -0.5)
_WEIGHTS = (1, 1, 1, 2, 3, 0.5, 12.25)
_MODES = ("half_up", "half_even", "half_down", "floor", "ceiling")


@st.composite
def standards(draw: st.DrawFn, monotone: bool | None = None, dated: bool = False, most_criteria: int = 5, evidence: bool = False) -> Standard:
    """Draw a standard with one rulebook, or two of which the second takes the first's grade.

    ``monotone``: true or false, or either. ``dated``: some rules and criteria are in force between two dates only. ``most_criteria`` bounds the
    criteria of a rulebook. ``evidence``: bases, so that records can be drawn. Every construct of the language occurs.
    """
    return _Draft(draw, monotone is not False, dated, most_criteria, evidence).standard(must_turn=monotone is False, may_turn=monotone is None)


@dataclass(frozen=True)
class _Slot:
    """One criterion, as all rulebooks of a drawn standard have it."""

    id: str
    tier: str | None
    significance: str | None
    theme: str | None
    scale: Mapping[str, Any] | None
    in_force: str | None

    def trait(self, key: str) -> str:
        return str(getattr(self, key))


@dataclass
class _Draft:
    """A standard while it is drawn."""

    draw: st.DrawFn
    monotone: bool
    dated: bool
    most_criteria: int
    evidence: bool
    statuses: tuple[str, ...] = ()
    better: str | None = None
    worth: dict[str, int | float] = field(default_factory=dict)
    top: str | None = None
    slots: list[_Slot] = field(default_factory=list)
    terms: Content = field(default_factory=dict)
    kinds: dict[str, tuple[str, bool]] = field(default_factory=dict)
    numbers: Content = field(default_factory=dict)

    def one_of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def rarely(self) -> bool:
        return bool(self.one_of(False, False, False, True))

    def often(self) -> bool:
        return bool(self.one_of(True, False))

    def standard(self, must_turn: bool, may_turn: bool) -> Standard:
        if may_turn:
            must_turn = self.often()
        self.monotone = not must_turn
        kind = self.one_of("statuses", "statuses and points", "points")
        if kind != "points":
            self.statuses = tuple(f"level_{number}" for number in range(self.draw(st.integers(2, 4)) if not self.rarely() else 10))
        if kind != "statuses":
            self.better = self.one_of("higher", "lower")
            if self.statuses and (must_turn or self.often()):
                worth = sorted(self.one_of(*_WORTH) for _ in self.statuses)
                self.worth = dict(zip(self.statuses, worth if self.better == "higher" else reversed(worth), strict=True))
        tiers, significances, themes = (self.names(name, most) for name, most in (("tier", 3), ("weighty", 3), ("theme", 2)))
        self.top = next(reversed(significances), None)
        for number in range(self.draw(st.integers(2, self.most_criteria))):
            self.slots.append(self.slot(number, tiers, significances, themes))
        grades = tuple(f"grade-{number}" for number in range(self.draw(st.integers(2, 4)), 0, -1))
        if self.better is not None and self.selectable("points"):
            for number in range(self.draw(st.integers(0, 2))):
                self.numbers[f"number-{number}"] = self.number()
        reach, last = self.reach(grades)
        limits = [self.limit(grades) for _ in range(self.draw(st.integers(0, 2)))]
        if must_turn:
            limits.append(self.turned(grades))
        content: Content = {
            **{"standard": "drawn", "edition": "1", "title": "Drawn", "provenance": "published", "text": "Drawn.", "source": "none"},
            **({"period": "2006-01/2007-12"} if self.dated or self.evidence else {}),
            "statuses": {each: each for each in self.statuses},
            **({"points": {"better": self.better, "statuses": self.worth}} if self.better else {}),
            "bases": self.bases() if self.evidence else {},
            "tiers": {each: each for each in tiers},
            "significances": {each: each for each in significances},
            "terms": self.terms,
            "numbers": self.numbers,
            "grades": {each: each for each in grades},
            "reach": reach,
            "limits": limits,
            "otherwise": self.otherwise(grades[last:]),
            **({"not_monotone": "made up for a test"} if must_turn else {}),
        }
        self.prune(content)
        weighted = "'mean'" in repr(content)
        books = [self.book("part", themes, [], weighted)]
        if self.statuses and self.often():
            books.append(self.book("overall", themes, grades, weighted))
        return standard_of(content, books)

    def prune(self, content: Content) -> None:
        """Take out the numbers and the terms that nothing uses: a standard that has such is refused."""
        used: set[str] = set()
        waiting = [content["reach"], content["limits"]]
        for part in waiting:
            text = repr(part)
            new = {name for name in self.numbers if f"'number': '{name}'" in text or f"'bands': '{name}'" in text} - used
            used |= new
            waiting += [self.numbers[name] for name in sorted(new)]
        content["numbers"] = {name: number for name, number in self.numbers.items() if name in used}
        text = repr([content["reach"], content["limits"], content["numbers"]])
        content["terms"] = {name: term for name, term in self.terms.items() if f"'{name}'" in text}

    # --- criteria and rulebooks ---

    def names(self, name: str, most: int) -> tuple[str, ...]:
        return tuple(f"{name}-{number}" for number in range(self.draw(st.integers(0, most))))

    def slot(self, number: int, tiers: Sequence[str], significances: Sequence[str], themes: Sequence[str]) -> _Slot:
        tier, significance, theme = (self.one_of(*names) if names else None for names in (tiers, significances, themes))
        scaled = not self.statuses or (self.better is not None and number > 0 and self.often())
        alike = any(each.in_force is None and (each.scale is not None) == scaled for each in self.slots)  # what a measure of such can always select
        in_force = self.one_of(*_PERIODS) if self.dated and alike and self.often() else None
        return _Slot(f"c{number}", tier, significance, theme, self.scale() if scaled else None, in_force)

    def scale(self) -> Content:
        low, high = self.one_of(*_SCALES)
        return {"from": low, "to": high, **({"one_of": [low, low + (high - low) / 4, high]} if self.rarely() else {})}

    def bases(self) -> Content:
        best = [self.one_of(*self.statuses, "nothing") if self.statuses else "nothing" for _ in range(2)]
        whole = self.statuses[-1] if self.statuses else "nothing"
        return {
            "seen": {"label": "seen", "strength": 2, "establishes": whole},
            "tested": {"label": "tested", "strength": 2, "establishes": whole},
            "told": {"label": "told", "strength": 1, "establishes": best[0]},
            "planned": {"label": "planned", "establishes": best[1]},
        }

    def book(self, name: str, themes: Sequence[str], part_grades: Sequence[str], weighted: bool) -> Content:
        criteria = []
        for slot in self.slots:
            composed = bool(part_grades) and slot.scale is None and self.often()
            stands = sorted((self.one_of(*self.statuses) for _ in part_grades), key=self.statuses.index, reverse=True) if composed else []
            entry: Content = {
                **{"id": slot.id, "title": slot.id, "text": "Made up.", "reason": "made up for a test"},
                **{key: getattr(slot, key) for key in ("tier", "significance", "theme", "in_force") if getattr(slot, key) is not None},
                **({"points": slot.scale} if slot.scale else {}),
                **({"grade_of": {"framework": "part", "as": dict(zip(part_grades, stands, strict=True))}} if composed else {}),
                **({"across_units": self.one_of("weakest", "majority")} if self.evidence else {}),
                **({"weight": self.one_of(*_WEIGHTS)} if weighted else {}),
            }
            criteria.append(entry)
        about = {"standard": "drawn", "edition": "1", "title": name, "provenance": "published", "text": "Drawn."}
        return {"rulebook": name, **about, "themes": {each: each for each in themes}, "criteria": criteria}

    # --- selections, bounds and terms ---

    def selectable(self, over: str) -> list[_Slot]:
        """Return the criteria that a measure over ``statuses``, or over ``points``, can select."""
        if over == "statuses":
            return [each for each in self.slots if each.scale is None]
        return [each for each in self.slots if each.scale is not None or self.worth]

    def selection(self, over: str) -> tuple[Content, list[_Slot]]:
        fitting = self.selectable(over)
        anchor = self.draw(st.sampled_from([each for each in fitting if each.in_force is None]))
        found: Content = {}
        for key in ("tier", "significance", "theme", "id"):
            if getattr(anchor, key) is not None and self.rarely():
                others = sorted({each.trait(key) for each in self.slots} - {anchor.trait(key)})
                more = self.draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
                found[key] = [anchor.trait(key), *more]
        dominant = self.top in found.get("significance", ())  # a judgement may give any criterion the greatest significance
        asked = {key: words for key, words in found.items() if not (dominant and key == "significance")}
        selected = [each for each in self.slots if all(each.trait(key) in words for key, words in asked.items())]
        if any(each not in fitting for each in selected):
            selected = [each for each in selected if each in fitting]
            found["id"] = [each.id for each in selected]
        return found, selected

    def threshold(self) -> str:
        return str(self.termed("status", False, lambda: self.one_of(*self.statuses)))

    def bound(self, kind: str, rising: bool, low: Fraction, high: Fraction) -> str:
        """Draw a bound between two amounts, or a term that stands for one."""
        return str(self.termed(f"{kind} {low} {high}", rising, lambda: self.plain_bound(kind, rising, low, high)))

    def plain_bound(self, kind: str, rising: bool, low: Fraction, high: Fraction) -> str:
        strict = self.often()
        whole = kind in ("count", "list")
        steps = int(high - low) if whole else 12
        first, last = 0, steps
        if kind in ("share", "list", "count") and strict:
            first, last = (0, steps - 1) if rising else (1, steps)
        amount = low + (high - low) * Fraction(self.draw(st.integers(first, last)), steps)
        words = {(True, True): "more than", (True, False): "at least", (False, False): "at most", (False, True): "less than"}[rising, strict]
        return f"{words} {self.amount(amount, kind)}"

    def amount(self, amount: Fraction, kind: str) -> str:
        if kind == "number" and (amount < 0 or self.often()):
            return f"{float(amount):.2f}" if self.often() else str(round(amount))
        return str(amount)

    def termed(self, kind: str, rising: bool, value: Any) -> str:
        if not self.rarely():
            return str(value())
        known = [name for name, meant in self.kinds.items() if meant == (kind, rising)]
        if known and self.often():
            return str(self.one_of(*known))
        if len(self.terms) >= 3:
            return str(value())
        admissible = list(dict.fromkeys(value() for _ in range(self.draw(st.integers(1, 3)))))
        name = f"term_{'abc'[len(self.terms)]}"
        self.terms[name] = {"asks": "which?", "default": self.one_of(*admissible), "admissible": admissible, "source": _SOURCE}
        self.kinds[name] = (kind, rising)
        return name

    # --- conditions ---

    def condition(self, rising: bool, depth: int = 2) -> Content:
        """Draw a condition that gets only easier (``rising``) or only harder as statuses improve; of either kind where the standard turns."""
        if not self.monotone:
            rising = self.often()
        forms = ["statuses"] * bool(self.selectable("statuses")) + ["points"] * bool(self.better and self.selectable("points"))
        form = self.one_of(*forms, *(["joined"] if depth else []))
        if form == "joined":
            return self.joined(rising, depth - 1)
        return self.measure(rising) if form == "statuses" else self.number_is(rising)

    def joined(self, rising: bool, depth: int) -> Content:
        key = self.one_of("all", "any", "count", "not")
        if key == "not":
            return {"not": self.condition(not rising, depth)}
        size = self.draw(st.integers(1, 3))
        if key != "count":
            return {key: [self.condition(rising, depth) for _ in range(size)]}
        upward = self.often()
        parts = [self.condition(rising == upward, depth) for _ in range(size)]
        return {"count": parts, "is": self.bound("list", upward, Fraction(0), Fraction(size))}

    def measure(self, rising: bool) -> Content:
        key = self.one_of("every", "any", "count", "share")
        selection, selected = self.selection("statuses")
        upward = key in ("every", "any") or self.often()
        side = "at_least" if upward == rising else "at_most"
        measure = {key: selection, side: self.threshold()}
        if key in ("every", "any"):
            return measure
        most = Fraction(1 if key == "share" else len(selected))
        return {**measure, "is": self.bound(key, upward, Fraction(0), most)}

    def number_is(self, rising: bool) -> Content:
        upward = rising == (self.better == "higher")
        if self.numbers and self.often():
            name = self.one_of(*self.numbers)
            low, high = self.span(self.numbers[name])
            return {"number": name, "is": self.bound("number", upward, low, high)}
        aggregate = self.aggregate()
        return {**aggregate, "is": self.bound("number", upward, *self.span(aggregate))}

    def aggregate(self) -> Content:
        return {self.one_of("sum", "mean", "minimum", "maximum"): self.selection("points")[0]}

    def span(self, number: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
        """Return about the least and the most that an aggregate can be: a good place for a bound."""
        worth = [exact(each) for each in self.worth.values()]
        lows, highs = [], []
        for slot in self.selectable("points"):
            lows.append(exact(slot.scale["from"]) if slot.scale else min(worth))
            highs.append(exact(slot.scale["to"]) if slot.scale else max(worth))
        return (sum(lows, Fraction(0)), sum(highs, Fraction(0))) if "sum" in number else (min(lows), max(highs))

    def number(self) -> Content:
        adjust = []
        for _ in range(self.draw(st.integers(0, 2))):
            by = self.one_of(1, -1, 2.5, -10)
            adjust.append({"by": by, "text": "made up", "when": self.condition((by > 0) == (self.better == "higher"), 1)})
        rounding = {"round": {"to": self.one_of(1, 0.5, 5, 0.25), "mode": self.one_of(*_MODES)}} if self.often() else {}
        return {"text": "made up", **self.aggregate(), **({"adjust": adjust} if adjust else {}), **rounding}

    # --- grades ---

    def in_force(self) -> Content:
        return {"in_force": self.one_of(*_PERIODS)} if self.dated and self.often() else {}

    def reach(self, grades: Sequence[str]) -> tuple[list[Content], int]:
        """Draw the conditions for some of the grades, the best first; return them and the place of the last."""
        found: list[Content] = []
        places = sorted(self.draw(st.lists(st.integers(0, len(grades) - 1), min_size=1, unique=True)))
        banded = places[: self.draw(st.integers(1, len(places)))] if self.numbers and self.often() else []
        if banded:
            name = self.one_of(*self.numbers)
            upward = (self.better == "higher") if self.monotone else self.often()
            bounds = self.band_bounds(upward, len(banded), *self.span(self.numbers[name]))
            banded = banded[: len(bounds)]
            grades_to = {grades[place]: bound for place, bound in zip(banded, bounds, strict=True)}
            found.append({"bands": name, "text": "made up", "source": _SOURCE, "grades": grades_to, **self.in_force()})
        for place in places[len(banded) :]:
            entry = {"grade": grades[place], "text": "made up", "source": _SOURCE}
            decision = {"decision": "made up for a test"} if self.rarely() else {}
            found.append({**entry, "when": self.condition(True), **decision, **self.in_force()})
            if self.dated and self.rarely():
                found[-1]["in_force"] = "/2007-03"
                found.append({**entry, "when": self.condition(True), "in_force": "2007-04/"})
        return found, places[-1]

    def band_bounds(self, upward: bool, size: int, low: Fraction, high: Fraction) -> list[str]:
        """Draw bounds of which each leaves something to the next: at least one, and so many at most."""
        steps = self.draw(st.lists(st.integers(0, 12), min_size=size, max_size=size, unique=True))
        texts = {Fraction(text): text for text in (self.amount(low + (high - low) * Fraction(step, 12), "number") for step in steps)}
        words = self.one_of("at least", "more than") if upward else self.one_of("at most", "less than")
        return [f"{words} {texts[amount]}" for amount in sorted(texts, reverse=upward)]

    def limit(self, grades: Sequence[str]) -> Content:
        key = self.one_of("no_better_than", "no_worse_than")
        when = self.condition(key == "no_worse_than", 1)
        limiting = grades[1:] if key == "no_better_than" else grades[:-1]
        return {key: self.one_of(*limiting), "text": "made up", "source": _SOURCE, "when": when, **self.in_force()}

    def turned(self, grades: Sequence[str]) -> Content:
        """Draw a cap that a better status or score brings about, so that the standard isn't monotone."""
        over = "statuses" if self.selectable("statuses") else "points"
        selection, _ = self.selection(over)
        if over == "statuses":
            when: Content = {"any": selection, "at_least": self.one_of(*self.statuses)}
        else:
            when = {"sum": selection, "is": f"{'at least' if self.better == 'higher' else 'at most'} {self.one_of(0, 1, 5)}"}
        return {"no_better_than": self.one_of(*grades[1:]), "text": "made up", "source": _SOURCE, "when": when}

    def otherwise(self, grades: Sequence[str]) -> Content:
        """Draw what stands where nothing is reached: no better than the last grade tried, perhaps with a range."""
        places = sorted(self.draw(st.integers(0, len(grades) - 1)) for _ in range(3))
        about = {"text": "made up", "source": _SOURCE}
        if self.often():
            return {"grade": grades[places[1]], **about}
        range_ = {"from": grades[places[2]], "to": grades[places[0]], "decision": "made up for a test"}
        return {"grade": grades[places[1]], **range_, **about}


# --- what is graded ---


def books_of(standard: Standard) -> st.SearchStrategy[Rulebook]:
    """Draw one of a standard's rulebooks."""
    return st.sampled_from(standard.rulebooks)


def readings_of(standard: Standard) -> st.SearchStrategy[Reading]:
    """Draw an admissible reading, the default first."""
    return st.sampled_from(list(standard.all_readings()))


def worst_first(standard: Standard, criterion: Criterion) -> tuple[str, ...]:
    """Return values that a criterion can have, the worst first: its statuses, or points on its scale, both ends among them."""
    scale = criterion.points
    if scale is None:
        return tuple(standard.statuses)
    low, high = exact(scale.from_), exact(scale.to)
    points = [exact(each) for each in scale.one_of] or [low + (high - low) * step / 4 for step in range(5)]
    return tuple(written(each) for each in sorted(set(points), reverse=standard.points is not None and standard.points.better == "lower"))


@st.composite
def known(draw: st.DrawFn, standard: Standard, criterion: Criterion) -> str:
    """Draw a value of a criterion."""
    return draw(st.sampled_from(worst_first(standard, criterion)))


@st.composite
def statuses(draw: st.DrawFn, standard: Standard, book: Rulebook, unknown: bool = True, not_applicable: bool = True) -> dict[str, str]:
    """Draw a value for every criterion: one level for each tier, mostly high, and a few exceptions, so that every grade is common."""
    levels = {tier: draw(st.sampled_from((4, 4, 4, 3, 2, 1, 0))) for tier in [*standard.tiers, None]}
    ordered = {each.id: worst_first(standard, each) for each in book.criteria}
    found = {each.id: ordered[each.id][levels[each.tier] * (len(ordered[each.id]) - 1) // 4] for each in book.criteria}
    special = [NOT_ASSESSED] * (3 * unknown) + [NOT_APPLICABLE] * not_applicable
    exceptions = min(draw(st.sampled_from((2, 0, 1, 3, 4, 6))), len(found))
    for criterion in draw(st.lists(st.sampled_from(list(ordered)), min_size=exceptions, max_size=exceptions, unique=True)):
        found[criterion] = draw(st.sampled_from([*special, *ordered[criterion]]))
    return found


def seeded(standard: Standard, book: Rulebook, seed: int, size: int) -> list[tuple[CriterionStatus, ...]]:
    """Return many rows of statuses that follow from a seed: far cheaper than drawing them, but they don't shrink."""
    chance = random.Random(seed)
    values = {each.id: worst_first(standard, each) for each in book.criteria}
    found = []
    for _ in range(size):
        unknown, level = chance.choice((0, 0.1, 0.4)), chance.choice((0, 0.5, 0.8, 0.95))
        row = {}
        for criterion, ordered in values.items():
            value = ordered[-1] if chance.random() < level else chance.choice(ordered)
            row[criterion] = NOT_ASSESSED if chance.random() < unknown else NOT_APPLICABLE if chance.random() < 0.05 else value
        found.append(assumed(standard, book, row))
    return found


def better(standard: Standard, criterion: Criterion, value: str) -> st.SearchStrategy[str]:
    """Draw a value at least as good as one given."""
    ordered = worst_first(standard, criterion)
    return st.sampled_from(ordered[ordered.index(value) :])


@st.composite
def parts_of(draw: st.DrawFn, standard: Standard, book: Rulebook) -> Composed:
    """Draw what the grades of other frameworks leave open: the worst and the best status of each criterion that is one."""
    order = list(standard.statuses)
    found = {}
    for each in book.criteria:
        if each.grade_of:
            low, high = sorted(draw(st.sampled_from(order)) for _ in range(2))
            found[each.id] = (low, high) if order.index(low) <= order.index(high) else (high, low)
    return found


@st.composite
def records(draw: st.DrawFn, standard: Standard, book: Rulebook, min_size: int = 0, max_size: int = 14) -> tuple[Record, ...]:
    """Draw records on a few criteria, so that they meet: any basis, date and unit, some bearing on others, some duplicates."""
    own = [each for each in book.criteria if each.grade_of is None]
    criteria = draw(st.lists(st.sampled_from(own), min_size=min(2, len(own)), max_size=4, unique_by=lambda each: each.id)) if own else []
    found: list[Record] = []
    for number in range(draw(st.integers(min_size, max_size)) if criteria else 0):
        criterion = draw(st.sampled_from(criteria))
        beside = [each for each in criteria if each.id != criterion.id]
        also = draw(st.lists(st.sampled_from(beside), max_size=2, unique_by=lambda each: each.id)) if beside else []
        originals = [each.id for each in found if each.duplicate_of is None]
        found.append(
            record(
                f"r{number}",
                book.rulebook,
                criterion.id,
                as_shown(criterion, draw(known(standard, criterion))),
                basis=draw(st.sampled_from(list(standard.bases))),
                date=draw(st.sampled_from(("2007-01", "2007-01", "2007-01", *dates(standard)))),
                unit=draw(st.sampled_from((WHOLE, WHOLE, *UNITS))),
                also={each.id: as_shown(each, draw(known(standard, each))) for each in also},
                duplicate_of=draw(st.sampled_from(originals)) if originals and draw(st.integers(0, 9)) == 9 else None,
            )
        )
    return tuple(found)


def dates(standard: Standard) -> tuple[str, ...]:
    """Return dates at, within and beyond the edges of a standard's period."""
    if standard.period is None:
        return ("2007-01",)
    start, end = standard.period.start, standard.period.end
    return (f"{start}", f"{end}", f"{start.year - 1}-12", f"{end.year + 1}-01", f"{end}/{end.year + 1}-06")


@st.composite
def full_records(draw: st.DrawFn, standard: Standard, book: Rulebook) -> tuple[Record, ...]:
    """Draw records on a few criteria, with a plain one on the strongest basis for every criterion that none of them names."""
    some = draw(records(standard, book))
    named = {criterion for each in some for criterion, _ in each.shown()}
    basis = max(standard.bases, key=lambda name: standard.bases[name].strength)
    rest = draw(statuses(standard, book, not_applicable=False))
    plain = [
        record(f"p{number}", book.rulebook, each.id, as_shown(each, rest[each.id]), basis)
        for number, each in enumerate(book.criteria)
        if each.id not in named and rest[each.id] != NOT_ASSESSED and each.grade_of is None
    ]
    return (*some, *plain)


@st.composite
def judgements(draw: st.DrawFn, standard: Standard, book: Rulebook, max_size: int = 5) -> tuple[Judgement, ...]:
    """Draw judgements that don't contradict each other: statuses, not applicable, dominant, and perhaps a final grade."""
    found: dict[tuple[str, str | None, str], Judgement] = {}
    for _ in range(draw(st.integers(0, max_size))):
        criterion = draw(st.sampled_from(book.criteria))
        kind = draw(st.sampled_from(("status", "not_applicable", "dominant", "grade")))
        if kind == "grade":
            made = judgement(book.rulebook, grade=draw(st.sampled_from(list(standard.grades))))
        elif kind == "status":
            made = judgement(book.rulebook, criterion.id, status=as_shown(criterion, draw(known(standard, criterion))))
        else:
            made = judgement(book.rulebook, criterion.id, **{kind: True})
        found.setdefault(made.target, made)
    return tuple(found.values())


def assumed(
    standard: Standard, book: Rulebook, values: Mapping[str, str], dominant: Sequence[str] = (), composed: Composed | None = None
) -> tuple[CriterionStatus, ...]:
    """Return the criteria of a rulebook with the values given, some of them dominant, some open between two statuses."""
    found = []
    for each in book.criteria:
        low, high = (composed or {}).get(each.id, ("", ""))
        value = (low if low == high else NOT_ASSESSED) if low else values.get(each.id, NOT_ASSESSED)
        significance = standard.top_significance if each.id in dominant else each.significance
        found.append(CriterionStatus(each, value, significance, between=(low, high) if low != high else None))
    return tuple(found)
