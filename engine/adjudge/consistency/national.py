"""The national picture: how often each grade was published and is proposed in each framework, and where each body stands among the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from adjudge.consistency.influence import Answer, answer
from adjudge.consistency.synthesis import is_synthetic
from adjudge.documents import Model
from adjudge.errors import BadInput
from adjudge.evidence import Bundle
from adjudge.grading import grade
from adjudge.rulebook import Standard
from adjudge.version import __version__

if TYPE_CHECKING:
    import pandas

OPEN = "open"
"""How a distribution names the proposals that unknown statuses leave open."""


class Standing(Model):
    """Where a grade stands in a distribution: how many of the bodies have a better one, the same one (the body itself too), a worse one."""

    better: int
    same: int
    worse: int


class Place(Model):
    """One body in one framework. A standing is None where there is no settled grade or no distribution."""

    bundle: str
    body: str
    framework: str
    published: str | None
    proposed: Answer
    decision_required: bool
    published_standing: Standing | None
    proposed_standing: Standing | None


class FrameworkPicture(Model):
    """The distributions of one framework. ``published`` and ``proposed`` count these bundles; ``national`` is the one that the reports print.

    ``national`` is None where no bundle gives one, or bundles give different ones (``national_differs``). Standings are taken from it, else from
    what was published of these bundles if they are more than one. ``agree`` counts the settled proposals that are the published grade.
    """

    framework: str
    title: str
    bodies: int
    published: Mapping[str, int]
    proposed: Mapping[str, int]
    national: Mapping[str, int] | None
    national_differs: bool
    agree: int
    comparable: int


class NationalPicture(Model):
    """The answer of ``adjudge national``: every framework's distributions and every body's place in them."""

    adjudge: str
    synthetic: bool
    standard: str
    edition: str
    reading: str
    bodies: int
    frameworks: tuple[FrameworkPicture, ...]
    places: tuple[Place, ...]

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each body and framework. Needs pandas."""
        import pandas

        rows = []
        for each in self.places:
            row: dict[str, object] = {name: getattr(each, name) for name in ("bundle", "body", "framework", "published", "decision_required")}
            row |= {"proposed": each.proposed.grade, "worst": each.proposed.low, "best": each.proposed.high}
            for name in ("published", "proposed"):
                standing: Standing | None = getattr(each, f"{name}_standing")
                row |= {f"{name}_{part}": getattr(standing, part) if standing else None for part in Standing.model_fields}
            rows.append(row | {"synthetic": self.synthetic})
        return pandas.DataFrame(rows)


def national_picture(bundles: Sequence[Bundle], reading: str | Mapping[str, str] | None = None) -> NationalPicture:
    """Grade bundles of one standard under a reading and put them beside each other.

    Raises BadInput for no bundles, bundles of different standards, one bundle given twice, and an unknown reading.
    """
    if not bundles:
        raise BadInput.at("bundles", "give at least one bundle")
    standard = bundles[0].standard
    for each in bundles:
        if (each.standard.standard, each.standard.edition) != (standard.standard, standard.edition):
            raise BadInput.at(each.bundle, f"is for another standard than {bundles[0].bundle}; a picture is of one standard")
    if twice := [name for name, times in Counter(each.bundle for each in bundles).items() if times > 1]:
        raise BadInput.at(twice[0], "is given twice")
    answers: dict[str, list[tuple[Bundle, Answer, str | None, bool]]] = {}
    for bundle in bundles:
        for proposal in grade(bundle, reading=reading):
            answers.setdefault(proposal.framework, []).append((bundle, answer(proposal), proposal.published, proposal.decision_required))
    pictures = {name: _picture(standard, name, rows) for name, rows in answers.items()}
    return NationalPicture(
        adjudge=__version__,
        synthetic=any(map(is_synthetic, bundles)),
        standard=standard.standard,
        edition=standard.edition,
        reading=standard.reading(reading).name,
        bodies=len(bundles),
        frameworks=tuple(pictures.values()),
        places=tuple(place for name, picture in pictures.items() for place in _places(standard, picture, answers[name])),
    )


Rows = Sequence[tuple[Bundle, Answer, str | None, bool]]


def _picture(standard: Standard, framework: str, rows: Rows) -> FrameworkPicture:
    published = Counter(given for _, _, given, _ in rows if given)
    proposed = Counter(found.grade or OPEN for _, found, _, _ in rows)
    printed = [
        dict(each.distribution)
        for bundle, *_ in rows
        for each in (bundle.published.grades if bundle.published else ())
        if each.framework == framework and each.distribution
    ]
    differs = any(each != printed[0] for each in printed)
    comparable = [(found.grade, given) for _, found, given, _ in rows if found.grade and given]
    return FrameworkPicture(
        framework=framework,
        title=standard.rulebook(framework).title,
        bodies=len(rows),
        published={name: published[name] for name in standard.grades},
        proposed={name: proposed[name] for name in (*standard.grades, OPEN)},
        national={name: printed[0].get(name, 0) for name in standard.grades} if printed and not differs else None,
        national_differs=differs,
        agree=sum(found == given for found, given in comparable),
        comparable=len(comparable),
    )


def _places(standard: Standard, picture: FrameworkPicture, rows: Rows) -> Iterator[Place]:
    among = picture.national or (picture.published if sum(picture.published.values()) > 1 else None)
    for bundle, found, given, decision in rows:
        yield Place(
            bundle=bundle.bundle,
            body=bundle.body.title,
            framework=picture.framework,
            published=given,
            proposed=found,
            decision_required=decision,
            published_standing=standing(standard, among, given),
            proposed_standing=standing(standard, among, found.grade),
        )


def standing(standard: Standard, distribution: Mapping[str, int] | None, given: str | None) -> Standing | None:
    """Return where a grade stands in a distribution; None without either."""
    if distribution is None or given is None:
        return None
    rank = standard.grade_rank
    counts = [
        sum(count for name, count in distribution.items() if (rank[name] > rank[given]) - (rank[name] < rank[given]) == way) for way in (1, 0, -1)
    ]
    return Standing(better=counts[0], same=counts[1], worse=counts[2])
