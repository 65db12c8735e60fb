"""A bundle and its answers go through tables of Arrow and Parquet, and come back equal."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from adjudge import BadInput, Bundle, grade, load_evidence
from adjudge.cli import main
from adjudge.interchange import RecordRow, StatusRow, from_table, proposal_rows, read_tables, record_rows, status_rows, to_table, write_tables
from adjudge.output import ProposalOut
from tests.bundles import bundles
from tests.hmic import STANDARD

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
GRADING = grade(HERTFORDSHIRE)


@settings(max_examples=30)
@given(bundles())
def test_a_bundle_in_tables_loads_back_equal(bundle: Bundle) -> None:
    """Written as tables and loaded, a bundle is equal to what it was, the order of its records included."""
    with tempfile.TemporaryDirectory() as folder:
        write_tables(grade(bundle), Path(folder))
        assert read_tables(Path(folder), STANDARD) == bundle


@settings(max_examples=30)
@given(bundles())
def test_answers_in_tables_read_back_equal(bundle: Bundle) -> None:
    """Records, statuses and proposals as tables, written to Parquet and read, are equal to what they were."""
    grading = grade(bundle)
    with tempfile.TemporaryDirectory() as folder:
        write_tables(grading, Path(folder))
        assert from_table(pq.read_table(Path(folder) / "records.parquet"), RecordRow) == record_rows(bundle)
        assert from_table(pq.read_table(Path(folder) / "statuses.parquet"), StatusRow) == status_rows(grading)
        assert from_table(pq.read_table(Path(folder) / "proposals.parquet"), ProposalOut) == proposal_rows(grading)


def test_hertfordshire_goes_through_tables(tmp_path: Path) -> None:
    """361 records, 162 statuses and 6 proposals, and the bundle that comes back grades the same."""
    write_tables(GRADING, tmp_path)
    counts = {name: pq.read_table(tmp_path / f"{name}.parquet").num_rows for name in ("records", "statuses", "proposals")}
    assert counts == {"records": 361, "statuses": sum(len(each.statuses) for each in GRADING), "proposals": 6}
    again = read_tables(tmp_path)
    assert again == HERTFORDSHIRE
    assert proposal_rows(grade(again)) == proposal_rows(GRADING)


def test_points_come_back(tmp_path: Path) -> None:
    """Points stand in a column of their own, as numbers."""
    bundle = load_evidence(Path(__file__).parent / "made_up/evidence/harbour-inn")
    write_tables(grade(bundle), tmp_path)
    assert 2.9 in pq.read_table(tmp_path / "records.parquet").column("points").to_pylist()
    assert read_tables(tmp_path, bundle.standard) == bundle


def test_a_row_added_by_an_analyst_arrives(tmp_path: Path) -> None:
    """A row more in the table is a record more in the bundle."""
    write_tables(GRADING, tmp_path)
    rows = [*record_rows(HERTFORDSHIRE)]
    rows.append(rows[0].model_copy(update={"id": "np-new", "paragraph": 99}))
    pq.write_table(to_table(rows, RecordRow), tmp_path / "records.parquet")
    assert [record.id for record in read_tables(tmp_path).records][-1] == "np-new"


def test_faults_are_told_by_row_all_at_once(tmp_path: Path) -> None:
    """A criterion and a basis that don't exist, in two rows: each with its row and column."""
    write_tables(GRADING, tmp_path)
    rows = [*record_rows(HERTFORDSHIRE)]
    rows[3] = rows[3].model_copy(update={"criterion": "nonsense"})
    rows[300] = rows[300].model_copy(update={"basis": "rumour"})
    pq.write_table(to_table(rows, RecordRow), tmp_path / "records.parquet")
    with pytest.raises(BadInput) as refused:
        read_tables(tmp_path)
    messages = [fault.message for fault in refused.value.faults]
    assert len(messages) == 2
    assert any(message.startswith("row 301, `basis`: `rumour` isn't a basis") for message in messages)
    assert any(message.startswith("row 4, `criterion`: `nonsense` isn't a criterion of") for message in messages)


def test_missing_and_mistyped_columns_are_told(tmp_path: Path) -> None:
    """A column that isn't there and one that holds something else are named, both at once."""
    write_tables(GRADING, tmp_path)
    table = pq.read_table(tmp_path / "records.parquet").drop_columns(["basis"])
    table = table.set_column(table.column_names.index("paragraph"), "paragraph", pa.array(["one"] * table.num_rows))
    pq.write_table(table, tmp_path / "records.parquet")
    with pytest.raises(BadInput) as refused:
        read_tables(tmp_path)
    messages = sorted(fault.message.partition(" (")[0] for fault in refused.value.faults)
    assert messages == ["column `basis` is missing", "column `paragraph` holds string; expected int64"]


def test_an_empty_cell_is_told(tmp_path: Path) -> None:
    """A record without a summary is told by its row."""
    table = to_table(record_rows(HERTFORDSHIRE)[:2], RecordRow)
    table = table.set_column(table.column_names.index("summary"), "summary", pa.array(["there", None]))
    with pytest.raises(BadInput, match="row 2: `summary` is empty"):
        from_table(table, RecordRow)


@pytest.mark.parametrize(("name", "content"), [("records.parquet", b"PAR1 not really"), ("bundle.json", b"\xff\xfe"), ("bundle.json", b"{")])
def test_damaged_tables_are_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    """A file that isn't what its name says is bad input, told once."""
    write_tables(GRADING, tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_tables(tmp_path)
    assert len(refused.value.faults) == 1


def test_a_folder_without_its_json_is_told(tmp_path: Path) -> None:
    """What is missing is named."""
    write_tables(GRADING, tmp_path)
    (tmp_path / "bundle.json").unlink()
    with pytest.raises(BadInput, match=r"bundle.json: can't be opened \(no such file or directory\)"):
        read_tables(tmp_path)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    sys.argv = ["adjudge", "convert", *arguments]
    with pytest.raises(SystemExit) as stop:
        main()
    assert (stop.value.code or 0) == status
    told = capsys.readouterr()
    return told.err if status else told.out


def test_a_bundle_goes_round_through_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """From YAML to JSON to Parquet to YAML, by the command: the bundle is what it was."""
    monkeypatch.chdir(tmp_path)
    assert _run(capsys, "hertfordshire-2007", "--out", "herts.json") == "herts.json: hertfordshire-2007, 361 findings\n"
    _run(capsys, "herts.json", "--out", "tables", "--to", "parquet")
    _run(capsys, "tables", "--out", "herts")
    assert load_evidence("herts") == HERTFORDSHIRE
    assert sorted(path.name for path in Path().iterdir()) == ["herts", "herts.json", "tables"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hertfordshire-2007", "--out", "there.json"], "there.json: exists already; choose another name, or add `--force`\n"),
        (["hertfordshire-2007", "--out", "there", "--to", "json"], "there: the name of a JSON document ends in `.json`\n"),
        (
            ["hertfordshire-2007", "--out", "there", "--to", "parquet"],
            "there: the folder isn't empty; choose another, or replace the tables in it with `--force`\n",
        ),
        (["hertfordshire-2007", "--out", "there.json", "--to", "parquet"], "there.json: a file of that name exists; choose another folder\n"),
        (["there.json", "--out", "new"], "there.json:1:1: not valid JSON: expecting value\n"),
    ],
)
def test_what_cannot_be_converted_is_one_line(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, one line, and nothing is written or changed."""
    monkeypatch.chdir(tmp_path)
    Path("there.json").write_text("older", encoding="utf-8")
    Path("there").mkdir()
    Path("there/mine.txt").write_text("older", encoding="utf-8")
    assert _run(capsys, *arguments, status=2) == message
    assert sorted(str(path) for path in Path().rglob("*")) == ["there", "there.json", "there/mine.txt"]
    assert Path("there.json").read_text(encoding="utf-8") == "older"
