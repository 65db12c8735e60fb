"""adjudge proposes, explains and audits the grade that an inspectorate's published criteria give to a body of evidence."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adjudge.errors import BadInput, EnginesDisagree, Fault
    from adjudge.evidence import Bundle, Judgement, Record, load_evidence, load_judgements
    from adjudge.grading import Grading, grade, propose
    from adjudge.proposal import Proposal
    from adjudge.rulebook import Rulebook, Standard
    from adjudge.standards import load_standard

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

_HOME = {
    **dict.fromkeys(("BadInput", "EnginesDisagree", "Fault"), "errors"),
    **dict.fromkeys(("Bundle", "Judgement", "Record", "load_evidence", "load_judgements"), "evidence"),
    **dict.fromkeys(("Grading", "grade", "propose"), "grading"),
    **dict.fromkeys(("Rulebook", "Standard"), "rulebook"),
    "Proposal": "proposal",
    "load_standard": "standards",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: importing the package costs nothing, so that its pytest plugin doesn't either."""
    if name not in _HOME:
        raise AttributeError(f"module 'adjudge' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"adjudge.{_HOME[name]}"), name)
    globals()[name] = value
    return value
