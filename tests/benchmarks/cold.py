"""A first grade in a fresh process: `python -c "from tests.benchmarks.cold import first; first(...)"`. What it imports is part of what is timed."""

from __future__ import annotations

from tests.benchmarks.peers import as_words, find
from tests.benchmarks.workload import Batch, Workload


def first(name: str, ranks: str, folder: str) -> None:
    """Print the grade that an engine gives to its first case: one digit a criterion, the rank of its status."""
    workload = Workload()
    peer = find(name).first(workload, folder)
    batch = Batch({each: bytes([int(rank)]) for each, rank in zip(workload.ids, ranks, strict=True)}, 1)
    print(*as_words([peer.one(peer.cases(batch)[0])]), flush=True)
    peer.close()
