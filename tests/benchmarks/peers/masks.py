"""Cases packed into bit masks, as one would by hand for an engine that counts bits: 16 bytes a case."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Batch, Workload


class Masks:
    """Where each criterion's bit is, and the masks of the selections that the rules ask for. Raises ValueError for more than 64 criteria."""

    def __init__(self, workload: Workload) -> None:
        if len(workload.ids) > 64:
            raise ValueError("one mask holds at most 64 criteria")
        bits = {each: 1 << place for place, each in enumerate(workload.ids)}
        self.bits = bits
        self.critical, self.fair, self.good, self.factors = (
            sum(bits[each] for each in ids) for ids in (workload.critical, workload.fair, workload.good, workload.factors)
        )

    def pack(self, batch: Batch) -> dict[str, Any]:
        """Return two columns of 64-bit masks: ``met`` (substantially met or met) and ``short`` (well short)."""
        met, short = np.zeros(batch.size, np.uint64), np.zeros(batch.size, np.uint64)
        for each, column in batch.arrays.items():
            met |= np.where(column >= 2, np.uint64(self.bits[each]), np.uint64(0))
            short |= np.where(column == 0, np.uint64(self.bits[each]), np.uint64(0))
        return {"met": met, "short": short}
