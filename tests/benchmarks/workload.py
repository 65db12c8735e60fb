"""The work that every engine is given: a made-up framework of 50 criteria, seeded cases, and an oracle in plain Python.

Little is imported here, and only where it is used: an engine's cold start shouldn't pay for the harness.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

STATUSES = ("well_short", "partly_met", "substantially_met", "met")
"""Worst first: a status's rank is its place."""

GRADES = ("poor", "fair", "good", "excellent")
"""Worst first: a grade's code is its place."""

FRAMEWORK = "made-up"

_MET = frozenset(STATUSES[2:])

_SIZES = {"critical": 3, "significant": 15, "ordinary": 6, "good": 22, "beacon": 2, "innovation": 2}

_MIXTURE: tuple[dict[str, tuple[int, int, int, int]], ...] = (
    {"ordinary": (0, 0, 128, 128), "good": (2, 4, 50, 200), "beacon": (0, 0, 128, 128), "innovation": (0, 0, 128, 128)},  # Excellent, mostly
    {"ordinary": (0, 0, 128, 128), "good": (25, 25, 100, 106)},  # Good, mostly
    {"ordinary": (40, 60, 80, 76)},  # Fair: ordinary criteria missed
    {"ordinary": (0, 0, 128, 128), "good": (70, 70, 60, 56)},  # between Fair and Good by the share of Good
    {"significant": (6, 12, 120, 118)},  # the hole between Fair and Poor
    {"critical": (20, 25, 100, 111), "significant": (0, 5, 120, 131)},  # Poor by a critical criterion, often
    {"significant": (90, 40, 60, 66), "ordinary": (90, 40, 60, 66)},  # Poor by the number well short, often
    dict.fromkeys(_SIZES, (64, 64, 64, 64)),  # anything
)
"""How a batch is made up: case i is drawn by part i modulo 8. For each group the weights of the four statuses, of 256; a Fair group that isn't
named is met or substantially met, another is anything."""

_DRAWN_WELL, _DRAWN_ANY = (0, 0, 128, 128), (40, 40, 80, 96)


class Workload:
    """A framework of 50 criteria, or of ``times`` as many: 24 Fair (18 significant, 3 of those critical), 22 Good, 2 beacon, 2 innovation.

    ``critical``, ``threshold`` (significant or critical), ``fair``, ``good`` and ``factors`` are the ids that the rules ask for; ``ids`` are all, and
    each selection is a slice of them. ``most``, ``vast_majority`` and ``significant_number`` are the default reading's bounds as numbers of criteria.
    """

    def __init__(self, times: int = 1) -> None:
        self.groups = {group: tuple(f"{group}{number}" for number in range(1, size * times + 1)) for group, size in _SIZES.items()}
        self.critical = self.groups["critical"]
        self.threshold = self.critical + self.groups["significant"]
        self.fair = self.threshold + self.groups["ordinary"]
        self.good = self.groups["good"]
        self.factors = self.groups["beacon"] + self.groups["innovation"]
        self.ids = self.fair + self.good + self.factors
        self.most = len(self.good) // 2 + 1
        self.vast_majority = -(-len(self.good) * 9 // 10)
        self.significant_number = -(-len(self.fair) // 3)

    def oracle(self, case: Mapping[str, str]) -> str:
        """Grade a case (a status for every criterion) by the default reading of hmic-2007. It is also the row for plain Python."""
        critical = [case[each] in _MET for each in self.critical]
        fair = [case[each] in _MET for each in self.fair]
        well_short = [case[each] == "well_short" for each in self.fair]
        if not all(critical) or sum(well_short) >= self.significant_number:
            return "poor"
        if all(fair):
            good = [case[each] in _MET for each in self.good]
            factors = [case[each] in _MET for each in self.factors]
            if all(factors) and sum(good) >= self.vast_majority:
                return "excellent"
            if sum(good) >= self.most:
                return "good"
        return "fair"  # reached where the threshold is met; what the standard says otherwise where it isn't

    def batch(self, size: int, seed: int | str) -> Batch:
        """Draw cases: the same seed gives the same cases, and every grade is common among them."""
        import random

        draw = random.Random(seed)
        tables = [
            {group: _table(part.get(group, _DRAWN_ANY if group in ("good", "beacon", "innovation") else _DRAWN_WELL)) for group in _SIZES}
            for part in _MIXTURE
        ]
        columns = {}
        for group, ids in self.groups.items():
            for each in ids:
                column = bytearray(size)
                for place, table in enumerate(tables):
                    column[place :: len(tables)] = draw.randbytes(len(range(place, size, len(tables)))).translate(table[group])
                columns[each] = bytes(column)
        return Batch(columns, size)

    def rulebook(self) -> dict[str, Any]:
        """Return the framework as the content of an adjudge rulebook; it says that it is made up."""
        return {
            "rulebook": FRAMEWORK,
            "standard": "hmic-2007",
            "edition": "1",
            "title": "Made up for the benchmark",
            "heading": "Made up for the benchmark",
            "provenance": "reconstructed",
            "text": "Made up for the benchmark: no inspectorate published these criteria.",
            "themes": {"made-up": "made up for the benchmark"},
            "criteria": tuple(_criterion(group, each) for group, ids in self.groups.items() for each in ids),
        }


class Batch:
    """Cases in every form that an engine takes. ``columns`` has one byte a case for each criterion: the rank of its status. The other forms are made
    when first asked for: ``words`` and ``ranks`` are one mapping a case, ``arrays`` are numpy's view of the columns, ``matrix`` has a row for each
    criterion, ``rows`` a row for each case."""

    def __init__(self, columns: Mapping[str, bytes], size: int) -> None:
        self.columns = columns
        self.size = size
        self._made: dict[str, Any] = {}

    @property
    def words(self) -> list[dict[str, str]]:
        return self._once("words", lambda: [{each: STATUSES[column[i]] for each, column in self.columns.items()} for i in range(self.size)])

    @property
    def ranks(self) -> list[dict[str, int]]:
        return self._once("ranks", lambda: [{each: column[i] for each, column in self.columns.items()} for i in range(self.size)])

    @property
    def arrays(self) -> Mapping[str, Any]:
        import numpy

        return self._once("arrays", lambda: {each: numpy.frombuffer(column, numpy.uint8) for each, column in self.columns.items()})

    @property
    def matrix(self) -> Any:
        import numpy

        return self._once("matrix", lambda: numpy.stack(list(self.arrays.values())))

    @property
    def rows(self) -> Any:
        return self._once("rows", lambda: self.matrix.T.copy())

    def _once(self, form: str, make: Any) -> Any:
        if form not in self._made:
            self._made[form] = make()
        return self._made[form]

    def first(self, size: int) -> Batch:
        """Return a batch of its first cases."""
        return Batch({each: column[:size] for each, column in self.columns.items()}, min(size, self.size))


def _table(weights: tuple[int, int, int, int]) -> bytes:
    """Return the table that turns random bytes into ranks."""
    return bytes(rank for rank, weight in enumerate(weights) for _ in range(weight))


def _criterion(group: str, name: str) -> dict[str, Any]:
    fair = group in ("critical", "significant", "ordinary")
    content = {
        "id": name,
        "title": name,
        "text": "Made up for the benchmark.",
        "tier": "fair" if fair else group,
        "significance": group if fair else "ordinary",
        "theme": "made-up",
        "across_units": "weakest",
        "basis": ({"section": "grading_process", "note": "made up for the benchmark"},),
    }
    return content | ({"reason": "made up for the benchmark"} if group in ("critical", "significant") else {})
