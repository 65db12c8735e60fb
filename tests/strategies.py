"""Hypothesis strategies that all tests share: statuses, records, judgements and readings of a small regime."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from adjudge import Judgement, Record, Rulebook, Standard, load_standard
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Criterion, Period, Reading

FULL = load_standard()
UNITS = ("western", "central", "eastern")


def _small() -> tuple[Standard, Rulebook]:
    """Take a few criteria of each kind from a shipped rulebook, so that cases stay readable and shares hit their bounds."""
    book = FULL.rulebook("public-protection")
    chosen: list[Criterion] = []
    for tier, significance, number in (
        ("fair", "critical", 1),
        ("fair", "significant", 3),
        ("fair", "ordinary", 2),
        ("good", "ordinary", 4),
        ("beacon", "ordinary", 1),
        ("innovation", "ordinary", 1),
    ):
        chosen += [each for each in book.criteria if (each.tier, each.significance) == (tier, significance)][:number]
    small = book.model_copy(update={"criteria": tuple(chosen)})
    return Standard.model_construct(**{**FULL.__dict__, "rulebooks": (small,)}), small


STANDARD, BOOK = _small()
STATUSES = list(STANDARD.statuses)
IDS = [criterion.id for criterion in BOOK.criteria]
ALL_READINGS = list(STANDARD.all_readings())

known = st.sampled_from(STATUSES)
good_mostly = st.sampled_from([*STATUSES, "met", "met", "substantially_met"])
known_statuses = st.fixed_dictionaries(dict.fromkeys(IDS, good_mostly))
any_statuses = st.fixed_dictionaries({each: good_mostly | st.sampled_from([NOT_ASSESSED, NOT_ASSESSED, NOT_APPLICABLE]) for each in IDS})
readings: st.SearchStrategy[Reading] = st.sampled_from(ALL_READINGS)
dates = st.sampled_from(["2006-04/2007-07", "2007-01", "2006-04-01", "2007-07-31", "2007-08-01", "2006-03", "2007"]).map(Period.parse)


@st.composite
def records(draw: st.DrawFn, most: int = 14) -> list[Record]:
    """Draw records of the small rulebook, some of them duplicates of earlier ones."""
    found: list[Record] = []
    for number in range(draw(st.integers(0, most))):
        criterion, *others = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True))
        originals = [each.id for each in found if not each.duplicate_of]
        duplicate = draw(st.sampled_from([None, None, None, None, *originals]))
        found.append(
            Record(
                id=f"r{number}",
                framework=BOOK.rulebook,
                section=draw(st.sampled_from(["strengths", "work_in_progress", "areas_for_improvement"])),
                paragraph=number + 1,
                fingerprint="0" * 16,
                criterion=criterion,
                shows=draw(known),
                also={each: draw(known) for each in others},
                basis=draw(st.sampled_from(list(STANDARD.bases))),
                date=draw(dates),
                unit=draw(st.sampled_from(["whole", "whole", *UNITS])),
                duplicate_of=duplicate,
                summary="A finding made up for a test.",
                recorded_by="tester",
            )
        )
    return found


@st.composite
def judgements(draw: st.DrawFn) -> list[Judgement]:
    """Draw judgements of the small rulebook, one at most on each target."""
    found = []
    for criterion in draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True)):
        decision: dict[str, object] = draw(st.sampled_from([{"dominant": True}, {"not_applicable": True}, *({"status": each} for each in STATUSES)]))
        made: dict[str, object] = {"framework": BOOK.rulebook, "criterion": criterion, "reason": "for a test", "author": "tester"}
        found.append(Judgement.model_validate({**made, **decision, "date": datetime.date(2007, 9, 1)}))
    return found
