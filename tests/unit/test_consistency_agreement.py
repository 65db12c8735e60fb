"""Agreement figures: published worked examples, independent packages, the definitions written out, and the laws they keep."""

from __future__ import annotations

import itertools
import math
import random
import sys
import warnings
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudge.consistency.agreement import Level, agreement, gwet_ac, krippendorff_alpha, percent_agreement

Units = list[list[str | None]]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal")
VALUES = ("1", "2", "3", "4", "5")


def _coders(*rows: str) -> Units:
    """Units from a row of codes for each coder, as papers print them; `*` is a missing code."""
    return [[None if code == "*" else code for code in unit] for unit in zip(*rows, strict=True)]


KRIPPENDORFF_BINARY = _coders("0100000000", "1110010100")
KRIPPENDORFF_NOMINAL = _coders("aabbdcccedda", "babbbccceddd")
FOUR_CODERS = _coders("123321412***", "1233224125*3", "*3332342251*", "12332441251*")


def test_krippendorffs_binary_example() -> None:
    """Krippendorff (2011), A: two observers, ten units, binary: alpha 0.095."""
    assert krippendorff_alpha(KRIPPENDORFF_BINARY, "01", "nominal") == pytest.approx(0.095, abs=0.0005)


def test_krippendorffs_nominal_example() -> None:
    """Krippendorff (2011), B: two observers, twelve units, five categories: alpha 0.692."""
    assert krippendorff_alpha(KRIPPENDORFF_NOMINAL, "abcde", "nominal") == pytest.approx(0.692, abs=0.0005)


def test_krippendorffs_example_with_missing_codes() -> None:
    """Krippendorff (2011), C and D: four observers, twelve units, missing codes: alpha 0.743 nominal, 0.815 ordinal."""
    assert krippendorff_alpha(FOUR_CODERS, VALUES, "nominal") == pytest.approx(0.743, abs=0.0005)
    assert krippendorff_alpha(FOUR_CODERS, VALUES, "ordinal") == pytest.approx(0.815, abs=0.0005)


def test_gwets_example_with_missing_codes() -> None:
    """Gwet (2014), the same twelve units: percent agreement 0.818, AC1 0.775."""
    assert percent_agreement(FOUR_CODERS, VALUES) == pytest.approx(0.8181818, abs=5e-8)
    assert gwet_ac(FOUR_CODERS, VALUES, "nominal") == pytest.approx(0.77544, abs=5e-6)


def test_gwets_table_of_two_abstractors() -> None:
    """Gwet (2014), 100 records by two abstractors in three categories: AC1 0.849."""
    table = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
    units = [[str(row), str(column)] for row in range(3) for column in range(3) for _ in range(table[row][column])]
    assert gwet_ac(units, "012", "nominal") == pytest.approx(0.84933, abs=5e-6)


def made_up(seed: int, units: int, coders: int) -> Units:
    """Units made up by a seed: codes near a common value, a fifth of them missing."""
    draw = random.Random(seed)
    found: Units = []
    for _ in range(units):
        middle = draw.randrange(5)
        found.append([None if draw.random() < 0.2 else VALUES[min(4, max(0, middle + draw.choice((-1, 0, 0, 0, 1))))] for _ in range(coders)])
    return found


IRRCAC: dict[tuple[int, int, int], tuple[float, float]] = {
    (1, 12, 2): (0.18036, 0.7291),
    (2, 40, 2): (0.32803, 0.81089),
    (3, 30, 3): (0.44189, 0.79105),
    (4, 80, 4): (0.42686, 0.82419),
}
"""Gwet's AC1, and AC2 with ordinal weights, that irrCAC 0.4.4 gives for units made up by a seed."""


@pytest.mark.parametrize(("made", "expected"), IRRCAC.items())
def test_gwets_coefficients_are_those_of_irrcac(made: tuple[int, int, int], expected: tuple[float, float]) -> None:
    """AC1 and AC2 are what the independent package irrCAC gave (to its five decimals)."""
    units = made_up(*made)
    assert [gwet_ac(units, VALUES, level) for level in LEVELS] == pytest.approx(expected, abs=6e-6)


@pytest.mark.parametrize("made", IRRCAC)
def test_irrcac_still_gives_those_figures(made: tuple[int, int, int]) -> None:
    """Where irrCAC is installed, it gives the figures above: they can be reproduced."""
    raw = pytest.importorskip("irrCAC.raw", reason="irrCAC asks for an old coverage: pip install --no-deps irrCAC scipy")
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[float(code) if code else math.nan for code in unit] for unit in made_up(*made)])
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for weights in ("identity", "ordinal"):
            found.append(raw.CAC(frame, weights=weights, categories=[float(value) for value in VALUES]).gwet()["est"]["coefficient_value"])
    assert found == pytest.approx(IRRCAC[made], abs=1e-9)


@st.composite
def some_units(draw: st.DrawFn) -> Units:
    """Draw units of two to four coders, with missing codes."""
    coders = draw(st.integers(2, 4))
    code = st.sampled_from((*VALUES, None))
    return draw(st.lists(st.lists(code, min_size=coders, max_size=coders), min_size=1, max_size=12))


def _varies(units: Units) -> bool:
    codes = {code for unit in units if sum(each is not None for each in unit) > 1 for code in unit if code}
    return len(codes) > 1


@given(some_units())
@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_that_of_the_package_krippendorff(level: Level, units: Units) -> None:
    """Alpha is what the independent package krippendorff gives, missing codes and all."""
    krippendorff = pytest.importorskip("krippendorff")
    found = krippendorff_alpha(units, VALUES, level)
    if not _varies(units):
        assert found is None
        return
    rows = [[float(code) if code else math.nan for code in coder] for coder in zip(*units, strict=True)]
    assert found == pytest.approx(krippendorff.alpha(reliability_data=rows, level_of_measurement=level), abs=1e-9)


def _written_out(units: Units, level: Level) -> float | None:
    """Gwet's coefficient as the book defines it, coder by coder: weights, agreement, prevalence, chance."""
    size = len(VALUES)

    def weight(one: str, other: str) -> float:
        k, other_k = sorted((VALUES.index(one), VALUES.index(other)))
        if level == "nominal":
            return float(k == other_k)
        return 1.0 if k == other_k else 1 - math.comb(other_k - k + 1, 2) / math.comb(size, 2)

    coded = [[code for code in unit if code] for unit in units]
    coded = [unit for unit in coded if unit]
    twice = [unit for unit in coded if len(unit) > 1]
    if not twice:
        return None
    agreed = sum(sum(weight(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) * (len(unit) - 1)) for unit in twice) / len(twice)
    shares = [sum(unit.count(value) / len(unit) for unit in coded) / len(coded) for value in VALUES]
    total = sum(weight(a, b) for a in VALUES for b in VALUES)
    chance = total / (size * (size - 1)) * sum(share * (1 - share) for share in shares)
    return (agreed - chance) / (1 - chance)


@given(some_units())
@pytest.mark.parametrize("level", LEVELS)
def test_gwets_coefficient_is_its_definition(level: Level, units: Units) -> None:
    """AC1 and AC2 are the book's formulas, written out coder by coder."""
    expected = _written_out(units, level)
    assert gwet_ac(units, VALUES, level) == (None if expected is None else pytest.approx(expected, abs=1e-9))


def _figures(units: Sequence[Sequence[str | None]], values: Sequence[str], level: Level) -> list[float | None]:
    return [percent_agreement(units, values), krippendorff_alpha(units, values, level), gwet_ac(units, values, level)]


@given(some_units(), st.randoms(use_true_random=False))
@pytest.mark.parametrize("level", LEVELS)
def test_the_order_of_coders_and_units_is_of_no_account(level: Level, units: Units, shuffle: random.Random) -> None:
    """Whoever is named first, and whichever finding comes first, the figures are the same."""
    other = [shuffle.sample(unit, len(unit)) for unit in units]
    shuffle.shuffle(other)
    assert _figures(other, VALUES, level) == pytest.approx(_figures(units, VALUES, level), abs=1e-9)


@given(some_units())
@pytest.mark.parametrize("level", LEVELS)
def test_a_scale_read_backwards_gives_the_same_figures(level: Level, units: Units) -> None:
    """Best first or worst first, the figures are the same."""
    assert _figures(units, VALUES[::-1], level) == pytest.approx(_figures(units, VALUES, level), abs=1e-9)


@given(some_units())
def test_with_two_values_ordinal_and_nominal_are_the_same(units: Units) -> None:
    """A scale of two values has no near misses."""
    two: Units = [[code and "12"[code > "2"] for code in unit] for unit in units]
    assert _figures(two, "12", "ordinal") == pytest.approx(_figures(two, "12", "nominal"), abs=1e-9)


@given(some_units())
@pytest.mark.parametrize("level", LEVELS)
def test_a_coder_who_coded_nothing_changes_nothing(level: Level, units: Units) -> None:
    """A coder without codes leaves the figures as they are."""
    assert _figures([[*unit, None] for unit in units], VALUES, level) == pytest.approx(_figures(units, VALUES, level), abs=1e-9)


@given(st.lists(st.sampled_from(VALUES), min_size=2, max_size=20).filter(lambda codes: len(set(codes)) > 1))
@pytest.mark.parametrize("level", LEVELS)
def test_full_agreement_is_one(level: Level, codes: list[str]) -> None:
    """Coders who agree on everything, and found it to vary, have every figure at 1."""
    assert _figures([[code, code] for code in codes], VALUES, level) == pytest.approx([1.0, 1.0, 1.0])


def test_a_near_miss_costs_less_than_a_far_one() -> None:
    """On an ordinal scale the figures fall as codes move apart; percent agreement doesn't see it."""
    near, far = ([["1", "1"], ["2", "2"], ["4", "4"], ["5", "5"], ["3", other]] for other in ("4", "1"))
    assert percent_agreement(near, VALUES) == percent_agreement(far, VALUES)
    for figure in (krippendorff_alpha, gwet_ac):
        one, other = figure(near, VALUES, "ordinal"), figure(far, VALUES, "ordinal")
        assert one is not None
        assert other is not None
        assert one > other


def test_intervals_are_those_of_a_plain_bootstrap() -> None:
    """The interval is the 2.5th and 97.5th percentile over resamples of the units compared, drawn by the seed; single codes stay as they are."""
    units = made_up(3, 30, 2)
    compared = [unit for unit in units if all(unit)]
    alone = [unit for unit in units if any(unit) and not all(unit)]
    assert alone
    found = agreement(units, VALUES, "ordinal", resamples=200, seed=5)
    tallies: dict[tuple[tuple[int, int], ...], list[Sequence[str | None]]] = {}
    for unit in compared:
        tallies.setdefault(tuple(sorted((VALUES.index(code), unit.count(code)) for code in set(unit) if code)), []).append(unit)
    population = [unit for group in tallies.values() for unit in group]
    draw = random.Random(5).random
    resamples = [[population[int(draw() * len(population))] for _ in population] for _ in range(200)]
    figures = [_figures([*sample, *alone], VALUES, "ordinal") for sample in resamples]
    for place, estimate in enumerate((found.percent, found.alpha, found.ac)):
        draws = sorted(value for each in figures if (value := each[place]) is not None)
        assert estimate.defined == len(draws) == 200
        assert (estimate.low, estimate.high) == pytest.approx((draws[5], draws[194]), abs=1e-9)


def test_a_seed_gives_the_same_intervals_for_ever() -> None:
    """Python's own generator draws, so these figures hold on every machine; another seed gives others."""
    units = made_up(3, 30, 2)
    first, again, other = (agreement(units, VALUES, "ordinal", 200, seed) for seed in (5, 5, 6))
    assert first == again
    assert (first.alpha.low, first.alpha.high) != (other.alpha.low, other.alpha.high)
    assert first.alpha.value == other.alpha.value


def test_no_resamples_give_no_intervals() -> None:
    """With none asked for, the figures stand alone."""
    found = agreement(made_up(3, 30, 2), VALUES, "ordinal", resamples=0)
    assert (found.alpha.low, found.alpha.high, found.alpha.defined) == (None, None, 0)
    assert found.cautions == ()


def test_one_unit_compared_has_no_interval() -> None:
    """Resampling one unit says nothing, so nothing is said."""
    found = agreement([["1", "2"], ["3", None], [None, "3"]], VALUES, "ordinal", resamples=50)
    assert (found.compared, found.percent.value) == (1, 0.0)
    assert (found.percent.low, found.alpha.low, found.ac.low) == (None, None, None)


def test_where_one_code_dominates_it_is_said() -> None:
    """Nearly all agree on one code: alpha falls to nothing, AC2 doesn't, and the caution says why in plain words."""
    units = [["5", "5"]] * 46 + [["5", "4"]] * 2 + [["4", "5"]] * 2
    found = agreement(units, VALUES, "ordinal", resamples=100)
    assert found.percent.value == 0.92
    assert found.alpha.value is not None
    assert found.alpha.value < 0
    assert found.ac.value is not None
    assert found.ac.value > 0.9
    caution = next(each for each in found.cautions if each.kind == "prevalence")
    assert caution.text.startswith("coders agree on 92%, yet alpha is -0.03: 96% of the codes are `5`")
    assert "AC2, which doesn't, is 0.99" in caution.text


def test_without_variation_alpha_is_undefined_and_it_is_said() -> None:
    """All codes alike: alpha is None, not 1 and not 0."""
    found = agreement([["2", "2"]] * 12, VALUES, "ordinal", resamples=50)
    assert (found.percent.value, found.alpha.value) == (1.0, None)
    assert [each.kind for each in found.cautions] == ["no_variation"]


def test_few_units_are_said() -> None:
    """Fewer than ten units compared: a caution instead of false precision."""
    found = agreement([["1", "1"], ["2", "2"], ["3", "4"]], VALUES, "ordinal", resamples=50)
    assert [each.kind for each in found.cautions] == ["few"]


@pytest.mark.parametrize("units", [[], [["1", None], [None, "2"]], [[None, None]]])
def test_nothing_to_compare_is_said(units: Units) -> None:
    """Where no unit was coded twice there is no figure, and no made-up one."""
    found = agreement(units, VALUES, "ordinal", resamples=50)
    assert (found.percent.value, found.alpha.value, found.ac.value, found.compared) == (None, None, None, 0)
    assert [each.kind for each in found.cautions] == ["nothing_to_compare"]


def test_resamples_in_which_alpha_is_undefined_are_counted() -> None:
    """An interval that rests on fewer resamples says so."""
    found = agreement([["1", "1"]] * 19 + [["2", "2"]], VALUES, "ordinal", resamples=200)
    assert 0 < found.alpha.defined < 200
    assert f"undefined in {200 - found.alpha.defined} of 200 resamples" in found.cautions[-1].text


@pytest.mark.parametrize("seed", [0, 7, 2007, 2**32 - 1, 2**32, 10**30])
def test_numpy_makes_the_same_draws(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With numpy and without, a seed gives the same intervals."""
    units = made_up(4, 40, 3)
    fast = agreement(units, VALUES, "ordinal", 50, seed)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert agreement(units, VALUES, "ordinal", 50, seed) == fast
