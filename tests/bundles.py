"""A strategy for whole bundles of the conformance suite's standard: everything that a bundle may hold, with awkward texts, made up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from adjudge import Bundle, Judgement, Record
from adjudge.documents import Id
from adjudge.evidence import Body, ContextFile, DevelopingPractice, Fact, PreviousGrade, PublishedFile, PublishedGrade, Recommendation
from adjudge.language import Period
from adjudge.testing import strategies
from adjudge.testing.strategies import dates
from tests.hmic import STANDARD

DATES = dates(STANDARD)
BOOKS = {book.rulebook: book for book in STANDARD.rulebooks}
GRADES = tuple(STANDARD.grades)
AWKWARD = (
    "=1+1", "+44", "-5", "@SUM(A1)", "'quoted", "''", "2007", "007", "1e5", "12e4567890123456", "2007-04", "1/2", "true", "no", "null", "~",
    "met", "- a", "a: b", "# no", "a #b", "_x000D_", "line\nline", "tab\there", "a\r\nb", "é–“”", "🙂", "{a}", "[a]", "*a", "&a", "!a", "%a",
    "`a`", "a;b,c", '"', "a  b", "a\n b", "\ufeffa", "a\u2028b", "a\x85b", "word " * 40 + "end", "nospace" * 40, "<b>&amp;</b>",
)  # fmt: skip

_characters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
texts: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(_characters, min_size=1, max_size=30).map(str.strip).filter(bool),
    st.sampled_from(AWKWARD).map(lambda text: f"{text} x"),
).filter(lambda text: text == text.strip())
ids: st.SearchStrategy[Id] = st.from_regex(r"[a-z0-9]{1,6}([-_][a-z0-9]{1,4}){0,2}", fullmatch=True)
fingerprints: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(("0" * 16, "1123456789012345", "12e4567890123456")), st.text("0123456789abcdef", min_size=16, max_size=16)
)
SECTIONS = ("strengths", "work_in_progress", "areas_for_improvement")


@st.composite
def _records(draw: st.DrawFn, framework: str, book: str, coders: list[str], units: list[str], prefix: str) -> tuple[Record, ...]:
    found = draw(strategies.records(STANDARD, BOOKS[book], max_size=5))
    made = []
    for each in found:
        changes: dict[str, Any] = {
            "id": f"{prefix}{each.id}",
            "framework": framework,
            "duplicate_of": f"{prefix}{each.duplicate_of}" if each.duplicate_of else None,
            "paragraph": draw(st.integers(1, 40)),
            "fingerprint": draw(fingerprints),
            "date": Period.parse(draw(st.sampled_from((*DATES, "2006-04/2007-07", "2006-04-01/2007-07-31")))),
            "unit": draw(st.sampled_from(["whole", *units])),
            "see_also": tuple(draw(st.lists(st.sampled_from(SECTIONS), max_size=2))),
            "note": draw(st.none() | texts),
            "summary": draw(texts),
            "recorded_by": draw(st.sampled_from(coders)),
        }
        made.append(each.model_copy(update=changes))
    return tuple(made)


@st.composite
def _published(draw: st.DrawFn) -> PublishedFile:
    bodies = draw(st.integers(4, 60))
    grades = []
    for framework in draw(st.lists(st.sampled_from(list(BOOKS)), unique=True)):
        grade = draw(st.sampled_from(GRADES))
        spread: Mapping[str, int] = draw(st.sampled_from(({}, {grade: bodies}, {**dict.fromkeys(GRADES, 1), grade: bodies - len(GRADES) + 1})))
        grades.append(PublishedGrade(framework=framework, grade=grade, distribution=spread))
    return PublishedFile(source=draw(texts), bodies=bodies, grades=tuple(grades))


@st.composite
def _context(draw: st.DrawFn) -> ContextFile:
    lists = [tuple(draw(st.lists(texts, max_size=2))) for _ in range(3)]
    return ContextFile(
        facts=tuple(Fact(topic=draw(ids), summary=draw(texts)) for _ in range(draw(st.integers(0, 2)))),
        strategic_priorities=lists[0],
        previous_grades=tuple(
            PreviousGrade(framework=draw(texts), round=draw(texts), grade=draw(st.sampled_from(GRADES) | ids)) for _ in range(draw(st.integers(0, 2)))
        ),
        risk_based_frameworks=lists[1],
        planned_frameworks=lists[2],
    )


@st.composite
def _recommendations(draw: st.DrawFn, frameworks: list[str]) -> tuple[Recommendation, ...]:
    numbers = draw(st.lists(st.integers(1, 30), max_size=3, unique=True))
    found = []
    for number in numbers:
        addressed = draw(st.lists(st.sampled_from(list(BOOKS)), max_size=2, unique=True))
        addresses = {each: tuple(draw(st.lists(st.sampled_from(list(BOOKS[each].by_id)), min_size=1, max_size=3))) for each in addressed}
        found.append(Recommendation(number=number, framework=draw(st.sampled_from(frameworks)), summary=draw(texts), addresses=addresses))
    return tuple(found)


@st.composite
def _practice(draw: st.DrawFn, frameworks: list[str]) -> tuple[DevelopingPractice, ...]:
    return tuple(
        DevelopingPractice(
            framework=draw(st.sampled_from(frameworks)),
            title=draw(texts),
            problem=draw(texts),
            solution=draw(texts),
            outcome=draw(st.none() | texts),
            evaluated_by_body=draw(st.booleans()),
            contact=draw(st.none() | texts),
        )
        for _ in range(draw(st.integers(0, 2)))
    )


def _dated(judgement: Judgement, reason: str, author: str, day: datetime.date) -> Judgement:
    return judgement.model_copy(update={"reason": reason, "author": author, "date": day})


@st.composite
def bundles(draw: st.DrawFn, together: bool = False) -> Bundle:
    """Draw a bundle that loads: with ``together`` the records of each framework stand together, else in any order."""
    units = draw(st.lists(ids.filter(lambda each: each != "whole"), max_size=3, unique=True))
    coders = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    overview = draw(st.none() | st.sampled_from(("overview", "a-part")))
    frameworks = [*BOOKS, *([overview] if overview else [])]
    order = draw(st.permutations(frameworks))
    heir = draw(st.sampled_from(list(BOOKS)))
    parts = [draw(_records(each, heir if each == overview else each, coders, units, f"{each}-")) for each in order]
    records = [record for part in parts for record in part]
    if not records:
        records = [*draw(strategies.records(STANDARD, BOOKS["small"], min_size=1, max_size=1))]
        records = [records[0].model_copy(update={"recorded_by": coders[0], "unit": "whole", "duplicate_of": None})]
    if not together:
        records = draw(st.permutations(records))
    known = {record.id: record for record in records}
    for index, record in enumerate(records):
        others = [each for each in known if known[each].framework != record.framework]
        if draw(st.booleans()) and others:
            records[index] = record.model_copy(update={"same_fact_as": draw(st.sampled_from(others))})
    headings = {draw(texts): draw(st.sampled_from(frameworks)) for _ in range(draw(st.integers(0, 2)))}
    judgements = tuple(
        _dated(each, draw(texts), draw(texts), draw(st.dates()))
        for book in draw(st.lists(st.sampled_from(list(BOOKS)), max_size=2, unique=True))
        for each in draw(strategies.judgements(STANDARD, BOOKS[book], 3))
    )
    return Bundle.model_construct(
        bundle=draw(ids),
        title=draw(texts),
        body=Body(id=draw(ids), title=draw(texts), units={each: draw(texts) for each in units}),
        source=draw(texts),
        standard=STANDARD,
        recorded_by={each: draw(texts) for each in coders},
        graded=tuple(draw(st.lists(st.sampled_from(list(BOOKS)), unique=True))),
        date=draw(st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 1, 1))),
        records=tuple(records),
        inherited_by={overview: (heir,)} if overview else {},
        headings=headings,
        judgements=judgements,
        published=draw(st.none() | _published()),
        recommendations=draw(_recommendations(frameworks)),
        developing_practice=draw(_practice(frameworks)),
        context=draw(st.none() | _context()),
        glossary=draw(st.dictionaries(texts, texts, max_size=3)),
    )
