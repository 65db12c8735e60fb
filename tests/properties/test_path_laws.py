"""The laws of paths to a grade, each against brute force on small made-up standards; each test's docstring is the law.

The standards drawn here are synthetic: conditions of every form, monotone or not, over a handful of criteria with statuses or points.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge.evidence import Judgement
from adjudge.proposal import Evaluation, Proposal
from adjudge.reference import evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Rulebook, Standard, StandardFile
from adjudge.status import CriterionStatus
from adjudge.whatif.costs import Cost, Costs
from adjudge.whatif.moves import Move, moves
from adjudge.whatif.path import Paths, direction_to, path_to
from adjudge.whatif.published import AnyJudged, Bridges, Verdict, to_published
from adjudge.whatif.tipping import tipping

STATUSES = ("low", "middle", "high")
GRADES = ("gold", "silver", "bronze")
SOURCE = {"part": "synthetic", "gist": "synthetic"}
MANY = 10_000


@st.composite
def selections(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a selection: everything, a tier, a significance, or one criterion."""
    return draw(
        st.sampled_from(
            [
                {},
                {"tier": ("first",)},
                {"tier": ("second",)},
                {"significance": ("major",)},
                {"tier": ("first",), "significance": ("major",)},
                {"id": ("c0",)},
            ]
        )
    )


bounds = st.sampled_from(["enough", "at least 1", "at least 2", "more than 1", "at most 1", "less than 2", "at most 0"])
shares = st.sampled_from(["at least 1/2", "more than 1/2", "at least 2/3", "at most 1/3", "less than 1/2"])
amounts = st.sampled_from(["at least 3", "more than 2", "at most 4", "less than 3", "at least 1.5", "at least 5"])
thresholds = st.sampled_from([{way: status} for way in ("at_least", "at_most") for status in (*STATUSES, "bar")])
rising = st.sampled_from([{"at_least": status} for status in ("middle", "high", "bar")])
TERMS = {
    "bar": {"asks": "synthetic", "default": "middle", "admissible": ("middle", "high"), "source": SOURCE},
    "enough": {"asks": "synthetic", "default": "at least 2", "admissible": ("at least 1", "at least 2"), "source": SOURCE},
}


@st.composite
def measures(draw: st.DrawFn, points: bool) -> dict[str, Any]:
    """Draw a condition that joins no others."""
    form = draw(st.sampled_from(["every", "any", "count", "share", *(["sum", "mean", "minimum", "maximum", "rating"] if points else [])]))
    if form == "rating":
        return {"number": "rating", "is": draw(amounts)}
    if form in ("sum", "mean", "minimum", "maximum"):
        return {form: draw(selections()), "is": draw(amounts)}
    bound = {"is": draw(bounds)} if form == "count" else {"is": draw(shares)} if form == "share" else {}
    return {form: draw(selections()), **draw(thresholds), **bound}


@st.composite
def conditions(draw: st.DrawFn, points: bool, depth: int = 2) -> dict[str, Any]:
    """Draw a condition of any form."""
    form = draw(st.sampled_from(["measure", "measure", "all", "any", "count", "not"])) if depth else "measure"
    if form == "measure":
        return draw(measures(points))
    if form == "not":
        return {"not": draw(conditions(points, depth - 1))}
    within = tuple(draw(st.lists(conditions(points, depth - 1), min_size=1, max_size=3)))
    return {form: within, **({"is": draw(bounds)} if form == "count" else {})}


@st.composite
def rising_conditions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a condition as inspectorates write them: several measures, which better statuses only help."""
    shares = st.sampled_from(["at least 1/2", "more than 1/2", "at least 2/3"])
    counts = st.sampled_from(["enough", "at least 1", "at least 2", "at least 3"])
    measure = st.sampled_from(["every", "count", "share", "share"]).flatmap(
        lambda form: st.builds(
            lambda selection, threshold, bound: {form: selection, **threshold, **({} if form == "every" else {"is": bound})},
            selections(),
            rising,
            counts if form == "count" else shares,
        )
    )
    within = tuple(draw(st.lists(measure, min_size=1, max_size=3)))
    return {"all": within} if draw(st.integers(0, 3)) else {"count": within, "is": "at least 1"}


@st.composite
def standards(draw: st.DrawFn, most: int = 5) -> Standard:
    """Draw a synthetic standard with one rulebook of three criteria or more: half of them monotone, as published ones are, half of any form."""
    plain = draw(st.booleans())
    points = not plain and draw(st.booleans())
    rounding = draw(
        st.sampled_from([None, *({"to": to, "mode": mode} for to in (1, 2) for mode in ("half_up", "half_even", "half_down", "floor", "ceiling"))])
    )
    rating = {
        "text": "rating",
        draw(st.sampled_from(["sum", "mean", "minimum", "maximum"])): draw(selections()),
        "adjust": tuple(
            {"by": by, "text": "adjusted", "when": draw(conditions(False, 1))} for by in draw(st.lists(st.sampled_from([1, -1, 0.5]), max_size=2))
        ),
        **({"round": rounding} if rounding else {}),
    }
    reach = [
        {"grade": grade, "text": grade, "source": SOURCE, "when": draw(rising_conditions() if plain else conditions(points))} for grade in GRADES[:-1]
    ]
    limits = [
        {draw(st.sampled_from(["no_better_than", "no_worse_than"])): draw(st.sampled_from(GRADES)), "text": "limit", "source": SOURCE, "when": when}
        for when in ([] if plain else draw(st.lists(conditions(points), max_size=2)))
    ]
    file = StandardFile.model_validate(
        {
            "standard": "synthetic",
            "edition": "1",
            "title": "Synthetic",
            "provenance": "reconstructed",
            "text": "Made up for tests.",
            "source": "synthetic",
            "statuses": {status: status for status in STATUSES},
            "points": {"better": "higher", "statuses": {"low": 0, "middle": draw(st.sampled_from([1, 1.5])), "high": 3}} if points else None,
            "tiers": {"first": "first", "second": "second"},
            "significances": {"minor": "minor", "major": "major"},
            "terms": TERMS,
            "numbers": {"rating": rating} if points else {},
            "grades": {grade: grade.title() for grade in GRADES},
            "reach": tuple(reach),
            "limits": tuple(limits),
            "otherwise": {"grade": "bronze", "text": "otherwise", "source": SOURCE},
            "not_monotone": "synthetic",
        }
    )
    scales = [None, {"from": 0, "to": 3}, {"from": 0, "to": 4, "one_of": (0, 1, 4)}] if points else [None]
    counted = _counts_statuses(file)
    book = Rulebook.model_validate(
        {
            "rulebook": "made-up",
            "standard": "synthetic",
            "edition": "1",
            "title": "Made up",
            "provenance": "reconstructed",
            "text": "Made up for tests.",
            "criteria": tuple(
                {
                    "id": f"c{number}",
                    "title": f"criterion {number}",
                    "text": "synthetic",
                    "tier": draw(st.sampled_from(["first", "second"])),
                    "significance": draw(st.sampled_from(["minor", "major"])),
                    "weight": draw(st.sampled_from([1, 1, 2])),
                    "points": None if counted else draw(st.sampled_from(scales)),
                    "basis": ({"note": "synthetic"},),
                }
                for number in range(draw(st.integers(3, most)))
            ),
        }
    )
    return Standard.model_construct(**file.__dict__, rulebooks=(book,))


def _counts_statuses(file: StandardFile) -> bool:
    """Whether some condition measures statuses, so that criteria must have them."""
    text = repr([*file.reach, *file.limits, *file.numbers.values()])
    return any(f"{form}(" in text for form in ("Every", "AnyOf", "Count", "Share"))


@st.composite
def proposals(draw: st.DrawFn, most: int = 5) -> Proposal:
    """Draw a proposal of a synthetic standard: statuses or points, some not assessed, some not applicable, some contested."""
    standard = draw(standards(most))
    (book,) = standard.rulebooks
    rows = []
    for criterion in book.criteria:
        known = ("low", "low", *STATUSES) if criterion.points is None else ("0", "1") if criterion.points.one_of else ("0", "2", "2.5")
        status = draw(st.sampled_from((*known, *known, NOT_ASSESSED, NOT_APPLICABLE)))
        rows.append(CriterionStatus(criterion, status, criterion.significance, contested=draw(st.booleans())))
    return as_proposal(standard, rows)


def as_proposal(standard: Standard, rows: Sequence[CriterionStatus], published: str | None = None, decided: Judgement | None = None) -> Proposal:
    """Return the proposal of statuses, graded by the reference alone."""
    reading = standard.reading()
    evaluation = evaluate(standard, rows, reading)
    return Proposal(standard, standard.rulebooks[0], reading, tuple(rows), evaluation, (), (), ("reference",), (), published, decided)


def reaches(standard: Standard, found: Evaluation, grade: str, direction: str) -> bool:
    """Whether both ends of an answer are at least, or at most, a grade."""
    rank = standard.grade_rank
    ends = rank[found.worst.grade], rank[found.best.grade]
    return min(ends) >= rank[grade] if direction == "up" else max(ends) <= rank[grade]


def brute_force(proposal: Proposal, grade: str, direction: Any, fixed: Sequence[str] = (), costs: Costs | None = None) -> Mapping[Any, set[Any]]:
    """Return every set of moves that reaches a grade, by what it costs: cost, criteria, steps."""
    standard = proposal.standard
    options: list[tuple[Move | None, ...]] = []
    for row in proposal.statuses:
        options.append((None, *(() if row.criterion.id in fixed else moves(standard, row, direction))))
    found: dict[Any, set[Any]] = {}
    for chosen in itertools.product(*options):
        rows = [move.of(row) if move else row for move, row in zip(chosen, proposal.statuses, strict=True)]
        if reaches(standard, evaluate(standard, rows, proposal.reading), grade, direction):
            taken = [move for move in chosen if move]
            cost = sum((costs.of(move.criterion, move.steps) for move in taken), Fraction(0)) if costs else Fraction(0)
            key = cost, len(taken), sum(move.steps for move in taken)
            found.setdefault(key, set()).add(frozenset((move.criterion, move.to) for move in taken))
    return found


def expanded(paths: Paths) -> list[frozenset[tuple[str, str]]]:
    """Return every smallest set that the forms stand for."""
    return [frozenset((move.criterion, move.to) for move in chosen) for form in paths.forms for chosen in form.expand()]


@settings(max_examples=max(settings.default.max_examples, 100))  # type: ignore[union-attr]
@given(proposals(), st.sampled_from(GRADES))
def test_the_path_is_smallest_and_all_smallest_sets_are_found(proposal: Proposal, grade: str) -> None:
    """A path reaches the grade, no smaller one does, and its compact forms stand for exactly the smallest sets, each once."""
    paths = path_to(proposal, grade, limit=MANY)
    assert paths.direction == direction_to(proposal.standard, proposal.evaluation, grade)
    if paths.direction is None:
        return
    found = brute_force(proposal, grade, paths.direction)
    if paths.criteria is None:
        assert not found
        return
    least = min(found)
    assert (paths.criteria, paths.steps) == least[1:]
    sets = expanded(paths)
    assert len(sets) == len(set(sets)) == paths.sets == sum(form.sets for form in paths.forms)
    assert set(sets) == found[least]


@settings(max_examples=max(settings.default.max_examples, 50))  # type: ignore[union-attr]
@given(proposals(), st.sampled_from(GRADES), st.data())
def test_pinned_criteria_never_move_and_costs_come_first(proposal: Proposal, grade: str, data: st.DataObject) -> None:
    """A pinned criterion never moves, and with costs the path is the cheapest one, then the one with the fewest criteria, then steps."""
    ids = [row.criterion.id for row in proposal.statuses]
    fixed = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=2))
    amounts = st.sampled_from([0, 1, 2, 0.5])
    costs = Costs({each: Cost(once=data.draw(amounts), step=data.draw(amounts)) for each in ids})
    paths = path_to(proposal, grade, keep_fixed=fixed, costs=costs, limit=MANY)
    if paths.direction is None:
        return
    found = brute_force(proposal, grade, paths.direction, fixed, costs)
    if paths.criteria is None:
        assert not found
        return
    assert (paths.cost, paths.criteria, paths.steps) == min(found)
    assert set(expanded(paths)) == found[min(found)]
    assert not {move.criterion for form in paths.forms for chosen in form.expand() for move in chosen} & set(fixed)


@settings(max_examples=max(settings.default.max_examples, 30))  # type: ignore[union-attr]
@given(proposals())
def test_the_tipping_distance_is_the_length_of_the_path(proposal: Proposal) -> None:
    """The tipping distance to a neighbouring grade is the length of the path there, and where there is no neighbour there is none."""
    names, rank = proposal.standard.worst_first, proposal.standard.grade_rank
    ends = sorted(rank[end.grade] for end in (proposal.evaluation.worst, proposal.evaluation.best))
    found = tipping(proposal)
    for tip, place in ((found.up, ends[0] + 1), (found.down, ends[1] - 1)):
        assert (tip is None) == (not 0 <= place < len(names))
        if tip is not None:
            assert (tip.grade, tip.criteria) == (names[place], path_to(proposal, names[place]).criteria)
            assert tip.findings is None


def verdicts(standard: Standard, row: CriterionStatus) -> list[Verdict]:
    """Return everything that can be judged of a criterion, and that nothing is."""
    if row.status == NOT_APPLICABLE:
        return [Verdict()]
    values = [
        *(STATUSES if row.criterion.points is None else [move.to for way in ("up", "down") for move in _moves(standard, row, way)]),
        NOT_APPLICABLE,
    ]
    dominant = [False] if row.significance == standard.top_significance else [False, True]
    found = [Verdict(value, also) for value in (None, *values) if value != row.status for also in dominant]
    return [each for each in found if not (each.dominant and each.status == NOT_APPLICABLE)]


def _moves(standard: Standard, row: CriterionStatus, way: Any) -> Sequence[Move]:
    return moves(standard, row, way)


def judged_sets(proposal: Proposal, grade: str, reading: Reading) -> Mapping[int, set[frozenset[str]]]:
    """Return by brute force the sets of criteria by judging which a grade is proposed, by the number of judgements."""
    found: dict[int, set[frozenset[str]]] = {}
    options = [verdicts(proposal.standard, row) for row in proposal.statuses]
    for chosen in itertools.product(*options):
        rows = [verdict.of(row, proposal.standard) for verdict, row in zip(chosen, proposal.statuses, strict=True)]
        if evaluate(proposal.standard, rows, reading).grade == grade:
            about = frozenset(row.criterion.id for verdict, row in zip(chosen, proposal.statuses, strict=True) if verdict.judgements)
            found.setdefault(sum(verdict.judgements for verdict in chosen), set()).add(about)
    return found


def judged_by(groups: Sequence[AnyJudged]) -> list[dict[str, Verdict]]:
    """Return every set of verdicts that some groups stand for."""
    found: list[dict[str, Verdict]] = [{}]
    for group in groups:
        longer = []
        for chosen in itertools.combinations(group.of, group.count):
            for picked in itertools.product(*(judged.verdicts for judged in chosen)):
                more = dict(zip((judged.criterion for judged in chosen), picked, strict=True))
                longer += [{**before, **more} for before in found if not before.keys() & more.keys()]
        found = longer
    return found


def expected_bridges(proposal: Proposal, grade: str, reading: Reading, bridges: Bridges | None, forms: Any) -> None:
    """Compare what was found under one reading with brute force: the number of judgements, the criteria, and each set by the reference."""
    expected = judged_sets(proposal, grade, reading)
    if bridges is None:
        assert not expected
        return
    assert bridges.judgements == min(expected)
    sets = [each for form in forms for each in judged_by(form.groups)]
    assert {frozenset(each) for each in sets} == expected[min(expected)]
    assert len(sets) == bridges.sets == len({frozenset(each.items()) for each in sets})
    for each in sets:
        rows = [each.get(row.criterion.id, Verdict()).of(row, proposal.standard) for row in proposal.statuses]
        assert evaluate(proposal.standard, rows, reading).grade == grade


@settings(max_examples=max(settings.default.max_examples // 10, 20))  # type: ignore[union-attr]
@given(proposals(most=3), st.sampled_from(GRADES))
def test_what_leads_to_the_published_grade_is_smallest_and_complete(proposal: Proposal, grade: str) -> None:
    """The judgements, and the readings, that lead to exactly the published grade are the fewest there are, and all sets of so many are found."""
    standard = proposal.standard
    proposal = as_proposal(standard, proposal.statuses, published=grade)
    found = to_published(proposal, limit=MANY)
    if found.agrees:
        assert proposal.grade == grade
        return
    expected_bridges(proposal, grade, proposal.reading, found.judgements, found.judgements.forms if found.judgements else ())
    alone = [reading for reading in standard.all_readings() if evaluate(standard, proposal.statuses, reading).grade == grade]
    if found.readings is None:
        assert not alone
    else:
        fewest = min(len(reading.changes(standard)) for reading in alone)
        expected = [dict(reading.changes(standard)) for reading in alone if len(reading.changes(standard)) == fewest]
        assert [dict(form.changes) for form in found.readings.forms] == expected
    most = found.judgements.judgements if found.judgements else MANY
    totals = {}
    for reading in standard.all_readings():
        if reading.changes(standard) and reading not in alone and (sets := judged_sets(proposal, grade, reading)):
            totals[reading.name] = len(reading.changes(standard)) + min(sets)
    least = min((total for total in totals.values() if total <= most), default=None)
    assert (found.both.size if found.both else None) == least
    if found.both:
        names = {", ".join(f"{term}={value}" for term, value in form.changes.items()) for form in found.both.forms}
        assert names == {name for name, total in totals.items() if total == least}
