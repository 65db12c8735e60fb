"""The laws that the audit proves, by number, as `docs/explanation/laws.md` states them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """A law of grade logic: its number on the page of laws, a short name, and its sentence."""

    number: int
    name: str
    sentence: str


_ALL = (
    Law(1, "total", "every combination has a proposal, or a range with a reason"),
    Law(2, "one best grade", "at each end of the range exactly one grade is proposed"),
    Law(3, "monotone", "improving a value never lowers the proposal"),
    Law(4, "caps bind", "what caps the grade caps it whatever else is met"),
    Law(5, "floors bind", "what lifts the grade lifts it whatever else is missed, unless a cap rules it out"),
    Law(6, "nothing makes up", "nothing makes up for what a grade asks"),
    Law(7, "significance", "a criterion of greater significance never counts for less"),
    Law(8, "dominant", "making a criterion dominant never raises the proposal"),
    Law(9, "reachable", "every grade is reachable"),
    Law(10, "every criterion matters", "every criterion can matter"),
    Law(11, "every term matters", "every term can matter"),
    Law(12, "every limit binds", "every limit can bind"),
    Law(13, "no condition is idle", "every condition can hold and can fail"),
    Law(14, "holes are declared", "where no rule speaks the standard says so and leaves the case to decision"),
    Law(15, "unknowns only widen", "learning a value never widens the range"),
    Law(16, "both ends attained", "both ends of the range are attained"),
)
AUDITED = {law.number: law for law in _ALL}
"""The laws by number, in the order in which the audit takes them."""
