"""Logic and whole numbers over z3 expressions and plain values alike: what is plain is worked out at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

Truth = Any
"""A bool, or a z3 expression that stands for one."""
Whole = Any
"""An int, or a z3 expression that stands for one."""


def all_of(parts: Iterable[Truth]) -> Truth:
    """Say that all of them are true."""
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def any_of(parts: Iterable[Truth]) -> Truth:
    """Say that at least one of them is true."""
    kept = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else z3.Or(*kept)


def negate(part: Truth) -> Truth:
    """Say that it isn't true."""
    return (not part) if isinstance(part, bool) else z3.Not(part)


def implies(one: Truth, other: Truth) -> Truth:
    """Say that the other is true wherever the one is."""
    return any_of((negate(one), other))


def same(one: Truth, other: Truth) -> Truth:
    """Say that both are true or neither is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return all_of((implies(one, other), implies(other, one)))
    return one == other


def choose(where: Truth, one: Whole, other: Whole) -> Whole:
    """Return the one number where something is true, the other elsewhere."""
    if isinstance(where, bool):
        return one if where else other
    if isinstance(one, int) and isinstance(other, int) and one == other:
        return one
    return z3.If(where, one, other)


def total(parts: Iterable[Whole]) -> Whole:
    """Return the sum of whole numbers."""
    plain, kept = 0, []
    for part in parts:
        if isinstance(part, int):
            plain += part
        else:
            kept.append(part)
    if not kept:
        return plain
    whole = kept[0] if len(kept) == 1 else z3.Sum(*kept)
    return whole + plain if plain else whole


def divided(number: Whole, by: int) -> tuple[Whole, Whole]:
    """Return how often a positive whole number goes into a number, rounded down, and what is left."""
    return (number // by, number % by) if isinstance(number, int) else (number / z3.IntVal(by), number % z3.IntVal(by))
