"""Strategies that the laws and the differential tests share: rulebooks, readings, statuses, records and judgements of the conformance suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from adjudge import Judgement, Record, Rulebook
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading
from adjudge.status import CriterionStatus
from tests.conformance.suite import UNITS, judgement, record, standard

STANDARD = standard()
STATUSES = tuple(STANDARD.statuses)
BASES = tuple(STANDARD.bases)
DATES = ("2006-03-31", "2006-04", "2007-01", "2007-07-31", "2007-07/2007-08", "2007-08-01")

readings: st.SearchStrategy[Reading] = st.sampled_from(list(STANDARD.all_readings()))
books: st.SearchStrategy[Rulebook] = st.sampled_from(STANDARD.rulebooks)
known: st.SearchStrategy[str] = st.sampled_from(STATUSES)
open_or_known: st.SearchStrategy[str] = st.sampled_from((*STATUSES, NOT_ASSESSED, NOT_APPLICABLE))


@st.composite
def statuses(draw: st.DrawFn, book: Rulebook, values: st.SearchStrategy[str] = known) -> dict[str, str]:
    """Draw a status for every criterion: one for each tier, mostly good, and a few exceptions, so that every grade is common."""
    levels = {tier: draw(st.sampled_from(("met", "met", "substantially_met", *STATUSES))) for tier in STANDARD.tiers}
    exceptions = draw(st.dictionaries(st.sampled_from([each.id for each in book.criteria]), values, max_size=6))
    return {each.id: levels[each.tier or ""] for each in book.criteria} | exceptions


@st.composite
def some_records(draw: st.DrawFn, book: Rulebook, min_size: int = 0, max_size: int = 14) -> tuple[Record, ...]:
    """Draw records on a few criteria, so that they meet: any basis, date and unit, some bearing on others, some duplicates."""
    ids = [each.id for each in book.criteria]
    criteria = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=4, unique=True))
    found: list[Record] = []
    for number in range(draw(st.integers(min_size, max_size))):
        criterion = draw(st.sampled_from(criteria))
        also = draw(st.one_of(st.just({}), st.dictionaries(st.sampled_from([each for each in criteria if each != criterion]), known, max_size=2)))
        originals = [each.id for each in found if each.duplicate_of is None]
        found.append(
            record(
                f"r{number}",
                book.rulebook,
                criterion,
                draw(known),
                basis=draw(st.sampled_from(BASES)),
                date=draw(st.sampled_from(("2007-01", "2007-01", "2007-01", *DATES))),
                unit=draw(st.sampled_from(("whole", "whole", *UNITS))),
                also=also,
                section=draw(st.sampled_from(("strengths", "work_in_progress", "areas_for_improvement"))),
                duplicate_of=draw(st.sampled_from(originals)) if originals and draw(st.integers(0, 9)) == 0 else None,
            )
        )
    return tuple(found)


@st.composite
def full_records(draw: st.DrawFn, book: Rulebook) -> tuple[Record, ...]:
    """Draw records on a few criteria, with a plain observed record for every criterion that none of them names."""
    some = draw(some_records(book))
    named = {criterion for each in some for criterion, _ in each.shown()}
    rest = draw(statuses(book, st.sampled_from((*STATUSES, NOT_ASSESSED))))
    plain = [
        record(f"p{number}", book.rulebook, criterion, status)
        for number, (criterion, status) in enumerate(rest.items())
        if criterion not in named and status != NOT_ASSESSED
    ]
    return (*some, *plain)


@st.composite
def some_judgements(draw: st.DrawFn, book: Rulebook, max_size: int = 5) -> tuple[Judgement, ...]:
    """Draw judgements that don't contradict each other: statuses, not applicable, dominant, and perhaps a final grade."""
    found: dict[tuple[str, str | None, str], Judgement] = {}
    for _ in range(draw(st.integers(0, max_size))):
        criterion = draw(st.sampled_from([each.id for each in book.criteria]))
        kind = draw(st.sampled_from(("status", "not_applicable", "dominant", "grade")))
        if kind == "grade":
            made = judgement(book.rulebook, grade=draw(st.sampled_from(list(STANDARD.grades))))
        else:
            made = judgement(book.rulebook, criterion, **{kind: draw(known) if kind == "status" else True})
        found.setdefault(made.target, made)
    return tuple(found.values())


def assumed(book: Rulebook, values: Mapping[str, str], dominant: Sequence[str] = ()) -> tuple[CriterionStatus, ...]:
    """Return the criteria of a rulebook with the statuses given, some of them dominant."""
    top = STANDARD.top_significance
    return tuple(
        CriterionStatus(each, values.get(each.id, NOT_ASSESSED), top if each.id in dominant else each.significance) for each in book.criteria
    )
