"""numpy, written by hand: over byte columns, over the same in blocks that fit a cache, and over a matrix with a row for each case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Batch, Workload

_BLOCK = 16384
"""Cases in a block: 50 byte columns of them are 0.8 MB."""


class Columns(Peer):
    """A matrix with a row for each criterion: every column is contiguous, and selections are slices."""

    takes_many: ClassVar[Literal["matrix", "rows"]] = "matrix"

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self.counter = np.min_scalar_type(len(workload.ids))
        fair, good = len(workload.fair), len(workload.fair) + len(workload.good)
        self.critical, self.fair, self.good, self.factors = slice(len(workload.critical)), slice(fair), slice(fair, good), slice(good, None)

    def one(self, case: Mapping[str, int]) -> int:
        return int(self.sweep(np.array([*map(case.__getitem__, self.work.ids)], np.uint8)[:, None])[0])

    def many(self, cases: Any) -> Any:
        return self.sweep(cases)

    def load(self, batch: Batch) -> Any:
        return batch.matrix

    def sweep(self, ranks: Any) -> Any:
        met = ranks >= 2
        good = met[self.good].sum(axis=0, dtype=self.counter)
        short = (ranks[self.fair] == 0).sum(axis=0, dtype=self.counter)
        return self.settle(met[self.critical].all(axis=0), short, met[self.fair].all(axis=0), good, met[self.factors].all(axis=0))

    def settle(self, critical: Any, short: Any, fair: Any, good: Any, factors: Any) -> Any:
        """Return the codes of the grades from what the rules ask of each case."""
        most = fair & (good >= self.work.most)
        grades = most.view(np.uint8) + (most & (good >= self.work.vast_majority) & factors) + np.uint8(1)
        grades[~critical | (short >= self.work.significant_number)] = 0
        return grades


class Blocks(Columns):
    """The same columns, a block at a time."""

    def sweep(self, ranks: Any) -> Any:
        blocks = [super(Blocks, self).sweep(ranks[:, start : start + _BLOCK]) for start in range(0, ranks.shape[1], _BLOCK)]
        return np.concatenate(blocks)


class Rows(Columns):
    """A matrix with a row for each case."""

    takes_many = "rows"

    def one(self, case: Mapping[str, int]) -> int:
        return int(self.sweep(np.array([[*map(case.__getitem__, self.work.ids)]], np.uint8))[0])

    def load(self, batch: Batch) -> Any:
        return batch.rows

    def sweep(self, ranks: Any) -> Any:
        met = ranks >= 2
        good = met[:, self.good].sum(axis=1, dtype=self.counter)
        short = (ranks[:, self.fair] == 0).sum(axis=1, dtype=self.counter)
        return self.settle(met[:, self.critical].all(axis=1), short, met[:, self.fair].all(axis=1), good, met[:, self.factors].all(axis=1))
