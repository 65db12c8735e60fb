"""Two codings of one report: what is set side by side, what differs, and which differences change a grade."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge import BadInput, Bundle, Proposal, Record, grade, load_evidence, propose
from adjudge.consistency.agreement_page import agreement_page
from adjudge.consistency.alignment import align
from adjudge.consistency.codings import Coding, load_codings
from adjudge.consistency.comparison import compare
from adjudge.consistency.results import CHANGES, Comparison
from adjudge.documents import shipped
from adjudge.evidence import Body
from adjudge.page import render_text
from tests.strategies import STANDARD, some_records

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
GRADING = grade(HERTFORDSHIRE)


def made_up_second_coder(folder: Path, changes: Mapping[str, Mapping[str, str]], without: Callable[[Record], bool] = lambda record: False) -> Path:
    """Copy the shipped bundle and alter what some of its records say: a coding made up for a test, and marked so."""
    made = folder / "second"
    shutil.copytree(shipped("evidence") / "hertfordshire-2007", made)
    about = made / "bundle.yaml"
    about.write_text(
        about.read_text(encoding="utf-8")
        .replace("bundle: hertfordshire-2007", "bundle: second")
        .replace("title: Hertfordshire Constabulary, October 2007", "title: Hertfordshire Constabulary, made up for a test"),
        encoding="utf-8",
    )
    left_out = {record.id for record in HERTFORDSHIRE.records if without(record)}
    for path in (made / "records").glob("*.yaml"):
        head, *entries = re.split(r"(?m)^(?=  - id: )", path.read_text(encoding="utf-8"))
        kept = []
        for entry in entries:
            name = entry.split("\n", 1)[0].removeprefix("  - id: ")
            if name in left_out:
                continue
            for key, value in changes.get(name, {}).items():
                entry, count = re.subn(rf"(?m)^    {key}: .*$", f"    {key}: {value}", entry)
                assert count == 1, f"{name} has one line of {key}"
            kept.append(entry)
        path.write_text(head + "".join(kept), encoding="utf-8")
    return made


def _critical() -> tuple[Proposal, Record]:
    """A framework proposed Fair, and a record that decides a critical criterion which is met there."""
    for proposal in GRADING:
        if proposal.grade == "fair":
            for status in proposal.statuses:
                if status.significance == "critical" and status.status == "met" and status.records[0].record.framework == proposal.framework:
                    return proposal, status.records[0].record
    raise AssertionError("the evidence has a critical criterion that is met in a framework proposed Fair")


FAIR, TELLING = _critical()


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """The shipped coding against a made-up one that differs in a telling record and in a few others."""
    others = [record for record in HERTFORDSHIRE.records_for("missing-persons") if record.shows == "met"][:4]
    changes = {TELLING.id: {"shows": "well_short"}, **{record.id: {"shows": "partly_met"} for record in others}}
    made = made_up_second_coder(tmp_path_factory.mktemp("made-up"), changes)
    return compare(load_codings(["hertfordshire-2007", str(made)]), resamples=200)


def test_a_coding_agrees_with_itself() -> None:
    """Nothing differs, every proposal is the same, and every figure that is defined is 1."""
    found = compare([Coding("one", HERTFORDSHIRE), Coding("other", HERTFORDSHIRE)], resamples=0)
    assert (found.findings, found.criteria, found.missing) == ((), (), ())
    assert all(each.same for each in found.frameworks)
    for figure in found.figures:
        for estimate in (figure.agreement.percent, figure.agreement.alpha, figure.agreement.ac):
            assert estimate.value is None or estimate.value == pytest.approx(1)
    assert found.figure("shows").compared == len(HERTFORDSHIRE.records)


def test_what_changes_a_grade_comes_first(comparison: Comparison) -> None:
    """The one telling record leads the list, with the grade that it would change; those that change nothing come last."""
    first = comparison.findings[0]
    assert (first.changes, first.framework, first.citation) == ("grade", TELLING.framework, TELLING.citation)
    assert [(said.record, said.shows) for said in first.said] == [(TELLING.id, TELLING.shows), (TELLING.id, "well_short")]
    effect = next(each for each in first.effects if each.coding == "hertfordshire-2007")
    assert (effect.before.grade, effect.after.grade) == ("fair", "poor")
    for listed in (comparison.findings, comparison.criteria):
        ranks = [CHANGES.index(each.changes) for each in listed]
        assert ranks == sorted(ranks)


def test_only_what_was_altered_differs(comparison: Comparison) -> None:
    """Five records were altered in what they show; five findings differ, and in nothing else."""
    assert [each.differs_in for each in comparison.findings] == [("shows",)] * 5
    assert comparison.figure("criterion").percent.value == 1
    assert comparison.figure("shows").percent.value == pytest.approx(1 - 5 / len(HERTFORDSHIRE.records))


def test_an_effect_is_what_both_evaluators_give(comparison: Comparison, tmp_path: Path) -> None:
    """A bundle with the one record as the other coder has it is graded as the effect says."""
    first = comparison.findings[0]
    effect = next(each for each in first.effects if each.coding == "hertfordshire-2007")
    alone = load_evidence(made_up_second_coder(tmp_path, {TELLING.id: {"shows": "well_short"}}))
    proposal = grade(alone, [effect.framework]).proposals[0]
    assert (proposal.grade, *proposal.range) == (effect.after.grade, effect.after.low, effect.after.high)
    assert {each.criterion: each.after for each in effect.statuses}.items() <= {each.criterion.id: each.status for each in proposal.statuses}.items()


def test_a_criterion_s_effect_is_its_status_swapped(comparison: Comparison) -> None:
    """Every effect of a criterion is what its framework's statuses give with that one status as the other coding has it."""
    for difference in comparison.criteria:
        for effect in difference.effects:
            if effect.coding == "hertfordshire-2007":
                statuses = {each.criterion.id: each.status for each in GRADING[effect.framework].statuses}
                swapped = propose(HERTFORDSHIRE.standard, effect.framework, statuses | {difference.criterion: effect.statuses[0].after})
                assert (swapped.grade, *swapped.range) == (effect.after.grade, effect.after.low, effect.after.high)


def test_proposals_that_differ_are_bridged(comparison: Comparison) -> None:
    """With the bridge's statuses as the other coding has them, the first coding's answer is the other's; with any one of them left out it isn't."""
    framework = next(each for each in comparison.frameworks if not each.same)
    assert framework.framework == FAIR.framework
    bridge = framework.bridges[0]
    others = {each.criterion: each.statuses[1] for each in comparison.criteria if each.framework == framework.framework}
    statuses = {each.criterion.id: each.status for each in FAIR.statuses}

    def answer(*swapped: str) -> str | None:
        return propose(HERTFORDSHIRE.standard, framework.framework, statuses | {name: others[name] for name in swapped}).grade

    assert answer(*bridge.criteria) == framework.answers[1].grade == "poor"
    for left_out in bridge.criteria:
        assert answer(*(name for name in bridge.criteria if name != left_out)) != "poor"


def test_figures_go_down_to_the_criterion(comparison: Comparison) -> None:
    """A record counts in its framework, theme and criterion; the parts add up where coders agree on the criterion."""
    criterion = FAIR.rulebook.by_id[TELLING.criterion]
    place = (TELLING.framework, criterion.theme, criterion.id)
    whole = comparison.figure("shows", place[0])
    theme = comparison.figure("shows", *place[:2])
    one = comparison.figure("shows", *place)
    assert whole.compared >= theme.compared >= one.compared >= 1
    assert one.percent.value is not None
    assert one.percent.value < 1
    themes = [each for each in comparison.figures if each.field == "shows" and each.framework == place[0] and each.theme and not each.criterion]
    assert sum(each.agreement.compared for each in themes) == whole.compared
    with pytest.raises(KeyError):
        comparison.figure("shows", "no-such-framework")


def test_the_page_says_the_seed_and_what_changes_a_proposal(comparison: Comparison) -> None:
    """Text for a terminal of 100 columns: the telling record, its effect in words, the seed of the intervals."""
    text = render_text(agreement_page(comparison, HERTFORDSHIRE.standard))
    joined = " ".join(text.split())
    assert f"{FAIR.rulebook.title}, {TELLING.citation}: differs in shows" in joined
    assert "Fair (Poor–Fair) → Poor, if coded as by second" in joined
    assert "95% intervals from 200 resamples of the findings (for status, of the criteria), seed 2007." in joined
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "--all lists them" in joined
    everything = render_text(agreement_page(comparison, HERTFORDSHIRE.standard, everything=True))
    assert "--all" not in everything
    assert all(each.citation in " ".join(everything.split()) for each in comparison.findings)


def test_the_page_warns_where_one_code_dominates(tmp_path: Path) -> None:
    """Two coders who write `met` nearly always: percent agreement is high, alpha low, and the page says why with AC2 beside it."""
    for name, odd in (("first", 3), ("second", 4)):
        rows = [f"missing-persons,strengths,{number},tasking,{'well_short' if number == odd else 'met'},observed" for number in range(1, 31)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["framework,section,paragraph,criterion,shows,basis", *rows]) + "\n", encoding="utf-8")
    found = compare(load_codings([str(tmp_path / "first.csv"), str(tmp_path / "second.csv")]), by="framework")
    text = " ".join(render_text(agreement_page(found, HERTFORDSHIRE.standard)).split())
    assert "One code dominates: coders nearly always agree, yet alpha is low" in text
    assert "shows, Missing Persons: 97% of the codes are met; agree 93%, alpha -0.02, AC2 0.93" in text
    assert "No variation: every code was the same" in text


def test_figures_and_differences_as_frames(comparison: Comparison) -> None:
    """For notebooks: a row for each figure, and one for each difference with what each coding said."""
    pytest.importorskip("pandas")
    frame = comparison.to_frame()
    assert len(frame) == len(comparison.figures)
    assert set(frame["seed"]) == {2007}
    assert frame.loc[0, "field"] == "criterion"
    differences = comparison.differences_frame()
    assert len(differences) == len(comparison.findings)
    assert differences.loc[0, "shows (second)"] == "well_short"


def test_a_partial_coding_is_compared_on_what_it_coded(tmp_path: Path) -> None:
    """A coding of one section: the rest is listed as missing, taken from the other for its proposals, and no difference."""
    made = made_up_second_coder(tmp_path, {}, without=lambda record: record.section != "strengths")
    found = compare(load_codings(["hertfordshire-2007", str(made)]), by="framework", resamples=0)
    strengths = [record for record in HERTFORDSHIRE.records if record.section == "strengths"]
    assert found.figure("shows").compared == len(strengths)
    assert (found.findings, found.criteria) == ((), ())
    assert all(each.same for each in found.frameworks)
    coverage = {each.coding: each for each in found.coverage}
    assert coverage["second"].findings == coverage["hertfordshire-2007"].shared == coverage["second"].shared
    assert coverage["second"].borrowed == len(found.missing) == coverage["hertfordshire-2007"].findings - coverage["second"].findings
    assert {each.coded_by for each in found.missing} == {("hertfordshire-2007",)}
    whole = compare([Coding("one", HERTFORDSHIRE), Coding("other", HERTFORDSHIRE)], by="framework", resamples=0)
    assert 0 < found.figure("status").compared < whole.figure("status").compared


def _second_record() -> Record:
    """A second record of a paragraph, to which no other points."""
    targets = {target for record in HERTFORDSHIRE.records for target in (record.duplicate_of, record.same_fact_as)}
    return next(record for record in HERTFORDSHIRE.records if record.id.endswith("b") and not record.duplicate_of and record.id not in targets)


def test_a_record_that_only_one_coder_made_is_a_difference(tmp_path: Path) -> None:
    """Both coded the paragraph, one in two records: the second one is a difference, not a gap in coverage."""
    second = _second_record()
    made = made_up_second_coder(tmp_path, {}, without=lambda record: record.id == second.id)
    found = compare(load_codings(["hertfordshire-2007", str(made)]), by="framework", resamples=0)
    assert found.missing == ()
    assert [(each.citation, each.differs_in) for each in found.findings] == [(second.citation, ("recorded",))]
    assert [said.record for said in found.findings[0].said] == [second.id, None]


def test_three_codings_of_which_one_has_a_record_more(tmp_path: Path) -> None:
    """Two of three coders made one record where the third made two: one difference, and the two say alike that they have none."""
    second = _second_record()
    fewer = HERTFORDSHIRE.model_copy(update={"records": tuple(record for record in HERTFORDSHIRE.records if record.id != second.id)})
    found = compare([Coding("one", HERTFORDSHIRE), Coding("two", fewer), Coding("three", fewer)], by="framework", resamples=0)
    assert [[said.record for said in each.said] for each in found.findings] == [[second.id, None, None]]


def test_another_text_is_said(tmp_path: Path) -> None:
    """Codings whose fingerprints differ for a finding weren't made from one text."""
    made = made_up_second_coder(tmp_path, {TELLING.id: {"fingerprint": "'0123456789abcdef'"}})
    found = compare(load_codings(["hertfordshire-2007", str(made)]), by="framework", resamples=0)
    assert found.other_text == (f"{TELLING.framework}, {TELLING.citation}",)
    assert "Beware" in render_text(agreement_page(found, HERTFORDSHIRE.standard))


def write_findings(path: Path, bundle: Bundle) -> None:
    """Write a bundle's records as a CSV coding."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["framework", "section", "paragraph", "criterion", "shows", "basis", "id", "also", "unit", "date", "duplicate_of", "summary"])
        for each in bundle.records:
            also = "; ".join(f"{criterion}={status}" for criterion, status in each.also.items())
            place = (each.framework, each.section, each.paragraph)
            writer.writerow(
                [*place, each.criterion, each.shows, each.basis, each.id, also, each.unit, each.date, each.duplicate_of or "", each.summary]
            )


def test_a_bundle_and_its_csv_agree(tmp_path: Path) -> None:
    """A CSV file holds all that a comparison needs: written out and read in, a coding is the same; also as statuses of criteria."""
    write_findings(tmp_path / "findings.csv", HERTFORDSHIRE)
    with (tmp_path / "criteria.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["framework", "criterion", "status"])
        writer.writerows([proposal.framework, each.criterion.id, each.status] for proposal in GRADING for each in proposal.statuses)
    names = [str(tmp_path / "findings.csv"), "hertfordshire-2007", str(tmp_path / "criteria.csv")]
    found = compare(load_codings(names), by="framework", resamples=0)
    assert found.codings == ("findings", "hertfordshire-2007", "criteria")
    assert (found.findings, found.criteria, found.missing) == ((), (), ())
    assert [len(set(each.answers)) for each in found.frameworks] == [1] * len(GRADING)
    alone = compare(load_codings([names[0], names[0]], about="hertfordshire-2007"), by="framework", resamples=0)
    assert alone.codings == (f"{names[0]} (1)", f"{names[0]} (2)")
    assert alone.figure("shows").compared == len(HERTFORDSHIRE.records)


def test_codings_of_criteria_alone(tmp_path: Path) -> None:
    """Two coders who gave statuses directly: status figures, criteria that differ, and what they change."""
    book = FAIR.rulebook
    for name, status in (("first", "met"), ("second", "well_short")):
        rows = [f"{book.rulebook},{each.id},{status if each.id == TELLING.criterion else 'met'}" for each in book.criteria]
        (tmp_path / f"{name}.csv").write_text("\n".join(["framework,criterion,status", *rows]) + "\n", encoding="utf-8")
    found = compare(load_codings([str(tmp_path / "first.csv"), str(tmp_path / "second.csv")]), resamples=0)
    assert [(each.criterion, each.changes) for each in found.criteria] == [(TELLING.criterion, "grade")]
    assert found.findings == ()
    assert {each.field for each in found.figures} == {"status"}


def test_a_coding_of_some_criteria_is_completed(tmp_path: Path) -> None:
    """A coding of criteria that leaves most of them out is compared on those it gives; its proposal takes the others' statuses for the rest."""
    path = tmp_path / "some.csv"
    path.write_text(f"framework,criterion,status\n{FAIR.framework},{TELLING.criterion},well_short\n", encoding="utf-8")
    found = compare(load_codings(["hertfordshire-2007", str(path)]), by="framework", resamples=0)
    (framework,) = found.frameworks
    assert [answer.grade for answer in framework.answers] == ["fair", "poor"]
    assert framework.bridges[0].criteria == (TELLING.criterion,)
    assert found.figure("status").compared == 1
    assert [(each.criterion, each.changes) for each in found.criteria] == [(TELLING.criterion, "grade")]
    assert (found.coverage[1].criteria, found.coverage[1].borrowed) == (1, len(FAIR.rulebook.criteria) - 1)


SCORES = """\
standard: scores
edition: "1"
title: Made-up scores
provenance: published
text: Made up.
source: made up
statuses: {no: no, ok: ok}
bases: {seen: {label: seen, establishes: ok}}
points: {better: lower, statuses: {no: 0, ok: 0}}
numbers:
  total: {text: the sum, sum: {id: [a, b]}}
grades: {good: Good, bad: Bad}
reach:
  - grade: good
    text: total at most 10
    source: {part: x, sentence: 1, gist: x}
    when: {number: total, is: at most 10}
otherwise: {grade: bad, text: the rest, source: {part: x, sentence: 1, gist: x}}
"""
SHOP = """\
rulebook: shop
standard: scores
edition: "1"
title: Shop
provenance: published
text: Made up.
criteria:
  - {id: a, title: a, text: a, across_units: weakest, points: {from: 0, to: 10, one_of: [0, 5, 10]}}
  - {id: b, title: b, text: b, across_units: weakest, points: {from: 0, to: 10, one_of: [0, 5, 10]}}
"""


@pytest.mark.parametrize("header", ["framework,criterion,status", "framework,section,paragraph,criterion,shows,basis,date"])
def test_points_are_compared_too(tmp_path: Path, header: str) -> None:
    """A made-up standard of scores: codings that differ in points differ, and it is said what that changes; ordinal figures leave points out."""
    rules = tmp_path / "rules" / "scores"
    rules.mkdir(parents=True)
    (rules / "standard.yaml").write_text(SCORES, encoding="utf-8")
    (rules / "shop.yaml").write_text(SHOP, encoding="utf-8")
    names = []
    for name, points in (("first", "5"), ("second", "10")):
        rows = [f"shop,a,{points}", "shop,b,5"]
        if "section" in header:
            rows = [f"shop,strengths,1,a,{points},seen,2007", "shop,strengths,2,b,5,seen,2007"]
        names.append(str(tmp_path / f"{name}.csv"))
        Path(names[-1]).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    found = compare(load_codings(names, standard=str(rules)), resamples=20)
    assert [answer.grade for answer in found.frameworks[0].answers] == ["good", "bad"]
    assert [(each.criterion, each.statuses, each.changes) for each in found.criteria] == [("a", ("5", "10"), "grade")]
    assert found.figure("status").compared == 0
    assert render_text(agreement_page(found, load_codings(names, standard=str(rules))[0].bundle.standard))


def test_judgements_are_left_aside() -> None:
    """A judgement isn't a coding: codings are compared by what the evidence alone gives, and it is said how many judgements were left aside."""
    from tests.unit.test_consistency_register import JUDGEMENTS

    judged = HERTFORDSHIRE.model_copy(update={"judgements": JUDGEMENTS})
    found = compare([Coding("plain", HERTFORDSHIRE), Coding("judged", judged)], by="framework", resamples=0)
    assert found.judgements_left_aside == len(JUDGEMENTS)
    assert all(each.same for each in found.frameworks)
    assert found.criteria == ()


def test_what_cant_be_compared_is_refused() -> None:
    """One coding alone, and codings that share no framework, are bad input."""
    with pytest.raises(BadInput, match="give at least two codings to compare"):
        load_codings(["hertfordshire-2007"])
    with pytest.raises(BadInput, match="give at least two codings to compare"):
        compare([Coding("one", HERTFORDSHIRE)])
    parts = [
        HERTFORDSHIRE.model_copy(update={"records": tuple(record for record in HERTFORDSHIRE.records if record.framework == name)})
        for name in ("child-abuse", "missing-persons")
    ]
    with pytest.raises(BadInput, match="other: shares no framework with one, so there is nothing to compare"):
        compare([Coding("one", parts[0]), Coding("other", parts[1])])


def _coding(name: str, records: tuple[Record, ...]) -> Coding:
    """A coding of a body made up of records that Hypothesis drew."""
    body = Body(id="nowhere", title="Nowhere, made up")
    bundle = Bundle.model_construct(
        bundle=name, title=name, body=body, source="made up", standard=STANDARD, recorded_by={}, graded=(), records=records
    )
    return Coding(name, bundle)


BOOK = STANDARD.rulebooks[0]


@given(some_records(BOOK), some_records(BOOK), st.lists(st.integers(1, 3), min_size=28, max_size=28))
def test_every_record_is_set_aside_once_and_alike_from_both_sides(
    mine: tuple[Record, ...], theirs: tuple[Record, ...], paragraphs: list[int]
) -> None:
    """Whatever the records, each stands in exactly one place; and who is named first makes no difference to who stands beside whom."""
    numbers = iter(paragraphs)
    mine = tuple(record.model_copy(update={"paragraph": next(numbers)}) for record in mine)
    theirs = tuple(record.model_copy(update={"paragraph": next(numbers)}) for record in theirs)
    one_way = align([_coding("mine", mine), _coding("theirs", theirs)])
    other_way = align([_coding("theirs", theirs), _coding("mine", mine)])
    for index, records in enumerate((mine, theirs)):
        assert Counter(each.records[index].id for each in one_way if each.records[index]) == Counter(record.id for record in records)  # type: ignore[union-attr]

    def pairs(aligned: tuple[tuple[Record | None, Record | None], ...]) -> set[tuple[str | None, str | None]]:
        return {(first.id if first else None, second.id if second else None) for first, second in aligned}

    assert pairs(tuple((a, b) for a, b in (each.records for each in one_way))) == pairs(
        tuple((a, b) for b, a in (each.records for each in other_way))
    )
