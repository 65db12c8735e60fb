"""The register of judgements as a page to read: each decision with its reason and what it was set against, then summaries."""

from __future__ import annotations

from adjudge.consistency.influence import Answer
from adjudge.consistency.register import Count, Entry, Register
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import Standard

_KINDS = {"status": "status of a criterion", "not_applicable": "not applicable", "dominant": "dominant for this body", "grade": "grade"}


def register_page(found: Register, standard: Standard) -> Page:
    """Return the page of a register."""
    titles = {book.rulebook: book.title for book in standard.rulebooks}
    if not found.entries:
        return Page(title=f"Judgements · {found.title}", lead=("No judgement is recorded: the proposals stand on the evidence alone.",))
    summaries = [
        ("kind", tuple(count.model_copy(update={"name": _KINDS[count.name]}) for count in found.by_kind)),
        ("framework", tuple(count.model_copy(update={"name": titles[count.name]}) for count in found.by_framework)),
        ("author", found.by_author),
    ]
    decided = "1 judgement" if len(found.entries) == 1 else f"{len(found.entries)} judgements"
    return Page(
        title=f"Judgements · {found.title}",
        lead=(f"{decided}, oldest first · reading: {found.reading}",),
        tables=tuple(_counts(name, counts) for name, counts in summaries),
        sections=(Section("Decisions", tuple(_entry(entry, standard, titles) for entry in found.entries)),),
        closing=(f"Set against the evidence {found.evidence} under {found.standard} {found.standard_fingerprint} (fingerprints).",),
    )


def _counts(name: str, counts: tuple[Count, ...]) -> Table:
    rows = tuple((count.name, str(count.judgements), str(count.change_or_overrule)) for count in counts)
    return Table((name, "judgements", "change or overrule a proposal"), rows)


def _entry(entry: Entry, standard: Standard, titles: dict[str, str]) -> Item:
    where = titles[entry.framework] + (f", {entry.criterion}" if entry.criterion else "")
    before = f" (without it: {(entry.before or '').replace('_', ' ')})" if entry.kind in ("status", "not_applicable") else ""
    lines = [
        Item(entry.reason),
        Item(_against(entry, standard)),
        Item(f"kept in {entry.kept_in}"),
    ]
    return Item(f"{entry.date}, {entry.author}: {where}: {entry.says}{before}", tuple(lines))


def _against(entry: Entry, standard: Standard) -> str:
    if entry.kind == "grade":
        if entry.overrules is None:
            return f"the proposal: {_said(entry.without, standard)}"
        how = (
            "the same as the proposal"
            if not entry.overrules
            else "outside its range"
            if entry.outside_range
            else "another than proposed, within its range"
        )
        return f"the proposal: {_said(entry.without, standard)}; decided: {how}"
    if entry.changes_proposal:
        return f"the proposal without it: {_said(entry.without, standard)}; with it: {_said(entry.with_it, standard)}"
    return f"the proposal, without it and with it: {_said(entry.without, standard)}"


def _said(found: Answer, standard: Standard) -> str:
    name = standard.grades[found.grade] if found.grade else "open"
    if found.low is None or found.high is None or found.low == found.high:
        return name
    return f"{name}, between {standard.grades[found.low]} and {standard.grades[found.high]}"
