"""Codings from workbooks and CSV files, and national tables: what is read, and the exact message for each mistake."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adjudge import BadInput, load_evidence, load_standard
from adjudge.consistency.codings import load_codings
from adjudge.consistency.comparison import compare
from adjudge.consistency.tables import read_national
from adjudge.workbook.csvs import write_folder
from adjudge.workbook.sheets import write_workbook

FINDINGS = "framework,section,paragraph,criterion,shows,basis"
GOOD = "missing-persons,strengths,1,chief-officer-lead,met,observed"
CRITERIA = "framework,criterion,status"


def _faults(folder: Path, text: str | bytes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    Path("mine.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInput) as caught:
        load_codings(["hertfordshire-2007", "mine.csv"])
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["mine.csv: no rows: expected a header and a row for each finding or criterion"]),
        (FINDINGS + "\n", ["mine.csv: no rows: expected a header and a row for each finding or criterion"]),
        (b"\xff\xfe", ["mine.csv: not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)"]),
        (f'{FINDINGS}\n"{GOOD}\n', ["mine.csv: not a CSV file (unexpected end of data)"]),
        (
            f"{FINDINGS}\n{GOOD},more\n",
            ["mine.csv:2:1: 7 cells, but the header has 6; put a cell that holds a comma in double quotes"],
        ),
        (
            f"{FINDINGS},summry,basis\n{GOOD},x,observed\n".replace("paragraph,", "", 1),
            [
                "mine.csv:1:1: column `paragraph` is missing; a coding of findings needs `framework`, `section`, `paragraph`, `criterion`, `shows`, "
                "`basis`",
                "mine.csv:1:6: unknown column `summry` (`framework`, `section`, `paragraph`, `criterion`, `shows`, `basis`, `id`, `also`, `unit`, "
                "`date`, `duplicate_of`, `summary`); did you mean `summary`?",
                "mine.csv:1:7: column `basis` is given twice",
                "mine.csv:2:1: 8 cells, but the header has 7; put a cell that holds a comma in double quotes",
            ],
        ),
        (
            f"{FINDINGS},id,also,unit,date,duplicate_of\n"
            "missing-person,strenths,0,chief-officer-lead,mett,obsrved,,,,,\n"
            "missing-persons,strengths,1,chief-officer-leads,met,observed,A B,tasking,centrl,2007-14,\n"
            "missing-persons,strengths,1,chief-officer-lead,met,observed,a,taskin=mett,,,c\n"
            "missing-persons,strengths,1,chief-officer-lead,met,observed,a,chief-officer-lead=met,,,\n",
            [
                "mine.csv:2:1: framework: `missing-person` isn't a framework (`child-abuse`, `domestic-violence`, `missing-persons`, "
                "`neighbourhood-policing`, `performance-management`, `public-protection`, `protecting-vulnerable-people`); did you mean "
                "`missing-persons`?",
                "mine.csv:2:2: section: `strenths` isn't a section (`strengths`, `work_in_progress`, `areas_for_improvement`); did you mean "
                "`strengths`?",
                "mine.csv:2:3: paragraph: `0` isn't the number of a paragraph",
                "mine.csv:2:5: shows: `mett` isn't a status (`well_short`, `partly_met`, `substantially_met`, `met`); did you mean `met`?",
                "mine.csv:2:6: basis: `obsrved` isn't a basis (`observed`, `audited`, `tested_at_interview`, `documented`, `perceived`, "
                "`claimed_after_visit`, `planned`); did you mean `observed`?",
                "mine.csv:3:4: criterion: `chief-officer-leads` isn't a criterion of missing-persons; did you mean `chief-officer-lead`?",
                "mine.csv:3:7: id: `A B` isn't an id: use lower-case letters and digits, joined by hyphens",
                "mine.csv:3:8: also: `tasking` can't be read; write `criterion=status; criterion=status`",
                "mine.csv:3:9: unit: `centrl` isn't a unit (`whole`, `western`, `central`, `eastern`); did you mean `central`?",
                "mine.csv:3:10: date: `2007-14` can't be read: `2007-14` isn't a date; write `2007-04-30`, `2007-04`, `2007` or a period such as "
                "`2006-04/2007-07`",
                "mine.csv:4:7: id: `a` is given twice",
                "mine.csv:4:8: also: `mett` isn't a status (`well_short`, `partly_met`, `substantially_met`, `met`); did you mean `met`?",
                "mine.csv:4:8: also: `taskin` isn't a criterion of missing-persons; did you mean `tasking`?",
                "mine.csv:4:11: duplicate_of: `c` isn't the id of a row",
                "mine.csv:5:7: id: `a` is given twice",
                "mine.csv:5:8: also: `chief-officer-lead=met` names `chief-officer-lead` twice",
            ],
        ),
        (
            f"{CRITERIA}\nmissing-persons,chief-officer-lead,met\nmissing-persons,chief-officer-lead,met\nmissing-persons,taskin,good\n"
            "missing,tasking,met\n",
            [
                "mine.csv:3:2: criterion: `chief-officer-lead` is given twice for missing-persons",
                "mine.csv:4:2: criterion: `taskin` isn't a criterion of missing-persons; did you mean `tasking`?",
                "mine.csv:4:3: status: `good` isn't a status (`well_short`, `partly_met`, `substantially_met`, `met`)",
                "mine.csv:5:1: framework: `missing` isn't a framework (`child-abuse`, `domestic-violence`, `missing-persons`, "
                "`neighbourhood-policing`, `performance-management`, `public-protection`); did you mean `missing-persons`?",
            ],
        ),
    ],
)
def test_each_mistake_has_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, messages: list[str]) -> None:
    """Every fault of a file at once, at its line and cell, in the words of the domain."""
    assert _faults(tmp_path, text, monkeypatch) == messages


def test_a_number_longer_than_any_integer_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five thousand digits, found by fuzzing, are no paragraph's number."""
    text = f"{FINDINGS}\n{GOOD.replace(',1,', ',' + '1' * 5_000 + ',')}\n"
    assert _faults(tmp_path, text, monkeypatch) == [f"mine.csv:2:3: paragraph: `{'1' * 100}...` isn't the number of a paragraph"]


def test_files_that_arent_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing CSV file, and a name that is no bundle: one line each."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"^mine\.csv: can't be opened \(no such file or directory\)$"):
        load_codings(["hertfordshire-2007", "mine.csv"])
    with pytest.raises(BadInput, match="hertfordshire: no such file or folder"):
        load_codings(["hertfordshire-2007", "hertfordshire"])


def test_csv_files_alone_are_told_where_units_come_from(tmp_path: Path) -> None:
    """Without a bundle no unit is known: the message says how to name one."""
    for name in ("first", "second"):
        (tmp_path / f"{name}.csv").write_text(f"{FINDINGS},unit\n{GOOD},central\n", encoding="utf-8")
    names = [str(tmp_path / "first.csv"), str(tmp_path / "second.csv")]
    with pytest.raises(BadInput, match=r"unit: `central` isn't a unit \(`whole`\); the bundle that has it can be named with --about"):
        load_codings(names)
    assert [coding.bundle.records[0].unit for coding in load_codings(names, about="hertfordshire-2007")] == ["central", "central"]


def test_a_byte_order_mark_and_blank_lines_are_no_matter(tmp_path: Path) -> None:
    """A file as Excel saves it: byte order mark, Windows line ends, an empty last row."""
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{FINDINGS}\r\n{GOOD}\r\n,,,,,\r\n".encode())
    coding = load_codings(["hertfordshire-2007", str(path)])[1]
    assert [(record.criterion, record.shows) for record in coding.bundle.records] == [("chief-officer-lead", "met")]


MINI = Path(__file__).parents[1] / "bad/good"


@pytest.fixture
def anna(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny bundle with a standard of its own, with Anna's coding of it as a workbook and as a folder of tables: one record reads otherwise."""
    shutil.copytree(MINI, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    bundle = load_evidence("evidence/mini-body")
    first, *others = bundle.records
    altered = bundle.model_copy(update={"records": (first.model_copy(update={"shows": "well_short"}), *others)})
    write_workbook(altered, Path("anna.xlsx"))
    write_folder(altered, Path("anna"))
    return tmp_path


@pytest.mark.parametrize(
    ("first", "second"), [("evidence/mini-body", "anna.xlsx"), ("anna.xlsx", "evidence/mini-body"), ("evidence/mini-body", "anna")]
)
def test_a_workbook_is_a_coding(anna: Path, first: str, second: str) -> None:
    """A workbook, or its tables as CSV, is compared with a bundle, whichever comes first, by the bundle's standard; the one record differs."""
    codings = load_codings([first, second])
    assert [coding.name for coding in codings] == [first, second]
    assert all(coding.bundle.standard is codings[0].bundle.standard for coding in codings)
    comparison = compare(codings, resamples=0)
    record = load_evidence("evidence/mini-body").records[0]
    assert [(each.citation, each.differs_in) for each in comparison.findings] == [(record.citation, ("shows",))]
    hers = second if "anna" in second else first
    assert {said.coding: said.shows for said in comparison.findings[0].said} == {"evidence/mini-body": record.shows, hers: "well_short"}


def test_two_workbooks_and_a_csv_file_are_compared(tmp_path: Path) -> None:
    """Workbooks alone find their standard by its name; a CSV file beside them is read as a coding of their body, with its units."""
    write_workbook(load_evidence("hertfordshire-2007"), tmp_path / "first.xlsx")
    write_workbook(load_evidence("hertfordshire-2007-second-coder"), tmp_path / "second.xlsx")
    (tmp_path / "third.csv").write_text(f"{FINDINGS},unit\n{GOOD},central\n", encoding="utf-8")
    codings = load_codings([str(tmp_path / name) for name in ("third.csv", "second.xlsx", "first.xlsx")])
    assert [coding.name for coding in codings] == ["third", "hertfordshire-2007-second-coder", "hertfordshire-2007"]
    assert codings[1].bundle == load_evidence("hertfordshire-2007-second-coder")
    assert codings[0].bundle.records[0].unit == "central"


def test_faults_of_workbooks_and_bundles_are_told_together(anna: Path) -> None:
    """Every file's faults at once: a workbook's by sheet and cell, and a name that leads nowhere."""
    bundle = load_evidence("evidence/mini-body")
    records = [bundle.records[0].model_copy(update={"shows": "mett", "criterion": "gone"}), *bundle.records[1:]]
    write_workbook(bundle.model_copy(update={"records": tuple(records)}), Path("wrong.xlsx"))
    with pytest.raises(BadInput) as caught:
        load_codings(["evidence/mini-body", "wrong.xlsx", "none.xlsx", "mini-bod"])
    assert [str(fault).partition(" (shipped: ")[0] for fault in caught.value.faults] == [
        "mini-bod: no such file or folder, and no bundle of that name is shipped",
        "none.xlsx: no such file",
        "wrong.xlsx, sheet The patrol, cell D11: `gone` isn't a criterion of patrol",
        "wrong.xlsx, sheet The patrol, cell E11: `mett` isn't a status (`well_short`, `partly_met`, `met`); did you mean `met`?",
    ]


def test_a_file_of_another_kind_is_told_what_to_become(anna: Path) -> None:
    """An old workbook, and a text, are refused with what to save them as."""
    Path("anna.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    Path("anna.ods").write_bytes(b"mimetype")
    with pytest.raises(BadInput) as caught:
        load_codings(["evidence/mini-body", "anna.xls", "anna.ods"])
    assert [str(fault) for fault in caught.value.faults] == [
        "anna.ods: not an Excel workbook; save it as .xlsx",
        "anna.xls: an old Excel workbook (.xls), or one with a password; save it as .xlsx without a password",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("framework,good,fair\nmissing-persons,1,2\n", "1:1: expected the columns `framework`, `excellent`, `good`, `fair`, `poor`"),
        ("framework,excellent,good,fair,poor\nmissing-persons,1,x,2,3\n", "2:3: good: `x` isn't a number of bodies"),
        (f"framework,excellent,good,fair,poor\nmissing-persons,1,{'1' * 5_000},2,3\n", f"2:3: good: `{'1' * 100}...` isn't a number of bodies"),
        ("framework,excellent,good,fair,poor\nmissing,1,1,2,3\n", "2:1: framework: `missing` isn't a framework"),
        (
            "framework,excellent,good,fair,poor\n" + "missing-persons,1,1,2,3\n" * 2,
            "3:1: framework: `missing-persons` is given twice",
        ),
    ],
)
def test_a_national_table_is_checked(tmp_path: Path, text: str, message: str) -> None:
    """A table with a wrong header, a cell that isn't a number, an unknown or repeated framework is refused."""
    path = tmp_path / "national.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_national(path, load_standard())
    assert f"{path}:{message}" in str(caught.value)
