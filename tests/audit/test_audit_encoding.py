"""The audit's formulas mean what the reference means, and criteria that the audit counts as alike are."""

from __future__ import annotations

import datetime
import functools
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import load_standard
from adjudge.audit.logic import all_of
from adjudge.audit.population import Case
from adjudge.audit.run import random_case
from adjudge.audit.search import Found, Search, differs
from adjudge.conditions import Statuses
from adjudge.reference import evaluate
from adjudge.rulebook import Standard
from adjudge.status import CriterionStatus
from tests.hmic import STANDARD

TESTS = Path(__file__).parents[1]


@functools.cache
def _standards() -> dict[str, Standard]:
    return {
        "suite": STANDARD,
        "hmic-2007": load_standard("hmic-2007"),
        "fsa-fhrs": load_standard("fsa-fhrs"),
        "cqc": load_standard("cqc-adult-social-care"),
        "lodgings 2020": load_standard(TESTS / "unit/made_up/rules/lodgings").on(datetime.date(2020, 6, 1)),
        "lodgings 2022": load_standard(TESTS / "unit/made_up/rules/lodgings").on(datetime.date(2022, 6, 1)),
        "score": load_standard(TESTS / "bad/good/rules/score").on(datetime.date(2021, 6, 1)),
        "mini": load_standard(TESTS / "bad/good/rules/mini"),
    }


@functools.cache
def _searches() -> list[Search]:
    return [Search(each, book) for each in _standards().values() for book in each.rulebooks]


def _found(search: Search, draw: random.Random) -> Found:
    return Found(random_case(search.population, draw), draw.choice(list(search.standard.all_readings())))


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_the_formulas_give_what_the_reference_gives(seed: int, which: int) -> None:
    """On any case, values unknown and not applicable among them, under any reading, the formulas give the reference's grade and range."""
    search = _searches()[which % len(_searches())]
    search.answered(_found(search, random.Random(seed)))


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_the_conditions_hold_where_the_reference_says_so(seed: int, which: int) -> None:
    """Each condition of a standard is certain, and possible, exactly where the reference finds it so."""
    search = _searches()[which % len(_searches())]
    found = _found(search, random.Random(seed))
    evaluation = evaluate(search.standard, Statuses(search.standard, search.population.statuses(found.case)), found.reading)
    terms = search.one_reading(found.reading)
    rules = [(each.reach.when, each.outcome) for each in evaluation.reached] + [(each.limit.when, each.outcome) for each in evaluation.limited]
    for when, outcome in rules:
        assert search.encoding.holds(when, found.case, terms) == (outcome.certain, outcome.possible)


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_criteria_of_a_group_are_interchangeable(seed: int, which: int) -> None:
    """Whichever criteria of a group have its values, the answer is the same: so cases may be counted."""
    search = _searches()[which % len(_searches())]
    draw = random.Random(seed)
    found = _found(search, draw)
    given_values = {each.criterion.id: each for each in search.population.statuses(found.case)}
    shuffled: dict[str, CriterionStatus] = {}
    for group in search.population.groups[: search.population.actual]:
        values = [given_values[each.id].status for each in group.criteria]
        draw.shuffle(values)
        shuffled |= {each.id: CriterionStatus(each, value, group.significance) for each, value in zip(group.criteria, values, strict=True)}
    other = evaluate(search.standard, [shuffled[each.id] for each in search.book.criteria], found.reading)
    assert other.answer == search.answered(found)


@pytest.mark.parametrize("place", range(5))
def test_a_symbolic_case_stands_for_every_case(place: int) -> None:
    """Held to a plain case and a plain reading, the formulas over the symbolic case have just that case's answer."""
    searches = _searches()
    search, draw = searches[place * len(searches) // 5], random.Random(place)
    symbolic, rules = search.population.symbolic("case", unknown=True, inapplicable=True)
    terms, admitted = search.every_reading()
    answer = search.encoding.answer(symbolic, terms)
    for _ in range(5):
        found = _found(search, draw)
        plain = search.encoding.answer(found.case, search.one_reading(found.reading))
        held = [_held(symbolic, found.case), *(terms[term][value] for term, value in found.reading.values.items())]
        assert search.possible(rules, admitted, *held, answer.equals(plain))
        assert not search.possible(rules, admitted, *held, differs(answer, plain))


def _held(symbolic: Case, plain: Case) -> object:
    counts = [symbolic.counts[key] == count for key, count in plain.counts.items() if not isinstance(symbolic.counts[key], int)]
    return all_of([*counts, *(symbolic.points[place] == points for place, points in plain.points.items())])
