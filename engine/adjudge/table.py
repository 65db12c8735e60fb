"""Grade a table of many bodies, one a row: CSV, Parquet or Arrow files in batches, with agreement and a file of the rows refused."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from adjudge.errors import BadInput, Fault, listing, nearest
from adjudge.rulebook import NOT_ASSESSED, Standard
from adjudge.sweep import OPEN, Sweep
from adjudge.sweep.arrays import Answers
from adjudge.sweep.arrow import Reader, answer_columns, columns_for, plain
from adjudge.sweep.columns import sweep_columns

KINDS = (".csv", ".parquet", ".arrow")
DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """A row whose grade isn't the one expected. ``row`` counts from 1 without the header; ``grade`` is None where it is open outside that range."""

    row: int
    values: Mapping[str, str]
    grade: str | None
    worst: str
    best: str
    expected: str


@dataclass
class TableReport:
    """What grading a table came to. ``refused`` counts the rows that can't be graded, by reason and by what was expected of them.

    ``agree`` and ``differ`` count settled rows, ``held`` and ``outside`` open ones whose range holds the expected grade or doesn't; ``unexpected``
    are graded rows that expect no grade. ``differences`` are the first of those that differ.
    """

    rows: int = 0
    settled: int = 0
    open: int = 0
    agree: int = 0
    differ: int = 0
    held: int = 0
    outside: int = 0
    unexpected: int = 0
    expects: bool = False
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether no row is graded otherwise than expected."""
        return self.differ == self.outside == 0


def grade_table(
    sweep: Sweep,
    path: Path,
    expect: str | None = None,
    mapping: Mapping[str, str] | None = None,
    out: Path | None = None,
    rejects: Path | None = None,
    blank: str = NOT_ASSESSED,
    progress: Callable[[int], None] = lambda _: None,
) -> TableReport:
    """Grade every row of a file, in batches; write the rows with their answers to ``out``, and those refused with the reason to ``rejects``.

    ``expect`` names a column with the grade that each row should have. ``progress`` is told how many rows each batch had. Nothing is written unless
    all of it is. Raises BadInput for a file that can't be read, and for columns that aren't there.
    """
    for target in (out, rejects):
        if target is not None and target.suffix not in KINDS:
            raise BadInput.at(str(target), f"can't write such a file; its name must end in {listing(KINDS)}")
        if target is not None and target.resolve() == path.resolve():
            raise BadInput.at(str(target), "would overwrite the table itself; choose another name")
    with ExitStack() as stack:
        schema, batches = open_table(path, stack)
        columns = columns_for(sweep.program, schema.names, mapping or {})
        if expect is not None and expect not in schema.names:
            raise BadInput.at("--expect", f"no column `{expect}` (there are {listing(schema.names)}){nearest(expect, schema.names)}")
        run = _Run(sweep, Reader(sweep.program, columns, sweep.standard.statuses, blank), columns, expect)
        kept = _Writer(out, stack) if out else None
        left = _Writer(rejects, stack) if rejects else None
        try:
            for batch in _read_ahead(batches, stack):
                graded, refused = run.take(batch)
                if kept:
                    kept.write(graded)
                if left:
                    left.write(refused)
                progress(batch.num_rows)
        except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
            raise BadInput.at(str(path), _told(error)) from None
        for writer in (kept, left):
            if writer:
                writer.finish()
    return run.report


class _Run:
    """The grading of one table, batch by batch."""

    def __init__(self, sweep: Sweep, reader: Reader, columns: Mapping[str, str], expect: str | None) -> None:
        self.sweep = sweep
        self.reader = reader
        self.columns = columns
        self.expect = expect
        self.report = TableReport(expects=expect is not None)
        self.grade_codes = grade_words(sweep.standard)

    def take(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """Grade a batch; return it with its answers, and the rows refused with their reasons."""
        rows = self.reader.read(batch)
        answers = sweep_columns(self.sweep.program, rows.columns, between=False)
        refused = rows.reasons != 0
        expected = self._expected(batch)
        self._count(batch, answers, rows.reasons, expected)
        added = answer_columns(answers, refused)
        graded = pa.RecordBatch.from_arrays([*batch.columns, *added.values()], names=[*batch.schema.names, *added])
        left = batch.filter(pa.array(refused))
        reasons = pa.array([self.reader.reasons[reason] for reason in rows.reasons[refused].tolist()], pa.string())
        return graded, pa.RecordBatch.from_arrays([*left.columns, reasons], names=[*batch.schema.names, "adjudge_refused"])

    def _expected(self, batch: pa.RecordBatch) -> list[str] | None:
        return ["" if value is None else str(value) for value in batch.column(self.expect).to_pylist()] if self.expect else None

    def _count(self, batch: pa.RecordBatch, answers: Answers, reasons: np.ndarray[Any, Any], expected: list[str] | None) -> None:
        report, names = self.report, answers.grades
        graded = reasons == 0
        is_open = answers.grade == OPEN
        first = report.rows + 1
        report.rows += batch.num_rows
        report.settled += int((graded & ~is_open).sum())
        report.open += int((graded & is_open).sum())
        for code, count in zip(*np.unique(answers.grade[graded & ~is_open], return_counts=True), strict=True):
            report.grades[names[code]] += int(count)
        for index in np.flatnonzero(~graded).tolist():
            report.refused[self.reader.reasons[reasons[index]], expected[index] if expected else ""] += 1
        if expected is None:
            return
        codes = np.array([self.grade_codes.get(plain(word), -1) for word in expected], np.int16)
        asked = graded & (codes >= 0)
        report.unexpected += int((graded & (codes < 0)).sum())
        within = (answers.low <= codes) & (codes <= answers.high)
        agree = asked & ~is_open & (answers.grade == codes)
        report.agree += int(agree.sum())
        report.differ += int((asked & ~is_open & (answers.grade != codes)).sum())
        report.held += int((asked & is_open & within).sum())
        report.outside += int((asked & is_open & ~within).sum())
        wrong = np.flatnonzero(asked & ~agree & ~(is_open & within)).tolist()
        for index in wrong[: DIFFERENCES - len(report.differences)]:
            values = {name: str(batch.column(column)[index].as_py()) for name, column in self.columns.items()}
            grade = None if is_open[index] else names[answers.grade[index]]
            worst, best = names[answers.low[index]], names[answers.high[index]]
            report.differences.append(Difference(first + index, values, grade, worst, best, expected[index]))


def grade_words(standard: Standard) -> dict[str, int]:
    """Return the rank of each grade by its id and by its label."""
    return {plain(word): standard.grade_rank[grade] for grade, label in standard.grades.items() for word in (grade, label)}


def open_table(path: Path, stack: ExitStack) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Open a table by its name's ending: its schema, and its batches as they are read."""
    if path.suffix not in KINDS:
        raise BadInput.at(str(path), f"not a table that can be read; its name must end in {listing(KINDS)}")
    if not path.is_file():
        raise BadInput.at(str(path), "no such file" if not path.exists() else "not a file")
    try:
        if path.suffix == ".csv":
            return _open_csv(path, stack)
        if path.suffix == ".parquet":
            parquet = stack.enter_context(pyarrow.parquet.ParquetFile(path, pre_buffer=False))  # what is read ahead would be kept to the end
            return parquet.schema_arrow, parquet.iter_batches()
        source = stack.enter_context(pa.memory_map(str(path)))
        try:
            file = pa.ipc.open_file(source)
            return file.schema, (file.get_batch(index) for index in range(file.num_record_batches))
        except pa.ArrowInvalid:
            source.seek(0)
            stream = pa.ipc.open_stream(source)
            return stream.schema, iter(stream)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadInput.at(str(path), _told(error)) from None


def _read_ahead(batches: Iterator[pa.RecordBatch], stack: ExitStack) -> Iterator[pa.RecordBatch]:
    """Yield batches, each next one being read and decoded by a thread of its own while one is graded: that is where a second core helps."""
    reader = stack.enter_context(ThreadPoolExecutor(1))
    coming = reader.submit(next, batches, None)
    while (batch := coming.result()) is not None:
        coming = reader.submit(next, batches, None)
        yield batch


def _open_csv(path: Path, stack: ExitStack) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Open a CSV file whose cells are all taken as they are written."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = file.readline(1_000_000)
        except UnicodeDecodeError:
            raise BadInput.at(str(path), "not UTF-8 text; save the file as UTF-8") from None
    import csv

    names = next(csv.reader([header]), [])
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if not names:
        raise BadInput.at(str(path), "the file is empty; expected a line of column names")
    if repeated:
        raise BadInput([Fault(str(path), f"column `{name}` is there twice; rename one", 1, 1) for name in repeated])
    convert = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False)
    reader = stack.enter_context(pyarrow.csv.open_csv(path, convert_options=convert, read_options=pyarrow.csv.ReadOptions(block_size=1 << 22)))
    return reader.schema, iter(reader)


def _told(error: Exception) -> str:
    """Return an error of Arrow's in one line of the user's words."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "UTF8" in text or "UTF-8" in text:
        return "not UTF-8 text; save the file as UTF-8"
    return f"can't be read ({text[:1].lower()}{text[1:200]})"


class _Writer:
    """Writes batches to a file beside the target, which takes its place only when all is written."""

    def __init__(self, target: Path, stack: ExitStack) -> None:
        self.target = target
        self.part = target.with_name(f".{target.name}.part")
        self.writer: Any = None
        stack.callback(self._discard)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch; the first one gives the columns."""
        try:
            if self.writer is None:
                make = {".csv": pyarrow.csv.CSVWriter, ".parquet": pyarrow.parquet.ParquetWriter, ".arrow": pa.ipc.new_file}[self.target.suffix]
                self.writer = make(str(self.part), batch.schema)
            self.writer.write_batch(batch)
        except OSError as error:
            raise BadInput.at(str(self.target), f"can't be written ({(error.strerror or str(error)).lower()})") from None

    def finish(self) -> None:
        """Close the file and put it in its place."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None
            os.replace(self.part, self.target)

    def _discard(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.part.unlink(missing_ok=True)
