"""Give every line of a report exactly one role: which part of the report it belongs to, or that it can't be placed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from adjudge.source import PAGE_BREAK, SourceLine, bullet, is_furniture, is_rule, is_unfinished, plain, uniform

GRADES = ("excellent", "good", "fair", "poor")
"""The four grades of a report of 2007."""

SECTIONS = {
    "national contextual factors": "national_contextual_factors",
    "contextual factors": "contextual_factors",
    "contextual factors overview": "contextual_factors",
    "strengths": "strengths",
    "work in progress": "work_in_progress",
    "areas for improvement": "areas_for_improvement",
}
CONTEXT = {
    "force overview and context": "overview",
    "geographical description of force area": "geography",
    "demographic profile of force area": "demography",
    "strategic priorities": "priorities",
}
INTRODUCTION = ("the grading process", "developing practice", "programmed frameworks", "introduction to hmic inspections", "risk - based frameworks")
FUTURE = "future hmic inspection activity"
LISTS = {"hmic risk - based frameworks": "risk_based", "planned inspection areas": "planned"}
SUMMARIES = {"national summary of judgements": "national_summary", "force summary of judgements": "force_summary"}
DISTRIBUTION = "national grade distribution"

HEADING_LENGTH = 120
SUBHEADING_LENGTH = 80
MAX_RUNNING_TITLES = 8
LOOK_AHEAD = 30
_DEVELOPMENTS = re.compile(r"force developments( since .*)?")
_GLOSSARY = re.compile(r"(appendix\b.*)?\bglossary\b.*")
_RECOMMENDATION = re.compile(r"recommendation\s+(\d+)")
_GRADE = re.compile(rf"(?:grade\b[\s:|-]*)?({'|'.join(GRADES)})?[\s|]*(?:\W*{DISTRIBUTION})?")
_GRADE_BOX = re.compile(rf"grade\b[\s:|-]*[a-z/ ]{{0,30}}[\s|]*(?:\W*{DISTRIBUTION})?")
_COUNTS = re.compile(rf"(({'|'.join(GRADES)}|\d+|\|)(\s+|$))+")
_RUNNING = re.compile(r".*\b(inspection report|constabulary|police)\b.*")
_CONTENTS_ENTRY = re.compile(r"[\s.…]*\b\d{1,3}\s*$")
_DETAIL = re.compile(r"(inspection area|title|problem|solution|outcomes?(?:\(s\))?|force contact|contact)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_TERM = re.compile(r"(?P<term>(?=\S*[A-Z0-9]\S*[A-Z0-9&])\S+(?:\s\([^)]*\))?)\s+(?P<meaning>\S.*)")


class Role(StrEnum):
    """What a line of a report is."""

    title_page = "title"
    contents = "contents"
    furniture = "furniture"
    heading = "heading"
    introduction = "introduction"
    risk_based = "risk_based_framework"
    planned = "planned_framework"
    context = "context"
    national_summary = "national_summary"
    force_summary = "force_summary"
    grade = "grade"
    distribution = "distribution"
    national_contextual_factors = "national_contextual_factor"
    contextual_factors = "contextual_factor"
    finding = "finding"
    recommendation = "recommendation"
    closing_recommendation = "closing_recommendation"
    developing_practice = "developing_practice"
    glossary = "glossary"
    unplaced = "unplaced"


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its role; ``framework`` is the place of its framework in the report (-1: none), ``label`` what the role leaves open.

    The label is the section of a finding, the number of a recommendation (after its group, in the closing list), the topic of context, or
    the number of an entry of developing practice and its part.
    """

    line: SourceLine
    role: Role
    framework: int = -1
    label: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """Every non-blank line of a report with its role, in order, and the headings of its frameworks."""

    placed: tuple[Placed, ...]
    headings: tuple[str, ...]


def outline(lines: Sequence[str]) -> Outline:
    """Place every non-blank line of a report. ``lines`` are its lines without ends; a leading form feed marks a page break."""
    return _Reader(lines).run()


def details(text: str) -> tuple[str, str] | None:
    """Return which part of a developing practice a line opens (its label in lower case), and the rest of the line."""
    found = _DETAIL.fullmatch(text.strip())
    return (found[1].lower(), found[2].strip()) if found else None


def glossary_entry(text: str) -> tuple[str, str] | None:
    """Return the abbreviation and the meaning that a line of the glossary gives: parted by a tab, or the first word in capitals."""
    term, tab, meaning = (part.strip() for part in text.strip().partition("\t"))
    if tab:
        return (term, " ".join(meaning.split())) if term and meaning else None
    found = _TERM.fullmatch(text.strip())
    return (found["term"], " ".join(found["meaning"].split())) if found else None


def _printed(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that aren't blank with their numbers; a page break on a blank line goes over to the next."""
    page_break = ""
    for number, text in enumerate(lines, 1):
        page_break = PAGE_BREAK if PAGE_BREAK in text else page_break
        if text.strip():
            yield number, page_break + text.replace(PAGE_BREAK, "")
            page_break = ""


class _Reader:
    """One pass over the lines. ``part`` is the part of the report that the reader stands in, ``label`` the place within it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(_printed(lines))
        self.part = Role.title_page
        self.label: tuple[str, ...] = ()
        self.entries: set[str] = set()
        self.headings: list[str] = []
        self.running: tuple[str, ...] = ()
        self.practices = 0
        self.seen: set[str] = set()
        self.broken = False
        self.placed: list[Placed] = []
        self.parts = {
            Role.title_page: self._title,
            Role.contents: self._contents,
            Role.risk_based: self._list,
            Role.planned: self._list,
            Role.context: self._context,
            Role.national_summary: self._summary,
            Role.force_summary: self._summary,
            Role.grade: self._grade,
            Role.distribution: self._distribution,
            Role.recommendation: self._recommendation,
            Role.closing_recommendation: self._recommendation,
            Role.developing_practice: self._practice,
            Role.glossary: self._glossary,
        }

    def run(self) -> Outline:
        for index, (number, text) in enumerate(self.lines):
            self.broken = self.broken or text.startswith(PAGE_BREAK)
            if self.part is not Role.title_page and self._is_furniture(text):
                self.placed.append(Placed(SourceLine(number, text.removeprefix(PAGE_BREAK)), Role.furniture))
                self.broken = True
                continue
            role = self._role(index, text)
            line = SourceLine(number, text.removeprefix(PAGE_BREAK), self.broken)
            self.broken = False
            self.placed.append(Placed(line, role, len(self.headings) - 1 if self._within_frameworks(role) else -1, self.label))
        return Outline(tuple(self.placed), tuple(self.headings))

    def _within_frameworks(self, role: Role) -> bool:
        return self.part not in (Role.closing_recommendation, Role.glossary) and role is not Role.furniture

    def _is_furniture(self, text: str) -> bool:
        return is_furniture(text, self.running) and not (self.part is Role.distribution and text.strip().isdigit() and self._lists_grades())

    def _lists_grades(self) -> bool:
        """Say whether the national distribution stands in lines of one grade or number each."""
        last = next((each for each in reversed(self.placed) if each.role is not Role.furniture), None)
        return last is not None and last.role is Role.distribution and len(last.line.text.split()) == 1

    def _role(self, index: int, text: str) -> Role:
        heading = plain(text)
        if len(heading) <= HEADING_LENGTH and self._opens_part(index, heading):
            return Role.heading
        reader = self.parts.get(self.part)
        if reader:
            return reader(index, text)
        return Role.finding if self.part is Role.finding and self.label else self.part

    def _turn(self, part: Role, *label: str) -> bool:
        self.part, self.label = part, label
        return True

    def _opens_part(self, index: int, heading: str) -> bool:
        """Turn to the part that a heading opens, and say whether it opened one."""
        if self.part is Role.title_page and heading == "contents":
            return self._turn(Role.contents)
        if self.part is Role.contents and heading not in self.entries and not self._starts(index, heading):
            return False
        if self._opens_framework(index, heading):
            self.headings.append(self.lines[index][1].strip().strip("*_# "))
            return self._turn(Role.grade)
        return self._opens_in_frameworks(index, heading) if self.headings else self._opens_before_frameworks(heading)

    def _starts(self, index: int, heading: str) -> bool:
        """Say whether the contents end at a heading that they don't name: prose follows it."""
        following = self._following(index)
        return following is not None and len(following) > HEADING_LENGTH and self._is_known(heading)

    def _is_known(self, heading: str) -> bool:
        return heading in INTRODUCTION or heading in CONTEXT or heading in (FUTURE, "findings")

    def _opens_before_frameworks(self, heading: str) -> bool:
        if heading in LISTS:
            return self._turn(Role.risk_based if LISTS[heading] == "risk_based" else Role.planned)
        if heading in CONTEXT:
            return self._turn(Role.context, CONTEXT[heading])
        if _DEVELOPMENTS.fullmatch(heading):
            return self._turn(Role.context, "developments")
        if heading in SUMMARIES:
            return self._turn(Role(SUMMARIES[heading]))
        if heading == "findings":
            return self._turn(Role.unplaced)
        if heading in INTRODUCTION or heading == FUTURE or (self.part is Role.introduction and heading in GRADES):
            return self._turn(Role.introduction)
        return False

    def _opens_in_frameworks(self, index: int, heading: str) -> bool:
        if self.part is Role.glossary:
            return re.fullmatch(r"[a-z]", heading) is not None
        if _GLOSSARY.fullmatch(heading):
            return self._turn(Role.glossary)
        found = _RECOMMENDATION.fullmatch(heading)
        if self.part is Role.closing_recommendation:
            group = self.label[0] if self.label else ""
            return self._turn(Role.closing_recommendation, group, found[1]) if found else self._is_group(index, heading)
        if found:
            return self._turn(Role.recommendation, found[1])
        if heading == "recommendations":
            closing = index > self._last_opening
            return self._turn(Role.closing_recommendation, "") if closing else self._turn(Role.recommendation)
        if heading == DISTRIBUTION:
            return self._turn(Role.distribution)
        if heading == "developing practice":
            return self._turn(Role.developing_practice)
        if heading in SECTIONS:
            section = SECTIONS[heading]
            factors = section in ("national_contextual_factors", "contextual_factors")
            return self._turn(Role[section]) if factors else self._turn(Role.finding, section)
        return False

    def _is_group(self, index: int, heading: str) -> bool:
        """A heading among the closing recommendations names the frameworks whose recommendations follow."""
        following = self._following(index)
        if following is None or not _RECOMMENDATION.fullmatch(plain(following)) or not self._looks_like_heading(self.lines[index][1]):
            return False
        return self._turn(Role.closing_recommendation, heading)

    def _opens_framework(self, index: int, heading: str) -> bool:
        """A framework opens with its name, followed by its grade or, if it has none, by its first section.

        Without a grade, only a name that the contents list, or that no framework's heading stands directly before, opens one.
        """
        if self.part in (Role.grade, Role.distribution) and self.headings and heading not in self.entries and not self._has_grade(index):
            return False
        return self._could_open(index, heading)

    def _could_open(self, index: int, heading: str) -> bool:
        if not self._looks_like_heading(self.lines[index][1]) or heading in SECTIONS or heading == DISTRIBUTION or _GRADE.fullmatch(heading):
            return False
        following = plain(self._following(index) or "")
        return self._has_grade(index) or following == "national contextual factors" or (heading in self.entries and following in SECTIONS)

    def _has_grade(self, index: int) -> bool:
        following = plain(self._following(index) or "")
        return _GRADE_BOX.fullmatch(following) is not None

    @cached_property
    def _last_opening(self) -> int:
        """Where the last framework opens."""
        return max((index for index, (_, text) in enumerate(self.lines) if self._could_open(index, plain(text))), default=-1)

    def _looks_like_heading(self, text: str) -> bool:
        text = text.strip()
        return (
            len(text) <= HEADING_LENGTH
            and "\t" not in text
            and not text.endswith((".", ";", ",", "!", "?"))
            and not is_rule(text)
            and not bullet(text)
        )

    def _following(self, index: int) -> str | None:
        """Return the next line that isn't page furniture, if a page's turn away."""
        rest = (self.lines[later][1] for later in range(index + 1, min(index + LOOK_AHEAD, len(self.lines))))
        return next((text for text in rest if not self._is_furniture(text)), None)

    def _runs_on(self, index: int) -> bool:
        """Say whether the sentence of a line goes on in the next: with a small letter, or after a hyphen."""
        return self.lines[index][1].endswith("-") or (self._following(index) or "").strip()[:1].islower()

    def _title(self, index: int, text: str) -> Role:
        if len(text) > HEADING_LENGTH:
            return Role.unplaced
        shown = plain(text)
        if _RUNNING.fullmatch(shown) and len(self.running) < MAX_RUNNING_TITLES:
            self.running = (*self.running, shown)
        return Role.title_page

    def _contents(self, index: int, text: str) -> Role:
        self.entries.add(plain(_CONTENTS_ENTRY.sub("", text)))
        return Role.contents

    def _list(self, index: int, text: str) -> Role:
        if len(text.strip()) > HEADING_LENGTH or text.strip().endswith(".") or self._runs_on(index):
            self._turn(Role.introduction)
            return Role.introduction
        return self.part

    def _context(self, index: int, text: str) -> Role:
        topic = self.label[0]
        last = next((each for each in reversed(self.placed) if each.role is not Role.furniture), None)
        goes_on = self.broken and last is not None and last.role is Role.context and is_unfinished(last.line.text)
        if topic == "developments" and not goes_on and not self._runs_on(index) and len(text) <= SUBHEADING_LENGTH and self._looks_like_heading(text):
            self._turn(Role.context, "developments", uniform(text))
            return Role.heading
        return Role.context

    def _summary(self, index: int, text: str) -> Role:
        return self.part if "\t" in text or is_rule(text) or self._looks_like_heading(text) else Role.unplaced

    def _grade(self, index: int, text: str) -> Role:
        words = plain(text)
        if is_rule(text):
            return Role.grade
        if _GRADE.fullmatch(words) or _GRADE_BOX.fullmatch(words):
            if words.endswith(DISTRIBUTION):
                self._turn(Role.distribution)
            return Role.grade
        return Role.unplaced

    def _distribution(self, index: int, text: str) -> Role:
        return Role.distribution if is_rule(text) or _COUNTS.fullmatch(plain(text).replace(" - ", " ")) else Role.unplaced

    def _recommendation(self, index: int, text: str) -> Role:
        """A recommendation is one paragraph, with its list; what comes after it can't be placed."""
        numbered = self.label[1:] if self.part is Role.closing_recommendation else self.label
        last = next(each for each in reversed(self.placed) if each.role is not Role.furniture)
        goes_on = last.role is self.part and (bullet(text) or (self.broken and is_unfinished(last.line.text)))
        return self.part if numbered and (last.role is Role.heading or goes_on) else Role.unplaced

    def _practice(self, index: int, text: str) -> Role:
        opened = details(text)
        if opened:
            part = opened[0]
            if not self.label or (part in ("inspection area", "title") and part in self.seen):
                self.practices += 1
                self.seen.clear()
            self.seen.add(part)
            self.label = (str(self.practices), part)
        return Role.developing_practice if self.label else Role.unplaced

    def _glossary(self, index: int, text: str) -> Role:
        return Role.glossary if is_rule(text) or glossary_entry(text) else Role.unplaced
