"""Phrases that the parts of a report share: grades, statuses and what decided them, dates, references to records and criteria."""

from __future__ import annotations

import datetime

from adjudge.evidence import Judgement
from adjudge.explanation import status_name
from adjudge.grading import Grading
from adjudge.language import shown_value
from adjudge.proposal import Proposal
from adjudge.reports.document import Inline, Ref
from adjudge.rulebook import WHOLE, Criterion, Standard
from adjudge.source import MONTHS

UNDECIDED = "not yet decided"


def in_force(grading: Grading) -> Standard:
    """Return the standard as it was on the day whose rules count."""
    return grading.proposals[0].standard if grading.proposals else grading.bundle.standard


def day(date: datetime.date) -> str:
    """Return a day as one says it: 9 October 2007."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def period(text: str) -> str:
    """Return a period as one says it: April 2006 to July 2007."""

    def said(end: str) -> str:
        year, *rest = end.split("-")
        words = [str(int(rest[1]))] if len(rest) > 1 else []
        return " ".join([*words, *([MONTHS[int(rest[0]) - 1]] if rest else []), year])

    return " to ".join(said(end) for end in text.split("/"))


def grade_name(standard: Standard, grade: str | None) -> str:
    """Return a grade's name; a dash for none."""
    return standard.grades[grade] if grade else "–"


def proposed(proposal: Proposal) -> str:
    """Return the grade proposed, or that it is open, with its range."""
    low, high = (proposal.standard.grades[each] for each in proposal.range)
    name = proposal.standard.grades[proposal.grade] if proposal.grade else "Open"
    return name if low == high else f"{name}, between {low} and {high}"


def signed(judgement: Judgement) -> str:
    """Return who judged, and when."""
    return f"{judgement.author}, {day(judgement.date)}"


def decided(proposal: Proposal) -> str:
    """Return the grade that was decided with who decided it and when, or that nobody has yet."""
    if proposal.decided is None or proposal.decided.grade is None:
        return UNDECIDED
    return f"{proposal.standard.grades[proposal.decided.grade]} ({signed(proposal.decided)})"


def standing(grading: Grading) -> str:
    """Return in one line that adjudge proposes, and who has decided."""
    deciders = dict.fromkeys(each.decided.author for each in grading if each.decided)
    undecided = [each for each in grading if each.decided is None]
    if not deciders:
        return f"Proposed by adjudge; {UNDECIDED}."
    rest = f"; {len(undecided)} of {len(grading)} {UNDECIDED}" if undecided else ""
    return f"Proposed by adjudge; decided by {' and '.join(deciders)}{rest}."


def value(standard: Standard, shows: str | int | float) -> str:
    """Return a status or points as one says it."""
    text = shown_value(shows)
    return status_name(standard, text) if isinstance(shows, str) else "1 point" if text == "1" else f"{text} points"


def judged(standard: Standard, judgement: Judgement) -> str:
    """Return what a judgement decides."""
    if judgement.grade:
        return f"grade {standard.grades[judgement.grade]}"
    return judgement.says if judgement.status is None else value(standard, judgement.status)


def record_anchor(record: str) -> str:
    """Return the anchor of a record."""
    return f"record.{record}"


def criterion_anchor(framework: str, criterion: str) -> str:
    """Return the anchor of a criterion in the annex."""
    return f"criterion.{framework}.{criterion}"


def criterion_ref(framework: str, criterion: Criterion) -> Ref:
    """Return a criterion's title, leading to its row in the annex."""
    return Ref(criterion.title, criterion_anchor(framework, criterion.id))


def unit_words(unit: str, units: dict[str, str]) -> str:
    """Return where a finding was made, if not in the whole body."""
    return "" if unit == WHOLE else f"in {units.get(unit, unit)}"


def joined(parts: list[Inline], between: str = "; ") -> Inline:
    """Return words joined by others between them."""
    found: list[str | Ref] = []
    for part in parts:
        found += [between, *part] if found else part
    return tuple(found)


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return a number with its noun, in the plural if need be."""
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"
