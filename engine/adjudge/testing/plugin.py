"""The pytest plugin: the laws on rulebooks of your own, and cases in YAML, as tests named by their sentences.

It imports nothing of adjudge, and no Hypothesis, until an option or a file asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from adjudge.rulebook import Rulebook, Standard
    from adjudge.testing.cases import Case
    from adjudge.testing.laws import Law

SUFFIX = ".adjudge.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("adjudge", "the laws of grading, on rulebooks of your own")
    group.addoption(
        "--adjudge-rulebook",
        action="append",
        default=[],
        metavar="PATH",
        help="Run every law on a rulebook, or a standard's: a path, or a name.",
    )
    group.addoption("--adjudge-cases", action="append", default=[], metavar="PATH", help="Run the cases of a YAML file, or of all in a folder.")
    group.addoption("--adjudge-examples", type=int, default=100, metavar="N", help="How many drawn inputs each law is checked for (100).")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of cases that stands among the tests."""
    return CasesFile.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add what the options ask for."""
    for path in config.getoption("--adjudge-cases"):
        items.extend(_case_items(session, Path(path), {item.path for item in items}))
    for name in config.getoption("--adjudge-rulebook"):
        items.extend(_law_items(session, name, config.getoption("--adjudge-examples")))


def _case_items(session: pytest.Session, path: Path, collected: set[Path]) -> Iterator[pytest.Item]:
    from adjudge.testing.cases import case_files

    if not path.exists():
        raise pytest.UsageError(f"--adjudge-cases: {path}: no such file or folder")
    for file in case_files(path) if path.is_dir() else [path]:
        if file.resolve() not in collected:
            yield from CasesFile.from_parent(session, path=file.resolve()).collect()


def _law_items(session: pytest.Session, name: str, examples: int) -> Iterator[pytest.Item]:
    from adjudge.errors import BadInput

    try:
        from adjudge.testing.laws import LAWS
    except ImportError as error:
        raise pytest.UsageError(f"--adjudge-rulebook needs Hypothesis ({error}): pip install 'adjudge[testing]'") from None
    try:
        standard, books = _rulebooks(name)
    except BadInput as error:
        raise pytest.UsageError("\n".join(str(fault) for fault in error.faults)) from None
    for book in books:
        parent = RulebookLaws.from_parent(session, name=f"{standard.standard}/{book.rulebook}", nodeid=f"{standard.standard}/{book.rulebook}")
        for law in LAWS:
            yield LawItem.from_parent(parent, name=law.sentence, law=law, standard=standard, book=book, examples=examples)


def _rulebooks(name: str) -> tuple[Standard, tuple[Rulebook, ...]]:
    """Return the rulebook of a file, or all of a standard's."""
    from adjudge.documents import read
    from adjudge.standards import load_standard

    path = Path(name)
    if path.is_file() and path.name != "standard.yaml":
        standard = load_standard(path.parent)
        return standard, (standard.rulebook(str(read(path).root["rulebook"])),)
    standard = load_standard(name)
    return standard, standard.rulebooks


class CasesFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[CaseItem]:
        """Yield an item for each case."""
        from adjudge.errors import BadInput
        from adjudge.testing.cases import read_cases

        try:
            cases = read_cases(self.path)
        except BadInput as error:
            raise self.CollectError("\n".join(str(fault) for fault in error.faults)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case)


class Broken(Exception):
    """A case that comes out otherwise, or a law that doesn't hold: what is told is its message alone."""


class CaseItem(pytest.Item):
    """A case as a test."""

    def __init__(self, *, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        if case.known_difference:
            self.add_marker(pytest.mark.xfail(reason=case.known_difference, strict=True))

    def runtest(self) -> None:
        """Raise Broken with what comes out otherwise."""
        from adjudge.errors import BadInput
        from adjudge.testing.cases import differences

        try:
            found = differences(self.case)
        except BadInput as error:
            found = [str(fault) for fault in error.faults]
        if found:
            raise Broken("\n".join([self.case.name, *(f"  {line}" for line in found), *([f"  why: {self.case.why}"] if self.case.why else [])]))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell a broken case in its own words."""
        return str(excinfo.value) if isinstance(excinfo.value, Broken) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands."""
        return self.path, self.case.line - 1, self.name


class RulebookLaws(pytest.Collector):
    """The laws of one rulebook."""

    def collect(self) -> list[pytest.Item]:
        """Return nothing: the items are made with the option."""
        return []


class LawItem(pytest.Item):
    """A law of a rulebook as a test."""

    def __init__(self, *, law: Law, standard: Standard, book: Rulebook, examples: int, **more: Any) -> None:
        super().__init__(**more)
        self.law, self.standard, self.book, self.examples = law, standard, book, examples

    def runtest(self) -> None:
        """Check the law, or skip it with the reason why it doesn't apply."""
        reason = self.law.skips(self.standard, self.book)
        if reason:
            pytest.skip(reason)
        try:
            self.law.hold(self.standard, self.book, self.examples)
        except AssertionError as error:
            drawn = [note for note in getattr(error, "__notes__", ()) if note.startswith("Draw ")]
            told = [self.law.sentence, f"  {error}".split("\n")[0], *(f"  {_plain(note)}" for note in drawn)]
            raise Broken("\n".join(told)) from error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell a broken law with a smallest input that breaks it."""
        return str(excinfo.value) if isinstance(excinfo.value, Broken) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return what the law is about."""
        return self.path, None, f"{self.standard.standard}/{self.book.rulebook}: {self.name}"


def _plain(note: str) -> str:
    """Return a drawn value as Hypothesis notes it, without its number."""
    label, _, value = note.removeprefix("Draw ").partition(": ")
    return f"{label.partition('(')[2].rstrip(')') or 'drawn'}: {value}"
