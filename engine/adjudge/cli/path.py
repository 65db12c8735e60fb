"""The command that says what it would take: path."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adjudge.cli.shared import BundleArgument, Format, FormatOption, JudgementsOption, ReadingOption, app, grading_of, render, write
from adjudge.errors import BadInput, Fault

if TYPE_CHECKING:
    from adjudge.grading import Grading
    from adjudge.page import Page
    from adjudge.whatif.path_output import PathOut

PUBLISHED = "published"


@app.command(
    epilog="Examples: adjudge path hertfordshire-2007 | adjudge path hertfordshire-2007 child-abuse --to good | "
    "adjudge path hertfordshire-2007 domestic-violence --to published"
)
def path(
    bundle: BundleArgument,
    framework: Annotated[str | None, typer.Argument(metavar="[FRAMEWORK]", help="The framework; without it, how close all of them are.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="GRADE", help="The grade to reach, up or down; or published: what leads to it.")] = None,
    keep_fixed: Annotated[str | None, typer.Option("--keep-fixed", metavar="A,B", help="Criteria that stay as they are.")] = None,
    only: Annotated[str | None, typer.Option("--only", metavar="A,B", help="The only criteria that may move.")] = None,
    deliverable: Annotated[bool, typer.Option("--deliverable", help="Only criteria that a recommendation addresses may move.")] = False,
    costs: Annotated[Path | None, typer.Option("--costs", help="A YAML or CSV file of what each criterion costs to move.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many smallest ways to list.")] = 20,
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Say what it would take to reach a grade, and how close the next ones are: the smallest set of criteria, solved exactly."""
    _check_options(framework, to, {"--keep-fixed": keep_fixed, "--only": only, "--deliverable": deliverable or None, "--costs": costs})
    grading = grading_of(bundle, [framework] if framework else None, reading, judgements)
    if to is None:
        page, out = _close(grading, framework is not None, limit)
    elif to == PUBLISHED:
        page, out = _published(grading, limit)
    else:
        page, out = _to_grade(grading, to, keep_fixed, only, deliverable, costs, limit)
    if format is Format.json:
        write(out.model_dump_json(indent=1) + "\n")
    else:
        render(page, format)


def _check_options(framework: str | None, to: str | None, narrowing: Mapping[str, object]) -> None:
    faults = []
    if to is not None and framework is None:
        faults.append(Fault("--to", "a path is of one framework; name it after the bundle"))
    if to is None or to == PUBLISHED:
        faults += [Fault(option, "goes with a grade to reach; add `--to` and the grade") for option, value in narrowing.items() if value is not None]
    elif narrowing["--only"] is not None and narrowing["--deliverable"]:
        faults.append(Fault("--only", "goes without `--deliverable`; give one of them"))
    if faults:
        raise BadInput(faults)


def _close(grading: Grading, single: bool, limit: int) -> tuple[Page, PathOut]:
    from adjudge.whatif.path_output import path_out
    from adjudge.whatif.path_page import addressed_by, overview_page, tipping_page
    from adjudge.whatif.tipping import tipping

    units = tuple(grading.bundle.body.units)
    found = [tipping(proposal, units, limit) for proposal in grading]
    if single:
        proposal = grading.proposals[0]
        addressed = addressed_by(grading.bundle.recommendations, proposal.framework)
        return tipping_page(proposal, grading.bundle.body.title, found[0], addressed), path_out(grading, found)
    return overview_page(grading, found), path_out(grading, found)


def _published(grading: Grading, limit: int) -> tuple[Page, PathOut]:
    from adjudge.whatif.path_output import path_out
    from adjudge.whatif.path_page import published_page
    from adjudge.whatif.published import to_published

    proposal = grading.proposals[0]
    found = to_published(proposal, limit)
    return published_page(proposal, grading.bundle.body.title, found), path_out(grading, published=found)


def _to_grade(
    grading: Grading, to: str, keep_fixed: str | None, only: str | None, deliverable: bool, costs: Path | None, limit: int
) -> tuple[Page, PathOut]:
    from adjudge.whatif.costs import load_costs
    from adjudge.whatif.path import path_to
    from adjudge.whatif.path_output import path_out
    from adjudge.whatif.path_page import addressed_by, path_page

    proposal = grading.proposals[0]
    addressed = addressed_by(grading.bundle.recommendations, proposal.framework)
    fixed, named = _names(keep_fixed), _names(only) if only is not None else tuple(addressed) if deliverable else None
    prices = load_costs(costs, proposal.rulebook) if costs else None
    found = path_to(proposal, to, fixed, named, prices, limit)
    told = [f"Kept as they are: {', '.join(proposal.status(each).criterion.title for each in fixed)}."] if fixed else []
    if named is not None:
        what = "what a recommendation addresses" if deliverable else "what was named"
        told.append(f"Only {what} may move: {len(named)} of {len(proposal.statuses)} criteria.")
    return path_page(proposal, grading.bundle.body.title, found, addressed, prices, " ".join(told)), path_out(grading, paths=found)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip())) if text else ()
