"""How cases lie in bits: criteria in runs, words where lines of the cache begin, sums by full adders."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from adjudge.sweep import UNKNOWN, compile_rulebook
from adjudge.sweep import packed as packed_module
from adjudge.sweep.packed import CHUNK, LINE, SLICE, WORD, layout_of
from tests.conformance.suite import standard_named
from tests.small_standards import STATUSES, two_grades

PLAIN = compile_rulebook(standard_named("plain"), "plain")


def test_a_program_has_one_layout() -> None:
    """It is made once, and kept for the next sweep."""
    assert layout_of(PLAIN.program) is layout_of(PLAIN.program)


def test_slices_and_chunks_are_whole_words_and_lines() -> None:
    """Else one would begin within the bits of another."""
    assert SLICE % WORD == CHUNK % SLICE == 0
    assert (WORD, LINE) == (64, 64)


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [([], []), ([4], [slice(4, 5)]), ([0, 1, 2], [slice(0, 3)]), ([1, 2, 5, 7, 8, 9], [slice(1, 3), slice(5, 6), slice(7, 10)])],
)
def test_neighbours_are_one_run(numbers: list[int], runs: list[slice]) -> None:
    """Numbers that follow each other are taken together."""
    assert packed_module._runs(numbers) == runs


@pytest.mark.parametrize(("rows", "words"), [(1, 1), (3, 8), (5, 1000), (8, 70_000)])
def test_words_begin_where_a_line_of_the_cache_does(rows: int, words: int) -> None:
    """Whatever memory the system hands out."""
    held = [packed_module._aligned(rows, words) for _ in range(8)]
    assert all(each.ctypes.data % 64 == 0 and each.shape == (rows, words) and not each.any() for each in held)


@pytest.mark.parametrize(("rows", "words"), [(1, 8), (512, 8), (513, 16), (CHUNK, CHUNK // 64)])
def test_every_row_of_words_fills_whole_lines_and_no_more_than_needed(rows: int, words: int) -> None:
    """Eight words of 64 cases each: so that the next row begins where a line does too."""
    packer = packed_module.Packer(layout_of(PLAIN.program), rows)
    assert (packer.words, packer.reached.shape[1]) == (words, words)


def test_what_lies_side_by_side_is_looked_at_where_it_is() -> None:
    """The rows of one run aren't copied; those of several are, in their order; turned round is turned round."""
    words = np.arange(12, dtype=np.uint64).reshape(6, 2)
    one, several = [slice(1, 3)], [slice(4, 6), slice(0, 1)]
    assert np.shares_memory(packed_module._gathered(words, one, turned=False), words)
    for runs, rows in ((one, [1, 2]), (several, [4, 5, 0])):
        np.testing.assert_array_equal(packed_module._gathered(words, runs, turned=False), words[rows])
        np.testing.assert_array_equal(packed_module._gathered(words, runs, turned=True), ~words[rows])
    assert words.tolist() == np.arange(12).reshape(6, 2).tolist()


@pytest.mark.parametrize("many", range(1, 14))
def test_full_adders_count(many: int) -> None:
    """Every number of bits up to thirteen, and every least number of them that is asked about."""
    cases = list(itertools.product((0, 1), repeat=many))
    rows = np.array(cases, np.uint8).T
    padded = np.zeros((many, -(-len(cases) // 64) * 64), np.uint8)
    padded[:, : len(cases)] = rows
    planes = packed_module._count(np.packbits(padded, axis=1, bitorder="little").view(np.uint64))
    none = np.zeros_like(planes[0])
    for least in range(-1, many + 3):
        held = np.unpackbits(packed_module._reaches(planes, least, none).view(np.uint8), bitorder="little")[: len(cases)]
        assert held.tolist() == [sum(case) >= least for case in cases]


def test_criteria_of_one_threshold_may_lie_in_several_runs(tmp_path: Path) -> None:
    """Five criteria, asked about in turn at one threshold and at another: three runs of the one, two of the other."""
    ids = [f"c{number}" for number in range(5)]
    when = {"any": [{"any": {"id": [each]}, "at_least": "high" if place % 2 else "mid"} for place, each in enumerate(ids)]}
    standard = two_grades(tmp_path, [{"id": each} for each in ids], when, **STATUSES)
    sweep = compile_rulebook(standard, "book")
    assert [len(runs) for _, runs, _ in layout_of(sweep.program).thresholds] == [3, 2]
    cases = list(itertools.product((0, 2, 3, UNKNOWN), repeat=5))
    columns = {name: np.array([case[place] for case in cases], np.uint8) for place, name in enumerate(ids)}
    by_bits = sweep.packed(sweep.pack(columns))
    by_columns = sweep.columns(columns, between=True)
    np.testing.assert_array_equal(by_bits.grade, by_columns.grade)
    reached = [any(code not in (0, UNKNOWN) and code >= 2 + place % 2 for place, code in enumerate(case)) for case in cases]
    assert (by_bits.grade == 1).tolist() == reached
