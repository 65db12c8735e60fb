"""The documentation tells the truth: every page with commands is run from its first line to its last, and prints what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages import DOCS, blocks, walk

NOT_RUN = {
    "explanation/performance.md": "takes minutes, and another run has other figures; tests/benchmarks/test_benchmarks.py runs a short one",
    "how-to/audit-your-own-rulebook-in-ci.md": "run in a project of its own, by test_audit_in_ci.py",
    "how-to/ingest-a-report.md": "needs a report, which isn't part of the repository",
    "how-to/work-in-excel.md": "needs what two inspectors write into their workbooks",
}
PAGES = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if any(block.language == "console" for block in blocks(page)))


@pytest.mark.parametrize("page", [page for page in PAGES if page not in NOT_RUN])
def test_a_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    """Its files are written, its commands and its Python run, in order; outputs are the page's, and `echo $?` the exit status before it."""
    assert walk(DOCS / page, tmp_path) > 0


def test_what_is_not_run_is_there() -> None:
    """A page that is left out exists and has commands."""
    assert set(PAGES) >= set(NOT_RUN)


@pytest.mark.parametrize("page", [*PAGES, "reference/agreement.md"])
def test_a_page_is_listed_and_its_links_lead_somewhere(page: str) -> None:
    """Each page is in the list of the documentation, and each of its links leads to a file."""
    assert f"]({page})" in (DOCS / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", (DOCS / page).read_text(encoding="utf-8")):
        assert ((DOCS / page).parent / target).exists(), target
