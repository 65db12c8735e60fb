"""What the tests draw most: rulebooks, readings, statuses, records and judgements of the conformance suite's hmic-2007."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from adjudge import Judgement, Record, Rulebook
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.status import CriterionStatus
from adjudge.testing import strategies
from adjudge.testing.strategies import books_of, readings_of
from tests.conformance.suite import HMIC, standard_named

STANDARD = standard_named(HMIC)
STATUSES = tuple(STANDARD.statuses)
BASES = tuple(STANDARD.bases)
DATES = ("2006-03-31", "2006-04", "2007-01", "2007-07-31", "2007-07/2007-08", "2007-08-01")

readings, books = readings_of(STANDARD), books_of(STANDARD)
known: st.SearchStrategy[str] = st.sampled_from(STATUSES)
open_or_known: st.SearchStrategy[str] = st.sampled_from((*STATUSES, NOT_ASSESSED, NOT_APPLICABLE))


@st.composite
def statuses(draw: st.DrawFn, book: Rulebook, values: st.SearchStrategy[str] = known) -> dict[str, str]:
    """Draw a status for every criterion, some of them from the values given."""
    found = draw(strategies.statuses(STANDARD, book, unknown=False, not_applicable=False))
    return found | draw(st.dictionaries(st.sampled_from(list(found)), values, max_size=6))


def some_records(book: Rulebook, min_size: int = 0, max_size: int = 14) -> st.SearchStrategy[tuple[Record, ...]]:
    """Draw records on a few criteria, so that they meet."""
    return strategies.records(STANDARD, book, min_size, max_size)


def some_judgements(book: Rulebook, max_size: int = 5) -> st.SearchStrategy[tuple[Judgement, ...]]:
    """Draw judgements that don't contradict each other."""
    return strategies.judgements(STANDARD, book, max_size)


def assumed(book: Rulebook, values: Mapping[str, str], dominant: Sequence[str] = ()) -> tuple[CriterionStatus, ...]:
    """Return the criteria of a rulebook with the statuses given, some of them dominant."""
    return strategies.assumed(STANDARD, book, values, dominant)
