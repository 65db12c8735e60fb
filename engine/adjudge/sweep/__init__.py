"""The sweep: a rulebook compiled for many cases, over columns of codes, over packed bits, or one case at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from adjudge.conditions import Statuses
from adjudge.errors import BadInput, Fault, nearest
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Rulebook, Standard
from adjudge.status import CriterionStatus, assume
from adjudge.sweep.program import INAPPLICABLE, OPEN, UNKNOWN, Program, compile_program
from adjudge.sweep.single import Answer, Single

if TYPE_CHECKING:
    import pyarrow as pa

    from adjudge.sweep.arrays import Answers
    from adjudge.sweep.packed import Packed

__all__ = ["INAPPLICABLE", "OPEN", "UNKNOWN", "Answer", "Sweep", "compile_rulebook", "compiled", "determining_of"]


@dataclass(frozen=True)
class Sweep:
    """A rulebook compiled under one reading. Columns are numpy arrays with one entry a case, by criterion.

    A status column holds uint8 codes: the status's rank (the worst 0), 254 for not assessed, 255 for not applicable. A column of points holds
    numbers: NaN for not assessed, infinity for not applicable. Criteria without a column are not assessed.
    """

    standard: Standard
    book: Rulebook
    reading: Reading
    program: Program

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria's ids, in the order of the rulebook."""
        return self.program.names

    def one(self, statuses: Mapping[str, str]) -> Answer:
        """Answer one case from its criteria's values. Raises BadInput for an unknown criterion or value."""
        return self._single.answer(statuses) if self._single else self._by_reference(statuses)

    def many(self, cases: Iterable[Mapping[str, str]]) -> list[Answer]:
        """Answer cases one by one."""
        return [self.one(case) for case in cases]

    def columns(self, columns: Mapping[str, object], between: bool = False) -> Answers:
        """Grade every row of columns given by criterion. Raises BadInput for an unknown criterion, code or number of points.

        ``between`` allows codes of criteria that are open between two statuses (`Program.open_code`): grades of other frameworks that are open.
        """
        from adjudge.sweep.columns import coded, sweep_columns

        return sweep_columns(self.program, coded(self.program, columns), between)

    def pack(self, columns: Mapping[str, object]) -> Packed:
        """Pack columns of statuses into bits, which are graded several times as fast. Raises BadInput for a rulebook with numbers."""
        from adjudge.sweep.columns import coded
        from adjudge.sweep.packed import pack

        return pack(self.program, coded(self.program, columns))

    def packed(self, packed: Packed) -> Answers:
        """Grade every case of a packed form of this rulebook."""
        from adjudge.sweep.packed import sweep_packed

        return sweep_packed(self.program, packed)

    def table(self, data: object, mapping: Mapping[str, str] | None = None, blank: str = NOT_ASSESSED) -> pa.Table:
        """Grade a table of words and numbers, one body a row: an Arrow table or record batch, or what hands itself over as one (pandas, polars).

        Columns go by the criteria's names unless ``mapping`` (criterion to column) says otherwise; ``blank`` is what an empty cell means. Returns the
        table with the columns `adjudge_grade`, `_worst`, `_best`, `_decision` and `_refused`. Raises BadInput for columns that aren't there.
        """
        from adjudge.sweep.arrow import with_answers

        return with_answers(self.program, self.standard.statuses, data, mapping or {}, blank)

    @cached_property
    def _single(self) -> Single | None:
        return Single(self.program, self.standard) if self.program.measures_statuses_only else None

    def _by_reference(self, values: Mapping[str, str]) -> Answer:
        criteria = self.book.by_id
        faults = []
        for name, value in values.items():
            if name not in criteria:
                faults.append(Fault("statuses", f"`{name}` isn't a criterion{nearest(name, criteria)}"))
            elif value not in (NOT_ASSESSED, NOT_APPLICABLE) and (misfit := self.standard.misfit(criteria[name], value)):
                faults.append(Fault("statuses", misfit))
        if faults:
            raise BadInput(faults)
        statuses = assume(self.book, values)
        evaluation = evaluate(self.standard, Statuses(self.standard, statuses), self.reading)
        outcomes = [each.outcome.holds for each in evaluation.reached] + [each.outcome.holds for each in evaluation.limited]
        fixed = determining(self.standard, statuses, self.reading)
        return Answer(evaluation.grade, evaluation.low, evaluation.high, tuple(outcomes), fixed)


def compile_rulebook(
    standard: Standard,
    framework: str,
    reading: str | Mapping[str, str] | None = None,
    on: datetime.date | None = None,
    dominant: Iterable[str] = (),
) -> Sweep:
    """Compile one framework's rulebook under a reading, as it is in force on a day; ``dominant`` criteria have the top significance.

    Raises BadInput for an unknown framework or reading.
    """
    standard = standard.on(on)
    return compiled(standard, standard.rulebook(framework), standard.reading(reading), tuple(dominant))


def compiled(standard: Standard, book: Rulebook, reading: Reading, dominant: tuple[str, ...] = ()) -> Sweep:
    """Return a rulebook of a standard compiled under a reading; the same one if it was asked for before."""
    key = "sweep", book.rulebook, tuple(reading.values.items()), dominant
    if key not in standard.memo:
        standard.memo[key] = Sweep(standard, book, reading, compile_program(standard, book, reading, dominant))
    found: Sweep = standard.memo[key]
    return found


def determining_of(standard: Standard, book: Rulebook, statuses: Sequence[CriterionStatus], reading: Reading) -> tuple[str, ...]:
    """Return the determining criteria that the reference would (see `reference.determining`), without evaluating once for each criterion."""
    dominant = tuple(each.criterion.id for each in statuses if each.significance != each.criterion.significance)
    sweep = compiled(standard, book, reading, dominant)
    if any(each.between for each in statuses) or not sweep.program.measures_statuses_only:
        return determining(standard, statuses, reading)
    return sweep.one({each.criterion.id: each.status for each in statuses}).determining
