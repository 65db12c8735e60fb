"""A table of many bodies: every row is graded, open or refused with a reason; agreement, rejects and the forms of files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from adjudge import BadInput
from adjudge.sweep import Sweep, compile_rulebook
from adjudge.table import grade_table
from tests.console import run
from tests.hmic import STANDARD

NAMES = [each.id for each in STANDARD.rulebook("small").criteria]
MET = dict.fromkeys(NAMES, "met")
MADE_UP = [
    MET | {"grade": "Excellent"},
    MET | {"good-1": "well short", "good-2": "Well_Short", "good-3": "WELL SHORT", "grade": "fair"},
    MET | {"critical-1": "partly met", "grade": "good"},
    MET | {"critical-1": "", "grade": "poor"},
    MET | {"critical-1": "", "beacon-1": "partly met", "innovation-1": "not applicable", "grade": "excellent"},
    dict.fromkeys(NAMES, "") | {"grade": "Awaiting"},
    MET | {"significant-1": "fine", "grade": "good"},
    MET | {"grade": ""},
]


@pytest.fixture
def sweep() -> Sweep:
    """The small rulebook of the conformance suite, compiled."""
    return compile_rulebook(STANDARD, "small")


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A CSV file of made-up bodies."""
    path = tmp_path / "made-up.csv"
    pyarrow.csv.write_csv(pa.Table.from_pylist(MADE_UP), path)
    return path


def test_every_row_is_counted_once(sweep: Sweep, made_up: Path, tmp_path: Path) -> None:
    """Rows are settled, open or refused; agreement is told of those that expect a grade; nothing is dropped."""
    out, rejects = tmp_path / "graded.csv", tmp_path / "rejects.csv"
    report = grade_table(sweep, made_up, "grade", out=out, rejects=rejects)
    assert (report.rows, report.settled, report.open) == (8, 4, 2)
    assert (report.agree, report.differ, report.held, report.outside, report.unexpected) == (2, 1, 1, 1, 1)
    assert report.refused == {("no criterion has a value", "Awaiting"): 1, ("`significant-1` is `fine`, which isn't a status", "good"): 1}
    assert [(each.row, each.grade, each.worst, each.best, each.expected) for each in report.differences] == [
        (3, "poor", "poor", "poor", "good"),
        (5, None, "poor", "good", "excellent"),
    ]
    graded, left = pyarrow.csv.read_csv(out).to_pylist(), pyarrow.csv.read_csv(rejects).to_pylist()
    assert [row["adjudge_grade"] for row in graded] == ["excellent", "fair", "poor", "", "", "", "", "excellent"]
    assert [row["adjudge_best"] for row in graded][:5] == ["excellent", "fair", "poor", "excellent", "good"]
    assert [row["adjudge_refused"] for row in left] == ["no criterion has a value", "`significant-1` is `fine`, which isn't a status"]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_other_files_give_the_same(kind: str, sweep: Sweep, made_up: Path, tmp_path: Path) -> None:
    """Parquet and Arrow files are graded as CSV is, and written so."""
    table, path, out = pyarrow.csv.read_csv(made_up), tmp_path / f"made-up.{kind}", tmp_path / f"graded.{kind}"
    if kind == "parquet":
        pyarrow.parquet.write_table(table, path)
    else:
        with pa.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table)
    assert grade_table(sweep, path, "grade", out=out) == grade_table(sweep, made_up, "grade")
    read = pyarrow.parquet.read_table(out) if kind == "parquet" else pa.ipc.open_file(out).read_all()
    assert read.column("adjudge_grade").to_pylist() == ["excellent", "fair", "poor", None, None, None, None, "excellent"]


def test_frames_go_through_arrow(sweep: Sweep) -> None:
    """A frame of pandas or polars is graded as the table that it hands over."""
    table = pa.Table.from_pylist(MADE_UP)
    expected = sweep.table(table).column("adjudge_grade").to_pylist()
    assert expected == ["excellent", "fair", "poor", None, None, None, None, "excellent"]
    assert sweep.table(table.to_batches()[0]).column("adjudge_grade").to_pylist() == expected
    for package, make in (("polars", "from_arrow"), ("pandas", "DataFrame")):
        module = pytest.importorskip(package, reason=f"{package} isn't installed")
        frame = getattr(module, make)(table if package == "polars" else MADE_UP)
        assert sweep.table(frame).column("adjudge_grade").to_pylist() == expected


def test_an_empty_cell_may_mean_not_applicable(sweep: Sweep) -> None:
    """What an empty cell means is the user's to say."""
    rows = pa.Table.from_pylist([MET | {"ordinary-1": ""}, MET | {"beacon-1": ""}])
    assert sweep.table(rows).column("adjudge_worst").to_pylist() == ["fair", "good"]
    assert sweep.table(rows, blank="not_applicable").column("adjudge_grade").to_pylist() == ["excellent", "good"]


def test_columns_are_found_by_name_or_told(sweep: Sweep) -> None:
    """Case, spaces, hyphens and underscores in a column's name make no difference; any other name is mapped; all faults come at once."""
    rows = pa.Table.from_pylist([MET]).rename_columns([name.replace("-", " ").upper() if name != "good-1" else "first" for name in NAMES])
    assert sweep.table(rows, {"good-1": "first"}).column("adjudge_grade").to_pylist() == ["excellent"]
    with pytest.raises(BadInput) as caught:
        sweep.table(rows.drop_columns(["BEACON 1"]), {"good-9": "first", "good-2": "second"})
    told = [fault.message for fault in caught.value.faults]
    assert len(told) == 4
    assert told[0].startswith("`good-9` isn't a criterion of this rulebook")
    assert told[1].startswith("no column `second` for `good-2`")
    assert [each.partition(";")[0] for each in told[2:]] == ["no column `beacon-1`", "no column `good-1`"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "the file is empty; expected a line of column names"),
        ("t.csv", b"a,a\n1,2\n", "column `a` is there twice; rename one"),
        ("t.csv", b"\xff\xfe\x00a", "not UTF-8 text; save the file as UTF-8"),
        ("t.xlsx", b"", "not a table that can be read; its name must end in `.csv`, `.parquet`, `.arrow`"),
        ("t.parquet", b"nothing of the kind", "can't be read ("),
        ("t.arrow", b"nothing of the kind", "can't be read ("),
    ],
)
def test_files_that_cannot_be_read(name: str, content: bytes, message: str, sweep: Sweep, tmp_path: Path) -> None:
    """A file that is no table is refused in one line, and nothing is written."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        grade_table(sweep, path, out=tmp_path / "out.csv")
    assert [message in fault.message for fault in caught.value.faults] == [True]
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_that_breaks_off_leaves_nothing_behind(sweep: Sweep, made_up: Path, tmp_path: Path) -> None:
    """A row with too many cells ends the reading; the file that was begun is taken away."""
    made_up.write_bytes(made_up.read_bytes() + b"a,b,c\n")
    with pytest.raises(BadInput, match="can't be read"):
        grade_table(sweep, made_up, out=tmp_path / "out.csv", rejects=tmp_path / "rejects.csv")
    assert list(tmp_path.iterdir()) == [made_up]


def test_a_table_is_never_overwritten(sweep: Sweep, made_up: Path) -> None:
    """The file that is read can't be the one that is written."""
    with pytest.raises(BadInput, match="would overwrite the table itself"):
        grade_table(sweep, made_up, out=made_up)


SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the ratings of other regimes aren't here: they lie in ../shared/data")
@pytest.mark.parametrize(
    ("rulebook", "file", "expect", "agree", "refused"),
    [
        ("fsa-fhrs", "fhrs-london-2021.csv", "rating", 58_853, 12_806),
        ("cqc-adult-social-care", "cqc-adult-social-care-sample-2026.csv", "overall", 745, 252),
    ],
)
def test_two_regimes_are_reproduced_row_by_row(rulebook: str, file: str, expect: str, agree: int, refused: int) -> None:
    """Every rated row gets the rating that was published; the rest is refused with its reasons, or is open with the published rating in range."""
    done = run("table", rulebook, str(SHARED / file), "--expect", expect, "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["agree"], answer["differ"], answer["outside"]) == (agree, 0, 0)
    assert sum(each["rows"] for each in answer["refused"]) == refused
    assert answer["settled"] + answer["open"] + refused == answer["rows"]


def test_memory_stays_flat(sweep: Sweep, tmp_path: Path) -> None:
    """What Arrow holds while a file is read doesn't grow with the file."""
    random = np.random.default_rng(2007)
    words = pa.array(list(STANDARD.statuses))
    table = pa.table({name: words.take(pa.array(random.integers(0, 4, 65_536))) for name in NAMES})
    most = []
    for times in (3, 30):
        path = tmp_path / f"{times}.parquet"
        with pyarrow.parquet.ParquetWriter(path, table.schema) as writer:
            for _ in range(times):
                writer.write_table(table)
        held: list[int] = []
        before = pa.total_allocated_bytes()
        grade_table(sweep, path, progress=lambda _, held=held: held.append(pa.total_allocated_bytes()))  # type: ignore[misc]
        assert len(held) == times
        most.append(max(held) - before)
    assert most[1] < 1.1 * most[0]
