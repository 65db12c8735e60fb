"""Grade again what an answer says, and tell whether the answer is the same, and if not, what it was made from that changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from adjudge.documents import Model, build, read
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle, Judgement
from adjudge.grading import Grading, grade
from adjudge.output import GradingOut, ProposalOut, proposal_out
from adjudge.page import Item, Page, Section, Table
from adjudge.version import __version__

Kind = Literal["answer", "made_from", "engine"]


class ChangeOut(Model):
    """One thing that isn't as the answer has it. ``engine``: only who graded it changed, which alone makes no difference."""

    framework: str
    kind: Kind
    what: str
    was: str
    now: str


class VerificationOut(Model):
    """The answer of ``adjudge verify --format json``: whether grading again gives the same answer from the same input."""

    adjudge: str
    answer: str
    bundle: str
    same: bool
    frameworks: tuple[str, ...]
    changes: tuple[ChangeOut, ...]


def read_answer(path: Path) -> GradingOut:
    """Read what ``adjudge grade --format json`` wrote. Raises BadInput with every fault."""
    document = read(path)
    if "proposals" not in document.root:
        raise BadInput([Fault(document.file, "not an answer: expected what `adjudge grade BUNDLE --format json` writes", 1, 1)])
    faults: list[Fault] = []
    answer = build(document, GradingOut, faults)
    if answer is None:
        raise BadInput(faults)
    return answer


def verify(answer: GradingOut, bundle: Bundle, judgements: tuple[Judgement, ...] = (), name: str = "the answer") -> VerificationOut:
    """Grade a bundle again as an answer says, and compare; ``name`` is how the answer is told of.

    ``judgements`` are further ones, as they were given when the answer was made. Raises BadInput for judgements that contradict the bundle's.
    """
    changes = list(_about(answer, bundle))
    known = {book.rulebook for book in bundle.standard.rulebooks}
    try:
        grading = grade(bundle, [each.framework for each in answer.proposals if each.framework in known], answer.terms, judgements)
    except BadInput as error:
        if any(fault.file != "reading" for fault in error.faults):
            raise
        changes += [ChangeOut(framework="", kind="answer", what=each.file, was="graded", now=each.message) for each in error.faults]
    else:
        changes += [change for each in answer.proposals for change in _compared(each, grading, known)]
    return VerificationOut(
        adjudge=__version__,
        answer=name,
        bundle=bundle.bundle,
        same=all(change.kind == "engine" for change in changes),
        frameworks=tuple(each.framework for each in answer.proposals),
        changes=tuple(changes),
    )


def _about(answer: GradingOut, bundle: Bundle) -> Iterator[ChangeOut]:
    """Yield what the answer is about that isn't what is graded now."""
    pairs = (
        ("bundle", answer.bundle, bundle.bundle),
        ("body", answer.body, bundle.body.id),
        ("standard", answer.standard, bundle.standard.standard),
        ("edition", answer.edition, bundle.standard.edition),
    )
    yield from (ChangeOut(framework="", kind="made_from", what=what, was=was, now=now) for what, was, now in pairs if was != now)


def _compared(was: ProposalOut, grading: Grading, known: set[str]) -> Iterator[ChangeOut]:
    if was.framework not in known:
        yield ChangeOut(framework=was.framework, kind="answer", what="framework", was="graded", now="the standard has no such rulebook")
        return
    now = proposal_out(grading, grading[was.framework])
    before, after = was.model_dump(mode="json"), now.model_dump(mode="json")
    for key in before["fingerprint"]:
        kind: Kind = "engine" if key == "engine" else "made_from"
        if before["fingerprint"][key] != after["fingerprint"][key]:
            yield ChangeOut(framework=was.framework, kind=kind, what=key, was=before["fingerprint"][key], now=after["fingerprint"][key])
    for key in before:
        if key not in ("fingerprint", "framework") and before[key] != after[key]:
            kind = "engine" if key == "evaluators" else "answer"
            yield ChangeOut(framework=was.framework, kind=kind, what=key, was=_told(before[key]), now=_told(after[key]))


def _told(value: Any) -> str:
    """Return a value of an answer in a few words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value) or "none"
    if isinstance(value, dict):
        return str(value.get("text") or " ".join(_told(each) for each in value.values() if each is not None))
    return str(value)


_WORDS = {
    "made_from": {"standard": "the standard", "rulebook": "the rulebook", "evidence": "the evidence", "judgements": "the judgements"},
    "engine": {"engine": "adjudge's version", "evaluators": "who graded it"},
}


def verification_page(found: VerificationOut) -> Page:
    """Return a verification as a page: the verdict, what the answers were made from, and what came out otherwise."""
    answers = [each for each in found.changes if each.kind == "answer"]
    inputs = [each for each in found.changes if each.kind == "made_from"]
    engine = list(dict.fromkeys(f"{_WORDS['engine'][each.what]}: {each.was} → {each.now}" for each in found.changes if each.kind == "engine"))
    frameworks = f"{len(found.frameworks)} framework{'s' if len(found.frameworks) != 1 else ''}"
    if found.same:
        lead = f"same: {frameworks} graded again, with the same answers from the same input"
    elif answers:
        lead = f"different: grading {frameworks} again doesn't give the answer"
    else:
        lead = f"different: {frameworks} graded again, with the same answers, but from other input"
    tables: tuple[Table, ...] = ()
    if answers:
        rows = tuple((each.framework, each.what.replace("_", " "), each.was, each.now) for each in answers)
        tables = (Table(("framework", "what", "was", "now"), rows),)
    lines: dict[str, list[str]] = {}
    for each in inputs:
        words = _WORDS["made_from"].get(each.what, each.what) if each.framework else f"the {each.what}"
        lines.setdefault(each.framework or "all", []).append(f"{words}: {each.was} → {each.now}")
    items = tuple(Item(name, tuple(Item(line) for line in told)) for name, told in lines.items())
    sections = (Section("What changed that it is made from", items),) if items else ()
    return Page(f"{found.answer} · {found.bundle}", (lead,), tables, sections, tuple(engine))
