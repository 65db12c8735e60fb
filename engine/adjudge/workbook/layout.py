"""The layout of a workbook, as data: its tables, their columns, and where in the bundle's documents each value stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from adjudge.documents import Path_
from adjudge.evidence import SECTION_TITLES, Bundle
from adjudge.rulebook import NOT_APPLICABLE, WHOLE, Standard
from adjudge.workbook.words import NO_WORDS, YES, Kind, Words

DOMINANT = "dominant"
Shape = Literal["items", "mapping", "rows", "texts", "overviews", "judgements"]
"""How the rows of a table stand in a document: an item and its value; a key and its text; a list of entries; texts of several lists;
the frameworks without a grade; decisions, each under the key of what it decides."""


@dataclass(frozen=True)
class Column:
    """One column: the key of its value in an entry (dots lead deeper), its heading, what it holds, its width in characters, and what to write."""

    key: str
    heading: str
    kind: Kind = "text"
    width: int = 20
    help: str = ""
    words: Words = NO_WORDS
    others: Words = NO_WORDS
    drop_down: bool = False
    always: bool = False


@dataclass(frozen=True)
class Item:
    """One line of the table of single values: what it is called, and where it stands."""

    label: str
    document: str
    path: Path_
    kind: Kind = "text"
    help: str = ""


@dataclass(frozen=True)
class Table:
    """One table: a sheet of the workbook, or a CSV file. ``identity`` are the columns that tell one row from another."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    shape: Shape
    document: str
    path: Path_ = ()
    identity: tuple[str, ...] = ()
    framework: str | None = None

    @property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}


ITEMS = (
    Item("id of the bundle", "bundle.yaml", ("bundle",), "id", "lower-case letters, digits and hyphens: marsh-2026"),
    Item("title", "bundle.yaml", ("title",), help="the body and the date, as reports name them"),
    Item("id of the body", "bundle.yaml", ("body", "id"), "id", "a short name: marsh"),
    Item("name of the body", "bundle.yaml", ("body", "title"), help="Marsh Constabulary"),
    Item("standard", "bundle.yaml", ("standard",), "id", "the standard it is graded by"),
    Item("source", "bundle.yaml", ("source",), help="the report, or the files, that the findings come from"),
    Item("frameworks graded", "bundle.yaml", ("graded",), "list", "in their order; blank for every framework of the standard"),
    Item("source of the published grades", "published.yaml", ("source",), help="only if grades are published"),
    Item("bodies graded nationally", "published.yaml", ("bodies",), "number", "only if grades are published"),
    Item("day whose rules count", "bundle.yaml", ("date",), help="as text, 2007-09-27; only where it isn't the last of the assessment period"),
    Item("order of the frameworks' findings", "", ("order",), "list", "only where it isn't the order of the frameworks' ids"),
    Item("context", "", ("context",), help="`empty` if the bundle has a context in which nothing stands"),
)
REQUIRED_ITEMS = 9
"""How many of the items stand in every workbook; the last ones only where a bundle needs them."""

BUNDLE = Table(
    "bundle",
    "Bundle",
    "What is inspected, by which standard, and where the evidence comes from.",
    (
        Column("item", "item", width=34),
        Column("value", "value", width=80, help="Write the value beside its item."),
        Column("help", "what to write", width=60),
    ),
    "items",
    "",
    identity=("item",),
)
UNITS = Table(
    "units",
    "Units",
    "The parts of the body that findings name, such as basic command units.",
    (Column("key", "unit", "id", 24, "An id: lower-case letters, digits and hyphens."), Column("text", "name", width=60, help="Its name in full.")),
    "mapping",
    "bundle.yaml",
    ("body", "units"),
    ("key",),
)
CODERS = Table(
    "coders",
    "Coders",
    "Who records findings. A finding names its coder by the id.",
    (Column("key", "coder", "id", 24, "An id: lower-case letters, digits and hyphens."), Column("text", "who", width=90, help="Who this is.")),
    "mapping",
    "bundle.yaml",
    ("recorded_by",),
    ("key",),
)
OVERVIEWS = Table(
    "overviews",
    "Overviews",
    "Parts of the report without a grade of their own, whose findings count for the frameworks named.",
    (
        Column("framework", "framework", "id", 34, "An id for the overview."),
        Column("heading", "heading", width=60, help="Its heading as printed."),
        Column("inherited_by", "inherited by", "list", 60, "The ids of the frameworks for which its findings count."),
    ),
    "overviews",
    "",
    identity=("framework", "heading"),
)
FIRST = (BUNDLE, UNITS, CODERS, OVERVIEWS)
"""The tables that say what the others are: they are read first."""

PROGRAMME = {
    "strategic_priorities": "strategic priority",
    "risk_based_frameworks": "risk-based framework",
    "planned_frameworks": "planned framework",
}
CONTEXT_KEYS = ("facts", *PROGRAMME)


@dataclass(frozen=True)
class About:
    """What a bundle adds to its standard's layout: units, coders, the frameworks without a grade with their heirs, headings, and the order."""

    units: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    overviews: Mapping[str, tuple[str, ...]] | None = None
    headings: Mapping[str, str] | None = None
    graded: tuple[str, ...] = ()

    @classmethod
    def of(cls, bundle: Bundle) -> About:
        """Return what a loaded bundle adds."""
        books = {book.rulebook for book in bundle.standard.rulebooks}
        headings = {framework: heading for heading, framework in bundle.headings.items()}
        overviews = {each: heirs for each, heirs in bundle.inherited_by.items() if each not in books}
        return cls(tuple(bundle.body.units), tuple(bundle.recorded_by), overviews, headings, bundle.graded)


def layout(standard: Standard, about: About) -> tuple[Table, ...]:
    """Return every table of a workbook, in the order of its sheets."""
    books = {book.rulebook: book.title for book in standard.rulebooks}
    titles = {each: books[each] for each in dict.fromkeys((*about.graded, *books))}
    overviews = {each: (about.headings or {}).get(each, each) for each in about.overviews or {}}
    frameworks = Words({**titles, **overviews})
    grades = Words(standard.grades)
    findings = tuple(_findings(standard, about, framework, title) for framework, title in {**titles, **overviews}.items())
    return (*findings, *_decided(standard, Words(titles), grades), *_printed(frameworks), *FIRST, *_context(Words.of(standard.grades)))


def criteria_of(standard: Standard, about: About, framework: str) -> tuple[str, ...]:
    """Return the criteria that a framework's findings may be about: its own or, for an overview, those that all its heirs have."""
    books = {book.rulebook: book for book in standard.rulebooks}
    heirs = [books[each] for each in (about.overviews or {}).get(framework, (framework,)) if each in books]
    return tuple(each for each in heirs[0].by_id if all(each in book.by_id for book in heirs)) if heirs else ()


def _findings(standard: Standard, about: About, framework: str, title: str) -> Table:
    statuses = Words(standard.statuses)
    sections = Words(SECTION_TITLES)
    criteria = Words.of(criteria_of(standard, about, framework))
    return Table(
        f"findings-{framework}",
        title,
        "One finding a row. The criteria above are for reading: their statuses follow from the findings, and changing them here changes nothing.",
        (
            Column("id", "id", "id", 10, "Leave it blank for a new finding: the import proposes one."),
            Column("section", "section", "words", 15, "The section it is printed in.", sections, drop_down=True),
            Column("paragraph", "paragraph", "number", 10, "Its number in the section, from 1."),
            Column("criterion", "criterion", "words", 20, "The one criterion that it is mainly about.", criteria, drop_down=True),
            Column("shows", "shows", "points", 14, "The status that it shows for that criterion.", statuses, drop_down=True),
            Column("also", "also", "pairs", 25, "Other criteria it speaks to, each on its own line: criterion: status", criteria, statuses),
            Column(
                "basis",
                "basis",
                "words",
                14,
                "How it is known.",
                Words({each: basis.label for each, basis in standard.bases.items()}),
                drop_down=True,
            ),
            Column(
                "unit", "unit", "words", 9, "Only if it is about one unit. Blank: the whole body.", Words.of((WHOLE, *about.units)), drop_down=True
            ),
            Column("date", "date", "date", 11, f"Only if one is printed: 2007-04-30, 2007-04, 2007. Blank: {standard.period}."),
            Column("summary", "summary", width=58, help="The fact, in your own words, with its figures."),
            Column("note", "note", width=30, help="In a hard case: why it is coded so."),
            Column("see_also", "see also", "list", 14, "Sections that a printed cross-reference names.", sections),
            Column("duplicate_of", "duplicate of", "id", 11, "The finding of this sheet that tells the same fact."),
            Column("same_fact_as", "same fact as", "id", 11, "A finding of another framework that tells the same fact."),
            Column(
                "recorded_by", "recorded by", "words", 11, "Who coded it. May be blank if there is one coder.", Words.of(about.coders), drop_down=True
            ),
            Column("fingerprint", "fingerprint", "text", 19, "Of the cited paragraph. Blank: the import works it out, given the report's text."),
        ),
        "rows",
        f"records/{framework}.yaml",
        ("records",),
        ("id",),
        framework,
    )


def _decided(standard: Standard, frameworks: Words, grades: Words) -> tuple[Table, ...]:
    decisions = {**standard.statuses, NOT_APPLICABLE: "not applicable", DOMINANT: "dominant for this body"}
    bodies = tuple(
        Column(f"distribution.{grade}", f"bodies: {grades.say(grade)}", "number", 13, "How many bodies nationally got it.")
        for grade in standard.grades
    )
    return (
        Table(
            "judgements",
            "Judgements",
            "Human decisions, each with a reason, an author and a date. A decision on the grade leaves the criterion blank.",
            (
                Column("framework", "framework", "words", 26, "", frameworks, drop_down=True),
                Column("criterion", "criterion", "id", 24, "The criterion it is about. Blank: the framework's grade."),
                Column(
                    "decides", "decides", "words", 22, "A status, not applicable or dominant; for a grade, the grade.", Words(decisions), grades, True
                ),
                Column("reason", "reason", width=60, help="Why it was decided so."),
                Column("author", "author", width=24, help="Who decided."),
                Column("date", "date", "date", 12, "The day: 2007-10-01."),
            ),
            "judgements",
            "judgements.yaml",
            ("judgements",),
            ("framework", "criterion", "aspect"),
        ),
        Table(
            "published-grades",
            "Published grades",
            "The grades that were published. They never take part in a proposal.",
            (
                Column("framework", "framework", "words", 26, "", frameworks, drop_down=True),
                Column("grade", "grade", "words", 14, "The grade published.", grades, drop_down=True),
                *bodies,
            ),
            "rows",
            "published.yaml",
            ("grades",),
            ("framework",),
        ),
    )


def _printed(frameworks: Words) -> tuple[Table, ...]:
    return (
        Table(
            "recommendations",
            "Recommendations",
            "The report's recommendations and the criteria that each addresses.",
            (
                Column("number", "number", "number", 9, "From 1."),
                Column("framework", "framework", "words", 26, "Where it is printed.", frameworks, drop_down=True),
                Column("summary", "summary", width=70, help="In your own words."),
                Column(
                    "addresses", "addresses", "groups", 60, "Each framework on its own line: framework: criterion, criterion", frameworks, always=True
                ),
            ),
            "rows",
            "recommendations.yaml",
            ("recommendations",),
            ("number",),
        ),
        Table(
            "developing-practice",
            "Developing practice",
            "Practice that the body offered and the inspectorate printed without evaluating it.",
            (
                Column("framework", "framework", "words", 18, "", frameworks, drop_down=True),
                Column("title", "title", width=22),
                Column("problem", "problem", width=34),
                Column("solution", "solution", width=64),
                Column("outcome", "outcome", width=30),
                Column("evaluated_by_body", "evaluated by body", "yes", 11, "yes or no", YES, drop_down=True),
                Column("contact", "contact", width=14),
            ),
            "rows",
            "developing-practice.yaml",
            ("developing_practice",),
            ("framework", "title"),
        ),
    )


def _context(grades: Words) -> tuple[Table, ...]:
    return (
        Table(
            "facts",
            "Facts",
            "The body's context: one fact a row, in your own words, with its figures.",
            (Column("topic", "topic", "id", 26, "An id, such as demography."), Column("summary", "summary", width=110)),
            "rows",
            "context.yaml",
            ("facts",),
        ),
        Table(
            "programme",
            "Programme",
            "The body's priorities, and what else the inspectorate watches or plans to inspect.",
            (Column("kind", "kind", "words", 26, "", Words(PROGRAMME), drop_down=True), Column("text", "text", width=110)),
            "texts",
            "context.yaml",
        ),
        Table(
            "previous-grades",
            "Previous grades",
            "Grades of earlier rounds.",
            (
                Column("framework", "framework", width=40),
                Column("round", "round", width=40),
                Column("grade", "grade", "id", 16, "The id of a grade.", grades, drop_down=True),
            ),
            "rows",
            "context.yaml",
            ("previous_grades",),
            ("framework", "round"),
        ),
        Table(
            "glossary",
            "Glossary",
            "Abbreviations and what they stand for.",
            (Column("key", "abbreviation", width=26), Column("text", "stands for", width=90)),
            "mapping",
            "glossary.yaml",
            ("glossary",),
            ("key",),
        ),
    )


_ENDS = " '-–—:,;"
"""What a name that was cut off shouldn't end in."""


def sheet_names(tables: Sequence[Table]) -> Iterator[tuple[str, Table]]:
    """Yield a name for the sheet of each table: its title as far as Excel allows, and no name twice."""
    taken = {"guide", "lists", "history"}
    for table in tables:
        plain = "".join(character for character in table.title if character not in "[]:*?/\\" and character.isprintable()).strip(_ENDS) or table.name
        name, times = plain[:31].strip(_ENDS), 1
        while name.casefold() in taken:
            times += 1
            tail = f" {times}"
            name = plain[: 31 - len(tail)].strip(_ENDS) + tail
        taken.add(name.casefold())
        yield name, table
