"""The commands as users run them: what they print, in which format, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.console import run, run_apart

FRAMEWORKS = [
    "neighbourhood-policing",
    "performance-management",
    "child-abuse",
    "domestic-violence",
    "public-protection",
    "missing-persons",
]


def test_grade_prints_a_row_for_each_framework_and_how_many_agree() -> None:
    """Six rows, and one honest line on agreement."""
    done = run("grade", "hertfordshire-2007")
    assert (done.returncode, done.stderr) == (0, "")
    for title in ("Neighbourhood Policing", "Performance Management", "Child Abuse", "Domestic Violence", "Public Protection", "Missing Persons"):
        assert title in done.stdout
    assert "of 6 proposals agree with the published grade" in done.stdout


def test_grade_answers_in_json() -> None:
    """The JSON names body, standard, reading and the proposals in the bundle's order."""
    answer = json.loads(run("grade", "hertfordshire-2007", "--format", "json").stdout)
    assert (answer["body"], answer["standard"], answer["reading"]) == ("hertfordshire", "hmic-2007", "default")
    assert [proposal["framework"] for proposal in answer["proposals"]] == FRAMEWORKS
    for proposal in answer["proposals"]:
        assert (proposal["agrees"] is None) == (proposal["grade"] is None)
        assert proposal["grade"] is None or proposal["agrees"] == (proposal["grade"] == proposal["published"])


def test_the_same_input_gives_the_same_answer() -> None:
    """Two processes print the same bytes, and so does this one."""
    command = ("grade", "hertfordshire-2007", "-f", "json")
    first, second = (run_apart(*command, environment={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert (first.returncode, first.stdout, first.stderr) == (second.returncode, second.stdout, second.stderr) == (0, run(*command).stdout, "")


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("format", ["text", "md", "json"])
def test_explain_names_every_criterion(framework: str, format: str) -> None:
    """An explanation, in any format, leads to every criterion and fits in 100 columns as text."""
    done = run("explain", "hertfordshire-2007", framework, "--format", format)
    assert (done.returncode, done.stderr) == (0, "")
    from adjudge import load_standard

    for criterion in load_standard().rulebook(framework).criteria:
        plain = " ".join(done.stdout.replace("\\", "").split())
        assert criterion.title in plain or criterion.id in plain
    assert format != "text" or max(len(line) for line in done.stdout.splitlines()) <= 100


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_show_reads_a_rulebook_aloud(framework: str) -> None:
    """`show` prints a rulebook by its short name and by its standard's."""
    assert run("show", framework).stdout == run("show", f"hmic-2007/{framework}").stdout != ""


def test_check_counts_what_it_checked() -> None:
    """`check` says how many rulebooks, criteria and records are without fault."""
    done = run("check", "hmic-2007", "hertfordshire-2007")
    assert done.returncode == 0
    assert "hmic-2007: 6 rulebooks" in done.stdout
    assert "records, no faults" in done.stdout


def test_a_date_outside_the_period_is_reported(tmp_path: Path) -> None:
    """A record dated outside the assessment period is named by `check`, and set aside with the reason by `explain`."""
    told = run("check", "hertfordshire-2007").stdout
    assert "doesn't count: ca-w03b is dated 2007-09-27, not wholly inside 2006-04/2007-07" in told
    assert "set aside" in run("explain", "hertfordshire-2007", "child-abuse").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("grade", "hertfordshire"), "did you mean `hertfordshire-2007`?"),
        (("grade", "hertfordshire-2007", "--reading", "strickt"), "did you mean `strict`?"),
        (("explain", "hertfordshire-2007", "public-protecton"), "did you mean `public-protection`?"),
        (("show", "missing-person"), "did you mean `missing-persons`?"),
        (("check", "nowhere"), "no such file or folder"),
        (("check", "hertfordshire-2007", "--source", "nowhere.txt"), "nowhere.txt: can't be opened"),
        (("grade", "hertfordshire-2007", "--judgements", "nowhere.yaml"), "nowhere.yaml: no such file"),
    ],
)
def test_a_slip_gets_one_clear_line_and_exit_2(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """A wrong name is told with the nearest right one; nothing is printed as an answer and nothing written."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_judgement_decides_and_leaves_the_proposal_as_it_was(tmp_path: Path) -> None:
    """A judgement on a grade is shown beside the proposal, which stays; a decision is then no longer required."""
    file = tmp_path / "mine.yaml"
    file.write_text(
        "judgements:\n- {framework: child-abuse, grade: good, reason: as published, author: A. Tester, date: '2007-10-01'}\n", encoding="utf-8"
    )
    before = json.loads(run("grade", "hertfordshire-2007", "-f", "json", "--framework", "child-abuse").stdout)["proposals"][0]
    after = json.loads(run("grade", "hertfordshire-2007", "-f", "json", "--framework", "child-abuse", "-j", str(file)).stdout)["proposals"][0]
    assert (after["decided"], after["decision_required"]) == ("good", False)
    assert [after[key] for key in ("grade", "range", "determining")] == [before[key] for key in ("grade", "range", "determining")]
