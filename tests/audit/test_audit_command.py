"""`adjudge audit`: its exits, its forms, and what it says of bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as xml

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from adjudge import BadInput
from adjudge.cli import COMMANDS
from adjudge.cli.shared import app
from adjudge.documents import shipped
from adjudge.testing.cases import differences, read_cases

RUNNER = CliRunner()


def _run(*arguments: str) -> Result:
    assert COMMANDS
    return RUNNER.invoke(app, ["audit", *arguments])


def test_a_sound_rulebook_exits_0_and_reads_as_a_page() -> None:
    """Each law stands on a line with its number and its verdict."""
    done = _run("location")
    assert done.exit_code == 0
    assert "  3. improving a value never lowers the proposal: proven\n" in done.stdout
    assert "cqc-adult-social-care/location" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_a_refuted_law_exits_1_with_all_forms(tmp_path: Path) -> None:
    """An undeclared hole is told, fails in JUnit XML, and is written as a case that the suite can read."""
    folder = tmp_path / "cqc"
    shutil.copytree(shipped("rules") / "cqc-adult-social-care", folder)
    text = (folder / "standard.yaml").read_text(encoding="utf-8").replace("otherwise:\n  grade: requires_improvement", "otherwise:\n  grade: good")
    (folder / "standard.yaml").write_text(text, encoding="utf-8")
    junit, cases = tmp_path / "audit.xml", tmp_path / "cases.yaml"
    done = _run(str(folder), "--junit", str(junit), "--cases", str(cases), "--format", "json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads((shipped("evidence") / "schema/audit.schema.json").read_text(encoding="utf-8")))
    assert answer["sound"] is False
    (audit,) = answer["rulebooks"]
    refuted = [law["number"] for law in audit["laws"] if law["verdict"] == "refuted"]
    assert {9, 14} <= set(refuted)
    suite = xml.fromstring(junit.read_text(encoding="utf-8"))[0]
    assert suite.get("failures") == str(len(refuted))
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert "law 14: where no rule speaks the standard says so and leaves the case to decision" in failed
    replayed = read_cases(cases)
    assert [line for case in replayed for line in differences(case)] == []
    assert {case.rulebook for case in replayed} == {"location"}


@pytest.mark.parametrize(("form", "begins"), [("md", "# Audit of Location"), ("html", "<!DOCTYPE html>")])
def test_other_forms(form: str, begins: str) -> None:
    """The same page as Markdown and as HTML."""
    assert _run("location", "--format", form).stdout.startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["locatoin"], "locatoin: no such rulebook"),
        (["location", "--on", "tomorrow"], "--on: `tomorrow` isn't a day; write `2021-08-31`"),
        (["location", "--junit", "nowhere/audit.xml"], "nowhere/audit.xml: can't be written (no such file or directory)"),
    ],
)
def test_bad_input(arguments: list[str], message: str) -> None:
    """What can't be used is told in one line."""
    done = _run(*arguments)
    assert isinstance(done.exception, BadInput)
    assert str(done.exception).startswith(message)
