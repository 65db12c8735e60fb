"""Many bodies against each other: conflicts are exact, planted errors are found, and groups stand out only beyond chance."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import BadInput, load_evidence
from adjudge.consistency.between import compare_bodies
from adjudge.consistency.bodies import MISSING, NO_GRADE, OUT, Bodies, bodies_of_bundles, bodies_of_table, goodness
from adjudge.consistency.bodies_page import bodies_page
from adjudge.consistency.bodies_results import BodiesComparison
from adjudge.consistency.dominance import cells_of, conflicts, least_to_set_aside
from adjudge.consistency.groups import as_many_by_chance, group_figures, wilson
from adjudge.evidence import Judgement
from adjudge.page import render_text
from adjudge.standards import load_standard
from adjudge.sweep import Sweep, compile_rulebook
from tests.console import run

DATA = Path(__file__).parents[2].parent / "shared" / "data"
with_data = pytest.mark.skipif(not DATA.is_dir(), reason="the open data of other regimes isn't beside the repository")
FHRS = compile_rulebook(load_standard("fsa-fhrs"), "food-hygiene")
CQC = compile_rulebook(load_standard("cqc-adult-social-care"), "location")
TABLES = [(FHRS, "fhrs-london-2021.csv", "rating", 58_853, 58_853), (CQC, "cqc-adult-social-care-sample-2026.csv", "overall", 746, 745)]


def made_up(combinations: list[tuple[int, ...]], grades: list[int], sweep: Sweep = CQC, groups: tuple[str, ...] = ()) -> Bodies:
    """Bodies with the values and grades given, made up."""
    codes = np.array(combinations, np.int64).reshape(len(combinations), len(sweep.criteria))
    unique, of = np.unique(codes, axis=0, return_inverse=True)
    names = [f"row {place}" for place in range(1, len(grades) + 1)]
    return Bodies(sweep, names, unique, of.reshape(-1), np.array(grades, np.int64), groups)


@with_data
@pytest.mark.parametrize(("sweep", "file", "column", "graded", "settled"), TABLES)
def test_where_the_rule_is_exact_there_is_no_conflict(sweep: Sweep, file: str, column: str, graded: int, settled: int) -> None:
    """58,853 premises and 745 locations whose every value is known: each has the grade proposed, and no two are in conflict."""
    found = compare_bodies(bodies_of_table(sweep, DATA / file, column))
    assert (found.graded, found.agree, found.differ, found.outside) == (graded, settled, 0, 0)
    assert (found.dominance_conflicts, found.same_values_conflicts, found.bodies_in_conflict, found.suspects) == (0, 0, 0, ())
    assert not found.has_conflicts
    assert (found.agreement.compared, found.agreement.percent.value, found.agreement.alpha.value, found.agreement.ac.value) == (settled, 1, 1, 1)
    assert found.nearly_better > 0 < found.nearly_worse


def planted(bodies: Bodies, seed: int) -> tuple[Bodies, set[str]]:
    """The bodies with one grade in a thousand replaced by another, drawn by seed; and the names of those that have one."""
    draw, grades = random.Random(seed), bodies.grades.copy()
    graded = np.flatnonzero(grades != NO_GRADE).tolist()
    chosen = draw.sample(graded, max(1, len(graded) // 1000))
    for place in chosen:
        grades[place] = draw.choice([rank for rank in range(len(bodies.sweep.program.grades)) if rank != grades[place]])
    return dataclasses.replace(bodies, grades=grades), {bodies.names[place] for place in chosen}


@with_data
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("sweep", "file", "column"), [each[:3] for each in TABLES])
def test_planted_errors_are_all_found(sweep: Sweep, file: str, column: str, seed: int) -> None:
    """0.1% of errors: each is named among the grades to look at first, by conflicts alone, and nothing else is; so it is among the departures."""
    bodies, names = planted(bodies_of_table(sweep, DATA / file, column), seed)
    found = compare_bodies(bodies)
    assert found.has_conflicts
    assert found.suspects is not None
    assert {name for suspect in found.suspects for name in suspect.cell.names} == names
    assert {departure.body for departure in found.departures} == names
    assert found.agreement.percent.value == 1 - len(names) / found.agreement.compared
    assert (found.agreement.percent.low or 0) < found.agreement.percent.value < (found.agreement.percent.high or 0)


@with_data
def test_dominance_alone_finds_all_premises_but_not_all_locations() -> None:
    """What dominance finds without comparing equal values: every planted premises; a single location may be in no conflict of dominance."""
    for (sweep, file, column, *_), expected in zip(TABLES, ((58, 58), (1, 0)), strict=True):
        bodies, names = planted(bodies_of_table(sweep, DATA / file, column), 0)
        cells = cells_of(bodies)
        edges = conflicts(bodies, cells)
        kept = ~edges.same_values
        touched = {
            bodies.names[place] for cell in {*edges.better[kept].tolist(), *edges.worse[kept].tolist()} for place in cells.bodies[cell].tolist()
        }
        assert (len(names), len(names & touched)) == expected


values = st.sampled_from([0, 1, 2, 3, MISSING, OUT])


@given(st.lists(st.tuples(st.tuples(*[values] * 5), st.integers(0, 3)), min_size=1, max_size=12))
def test_conflicts_are_those_of_every_pair(rows: list[tuple[tuple[int, ...], int]]) -> None:
    """A conflict: of two bodies one is at least as good whatever is missing, better on one criterion or the same, and graded lower."""
    bodies = made_up([each for each, _ in rows], [grade for _, grade in rows])
    low, high = goodness(CQC.standard, bodies)
    expected = set()
    for (i, (one, grade)), (j, (other, above)) in itertools.permutations(enumerate(rows), 2):
        mine, theirs = bodies.of[i], bodies.of[j]
        alike = [value == OUT for value in one] == [value == OUT for value in other]
        better = bool((low[mine] >= high[theirs]).all() and (low[mine] > high[theirs]).any())
        same = one == other and MISSING not in one
        if alike and grade < above and (better or same):
            expected.add((i, j))
    cells = cells_of(bodies)
    edges = conflicts(bodies, cells)
    found = {
        (i, j)
        for first, second in zip(edges.better.tolist(), edges.worse.tolist(), strict=True)
        for i in cells.bodies[first].tolist()
        for j in cells.bodies[second].tolist()
    }
    assert found == expected
    aside = {cell for cell, _ in least_to_set_aside(cells, edges)}
    pairs = list(zip(edges.better.tolist(), edges.worse.tolist(), strict=True))
    assert all(first in aside or second in aside for first, second in pairs)
    assert all(any({first, second} & aside == {cell} for first, second in pairs) for cell in aside)


def test_a_missing_value_is_no_evidence_of_a_conflict() -> None:
    """Graded lower with a value unknown: no conflict where the unknown value may be the reason, and one where it can't be."""
    good, unknown = (2, 2, 2, 2, 2), (3, 3, 3, 3, MISSING)
    assert not compare_bodies(made_up([good, unknown], [2, 1])).has_conflicts
    assert compare_bodies(made_up([(2, 2, 2, 2, 0), unknown], [2, 1])).dominance_conflicts == 1
    assert not compare_bodies(made_up([unknown, unknown], [2, 1])).has_conflicts


def test_fewer_points_are_better_where_the_standard_says_so() -> None:
    """Food hygiene: the premises with fewer points, graded lower, is the one in conflict."""
    found = compare_bodies(made_up([(0, 5, 5), (5, 5, 5)], [3, 5], FHRS))
    (conflict,) = found.conflicts
    assert (conflict.kind, conflict.lower.names, conflict.higher.names) == ("dominance", ("row 1",), ("row 2",))
    assert conflict.lower.values == {"hygiene": "0", "structural": "5", "confidence_in_management": "5"}


def test_near_misses_name_the_step() -> None:
    """One step of one criterion, up or down, and the grade after it."""
    (miss,) = compare_bodies(made_up([(10, 5, 0)], [4], FHRS)).near_misses
    assert miss.grade == "4"
    assert {(step.criterion, step.after, step.grade) for step in miss.steps} >= {("hygiene", "5", "5"), ("hygiene", "15", "2")}


def test_wilson_and_fisher_agree_with_published_figures() -> None:
    """Wilson's interval of 81 of 263 is 0.2553 to 0.3662 (Newcombe 1998, table I); Fisher's tea-tasting lady: all four right by chance is 1 in 70."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert as_many_by_chance(4, 4, 4, 8) == pytest.approx(1 / 70)
    assert as_many_by_chance(3, 4, 4, 8) == pytest.approx(17 / 70)
    assert as_many_by_chance(0, 4, 4, 8) == 1.0


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 30))
def test_chance_is_the_exact_tail(total: int, of: int, whole: int) -> None:
    """The chance of so many or more is the exact hypergeometric tail, and falls with the count."""
    total, of = min(total, whole), min(of, whole)
    least, most = max(0, total + of - whole), min(total, of)
    exact = [
        sum(math.comb(total, k) * math.comb(whole - total, of - k) for k in range(n, most + 1)) / math.comb(whole, of) for n in range(least, most + 1)
    ]
    assert [as_many_by_chance(n, of, total, whole) for n in range(least, most + 1)] == pytest.approx(exact)


def test_who_stands_out_and_who_is_too_few() -> None:
    """A group far above the others stands out above; one departure, or nine bodies, say nothing."""
    figures = {each.group: each for each in group_figures({"high": (60, 40, 0), "even": (395, 5, 5), "small": (0, 9, 0), "none": (0, 0, 0)})}
    assert figures["high"].stands_out == ("above",)
    assert figures["small"].few
    assert not figures["small"].stands_out
    assert not figures["even"].stands_out
    assert "none" not in figures
    assert not any(each.stands_out for each in group_figures({"one": (99, 1, 0), "other": (100, 0, 0)}))


@with_data
def test_an_authority_that_rates_too_high_stands_out() -> None:
    """Every twentieth premises of one authority rated one better than its scores give, by hand: that authority alone stands out, above."""
    bodies = bodies_of_table(FHRS, DATA / "fhrs-london-2021.csv", "rating", by="authority")
    grades, best = bodies.grades.copy(), len(FHRS.program.grades) - 1
    own = [place for place, group in enumerate(bodies.groups) if group == "Brent" and grades[place] < best][::20]
    grades[own] += 1
    found = compare_bodies(dataclasses.replace(bodies, grades=grades))
    assert [(each.group, each.stands_out) for each in found.groups if each.stands_out] == [("Brent", ("above",))]
    assert {(each.group, each.direction) for each in found.departures} == {("Brent", "above")}
    assert "Brent: " in render_text(bodies_page(found, FHRS, "made up"))


def test_bundles_are_compared_by_the_grade_decided() -> None:
    """A judgement on the grade counts before the published one, and its reason is the departure's; the author is the group."""
    bundle = load_evidence("hertfordshire-2007")
    sweep = compile_rulebook(bundle.standard, "child-abuse")
    judgement = Judgement.model_validate(
        {"framework": "child-abuse", "grade": "fair", "reason": "Made up.", "author": "A. Reader", "date": "2007-10-01"}
    )
    other = bundle.model_copy(update={"bundle": "made-up", "judgements": (judgement,)})
    found = compare_bodies(bodies_of_bundles(sweep, [bundle, other], by_author=True))
    assert [(each.body, each.grade, each.direction, each.reason, each.group) for each in found.departures] == [
        ("hertfordshire-2007", "good", "above", None, None),
        ("made-up", "fair", "above", "Made up.", "A. Reader"),
    ]
    with pytest.raises(BadInput, match="doesn't grade food-hygiene by fsa-fhrs"):
        bodies_of_bundles(FHRS, [bundle])


TABLE = """id,hygiene,structural,confidence_in_management,rating,officer,why
a,0,5,5,3,Reader,
b,5,5,5,5,Reader,
c,5,5,5,5,Writer,
d,10,5,5,5,Writer,Seen again
e,,,,5,Writer,
"""


@pytest.mark.parametrize("format", ["text", "md", "html", "json"])
def test_the_command(tmp_path: Path, format: str) -> None:
    """Text, Markdown, HTML and JSON tell of the same conflicts; exit 1 where there are any."""
    path = tmp_path / "premises.csv"
    path.write_text(TABLE, encoding="utf-8")
    arguments = ("compare", "fsa-fhrs", str(path), "--grade", "rating", "--by", "officer", "--reason", "why", "--id", "id", "--format", format)
    done = run(*arguments)
    assert done.returncode == 1
    if format == "json":
        found = json.loads(done.stdout)
        assert BodiesComparison.model_validate_json(done.stdout).dominance_conflicts == found["dominance_conflicts"] == 2
        assert [each["body"] for each in found["departures"]] == ["a", "d"]
        assert [each["reason"] for each in found["departures"]] == [None, "Seen again"]
    else:
        assert "a (Reader): 3" in done.stdout
        assert "Seen again" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fsa-fhrs", "t.csv"), "--grade: say which column holds the grade that was given: `--grade COLUMN`"),
        (("fsa-fhrs", "t.csv", "u.csv", "--grade", "rating"), "t.csv: give one table alone, or bundles alone"),
        (("fsa-fhrs", "t.csv", "--grade", "ratings"), "did you mean `rating`?"),
        (("fsa-fhrs", "t.csv", "--grade", "rating", "--by", "office"), "--by: no column `office`"),
        (
            ("child-abuse", "hertfordshire-2007", "--by", "officer"),
            "bundles: take no `--grade`, `--reason`, `--id` or `--map`, and `--by author` alone",
        ),
        (("fsa-fhrs", "t.csv", "--grade", "rating", "--blank", "zero"), "`zero` isn't `not_assessed` or `not_applicable`"),
    ],
)
def test_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str) -> None:
    """Columns that aren't there, and options that don't go together, are told in one line."""
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    done = run("compare", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_frames() -> None:
    """For notebooks: a row for each departure, and one for each group."""
    pytest.importorskip("pandas")
    found = compare_bodies(made_up([(2,) * 5, (2,) * 5, (1,) * 5], [3, 2, 1], groups=("a", "b", "b")))
    assert found.to_frame()["body"].tolist() == ["row 1"]
    assert set(found.groups_frame()["group"]) == {"a", "b"}
