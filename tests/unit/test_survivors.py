"""What is told of mutants that survive is about the code as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.mutation.modules import MODULES, ROOT

SURVIVORS = yaml.safe_load((Path(__file__).parents[1] / "mutation" / "survivors.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SURVIVORS)
def test_each_line_stands_in_its_module(name: str) -> None:
    """The line is there, what it becomes is another, once each, and a reason is given."""
    lines = {line.strip() for line in (ROOT / MODULES[name].path).read_text(encoding="utf-8").splitlines()}
    told = [(each["line"], change) for each in SURVIVORS[name] for change in each["becomes"]]
    assert len(told) == len(set(told))
    for each in SURVIVORS[name]:
        assert each["line"] in lines, each["line"]
        assert each["line"] not in each["becomes"]
        assert each["why"].strip()
