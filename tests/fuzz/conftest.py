"""Says after a long run how many documents were tried."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many documents of each kind were answered and refused."""
    from tests.fuzz.test_documents import EXAMPLES, TRIED  # only now is the profile known

    if EXAMPLES > 100:
        terminalreporter.section("documents tried")
        for kind, count in sorted(TRIED.items()):
            terminalreporter.write_line(f"{kind:40}{count:8,}")
        terminalreporter.write_line(f"{'all':40}{TRIED.total():8,}")
