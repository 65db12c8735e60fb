"""Reports as read: what was put into an invented report comes out, every line has one role, and the draft loads and grades as open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import grade, load_evidence
from adjudge.documents import build, read
from adjudge.errors import BadInput, Fault
from adjudge.ingest.draft import FindingsFile, draft, places, write_draft
from adjudge.ingest.files import read_lines
from adjudge.ingest.reading import read_register
from adjudge.ingest.register import Register
from adjudge.source import fingerprint
from adjudge.standards import load_standard
from tests.reports import OVERVIEW, WITH_RULEBOOK, Report, report, reports, write_docx, write_pdf
from tests.word_reports import write_house_docx

STANDARD = load_standard()
BY_PLACE = {"line", "lines", "inline", "closing", "roles", "report", "line_count", "blank_lines", "unplaced", "notes"}


def _register(lines: Sequence[str]) -> Register:
    return read_register(lines, "report.txt")


def _register_or_none(lines: Sequence[str]) -> Register | None:
    """Return the register of lines, or None if they are refused, which is told in one line."""
    try:
        return _register(lines)
    except BadInput as error:
        faults = error.faults
    assert len(faults) == 1
    return None


def content(value: Any) -> Any:
    """Return a register without what says where in the file it stands."""
    if isinstance(value, Register):
        return content(value.model_dump(mode="json"))
    if isinstance(value, dict):
        return {key: content(inner) for key, inner in value.items() if key not in BY_PLACE}
    return [content(inner) for inner in value] if isinstance(value, list) else value


def _says_what_it_should(register: Register, made: Report) -> None:
    assert (register.body, register.month, register.year) == (made.body, made.month, made.year)
    assert [each.heading for each in register.frameworks] == [each.heading for each in made.frameworks]
    for found, meant in zip(register.frameworks, made.frameworks, strict=True):
        assert (found.grade, found.distribution) == (meant.grade, meant.distribution)
        assert [each.text for each in found.national_contextual_factors] == [each.text for each in meant.national]
        assert [each.text for each in found.contextual_factors] == [each.text for each in meant.local]
        assert [(each.section, each.paragraph, each.text) for each in found.findings] == [
            (section, number, said.text) for section, paragraphs in meant.sections.items() for number, said in enumerate(paragraphs, 1)
        ]
        assert [tuple((see.section, see.framework) for see in each.see_also) for each in found.findings] == [
            said.see_also for paragraphs in meant.sections.values() for said in paragraphs
        ]
        assert all(each.fingerprint == fingerprint(each.text) for each in found.findings)
    assert {each.number: (each.text, each.framework) for each in register.recommendations} == made.recommendations
    assert [(each.framework, each.title, each.problem, each.solution, each.outcome) for each in register.developing_practice] == made.practices
    assert register.glossary == made.glossary
    assert list(register.strategic_priorities) == made.priorities
    assert [(each.topic, each.text) for each in register.context] == made.context
    assert (list(register.risk_based_frameworks), list(register.planned_frameworks)) == (made.risk_based, made.planned)
    assert [each.text for each in register.unplaced] == made.unplaced


def is_partition(register: Register, lines: Sequence[str]) -> None:
    """Each non-blank line has one role, and what was read keeps the lines it came from."""
    numbers = [number for of_role in register.roles.values() for number in of_role]
    assert sorted(numbers) == [number for number, text in enumerate(lines, 1) if text.strip()]
    assert register.line_count == len(lines) == register.blank_lines + len(numbers)
    passages: dict[str, list[tuple[int, ...]]] = {
        "finding": [each.lines for framework in register.frameworks for each in framework.findings],
        "contextual_factor": [each.lines for framework in register.frameworks for each in framework.contextual_factors],
        "national_contextual_factor": [each.lines for framework in register.frameworks for each in framework.national_contextual_factors],
        "unplaced": [(each.line,) for each in register.unplaced],
    }
    for role, of_passages in passages.items():
        assert sorted(number for each in of_passages for number in each) == list(register.roles.get(role, ()))


@given(reports)
def test_what_a_report_says_comes_out(made: Report) -> None:
    """Findings, numbers, grades, distributions, recommendations, practice, context and glossary are as printed, in any report."""
    _says_what_it_should(_register(re.split(r"\r?\n", made.text)), made)


@given(reports)
def test_every_line_has_one_role(made: Report) -> None:
    """The roles of lines part the file: each non-blank line is in exactly one of them."""
    is_partition(_register(made.lines), made.lines)


@given(reports, st.randoms(use_true_random=False))
def test_nothing_is_dropped_of_a_report_in_disorder(made: Report, chance: Any) -> None:
    """Lines moved, doubled and lost: the report is refused in one line, or each line still has one role."""
    lines = list(made.lines)
    for _ in range(chance.randint(1, 30)):
        place = chance.randrange(len(lines))
        match chance.randint(0, 2):
            case 0:
                del lines[place : place + chance.randint(1, 3)]
            case 1:
                lines.insert(place, chance.choice(lines))
            case _:
                lines.insert(place, lines.pop(chance.randrange(len(lines))))
        lines = lines or [""]
    register = _register_or_none(lines)
    if register:
        is_partition(register, lines)


@given(reports, st.floats(0, 1))
def test_a_report_that_breaks_off_keeps_what_it_has(made: Report, part: float) -> None:
    """A report cut anywhere is refused in one line, or gives the findings before the cut as they were."""
    lines = made.lines[: int(part * len(made.lines))]
    register = _register_or_none(lines)
    if register is None:
        return
    is_partition(register, lines)
    whole = {(each.line, finding.lines[0]): finding.text for each in _register(made.lines).frameworks for finding in each.findings}
    kept = {(each.line, finding.lines[0]): finding.text for each in register.frameworks for finding in each.findings}
    for place, text in list(kept.items())[:-1]:
        assert whole[place].startswith(text)


@settings(max_examples=25)
@given(reports)
def test_a_draft_loads_and_grades_as_open(tmp_path_factory: pytest.TempPathFactory, made: Report) -> None:
    """A draft bundle has no fault, holds the published facts, and every grade of it is open from worst to best."""
    register = _register(made.lines)
    folder = tmp_path_factory.mktemp("drafts") / "a" / "draft"
    write_draft(draft(register, STANDARD).files, folder)
    bundle = load_evidence(folder)
    headings = {book.heading: book.rulebook for book in STANDARD.rulebooks}
    graded = [headings[each.heading] for each in made.frameworks if each.heading in headings]
    assert list(bundle.graded) == graded
    assert bundle.records == ()
    assert bundle.glossary == made.glossary
    assert bundle.published is not None
    assert [(each.framework, each.grade, each.distribution) for each in bundle.published.grades] == [
        (headings[each.heading], each.grade, each.distribution) for each in made.frameworks if each.heading in headings
    ]
    with_home = [number for number, (_, heading) in made.recommendations.items() if heading in headings or heading == OVERVIEW]
    assert [each.number for each in bundle.recommendations] == with_home
    for proposal in grade(bundle):
        assert (proposal.grade, proposal.range) == (None, ("poor", "excellent"))


@settings(max_examples=20)
@given(reports)
def test_word_gives_the_same_register(tmp_path_factory: pytest.TempPathFactory, made: Report) -> None:
    """A report in Word says what the same report says in plain text."""
    path = tmp_path_factory.mktemp("word") / "report.docx"
    write_docx(made.lines, path)
    lines = read_lines(path)
    is_partition(_register(lines), lines)
    assert content(_register(lines)) == content(_register(made.lines))


@settings(max_examples=12)
@given(reports, st.booleans(), st.booleans())
def test_an_inspectorates_word_document_gives_the_same_register(
    tmp_path_factory: pytest.TempPathFactory, made: Report, numbered: bool, tracked: bool
) -> None:
    """With headings, numbered findings, tables, a header and footer, and tracked changes as if accepted: what the same report says in plain text."""
    path = tmp_path_factory.mktemp("house") / "report.docx"
    write_house_docx(made.lines, path, made.body, numbered, tracked)
    lines = read_lines(path)
    is_partition(_register(lines), lines)
    assert content(_register(lines)) == content(_register(made.lines))


@pytest.mark.parametrize("seed", range(4))
def test_pdf_gives_the_same_register(tmp_path: Path, seed: int) -> None:
    """A report in PDF, with page furniture of its own, says what the same report says in plain text."""
    made = report(seed)
    path = tmp_path / "report.pdf"
    write_pdf(made.lines, path, f"{made.body} – HMIC Inspection Report")
    lines = read_lines(path)
    is_partition(_register(lines), lines)
    assert content(_register(lines)) == content(_register(made.lines))


def test_reports_vary() -> None:
    """The generator makes what the tests are about: split paragraphs, lists, cross-references, overviews, lines without a place."""
    made = [report(seed) for seed in range(60)]
    said = [each for one in made for framework in one.frameworks for paragraphs in framework.sections.values() for each in paragraphs]
    assert any("\n- " in each.text for each in said)
    assert any(framework is not None for each in said for _, framework in each.see_also)
    assert any(one.unplaced for one in made)
    assert {one.line_end for one in made} == {"\n", "\r\n"}
    headings = {framework.heading for one in made for framework in one.frameworks}
    assert headings > {*WITH_RULEBOOK, OVERVIEW}
    assert any(line.endswith("-") for one in made for line in one.lines)


HOSTILE = [
    "null",
    "08",
    "1e5",
    "yes: no",
    "# no comment",
    "- item",
    "'quoted'",
    "a\tb",
    "&a *b !c %d @e `f`",
    "{x: [y]}",
    "\x07bell",
    "\x85next",
    "—",
    "𝔘",
    "\u202e",
]


ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60)
@given(st.lists(st.one_of(ANY_TEXT, st.sampled_from(HOSTILE)), min_size=1, max_size=6), ANY_TEXT)
def test_any_text_survives_the_draft(tmp_path_factory: pytest.TempPathFactory, texts: list[str], meaning: str) -> None:
    """Whatever a paragraph holds, the draft's files are read back with just that."""
    folder = tmp_path_factory.mktemp("any")
    lines = ["Marsh Police", "May 2007", "Neighbourhood Policing", "GRADE", "FAIR", "Strengths", *(f"So {text}." for text in texts)]
    (folder / "report.txt").write_text(
        "\n".join([*lines, "Appendix: Glossary", f"VP\tVital {meaning}"]), encoding="utf-8", errors="replace", newline=""
    )
    register = _register(read_lines(folder / "report.txt"))
    write_draft(draft(register, STANDARD).files, folder / "draft")
    assert load_evidence(folder / "draft").glossary == register.glossary
    faults: list[Fault] = []
    file = build(read(folder / "draft/findings/neighbourhood-policing.yaml"), FindingsFile, faults)
    assert faults == []
    assert file is not None
    found = register.frameworks[0].findings
    assert [each.fingerprint for each in file.findings] == [each.fingerprint for each in found]
    assert [fingerprint(each.text) for each in file.findings] == [each.fingerprint for each in found]


@pytest.mark.parametrize(("box", "grade"), [("GRADE: Good", "good"), ("Grade\tPOOR", "poor"), ("GRADE\tNOT GRADED", None), ("GRADE", None)])
def test_a_framework_opens_with_any_grade_box(box: str, grade: str | None) -> None:
    """A grade that isn't one of the four is told, and the framework still has its own findings."""
    register = _register(["Marsh Police", "May 2007", "Towpaths", box, "Strengths", "One.", "Weirs", box, "Strengths", "Two."])
    assert [(each.heading, each.grade, [finding.text for finding in each.findings]) for each in register.frameworks] == [
        ("Towpaths", grade, ["One."]),
        ("Weirs", grade, ["Two."]),
    ]
    assert len(register.notes) == (0 if grade else 2)


def test_what_a_report_contradicts_is_told() -> None:
    """Notes name the lines to look at: grades and distributions that differ, recommendations without text or partner, broken distributions."""
    lines = ["Marsh Police", "May 2007", "Findings", "National summary of judgements", "\tExcellent\tGood\tFair\tPoor", "Towpaths\t1\t2\t3\t4"]
    lines += ["Force summary of judgements", "Towpaths\tGrade", "Towpaths\tPoor", "Towpaths", "GRADE\tFAIR", "National grade distribution"]
    lines += ["Excellent\tGood\tFair\tPoor", "1\t2\t3", "Strengths", "One.", "RECOMMENDATION 1", "RECOMMENDATION 2", "That it ends."]
    lines += ["Recommendations", "Recommendation 2", "That it is ended.", "Recommendation 3", "That it starts."]
    register = _register(lines)
    assert register.frameworks[0].distribution == {"excellent": 1, "good": 2, "fair": 3, "poor": 4}
    assert register.notes == (
        "line 13: the national grade distribution isn't one number for each grade; left out",
        "Towpaths: the grade box says Fair, the force summary Poor; the box is kept",
        "line 17: recommendation 1 has no text",
        "recommendation 2 is worded differently in lines 19 and 22",
        "recommendation 3 is printed only in the closing list",
    )


def test_a_list_of_priorities_may_begin_with_a_deeper_item() -> None:
    """An item that stands deeper than the rest, with nothing above it, is a priority of its own."""
    title = ["Marsh Police – HMIC Inspection Report", "June 2007", "Contents", "Strategic Priorities 1", "Findings 2"]
    text = ["Strategic Priorities", "The priorities are:", "  - deeper than the rest", "- mend the barges", "Neighbourhood Policing", "GRADE GOOD"]
    assert _register([*title, *text]).strategic_priorities == ("deeper than the rest", "mend the barges")


def test_previous_grades_are_found() -> None:
    """A grade of an earlier round is read from the factors, with the abbreviation of its framework written out."""
    said = "The force received a Fair grading for the CC framework in the 2005/06 HMIC baseline assessment."
    said += " Weirs was graded Good in the 2006 baseline assessment."
    lines = ["Marsh Police", "May 2007", "Towpaths", "GRADE\tFAIR", "Contextual factors", said, "Appendix: Glossary", "CC\tCustody Care"]
    assert [(each.framework, each.round, each.grade) for each in _register(lines).previous_grades] == [
        ("Custody Care", "2005/06 baseline assessment", "fair"),
        ("Weirs", "2006 baseline assessment", "good"),
    ]


def test_ids_of_frameworks() -> None:
    """A rulebook's heading in any typography gives its id; other frameworks get one of their own, and an overview its heirs in the report's order."""
    lines = ["Marsh Police", "May 2007"]
    for heading in ("PROTECTING VULNERABLE PEOPLE - MISSING PERSONS", "Protecting Vulnerable People – Child Abuse", "Horses – Missing Persons"):
        lines += [heading, "GRADE\tFAIR", "Strengths", "One."]
    lines += ["Protecting Vulnerable People – Overview", "National contextual factors", "Two.", "Strengths", "Three."]
    found = places(_register(lines), STANDARD)
    assert [(place.id, place.has_rulebook, place.inherited_by) for place in found] == [
        ("missing-persons", True, ()),
        ("child-abuse", True, ()),
        ("missing-persons-2", False, ()),
        ("protecting-vulnerable-people", False, ("missing-persons", "child-abuse")),
    ]


def test_word_is_read_as_it_would_be_printed(tmp_path: Path) -> None:
    """Insertions, content controls and text boxes are read, deletions aren't; a cell's paragraphs are one, a row of one cell gives its lines."""
    import docx
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = docx.Document()
    document.add_paragraph("First")
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = (
        f"<w:p {space}><w:ins>{run.format('new')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:noBreakHyphen/></w:r></w:p>"
    )
    control = f"<w:sdt {space}><w:sdtContent><w:p>{run.format('controlled')}</w:p></w:sdtContent></w:sdt>"
    box = f"<w:p {space}>{run.format('outside')}<w:r><w:pict><w:txbxContent><w:p>{run.format('inside')}</w:p></w:txbxContent></w:pict></w:r></w:p>"
    for xml in (changed, control, box):
        document.element.body.insert(-1, parse_xml(xml))
    one = document.add_table(1, 1)
    one.cell(0, 0).text = "alone"
    one.cell(0, 0).add_paragraph("in a cell")
    two = document.add_table(1, 2)
    two.cell(0, 0).text = "left"
    two.cell(0, 1).text = "right"
    two.cell(0, 1).add_paragraph("beside")
    document.add_paragraph("item", style="List Bullet 2")
    document.add_paragraph("line\nline")
    document.save(str(tmp_path / "x.docx"))
    shown = [line for line in read_lines(tmp_path / "x.docx") if line]
    assert shown == ["First", "new-", "controlled", "outside", "inside", "alone", "in a cell", "left\tright beside", " - item", "line", "line"]
