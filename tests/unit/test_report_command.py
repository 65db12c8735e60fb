"""`adjudge report` as a user sees it: the three formats, the options, and one line for what can't be."""

from __future__ import annotations

import sys
from pathlib import Path

import docx
import pytest

from adjudge.cli import main

JUDGED = """\
judgements:
  - framework: public-protection
    grade: fair
    reason: The force knows its gaps.
    author: HMI B. Example
    date: 2007-10-01
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """Run the command; return what it prints, or tells on standard error if it doesn't succeed."""
    sys.argv = ["adjudge", "report", *arguments]
    with pytest.raises(SystemExit) as stop:
        main()
    assert (stop.value.code or 0) == status
    told = capsys.readouterr()
    return told.err if status else told.out


@pytest.mark.parametrize("ending", ["html", "docx", "md"])
def test_each_format_is_written(ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The ending of the name is the format; what was written is told in one line, and nothing else stands in the folder."""
    assert _run(capsys, "hertfordshire-2007", "--out", f"report.{ending}") == f"report.{ending}: 6 frameworks, 361 findings\n"
    assert [path.name for path in Path().iterdir()] == [f"report.{ending}"]
    assert Path(f"report.{ending}").stat().st_size > 100_000


def test_judgements_and_readings_are_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Who decided stands in the report, and the reading that it was made under."""
    Path("mine.yaml").write_text(JUDGED, encoding="utf-8")
    _run(capsys, "hertfordshire-2007", "--out", "report.md", "--judgements", "mine.yaml", "--reading", "strict")
    text = Path("report.md").read_text(encoding="utf-8")
    assert "**Proposed by adjudge; decided by HMI B. Example; 5 of 6 not yet decided.**" in text
    assert "reading: strict" in text


def test_a_template_gives_the_style(capsys: pytest.CaptureFixture[str]) -> None:
    """The header of the template is the report's."""
    house = docx.Document()
    house.sections[0].header.paragraphs[0].text = "Marsh Inspectorate"
    house.save("house.docx")
    _run(capsys, "hertfordshire-2007", "--out", "report.docx", "--template", "house.docx")
    assert docx.Document("report.docx").sections[0].header.paragraphs[0].text == "Marsh Inspectorate"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hertfordshire-2007", "--out", "report.pdf"], "report.pdf: a report's name ends in `.html`, `.docx` or `.md`\n"),
        (
            ["hertfordshire-2007", "--out", "report.md", "--template", "house.docx"],
            "report.md: a template is for Word; the report's name must end in `.docx`\n",
        ),
        (["hertfordshire-2007", "--out", "there.html"], "there.html: exists already; choose another name, or add `--force`\n"),
        (["hertfordshire-2007", "--out", "folder.html"], "folder.html: a folder of that name exists\n"),
        (["hertfordshire-2007", "--out", "there.html/report.html"], "there.html/report.html: can't be written (file exists)\n"),
        (["hertfordshire-2007", "--out", "report.docx", "--template", "none.docx"], "none.docx: can't be opened (no such file or directory)\n"),
        (
            ["hertfordshire-2007", "--out", "report.docx", "--template", "there.html"],
            "there.html: not a Word document (.docx), or a damaged one; open it in Word and save it again\n",
        ),
        (["hertfordshire-2007", "--out", "report.md", "--source", "none.txt"], "none.txt: can't be opened (no such file or directory)\n"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, one line, and nothing is written or changed."""
    Path("there.html").write_text("an older report", encoding="utf-8")
    Path("folder.html").mkdir()
    assert _run(capsys, *arguments, status=2) == message
    assert {path.name for path in Path().iterdir()} == {"there.html", "folder.html"}
    assert Path("there.html").read_text(encoding="utf-8") == "an older report"


def test_a_report_is_replaced_only_if_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """With --force the older report is replaced."""
    Path("there.md").write_text("an older report", encoding="utf-8")
    _run(capsys, "hertfordshire-2007", "--out", "there.md", "--force")
    assert Path("there.md").read_text(encoding="utf-8").startswith("# Hertfordshire Constabulary, October 2007\n")
