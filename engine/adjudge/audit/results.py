"""What an audit found, as data: its JSON. Needs no z3."""

from __future__ import annotations

from typing import Literal

from adjudge.documents import Model

Verdict = Literal["proven", "refuted", "not_applicable"]


class CaseOut(Model):
    """A case: what changes from the default reading, the value of every criterion, those made dominant, and what the reference answers."""

    what: str
    reading: dict[str, str]
    values: dict[str, str]
    dominant: tuple[str, ...]
    grade: str | None
    range: tuple[str, str]
    reasons: tuple[str, ...]


class InstanceOut(Model):
    """One thing that a law says about this rulebook. Refuted, it has the smallest case against it, or says what no case attains."""

    about: str
    verdict: Literal["proven", "refuted"]
    reason: str | None = None
    cases: tuple[CaseOut, ...] = ()


class LawOut(Model):
    """A law, by its number on the page of laws, and what became of it."""

    number: int
    name: str
    sentence: str
    verdict: Verdict
    reason: str | None = None
    instances: tuple[InstanceOut, ...] = ()


class FindingOut(Model):
    """Something to know that breaks no law; of a hole, whether the standard declares it."""

    kind: Literal["hole", "overlap", "idle part", "same threshold", "all of them", "nothing asked", "nothing applicable"]
    text: str
    declared: bool | None = None
    case: CaseOut | None = None


class RulebookAudit(Model):
    """The audit of one rulebook, for every combination of values under every admissible reading."""

    standard: str
    rulebook: str
    edition: str
    title: str
    criteria: int
    alike: int
    combinations: str
    readings: int
    cross_checked: int
    laws: tuple[LawOut, ...]
    findings: tuple[FindingOut, ...]

    @property
    def sound(self) -> bool:
        """Whether no law is refuted."""
        return all(law.verdict != "refuted" for law in self.laws)


class AuditOut(Model):
    """The audits of some rulebooks. ``sound`` says whether no law is refuted in any of them."""

    sound: bool
    rulebooks: tuple[RulebookAudit, ...]
