"""A workbook holds a whole bundle, gives it back equal, and tells every fault by sheet and cell."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from python_calamine import load_workbook
from xlsxwriter import Workbook

from adjudge import BadInput, Bundle, load_evidence, load_standard
from adjudge.evidence import ContextFile, Judgement, RecordEntry
from adjudge.workbook.cells import cell_name
from adjudge.workbook.csvs import guarded, unguarded, write_folder
from adjudge.workbook.importing import import_bundle
from adjudge.workbook.layout import About, layout, sheet_names
from adjudge.workbook.sheets import write_workbook
from adjudge.workbook.words import from_cell, to_cell
from tests.bundles import bundles, texts
from tests.strategies import STANDARD

SOURCE = Path(__file__).parents[2] / "../shared/seeds/hertfordshire-hmic-october-2007.txt"
Grid = list[list[Any]]


@pytest.fixture(scope="module")
def hertfordshire() -> Bundle:
    """The shipped bundle."""
    return load_evidence("hertfordshire-2007")


@pytest.fixture(scope="module")
def exported(hertfordshire: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped bundle as a workbook."""
    path = tmp_path_factory.mktemp("exported") / "hertfordshire.xlsx"
    write_workbook(hertfordshire, path)
    return path


def grids_of(path: Path) -> dict[str, Grid]:
    """Return the cells of every sheet of a workbook."""
    book = load_workbook(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def put_grids(path: Path, grids: Mapping[str, Grid], formulas: Mapping[tuple[str, str], tuple[str, Any]] | None = None) -> Path:
    """Write cells as a plain workbook, as another program would: no formats but for dates, formulas where they are asked for."""
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, grid in grids.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(grid):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(row, column, datetime.datetime(cell.year, cell.month, cell.day), day)
                    elif cell != "" and cell is not None:
                        sheet.write(row, column, cell)
        for (name, cell), (formula, value) in (formulas or {}).items():
            book.get_worksheet_by_name(name).write_formula(cell, formula, None, value)
    return path


def at(grid: Grid, name: str, heading: str) -> tuple[int, int]:
    """Return the place (from 0) of a finding's cell: the row with this id, the column with this heading."""
    head = [row for row in grid if row and row[0] == "id"][-1]
    row = next(number for number, row in enumerate(grid) if row and row[0] == name)
    return row, head.index(heading)


def faults_of(path: Path, **options: Any) -> list[str]:
    """Return the faults of importing a file, as they are printed."""
    with pytest.raises(BadInput) as raised:
        import_bundle(path, **options)
    return [str(fault) for fault in raised.value.faults]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    code = "from adjudge.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False)


@settings(max_examples=40)
@given(bundles(together=True))
def test_a_workbook_gives_its_bundle_back(bundle: Bundle) -> None:
    """Exported and imported, any bundle is equal to what it was."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.xlsx"
        write_workbook(bundle, path)
        assert import_bundle(path, STANDARD).bundle == bundle


@settings(max_examples=40)
@given(bundles(together=True))
def test_csv_files_give_their_bundle_back(bundle: Bundle) -> None:
    """Exported as CSV and imported, any bundle is equal to what it was."""
    with tempfile.TemporaryDirectory() as folder:
        write_folder(bundle, Path(folder) / "tables")
        assert import_bundle(Path(folder) / "tables", STANDARD).bundle == bundle


@given(texts)
def test_no_text_of_a_csv_file_is_a_formula(text: str) -> None:
    """A text in a CSV file never begins with a character that starts a formula, and is read as it was."""
    assert guarded(text)[0] not in "=+-@\t\r"
    assert unguarded(guarded(text)) == text


def test_hertfordshire_comes_back_equal(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """The shipped bundle comes back equal from a workbook and from CSV files."""
    assert import_bundle(exported).bundle == hertfordshire
    write_folder(hertfordshire, tmp_path / "tables")
    assert import_bundle(tmp_path / "tables").bundle == hertfordshire


def test_the_same_bundle_gives_the_same_workbook(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """Two exports have the same bytes."""
    write_workbook(hertfordshire, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == exported.read_bytes()


def test_the_layout_has_a_column_for_every_key() -> None:
    """No key of a record, a judgement or the context is without a place, so that nothing is lost when one is added."""
    tables = {table.name: table for table in layout(load_standard(), About())}
    assert set(tables["findings-child-abuse"].by_key) == set(RecordEntry.model_fields)
    decided = {"status", "not_applicable", "dominant", "grade"}
    assert (set(tables["judgements"].by_key) - {"decides"}) | decided == set(Judgement.model_fields)
    assert {"facts", "previous_grades"} | set(tables["programme"].by_key["kind"].words.labels) == set(ContextFile.model_fields)


def test_sheets_have_names_that_excel_allows() -> None:
    """No sheet's name is longer than 31 characters, has a forbidden character or stands twice, whatever the frameworks are called."""
    heading = "A very long heading: of an overview / with [forbidden] characters?"
    about = About(overviews={"one": ("small",), "two": ("small",)}, headings={"one": heading, "two": heading})
    names = [name for name, _ in sheet_names(layout(STANDARD, about))]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_headings_are_locked_and_cells_open(exported: Path) -> None:
    """Each sheet is protected, frozen below its headings, printed on A4 landscape one page wide with its headings on every page."""
    with zipfile.ZipFile(exported) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert "<sheetProtection " in sheet
    assert 'state="frozen"' in sheet
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert sheet.count('type="list"') == 6
    assert "_xlnm.Print_Titles" in book


def test_drop_downs_offer_the_words_in_words(exported: Path) -> None:
    """The lists behind the drop-downs are the standard's labels, not its ids."""
    columns = list(zip(*grids_of(exported)["Lists"][1:], strict=True))
    lists = [[word for word in column if word] for column in columns]
    assert ["well short", "partly met", "substantially met", "met"] in lists
    assert ["strengths", "work in progress", "areas for improvement"] in lists
    assert ["observed", "audited", "tested at interview", "documented", "perceived", "claimed after the visit", "planned"] in lists


def test_the_criteria_stand_above_with_their_statuses(exported: Path) -> None:
    """A framework's sheet begins with its criteria and the statuses that follow from the findings."""
    grid = grids_of(exported)["Child Abuse"]
    book = load_standard().rulebook("child-abuse")
    rows = [row for row in grid if row[3] in book.by_id and not row[0]]
    assert [row[3] for row in rows] == list(book.by_id)
    assert {row[4] for row in rows} <= {"met", "substantially met", "partly met", "well short", "not assessed"}
    assert next(row[4] for row in rows if row[3] == "accountability") == "well short"


def _changed(exported: Path, path: Path, change: Any) -> Path:
    grids = grids_of(exported)
    change(grids)
    return put_grids(path, grids)


def test_a_changed_cell_arrives_and_nothing_else_moves(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """One cell changed in the workbook changes one value of the bundle."""

    def change(grids: dict[str, Grid]) -> None:
        grid = grids["Child Abuse"]
        row, column = at(grid, "ca-s05", "shows")
        assert grid[row][column] == "substantially met"
        grid[row][column] = "Partly Met "

    bundle = import_bundle(_changed(exported, tmp_path / "changed.xlsx", change)).bundle
    different = [(old, new) for old, new in zip(hertfordshire.records, bundle.records, strict=True) if old != new]
    assert [(old.id, old.shows, new.shows) for old, new in different] == [("ca-s05", "substantially_met", "partly_met")]
    assert bundle.model_copy(update={"records": hertfordshire.records}) == hertfordshire


def test_rows_and_columns_may_move(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """Sorted rows, moved columns, renamed, moved, hidden and further sheets, blank rows and trailing blanks change nothing but the order."""

    def change(grids: dict[str, Grid]) -> None:
        grid = grids.pop("Child Abuse")
        start = max(number for number, row in enumerate(grid) if row[0] == "id") + 1
        moved = [[cell + "  " if isinstance(cell, str) and cell else cell for cell in row] for row in [*grid[:start], *reversed(grid[start:])]]
        moved.insert(start + 3, [""] * len(grid[0]))
        order = [0, *reversed(range(1, len(grid[0])))]
        grids["Kinder"] = [[row[index] for index in order] for row in moved]
        grids["My own notes"] = [["anything", 1], ["at all"]]

    imported = import_bundle(_changed(exported, tmp_path / "moved.xlsx", change))
    assert sorted(imported.bundle.records, key=lambda each: each.id) == sorted(hertfordshire.records, key=lambda each: each.id)
    own = [record.id for record in imported.bundle.records if record.framework == "child-abuse"]
    assert own == [record.id for record in hertfordshire.records if record.framework == "child-abuse"][::-1]
    assert imported.other_sheets == ("My own notes",)


def _append(grid: Grid, **cells: Any) -> None:
    head = [row for row in grid if row and row[0] == "id"][-1]
    grid.append([cells.get(str(heading).replace(" ", "_"), "") for heading in head])


def test_a_new_finding_gets_an_id_and_a_fingerprint(exported: Path, tmp_path: Path) -> None:
    """A row without id and fingerprint gets the manual's next id and the fingerprint of the paragraph that it cites."""
    if not SOURCE.is_file():
        pytest.skip("the report's text isn't beside the repository")

    def change(grids: dict[str, Grid]) -> None:
        for number in (1, "2", 2):
            _append(
                grids["Child Abuse"], section="Strengths", paragraph=number, criterion="A named chief officer leads" if number == 1 else "tasking",
                shows="met", basis="observed", summary="Made up for a test.",
            )  # fmt: skip

    path = _changed(exported, tmp_path / "new.xlsx", change)
    wrong = "`a-named-chief-officer-leads` isn't a criterion of child-abuse; did you mean `chief-officer-lead`?"
    assert [line.partition(", cell ")[2] for line in faults_of(path, source=SOURCE)] == [f"D83: {wrong}"]
    assert [line.partition(", cell ")[2] for line in faults_of(path)] == [f"P{row}: `fingerprint` is missing" for row in (83, 84, 85)]
    grids = grids_of(path)
    grids["Child Abuse"][-3][3] = "Chief Officer Lead"
    imported = import_bundle(put_grids(path, grids), source=SOURCE)
    made = {record.id: record for record in imported.bundle.records if record.id in imported.proposed}
    assert list(made) == ["ca-s01b", "ca-s02b", "ca-s02c"]
    assert imported.fingerprinted == 3
    assert made["ca-s01b"].fingerprint == next(record.fingerprint for record in imported.bundle.records if record.id == "ca-s01")
    assert (made["ca-s02c"].unit, str(made["ca-s02c"].date), made["ca-s02c"].recorded_by) == ("whole", "2006-04/2007-07", "coder-1")


def test_a_removed_row_is_removed(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """A finding whose row is deleted is gone, and the others stay."""

    def change(grids: dict[str, Grid]) -> None:
        del grids["Missing Persons"][at(grids["Missing Persons"], "mp-s03", "id")[0]]

    bundle = import_bundle(_changed(exported, tmp_path / "less.xlsx", change)).bundle
    assert [record for record in hertfordshire.records if record.id != "mp-s03"] == list(bundle.records)


def test_numbers_and_dates_are_taken_as_they_come(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """A number written as text, a date cell, and a judgement typed by hand are read."""

    def change(grids: dict[str, Grid]) -> None:
        grid = grids["Child Abuse"]
        row, column = at(grid, "ca-s01", "paragraph")
        grid[row][column] = "1"
        grid[row][at(grid, "ca-s01", "date")[1]] = datetime.date(2007, 4, 30)
        grids["Judgements"].append(["child abuse", "supervision", "Dominant for this body", "A reason.", "A. Tester", datetime.date(2007, 10, 1)])
        grids["Judgements"].append(["Child Abuse", "", "good", "A reason.", "A. Tester", "2007-10-01"])

    bundle = import_bundle(_changed(exported, tmp_path / "typed.xlsx", change)).bundle
    assert str(bundle.records[0].date) == "2007-04-30"
    assert bundle.records[0].paragraph == 1
    assert [(each.criterion, each.dominant, each.grade, str(each.date)) for each in bundle.judgements] == [
        ("supervision", True, None, "2007-10-01"),
        (None, None, "good", "2007-10-01"),
    ]


def test_a_formula_is_read_by_its_value_and_text_is_never_one(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """A formula's stored value is read; one without a value is a fault; a text that looks like a formula is written as text."""
    grids = grids_of(exported)
    row, column = at(grids["Child Abuse"], "ca-s01", "summary")
    where = ("Child Abuse", cell_name(row + 1, column + 1))
    path = put_grids(tmp_path / "formula.xlsx", grids, {where: ('=HYPERLINK("x")&CMD()', "What it showed.")})
    assert import_bundle(path).bundle.records[0].summary == "What it showed."
    path = put_grids(tmp_path / "empty.xlsx", grids, {where: ("=1+1", "")})
    expected = f"{path}, sheet Child Abuse, cell {where[1]}: a formula without a value; open the workbook in Excel and save it, or write the value"
    assert faults_of(path) == [expected]
    record = hertfordshire.records[0].model_copy(update={"summary": "=1+1", "note": "@SUM(A1)"})
    bundle = hertfordshire.model_copy(update={"records": (record, *hertfordshire.records[1:])})
    write_workbook(bundle, tmp_path / "risky.xlsx")
    with zipfile.ZipFile(tmp_path / "risky.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    assert import_bundle(tmp_path / "risky.xlsx").bundle == bundle


def test_all_faults_are_told_at_once_by_sheet_and_cell(exported: Path, tmp_path: Path) -> None:
    """Faults on several sheets come in one answer, each with sheet and cell, in the words of the loader."""

    def change(grids: dict[str, Grid]) -> None:
        grid = grids["Child Abuse"]
        for name, heading, value in (
            ("ca-s01", "shows", "mett"),
            ("ca-s02", "criterion", "chief-oficer-lead"),
            ("ca-s03", "basis", ""),
            ("ca-s04", "paragraph", 2.5),
            ("ca-s05", "also", "supervision met"),
            ("ca-s06", "fingerprint", 1123456789012345.0),
            ("ca-s08", "summary", datetime.date(2007, 4, 1)),
            ("ca-s09", "recorded by", "coder-2"),
            ("ca-s10", "id", "dv-s01"),
            ("ca-s12", "duplicate of", "ca-s99"),
            ("ca-s13", "also", "case-records: mett"),
        ):
            row, column = at(grid, name, heading)
            grid[row][column] = value
        grids["Published grades"][4][2] = 7
        grids["Judgements"].append(["Child Abuse", "", "met", "A reason.", "A. Tester", "1/10/2007"])
        grids["Judgements"].append(["Child Abuse", "supervision", "", "A reason.", "A. Tester", "2007-10-01"])
        grids["Bundle"][9][1] = ""
        grids["Glossary"].extend([["ABE", "again"], ["XX", ""]])

    path = _changed(exported, tmp_path / "h.xlsx", change)
    assert [line.removeprefix(f"{path}, sheet ") for line in faults_of(path)] == [
        "Bundle, cell B10: `source` is missing",
        "Child Abuse, cell E35: `mett` isn't a status (`well_short`, `partly_met`, `substantially_met`, `met`); did you mean `met`?",
        "Child Abuse, cell D36: `chief-oficer-lead` isn't a criterion of child-abuse; did you mean `chief-officer-lead`?",
        "Child Abuse, cell G37: `basis` is missing",
        "Child Abuse, cell C38: expected a whole number, found the number `2.5`",
        "Child Abuse, cell F39: `supervision met` can't be read; write `criterion: met`, each on a line of its own",
        "Child Abuse, cell P40: Excel has made a number of this and lost digits; format the cell as Text and write it again",
        "Child Abuse, cell J43: Excel has made a date or time of this; format the cell as Text and write it again",
        "Child Abuse, cell O44: `coder-2` isn't a coder of this bundle; did you mean `coder-1`?",
        "Child Abuse, cell M47: no record `ca-s99`; did you mean `ca-s09`?",
        "Child Abuse, cell F48: `mett` isn't a status (`well_short`, `partly_met`, `substantially_met`, `met`); did you mean `met`?",
        "Domestic Violence, cell A37: record `dv-s01` is given twice (first in sheet Child Abuse, cell A45)",
        "Glossary, cell A70: `ABE` is given twice (first in cell A5)",
        "Glossary, cell B71: `stands for` is missing",
        "Judgements, cell F5: `1/10/2007` isn't a day; write `2007-09-27`",
        "Judgements, cell C6: `decides` is missing: write a status, `not applicable` or `dominant`, or, without a criterion, a grade",
        "Published grades, cell C5: the distribution of neighbourhood-policing adds up to 44, not to the 43 bodies",
    ]


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice isn't installed")
def test_libreoffice_opens_and_saves_it_without_loss(hertfordshire: Bundle, exported: Path, tmp_path: Path) -> None:
    """Opened in LibreOffice and saved as .xlsx, the workbook is still the bundle; one cell changed there is one value changed."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(exported)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    saved = tmp_path / "saved" / exported.name
    assert import_bundle(saved).bundle == hertfordshire
    grids = grids_of(saved)
    row, column = at(grids["Missing Persons"], "mp-s01", "note")
    grids["Missing Persons"][row][column] = "A note made up for a test."
    bundle = import_bundle(put_grids(tmp_path / "changed.xlsx", grids)).bundle
    assert [new.id for old, new in zip(hertfordshire.records, bundle.records, strict=True) if old != new] == ["mp-s01"]
    assert bundle.model_copy(update={"records": hertfordshire.records}) == hertfordshire


def test_points_go_both_ways() -> None:
    """Where a finding may carry a number in place of a status, the number goes into its cell and comes back; text that is a number too."""
    shows = {column.key: column for column in layout(STANDARD, About())[0].columns}["shows"]
    also = {column.key: column for column in layout(STANDARD, About())[0].columns}["also"]
    for value in (5, 2.5, -1, "met", "well_short"):
        cell = to_cell(shows.kind, value, shows.words)
        assert from_cell(shows.kind, str(cell), shows.words) == value
        pair = to_cell(also.kind, {"good-1": value}, also.words, also.others)
        assert from_cell(also.kind, str(pair), also.words, also.others) == {"good-1": value}


def test_the_commands_go_round(tmp_path: Path) -> None:
    """Export, import, CSV and a second export by the command line; what stands there is only replaced if asked."""
    done = run("workbook", "export", "hertfordshire-2007", "--out", "h.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "h.xlsx: 20 sheets, hertfordshire-2007, 360 findings, 0 judgements\n")
    done = run("workbook", "export", "hertfordshire-2007", "--out", "h.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "h.xlsx: exists already; choose another name, or add `--force`\n")
    assert run("workbook", "import", "h.xlsx", "--out", "h", cwd=tmp_path).stdout == "h: hertfordshire-2007, 360 findings, 0 judgements\n"
    assert run("workbook", "import", "h.xlsx", "--out", "h", cwd=tmp_path).returncode == 2
    assert run("workbook", "import", "h.xlsx", "--out", "h", "--force", cwd=tmp_path).returncode == 0
    assert run("workbook", "export", "h", "--format", "csv", "--out", "tables", cwd=tmp_path).returncode == 0
    assert run("workbook", "import", "tables", "--out", "again", cwd=tmp_path).returncode == 0
    assert load_evidence(tmp_path / "again") == load_evidence("hertfordshire-2007")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["again", "h", "h.xlsx", "tables"]


def test_a_fault_ends_with_exit_2_and_nothing_written(tmp_path: Path) -> None:
    """A template that isn't filled in says what is missing, cell by cell."""
    done = run("new", "bundle", "marsh-2026", "--body", "Marsh Constabulary", "--out", "marsh.xlsx", cwd=tmp_path)
    assert done.stdout == "marsh.xlsx: ready to be filled in\n  still blank: source\n  still blank: who `coder-1` is\n"
    done = run("workbook", "import", "marsh.xlsx", "--out", "marsh", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "marsh.xlsx: no findings yet: write at least one on a framework's sheet",
        "marsh.xlsx, sheet Bundle, cell B10: `source` is missing",
        "marsh.xlsx, sheet Coders, cell B5: `who` is missing",
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["marsh.xlsx"]


def test_a_template_becomes_a_bundle(tmp_path: Path) -> None:
    """A new bundle's workbook, filled in with one finding, is imported and graded; its folder loads once a record stands in it."""
    options = ("--body", "Marsh Constabulary", "--source", "none, made up for a test", "--recorded-by", "a test")
    assert run("new", "bundle", "marsh-2026", *options, "--out", "marsh.xlsx", cwd=tmp_path).stdout == "marsh.xlsx: ready to be filled in\n"
    grids = grids_of(tmp_path / "marsh.xlsx")
    finding = {"section": "strengths", "paragraph": 3, "criterion": "supervision", "shows": "met", "basis": "observed", "summary": "Made up."}
    _append(grids["Child Abuse"], **finding, fingerprint="0" * 16)
    put_grids(tmp_path / "filled.xlsx", grids)
    done = run("workbook", "import", "filled.xlsx", "--out", "marsh", cwd=tmp_path)
    assert done.stdout.splitlines()[0] == "marsh: marsh-2026, 1 finding, 0 judgements"
    assert "new finding, id `ca-s03`" in done.stdout
    assert run("grade", "marsh", cwd=tmp_path).returncode == 0
    assert run("new", "bundle", "marsh-2026", *options, "--out", "folder", cwd=tmp_path).returncode == 0
    shutil.copy(tmp_path / "marsh/records/child-abuse.yaml", tmp_path / "folder/records/child-abuse.yaml")
    assert load_evidence(tmp_path / "folder") == load_evidence(tmp_path / "marsh")


def test_a_text_too_long_for_excel_goes_out_as_csv(hertfordshire: Bundle, tmp_path: Path) -> None:
    """A text that no cell of Excel holds is refused with the way out, and CSV takes it; one that CSV can't take is refused there."""
    long = hertfordshire.model_copy(update={"glossary": {"XX": "🙂 " * 12_000 + "end"}})
    with pytest.raises(BadInput, match="Glossary, XX: `stands for` has 36,003 characters; a cell of Excel holds 32,767; use `--format csv`"):
        write_workbook(long, tmp_path / "long.xlsx")
    write_folder(long, tmp_path / "tables")
    assert import_bundle(tmp_path / "tables").bundle == long
    longer = hertfordshire.model_copy(update={"glossary": {"XX": "x" * 100_001}})
    with pytest.raises(BadInput, match="Glossary, XX: `stands for` has 100,001 characters; a cell of a CSV file may have 100,000"):
        write_folder(longer, tmp_path / "longer")
    assert [each.name for each in tmp_path.iterdir()] == ["tables"]


def test_importing_adjudge_is_light() -> None:
    """`import adjudge` and the command line bring in neither XlsxWriter nor calamine."""
    code = "import adjudge.cli, sys; print(*(name for name in ('xlsxwriter', 'python_calamine') if name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
