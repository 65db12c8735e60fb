"""The JSON of `adjudge path`: an interface, whose schema is generated from these models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from adjudge.documents import Model
from adjudge.grading import Grading
from adjudge.language import written
from adjudge.proposal import Proposal
from adjudge.rulebook import Standard
from adjudge.version import __version__
from adjudge.whatif.moves import Move
from adjudge.whatif.path import Form, Paths
from adjudge.whatif.published import Bridges, Judged, ToPublished
from adjudge.whatif.tipping import Tip, Tipping


class MoveOut(Model):
    """A criterion moved from the value that it has to another, in so many steps."""

    criterion: str
    now: str
    to: str
    steps: int
    contested: bool


class AnyOfOut(Model):
    """Any `count` of these moves; groups about the same criteria move each of them once."""

    count: int
    of: tuple[MoveOut, ...]


class FormOut(Model):
    """Smallest sets in a compact form, how many they are, and the proposal that they give.

    Where one set leads to another proposal than the next, `range` takes in them all and `grade` is null.
    """

    groups: tuple[AnyOfOut, ...]
    sets: int
    grade: str | None
    range: tuple[str, str]


class PathsOut(Model):
    """The smallest sets that lead to at least (up) or at most (down) a grade; `criteria` is null where none does, `direction` where it is there.

    `cost` is exact: `12`, `2.5` or `5/3`. `complete` says whether `forms` has all of them. `attainable` is how far it goes where no path leads there.
    """

    grade: str
    direction: Literal["up", "down"] | None
    criteria: int | None
    steps: int | None
    cost: str | None
    sets: int
    forms: tuple[FormOut, ...]
    complete: bool
    attainable: str | None


class FindingsOut(Model):
    """A smallest set of findings: records that would read otherwise, criteria that would need a new one. Not `exact`: fewer might do."""

    count: int
    records: tuple[str, ...]
    new: tuple[str, ...]
    exact: bool


class TipOut(Model):
    """The distance to a grade beside the proposal: the paths, and in findings (null where findings don't lead there)."""

    grade: str
    paths: PathsOut
    findings: FindingsOut | None


class VerdictOut(Model):
    """What is judged: a status (or points, or `not_applicable`), that the criterion is dominant, or both, which are two judgements."""

    status: str | None
    dominant: bool


class JudgedOut(Model):
    """A criterion with verdicts any of which would do."""

    criterion: str
    now: str
    contested: bool
    verdicts: tuple[VerdictOut, ...]


class AnyJudgedOut(Model):
    """Any `count` of these criteria, each with one of its verdicts."""

    count: int
    of: tuple[JudgedOut, ...]


class BridgeOut(Model):
    """Terms read otherwise, and judgements."""

    changes: dict[str, str]
    groups: tuple[AnyJudgedOut, ...]


class BridgesOut(Model):
    """The smallest changes of one kind."""

    size: int
    sets: int
    forms: tuple[BridgeOut, ...]
    complete: bool


class ToPublishedOut(Model):
    """What leads to exactly the published grade: by reading alone, by judgements alone, by both; null where that can't be or isn't smaller."""

    grade: str
    agrees: bool
    readings: BridgesOut | None
    judgements: BridgesOut | None
    both: BridgesOut | None


class FrameworkPathOut(Model):
    """One framework: its proposal and what was asked of it; what wasn't asked is null."""

    framework: str
    grade: str | None
    range: tuple[str, str]
    up: TipOut | None
    down: TipOut | None
    path: PathsOut | None
    published: ToPublishedOut | None


class PathOut(Model):
    """The answer of ``adjudge path --format json``."""

    adjudge: str
    body: str
    standard: str
    edition: str
    reading: str
    frameworks: tuple[FrameworkPathOut, ...]


def path_out(grading: Grading, tippings: Sequence[Tipping] = (), paths: Paths | None = None, published: ToPublished | None = None) -> PathOut:
    """Return the JSON form of distances for every framework of a grading, or of the path of its only one."""
    standard = grading.bundle.standard
    found = [_framework(proposal, tippings[place] if tippings else None, paths, published) for place, proposal in enumerate(grading)]
    return PathOut(
        adjudge=__version__,
        body=grading.bundle.body.id,
        standard=standard.standard,
        edition=standard.edition,
        reading=grading.reading.name,
        frameworks=tuple(found),
    )


def _framework(proposal: Proposal, tipping: Tipping | None, paths: Paths | None, published: ToPublished | None) -> FrameworkPathOut:
    return FrameworkPathOut(
        framework=proposal.framework,
        grade=proposal.grade,
        range=proposal.range,
        up=_tip(proposal.standard, tipping.up) if tipping and tipping.up else None,
        down=_tip(proposal.standard, tipping.down) if tipping and tipping.down else None,
        path=paths_out(proposal.standard, paths) if paths else None,
        published=_published(published) if published else None,
    )


def _tip(standard: Standard, tip: Tip) -> TipOut:
    found = tip.findings
    return TipOut(
        grade=tip.grade,
        paths=paths_out(standard, tip.paths),
        findings=FindingsOut(count=found.count, records=found.records, new=found.new, exact=found.exact) if found else None,
    )


def paths_out(standard: Standard, paths: Paths) -> PathsOut:
    """Return paths as they stand in an answer."""

    def move(each: Move) -> MoveOut:
        return MoveOut(criterion=each.criterion, now=each.now, to=each.to, steps=each.steps, contested=each.contested)

    def form(each: Form) -> FormOut:
        grades, lows, highs = zip(*each.answers, strict=True)
        groups = tuple(AnyOfOut(count=group.count, of=tuple(map(move, group.of))) for group in each.groups)
        span = min(lows, key=standard.grade_rank.__getitem__), max(highs, key=standard.grade_rank.__getitem__)
        return FormOut(groups=groups, sets=each.sets, grade=grades[0] if len(set(grades)) == 1 else None, range=span)

    return PathsOut(
        grade=paths.grade,
        direction=paths.direction,
        criteria=paths.criteria,
        steps=paths.steps,
        cost=None if paths.cost is None else written(paths.cost),
        sets=paths.sets,
        forms=tuple(map(form, paths.forms)),
        complete=paths.complete,
        attainable=paths.attainable,
    )


def _published(found: ToPublished) -> ToPublishedOut:
    def judged(each: Judged) -> JudgedOut:
        verdicts = tuple(VerdictOut(status=verdict.status, dominant=verdict.dominant) for verdict in each.verdicts)
        return JudgedOut(criterion=each.criterion, now=each.now, contested=each.contested, verdicts=verdicts)

    def bridges(each: Bridges | None) -> BridgesOut | None:
        if each is None:
            return None
        forms = tuple(
            BridgeOut(
                changes=dict(form.changes),
                groups=tuple(AnyJudgedOut(count=group.count, of=tuple(judged(one) for one in group.of)) for group in form.groups),
            )
            for form in each.forms
        )
        return BridgesOut(size=each.size, sets=each.sets, forms=forms, complete=each.complete)

    return ToPublishedOut(
        grade=found.published,
        agrees=found.agrees,
        readings=bridges(found.readings),
        judgements=bridges(found.judgements),
        both=bridges(found.both),
    )
