"""A bundle written as YAML or JSON loads back equal, and is written whole or not at all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import BadInput, Bundle, load_evidence
from adjudge.documents import parse
from adjudge.emission import to_yaml
from adjudge.schemas import schema
from adjudge.writing import documents, from_json, to_json, write_bundle
from tests.bundles import bundles, ids, texts
from tests.strategies import STANDARD

_plain: st.SearchStrategy[Any] = st.recursive(
    st.one_of(texts, st.integers(-(10**17), 10**17), st.booleans(), st.none(), st.floats(-1e6, 1e6).map(lambda number: round(number, 4))),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(ids, _plain, min_size=1, max_size=4))
def test_a_document_reads_back_equal(document: dict[str, Any]) -> None:
    """Whatever values a document holds, its YAML is read back with the same values of the same types."""
    root = parse(to_yaml(document).encode(), "document").root
    assert root == document
    assert repr(root) == repr(document)


@settings(max_examples=60)
@given(bundles())
def test_a_bundle_written_loads_back_equal(bundle: Bundle) -> None:
    """Written as YAML documents and loaded, a bundle is equal to what it was, the order of its records included."""
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(bundle, Path(folder) / "bundle")
        assert load_evidence(Path(folder) / "bundle", STANDARD) == bundle


@settings(max_examples=60)
@given(bundles())
def test_a_bundle_as_json_loads_back_equal(bundle: Bundle) -> None:
    """Written as JSON and loaded, a bundle is equal to what it was, and the JSON keeps to its schema."""
    text = to_json(bundle)
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/bundle-document"))).validate(json.loads(text))
    assert from_json(text, "bundle.json", STANDARD) == bundle


def test_hertfordshire_goes_through_yaml_and_json(tmp_path: Path) -> None:
    """The shipped bundle is equal after a journey through each format, and writing it again gives the same bytes."""
    bundle = load_evidence("hertfordshire-2007")
    write_bundle(bundle, tmp_path / "first")
    again = load_evidence(tmp_path / "first")
    assert again == bundle
    write_bundle(again, tmp_path / "second")
    for path in (tmp_path / "first").rglob("*.yaml"):
        assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()
    assert from_json(to_json(bundle), "bundle.json") == bundle
    assert sorted(documents(bundle))[:2] == ["bundle.yaml", "context.yaml"]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """Without `replace` nothing is written into a folder that isn't empty; with it the documents change and other files stay."""
    bundle = load_evidence("hertfordshire-2007")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "old.yaml").write_text("framework: old", encoding="utf-8")
    with pytest.raises(BadInput, match="the folder isn't empty"):
        write_bundle(bundle, tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["notes.txt", "records"]
    write_bundle(bundle, tmp_path, replace=True)
    assert load_evidence(tmp_path) == bundle
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    write_bundle(bundle.model_copy(update={"context": None}), tmp_path, replace=True)
    assert not (tmp_path / "context.yaml").exists()


def test_a_text_that_no_document_may_hold_is_refused(tmp_path: Path) -> None:
    """A control character is told with its place, and nothing is written."""
    bundle = load_evidence("hertfordshire-2007").model_copy(update={"title": "a\x07b"})
    with pytest.raises(BadInput, match=r"bundle\.yaml: a control character in title; remove it"):
        write_bundle(bundle, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda content: content["records"][0]["records"][0].update(shows="mett"), "file.json: records.0.records.0.shows: `mett` isn't a status"),
        (lambda content: content["records"][0]["records"][0].pop("basis"), "file.json: records.0.records.0: `basis` is missing"),
        (lambda content: content["bundle"].update(colour="red"), "file.json: bundle.colour: unknown key `colour`"),
        (lambda content: content.update(judgments=[]), "did you mean `judgements`?"),
        (lambda content: content.update(published=[]), "file.json: published: expected keys and values"),
        (lambda content: content.update(records={}), "file.json: records: expected a list"),
        (lambda content: content.pop("bundle"), "file.json: `bundle` is missing"),
        (lambda content: content["bundle"].update(title="a\x00b"), "file.json: bundle.title: a control character in the text; remove it"),
        (lambda content: content["records"][1]["records"][0].update(id="ca-s01"), "(first in file.json: records.0.records.0.id)"),
    ],
)
def test_a_fault_of_json_is_told_by_its_path(change: Any, expected: str) -> None:
    """A fault of a bundle's JSON is told in the words of the loader, after its path."""
    content = json.loads(to_json(load_evidence("hertfordshire-2007")))
    change(content)
    with pytest.raises(BadInput) as raised:
        from_json(json.dumps(content), "file.json")
    assert expected in str(raised.value)
    assert "evidence/bundle" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "file.json:1:2: not valid JSON: "),
        ("[]", "file.json: expected a document of keys and values at the top"),
        ('{"bundle": {"title": NaN}}', "file.json: not valid JSON: `NaN` isn't a number of JSON"),
        ('{"bundle": {}, "bundle": {}}', "file.json: not valid JSON: key `bundle` is given twice"),
        ("[" * 100_000, "file.json: nested too deep"),
    ],
)
def test_text_that_is_no_json_is_refused(text: str, expected: str) -> None:
    """What isn't JSON is told in one line."""
    with pytest.raises(BadInput) as raised:
        from_json(text, "file.json")
    assert str(raised.value).startswith(expected)
