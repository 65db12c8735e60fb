"""Make synthetic national sets: seeded bundles whose grades are exactly as often given as was published, marked synthetic everywhere."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from adjudge.documents import Model
from adjudge.errors import BadInput, listing
from adjudge.evidence import Body, Bundle, PublishedFile, PublishedGrade, Record
from adjudge.rulebook import Standard
from adjudge.source import fingerprint
from adjudge.sweep import Sweep, compile_rulebook
from adjudge.version import __version__
from adjudge.writing import write_bundle

if TYPE_CHECKING:
    import pandas

SEED = 2007
MOST_BODIES = 10_000
SYNTHETIC = "synthetic"
"""The coder of every record of a synthetic bundle: what marks it, for readers and machines."""
STEPS = 5
"""How often, for each criterion, a status is drawn anew on the way to a case."""
LEAN = 4
"""How much more often the best status is drawn than the worst, towards the best grade; towards the worst grade all are drawn alike."""


class Drawn(Model):
    """How many synthetic bodies were given each grade of a framework, and the published numbers that they follow."""

    framework: str
    title: str
    grades: Mapping[str, int]
    published: Mapping[str, int]


class Synthesis(Model):
    """The answer of ``adjudge synthesise``: what was made, from which seed. ``exact`` says that the numbers are the published ones."""

    adjudge: str
    synthetic: bool
    standard: str
    like: str
    seed: int
    bodies: int
    exact: bool
    frameworks: tuple[Drawn, ...]
    bundles: tuple[str, ...]

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each framework and grade. Needs pandas."""
        import pandas

        return pandas.DataFrame(
            [
                {"synthetic": True, "framework": each.framework, "grade": name, "bodies": count, "published": each.published.get(name, 0)}
                for each in self.frameworks
                for name, count in each.grades.items()
            ]
        )


def is_synthetic(bundle: Bundle) -> bool:
    """Say whether a bundle is marked as synthetic."""
    return SYNTHETIC in bundle.recorded_by


def synthesise(like: Bundle, seed: int = SEED, bodies: int | None = None) -> tuple[Synthesis, tuple[Bundle, ...]]:
    """Make synthetic bundles that follow the distributions published with a bundle; as many bodies as were published unless told otherwise.

    Each framework's grades are dealt out at random, one framework whatever another's are. With as many bodies as published each grade is given
    exactly as often; with other numbers as nearly as whole bodies allow (largest remainders). Under the default reading each proposal settles on
    the grade dealt. Raises BadInput where there is no distribution to follow, or no statuses give a grade.
    """
    published, standard = like.published, like.standard.on(like.date)
    rows = [each for each in published.grades if each.distribution] if published else []
    if not published or not rows:
        raise BadInput.at(like.bundle, "no national distribution in its published.yaml to follow")
    count = published.bodies if bodies is None else bodies
    if not 1 <= count <= MOST_BODIES:
        raise BadInput.at("--bodies", f"`{count}` isn't from 1 to {MOST_BODIES:,}")
    off = [each.framework for each in rows if sum(each.distribution.values()) != published.bodies]
    if off:
        raise BadInput.at(like.bundle, f"the distribution of {listing(off)} doesn't add up to {published.bodies} bodies")
    draw = random.Random(seed)
    numbers = {each.framework: _scaled(each.distribution, standard, count) for each in rows}
    dealt: dict[str, list[str]] = {}
    for framework, each in numbers.items():
        dealt[framework] = [name for name, times in each.items() for _ in range(times)]
        draw.shuffle(dealt[framework])
    sweeps = {framework: _compiled(standard, framework) for framework in dealt}
    bundles = tuple(
        _bundle(like, seed, place, count, {framework: grades[place] for framework, grades in dealt.items()}, numbers, sweeps, draw)
        for place in range(count)
    )
    drawn = tuple(
        Drawn(framework=each.framework, title=standard.rulebook(each.framework).title, grades=numbers[each.framework], published=each.distribution)
        for each in rows
    )
    exact = all(each.grades == {name: each.published.get(name, 0) for name in standard.grades} for each in drawn)
    made = Synthesis(
        adjudge=__version__,
        synthetic=True,
        standard=standard.standard,
        like=like.bundle,
        seed=seed,
        bodies=count,
        exact=exact,
        frameworks=drawn,
        bundles=tuple(bundle.bundle for bundle in bundles),
    )
    return made, bundles


def write_synthetic(bundles: Sequence[Bundle], out: Path) -> None:
    """Write bundles into a folder that doesn't exist or is empty, whole or not at all. Raises BadInput if that can't be done."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput.at(str(out), "exists and isn't an empty folder; choose another")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            for bundle in bundles:
                write_bundle(bundle, part / bundle.bundle)
            part.chmod(0o755)
            os.replace(part, out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise BadInput.at(str(out), f"can't be written ({(error.strerror or 'unwritable').lower()})") from None


def _scaled(distribution: Mapping[str, int], standard: Standard, bodies: int) -> dict[str, int]:
    """Return how many of some bodies get each grade: in proportion, the remaining ones where the remainders are largest, the best grade first."""
    total = sum(distribution.values())
    shares = {name: Fraction(distribution.get(name, 0) * bodies, total) for name in standard.grades}
    found = {name: int(share) for name, share in shares.items()}
    left = bodies - sum(found.values())
    for name in sorted(shares, key=lambda name: found[name] - shares[name])[:left]:
        found[name] += 1
    return found


def _compiled(standard: Standard, framework: str) -> Sweep:
    sweep = compile_rulebook(standard, framework)
    if not standard.bases or any(each.points is not None or each.grade_of for each in sweep.book.criteria):
        raise BadInput.at(
            framework, "can't be synthesised: only statuses can be, not points or the grades of other frameworks, with a basis for each"
        )
    return sweep


def case_for(sweep: Sweep, target: str, draw: random.Random) -> dict[str, str]:
    """Return statuses, drawn at random, whose proposal settles on a grade and nothing else. Raises BadInput if none are found.

    A walk: every criterion begins at its best; again and again one is given another status, which it keeps unless the proposal falls below the grade
    or rises above what it came down to. Better statuses are drawn the more often, the better the grade is.
    """
    rank, statuses = sweep.standard.grade_rank, list(sweep.standard.statuses)
    goal = rank[target]
    lean = LEAN * goal / (len(rank) - 1)
    weights = [1 + lean * place / max(len(statuses) - 1, 1) for place in range(len(statuses))]
    case = dict.fromkeys(sweep.criteria, statuses[-1])
    answer = sweep.one(case)
    for _ in range(STEPS * len(case)):
        criterion = draw.choice(sweep.criteria)
        before = case[criterion]
        case[criterion] = draw.choices(statuses, weights)[0]
        other = sweep.one(case)
        if rank[other.low] < goal or rank[other.high] > max(rank[answer.high], goal):
            case[criterion] = before
        else:
            answer = other
    if (answer.grade, answer.low, answer.high) != (target, target, target):
        raise BadInput.at(sweep.book.rulebook, f"no statuses were found that settle on {sweep.standard.grades[target]}")
    return case


def _bundle(
    like: Bundle,
    seed: int,
    place: int,
    bodies: int,
    grades: Mapping[str, str],
    numbers: Mapping[str, Mapping[str, int]],
    sweeps: Mapping[str, Sweep],
    draw: random.Random,
) -> Bundle:
    number = f"{place + 1:0{max(2, len(str(bodies)))}}"
    standard = like.standard
    mark = f"Synthetic, made by adjudge synthesise from seed {seed}: no body was inspected."
    records = [
        record
        for framework, target in grades.items()
        for record in _records(sweeps[framework], case_for(sweeps[framework], target, draw), seed, number, like)
    ]
    published = tuple(
        PublishedGrade(framework=framework, grade=target, distribution=dict(numbers[framework])) for framework, target in grades.items()
    )
    return Bundle.model_construct(
        bundle=f"synthetic-{number}",
        title=f"SYNTHETIC force {number}, seed {seed}",
        body=Body(id=f"synthetic-{number}", title=f"SYNTHETIC force {number}"),
        source=mark,
        standard=standard,
        recorded_by={SYNTHETIC: mark},
        graded=tuple(grades),
        date=like.date,
        records=tuple(records),
        published=PublishedFile(
            source=f"{mark} The grades were dealt out as often as published with {like.bundle}.", bodies=bodies, grades=published
        ),
    )


def _records(sweep: Sweep, case: Mapping[str, str], seed: int, number: str, like: Bundle) -> list[Record]:
    """Return a record for each criterion, known on the strongest basis: it shows the criterion's status and says that it is synthetic."""
    standard, book = sweep.standard, sweep.book
    best = list(standard.statuses)[-1]
    basis = max(
        (name for name, each in standard.bases.items() if each.establishes in (None, best)), key=lambda name: standard.bases[name].strength or 0
    )
    paragraphs: Counter[str] = Counter()
    records = []
    for criterion in book.criteria:
        status = case[criterion.id]
        section = "strengths" if status == best else "areas_for_improvement"
        paragraphs[section] += 1
        summary = f"Synthetic (seed {seed}, force {number}), no finding of an inspection: {criterion.title}: {standard.statuses[status]}."
        values = {
            "id": f"{book.rulebook}-{criterion.id}"[:80].rstrip("-_"),
            "framework": book.rulebook,
            "section": section,
            "paragraph": paragraphs[section],
            "fingerprint": fingerprint(summary),
            "criterion": criterion.id,
            "shows": status,
            "basis": basis,
            "date": standard.period or f"{like.date}",
            "note": "Synthetic: made for demonstrations, tests and load.",
            "summary": summary,
            "recorded_by": SYNTHETIC,
        }
        records.append(Record.model_validate(values))
    return records
