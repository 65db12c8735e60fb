"""The commands of the national picture: national and synthesise."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import Format, FormatOption, ReadingOption, app, render, write


class Which(StrEnum):
    """Which grades a heat map shows."""

    proposed = "proposed"
    published = "published"


@app.command(epilog="Examples: adjudge national hertfordshire-2007 | adjudge national evidence/* --chart heat-map.svg")
def national(
    bundles: Annotated[list[str], typer.Argument(metavar="BUNDLE...", help="Bundles of one standard: folders or shipped names.")],
    chart: Annotated[Path | None, typer.Option("--chart", help="Draw a heat map of bodies by frameworks to this SVG file.")] = None,
    grades: Annotated[Which, typer.Option("--grades", help="Which grades the heat map shows.")] = Which.proposed,
    reading: ReadingOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Show how often each grade was published and is proposed, and where each body stands among the others."""
    from adjudge.bundles import load_evidence
    from adjudge.consistency.national import national_picture
    from adjudge.consistency.national_page import heat_map_svg, national_page

    loaded = [load_evidence(each) for each in bundles]
    picture = national_picture(loaded, reading)
    standard = loaded[0].standard
    if chart:
        from adjudge.charts import write_svg

        write_svg(chart, heat_map_svg(picture, standard, grades.value))
    if format is Format.json:
        write(picture.model_dump_json(indent=1) + "\n")
    else:
        render(national_page(picture, standard), format)


@app.command(epilog="Example: adjudge synthesise --out synthetic --seed 2007")
def synthesise(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="A new folder, for a bundle a body.")],
    like: Annotated[str, typer.Option("--like", help="The bundle whose published national distributions are followed.")] = "hertfordshire-2007",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Where the drawing starts: the same seed gives the same set.")] = 2007,
    bodies: Annotated[int | None, typer.Option("--bodies", help="How many bodies [as many as were published].")] = None,
    format: FormatOption = Format.text,
) -> None:
    """Make up a national set of bundles that follow the published distributions, marked synthetic in every record and title."""
    from adjudge.bundles import load_evidence
    from adjudge.consistency.national_page import synthesis_page
    from adjudge.consistency.synthesis import synthesise as made_up
    from adjudge.consistency.synthesis import write_synthetic
    from adjudge.documents import shown

    bundle = load_evidence(like)
    made, found = made_up(bundle, seed, bodies)
    write_synthetic(found, out)
    if format is Format.json:
        write(made.model_dump_json(indent=1) + "\n")
    else:
        render(synthesis_page(made, bundle.standard, shown(out)), format)
