"""Tutorials tell the truth: their commands, run one after the other in an empty folder, print what the page says that they print.

``python -m tests.unit.test_tutorials`` writes anew what they print.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path

import pytest

from tests.console import run

TUTORIALS = [Path(__file__).parents[2] / "docs" / "tutorial" / "what-if.md"]
BLOCK = re.compile(r"^( *)```console\n(.*?)^ *```\n", re.DOTALL | re.MULTILINE)
MORE = "..."
"""A last line of this says that the output goes on; a number after it, when written anew, how many lines are shown."""


def _run(command: str, folder: Path) -> str:
    """Run `adjudge ...` or `cat FILE` in a folder; return all that it prints."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return "".join((folder / name).read_text(encoding="utf-8") for name in arguments)
    assert program == "adjudge", command
    done = run(*arguments, cwd=folder)
    return done.stdout + done.stderr


def _steps(block: str, indent: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a block, each with the lines that it is said to print."""
    steps: list[tuple[str, list[str]]] = []
    for line in (each.removeprefix(indent) for each in block.splitlines()):
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
    return steps


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda each: each.stem)
def test_a_tutorial_prints_what_it_says(tutorial: Path, tmp_path: Path) -> None:
    """Every command prints, line by line, what stands below it; after `...` it may print more."""
    blocks = BLOCK.findall(tutorial.read_text(encoding="utf-8"))
    assert blocks
    for indent, block in blocks:
        for command, said in _steps(block, indent):
            printed = _run(command, tmp_path).splitlines()
            if said[-1:] == [MORE]:
                assert printed[: len(said) - 1] == said[:-1], command
                assert len(printed) >= len(said), command
            else:
                assert printed == said, command


def _anew(text: str, folder: Path) -> str:
    def printed(match: re.Match[str]) -> str:
        indent = match[1]
        lines = [f"{indent}```console"]
        for command, said in _steps(match[2], indent):
            lines.append(f"{indent}$ {command}")
            found = _run(command, folder).splitlines()
            if said and said[-1].startswith(MORE):
                shown = int(said[-1].removeprefix(MORE) or len(said) - 1)
                found = [*found[:shown], MORE]
            lines += [f"{indent}{line}".rstrip() for line in found]
        return "".join(f"{line}\n" for line in (*lines, f"{indent}```"))

    return BLOCK.sub(printed, text)


if __name__ == "__main__":
    for each in TUTORIALS:
        with tempfile.TemporaryDirectory() as made:
            each.write_text(_anew(each.read_text(encoding="utf-8"), Path(made)), encoding="utf-8")
