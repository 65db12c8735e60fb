"""Grading an answer again tells whether it is the same, and what changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adjudge import BadInput, grade, load_evidence
from adjudge.documents import shipped
from adjudge.output import GradingOut, grading_out
from adjudge.schemas import schema
from adjudge.verification import read_answer, verify
from tests.console import Done, run

BUNDLE = load_evidence("hertfordshire-2007")
ANSWER = grading_out(grade(BUNDLE, ["public-protection", "missing-persons"]))


def _run(*arguments: str | Path) -> Done:
    return run(*map(str, arguments))


def _changed(change: Callable[[Any], object]) -> GradingOut:
    content = json.loads(ANSWER.model_dump_json())
    change(content)
    return GradingOut.model_validate_json(json.dumps(content))


def _what(answer: GradingOut) -> list[tuple[str, str, str]]:
    return [(each.framework, each.kind, each.what) for each in verify(answer, BUNDLE).changes]


def test_an_answer_is_the_same_when_nothing_changed() -> None:
    """Grading again from the same input gives the same answer, under the reading that it was made under."""
    assert verify(ANSWER, BUNDLE).same
    strict = grading_out(grade(BUNDLE, reading="strict"))
    assert verify(strict, BUNDLE).same
    assert strict.terms["counts_as_met"] == "met"


def test_an_answer_that_was_altered_is_different() -> None:
    """A grade that was written over is told with what it is now."""
    found = verify(_changed(lambda answer: answer["proposals"][0].update(grade="excellent")), BUNDLE)
    assert not found.same
    assert [(each.framework, each.kind, each.what, each.was, each.now) for each in found.changes] == [
        ("public-protection", "answer", "grade", "excellent", "fair")
    ]


@pytest.mark.parametrize("key", ["standard", "rulebook", "evidence", "judgements"])
def test_other_input_is_different(key: str) -> None:
    """An answer made from another standard, rulebook, evidence or judgements is different, though the grade be the same."""
    changed = _changed(lambda answer: answer["proposals"][1]["fingerprint"].update({key: "0" * 16}))
    assert _what(changed) == [("missing-persons", "made_from", key)]
    assert not verify(changed, BUNDLE).same


def test_another_engine_is_told_but_makes_no_difference() -> None:
    """Another version of adjudge, or other evaluators, are told; the answer is still the same."""

    def older(answer: Any) -> None:
        answer["proposals"][0]["fingerprint"]["engine"] = "0.0.1"
        answer["proposals"][0]["evaluators"] = ["reference"]

    found = verify(_changed(older), BUNDLE)
    assert found.same
    assert sorted(each.what for each in found.changes) == (["engine", "evaluators"] if len(ANSWER.proposals[0].evaluators) == 2 else ["engine"])


def test_another_bundle_is_told() -> None:
    """An answer about another body, or by another edition, is different."""
    assert _what(_changed(lambda answer: answer.update(body="elsewhere", edition="9"))) == [("", "made_from", "body"), ("", "made_from", "edition")]


def test_a_reading_that_is_gone_is_told() -> None:
    """A reading that the standard no longer admits can't be taken again: that is a difference."""
    (found,) = verify(_changed(lambda answer: answer["terms"].update(most="at least 1/9")), BUNDLE).changes
    assert (found.kind, found.what) == ("answer", "reading")
    assert "isn't an admissible value of `most`" in found.now


def test_a_framework_that_is_gone_is_told() -> None:
    """A framework that the standard doesn't have any more is a difference."""
    assert _what(_changed(lambda answer: answer["proposals"][0].update(framework="gone"))) == [("gone", "answer", "framework")]


def test_one_record_changed_is_told_by_its_framework_alone(tmp_path: Path) -> None:
    """Where one record changes, the evidence of its framework is told to have changed, and no other's."""
    folder = tmp_path / "bundle"
    shutil.copytree(shipped("evidence") / "hertfordshire-2007", folder)
    path = folder / "records" / "missing-persons.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("shows: met", "shows: partly_met", 1), encoding="utf-8")
    told = verify(ANSWER, load_evidence(folder)).changes
    assert ("missing-persons", "evidence") in {(each.framework, each.what) for each in told}
    assert {each.framework for each in told} == {"missing-persons"}


def test_the_answer_keeps_to_its_schema() -> None:
    """The JSON of a verification is valid by its published schema."""
    found = verify(ANSWER, BUNDLE)
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/verification"))).validate(json.loads(found.model_dump_json()))


def test_command_exits_0_1_2(tmp_path: Path) -> None:
    """The command exits 0 for the same, 1 for a different answer and 2 for what is no answer, each told in a line."""
    path = tmp_path / "answer.json"
    path.write_text(ANSWER.model_dump_json(indent=1), encoding="utf-8")
    done = _run("verify", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "same: 2 frameworks graded again, with the same answers from the same input" in done.stdout
    path.write_text(_changed(lambda answer: answer["proposals"][0].update(grade="good")).model_dump_json(), encoding="utf-8")
    done = _run("verify", path, "--bundle", "hertfordshire-2007", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["same"]) == (1, False)
    path.write_text('{"a": 1}', encoding="utf-8")
    done = _run("verify", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("not an answer: expected what `adjudge grade BUNDLE --format json` writes\n")


def test_faults_of_an_answer_are_all_told(tmp_path: Path) -> None:
    """An answer that was cut or misspelt is refused with every fault at its place."""
    content = json.loads(ANSWER.model_dump_json())
    content["proposals"][0]["grade"] = 3
    content["proposals"][1].pop("range")
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    with pytest.raises(BadInput) as told:
        read_answer(path)
    assert [fault.message for fault in told.value.faults] == ["expected text, found the number `3`; put it in quotes", "`range` is missing"]
