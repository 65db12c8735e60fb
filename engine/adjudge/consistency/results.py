"""What a comparison of codings finds: figures, differences and what they change, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from adjudge.consistency.agreement import Agreement
from adjudge.consistency.influence import Answer, Effect
from adjudge.documents import Model
from adjudge.evidence import Section

if TYPE_CHECKING:
    import pandas

By = Literal["framework", "theme", "criterion"]
Field = Literal["criterion", "shows", "shows_same_criterion", "basis", "status"]
Change = Literal["grade", "range", "status", "nothing"]
CHANGES: tuple[Change, ...] = ("grade", "range", "status", "nothing")


class Figure(Model):
    """The agreement on one field: over everything, or in one framework, theme or criterion (what isn't narrowed is None).

    ``criterion``, ``shows`` and ``basis`` compare findings; ``shows_same_criterion`` only those put to one criterion by all;
    ``status`` compares the statuses of criteria that follow from each coding.
    """

    field: Field
    framework: str | None = None
    theme: str | None = None
    criterion: str | None = None
    agreement: Agreement


class Coverage(Model):
    """How much one coding covers: its records, the findings (paragraphs) they cite, and how many of these every other coding of findings has too;
    or the ``criteria`` to which it gives a status.

    ``borrowed`` findings, or criteria, of the frameworks it speaks of are taken from other codings for its proposals.
    """

    coding: str
    records: int = 0
    findings: int = 0
    shared: int = 0
    criteria: int = 0
    borrowed: int


class Missing(Model):
    """A finding that only some codings have."""

    framework: str
    citation: str
    coded_by: tuple[str, ...]


class Said(Model):
    """What one coding made of a finding; all None where it has no such record."""

    coding: str
    record: str | None = None
    criterion: str | None = None
    shows: str | None = None
    also: Mapping[str, str] = {}
    basis: str | None = None
    unit: str | None = None
    date: str | None = None
    duplicate_of: str | None = None
    summary: str | None = None


class Difference(Model):
    """A finding that was coded differently, in what, and what follows if one coding had it as another does."""

    framework: str
    section: Section
    paragraph: int
    citation: str
    differs_in: tuple[str, ...]
    said: tuple[Said, ...]
    changes: Change
    effects: tuple[Effect, ...]


class CriterionDifference(Model):
    """A criterion whose status differs between codings (in their order), and what follows if one coding had another's status."""

    framework: str
    criterion: str
    title: str
    statuses: tuple[str, ...]
    changes: Change
    effects: tuple[Effect, ...]


class Bridge(Model):
    """Criteria whose statuses as one coding has them turn another's answer into its own; none of them can be left out."""

    coding: str
    as_coded_by: str
    criteria: tuple[str, ...]


class FrameworkAnswers(Model):
    """The proposal of a framework under each coding, in the codings' order, and what bridges the first one's to the others' where they differ."""

    framework: str
    title: str
    answers: tuple[Answer, ...]
    same: bool
    bridges: tuple[Bridge, ...]


class Comparison(Model):
    """The answer of ``adjudge agree``: everything in which two or more codings of a body agree and differ."""

    adjudge: str
    body: str
    standard: str
    reading: str
    codings: tuple[str, ...]
    resamples: int
    seed: int
    judgements_left_aside: int
    coverage: tuple[Coverage, ...]
    missing: tuple[Missing, ...]
    other_text: tuple[str, ...]
    frameworks: tuple[FrameworkAnswers, ...]
    figures: tuple[Figure, ...]
    findings: tuple[Difference, ...]
    criteria: tuple[CriterionDifference, ...]

    def figure(self, field: Field, framework: str | None = None, theme: str | None = None, criterion: str | None = None) -> Agreement:
        """Return one figure. Raises KeyError if it wasn't worked out."""
        for each in self.figures:
            if (each.field, each.framework, each.theme, each.criterion) == (field, framework, theme, criterion):
                return each.agreement
        raise KeyError((field, framework, theme, criterion))

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each figure, with its intervals. Needs pandas."""
        import pandas

        rows = []
        for each in self.figures:
            found = each.agreement
            row: dict[str, object] = {name: getattr(each, name) for name in ("field", "framework", "theme", "criterion")}
            row |= {"level": found.level, "units": found.units, "compared": found.compared}
            for name in ("percent", "alpha", "ac"):
                estimate = getattr(found, name)
                row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row | {"cautions": "; ".join(caution.kind for caution in found.cautions), "resamples": self.resamples, "seed": self.seed})
        return pandas.DataFrame(rows)

    def differences_frame(self) -> pandas.DataFrame:
        """Return a row for each finding that was coded differently, with what each coding said. Needs pandas."""
        import pandas

        rows = []
        for each in self.findings:
            row: dict[str, object] = {"framework": each.framework, "citation": each.citation, "differs_in": ", ".join(each.differs_in)}
            for said in each.said:
                row |= {f"{name} ({said.coding})": getattr(said, name) for name in ("record", "criterion", "shows", "basis", "summary")}
            rows.append(row | {"changes": each.changes})
        return pandas.DataFrame(rows)
