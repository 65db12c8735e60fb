"""An empty bundle for a new inspection: a workbook, or a folder of YAML documents, with what is known already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adjudge.errors import BadInput
from adjudge.rulebook import Standard
from adjudge.workbook.layout import CODERS, ITEMS, About, layout
from adjudge.workbook.sheets import blank_items, write_rows
from adjudge.writing import write_documents

CODER = "coder-1"


@dataclass(frozen=True)
class Particulars:
    """What a user gives for a new bundle; what is None is left blank."""

    bundle: str
    body: str | None = None
    title: str | None = None
    source: str | None = None
    recorded_by: str | None = None

    @property
    def body_id(self) -> str | None:
        """An id made of the body's name, if one can be."""
        return re.sub(r"[^a-z0-9]+", "-", self.body.lower()).strip("-")[:80].strip("-") or None if self.body else None


def write_template(standard: Standard, given: Particulars, out: Path, replace: bool = False) -> list[str]:
    """Write an empty bundle and return what is left blank that must be filled in. Raises BadInput if it can't be written."""
    about = {
        "bundle": given.bundle,
        "title": given.title,
        "body": {"id": given.body_id, "title": given.body},
        "standard": standard.standard,
        "source": given.source,
        "recorded_by": {CODER: given.recorded_by},
    }
    values = {"title": given.title, "name of the body": given.body, "source": given.source, "id of the body": given.body_id}
    if out.suffix.lower() == ".xlsx":
        values |= {"id of the bundle": given.bundle, "standard": standard.standard}
        rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in layout(standard, About())}
        rows["bundle"] = blank_items({label: value for label, value in values.items() if value is not None})
        rows[CODERS.name] = [{"key": CODER} | ({"text": given.recorded_by} if given.recorded_by else {})]
        write_rows(standard, About(coders=(CODER,)), rows, out, replace, title=given.title or given.bundle)
    elif out.suffix:
        raise BadInput.at(str(out), "expected the name of a workbook, which ends in `.xlsx`, or of a folder")
    else:
        unless = {"date": str(standard.period), "recorded_by": CODER}
        files = {f"records/{book.rulebook}.yaml": {"framework": book.rulebook, "unless_stated": unless, "records": []} for book in standard.rulebooks}
        write_documents({"bundle.yaml": about, **files}, out, replace)
    blank = [item.label for item in ITEMS if item.label in values and values[item.label] is None]
    return blank if given.recorded_by else [*blank, f"who `{CODER}` is"]
