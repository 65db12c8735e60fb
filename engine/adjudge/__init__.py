"""adjudge proposes, explains and audits the grade that an inspectorate's published criteria give to a body of evidence."""

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
