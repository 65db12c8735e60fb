"""Load a bundle of evidence from its files, and check it against its standard: every fault of every file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adjudge.documents import Document, M, Path_, build, files, find, read
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.evidence import (
    Bundle,
    BundleFile,
    ContextFile,
    DevelopingPracticeFile,
    GlossaryFile,
    Judgement,
    JudgementsFile,
    PublishedFile,
    Recommendation,
    RecommendationsFile,
    Record,
    RecordEntry,
    RecordsFile,
)
from adjudge.rulebook import NOT_APPLICABLE, WHOLE, Criterion, Rulebook, Standard
from adjudge.standards import load_standard


def load_evidence(where: str | Path, standard: Standard | None = None) -> Bundle:
    """Load a bundle from its folder or by a shipped name, and check it against its standard (found by name unless given).

    Raises BadInput with every fault of every file.
    """
    folder = find("evidence", where, "bundle")
    if folder.is_file():
        folder = folder.parent
    faults: list[Fault] = []
    if not (folder / "bundle.yaml").is_file():
        raise BadInput.at(str(folder), "no bundle.yaml in this folder")
    about = _load(folder / "bundle.yaml", BundleFile, faults)
    if about is None:
        raise BadInput(faults)
    document, file = about
    if standard is None:
        beside = Path(os.path.abspath(folder)).parent.parent / "rules" / file.standard
        try:
            standard = load_standard(beside if beside.is_dir() else file.standard)
        except BadInput as error:
            unknown = f"standard `{file.standard}`: "
            there = [document.fault(("standard",), unknown + each.message) if each.file == file.standard else each for each in error.faults]
            raise BadInput([*faults, *there]) from None
    elif file.standard != standard.standard:
        faults.append(document.fault(("standard",), f"the bundle is for standard `{file.standard}`, not `{standard.standard}`"))
    for index, framework in enumerate(file.graded):
        if framework not in {book.rulebook for book in standard.rulebooks}:
            faults.append(_unknown(document, ("graded", index), framework, "framework", [book.rulebook for book in standard.rulebooks]))
    before = len(faults)
    records, inherited, headings = _load_records(folder, file, standard, faults)
    frameworks = [*(book.rulebook for book in standard.rulebooks), *inherited] if len(faults) == before else None
    judged = folder / "judgements.yaml"
    judgements = load_judgements(judged, standard, faults) if judged.exists() or judged.is_symlink() else ()
    published = _load_published(folder / "published.yaml", standard, faults)
    recommendations = _load_recommendations(folder / "recommendations.yaml", standard, frameworks, faults)
    practice = _load(folder / "developing-practice.yaml", DevelopingPracticeFile, faults, optional=True)
    for index, each in enumerate(practice[1].developing_practice if practice else ()):
        if practice and frameworks is not None and each.framework not in frameworks:
            faults.append(_unknown(practice[0], ("developing_practice", index, "framework"), each.framework, "framework", frameworks))
    context = _load(folder / "context.yaml", ContextFile, faults, optional=True)
    glossary = _load(folder / "glossary.yaml", GlossaryFile, faults, optional=True)
    if not records and not faults and not files(folder / "records", faults):
        faults.append(Fault(str(folder), "no records: put a YAML file for each framework into `records/`"))
    if faults:
        raise BadInput(faults)
    return Bundle.model_construct(
        bundle=file.bundle,
        title=file.title,
        body=file.body,
        source=file.source,
        standard=standard,
        recorded_by=file.recorded_by,
        graded=file.graded,
        date=file.date,
        records=records,
        inherited_by=inherited,
        headings=headings,
        judgements=judgements,
        published=published,
        recommendations=recommendations,
        developing_practice=practice[1].developing_practice if practice else (),
        context=context[1] if context else None,
        glossary=glossary[1].glossary if glossary else {},
    )


def load_judgements(path: Path, standard: Standard, faults: list[Fault] | None = None) -> tuple[Judgement, ...]:
    """Load a file of judgements and check it against a standard.

    Raises BadInput with every fault, or adds them to ``faults`` if that is given.
    """
    found: list[Fault] = []
    loaded = _load(path, JudgementsFile, found)
    if loaded:
        found.extend(_judgement_faults(*loaded, standard))
    if found and faults is None:
        raise BadInput(found)
    if faults is not None:
        faults.extend(found)
    return loaded[1].judgements if loaded else ()


def merge_judgements(first: Sequence[Judgement], second: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """Join two lists of judgements. Raises BadInput if both decide one target."""
    decided = {judgement.target: judgement for judgement in first}
    faults = [
        Fault(
            "judgements",
            f"{_target_text(judgement)} is judged twice: by {decided[judgement.target].author} and by {judgement.author}",
        )
        for judgement in second
        if judgement.target in decided
    ]
    if faults:
        raise BadInput(faults)
    return (*first, *second)


def _load(path: Path, model: type[M], faults: list[Fault], optional: bool = False) -> tuple[Document, M] | None:
    if optional and not path.exists() and not path.is_symlink():
        return None
    try:
        document = read(path)
    except BadInput as error:
        faults.extend(error.faults)
        return None
    built = build(document, model, faults)
    return (document, built) if built is not None else None


def _unknown(document: Document, path: Path_, word: str, noun: str, known: Sequence[str] | Mapping[str, object]) -> Fault:
    near = nearest(word, known)
    return document.fault(path, f"`{word}` isn't a {noun}{near or f' ({listing(known)})'}")


def _load_records(
    folder: Path, file: BundleFile, standard: Standard, faults: list[Fault]
) -> tuple[tuple[Record, ...], dict[str, tuple[str, ...]], dict[str, str]]:
    records: list[Record] = []
    inherited: dict[str, tuple[str, ...]] = {}
    headings: dict[str, str] = {}
    places: list[tuple[Document, Path_]] = []
    complete = True
    for path in files(folder / "records", faults):
        loaded = _load(path, RecordsFile, faults)
        if loaded is None:
            complete = False
            continue
        document, entries = loaded
        if entries.inherited_by:
            inherited[entries.framework] = entries.inherited_by
        if entries.heading:
            headings[entries.heading] = entries.framework
        heirs = entries.inherited_by or (entries.framework,)
        books = {book.rulebook: book for book in standard.rulebooks}
        missing = [heir for heir in heirs if heir not in books]
        for heir in missing:
            where: Path_ = ("inherited_by", heirs.index(heir)) if entries.inherited_by else ("framework",)
            faults.append(_unknown(document, where, heir, "framework", books))
        faults.extend(_default_faults(document, entries, file))
        for index, entry in enumerate(entries.records):
            record = _complete(entry, entries)
            records.append(record)
            places.append((document, ("records", index)))
            heir_books = [books[heir] for heir in heirs if heir in books]
            faults.extend(_record_faults(document, ("records", index), entry, heir_books, standard, file))
    faults.extend(_link_faults(records, places, complete))
    return tuple(records), inherited, headings


def _complete(entry: RecordEntry, file: RecordsFile) -> Record:
    values = dict(entry.__dict__)
    for name in ("date", "unit", "recorded_by"):
        if values[name] is None:
            values[name] = getattr(file.unless_stated, name)
    return Record.model_construct(framework=file.framework, **values)


def _default_faults(document: Document, entries: RecordsFile, file: BundleFile) -> Iterator[Fault]:
    unless = entries.unless_stated
    if unless.unit != WHOLE and unless.unit not in file.body.units:
        yield _unknown(document, ("unless_stated", "unit"), unless.unit, "unit", [WHOLE, *file.body.units])
    if unless.recorded_by not in file.recorded_by:
        yield _unknown(document, ("unless_stated", "recorded_by"), unless.recorded_by, "coder of this bundle", file.recorded_by)


_ANY = Criterion(id="any", title="any", text="any")
"""Stands for a criterion that isn't known, so that its value can still be checked."""


def _record_faults(
    document: Document, path: Path_, entry: RecordEntry, books: Sequence[Rulebook], standard: Standard, file: BundleFile
) -> Iterator[Fault]:
    for key, criterion in (("criterion", entry.criterion), *(("also", criterion) for criterion in entry.also)):
        for book in books:
            if criterion not in book.by_id:
                message = f"`{criterion}` isn't a criterion of {book.rulebook}{nearest(criterion, book.by_id)}"
                yield document.fault((*path, key), message) if key == "criterion" else document.key_fault((*path, key, criterion), message)
    if entry.criterion in entry.also:
        yield document.key_fault((*path, "also", entry.criterion), f"`{entry.criterion}` is the primary criterion already")
    shown: list[tuple[Path_, str, str | int | float]] = [((*path, "shows"), entry.criterion, entry.shows)]
    shown += [((*path, "also", name), name, value) for name, value in entry.also.items()]
    for where, name, value in shown:
        criteria = [book.by_id[name] for book in books if name in book.by_id]
        misfits = [standard.misfit(each, value) for each in criteria] or [standard.misfit(_ANY, value)]
        yield from (document.fault(where, misfit) for misfit in dict.fromkeys(misfits) if misfit)
        for part in {each.grade_of.framework for each in criteria if each.grade_of}:
            yield document.fault(where, f"`{name}` is the grade of {part}; no record shows it")
    if entry.basis not in standard.bases:
        yield document.fault((*path, "basis"), f"`{entry.basis}` isn't a basis ({listing(standard.bases)}){nearest(entry.basis, standard.bases)}")
    if entry.unit is not None and entry.unit != WHOLE and entry.unit not in file.body.units:
        yield _unknown(document, (*path, "unit"), entry.unit, "unit", [WHOLE, *file.body.units])
    if entry.recorded_by is not None and entry.recorded_by not in file.recorded_by:
        yield _unknown(document, (*path, "recorded_by"), entry.recorded_by, "coder of this bundle", file.recorded_by)


def _link_faults(records: Sequence[Record], places: Sequence[tuple[Document, Path_]], complete: bool) -> Iterator[Fault]:
    """Check ids and links between records; a link to nowhere is a fault only if every file could be read (``complete``)."""
    first: dict[str, int] = {}
    for index, record in enumerate(records):
        document, path = places[index]
        if record.id in first:
            other, other_path = places[first[record.id]]
            line = other.places[(*other_path, "id")][0]
            yield document.fault((*path, "id"), f"record `{record.id}` is given twice (first in {other.file}, line {line})")
        first.setdefault(record.id, index)
    for (document, path), record in zip(places, records, strict=True):
        for key, target in (("duplicate_of", record.duplicate_of), ("same_fact_as", record.same_fact_as)):
            if target is None:
                continue
            if target not in first:
                if complete:
                    yield document.fault((*path, key), f"no record `{target}`{nearest(target, first)}")
                continue
            original = records[first[target]]
            if target == record.id:
                yield document.fault((*path, key), "a record can't point to itself")
            elif key == "duplicate_of" and original.duplicate_of == record.id:
                yield document.fault((*path, key), f"`{record.id}` and `{target}` are duplicates of each other; keep `duplicate_of` in one of them")
            elif key == "duplicate_of" and original.duplicate_of:
                yield document.fault((*path, key), f"`{target}` is itself a duplicate; point to `{original.duplicate_of}`")
            elif key == "duplicate_of" and original.framework != record.framework:
                yield document.fault((*path, key), f"`{target}` belongs to {original.framework}; use `same_fact_as` across frameworks")


def _target_text(judgement: Judgement) -> str:
    framework, criterion, aspect = judgement.target
    return f"the {aspect} of `{criterion}` in {framework}" if criterion else f"the grade of {framework}"


def _judgement_faults(document: Document, file: JudgementsFile, standard: Standard) -> Iterator[Fault]:
    books = {book.rulebook: book for book in standard.rulebooks}
    first: dict[tuple[str, str | None, str], int] = {}
    for index, judgement in enumerate(file.judgements):
        path: Path_ = ("judgements", index)
        if judgement.target in first:
            line = document.places[("judgements", first[judgement.target])][0]
            yield document.fault(path, f"{_target_text(judgement)} is judged twice (first in line {line})")
        first.setdefault(judgement.target, index)
        book = books.get(judgement.framework)
        if book is None:
            yield _unknown(document, (*path, "framework"), judgement.framework, "framework", books)
            continue
        criterion = book.by_id.get(judgement.criterion or "")
        if judgement.criterion and criterion is None:
            message = f"`{judgement.criterion}` isn't a criterion of {book.rulebook}{nearest(judgement.criterion, book.by_id)}"
            yield document.fault((*path, "criterion"), message)
        misfit = standard.misfit(criterion or _ANY, judgement.status) if judgement.status is not None else None
        if judgement.status == NOT_APPLICABLE:
            misfit = f"`{NOT_APPLICABLE}` isn't a status ({listing(standard.statuses)}); write `not_applicable: true`"
        if misfit:
            yield document.fault((*path, "status"), misfit)
        if judgement.grade and judgement.grade not in standard.grades:
            yield _unknown(document, (*path, "grade"), judgement.grade, "grade", standard.grades)


def _load_published(path: Path, standard: Standard, faults: list[Fault]) -> PublishedFile | None:
    loaded = _load(path, PublishedFile, faults, optional=True)
    if loaded is None:
        return None
    document, file = loaded
    seen: set[str] = set()
    books = [book.rulebook for book in standard.rulebooks]
    for index, each in enumerate(file.grades):
        if each.framework not in books:
            faults.append(_unknown(document, ("grades", index, "framework"), each.framework, "framework", books))
        if each.framework in seen:
            faults.append(document.fault(("grades", index, "framework"), f"`{each.framework}` is given twice"))
        seen.add(each.framework)
        if each.grade not in standard.grades:
            faults.append(_unknown(document, ("grades", index, "grade"), each.grade, "grade", standard.grades))
        for grade in each.distribution:
            if grade not in standard.grades:
                place: Path_ = ("grades", index, "distribution", grade)
                faults.append(document.key_fault(place, f"`{grade}` isn't a grade{nearest(grade, standard.grades)}"))
        total = sum(each.distribution.values())
        if each.distribution and total != file.bodies:
            message = f"the distribution of {each.framework} adds up to {total}, not to the {file.bodies} bodies"
            faults.append(document.fault(("grades", index, "distribution"), message))
        elif each.distribution and each.grade in standard.grades and each.distribution.get(each.grade, 0) == 0:
            message = f"no body has grade `{each.grade}` in the distribution of {each.framework}, but this one does"
            faults.append(document.fault(("grades", index, "grade"), message))
    return file


def _load_recommendations(path: Path, standard: Standard, frameworks: Sequence[str] | None, faults: list[Fault]) -> tuple[Recommendation, ...]:
    loaded = _load(path, RecommendationsFile, faults, optional=True)
    if loaded is None:
        return ()
    document, file = loaded
    books = {book.rulebook: book for book in standard.rulebooks}
    seen: set[int] = set()
    for index, recommendation in enumerate(file.recommendations):
        where: Path_ = ("recommendations", index)
        if recommendation.number in seen:
            faults.append(document.fault((*where, "number"), f"recommendation {recommendation.number} is given twice"))
        seen.add(recommendation.number)
        if frameworks is not None and recommendation.framework not in frameworks:
            faults.append(_unknown(document, (*where, "framework"), recommendation.framework, "framework", frameworks))
        for framework, criteria in recommendation.addresses.items():
            place: Path_ = (*where, "addresses", framework)
            if framework not in books:
                faults.append(document.key_fault(place, f"`{framework}` isn't a framework{nearest(framework, books)}"))
                continue
            for number, criterion in enumerate(criteria):
                if criterion not in books[framework].by_id:
                    message = f"`{criterion}` isn't a criterion of {framework}{nearest(criterion, books[framework].by_id)}"
                    faults.append(document.fault((*place, number), message))
    return file.recommendations
