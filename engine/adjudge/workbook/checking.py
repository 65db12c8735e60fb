"""Load the documents that a workbook stands for, and find the faults that the loader only looks for when others are mended."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from adjudge.documents import Path_
from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.rulebook import Standard
from adjudge.writing import Locate, load_documents

_PASSES = 3
"""What the bundle is, then each row by itself, then the rows together: the loader stops after any of these that has faults."""
_TEXTS = (("bundle",), ("title",), ("source",), ("body", "id"), ("body", "title"))


def load(content: Mapping[str, dict[str, Any]], standard: Standard, locate: Locate) -> Bundle | list[Fault]:
    """Return the bundle, or every fault: also those of rows beside the ones that can't be read."""
    wrong: set[tuple[str, Path_]] = set()
    rows: dict[tuple[str, str | int], list[int]] = {}
    gone: set[str] = set()
    faults: list[Fault] = []

    def noting(name: str, path: Path_, message: str) -> Fault:
        if len(path) > 1 and isinstance(path[1], int) and (name, path[0]) in rows:
            path = (path[0], rows[name, path[0]][path[1]], *path[2:])
        missing = re.fullmatch(r"`(\w+)` is missing", message)
        found.add((name, (*path, missing[1]) if missing else path))
        return locate(name, path, message)

    left = content
    for _ in range(_PASSES):
        found: set[tuple[str, Path_]] = set()
        try:
            bundle = load_documents(left, standard, noting)
        except BadInput as error:
            faults += [fault for fault in error.faults if not (wrong and _follows(fault, gone))]
        else:
            return faults or bundle
        if found <= wrong:
            break
        wrong |= found
        left, rows, gone = _mended(content, wrong)
    return faults


def _mended(
    content: Mapping[str, dict[str, Any]], wrong: set[tuple[str, Path_]]
) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str | int], list[int]], set[str]]:
    """The documents without the rows that have faults and with single values made up; which rows are left; the ids of those that are gone."""
    mended: dict[str, dict[str, Any]] = copy.deepcopy(dict(content))
    rows: dict[tuple[str, str | int], list[int]] = {}
    gone: set[str] = set()
    lost = {(name, path[0], path[1]) for name, path in wrong if len(path) > 1 and isinstance(path[1], int)}
    for name, document in mended.items():
        for key, value in document.items():
            if isinstance(value, list):
                rows[name, key] = [index for index in range(len(value)) if (name, key, index) not in lost]
                gone |= {str(value[index].get("id")) for index in range(len(value)) if (name, key, index) in lost and isinstance(value[index], dict)}
                document[key] = [value[index] for index in rows[name, key]]
    about = mended["bundle.yaml"]
    for name, path in wrong:
        if name == "bundle.yaml" and path in _TEXTS:
            (about if len(path) == 1 else about["body"])[path[-1]] = "made-up"
        elif name == "bundle.yaml" and len(path) == 1:
            about.pop(str(path[0]), None)
    about["recorded_by"] = about.get("recorded_by") or {"nobody": "made up"}
    return mended, rows, gone


def _follows(fault: Fault, gone: set[str]) -> bool:
    """Say whether a fault only follows from a row that was left out."""
    return (bool(gone) and fault.message.startswith("no records")) or any(f"no record `{name}`" in fault.message for name in gone)
