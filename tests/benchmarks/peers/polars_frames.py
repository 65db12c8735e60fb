"""polars: a wide frame with one column for each criterion, and a frame of bit masks packed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Batch, Workload


class Polars(Peer):
    """Expressions over a wide frame; over two masks a case from its packed form."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)

        def met(ids: tuple[str, ...]) -> list[Any]:
            return [pl.col(each) >= 2 for each in ids]

        self.wide = self._grade(
            poor=~pl.all_horizontal(met(workload.critical))
            | (pl.sum_horizontal([pl.col(each) == 0 for each in workload.fair]) >= workload.significant_number),
            fair=pl.all_horizontal(met(workload.fair)),
            good=pl.sum_horizontal(met(workload.good)),
            factors=pl.all_horizontal(met(workload.factors)),
        )

    def _grade(self, poor: Any, fair: Any, good: Any, factors: Any) -> Any:
        excellent = fair & (good >= self.work.vast_majority) & factors
        code = pl.when(poor).then(0).when(excellent).then(3).when(fair & (good >= self.work.most)).then(2).otherwise(1)
        return code.cast(pl.UInt8).alias("grade")

    def one(self, case: Mapping[str, int]) -> int:
        return int(pl.DataFrame({each: [rank] for each, rank in case.items()}).select(self.wide).item())

    def many(self, cases: Mapping[str, Any]) -> Any:
        return self.sweep(pl.DataFrame(dict(cases)))

    def load(self, batch: Batch) -> Any:
        return pl.DataFrame(dict(batch.arrays))

    def sweep(self, frame: Any) -> Any:
        return frame.select(self.wide)["grade"]

    def pack(self, batch: Batch) -> Any:
        from tests.benchmarks.peers.masks import Masks

        masks = Masks(self.work)

        def mask(value: int) -> Any:
            return pl.lit(value, pl.UInt64)

        self.packed = self._grade(
            poor=((pl.col("met") & mask(masks.critical)) != mask(masks.critical))
            | ((pl.col("short") & mask(masks.fair)).bitwise_count_ones() >= self.work.significant_number),
            fair=(pl.col("met") & mask(masks.fair)) == mask(masks.fair),
            good=(pl.col("met") & mask(masks.good)).bitwise_count_ones(),
            factors=(pl.col("met") & mask(masks.factors)) == mask(masks.factors),
        )
        return pl.DataFrame(masks.pack(batch))

    def sweep_packed(self, frame: Any) -> Any:
        return frame.select(self.packed)["grade"]
