"""A scenario: a named set of changes over a base. Applies it, and refuses changes that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adjudge.errors import BadInput, Fault
from adjudge.evidence import Bundle
from adjudge.whatif.base import Base
from adjudge.whatif.changes import (
    AddRecord,
    Change,
    ChangeRecord,
    ChooseReading,
    Deliver,
    Judge,
    SetStatus,
    Target,
    WithdrawRecord,
)

KINDS: tuple[type[Change], ...] = (Deliver, SetStatus, Judge, WithdrawRecord, ChangeRecord, AddRecord, ChooseReading)
"""The kinds of change in the order in which they are listed and applied. The order of applying doesn't matter: no two changes share a target."""


@dataclass(frozen=True)
class Scenario:
    """A named set of changes. It stands over the base, or ``over`` another scenario, whose changes come first and give way to its own.

    ``text`` says in the user's words what is supposed and why; it may be empty.
    """

    name: str
    text: str = ""
    changes: tuple[Change, ...] = ()
    over: Scenario | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", tuple(sorted(self.changes, key=lambda each: (KINDS.index(type(each)), repr(each)))))


def apply(base: Base | Bundle, scenario: Scenario) -> Base:
    """Return a base as a scenario makes it; the one given stays as it is.

    Raises BadInput with every change that names what isn't there, and every two that change one target.
    """
    under = base if isinstance(base, Base) else Base(base)
    if scenario.over:
        under = apply(under, scenario.over)
    place = f"scenario {scenario.name}"
    faults = [Fault(place, message) for _, _, message in slips(under, scenario.changes)]
    if faults:
        raise BadInput(faults)
    for change in scenario.changes:
        under = change.applied(under, scenario.name)
    return under


def slips(base: Base, changes: Sequence[Change]) -> Iterator[tuple[int, str, str]]:
    """Yield all that is wrong with changes over a base: the index of the change, which of its parts, and the message.

    Two recommendations may address one criterion: they say the same of it.
    """
    decided: dict[Target, int] = {}
    sound = []
    for index, change in enumerate(changes):
        found = list(change.slips(base))
        yield from ((index, part, message) for part, message in found)
        if not found:
            sound.append(index)
    for index in sound:
        for target in _targets(changes[index], base):
            other = decided.setdefault(target, index)
            delivered = isinstance(changes[other], Deliver) and isinstance(changes[index], Deliver)
            if other != index and not (delivered and target[0] == "status"):
                first, second = changes[other].says, changes[index].says
                yield index, "", f"{_told(target)} is changed twice: {first}, and {second}; leave one out"


def _targets(change: Change, base: Base) -> Iterator[Target]:
    yield from change.targets(base)
    if isinstance(change, Deliver):
        yield from (("status", framework, criterion or "") for framework, criterion in change.touches(base))


def _told(target: Target) -> str:
    match target:
        case "status" | "significance" as aspect, framework, criterion:
            return f"the {aspect} of `{criterion}` in {framework}"
        case "grade", framework:
            return f"the grade of {framework}"
        case ("reading",):
            return "the reading"
        case kind, name:
            return f"{kind} `{name}`"
    raise ValueError(target)
