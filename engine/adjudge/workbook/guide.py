"""The first sheet of a workbook: how to use it, in plain words."""

from __future__ import annotations

from adjudge.rulebook import Standard


def guide(standard: Standard, title: str) -> list[tuple[str, str]]:
    """Return the lines of the guide, each with its style: title, note, subtitle or guide."""
    statuses = ", ".join(reversed(list(standard.statuses.values())))
    bases = ", ".join(basis.label for basis in standard.bases.values())
    return [
        ("title", title or "A new inspection"),
        ("note", f"Evidence for {standard.title}, as a workbook. adjudge reads it back: adjudge workbook import FILE --out FOLDER"),
        ("subtitle", "What is where"),
        (
            "guide",
            "Dark blue tabs: one sheet for each framework. Above, its criteria with the statuses that follow from the findings; below, its findings.",
        ),
        ("guide", "Green tabs: judgements, the human decisions, and the grades that were published."),
        ("guide", "Other tabs: recommendations and developing practice; what the bundle is, its units, coders and overviews; context and glossary."),
        ("subtitle", "To write a finding"),
        (
            "guide",
            "Write it into the first empty row of its framework's sheet. Choose from the drop-downs; a note beside the cell says what to write.",
        ),
        ("guide", f"What it shows is a status: {statuses}. How it is known is its basis: {bases}."),
        ("guide", "Leave the id blank: the import proposes one. Blank unit: the whole body. Blank date: the whole assessment period."),
        ("guide", "In cells with several entries, write each on its own line (Alt+Enter), for instance under “also”: supervision: partly met"),
        ("subtitle", "To change, move or remove"),
        ("guide", "Change any cell that isn't locked. Rows may be sorted, inserted and deleted; columns may be moved; sheets may be renamed."),
        ("guide", "Don't merge cells or rename headings, and keep every sheet: an empty one says that there is nothing, a missing one is refused."),
        ("guide", "The statuses of the criteria are those of the day this file was written. To decide one otherwise, record a judgement."),
        ("subtitle", "What happens with what you write"),
        (
            "guide",
            "The import reads values: it calculates no formula and runs no macro. If a cell can't be understood, it tells which, and writes nothing.",
        ),
        ("guide", "Two copies filled in by two people are joined by: adjudge workbook merge A.xlsx B.xlsx --base ORIGINAL.xlsx --out FILE.xlsx"),
    ]
