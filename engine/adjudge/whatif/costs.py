"""What it costs to lift criteria: read from a YAML or CSV file, or given in Python."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import Field

from adjudge.documents import Id, Model, NonEmpty, build, read, shown
from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.language import exact
from adjudge.rulebook import Rulebook

Amount = Annotated[int | float, Field(ge=0, le=1_000_000_000)]
COLUMNS = ("criterion", "once", "step")


class Cost(Model):
    """What it costs to move a criterion at all (``once``), and for each step (``step``)."""

    once: Amount = 0
    step: Amount = 0

    def of(self, steps: int) -> Fraction:
        """Return the cost of so many steps."""
        return exact(self.once) + exact(self.step) * steps


class CostsFile(Model):
    """The costs of criteria; ``unless_stated`` is that of all others."""

    costs: Annotated[Mapping[Id, Cost], NonEmpty]
    unless_stated: Cost | None = None


@dataclass(frozen=True)
class Costs:
    """What each criterion of a rulebook costs to move."""

    by_criterion: Mapping[str, Cost]

    def of(self, criterion: str, steps: int) -> Fraction:
        """Return the cost of moving a criterion by so many steps."""
        return self.by_criterion[criterion].of(steps)


def load_costs(path: Path, book: Rulebook) -> Costs:
    """Read the costs of a rulebook's criteria: YAML, or CSV with the columns `criterion`, `once` and `step` (either of them may be left out).

    In CSV the row of `unless_stated` is the cost of all others. Raises BadInput with every fault.
    """
    faults: list[Fault] = []
    if path.suffix.lower() == ".csv":
        costs, unless, lines = _from_csv(path, faults)
        places = {name: Fault(shown(path), "", line, 1) for name, line in lines.items()}
    else:
        document = read(path)
        file = build(document, CostsFile, faults)
        costs, unless = (dict(file.costs), file.unless_stated) if file else ({}, None)
        places = {name: document.key_fault(("costs", name), "") for name in costs}
    for name, place in places.items():
        if name not in book.by_id:
            faults.append(Fault(place.file, f"`{name}` isn't a criterion of {book.rulebook}{nearest(name, book.by_id)}", place.line, place.column))
    if not faults and unless is None and (missing := [each for each in book.by_id if each not in costs]):
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        faults.append(Fault(shown(path), f"no cost for {listing(missing[:5])}{more}; give one, or `unless_stated` for all others"))
    if faults:
        raise BadInput(faults)
    return Costs({each: costs.get(each, unless or Cost()) for each in book.by_id})


def _from_csv(path: Path, faults: list[Fault]) -> tuple[dict[str, Cost], Cost | None, dict[str, int]]:
    file = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput.at(file, f"can't be opened ({(error.strerror or str(error)).lower()})") from None
    except UnicodeDecodeError:
        raise BadInput.at(file, "not UTF-8 text; save the file as UTF-8") from None
    rows = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(rows, [])]
    if "criterion" not in header or not set(header) <= set(COLUMNS) or len(header) < 2 or len(set(header)) < len(header):
        raise BadInput([Fault(file, f"expected the columns {listing(COLUMNS)}, found {listing(header) if header else 'nothing'}", 1, 1)])
    costs: dict[str, Cost] = {}
    lines: dict[str, int] = {}
    for row in rows:
        line = rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            faults.append(Fault(file, f"expected {len(header)} cells, found {len(row)}", line, 1))
            continue
        cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
        name = cells.pop("criterion")
        if name in lines:
            faults.append(Fault(file, f"`{name}` is given twice (first in line {lines[name]})", line, 1))
        lines.setdefault(name, line)
        amounts = dict(_amounts(cells, Fault(file, "", line, 1), faults))
        costs[name] = Cost.model_construct(once=amounts.get("once", 0), step=amounts.get("step", 0))
    lines.pop("unless_stated", None)
    return costs, costs.pop("unless_stated", None), lines


def _amounts(cells: Mapping[str, str], place: Fault, faults: list[Fault]) -> Iterable[tuple[str, int | float]]:
    for column, cell in cells.items():
        try:
            amount = float(cell or 0) if "." in cell else int(cell or 0)
        except ValueError:
            amount = -1
        if 0 <= amount <= 1_000_000_000:
            yield column, amount
        else:
            faults.append(Fault(place.file, f"`{cell}` in column `{column}` isn't a cost; write a number of 0 or more", place.line, place.column))
