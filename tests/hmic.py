"""The shared strategies for the 2007 grading, over the conformance suite's small rulebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from adjudge import Judgement, Record, Rulebook
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED
from adjudge.status import CriterionStatus
from adjudge.testing import strategies
from tests.conformance.suite import HMIC, standard_named

STANDARD = standard_named(HMIC)
STATUSES, BASES = tuple(STANDARD.statuses), tuple(STANDARD.bases)
books, readings = strategies.books_of(STANDARD), strategies.readings_of(STANDARD)
known = st.sampled_from(STATUSES)
open_or_known = st.sampled_from((*STATUSES, NOT_ASSESSED, NOT_APPLICABLE))


def statuses(book: Rulebook, unknown: bool = False, not_applicable: bool = False) -> st.SearchStrategy[dict[str, str]]:
    """Draw a status for every criterion of a rulebook."""
    return strategies.statuses(STANDARD, book, unknown, not_applicable)


def some_records(book: Rulebook, min_size: int = 0) -> st.SearchStrategy[tuple[Record, ...]]:
    """Draw records on a few criteria of a rulebook, so that they meet."""
    return strategies.records(STANDARD, book, min_size)


def full_records(book: Rulebook) -> st.SearchStrategy[tuple[Record, ...]]:
    """Draw records on every criterion of a rulebook."""
    return strategies.full_records(STANDARD, book)


def some_judgements(book: Rulebook) -> st.SearchStrategy[tuple[Judgement, ...]]:
    """Draw judgements on a rulebook that don't contradict each other."""
    return strategies.judgements(STANDARD, book)


def assumed(book: Rulebook, values: Mapping[str, str], dominant: Sequence[str] = ()) -> tuple[CriterionStatus, ...]:
    """Return the criteria of a rulebook with the statuses given, some of them dominant."""
    return strategies.assumed(STANDARD, book, values, dominant)
