"""The engines that adjudge is measured against, one module each, all given the same work."""

from __future__ import annotations

import importlib
import time

from tests.benchmarks.workload import GRADES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, ClassVar, Literal

    from tests.benchmarks.workload import Batch, Workload

PEERS = {
    "plain Python": "plain:Plain",
    "numpy columns": "numpy_arrays:Columns",
    "numpy columns, in blocks": "numpy_arrays:Blocks",
    "numpy rows": "numpy_arrays:Rows",
    "pandas": "pandas_frames:Pandas",
    "polars": "polars_frames:Polars",
    "duckdb": "duckdb_tables:Duckdb",
    "zen-engine, expression": "zen_rules:Expression",
    "zen-engine, graph": "zen_rules:Graph",
    "cedarpy": "cedar_policies:Cedar",
    "json-logic-qubit": "json_logic_python:JsonLogic",
    "openfisca-core": "openfisca_model:OpenFisca",
    "durable-rules": "durable_rules:Durable",
    "json-logic-engine (JS)": "javascript:JsonLogicEngine",
    "json-rules-engine (JS)": "javascript:JsonRulesEngine",
}
"""Where each peer is found: its module here and its class."""

OURS = {
    "adjudge, propose": "ours:Propose",
    "adjudge, reference": "ours:Reference",
    "adjudge, compiled": "ours:Compiled",
    "adjudge, from records": "ours:FromRecords",
}
"""The same for adjudge's own rows."""


class NotInstalled(Exception):
    """A peer that can't be tried here; the message says what is missing."""


class Peer:
    """An engine made ready for a workload, outside the clock.

    What it can do it says by the methods that it has of its own (``can``). A case reaches it in the form that it ``takes``; what it must still build
    from there is inside the clock. Grades come back as words or as codes: ``as_words`` reads both.
    """

    takes: ClassVar[Literal["words", "ranks"]] = "ranks"
    takes_many: ClassVar[Literal["words", "arrays", "matrix", "rows"]] = "arrays"
    always_explains: ClassVar[bool] = False
    """Whether ``one`` can't but explain, so that ``explained`` costs the same."""

    starts: ClassVar[bool] = True
    """Whether it has a cold start of its own to measure."""

    def __init__(self, workload: Workload) -> None:
        self.work = workload

    @classmethod
    def leave(cls, workload: Workload, folder: str) -> None:
        """Leave in a folder the files that a fresh process needs."""

    @classmethod
    def first(cls, workload: Workload, folder: str) -> Peer:
        """Make the engine ready in a fresh process, from what ``leave`` left in the folder."""
        return cls(workload)

    def one(self, case: Any) -> str | int:
        """Grade one case."""
        raise NotImplementedError

    def explained(self, case: Any) -> tuple[str | int, Any]:
        """Grade one case, and return what the engine says of why beside the grade."""
        raise NotImplementedError

    def each(self, cases: Sequence[Any]) -> Sequence[str | int]:
        """Grade cases one after the other."""
        one = self.one
        return [one(case) for case in cases]

    def each_explained(self, cases: Sequence[Any]) -> Sequence[str | int]:
        """Grade cases with explanations, one after the other."""
        explained = self.explained
        return [explained(case)[0] for case in cases]

    def many(self, cases: Any) -> Sequence[str | int]:
        """Grade a batch at once, in the form that it ``takes_many``."""
        raise NotImplementedError

    def load(self, batch: Batch) -> Any:
        """Bring byte columns into the engine's own form, outside the clock."""
        raise NotImplementedError

    def sweep(self, loaded: Any) -> Sequence[str | int]:
        """Grade all cases of what was loaded."""
        raise NotImplementedError

    def pack(self, batch: Batch) -> Any:
        """Pack byte columns, outside the clock."""
        raise NotImplementedError

    def sweep_packed(self, packed: Any) -> Sequence[str | int]:
        """Grade all cases of what was packed."""
        raise NotImplementedError

    def cases(self, batch: Batch) -> Sequence[Any]:
        """Return the cases of a batch in the form that ``one`` takes."""
        return batch.words if self.takes == "words" else batch.ranks

    def can(self, method: str) -> bool:
        """Say whether the engine has a method of its own."""
        return getattr(type(self), method) is not getattr(Peer, method)

    def clock(self) -> float:
        """Return the seconds that count: those on the wall; an engine in another process counts its own."""
        return time.perf_counter()

    def close(self) -> None:
        """Let go of what the engine holds."""


def find(name: str) -> type[Peer]:
    """Return the class of a peer or of one of adjudge's rows. Raises NotInstalled where what it needs isn't there."""
    module, _, kind = (PEERS | OURS)[name].partition(":")
    try:
        found: type[Peer] = getattr(importlib.import_module(f"tests.benchmarks.{'' if name in OURS else 'peers.'}{module}"), kind)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("tests."):
            raise
        raise NotInstalled(f"not installed ({error.name})") from None
    return found


def as_words(grades: Sequence[str | int]) -> list[str]:
    """Return grades as words, from words or from codes (a list or an array)."""
    return [grade if isinstance(grade, str) else GRADES[int(grade)] for grade in grades]
