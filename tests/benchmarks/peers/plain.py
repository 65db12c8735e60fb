"""Plain Python: a dict and comprehensions. It is the oracle itself, and every ratio is to this row."""

from __future__ import annotations

from tests.benchmarks.peers import Peer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Plain(Peer):
    """A dict and comprehensions over the statuses as words."""

    takes = "words"

    def one(self, case: Mapping[str, str]) -> str:
        return self.work.oracle(case)
