"""adjudge's own rows. What they call of adjudge is named here and nowhere else in the benchmarks."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adjudge import Bundle, Standard, grade, load_standard, propose
from adjudge.documents import shipped
from adjudge.reference import determining, evaluate
from adjudge.rulebook import Rulebook
from adjudge.status import assume
from tests.benchmarks.peers import NotInstalled, Peer
from tests.benchmarks.workload import FRAMEWORK, Batch, Workload


def standard(workload: Workload) -> Standard:
    """Return hmic-2007 with the made-up framework as its only rulebook."""
    return load_standard().model_copy(update={"rulebooks": (Rulebook.model_validate(workload.rulebook()),)})


class _Ours(Peer):
    takes = "words"

    def __init__(self, workload: Workload, loaded: Standard | None = None) -> None:
        super().__init__(workload)
        self.standard = loaded or standard(workload)
        self.book = self.standard.rulebook(FRAMEWORK)
        self.reading = self.standard.reading()
        self.prepare()

    def prepare(self) -> None:
        """Make ready what doesn't depend on a case."""

    @classmethod
    def first(cls, workload: Workload, folder: str) -> Peer:
        return cls(workload, load_standard(folder))

    @classmethod
    def leave(cls, workload: Workload, folder: str) -> None:
        shutil.copy(shipped("rules") / "hmic-2007" / "standard.yaml", folder)
        Path(folder, f"{FRAMEWORK}.yaml").write_text(json.dumps(workload.rulebook(), indent=1), encoding="utf-8")


class Propose(_Ours):
    """`propose`: reference and inference, determining criteria, conditions, and what other readings would change."""

    always_explains = True

    def one(self, case: Mapping[str, str]) -> str:
        return self.explained(case)[0]

    def explained(self, case: Mapping[str, str]) -> tuple[str, Any]:
        """Return the grade and the proposal, which always explains."""
        proposal = propose(self.standard, FRAMEWORK, case)
        return str(proposal.grade), proposal


class Reference(_Ours):
    """The reference alone: conditions with every grade; with the determining criteria where it explains."""

    def one(self, case: Mapping[str, str]) -> str:
        return str(evaluate(self.standard, assume(self.book, case), self.reading).grade)

    def explained(self, case: Mapping[str, str]) -> tuple[str, Any]:
        """Return the grade with its conditions and determining criteria."""
        statuses = assume(self.book, case)
        evaluation = evaluate(self.standard, statuses, self.reading)
        return str(evaluation.grade), (evaluation, determining(self.standard, statuses, self.reading))


class Compiled(_Ours):
    """The sweep evaluator: one case, with its conditions and determining criteria, many cases, byte columns and its own packed form."""

    takes_many = "words"

    def prepare(self) -> None:
        try:
            sweep = importlib.import_module("adjudge.sweep")
        except ModuleNotFoundError:
            raise NotInstalled("adjudge has no sweep yet") from None
        self.compiled = sweep.compile_rulebook(self.standard, FRAMEWORK)
        self.compiled.one({})

    def one(self, case: Mapping[str, str]) -> str:
        return str(self.compiled.one(case).grade)

    def explained(self, case: Mapping[str, str]) -> tuple[str, Any]:
        """Return the grade with its conditions and determining criteria, both asked for."""
        answer = self.compiled.one(case)
        return str(answer.grade), ((answer.low, answer.high), answer.conditions, answer.determining)

    def many(self, cases: Any) -> Sequence[str | int]:
        return [str(answer.grade) for answer in self.compiled.many(cases)]

    def load(self, batch: Batch) -> Any:
        return batch.arrays

    def sweep(self, columns: Any) -> Any:
        return self.compiled.columns(columns).grade

    def pack(self, batch: Batch) -> Any:
        return self.compiled.pack(batch.arrays)

    def sweep_packed(self, packed: Any) -> Any:
        return self.compiled.packed(packed).grade


class FromRecords(_Ours):
    """`grade`: from evidence records, three to a criterion, to an explained proposal."""

    always_explains = True
    starts = False
    records = 3

    def cases(self, batch: Batch) -> list[Bundle]:
        return [self.bundle(case) for case in batch.words]

    def bundle(self, case: Mapping[str, str], records: int = records) -> Bundle:
        """Return a made-up bundle whose records show the statuses of a case, that many to a criterion."""
        from adjudge.testing.made_up import record
        from tests.conformance.suite import bundle

        made = [record(f"r{number}-{each}", FRAMEWORK, each, status) for each, status in case.items() for number in range(records)]
        return bundle(tuple(made)).model_copy(update={"standard": self.standard})

    def one(self, case: Bundle) -> str:
        return self.explained(case)[0]

    def explained(self, case: Bundle) -> tuple[str, Any]:
        """Return the grade and the proposal."""
        proposal = grade(case)[FRAMEWORK]
        return str(proposal.grade), proposal
