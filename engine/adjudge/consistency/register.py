"""Judgements as a register: who decided what, when and why, against which proposal; and a file of them that only ever grows."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from adjudge.bundles import load_judgements, merge_judgements
from adjudge.consistency.influence import Answer, answer
from adjudge.documents import Model, build, fingerprint, parse, read, shown
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle, Judgement, JudgementsFile
from adjudge.grading import grade
from adjudge.proposal import Proposal
from adjudge.version import __version__

if TYPE_CHECKING:
    import pandas

Kind = Literal["status", "not_applicable", "dominant", "grade"]


class Entry(Model):
    """One judgement: its kind, what it says and why, where it is kept, and the proposal without it (all others in force) and with it.

    ``overrules`` says whether a judgement on the grade decided another grade than the proposal's, and ``outside_range`` whether one that the
    proposal rules out; both are None for other judgements, the first also where the proposal is open. ``before`` is the criterion's status
    without the judgement.
    """

    framework: str
    criterion: str | None
    kind: Kind
    says: str
    reason: str
    author: str
    date: str
    kept_in: str
    before: str | None
    without: Answer
    with_it: Answer
    changes_proposal: bool
    overrules: bool | None
    outside_range: bool | None


class Count(Model):
    """How many judgements there are of a kind, on a framework or by an author, and how many of them change a proposal or overrule it."""

    name: str
    judgements: int
    change_or_overrule: int


class Register(Model):
    """The answer of ``adjudge judgements``: every judgement on a bundle, oldest first, with what it was set against.

    ``evidence`` and ``standard_fingerprint`` are fingerprints of the records and the standard: equal content, equal fingerprint.
    """

    adjudge: str
    bundle: str
    title: str
    standard: str
    standard_fingerprint: str
    evidence: str
    reading: str
    entries: tuple[Entry, ...]
    by_kind: tuple[Count, ...]
    by_framework: tuple[Count, ...]
    by_author: tuple[Count, ...]

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each judgement. Needs pandas."""
        import pandas

        columns = [name for name in Entry.model_fields if name not in ("without", "with_it")]
        rows = []
        for entry in self.entries:
            row = {name: getattr(entry, name) for name in columns}
            for name in ("without", "with_it"):
                found: Answer = getattr(entry, name)
                row |= {f"{name}_grade": found.grade, f"{name}_low": found.low, f"{name}_high": found.high}
            rows.append(row)
        ends = [f"{name}_{part}" for name in ("without", "with_it") for part in ("grade", "low", "high")]
        return pandas.DataFrame(rows, columns=[*columns, *ends])


def register(bundle: Bundle, further: Mapping[str, Sequence[Judgement]] | None = None, reading: str | Mapping[str, str] | None = None) -> Register:
    """Return every judgement on a bundle: its own and ``further`` ones, by the name of where they are kept.

    Raises BadInput for an unknown reading, or if two judgements decide one target.
    """
    kept = [(judgement, "judgements.yaml") for judgement in bundle.judgements]
    merged = bundle.judgements
    for name, judgements in (further or {}).items():
        merged = merge_judgements(merged, judgements)
        kept += [(judgement, name) for judgement in judgements]
    kept.sort(key=lambda pair: (pair[0].date, pair[0].framework, pair[0].criterion or ""))
    frameworks = list(dict.fromkeys(judgement.framework for judgement, _ in kept))
    with_all = {framework: _propose(bundle, framework, merged, reading) for framework in frameworks}
    entries = []
    for judgement, name in kept:
        others = tuple(each for each in merged if each.target != judgement.target)
        entries.append(_entry(judgement, name, _propose(bundle, judgement.framework, others, reading), with_all[judgement.framework]))
    order = [book.rulebook for book in bundle.standard.rulebooks]
    return Register(
        adjudge=__version__,
        bundle=bundle.bundle,
        title=bundle.title,
        standard=bundle.standard.standard,
        standard_fingerprint=fingerprint(bundle.standard),
        evidence=fingerprint(*bundle.records),
        reading=bundle.standard.reading(reading).name,
        entries=tuple(entries),
        by_kind=_counts(entries, {entry.kind: 0 for entry in entries}, "kind"),
        by_framework=_counts(entries, {name: 0 for name in order if name in frameworks}, "framework"),
        by_author=_counts(entries, {entry.author: 0 for entry in entries}, "author"),
    )


def _propose(bundle: Bundle, framework: str, judgements: Sequence[Judgement], reading: str | Mapping[str, str] | None) -> Proposal:
    own = tuple(each for each in judgements if each.framework == framework)
    return grade(bundle.model_copy(update={"judgements": own}), [framework], reading).proposals[0]


def _entry(judgement: Judgement, kept_in: str, without: Proposal, with_it: Proposal) -> Entry:
    rank = without.standard.grade_rank
    low, high = without.range
    on_grade = judgement.grade is not None
    return Entry(
        framework=judgement.framework,
        criterion=judgement.criterion,
        kind=_kind(judgement),
        says=judgement.says,
        reason=judgement.reason,
        author=judgement.author,
        date=judgement.date.isoformat(),
        kept_in=kept_in,
        before=without.status(judgement.criterion).status if judgement.criterion else None,
        without=answer(without),
        with_it=answer(with_it),
        changes_proposal=answer(without) != answer(with_it),
        overrules=None if not on_grade or without.grade is None else judgement.grade != without.grade,
        outside_range=None if not judgement.grade else not rank[low] <= rank[judgement.grade] <= rank[high],
    )


def _kind(judgement: Judgement) -> Kind:
    if judgement.grade:
        return "grade"
    return "dominant" if judgement.dominant else "not_applicable" if judgement.not_applicable else "status"


def _counts(entries: Sequence[Entry], names: Mapping[str, int], field: str) -> tuple[Count, ...]:
    all_of = Counter(getattr(entry, field) for entry in entries)
    telling = Counter(getattr(entry, field) for entry in entries if entry.changes_proposal or entry.overrules)
    return tuple(Count(name=name, judgements=all_of[name], change_or_overrule=telling[name]) for name in names)


def append(path: Path, judgement: Judgement, bundle: Bundle) -> None:
    """Append a judgement to a YAML file of judgements, which is made if it isn't there. What stands in the file is never rewritten.

    Raises BadInput, with nothing written, if the judgement doesn't fit the standard, if its target is judged already (in the file or in the
    bundle), or if the file has faults or isn't a list that can grow at its end.
    """
    file = shown(path)
    alone = _HEAD + _entry_text(judgement, "  ", "\n")
    try:
        _checked(alone, bundle)
    except BadInput as error:
        raise BadInput(Fault("judgement", fault.message) for fault in error.faults) from None
    exists = path.exists() or path.is_symlink()
    here = load_judgements(path, bundle.standard) if exists else ()
    for each in (*here, *bundle.judgements):
        if each.target == judgement.target:
            target = ", ".join(part for part in each.target if part)
            message = f"{target} is judged already: {each.says}, by {each.author} on {each.date}; a register only grows, so nothing was written"
            raise BadInput.at(file, message)
    before = path.read_bytes() if exists else b""
    addition = _addition(path, before, judgement) if exists else alone
    try:
        grown = _checked(before.decode("utf-8") + addition, bundle)
    except BadInput:
        grown = ()
    if grown != (*here, judgement):
        message = (
            "can't be appended to: `judgements:` must stand last in the file, as a list in which each judgement begins with `-` on a line of its own"
        )
        raise BadInput.at(file, message)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    except OSError as error:
        raise BadInput.at(file, f"can't be written ({(error.strerror or 'unwritable').lower()})") from None
    with os.fdopen(descriptor, "ab", buffering=0) as stream:
        stream.write(addition.encode())
        os.fsync(stream.fileno())


_HEAD = "judgements:\n"


def _checked(text: str, bundle: Bundle) -> tuple[Judgement, ...]:
    """Read judgements from a text as they would be read from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "judgements.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        return load_judgements(path, bundle.standard)


def _addition(path: Path, before: bytes, judgement: Judgement) -> str:
    """The judgement as the next entry of a list that is there, indented as its last entry is."""
    text = before.decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    places = read(path).places
    starts = [place[0] for item, place in places.items() if len(item) == 2 and item[0] == "judgements"]
    line = text.splitlines()[max(starts) - 1] if starts else ""
    indent = line[: len(line) - len(line.lstrip(" "))]
    return ("" if text.endswith("\n") else end) + _entry_text(judgement, indent, end)


def _entry_text(judgement: Judgement, indent: str, end: str) -> str:
    """One judgement as an entry of a YAML list; text stands in double quotes, as in JSON."""
    values = judgement.model_dump(mode="json", exclude_none=True)
    quoted = {"reason", "author"}
    lines = [
        f"{name}: {json.dumps(value, ensure_ascii=False) if name in quoted else str(value).replace('True', 'true')}" for name, value in values.items()
    ]
    return "".join(f"{indent}{'- ' if index == 0 else '  '}{line}{end}" for index, line in enumerate(lines))


def judgement_of(values: Mapping[str, str | bool | None]) -> Judgement:
    """Return a judgement from the values of its keys (None: not given). Raises BadInput in the words of a file that has them."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value is not None]
    document = parse(("judgements:\n- " + "\n  ".join(lines) + "\n").encode(), "judgement")
    faults: list[Fault] = []
    built = build(document, JudgementsFile, faults)
    if built is None:
        raise BadInput(Fault("judgement", fault.message) for fault in faults)
    return built.judgements[0]
