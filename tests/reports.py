"""Invented inspection reports of the format of 2007, varied in everything a report may vary in, with what they say. All of it is made up."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from adjudge.source import MONTHS
from adjudge.standards import load_standard

GRADES = ("excellent", "good", "fair", "poor")
BODIES = ("Marsh Constabulary", "North Fen Police", "Eel and Wold Constabulary", "St Swithin’s Police Service", "City of Reeds Police")
WITH_RULEBOOK = tuple(book.heading for book in load_standard().rulebooks if book.heading)
OVERVIEW = "Protecting Vulnerable People – Overview"
UNKNOWN = ("Canal Policing", "Custody Care", "Horses and Hounds – Stables")
SECTION_TITLES = {"strengths": "Strengths", "work_in_progress": "Work in progress", "areas_for_improvement": "Areas for improvement"}
NOUNS = (
    "barge",
    "ledger",
    "lantern",
    "orchard",
    "quay",
    "sergeant’s log",
    "towpath",
    "weir",
    "follow-up",
    "half-year plan",
    "10.5% target",
    "ACC (O)",
)
VERBS = ("mends", "counts", "visits", "reviews", "doesn’t share", "re-opens", "carries", "audits")
TOPICS = ("Boats", "New lock at Eelford", "Joint working")


@dataclass(frozen=True)
class Said:
    """A paragraph that a report prints: its text as it must come out, and the sections it refers to with the framework, if it names one."""

    text: str
    see_also: tuple[tuple[str, str | None], ...] = ()


@dataclass
class Framework:
    """What a report says of one framework."""

    heading: str
    grade: str | None
    distribution: dict[str, int] | None
    national: list[Said] = field(default_factory=list)
    local: list[Said] = field(default_factory=list)
    sections: dict[str, list[Said]] = field(default_factory=dict)


@dataclass(repr=False)
class Report:
    """A made-up report: its lines, and everything that a register of it must hold."""

    seed: int
    body: str
    month: str
    year: int
    line_end: str
    lines: list[str] = field(default_factory=list)
    frameworks: list[Framework] = field(default_factory=list)
    recommendations: dict[int, tuple[str, str]] = field(default_factory=dict)
    practices: list[tuple[str, str, str, str, str | None]] = field(default_factory=list)
    glossary: dict[str, str] = field(default_factory=dict)
    priorities: list[str] = field(default_factory=list)
    context: list[tuple[str, str]] = field(default_factory=list)
    risk_based: list[str] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"report({self.seed})"

    @property
    def text(self) -> str:
        """The report as one text, with its kind of line ends."""
        return self.line_end.join(self.lines)


class _Writer:
    """Writes one report by chance, and keeps what it says."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.report = Report(seed, chance.choice(BODIES), chance.choice(MONTHS), chance.randint(2006, 2009), chance.choice(["\n", "\r\n"]))
        self.bullet = chance.choice(["- ", "• ", "-  "])
        self.quotes = chance.choice(["''", "‘’", "mixed"])
        self.numbers = iter(range(1, 1000))
        date = f"{self.report.month} {self.report.year}"
        running = f"{self.report.body} – HMIC Inspection Report"
        self.furniture = chance.choice([[date], [date, "Page {}"], [f"{date}\t{{}}"], ["{}", running], [f"{running}\tPage {{}}", date]])

    def some(self, probability: float = 0.5) -> bool:
        return self.chance.random() < probability

    def put(self, *lines: str) -> None:
        """Write lines, often with a blank one after, sometimes with the turn of a page before."""
        if self.some(0.15):
            self.page()
        for line in lines:
            self.report.lines += [line, *([""] if self.some(0.9) else [])]

    def page(self) -> None:
        number = self.chance.randint(1, 120)
        self.report.lines += ["", *(text for line in self.furniture for text in (line.format(number), ""))]

    def sentence(self) -> str:
        chance = self.chance
        words = [f"the {chance.choice(NOUNS)} {chance.choice(VERBS)} each {chance.choice(NOUNS)}" for _ in range(chance.randint(1, 4))]
        text = chance.choice([" and ", "; ", ", while ", " (ie "]).join(words)
        return text[0].upper() + text[1:] + (")" if text.count("(ie") else "") * text.count("(ie") + "."

    def quoted(self, text: str) -> str:
        style = self.chance.choice(["''", "‘’"]) if self.quotes == "mixed" else self.quotes
        return f"{style[0]}{text}{style[1]}"

    def paragraph(self, plain: bool = False) -> Said:
        """Write a paragraph: now and then split over pages, leading into a list, or referring elsewhere."""
        text = " ".join(self.sentence() for _ in range(self.chance.randint(1, 4)))
        references: list[tuple[str, str | None]] = []
        if not plain and self.some(0.25):
            known = [framework.heading for framework in self.report.frameworks]
            other = self.chance.choice(known) if known and self.some(0.3) else None
            chosen = self.chance.sample(sorted(SECTION_TITLES), self.chance.randint(1, 2))
            named = " and ".join(self.quoted(SECTION_TITLES[section]) for section in chosen)
            text = f"{text[:-1]} ({self.chance.choice(['see', 'see also'])} {f'{other} ' if other else ''}{named})."
            references = [(section, other) for section in chosen]
        items = []
        if not plain and self.some(0.2):
            text = f"{text[:-1]}:"
            items = [f"{self.sentence()[:-1].lower()};" for _ in range(self.chance.randint(1, 3))] + ["the last weir."]
        self.split(text)
        for item in items:
            self.put(self.bullet + item)
        return Said("\n".join([text, *(f"- {item}" for item in items)]), tuple(references))

    def split(self, text: str) -> None:
        """Write a text in one line, or in two with a page between: at a space, or after a hyphen."""
        places = [found.end() for found in re.finditer(r"(?<=[a-z,]) (?=[a-z])|(?<=[a-z])-(?=[a-z])", text)]
        if not places or self.some(0.7):
            self.put(text)
            return
        place = self.chance.choice(places)
        self.report.lines.append(text[:place].rstrip(" "))
        self.page()
        self.report.lines += [text[place:], ""]

    def bare_list(self) -> list[Said]:
        said = [self.sentence() for _ in range(self.chance.randint(1, 4))]
        for text in said:
            self.put(self.bullet + text)
        return [Said(text) for text in said]

    def write(self) -> Report:
        report = self.report
        chosen = self.chance.sample(WITH_RULEBOOK, self.chance.randint(1, 4)) + self.chance.sample(UNKNOWN, self.chance.choice([0, 0, 1, 2]))
        self.chance.shuffle(chosen)
        parts = [heading for heading in chosen if heading.startswith("Protecting")]
        if parts and self.some(0.6):
            chosen.insert(chosen.index(parts[0]), OVERVIEW)
        for heading in chosen:
            grade = None if heading == OVERVIEW else self.chance.choice(GRADES)
            report.frameworks.append(Framework(heading, grade, self.distribution(grade) if grade else None))
        self.title()
        self.contents(chosen)
        self.introduction()
        self.context()
        self.summaries()
        for framework in report.frameworks:
            self.framework(framework)
        self.closing()
        self.abbreviations()
        return report

    def distribution(self, grade: str) -> dict[str, int]:
        cuts = sorted(self.chance.randint(0, 42) for _ in range(3))
        counts = [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], 42 - cuts[2]]
        counts[GRADES.index(grade)] += 1
        return dict(zip(GRADES, counts, strict=True))

    def title(self) -> None:
        report = self.report
        date = f"{report.month} {report.year}"
        report.lines += ["", "HMIC Inspection Report", report.body, "", date, "", f"{report.body} – HMIC Inspection Report", ""]
        if self.some():
            report.lines += ["ISBN: 978-0-00-000000-2", "", "CROWN COPYRIGHT", ""]

    def contents(self, headings: Sequence[str]) -> None:
        if self.some(0.2):
            return
        numbered = self.chance.choice(["", "\t{}", " ..... {}"])
        entries = ["Introduction to HMIC Inspections", "The grading process", "Programmed frameworks", "Risk-based frameworks"]
        entries += ["Force Overview and Context", "Strategic priorities", "Findings", *headings, "Recommendations", "Appendix: Glossary of Terms"]
        self.report.lines.append("Contents")
        for number, entry in enumerate(entries, 3):
            self.report.lines += [entry + numbered.format(number), ""]

    def introduction(self) -> None:
        self.put("Introduction to HMIC Inspections")
        self.paragraph()
        if self.some():
            self.put("Risk-based frameworks")
            self.paragraph(plain=True)
            self.report.risk_based = ["Locks and weirs", "Volume boat theft", "Training, ropes and knots"]
            self.put("HMIC risk-based frameworks", *self.report.risk_based)
            self.paragraph(plain=True)
        self.put("The grading process")
        self.paragraph(plain=True)
        for grade in GRADES:
            self.put(grade.capitalize())
            self.paragraph()
        if self.some():
            self.put("Future HMIC inspection activity")
            self.paragraph(plain=True)
            self.report.planned = ["Major floods", "Neighbourhood Policing", "Leadership"]
            self.put("Planned Inspection areas", *self.report.planned)

    def context(self) -> None:
        if self.some(0.2):
            return
        report = self.report
        self.put("Force Overview and Context")
        for title, topic in (("Geographical description of force area", "geography"), ("Demographic profile of force area", "demography")):
            if self.some(0.8):
                self.put(title)
                report.context += [(topic, self.paragraph(plain=True).text) for _ in range(self.chance.randint(1, 3))]
        if self.some(0.8):
            self.put("Strategic priorities")
            report.context.append(("priorities", self.paragraph(plain=True).text))
            for number in range(self.chance.randint(1, 3)):
                top = f"Mind weir {number}"
                beneath = [f"Count boat {other}" for other in range(self.chance.randint(0, 2))]
                self.put(f"{self.bullet}**{top}**", *(f" {self.bullet}{each}" for each in beneath))
                report.priorities.append(f"{top}: {'; '.join(beneath)}" if beneath else top)
        if self.some(0.8):
            self.put(f"Force developments since {self.report.year - 1}")
            for topic in TOPICS[: self.chance.randint(1, 3)]:
                self.put(topic)
                report.context += [(topic, self.paragraph(plain=True).text) for _ in range(self.chance.randint(1, 2))]

    def summaries(self) -> None:
        graded = [framework for framework in self.report.frameworks if framework.grade]
        self.put("Findings")
        if self.some():
            self.put("National summary of judgements")
            self.report.lines.append("\t" + "\t".join(grade.capitalize() for grade in GRADES))
            for framework in graded:
                group, _, part = framework.heading.rpartition(" – ")
                self.report.lines.append(f"{group or part}\t\t\t\t")
                self.report.lines.append("\t".join([part, *map(str, (framework.distribution or {}).values())]))
            self.put("")
        if self.some():
            self.put("Force summary of judgements")
            for framework in graded:
                group, _, part = framework.heading.rpartition(" – ")
                self.report.lines += [f"{group or part}\tGrade", f"{part}\t{str(framework.grade).capitalize()}"]
            self.put("")

    def framework(self, framework: Framework) -> None:
        self.put(framework.heading)
        if framework.grade and framework.distribution:
            self.grade_box(framework.grade, framework.distribution)
            if self.some(0.1):
                self.unplaced()
        self.put("National contextual factors")
        framework.national = [self.paragraph() for _ in range(self.chance.randint(1, 3))]
        if self.some(0.8):
            self.put(self.chance.choice(["Contextual factors", "Contextual factors overview", "CONTEXTUAL FACTORS"]))
            framework.local = [self.paragraph() for _ in range(self.chance.randint(1, 3))]
        for section, title in SECTION_TITLES.items():
            if self.some(0.85):
                self.put(self.chance.choice([title, title.upper(), f"**{title}**", f"{title}:"]))
                bare = self.some(0.25)
                framework.sections[section] = self.bare_list() if bare else [self.paragraph() for _ in range(self.chance.randint(1, 5))]
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            number = next(self.numbers)
            self.put(f"RECOMMENDATION {number}")
            text = f"That the force {self.sentence()[0].lower()}{self.sentence()[1:]}"
            self.split(text)
            self.report.recommendations[number] = (text, framework.heading)
            if self.some(0.1):
                self.unplaced()
        if self.some(0.3):
            self.practice(framework)

    def grade_box(self, grade: str, distribution: dict[str, int]) -> None:
        style = self.chance.randint(0, 3)
        if style == 0:
            self.put(f"GRADE\t{grade.upper()}", "-------\t------")
        elif style == 1:
            self.put(f"Grade: {grade.capitalize()}")
        else:
            self.put("GRADE")
        if style == 3:
            self.report.lines += [f"{grade.upper()}**National grade distribution**", ""]
        else:
            self.put(*([grade.upper()] if style == 2 else []), "National grade distribution")
        self.report.lines += ["\t".join(word.capitalize() for word in distribution), "\t".join(map(str, distribution.values())), ""]

    def unplaced(self) -> None:
        text = f"Photograph of a {self.chance.choice(NOUNS[:4])}, by kind permission."
        self.report.lines += [text, ""]
        self.report.unplaced.append(text)

    def practice(self, framework: Framework) -> None:
        self.put("Developing Practice", f"INSPECTION AREA: {framework.heading}", "TITLE: Boats for all", "PROBLEM:")
        problem = self.paragraph(plain=True).text
        self.put("SOLUTION:")
        solution = "\n\n".join(self.paragraph().text for _ in range(self.chance.randint(1, 3)))
        outcome = None
        if self.some():
            self.put("OUTCOME(S):")
            outcome = self.paragraph(plain=True).text
        self.put("FORCE CONTACT: the harbour office")
        self.report.practices.append((framework.heading, "Boats for all", problem, solution, outcome))

    def closing(self) -> None:
        if not self.report.recommendations or self.some(0.2):
            return
        self.put("Recommendations")
        group = ""
        for number, (text, heading) in self.report.recommendations.items():
            if heading.partition(" – ")[0] != group:
                group = heading.partition(" – ")[0]
                self.put(group)
            self.put(f"Recommendation {number}")
            self.split(text)

    def abbreviations(self) -> None:
        if self.some(0.2):
            return
        self.put("Appendix: Glossary of Terms and Abbreviations")
        for letter, entries in {
            "A": {"ACC (O)": "Assistant Chief Constable (Operations)"},
            "V": {"ViSOR": "Very Slow Oar", "VP": "Vital Pier"},
        }.items():
            self.put(letter)
            for term, meaning in entries.items():
                self.put(f"{term}{self.chance.choice([chr(9), ' '])}{meaning}")
                self.report.glossary[term] = meaning


def report(seed: int) -> Report:
    """Return the made-up report of a seed."""
    return _Writer(seed).write()


reports: st.SearchStrategy[Report] = st.integers(0, 2**32 - 1).map(report)
"""Reports of every kind."""


def write_docx(lines: Sequence[str], path: Path) -> None:
    """Write lines as a Word document: list items in list styles, lines with tabs as tables, everything else as paragraphs."""
    import docx

    document = docx.Document()
    rows: list[list[str]] = []

    def table() -> None:
        if rows:
            grid = document.add_table(len(rows), max(map(len, rows)))
            for row, cells in zip(grid.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=False):
                    cell.text = text
            rows.clear()

    for line in lines:
        if "\t" in line and line.strip():
            rows.append(line.split("\t"))
            continue
        table()
        item = re.match(r"(\s*)[-•]\s+(.*)", line)
        if item:
            document.add_paragraph(item[2], style="List Bullet 2" if item[1] else "List Bullet")
        elif line.strip():
            document.add_paragraph(line.strip())
    table()
    document.save(str(path))


def write_pdf(lines: Sequence[str], path: Path, running: str) -> None:
    """Write lines as a PDF of A4 pages, with a running title and the page's number at the foot of each."""
    import html

    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=12, spaceAfter=8)
    heading = ParagraphStyle("heading", parent=body, fontName="Helvetica-Bold", fontSize=13, leading=16, spaceBefore=6)
    items = [ParagraphStyle("item", parent=body, leftIndent=14 + 14 * depth, bulletIndent=2 + 14 * depth, spaceAfter=3) for depth in (0, 1)]
    flow: list[Flowable] = []
    rows: list[list[str]] = []

    def table() -> None:
        if rows:
            width = max(map(len, rows))
            flow.append(Table([row + [""] * (width - len(row)) for row in rows], hAlign="LEFT", spaceAfter=8))
            rows.clear()

    def foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 40, running)
        canvas.drawRightString(520, 40, f"Page {document.page}")

    for line in lines:
        if "\t" in line and line.strip():
            rows.append(line.split("\t"))
            continue
        table()
        item = re.match(r"(\s*)[-•]\s+(.*)", line)
        text = html.escape((item[2] if item else line).strip())
        if item:
            flow.append(Paragraph(text, items[bool(item[1])], bulletText="•"))
        elif text:
            flow.append(Paragraph(text, heading if len(text) < 60 and not text.endswith(".") else body))
    table()
    SimpleDocTemplate(str(path), pagesize=A4).build(flow, onFirstPage=foot, onLaterPages=foot)
