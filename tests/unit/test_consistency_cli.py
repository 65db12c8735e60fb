"""The commands of consistency as users run them: formats, exit codes, the published schemas of their JSON."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from adjudge.schemas import schema
from tests.console import run

SECOND = """\
framework,section,paragraph,criterion,shows,basis
public-protection,strengths,21,risk-assessment,partly_met,observed
public-protection,strengths,22,visit-safety,partly_met,observed
"""
MINE = """\
judgements:
  - {framework: missing-persons, grade: good, reason: Made up for a test., author: A. Example, date: 2007-10-01}
"""
COMMANDS = {
    "agreement": ("agree", "hertfordshire-2007", "second.csv", "--by", "criterion", "--resamples", "50"),
    "consistency": ("consistency", "hertfordshire-2007"),
    "judgement-register": ("judgements", "hertfordshire-2007", "--judgements", "mine.yaml"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a made-up second coding and a made-up judgement."""
    (tmp_path / "second.csv").write_text(SECOND, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_answers_keep_to_their_schemas(name: str, folder: Path) -> None:
    """The JSON of each command is valid by its published schema, says the version, and is the same each time."""
    done = run(*COMMANDS[name], "--format", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    jsonschema.Draft202012Validator(json.loads(schema(f"evidence/schema/{name}"))).validate(answer)
    assert answer["adjudge"]
    assert run(*COMMANDS[name], "--format", "json", cwd=folder).stdout == done.stdout


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(("format", "begins"), [("text", ""), ("md", "# "), ("html", "<!DOCTYPE html>")])
def test_answers_are_written_in_every_format(name: str, format: str, begins: str, folder: Path) -> None:
    """Text in 100 columns, Markdown and HTML."""
    done = run(*COMMANDS[name], "--format", format, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)
    assert "Hertfordshire Constabulary" in done.stdout
    if format == "text":
        assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_the_seed_is_in_every_output(folder: Path) -> None:
    """Text, Markdown, HTML and JSON all say the seed, also one of the user's own and where no intervals were asked for."""
    for format in ("text", "md", "html"):
        done = run(*COMMANDS["agreement"], "--seed", "41", "--format", format, cwd=folder)
        assert "seed 41" in " ".join(done.stdout.split())
    assert json.loads(run(*COMMANDS["agreement"], "--seed", "41", "--format", "json", cwd=folder).stdout)["seed"] == 41
    assert "seed 2007, 0 resamples" in run(*COMMANDS["agreement"][:3], "--resamples", "0", cwd=folder).stdout


def test_a_conflict_is_exit_1(folder: Path) -> None:
    """A national table that differs: the conflict is told on standard output, and the exit status is 1."""
    (folder / "national.csv").write_text("framework,excellent,good,fair,poor\nmissing-persons,1,21,20,1\n", encoding="utf-8")
    done = run("consistency", "hertfordshire-2007", "--national", "national.csv", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert "6 conflicts." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("agree", "hertfordshire-2007"), "hertfordshire-2007: give at least two codings to compare\n"),
        (("agree", "hertfordshire-2007", "second.csv", "--reading", "strickt"), "did you mean `strict`?\n"),
        (("agree", "hertfordshire-2007", "third.csv"), "third.csv: can't be opened (no such file or directory)\n"),
        (("consistency", "hertfordshire-2007", "--source", "second.csv"), "expected a line such as `Marsh Police – HMIC Inspection Report`\n"),
        (("consistency", "hertfordshire"), "did you mean `hertfordshire-2007`?\n"),
        (("judgements", "hertfordshire-2007", "--judgements", "none.yaml"), "none.yaml: no such file\n"),
    ],
)
def test_bad_input_is_exit_2(arguments: tuple[str, ...], message: str, folder: Path) -> None:
    """One clear line on standard error, nothing on standard output."""
    done = run(*arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(message)
    assert len(done.stderr.splitlines()) == 1


def test_judge_appends_and_refuses(folder: Path) -> None:
    """A judgement is appended once; a second on the same target is refused with exit 2, and the file is as it was."""
    what = ("judge", "hertfordshire-2007", "missing-persons", "--file", "new.yaml", "--reason", "Made up: for a test.", "--author", "A. Example")
    first = run(*what, "--date", "2007-10-01", "--grade", "fair", cwd=folder)
    assert (first.returncode, first.stdout) == (0, "new.yaml: grade fair appended\n")
    before = (folder / "new.yaml").read_bytes()
    second = run(*what, "--date", "2007-10-02", "--grade", "good", cwd=folder)
    assert second.returncode == 2
    assert second.stderr.startswith("new.yaml: missing-persons, grade is judged already: grade fair, by A. Example on 2007-10-01")
    assert (folder / "new.yaml").read_bytes() == before
    assert run("grade", "hertfordshire-2007", "--judgements", "new.yaml", cwd=folder).returncode == 0
