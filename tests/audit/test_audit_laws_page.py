"""The page of laws: each law named by the audit stands on it, and each law names checks that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from adjudge.audit.catalogue import AUDITED
from adjudge.testing import laws as testing

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/laws.md").read_text(encoding="utf-8")
LAWS = {
    int(number): (title, body) for number, title, body in re.findall(r"^### (\d+)\. (.+?)\n(.+?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
}
PROVED = "proved for all inputs by `adjudge audit`"


def test_laws_are_numbered_from_1_without_gaps() -> None:
    """A law's number is its place."""
    assert list(LAWS) == list(range(1, len(LAWS) + 1))


def test_the_audit_and_the_page_say_the_same() -> None:
    """Each law that the audit proves has its number and its sentence on the page, which says that it is proved; no other law says so."""
    assert {number for number, (_, body) in LAWS.items() if PROVED in body} == set(AUDITED)
    for number, law in AUDITED.items():
        title = LAWS[number][0]
        assert title[:1].lower() + title[1:] == law.sentence


@pytest.mark.parametrize("number", LAWS)
def test_every_law_is_stated_formally_and_checked(number: int) -> None:
    """A law has a formal statement and at least one check, and each test that it names exists."""
    body = LAWS[number][1]
    assert "*Formally:*" in body
    checked = body.partition("*Checked:*")[2]
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", checked)
    assert tests or PROVED in checked
    for file, name in tests:
        functions = [node.name for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
        assert name in functions, f"{file} has no test {name}"


def test_laws_named_in_tests_are_on_the_page() -> None:
    """A test that speaks of a law by its number speaks of one that there is."""
    for path in sorted((ROOT / "tests").rglob("*.py")):
        named = {int(number) for number in re.findall(r"\blaw (\d+)\b", path.read_text(encoding="utf-8"))}
        assert named <= set(LAWS), path.name


def test_what_holds_of_evidence_is_public_in_the_words_of_the_page() -> None:
    """Each law about evidence or documents is among those that `adjudge.testing` checks on anyone's rulebook, under the same name."""
    public = {law.sentence for law in testing.LAWS}
    for number in range(21, 29):
        title = LAWS[number][0]
        assert title[:1].lower() + title[1:] in public
