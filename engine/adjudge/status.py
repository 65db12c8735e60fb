"""From evidence to status: which records on a criterion count, what they earn, and the status that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from adjudge.language import shown_value
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Criterion, Rulebook, Standard

if TYPE_CHECKING:
    from adjudge.evidence import Judgement, Record

Composed = Mapping[str, tuple[str, str]]
"""The worst and the best status of criteria that are other frameworks' grades."""


@dataclass(frozen=True, slots=True)
class Support:
    """What one record says about one criterion. ``earns`` is the status it can establish; ``set_aside`` says why it doesn't count."""

    record: Record
    shows: str
    earns: str | None = None
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """The status of a criterion in one unit, with the records that decided it and those that stronger ones outweighed."""

    unit: str
    status: str
    contested: bool
    decided_by: tuple[Support, ...]
    outweighed: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class CriterionStatus:
    """A criterion's status for a body, and everything it came from.

    ``status`` is a status of the standard, points as they are written, ``not_assessed`` or ``not_applicable``; ``between`` is the worst and the
    best status that a criterion which isn't assessed can still have, if that is known. ``significance`` is the criterion's own, or the top one
    where a judgement makes it dominant.
    """

    criterion: Criterion
    status: str
    significance: str | None
    contested: bool = False
    units: tuple[UnitStatus, ...] = ()
    set_aside: tuple[Support, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    before_judgement: str | None = None
    between: tuple[str, str] | None = None

    @property
    def records(self) -> tuple[Support, ...]:
        """The records that decided the status, each once, unit by unit."""
        seen: dict[str, Support] = {}
        for unit in self.units:
            for support in unit.decided_by:
                seen.setdefault(support.record.id, support)
        return tuple(seen.values())

    @property
    def outweighed(self) -> tuple[Support, ...]:
        """The records that stronger ones outweighed in every unit they speak of, each once."""
        deciding = {support.record.id for support in self.records}
        seen: dict[str, Support] = {}
        for unit in self.units:
            for support in unit.outweighed:
                if support.record.id not in deciding:
                    seen.setdefault(support.record.id, support)
        return tuple(seen.values())


def derive(
    standard: Standard,
    book: Rulebook,
    records: Iterable[Record],
    judgements: Sequence[Judgement] = (),
    units: Sequence[str] = (),
    composed: Composed = MappingProxyType({}),
) -> tuple[CriterionStatus, ...]:
    """Return the status of every criterion of a rulebook, in its order.

    ``units`` are those of the body; ``composed`` gives the worst and the best status of each criterion that is another framework's grade.
    """
    by_criterion: dict[str, list[Support]] = {criterion.id: [] for criterion in book.criteria}
    for record in records:
        for criterion_id, shows in record.shown():
            if criterion_id in by_criterion:
                by_criterion[criterion_id].append(weigh(standard, record, shows))
    decided: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        if judgement.framework == book.rulebook and judgement.criterion:
            decided.setdefault(judgement.criterion, []).append(judgement)
    return tuple(
        _judge(
            standard,
            _composed(criterion, *composed[criterion.id])
            if criterion.id in composed
            else _status(standard, criterion, by_criterion[criterion.id], units),
            decided.get(criterion.id, ()),
        )
        for criterion in book.criteria
    )


def assume(book: Rulebook, statuses: Mapping[str, str]) -> tuple[CriterionStatus, ...]:
    """Return the criteria of a rulebook with the statuses given; those that aren't given are not assessed."""
    return tuple(CriterionStatus(criterion, statuses.get(criterion.id, NOT_ASSESSED), criterion.significance) for criterion in book.criteria)


def _composed(criterion: Criterion, low: str, high: str) -> CriterionStatus:
    """Return a criterion whose status is another framework's grade: settled, or open between two."""
    if low == high:
        return CriterionStatus(criterion, low, criterion.significance)
    return CriterionStatus(criterion, NOT_ASSESSED, criterion.significance, between=(low, high))


def weigh(standard: Standard, record: Record, shows: str) -> Support:
    """Say what a record earns for a status that it shows, or why it is set aside.

    Set aside are duplicates, records that aren't wholly inside the assessment period, and those whose basis establishes nothing. Points count in
    full: what a basis establishes caps a status only.
    """
    basis = standard.bases[record.basis]
    if record.duplicate_of:
        return Support(record, shows, set_aside=f"the same fact as {record.duplicate_of}")
    if basis.establishes == "nothing":
        return Support(record, shows, set_aside=f"{basis.label}: a promise earns nothing")
    if standard.period and not standard.period.holds(record.date):
        return Support(record, shows, set_aside=f"dated {record.date}, outside the assessment period {standard.period}")
    earns = min(shows, basis.establishes, key=standard.rank.__getitem__) if basis.establishes and shows in standard.rank else shows
    return Support(record, shows, earns=earns)


def _status(standard: Standard, criterion: Criterion, supports: Sequence[Support], body_units: Sequence[str]) -> CriterionStatus:
    """Per unit first, then across units; units that no record speaks of are left out."""
    counting = [support for support in supports if support.earns is not None]
    set_aside = tuple(support for support in supports if support.earns is None)
    spoken = {support.record.unit for support in counting}
    if spoken <= {WHOLE}:
        units = [_in_unit(standard, WHOLE, counting)] if counting else []
    else:
        named = [unit for unit in body_units if unit in spoken or WHOLE in spoken]
        units = [_in_unit(standard, unit, [s for s in counting if s.record.unit in (unit, WHOLE)]) for unit in named]
    if not units:
        return CriterionStatus(criterion, NOT_ASSESSED, criterion.significance, set_aside=set_aside)
    status = _across(standard, criterion, units)
    contested = any(unit.contested for unit in units)
    return CriterionStatus(criterion, status, criterion.significance, contested, tuple(units), set_aside)


def _in_unit(standard: Standard, unit: str, supports: Sequence[Support]) -> UnitStatus:
    """The strongest basis decides; at equal strength a record about the unit itself speaks before one about the whole body."""
    strengths = [standard.bases[support.record.basis].strength for support in supports]
    strongest = max(strengths)
    own = any(strength == strongest and support.record.unit == unit for strength, support in zip(strengths, supports, strict=True))
    deciding: list[Support] = []
    outweighed: list[Support] = []
    for strength, support in zip(strengths, supports, strict=True):
        decides = strength == strongest and (support.record.unit == unit or not own)
        (deciding if decides else outweighed).append(support)
    earned = {support.earns for support in deciding if support.earns is not None}
    status = min(earned, key=standard.goodness)
    return UnitStatus(unit, status, len(earned) > 1, tuple(deciding), tuple(outweighed))


def _across(standard: Standard, criterion: Criterion, units: Sequence[UnitStatus]) -> str:
    """The weakest unit, or the best status that more than half of them reach; a record on the whole body speaks for every other unit."""
    worst_first = sorted((unit.status for unit in units), key=standard.goodness)
    return worst_first[0 if criterion.across_units == "weakest" else (len(worst_first) - 1) // 2]


def _judge(standard: Standard, status: CriterionStatus, judgements: Sequence[Judgement]) -> CriterionStatus:
    if not judgements:
        return status
    value, significance = status.status, status.significance
    for judgement in judgements:
        if judgement.dominant:
            significance = standard.top_significance
        elif judgement.not_applicable:
            value = NOT_APPLICABLE
        else:
            assert judgement.status is not None
            value = shown_value(judgement.status)
    before = status.status if value != status.status else None
    between = status.between if value == status.status else None
    return replace(status, status=value, significance=significance, judgements=tuple(judgements), before_judgement=before, between=between)
