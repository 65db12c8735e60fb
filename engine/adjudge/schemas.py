"""The JSON Schemas of every document and answer, generated from the models; ``python -m adjudge.schemas`` writes them."""

from __future__ import annotations

import json
from pathlib import Path

from adjudge.audit.results import AuditOut
from adjudge.consistency.bodies_results import BodiesComparison
from adjudge.consistency.impact import Impact
from adjudge.consistency.national import NationalPicture
from adjudge.consistency.register import Register as JudgementRegister
from adjudge.consistency.results import Comparison
from adjudge.consistency.synthesis import Synthesis
from adjudge.consistency.within import ReportCheck
from adjudge.documents import Model, shipped
from adjudge.evidence import (
    BundleFile,
    ContextFile,
    DevelopingPracticeFile,
    GlossaryFile,
    JudgementsFile,
    PublishedFile,
    RecommendationsFile,
    RecordsFile,
)
from adjudge.ingest.draft import FindingsFile
from adjudge.ingest.register import Register
from adjudge.output import ExplanationOut, GradingOut, TableOut
from adjudge.rulebook import Rulebook, StandardFile
from adjudge.verification import VerificationOut
from adjudge.whatif.costs import CostsFile
from adjudge.whatif.files import ScenariosFile
from adjudge.whatif.output import WhatIfOut
from adjudge.whatif.path_output import PathOut
from adjudge.writing import BundleOut

SCHEMAS: dict[str, type[Model]] = {
    "rules/schema/standard": StandardFile,
    "rules/schema/rulebook": Rulebook,
    "evidence/schema/bundle": BundleFile,
    "evidence/schema/records": RecordsFile,
    "evidence/schema/judgements": JudgementsFile,
    "evidence/schema/published": PublishedFile,
    "evidence/schema/recommendations": RecommendationsFile,
    "evidence/schema/developing-practice": DevelopingPracticeFile,
    "evidence/schema/context": ContextFile,
    "evidence/schema/glossary": GlossaryFile,
    "evidence/schema/findings": FindingsFile,
    "evidence/schema/register": Register,
    "evidence/schema/bundle-document": BundleOut,
    "evidence/schema/grading": GradingOut,
    "evidence/schema/explanation": ExplanationOut,
    "evidence/schema/table": TableOut,
    "evidence/schema/verification": VerificationOut,
    "evidence/schema/path": PathOut,
    "evidence/schema/costs": CostsFile,
    "evidence/schema/agreement": Comparison,
    "evidence/schema/consistency": ReportCheck,
    "evidence/schema/judgement-register": JudgementRegister,
    "evidence/schema/scenarios": ScenariosFile,
    "evidence/schema/whatif": WhatIfOut,
    "evidence/schema/bodies": BodiesComparison,
    "evidence/schema/impact": Impact,
    "evidence/schema/national": NationalPicture,
    "evidence/schema/synthesis": Synthesis,
    "evidence/schema/audit": AuditOut,
}
ANSWERS = (
    GradingOut,
    ExplanationOut,
    TableOut,
    VerificationOut,
    Comparison,
    ReportCheck,
    JudgementRegister,
    Register,
    WhatIfOut,
    PathOut,
    BodiesComparison,
    Impact,
    NationalPicture,
    Synthesis,
    AuditOut,
)


def schema(name: str) -> str:
    """Return one schema as the text of its file."""
    answer = SCHEMAS[name] in ANSWERS
    content = SCHEMAS[name].model_json_schema(mode="serialization" if answer else "validation")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **content}, indent=1, ensure_ascii=False) + "\n"


def path(name: str) -> Path:
    """Return where a schema's file stands."""
    kind, _, rest = name.partition("/")
    return shipped(kind) / f"{rest}.schema.json"


if __name__ == "__main__":
    for each in SCHEMAS:
        path(each).parent.mkdir(exist_ok=True)
        path(each).write_text(schema(each), encoding="utf-8")
