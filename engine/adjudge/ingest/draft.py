"""A draft bundle from a register: everything that can be filled in without coding, and the findings ready to be coded."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from adjudge.documents import Id, Model, Text, shown
from adjudge.errors import BadInput
from adjudge.evidence import Fingerprint, Number, Section
from adjudge.ingest.register import Framework, Register
from adjudge.rulebook import Standard
from adjudge.source import plain

CODER = "coder-1"
_LINE = 110
_SECTIONS = ("strengths", "work_in_progress", "areas_for_improvement")


class UncodedFinding(Model):
    """A finding that waits for its record: all that a record takes from the report. ``text`` is the paragraph as printed."""

    id: Id
    section: Section
    paragraph: Number
    fingerprint: Fingerprint
    see_also: tuple[Section, ...] = ()
    lines: tuple[Number, ...]
    text: Text


class FindingsFile(Model):
    """The findings of one framework as the report prints them, with the factors that the report puts before them."""

    framework: Id
    heading: Text
    national_contextual_factors: tuple[Text, ...] = ()
    contextual_factors: tuple[Text, ...] = ()
    findings: tuple[UncodedFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A framework of a register with its id in the bundle. It has a rulebook, or is inherited by frameworks that have one, or neither."""

    framework: Framework
    id: str
    has_rulebook: bool
    inherited_by: tuple[str, ...] = ()

    @property
    def in_bundle(self) -> bool:
        """Whether the framework's records can stand in the bundle."""
        return self.has_rulebook or bool(self.inherited_by)


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of each file of a draft bundle by its path in the folder, and what couldn't be put into it."""

    files: Mapping[str, str]
    notes: tuple[str, ...]


def places(register: Register, standard: Standard) -> tuple[Place, ...]:
    """Give each framework of a register its id: that of the rulebook with its heading, else one made of the heading.

    A framework without a grade and a rulebook is inherited by those whose headings begin with the same words before a dash.
    """
    books = {plain(book.heading): book.rulebook for book in standard.rulebooks}
    graded = {plain(each.heading): books[plain(each.heading)] for each in register.frameworks if plain(each.heading) in books}
    found: list[Place] = []
    taken = set(books.values())
    for framework in register.frameworks:
        heading = plain(framework.heading)
        book = graded.pop(heading, None) if heading in graded else None
        if book and all(place.id != book for place in found):
            found.append(Place(framework, book, True))
            continue
        stem, _, part = heading.rpartition(" - ")
        heirs = tuple(books[each] for each in _in_order(register, books) if stem and each.startswith(f"{stem} - "))
        inherited = heirs if framework.grade is None and heading not in books else ()
        name = _unique(slug(stem if inherited or part == "overview" else part), taken)
        taken.add(name)
        found.append(Place(framework, name, False, inherited))
    return tuple(found)


def _in_order(register: Register, books: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(plain(each.heading) for each in register.frameworks if plain(each.heading) in books))


def slug(text: str) -> str:
    """Return an id made of a text: lower-case letters and digits joined by hyphens, at most 60 characters."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text))[:60].strip("-") or "unnamed"


def _unique(name: str, taken: set[str]) -> str:
    return next(each for each in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if each not in taken)


def draft(register: Register, standard: Standard) -> Draft:
    """Return the files of a draft bundle. Raises BadInput if no framework of the report has a rulebook in the standard."""
    found = places(register, standard)
    if not any(place.has_rulebook for place in found):
        names = ", ".join(f"`{place.framework.heading}`" for place in found)
        raise BadInput.at(register.report, f"no framework of the report has a rulebook in {standard.standard} ({names}); nothing to draft")
    return _Draft(register, standard, found).build()


class _Draft:
    def __init__(self, register: Register, standard: Standard, found: Sequence[Place]) -> None:
        self.register = register
        self.standard = standard
        self.places = found
        self.ids = {place.framework.heading: place.id for place in found if place.in_bundle}
        self.notes: list[str] = []
        self.files: dict[str, str] = {}

    def build(self) -> Draft:
        stated, period = self.register.assessment_period, str(self.standard.period)
        if stated and stated != period:
            self.notes.append(
                f"the report's assessment period is {stated}, the standard's {period}: records that are dated outside the standard's don't count"
            )
        self._write("bundle", self._bundle())
        self._published()
        self._recommendations()
        self._practices()
        self._write("context", self._context())
        if self.register.glossary:
            self._write("glossary", {"glossary": dict(self.register.glossary)})
        prefixes = _prefixes([place.id for place in self.places])
        for place in self.places:
            if not place.in_bundle:
                message = f"{place.framework.heading}: no rulebook in {self.standard.standard}, so its findings are only in findings/{place.id}.yaml"
                self.notes.append(message)
            else:
                self._write(f"records/{place.id}", self._records(place))
            self._write(f"findings/{place.id}", _findings(place, prefixes[place.id]))
        self.files["register.json"] = self.register.model_dump_json(indent=1) + "\n"
        return Draft(self.files, tuple(self.notes))

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        head = f"# Drafted by adjudge ingest from {' '.join(self.register.report.split())}.{_ADVICE.get(name.partition('/')[0], '')}\n"
        self.files[f"{name}.yaml"] = head + yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=150)

    def _bundle(self) -> dict[str, Any]:
        register = self.register
        body = slug(re.sub(r"\b(constabulary|police( service| force)?)\b", "", register.body, flags=re.IGNORECASE))
        body = slug(register.body) if body == "unnamed" else body
        isbn = f" (ISBN {register.isbn})" if register.isbn else ""
        copyright = ", Crown copyright" if register.crown_copyright else ""
        return {
            "bundle": f"{body}-{register.year}",
            "title": register.title,
            "body": {"id": body, "title": register.body, "units": {}},
            "standard": self.standard.standard,
            "source": f"HMIC Inspection Report, {register.title}{isbn}{copyright}",
            "recorded_by": {CODER: "nobody yet: write here who codes the findings, when and how"},
            "graded": [place.id for place in self.places if place.has_rulebook],
        }

    def _published(self) -> None:
        graded = [place for place in self.places if place.has_rulebook and place.framework.grade in self.standard.grades]
        sizes = Counter(sum(place.framework.distribution.values()) for place in graded if place.framework.distribution)
        if not sizes:
            if graded:
                self.notes.append("published.yaml isn't written: no national distribution says how many bodies there are")
            return
        bodies = sizes.most_common(1)[0][0]
        grades = []
        for place in graded:
            counts = place.framework.distribution or {}
            fits = sum(counts.values()) == bodies and counts.get(str(place.framework.grade), 0) > 0 and set(counts) <= set(self.standard.grades)
            if counts and not fits:
                message = f"its distribution doesn't fit ({sum(counts.values())} bodies, most have {bodies}); left out of published.yaml"
                self.notes.append(f"{place.framework.heading}: {message}")
            row: dict[str, Any] = {"framework": place.id, "grade": place.framework.grade}
            grades.append(row | ({"distribution": dict(counts)} if fits else {}))
        source = "the report's grade boxes and national distributions, and its summaries of judgements"
        self._write("published", {"source": source, "bodies": bodies, "grades": grades})

    def _recommendations(self) -> None:
        written = []
        for each in self.register.recommendations:
            framework = self.ids.get(each.framework or "")
            if framework:
                written.append({"number": each.number, "framework": framework, "summary": each.text, "addresses": {}})
            else:
                self.notes.append(f"recommendation {each.number} belongs to no framework of the bundle; it is only in register.json")
        if written:
            self._write("recommendations", {"recommendations": written})

    def _practices(self) -> None:
        written = []
        for each in self.register.developing_practice:
            framework = self.ids.get(each.framework or "")
            if framework and each.title and each.problem and each.solution:
                outcome = {"outcome": each.outcome} if each.outcome else {}
                contact = {"contact": "printed in the report"} if each.contact_printed else {}
                parts = {"framework": framework, "title": each.title, "problem": each.problem, "solution": each.solution}
                written.append({**parts, **outcome, "evaluated_by_body": False, **contact})
            else:
                line = each.lines[0]
                self.notes.append(
                    f"developing practice of line {line} has no framework of the bundle, title, problem or solution; only in register.json"
                )
        if written:
            self._write("developing-practice", {"developing_practice": written})

    def _context(self) -> dict[str, Any]:
        return {
            "facts": [{"topic": slug(each.topic), "summary": each.text} for each in self.register.context],
            "strategic_priorities": list(self.register.strategic_priorities),
            "previous_grades": [{"framework": each.framework, "round": each.round, "grade": each.grade} for each in self.register.previous_grades],
            "risk_based_frameworks": list(self.register.risk_based_frameworks),
            "planned_frameworks": list(self.register.planned_frameworks),
        }

    def _records(self, place: Place) -> dict[str, Any]:
        period = self.register.assessment_period or str(self.standard.period)
        inherited = {"heading": place.framework.heading, "inherited_by": list(place.inherited_by)} if place.inherited_by else {}
        return {
            "framework": place.id,
            **inherited,
            "unless_stated": {"date": period, "unit": "whole", "recorded_by": CODER},
            "records": [],
        }


def _findings(place: Place, prefix: str) -> dict[str, Any]:
    framework = place.framework
    file = FindingsFile(
        framework=place.id,
        heading=framework.heading,
        national_contextual_factors=tuple(each.text for each in framework.national_contextual_factors),
        contextual_factors=tuple(each.text for each in framework.contextual_factors),
        findings=tuple(
            UncodedFinding.model_validate(
                {
                    "id": f"{prefix}-{each.section[0]}{each.paragraph:02}",
                    "section": each.section,
                    "paragraph": each.paragraph,
                    "fingerprint": each.fingerprint,
                    "see_also": tuple(section for section in _SECTIONS if section in {see.section for see in each.see_also}),
                    "lines": each.lines,
                    "text": each.text,
                }
            )
            for each in framework.findings
        ),
    )
    return file.model_dump(mode="json", exclude_defaults=True)


def _prefixes(ids: Sequence[str]) -> dict[str, str]:
    """Return the prefix of each framework's records: the first letters of the words of its id, or the id where two would be equal."""
    short = {each: "".join(word[0] for word in each.split("-")) for each in ids}
    clash = {prefix for prefix, count in Counter(short.values()).items() if count > 1}
    return {each: each if prefix in clash else prefix for each, prefix in short.items()}


def check_folder(folder: Path) -> None:
    """Raise BadInput unless a draft can go to a folder: one that doesn't exist yet, or is empty."""
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise BadInput.at(shown(folder), "the folder isn't empty; give a new one (a draft never overwrites anything)")
        if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
            raise BadInput.at(shown(folder), "not a folder; give a new one")
    except (OSError, ValueError) as error:
        raise _unwritable(folder, error) from None


def write_draft(files: Mapping[str, str], folder: Path) -> None:
    """Write the files of a draft into a folder, which appears as a whole or not at all. Raises BadInput."""
    check_folder(folder)
    target = Path(os.path.abspath(folder))
    part = target.parent / f".{target.name[:100]}.{os.getpid()}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        for name, text in files.items():
            path = part / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if target.is_dir():
            target.rmdir()
        part.rename(target)
    except (OSError, ValueError) as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unwritable(folder: Path, error: Exception) -> BadInput:
    return BadInput.at(shown(folder), f"can't be written ({(getattr(error, 'strerror', None) or str(error)).lower()})")


_OWN_WORDS = "\n# The sentences are the report's own: put your own words in their place before you share the bundle."
_ADVICE = {
    "bundle": "\n# Write the units that its findings name (`western: Western BCU`), and who codes the findings.",
    "recommendations": f"{_OWN_WORDS}\n# `addresses` names the criteria that each is about, by framework.",
    "developing-practice": f"{_OWN_WORDS}\n# `evaluated_by_body` is true where the entry itself tells of an evaluation.",
    "context": _OWN_WORDS,
    "findings": "\n# The findings as printed, to code from: `adjudge` doesn't read this file, and it isn't for sharing.",
    "records": "\n# One record or more for each finding of the file of this name in findings/, by the coding manual.",
}


class _Dumper(yaml.SafeDumper):
    """Writes what `adjudge.documents` reads: no aliases, text that looks like a number in quotes, long text folded, short lists on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list beneath their key."""
        super().increase_indent(flow, False)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        """Write a list of short values on one line."""
        return super().represent_sequence(tag, sequence, flow_style=_fits(sequence))

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        """Write keys with numbers on one line."""
        return super().represent_mapping(tag, mapping, flow_style=bool(mapping) and all(isinstance(value, int) for value in mapping.values()))


def _fits(values: Sequence[object]) -> bool:
    return all(isinstance(value, int | str) for value in values) and sum(len(str(value)) + 2 for value in values) <= _LINE


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > _LINE else "'" if re.fullmatch(r"[-+]?[0-9.]+|[0-9a-f]{16}", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
