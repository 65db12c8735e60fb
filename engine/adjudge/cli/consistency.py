"""The commands that check consistency: agree, consistency, judgements and judge."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from adjudge.cli.shared import Format, FormatOption, ReadingOption, app, render, write


class By(StrEnum):
    """How far figures are broken down."""

    framework = "framework"
    theme = "theme"
    criterion = "criterion"


@app.command(epilog="Examples: adjudge agree hertfordshire-2007 my-coding | adjudge agree first.csv second.csv --by theme --format html")
def agree(
    codings: Annotated[list[str], typer.Argument(metavar="CODING...", help="Two or more bundles (folders or shipped names) or CSV files.")],
    by: Annotated[By, typer.Option("--by", help="How far to break the figures down.")] = By.framework,
    everything: Annotated[bool, typer.Option("--all", help="List every difference, also those that change no proposal.")] = False,
    resamples: Annotated[int, typer.Option("--resamples", min=0, max=100_000, help="Resamples for the intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Where the resampling starts.")] = 2007,
    standard: Annotated[str | None, typer.Option("--standard", help="For CSV files alone: the standard, by name or path.")] = None,
    reading: ReadingOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Compare codings of one report: how far coders agree, where they differ, and which differences change a grade."""
    from adjudge.consistency.agreement_page import agreement_page
    from adjudge.consistency.codings import load_codings
    from adjudge.consistency.comparison import compare

    loaded = load_codings(codings, standard)
    comparison = compare(loaded, by.value, reading, resamples, seed)
    if format is Format.json:
        write(comparison.model_dump_json(indent=1) + "\n")
    else:
        render(agreement_page(comparison, loaded[0].bundle.standard, everything), format)
