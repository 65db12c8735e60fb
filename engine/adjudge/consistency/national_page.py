"""The national picture and synthetic sets as pages to read, and the picture's heat map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from adjudge.consistency.national import OPEN, NationalPicture, Place, Standing
from adjudge.consistency.synthesis import Synthesis
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import Standard

Which = Literal["published", "proposed"]


def national_page(picture: NationalPicture, standard: Standard) -> Page:
    """Return the page of a picture: the distributions, the place of each body, and the heat map's table."""
    mark = "SYNTHETIC · " if picture.synthetic else ""
    agree, comparable = (sum(getattr(each, name) for each in picture.frameworks) for name in ("agree", "comparable"))
    lead = [f"{standard.title} · {'default reading' if picture.reading == 'default' else f'reading: {picture.reading}'}"]
    if comparable:
        lead.append(f"{agree:,} of {comparable:,} settled proposals are the published grade.")
    if picture.synthetic:
        lead.append("Synthetic bodies are among these: made for demonstrations, tests and load. No such force was inspected.")
    tables = [_distributions(picture, standard), *(_heat_tables(picture, standard) if picture.bodies > 1 else ())]
    sections = [Section("Where the body stands", tuple(_standings(picture, standard)))] if picture.bodies == 1 else []
    if picture.bodies > 1 and any(each.published for each in picture.places):
        lead.append("In the table of bodies a published grade stands in brackets where it is another than the one proposed.")
    sections.append(Section("Before you use the figures", tuple(Item(line) for line in _cautions(picture))))
    return Page(
        title=f"{mark}National picture of {picture.bodies:,} {'body' if picture.bodies == 1 else 'bodies'}",
        lead=tuple(lead),
        tables=tuple(tables),
        sections=tuple(section for section in sections if section.items),
        closing=(f"Standard {picture.standard} {picture.edition}; reading: {picture.reading}.",),
    )


def _distributions(picture: NationalPicture, standard: Standard) -> Table:
    """A row for each distribution of each framework; a single body's own grades aren't one."""
    with_open = any(each.proposed[OPEN] for each in picture.frameworks)
    rows = []
    for each in picture.frameworks:
        last = ("",) if with_open else ()
        if each.national is not None:
            rows.append((each.title, "national", *(str(each.national[name]) for name in standard.grades), *last))
        if sum(each.published.values()) > 1:
            rows.append((each.title, "published", *(str(each.published[name]) for name in standard.grades), *last))
        if picture.bodies > 1 or each.national is None:
            proposed = tuple(str(each.proposed[name]) for name in (*standard.grades, *((OPEN,) if with_open else ())))
            rows.append((each.title, "proposed", *proposed))
    header = ("framework", "distribution", *standard.grades.values(), *((OPEN,) if with_open else ()))
    return Table(header, tuple(rows))


def _heat_tables(picture: NationalPicture, standard: Standard) -> Iterator[Table]:
    """A row for each body, a column for each framework: the grade proposed, and the published one where it is another."""
    cells: dict[str, dict[str, str]] = {}
    for each in picture.places:
        proposed = standard.grades[each.proposed.grade] if each.proposed.grade else OPEN
        differs = each.published and each.published != each.proposed.grade
        cells.setdefault(each.bundle, {})[each.framework] = (
            f"{proposed} ({standard.grades[each.published]})" if differs and each.published else proposed
        )
    header = ("bundle", *(each.title for each in picture.frameworks))
    yield Table(header, tuple((body, *(row.get(each.framework, "–") for each in picture.frameworks)) for body, row in cells.items()))


def _standings(picture: NationalPicture, standard: Standard) -> Iterator[Item]:
    titles = {each.framework: each.title for each in picture.frameworks}
    for each in picture.places:
        yield Item(titles[each.framework], tuple(_standing_lines(each, standard)))


def _standing_lines(each: Place, standard: Standard) -> Iterator[Item]:
    low, high = each.proposed.low or "", each.proposed.high or ""
    if each.published:
        yield Item(f"published: {standard.grades[each.published]}{_among(each.published_standing)}")
    if each.proposed.grade:
        between = f", between {standard.grades[low]} and {standard.grades[high]}" if low != high else ""
        yield Item(f"proposed: {standard.grades[each.proposed.grade]}{between}{_among(each.proposed_standing)}")
    else:
        yield Item(f"proposed: open, between {standard.grades[low]} and {standard.grades[high]}")


def _among(standing: Standing | None) -> str:
    if standing is None:
        return ""
    total = standing.better + standing.same + standing.worse
    return f"; of {total} bodies {standing.better} were graded better, {standing.same} so, {standing.worse} worse"


def _cautions(picture: NationalPicture) -> Iterator[str]:
    if differing := [each.title for each in picture.frameworks if each.national_differs]:
        yield f"Bundles print different national distributions for {', '.join(differing)}; none is shown."
    if any(each.national for each in picture.frameworks):
        yield "A proposal is set beside grades that were published: what the criteria would have given the other bodies isn't known."
    if opened := sum(each.proposed[OPEN] for each in picture.frameworks):
        yield f"{opened:,} proposals are open: unknown statuses leave more than one grade."


def heat_map_svg(picture: NationalPicture, standard: Standard, which: Which = "proposed") -> str:
    """Return an SVG of bodies by frameworks, coloured by the grade proposed or published. Raises BadInput without altair."""
    from adjudge.charts import heat_map

    titles = {each.framework: each.title for each in picture.frameworks}
    rows = []
    for each in picture.places:
        given = each.published if which == "published" else each.proposed.grade
        if given:
            rows.append({"body": each.body, "framework": titles[each.framework], "grade": standard.grades[given]})
    order = [standard.grades[name] for name in standard.worst_first]
    mark = "SYNTHETIC: " if picture.synthetic else ""
    return heat_map(
        rows, "framework", "body", "grade", order, f"{mark}grades {which}, {picture.bodies} {'body' if picture.bodies == 1 else 'bodies'}"
    )


def synthesis_page(made: Synthesis, standard: Standard, where: str) -> Page:
    """Return the page that says what was made."""
    exactly = "exactly as often as was published" if made.exact else "as nearly in the published proportion as whole bodies allow"
    rows = tuple((each.title, *(str(each.grades[name]) for name in standard.grades)) for each in made.frameworks)
    return Page(
        title=f"SYNTHETIC · {made.bodies:,} {'body' if made.bodies == 1 else 'bodies'} made up from seed {made.seed}",
        lead=(
            f"Each grade is given {exactly} ({made.like}); under the default reading each proposal settles on it.",
            "No such body was inspected: for demonstrations, tests and load only. Frameworks are drawn apart from each other.",
        ),
        tables=(Table(("framework", *standard.grades.values()), rows),),
        closing=(f"Written to {where}: {made.bundles[0]} to {made.bundles[-1]}.",),
    )
