"""Check a bundle's citations against the text of the report: each fingerprint, and whether every finding has a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adjudge.documents import shown
from adjudge.errors import Fault
from adjudge.evidence import SECTION_TITLES, Bundle
from adjudge.ingest.files import read_lines
from adjudge.ingest.reading import read_register
from adjudge.ingest.register import Finding
from adjudge.rulebook import Standard
from adjudge.source import plain


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """How many citations were verified, the findings that no record cites, and the faults."""

    verified: int
    uncoded: tuple[str, ...]
    faults: tuple[Fault, ...]


def printed_findings(source: Path, standard: Standard, headings: Mapping[str, str]) -> dict[tuple[str, str, int], Finding]:
    """Return a report's findings by framework, section and paragraph; ``headings`` are those of overviews. Raises BadInput if it can't be read."""
    register = read_register(read_lines(source), shown(source))
    known = {**{book.heading: book.rulebook for book in standard.rulebooks if book.heading}, **headings}
    by_heading = {plain(heading): framework for heading, framework in known.items()}
    return {
        (by_heading[plain(framework.heading)], each.section, each.paragraph): each
        for framework in register.frameworks
        if plain(framework.heading) in by_heading
        for each in framework.findings
    }


def check_citations(bundle: Bundle, source: Path) -> CitationCheck:
    """Verify every record's fingerprint against the report (plain text, .docx or .pdf). Raises BadInput if it can't be read."""
    found = printed_findings(source, bundle.standard, bundle.headings)
    faults = []
    cited = set()
    for record in bundle.records:
        place = (record.framework, record.section, record.paragraph)
        cited.add(place)
        paragraph = found.get(place)
        if paragraph is None:
            faults.append(Fault(str(source), f"{record.id} cites {record.framework}, {record.citation}, which the report doesn't have"))
        elif paragraph.fingerprint != record.fingerprint:
            message = f"{record.id} has fingerprint {record.fingerprint}, but {record.framework}, {record.citation} has {paragraph.fingerprint}"
            faults.append(Fault(str(source), message, paragraph.lines[0], 1))
    uncoded = tuple(
        f"{framework}, {SECTION_TITLES[section]} {number} (line {each.lines[0]}, fingerprint {each.fingerprint})"
        for (framework, section, number), each in found.items()
        if (framework, section, number) not in cited
    )
    return CitationCheck(len(bundle.records) - len(faults), uncoded, tuple(faults))
