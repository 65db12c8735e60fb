"""The commands that ask what a grade rests on: readings, questions, influence and sensitivity."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from adjudge.bundles import load_evidence, load_judgements
from adjudge.cli.shared import BundleArgument, Format, FormatOption, JudgementsOption, ReadingOption, app, grading_of, render, write
from adjudge.documents import read
from adjudge.errors import BadInput, Fault
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import Standard
from adjudge.whatif.questions import Question, Questions, open_questions
from adjudge.whatif.readings import Case, Outcome, Readings, read_every_way, rows_to_show

FrameworkOption = Annotated[list[str] | None, typer.Option("--framework", help="Only this framework (may be repeated).")]
SeedOption = Annotated[int, typer.Option("--seed", help="The seed of what is drawn.")]


@app.command("readings", epilog="Examples: adjudge readings hertfordshire-2007 | adjudge readings force-a force-b --format md")
def readings_command(
    bundles: Annotated[list[str], typer.Argument(metavar="BUNDLE...", help="Bundles of one standard: folders, or shipped names.")],
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Grade under every admissible reading: what a grade depends on, and which readings the published grades fit."""
    loaded = [load_evidence(bundle) for bundle in bundles]
    further = load_judgements(judgements, loaded[0].standard) if judgements else ()
    found = read_every_way(loaded, reading, further)
    if format is Format.json:
        _json(readings_json(found))
    else:
        title = loaded[0].title if len(loaded) == 1 else f"{len(loaded)} bundles"
        render(readings_page(found, title), format)


@app.command("questions", epilog="Example: adjudge questions hertfordshire-2007 --framework missing-persons")
def questions_command(
    bundle: BundleArgument,
    framework: FrameworkOption = None,
    unknown_only: Annotated[bool, typer.Option("--unknown-only", help="Leave contested criteria as they stand.")] = False,
    probabilities: Annotated[Path | None, typer.Option("--probabilities", help="YAML: criterion: {value: probability}, by framework.")] = None,
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Ask which single piece of evidence would narrow each grade most: unknown and contested criteria, the worst case first."""
    grading = grading_of(bundle, framework, reading, judgements)
    declared = _probabilities(probabilities, [proposal.framework for proposal in grading]) if probabilities else {}
    found = [open_questions(proposal, not unknown_only, declared.get(proposal.framework)) for proposal in grading]
    if format is Format.json:
        _json([questions_json(each) for each in found])
    else:
        render(questions_page(found, grading.bundle.title), format)


@app.command("influence", epilog="Example: adjudge influence hertfordshire-2007 --framework public-protection --contested")
def influence_command(
    bundle: BundleArgument,
    framework: FrameworkOption = None,
    contested: Annotated[bool, typer.Option("--contested", help="Treat contested criteria as open too.")] = False,
    open_: Annotated[list[str] | None, typer.Option("--open", help="Treat this criterion as open too (may be repeated).")] = None,
    seed: SeedOption = 2007,
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Rank the open criteria by how many completions of what is open they still decide."""
    needs_numpy()
    from adjudge.whatif.influence import influence

    grading = grading_of(bundle, framework, reading, judgements)
    found = []
    for proposal in grading:
        there = proposal.rulebook.by_id
        also = [*(proposal.contested if contested else ()), *(name for name in open_ or () if name in there)]
        found.append(influence(proposal, list(dict.fromkeys(also)), seed))
    everywhere = {criterion for proposal in grading for criterion in proposal.rulebook.by_id}
    unknown = [Fault("--open", f"`{name}` isn't a criterion of any of these frameworks") for name in open_ or () if name not in everywhere]
    if unknown:
        raise BadInput(unknown)
    if format is Format.json:
        _json([influence_json(each) for each in found])
    else:
        render(influence_page(found, grading.bundle.title), format)


@app.command("sensitivity", epilog="Example: adjudge sensitivity hertfordshire-2007 --rate 0.1 --draws 1000000 --chart sensitivity.svg")
def sensitivity_command(
    bundle: BundleArgument,
    framework: FrameworkOption = None,
    rate: Annotated[list[float] | None, typer.Option("--rate", help="How often a status is off by one step [0.05, 0.1 and 0.2].")] = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="How many codings are drawn for each rate.")] = 100_000,
    seed: SeedOption = 2007,
    chart: Annotated[Path | None, typer.Option("--chart", help="Also draw the answers to this SVG file.")] = None,
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Ask how often each grade stays if coders err: every status off by one step at a declared rate."""
    needs_numpy()
    from adjudge.whatif.sensitivity import sensitivity

    grading = grading_of(bundle, framework, reading, judgements)
    found = [each for proposal in grading for each in sensitivity(proposal, rate or (0.05, 0.1, 0.2), draws, seed)]
    if chart:
        from adjudge.charts import Row, stacked_bars, write_svg

        grades = grading.bundle.standard.worst_first
        places = {answer: [answer.find(grade) for grade in grades] for each in found for answer in each.answers}
        names = sorted(places, key=lambda answer: [place != 0 for place in places[answer]])
        rows: list[Row] = [
            {"coding": f"{each.framework}, rate {each.rate:g}", "answer": answer, "draws": count, "place": place}
            for each in found
            for place, (answer, count) in enumerate(sorted(each.answers.items(), key=lambda pair: names.index(pair[0])))
        ]
        write_svg(chart, stacked_bars(rows, "coding", "answer", "draws", names, f"Answers if coders err: {grading.bundle.title}"))
    if format is Format.json:
        keys = ("framework", "rate", "draws", "seed", "stays")
        _json([{key: getattr(each, key) for key in keys} | {"answers": dict(each.answers)} for each in found])
    else:
        render(sensitivity_page(found, grading.bundle.title, chart), format)


def needs_numpy() -> None:
    """Raise BadInput, saying how to install it, where numpy is missing."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        raise BadInput.at("adjudge", "this needs numpy: pip install 'adjudge[sweep]'") from None


def _json(content: Any) -> None:
    write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _probabilities(path: Path, frameworks: list[str]) -> dict[str, dict[str, dict[str, Fraction]]]:
    """Read declared probabilities: by framework, criterion and value."""
    document = read(path)
    faults = []
    found: dict[str, dict[str, dict[str, Fraction]]] = {}
    for framework, criteria in document.root.items():
        if framework not in frameworks:
            faults.append(document.key_fault((framework,), f"`{framework}` isn't one of the frameworks asked about"))
            continue
        for criterion, chances in (criteria if isinstance(criteria, dict) else {}).items():
            for value, chance in (chances if isinstance(chances, dict) else {}).items():
                if isinstance(chance, bool) or not isinstance(chance, int | float):
                    faults.append(document.fault((framework, criterion, value), f"expected a probability from 0 to 1, found `{chance}`"))
                else:
                    found.setdefault(framework, {}).setdefault(criterion, {})[value] = Fraction(str(chance))
            if not isinstance(chances, dict):
                faults.append(document.fault((framework, criterion), "expected values with their probabilities"))
        if not isinstance(criteria, dict):
            faults.append(document.fault((framework,), "expected criteria with the probabilities of their values"))
    if faults:
        raise BadInput(faults)
    return found


def _told(standard: Standard, outcome: Outcome) -> str:
    grade, low, high = outcome
    if grade is None:
        return f"open ({standard.grades[low]}–{standard.grades[high]})"
    return standard.grades[grade] if low == high else f"{standard.grades[grade]} ({standard.grades[low]}–{standard.grades[high]})"


def _named(standard: Standard, changes: dict[str, str]) -> str:
    return " and ".join(f"{term.replace('_', ' ')} = {standard.statuses.get(value, value)}" for term, value in changes.items())


def readings_page(found: Readings, title: str) -> Page:
    """Return readings by cases with the published row, what each case depends on, and what fits the published grades."""
    standard = found.standard
    cases = list(found.outcomes)
    one_body = len({bundle for bundle, _ in cases}) == 1
    sections = [_depends(found, cases, one_body)]
    if found.published:
        sections += [_bridges(found, one_body), _fit(found, one_body)]
    table: tuple[Table, ...] = ()
    if one_body:
        rows = [(name, *(_told(standard, found.outcome(case, each.values)) for case in cases)) for name, each in rows_to_show(found)]
        if found.published:
            rows.append(("published", *(standard.grades[found.published[case]] if case in found.published else "–" for case in cases)))
        table = (Table(("reading", *(standard.rulebook(framework).title for _, framework in cases)), tuple(rows)),)
    lead = (
        f"{standard.title} · {len(found.readings)} admissible readings of {len(standard.terms)} terms · shown: those that change an answer alone",
    )
    return Page(title, lead, table, tuple(section for section in sections if section.items), ("By the reference alone.",))


def _case_name(found: Readings, case: Case, one_body: bool) -> str:
    title = found.standard.rulebook(case[1]).title
    return title if one_body else f"{case[0]}, {title}"


def _depends(found: Readings, cases: list[Case], one_body: bool) -> Section:
    items = []
    for case in cases:
        terms = found.depends_on(case)
        told = ", ".join(term.replace("_", " ") for term in terms) if terms else "no term: every admissible reading gives the same"
        items.append(Item(f"{_case_name(found, case, one_body)}: {told}"))
    return Section("Terms that an answer depends on", tuple(items))


def _bridges(found: Readings, one_body: bool) -> Section:
    items = []
    for case, grade in found.published.items():
        name = f"{_case_name(found, case, one_body)}, published {found.standard.grades[grade]}"
        changes = found.bridges(case)
        if not changes:
            items.append(Item(f"{name}: no admissible reading gives it"))
        elif changes == ({},):
            items.append(Item(f"{name}: proposed already"))
        else:
            items.append(Item(f"{name}: {'; or '.join(_named(found.standard, each) for each in changes)}"))
    return Section("The smallest change of reading that gives the published grade", tuple(items))


def _fit(found: Readings, one_body: bool) -> Section:
    most, whole = max(found.fit), len(found.published)
    best = found.best
    told = [Item(_named(found.standard, found.changes(each)) or f"the {found.base.name} reading") for each in best[:5]]
    if len(best) > 5:
        told.append(Item(f"and {len(best) - 5} more with further changes"))
    items = [Item(f"{most} of {whole} at most, by {len(best)} of {len(found.readings)} readings:", tuple(told))]
    if found.unexplained:
        names = tuple(Item(_case_name(found, case, one_body)) for case in found.unexplained)
        items.append(Item(f"no reading explains {len(names)} of them:", names))
    return Section("Published grades that a reading reproduces", tuple(items))


def readings_json(found: Readings) -> dict[str, Any]:
    """Return the readings as JSON: every admissible reading with its outcome for each case."""
    return {
        "standard": found.standard.standard,
        "base": dict(found.base.values),
        "readings": [
            {
                "changes": found.changes(reading),
                "reproduces": found.fit[place],
                "outcomes": [
                    {"bundle": bundle, "framework": framework, "grade": outcome[0], "range": list(outcome[1:])}
                    for (bundle, framework), outcome in ((case, outcomes[place]) for case, outcomes in found.outcomes.items())
                ],
            }
            for place, reading in enumerate(found.readings)
        ],
        "cases": [
            {
                "bundle": case[0],
                "framework": case[1],
                "published": found.published.get(case),
                "depends_on": list(found.depends_on(case)),
                "bridges": list(found.bridges(case)),
            }
            for case in found.outcomes
        ],
        "unexplained": [list(case) for case in found.unexplained],
    }


def questions_page(found: list[Questions], title: str) -> Page:
    """Return for each framework its range and its open questions, the most telling first."""
    sections = []
    for each in found:
        standard = each.proposal.standard
        telling = [question for question in each.questions if len(set(question.answers.values())) > 1]
        items = [_question_item(standard, question) for question in telling]
        silent = [f"{question.criterion.criterion.title} ({question.why})" for question in each.questions if question not in telling]
        items += [Item(f"no answer changes the range: {', '.join(silent)}")] if silent else []
        sections.append(Section(f"{each.proposal.rulebook.title}: {_range_told(standard, each.range)} while all of these are open", tuple(items)))
    lead = ("Unknown and contested criteria, taken as open; those whose least telling answer leaves fewest grades first.",)
    return Page(title, lead, (), tuple(sections))


def _question_item(standard: Standard, question: Question) -> Item:
    answers = reversed(list(question.answers.items()))
    told = tuple(Item(f"{standard.statuses.get(value, value)}: {_range_told(standard, ends)}") for value, ends in answers)
    expected = f", {float(question.expected):.2g} expected" if question.expected is not None else ""
    heading = f"{question.criterion.criterion.title} ({question.why}): leaves {_grades(question.left_at_worst)} at worst{expected}"
    return Item(heading, told)


def _grades(number: int) -> str:
    return f"{number} grade{'' if number == 1 else 's'}"


def _range_told(standard: Standard, ends: tuple[str, str]) -> str:
    low, high = (standard.grades[end] for end in ends)
    return low if low == high else f"{low}–{high}"


def questions_json(found: Questions) -> dict[str, Any]:
    """Return the open questions of one framework as JSON."""
    return {
        "framework": found.proposal.framework,
        "range": list(found.range),
        "questions": [
            {
                "criterion": each.criterion.criterion.id,
                "why": each.why,
                "left_at_worst": each.left_at_worst,
                "settling": each.settling,
                "expected": float(each.expected) if each.expected is not None else None,
                "answers": {value: list(ends) for value, ends in each.answers.items()},
            }
            for each in found.questions
        ],
    }


def influence_page(found: list[Any], title: str) -> Page:
    """Return the open criteria of each framework by rank."""
    sections = []
    for each in found:
        title_of = each.proposal.rulebook.title
        how = f"sampled with seed {each.seed}" if each.seed is not None else "counted"
        heading = f"{title_of}: {len(each.open)} criteria are open, {how}" if each.open else f"{title_of}: nothing is open"
        by_rank: dict[int, list[Any]] = {}
        for rank, influence in each.ranks():
            by_rank.setdefault(rank, []).append(influence)
        sections.append(Section(heading, tuple(_influence_item(each, rank, like) for rank, like in by_rank.items())))
    return Page(title, ("How often an open criterion alone decides the answer, over all completions of the others.",), (), tuple(sections))


def _influence_item(found: Any, rank: int, like: list[Any]) -> Item:
    """Return criteria of one rank in one line."""
    names = ", ".join(found.proposal.status(each.criterion).criterion.title for each in like)
    first = like[0]
    if not first.pivotal:
        return Item(f"never: {names}")
    error = f" (sampled, ±{first.error:.3f})" if first.error is not None else ""
    return Item(f"{rank}. {_share(first.share)} of {first.completions:,} completions{error}: {names}")


def _share(share: float) -> str:
    return "in all" if share == 1 else f"in {share:.1%}" if share >= 0.001 else "in less than 0.1%"


def influence_json(found: Any) -> dict[str, Any]:
    """Return the influences of one framework as JSON."""
    return {
        "framework": found.proposal.framework,
        "open": list(found.open),
        "seed": found.seed,
        "influences": [
            {"rank": rank, "criterion": each.criterion, "pivotal": each.pivotal, "completions": each.completions, "error": each.error}
            for rank, each in found.ranks()
        ],
    }


def sensitivity_page(found: list[Any], title: str, chart: Path | None) -> Page:
    """Return a row for each framework and rate, with the answers drawn."""
    rows = []
    for each in found:
        answers = ", ".join(f"{answer} {count / each.draws:.1%}" for answer, count in each.answers.items())
        rows.append((each.framework, f"{each.rate:g}", f"{each.share:.1%}", answers))
    draws, seed = (found[0].draws, found[0].seed) if found else (0, 0)
    lead = (f"Each known status is off by one step at the rate, independently; {draws:,} codings drawn for each row, seed {seed}.",)
    closing = (f"The shares are drawn: give or take {1.96 * (0.25 / draws) ** 0.5:.1%} at most.",) if draws else ()
    return Page(
        title,
        lead,
        (Table(("framework", "rate", "stays", "answers"), tuple(rows)),),
        (),
        (*closing, *((f"Chart: {chart}",) if chart else ())),
    )
