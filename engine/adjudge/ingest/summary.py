"""The summary of a register as a page: what was found in a report, how every line is accounted for, and what is left to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adjudge.ingest.draft import Place
from adjudge.ingest.outline import GRADES
from adjudge.ingest.register import Register, counts_of
from adjudge.page import Item, Page, Section, Table

_SECTIONS = ("strengths", "work_in_progress", "areas_for_improvement")


def summary(register: Register, found: Sequence[Place], notes: Sequence[str] = (), folder: Path | None = None) -> Page:
    """Return the page about a register, with its frameworks' places in the bundle, further notes, and where the draft was written."""
    sections = [Section("Not placed", tuple(Item(f"line {each.line}: {_short(each.text)}") for each in register.unplaced))]
    sections.append(Section("To look at", tuple(Item(note) for note in (*register.notes, *notes))))
    return Page(
        title=register.title,
        lead=(_contents(register), _lines(register)),
        tables=(_findings(register), _published(register), _places(found), _roles(register)),
        sections=tuple(section for section in sections if section.items),
        closing=_closing(folder),
    )


def _count(number: int, noun: str, nouns: str | None = None) -> str:
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"


def _contents(register: Register) -> str:
    findings = sum(len(each.findings) for each in register.frameworks)
    graded = sum(each.grade is not None for each in register.frameworks)
    references = sum(bool(finding.see_also) for each in register.frameworks for finding in each.findings)
    parts = (
        f"{_count(len(register.frameworks), 'framework')}, {graded} graded",
        f"{_count(findings, 'finding')}, {references} with cross-references",
        _count(len(register.recommendations), "recommendation"),
        _count(len(register.developing_practice), "entry of developing practice", "entries of developing practice"),
        _count(len(register.context), "paragraph about the force", "paragraphs about the force"),
        _count(len(register.strategic_priorities), "strategic priority", "strategic priorities"),
        _count(len(register.previous_grades), "previous grade"),
        _count(len(register.glossary), "abbreviation"),
    )
    return " · ".join(parts)


def _lines(register: Register) -> str:
    placed = sum(len(numbers) for numbers in register.roles.values())
    return f"{register.line_count} lines: {register.blank_lines} blank, {placed} with one role each; {len(register.unplaced)} of them not placed"


def _findings(register: Register) -> Table:
    rows = []
    totals = [0] * (len(_SECTIONS) + 1)
    for framework in register.frameworks:
        counts = counts_of(framework)
        row = [*(counts[section] for section in _SECTIONS), sum(counts.values())]
        totals = [total + number for total, number in zip(totals, row, strict=True)]
        rows.append((framework.heading, *map(str, row)))
    return Table(("findings", "strengths", "in progress", "to improve", "all"), (*rows, ("all", *map(str, totals))))


def _published(register: Register) -> Table:
    rows = []
    for framework in register.frameworks:
        counts = framework.distribution or {}
        rows.append((framework.heading, (framework.grade or "none").capitalize(), *(str(counts.get(grade, "–")) for grade in GRADES)))
    return Table(("grades, here and nationally", "here", *GRADES), tuple(rows))


def _places(found: Sequence[Place]) -> Table:
    def graded_as(place: Place) -> str:
        if place.has_rulebook:
            return "has a rulebook"
        return f"inherited by {_count(len(place.inherited_by), 'framework')}" if place.inherited_by else "no rulebook"

    return Table(("framework", "id", "in a bundle"), tuple((place.framework.heading, place.id, graded_as(place)) for place in found))


def _roles(register: Register) -> Table:
    rows = tuple((name.replace("_", " "), str(len(numbers)), f"{numbers[0]}–{numbers[-1]}") for name, numbers in register.roles.items())
    return Table(("lines that are", "number", "between"), rows)


def _closing(folder: Path | None) -> tuple[str, ...]:
    if folder is None:
        return ("Nothing is written; --out DIR writes a draft bundle.",)
    return (
        f"A draft bundle is in {folder}. Nothing is coded yet, so every grade is open.",
        f"Next: code the findings in {folder / 'findings'} into {folder / 'records'}; then adjudge check and adjudge grade.",
    )


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:197]}..."
