"""duckdb: a wide table with one column for each criterion, and a table of bit masks packed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Batch, Workload


class Duckdb(Peer):
    """One CASE expression over a table in memory."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self.connection = duckdb.connect()

        def count(ids: tuple[str, ...], test: str) -> str:
            return "(" + " + ".join(f"({each} {test})::int" for each in ids) + ")"

        def every(ids: tuple[str, ...]) -> str:
            return "(" + " and ".join(f"{each} >= 2" for each in ids) + ")"

        short = count(workload.fair, "= 0")
        self.wide = self._grade(f"not {every(workload.critical)}", short, every(workload.fair), count(workload.good, ">= 2"), every(workload.factors))

    def _grade(self, critical: str, short: str, fair: str, good: str, factors: str) -> str:
        work = self.work
        return (
            f"case when {critical} or {short} >= {work.significant_number} then 0 "
            f"when {fair} and {good} >= {work.vast_majority} and {factors} then 3 when {fair} and {good} >= {work.most} then 2 else 1 end::utinyint"
        )

    def one(self, case: Mapping[str, int]) -> int:
        values = ", ".join(f"{rank}::utinyint as {each}" for each, rank in case.items())
        return int(self.connection.execute(f"select {self.wide} from (select {values})").fetchall()[0][0])

    def many(self, cases: Mapping[str, Any]) -> Any:
        self.connection.register("given", dict(cases))
        found = self._query(self.wide, "given")
        self.connection.unregister("given")
        return found

    def load(self, batch: Batch) -> str:
        return self._table("wide", dict(batch.arrays))

    def sweep(self, table: str) -> Any:
        return self._query(self.wide, table)

    def pack(self, batch: Batch) -> str:
        from tests.benchmarks.peers.masks import Masks

        masks = Masks(self.work)
        self.packed = self._grade(
            f"(met & {masks.critical}) <> {masks.critical}",
            f"bit_count(short & {masks.fair})",
            f"(met & {masks.fair}) = {masks.fair}",
            f"bit_count(met & {masks.good})",
            f"(met & {masks.factors}) = {masks.factors}",
        )
        return self._table("packed", {name: mask.astype("int64") for name, mask in masks.pack(batch).items()})

    def sweep_packed(self, table: str) -> Any:
        return self._query(self.packed, table)

    def _table(self, name: str, columns: Mapping[str, Any]) -> str:
        self.connection.register("given", columns)
        self.connection.execute(f"create or replace table {name} as select * from given").fetchall()
        self.connection.unregister("given")
        return name

    def _query(self, expression: str, table: str) -> Any:
        return self.connection.execute(f"select {expression} as grade from {table}").fetchnumpy()["grade"]

    def close(self) -> None:
        self.connection.close()
