"""Read the findings register of a report from the roles of its lines."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypeVar

from adjudge.errors import BadInput
from adjudge.ingest.outline import DISTRIBUTION, GRADES, Outline, Placed, Role, details, glossary_entry, outline
from adjudge.ingest.register import (
    ContextPassage,
    CrossReference,
    Finding,
    Framework,
    Occurrence,
    Passage,
    Practice,
    Previous,
    PrintedGrade,
    PrintedRecommendation,
    Register,
    Unplaced,
)
from adjudge.source import MONTHS, Paragraph, SourceLine, bullet, fingerprint, is_rule, join, month_and_year, plain, uniform

P = TypeVar("P", bound=Passage)

_SEE = re.compile(r"\bsee(?: also)?\b\s*([^.)]*)", re.IGNORECASE)
_NAMED_SECTION = re.compile(r"'(strengths|work in progress|areas for improvement)'", re.IGNORECASE)
_GRADE_WORDS = "|".join(GRADES)
_PREVIOUS = (
    re.compile(
        rf"\b(?:a|an) (?P<grade>{_GRADE_WORDS}) grad(?:e|ing) (?:for|in) (?:the )?(?P<framework>[^.,;]+?)(?: framework| area)? in the "
        r"(?P<round>[^.,;]*?\b\d{4}(?:/\d{2})?[^.,;]*?baseline assessment)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<framework>[A-Z][^.,;]*?) was (?:graded|assessed as) (?P<grade>(?i:{_GRADE_WORDS})) in the "
        r"(?P<round>[^.,;]*?\b\d{4}(?:/\d{2})?[^.,;]*?baseline assessment)"
    ),
)
_PERIOD = re.compile(rf"assessment period,?(?: from)? ({'|'.join(MONTHS)}) (\d{{4}}) (?:to|-|until) ({'|'.join(MONTHS)}) (\d{{4}})", re.IGNORECASE)
_ROW_OF_COUNTS = re.compile(r"(.*?)((?: \d+)+)")
_ROW_OF_GRADE = re.compile(rf"(.+) ({_GRADE_WORDS})", re.IGNORECASE)
_ISBN = re.compile(r"\bISBN:?\s*([\dX-]{10,17})")


def read_register(lines: Sequence[str], report: str) -> Register:
    """Read the register from a report's lines; ``report`` names it in messages.

    Raises BadInput if the lines have no force's name, no date or no framework.
    """
    return _Builder(outline(lines), lines, report).build()


class _Builder:
    def __init__(self, placed: Outline, lines: Sequence[str], report: str) -> None:
        self.headings = placed.headings
        self.placed = placed.placed
        self.lines = lines
        self.report = report
        self.notes: list[str] = []
        self.printed_grades: list[PrintedGrade] = []
        self.occurrences: dict[int, list[Occurrence]] = {}

    def build(self) -> Register:
        body, month, year = self._title()
        if not self.headings:
            raise BadInput.at(self.report, "no framework found: expected its name, and `GRADE` or `National contextual factors` in the next line")
        glossary = self._glossary()
        frameworks = self._frameworks()
        imprint = " ".join(each.line.text for each in self._of(Role.title_page))
        isbn = _ISBN.search(imprint)
        roles: dict[str, list[int]] = {}
        for each in self.placed:
            roles.setdefault(each.role.value, []).append(each.line.number)
        register = Register(
            report=Path(self.report).name,
            body=body,
            month=month,
            year=year,
            isbn=isbn[1] if isbn else None,
            crown_copyright="crown copyright" in plain(imprint),
            assessment_period=self._period(),
            frameworks=frameworks,
            printed_grades=tuple(self.printed_grades),
            recommendations=self._recommendations(),
            developing_practice=self._practices(),
            context=self._context(),
            strategic_priorities=self._priorities(),
            previous_grades=tuple(self._previous(frameworks, glossary)),
            risk_based_frameworks=tuple(each.line.text.strip() for each in self._of(Role.risk_based)),
            planned_frameworks=tuple(each.line.text.strip() for each in self._of(Role.planned)),
            glossary=glossary,
            line_count=len(self.lines),
            blank_lines=len(self.lines) - len(self.placed),
            roles={name: tuple(numbers) for name, numbers in roles.items()},
            unplaced=tuple(Unplaced(line=each.line.number, text=each.line.text.strip()) for each in self._of(Role.unplaced)),
            notes=(),
        )
        return register.model_copy(update={"notes": tuple(self.notes)})

    def _of(self, *roles: Role) -> list[Placed]:
        return [each for each in self.placed if each.role in roles]

    def _title(self) -> tuple[str, str, int]:
        """Find the force and the date on the title page; the date may stand in the page furniture instead."""
        texts = [each.line.text.strip() for each in self._of(Role.title_page)]
        named = [re.sub(r"\s+[-–—]\s+hmic inspection report$", "", text, flags=re.IGNORECASE) for text in texts]
        bodies = [text for text, whole in zip(named, texts, strict=True) if text != whole] + [
            text for text in texts if re.search(r"\b(constabulary|police)\b", text, re.IGNORECASE)
        ]
        dates = [month_and_year(text) for text in texts] + [month_and_year(each.line.text) for each in self._of(Role.furniture)]
        date = next((each for each in dates if each), None)
        if not bodies:
            raise BadInput.at(self.report, "no force named before the contents: expected a line such as `Marsh Police – HMIC Inspection Report`")
        if date is None:
            raise BadInput.at(self.report, "no date before the contents: expected a line such as `October 2007`")
        return (bodies[0], *date)

    def _period(self) -> str | None:
        """Find the assessment period that the introduction states, as `2006-04/2007-07`."""
        found = _PERIOD.search(uniform(" ".join(each.line.text for each in self._of(Role.introduction))))
        if found is None:
            return None
        months = [MONTHS.index(found[group].capitalize()) + 1 for group in (1, 3)]
        return f"{found[2]}-{months[0]:02}/{found[4]}-{months[1]:02}"

    def _frameworks(self) -> tuple[Framework, ...]:
        national, given = self._summaries()
        found = []
        seen: dict[str, int] = {}
        lines: list[list[Placed]] = [[] for _ in self.headings]
        for each in self.placed:
            if each.framework >= 0:
                lines[each.framework].append(each)
        for heading, mine in zip(self.headings, lines, strict=True):
            if plain(heading) in seen:
                self.notes.append(f"`{heading}` opens twice (lines {seen[plain(heading)]} and {mine[0].line.number})")
            seen.setdefault(plain(heading), mine[0].line.number)
            grade, distribution = self._grade(mine), self._distribution(mine)
            self._box(heading, mine, grade, distribution)
            summary = given.get(plain(heading))
            if grade and summary and grade != summary:
                self.notes.append(f"{heading}: the grade box says {grade.capitalize()}, the force summary {summary.capitalize()}; the box is kept")
            counts = national.get(plain(heading))
            if distribution and counts and distribution != counts:
                self.notes.append(f"{heading}: the national distribution differs from the national summary; the framework's own is kept")
            found.append(
                Framework(
                    heading=heading,
                    line=mine[0].line.number,
                    grade=grade or summary,
                    distribution=distribution or counts,
                    national_contextual_factors=_passages(mine, Role.national_contextual_factors),
                    contextual_factors=_passages(mine, Role.contextual_factors),
                    findings=tuple(self._findings(mine)),
                )
            )
        return tuple(found)

    def _box(self, heading: str, mine: Sequence[Placed], grade: str | None, distribution: Mapping[str, int] | None) -> None:
        """Note what a framework's own box prints, each with its line."""
        for role, value, kept in ((Role.grade, _GRADE_WORDS, {"grade": grade}), (Role.distribution, r"\d", {"distribution": distribution})):
            line = next((each.line.number for each in mine if each.role is role and re.search(value, each.line.text.lower())), None)
            if line is not None and any(kept.values()):
                box: dict[str, Any] = {"grade": None, "distribution": None, **kept}
                self.printed_grades.append(PrintedGrade(where="box", name=heading, framework=heading, line=line, **box))

    def _findings(self, mine: Sequence[Placed]) -> Iterator[Finding]:
        for section in dict.fromkeys(each.label[0] for each in mine if each.role is Role.finding):
            paragraphs = join(each.line for each in mine if each.role is Role.finding and each.label[0] == section)
            for number, each in enumerate(paragraphs, 1):
                see = tuple(cross_references(each.text, self.headings))
                yield _filled(Finding, each, section=section, paragraph=number, see_also=see)

    def _grade(self, mine: Sequence[Placed]) -> str | None:
        words = " ".join(plain(each.line.text).removesuffix(DISTRIBUTION) for each in mine if each.role is Role.grade)
        found = re.search(rf"(?<![a-z])({_GRADE_WORDS})(?![a-z])", words)
        if words and not found:
            line = next(each.line.number for each in mine if each.role is Role.grade)
            self.notes.append(f"line {line}: the grade box holds none of the four grades")
        return found[1] if found else None

    def _distribution(self, mine: Sequence[Placed]) -> dict[str, int] | None:
        rows = [each.line for each in mine if each.role is Role.distribution]
        words = " ".join(plain(row.text) for row in rows)
        names = re.findall(rf"\b({_GRADE_WORDS})\b", words)
        counts = [int(number) for number in re.findall(r"\d+", words)]
        if not names or len(names) != len(counts) or len(set(names)) != len(names):
            if rows:
                self.notes.append(f"line {rows[0].number}: the national grade distribution isn't one number for each grade; left out")
            return None
        return dict(zip(names, counts, strict=True))

    def _summaries(self) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
        """Read the national and the force summary, by the framework's heading in `plain` text."""
        national: dict[str, dict[str, int]] = {}
        given: dict[str, str] = {}
        header: list[str] = []
        groups: tuple[str, ...] = ()
        opened = False
        for each in self._of(Role.national_summary, Role.force_summary):
            text = uniform(each.line.text.replace("|", " "))
            counts = _ROW_OF_COUNTS.fullmatch(text)
            grade = _ROW_OF_GRADE.fullmatch(text)
            if set(text.lower().split()) <= set(GRADES) and each.role is Role.national_summary:
                header = text.lower().split()
            elif each.role is Role.national_summary and counts and len(counts[2].split()) == len(header):
                row = dict(zip(header, map(int, counts[2].split()), strict=True))
                national[self._heading_of(groups, counts[1])] = row
                self._row("national_summary", groups, counts[1], each, None, row)
            elif each.role is Role.force_summary and grade:
                given[self._heading_of(groups, grade[1])] = grade[2].lower()
                self._row("force_summary", groups, grade[1], each, grade[2].lower(), None)
            elif counts or grade:
                self.notes.append(f"line {each.line.number}: a row of the summary of judgements that can't be read")
            elif not is_rule(each.line.text):
                name = re.sub(r"\s+grade$", "", text, flags=re.IGNORECASE)
                groups = (name, *(f"{above} {name}" for above in groups if opened))  # a name that is too long for its column has two lines
                opened = True
                continue
            opened = False
        return national, given

    def _row(
        self,
        where: Literal["national_summary", "force_summary"],
        groups: Sequence[str],
        name: str,
        each: Placed,
        grade: str | None,
        distribution: Mapping[str, int] | None,
    ) -> None:
        """Note what a row of a summary prints."""
        known = {plain(heading): heading for heading in self.headings}
        framework = known.get(self._heading_of(groups, name))
        if framework is None:
            self.notes.append(f"line {each.line.number}: `{name}` in the summary of judgements is none of the report's frameworks")
        self.printed_grades.append(
            PrintedGrade(where=where, name=name, framework=framework, grade=grade, distribution=distribution, line=each.line.number)
        )

    def _heading_of(self, groups: Sequence[str], name: str) -> str:
        """Return the `plain` heading of the framework that a row of a summary names, alone or with its group (as one of ``groups`` reads it)."""
        known = {plain(heading) for heading in self.headings}
        return next((each for each in (*(plain(f"{group} - {name}") for group in groups), plain(name)) if each in known), plain(name))

    def _recommendations(self) -> tuple[PrintedRecommendation, ...]:
        inline = self._numbered(Role.recommendation)
        closing = self._numbered(Role.closing_recommendation)
        found = []
        for number in sorted({*inline, *closing}):
            here, there = inline.get(number), closing.get(number)
            either = (here or closing[number])[0]
            if here and there and fingerprint(here[0].text) != fingerprint(there[0].text):
                self.notes.append(f"recommendation {number} is worded differently in lines {here[0].lines[0]} and {there[0].lines[0]}")
            if closing and not (here and there):
                where = "in a framework" if here else "in the closing list"
                self.notes.append(f"recommendation {number} is printed only {where}")
            group = there[1].label[0] if there and there[1].label[0] else None
            framework = self.headings[here[1].framework] if here and here[1].framework >= 0 else self._by_group(group)
            found.append(
                PrintedRecommendation(
                    number=number,
                    text=either.text,
                    framework=framework,
                    group=group,
                    inline=here[0].lines if here else (),
                    closing=there[0].lines if there else (),
                    occurrences=tuple(self.occurrences[number]),
                )
            )
        return tuple(found)

    def _numbered(self, role: Role) -> dict[int, tuple[Paragraph, Placed]]:
        """Return the text of each recommendation by its number; a number printed twice within the frameworks is told, the first kept."""
        found: dict[int, tuple[Paragraph, Placed]] = {}
        for _, group in groupby(self._without_furniture(), key=lambda each: (each.role, each.framework, each.label)):
            lines = list(group)
            if lines[0].role is not role:
                continue
            number = int(lines[0].label[-1])
            paragraphs = join(each.line for each in lines)
            whole = Paragraph("\n".join(each.text for each in paragraphs), tuple(each.line.number for each in lines))
            self.occurrences.setdefault(number, []).append(self._occurrence(role, lines[0], whole))
            if number in found:
                self.notes.append(
                    f"recommendation {number} is printed twice (lines {found[number][0].lines[0]} and {whole.lines[0]}); the first is kept"
                )
            found.setdefault(number, (whole, lines[0]))
        self._without_text(role, found)
        return found

    def _occurrence(self, role: Role, first: Placed, whole: Paragraph) -> Occurrence:
        closing = role is Role.closing_recommendation
        group = first.label[0] if closing else ""
        shown = {plain(each.line.text): each.line.text.strip() for each in self._of(Role.heading)}
        under = shown.get(group, group) if closing else self.headings[first.framework] if first.framework >= 0 else ""
        return Occurrence(closing=closing, under=under or None, fingerprint=fingerprint(whole.text), line=whole.lines[0])

    def _without_text(self, role: Role, numbers: Container[int]) -> None:
        """Note the headings of recommendations that nothing follows."""
        within = 1 if role is Role.recommendation else 2
        for each in self._of(Role.heading):
            if (
                len(each.label) == within
                and each.label[-1].isdigit()
                and (each.framework >= 0) == (within == 1)
                and int(each.label[-1]) not in numbers
            ):
                self.notes.append(f"line {each.line.number}: recommendation {each.label[-1]} has no text")

    def _without_furniture(self) -> list[Placed]:
        return [each for each in self.placed if each.role is not Role.furniture]

    def _by_group(self, group: str | None) -> str | None:
        """Return the framework that a group of the closing list names: its own heading, or the overview of its parts."""
        known = {plain(heading): heading for heading in self.headings}
        return known.get(group or "") or known.get(f"{group} - overview")

    def _practices(self) -> tuple[Practice, ...]:
        found = []
        entries = [each for each in self._of(Role.developing_practice) if each.label]
        for _, group in groupby(entries, key=lambda each: each.label[0]):
            lines = list(group)
            parts: dict[str, str] = {}
            for part, those in groupby(lines, key=lambda each: each.label[1]):
                parts[part] = "\n\n".join([*filter(None, [parts.get(part)]), *self._practice_text(list(those))])
            area = parts.get("inspection area") or None
            by_area = self._by_group(plain(area)) if area else None
            found.append(
                Practice(
                    framework=by_area or (self.headings[lines[0].framework] if lines[0].framework >= 0 else None),
                    area=area,
                    title=parts.get("title") or None,
                    problem=parts.get("problem") or None,
                    solution=parts.get("solution") or None,
                    outcome=next((text for part, text in parts.items() if part.startswith("outcome") and text), None),
                    contact_printed=any("contact" in part for part in parts),
                    lines=tuple(each.line.number for each in lines),
                )
            )
        return tuple(found)

    def _practice_text(self, lines: Sequence[Placed]) -> list[str]:
        opened = details(lines[0].line.text)
        first = [opened[1]] if opened and opened[1] else []
        return first + [each.text for each in join(each.line for each in lines[1:])]

    def _context(self) -> tuple[ContextPassage, ...]:
        found = []
        for label, group in groupby(self._of(Role.context), key=lambda each: each.label):
            lines = [each.line for each in group]
            lines = _lead(lines) if label[0] == "priorities" else lines
            found += [_filled(ContextPassage, each, topic=label[-1]) for each in join(lines)]
        return tuple(found)

    def _priorities(self) -> tuple[str, ...]:
        """Return the items of the list of priorities, each with what is listed beneath it; without a list, its paragraphs."""
        lines = [each.line for each in self._of(Role.context) if each.label[0] == "priorities"]
        items = lines[len(_lead(lines)) :]
        if not any(bullet(line.text) for line in items):
            return tuple(each.text for each in join(items))
        outermost = min(_indent(line) for line in items if bullet(line.text))
        found: list[str] = []
        beneath = 0
        for line in items:
            mark = bullet(line.text)
            text = line.text.strip()[mark.end() if mark else 0 :].replace("**", "")
            if mark and found and _indent(line) > outermost:
                found[-1] += f"{'; ' if beneath else ': '}{text}"
                beneath += 1
            elif mark or not found or not line.broken:
                found.append(text)
                beneath = 0
            else:
                found[-1] += f" {text}"
        return tuple(found)

    def _previous(self, frameworks: Sequence[Framework], glossary: Mapping[str, str]) -> Iterator[Previous]:
        for framework in frameworks:
            for passage in (*framework.contextual_factors, *framework.findings):
                for found in (match for pattern in _PREVIOUS for match in pattern.finditer(uniform(passage.text))):
                    name = glossary.get(found["framework"], found["framework"])
                    earlier = re.sub(r"\bHMIC(?:'s)? ", "", found["round"])
                    yield Previous(framework=name, round=earlier, grade=found["grade"].lower(), lines=passage.lines)

    def _glossary(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for each in self._of(Role.glossary):
            entry = None if is_rule(each.line.text) else glossary_entry(each.line.text)
            if entry and found.setdefault(*entry) != entry[1]:
                self.notes.append(f"line {each.line.number}: `{entry[0]}` is in the glossary twice with different meanings; the first is kept")
        return found


def cross_references(text: str, headings: Sequence[str] = ()) -> Iterator[CrossReference]:
    """Yield the sections that a finding names after "see" or "see also", each once, with the framework if it names one."""
    found: list[CrossReference] = []
    for see in _SEE.finditer(uniform(text).replace('"', "'")):
        framework = None
        end = 0
        for named in _NAMED_SECTION.finditer(see[1]):
            before = plain(see[1][end : named.start()])
            end = named.end()
            framework = next((heading for heading in headings if plain(heading) in before), framework)
            found.append(CrossReference(section=named[1].lower().replace(" ", "_"), framework=framework))
    yield from dict.fromkeys(found)


def _filled(model: type[P], paragraph: Paragraph, /, **more: object) -> P:
    return model.model_validate({"text": paragraph.text, "fingerprint": fingerprint(paragraph.text), "lines": paragraph.lines, **more})


def _passages(mine: Sequence[Placed], role: Role) -> tuple[Passage, ...]:
    return tuple(_filled(Passage, each) for each in join(each.line for each in mine if each.role is role))


def _lead(lines: Sequence[SourceLine]) -> list[SourceLine]:
    """Return the lines before the first item of a list; none if there is no list."""
    first = next((index for index, line in enumerate(lines) if bullet(line.text)), 0)
    return list(lines[:first])


def _indent(line: SourceLine) -> int:
    return len(line.text) - len(line.text.lstrip())
