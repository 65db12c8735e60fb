"""Pages of the documentation, run as a reader would: their files are written, their commands and Python run, in order, in one folder.

In a `console` block each line that begins with `$ ` is a command, and what follows is what it prints; a line `...` stands for any lines, or none. A
fence with a file's name (```yaml mine.yaml) gives the file. ``python -m tests.pages PAGE...`` writes anew what the commands of pages print.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import console

DOCS = Path(__file__).parents[1] / "docs"
MORE = "...\n"
_FENCE = re.compile(r"^( *)```(\w+)(?: (\S+))?\n(.*?)^ *```\n", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, the file that it gives if it names one, and its text."""

    language: str
    file: str
    text: str

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The commands of a console block, each with the output that the page shows."""
        parts = _COMMAND.split(self.text)
        return list(zip(parts[1::2], parts[2::2], strict=True))


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    for _, language, file, text in _FENCE.findall(page.read_text(encoding="utf-8")):
        yield Block(language, file, textwrap.dedent(text))


def write_files(page: Path, folder: Path) -> None:
    """Write the files that a page gives."""
    for block in blocks(page):
        _write_file(block, folder)


def walk(page: Path, folder: Path) -> int:
    """Do all that a page says, and assert that it prints what the page shows; return how many commands were run."""
    status = commands = 0
    for block in blocks(page):
        _write_file(block, folder)
        for command, shown in block.steps if block.language == "console" else []:
            if command == "echo $?":
                assert shown == f"{status}\n"
                continue
            output, status = run(command, folder)
            commands += 1
            assert holds(output, shown), f"{command}\n{output}"
        if block.language == "python":
            with contextlib.chdir(folder):
                exec(compile(block.text, page.name, "exec"), {})
    return commands


def run(command: str, folder: Path) -> tuple[str, int]:
    """Run one command in a folder, and return what it prints and its exit status; `> file` writes what it prints, `*` stands for every name."""
    line, _, target = command.partition(" > ")
    program, *words = shlex.split(line)
    arguments = [each for word in words for each in (sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word])]
    if program == "mv":
        shutil.move(folder / arguments[0], folder / arguments[1])
        return "", 0
    if program == "cat":
        return "".join((folder / name).read_text(encoding="utf-8") for name in arguments), 0
    assert program == "adjudge", command
    done = console.run(*arguments, cwd=folder)
    if target:
        (folder / target).write_text(done.stdout, encoding="utf-8")
        return done.stderr, done.returncode
    return done.stdout + done.stderr, done.returncode


def holds(output: str, shown: str) -> bool:
    """Say whether an output is what a page shows."""
    pattern = "".join(r"(?:.*\n)*?" if line == MORE else re.escape(line) for line in shown.splitlines(keepends=True))
    return re.fullmatch(pattern, output) is not None


def anew(page: Path, folder: Path) -> str:
    """Return a page with what its commands print now: as many lines as were shown where the output goes on; as it is where it leaves lines out."""

    def printed(match: re.Match[str]) -> str:
        indent, language, file, text = match.groups()
        block = Block(language, file or "", textwrap.dedent(text))
        _write_file(block, folder)
        if language != "console":
            return match[0]
        lines = []
        for command, shown in block.steps:
            output = run(command, folder)[0] if command != "echo $?" else shown
            said = shown.splitlines(keepends=True)
            if MORE in said[:-1]:
                output = shown
            elif said[-1:] == [MORE]:
                output = "".join([*output.splitlines(keepends=True)[: len(said) - 1], MORE])
            lines += [f"$ {command}\n", *output.splitlines(keepends=True)]
        return f"{indent}```console\n{textwrap.indent(''.join(lines), indent)}{indent}```\n"

    return _FENCE.sub(printed, page.read_text(encoding="utf-8"))


def _write_file(block: Block, folder: Path) -> None:
    if block.file:
        (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
        (folder / block.file).write_text(block.text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as made:
            Path(name).write_text(anew(Path(name), Path(made)), encoding="utf-8")
