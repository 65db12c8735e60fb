"""Hypothesis profiles: `default` is quick and always the same; `deep` searches (`pytest --hypothesis-profile=deep`); `mutants` shrinks no failure."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.tally import TALLY

settings.register_profile("default", derandomize=True, database=None, max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", derandomize=False, max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", derandomize=False, max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("mutants", parent=settings.get_profile("default"), phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False)
settings.load_profile("default")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell, after a run of the deep profile or that of fuzzing, how much was tried (with `-n 0`: other processes keep their tallies)."""
    if TALLY and not settings.default.derandomize:  # type: ignore[union-attr]
        terminalreporter.section("tried")
        for kind, count in [*sorted(TALLY.items()), ("all", TALLY.total())]:
            terminalreporter.write_line(f"{kind:60}{count:12,}")
