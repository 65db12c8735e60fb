"""The pytest plugin: laws of a rulebook and cases as tests, and nothing of it where it isn't asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from adjudge.documents import shipped
from adjudge.testing.laws import LAWS


def _pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, in this process's likeness but without the options of this project."""
    plugins = ("-p", "no:cacheprovider", "-p", "no:xdist", *(() if _installed() else ("-p", "adjudge.testing.plugin")))
    command = [sys.executable, "-m", "pytest", *plugins, "-o", "addopts=", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def _installed() -> bool:
    """Say whether adjudge was installed with its entry point, so that pytest loads the plugin of itself."""
    return any(each.value == "adjudge.testing.plugin" for each in entry_points(group="pytest11"))


CASES = """\
standard: rules/mine
cases:
  - name: everything met is Excellent
    rulebook: domestic-violence
    statuses: {fair: met, good: met, beacon: met, innovation: met}
    expect: {grade: excellent, reasons: [standard]}
  - name: everything met is Good, says a case that is wrong
    rulebook: domestic-violence
    statuses: {fair: met, good: met, beacon: met, innovation: met}
    expect: {grade: good}
  - name: a difference that is known
    rulebook: domestic-violence
    statuses: {fair: met, good: met, beacon: met, innovation: met}
    expect: {grade: poor}
    known_difference: made up for a test
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a standard of its own and a file of cases."""
    shutil.copytree(shipped("rules") / "hmic-2007", tmp_path / "rules" / "mine")
    (tmp_path / "mine.adjudge.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_cases_are_collected_and_told_by_their_sentences(project: Path) -> None:
    """A file of cases is collected wherever it stands; a case that comes out otherwise is told in words, without a traceback."""
    done = _pytest(project, "-v")
    assert "mine.adjudge.yaml::everything met is Excellent PASSED" in done.stdout
    assert "mine.adjudge.yaml::a difference that is known XFAIL" in done.stdout
    assert "  the grade is excellent, not good" in done.stdout
    assert "Traceback" not in done.stdout
    assert "1 failed, 1 passed, 1 xfailed" in done.stdout


def test_a_folder_of_cases_is_collected_once(project: Path) -> None:
    """`--adjudge-cases` adds the files of a folder, those that are collected anyway not twice."""
    (project / "cases").mkdir()
    for name in ("more.yaml", "same.adjudge.yaml"):
        (project / "cases" / name).write_text(CASES.replace("rules/mine", "../rules/mine"), encoding="utf-8")
    (project / "mine.adjudge.yaml").unlink()
    done = _pytest(project, "--adjudge-cases", "cases")
    assert "2 failed, 2 passed, 2 xfailed" in done.stdout


def test_a_bad_file_of_cases_is_told_with_its_place(project: Path) -> None:
    """A key that no case has is told with line and column, as any bad input is."""
    (project / "mine.adjudge.yaml").write_text("standard: rules/mine\ncases:\n  - name: one\n    expects: {grade: fair}\n", encoding="utf-8")
    done = _pytest(project)
    assert "mine.adjudge.yaml:4:5: unknown key `expects`" in done.stdout
    assert "Traceback" not in done.stdout


def test_every_law_is_an_item_and_skips_tell_why(project: Path) -> None:
    """Each law is one item, named by its sentence; one that doesn't apply is skipped with the reason."""
    book = "rules/mine/domestic-violence.yaml"
    done = _pytest(project, "-v", "-rs", "--adjudge-rulebook", book, "--adjudge-examples", "5", "-k", "share or widens or framework")
    assert "hmic-2007/domestic-violence::learning a value never widens the range PASSED" in done.stdout
    done = _pytest(project, "-rs", "--collect-only", "-q", "--adjudge-rulebook", book)
    assert sum(line.startswith("hmic-2007/domestic-violence::") for line in done.stdout.splitlines()) == len(LAWS)
    done = _pytest(project, "-rs", "--adjudge-rulebook", str(shipped("rules") / "fsa-fhrs"), "--adjudge-examples", "5", "-k", "share")
    assert "the standard has no shares" in done.stdout


def test_a_broken_rulebook_fails_by_the_sentence_of_the_law(project: Path) -> None:
    """A criterion that can't matter is found, and told with its name."""
    path = project / "rules" / "mine" / "standard.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{every: {tier: innovation}", "{every: {tier: beacon}"), encoding="utf-8")
    done = _pytest(project, "--adjudge-rulebook", "rules/mine/domestic-violence.yaml", "-k", "matter and criterion")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "every criterion can matter\n  no values were found in which " in done.stdout


def test_a_rulebook_that_cannot_be_loaded_is_a_usage_error(project: Path) -> None:
    """A rulebook with faults stops the run with the faults."""
    (project / "rules" / "mine" / "standard.yaml").write_text("standard: mine\n", encoding="utf-8")
    done = _pytest(project, "--adjudge-rulebook", "rules/mine")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "rules/mine/standard.yaml:1:1: `edition` is missing" in done.stderr


def test_the_plugin_costs_nothing_where_it_is_not_asked_for() -> None:
    """Loading the plugin brings in neither Hypothesis nor any of adjudge's own modules."""
    code = (
        "import sys, pytest; before = set(sys.modules); import adjudge.testing.plugin; "
        "print(sorted(name for name in set(sys.modules) - before if name.startswith(('adjudge', 'hypothesis', 'pydantic', 'yaml'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['adjudge', 'adjudge.testing', 'adjudge.testing.plugin']"


def test_a_case_with_what_the_standard_does_not_have_is_told_in_words(project: Path) -> None:
    """A status, a criterion or a basis that isn't there, found by fuzzing, is told in words and not as a traceback."""
    text = CASES[: CASES.index("  - name: everything met is Good")]
    record = "    records: [{criterion: nobody, shows: met}, {criterion: policy-current, shows: best, basis: rumour}]\n"
    (project / "mine.adjudge.yaml").write_text(text.replace("fair: met", "fair: ''") + record, encoding="utf-8")
    done = _pytest(project)
    assert "`nobody` isn't a criterion of domestic-violence" in done.stdout
    assert "`rumour` isn't a basis" in done.stdout
    assert "Traceback" not in done.stdout
    (project / "mine.adjudge.yaml").write_text(text.replace("fair: met", "fair: ''"), encoding="utf-8")
    assert "`` isn't a status" in _pytest(project).stdout
