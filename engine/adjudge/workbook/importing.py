"""Read a workbook, or a folder of CSV files, back into a bundle: every fault by sheet and cell, all at once."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adjudge.citations import printed_findings
from adjudge.errors import BadInput, Fault
from adjudge.evidence import SECTION_TITLES, Bundle
from adjudge.rulebook import Standard
from adjudge.standards import load_standard
from adjudge.workbook.cells import CellFault, Grid, Place, Rows
from adjudge.workbook.checking import load
from adjudge.workbook.container import open_workbook
from adjudge.workbook.convert import ID, assemble
from adjudge.workbook.csvs import open_folder
from adjudge.workbook.layout import FIRST, OVERVIEWS, About, Table, layout
from adjudge.workbook.reading import find_grids, read_table

SECTION_LETTERS = {"strengths": "s", "work_in_progress": "w", "areas_for_improvement": "a"}
_CODED = re.compile(r"([a-z0-9]+)-[swa]\d+[b-z]?")
_NOTHING = "no findings yet: write at least one on a framework's sheet"


@dataclass(frozen=True)
class Imported:
    """A bundle read from a workbook, with where its rows stand and what the import added or passed over."""

    file: str
    bundle: Bundle
    tables: tuple[Table, ...]
    read: Mapping[str, Rows]
    proposed: Mapping[str, Place] = field(default_factory=dict)
    fingerprinted: int = 0
    macros: bool = False
    saved_by: str | None = None
    other_sheets: tuple[str, ...] = ()


def import_bundle(path: Path, standard: Standard | None = None, source: Path | None = None, beside: Path | None = None) -> Imported:
    """Read an .xlsx file or a folder of CSV files.

    The standard is the one given or else found by the name in the workbook: in a folder ``rules`` two levels above ``beside``, or shipped. New
    findings get an id, and, given the report's plain text, their fingerprints. Raises BadInput with every fault.
    """
    macros, saved_by = False, None
    if path.is_dir():
        grids = open_folder(path)
    else:
        opened = open_workbook(path)
        grids, macros, saved_by = opened.grids, opened.macros, opened.saved_by
    faults: list[Fault] = []
    first = {table.name: read_table(table, grid, faults) for table, grid in _grids(FIRST, grids, faults, path)}
    if len(first) < len(FIRST) or not all(rows.whole for rows in first.values()):
        raise BadInput(faults)
    standard = standard or _standard(first, faults, path, beside)
    about = _about(standard, first)
    tables = layout(standard, about)
    rest = [table for table in tables if table not in FIRST]
    read = {**{table.name: read_table(table, grid, faults) for table, grid in _grids(rest, grids, faults, path)}, **first}
    for table in rest:
        read.setdefault(table.name, Rows(Place(str(path), 0, 0), whole=False))
    proposed = propose_ids(tables, read)
    fingerprinted = fill_fingerprints(standard, about, tables, read, source, faults) if source else 0
    assembled = assemble(standard, tables, read)
    faults.extend(assembled.faults)
    if not all(rows.whole for rows in read.values()) or any(fault.file == read[OVERVIEWS.name].heading.file for fault in assembled.faults):
        raise BadInput(faults)
    loaded = load(assembled.documents, standard, assembled.locate(str(path)))
    if faults or isinstance(loaded, list):
        raise BadInput(_joined(faults, loaded, str(path)) if isinstance(loaded, list) else faults)
    used = {table.name for table in tables}
    other = [grid.title for grid in grids if not any(grid.file == read[name].heading.file for name in used) and grid.title not in ("Guide", "Lists")]
    return Imported(str(path), loaded, tables, read, proposed, fingerprinted, macros, saved_by, tuple(other))


def _grids(tables: Sequence[Table], grids: Sequence[Grid], faults: list[Fault], path: Path) -> list[tuple[Table, Grid]]:
    """The sheet of each table; a missing one is a fault, for it might have been deleted by mistake."""
    found = find_grids(tables, grids, faults)
    for table in tables:
        if table.name not in found:
            what = f"`{table.name}.csv`" if path.is_dir() else f"the sheet `{table.title}`"
            faults.append(CellFault(str(path), f"{what} is missing; an empty one, with its headings, says that there is nothing"))
    return [(table, found[table.name]) for table in tables if table.name in found]


def _joined(first: Sequence[Fault], then: Sequence[Fault], file: str) -> list[Fault]:
    """The faults of reading, and those of loading at cells that had none yet."""
    had = {(fault.file, fault.line, fault.column) for fault in first if fault.line}
    kept = [fault for fault in then if not fault.line or (fault.file, fault.line, fault.column) not in had]
    empty = [fault for fault in kept if not fault.line and fault.message.startswith("no records")]
    kept = [fault for fault in kept if fault not in empty]
    return [*first, *kept, *([CellFault(file, _NOTHING)] if empty else [])]


def _standard(first: Mapping[str, Rows], faults: list[Fault], path: Path, beside: Path | None) -> Standard:
    row = next((row for row in first["bundle"].rows if row.values.get("item") == "standard"), None)
    name = row.values.get("value") if row else None
    if row is None or not name or not ID.fullmatch(str(name)):
        place = row.places["value"] if row else first["bundle"].heading
        raise BadInput([*faults, place.fault(f"`{name}` isn't the id of a standard" if name else "`standard` is missing")])
    near = beside.absolute().parent.parent / "rules" / str(name) if beside else None
    try:
        return load_standard(near if near and near.is_dir() else str(name))
    except BadInput as error:
        there = [row.places["value"].fault(f"standard `{name}`: {each.message if each.file == name else each}") for each in error.faults]
        raise BadInput([*faults, *there]) from None


def _about(standard: Standard, first: Mapping[str, Rows]) -> About:
    books = {book.rulebook for book in standard.rulebooks}
    overviews: dict[str, tuple[str, ...]] = {}
    headings: dict[str, str] = {}
    for row in first[OVERVIEWS.name].rows:
        framework = row.values.get("framework")
        if framework is None or not ID.fullmatch(framework):
            continue
        if framework not in books:
            overviews.setdefault(framework, tuple(row.values.get("inherited_by", ())))
        if "heading" in row.values:
            headings[framework] = row.values["heading"]
    keys = {name: tuple(row.values["key"] for row in first[name].rows if "key" in row.values) for name in ("units", "coders")}
    return About(keys["units"], keys["coders"], overviews, headings)


def propose_ids(tables: Sequence[Table], read: Mapping[str, Rows]) -> dict[str, Place]:
    """Give each finding without an id the next free one of the coding manual's pattern: prefix, section letter, paragraph, then b, c, ..."""
    findings = [table for table in tables if table.framework]
    used = {row.values["id"] for table in findings for row in read[table.name].rows if "id" in row.values}
    proposed: dict[str, Place] = {}
    for table in findings:
        prefix = _prefix(table.framework or "", [row.values.get("id", "") for row in read[table.name].rows])
        for row in read[table.name].rows:
            section, paragraph = row.values.get("section"), row.values.get("paragraph")
            if "id" in row.values or section not in SECTION_LETTERS or not isinstance(paragraph, int) or paragraph < 1:
                continue
            stem = f"{prefix}-{SECTION_LETTERS[section]}{paragraph:02}"
            row.values["id"] = name = free_id(stem, used)
            used.add(name)
            proposed[name] = row.places["id"]
    return proposed


def free_id(name: str, used: Container[str]) -> str:
    """Return the first id for a paragraph's finding that isn't used: np-s04, np-s04b, np-s04c, ..., after z np-s04-27."""
    stem = re.sub(r"(?<=\d)([b-z]|-\d+)$", "", name)
    suffixes = itertools.chain(("",), "bcdefghijklmnopqrstuvwxyz", (f"-{number}" for number in itertools.count(27)))
    return next(f"{stem}{suffix}" for suffix in suffixes if f"{stem}{suffix}" not in used)


def _prefix(framework: str, ids: Sequence[str]) -> str:
    """The prefix that the framework's ids have, or else the first letters of its words."""
    found = Counter(match[1] for each in ids if (match := _CODED.fullmatch(each)))
    return found.most_common(1)[0][0] if found else "".join(word[0] for word in re.split("[-_]", framework))


def fill_fingerprints(standard: Standard, about: About, tables: Sequence[Table], read: Mapping[str, Rows], source: Path, faults: list[Fault]) -> int:
    """Give each finding without a fingerprint that of the paragraph it cites in the report; return how many got one."""
    printed = printed_findings(source, standard, {heading: each for each, heading in (about.headings or {}).items()})
    cited = {place: finding.fingerprint for place, finding in printed.items()}
    filled = 0
    for table in tables:
        for row in read[table.name].rows if table.framework else ():
            section, paragraph = row.values.get("section"), row.values.get("paragraph")
            if "fingerprint" in row.values or section not in SECTION_TITLES or not isinstance(paragraph, int):
                continue
            found = cited.get((table.framework or "", str(section), paragraph))
            if found is None:
                message = f"the report has no {SECTION_TITLES[str(section)]} {paragraph} under {table.title}; correct the section or the paragraph"
                faults.append(row.places["paragraph"].fault(message))
                continue
            row.values["fingerprint"] = found
            filled += 1
    return filled
