"""An audit to read, as JUnit XML for continuous integration, and its counterexamples as cases of the conformance suite. Needs no z3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as xml

import yaml

from adjudge.audit.results import AuditOut, CaseOut, InstanceOut, LawOut, RulebookAudit
from adjudge.page import Item, Page, Section, Table
from adjudge.rulebook import NOT_ASSESSED, Rulebook, Standard

Books = Mapping[tuple[str, str], tuple[Standard, Rulebook]]
"""The standard and the rulebook of each audit, by their ids."""
_WORD = {"proven": "proven", "refuted": "REFUTED", "not_applicable": "not applicable"}


def audit_page(audits: AuditOut, books: Books) -> Page:
    """Return the audits as a page: a row for each rulebook, then its laws and what else was found."""
    rows = tuple(_row(audit) for audit in audits.rulebooks)
    several = len(audits.rulebooks) > 1
    sections: list[Section] = []
    for audit in audits.rulebooks:
        standard, book = books[audit.standard, audit.rulebook]
        name = f"{audit.title}: " if several else ""
        lead = f"{_number(audit.criteria, 'criterion', 'criteria')} of {_number(audit.alike, 'kind', 'kinds')}"
        lead += f" · {audit.combinations} combinations of known values · {_number(audit.readings, 'reading', 'readings')}"
        checked = f"the formulas gave the reference's answer in {audit.cross_checked} random cases"
        sections.append(Section(f"{name}laws", (Item(f"{lead}; {checked}"), *(_law_item(law, standard, book) for law in audit.laws))))
        found = [
            Item(f"{each.kind}{_declared(each.declared)}: {each.text}", tuple(_case_items([each.case], standard, book) if each.case else ()))
            for each in audit.findings
        ]
        sections.append(Section(f"{name}also found", tuple(found) or (Item("nothing"),)))
    refuted = sum(law.verdict == "refuted" for audit in audits.rulebooks for law in audit.laws)
    lead_line = "No law is refuted." if audits.sound else f"{refuted} refuted: in each the smallest case against the law is shown."
    return Page(
        title="Audit of " + (f"{len(rows)} rulebooks" if several else f"{audits.rulebooks[0].title} ({audits.rulebooks[0].standard})"),
        lead=("Each law is proven for every combination of values under every admissible reading, or refuted.", lead_line),
        tables=(Table(("rulebook", "edition", "proven", "refuted", "not applicable", "holes"), rows),),
        sections=tuple(sections),
        closing=("The laws are explained in docs/explanation/laws.md, by number.",),
    )


def _row(audit: RulebookAudit) -> tuple[str, ...]:
    counts = [str(sum(law.verdict == verdict for law in audit.laws)) for verdict in _WORD]
    holes = [each.declared for each in audit.findings if each.kind == "hole"]
    hole = "none" if not holes else "declared" if all(holes) else "undeclared"
    return f"{audit.standard}/{audit.rulebook}", audit.edition, *counts, hole


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _declared(declared: bool | None) -> str:
    return "" if declared is None else ", declared" if declared else ", undeclared"


def _law_item(law: LawOut, standard: Standard, book: Rulebook) -> Item:
    reason = f" ({law.reason})" if law.reason else ""
    refuted = [each for each in law.instances if each.verdict == "refuted"]
    of = f" {len(refuted)} of {len(law.instances)}" if refuted and len(law.instances) > 1 else ""
    items = tuple(Item(_about(each), tuple(_case_items(each.cases, standard, book))) for each in refuted)
    return Item(f"{law.number}. {law.sentence}: {_WORD[law.verdict]}{of}{reason}", items)


def _about(instance: InstanceOut) -> str:
    return f"{instance.about}: {instance.reason}" if instance.reason else instance.about


def _case_items(cases: Sequence[CaseOut], standard: Standard, book: Rulebook) -> Iterator[Item]:
    for case in cases:
        low, high = (standard.grades[each] for each in case.range)
        grade = standard.grades[case.grade] if case.grade else "open"
        answer = grade if case.grade and low == high else f"{grade}, between {low} and {high}"
        reading = "".join(f", where {term.replace('_', ' ')} is {value.replace('_', ' ')}" for term, value in case.reading.items())
        yield Item(f"{case.what}{reading}: {answer}", tuple(_value_items(case, standard, book)))


def _value_items(case: CaseOut, standard: Standard, book: Rulebook) -> Iterator[Item]:
    """Yield the values of a case, those of the criteria that share one together: the commonest last, as all others."""
    by_value: dict[str, list[str]] = {}
    for criterion in book.criteria:
        value = case.values[criterion.id]
        words = standard.statuses.get(value, value.replace("_", " ")) + (", made dominant" if criterion.id in case.dominant else "")
        weight = criterion.significance if criterion.significance not in (None, next(iter(standard.significances), None)) else None
        name = f"{criterion.title} ({standard.significances[weight]})" if weight else criterion.title
        by_value.setdefault(words, []).append(name)
    most = max(by_value, key=lambda words: len(by_value[words]))
    for words, names in by_value.items():
        if words != most:
            yield Item(f"{words}: {', '.join(names)}")
    yield Item(f"{'all others' if len(by_value) > 1 else 'all'} {most}" if len(by_value[most]) > 1 else f"{most}: {by_value[most][0]}")


def junit(audits: AuditOut) -> str:
    """Return the audits as JUnit XML: a suite for each rulebook, a test case for each law, with what refutes it."""
    suites = xml.Element("testsuites", name="adjudge audit")
    for audit in audits.rulebooks:
        verdicts = [law.verdict for law in audit.laws]
        counts = {"tests": len(verdicts), "failures": verdicts.count("refuted"), "errors": 0, "skipped": verdicts.count("not_applicable")}
        name = f"{audit.standard}/{audit.rulebook}"
        suite = xml.SubElement(suites, "testsuite", {"name": name, **{key: str(count) for key, count in counts.items()}})
        for law in audit.laws:
            case = xml.SubElement(suite, "testcase", classname=name, name=f"law {law.number}: {law.sentence}")
            if law.verdict == "not_applicable":
                xml.SubElement(case, "skipped", message=law.reason or "")
            for instance in law.instances:
                if instance.verdict == "refuted":
                    failure = xml.SubElement(case, "failure", message=_about(instance))
                    failure.text = yaml.safe_dump([each.model_dump(mode="json") for each in instance.cases], sort_keys=False, allow_unicode=True)
    xml.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(suites, encoding="unicode") + "\n"


def conformance_cases(audits: AuditOut, folders: Mapping[str, str] | None = None, on: str | None = None) -> str:
    """Return every counterexample, and every hole, as YAML cases (docs/reference/cases.md): what is given and what the engine answers.

    ``folders`` are those of standards that aren't shipped, by id, as seen from where the cases will stand; ``on`` is the day whose rules count.
    """
    cases: list[dict[str, Any]] = []
    for audit in audits.rulebooks:
        given = {"standard": (folders or {}).get(audit.standard, audit.standard), "rulebook": audit.rulebook, **({"on": on} if on else {})}
        for law in audit.laws:
            for instance in law.instances:
                for case in instance.cases:
                    name = f"{audit.rulebook}, law {law.number} ({law.name}), {instance.about}: {case.what}"
                    cases.append(_conformance(given, name, f"against the law that {law.sentence}", case))
        for finding in audit.findings:
            if finding.case and finding.declared is not False:
                cases.append(_conformance(given, f"{audit.rulebook}, {finding.kind}: {finding.text}", finding.kind, finding.case))
    return yaml.safe_dump({"cases": cases}, sort_keys=False, allow_unicode=True, width=150)


def _conformance(about: Mapping[str, Any], name: str, why: str, case: CaseOut) -> dict[str, Any]:
    given: dict[str, Any] = {"name": name, "why": why, **about}
    if case.reading:
        given["reading"] = case.reading
    given["statuses"] = {criterion: value for criterion, value in case.values.items() if value != NOT_ASSESSED}
    if case.dominant:
        given["judgements"] = [{"criterion": each, "dominant": True} for each in case.dominant]
    expect: dict[str, Any] = {"grade": case.grade or "open", "range": list(case.range)}
    if case.reasons:
        expect["reasons"] = list(case.reasons)
    return given | {"expect": expect}
