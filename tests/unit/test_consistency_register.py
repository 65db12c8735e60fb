"""Judgements as a register: what each was set against, summaries, and a file that only ever grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import BadInput, Judgement, grade, load_evidence, load_judgements
from adjudge.consistency.register import append, judgement_of, register
from adjudge.consistency.register_page import register_page
from adjudge.page import render_text

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
GRADING = grade(HERTFORDSHIRE)


def made_up(framework: str, date: str = "2007-10-01", author: str = "HMI B. Example", **decides: str | bool) -> Judgement:
    """A judgement made up for a test."""
    return judgement_of({"framework": framework, **decides, "reason": "Made up for a test.", "author": author, "date": date})


def _telling() -> tuple[str, str]:
    """A framework proposed Fair and a critical criterion that is met there."""
    return next(
        (proposal.framework, each.criterion.id)
        for proposal in GRADING
        if proposal.grade == "fair"
        for each in proposal.statuses
        if each.significance == "critical" and each.status == "met"
    )


FRAMEWORK, CRITERION = _telling()
JUDGEMENTS = (
    made_up(FRAMEWORK, grade="good"),
    made_up(FRAMEWORK, "2007-09-12", "Inspector A. Example", criterion=CRITERION, status="well_short"),
    made_up("missing-persons", "2007-09-20", grade="poor"),
)


def test_each_judgement_is_set_against_the_proposal_without_it() -> None:
    """Oldest first: the proposal without the judgement and with it, all others in force, as `grade` gives them."""
    found = register(HERTFORDSHIRE, {"mine.yaml": JUDGEMENTS})
    assert [entry.date for entry in found.entries] == ["2007-09-12", "2007-09-20", "2007-10-01"]
    status, same, overruled = found.entries
    assert (status.kind, status.author, status.kept_in) == ("status", "Inspector A. Example", "mine.yaml")
    assert (status.before, status.without.grade, status.with_it.grade, status.changes_proposal) == ("met", "fair", "poor", True)
    assert (status.overrules, status.outside_range) == (None, None)
    assert (same.overrules, same.outside_range, same.changes_proposal) == (False, False, False)
    assert same.without.grade == GRADING["missing-persons"].grade == "poor"
    assert (overruled.without.grade, overruled.overrules, overruled.outside_range) == ("poor", True, True)


def test_summaries_count_by_kind_framework_and_author() -> None:
    """Every judgement is counted once in each summary, and so is each that changes or overrules a proposal."""
    found = register(HERTFORDSHIRE, {"mine.yaml": JUDGEMENTS})
    for counts in (found.by_kind, found.by_framework, found.by_author):
        assert sum(each.judgements for each in counts) == 3
        assert sum(each.change_or_overrule for each in counts) == 2
    assert {each.name: each.judgements for each in found.by_kind} == {"status": 1, "grade": 2}
    assert {each.name: each.judgements for each in found.by_author} == {"Inspector A. Example": 1, "HMI B. Example": 2}


def test_a_bundle_without_judgements_has_an_empty_register() -> None:
    """Nothing is recorded, and the page says so."""
    found = register(HERTFORDSHIRE)
    assert found.entries == ()
    assert "No judgement is recorded" in render_text(register_page(found, HERTFORDSHIRE.standard))


def test_the_page_tells_who_decided_what_against_what() -> None:
    """Author, decision, reason and both proposals are on the page."""
    text = " ".join(render_text(register_page(register(HERTFORDSHIRE, {"mine.yaml": JUDGEMENTS}), HERTFORDSHIRE.standard)).split())
    assert f"2007-09-12, Inspector A. Example: {GRADING[FRAMEWORK].rulebook.title}, {CRITERION}: well short (without it: met)" in text
    assert "Made up for a test." in text
    assert "the proposal without it: Fair, between Poor and Fair; with it: Poor" in text
    assert "the proposal: Poor; decided: outside its range" in text


def test_the_register_as_a_frame() -> None:
    """For notebooks: a row for each judgement, the columns there even if there is none."""
    pytest.importorskip("pandas")
    frame = register(HERTFORDSHIRE, {"mine.yaml": JUDGEMENTS}).to_frame()
    assert list(frame["without_grade"]) == ["fair", "poor", "poor"]
    assert list(register(HERTFORDSHIRE).to_frame().columns) == list(frame.columns)


def test_two_judgements_on_one_target_are_refused() -> None:
    """A register can't hold two decisions on one thing."""
    with pytest.raises(BadInput, match=r"is judged twice: by HMI B\. Example and by HMI C\. Example"):
        register(HERTFORDSHIRE, {"mine.yaml": JUDGEMENTS, "other.yaml": (made_up(FRAMEWORK, author="HMI C. Example", grade="fair"),)})


def test_a_file_of_judgements_only_grows(tmp_path: Path) -> None:
    """Each append leaves every byte that was there, and the file holds all judgements in the order in which they were made."""
    path = tmp_path / "mine.yaml"
    before = b""
    for count, judgement in enumerate(JUDGEMENTS, 1):
        append(path, judgement, HERTFORDSHIRE)
        after = path.read_bytes()
        assert after.startswith(before)
        assert load_judgements(path, HERTFORDSHIRE.standard) == JUDGEMENTS[:count]
        before = after


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_any_reason_comes_back_as_it_was_said(reason: str) -> None:
    """Quotes, colons, line breaks, any script: what is appended is read as it was written; what YAML can't hold is refused, nothing written."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.yaml"
        append(path, JUDGEMENTS[0], HERTFORDSHIRE)
        before = path.read_bytes()
        try:
            judgement = judgement_of(
                {"framework": FRAMEWORK, "criterion": CRITERION, "dominant": True, "reason": reason, "author": "A. Example", "date": "2007-10-01"}
            )
            append(path, judgement, HERTFORDSHIRE)
        except BadInput:
            assert path.read_bytes() == before
            return
        assert path.read_bytes().startswith(before)
        assert load_judgements(path, HERTFORDSHIRE.standard)[-1].reason == reason.strip()


@pytest.mark.parametrize(
    "written", ["judgements:\r\n- framework: {f}\r\n  grade: fair\r\n  reason: r\r\n  author: a\r\n  date: 2007-10-01", "# kept\n{l}"]
)
def test_a_file_keeps_its_own_hand(tmp_path: Path, written: str) -> None:
    """Comments, indentation, line ends and a missing last line break of a file that is there stay as they are."""
    listed = f"judgements:\n    - framework: {FRAMEWORK}   # a comment\n      grade: fair\n      reason: r\n      author: a\n      date: 2007-10-01\n"
    path = tmp_path / "mine.yaml"
    path.write_text(written.format(f=FRAMEWORK, l=listed), encoding="utf-8", newline="")
    before = path.read_bytes()
    append(path, JUDGEMENTS[1], HERTFORDSHIRE)
    assert path.read_bytes().startswith(before)
    assert (b"\r\n" in before) == (b"\r\n" in path.read_bytes()[len(before) :])
    assert load_judgements(path, HERTFORDSHIRE.standard)[1] == JUDGEMENTS[1]


def test_what_is_judged_already_is_refused(tmp_path: Path) -> None:
    """In the file or in the bundle: a target that is judged isn't judged again, and nothing is written."""
    path = tmp_path / "mine.yaml"
    append(path, JUDGEMENTS[0], HERTFORDSHIRE)
    before = path.read_bytes()
    again = made_up(FRAMEWORK, "2007-10-02", "HMI C. Example", grade="fair")
    message = f"{FRAMEWORK}, grade is judged already: grade good, by HMI B. Example on 2007-10-01; a register only grows, so nothing was written"
    with pytest.raises(BadInput, match=message):
        append(path, again, HERTFORDSHIRE)
    with pytest.raises(BadInput, match=message):
        append(tmp_path / "new.yaml", again, HERTFORDSHIRE.model_copy(update={"judgements": JUDGEMENTS[:1]}))
    assert path.read_bytes() == before
    assert not (tmp_path / "new.yaml").exists()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("judgements: [{framework: F, grade: fair, reason: r, author: a, date: 2007-10-01}]\n", "can't be appended to"),
        ("judgements: []\n", "can't be appended to"),
        ("judgements:\n  - framework: F\n    grade: fair\n", "`reason` is missing"),
    ],
)
def test_a_file_that_cant_grow_is_left_alone(tmp_path: Path, written: str, message: str) -> None:
    """A list in brackets can't grow at its end, and a file with faults isn't touched."""
    path = tmp_path / "mine.yaml"
    path.write_text(written.replace("F", FRAMEWORK), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(BadInput, match=message):
        append(path, JUDGEMENTS[1], HERTFORDSHIRE)
    assert path.read_bytes() == before


def test_a_judgement_that_doesnt_fit_is_refused(tmp_path: Path) -> None:
    """Unknown criteria, two decisions in one, no reason, no day: told in the words of a file of judgements, nothing written."""
    with pytest.raises(BadInput, match="judgement: `no-such` isn't a criterion of missing-persons"):
        append(tmp_path / "mine.yaml", made_up("missing-persons", criterion="no-such", dominant=True), HERTFORDSHIRE)
    with pytest.raises(BadInput, match="judgement: a judgement decides one thing"):
        made_up("missing-persons", grade="fair", status="met")
    with pytest.raises(BadInput, match="judgement: `2007-13-01` isn't a day"):
        made_up("missing-persons", "2007-13-01", grade="fair")
    assert list(tmp_path.iterdir()) == []
