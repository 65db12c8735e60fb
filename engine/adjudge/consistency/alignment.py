"""Set the records of several codings side by side, finding by finding, and say in what they differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from adjudge.consistency.codings import Coding
from adjudge.evidence import SECTION_TITLES, Record, Section


@dataclass(frozen=True, slots=True)
class Aligned:
    """Records of one finding that are set side by side, one or None for each coding of findings; ``covered`` says who coded the paragraph at all."""

    framework: str
    section: Section
    paragraph: int
    records: tuple[Record | None, ...]
    covered: tuple[bool, ...]

    @property
    def citation(self) -> str:
        """Where the finding is printed."""
        return f"{SECTION_TITLES[self.section]} {self.paragraph}"

    def same(self, name: str) -> bool:
        """Say whether all records that there are have the same value."""
        return len({_plain(getattr(record, name)) for record in self.records if record}) == 1


def align(codings: Sequence[Coding]) -> tuple[Aligned, ...]:
    """Set the records of codings side by side, paragraph by paragraph, in the order of frameworks, sections and paragraphs.

    Where a paragraph has several records they are matched by criterion, unit and basis; then by criterion and unit; then by criterion; the rest
    in their order. A record without a match stands alone.
    """
    cited: dict[tuple[str, Section, int], list[list[Record]]] = {}
    for index, coding in enumerate(codings):
        for record in coding.bundle.records:
            place = (record.framework, record.section, record.paragraph)
            cited.setdefault(place, [[] for _ in codings])[index].append(record)
    frameworks = list(dict.fromkeys([*codings[0].bundle.frameworks, *(framework for framework, _, _ in cited)])) if codings else []
    sections = list(SECTION_TITLES)
    order = sorted(cited, key=lambda place: (frameworks.index(place[0]), sections.index(place[1]), place[2]))
    return tuple(
        Aligned(*place, records=slot, covered=tuple(bool(records) for records in cited[place])) for place in order for slot in _slots(cited[place])
    )


_ROUNDS: tuple[Callable[[Record], Hashable], ...] = (
    lambda record: (record.criterion, record.unit, record.basis),
    lambda record: (record.criterion, record.unit),
    lambda record: record.criterion,
    lambda record: None,
)


def _slots(by_coder: Sequence[Sequence[Record]]) -> list[tuple[Record | None, ...]]:
    slots: list[list[Record | None]] = []
    for coder, records in enumerate(by_coder):
        waiting = list(records)
        for key in _ROUNDS:
            for record in tuple(waiting):
                for slot in slots:
                    if slot[coder] is None and any(other and key(other) == key(record) for other in slot):
                        slot[coder] = record
                        waiting.remove(record)
                        break
        for record in waiting:
            slots.append([None] * len(by_coder))
            slots[-1][coder] = record
    return [tuple(slot) for slot in slots]


@dataclass(frozen=True)
class Completed:
    """A coding with what it left out: ``borrowed`` are the ids of records taken from another coding, ``findings`` how many paragraphs they cite."""

    coding: Coding
    borrowed: frozenset[str] = frozenset()
    findings: int = 0


def speaks(coding: Coding, framework: str) -> bool:
    """Say whether a coding has anything on a framework."""
    return framework in coding.statuses if coding.statuses is not None else bool(coding.bundle.records_for(framework))


def complete(codings: Sequence[Coding]) -> tuple[Completed, ...]:
    """Complete each coding of findings with those that others have, from the first that has it, in the frameworks that it speaks of.

    So that what two codings' proposals differ in is disagreement, not coverage. Codings of criteria stay as they are.
    """
    cited: list[dict[tuple[str, str, int], list[Record]]] = []
    for coding in codings:
        cited.append({})
        for record in coding.bundle.records:
            cited[-1].setdefault((record.framework, record.section, record.paragraph), []).append(record)
    completed = []
    for coding, own in zip(codings, cited, strict=True):
        bundle = coding.bundle
        frameworks = {framework for framework in bundle.frameworks if speaks(coding, framework)}
        frameworks |= {source for source, heirs in bundle.inherited_by.items() if frameworks & set(heirs)}
        wanted = {} if coding.statuses is not None else {place: each[place] for each in reversed(cited) for place in each if place[0] in frameworks}
        lent = [record for place, records in wanted.items() if place not in own for record in records]
        taken = {record.id for record in bundle.records}
        renamed = [record.model_copy(update={"id": free_id(record.id, taken)}) for record in lent]
        records = (*bundle.records, *renamed)
        completed.append(
            Completed(
                Coding(coding.name, bundle.model_copy(update={"records": records, "judgements": ()}), coding.statuses),
                frozenset(record.id for record in renamed),
                sum(place not in own for place in wanted),
            )
        )
    return tuple(completed)


def free_id(name: str, taken: set[str]) -> str:
    """Return an id that isn't taken, and take it."""
    while name in taken:
        name += "-other"
    taken.add(name)
    return name


COMPARED = ("criterion", "shows", "also", "basis", "unit", "date", "duplicate_of")


def _plain(value: object) -> Hashable:
    """A value as it is compared: mappings without their order, anything else as text."""
    return frozenset(value.items()) if isinstance(value, Mapping) else str(value)


def differs_in(each: Aligned) -> tuple[str, ...]:
    """What the codings that coded the paragraph differ in. Which record a duplicate repeats is of no account, only that it is one."""
    here = [record for record, covered in zip(each.records, each.covered, strict=True) if covered]
    if any(record is None for record in here):
        return ("recorded",)

    def value(record: Record, name: str) -> Hashable:
        return record.duplicate_of is not None if name == "duplicate_of" else _plain(getattr(record, name))

    return tuple(name for name in COMPARED if len({value(record, name) for record in here if record}) > 1)
