"""Periods, bounds, readings and the standard's own arithmetic."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import BadInput, load_standard
from adjudge.language import Bound, Period, written


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2007-04-30", (2007, 4, 30), (2007, 4, 30)),
        ("2007-04", (2007, 4, 1), (2007, 4, 30)),
        ("2007-12", (2007, 12, 1), (2007, 12, 31)),
        ("2007", (2007, 1, 1), (2007, 12, 31)),
        ("2006-04/2007-07", (2006, 4, 1), (2007, 7, 31)),
        ("2008-02", (2008, 2, 1), (2008, 2, 29)),
    ],
)
def test_a_date_means_all_the_days_it_names(text: str, start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    """A month is all its days, a year all its months, a period both its ends."""
    period = Period.parse(text)
    assert (period.start, period.end) == (datetime.date(*start), datetime.date(*end))


@pytest.mark.parametrize("text", ["", "April 2007", "2007-13", "2007-02-30", "2007-04/", "/2007", "07-04-2007", "2007-4"])
def test_what_is_not_a_date_is_refused(text: str) -> None:
    """A date that isn't written as one is an error that says how to write it."""
    with pytest.raises(ValueError, match="isn't a date"):
        Period.parse(text)


def test_a_period_runs_forward() -> None:
    """A period that ends before it starts is refused."""
    with pytest.raises(ValueError, match="ends before it starts"):
        Period.parse("2007-07/2006-04")


def test_a_record_on_the_edge_of_the_period_is_inside() -> None:
    """Both ends of the assessment period belong to it."""
    period = Period.parse("2006-04/2007-07")
    assert period.holds(Period.parse("2006-04-01"))
    assert period.holds(Period.parse("2007-07-31"))
    assert not period.holds(Period.parse("2007-08-01"))
    assert not period.holds(Period.parse("2006-03"))


@given(st.booleans(), st.booleans(), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60))
def test_the_edge_of_a_bound_is_the_last_amount_that_keeps_to_it(rising: bool, strict: bool, numerator: int, denominator: int, whole: int) -> None:
    """`edge` and `is_met` say the same of every bound: the edge keeps to it, and one step beyond doesn't."""
    bound = Bound(rising, strict, Fraction(numerator, denominator))
    edge = bound.edge(whole)
    assert bound.is_met(Fraction(edge, whole))
    assert not bound.is_met(Fraction(edge - 1 if rising else edge + 1, whole))


@pytest.mark.parametrize("text", ["at least 2", "more than 1/2", "at most 15", "less than 2.5", "at least -3"])
def test_a_bound_is_written_as_it_is_read(text: str) -> None:
    """What a bound is written as reads back as the same bound."""
    assert Bound.parse(str(Bound.parse(text))) == Bound.parse(text)


@pytest.mark.parametrize("text", ["most", "at least", "more than 1/0", "at best 2", "at least 1/-2", "at least .5"])
def test_what_is_not_a_bound_is_refused(text: str) -> None:
    """A bound is `at least` or `more than` a whole number or a fraction."""
    with pytest.raises(ValueError, match="isn't a bound"):
        Bound.parse(text)


def test_readings_are_by_name_by_terms_or_all() -> None:
    """A reading is chosen by its name or by the terms it changes; every admissible one is listed once, the default first."""
    standard = load_standard()
    assert standard.reading("strict").values["counts_as_met"] == "met"
    assert standard.reading("most=at least 2/3").changes(standard) == {"most": "at least 2/3"}
    every = list(standard.all_readings())
    assert every[0].changes(standard) == {}
    assert len({tuple(reading.values.items()) for reading in every}) == len(every) == 2 * 3 * 2 * 2 * 3 * 2
    with pytest.raises(BadInput, match="did you mean `strict`"):
        standard.reading("strickt")
    with pytest.raises(BadInput, match="isn't an admissible value of `most`"):
        standard.reading({"most": "at least 1/5"})
    with pytest.raises(BadInput, match="did you mean `most`"):
        standard.reading("mosst=at least 2/3")


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (5, "5"),
        (2.50, "2.5"),
        (-0.5, "-0.5"),
        (0.00001, "0.00001"),
        (-0.0, "0"),
        (Fraction(5, 3), "5/3"),
        (Fraction(1, 2**18), "0.000003814697265625"),
    ],
)
def test_points_are_written_exactly(points: int | float | Fraction, text: str) -> None:
    """Points are written as the exact decimal, or as a fraction where there is none."""
    assert written(points) == text


@given(st.decimals(-1000, 1000, places=12))
def test_a_written_decimal_is_the_same_number(decimal: Decimal) -> None:
    """A decimal of up to 18 places reads back as the same number."""
    assert Fraction(written(Fraction(decimal))) == Fraction(decimal)
