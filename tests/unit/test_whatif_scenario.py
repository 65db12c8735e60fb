"""Scenarios on real and on tiny input: what they change, how they are told, read and kept, and how slips are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from adjudge import BadInput, Bundle, Judgement, grade, load_evidence, load_standard
from adjudge.documents import read, shipped
from adjudge.evidence import Body, Recommendation
from adjudge.explanation import explain
from adjudge.language import Period
from adjudge.page import render_html, render_markdown, render_text
from adjudge.schemas import schema
from adjudge.whatif.base import Base
from adjudge.whatif.changes import AddRecord, Change, ChangeRecord, ChooseReading, Deliver, Judge, SetStatus, WithdrawRecord
from adjudge.whatif.comparison import compare
from adjudge.whatif.files import keep, load_scenarios
from adjudge.whatif.output import whatif_out
from adjudge.whatif.scenario import Scenario, apply
from adjudge.whatif.telling import tell
from tests.console import run
from tests.pages import DOCS, write_files

HERTFORDSHIRE = load_evidence("hertfordshire-2007")
PP = "public-protection"
DELIVERED = Scenario("delivered", "Recommendations 7, 8 and 9.", tuple(Deliver(recommendation=number) for number in (7, 8, 9)))
GOOD = Path(__file__).parents[1] / "bad" / "good"


@pytest.fixture
def mini(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """Stand in a folder with a copy of the tiny good regime, and return its bundle."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return load_evidence("evidence/mini-body")


def _statuses(base: Base | Bundle, framework: str) -> dict[str, str]:
    grading = base.grade([framework]) if isinstance(base, Base) else grade(base, [framework])
    return {each.criterion.id: each.status for each in grading[framework].statuses}


def _refused(base: Base | Bundle, *changes: Change) -> list[str]:
    with pytest.raises(BadInput) as raised:
        apply(base, Scenario("s", changes=changes))
    return [str(fault) for fault in raised.value.faults]


def test_a_delivered_recommendation_makes_met_what_it_addresses_and_nothing_else() -> None:
    """In every framework exactly the criteria that recommendations 7, 8 and 9 address become met."""
    addressed = {
        (framework, criterion)
        for each in HERTFORDSHIRE.recommendations
        if each.number in (7, 8, 9)
        for framework, criteria in each.addresses.items()
        for criterion in criteria
    }
    assert len(addressed) >= 3
    after = apply(HERTFORDSHIRE, DELIVERED)
    for framework in HERTFORDSHIRE.frameworks:
        before = _statuses(HERTFORDSHIRE, framework)
        expected = {name: "met" if (framework, name) in addressed else status for name, status in before.items()}
        assert _statuses(after, framework) == expected


def test_what_a_scenario_sets_is_no_persons_judgement() -> None:
    """An explanation of a scenario's grading says that a status stands in the scenario only, and no author and no date."""
    proposal = apply(HERTFORDSHIRE, DELIVERED).grade([PP])[PP]
    told = render_text(explain(proposal, "x"), width=1000)
    assert "judged met in scenario delivered only" in told
    assert "judged met by" not in told
    assert not HERTFORDSHIRE.judgements


def test_a_grade_decided_in_a_scenario_is_told_as_the_scenarios() -> None:
    """A final grade supposed decided is shown beside the proposal, as the scenario's."""
    proposal = apply(HERTFORDSHIRE, Scenario("s", changes=(Judge(framework=PP, grade="good"),))).grade([PP])[PP]
    assert "Decided: Good, in scenario s only" in explain(proposal, "x").lead
    assert not proposal.decision_required


def test_a_scenario_stands_before_a_recorded_judgement(mini: Bundle) -> None:
    """A status that a scenario sets takes the place of a recorded judgement on it; the other judgements stay."""
    after = apply(mini, Scenario("s", changes=(SetStatus(framework="watch", criterion="written-log", status="well_short"),)))
    assert _statuses(mini, "watch")["written-log"] == "met"
    assert _statuses(after, "watch")["written-log"] == "well_short"
    assert [each.target for each in after.bundle.judgements] == [("patrol", None, "grade"), ("watch", "written-log", "status")]


def test_delivering_leaves_alone_what_is_not_applicable(mini: Bundle) -> None:
    """A recommendation doesn't make a criterion applicable that is judged not to be."""
    judged = Judgement.model_validate(
        {"framework": "watch", "criterion": "yearly-plan", "not_applicable": True, "reason": "r", "author": "a", "date": "2007-09-27"}
    )
    bundle = mini.model_copy(update={"judgements": (judged,)})
    after = apply(bundle, Scenario("s", changes=(Deliver(recommendation=1),)))
    assert _statuses(after, "watch")["yearly-plan"] == "not_applicable"
    assert _statuses(after, "patrol")["patrol-plan"] == "met"


def test_a_supposed_record_is_cited_as_one() -> None:
    """A record that a scenario adds or changes decides as evidence would, and its citation names the scenario."""
    added = AddRecord(
        id="new-1", framework=PP, criterion="supervision", shows="met", basis="audited", date=Period.parse("2007-06"), summary="Supposed."
    )
    record = next(each for each in HERTFORDSHIRE.records if each.framework == PP)
    changed = ChangeRecord(record=record.id, shows="well_short")
    after = apply(HERTFORDSHIRE, Scenario("s", changes=(added, changed)))
    found = {each.id: each for each in after.bundle.records}
    assert found["new-1"].citation == "scenario s"
    assert found[record.id].citation == f"{record.citation}, as scenario s has it"
    assert (found[record.id].shows, found[record.id].summary) == ("well_short", record.summary)
    assert len(found) == len(HERTFORDSHIRE.records) + 1


def test_a_supposed_record_outside_the_period_does_not_count() -> None:
    """A supposed record obeys the rules of evidence: outside the assessment period it is set aside."""
    added = AddRecord(id="new-1", framework=PP, criterion="supervision", shows="met", basis="audited", date=Period.parse("2008"), summary="Late.")
    assert _statuses(apply(HERTFORDSHIRE, Scenario("s", changes=(added,))), PP) == _statuses(HERTFORDSHIRE, PP)


def test_withdrawing_a_record_withdraws_the_fact(mini: Bundle) -> None:
    """A duplicate doesn't step into the place of a record that is withdrawn."""
    after = apply(mini, Scenario("s", changes=(WithdrawRecord(record="w-1"),)))
    assert _statuses(mini, "watch")["staffed-watch"] == "met"
    assert _statuses(after, "watch")["staffed-watch"] == "not_assessed"


def test_an_inherited_record_withdrawn_is_gone_everywhere() -> None:
    """Withdrawing a record of the overview touches every framework that inherits it."""
    record = next(each for each in HERTFORDSHIRE.records if each.framework in HERTFORDSHIRE.inherited_by)
    change = WithdrawRecord(record=record.id)
    assert {framework for framework, _ in change.touches(Base(HERTFORDSHIRE))} == set(HERTFORDSHIRE.inherited_by[record.framework])


def test_a_status_can_be_forgotten() -> None:
    """A criterion set to not assessed leaves the grade to the worst and the best that it may be."""
    after = apply(HERTFORDSHIRE, Scenario("s", changes=(SetStatus(framework=PP, criterion="supervision", status="not_assessed"),)))
    assert "supervision" in after.grade([PP])[PP].not_assessed


def test_a_reading_of_a_scenario_is_that_of_its_grading() -> None:
    """A scenario that chooses a reading is graded as `grade` grades under it."""
    after = apply(HERTFORDSHIRE, Scenario("s", changes=(ChooseReading(reading="strict"),))).grade()
    assert [each.evaluation.answer for each in after] == [each.evaluation.answer for each in grade(HERTFORDSHIRE, reading="strict")]


POINTS = """standard: scored
edition: "1"
title: Scored
provenance: published
text: Points decide.
source: The handbook
points: {better: higher}
grades: {pass: Pass, fail: Fail}
reach:
  - {grade: pass, text: enough points, source: {part: A, gist: enough}, when: {sum: {}, is: at least 7}}
otherwise: {grade: fail, text: too few points, source: {part: A, gist: too few}}
"""
SCORED = """rulebook: shop
standard: scored
edition: "1"
title: Shop
provenance: published
text: A shop.
criteria:
  - {id: clean, title: clean, text: It is clean., points: {from: 0, to: 5}, basis: [{note: the handbook}]}
  - {id: safe, title: safe, text: It is safe., points: {from: 0, to: 5}, basis: [{note: the handbook}]}
"""


def test_points_are_set_as_statuses_are(tmp_path: Path) -> None:
    """Where criteria have points a scenario sets points, and says how the sum moved; a recommendation on one of them can't be delivered."""
    (tmp_path / "standard.yaml").write_text(POINTS, encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(SCORED, encoding="utf-8")
    bundle = Bundle.model_construct(
        bundle="b",
        title="b",
        body=Body(id="b", title="b"),
        source="s",
        standard=load_standard(tmp_path),
        recorded_by={},
        graded=(),
        records=(),
        recommendations=(Recommendation(number=1, framework="shop", summary="r", addresses={"shop": ("clean",)}),),
    )
    clean = SetStatus(framework="shop", criterion="clean", status=2.5)
    first = Scenario("first", changes=(clean, SetStatus(framework="shop", criterion="safe", status=4)))
    second = Scenario("second", changes=(SetStatus(framework="shop", criterion="clean", status=3),), over=first)
    comparison = compare(apply(bundle, first), [Scenario("second", changes=second.changes)])
    assert [column.grading["shop"].grade for column in comparison.columns] == ["fail", "pass"]
    assert "the sum of the criteria must be at least 7: it is 7 (before: 6.5)" in render_text(tell(comparison))
    assert apply(bundle, second).grade()["shop"].grade == "pass"
    scale = "on the scale of points of `clean`: from 0 to 5"
    assert _refused(bundle, SetStatus(framework="shop", criterion="clean", status="met")) == [f"scenario s: `met` isn't {scale}"]
    assert _refused(bundle, SetStatus(framework="shop", criterion="clean", status=6)) == [f"scenario s: `6` isn't {scale}"]
    assert _refused(bundle, Deliver(recommendation=1)) == [
        "scenario s: recommendation 1 addresses `clean`, which can't be `met`; set its value instead"
    ]


WHOLE = """standard: joined
edition: "1"
title: Joined
provenance: published
text: Parts make a whole.
source: The handbook
statuses: {bad: bad, good: good}
bases: {seen: {label: seen, strength: 1, establishes: good}}
grades: {good: Good, bad: Bad}
reach:
  - grade: good
    text: enough is good and nothing speaks against it
    source: {part: A, gist: enough}
    when:
      all:
        - count: [{any: {}, at_least: good}, {every: {}, at_least: good}]
          is: at least 1
        - not: {every: {}, at_most: bad}
otherwise: {grade: bad, text: it is not, source: {part: A, gist: else}}
"""


def _book(name: str, criteria: str) -> str:
    head = f'rulebook: {name}\nstandard: joined\nedition: "1"\ntitle: {name.title()}\nprovenance: published\ntext: A book.\ncriteria:\n'
    return f"{head}  - {{id: {name}-one, title: {name} one, text: One., across_units: weakest, {criteria}, basis: [{{note: the handbook}}]}}\n"


def test_a_framework_moves_with_the_grade_of_another(tmp_path: Path) -> None:
    """Where a criterion is another framework's grade a scenario on that framework moves both, and the page says so; it can't be forgotten itself."""
    (tmp_path / "standard.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "part.yaml").write_text(_book("part", "weight: 1"), encoding="utf-8")
    (tmp_path / "whole.yaml").write_text(_book("whole", "grade_of: {framework: part}"), encoding="utf-8")
    bundle = Bundle.model_construct(
        bundle="b", title="b", body=Body(id="b", title="b"), source="s", standard=load_standard(tmp_path), recorded_by={}, graded=(), records=()
    )
    set_to = {status: SetStatus(framework="part", criterion="part-one", status=status) for status in ("bad", "good")}
    base = apply(bundle, Scenario("bad", changes=(set_to["bad"],)))
    comparison = compare(base, [Scenario("better", changes=(set_to["good"],))])
    assert [[each.grade for each in column.grading] for column in comparison.columns] == [["bad", "bad"], ["good", "good"]]
    (section,) = tell(comparison).sections
    assert [item.text for item in section.items] == ["Part: Bad becomes Good", "Whole: Bad becomes Good"]
    assert section.items[1].items[0].text == "with another framework's grade"
    assert section.items[1].items[0].items[0].text == "whole one: bad → good"
    told = render_text(tell(comparison))
    assert "at least 1 of these 2 must hold: 2 certainly do" in told
    assert "this must not hold" in told
    assert _refused(bundle, SetStatus(framework="whole", criterion="whole-one", status="not_assessed")) == [
        "scenario s: `whole-one` is the grade of part; change that framework instead"
    ]


def test_two_changes_of_one_target_are_refused_with_both_named() -> None:
    """A conflict names the target and both changes, for every kind of target."""
    supervised = SetStatus(framework=PP, criterion="supervision", status="partly_met")
    record = HERTFORDSHIRE.records[0].id
    told = _refused(
        HERTFORDSHIRE,
        supervised,
        Deliver(recommendation=9),
        WithdrawRecord(record=record),
        ChangeRecord(record=record, unit="whole"),
        ChooseReading(reading="strict"),
        ChooseReading(reading="lenient"),
        Judge(framework=PP, grade="good"),
        Judge(framework=PP, grade="fair"),
    )
    assert told == [
        f"scenario s: record `{record}` is changed twice: record {record} withdrawn, and record {record} changed (unit); leave one out",
        "scenario s: the grade of public-protection is changed twice: grade decided: fair, and grade decided: good; leave one out",
        "scenario s: the reading is changed twice: reading: lenient, and reading: strict; leave one out",
        "scenario s: the status of `supervision` in public-protection is changed twice: recommendation 9 delivered, "
        "and supervision set to partly met; leave one out",
    ]


FILE = """scenarios:
  - name: base
    deliver: [1, 3]
    set: {wach: {a: met}, watch: {writen-log: met, staffed-watch: mett, yearly-plan: met}}
  - name: again
    over: basis
    withdraw: [w-9]
  - name: again
    change:
      - {record: w-2, shows: met, unit: nort}
      - {record: w-2, basis: auditd}
    add:
      - {id: w-1, framework: patrol, criterion: patrol-plan, shows: met, basis: audited, date: 2007-05, summary: A}
      - {id: w-8, framework: patrols, criterion: patrol-plan, shows: met, basis: audited, date: 2007-05, summary: A}
    judgements:
      - {framework: watch, grade: god}
    reading: lenent
  - name: empty
"""
FAULTS = """s.yaml:2:11: `base` is what scenarios stand over; choose another name
s.yaml:3:18: the bundle has no recommendation 3; it has `1`, `2`
s.yaml:4:11: `wach` isn't a framework; did you mean `watch`?
s.yaml:4:35: `writen-log` isn't a criterion of watch; did you mean `written-log`?
s.yaml:4:67: `mett` isn't a status (`well_short`, `partly_met`, `met`); did you mean `met`?
s.yaml:4:86: the status of `yearly-plan` in watch is changed twice: recommendation 1 delivered, and yearly-plan set to met; leave one out
s.yaml:6:11: `basis` isn't a scenario above this one; did you mean `base`?
s.yaml:8:11: scenario `again` is given twice (first in line 5)
s.yaml:10:41: `nort` isn't a unit; did you mean `north`?
s.yaml:11:30: `auditd` isn't a basis; did you mean `audited`?
s.yaml:13:14: there is a record `w-1` already; choose another id, or change that record
s.yaml:14:30: `patrols` isn't a framework; did you mean `patrol`?
s.yaml:16:35: `god` isn't a grade; did you mean `good`?
s.yaml:17:14: `lenent` isn't a reading of mini (`default`, `lenient`); did you mean `lenient`?
s.yaml:18:5: scenario `empty` changes nothing; give `deliver`, `set`, `withdraw` or another change"""


def test_a_file_tells_every_fault_at_its_place(mini: Bundle) -> None:
    """All faults of a file of scenarios come at once, each at its line and column, with the nearest right name."""
    Path("s.yaml").write_text(FILE, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        load_scenarios(Path("s.yaml"), mini)
    assert str(raised.value).splitlines() == FAULTS.splitlines()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenarios: []\n", "s.yaml:1:12: `scenarios` is empty"),
        ("scenarios:\n  - {name: A, reading: lenient}\n", "s.yaml:2:12: `A` isn't an id: use lower-case letters and digits, joined by hyphens"),
        ("scenarios:\n  - {name: a, raeding: lenient}\n", "s.yaml:2:15: unknown key `raeding`; did you mean `reading`?"),
        (
            "scenarios:\n  - name: a\n    judgements:\n      - {framework: watch, criterion: written-log, grade: good}\n",
            "s.yaml:4:9: a judgement on a grade names no `criterion`; every other judgement names one",
        ),
        (
            "scenarios:\n  - name: a\n    judgements:\n      - {framework: watch, criterion: written-log}\n",
            "s.yaml:4:9: a judgement decides one thing: one of `not_applicable`, `dominant` and `grade`; a status is given under `set`",
        ),
        (
            "scenarios:\n  - name: a\n    change:\n      - {record: w-1}\n",
            "s.yaml:4:9: nothing is changed: give `shows`, `criterion`, `also`, `basis`, `date` or `unit`",
        ),
        (
            "scenarios:\n  - name: a\n    set: {watch: {written-log: not_applicable}}\n",
            "s.yaml:3:32: `not_applicable` isn't a status; judge `written-log` not applicable instead",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(mini: Bundle, text: str, message: str) -> None:
    """What isn't a file of scenarios is told in one line at its place."""
    Path("s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        load_scenarios(Path("s.yaml"), mini)
    assert str(raised.value) == message


def test_a_scenario_is_kept_at_the_end_and_nothing_above_it_changes(mini: Bundle) -> None:
    """Keeping adds to the end, in the file's own indentation and line ends; comments and quotes above stay to the byte."""
    there = b"# mine\r\nscenarios:\r\n- name: 'one'   # first\r\n  reading: lenient"
    Path("s.yaml").write_bytes(there)
    Path("s.yaml").chmod(0o640)
    keep(Path("s.yaml"), Scenario("two", "Well: “kept”", (Deliver(recommendation=1),)), mini)
    data = Path("s.yaml").read_bytes()
    assert data.startswith(there + b"\r\n- name: two\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert Path("s.yaml").stat().st_mode & 0o777 == 0o640
    assert [each.name for each in load_scenarios(Path("s.yaml"), mini)] == ["one", "two"]


@pytest.mark.parametrize(
    ("there", "scenario", "message"),
    [
        (
            "scenarios: [{name: one, reading: lenient}]\n",
            Scenario("two", changes=(Deliver(recommendation=1),)),
            "s.yaml:1:13: can't be added to: begin each scenario on a line of its own, with `- name:`",
        ),
        (
            "scenarios:\n- {name: one, reading: lenient}\n",
            Scenario("one", changes=(Deliver(recommendation=1),)),
            "s.yaml:3:9: scenario `one` is given twice (first in line 2)",
        ),
        (
            "scenarios:\n- {name: one, reading: lenient}\n",
            Scenario("two", changes=(Deliver(recommendation=9),)),
            "scenario two: the bundle has no recommendation 9; it has `1`, `2`",
        ),
        (
            "scenarios:\n- {name: one, reading: lenient}\n",
            Scenario("two"),
            "s.yaml: scenario `two` changes nothing; there is nothing to keep",
        ),
        (
            "scenarios:\n- {name: one, reading: lenient}\n",
            Scenario("three", "", (Deliver(recommendation=1),), Scenario("two", changes=(Deliver(recommendation=2),))),
            "s.yaml: scenario `three` stands over `two`, which isn't in this file; keep that one first",
        ),
        (
            "scenarios:\n- {name: one, reading: lenent}\n",
            Scenario("two", changes=(Deliver(recommendation=1),)),
            "s.yaml:2:24: `lenent` isn't a reading of mini (`default`, `lenient`); did you mean `lenient`?",
        ),
    ],
)
def test_what_cannot_be_kept_leaves_the_file_alone(mini: Bundle, there: str, scenario: Scenario, message: str) -> None:
    """A scenario that can't be kept is refused in one line, and nothing is written."""
    Path("s.yaml").write_text(there, encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    with pytest.raises(BadInput) as raised:
        keep(Path("s.yaml"), scenario, mini)
    assert str(raised.value) == message
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_a_folder_that_is_not_there_is_told(mini: Bundle) -> None:
    """A file that can't be written is told with the reason."""
    with pytest.raises(BadInput) as raised:
        keep(Path("nowhere/s.yaml"), Scenario("one", changes=(Deliver(recommendation=1),)), mini)
    assert str(raised.value) == "nowhere/s.yaml: can't be written (no such file or directory)"


def test_the_page_says_what_changed_and_why_the_grade_did_not_move() -> None:
    """Columns side by side; every change with the criteria it moved; what the next grade asks, how far it is met, and was before."""
    comparison = compare(HERTFORDSHIRE, [DELIVERED], [PP])
    page = tell(comparison)
    (table,) = page.tables
    assert table.header == ("Public Protection", "base", "delivered")
    assert [row[0] for row in table.rows[:3]] == ["grade", "range", "decision"]
    book = HERTFORDSHIRE.standard.rulebook(PP)
    assert [row[0] for row in table.rows[3:]] == [book.by_id[each].title for each in comparison.differing(PP)]
    assert all(row[2] == "met" for row in table.rows[3:])
    told = render_text(page)
    assert max(len(line) for line in told.splitlines()) <= 100
    for words in (
        "recommendation 9 delivered",
        "line managers check risk decisions: well short → met",
        "still not Good, which asks that",
        "(before: ",
    ):
        assert words in told
    for rendered in (render_markdown(page), render_html(page)):
        assert "recommendation 9 delivered" in rendered


def test_the_page_says_why_the_grade_moved() -> None:
    """With every criterion of Fair and Good met the grade moves to Good, and says why; with a critical one failed it is Poor, and says why."""
    book = HERTFORDSHIRE.standard.rulebook(PP)
    best = Scenario(
        "best", changes=tuple(SetStatus(framework=PP, criterion=each.id, status="met") for each in book.criteria if each.tier in ("fair", "good"))
    )
    critical = next(each.id for each in book.criteria if each.significance == "critical")
    worst = Scenario("worst", changes=(SetStatus(framework=PP, criterion=critical, status="well_short"),))
    told = {section.title: [item.text for item in section.items] for section in tell(compare(HERTFORDSHIRE, [best, worst], [PP])).sections}
    (good,) = (items for title, items in told.items() if title.startswith("best: ") and title.endswith(" becomes Good"))
    assert "Good, because every Fair criterion is met, and most of the Good ones" in good
    (poor,) = (items for title, items in told.items() if title.startswith("worst: ") and title.endswith(" becomes Poor"))
    assert "Poor, because a critical criterion has failed" in poor


def test_scenarios_that_touch_nothing_here_are_named_not_shown() -> None:
    """A scenario about another framework has no column here; the page names it."""
    elsewhere = Scenario("elsewhere", changes=(SetStatus(framework="child-abuse", criterion="tasking", status="met"),))
    page = tell(compare(HERTFORDSHIRE, [DELIVERED, elsewhere], [PP]))
    assert page.tables[0].header == ("Public Protection", "base", "delivered")
    assert page.closing[0] == "Not shown, for nothing here is touched: elsewhere."


def test_two_columns_of_one_name_are_refused() -> None:
    """Scenarios that are compared have names of their own, and none is called as the base is."""
    with pytest.raises(BadInput) as raised:
        compare(HERTFORDSHIRE, [DELIVERED, DELIVERED, Scenario("base", changes=DELIVERED.changes)], [PP])
    assert str(raised.value).splitlines() == [
        "scenario base: two columns would have this name; choose another",
        "scenario delivered: two columns would have this name; choose another",
    ]


def test_all_frameworks_stand_in_one_table() -> None:
    """Without a framework there is a row for each, and the criteria that differ say whose they are."""
    page = tell(compare(HERTFORDSHIRE, [DELIVERED]))
    assert [row[0] for row in page.tables[0].rows] == [HERTFORDSHIRE.standard.rulebook(each).title for each in HERTFORDSHIRE.frameworks]
    assert {row[0] for row in page.tables[1].rows} == {"Public Protection"}


def test_a_scenario_over_another_tells_whose_change_moved_what() -> None:
    """What the scenario beneath moved is told as its doing, and the title names it."""
    over = Scenario("more", changes=(SetStatus(framework=PP, criterion="accountability", status="met"),), over=DELIVERED)
    (section,) = tell(compare(HERTFORDSHIRE, [over], [PP])).sections
    assert section.title.startswith("more, over delivered: ")
    assert [item.text for item in section.items[:2]] == ["by delivered", "accountability set to met"]
    assert "line managers check risk decisions: well short → met" in [item.text for item in section.items[0].items]


def test_the_json_keeps_to_its_schema() -> None:
    """The JSON is valid by its published schema, and says of each column what the gradings say."""
    comparison = compare(HERTFORDSHIRE, [DELIVERED])
    answer = json.loads(whatif_out(comparison).model_dump_json())
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/whatif"))).validate(answer)
    for framework in answer["frameworks"]:
        for column, told in zip(comparison.columns, framework["answers"], strict=True):
            proposal = column.grading[framework["framework"]]
            assert (told["column"], told["grade"], tuple(told["range"])) == (column.name, proposal.grade, proposal.range)


def test_the_command_keeps_beside_the_users_own_bundle(tmp_path: Path) -> None:
    """`--keep` adds to scenarios.yaml in the bundle's folder, from where the next run takes its columns; the file keeps to its schema."""
    shutil.copytree(shipped("evidence") / "hertfordshire-2007", tmp_path / "mine")
    first = run("whatif", "mine", PP, "--deliver", "7,8,9", "--keep", "delivered", "--text", "All three.", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert "Kept in mine/scenarios.yaml." in first.stdout
    second = run("whatif", "mine", PP, "--over", "delivered", "--set", "accountability=met", "--keep", "more", cwd=tmp_path)
    assert (second.returncode, second.stderr) == (0, "")
    file = tmp_path / "mine" / "scenarios.yaml"
    assert file.read_text(encoding="utf-8") == (
        "scenarios:\n"
        "  - name: delivered\n"
        "    text: All three.\n"
        "    deliver: [7, 8, 9]\n"
        "  - name: more\n"
        "    over: delivered\n"
        "    set:\n"
        "      public-protection: {accountability: met}\n"
    )
    answer = json.loads(run("whatif", "mine", "--judgement", f"{PP}/grade=good", "-f", "json", cwd=tmp_path).stdout)
    assert [each["name"] for each in answer["scenarios"]] == ["delivered", "more", "what-if"]
    assert run("grade", "mine", "-f", "json", cwd=tmp_path).stdout == run("grade", "hertfordshire-2007", "-f", "json").stdout


def test_the_command_counts_judgements_from_a_file_as_the_base(tmp_path: Path) -> None:
    """`--judgements` belongs to the base, as it does in the other commands."""
    judged = tmp_path / "mine.yaml"
    judged.write_text(
        f"judgements:\n- {{framework: {PP}, criterion: supervision, status: met, reason: r, author: A. Tester, date: '2007-10-01'}}\n",
        encoding="utf-8",
    )
    answer = json.loads(run("whatif", "hertfordshire-2007", PP, "-j", str(judged), "--deliver", "9", "-f", "json").stdout)
    assert answer["frameworks"][0]["criteria"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--set", "supervison=met"), "scenario what-if: `supervison` isn't a criterion of public-protection; did you mean `supervision`?"),
        (("--set", "supervision=partly met"), "scenario what-if: `partly met` isn't a status (`well_short`, `partly_met`, "),
        (("--set", "supervision"), "--set: `supervision` can't be read; write `--set supervision=met`"),
        (("--deliver", "7,x"), "--deliver: `x` isn't the number of a recommendation; write `--deliver 7,8,9`"),
        (("--deliver", "7,7"), "scenario what-if: recommendation `7` is changed twice: "),
        (("--deliver", "12"), "scenario what-if: the bundle has no recommendation 12; it has `1`, `2`, "),
        (("--withdraw", "pp-w033"), "scenario what-if: `pp-w033` isn't a record of this bundle; did you mean `pp-w03`?"),
        (
            ("--judgement", "supervision=dominat"),
            "--judgement: `dominat` isn't `dominant` or `not_applicable` (`--set` gives a status); did you mean",
        ),
        (("--judgement", "grade=god"), "scenario what-if: `god` isn't a grade; did you mean `good`?"),
        (("--reading", "strickt"), "scenario what-if: `strickt` isn't a reading of hmic-2007"),
        (("--set", "supervision=met", "--keep", "Foo", "-s", "s.yaml"), "--keep: `Foo` isn't a name"),
        (("--set", "supervision=met", "--keep", "base", "-s", "s.yaml"), "--keep: `base` is taken; choose another name"),
        (("--set", "supervision=met", "--keep", "what-if", "-s", "s.yaml"), "--keep: `what-if` is taken; choose another name"),
        (("--set", "supervision=met", "--keep", "x"), "--keep: a shipped bundle isn't written to; say which file of yours keeps it"),
        (("--set", "supervision=met", "--text", "x"), "--text: belongs to a scenario that is kept: give `--keep NAME` with it"),
        (("--set", "supervision=met", "--over", "x"), "--over: no kept scenario `x`"),
        (("--keep", "x", "-s", "s.yaml"), "--keep: nothing is supposed: give `--set`, "),
        (("-s", "nowhere.yaml"), "nowhere.yaml: no such file"),
        ((), "whatif: nothing is supposed: give `--set`, "),
    ],
)
def test_a_slip_gets_one_clear_line_and_exit_2(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """A slip is told in one line; nothing is printed as an answer and nothing written."""
    done = run("whatif", "hertfordshire-2007", PP, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_status_without_a_framework_is_asked_back(tmp_path: Path) -> None:
    """Without a framework on the command line, what is set must say whose criterion it is."""
    done = run("whatif", "hertfordshire-2007", "--set", "supervision=met", cwd=tmp_path)
    assert done.returncode == 2
    assert "of which framework? name it after the bundle, or write `FRAMEWORK/supervision=met`" in done.stderr


def test_the_how_to_s_file_keeps_to_its_schema(tmp_path: Path) -> None:
    """The scenarios that the how-to writes by hand are valid by the published schema."""
    write_files(DOCS / "how-to/ask-what-if.md", tmp_path)
    jsonschema.Draft202012Validator(json.loads(schema("evidence/schema/scenarios"))).validate(_plain(read(tmp_path / "mine.yaml").root))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value
