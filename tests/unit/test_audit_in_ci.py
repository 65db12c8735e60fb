"""The how-to of audits in CI, run in a scratch project with adjudge installed from its wheel."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
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
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment in which adjudge's wheel is installed; what it needs is taken from this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".git", "__pycache__", "node_modules", ".*_cache")
    shutil.copytree(ROOT, source, ignore=ignored)
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    if done.returncode:
        build.remove("--no-build-isolation")
        done = subprocess.run(build, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        pytest.skip(f"no wheel can be built here: {done.stderr.strip().splitlines()[-1]}")
    (wheel,) = folder.glob("adjudge-*.whl")
    venv.create(folder / "venv", with_pip=False)
    made = folder / "venv" / "bin" / "python"
    if not made.exists():
        pytest.skip("this test knows the layout of virtual environments on Linux and macOS only")
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    target = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(target, capture_output=True, check=True)
    (site / "needed.pth").write_text(str(Path(pytest.__file__).parents[1]) + "\n", encoding="utf-8")
    return made


def test_the_how_to_works_from_the_wheel(python: Path, tmp_path: Path) -> None:
    """A project with a standard, cases and a Hypothesis test of its own audits them by the page's one option."""
    rules = tmp_path / "rules" / "lodgings"
    rules.mkdir(parents=True)
    (rules / "standard.yaml").write_text(STANDARD, encoding="utf-8")
    (rules / "house.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "lodgings.adjudge.yaml").write_text(_block("yaml tests/lodgings.adjudge.yaml"), encoding="utf-8")
    (tmp_path / "tests" / "test_lodgings.py").write_text(_block("python"), encoding="utf-8")
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", "-rs", "--adjudge-rulebook", "rules/lodgings", "--adjudge-examples", "10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the standard has no bases, so that it takes no records" in done.stdout
    where = subprocess.run([str(python), "-c", "import adjudge; print(adjudge.__file__)"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert str(ROOT) not in where.stdout
