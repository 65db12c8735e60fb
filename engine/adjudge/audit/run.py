"""The audit of a rulebook, whole: the formulas checked against the reference, then law by law."""

from __future__ import annotations

import random

from adjudge.audit.gaps import Gaps
from adjudge.audit.order import Order
from adjudge.audit.population import Case, Population
from adjudge.audit.possible import Possible
from adjudge.audit.results import RulebookAudit
from adjudge.audit.search import Found, Search
from adjudge.audit.words import combinations
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, Rulebook, Standard

CROSS_CHECKS = 200
SEED = 2007


def audit_rulebook(standard: Standard, book: Rulebook) -> RulebookAudit:
    """Audit a rulebook of a standard, as it is in force (`Standard.on`).

    Raises EnginesDisagree if the reference answers some case otherwise than the formulas, and BadInput if z3 can't decide a law in time.
    """
    search = Search(standard, book)
    draw = random.Random(SEED)
    readings = list(standard.all_readings())
    for _ in range(CROSS_CHECKS):
        search.answered(Found(random_case(search.population, draw), draw.choice(readings)))
    gaps = Gaps(search)
    holes, found = gaps.hole()
    laws = [*Order(search).laws(), *Possible(search).laws(), holes]
    return RulebookAudit(
        standard=standard.standard,
        rulebook=book.rulebook,
        edition=book.edition,
        title=book.title,
        criteria=len(book.criteria),
        alike=search.population.actual,
        combinations=combinations(search.population),
        readings=len(readings),
        cross_checked=CROSS_CHECKS,
        laws=tuple(sorted(laws, key=lambda law: law.number)),
        findings=(*found, *gaps.findings()),
    )


def random_case(population: Population, draw: random.Random) -> Case:
    """Return a plain case: most criteria of a group share a value, so that every grade is common; some are unknown or not applicable."""
    counts: dict[tuple[int, str], int] = {}
    points: dict[int, int] = {}
    for place, group in enumerate(population.groups):
        values = (*group.values, NOT_ASSESSED, NOT_APPLICABLE)
        often = dict.fromkeys(draw.sample(values, 1) if draw.random() < 0.2 else [draw.choice(group.values), group.values[-1]], 8)
        picked = draw.choices(values, [often.get(value, 0.5) for value in values], k=group.size)
        counts |= {(place, value): picked.count(value) for value in values}
        if group.scored:
            points[place] = draw.randint(min(group.ends), max(group.ends))
    return Case(counts, points)
