"""Load a standard with its rulebooks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from adjudge.documents import Document, build, files, find, read, shown
from adjudge.errors import BadInput, Fault
from adjudge.rulebook import Bands, Rulebook, Standard, StandardFile
from adjudge.wellformed import composition_faults, rulebook_faults, standard_faults


def load_standard(where: str | Path = "hmic-2007") -> Standard:
    """Load a standard with all its rulebooks, from a folder (or its standard.yaml) or by a shipped name.

    Raises BadInput with every fault of every file.
    """
    path = find("rules", where, "standard")
    folder = path if path.is_dir() else path.parent
    faults: list[Fault] = []
    if not (folder / "standard.yaml").is_file():
        raise BadInput.at(shown(folder), "no standard.yaml in this folder")
    document = _read(folder / "standard.yaml", faults)
    file = build(document, StandardFile, faults) if document else None
    if file is None or document is None:
        raise BadInput(faults)
    standard = _made(file, ())
    faults.extend(standard_faults(document, file, standard))
    books: list[tuple[Document, Rulebook]] = []
    first: dict[str, str] = {}
    for entry in files(folder, faults):
        if entry.name == "standard.yaml" or not (loaded := _load_rulebook(entry, standard, faults)):
            continue
        document, book = loaded
        if book.rulebook in first:
            faults.append(document.fault(("rulebook",), f"two rulebooks have the id `{book.rulebook}` (the first is {first[book.rulebook]})"))
        first.setdefault(book.rulebook, document.file)
        books.append((document, book))
    if not books and not faults:
        faults.append(Fault(shown(folder), 0, 0, "no rulebooks: put a YAML file for each framework beside standard.yaml"))
    standard = _made(file, [book for _, book in books])
    if not faults:
        faults.extend(fault for document, book in books for fault in composition_faults(document, book, standard))
    if faults:
        raise BadInput(faults)
    return standard


def _made(file: StandardFile, books: Iterable[Rulebook]) -> Standard:
    """Return the standard of a file with its rulebooks, the bands written out."""
    reach = tuple(each for item in file.reach for each in (item.reaches() if isinstance(item, Bands) else (item,)))
    return Standard.model_construct(**{**file.__dict__, "reach": reach}, rulebooks=tuple(books))


def _read(path: Path, faults: list[Fault]) -> Document | None:
    try:
        return read(path)
    except BadInput as error:
        faults.extend(error.faults)
        return None


def _load_rulebook(path: Path, standard: Standard, faults: list[Fault]) -> tuple[Document, Rulebook] | None:
    document = _read(path, faults)
    book = build(document, Rulebook, faults) if document else None
    if document is None or book is None:
        return None
    faults.extend(rulebook_faults(document, book, standard))
    return document, book
