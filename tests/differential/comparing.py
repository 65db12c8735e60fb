"""What the evaluators differ in on one case, and the processes in which many standards are compared."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from adjudge import Judgement, Record, Rulebook, Standard
from adjudge.durable_host import available
from adjudge.grading import compare
from adjudge.inference import infer
from adjudge.reference import evaluate
from adjudge.rulebook import Reading
from adjudge.status import Composed, CriterionStatus, derive
from adjudge.testing.strategies import UNITS, seeded
from tests.evaluators import EVALUATORS, SPARING, inferred_from

OTHERS = {name: evaluator for name, evaluator in EVALUATORS.items() if name != "reference"}
RENEWED_AFTER = 400
"""How many standards one process compares: each leaks a ruleset, about a quarter of a megabyte, for good."""


@dataclass(frozen=True)
class Posed:
    """One case: the statuses of a framework's criteria under a reading."""

    framework: str
    reading: Reading
    statuses: tuple[CriterionStatus, ...]


def differences(standard: Standard, cases: Sequence[Posed]) -> list[str]:
    """Return, in words, what any evaluator answers otherwise than the reference, and each condition of which inference finds otherwise."""
    found = []
    for case in cases:
        book = standard.rulebook(case.framework)
        expected = evaluate(standard, case.statuses, case.reading)
        for name in OTHERS.keys() - {"inference"}:
            (answer,) = OTHERS[name](standard, book, case.reading, [case.statuses])
            if answer != expected.answer:
                found.append(f"{expected.answer} by reference, {answer} by {name}")
        if available():
            found += compare(case.statuses, expected, inferred_from(standard, book, case.reading, case.statuses))
    return found


def differences_of_many(standard: Standard, framework: str, reading: Reading, seed: int, size: int) -> list[str]:
    """Return, in words, what any evaluator answers otherwise than the reference, of many cases that follow from a seed."""
    book = standard.rulebook(framework)
    rows = seeded(standard, book, seed, size)
    expected = EVALUATORS["reference"](standard, book, reading, rows)
    found = []
    for name, evaluator in OTHERS.items():
        step = SPARING.get(name, 1)
        answers = evaluator(standard, book, reading, rows[::step])
        for row, wanted, answer in zip(rows[::step], expected[::step], answers, strict=True):
            if answer != wanted:
                found.append(f"{wanted} by reference, {answer} by {name}: { ({each.criterion.id: each.status for each in row}) }")
    return found


def differences_of_evidence(
    standard: Standard, book: Rulebook, reading: Reading, records: Sequence[Record], judgements: Sequence[Judgement], composed: Composed
) -> list[str]:
    """Return, in words, what reference and inference differ in on evidence."""
    inferred = infer(standard, book, reading, records, judgements, UNITS, composed=composed)
    assert inferred is not None
    found = derive(standard, book, records, judgements, UNITS, composed)
    return compare(found, evaluate(standard, found, reading), inferred)


@contextmanager
def renewed_process() -> Iterator[ProcessPoolExecutor]:
    """Open a process beside this one that is replaced by a new one every so many tasks."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context, max_tasks_per_child=RENEWED_AFTER) as pool:
        yield pool
