"""Load a standard with its rulebooks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from adjudge.documents import Document, build, files, find, read, shown
from adjudge.errors import BadInput, Fault
from adjudge.rulebook import Bands, Rulebook, Standard, StandardFile
from adjudge.together import composition_faults, dead_faults, name_faults, rulebook_faults
from adjudge.wellformed import standard_faults


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
    books: list[tuple[Document, Rulebook]] = []
    entries = [entry for entry in files(folder, faults) if entry.name != "standard.yaml"]
    for entry in entries:
        loaded = _read(entry, faults)
        book = build(loaded, Rulebook, faults) if loaded else None
        if loaded and book:
            books.append((loaded, book))
    standard = made(file, [book for _, book in books])
    faults.extend(standard_faults(document, file, standard))
    first: dict[str, str] = {}
    for loaded, book in books:
        faults.extend(rulebook_faults(loaded, book, standard))
        if book.rulebook in first:
            faults.append(loaded.fault(("rulebook",), f"two rulebooks have the id `{book.rulebook}` (the first is {first[book.rulebook]})"))
        first.setdefault(book.rulebook, loaded.file)
    if not entries and not faults:
        faults.append(Fault(shown(folder), 0, 0, "no rulebooks: put a YAML file for each framework beside standard.yaml"))
    if books and len(books) == len(entries):
        faults.extend(name_faults(document, file, standard))
    if not faults:
        faults.extend(fault for loaded, book in books for fault in composition_faults(loaded, book, standard))
        faults.extend(dead_faults(document, file, standard))
    if faults:
        raise BadInput(faults)
    return standard


def made(file: StandardFile, books: Iterable[Rulebook]) -> Standard:
    """Return the standard of a file with its rulebooks, the bands written out."""
    reach = tuple(each for item in file.reach for each in (item.reaches() if isinstance(item, Bands) else (item,)))
    return Standard.model_construct(**{**file.__dict__, "reach": reach}, rulebooks=tuple(books))


def _read(path: Path, faults: list[Fault]) -> Document | None:
    try:
        return read(path)
    except BadInput as error:
        faults.extend(error.faults)
        return None
