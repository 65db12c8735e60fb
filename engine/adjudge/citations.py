"""Check a bundle's citations against the text of the report: each fingerprint, and whether every finding has a record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from adjudge.documents import MAX_BYTES
from adjudge.errors import BadInput, Fault
from adjudge.evidence import SECTION_TITLES, Bundle
from adjudge.source import Paragraph, read_paragraphs


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """How many citations were verified, the findings that no record cites, and the faults."""

    verified: int
    uncoded: tuple[str, ...]
    faults: tuple[Fault, ...]


def check_citations(bundle: Bundle, source: Path) -> CitationCheck:
    """Verify every record's fingerprint against the report's plain text. Raises BadInput if the file can't be read."""
    paragraphs = _paragraphs(source)
    headings = {**{book.heading: book.rulebook for book in bundle.standard.rulebooks if book.heading}, **bundle.headings}
    found = {
        (headings[each.heading], each.section, each.number): each
        for each in paragraphs
        if each.heading in headings and each.section in SECTION_TITLES
    }
    faults = []
    cited = set()
    for record in bundle.records:
        place = (record.framework, record.section, record.paragraph)
        cited.add(place)
        paragraph = found.get(place)
        if paragraph is None:
            faults.append(Fault(str(source), 0, 0, f"{record.id} cites {record.framework}, {record.citation}, which the report doesn't have"))
        elif paragraph.fingerprint != record.fingerprint:
            message = f"{record.id} has fingerprint {record.fingerprint}, but {record.framework}, {record.citation} has {paragraph.fingerprint}"
            faults.append(Fault(str(source), paragraph.line, 1, message))
    uncoded = tuple(
        f"{framework}, {SECTION_TITLES[section]} {number} (line {each.line}, fingerprint {each.fingerprint})"
        for (framework, section, number), each in found.items()
        if (framework, section, number) not in cited
    )
    return CitationCheck(len(bundle.records) - len(faults), uncoded, tuple(faults))


def _paragraphs(source: Path) -> list[Paragraph]:
    try:
        if source.stat().st_size > MAX_BYTES:
            raise BadInput.at(str(source), f"the file has more than {MAX_BYTES / 1e6:.0f} MB")
        return read_paragraphs(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput.at(str(source), f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    except UnicodeDecodeError:
        raise BadInput.at(str(source), "not UTF-8 text; save the file as UTF-8") from None
