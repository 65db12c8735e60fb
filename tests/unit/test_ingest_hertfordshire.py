"""The report on Hertfordshire, if its text is at hand: every line accounted for, and everything equal to the shipped bundle."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from adjudge import load_evidence
from adjudge.citations import check_citations
from adjudge.ingest.draft import draft, places, write_draft
from adjudge.ingest.files import read_lines
from adjudge.ingest.reading import read_register
from adjudge.ingest.register import Register, counts_of
from tests.reports import write_docx, write_pdf
from tests.unit.test_ingest import content, is_partition
from tests.word_reports import write_house_docx

SOURCE = Path(os.environ.get("ADJUDGE_REPORT", Path(__file__).parents[2] / "../shared/seeds/hertfordshire-hmic-october-2007.txt"))
BUNDLE = load_evidence("hertfordshire-2007")

pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason="the report's text isn't part of the repository; set ADJUDGE_REPORT to its file")


@pytest.fixture(scope="module")
def register() -> Register:
    """The register of the report's text."""
    return read_register(read_lines(SOURCE), str(SOURCE))


def test_every_line_is_accounted_for(register: Register) -> None:
    """Each of the 812 non-blank lines has one role, and none is left without a place."""
    is_partition(register, read_lines(SOURCE))
    assert (register.line_count, register.blank_lines) == (1506, 694)
    assert (register.unplaced, register.notes) == ((), ())


def test_counts_of_each_framework_and_section(register: Register) -> None:
    """315 findings: strengths, work in progress, areas for improvement of each framework."""
    sections = ("strengths", "work_in_progress", "areas_for_improvement")
    assert [tuple(counts_of(each)[section] for section in sections) for each in register.frameworks] == [
        (54, 24, 13),
        (46, 7, 2),
        (2, 3, 2),
        (18, 12, 10),
        (26, 5, 12),
        (32, 5, 14),
        (16, 7, 5),
    ]


def test_grades_and_distributions_are_those_of_the_bundle(register: Register) -> None:
    """Published grades and national distributions are those of the shipped published.yaml."""
    found = places(register, BUNDLE.standard)
    assert BUNDLE.published is not None
    assert {place.id: (place.framework.grade, place.framework.distribution) for place in found if place.has_rulebook} == {
        each.framework: (each.grade, each.distribution) for each in BUNDLE.published.grades
    }
    assert {place.id: place.inherited_by for place in found if place.inherited_by} == BUNDLE.inherited_by


def test_every_citation_is_true_and_every_finding_is_coded() -> None:
    """Each record's fingerprint is that of the paragraph it cites, and no finding of the report is without a record."""
    result = check_citations(BUNDLE, SOURCE)
    assert result.faults == ()
    assert result.uncoded == ()
    assert result.verified == len(BUNDLE.records) >= 315


def test_cross_references_are_those_of_the_records(register: Register) -> None:
    """The sections that a finding refers to are those that its first record names."""
    read = {
        (place.id, each.section, each.paragraph): {see.section for see in each.see_also}
        for place in places(register, BUNDLE.standard)
        for each in place.framework.findings
    }
    coded = {(each.framework, each.section, each.paragraph): set[str]() for each in BUNDLE.records}
    for record in BUNDLE.records:
        coded[record.framework, record.section, record.paragraph] |= set(record.see_also)
    assert read == coded


def test_a_draft_holds_what_the_bundle_holds_uncoded(register: Register, tmp_path: Path) -> None:
    """Body, published facts, glossary, frameworks to come, previous grades, places of recommendations and practice are as shipped; no record is."""
    write_draft(draft(register, BUNDLE.standard).files, tmp_path / "draft")
    drafted = load_evidence(tmp_path / "draft")
    assert drafted.records == ()
    for name in ("bundle", "title", "source", "graded", "inherited_by", "headings", "glossary"):
        assert getattr(drafted, name) == getattr(BUNDLE, name), name
    assert (drafted.body.id, drafted.body.title) == (BUNDLE.body.id, BUNDLE.body.title)
    assert drafted.published is not None
    assert BUNDLE.published is not None
    assert (drafted.published.bodies, drafted.published.grades) == (BUNDLE.published.bodies, BUNDLE.published.grades)
    assert drafted.context is not None
    assert BUNDLE.context is not None
    for name in ("previous_grades", "risk_based_frameworks", "planned_frameworks"):
        assert getattr(drafted.context, name) == getattr(BUNDLE.context, name), name
    assert len(drafted.context.strategic_priorities) == len(BUNDLE.context.strategic_priorities)
    assert [(each.number, each.framework) for each in drafted.recommendations] == [(each.number, each.framework) for each in BUNDLE.recommendations]
    assert [(each.framework, each.title, each.contact) for each in drafted.developing_practice] == [
        (each.framework, each.title, each.contact) for each in BUNDLE.developing_practice
    ]
    uncoded = check_citations(drafted, SOURCE).uncoded
    assert len(uncoded) == 315


def test_word_gives_the_same_register(register: Register, tmp_path: Path) -> None:
    """The report written to Word and read back: the same register but for the numbers of lines."""
    write_docx(_text(), tmp_path / "report.docx")
    lines = read_lines(tmp_path / "report.docx")
    again = read_register(lines, "report.docx")
    is_partition(again, lines)
    assert content(again) == content(register)
    assert (again.unplaced, again.notes) == ((), ())
    assert check_citations(BUNDLE, tmp_path / "report.docx").faults == ()


def test_pdf_loses_only_that_a_paragraph_goes_on_after_a_full_stop_at_the_end_of_a_page(register: Register, tmp_path: Path) -> None:
    """The report written to PDF, with a footer of its own: where a page ends with a sentence within a paragraph, the paragraph is read as two."""
    write_pdf(_text(), tmp_path / "report.pdf", f"{register.body} – HMIC Inspection Report")
    lines = read_lines(tmp_path / "report.pdf")
    again = read_register(lines, "report.pdf")
    is_partition(again, lines)
    assert (again.unplaced, again.notes) == ((), ())
    split = 0
    for meant, found in zip(register.frameworks, again.frameworks, strict=True):
        rest = [(each.section, each.text) for each in found.findings]
        for each in meant.findings:
            section, text = rest.pop(0)
            if text != each.text:
                text = f"{text} {rest.pop(0)[1]}"
                split += 1
            assert (section, text) == (each.section, each.text)
        assert rest == []
    assert split <= 2

    def others(whole: Register) -> object:
        shown = content(whole)
        return shown | {"frameworks": [{**each, "findings": None} for each in shown["frameworks"]]}

    assert others(again) == others(register)


@pytest.mark.parametrize("numbered", [False, True], ids=["paragraphs", "a numbered list"])
@pytest.mark.parametrize("tracked", [False, True], ids=["clean", "tracked"])
def test_an_inspectorates_word_document_gives_the_same_register(register: Register, tmp_path: Path, numbered: bool, tracked: bool) -> None:
    """With headings, lists, tables, header and footer as Word has them, and with tracked changes taken as accepted: the same register."""
    write_house_docx(_text(), tmp_path / "report.docx", register.body, numbered, tracked)
    lines = read_lines(tmp_path / "report.docx")
    again = read_register(lines, "report.docx")
    is_partition(again, lines)
    assert content(again) == content(register)
    assert (again.unplaced, again.notes) == ((), ())


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def by_libreoffice(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report's text and Word documents of it, saved by LibreOffice as .docx (in `docx`) and .pdf (in `pdf`)."""
    if SOFFICE is None:
        pytest.skip("LibreOffice isn't installed")
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "text.txt").write_text("\n".join(_text()), encoding="utf-8")
    write_house_docx(_text(), folder / "paragraphs.docx", register.body)
    write_house_docx(_text(), folder / "numbered.docx", register.body, numbered=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for kind in ("docx", "pdf"):
        documents = ["numbered.docx"] if kind == "pdf" else ["paragraphs.docx", "numbered.docx"]
        for filter, names in (("--infilter=Text (encoded):UTF8,LF,,,", ["text.txt"]), ("", documents)):
            command = [SOFFICE, profile, "--headless", *([filter] if filter else []), "--convert-to", kind, "--outdir", str(folder / kind)]
            subprocess.run([*command, *(str(folder / name) for name in names)], check=True, capture_output=True, timeout=300)
    return folder


@pytest.mark.parametrize("name", ["text", "paragraphs", "numbered"])
def test_word_as_libreoffice_saves_it_gives_the_same_register(register: Register, by_libreoffice: Path, name: str) -> None:
    """Another program's .docx, which keeps lists and tables in its own way: the same register."""
    again = read_register(read_lines(by_libreoffice / f"docx/{name}.docx"), "report.docx")
    assert content(again) == content(register)
    assert (again.unplaced, again.notes) == ((), ())


@pytest.mark.parametrize("name", ["text", "numbered"])
def test_a_typeset_pdf_loses_nothing(register: Register, by_libreoffice: Path, name: str) -> None:
    """Rows, pages, running titles and page numbers as LibreOffice sets them: every sentence in its framework and section, grades, distributions and
    recommendations as printed. What a page splits after a full stop may be two; a cell that a page splits is listed as not placed."""
    lines = read_lines(by_libreoffice / f"pdf/{name}.pdf")
    again = read_register(lines, "report.pdf")
    is_partition(again, lines)
    assert _sentences(again) == _sentences(register)
    assert len(again.unplaced) <= 2
    assert sum(len(each.findings) for each in again.frameworks) - 315 in (0, 1, 2)
    assert {**again.glossary, **register.glossary} == again.glossary or again.unplaced


def _sentences(register: Register) -> object:
    """Return what a report says however it is split into paragraphs."""
    frameworks = [
        (
            each.heading,
            each.grade,
            each.distribution,
            [" ".join(finding.text for finding in each.findings if finding.section == section) for section in counts_of(each)],
            " ".join(passage.text for passage in (*each.national_contextual_factors, *each.contextual_factors)),
        )
        for each in register.frameworks
    ]
    recommendations = [(each.number, each.text, each.framework) for each in register.recommendations]
    return register.body, register.month, register.year, frameworks, recommendations, register.strategic_priorities, register.planned_frameworks


def _text() -> list[str]:
    return SOURCE.read_text(encoding="utf-8").split("\n")
