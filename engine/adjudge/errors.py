"""What can go wrong: faults of the user's input, each one line with its place, and disagreement of the evaluators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input. ``line`` and ``column`` count from 1; 0 is the file (or the argument) as a whole."""

    file: str
    message: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        message = _LONG.sub(r"`\1...`", _CONTROL.sub(" ", self.message))
        return f"{place}: {message}"


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would break the line, or a terminal."""
_LONG = re.compile(r"`([^`]{100})[^`]{100,}`")
"""What is quoted at more than 200 characters: the beginning tells which it is."""


class BadInput(Exception):
    """The input can't be used. Holds every fault that was found, in the order of the files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.column, fault.message)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def at(cls, file: str, message: str) -> BadInput:
        """Return the error for one fault of a file (or an argument) as a whole."""
        return cls([Fault(file, message)])


class EnginesDisagree(Exception):
    """Reference and inference gave different answers: a bug of adjudge, so no grade is given."""

    def __init__(self, framework: str, differences: Sequence[str]) -> None:
        self.framework = framework
        self.differences = tuple(differences)
        super().__init__(f"{framework}: the evaluators disagree, so no grade is given: {'; '.join(differences)}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` did you mean `x`? `` for the known word closest to a wrong one, or nothing if none is close."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def listing(words: Iterable[str]) -> str:
    """Return words as they stand in a message: `` `a`, `b`, `c` ``."""
    return ", ".join(f"`{word}`" for word in words)
