"""A report in Word opens, holds what the document holds, in the styles of the house, and a template can stand in for them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings

from adjudge import BadInput, Bundle, grade, load_evidence
from adjudge.reports.build import report
from adjudge.reports.document import Document, Entries, Figure, clean, texts
from adjudge.reports.house import BUILT_IN
from adjudge.reports.word import render_word
from tests.bundles import bundles

DOCUMENT = report(grade(load_evidence("hertfordshire-2007")))
WORD = docx.Document(io.BytesIO(render_word(DOCUMENT)))
SMALL = Document("A title", "Beneath it", "Proposed by adjudge; not yet decided.", DOCUMENT.blocks[:12])


def _lines(word: Any) -> list[str]:
    """The text of every paragraph of the body, in tables too, in order."""
    found = ("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in word.element.body.iter(qn("w:p")))
    return [line.strip() for line in found if line.strip()]


def _expected(document: Document) -> Iterator[str]:
    yield from (document.title, document.subtitle, document.standing, "Contents", *(heading.text for heading in document.contents))
    for block in document.blocks:
        if isinstance(block, Figure):
            continue
        if not isinstance(block, Entries):
            yield from texts(block)
            continue
        for entry in block.entries:
            yield from (f"{block.label} {entry.number}", entry.text) if block.label else (f"{entry.number}{clean(entry.text)}",)
            yield from ("".join(each if isinstance(each, str) else each.text for each in entry.details), *entry.quoted)


def _said(document: Document) -> list[str]:
    return [line for text in _expected(document) if (line := clean(text))]


def test_it_holds_what_the_document_holds() -> None:
    """Every text of the document is a paragraph of the Word document, in the same order, and there is no other."""
    assert _lines(WORD) == _said(DOCUMENT)


@settings(max_examples=15)
@given(bundles())
def test_it_holds_any_bundle(bundle: Bundle) -> None:
    """Whatever a bundle's texts hold, Word opens the report with the same texts."""
    document = report(grade(bundle))
    there = _lines(docx.Document(io.BytesIO(render_word(document))))
    assert [clean(line) for line in there] == _said(document)


def test_headings_are_words_own() -> None:
    """The headings are Word's built-in ones, so that its navigation and screen readers find them."""
    headings = [(int(each.style.name[-1]), each.text) for each in WORD.paragraphs if each.style is not None and each.style.name.startswith("Heading")]
    assert [text for level, text in headings if level < 3] == [heading.text for heading in DOCUMENT.contents]
    assert headings[0][0] == 1


def test_tables_repeat_their_headers_and_have_captions() -> None:
    """Each table with a header repeats it on every page, breaks no row, and says what it is."""
    assert len(WORD.tables) > 40
    for table in WORD.tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        headed = properties.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"
        assert (table._tbl.tr_lst[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None) == headed
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table._tbl.tr_lst)


def test_charts_have_alternative_texts() -> None:
    """Each picture says what it shows, with its figures."""
    pictures = [shape._inline.docPr for shape in WORD.inline_shapes]
    charts = [block for block in DOCUMENT.blocks if isinstance(block, Figure)]
    assert [(picture.get("title"), picture.get("descr")) for picture in pictures] == [(chart.title, chart.alt) for chart in charts]


def test_language_and_title_are_set() -> None:
    """British English for the whole text; the title is the document's."""
    assert (WORD.core_properties.title, WORD.core_properties.language) == ("Hertfordshire Constabulary, October 2007", "en-GB")
    languages = {each.get(qn("w:val")) for each in WORD.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_every_link_leads_to_a_bookmark() -> None:
    """Bookmarks have names of their own, and every link within the document finds its one."""
    body = WORD.element.body
    names = [each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names))
    assert {each.get(qn("w:anchor")) for each in body.iter(qn("w:hyperlink"))} <= set(names)


def test_a_report_is_a_template_for_the_next(tmp_path: Path) -> None:
    """The styles, the page and the footer of a template are used as they are; what its body holds is left out."""
    house = docx.Document(io.BytesIO(render_word(SMALL)))
    house.styles["Heading 1"].font.name = "Courier New"
    house.styles["Report Finding Details"].font.bold = True
    house.sections[0].footer.paragraphs[0].text = "Marsh Inspectorate"
    house.save(str(tmp_path / "house.docx"))
    made = docx.Document(io.BytesIO(render_word(SMALL, tmp_path / "house.docx")))
    assert made.styles["Heading 1"].font.name == "Courier New"
    assert made.styles["Report Finding Details"].font.bold is True
    assert made.sections[0].footer.paragraphs[0].text == "Marsh Inspectorate"
    assert _lines(made) == _said(SMALL)


def test_a_plain_document_is_a_template_too(tmp_path: Path) -> None:
    """The report's own styles are added where a template lacks them."""
    docx.Document().save(str(tmp_path / "plain.docx"))
    assert _lines(docx.Document(io.BytesIO(render_word(SMALL, tmp_path / "plain.docx")))) == _said(SMALL)


def test_a_template_without_words_styles_is_refused(tmp_path: Path) -> None:
    """All that it lacks is told at once."""
    bare = docx.Document()
    for name in ("Heading 2", "Caption"):
        bare.styles[name].delete()
    bare.save(str(tmp_path / "bare.docx"))
    with pytest.raises(BadInput, match="the template lacks `Heading 2`, `Caption`; in Word apply each of them once"):
        render_word(SMALL, tmp_path / "bare.docx")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not a document", "not a Word document"),
        (b"PK\x03\x04 half", "not a Word document"),
        (None, r"can't be opened \(no such file or directory\)"),
    ],
)
def test_a_damaged_template_is_one_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    """A template that isn't there, or isn't a Word document, is bad input."""
    path = tmp_path / "house.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=message) as refused:
        render_word(SMALL, path)
    assert len(refused.value.faults) == 1


def test_the_house_has_every_style() -> None:
    """Each style that a report uses exists in the house style."""
    assert set(BUILT_IN) <= {style.name for style in WORD.styles}
