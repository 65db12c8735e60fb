"""Conditions, groups and combinations in a few words."""

from __future__ import annotations

from collections import Counter

from adjudge.audit.population import Group, Population
from adjudge.language import AllHold, AnyHolds, AnyOf, Condition, Count, CountHold, Every, Measure, NotHolds, NumberIs, Selection, Share, parts
from adjudge.rulebook import Standard


def phrase(standard: Standard, condition: Condition) -> str:
    """Return a condition as one says it, terms by their names."""
    if isinstance(condition, Measure):
        return _measured(standard, condition)
    if isinstance(condition, NumberIs):
        name = condition.number or f"{condition.aggregate} of the {selected(standard, condition.selection)}"
        return f"{_plain(name)} {_plain(condition.is_)}"
    within = [phrase(standard, part) for part in parts(condition)]
    if isinstance(condition, NotHolds):
        return f"not: {within[0]}"
    if isinstance(condition, AllHold):
        return "; and ".join(within)
    if isinstance(condition, AnyHolds):
        return "; or ".join(within)
    assert isinstance(condition, CountHold)
    return f"{_plain(condition.is_)} of: {'; '.join(within)}"


def _measured(standard: Standard, condition: Measure) -> str:
    threshold = standard.statuses.get(condition.threshold, f'"{_plain(condition.threshold)}"')
    at = f"{'at least' if condition.rises else 'at most'} {threshold}"
    which = selected(standard, condition.selection)
    match condition:
        case Every():
            return f"every one of the {which} {at}"
        case AnyOf():
            return f"any of the {which} {at}"
        case Count() | Share():
            return f"{_plain(condition.is_)} of the {which} {at}"


def selected(standard: Standard, selection: Selection) -> str:
    """Return what a selection takes."""
    words = [" or ".join(standard.significances[each] for each in selection.significance or ())]
    words += [" or ".join(standard.tiers[each] for each in selection.tier or ())]
    words += [" or ".join(map(_plain, selection.theme or ()))]
    named = f" {', '.join(selection.id)}" if selection.id else ""
    return " ".join([*(word for word in words if word), "criteria"]) + named


def of_group(standard: Standard, group: Group) -> str:
    """Return what criteria a group is of: its one criterion, or how many of which kind."""
    if len(group.criteria) == 1:
        return group.first.title
    kind = [standard.significances[group.significance]] if group.significance else []
    kind += [standard.tiers[group.first.tier]] if group.first.tier else []
    return " ".join([f"any of {len(group.criteria)}", *kind, "criteria"])


def combinations(population: Population) -> str:
    """Return how many combinations of known values there are, as a product of powers."""
    sizes: Counter[str] = Counter()
    for group in population.groups[: population.actual]:
        sizes["any points" if group.scored else str(len(group.values))] += group.size
    return " × ".join(f"{base}^{times}" if times > 1 else base for base, times in sizes.items())


def _plain(identifier: str) -> str:
    return identifier.replace("_", " ")
