"""How-tos tell the truth: every command in them is run, in a folder with the files they give, and prints what they print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.console import run

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (
    "compare-two-codings.md",
    "check-a-report.md",
    "compare-bodies.md",
    "see-the-impact-of-a-change.md",
    "synthesise-a-nation.md",
    "ask-what-a-grade-rests-on.md",
    "write-a-report.md",
    "convert-a-bundle.md",
)
BLOCK = re.compile(r"```(\w+)(?: (\S+))?\n(.*?)```", re.DOTALL)


def _run(command: str, folder: Path) -> tuple[str, int]:
    """Run one command of a page; `> file` writes what it prints, `*` stands for every name."""
    line, _, target = command.partition(" > ")
    name, *words = shlex.split(line)
    arguments = [each for word in words for each in (sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word])]
    assert name == "adjudge"
    done = run(*arguments, cwd=folder)
    if target:
        (folder / target).write_text(done.stdout, encoding="utf-8")
        return done.stderr, done.returncode
    return done.stdout + done.stderr, done.returncode


def _shown(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that the page shows."""
    parts = re.split(r"(?m)^\$ (.*)\n", block)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _holds(output: str, shown: str) -> bool:
    """Say whether an output is what a page shows, where a line `...` stands for any lines, or none."""
    pattern = "".join(r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in shown.splitlines(keepends=True))
    return re.fullmatch(pattern, output) is not None


@pytest.mark.parametrize("page", PAGES)
def test_a_page_s_commands_print_what_it_shows(page: str, tmp_path: Path) -> None:
    """Files are written as the page gives them, commands run in order, their output is the page's, and `echo $?` their exit status."""
    status, commands = 0, 0
    for language, name, content in BLOCK.findall((DOCS / "how-to" / page).read_text(encoding="utf-8")):
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        for command, shown in _shown(content) if language == "console" else []:
            if command == "echo $?":
                assert shown == f"{status}\n"
                continue
            output, status = _run(command, tmp_path)
            commands += 1
            assert _holds(output, shown), f"{command}\n{output}"
    assert commands >= 3


@pytest.mark.parametrize("page", PAGES)
def test_python_on_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook lines of a page run as they stand, after its commands that write files."""
    monkeypatch.chdir(tmp_path)
    for language, name, content in BLOCK.findall((DOCS / "how-to" / page).read_text(encoding="utf-8")):
        if name:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(content, encoding="utf-8")
        if language == "python":
            exec(compile(content, page, "exec"), {})


@pytest.mark.parametrize("page", [*(f"how-to/{page}" for page in PAGES), "reference/agreement.md"])
def test_the_pages_are_listed_and_their_links_lead_somewhere(page: str) -> None:
    """Each page is in the list of the documentation, and each of its links leads to a file."""
    assert f"]({page})" in (DOCS / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", (DOCS / page).read_text(encoding="utf-8")):
        assert ((DOCS / page).parent / target).is_file(), target
