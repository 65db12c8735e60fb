"""adjudge proposes, explains and audits the grade that an inspectorate's published criteria give to a body of evidence."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adjudge.bundles import load_evidence, load_judgements
    from adjudge.errors import BadInput, EnginesDisagree, Fault
    from adjudge.evidence import Bundle, Judgement, Record
    from adjudge.grading import Grading, grade, propose
    from adjudge.proposal import Proposal
    from adjudge.rulebook import Rulebook, Standard
    from adjudge.standards import load_standard

_HOMES = {
    "BadInput": "errors",
    "Bundle": "evidence",
    "EnginesDisagree": "errors",
    "Fault": "errors",
    "Grading": "grading",
    "Judgement": "evidence",
    "Proposal": "proposal",
    "Record": "evidence",
    "Rulebook": "rulebook",
    "Standard": "rulebook",
    "grade": "grading",
    "load_evidence": "bundles",
    "load_judgements": "bundles",
    "load_standard": "standards",
    "propose": "grading",
}
"""Each public name's module, imported when the name is first used: who grades from statuses never waits for the evidence's models."""

__all__ = [
    "BadInput",
    "Bundle",
    "EnginesDisagree",
    "Fault",
    "Grading",
    "Judgement",
    "Proposal",
    "Record",
    "Rulebook",
    "Standard",
    "grade",
    "load_evidence",
    "load_judgements",
    "load_standard",
    "propose",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"adjudge.{_HOMES[name]}"), name)
