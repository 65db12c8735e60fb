"""The command that proves the grade logic of rulebooks: audit."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import Format, FormatOption, app, find_rulebook, render, write
from adjudge.documents import shipped, shown
from adjudge.errors import BadInput
from adjudge.rulebook import Rulebook, Standard
from adjudge.standards import load_standard


@app.command("audit", epilog="Examples: adjudge audit hmic-2007 | adjudge audit rules/mine --junit audit.xml | adjudge audit location --format md")
def audit_command(
    rulebooks: Annotated[list[str], typer.Argument(metavar="RULEBOOK...", help="Rulebooks, or standards with all theirs: paths, or shipped names.")],
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="The day whose rules count: 2021-08-31.")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write the verdicts as JUnit XML, for CI.")] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="Also write counterexamples and holes as cases, which pytest runs (YAML).")
    ] = None,
    format: FormatOption = Format.text,
) -> None:
    """Prove the laws of grade logic for all inputs under every admissible reading; exit 1 where one is refuted."""
    try:
        from adjudge.audit.run import audit_rulebook
    except ImportError:
        raise BadInput.at("audit", "needs z3: pip install 'adjudge[audit]'") from None
    from adjudge.audit.report import audit_page, conformance_cases
    from adjudge.audit.report import junit as junit_xml
    from adjudge.audit.results import AuditOut

    day = _day(on)
    books: dict[tuple[str, str], tuple[Standard, Rulebook]] = {}
    folders: dict[str, Path] = {}
    for name in rulebooks:
        for standard, book in _named(name):
            if Path(name).exists():
                folders[standard.standard] = Path(name) if Path(name).is_dir() else Path(name).parent
            inforce = standard.on(day)
            books[standard.standard, book.rulebook] = inforce, inforce.rulebook(book.rulebook)
    found = tuple(audit_rulebook(standard, book) for standard, book in books.values())
    audits = AuditOut(sound=all(each.sound for each in found), rulebooks=found)
    if junit:
        _save(junit, junit_xml(audits))
    if cases:
        _save(cases, conformance_cases(audits, {name: os.path.relpath(folder, cases.parent) for name, folder in folders.items()}, on))
    if format is Format.json:
        write(audits.model_dump_json(indent=1) + "\n")
    else:
        render(audit_page(audits, books), format)
    if not audits.sound:
        raise typer.Exit(1)


def _named(name: str) -> list[tuple[Standard, Rulebook]]:
    """Return the rulebook that a name or path stands for, or all those of a standard."""
    path = Path(name)
    if path.is_dir() or path.name == "standard.yaml" or (not path.exists() and (shipped("rules") / name / "standard.yaml").is_file()):
        standard = load_standard(path.parent if path.is_file() else name)
        return [(standard, book) for book in standard.rulebooks]
    return [find_rulebook(name)]


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput.at("--on", f"`{text}` isn't a day; write `2021-08-31`") from None


def _save(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", encoding="utf-8", delete=False) as made:
            made.write(text)
        os.replace(made.name, path)
    except OSError as error:
        raise BadInput.at(shown(path), f"can't be written ({(error.strerror or str(error)).lower()})") from None
