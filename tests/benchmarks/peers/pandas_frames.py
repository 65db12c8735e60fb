"""pandas: a frame with one column for each criterion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Batch, Workload


class Pandas(Peer):
    """A wide frame of byte columns."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self.critical, self.fair, self.good, self.factors = (list(ids) for ids in (workload.critical, workload.fair, workload.good, workload.factors))

    def one(self, case: Mapping[str, int]) -> int:
        return int(self.sweep(pd.DataFrame([case], dtype="uint8"))[0])

    def many(self, cases: Mapping[str, Any]) -> Any:
        return self.sweep(pd.DataFrame(dict(cases)))

    def load(self, batch: Batch) -> Any:
        return pd.DataFrame(dict(batch.arrays))

    def sweep(self, frame: Any) -> Any:
        work, met = self.work, frame >= 2
        fair, good = met[self.fair].all(axis=1), met[self.good].sum(axis=1)
        poor = ~met[self.critical].all(axis=1) | ((frame[self.fair] == 0).sum(axis=1) >= work.significant_number)
        excellent = fair & (good >= work.vast_majority) & met[self.factors].all(axis=1)
        return np.select([poor, excellent, fair & (good >= work.most)], [0, 3, 2], default=1)
