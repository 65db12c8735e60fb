"""The published JSON Schemas are those of the models, and the shipped documents and answers keep to them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adjudge import grade, load_evidence
from adjudge.documents import read, shipped
from adjudge.output import explanation_out, grading_out
from adjudge.schemas import SCHEMAS, path, schema


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_fresh(name: str) -> None:
    """A schema's file is what the models generate: run `python -m adjudge.schemas` after changing one."""
    assert path(name).read_text(encoding="utf-8") == schema(name)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


DOCUMENTS = sorted([*shipped("rules").glob("*/*.yaml"), *shipped("evidence").glob("**/*.yaml")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: f"{each.parent.name}/{each.name}")
def test_shipped_documents_keep_to_the_schema_they_name(document: Path) -> None:
    """The first line of each shipped document names its schema, and the document is valid by it."""
    first = document.read_text(encoding="utf-8").split("\n", 1)[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named, "the first line names a schema"
    content = json.loads((document.parent / named[1]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(content).validate(_plain(read(document).root))


def test_answers_keep_to_their_schemas() -> None:
    """The JSON of `grade` and of `explain` is valid by its published schema."""
    grading = grade(load_evidence("hertfordshire-2007"))
    answer = json.loads(grading_out(grading).model_dump_json())
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/grading"))).validate(answer)
    for proposal in grading:
        explained = json.loads(explanation_out(grading, proposal).model_dump_json())
        jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/explanation"))).validate(explained)
