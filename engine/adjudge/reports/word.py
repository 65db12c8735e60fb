"""A report as a Word document on a house style: the one of adjudge, or a template's."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adjudge.errors import BadInput
from adjudge.page import Item
from adjudge.reports.document import Block, Bullets, Document, Entries, Entry, Figure, Grid, Heading, Inline, Paragraph, Ref, Row, clean

_MISSING = "a report in Word needs the extra `documents`: pip install 'adjudge[documents]'"
_WIDE = 17.0
"""How many centimetres a table or chart takes across the page."""
_DEEPEST = 3
_PARAGRAPHS = {"body": "Normal", "lead": "Report Lead", "note": "Report Note", "quote": "Report Quote"}


def render_word(document: Document, template: Path | None = None) -> bytes:
    """Return a report as a .docx file, in the styles of a template if one is given: what the template's body holds is left out.

    Raises BadInput if the extra `documents` isn't installed, or the template can't be used.
    """
    try:
        import docx  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError:
        raise BadInput.at("report", _MISSING) from None
    from adjudge.reports.house import open_house

    word = open_house(document, template)
    _Writer(word).write(document)
    stored = io.BytesIO()
    word.save(stored)
    return stored.getvalue()


class _Writer:
    """Appends the blocks of a report to the body of a Word document. Paragraphs and tables are made as elements: many cells, little time."""

    def __init__(self, word: Any) -> None:
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        self.qn, self.element = qn, OxmlElement
        self.word = word
        self.body = word.element.body
        self.ids = {style.name: style.style_id for style in word.styles}
        self.bookmarks: dict[str, int] = {}

    def write(self, document: Document) -> None:
        """Append a whole report: title, contents, blocks."""
        self.add(self.paragraph("Title", (document.title,)))
        self.add(self.paragraph("Subtitle", (document.subtitle,)))
        self.add(self.paragraph("Report Lead", (document.standing,)))
        self._contents(document.contents)
        for block in document.blocks:
            self._block(block)

    def add(self, element: Any) -> None:
        """Append an element to the body, before the properties of its section."""
        self.body.insert_element_before(element, "w:sectPr")

    def make(self, tag: str, parent: Any = None, text: str | None = None, **attributes: str) -> Any:
        """Return a new element of WordprocessingML, appended to its parent if one is given."""
        made = self.element(f"w:{tag}")
        for name, value in attributes.items():
            made.set(self.qn(f"w:{name}"), value)
        if text is not None:
            made.text = text
            made.set(self.qn("xml:space"), "preserve")
        if parent is not None:
            parent.append(made)
        return made

    def paragraph(self, style: str, words: Inline, anchor: str = "", bold: bool = False, new_page: bool = False) -> Any:
        """Return a paragraph in a style, at an anchor if it has one."""
        made = self.make("p")
        properties = self.make("pPr", made)
        self.make("pStyle", properties, val=self.ids[style])
        if new_page:
            self.make("pageBreakBefore", properties)
        number = self._bookmark(anchor) if anchor else 0
        if number:
            self.make("bookmarkStart", made, id=str(number), name=f"adjudge_{number}")
        for each in words:
            if isinstance(each, Ref):
                link = self.make("hyperlink", made, anchor=f"adjudge_{self._bookmark(each.target)}", history="1")
                self._run(link, clean(each.text), bold)
            else:
                self._run(made, _spaced(each), bold)
        if number:
            self.make("bookmarkEnd", made, id=str(number))
        return made

    def _bookmark(self, anchor: str) -> int:
        return self.bookmarks.setdefault(anchor, len(self.bookmarks) + 1)

    def _run(self, parent: Any, text: str, bold: bool) -> None:
        run = self.make("r", parent)
        if bold:
            self.make("b", self.make("rPr", run))
        for place, part in enumerate(text.split("\t")):
            if place:
                self.make("tab", run)
            self.make("t", run, part)

    def _contents(self, headings: Sequence[Heading]) -> None:
        """A table of contents that is filled in already, and that Word can update."""
        self.add(self.paragraph("Report Contents", ("Contents",)))
        for place, heading in enumerate(headings):
            line = self.paragraph(f"toc {heading.level}", (Ref(heading.text, heading.anchor),))
            if place == 0:
                runs = [self.make("r") for _ in range(3)]
                self.make("fldChar", runs[0], fldCharType="begin")
                self.make("instrText", runs[1], ' TOC \\o "1-2" \\h \\z \\u ')
                self.make("fldChar", runs[2], fldCharType="separate")
                for offset, run in enumerate(runs, 1):
                    line.insert(offset, run)
            if place == len(headings) - 1:
                self.make("fldChar", self.make("r", line), fldCharType="end")
            self.add(line)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self.add(self.paragraph(f"Heading {block.level}", (block.text,), block.anchor, new_page=block.new_page))
            case Paragraph():
                self.add(self.paragraph(_PARAGRAPHS[block.kind], block.words))
            case Bullets():
                self._bullets(block.items, 1)
            case Grid():
                self.add(self.paragraph("Caption", (block.caption,)))
                self.add(self._table(block))
                self.add(self.paragraph("Report After Table", ()))
            case Figure():
                self._picture(block)
            case Entries():
                for entry in block.entries:
                    self._entry(entry, block.label)

    def _bullets(self, items: Sequence[Item], depth: int) -> None:
        style = "List Bullet" if depth == 1 else f"List Bullet {min(depth, _DEEPEST)}"
        for item in items:
            self.add(self.paragraph(style, (item.text,)))
            self._bullets(item.items, depth + 1)

    def _entry(self, entry: Entry, label: str) -> None:
        if label:
            self.add(self.paragraph("Report Lead", (f"{label} {entry.number}",), entry.anchor))
            self.add(self.paragraph("Normal", (entry.text,)))
            style = "Report Note"
        else:
            self.add(self.paragraph("Report Finding", (f"{entry.number}\t", entry.text), entry.anchor))
            style = "Report Finding Details"
        if entry.details:
            self.add(self.paragraph(style, entry.details))
        for line in entry.quoted:
            self.add(self.paragraph("Report Quote", (line,)))

    def _picture(self, figure: Figure) -> None:
        import vl_convert
        from docx.shared import Cm

        png = vl_convert.svg_to_png(figure.svg, scale=2.5)
        paragraph = self.word.add_paragraph(style=self.word.styles["Report Figure"])
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(_WIDE))
        properties = shape._inline.docPr
        properties.set("descr", figure.alt)
        properties.set("title", figure.title)
        properties.set("name", f"Chart {properties.get('id')}")

    def _table(self, grid: Grid) -> Any:
        made = self.make("tbl")
        properties = self.make("tblPr", made)
        self.make("tblStyle", properties, val=self.ids["Report Table"])
        self.make("tblW", properties, w="5000", type="pct")
        self.make("tblLayout", properties, type="fixed")
        self.make("tblLook", properties, val="04A0" if grid.header else "0480", firstRow="1" if grid.header else "0", firstColumn="1", noVBand="1")
        self.make("tblCaption", properties, val=clean(grid.caption))
        columns = self.make("tblGrid", made)
        widths = [round(_WIDE * 567 * width / sum(grid.widths)) for width in grid.widths]
        for width in widths:
            self.make("gridCol", columns, w=str(width))
        if grid.header:
            self._row(made, Row(tuple((name,) for name in grid.header)), widths, header=True)
        for row in grid.rows:
            self._row(made, row, widths, strong_first=grid.kind == "grade")
        return made

    def _row(self, table: Any, row: Row, widths: Sequence[int], header: bool = False, strong_first: bool = False) -> None:
        made = self.make("tr", table)
        properties = self.make("trPr", made)
        self.make("cantSplit", properties)
        if header:
            self.make("tblHeader", properties)
        for place, words in enumerate(row.cells):
            cell = self.make("tc", made)
            about = self.make("tcPr", cell)
            self.make("tcW", about, w=str(sum(widths) if row.group else widths[place]), type="dxa")
            if row.group:
                self.make("gridSpan", about, val=str(len(widths)))
            bold = row.group or place == row.strong or (strong_first and place == 0)
            style = "Report Table Header" if header else "Report Table Text"
            cell.append(self.paragraph(style, words, row.anchor if place == 0 else "", bold))


def _spaced(text: str) -> str:
    """Return a text cleaned, but for the space at its ends and a tab after a number."""
    if text.endswith("\t"):
        return f"{clean(text)}\t"
    return f"{' ' if text[:1].isspace() else ''}{clean(text)}{' ' if text[-1:].isspace() and text.strip() else ''}"
