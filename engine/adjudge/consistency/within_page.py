"""The checks of one report as a page to read: conflicts first, then warnings, then notes."""

from __future__ import annotations

from adjudge.consistency.within import CheckResult, Place, ReportCheck
from adjudge.page import Item, Page, Section, Table

_SEVERITIES = (("conflict", "Conflicts"), ("warning", "Warnings"), ("note", "Notes: no faults"))


def within_page(result: ReportCheck) -> Page:
    """Return the page: a row for each check, then what each found, with its records and places."""
    rows = tuple((check.id, check.severity, check.sentence, _outcome(check)) for check in result.checks)
    sections = tuple(
        Section(title, tuple(_check(check) for check in result.checks if check.severity == severity and check.found))
        for severity, title in _SEVERITIES
    )
    conflicts = result.conflicts
    return Page(
        title=f"Consistency of one report · {result.title}",
        lead=("No conflicts." if not conflicts else "1 conflict." if conflicts == 1 else f"{conflicts} conflicts.",),
        tables=(Table(("check", "severity", "what is checked", "found"), rows),),
        sections=tuple(section for section in sections if section.items),
    )


def _outcome(check: CheckResult) -> str:
    if check.not_checked:
        return f"not checked: {check.not_checked}"
    return f"{len(check.found) or 'none'} of {check.looked_at}" if check.looked_at else "nothing to check"


def _check(check: CheckResult) -> Item:
    items = tuple(Item(f"{found.text}{_places(found.places)}") for found in check.found)
    return Item(f"{check.id}: {check.sentence}", items)


def _places(places: tuple[Place, ...]) -> str:
    said = []
    several = len({place.framework for place in places if place.record}) > 1
    for place in places:
        if place.record:
            said.append(f"{place.framework} {place.citation} ({place.record})" if several else f"{place.citation} ({place.record})")
        elif place.line:
            said.append(f"line {place.line}")
    return f" [{', '.join(dict.fromkeys(said))}]" if said else ""
