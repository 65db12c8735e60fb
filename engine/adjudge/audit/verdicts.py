"""How the audit tells what it found: instances of laws, and cases as the reference answers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adjudge.audit.catalogue import AUDITED
from adjudge.audit.results import CaseOut, InstanceOut, LawOut, Verdict
from adjudge.audit.search import Found, Search
from adjudge.proposal import Proposal
from adjudge.reference import evaluate


def case_out(search: Search, found: Found, what: str = "case", like: CaseOut | None = None) -> CaseOut:
    """Return a plain case with what the reference proposes for it, which the formulas must have given too; spelled out ``like`` another."""
    grade, low, high = search.answered(found)
    statuses = search.population.statuses(found.case, like.values if like else None)
    evaluation = evaluate(search.standard, statuses, found.reading)
    proposal = Proposal(search.standard, search.book, found.reading, statuses, evaluation, (), (), ("reference",))
    reasons = tuple(dict.fromkeys(reason.kind for reason in proposal.reasons))
    return CaseOut(
        what=what,
        reading=found.reading.changes(search.standard),
        values={each.criterion.id: each.status for each in statuses},
        dominant=tuple(each.criterion.id for each in statuses if each.significance != each.criterion.significance),
        grade=grade,
        range=(low, high),
        reasons=reasons,
    )


def instance(search: Search, about: str, against: Sequence[Found] | None, names: Sequence[str] = ("case",), reason: str | None = None) -> InstanceOut:
    """Return an instance of a law: proven where nothing stands against it."""
    if against is None:
        return InstanceOut(about=about, verdict="proven")
    cases: list[CaseOut] = []
    for found, name in zip(against, names, strict=True):
        cases.append(case_out(search, found, name, cases[0] if cases else None))
    return InstanceOut(about=about, verdict="refuted", reason=reason, cases=tuple(cases))


def verdict(number: int, instances: Iterable[InstanceOut], unless: str = "nothing that it is about", note: str | None = None) -> LawOut:
    """Return what became of a law: refuted if an instance is, not applicable (with the reason ``unless``) if it has none."""
    law, found = AUDITED[number], tuple(instances)
    said: Verdict = "not_applicable" if not found else "refuted" if any(each.verdict == "refuted" for each in found) else "proven"
    reason = unless if not found else note
    return LawOut(number=number, name=law.name, sentence=law.sentence, verdict=said, reason=reason, instances=found)
