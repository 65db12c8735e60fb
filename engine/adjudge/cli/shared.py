"""What the commands share: the application, how answers are written, and the options of more than one command."""

from __future__ import annotations

import datetime
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adjudge.bundles import load_evidence, load_judgements
from adjudge.documents import read, shipped
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.grading import Grading, grade
from adjudge.page import Page, html_document, render_markdown, render_text
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Rulebook, Standard
from adjudge.standards import load_standard

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

ResamplesOption = Annotated[int, typer.Option("--resamples", min=0, max=100_000, help="Resamples for the intervals of agreement; 0 for none.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Where the resampling starts.")]


def _day_of(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadInput.at("--on", f"`{text}` isn't a day; write `2021-08-31`") from None


def _blank(value: str) -> str:
    if value not in (NOT_ASSESSED, NOT_APPLICABLE):
        raise BadInput.at("--blank", f"`{value}` isn't `{NOT_ASSESSED}` or `{NOT_APPLICABLE}`")
    return value


RulebookArgument = Annotated[str, typer.Argument(metavar="RULEBOOK", help="A rulebook, or a standard with only one: a path, or a shipped name.")]
MapOption = Annotated[list[str] | None, typer.Option("--map", help="In a table: CRITERION=COLUMN, where a column isn't called as its criterion.")]
IdOption = Annotated[str | None, typer.Option("--id", help="In a table: the column that names each body [its row].")]
OnOption = Annotated[datetime.date | None, typer.Option("--on", metavar="DAY", parser=_day_of, help="The day whose rules count: 2021-08-31.")]
BlankOption = Annotated[str, typer.Option("--blank", callback=_blank, help="In a table: what an empty cell means: not_assessed or not_applicable.")]


def mapping_of(pairs: list[str] | None) -> dict[str, str]:
    """Return what `--map` says: the column of each criterion. Raises BadInput with every fault."""
    pairs = pairs or []
    faults = [Fault("--map", f"`{pair}` isn't CRITERION=COLUMN") for pair in pairs if "=" not in pair]
    names = [pair.partition("=")[0].strip() for pair in pairs]
    faults += [Fault("--map", f"`{name}` is mapped twice") for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults:
        raise BadInput(faults)
    return {name: pair.partition("=")[2].strip() for name, pair in zip(names, pairs, strict=True)}


def grading_of(bundle: str, frameworks: list[str] | None, reading: str | None, judgements: Path | None) -> Grading:
    """Load a bundle and further judgements as the options name them, and grade."""
    evidence = load_evidence(bundle)
    further = load_judgements(judgements, evidence.standard) if judgements else ()
    return grade(evidence, frameworks or None, reading, further)


def find_rulebook(name: str) -> tuple[Standard, Rulebook]:
    """Return the rulebook that a name or path stands for, with its standard: a rulebook's, or a standard's that has only one."""
    path = Path(name)
    if path.is_file():
        standard = load_standard(path.parent)
        document = read(path)
        return standard, standard.rulebook(str(document.root.get("rulebook", path.stem)))
    if path.is_dir() or (shipped("rules") / name / "standard.yaml").is_file():
        standard = load_standard(name)
        if len(standard.rulebooks) == 1:
            return standard, standard.rulebooks[0]
        names = [f"{standard.standard}/{book.rulebook}" for book in standard.rulebooks]
        raise BadInput.at(name, f"the standard has {len(names)} rulebooks; name one of them ({listing(names)})")
    names_to_folders = {}
    for entry in sorted(shipped("rules").glob("*/*.yaml")):
        if entry.name != "standard.yaml":
            names_to_folders[entry.stem] = names_to_folders[f"{entry.parent.name}/{entry.stem}"] = entry.parent
    if name not in names_to_folders:
        short = [each for each in names_to_folders if "/" not in each]
        raise BadInput.at(name, f"no such rulebook (shipped: {listing(short)}){nearest(name, names_to_folders)}")
    standard = load_standard(names_to_folders[name])
    return standard, standard.rulebook(name.rpartition("/")[2])


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
