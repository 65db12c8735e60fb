"""The how-to of audits in CI, run in a scratch project with adjudge installed from its wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/audit-your-own-rulebook-in-ci.md").read_text(encoding="utf-8")


def _block(start: str) -> str:
    """Return a fenced block of the page that begins so."""
    found = re.search(rf"```{re.escape(start)}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


STANDARD = """\
standard: lodgings
edition: "1"
title: Lodgings
provenance: published
text: Made up.
source: made up for a test
statuses: {well_short: well short, met: met}
grades: {warm: Warm, mild: Mild, cold: Cold}
reach:
  - {grade: warm, text: everything is met, source: {part: Made up, gist: made up}, when: {every: {}, at_least: met}}
  - {grade: mild, text: the heating works, source: {part: Made up, gist: made up}, when: {every: {id: heating}, at_least: met}}
otherwise: {grade: cold, text: the heating fails, source: {part: Made up, gist: made up}}
"""
BOOK = """\
rulebook: house
standard: lodgings
edition: "1"
title: A house
provenance: published
text: Made up.
criteria:
  - {id: heating, title: heating, text: It is warm.}
  - {id: damp, title: damp, text: It is dry.}
  - {id: welcome, title: welcome, text: It is friendly.}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what adjudge's wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    (wheel,) = folder.glob("adjudge-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_how_to_works_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """A project with a standard, cases and a Hypothesis test of its own audits them by the page's one option."""
    rules = tmp_path / "rules" / "lodgings"
    rules.mkdir(parents=True)
    (rules / "standard.yaml").write_text(STANDARD, encoding="utf-8")
    (rules / "house.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "lodgings.adjudge.yaml").write_text(_block("yaml tests/lodgings.adjudge.yaml"), encoding="utf-8")
    (tmp_path / "tests" / "test_lodgings.py").write_text(_block("python"), encoding="utf-8")
    options = ("-p", "no:cacheprovider", "-rs", "--adjudge-rulebook", "rules/lodgings", "--adjudge-examples", "10")
    (tmp_path / "conftest.py").write_text("import adjudge\n\n\ndef pytest_report_header():\n    return adjudge.__file__\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "pytest", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(installed / "adjudge" / "__init__.py") in done.stdout
    assert "the standard has no bases, so that it takes no records" in done.stdout
