"""What the commands share: the application, how answers are written, and the options of more than one command."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adjudge.evidence import load_evidence, load_judgements
from adjudge.grading import Grading, grade
from adjudge.page import Page, html_document, render_markdown, render_text

app = typer.Typer(
    help="Propose, explain and check the grade that an inspectorate's published criteria give to a body of evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How an answer is written."""

    text = "text"
    md = "md"
    html = "html"
    json = "json"


BundleArgument = Annotated[str, typer.Argument(metavar="BUNDLE", help="A bundle's folder, or the name of a shipped one.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")]
ReadingOption = Annotated[
    str | None, typer.Option("--reading", "-r", help="A reading of the standard: its name (strict), or terms (most=at least 2/3).")
]
JudgementsOption = Annotated[Path | None, typer.Option("--judgements", "-j", help="A YAML file of further judgements.")]


def grading_of(bundle: str, frameworks: list[str] | None, reading: str | None, judgements: Path | None) -> Grading:
    """Load a bundle and further judgements as the options name them, and grade."""
    evidence = load_evidence(bundle)
    further = load_judgements(judgements, evidence.standard) if judgements else ()
    return grade(evidence, frameworks or None, reading, further)


def write(text: str) -> None:
    """Write to standard output."""
    sys.stdout.write(text)


def render(page: Page, format: Format) -> None:
    """Write a page as text, Markdown or HTML (JSON is each command's own)."""
    if format is Format.md:
        write(render_markdown(page))
    elif format is Format.html:
        write(html_document(page))
    else:
        terminal = sys.stdout.isatty()
        width = min(os.get_terminal_size().columns, 120) if terminal else 100
        write(render_text(page, width, color=terminal and "NO_COLOR" not in os.environ))
