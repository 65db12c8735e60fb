"""Check one report against itself: what it prints twice, what should follow from each other, and one fact coded in two ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from adjudge.documents import Model, shown
from adjudge.errors import BadInput
from adjudge.evidence import SECTION_TITLES, Bundle, PublishedGrade, Record
from adjudge.grading import grade
from adjudge.ingest.files import read_lines
from adjudge.ingest.reading import read_register
from adjudge.ingest.register import Occurrence, Register
from adjudge.language import shown_value
from adjudge.rulebook import NOT_ASSESSED
from adjudge.source import plain
from adjudge.status import CriterionStatus
from adjudge.version import __version__

if TYPE_CHECKING:
    import pandas

Severity = Literal["conflict", "warning", "note"]

COMMONEST: Mapping[str, str] = {"hmic-2007": "fair"}
"""The grade that an inspectorate expects most bodies to get in most frameworks, by standard (HMIC 2007: the grading process, Fair, sentence 3)."""
CLAIMED = "claimed_after_visit"


class Place(Model):
    """Where something was found: a record and its citation, a line of the report's text, or a row of what was published."""

    framework: str | None = None
    record: str | None = None
    citation: str | None = None
    line: int | None = None


class Found(Model):
    """One thing that a check found, in words, with its places."""

    text: str
    places: tuple[Place, ...] = ()


class CheckResult(Model):
    """One check: its id, what it asks in a sentence, how grave a finding is, how many things were looked at, and what was found.

    A ``conflict`` is two statements that can't both stand; a ``warning`` is to be looked at; a ``note`` is no fault. ``not_checked`` says what
    was missing where the check couldn't be made.
    """

    id: str
    sentence: str
    severity: Severity
    looked_at: int
    found: tuple[Found, ...]
    not_checked: str | None = None


class ReportCheck(Model):
    """The answer of ``adjudge consistency``: every check of one report against itself."""

    adjudge: str
    bundle: str
    title: str
    standard: str
    checks: tuple[CheckResult, ...]

    @property
    def conflicts(self) -> int:
        """How many conflicts were found."""
        return sum(len(check.found) for check in self.checks if check.severity == "conflict")

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each thing found. Needs pandas."""
        import pandas

        rows = [
            {
                "check": check.id,
                "severity": check.severity,
                "text": found.text,
                "frameworks": ", ".join(dict.fromkeys(place.framework for place in found.places if place.framework)),
                "records": ", ".join(place.record for place in found.places if place.record),
                "citations": ", ".join(place.citation for place in found.places if place.citation),
            }
            for check in self.checks
            for found in check.found
        ]
        return pandas.DataFrame(rows, columns=["check", "severity", "text", "frameworks", "records", "citations"])


@dataclass(frozen=True)
class _Case:
    """What the checks look at. ``statuses`` are those of each framework with the bundle's own judgements."""

    bundle: Bundle
    statuses: Mapping[str, tuple[CriterionStatus, ...]]
    national: Mapping[str, Mapping[str, int]] | None
    printed: Register | None

    @property
    def distributions(self) -> tuple[PublishedGrade, ...]:
        grades = self.bundle.published.grades if self.bundle.published else ()
        return tuple(each for each in grades if each.distribution)

    @property
    def headings(self) -> dict[str, str]:
        """The printed heading of each framework and overview, in `plain` text, with its id."""
        named = {book.heading: book.rulebook for book in self.bundle.standard.rulebooks if book.heading} | dict(self.bundle.headings)
        return {plain(heading): name for heading, name in named.items()}

    def title(self, framework: str) -> str:
        names = {book.rulebook: book.title for book in self.bundle.standard.rulebooks}
        return names.get(framework, framework.replace("-", " ").capitalize())


Looked = tuple[int, list[Found]]


@dataclass(frozen=True)
class Check:
    """A check: an id, the sentence that should hold, how grave it is if it doesn't, what it needs, and how it is made."""

    id: str
    sentence: str
    severity: Severity
    needs: Literal["records", "distributions", "recommendations", "national", "source"]
    run: Callable[[_Case], Looked]


def check_report(bundle: Bundle, source: Path | None = None, national: Mapping[str, Mapping[str, int]] | None = None) -> ReportCheck:
    """Check a bundle against itself; given the report (text, .docx, .pdf) also what that prints twice, and given a national table that too.

    ``national`` maps each framework to how many bodies got each grade. Raises BadInput if the text can't be read.
    """
    statuses = {proposal.framework: proposal.statuses for proposal in grade(bundle)}
    printed = read_register(read_lines(source), shown(source)) if source else None
    case = _Case(bundle, statuses, national, printed)
    if source and printed and not any(plain(each.heading) in case.headings for each in printed.frameworks):
        raise BadInput.at(shown(source), "none of the headings of this bundle's frameworks is in the text; is it the report that the evidence cites?")
    return ReportCheck(
        adjudge=__version__,
        bundle=bundle.bundle,
        title=bundle.title,
        standard=bundle.standard.standard,
        checks=tuple(_made(check, case) for check in CHECKS),
    )


def _made(check: Check, case: _Case) -> CheckResult:
    missing = {
        "records": None,
        "distributions": None if case.distributions else "no national distribution is in published.yaml",
        "recommendations": None if case.bundle.recommendations else "the bundle has no recommendations.yaml",
        "national": None if case.national is not None else "no national table was given (--national)",
        "source": None if case.printed else "the report's text wasn't given (--source)",
    }[check.needs]
    looked_at, found = (0, []) if missing else check.run(case)
    return CheckResult(id=check.id, sentence=check.sentence, severity=check.severity, looked_at=looked_at, found=tuple(found), not_checked=missing)


def _at(record: Record) -> Place:
    return Place(framework=record.framework, record=record.id, citation=record.citation)


def _row(counts: Mapping[str, int], case: _Case) -> str:
    return ", ".join(f"{label} {counts.get(grade, 0)}" for grade, label in case.bundle.standard.grades.items())


def _distribution_total(case: _Case) -> Looked:
    bodies = case.bundle.published.bodies if case.bundle.published else 0
    totals = {each.framework: sum(each.distribution.values()) for each in case.distributions}
    return len(totals), [
        Found(text=f"{case.title(framework)}: {total} bodies, not {bodies}", places=(Place(framework=framework),))
        for framework, total in totals.items()
        if total != bodies
    ]


def _distribution_holds_grade(case: _Case) -> Looked:
    return len(case.distributions), [
        Found(text=f"{case.title(each.framework)}: no body has `{each.grade}`, which this one was given", places=(Place(framework=each.framework),))
        for each in case.distributions
        if not each.distribution.get(each.grade)
    ]


def _national_table(case: _Case) -> Looked:
    national, found = case.national or {}, []
    for each in case.distributions:
        place = (Place(framework=each.framework),)
        there = national.get(each.framework)
        if there is None:
            found.append(Found(text=f"{case.title(each.framework)}: not in the national table", places=place))
        elif any(there.get(grade, 0) != each.distribution.get(grade, 0) for grade in case.bundle.standard.grades):
            text = f"{case.title(each.framework)}: {_row(each.distribution, case)}; in the national table {_row(there, case)}"
            found.append(Found(text=text, places=place))
    return len(case.distributions), found


def _printed_grades(case: _Case) -> Looked:
    """Each grade and distribution, in the framework's box and in the summaries, against published.yaml; a summary may use the title of a rulebook."""
    assert case.printed
    titles = {plain(book.title): book.rulebook for book in case.bundle.standard.rulebooks}
    published = {each.framework: each for each in (case.bundle.published.grades if case.bundle.published else ())}
    looked_at, found = 0, []
    for row in case.printed.printed_grades:
        framework = case.headings.get(plain(row.framework or row.name)) or titles.get(plain(row.name))
        if framework not in published:
            continue
        looked_at += 1
        bundled = published[framework]
        said, ours = _said(row.grade, row.distribution, case), _said(None if row.distribution else bundled.grade, bundled.distribution, case)
        if said != ours:
            text = f"{case.title(framework)}: printed {said}, in published.yaml {ours}"
            found.append(Found(text=text, places=(Place(framework=framework, line=row.line),)))
    return looked_at, found


def _said(grade: str | None, distribution: Mapping[str, int] | None, case: _Case) -> str:
    grades = case.bundle.standard.grades
    return grades.get(grade, grade) if grade else " ".join(str((distribution or {}).get(name, 0)) for name in grades)


def _commonest(case: _Case) -> Looked:
    expected = COMMONEST.get(case.bundle.standard.standard)
    if expected is None:
        return 0, []
    found = []
    for each in case.distributions:
        most = max(each.distribution.values())
        if each.distribution.get(expected, 0) < most:
            text = f"{case.title(each.framework)}: {_row(each.distribution, case)}"
            found.append(Found(text=text, places=(Place(framework=each.framework),)))
    return len(case.distributions), found


def _recommendations_agree(case: _Case) -> Looked:
    """Inline against closing: numbers, text and area; both against the bundle: numbers and frameworks."""
    assert case.printed
    printed = {each.number: each.occurrences for each in case.printed.recommendations}
    bundled = {each.number: each for each in case.bundle.recommendations}
    numbers = sorted({*printed, *bundled})
    found, twice = [], []
    for number in numbers:
        inline, closing = ([each for each in printed.get(number, ()) if each.closing is closes] for closes in (False, True))
        first, last = (next(iter(each), None) for each in (inline, closing))
        ours = bundled.get(number)
        where = {"where it arises": first, "in the closing list": last, "in recommendations.yaml": ours}
        absent = [name for name, each in where.items() if each is None]
        places = tuple(Place(line=each.line) for each in (first, last) if each)
        if absent:
            found.append(Found(text=f"recommendation {number} is missing {' and '.join(absent)}", places=places))
        if first and last:
            found += [Found(text=text, places=places) for text in _two_places(number, first, last)]
        if first and ours and case.headings.get(plain(first.under or "")) != ours.framework:
            text = f"recommendation {number} arises under {first.under}, but recommendations.yaml gives it to {ours.framework}"
            found.append(Found(text=text, places=(*places, Place(framework=ours.framework))))
        for label, listed in (("where they arise", inline), ("in the closing list", closing)):
            if len(listed) > 1:
                again = tuple(Place(line=each.line) for each in listed)
                twice.append(Found(text=f"recommendation {number} is printed more than once {label}", places=again))
    return len(numbers), [*found, *twice]


def _two_places(number: int, first: Occurrence, last: Occurrence) -> Iterator[str]:
    """Say what a recommendation is where it arises and isn't in the closing list."""
    if first.fingerprint != last.fingerprint:
        yield f"recommendation {number} has two wordings, where it arises and in the closing list"
    if not plain(first.under or "").startswith(plain(last.under or "")):
        yield f"recommendation {number} arises under {first.under}, but is listed under {last.under}"


def _addresses_unmet(case: _Case) -> Looked:
    found, looked_at = [], 0
    best = list(case.bundle.standard.statuses)[-1]
    for each in case.bundle.recommendations:
        for framework, criteria in each.addresses.items():
            if framework not in case.statuses:
                continue
            looked_at += 1
            statuses = {status.criterion.id: status for status in case.statuses[framework]}
            if all(statuses[criterion].status == best for criterion in criteria):
                records = [support.record for criterion in criteria for support in statuses[criterion].records]
                text = f"recommendation {each.number}, {case.title(framework)}: {', '.join(criteria)} {'is' if len(criteria) == 1 else 'are all'} met"
                found.append(Found(text=text, places=tuple(_at(record) for record in records)))
    return looked_at, found


def _addresses_assessed(case: _Case) -> Looked:
    found, looked_at = [], 0
    for each in case.bundle.recommendations:
        for framework, criteria in each.addresses.items():
            statuses = {status.criterion.id: status.status for status in case.statuses.get(framework, ())}
            for criterion in criteria:
                looked_at += criterion in statuses
                if statuses.get(criterion) == NOT_ASSESSED:
                    text = f"recommendation {each.number}, {case.title(framework)}: nothing is known of {criterion}"
                    found.append(Found(text=text, places=(Place(framework=framework),)))
    return looked_at, found


def _cross_references(case: _Case) -> Looked:
    sections = {(record.framework, record.section) for record in case.bundle.records}
    pointing = [(record, section) for record in case.bundle.records for section in record.see_also]
    return len(pointing), [
        Found(text=f"{record.id} points to {SECTION_TITLES[section]}, where {record.framework} has no finding", places=(_at(record),))
        for record, section in pointing
        if (record.framework, section) not in sections
    ]


def _same_fact(case: _Case) -> Iterator[tuple[Record, Record]]:
    """Each two records that tell the same fact, once, whichever points to the other."""
    by_id = {record.id: record for record in case.bundle.records}
    pairs = {frozenset((record.id, record.same_fact_as)): record for record in case.bundle.records if record.same_fact_as in by_id}
    for record in pairs.values():
        yield record, by_id[record.same_fact_as or ""]


def _pairs(case: _Case, differ: Callable[[Record, Record], bool], what: Callable[[Record], str]) -> Looked:
    pairs = list(_same_fact(case))
    return len(pairs), [
        Found(text=f"{one.id} is {what(one)}, {other.id} {what(other)}", places=(_at(one), _at(other))) for one, other in pairs if differ(one, other)
    ]


def _words(text: str) -> str:
    return text.replace("_", " ")


def _same_fact_status(case: _Case) -> Looked:
    return _pairs(
        case,
        lambda one, other: one.criterion == other.criterion and one.shows != other.shows,
        lambda record: f"{_words(shown_value(record.shows))} on {record.criterion}",
    )


def _same_fact_basis(case: _Case) -> Looked:
    return _pairs(case, lambda one, other: one.basis != other.basis, lambda record: _words(record.basis))


def _same_fact_criterion(case: _Case) -> Looked:
    return _pairs(
        case,
        lambda one, other: one.criterion != other.criterion and one.shows != other.shows,
        lambda record: f"{_words(shown_value(record.shows))} on {record.criterion}",
    )


def _strength_and_improvement(case: _Case) -> Looked:
    found, looked_at = [], 0
    for framework in case.bundle.frameworks:
        own: dict[str, list[Record]] = {}
        for record in case.bundle.records_for(framework):
            if record.duplicate_of is None:
                own.setdefault(record.criterion, []).append(record)
        looked_at += len(own)
        for status in case.statuses[framework]:
            records = own.get(status.criterion.id, [])
            strengths = [record for record in records if record.section == "strengths"]
            improvements = [record for record in records if record.section == "areas_for_improvement"]
            if strengths and improvements:
                text = f"{case.title(framework)}, {status.criterion.title}: {_words(status.status)}"
                found.append(Found(text=text, places=tuple(_at(record) for record in (*strengths, *improvements))))
    return looked_at, found


def _claims_weigh(case: _Case) -> Looked:
    claims = {record.id for record in case.bundle.records if record.basis == CLAIMED}
    found = []
    for framework, statuses in case.statuses.items():
        for status in statuses:
            deciding = [support.record for support in status.records if support.record.id in claims]
            if deciding:
                text = f"{case.title(framework)}, {status.criterion.title}: {_words(status.status)} rests on a claim made after the visit"
                found.append(Found(text=text, places=tuple(_at(record) for record in deciding)))
    return len(claims), found


CHECKS: Sequence[Check] = (
    Check("distribution-total", "a national distribution adds up to the number of bodies", "conflict", "distributions", _distribution_total),
    Check("distribution-holds-grade", "the body's own grade is in the distribution", "conflict", "distributions", _distribution_holds_grade),
    Check("national-table", "the distributions are those of the national table", "conflict", "national", _national_table),
    Check("printed-grades", "grades and distributions are the same wherever the report prints them", "conflict", "source", _printed_grades),
    Check(
        "recommendations-agree",
        "a recommendation is the same where it arises, in the closing list and here",
        "conflict",
        "source",
        _recommendations_agree,
    ),
    Check("cross-references", "a cross-reference leads to a section with findings", "conflict", "records", _cross_references),
    Check("recommendation-unmet", "a recommendation addresses a criterion that isn't fully met", "warning", "recommendations", _addresses_unmet),
    Check("same-fact-status", "one fact shows one status for one criterion in every framework", "warning", "records", _same_fact_status),
    Check("same-fact-basis", "one fact is known in one way", "warning", "records", _same_fact_basis),
    Check("claims-weigh", "no status rests on what was claimed after the visit", "warning", "records", _claims_weigh),
    Check(
        "commonest-grade", "the grade that is expected to be the commonest is (an expectation, never a rule)", "warning", "distributions", _commonest
    ),
    Check(
        "recommendation-assessed",
        "something is known of each criterion that a recommendation addresses",
        "note",
        "recommendations",
        _addresses_assessed,
    ),
    Check("same-fact-criterion", "one fact shows different statuses for different criteria", "note", "records", _same_fact_criterion),
    Check(
        "contested-in-kind",
        "a criterion with both a strength and an area for improvement: contested in kind",
        "note",
        "records",
        _strength_and_improvement,
    ),
)
