"""Write the tables of a bundle as an .xlsx workbook: headings locked, cells open, drop-downs, frozen panes, set up for printing."""

from __future__ import annotations

import datetime
import os
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adjudge.errors import BadInput
from adjudge.evidence import Bundle
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Rulebook, Standard
from adjudge.status import CriterionStatus, derive
from adjudge.version import __version__
from adjudge.workbook.cells import MOST_CHARACTERS, MOST_ROWS, cell_name
from adjudge.workbook.convert import Plain, check_size, rows_of, shown
from adjudge.workbook.guide import guide
from adjudge.workbook.layout import CODERS, ITEMS, REQUIRED_ITEMS, UNITS, About, Column, Table, criteria_of, layout, sheet_names
from adjudge.workbook.reading import MARK

NOT_PRINTED = ("see_also", "duplicate_of", "same_fact_as", "recorded_by", "fingerprint")
"""The columns of a finding that only keep the books; they stand at the right, outside the print area."""
_HEADINGS = 4
_LINE = 13.0
_FIT = 1.15
"""The height of a line of text in points, and how many characters of text fit into a width of one, with room to spare."""
_CREATED = datetime.datetime(1980, 1, 1)
"""A workbook's date is the zip format's first, so that the same bundle gives the same bytes."""

_CRITERIA = {
    "section": "tier",
    "criterion": "criterion",
    "shows": "status now",
    "also": "theme",
    "basis": "significance",
    "summary": "what it asks",
    "note": "remark",
}
"""The headings of the criteria above the findings: each stands in the column whose values it resembles."""


def write_workbook(bundle: Bundle, path: Path, replace: bool = False) -> int:
    """Write a bundle as an .xlsx file and return how many sheets an inspector sees. Raises BadInput if it can't be written."""
    about = About.of(bundle)
    statuses = {
        book.rulebook: derive(bundle.standard, book, bundle.records_for(book.rulebook), bundle.judgements, tuple(bundle.body.units))
        for book in bundle.standard.rulebooks
    }
    rows = rows_of(bundle, layout(bundle.standard, about))
    return write_rows(bundle.standard, about, rows, path, replace, statuses, bundle.title)


def write_rows(
    standard: Standard,
    about: About,
    rows: Mapping[str, Sequence[Plain]],
    path: Path,
    replace: bool = False,
    statuses: Mapping[str, Sequence[CriterionStatus]] | None = None,
    title: str = "",
) -> int:
    """Write rows, which may be few and incomplete, as a workbook for a standard; as `write_workbook`."""
    tables = layout(standard, about)
    check_size(tables, rows, str(path), MOST_CHARACTERS, "a cell of Excel holds {most:,}; use `--format csv`")
    written: list[int] = []

    def write(temporary: Path) -> None:
        written.append(_Writer(standard, about, rows, statuses or {}, title).write(temporary, tables))

    save(path, replace, write)
    return written[0]


def save(path: Path, replace: bool, write: Callable[[Path], None]) -> None:
    """Write a file beside its place and move it there when it is whole; one that stands there is only replaced if asked."""
    try:
        if path.exists() and (path.is_dir() or not replace):
            raise BadInput.at(str(path), "a folder of that name exists" if path.is_dir() else "exists already; choose another name, or add `--force`")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        try:
            write(Path(temporary))
            Path(temporary).chmod(0o644)
            os.replace(temporary, path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise BadInput.at(str(path), f"can't be written ({(error.strerror or 'unwritable').lower()})") from None


@dataclass
class _Writer:
    standard: Standard
    about: About
    rows: Mapping[str, Sequence[Plain]]
    statuses: Mapping[str, Sequence[CriterionStatus]]
    title: str
    lists: list[tuple[str, ...]] = field(default_factory=list)
    book: Any = None
    formats: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path, tables: Sequence[Table]) -> int:
        try:
            from xlsxwriter import Workbook
        except ImportError:
            raise BadInput.at("workbook", "to write workbooks, install adjudge with its extra: pip install 'adjudge[workbook]'") from None
        with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as self.book:
            self.book.set_properties({"title": self.title, "comments": f"Written by adjudge {__version__}", "created": _CREATED})
            self.book.set_size(2400, 1500)
            self.formats = {name: self.book.add_format(_BASE | values) for name, values in _FORMATS.items()}
            self._guide()
            sheets = [(table, self.book.add_worksheet(name)) for name, table in sheet_names(tables)]
            self.names = {table.name: sheet.get_name() for table, sheet in sheets}
            for table, sheet in sheets:
                self._table(sheet, table)
            self._lists()
            sheets[0][1].activate()
        return len(sheets) + 1

    def _guide(self) -> None:
        sheet = self.book.add_worksheet("Guide")
        sheet.set_tab_color("#7F7F7F")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 3, self.formats["guide"])
        sheet.set_column(1, 1, 105, self.formats["guide"])
        for number, (kind, text) in enumerate(guide(self.standard, self.title)):
            sheet.set_row(number, _height([(text, 122)]) if kind == "guide" else 24)
            sheet.write_string(number, 0 if kind != "guide" else 1, text, self.formats[kind])
        self._page(sheet)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _page(self, sheet: Any) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{self.title.replace('&', '&&')[:120]}&C&8&A&R&8Page &P of &N")

    def _table(self, sheet: Any, table: Table) -> None:
        sheet.set_tab_color(_TABS.get(table.shape, "#BF9000") if not table.framework else "#1F3864")
        for index, column in enumerate(table.columns):
            kind = "number" if column.kind == "number" else "help" if column.key == "help" else "cell"
            sheet.set_column(index, index, column.width, self.formats[kind])
        for line, (kind, text) in enumerate((("title", table.title), ("note", table.note), ("mark", MARK + table.name))):
            sheet.set_row(line, 22 if kind == "title" else None, self.formats[kind])
            sheet.write_string(line, 0, text, self.formats[kind])
        headings = _HEADINGS
        self._headings(sheet, headings - 1, table.columns)
        if table.framework:
            headings = self._criteria(sheet, table)
            self._headings(sheet, headings - 1, table.columns)
        sheet.freeze_panes(_HEADINGS, 1)
        rows = self.rows[table.name]
        if table.shape == "items":
            rows = [row for index, row in enumerate(rows) if index < REQUIRED_ITEMS or "value" in row]
        for number, row in enumerate(rows, headings):
            self._row(sheet, number, table, shown(table, row))
        for index, column in enumerate(table.columns):
            self._validation(sheet, table, index, column, headings)
        self._page(sheet)
        sheet.repeat_rows(headings - 1)
        if table.framework:
            printed = [index for index, column in enumerate(table.columns) if column.key not in NOT_PRINTED]
            sheet.print_area(0, 0, 1_048_575, printed[-1])
        if table.shape != "items":
            sheet.autofilter(headings - 1, 0, max(headings + len(rows) - 1, headings), len(table.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.protect("", dict.fromkeys(_ALLOWED, True))

    def _headings(self, sheet: Any, row: int, columns: Sequence[Column]) -> None:
        sheet.set_row(row, 32, self.formats["heading"])
        for index, column in enumerate(columns):
            sheet.write_string(row, index, column.heading, self.formats["heading"])

    def _row(self, sheet: Any, number: int, table: Table, cells: Mapping[str, str | int | float]) -> None:
        sheet.set_row(number, _height((cells[column.key], column.width) for column in table.columns if column.key in cells))
        for index, column in enumerate(table.columns):
            value = cells.get(column.key)
            kind = "item" if table.shape == "items" and column.key == "item" else "help" if column.key == "help" else "cell"
            if isinstance(value, str):
                sheet.write_string(number, index, value, self.formats[kind])
            elif value is not None:
                sheet.write_number(number, index, value, self.formats["number"])
            else:
                sheet.write_blank(number, index, None, self.formats[kind])

    def _criteria(self, sheet: Any, table: Table) -> int:
        """Write the criteria below the first headings; return the row (from 1) in which the findings' own headings stand."""
        framework = table.framework or ""
        known = {each.criterion.id: each for each in self.statuses.get(framework, ())}
        keys = [column.key for column in table.columns]
        first = _HEADINGS
        self._locked(sheet, first, table, _CRITERIA, "subheading")
        criteria = criteria_of(self.standard, self.about, framework)
        heirs = (self.about.overviews or {}).get(framework, (framework,))
        books = [book for book in self.standard.rulebooks if book.rulebook in heirs]
        for number, criterion in enumerate(criteria, first + 1):
            self._locked(sheet, number, table, self._criterion(books[0], criterion, known.get(criterion), len(books) > 1), "criterion")
        last = first + len(criteria)
        self.ranges = {"criterion": f"=${_letter(keys, 'criterion')}${first + 2}:${_letter(keys, 'criterion')}${last + 1}"}
        sheet.set_row(last + 1, 8, self.formats["note"])
        return last + 3

    def _criterion(self, book: Rulebook, name: str, status: CriterionStatus | None, shared: bool) -> Mapping[str, str]:
        criterion = book.by_id[name]
        said = {**self.standard.statuses, NOT_ASSESSED: "not assessed", NOT_APPLICABLE: "not applicable"}
        remark = "status: see the frameworks" if shared else "contested" if status and status.contested else ""
        if status and status.before_judgement:
            remark = "; ".join(filter(None, (remark, "decided by a judgement")))
        return {
            "section": self.standard.tiers.get(criterion.tier or "", ""),
            "criterion": name,
            "shows": said.get(status.status, str(status.status)) if status else "" if shared else "not assessed",
            "also": book.themes.get(criterion.theme or "", ""),
            "basis": self.standard.significances.get(criterion.significance or "", ""),
            "summary": f"{criterion.title[:1].upper()}{criterion.title[1:]}. {criterion.text}",
            "note": remark,
        }

    def _locked(self, sheet: Any, row: int, table: Table, cells: Mapping[str, str], kind: str) -> None:
        sheet.set_row(row, _height((cells[column.key], column.width) for column in table.columns if column.key in cells), self.formats["band"])
        for index, column in enumerate(table.columns):
            if column.key not in NOT_PRINTED:
                sheet.write_string(row, index, cells.get(column.key, ""), self.formats[kind])

    def _validation(self, sheet: Any, table: Table, index: int, column: Column, first: int) -> None:
        options: dict[str, Any] = {"validate": "any"}
        if column.help:
            options |= {"input_title": column.heading[:32], "input_message": column.help[:255]}
        if column.drop_down:
            warn = "warning" if column.kind == "points" or column.others.labels else "stop"
            options |= {"validate": "list", "source": self._source(table, column), "error_type": warn}
            options |= {"error_title": column.heading[:32], "error_message": "Choose one of the list; the import refuses other words."}
        if len(options) > 1 and table.shape != "items":
            sheet.data_validation(first, index, MOST_ROWS - 1, index, options)

    def _source(self, table: Table, column: Column) -> str:
        """Where a drop-down's words stand: the criteria above, the coders' or units' own sheet, or the hidden lists."""
        if column.key == "criterion":
            return self.ranges["criterion"]
        if table.framework and column.key in ("recorded_by", "unit"):
            sheet = self.names[(CODERS if column.key == "recorded_by" else UNITS).name]
            return f"='{sheet}'!$A${_HEADINGS + 1}:$A${_HEADINGS + 100}"
        words = (*column.words.shown, *column.others.shown)
        if words not in self.lists:
            self.lists.append(words)
        letter = cell_name(1, self.lists.index(words) + 1)[:-1]
        return f"=Lists!${letter}$2:${letter}${len(words) + 1}"

    def _lists(self) -> None:
        sheet = self.book.add_worksheet("Lists")
        sheet.write_string(0, 0, "The words of the drop-downs.", self.formats["note"])
        for index, words in enumerate(self.lists):
            for number, word in enumerate(words, 1):
                sheet.write_string(number, index, word, self.formats["note"])
        sheet.hide()
        sheet.protect()


def _height(cells: Iterable[tuple[str | int | float, int]]) -> float:
    """The height, in points, that a row needs for texts wrapped into columns of given widths; not every program works it out itself."""
    lines = max((sum(max(len(textwrap.wrap(part, round(width * _FIT))), 1) for part in str(text).split("\n")) for text, width in cells), default=1)
    return min(_LINE * lines + 3, 409)


def _letter(keys: Sequence[str], key: str) -> str:
    return cell_name(1, keys.index(key) + 1)[:-1]


def blank_items(values: Mapping[str, Any]) -> list[Plain]:
    """Return the rows of the table of single values for a new bundle, with the values known so far, by the items' labels."""
    return [{"item": item.label, "help": item.help} | ({"value": values[item.label]} if item.label in values else {}) for item in ITEMS]


_ALLOWED = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
_TABS = {"judgements": "#548235"}
_BASE = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_EDGE = {"border": 1, "border_color": "#BFBFBF"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#1F3864", "valign": "vcenter"},
    "subtitle": {"bold": True, "font_size": 11, "font_color": "#1F3864", "valign": "bottom"},
    "note": {"font_color": "#595959"},
    "mark": {"font_size": 8, "font_color": "#767676"},
    "guide": {"text_wrap": True},
    "heading": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": "#1F3864",
        "text_wrap": True,
        "valign": "vcenter",
        "border": 1,
        "border_color": "#8EA9DB",
    },
    "subheading": {"bold": True, "bg_color": "#D9E2F3", "text_wrap": True, **_EDGE},
    "criterion": {"bg_color": "#F2F2F2", "text_wrap": True, **_EDGE},
    "band": {},
    "item": {"bold": True, "text_wrap": True, **_EDGE},
    "help": {"font_color": "#595959", "text_wrap": True},
    "cell": {"num_format": "@", "text_wrap": True, "locked": False, **_EDGE},
    "number": {"text_wrap": True, "locked": False, "align": "left", **_EDGE},
}
