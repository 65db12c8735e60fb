"""The two published regimes beside hmic-2007: every real rating that their rules should give, row by row, and small cases by hand."""

from __future__ import annotations

import csv
import functools
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from adjudge import BadInput, Standard, grade, load_evidence, load_standard, propose
from adjudge.documents import shipped
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_ASSESSED
from adjudge.status import assume

DATA = Path(__file__).parents[2] / "../shared/data"
SCORES = ("hygiene", "structural", "confidence_in_management")
QUESTIONS = ("safe", "effective", "caring", "responsive", "well_led")
FHRS = load_standard("fsa-fhrs")
CQC = load_standard("cqc-adult-social-care")


def _rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} isn't here: the ratings are beside the repository, not in it")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _answers(standard: Standard, framework: str, columns: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str | None, str, str]]:
    """Return what the reference answers to the values of a row, working out each combination once."""
    book, reading = standard.rulebook(framework), standard.reading()

    @functools.cache
    def answer(values: tuple[str, ...]) -> tuple[str | None, str, str]:
        known = dict(zip(columns, values, strict=True))
        for criterion, value in known.items():
            assert value == NOT_ASSESSED or standard.misfit(book.by_id[criterion], value) is None
        return evaluate(standard, assume(book, known), reading).answer

    return answer


def _spelt(ids: Mapping[str, str]) -> dict[str, str]:
    return {label.lower(): each for each, label in ids.items()}


def test_the_food_hygiene_rule_gives_every_published_rating() -> None:
    """All 58,853 premises with three scores get the rating that was published; each of the scheme's ratings is among them."""
    answer = _answers(FHRS, "food-hygiene", SCORES)
    scored = [row for row in _rows("fhrs-london-2021.csv") if all(row[score] for score in SCORES)]
    assert len(scored) == 58_853
    wrong = [row for row in scored if answer(tuple(row[score] for score in SCORES)) != (row["rating"], row["rating"], row["rating"])]
    assert wrong == []
    assert {row["rating"] for row in scored} == set(FHRS.grades)


def test_the_adult_social_care_rule_gives_every_published_rating() -> None:
    """All 745 locations with five rated key questions get the overall rating that was published, whatever the case of its letters."""
    answer, statuses, grades = _answers(CQC, "location", QUESTIONS), _spelt(CQC.statuses), _spelt(CQC.grades)
    rows = _rows("cqc-adult-social-care-sample-2026.csv")
    rated = [row for row in rows if all(row[each].lower() in statuses for each in QUESTIONS) and row["overall"].lower() in grades]
    assert len(rated) == 745
    wrong = [row for row in rated if answer(tuple(statuses[row[each].lower()] for each in QUESTIONS)) != (grades[row["overall"].lower()],) * 3]
    assert wrong == []
    assert {grades[row["overall"].lower()] for row in rated} == set(CQC.grades)


def test_a_location_rated_in_part_keeps_its_published_rating_in_the_range() -> None:
    """Where key questions weren't rated, the published overall rating, if there is one, lies in the range."""
    answer, statuses, grades = _answers(CQC, "location", QUESTIONS), _spelt(CQC.statuses), _spelt(CQC.grades)
    partly = [
        row
        for row in _rows("cqc-adult-social-care-sample-2026.csv")
        if row["overall"].lower() in grades and not all(row[each].lower() in statuses for each in QUESTIONS)
    ]
    assert partly
    for row in partly:
        _, low, high = answer(tuple(statuses.get(row[each].lower(), NOT_ASSESSED) for each in QUESTIONS))
        assert CQC.grade_rank[low] <= CQC.grade_rank[grades[row["overall"].lower()]] <= CQC.grade_rank[high]


@pytest.mark.parametrize(
    ("scores", "rating"),
    [
        ((0, 0, 0), "5"),
        ((5, 5, 5), "5"),
        ((0, 0, 10), "4"),
        ((5, 5, 10), "4"),
        ((10, 10, 10), "3"),
        ((15, 0, 0), "2"),
        ((15, 15, 10), "2"),
        ((0, 0, 20), "1"),
        ((15, 15, 20), "1"),
        ((20, 20, 10), "1"),
        ((20, 15, 20), "0"),
        ((25, 0, 0), "0"),
        ((0, 0, 30), "0"),
        ((25, 25, 30), "0"),
    ],
)
def test_a_rating_by_the_table(scores: tuple[int, int, int], rating: str) -> None:
    """The row of the table that a total and a highest score fall in, worked out by hand; reference and inference agree."""
    proposal = propose(FHRS, "food-hygiene", dict(zip(SCORES, scores, strict=True)))
    assert (proposal.grade, proposal.decision_required) == (rating, False)


def test_scores_that_are_not_known_give_a_range() -> None:
    """Two scores of 5 and one unknown can still end anywhere; a structural score of 15 rules out 3 and better."""
    assert propose(FHRS, "food-hygiene", {"hygiene": 5, "structural": 5}).range == ("0", "5")
    assert propose(FHRS, "food-hygiene", {"structural": 15}).range == ("0", "2")
    assert propose(FHRS, "food-hygiene", {"hygiene": 25}).grade == "0"


@pytest.mark.parametrize(("score", "value"), [("hygiene", 30), ("hygiene", 7), ("structural", 2.5), ("confidence_in_management", 15)])
def test_a_score_that_the_scheme_does_not_have_is_refused(score: str, value: float) -> None:
    """Only the steps of the scheme are scores."""
    with pytest.raises(BadInput, match=f"`{value}` isn't on the scale of points of `{score}`: one of `0`, `5`"):
        propose(FHRS, "food-hygiene", {score: value})


@pytest.mark.parametrize(
    ("ratings", "overall"),
    [
        ("outstanding outstanding good good good", "outstanding"),
        ("outstanding outstanding outstanding outstanding outstanding", "outstanding"),
        ("outstanding good good good good", "good"),
        ("outstanding outstanding good good requires_improvement", "good"),
        ("good good good good requires_improvement", "good"),
        ("good good good requires_improvement requires_improvement", "requires_improvement"),
        ("good good good good inadequate", "requires_improvement"),
        ("requires_improvement good good good inadequate", "requires_improvement"),
        ("inadequate inadequate good good good", "inadequate"),
        ("inadequate inadequate outstanding outstanding outstanding", "inadequate"),
    ],
)
def test_an_overall_rating_by_the_principles(ratings: str, overall: str) -> None:
    """The overall rating that the principles give to five ratings, in whichever order; reference and inference agree."""
    given = ratings.split()
    for turn in range(5):
        proposal = propose(CQC, "location", dict(zip(QUESTIONS, given[turn:] + given[:turn], strict=True)))
        assert proposal.grade == overall


def test_key_questions_that_are_not_known_give_a_range() -> None:
    """Four of five good is between requires improvement and good; two inadequate settle it."""
    assert propose(CQC, "location", dict.fromkeys(QUESTIONS[:4], "good")).range == ("requires_improvement", "good")
    assert propose(CQC, "location", {"safe": "inadequate", "caring": "inadequate"}).grade == "inadequate"


@pytest.mark.parametrize("standard", [FHRS, CQC], ids=lambda each: each.standard)
def test_every_rule_says_where_it_is_published(standard: Standard) -> None:
    """What isn't reconstructed cites what was published: each rule and each criterion."""
    assert standard.provenance == "published"
    sources = [*(each.source for each in standard.reach), *(each.source for each in standard.limits), standard.otherwise.source]
    assert all(source.part and source.gist for source in sources)
    for book in standard.rulebooks:
        assert book.provenance == "published"
        assert all(criterion.basis for criterion in book.criteria)


def _with_bases(folder: Path, basis: str) -> Path:
    """Copy the food hygiene regime with a basis in it, and a made-up bundle beside it."""
    rules, evidence = folder / "rules/fsa-fhrs", folder / "evidence/kiosk"
    shutil.copytree(shipped("rules") / "fsa-fhrs", rules)
    (evidence / "records").mkdir(parents=True)
    standard, book = rules / "standard.yaml", rules / "food-hygiene.yaml"
    standard.write_text(standard.read_text(encoding="utf-8") + f"bases: {{{basis}}}\n", encoding="utf-8")
    book.write_text(book.read_text(encoding="utf-8").replace("    points:", "    across_units: weakest\n    points:"), encoding="utf-8")
    (evidence / "bundle.yaml").write_text(
        "bundle: kiosk\ntitle: A kiosk (made up)\nbody: {id: kiosk, title: A kiosk, units: {}}\nstandard: fsa-fhrs\nsource: made up\n"
        "recorded_by: {ab: A. Bell}\ngraded: [food-hygiene]\n",
        encoding="utf-8",
    )
    lines = ["framework: food-hygiene", "unless_stated: {date: 2021-05, recorded_by: ab}", "records:"]
    for number, (score, points) in enumerate((("hygiene", 5), ("structural", 10), ("structural", 5), ("confidence_in_management", 10)), 1):
        cited = f'section: strengths, paragraph: {number}, fingerprint: "{number:016}"'
        lines.append(f"  - {{id: r-{number}, {cited}, criterion: {score}, shows: {points}, basis: inspected, summary: Made up.}}")
    (evidence / "records/food-hygiene.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return evidence


def test_a_regime_of_points_grades_records(tmp_path: Path) -> None:
    """A basis of a standard without statuses establishes no status; points count in full, and of two scores the worse (the higher) stands."""
    proposal = grade(load_evidence(_with_bases(tmp_path, "inspected: {label: scored at an inspection, strength: 1}")))["food-hygiene"]
    assert [each.status for each in proposal.statuses] == ["5", "10", "10"]
    assert (proposal.grade, proposal.contested) == ("3", ("structural",))


def test_a_basis_without_statuses_establishes_none(tmp_path: Path) -> None:
    """A status that a standard doesn't have can't be established."""
    _with_bases(tmp_path, "inspected: {label: scored, strength: 1, establishes: met}")
    with pytest.raises(BadInput, match="the standard has no statuses: leave `establishes` out, or write `nothing`"):
        load_standard(tmp_path / "rules/fsa-fhrs")
