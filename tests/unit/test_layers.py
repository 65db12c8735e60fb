"""No module imports one that stands below it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import adjudge

LAYERS = [
    "errors",
    "version",
    "page",
    "documents",
    "emission",
    "source",
    "language",
    "rulebook",
    "wellformed",
    "together",
    "standards",
    "evidence",
    "bundles",
    "ingest",
    "citations",
    "writing",
    "status",
    "workbook",
    "conditions",
    "proposal",
    "reference",
    "durable_host",
    "inference",
    "sweep",
    "grading",
    "table",
    "charts",
    "explanation",
    "output",
    "interchange",
    "audit",
    "consistency",
    "whatif",
    "verification",
    "reports",
    "schemas",
    "cli",
    "testing",
]
PACKAGE = Path(adjudge.__file__).parent


def _files(module: str) -> list[Path]:
    """The files of a module: its own, or all those of a package."""
    return sorted((PACKAGE / module).glob("*.py")) or [PACKAGE / f"{module}.py"]


def _imports(module: str) -> set[str]:
    """The adjudge modules that a module imports when it is imported, or for types; not those a function fetches when called."""
    bodies = [node for path in _files(module) for node in ast.parse(path.read_text(encoding="utf-8")).body]
    names = {node.module for node in bodies if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[1] for name in names if name.startswith("adjudge.")} - {module}


def test_every_module_has_a_layer() -> None:
    """A new module must be given its place."""
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {path.stem for path in PACKAGE.glob("*.py")} | packages == {*LAYERS, "__init__"}


@pytest.mark.parametrize("module", LAYERS)
def test_imports_run_one_way(module: str) -> None:
    """A module imports only modules above it."""
    assert _imports(module) <= set(LAYERS[: LAYERS.index(module)])


@pytest.mark.parametrize("module", LAYERS)
def test_every_module_says_its_job(module: str) -> None:
    """A module's docstring says in its first line what the module does."""
    for path in _files(module):
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        assert first.endswith((".", ",")), path.name


def test_importing_adjudge_is_light() -> None:
    """`import adjudge` brings in neither rich, typer nor durable-rules."""
    code = "import adjudge, sys; print(*(name for name in ('rich', 'typer', 'durable', 'durable.engine', 'numpy') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_public_names_are_few() -> None:
    """The package gives at most 15 public names, and all of them exist."""
    assert len(adjudge.__all__) <= 15
    assert all(hasattr(adjudge, name) for name in adjudge.__all__)
