"""What the engine hands out is never changed: its dataclasses are frozen, all but the few that gather something while they work."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

import adjudge

GATHERING = {
    *("adjudge.documents._Level", "adjudge.documents._Reader", "adjudge.inference._Run", "adjudge.durable_host.Session"),
    *("adjudge.whatif.search._Reached", "adjudge.whatif.search._Search", "adjudge.whatif.bound.LowerBound", "adjudge.table.TableReport"),
    *("adjudge.workbook.container.Opened", "adjudge.workbook.container._Scan", "adjudge.workbook.sheets._Writer"),
    *("adjudge.workbook.convert.Assembled", "adjudge.testing.strategies._Draft"),
}
MODULES = [each.name for each in pkgutil.walk_packages(adjudge.__path__, "adjudge.") if not each.name.endswith("__main__")]


@pytest.mark.parametrize("module", MODULES)
def test_dataclasses_are_frozen(module: str) -> None:
    """No field can be set anew, so that whoever holds a standard, a proposal or an answer can rely on it."""
    for name, made in vars(importlib.import_module(module)).items():
        if isinstance(made, type) and dataclasses.is_dataclass(made) and made.__module__ == module:
            assert made.__dataclass_params__.frozen is (f"{module}.{name}" not in GATHERING)  # type: ignore[attr-defined]
