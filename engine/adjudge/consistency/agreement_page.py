"""A comparison of codings as a page to read: what changes a grade first, then how far the coders agree, then every difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adjudge.consistency.agreement import CONFIDENCE, FEW, Agreement, Estimate
from adjudge.consistency.influence import Answer, Effect
from adjudge.consistency.results import Change, Comparison, CriterionDifference, Difference, Field, Figure, Said
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import Rulebook, Standard

_FIELDS: dict[Field, str] = {
    "criterion": "criterion",
    "shows": "shows",
    "shows_same_criterion": "shows, same criterion",
    "basis": "basis",
    "status": "status",
}
_INDENT = "\N{NO-BREAK SPACE}" * 2
_TAKEN_ALONE: dict[Change, str] = {
    "status": "a status changes and no proposal",
    "nothing": "nothing changes",
}


def agreement_page(comparison: Comparison, standard: Standard, everything: bool = False) -> Page:
    """Return the page of a comparison; with ``everything``, also each difference that changes no proposal and no range."""
    words = _Words(standard)
    sections = [
        Section("Disagreements that change a proposal", _changing(comparison, words, "grade")),
        Section("Disagreements that change a range only", _changing(comparison, words, "range")),
        Section("What bridges proposals that differ", tuple(_bridges(comparison, words))),
        Section("Other disagreements", _others(comparison, words, everything)),
        Section("Before you use the figures", tuple(_cautions(comparison, words))),
        Section("Coded by some only", tuple(_missing(comparison, words))),
    ]
    return Page(
        title=f"Agreement of {len(comparison.codings)} codings · {comparison.body}",
        lead=(f"{standard.title} · reading: {comparison.reading}", *_coverage(comparison)),
        tables=(_proposals(comparison, words), *_figures(comparison, words)),
        sections=tuple(section for section in sections if section.items),
        closing=tuple(_closing(comparison)),
    )


class _Words:
    """What ids are called in a standard."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.books: dict[str, Rulebook] = {book.rulebook: book for book in standard.rulebooks}

    def framework(self, framework: str) -> str:
        return self.books[framework].title if framework in self.books else framework.replace("-", " ").capitalize()

    def answer(self, answer: Answer) -> str:
        if answer.low is None or answer.high is None:
            return "–"
        grades = self.standard.grades
        name = grades[answer.grade] if answer.grade else "open"
        return name if answer.low == answer.high else f"{name} ({grades[answer.low]}–{grades[answer.high]})"

    def status(self, status: str) -> str:
        return self.standard.statuses.get(status, status.replace("_", " "))

    def names(self, figure: Figure) -> list[str]:
        """What a figure is narrowed to: the framework, its theme, its criterion."""
        if figure.framework is None:
            return ["over all"]
        found = [self.framework(figure.framework)]
        book = self.books.get(figure.framework)
        if figure.theme:
            found.append(book.themes[figure.theme] if book else figure.theme.replace("-", " "))
        if figure.criterion:
            found.append(book.by_id[figure.criterion].title if book else figure.criterion.replace("-", " "))
        return found

    def where(self, figure: Figure) -> str:
        """A figure's row: the last of its names, indented under those above."""
        names = self.names(figure)
        return _INDENT * (len(names) - 1) + names[-1]

    def place(self, figure: Figure) -> str:
        """A figure named in full."""
        return ", ".join(self.names(figure))


def _coverage(comparison: Comparison) -> Iterator[str]:
    for each in comparison.coverage:
        line = f"{each.coding}: {each.records} records of {each.findings} findings" if each.records else f"{each.coding}: {each.criteria} statuses"
        line += f", {each.findings - each.shared} of them not coded by all" if each.findings > each.shared else ""
        yield line + (f"; for its proposals {each.borrowed} more are taken from the others" if each.borrowed else "")
    for place in comparison.other_text[:1]:
        more = len(comparison.other_text) - 1
        also = f" (and {more} more)" if more else ""
        yield f"Beware: the codings cite different texts under {place}{also}; they may not come from one edition of the report."


def _proposals(comparison: Comparison, words: _Words) -> Table:
    rows = [(each.title, *(words.answer(answer) for answer in each.answers), "same" if each.same else "differ") for each in comparison.frameworks]
    return Table(("framework", *comparison.codings, "proposals"), tuple(rows))


def _printed(comparison: Comparison) -> Iterator[tuple[Field, list[Figure]]]:
    """The figures of each field that are printed: where something was compared. Those of findings put to one criterion by all only where that
    isn't all of them.
    """
    by_field = {field: [each for each in comparison.figures if each.field == field] for field in _FIELDS}
    if [each.agreement for each in by_field["shows"] if not each.criterion] == [each.agreement for each in by_field["shows_same_criterion"]]:
        by_field["shows_same_criterion"] = []
    for field, figures in by_field.items():
        compared = [figure for figure in figures if figure.agreement.compared]
        if compared:
            yield field, compared


def _figures(comparison: Comparison, words: _Words) -> Iterator[Table]:
    """A table for each field."""
    for field, figures in _printed(comparison):
        coefficient = "AC1" if figures[0].agreement.level == "nominal" else "AC2"
        yield Table((_FIELDS[field], "compared", "agree", "alpha", coefficient), tuple(_row(figure, words) for figure in figures))


def _row(figure: Figure, words: _Words) -> tuple[str, ...]:
    return words.where(figure), *figure_cells(figure.agreement)


def figure_cells(found: Agreement) -> tuple[str, ...]:
    """Return how many were compared, percent agreement, alpha and AC, each with its interval, as a row of a table says them."""
    few = " (few)" if 0 < found.compared < FEW else ""
    return f"{found.compared:,}{few}", _percent(found.percent), _alpha(found), _number(found.ac)


def _percent(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    digits = _digits(estimate.value)
    interval = "" if estimate.low is None else f" ({estimate.low * 100:.{digits}f} to {(estimate.high or 0) * 100:.{digits}f})"
    return f"{estimate.value:.{digits}%}{interval}"


def _digits(share: float) -> int:
    """Whole per cent will do, but for a share that only rounding would make 100%."""
    return 1 if 0.995 <= share < 1 else 0


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    interval = "" if estimate.low is None else f" ({estimate.low:.2f} to {estimate.high:.2f})"
    return f"{estimate.value:.2f}{interval}"


def _alpha(found: Agreement) -> str:
    return "no variation" if found.alpha.value is None and found.compared else _number(found.alpha)


def _changing(comparison: Comparison, words: _Words, change: Change) -> tuple[Item, ...]:
    items = [_finding(each, words, (change,)) for each in comparison.findings if each.changes == change]
    items += [_criterion(each, comparison.codings, words, (change,)) for each in comparison.criteria if each.changes == change]
    if not items and change == "grade":
        items.append(Item("None: no finding and no criterion, taken alone as another coder has it, changes a proposal."))
    return tuple(items)


def _finding(each: Difference, words: _Words, changes: Sequence[Change]) -> Item:
    lines = [Item(_said(said, words)) for said in each.said]
    lines += [Item(_effect(effect, words)) for effect in each.effects if effect.changes in changes]
    differs = "recorded by some only" if each.differs_in == ("recorded",) else f"differs in {', '.join(each.differs_in).replace('_', ' ')}"
    return Item(f"{words.framework(each.framework)}, {each.citation}: {differs}", tuple(lines))


def _said(said: Said, words: _Words) -> str:
    if said.record is None:
        return f"{said.coding}: no such record"
    shows = f"{said.criterion} {(said.shows or '').replace('_', ' ')}"
    also = "".join(f", {criterion} {status.replace('_', ' ')}" for criterion, status in said.also.items())
    unit = f", in {said.unit}" if said.unit != "whole" else ""
    date = f", {said.date}" if said.date != str(words.standard.period) else ""
    duplicate = f", a duplicate of {said.duplicate_of}" if said.duplicate_of else ""
    summary = f": {said.summary}" if said.summary else ""
    return f"{said.coding} ({said.record}): {shows}{also}; {(said.basis or '').replace('_', ' ')}{unit}{date}{duplicate}{summary}"


def _effect(effect: Effect, words: _Words) -> str:
    statuses = ", ".join(f"{each.criterion} {words.status(each.before)} → {words.status(each.after)}" for each in effect.statuses)
    if effect.changes == "status":
        return f"{words.framework(effect.framework)} of {effect.coding}, if coded as by {effect.as_coded_by}: {statuses}"
    change = f"{words.answer(effect.before)} → {words.answer(effect.after)}"
    return f"{words.framework(effect.framework)} of {effect.coding}: {change}, if coded as by {effect.as_coded_by} ({statuses})"


def _criterion(each: CriterionDifference, codings: Sequence[str], words: _Words, changes: Sequence[Change]) -> Item:
    said = ", ".join(f"{coding} {words.status(status)}" for coding, status in zip(codings, each.statuses, strict=True) if status)
    lines = tuple(Item(_effect(effect, words)) for effect in each.effects if effect.changes in changes and effect.changes != "status")
    return Item(f"{words.framework(each.framework)}, all findings on {each.criterion} ({each.title}): {said}", lines)


def _bridges(comparison: Comparison, words: _Words) -> Iterator[Item]:
    for each in comparison.frameworks:
        for bridge in each.bridges:
            mine, theirs = (each.answers[comparison.codings.index(name)] for name in (bridge.coding, bridge.as_coded_by))
            text = f"{each.title}: {bridge.coding} gives {words.answer(mine)}, {bridge.as_coded_by} {words.answer(theirs)}"
            together = "one criterion is enough" if len(bridge.criteria) == 1 else f"{len(bridge.criteria)} criteria together"
            yield Item(text, (Item(f"as coded by {bridge.as_coded_by}, {together}: {', '.join(bridge.criteria)}"),))


def _others(comparison: Comparison, words: _Words, everything: bool) -> tuple[Item, ...]:
    rest: list[Item] = []
    for change in _TAKEN_ALONE:
        findings = [each for each in comparison.findings if each.changes == change]
        criteria = [each for each in comparison.criteria if each.changes == change]
        listed: tuple[Item, ...] = ()
        if everything:
            listed = (
                *(_finding(each, words, ("status",)) for each in findings),
                *(_criterion(each, comparison.codings, words, ()) for each in criteria),
            )
        if findings or criteria:
            hint = "" if everything else "; --all lists them"
            counts = [_count(len(findings), "finding", "findings"), _count(len(criteria), "criterion", "criteria")]
            rest.append(Item(f"{' and '.join(each for each in counts if each)} coded differently: taken alone, {_TAKEN_ALONE[change]}{hint}", listed))
    return tuple(rest)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _cautions(comparison: Comparison, words: _Words) -> Iterator[Item]:
    """What to know before the figures are used, each said once, with the figures that it is about; fewer than a few compared are only called few."""
    figures = [figure for _, group in _printed(comparison) for figure in group]
    enough = [figure for figure in figures if figure.agreement.compared >= FEW]
    dominated = [_dominated(figure, words) for figure in enough if _has(figure, "prevalence")]
    if dominated:
        text = (
            "One code dominates: coders nearly always agree, yet alpha is low, because it takes most agreement on a common code for chance. "
            "AC1 and AC2 don't. Read both, and look at the differences themselves."
        )
        yield Item(text, tuple(dominated))
    unsure = [_undefined(figure, comparison.resamples, words) for figure in enough if _has(figure, "resamples")]
    if unsure:
        yield Item("Resamples in which alpha is undefined are left out of its interval.", tuple(unsure))
    if any(_has(figure, "no_variation") for figure in figures):
        yield Item("No variation: every code was the same, so alpha is undefined there, and agreement says little.")
    if any(_has(figure, "few") for figure in figures):
        yield Item(f"Few: fewer than {FEW} compared; the figures can change much with one more.")


def _has(figure: Figure, kind: str) -> bool:
    return any(caution.kind == kind for caution in figure.agreement.cautions)


def _dominated(figure: Figure, words: _Words) -> Item:
    found = figure.agreement
    name = "AC1" if found.level == "nominal" else "AC2"
    most = f"{found.commonest_share:.0%} of the codes are {(found.commonest or '').replace('_', ' ')}"
    share = found.percent.value or 0.0
    figures = f"agree {share:.{_digits(share)}%}, alpha {found.alpha.value:.2f}, {name} {found.ac.value:.2f}"
    return Item(f"{_FIELDS[figure.field]}, {words.place(figure)}: {most}; {figures}")


def _undefined(figure: Figure, resamples: int, words: _Words) -> Item:
    return Item(f"{_FIELDS[figure.field]}, {words.place(figure)}: {resamples - figure.agreement.alpha.defined} of {resamples}")


def _missing(comparison: Comparison, words: _Words) -> Iterator[Item]:
    """Who alone coded what: a line for each framework, with the numbers of the paragraphs in each section."""
    by_coder: dict[tuple[str, ...], dict[str, dict[str, list[int]]]] = {}
    for each in comparison.missing:
        section, _, number = each.citation.rpartition(" ")
        by_coder.setdefault(each.coded_by, {}).setdefault(each.framework, {}).setdefault(section, []).append(int(number))
    for coders, frameworks in by_coder.items():
        lines = []
        for framework, sections in frameworks.items():
            listed = "; ".join(f"{section} {_runs(numbers)}" for section, numbers in sections.items())
            lines.append(Item(f"{words.framework(framework)}: {listed}"))
        count = sum(len(numbers) for sections in frameworks.values() for numbers in sections.values())
        yield Item(f"{_count(count, 'finding', 'findings')} coded by {_names(coders)} only", tuple(lines))


def _runs(numbers: Sequence[int]) -> str:
    """Numbers in order as one says them: 1–4, 9, 11–12."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _names(names: Iterable[str]) -> str:
    return " and ".join(names)


def _closing(comparison: Comparison) -> Iterator[str]:
    if comparison.resamples:
        yield (
            f"In brackets: {CONFIDENCE:.0%} intervals from {comparison.resamples} resamples of the findings (for status, of the criteria), "
            f"seed {comparison.seed}."
        )
    else:
        yield f"No intervals were asked for (seed {comparison.seed}, 0 resamples)."
    if comparison.judgements_left_aside:
        yield f"Judgements ({comparison.judgements_left_aside}) are left aside: codings are compared by what the evidence alone gives."
