"""Faults as they are told."""

from __future__ import annotations

from adjudge.errors import Fault


def test_a_huge_quotation_is_cut() -> None:
    """What is quoted at great length is cut where it is told, so that a fault stays one line that can be read."""
    fault = Fault("a.csv", f"unknown column `{'a' * 20_000}`; did you mean `{'b' * 150}`?", 1, 2)
    assert str(fault) == f"a.csv:1:2: unknown column `{'a' * 100}...`; did you mean `{'b' * 150}`?"


def test_a_fault_is_one_line() -> None:
    """A line break, or a character that a terminal would act on, is told as a space."""
    assert str(Fault("a.csv", "unknown column `a\r\nb\x1b[2Jc`", 1, 2)) == "a.csv:1:2: unknown column `a b [2Jc`"
