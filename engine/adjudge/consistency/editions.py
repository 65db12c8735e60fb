"""Compare two editions of a standard, criterion by criterion and rule by rule, and carry a bundle from one to the other without rewriting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from adjudge.consistency.tables import fault, read_rows
from adjudge.documents import Model
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle, Judgement, Record
from adjudge.rulebook import Criterion, Limit, Reach, Rulebook, Standard

COMPARED = ("title", "text", "tier", "significance", "theme", "across_units", "weight", "points", "grade_of", "in_force")
"""What of a criterion makes a difference between editions: all but where it comes from."""

Ids = Mapping[str, Mapping[str, str]]
"""For each framework, the new id of each criterion that has another one in the new edition."""


class FieldChange(Model):
    """One thing that a new edition says otherwise; None where it said or says nothing."""

    field: str
    before: str | None
    after: str | None


class CriterionChange(Model):
    """A criterion that a new edition adds, drops or changes; ``criterion`` is its old id, ``becomes`` its new one."""

    framework: str
    kind: Literal["added", "dropped", "changed"]
    criterion: str | None
    becomes: str | None
    title: str
    changes: tuple[FieldChange, ...] = ()


class RuleChange(Model):
    """A way to a grade, a limit or a term that a new edition adds, drops or changes, in its own words."""

    kind: Literal["added", "dropped", "changed"]
    rule: str


class EditionComparison(Model):
    """Two editions against each other. ``unchanged`` counts the criteria that are as they were."""

    frameworks_dropped: tuple[str, ...]
    frameworks_added: tuple[str, ...]
    unchanged: int
    criteria: tuple[CriterionChange, ...]
    rules: tuple[RuleChange, ...]


def read_ids(path: Path, old: Standard, new: Standard) -> dict[str, dict[str, str]]:
    """Read which criteria have new ids: a CSV file with the columns framework, old and new. Raises BadInput with every fault."""

    def header_faults(file: str, header: Sequence[str]) -> Iterable[Fault]:
        if sorted(header) != ["framework", "new", "old"]:
            yield Fault(file, "expected the columns `framework`, `old`, `new`", 1, 1)

    books = ({book.rulebook: book for book in old.rulebooks}, {book.rulebook: book for book in new.rulebooks})
    found: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    for row in read_rows(path, "criterion", header_faults):
        framework, before, after = (row[1][name] for name in ("framework", "old", "new"))
        if framework not in books[0] or framework not in books[1]:
            faults.append(fault(str(path), row, "framework", "isn't a framework of both editions"))
            continue
        taken = found.setdefault(framework, {})
        for column, value, book in (("old", before, books[0][framework]), ("new", after, books[1][framework])):
            if value not in book.by_id:
                faults.append(fault(str(path), row, column, f"isn't a criterion of {framework} in that edition"))
        if before in taken:
            faults.append(fault(str(path), row, "old", "is given twice"))
        if after in taken.values():
            faults.append(fault(str(path), row, "new", "is given twice"))
        taken[before] = after
    if faults:
        raise BadInput(faults)
    return found


def pairing(old: Rulebook, new: Rulebook, ids: Ids) -> dict[str, str]:
    """Return the new id of each old criterion that has one: the one given, or its own if the new edition has that for no other."""
    given = ids.get(old.rulebook, {})
    same = {name: name for name in old.by_id if name in new.by_id and name not in given and name not in given.values()}
    return {name: {**same, **given}[name] for name in old.by_id if name in same or name in given}


def compare_editions(old: Standard, new: Standard, ids: Ids | None = None) -> EditionComparison:
    """Compare the criteria of the frameworks that two editions share, and the rules by which statuses become grades."""
    books = {book.rulebook: book for book in new.rulebooks}
    before = [book.rulebook for book in old.rulebooks]
    changes, unchanged = list[CriterionChange](), 0
    for book in old.rulebooks:
        if book.rulebook in books:
            found = list(_criterion_changes(book, books[book.rulebook], ids or {}))
            changes += found
            unchanged += len(book.criteria) - sum(each.criterion is not None for each in found)
    return EditionComparison(
        frameworks_dropped=tuple(name for name in before if name not in books),
        frameworks_added=tuple(name for name in books if name not in before),
        unchanged=unchanged,
        criteria=tuple(changes),
        rules=tuple(_rule_changes(old, new)),
    )


def _criterion_changes(old: Rulebook, new: Rulebook, ids: Ids) -> Iterator[CriterionChange]:
    paired = pairing(old, new, ids)
    for criterion in old.criteria:
        becomes = paired.get(criterion.id)
        if becomes is None:
            yield CriterionChange(framework=old.rulebook, kind="dropped", criterion=criterion.id, becomes=None, title=criterion.title)
            continue
        changes = tuple(_field_changes(criterion, new.by_id[becomes]))
        if changes or becomes != criterion.id:
            yield CriterionChange(
                framework=old.rulebook, kind="changed", criterion=criterion.id, becomes=becomes, title=new.by_id[becomes].title, changes=changes
            )
    for criterion in new.criteria:
        if criterion.id not in paired.values():
            yield CriterionChange(framework=old.rulebook, kind="added", criterion=None, becomes=criterion.id, title=criterion.title)


def _field_changes(old: Criterion, new: Criterion) -> Iterator[FieldChange]:
    for name in COMPARED:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield FieldChange(field=name, before=_told(before), after=_told(after))


def _told(value: Any) -> str | None:
    if value is None:
        return None
    return value.model_dump_json(by_alias=True, exclude_defaults=True) if isinstance(value, Model) else str(value)


def _rule_changes(old: Standard, new: Standard) -> Iterator[RuleChange]:
    """Yield the rules that only one edition has, and those whose words are the same and whose condition isn't; then the terms."""
    found: list[list[dict[str, object]]] = []
    for standard in (old, new):
        rules: list[Reach | Limit] = [*standard.reach, *standard.limits]
        terms: dict[str, object] = {f"term {name}: {each.asks}": (each.default, each.admissible) for name, each in standard.terms.items()}
        found.append([{rule_name(standard, rule): rule.when for rule in rules}, terms])
    for first, second in zip(*found, strict=True):
        for name in dict.fromkeys((*first, *second)):
            if first.get(name) != second.get(name):
                yield RuleChange(kind="added" if name not in first else "dropped" if name not in second else "changed", rule=name)
    ends = [(each.otherwise.grade, each.otherwise.low, each.otherwise.high, each.otherwise.text) for each in (old, new)]
    if ends[0] != ends[1]:
        yield RuleChange(kind="changed", rule=f"otherwise {new.grades[new.otherwise.grade]}: {new.otherwise.text}")


def rule_name(standard: Standard, rule: Reach | Limit) -> str:
    """Return a way to a grade or a limit as one says it: what it gives, and when."""
    grade = standard.grades[rule.grade]
    if isinstance(rule, Reach):
        return f"{grade}: {rule.text}"
    return f"no {'better' if rule.caps else 'worse'} than {grade}: {rule.text}"


def carried(bundle: Bundle, new: Standard, ids: Ids) -> Bundle:
    """Return a bundle as evidence for a new edition: each record and judgement on the criteria that the new edition still has.

    A record is left out where the edition has none of its criteria, or not its basis; what it shows for others stays. A record that frameworks
    inherit becomes one of each, for their ids may differ. Nothing is written.
    """
    books = {book.rulebook: book for book in new.rulebooks}
    paired = {name: pairing(bundle.standard.rulebook(name), books[name], ids) for name in bundle.frameworks if name in books}
    records: list[Record] = []
    for framework, pairs in paired.items():
        usable = (record for record in bundle.records_for(framework) if record.basis in new.bases)
        moved = [each for record in usable if (each := _moved(record, books[framework], pairs, new))]
        kept = {record.id for record in moved}
        records += [each if each.duplicate_of in kept else each.model_copy(update={"duplicate_of": None}) for each in moved]
    judgements = (_judged(each, paired.get(each.framework), books, new) for each in bundle.judgements)
    fields = {name: getattr(bundle, name) for name in Bundle.model_fields}
    changes = {
        "standard": new,
        "graded": tuple(paired),
        "records": tuple(records),
        "inherited_by": {},
        "judgements": tuple(each for each in judgements if each),
        "published": None,
    }
    return Bundle.model_construct(**{**fields, **changes})


def _moved(record: Record, book: Rulebook, paired: Mapping[str, str], new: Standard) -> Record | None:
    """Return a record as one of a framework's own with the criteria's new ids, the first that is left as the primary one; None if none is."""
    shown: dict[str, Any] = {}
    for criterion, value in ((record.criterion, record.shows), *record.also.items()):
        name = paired.get(criterion)
        if name is not None and new.misfit(book.by_id[name], value) is None:
            shown.setdefault(name, value)
    if not shown:
        return None
    primary = next(iter(shown))
    return record.model_copy(update={"framework": book.rulebook, "criterion": primary, "shows": shown.pop(primary), "also": shown})


def _judged(judgement: Judgement, paired: Mapping[str, str] | None, books: Mapping[str, Rulebook], new: Standard) -> Judgement | None:
    if paired is None or (judgement.criterion and judgement.criterion not in paired) or (judgement.grade and judgement.grade not in new.grades):
        return None
    if judgement.criterion is None:
        return judgement
    name = paired[judgement.criterion]
    if judgement.status is not None and new.misfit(books[judgement.framework].by_id[name], judgement.status):
        return None
    return judgement.model_copy(update={"criterion": name})
