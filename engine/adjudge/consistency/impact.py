"""What a change of standard, rulebook or reading does to bodies that are graded already: who moves, and which condition's outcome changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from adjudge.conditions import Outcome
from adjudge.consistency.editions import EditionComparison, Ids, carried, compare_editions, pairing, rule_name
from adjudge.consistency.influence import Answer, answer
from adjudge.consistency.synthesis import is_synthetic
from adjudge.documents import Model, fingerprint
from adjudge.errors import BadInput
from adjudge.evidence import Bundle
from adjudge.grading import grade
from adjudge.proposal import Evaluation, Proposal
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Reading, Standard
from adjudge.version import __version__

if TYPE_CHECKING:
    import pandas

OPEN = "open"
"""How a transition names a proposal that unknown statuses leave open."""


class Side(Model):
    """What bodies are graded by, before or after: a standard in one edition and under one reading. Equal content, equal fingerprint."""

    standard: str
    edition: str
    reading: str
    fingerprint: str


class Transition(Model):
    """How many bodies a framework proposes ``before`` for and then ``after``: grades, or `open`."""

    before: str
    after: str
    bodies: int


class MeasureChange(Model):
    """A measure within a condition, before and after: how many pass, of how many, how many are needed (or what a number is); None where it is absent.

    ``lost`` are the criteria that passed and don't now, ``gained`` those that pass now and didn't.
    """

    before: str | None
    after: str | None
    lost: tuple[str, ...]
    gained: tuple[str, ...]


class ConditionChange(Model):
    """A condition for a grade, or a limit, whose outcome changed: True, False, None (open), or ``absent`` on that side."""

    rule: str
    before: bool | None
    after: bool | None
    absent: str | None = None
    measures: tuple[MeasureChange, ...] = ()


class Move(Model):
    """Bodies whose answer changes, and why. ``names`` are those with this framework and these values: one bundle, or some rows of a table."""

    framework: str
    names: tuple[str, ...]
    bodies: int
    before: Answer
    after: Answer
    published: str | None
    grade_changes: bool
    why: tuple[ConditionChange, ...]
    statuses: Mapping[str, tuple[str, str]] = {}


class NotCarried(Model):
    """A known status that the new edition has no use for, and why."""

    name: str
    framework: str
    criterion: str
    status: str
    why: str


class FrameworkImpact(Model):
    """What becomes of a framework's bodies: ``better`` and ``worse`` where both grades are settled; ``other``: the range alone, or open once."""

    framework: str
    title: str
    bodies: int
    same: int
    better: int
    worse: int
    other: int
    transitions: tuple[Transition, ...]


class Impact(Model):
    """The answer of ``adjudge impact``. ``editions`` is None where only the reading changes."""

    adjudge: str
    synthetic: bool
    old: Side
    new: Side
    bodies: int
    frameworks: tuple[FrameworkImpact, ...]
    moves: tuple[Move, ...]
    editions: EditionComparison | None
    not_carried: tuple[NotCarried, ...]

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each framework and pair of grades: the transition table. Needs pandas."""
        import pandas

        rows = [{"framework": each.framework, **transition.model_dump()} for each in self.frameworks for transition in each.transitions]
        return pandas.DataFrame(rows, columns=["framework", "before", "after", "bodies"]).assign(synthetic=self.synthetic)

    def moves_frame(self) -> pandas.DataFrame:
        """Return a row for each move, with the rules whose outcome changed. Needs pandas."""
        import pandas

        columns = ["framework", "name", "bodies", "before", "after", "published", "why"]
        rows = [
            {"framework": each.framework, "name": ", ".join(each.names), "bodies": each.bodies, "before": each.before.grade or OPEN}
            | {"after": each.after.grade or OPEN, "published": each.published, "why": "; ".join(change.rule for change in each.why)}
            for each in self.moves
        ]
        return pandas.DataFrame(rows, columns=columns)


ReadingChoice = str | Mapping[str, str] | None


def impact(
    bundles: Sequence[Bundle],
    new: Standard | None = None,
    old_reading: ReadingChoice = None,
    new_reading: ReadingChoice = None,
    ids: Ids | None = None,
) -> Impact:
    """Grade bundles as they are and as a new standard, or another reading, would have them; nothing is rewritten.

    The bundles share one standard; ``new`` is that one unless given. ``ids`` gives criteria that have another id in it. Raises BadInput where
    nothing changes, or for bundles of different standards, an unknown reading, or editions that share no framework.
    """
    if not bundles:
        raise BadInput.at("bundles", "give at least one bundle")
    old = bundles[0].standard
    if other := next((each.bundle for each in bundles if each.standard.standard != old.standard or each.standard.edition != old.edition), None):
        raise BadInput.at(other, f"is for another standard than {bundles[0].bundle}; compare bundles of one standard")
    sides = side(old, old.reading(old_reading)), side(new or old, (new or old).reading(new_reading))
    changes = new is not None and fingerprint(new) != fingerprint(old)
    if not changes and old.reading(old_reading).values == old.reading(new_reading).values:
        raise BadInput.at("impact", "nothing changes: give another standard (`--to`) or another reading (`--to-reading`)")
    pairs: list[tuple[Bundle, Proposal, Proposal]] = []
    not_carried: list[NotCarried] = []
    for bundle in bundles:
        before = grade(bundle, reading=old_reading)
        moved = carried(bundle, new, ids or {}) if changes and new else bundle
        after = {each.framework: each for each in grade(moved, moved.graded if changes else None, new_reading)}
        for proposal in before:
            if proposal.framework in after:
                pairs.append((bundle, proposal, after[proposal.framework]))
                not_carried += _not_carried(bundle.bundle, proposal, after[proposal.framework], ids or {}) if changes else ()
    if not pairs:
        raise BadInput.at("--to", "shares no framework with the bundles")
    frameworks = list(dict.fromkeys(before.framework for _, before, _ in pairs))
    moves = [_move(*pair, ids or {}) for pair in pairs if answer(pair[1]) != answer(pair[2])]
    return Impact(
        adjudge=__version__,
        synthetic=any(map(is_synthetic, bundles)),
        old=sides[0],
        new=sides[1],
        bodies=len(bundles),
        frameworks=tuple(
            framework_impact(
                name, rulebook_title(new or old, name), [(answer(b), answer(a), 1) for _, b, a in pairs if b.framework == name], new or old
            )
            for name in frameworks
        ),
        moves=tuple(sorted(moves, key=lambda each: (frameworks.index(each.framework), not each.grade_changes))),
        editions=compare_editions(old, new, ids) if changes and new else None,
        not_carried=tuple(not_carried),
    )


def side(standard: Standard, reading: Reading) -> Side:
    """Return what bodies are graded by, for a record."""
    return Side(standard=standard.standard, edition=standard.edition, reading=reading.name, fingerprint=fingerprint(standard))


def rulebook_title(standard: Standard, framework: str) -> str:
    """Return a framework's title."""
    return standard.rulebook(framework).title


def framework_impact(framework: str, title: str, answers: Iterable[tuple[Answer, Answer, int]], new: Standard) -> FrameworkImpact:
    """Count what becomes of a framework's bodies, given their answers before and after and how many bodies have them."""
    transitions: Counter[tuple[str, str]] = Counter()
    counts: Counter[str] = Counter()
    rank = new.grade_rank
    for before, after, bodies in answers:
        transitions[before.grade or OPEN, after.grade or OPEN] += bodies
        kind = "same" if before == after else "other"
        steps = rank.get(after.grade or "", -1) - rank.get(before.grade or "", -1)
        if steps and before.grade in rank and after.grade in rank:
            kind = "better" if steps > 0 else "worse"
        counts[kind] += bodies
    return FrameworkImpact(
        framework=framework,
        title=title,
        bodies=counts.total(),
        same=counts["same"],
        better=counts["better"],
        worse=counts["worse"],
        other=counts["other"],
        transitions=tuple(
            Transition(before=before, after=after, bodies=count)
            for (before, after), count in sorted(transitions.items(), key=lambda pair: [-rank.get(grade, -1) for grade in pair[0]])
        ),
    )


def _move(bundle: Bundle, before: Proposal, after: Proposal, ids: Ids) -> Move:
    paired = pairing(before.rulebook, after.rulebook, ids)
    now = {each.criterion.id: each.status for each in after.statuses}
    changed = {each.criterion.id: (each.status, now[paired[each.criterion.id]]) for each in before.statuses if each.criterion.id in paired}
    return Move(
        framework=before.framework,
        names=(bundle.bundle,),
        bodies=1,
        before=answer(before),
        after=answer(after),
        published=before.published,
        grade_changes=before.grade != after.grade,
        why=why(before.standard, before.evaluation, after.standard, after.evaluation),
        statuses={name: pair for name, pair in changed.items() if pair[0] != pair[1]},
    )


def _not_carried(name: str, before: Proposal, after: Proposal, ids: Ids) -> Iterator[NotCarried]:
    paired = pairing(before.rulebook, after.rulebook, ids)
    now = {each.criterion.id: each.status for each in after.statuses}
    for each in before.statuses:
        if each.status in (NOT_ASSESSED, NOT_APPLICABLE):
            continue
        becomes = paired.get(each.criterion.id)
        if becomes is None or now[becomes] == NOT_ASSESSED:
            reason = "not in the new edition" if becomes is None else "the new edition has no use for what its records say"
            yield NotCarried(name=name, framework=before.framework, criterion=each.criterion.id, status=each.status, why=reason)


def why(old: Standard, before: Evaluation, new: Standard, after: Evaluation) -> tuple[ConditionChange, ...]:
    """Return the conditions for grades and the limits whose outcome changed, with the measures in them that did."""
    tops = [
        {rule_name(standard, each.reach): each.outcome for each in evaluation.reached}
        | {rule_name(standard, each.limit): each.outcome for each in evaluation.limited}
        for standard, evaluation in ((old, before), (new, after))
    ]
    found = []
    for rule in dict.fromkeys((*tops[0], *tops[1])):
        first, second = tops[0].get(rule), tops[1].get(rule)
        if first is None or second is None or first.holds != second.holds:
            found.append(
                ConditionChange(
                    rule=rule,
                    before=first.holds if first else None,
                    after=second.holds if second else None,
                    absent="before" if first is None else "after" if second is None else None,
                    measures=tuple(_measures(first, second)) if first and second else (),
                )
            )
    return tuple(found)


def _measures(first: Outcome, second: Outcome) -> Iterator[MeasureChange]:
    """Yield the measures at the same places whose outcome changed; where the conditions are built otherwise, none."""
    if len(first.parts) != len(second.parts):
        return
    if first.parts:
        for one, other in zip(first.parts, second.parts, strict=True):
            yield from _measures(one, other)
    elif first.holds != second.holds:
        sets = [{each.criterion.id: None for each in outcome.passing} for outcome in (first, second)]
        yield MeasureChange(
            before=_said(first),
            after=_said(second),
            lost=tuple(name for name in sets[0] if name not in sets[1]),
            gained=tuple(name for name in sets[1] if name not in sets[0]),
        )


def _said(outcome: Outcome) -> str:
    if outcome.amount is not None:
        low, high = outcome.amount.low, outcome.amount.high
        return f"{low}" if low == high else f"{low} to {high}"
    return f"{len(outcome.passing)} of {outcome.whole}, {outcome.needed} needed"
