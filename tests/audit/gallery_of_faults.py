"""The gallery: rulebooks and engines that are broken by a plausible mistake, and what must notice each."""

from __future__ import annotations

import functools
import importlib
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adjudge.documents import Model, Text, build, read, shipped
from adjudge.errors import BadInput, Fault
from adjudge.rulebook import Standard
from adjudge.testing.cases import Case, differences, load_changed
from adjudge.testing.laws import LAWS
from tests.conformance.suite import HERE, HMIC, cases, standard_named

FOLDER = Path(__file__).parent / "gallery"
EXAMPLES = 100


class Mistake(Model):
    """A piece of one function's source, and what a mistake writes instead."""

    module: Text
    function: Text
    instead_of: Text
    write: str


class Exhibit(Model):
    """One broken rulebook (``change``, as in a case) or one broken engine (``mistake``), and the laws and cases that must each notice it."""

    name: Text
    change: Mapping[str, Any] = {}
    mistake: Mistake | None = None
    standard: Text = HMIC
    laws: tuple[Text, ...] = ()
    cases: tuple[Text, ...] = ()


class Gallery(Model):
    """A file of the gallery."""

    exhibits: tuple[Exhibit, ...]


def exhibits() -> list[Exhibit]:
    """Read the gallery."""
    found: list[Exhibit] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        faults: list[Fault] = []
        gallery = build(read(path), Gallery, faults)
        if gallery is None:
            raise BadInput(faults)
        found += gallery.exhibits
    return found


@functools.cache
def named_cases() -> dict[str, Case]:
    """Return the conformance cases by name."""
    return {case.name: case for case in cases()}


@contextmanager
def broken(mistake: Mistake) -> Iterator[None]:
    """Put a mistake into a function of the engine while the block runs; everyone who holds the function gets the broken one."""
    module = importlib.import_module(mistake.module)
    owner: Any = module
    for step in mistake.function.split("."):
        owner = getattr(owner, step)
    function = owner
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(mistake.instead_of) == 1, f"`{mistake.instead_of}` stands {source.count(mistake.instead_of)} times in {mistake.function}"
    made: dict[str, Any] = {}
    code = "from __future__ import annotations\n" + source.replace(mistake.instead_of, mistake.write)
    exec(compile(code, f"broken {mistake.function}", "exec"), {**vars(module)}, made)
    real = function.__code__
    function.__code__ = made[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = real


def changed_standard(exhibit: Exhibit) -> Standard:
    """Return the standard of an exhibit, broken if its mistake is in the rulebook."""
    if exhibit.standard != HMIC:
        return standard_named(exhibit.standard)
    return load_changed(shipped("rules") / HMIC, HERE / "rulebooks", exhibit.change)


def law_notices(exhibit: Exhibit, sentence: str) -> bool:
    """Say whether a law doesn't hold of the broken rulebook, or in the broken engine."""
    (law,) = [each for each in LAWS if each.sentence == sentence]
    standard = changed_standard(exhibit)
    if law.skips(standard, standard.rulebooks[0]):
        return False

    def look() -> bool:
        try:
            law.hold(standard, standard.rulebooks[0], EXAMPLES, smallest=False)
        except Exception:  # also what a broken engine trips over
            return True
        return False

    if exhibit.mistake is None:
        return look()
    with broken(exhibit.mistake):
        return look()


def case_notices(exhibit: Exhibit, case: Case) -> bool:
    """Say whether a conformance case comes out otherwise under the broken rulebook, or in the broken engine."""

    def look(posed: Case) -> bool:
        try:
            return bool(differences(posed))
        except Exception:  # also what a broken engine trips over
            return True

    if exhibit.mistake is None:
        return look(Case.model_construct(**{**case.__dict__, "change": {**exhibit.change, **case.change}}))
    with broken(exhibit.mistake):
        return look(case)
