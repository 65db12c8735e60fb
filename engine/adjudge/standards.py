"""Load a standard with its rulebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from adjudge.documents import Document, build, files, find, read, shown
from adjudge.errors import BadInput, Fault
from adjudge.rulebook import Bands, Rulebook, Standard, StandardFile
from adjudge.together import composition_faults, idle_faults, idle_weights, name_faults, rulebook_faults
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
    entries = [entry for entry in files(folder, faults) if entry.name != "standard.yaml"]
    if not entries and not faults:
        faults.append(Fault(shown(folder), "no rulebooks: put a YAML file for each framework beside standard.yaml"))
    return join(document, file, [_read(entry, faults) for entry in entries], faults)


def join(document: Document, file: StandardFile, rulebooks: Sequence[Document | None], faults: list[Fault], idle: bool = False) -> Standard:
    """Return a standard's file with the rulebooks of its documents (None for one that can't be read), checked together.

    ``idle`` lets pass what has no effect, such as a term that nothing uses: a person's slip, but no obstacle to grading. Raises BadInput with every
    fault, those given among them.
    """
    books = [(each, book) for each in rulebooks if each is not None and (book := build(each, Rulebook, faults)) is not None]
    standard = _made(file, [book for _, book in books])
    faults.extend(standard_faults(document, file, standard))
    first: dict[str, str] = {}
    for loaded, book in books:
        faults.extend(rulebook_faults(loaded, book, standard))
        if book.rulebook in first:
            faults.append(loaded.fault(("rulebook",), f"two rulebooks have the id `{book.rulebook}` (the first is {first[book.rulebook]})"))
        first.setdefault(book.rulebook, loaded.file)
    if books and len(books) == len(rulebooks):
        faults.extend(name_faults(document, file, standard))
    if not faults:
        faults.extend(fault for loaded, book in books for fault in composition_faults(loaded, book, standard))
    if not faults and not idle:
        faults.extend(idle_faults(document, file, standard))
        faults.extend(fault for loaded, book in books for fault in idle_weights(loaded, book, standard))
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
