"""Every evaluator against the reference on the same random cases: statuses, contests, conditions, grade and range must be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from adjudge import BadInput, Rulebook, Standard, load_standard
from adjudge.durable_host import available
from adjudge.reference import evaluate
from adjudge.rulebook import Reading
from adjudge.status import assume
from adjudge.testing.made_up import standard_of
from adjudge.testing.strategies import assumed, books_of, full_records, judgements, parts_of, readings_of, records, standards, statuses
from tests.conformance.suite import standard_named
from tests.differential.comparing import Posed, differences, differences_of_evidence, differences_of_many, renewed_process
from tests.differential.corpus import FOLDER, Found, as_text, found
from tests.evaluators import EVALUATORS
from tests.tally import TALLY

STANDARD = standard_named("hmic-2007")
SHIPPED = load_standard("hmic-2007")
DEEP = not settings.default.derandomize  # type: ignore[union-attr]
CASES = 10
"""How many drawn cases a drawn standard is asked."""
MANY = 340 if DEEP else 50
"""How many more that follow from a seed."""

needs_rules = pytest.mark.skipif(not available(), reason="durable-rules isn't installed")
books, readings = books_of(STANDARD), readings_of(STANDARD)


@pytest.fixture(scope="module")
def beside() -> Iterator[ProcessPoolExecutor | None]:
    """In the deep run the standards are compared in a process beside this one, so that what durable-rules leaks goes with it."""
    if DEEP:
        with renewed_process() as pool:
            yield pool
    else:
        yield None


def _posed(data: st.DataObject, standard: Standard, book: Rulebook) -> Posed:
    values = data.draw(statuses(standard, book))
    composed = data.draw(parts_of(standard, book))
    dominant = data.draw(st.lists(st.sampled_from(list(values)), max_size=1)) if standard.significances else []
    return Posed(book.rulebook, data.draw(readings_of(standard)), assumed(standard, book, values, dominant, composed))


@given(data=st.data())
def test_random_standards(beside: ProcessPoolExecutor | None, data: st.DataObject) -> None:
    """They agree on any standard, whatever constructs it is made of, and any statuses."""
    standard = data.draw(standards())
    posed = [_posed(data, standard, data.draw(books_of(standard))) for _ in range(CASES)]
    told = beside.submit(differences, standard, posed).result() if beside else differences(standard, posed)
    if told:
        again = [each for each in posed if differences(standard, [each])]  # none, if it takes what the other process did before
        note("\n".join([*told, *(as_text(standard, each) for each in again or posed)]))
    assert told == []
    TALLY["drawn cases of random standards"] += len(posed)


@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_many_cases_of_random_standards(beside: ProcessPoolExecutor | None, data: st.DataObject, seed: int) -> None:
    """They agree on many random cases of any standard."""
    standard = data.draw(standards())
    asked = (standard, data.draw(books_of(standard)).rulebook, data.draw(readings_of(standard)), seed, MANY)
    assert (beside.submit(differences_of_many, *asked).result() if beside else differences_of_many(*asked)) == []
    TALLY["seeded cases of random standards"] += MANY


@needs_rules
@given(data=st.data())
@settings(max_examples=max(settings.default.max_examples // 4, 25))  # type: ignore[union-attr]
def test_evidence_under_random_standards(beside: ProcessPoolExecutor | None, data: st.DataObject) -> None:
    """Reference and inference agree on records and judgements under any standard that takes evidence."""
    standard = data.draw(standards(evidence=True))
    book = data.draw(books_of(standard))
    drawn = data.draw(full_records(standard, book)), data.draw(judgements(standard, book)), data.draw(parts_of(standard, book))
    reading = data.draw(readings_of(standard))
    given_ = (standard, book, reading, *drawn)
    assert (beside.submit(differences_of_evidence, *given_).result() if beside else differences_of_evidence(*given_)) == []
    TALLY["evidence under random standards"] += 1


@given(st.data(), books, readings)
def test_statuses(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on statuses, known, unknown and not applicable, under every reading."""
    posed = Posed(book.rulebook, reading, assumed(STANDARD, book, data.draw(statuses(STANDARD, book))))
    assert differences(STANDARD, [posed]) == []
    TALLY["statuses under hmic-2007"] += 1


@given(st.data(), st.sampled_from(SHIPPED.rulebooks), readings_of(SHIPPED))
def test_shipped_rulebooks(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on the shipped rulebooks."""
    posed = Posed(book.rulebook, reading, assumed(SHIPPED, book, data.draw(statuses(SHIPPED, book))))
    assert differences(SHIPPED, [posed]) == []
    TALLY["statuses under hmic-2007"] += 1


@needs_rules
@given(st.data(), books, readings)
def test_records(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on records that meet: every basis, date, unit, `also` and duplicate."""
    assert differences_of_evidence(STANDARD, book, reading, data.draw(records(STANDARD, book)), (), {}) == []
    TALLY["evidence under hmic-2007"] += 1


@needs_rules
@given(st.data(), books, readings)
def test_records_and_judgements(data: st.DataObject, book: Rulebook, reading: Reading) -> None:
    """They agree on full evidence with judgements."""
    drawn = data.draw(full_records(STANDARD, book)), data.draw(judgements(STANDARD, book))
    assert differences_of_evidence(STANDARD, book, reading, *drawn, {}) == []
    TALLY["evidence under hmic-2007"] += 1


@pytest.mark.parametrize("name", EVALUATORS)
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_corpus(path: Path, name: str) -> None:
    """A disagreement that was found once doesn't come back."""
    case: Found = found(path)
    book = case.standard.rulebook(case.posed.framework)
    if name in ("sweep", "bits") and path.stem == "amounts-beyond-64-bits":
        with pytest.raises(BadInput, match="isn't on the scale of points"):  # a column takes six decimals, and says so
            EVALUATORS[name](case.standard, book, case.posed.reading, [case.posed.statuses])
        return
    assert EVALUATORS[name](case.standard, book, case.posed.reading, [case.posed.statuses]) == [case.answer]


def _with_one_condition(condition: Mapping[str, Any], criteria: Sequence[str]) -> Standard:
    """Return a standard whose better grade needs one condition."""
    source = {"part": "Made up", "gist": "made up for a test"}
    about = {"edition": "1", "title": "Made up", "provenance": "published", "text": "Made up."}
    content = {
        **{"standard": "made-up", **about, "source": "none", "statuses": {"low": "low", "high": "high"}, "grades": {"good": "good", "poor": "poor"}},
        "reach": [{"grade": "good", "text": "made up", "source": source, "when": condition}],
        "otherwise": {"grade": "poor", "text": "made up", "source": source},
    }
    return standard_of(content, [{"rulebook": "one", "standard": "made-up", **about, "criteria": [{"id": each, **_TITLED} for each in criteria]}])


_TITLED = {"title": "made up", "text": "Made up."}


def _joined(form: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {form: list(parts)} | ({"is": "at least 1"} if form == "count" else {})


@pytest.mark.parametrize("inner", ["all", "any", "count"])
@pytest.mark.parametrize("outer", ["all", "any", "count"])
def test_conditions_within_conditions(outer: str, inner: str) -> None:
    """They agree on joined conditions that join others, whichever branches hold."""
    names = ("a", "b", "c", "d")
    leaf: list[dict[str, Any]] = [{"every": {"id": [name]}, "at_least": "high"} for name in names]
    standard = _with_one_condition(_joined(outer, [_joined(inner, leaf[:2]), _joined(inner, leaf[2:])]), names)
    choices = [{name: "high" if choice >> bit & 1 else "low" for bit, name in enumerate(names)} for choice in range(16)]
    posed = [Posed("one", standard.reading(), assumed(standard, standard.rulebooks[0], values)) for values in choices]
    assert differences(standard, posed) == []


@pytest.mark.parametrize("size", [16, 17, 40])
@pytest.mark.parametrize("form", ["all", "any", "count"])
def test_long_lists_of_conditions(form: str, size: int) -> None:
    """They agree on lists longer than durable-rules can join."""
    names = [f"c{number}" for number in range(size)]
    standard = _with_one_condition(_joined(form, [{"every": {"id": [name]}, "at_least": "high"} for name in names]), names)
    choices = [
        dict.fromkeys(names, "high"),
        dict.fromkeys(names, "low"),
        dict.fromkeys(names, "high") | {"c3": "low"},
        dict.fromkeys(names[1:], "high"),
    ]
    posed = [Posed("one", standard.reading(), assumed(standard, standard.rulebooks[0], values)) for values in choices]
    assert differences(standard, posed) == []


def test_strategies_reach_every_grade() -> None:
    """The random statuses are worth their time: each grade and an open range are among them."""
    seen: set[str | None] = set()

    @given(st.data(), books)
    @settings(max_examples=300)
    def look(data: st.DataObject, book: Rulebook) -> None:
        seen.add(evaluate(STANDARD, assume(book, data.draw(statuses(STANDARD, book))), STANDARD.reading()).grade)

    look()
    assert seen == {None, *STANDARD.grades}


def test_random_standards_have_every_construct() -> None:
    """The random standards are worth their time: every construct of the language is among them."""
    constructs = (
        *("every", "any", "count", "share", "all", "not", "sum", "mean", "minimum", "maximum", "number", "adjust", "round", "one_of", "at_most"),
        *("no_better_than", "no_worse_than", "decision", "not_monotone", "grade_of", "in_force", "terms", "tier", "significance", "theme", "weight"),
    )
    missing = set(constructs)

    @given(standards(), standards(dated=True))
    def look(one: Standard, other: Standard) -> None:
        text = "".join(as_text(each, Posed("part", each.reading(), ())) for each in (one, other))
        missing.difference_update([each for each in missing if f"{each}:" in text])

    look()
    assert not missing
