"""The national picture and synthetic sets: the published numbers exactly, marked synthetic everywhere, and every body in its place."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from adjudge import BadInput, Bundle, load_evidence
from adjudge.consistency.between import compare_bodies
from adjudge.consistency.bodies import bodies_of_bundles
from adjudge.consistency.national import NationalPicture, Standing, national_picture, standing
from adjudge.consistency.national_page import heat_map_svg, national_page
from adjudge.consistency.synthesis import Synthesis, _compiled, case_for, is_synthetic, synthesise, write_synthetic
from adjudge.page import render_text
from adjudge.standards import load_standard
from adjudge.sweep import compile_rulebook
from tests.console import run

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
STANDARD = HERTFORDSHIRE.standard


@pytest.fixture(scope="module")
def made() -> tuple[Synthesis, tuple[Bundle, ...]]:
    """A synthetic national set of 43 bodies."""
    return synthesise(HERTFORDSHIRE)


def test_a_national_set_is_the_published_distributions(made: tuple[Synthesis, tuple[Bundle, ...]]) -> None:
    """Six distributions of 43: each grade is proposed, settled, for exactly as many bodies as was published, and is each body's own published one."""
    synthesis, bundles = made
    assert (synthesis.exact, synthesis.bodies, len(bundles)) == (True, 43, 43)
    picture = national_picture(bundles)
    assert HERTFORDSHIRE.published
    for published in HERTFORDSHIRE.published.grades:
        (found,) = [each for each in picture.frameworks if each.framework == published.framework]
        assert (
            {name: count for name, count in found.proposed.items() if name != "open"} == found.published == found.national == published.distribution
        )
        assert (found.agree, found.comparable, found.proposed["open"]) == (43, 43, 0)
    assert all((each.proposed.low, each.proposed.high) == (each.published,) * 2 for each in picture.places)


def test_everything_says_that_it_is_synthetic(made: tuple[Synthesis, tuple[Bundle, ...]], tmp_path: Path) -> None:
    """The mark is in each title, id, source and record, in what a file holds, and in every page, chart and JSON made of it."""
    bundle = made[1][6]
    write_synthetic([bundle], tmp_path / "set")
    loaded = load_evidence(tmp_path / "set" / bundle.bundle)
    assert loaded == bundle
    assert is_synthetic(loaded)
    assert not is_synthetic(HERTFORDSHIRE)
    assert loaded.bundle.startswith("synthetic-")
    assert loaded.title.startswith("SYNTHETIC")
    assert loaded.body.title.startswith("SYNTHETIC")
    assert loaded.source.startswith("Synthetic")
    for record in loaded.records:
        assert record.recorded_by == "synthetic"
        assert record.summary.startswith("Synthetic (seed 2007, force 07), no finding of an inspection")
        assert record.note is not None
        assert record.note.startswith("Synthetic")
    for path in (tmp_path / "set").rglob("*.yaml"):
        assert "synthetic" in path.read_text(encoding="utf-8").lower()
    picture = national_picture([bundle, HERTFORDSHIRE])
    assert picture.synthetic
    assert render_text(national_page(picture, STANDARD)).startswith("SYNTHETIC · National picture of 2 bodies")
    for command in ("grade", "explain"):
        arguments = (str(tmp_path / "set" / bundle.bundle), *(("child-abuse",) if command == "explain" else ()))
        assert "SYNTHETIC" in run(command, *arguments).stdout


def test_a_seed_gives_one_set_and_another_another() -> None:
    """The same seed gives the same bundles; another seed other ones, of the same numbers."""
    first, again, other = (synthesise(HERTFORDSHIRE, seed, 2)[1] for seed in (1, 1, 2))
    assert first == again
    assert [each.records for each in first] != [each.records for each in other]


@pytest.mark.parametrize("bodies", [1, 10, 86])
def test_other_numbers_of_bodies_keep_the_proportion(bodies: int) -> None:
    """Twice as many bodies give each grade exactly twice as often; other numbers as nearly as whole bodies allow, and none is lost."""
    synthesis, _ = synthesise(HERTFORDSHIRE, bodies=bodies) if bodies < 86 else synthesise(_of_one_framework(), bodies=bodies)
    for each in synthesis.frameworks:
        assert sum(each.grades.values()) == bodies
        assert all(abs(each.grades[name] - count * bodies / 43) < 1 for name, count in each.published.items())
        if bodies == 86:
            assert each.grades == {name: 2 * count for name, count in each.published.items()}
    assert not synthesis.exact


def _of_one_framework() -> Bundle:
    """The shipped bundle with what was published of one framework only."""
    assert HERTFORDSHIRE.published
    published = HERTFORDSHIRE.published.model_copy(update={"grades": HERTFORDSHIRE.published.grades[:1]})
    return HERTFORDSHIRE.model_copy(update={"published": published})


@pytest.mark.parametrize("target", STANDARD.grades)
def test_cases_settle_on_the_grade_and_differ(target: str) -> None:
    """Statuses drawn for a grade settle on it, and are hardly ever the same twice."""
    sweep, draw = compile_rulebook(STANDARD, "missing-persons"), random.Random(1)
    cases = [case_for(sweep, target, draw) for _ in range(5)]
    assert {(sweep.one(case).grade, sweep.one(case).low, sweep.one(case).high) for case in cases} == {(target,) * 3}
    assert len({tuple(case.items()) for case in cases}) == 5


def test_what_cannot_be_synthesised() -> None:
    """No distribution, one that doesn't add up, too many bodies, and a standard of points are each refused."""
    assert HERTFORDSHIRE.published
    with pytest.raises(BadInput, match="no national distribution"):
        synthesise(HERTFORDSHIRE.model_copy(update={"published": None}))
    with pytest.raises(BadInput, match="`0` isn't from 1 to 10,000"):
        synthesise(HERTFORDSHIRE, bodies=0)
    short = HERTFORDSHIRE.published.model_copy(update={"bodies": 44})
    with pytest.raises(BadInput, match="doesn't add up to 44 bodies"):
        synthesise(HERTFORDSHIRE.model_copy(update={"published": short}))


def test_a_standing_counts_everyone_once() -> None:
    """Hertfordshire was graded Good in Child Abuse: of 43 bodies 3 were graded better, 17 so and 23 worse."""
    (place,) = [each for each in national_picture([HERTFORDSHIRE]).places if each.framework == "child-abuse"]
    assert place.published_standing == Standing(better=3, same=17, worse=23)
    assert place.proposed_standing == Standing(better=41, same=2, worse=0)
    assert standing(STANDARD, None, "good") is None
    assert standing(STANDARD, {"good": 1}, None) is None


def test_distributions_that_differ_are_not_merged(made: tuple[Synthesis, tuple[Bundle, ...]]) -> None:
    """Bundles that print different national distributions have none in the picture, and it says so."""
    assert HERTFORDSHIRE.published
    grades = tuple(each.model_copy(update={"distribution": {"good": 43}}) for each in HERTFORDSHIRE.published.grades)
    other = HERTFORDSHIRE.model_copy(update={"published": HERTFORDSHIRE.published.model_copy(update={"grades": grades})})
    picture = national_picture([made[1][0], other])
    assert all(each.national is None and each.national_differs for each in picture.frameworks)
    assert "Bundles print different national distributions" in render_text(national_page(picture, STANDARD))


def test_a_picture_is_of_different_bundles_of_one_standard() -> None:
    """No bundle, one given twice, and other editions are refused."""
    for bundles, message in (((), "at least one"), ((HERTFORDSHIRE, HERTFORDSHIRE), "given twice")):
        with pytest.raises(BadInput, match=message):
            national_picture(bundles)


def test_the_heat_map_has_a_cell_for_each_body_and_framework(made: tuple[Synthesis, tuple[Bundle, ...]]) -> None:
    """An SVG with a letter for each grade, which says that bodies are synthetic."""
    pytest.importorskip("altair")
    svg = heat_map_svg(national_picture(made[1][:3]), STANDARD, "published")
    assert svg.startswith("<svg")
    assert 'aria-label="SYNTHETIC: grades published, 3 bodies"' in svg
    assert svg.count("SYNTHETIC force 0") >= 3


def test_synthetic_bodies_have_no_conflict(made: tuple[Synthesis, tuple[Bundle, ...]]) -> None:
    """Grades that follow from statuses are in no conflict: a set for load passes the comparison of bodies."""
    sweep = compile_rulebook(STANDARD, "public-protection")
    found = compare_bodies(bodies_of_bundles(sweep, made[1]))
    assert (found.synthetic, found.graded, found.agree, found.has_conflicts) == (True, 43, 43, False)
    assert Counter(each.grade for each in found.near_misses).total() > 0


def test_the_commands(tmp_path: Path) -> None:
    """A set is written whole, refused where something stands, and shown as a picture in each format."""
    done = run("synthesise", "--out", "set", "--bodies", "2", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0
    assert Synthesis.model_validate_json(done.stdout).bundles == ("synthetic-01", "synthetic-02")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["set"]
    assert all(path.stat().st_size < 300_000 for path in tmp_path.rglob("*.yaml"))
    again = run("synthesise", "--out", "set", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (2, "set: exists and isn't an empty folder; choose another\n")
    bundles = ("set/synthetic-01", "set/synthetic-02")
    picture = run("national", *bundles, "--format", "json", cwd=tmp_path)
    assert NationalPicture.model_validate_json(picture.stdout).synthetic is json.loads(picture.stdout)["synthetic"] is True
    for format in ("text", "md", "html"):
        assert "SYNTHETIC" in run("national", *bundles, "--format", format, cwd=tmp_path).stdout


def test_frames(made: tuple[Synthesis, tuple[Bundle, ...]]) -> None:
    """For notebooks: a row for each body and framework, marked."""
    pytest.importorskip("pandas")
    frame = national_picture([made[1][0]]).to_frame()
    assert len(frame) == 6
    assert frame["synthetic"].all()
    assert made[0].to_frame()["bodies"].sum() == 43 * 6


def test_points_are_not_synthesised() -> None:
    """A rulebook of points is refused rather than filled with something."""
    with pytest.raises(BadInput, match="can't be synthesised"):
        _compiled(load_standard("fsa-fhrs"), "food-hygiene")
