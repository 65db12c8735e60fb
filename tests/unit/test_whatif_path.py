"""Paths, distances and costs on the shipped inspection, and the command `path` as users run it."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import BadInput, Bundle, EnginesDisagree, Proposal, Record, grade, load_evidence, load_standard, propose
from adjudge.reference import evaluate
from adjudge.schemas import schema
from adjudge.status import derive
from adjudge.testing.made_up import UNITS
from adjudge.whatif import path as path_module
from adjudge.whatif.costs import Cost, Costs, load_costs
from adjudge.whatif.path import path_to
from adjudge.whatif.search import Found
from adjudge.whatif.tipping import tipping
from tests.conformance.suite import bundle as bundle_of
from tests.conformance.suite import standard_named
from tests.console import run
from tests.hmic import STANDARD, assumed, full_records
from tests.unit.test_cli import FRAMEWORKS

GRADING = grade(load_evidence("hertfordshire-2007"))
UNITS_OF_BODY = tuple(GRADING.bundle.body.units)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("to", ["excellent", "good", "fair", "poor"])
def test_every_path_arrives_and_can_spare_no_criterion(framework: str, to: str) -> None:
    """Taken through both evaluators, a path's moves give the grade, and with any of them left out they don't."""
    proposal = GRADING[framework]
    standard, rank = proposal.standard, proposal.standard.grade_rank
    paths = path_to(proposal, to)
    if paths.direction is None:
        return
    now = {row.criterion.id: row.status for row in proposal.statuses}
    sign = 1 if paths.direction == "up" else -1
    for form in paths.forms:
        moves = {move.criterion: move.to for move in next(form.expand())}
        assert len(moves) == paths.criteria
        assert sign * (rank[propose(standard, framework, {**now, **moves}).evaluation.worst.grade] - rank[to]) >= 0
        for each in moves:
            fewer = {criterion: value for criterion, value in moves.items() if criterion != each}
            assert sign * (rank[propose(standard, framework, {**now, **fewer}).evaluation.worst.grade] - rank[to]) < 0


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_findings_of_a_distance_lead_to_the_grade(framework: str) -> None:
    """With the findings of a distance read otherwise, and the new ones there, the bundle is graded as said."""
    proposal, rank = GRADING[framework], GRADING.bundle.standard.grade_rank
    distances = tipping(proposal, UNITS_OF_BODY)
    for tip in (distances.up, distances.down):
        if tip is None:
            continue
        assert tip.findings is not None
        found = read_otherwise(GRADING.bundle, framework, tip.findings.records, tip.findings.new, tip.paths.direction == "up")
        after = grade(found, [framework]).proposals[0]
        sign = 1 if tip.paths.direction == "up" else -1
        assert sign * (rank[after.evaluation.worst.grade] - rank[tip.grade]) >= 0


def read_otherwise(bundle: Bundle, framework: str, changed: tuple[str, ...], new: tuple[str, ...], up: bool) -> Bundle:
    """Return a bundle whose changed records show the best (or the worst) that there is, or are gone where their basis can't establish it."""
    shows = "met" if up else "well_short"
    records: list[Record] = []
    for each in bundle.records:
        if each.id not in changed:
            records.append(each)
        elif not up or bundle.standard.bases[each.basis].establishes == "met":
            records.append(each.model_copy(update={"shows": shows, "also": dict.fromkeys(each.also, shows)}))
    like = next(each for each in bundle.records if each.framework == framework and each.basis == "observed")
    update: dict[str, Any] = {"shows": shows, "also": {}, "unit": "whole", "duplicate_of": None}
    records += [like.model_copy(update={"id": f"new-{criterion}", "criterion": criterion, **update}) for criterion in new]
    return bundle.model_copy(update={"records": tuple(records)})


@settings(max_examples=30)
@given(st.data())
def test_no_fewer_findings_would_do(data: st.DataObject) -> None:
    """No smaller set of records, however each of them is read otherwise, lifts a proposal to the next grade (brute force, sets of two at most)."""
    bundle = bundle_of(data.draw(full_records(STANDARD.rulebook("small"))))
    proposal = grade(bundle, ["small"]).proposals[0]
    tip = tipping(proposal, UNITS).up
    if tip is None or tip.findings is None or tip.findings.new:
        return
    assert tip.findings.exact
    if tip.findings.count <= 3:
        assert lifts(bundle, tip.findings.records, tip.grade)
    ids = [each.id for each in bundle.records]
    for size in range(min(tip.findings.count, 3)):
        assert not any(lifts(bundle, chosen, tip.grade) for chosen in itertools.combinations(ids, size))


def lifts(bundle: Bundle, chosen: tuple[str, ...], to: str) -> bool:
    """Whether some records, each value of theirs as it is, shown as met or withdrawn, can lift a proposal to a grade."""
    book, rank = STANDARD.rulebook("small"), STANDARD.grade_rank
    touched = frozenset(criterion for each in bundle.records if each.id in chosen for criterion, _ in each.shown())
    about = book.model_copy(update={"criteria": tuple(each for each in book.criteria if each.id in touched)})
    rest = [each for each in bundle.records if each.id not in chosen and touched.intersection(dict(each.shown()))]
    known = {row.criterion.id: row.status for row in derive(STANDARD, book, bundle.records, (), UNITS)}
    found = set()
    for picked in itertools.product(*(list(otherwise(each)) for each in bundle.records if each.id in chosen)):
        rows = derive(STANDARD, about, [*rest, *itertools.chain(*picked)], (), UNITS)
        found.add(tuple((known | {row.criterion.id: row.status for row in rows}).items()))
    return any(rank[propose_small(each)] >= rank[to] for each in found)


@functools.cache
def propose_small(statuses: tuple[tuple[str, str], ...]) -> str:
    """Return the worst grade that statuses of the small rulebook can have."""
    rows = assumed(STANDARD.rulebook("small"), dict(statuses))
    return evaluate(STANDARD, rows, STANDARD.reading()).worst.grade


def otherwise(record: Record) -> Iterator[list[Record]]:
    """Yield a record with each of its values as it is, shown as met, or withdrawn: one record for each value."""
    options = [
        [None, *(record.model_copy(update={"criterion": criterion, "shows": value, "also": {}}) for value in (shows, "met"))]
        for criterion, shows in record.shown()
    ]
    for chosen in itertools.product(*options):
        yield [each for each in chosen if each is not None]


def test_a_path_may_be_told_what_stays_and_what_alone_may_move() -> None:
    """What is kept fixed doesn't move, only what is named moves, and where that can't do it the answer says how far it goes."""
    proposal = GRADING["domestic-violence"]
    assert path_to(proposal, "fair").criteria == 2
    fixed = path_to(proposal, "fair", keep_fixed=["risk-assessment"])
    assert (fixed.criteria, fixed.attainable, fixed.forms) == (None, "poor", ())
    named = path_to(proposal, "fair", only=["risk-assessment", "risk-management"])
    assert (named.criteria, named.may_move) == (2, 2)


def plain(when: Mapping[str, Any], **statuses: str) -> Proposal:
    """Propose by the standard of one condition: a and b are core (b major), c and d extra."""
    return propose(standard_named("plain", {"reach.0.when": when}), "plain", statuses)


def test_where_the_proposal_is_already_the_path_is_empty() -> None:
    """There is one smallest set then, of no criteria and no steps, and it costs nothing where there are costs."""
    proposal = plain({"any": {}, "at_least": "mid"}, a="mid", b="none", c="none", d="not_applicable")
    found = path_to(proposal, "holds")
    assert (found.direction, found.criteria, found.steps, found.cost, found.sets, found.forms) == (None, 0, 0, None, 1, ())
    assert (found.complete, found.attainable, found.may_move, found.framework, found.grade) == (True, None, 4, "plain", "holds")
    assert path_to(proposal, "holds", costs=Costs({each: Cost() for each in "abcd"})).cost == 0


def test_what_may_not_move_leaves_the_grade_as_far_as_it_goes() -> None:
    """Up, the worst end of what is attained is told; down, the best; nothing is listed."""
    up = path_to(plain({"every": {}, "at_least": "mid"}, a="none", b="none", c="mid", d="mid"), "holds", only=["a"])
    assert (up.direction, up.criteria, up.steps, up.cost, up.sets, up.forms, up.complete, up.attainable) == (
        "up",
        None,
        None,
        None,
        0,
        (),
        True,
        "fails",
    )
    down = path_to(plain({"any": {}, "at_least": "mid"}, a="mid", b="mid", c="none"), "fails", only=["a"])
    assert (down.direction, down.attainable) == ("down", "holds")


def test_a_path_lists_so_many_smallest_sets_and_counts_all() -> None:
    """With a limit the forms listed are so many, the sets are counted all the same, and the answer says that more were left out."""
    three = {"any": [{"all": [{"every": {"id": [each]}, "at_least": "high"}]} for each in "abc"]}
    proposal = plain(three, a="mid", b="mid", c="mid", d="none")
    listed = {limit: path_to(proposal, "holds", limit=limit) for limit in (1, 2, 3, 4)}
    assert {limit: (sum(form.sets for form in found.forms), found.sets, found.complete) for limit, found in listed.items()} == {
        1: (1, 3, False),
        2: (2, 3, False),
        3: (3, 3, True),
        4: (3, 3, True),
    }


def test_what_must_move_is_told_before_what_leaves_a_choice() -> None:
    """A form begins with what must be moved whole, in one group, and ends with the widest choice."""
    when = {
        "all": [
            {"every": {"id": ["a"]}, "at_least": "high"},
            {"every": {"id": ["b"]}, "at_least": "mid"},
            {"any": {"id": ["c", "d"]}, "at_least": "mid"},
        ]
    }
    (form,) = path_to(plain(when, a="mid", b="low", c="low", d="low"), "holds").forms
    assert [(group.count, [move.criterion for move in group.of]) for group in form.groups] == [(2, ["a", "b"]), (1, ["c", "d"])]
    assert (form.sets, form.answers) == (2, (("holds", "holds", "holds"),))
    assert [[move.criterion for move in chosen] for chosen in form.expand()] == [["a", "b", "c"], ["a", "b", "d"]]


@pytest.mark.parametrize(("statuses", "to"), [({"a": "low"}, "holds"), ({}, "holds"), ({"a": "mid", "b": "high"}, "fails"), ({}, "fails")])
def test_a_path_that_the_reference_does_not_confirm_is_never_told(statuses: dict[str, str], to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search found is graded by the reference; if one end misses the grade there is no answer."""
    monkeypatch.setattr(path_module, "cheapest", lambda *_: Found(0, 1, ((),), True))
    with pytest.raises(EnginesDisagree, match=f"the path to {to} leads to"):
        path_to(plain({"count": {}, "at_least": "mid", "is": "at least 2"}, **statuses), to)


def test_an_open_proposal_is_between_its_neighbours() -> None:
    """Up from its worst end and down from its best, and nowhere beyond the best and the worst grade."""
    settled = tipping(plain({"any": {}, "at_least": "mid"}, a="mid"))
    assert (settled.framework, settled.up, settled.down and (settled.down.grade, settled.down.criteria)) == ("plain", None, ("fails", 4))
    open_ = tipping(plain({"any": {}, "at_least": "mid"}))
    assert open_.up is not None
    assert open_.down is not None
    assert (open_.up.grade, open_.up.criteria, open_.down.grade, open_.down.criteria) == ("holds", 1, "fails", 4)
    assert (open_.up.findings, open_.down.findings) == (None, None)


def test_a_path_is_never_changed() -> None:
    """Distances, paths, forms, groups and moves are frozen."""
    distances = tipping(plain({"any": {}, "at_least": "mid"}))
    assert distances.up is not None
    (form,) = distances.up.paths.forms
    for frozen in (distances, distances.up, distances.up.paths, form, form.groups[0], form.groups[0].of[0]):
        for field in fields(frozen):
            with pytest.raises(FrozenInstanceError):
                setattr(frozen, field.name, None)


def test_unknown_names_are_told_with_the_nearest() -> None:
    """A grade or a criterion that isn't known is bad input, all of them at once."""
    with pytest.raises(BadInput) as raised:
        path_to(GRADING["child-abuse"], "goood", keep_fixed=["supervison"])
    assert [str(fault) for fault in raised.value.faults] == [
        "criterion: `supervison` isn't a criterion of child-abuse; did you mean `supervision`?",
        "grade: `goood` isn't a grade of hmic-2007 (`excellent`, `good`, `fair`, `poor`); did you mean `good`?",
    ]


def test_costs_are_read_from_yaml_and_csv_alike(tmp_path: Path) -> None:
    """The same costs in YAML and in CSV are the same, and what isn't named costs what is said of all others."""
    book = load_standard().rulebook("child-abuse")
    (tmp_path / "costs.yaml").write_text("costs:\n  supervision: {once: 2, step: 0.5}\nunless_stated: {step: 1}\n", encoding="utf-8")
    (tmp_path / "costs.csv").write_text("criterion,once,step\nsupervision,2,0.5\nunless_stated,,1\n", encoding="utf-8")
    found = [load_costs(tmp_path / name, book) for name in ("costs.yaml", "costs.csv")]
    assert found[0] == found[1]
    assert found[0].by_criterion["supervision"] == Cost(once=2, step=0.5)
    assert found[0].of("accountability", 3) == 3


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        (
            "costs.yaml",
            "costs:\n  supervison: {step: 1}\nunless_stated: {step: 1}\n",
            ["costs.yaml:2:3: `supervison` isn't a criterion of child-abuse"],
        ),
        ("costs.yaml", "costs:\n  supervision: {step: -1}\n", ["costs.yaml:2:23: expected a number of at least 0, found `-1`"]),
        ("costs.yaml", "costs:\n  supervision: {steps: 1}\n", ["costs.yaml:2:17: unknown key `steps` here"]),
        ("costs.csv", "criterion,step\nsupervision,1\n", ["costs.csv: no cost for `chief-officer-lead`, `accountability`, `policy-current`"]),
        ("costs.csv", "name,price\n", ["costs.csv:1:1: expected the columns `criterion`, `once`, `step`, found `name`, `price`"]),
        ("costs.csv", "", ["costs.csv:1:1: expected the columns `criterion`, `once`, `step`, found nothing"]),
        (
            "costs.csv",
            "criterion,step\nsupervision,much\nsupervision,1,2\nsupervision,1\nnan,nan\n",
            [
                "costs.csv:2:1: `much` in column `step` isn't a cost; write a number of 0 or more",
                "costs.csv:3:1: expected 2 cells, found 3",
                "costs.csv:4:1: `supervision` is given twice (first in line 2)",
                "costs.csv:5:1: `nan` in column `step` isn't a cost; write a number of 0 or more",
                "costs.csv:5:1: `nan` isn't a criterion of child-abuse",
            ],
        ),
        ("missing.csv", None, ["missing.csv: can't be opened (no such file or directory)"]),
    ],
)
def test_faults_of_costs_are_told_in_one_line_each(
    name: str, text: str | None, faults: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every fault of a file of costs is one line with its place."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path(name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        load_costs(Path(name), load_standard().rulebook("child-abuse"))
    told = [str(fault) for fault in raised.value.faults]
    assert len(told) == len(faults)
    assert all(line.startswith(expected) for line, expected in zip(told, faults, strict=True)), told


ASKED: Mapping[str, tuple[str, ...]] = {
    "all": ("hertfordshire-2007",),
    "close": ("hertfordshire-2007", "public-protection"),
    "up": ("hertfordshire-2007", "neighbourhood-policing", "--to", "good"),
    "down": ("hertfordshire-2007", "performance-management", "--to", "poor"),
    "there": ("hertfordshire-2007", "performance-management", "--to", "fair"),
    "deliverable": ("hertfordshire-2007", "public-protection", "--to", "good", "--deliverable"),
    "published": ("hertfordshire-2007", "domestic-violence", "--to", "published"),
    "strict": ("hertfordshire-2007", "missing-persons", "--to", "published", "--reading", "strict"),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_every_answer_is_a_page_and_keeps_to_its_schema(asked: tuple[str, ...]) -> None:
    """Text fits in 100 columns; Markdown and HTML are pages; JSON keeps to its published schema."""
    text = run("path", *asked)
    assert (text.returncode, text.stderr) == (0, "")
    assert max(len(line) for line in text.stdout.splitlines()) <= 100
    assert run("path", *asked, "-f", "md").stdout.startswith("# ")
    assert run("path", *asked, "-f", "html").stdout.startswith("<!DOCTYPE html>")
    answer = json.loads(run("path", *asked, "-f", "json").stdout)
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/path"))).validate(answer)


def answer(*asked: str) -> Any:
    """Return the first framework's part of the JSON that the command prints."""
    return json.loads(run("path", *asked, "-f", "json").stdout)["frameworks"][0]


def test_the_command_tells_what_the_library_finds() -> None:
    """Distances, and what leads to the published grade, are those of the library."""
    told = answer(*ASKED["close"])
    found = tipping(GRADING["public-protection"], UNITS_OF_BODY)
    assert found.up is not None
    assert found.up.findings is not None
    assert (told["up"]["paths"]["criteria"], told["up"]["paths"]["steps"], told["up"]["findings"]["count"]) == (
        found.up.criteria,
        found.up.paths.steps,
        found.up.findings.count,
    )
    published = answer(*ASKED["published"])["published"]
    assert published["readings"]["forms"] == [{"changes": {"failed": "well_short"}, "groups": []}]
    assert (published["readings"]["size"], published["judgements"]["size"], published["both"]) == (1, 2, None)


def test_costs_change_which_path_is_smallest(tmp_path: Path) -> None:
    """With costs the cheapest path is told, with what it costs."""
    file = tmp_path / "costs.yaml"
    file.write_text("costs:\n  reliable-information: {once: 5}\nunless_stated: {once: 1, step: 0.5}\n", encoding="utf-8")
    told = answer(*ASKED["down"], "--costs", str(file))["path"]
    assert (told["cost"], [move["criterion"] for group in told["forms"][0]["groups"] for move in group["of"]]) == ("2", ["accountability-meetings"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "good"), "--to: a path is of one framework; name it after the bundle"),
        (("child-abuse", "--to", "goood"), "did you mean `good`?"),
        (("child-abuse", "--only", "supervision"), "--only: goes with a grade to reach; add `--to` and the grade"),
        (("child-abuse", "--to", "published", "--deliverable"), "--deliverable: goes with a grade to reach; add `--to` and the grade"),
        (("child-abuse", "--to", "good", "--only", "supervision", "--deliverable"), "--only: goes without `--deliverable`; give one of them"),
        (("child-abuse", "--to", "good", "--keep-fixed", "supervison"), "did you mean `supervision`?"),
        (("child-abuse", "--to", "good", "--costs", "nowhere.yaml"), "nowhere.yaml: no such file"),
    ],
)
def test_a_slip_gets_one_clear_line(arguments: tuple[str, ...], message: str) -> None:
    """Options that don't fit together, and names that aren't known, are told in one line, with exit 2."""
    done = run("path", "hertfordshire-2007", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
