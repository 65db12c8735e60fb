"""Judges one mutant after another: each in a process of its own, forked from one that has imported everything but adjudge and its tests."""

from __future__ import annotations

import enum
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from tests.mutation.modules import Module

NEEDED = ("engine", "rules", "evidence", "tests", "docs", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
IMPORTED = ("_pytest.assertion.rewrite", "hypothesis", "numpy", "pyarrow", "pydantic", "pytest", "rich.console", "typer", "typer.testing", "yaml")
OPTIONS = [
    *("-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers", "--hypothesis-profile=mutants"),
    *("--tb=no", "--assert=plain", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
]
"""Nothing is explained and nothing shrunk: that a test fails is enough."""
SECONDS = 60
"""So much processor time may all tests of a module take before a mutant counts as endless; without one they take ten or less."""
MEMORY = 8 * 2**30
"""Bytes: a mutant that takes more than this is noticed."""
WAIT = 60
"""A mutant that waits for ever is given up after this many times its processor time."""


class Outcome(enum.StrEnum):
    """What came of a mutant."""

    KILLED = "killed"
    ENDLESS = "endless"
    SURVIVED = "survived"


class Judge:
    """Works on a copy of the repository, so that the repository itself is never mutated."""

    def __init__(self, root: Path, module: Module) -> None:
        self.module = module
        self.copy = Path(tempfile.mkdtemp(prefix="mutation-"))
        for name in NEEDED:
            source = root / name
            if source.is_dir():
                shutil.copytree(source, self.copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
            else:
                shutil.copy2(source, self.copy / name)
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        for name in IMPORTED:
            importlib.import_module(name)

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.copy)

    def check(self) -> None:
        """Raise SystemExit unless the tests pass on the module as it is: before the first mutant, and after the last (an installation may change)."""
        outcome = self._outcome()
        if outcome is not Outcome.SURVIVED:
            raise SystemExit(f"the tests of {self.module.path} fail without any mutant: {outcome.value}")

    def judge(self, mutated: str) -> Outcome:
        """Say what the tests make of the module with this source."""
        path = self.copy / self.module.path
        original = path.read_bytes()
        path.write_text(mutated, encoding="utf-8")
        try:
            return self._outcome()
        finally:
            path.write_bytes(original)

    def _outcome(self) -> Outcome:
        child = os.fork()
        if child == 0:
            self._test()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return Outcome.ENDLESS if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM) else Outcome.KILLED
        return Outcome.SURVIVED if os.WEXITSTATUS(status) == 0 else Outcome.KILLED

    def _test(self) -> None:
        """Run the stages in this process, and end it: 0 if all tests passed."""
        code = 1
        try:
            os.chdir(self.copy)
            for name in [each for each in sys.modules if each.split(".")[0] in ("adjudge", "tests")]:
                del sys.modules[name]
            sys.path[:] = [str(self.copy / "engine"), str(self.copy), *[each for each in sys.path if each not in ("", str(Path.cwd()))]]
            sys.dont_write_bytecode = True
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.alarm(SECONDS * WAIT)
            nowhere = os.open(os.devnull, os.O_RDWR)
            if "MUTATION_SHOW" not in os.environ:
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
            pytest = importlib.import_module("pytest")
            code = next((number for stage in self.module.stages if (number := int(pytest.main([*OPTIONS, *stage]))) != 0), 0)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
