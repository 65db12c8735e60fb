"""`adjudge ingest` as a user sees it: the summary, its formats, and the folder it writes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest

from adjudge.cli import main
from adjudge.documents import build, read
from adjudge.errors import Fault
from adjudge.ingest.draft import FindingsFile
from adjudge.schemas import schema
from tests.reports import report

MADE = report(1)


@pytest.fixture(autouse=True)
def _with_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with an invented report."""
    monkeypatch.chdir(tmp_path)
    Path("report.txt").write_text(MADE.text, encoding="utf-8", newline="")


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that succeeds; return what it prints."""
    sys.argv = ["adjudge", *arguments]
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def test_the_summary_counts_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Frameworks with their findings by section, grades, lines by role; within 100 columns; nothing is written without --out."""
    told = _run(capsys, "ingest", "report.txt")
    assert max(map(len, told.splitlines())) <= 100
    assert told.startswith(f"{MADE.body}, {MADE.month} {MADE.year}\n")
    findings = sum(len(said) for framework in MADE.frameworks for said in framework.sections.values())
    assert f"{len(MADE.frameworks)} frameworks" in told
    assert re.search(rf"\nall( +\d+){{3}} +{findings}\n", told)
    assert f"{len(MADE.unplaced)} of them not placed" in told
    assert all(text in told for text in MADE.unplaced)
    assert "Nothing is written" in told
    assert [path.name for path in Path().iterdir()] == ["report.txt"]


@pytest.mark.parametrize(("format", "mark"), [("md", "# "), ("html", "<!DOCTYPE html>")])
def test_the_summary_in_other_formats(capsys: pytest.CaptureFixture[str], format: str, mark: str) -> None:
    """Markdown and HTML hold the same page."""
    told = _run(capsys, "ingest", "report.txt", "--format", format)
    assert told.startswith(mark)
    assert "lines that are" in told


def test_the_json_is_the_register_of_the_draft(capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json` prints the register, valid by its schema, and --out writes the same beside the bundle."""
    told = _run(capsys, "ingest", "report.txt", "--out", "new/draft", "--format", "json")
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/register"))).validate(json.loads(told))
    assert Path("new/draft/register.json").read_text(encoding="utf-8") == told


def test_the_draft_is_checked_graded_and_coded_from(capsys: pytest.CaptureFixture[str]) -> None:
    """The written folder is a bundle: check finds each finding uncoded, grade is open, and the files of findings are as their model says."""
    assert "A draft bundle is in draft" in _run(capsys, "ingest", "report.txt", "--out", "draft")
    assert _run(capsys, "check", "draft") == "draft: 0 records, no faults\n"
    assert "open" in _run(capsys, "grade", "draft")
    faults: list[Fault] = []
    ids: list[str] = []
    for path in sorted(Path("draft/findings").iterdir()):
        file = build(read(path), FindingsFile, faults)
        assert file is not None
        ids += [finding.id for finding in file.findings]
    assert faults == []
    assert len(set(ids)) == len(ids) == sum(len(said) for framework in MADE.frameworks for said in framework.sections.values())
    sys.argv = ["adjudge", "check", "draft", "--source", "report.txt"]
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 1
    assert "0 citations verified" in capsys.readouterr().out


def test_a_finding_that_is_coded_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """A record made of an uncoded finding (its id, place and fingerprint) with a criterion, a status and a basis is verified against the report."""
    _run(capsys, "ingest", "report.txt", "--out", "draft")
    records = next(path for path in sorted(Path("draft/records").iterdir()) if "inherited_by" not in path.read_text(encoding="utf-8"))
    file = build(read(Path("draft/findings") / records.name), FindingsFile, [])
    assert file is not None
    first = file.findings[0]
    from adjudge.standards import load_standard

    criterion = load_standard().rulebook(records.stem).criteria[0].id
    coded = f"records:\n  - {{id: {first.id}, section: {first.section}, paragraph: {first.paragraph}, fingerprint: '{first.fingerprint}',\n"
    coded += f"     criterion: {criterion}, shows: met, basis: observed, summary: As made up.}}\n"
    records.write_text(records.read_text(encoding="utf-8").replace("records: []\n", coded), encoding="utf-8")
    sys.argv = ["adjudge", "check", "draft", "--source", "report.txt"]
    with pytest.raises(SystemExit):
        main()
    assert "draft: 1 records, no faults; 1 citations verified" in capsys.readouterr().out
