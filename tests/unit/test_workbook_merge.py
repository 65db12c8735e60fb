"""Two inspectors' copies of a workbook become one, or the cells in which they differ are listed with both values."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from adjudge import Bundle, load_evidence
from adjudge.workbook.importing import Imported, import_bundle
from adjudge.workbook.merging import Merged, merge
from adjudge.workbook.sheets import write_workbook
from tests.bundles import bundles
from tests.strategies import STANDARD
from tests.unit.test_workbook import Grid, at, grids_of, put_grids, run

Change = Callable[[dict[str, Grid]], None]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped bundle as a workbook."""
    path = tmp_path_factory.mktemp("original") / "original.xlsx"
    write_workbook(load_evidence("hertfordshire-2007"), path)
    return path


def _set(name: str, heading: str, value: Any, sheet: str = "Child Abuse") -> Change:
    def change(grids: dict[str, Grid]) -> None:
        row, column = at(grids[sheet], name, heading)
        grids[sheet][row][column] = value

    return change


def _delete(name: str, sheet: str = "Child Abuse") -> Change:
    def change(grids: dict[str, Grid]) -> None:
        del grids[sheet][at(grids[sheet], name, "id")[0]]

    return change


def _add(summary: str, paragraph: int = 1, name: str = "") -> Change:
    def change(grids: dict[str, Grid]) -> None:
        grid = grids["Child Abuse"]
        head = [row for row in grid if row[0] == "id"][-1]
        cells = {
            "id": name, "section": "strengths", "paragraph": paragraph, "criterion": "tasking", "shows": "met", "basis": "observed",
            "summary": summary, "fingerprint": "46414f21e0b87ede",
        }  # fmt: skip
        grid.append([cells.get(heading, "") for heading in head])

    return change


def _row(sheet: str, *cells: str) -> Change:
    return lambda grids: grids[sheet].append(list(cells))


def _copy(original: Path, path: Path, *changes: Change) -> Imported:
    grids = grids_of(original)
    for change in changes:
        change(grids)
    return import_bundle(put_grids(path, grids))


def _merge(original: Path, folder: Path, ours: list[Change], theirs: list[Change], base: bool) -> Merged:
    return merge(
        _copy(original, folder / "anna.xlsx", *ours), _copy(original, folder / "ben.xlsx", *theirs), import_bundle(original) if base else None
    )


def _told(merged: Merged, folder: Path) -> list[str]:
    assert merged.bundle is None
    return [re.sub(re.escape(f"{folder}/"), "", conflict.text) for conflict in merged.conflicts]


@settings(max_examples=15)
@given(bundles(together=True))
def test_a_copy_merged_with_itself_is_itself(bundle: Bundle) -> None:
    """Two equal copies merge to the same bundle, with their original or without."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.xlsx"
        write_workbook(bundle, path)
        copy = import_bundle(path, STANDARD)
        assert merge(copy, copy).bundle == bundle
        assert merge(copy, copy, copy).bundle == bundle


@settings(max_examples=15)
@given(bundles(together=True), bundles(together=True))
def test_what_one_copy_left_alone_is_taken_from_the_other(old: Bundle, new: Bundle) -> None:
    """A copy equal to the original changes nothing: the merge is the other copy, whichever comes first, but for the order of rows."""
    with tempfile.TemporaryDirectory() as folder:
        for name, bundle in (("old", old), ("new", new)):
            write_workbook(bundle, Path(folder) / f"{name}.xlsx")
        before, after = (import_bundle(Path(folder) / f"{name}.xlsx", STANDARD) for name in ("old", "new"))
        for merged in (merge(before, after, before), merge(after, before, before)):
            assert merged.conflicts == ()
            assert merged.bundle is not None
            assert sorted(merged.bundle.records, key=lambda each: each.id) == sorted(new.records, key=lambda each: each.id)
            same = ("bundle", "title", "body", "source", "recorded_by", "graded", "inherited_by", "headings", "glossary")
            assert [getattr(merged.bundle, key) for key in same] == [getattr(new, key) for key in same]


def test_changes_in_different_cells_come_together(original: Path, tmp_path: Path) -> None:
    """What each inspector changed, added, judged or, with the original known, deleted is in the merged bundle."""
    ours = [_set("ca-s05", "shows", "partly met"), _add("Anna's finding."), _delete("ca-s10")]
    judgement = ("Child Abuse", "supervision", "met", "A reason.", "Ben", "2007-10-01")
    theirs = [_set("ca-s05", "note", "Ben's note."), _add("Ben's finding."), _row("Judgements", *judgement), _row("Glossary", "XYZ", "made up")]
    merged = _merge(original, tmp_path, ours, theirs, base=True)
    assert merged.bundle is not None
    known = {record.id: record for record in merged.bundle.records}
    assert (known["ca-s05"].shows, known["ca-s05"].note) == ("partly_met", "Ben's note.")
    assert (known["ca-s01b"].summary, known["ca-s01c"].summary) == ("Anna's finding.", "Ben's finding.")
    assert "ca-s10" not in known
    assert merged.bundle.judgements[0].author == "Ben"
    assert merged.bundle.glossary["XYZ"] == "made up"
    assert len(known) == len(load_evidence("hertfordshire-2007").records) + 1


def test_without_the_original_nothing_is_lost(original: Path, tmp_path: Path) -> None:
    """Without the original a deletion can't be told from an addition: what only one copy has is kept."""
    merged = _merge(original, tmp_path, [_delete("ca-s10"), _set("ca-s04", "note", "")], [], base=False)
    assert merged.bundle == load_evidence("hertfordshire-2007")


def test_the_same_new_finding_is_one_finding(original: Path, tmp_path: Path) -> None:
    """Two new rows that say the same are one finding."""
    merged = _merge(original, tmp_path, [_add("The same.")], [_add("The same.")], base=True)
    assert merged.bundle is not None
    assert [record.id for record in merged.bundle.records if record.summary == "The same."] == ["ca-s01b"]


def test_conflicts_are_listed_by_cell_with_both_values(original: Path, tmp_path: Path) -> None:
    """Each conflict names table, row, column, both values with file, sheet and cell, and what it was."""
    ours = [_set("ca-s05", "shows", "met"), _set("ca-s06", "note", "Anna's."), _delete("ca-s10"), _set("ca-s11", "also", "tasking: met\naudit: met")]
    theirs = [
        _set("ca-s05", "shows", "well short"),
        _set("ca-s06", "note", "Ben's."),
        _set("ca-s10", "basis", "audited"),
        _set("ca-s11", "also", "tasking: partly met"),
    ]
    assert _told(_merge(original, tmp_path, ours, theirs, base=True), tmp_path) == [
        "Child Abuse, ca-s05, shows: `met` in anna.xlsx, sheet Child Abuse, cell E39; `well short` in ben.xlsx, sheet Child Abuse, cell E39; "
        "it was `substantially met`",
        "Child Abuse, ca-s06, note: `Anna's.` in anna.xlsx, sheet Child Abuse, cell K40; `Ben's.` in ben.xlsx, sheet Child Abuse, cell K40; "
        "it was `The licence is there; the courses are reported only as scheduled, so this is ...`",
        "Child Abuse, ca-s10: changed in ben.xlsx, sheet Child Abuse, cell A45, deleted in anna.xlsx",
        "Child Abuse, ca-s11, also: `tasking: met; audit: met` in anna.xlsx, sheet Child Abuse, cell F45; "
        "`tasking: partly met` in ben.xlsx, sheet Child Abuse, cell F46; it was nothing",
    ]


def test_two_judgements_on_one_target_are_a_conflict(original: Path, tmp_path: Path) -> None:
    """Two inspectors who decide the same thing otherwise must agree; what they decide alike is one judgement."""
    ours = _row("Judgements", "Child Abuse", "", "good", "A reason.", "Anna", "2007-10-01")
    theirs = _row("Judgements", "Child Abuse", "", "fair", "A reason.", "Anna", "2007-10-01")
    merged = _merge(original, tmp_path, [ours], [theirs], base=True)
    assert [(each.table, each.row, each.column) for each in merged.conflicts] == [("judgements", "child-abuse, grade", "decides")]
    merged = _merge(original, tmp_path, [ours], [ours], base=True)
    assert merged.bundle is not None
    assert len(merged.bundle.judgements) == 1


def test_the_command_writes_nothing_while_there_are_conflicts(original: Path, tmp_path: Path) -> None:
    """Conflicts are printed with exit 1 and nothing written; without any, a workbook or a bundle's folder is written."""
    _copy(original, tmp_path / "anna.xlsx", _set("ca-s05", "shows", "met"))
    _copy(original, tmp_path / "ben.xlsx", _set("ca-s05", "shows", "well short"))
    _copy(original, tmp_path / "cleo.xlsx", _set("ca-s06", "shows", "met"))
    before = sorted(each.name for each in tmp_path.iterdir())
    done = run("workbook", "merge", "anna.xlsx", "ben.xlsx", "--base", str(original), "--out", "both.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "1 conflict; nothing is written: agree on them in one of the copies, and merge again"
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    for out in ("both.xlsx", "both"):
        done = run("workbook", "merge", "anna.xlsx", "cleo.xlsx", "--base", str(original), "--out", out, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    assert import_bundle(tmp_path / "both.xlsx").bundle == load_evidence(tmp_path / "both")
    changed = {record.id: record.shows for record in load_evidence(tmp_path / "both").records if record.id in ("ca-s05", "ca-s06")}
    assert changed == {"ca-s05": "met", "ca-s06": "met"}
