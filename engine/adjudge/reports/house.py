"""The house style of a Word report: adjudge's own, or that of a template that stands in for it."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Cm, Pt, RGBColor

from adjudge.errors import BadInput, listing
from adjudge.ingest.word import check_archive
from adjudge.reports.document import LANGUAGE, Document, clean

BUILT_IN = ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "List Bullet 2", "List Bullet 3")
"""Word's own styles that a report uses; a template must have them."""
_NAVY, _GREY = RGBColor(0x12, 0x39, 0x5B), RGBColor(0x55, 0x55, 0x55)
_MOST = 50_000_000


def open_house(document: Document, template: Path | None) -> Any:
    """Return an empty Word document with every style that a report uses, its language, title and page set. Raises BadInput for a bad template."""
    word = _opened(template) if template else docx.Document()
    if template is None:
        _house(word)
        _page(word, document)
    _own_styles(word)
    _about(word, document)
    return word


def _opened(template: Path) -> Any:
    file = str(template)
    try:
        size = template.stat().st_size
        data = template.read_bytes() if size <= _MOST else b""
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or 'unreadable').lower()})") from None
    if size > _MOST:
        raise BadInput.at(file, f"more than {_MOST / 1e6:.0f} MB; a template holds styles, headers and footers only")
    check_archive(data, file)
    try:
        word = docx.Document(io.BytesIO(data))
        names = {style.name for style in word.styles}
        for element in list(word.element.body):
            if element.tag != qn("w:sectPr"):
                word.element.body.remove(element)
    except Exception:  # python-docx and lxml raise many kinds for a damaged document
        raise BadInput.at(file, "not a Word document (.docx), or a damaged one; open it in Word and save it again") from None
    missing = [name for name in BUILT_IN if name not in names]
    if missing:
        raise BadInput.at(file, f"the template lacks {listing(missing)}; in Word apply each of them once, or start from a report that adjudge made")
    return word


def _house(word: Any) -> None:
    """Set Word's own styles as adjudge's house style has them."""
    sizes = {"Title": 26, "Subtitle": 13, "Heading 1": 20, "Heading 2": 15, "Heading 3": 12, "Caption": 9.5, "Normal": 10}
    for name in BUILT_IN:
        style = word.styles[name]
        _font(style, sizes.get(name, 10), bold=name not in ("Normal", "Subtitle") and "List" not in name)
        style.paragraph_format.space_after = Pt(5)
        if name.startswith(("Title", "Heading")):
            style.font.color.rgb = _NAVY
            style.paragraph_format.space_before = Pt({"Title": 30, "Heading 1": 0, "Heading 2": 16}.get(name, 10))
        else:
            style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
    word.styles["Caption"].paragraph_format.keep_with_next = True
    word.styles["Caption"].paragraph_format.space_before = Pt(6)
    word.styles["Subtitle"].font.italic = False
    for spacing in word.styles["Subtitle"].element.rPr.findall(qn("w:spacing")):
        spacing.getparent().remove(spacing)
    for name in ("List Bullet", "List Bullet 2", "List Bullet 3"):
        word.styles[name].paragraph_format.space_after = Pt(2)


def _font(style: Any, size: float, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), bold
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:cs"), "Arial")


def _own_styles(word: Any) -> None:
    """Add the styles that are the report's own, where the document doesn't have them yet."""

    def add(name: str, size: float | None = None, **layout: Any) -> None:
        if name in names:
            return
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        if size is not None:
            style.font.size = Pt(size)
        if layout.pop("bold", False):
            style.font.bold = True
        if colour := layout.pop("colour", None):
            style.font.color.rgb = colour
        for key, value in layout.items():
            setattr(style.paragraph_format, key, value)

    names = {style.name for style in word.styles}
    add("Report Contents", 14, bold=True, space_before=Pt(18), space_after=Pt(6))
    add("toc 1", space_before=Pt(4), space_after=Pt(1), left_indent=Cm(0))
    add("toc 2", space_before=Pt(0), space_after=Pt(1), left_indent=Cm(0.8))
    add("Report Lead", bold=True, keep_with_next=True, space_before=Pt(5), space_after=Pt(3))
    add("Report Note", 8.5, colour=_GREY, space_after=Pt(6))
    add("Report Quote", 9.5, left_indent=Cm(1.6), right_indent=Cm(0.6), space_after=Pt(4))
    add("Report Figure", keep_with_next=True, space_before=Pt(4), space_after=Pt(4))
    add("Report Finding", left_indent=Cm(1), first_line_indent=Cm(-1), keep_with_next=True, space_before=Pt(5), space_after=Pt(0))
    add("Report Finding Details", 8.5, colour=_GREY, left_indent=Cm(1), space_after=Pt(2))
    add("Report Table Text", 9, space_before=Pt(1.5), space_after=Pt(1.5))
    add("Report Table Header", 9, bold=True, colour=RGBColor(0xFF, 0xFF, 0xFF), space_before=Pt(2), space_after=Pt(2))
    add("Report After Table", 5, space_after=Pt(4))
    if "Report Table" not in names:
        word.styles.element.append(parse_xml(_TABLE))


_TABLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
  <w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>
  <w:tblPr>
    <w:tblBorders><w:top w:val="single" w:sz="8" w:color="12395B"/><w:bottom w:val="single" w:sz="8" w:color="12395B"/>
    <w:insideH w:val="single" w:sz="4" w:color="8A8F94"/></w:tblBorders>
    <w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>
    <w:right w:w="90" w:type="dxa"/></w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="12395B"/></w:tcPr></w:tblStylePr>
</w:style>"""


def _page(word: Any, document: Document) -> None:
    """A4, the title above and the number of the page below."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    for paragraph, text in (
        (section.header.paragraphs[0], clean(document.title)),
        (section.footer.paragraphs[0], "Grades proposed by adjudge\t\tPage "),
    ):
        paragraph.text = text
        paragraph.paragraph_format.tab_stops.clear_all()
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(8), _GREY
    footer = section.footer.paragraphs[0]
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("shown", "1"), ("end", "")):
        run = footer.add_run(text if kind == "shown" else "")
        run.font.size, run.font.color.rgb = Pt(8), _GREY
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)


def _about(word: Any, document: Document) -> None:
    """The title and the language that Word and screen readers look for."""
    about = word.core_properties
    about.title, about.subject, about.language = clean(document.title)[:255], clean(document.subtitle)[:255], LANGUAGE
    about.author, about.comments, about.keywords, about.last_modified_by = "adjudge", clean(document.standing)[:255], "", "adjudge"
    about.created = about.modified = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
    holder = word.styles["Normal"].element.get_or_add_rPr()
    language = holder.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        holder.append(language)
    language.set(qn("w:val"), LANGUAGE)
    for default in word.styles.element.iterfind(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}"):
        default.set(qn("w:val"), LANGUAGE)
