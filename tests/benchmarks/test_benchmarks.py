"""The benchmark's own foundations: its cases, its oracle, and engines that agree with it. No time is asserted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from adjudge.reference import evaluate
from adjudge.status import assume
from tests.benchmarks.measure import Row, checked
from tests.benchmarks.ours import standard
from tests.benchmarks.peers import OURS, PEERS
from tests.benchmarks.peers.plain import Plain
from tests.benchmarks.table import results
from tests.benchmarks.workload import FRAMEWORK, GRADES, STATUSES, Workload

WORKLOAD = Workload()
STANDARD = standard(WORKLOAD)
CASES = {"adjudge, propose": 104, "adjudge, from records": 8}
"""Cases that an engine is given: a whole mixture of 8, three times over, if not said here."""


def test_the_framework_is_the_one_that_the_engines_were_given() -> None:
    """24 Fair criteria, 18 of them significant and 3 of those critical, 22 Good, 2 beacon and 2 innovation."""
    found = Counter((each.tier, each.significance) for each in STANDARD.rulebook(FRAMEWORK).criteria)
    assert found[("fair", "ordinary")] == 6
    assert found[("fair", "significant")] == 15
    assert found[("fair", "critical")] == 3
    assert (found[("good", "ordinary")], found[("beacon", "ordinary")], found[("innovation", "ordinary")]) == (22, 2, 2)
    assert [each.id for each in STANDARD.rulebook(FRAMEWORK).criteria] == list(WORKLOAD.ids)


def test_cases_are_seeded_and_reach_every_grade() -> None:
    """The same seed gives the same cases, another gives others; no grade is rare, and the hole between Fair and Poor is among them."""
    batch = WORKLOAD.batch(400, seed=1)
    assert batch.columns == WORKLOAD.batch(400, seed=1).columns != WORKLOAD.batch(400, seed=2).columns
    grades = Counter(map(WORKLOAD.oracle, batch.words))
    assert all(grades[grade] >= 40 for grade in GRADES)
    holes = [case for case in batch.words if WORKLOAD.oracle(case) == "fair" and any(case[each] not in STATUSES[2:] for each in WORKLOAD.threshold)]
    assert len(holes) >= 20


def test_the_oracle_agrees_with_the_reference() -> None:
    """The oracle grades as the reference does, on 800 cases."""
    book, reading = STANDARD.rulebook(FRAMEWORK), STANDARD.reading()
    for case in WORKLOAD.batch(800, seed=3).words:
        assert WORKLOAD.oracle(case) == evaluate(STANDARD, assume(book, case), reading).grade


@pytest.mark.parametrize("name", [*PEERS, *OURS])
def test_engines_agree_with_the_oracle(name: str) -> None:
    """Every engine that is installed grades as the oracle does, in every form that it takes; `propose` is one of them."""
    row = checked(name, WORKLOAD, CASES.get(name, 24))
    if row.note and not row.note.startswith("wrong"):
        pytest.skip(f"{name}: {row.note}")
    assert row.peer is not None, row.note
    row.peer.close()


class _Hopeful(Plain):
    """An engine that never finds anything poor."""

    def one(self, case: Mapping[str, str]) -> str:
        return max(super().one(case), "fair", key=GRADES.index)


def test_a_wrong_engine_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that disagrees with the oracle is reported as wrong, with how often, and isn't there to be timed."""
    monkeypatch.setattr("tests.benchmarks.measure.find", lambda name: _Hopeful)
    poor = sum(WORKLOAD.oracle(case) == "poor" for case in WORKLOAD.batch(80, seed=0).words)
    row = checked("hopeful", WORKLOAD, 80)
    assert (row.note, row.peer) == (f"wrong: {poor} of 80 grades (one)", None)


def test_what_is_not_measured_is_named() -> None:
    """Ratios are to plain Python round by round; what isn't measured stands under the table with its reason."""
    base = Row("plain Python", rounds={"one": [2e-6, 4e-6, 3e-6], "sweep": [2e-6, 4e-6, 3e-6]})
    fast = Row("fast", rounds={"one": [1e-6, 1e-6, 1e-6], "packed": [1e-8, 1e-8, 1e-8]})
    text = results([base, fast, Row("odd", "wrong: 202 of 2,000 grades (one)")], base, markdown=False)
    assert text.splitlines()[1].split() == ["plain", "Python", "3.00", "(1.00)", "–", "–", "3.3e5", "(1.00)", "–", "–"]
    assert text.splitlines()[2].split() == ["fast", "1.00", "(0.33)", "–", "–", "–", "1.0e8", "(300)", "–"]
    assert text.splitlines()[-1] == "odd: wrong: 202 of 2,000 grades (one)"
