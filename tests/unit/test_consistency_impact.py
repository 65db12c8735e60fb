"""What a change of standard or reading does: nothing is rewritten, every proposal is counted once, and each move says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adjudge import BadInput, Bundle, grade, load_evidence
from adjudge.consistency.bodies import bodies_of_table
from adjudge.consistency.editions import carried, compare_editions, pairing, read_ids
from adjudge.consistency.impact import Impact, impact
from adjudge.consistency.impact_page import impact_page
from adjudge.consistency.impact_table import impact_of_table
from adjudge.consistency.synthesis import synthesise
from adjudge.evidence import Judgement
from adjudge.page import render_text
from adjudge.rulebook import Criterion, Standard
from adjudge.standards import load_standard
from adjudge.sweep import compile_rulebook
from tests.console import run

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
STANDARD = HERTFORDSHIRE.standard
DATA = Path(__file__).parents[2].parent / "shared" / "data" / "fhrs-london-2021.csv"


@pytest.fixture(scope="module")
def nation() -> tuple[Bundle, ...]:
    """A synthetic national set of 43 bodies."""
    return synthesise(HERTFORDSHIRE)[1]


def edition(change: Callable[[Criterion], Criterion | None], *added: Criterion, framework: str = "child-abuse") -> Standard:
    """The shipped standard with one rulebook's criteria changed (None: dropped), as a new edition: made up for a test."""
    books = []
    for book in STANDARD.rulebooks:
        criteria = book.criteria
        if book.rulebook == framework:
            criteria = (*(new for each in book.criteria if (new := change(each))), *added)
        books.append(type(book).model_construct(**{name: getattr(book, name) for name in type(book).model_fields} | {"criteria": criteria}))
    fields = {name: getattr(STANDARD, name) for name in type(STANDARD).model_fields}
    return Standard.model_construct(**{**fields, "edition": "2008.1", "rulebooks": tuple(books)})


def altered(criterion: Criterion, **changes: Any) -> Criterion:
    """A criterion with some of its keys changed."""
    return criterion.model_copy(update=changes)


def test_two_readings_over_a_national_set(nation: tuple[Bundle, ...]) -> None:
    """43 bodies by 6 frameworks: each of 258 proposals is counted once, as graded under either reading; every move names a condition that changed."""
    found = impact(nation, new_reading="strict")
    assert found.synthetic
    assert (found.bodies, sum(each.bodies for each in found.frameworks)) == (43, 258)
    for each in found.frameworks:
        assert each.same + each.better + each.worse + each.other == sum(transition.bodies for transition in each.transitions) == 43
    assert sum(each.better for each in found.frameworks) == 0
    assert len(found.moves) == 258 - sum(each.same for each in found.frameworks)
    assert all(each.why and not each.statuses for each in found.moves)
    for bundle in nation[::20]:
        strict, default = grade(bundle, reading="strict"), grade(bundle)
        moves = {each.framework: each for each in found.moves if each.names == (bundle.bundle,)}
        for proposal in strict:
            before = default[proposal.framework]
            if proposal.framework in moves:
                move = moves[proposal.framework]
                assert (move.before.grade, move.after.grade) == (before.grade, proposal.grade)
                assert (move.after.low, move.after.high) == proposal.range
            else:
                assert (proposal.grade, proposal.range) == (before.grade, before.range)
    text = render_text(impact_page(found, STANDARD, STANDARD))
    assert text.startswith("SYNTHETIC · Impact on 43 bodies\nreading default becomes strict.\n")


def test_the_measure_that_moved_it_is_told() -> None:
    """Hertfordshire, read strictly: Neighbourhood Policing alone moves, for four criteria well short are now enough to be Poor."""
    (move,) = impact([HERTFORDSHIRE], new_reading="strict").moves
    (change,) = move.why
    assert (move.framework, change.before, change.after) == ("neighbourhood-policing", False, True)
    assert [(each.before, each.after) for each in change.measures] == [("4 of 15, 5 needed", "4 of 15, 4 needed")]


def test_nothing_changes_is_bad_input() -> None:
    """The same standard under the same reading is no change."""
    with pytest.raises(BadInput, match="nothing changes"):
        impact([HERTFORDSHIRE], load_standard(), "default")
    with pytest.raises(BadInput, match="isn't a reading"):
        impact([HERTFORDSHIRE], new_reading="strickt")


def test_editions_are_compared_criterion_by_criterion() -> None:
    """Added, dropped, renamed and changed criteria are told, each once; the others are counted; a rule in new words is one dropped, one added."""
    first, second, third = STANDARD.rulebook("child-abuse").criteria[:3]
    changes = {first.id: None, second.id: altered(second, id="renamed"), third.id: altered(third, significance="critical", text="Made up.")}
    new = edition(lambda each: changes.get(each.id, each), altered(first, id="brand-new"))
    limits = (STANDARD.limits[0].model_copy(update={"text": "made up"}), *STANDARD.limits[1:])
    new = Standard.model_construct(**{**new.__dict__, "limits": limits})
    found = compare_editions(STANDARD, new, {"child-abuse": {second.id: "renamed"}})
    assert [(each.kind, each.criterion, each.becomes) for each in found.criteria] == [
        ("dropped", first.id, None),
        ("changed", second.id, "renamed"),
        ("changed", third.id, third.id),
        ("added", None, "brand-new"),
    ]
    assert [change.field for change in found.criteria[2].changes] == ["text", "significance"]
    assert found.unchanged == sum(len(book.criteria) for book in STANDARD.rulebooks) - 3
    assert [(each.kind, each.rule) for each in found.rules] == [
        ("dropped", "no better than Poor: a critical criterion has failed"),
        ("added", "no better than Poor: made up"),
    ]


def test_a_rename_alone_moves_nothing() -> None:
    """With every id renamed, and told, the statuses are carried and each proposal stays; without being told, all are listed as not carried."""
    new = edition(lambda each: altered(each, id=f"new-{each.id}"))
    ids = {"child-abuse": {each.id: f"new-{each.id}" for each in STANDARD.rulebook("child-abuse").criteria}}
    found = impact([HERTFORDSHIRE], new, ids=ids)
    assert (found.moves, found.not_carried) == ((), ())
    untold = impact([HERTFORDSHIRE], new)
    known = [each for each in grade(HERTFORDSHIRE)["child-abuse"].statuses if each.status != "not_assessed"]
    assert {(each.framework, each.criterion, each.status) for each in untold.not_carried} == {
        ("child-abuse", each.criterion.id, each.status) for each in known
    }
    assert [(each.framework, each.after.grade) for each in untold.moves] == [("child-abuse", None)]


def test_a_dropped_critical_criterion_lifts_and_says_so() -> None:
    """Without the criteria that failed, a limit no longer holds: the move names it, and the dropped statuses are listed. The bundle is as it was."""
    before = HERTFORDSHIRE.model_dump_json()
    critical = {each.id for each in STANDARD.rulebook("child-abuse").criteria if each.significance == "critical"}
    found = impact([HERTFORDSHIRE], edition(lambda each: None if each.id in critical else each))
    (move,) = found.moves
    assert move.before.grade == "poor"
    assert "no better than Poor: a critical criterion has failed" in [change.rule for change in move.why]
    assert {each.criterion for each in found.not_carried} == critical
    assert HERTFORDSHIRE.model_dump_json() == before


def test_a_record_keeps_what_it_shows_for_others() -> None:
    """A record whose primary criterion is dropped still counts for the others; a judgement on a dropped criterion goes, one on a grade stays."""
    record = next(each for each in HERTFORDSHIRE.records if each.framework == "child-abuse" and each.also)
    gone = record.criterion
    made = [
        {"framework": "child-abuse", "criterion": gone, "status": "met"},
        {"framework": "child-abuse", "grade": "fair"},
    ]
    judgements = tuple(Judgement.model_validate({**each, "reason": "Made up.", "author": "A. Reader", "date": "2007-09-12"}) for each in made)
    bundle = HERTFORDSHIRE.model_copy(update={"judgements": judgements})
    moved = carried(bundle, edition(lambda each: None if each.id == gone else each), {})
    (kept,) = [each for each in moved.records if each.id == record.id and each.framework == "child-abuse"]
    assert kept.criterion == next(iter(record.also))
    assert [each.grade for each in moved.judgements] == ["fair"]
    grade(moved)


def test_renamed_ids_are_read(tmp_path: Path) -> None:
    """A CSV file of framework, old and new; every fault is told with its line."""
    new = edition(lambda each: altered(each, id=f"new-{each.id}"))
    name = STANDARD.rulebook("child-abuse").criteria[0].id
    path = tmp_path / "ids.csv"
    path.write_text(f"framework,old,new\nchild-abuse,{name},new-{name}\n", encoding="utf-8")
    assert read_ids(path, STANDARD, new) == {"child-abuse": {name: f"new-{name}"}}
    path.write_text(f"framework,old,new\nchild-abuse,x,new-{name}\nchild-abuse,{name},new-{name}\ncanal,a,b\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_ids(path, STANDARD, new)
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4]


def test_an_id_that_now_means_another_isnt_carried_by_name() -> None:
    """Where a criterion takes another's old id, that other is paired with nothing unless it is told."""
    old = STANDARD.rulebook("child-abuse")
    first, second = old.criteria[0].id, old.criteria[1].id
    paired = pairing(old, old, {"child-abuse": {first: second}})
    assert paired[first] == second
    assert second not in paired


@pytest.mark.skipif(not DATA.is_file(), reason="the open data of other regimes isn't beside the repository")
def test_a_table_moves_as_its_new_rule_says(tmp_path: Path) -> None:
    """Food hygiene with 10 points at most for a rating of 5: as many premises move as have more, and each says which condition failed."""
    text = Path("rules/fsa-fhrs/standard.yaml").resolve()
    folder = tmp_path / "stricter"
    folder.mkdir()
    for each in text.parent.iterdir():
        content = each.read_text(encoding="utf-8").replace('edition: "2021.1"', 'edition: "2022.1"')
        (folder / each.name).write_text(
            content.replace("at most 15}\n        - {number: highest, is: at most 5}", "at most 10}\n        - {number: highest, is: at most 5}")
        )
    old, new = compile_rulebook(load_standard("fsa-fhrs"), "food-hygiene"), compile_rulebook(load_standard(folder), "food-hygiene")
    bodies = bodies_of_table(old, DATA, None)
    found = impact_of_table(bodies, new)
    moved = sum(int((bodies.of == place).sum()) for place, codes in enumerate(bodies.combinations.tolist()) if max(codes) <= 5 and sum(codes) > 10)
    (framework,) = found.frameworks
    assert (framework.worse, framework.better, framework.other) == (moved, 0, 0)
    assert [(each.before.grade, each.after.grade, each.bodies) for each in found.moves] == [("5", "4", moved)]
    assert found.moves[0].why[0].measures[0].before == "15"
    assert found.editions is not None
    assert [each.kind for each in found.editions.rules] == ["changed"]


def test_the_command(tmp_path: Path) -> None:
    """Text and JSON of one change; the folder of the bundle is as it was."""
    done = run("impact", "hertfordshire-2007", "--to-reading", "strict", "--format", "json")
    assert done.returncode == 0
    assert Impact.model_validate_json(done.stdout).new.reading == json.loads(done.stdout)["new"]["reading"] == "strict"
    text = run("impact", "hertfordshire-2007", "--to-reading", "strict").stdout
    assert "Of 6 proposals 5 stay, 0 become better, 1 worse, 0 change otherwise." in text
    for arguments, message in (
        (("hertfordshire-2007",), "nothing changes"),
        (("t.csv", "--to-reading", "strict"), "--from: say which rulebook the table is graded by"),
        (("hertfordshire-2007", "--map", "a=b"), "bundles: take no `--map`, `--id` or `--on`"),
    ):
        done = run("impact", *arguments, cwd=tmp_path)
        assert (done.returncode, message in done.stderr) == (2, True)


def test_frames() -> None:
    """For notebooks: the transition table, and a row for each move."""
    pytest.importorskip("pandas")
    found = impact([HERTFORDSHIRE], new_reading="strict")
    assert found.to_frame()["bodies"].sum() == 6
    assert found.moves_frame()["framework"].tolist() == ["neighbourhood-policing"]
