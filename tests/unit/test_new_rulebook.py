"""A regime of one's own: what `adjudge new rulebook` writes, and what the how-to encodes."""

from __future__ import annotations

from pathlib import Path

import pytest

from adjudge import BadInput, load_standard, propose
from adjudge.cli.new import scaffold
from adjudge.documents import shipped
from tests.console import run
from tests.pages import DOCS, write_files


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_it_writes_loads_and_grades_at_once() -> None:
    """The scaffold has no fault, proposes every grade that it names, and notes every part."""
    assert run("new", "rulebook", "lodgings").returncode == 0
    assert run("check", "lodgings").stdout == "lodgings: 1 rulebooks, 3 criteria, no faults\n"
    standard = load_standard("lodgings")
    met = {"first-demand": "met", "second-demand": "met"}
    assert propose(standard, "my-framework", {**met, "third-demand": "met"}).grade == "good"
    assert propose(standard, "my-framework", {**met, "third-demand": "not_met"}).grade == "fair"
    assert propose(standard, "my-framework", {**met, "first-demand": "partly_met"}).grade == "poor"
    assert propose(standard, "my-framework", {**met, "first-demand": "not_met"}).grade == "poor"


def test_an_editor_finds_the_schemas(tmp_path: Path) -> None:
    """The first line of each file leads to a copy of the schema that the same adjudge ships."""
    scaffold("lodgings", tmp_path)
    for name, kind in (("standard", "standard"), ("my-framework", "rulebook")):
        first = (tmp_path / f"lodgings/{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
        schema = tmp_path / "lodgings" / first.removeprefix("# yaml-language-server: $schema=")
        assert schema.read_bytes() == (shipped("rules") / f"schema/{kind}.schema.json").read_bytes()


@pytest.mark.parametrize("name", ["lodgings", "2007", "true", "a-1_b"])
def test_any_id_will_do(name: str, tmp_path: Path) -> None:
    """An id that YAML would read as something else is put in quotes."""
    assert load_standard(scaffold(name, tmp_path / "deep/er")).standard == name


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    """A folder, file or link of that name stays as it is, and nothing is left beside it."""
    (tmp_path / "there").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "file", "link"):
        with pytest.raises(BadInput, match=f"{name}: is there already and stays as it is"):
            scaffold(name, tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link", "there"]
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.parametrize("name", ["My Regime", "../up", "", "a/b", "-a", "x" * 81])
def test_a_name_is_an_id(name: str, tmp_path: Path) -> None:
    """What can't be a standard's id is refused with one line and exit 2."""
    done = run("new", "rulebook", "--", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("isn't a name for a regime: use lower-case letters and digits, joined by hyphens\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """A file where the folder should be is told, without a traceback."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = run("new", "rulebook", "lodgings", "--out", "file")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "file/lodgings: can't be written (file exists)\n")


@pytest.mark.parametrize(("mine", "shipped_one", "book"), [("food", "fsa-fhrs", "food-hygiene"), ("care", "cqc-adult-social-care", "location")])
def test_the_how_to_encodes_what_is_shipped(mine: str, shipped_one: str, book: str, tmp_path: Path) -> None:
    """Its two regimes have the criteria, grades and conditions of those that are shipped."""
    write_files(DOCS / "how-to/encode-your-own-regime.md", tmp_path)
    here, there = load_standard(tmp_path / mine), load_standard(shipped_one)
    assert [each.id for each in here.rulebook(book).criteria] == [each.id for each in there.rulebook(book).criteria]
    assert [each.points for each in here.rulebook(book).criteria] == [each.points for each in there.rulebook(book).criteria]
    assert [(each.grade, each.text, each.when) for each in here.reach] == [(each.grade, each.text, each.when) for each in there.reach]
    assert [(each.grade, each.text, each.when) for each in here.limits] == [(each.grade, each.text, each.when) for each in there.limits]
    assert (here.grades, here.statuses, here.otherwise.grade) == (there.grades, there.statuses, there.otherwise.grade)
