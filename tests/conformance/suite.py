"""The conformance suite: where its cases and standards stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adjudge import Bundle, Judgement, Record, Standard
from adjudge.documents import shipped
from adjudge.testing import made_up
from adjudge.testing.cases import Case, load_changed, read_cases
from adjudge.testing.made_up import UNITS

HERE = Path(__file__).parent
HMIC = "hmic-2007"


def standard_named(name: str, change: Mapping[str, Any] | None = None) -> Standard:
    """Return a standard of the suite, changed at dotted paths: the shipped hmic-2007 with the small rulebooks, or a folder of `standards/`."""
    if name == HMIC:
        return load_changed(shipped("rules") / HMIC, HERE / "rulebooks", change)
    return load_changed(HERE / "standards" / name, change=change)


def bundle(
    records: tuple[Record, ...], judgements: tuple[Judgement, ...] = (), units: tuple[str, ...] = UNITS, standard: Standard | None = None
) -> Bundle:
    """Return a bundle of a standard (the suite's hmic-2007, unless given), made up for a test."""
    return made_up.bundle(records, judgements, units, standard or standard_named(HMIC))


def cases(*files: str) -> list[Case]:
    """Return the cases of the files named (all of them by default), in order; a name is used once only."""
    paths = [HERE / "cases" / file for file in files] or sorted((HERE / "cases").glob("*.yaml"))
    found = [case for path in paths for case in read_cases(path)]
    repeated = [name for name, times in Counter(case.name for case in found).items() if times > 1]
    assert not repeated, f"names used twice: {repeated}"
    return found
