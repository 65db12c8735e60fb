"""Compare codings of one report: how far they agree, where they differ, and which differences change a grade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from adjudge.consistency import influence
from adjudge.consistency.agreement import RESAMPLES, SEED, Level, Unit, agreement
from adjudge.consistency.alignment import Aligned, Completed, align, complete, differs_in, speaks
from adjudge.consistency.codings import Coding
from adjudge.consistency.influence import Answer, Effect
from adjudge.consistency.results import (
    CHANGES,
    Bridge,
    By,
    Change,
    Comparison,
    Coverage,
    CriterionDifference,
    Difference,
    Field,
    Figure,
    FrameworkAnswers,
    Missing,
    Said,
)
from adjudge.errors import BadInput
from adjudge.evidence import Record
from adjudge.grading import grade, propose
from adjudge.language import shown_value
from adjudge.proposal import Proposal
from adjudge.rulebook import Rulebook, Standard
from adjudge.version import __version__


def compare(
    codings: Sequence[Coding],
    by: By = "criterion",
    reading: str | Mapping[str, str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare two or more codings of one body by one standard.

    ``by`` says how far the figures are broken down. Judgements are left aside: codings are compared by what the evidence alone gives.
    Raises BadInput for fewer than two codings, an unknown reading, or codings that share no framework.
    """
    if len(codings) < 2:
        raise BadInput.at("codings", "give at least two codings to compare")
    standard = codings[0].bundle.standard
    chosen = standard.reading(reading)
    names = tuple(coding.name for coding in codings)
    books = [standard.rulebook(framework) for framework in codings[0].bundle.frameworks if sum(speaks(each, framework) for each in codings) > 1]
    if not books:
        raise BadInput.at(names[1], f"shares no framework with {names[0]}, so there is nothing to compare")
    of_findings = [coding for coding in codings if coding.statuses is None]
    aligned = align(of_findings)
    whole = {each.coding.name: each for each in complete(codings)}
    proposals = _proposals(list(whole.values()), books, reading)
    figures = [*_finding_figures(aligned, standard, codings[0], by, resamples, seed)] if len(of_findings) > 1 else []
    figures += _status_figures(books, whole, proposals, by, resamples, seed)
    return Comparison(
        adjudge=__version__,
        body=codings[0].bundle.body.title,
        standard=standard.standard,
        reading=chosen.name,
        codings=names,
        resamples=resamples,
        seed=seed,
        judgements_left_aside=sum(len(coding.bundle.judgements) for coding in codings),
        coverage=tuple(_coverage(codings, whole, books)),
        missing=tuple(_missing(aligned, of_findings)),
        other_text=tuple(_other_text(aligned)),
        frameworks=tuple(_answers(standard, book, names, proposals) for book in books),
        figures=tuple(figures),
        findings=tuple(_worst_first(_differences(aligned, [whole[coding.name].coding for coding in of_findings], proposals))),
        criteria=tuple(_worst_first(_criterion_differences(standard, books, names, proposals))),
    )


Proposals = Mapping[str, Mapping[str, Proposal]]


def _proposals(whole: Sequence[Completed], books: Sequence[Rulebook], reading: str | Mapping[str, str] | None) -> Proposals:
    """The proposal of each coding for each framework that it speaks of; a criterion without a status has that of the first coding that gives one."""
    found: dict[str, dict[str, Proposal]] = {each.coding.name: {} for each in whole}
    for book in books:
        here = [each.coding for each in whole if speaks(each.coding, book.rulebook)]
        given: dict[str, Mapping[str, str]] = {coding.name: coding.statuses[book.rulebook] for coding in here if coding.statuses is not None}
        for coding in here:
            if coding.statuses is None:
                proposal = found[coding.name][book.rulebook] = grade(coding.bundle, [book.rulebook], reading).proposals[0]
                given[coding.name] = {each.criterion.id: each.status for each in proposal.statuses}
        for coding in here:
            if coding.statuses is not None:
                statuses: dict[str, str] = {}
                for name in (coding.name, *(other.name for other in here)):
                    statuses = {**given[name], **statuses}
                found[coding.name][book.rulebook] = propose(coding.bundle.standard, book.rulebook, statuses, reading)
    return found


def _coverage(codings: Sequence[Coding], whole: Mapping[str, Completed], books: Sequence[Rulebook]) -> Iterator[Coverage]:
    cited = {
        coding.name: {(each.framework, each.section, each.paragraph) for each in coding.bundle.records}
        for coding in codings
        if coding.statuses is None
    }
    for coding in codings:
        if coding.statuses is None:
            own = cited[coding.name]
            shared = len(set.intersection(*cited.values()))
            records = len(coding.bundle.records)
            yield Coverage(coding=coding.name, records=records, findings=len(own), shared=shared, borrowed=whole[coding.name].findings)
        else:
            given = sum(len(statuses) for statuses in coding.statuses.values())
            left_out = sum(len(book.criteria) - len(coding.statuses[book.rulebook]) for book in books if book.rulebook in coding.statuses)
            yield Coverage(coding=coding.name, criteria=given, borrowed=left_out)


def _finding_figures(aligned: Sequence[Aligned], standard: Standard, like: Coding, by: By, resamples: int, seed: int) -> Iterator[Figure]:
    books = {book.rulebook: book for book in standard.rulebooks}
    heirs = {framework: [books[framework]] for framework in books} | {
        source: [books[heir] for heir in inheriting] for source, inheriting in like.bundle.inherited_by.items()
    }
    frameworks = list(dict.fromkeys(each.framework for each in aligned))
    choices = {name: [c for c in heirs[name][0].by_id if all(c in book.by_id for book in heirs[name])] for name in frameworks}

    def theme(each: Aligned) -> str | None:
        themes = {heirs[each.framework][0].by_id[record.criterion].theme for record in each.records if record}
        return themes.pop() if len(themes) == 1 else None

    def criterion(each: Aligned) -> str | None:
        return next(record.criterion for record in each.records if record) if each.same("criterion") else None

    def figure(field: Field, units: Iterable[Unit], values: Sequence[str], level: Level, *where: str | None) -> Figure:
        framework, theme_id, criterion_id = (*where, None, None, None)[:3]
        found = agreement(list(units), values, level, resamples, seed)
        return Figure(field=field, framework=framework, theme=theme_id, criterion=criterion_id, agreement=found)

    def fields(group: Sequence[Aligned], *where: str | None) -> Iterator[Figure]:
        if len(where) < 2:
            named = where if where else frameworks
            values = [f"{name}/{choice}" for name in named for choice in choices[name or ""]]
            units: list[Unit] = [[f"{each.framework}/{record.criterion}" if record else None for record in each.records] for each in group]
            yield figure("criterion", units, values, "nominal", *where)
        shows = list(standard.statuses)
        group = [each for each in group if all(record is None or record.shows in shows for record in each.records)]
        yield figure("shows", _codes(group, "shows"), shows, "ordinal", *where)
        if len(where) < 3:
            same = [each for each in group if each.same("criterion")]
            yield figure("shows_same_criterion", _codes(same, "shows"), shows, "ordinal", *where)
        yield figure("basis", _codes(group, "basis"), list(standard.bases), "nominal", *where)

    yield from fields(aligned)
    for name in frameworks:
        own = [each for each in aligned if each.framework == name]
        yield from fields(own, name)
        for theme_id in heirs[name][0].themes if by != "framework" else ():
            if group := [each for each in own if theme(each) == theme_id]:
                yield from fields(group, name, theme_id)
            for criterion_id in choices[name] if by == "criterion" else ():
                alike = [each for each in group if criterion(each) == criterion_id]
                if alike:
                    yield from fields(alike, name, theme_id, criterion_id)


def _codes(group: Iterable[Aligned], name: str) -> list[Unit]:
    return [[getattr(record, name) if record else None for record in each.records] for each in group]


def _status_figures(
    books: Sequence[Rulebook], whole: Mapping[str, Completed], proposals: Proposals, by: By, resamples: int, seed: int
) -> Iterator[Figure]:
    units: dict[tuple[str, str | None, str], list[str | None]] = {}
    ranks: Sequence[str] = ()
    for book in books:
        for criterion in book.criteria:
            row: list[str | None] = []
            for name, completed in whole.items():
                proposal = proposals[name].get(book.rulebook)
                ranks = list(proposal.standard.statuses) if proposal else ranks
                row.append(_own_status(proposal, criterion.id, completed) if proposal else None)
            units[book.rulebook, criterion.theme, criterion.id] = row

    def figure(framework: str | None = None, theme: str | None = None) -> Figure:
        chosen = [row for (f, t, _), row in units.items() if framework in (None, f) and theme in (None, t)]
        found = agreement(chosen, ranks, "ordinal", resamples, seed)
        return Figure(field="status", framework=framework, theme=theme, agreement=found)

    yield figure()
    for book in books:
        yield figure(book.rulebook)
        if by in ("theme", "criterion"):
            yield from (figure(book.rulebook, theme) for theme in book.themes if any((f, t) == (book.rulebook, theme) for f, t, _ in units))


def _own_status(proposal: Proposal, criterion: str, completed: Completed) -> str | None:
    """A criterion's status where it is one, and only where it, or all that bears on it, is the coding's own."""
    given = completed.coding.statuses
    if given is not None and criterion not in given[proposal.framework]:
        return None
    found = proposal.status(criterion)
    bearing = {support.record.id for support in (*found.records, *found.outweighed, *found.set_aside)}
    return found.status if found.status in proposal.standard.statuses and not bearing & completed.borrowed else None


def _missing(aligned: Iterable[Aligned], codings: Sequence[Coding]) -> Iterator[Missing]:
    seen = set()
    for each in aligned:
        place = (each.framework, each.citation)
        if not all(each.covered) and place not in seen:
            seen.add(place)
            coded_by = tuple(coding.name for coding, covered in zip(codings, each.covered, strict=True) if covered)
            yield Missing(framework=each.framework, citation=each.citation, coded_by=coded_by)


def _other_text(aligned: Iterable[Aligned]) -> Iterator[str]:
    """The citations under which codings have different fingerprints: they weren't made from one text."""
    places: dict[str, set[str]] = {}
    for each in aligned:
        found = places.setdefault(f"{each.framework}, {each.citation}", set())
        found.update(record.fingerprint for record in each.records if record and record.fingerprint)
    yield from (place for place, fingerprints in places.items() if len(fingerprints) > 1)


def _differences(aligned: Iterable[Aligned], codings: Sequence[Coding], proposals: Proposals) -> Iterator[Difference]:
    for each in aligned:
        fields = differs_in(each)
        if not fields:
            continue
        effects: list[Effect] = []
        for index, coding in enumerate(codings):
            for other, as_coded_by in enumerate(codings):
                if index != other and each.covered[index] and each.covered[other]:
                    mine, theirs = each.records[index], each.records[other]
                    if mine is theirs is None:
                        continue
                    effects += influence.of_record(coding, mine, theirs, proposals[coding.name], as_coded_by.name)
        yield Difference(
            framework=each.framework,
            section=each.section,
            paragraph=each.paragraph,
            citation=each.citation,
            differs_in=fields,
            said=tuple(_said(coding, record) for coding, record, here in zip(codings, each.records, each.covered, strict=True) if here),
            changes=_change(effects),
            effects=tuple(effects),
        )


def _said(coding: Coding, record: Record | None) -> Said:
    if record is None:
        return Said(coding=coding.name)
    return Said(
        coding=coding.name,
        record=record.id,
        criterion=record.criterion,
        shows=shown_value(record.shows),
        also={criterion: shown_value(value) for criterion, value in record.also.items()},
        basis=record.basis,
        unit=record.unit,
        date=str(record.date),
        duplicate_of=record.duplicate_of,
        summary=record.summary,
    )


def _criterion_differences(
    standard: Standard, books: Sequence[Rulebook], names: Sequence[str], proposals: Proposals
) -> Iterator[CriterionDifference]:
    for book in books:
        spoken = [name for name in names if book.rulebook in proposals[name]]
        for criterion in book.criteria:
            statuses = {name: proposals[name][book.rulebook].status(criterion.id).status for name in spoken}
            if len(set(statuses.values())) == 1:
                continue
            effects = [
                effect
                for name in spoken
                for other in spoken
                if statuses[name] != statuses[other]
                for effect in influence.of_status(proposals[name][book.rulebook], criterion.id, statuses[other], name, other)
            ]
            yield CriterionDifference(
                framework=book.rulebook,
                criterion=criterion.id,
                title=criterion.title,
                statuses=tuple(statuses.get(name, "") for name in names),
                changes=_change(effects),
                effects=tuple(effects),
            )


def _answers(standard: Standard, book: Rulebook, names: Sequence[str], proposals: Proposals) -> FrameworkAnswers:
    here = {name: proposals[name][book.rulebook] for name in names if book.rulebook in proposals[name]}
    first, *others = here
    bridges = tuple(
        Bridge(coding=first, as_coded_by=other, criteria=influence.bridge(here[first], here[other]))
        for other in others
        if influence.answer(here[first]) != influence.answer(here[other])
    )
    answers = tuple(influence.answer(here[name]) if name in here else Answer() for name in names)
    return FrameworkAnswers(framework=book.rulebook, title=book.title, answers=answers, same=not bridges, bridges=bridges)


def _change(effects: Iterable[Effect]) -> Change:
    found = {effect.changes for effect in effects}
    return next((change for change in CHANGES if change in found), "nothing")


D = TypeVar("D", Difference, CriterionDifference)


def _worst_first(differences: Iterable[D]) -> list[D]:
    """Those that change a grade first, then a range, then a status; otherwise in the order of the report."""
    return sorted(differences, key=lambda each: CHANGES.index(each.changes))
