"""Find the numbered paragraphs of a published HMIC inspection report of 2007 (plain text), to check citations against."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

SECTIONS = {
    "National contextual factors": "national_contextual_factors",
    "Contextual factors": "contextual_factors",
    "Contextual factors overview": "contextual_factors",
    "Strengths": "strengths",
    "Work in progress": "work_in_progress",
    "Areas for improvement": "areas_for_improvement",
}
FURNITURE = re.compile(r"(January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d")
RECOMMENDATION = re.compile(r"RECOMMENDATION \d+")
ITEM = re.compile(r"\s*- ")
FINGERPRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a report: ``line`` counts from 1 in the file, ``number`` from 1 in its section."""

    heading: str
    section: str
    number: int
    line: int
    text: str

    @property
    def fingerprint(self) -> str:
        """The paragraph's fingerprint: see `fingerprint`."""
        return fingerprint(self.text)


def fingerprint(text: str) -> str:
    """Return the first 16 hex digits of the SHA-256 of a text whose white space, quotes and dashes are made uniform.

    Two copies of a report that differ only in typography have equal fingerprints.
    """
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”–—‑", "''\"\"---"))
    return hashlib.sha256(" ".join(plain.split()).encode()).hexdigest()[:FINGERPRINT_LENGTH]


def read_paragraphs(text: str) -> list[Paragraph]:
    """Return every paragraph of every framework's contextual factors and findings, in the order of the report.

    A paragraph that page furniture splits is one paragraph, and list items belong to the paragraph that leads
    into them; a list without a lead-in is one paragraph an item.
    """
    lines = text.split("\n")
    heading = section = ""
    found: list[Paragraph] = []
    numbers: dict[tuple[str, str], int] = {}
    broken = False  # page furniture stands between the last paragraph and this line
    bare_list = False  # the last line was an item of a list that no paragraph leads into

    def extend(more: str, joint: str) -> None:
        last = found[-1]
        found[-1] = Paragraph(last.heading, last.section, last.number, last.line, last.text + joint + more)

    for index, raw in enumerate(lines):
        line = raw.strip()
        if not line:
            continue
        if FURNITURE.fullmatch(line):
            broken = True
            continue
        if line in SECTIONS and heading:
            section, broken = SECTIONS[line], False
        elif _opens_framework(lines, index):
            heading, section, broken = line, "", False
        elif line == "Recommendations":
            heading = section = ""
        elif RECOMMENDATION.fullmatch(line) or line.lower() == "developing practice" or line.startswith("GRADE"):
            section = ""
        elif heading and section:
            item = ITEM.match(raw) is not None
            last = found[-1] if (heading, section) in numbers else None
            if last and item and not bare_list:
                extend(line, "\n")
            elif last and broken and not item and _is_unfinished(last.text):
                extend(line, "" if last.text.endswith("-") else " ")
            else:
                number = numbers.get((heading, section), 0) + 1
                numbers[heading, section] = number
                found.append(Paragraph(heading, section, number, index + 1, line.removeprefix("- ") if item else line))
                bare_list = item
            broken = False
    return found


def _opens_framework(lines: list[str], index: int) -> bool:
    """A framework opens with its name, directly followed by its grade or, if it has none, its national factors."""
    line = lines[index].strip()
    following = next((after.strip() for after in lines[index + 1 :] if after.strip()), "")
    return "\t" not in line and (following.startswith("GRADE") or (following == "National contextual factors" and not line.endswith(("*", "-"))))


def _is_unfinished(text: str) -> bool:
    return not text.endswith((".", ":", "?", "!", ".'", ".’", ")", "”"))
