"""The laws of grading as properties: each holds of any standard, a drawn one or one of your own, for whatever is drawn under it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adjudge.conditions import Outcome
from adjudge.durable_host import available
from adjudge.evidence import Judgement, Record
from adjudge.grading import compare
from adjudge.inference import infer
from adjudge.language import Share, shown_value
from adjudge.proposal import Evaluation
from adjudge.reference import determining, evaluate
from adjudge.rulebook import NOT_APPLICABLE, NOT_ASSESSED, WHOLE, Criterion, Reading, Rulebook, Standard
from adjudge.status import derive
from adjudge.testing import strategies
from adjudge.testing.made_up import UNITS, as_data, as_shown, record, standard_of
from adjudge.testing.strategies import assumed, better, full_records, known, parts_of, readings_of, statuses, worst_first

FEW = 3
"""How many unknowns are filled in every way: the values of a criterion are ten at most."""
ORDERS = 60
"""In how many orders, and among how many random values, a search looks for where the grade turns."""

Values = Mapping[str, str]
Check = Callable[[st.DataObject, Standard, Rulebook], None]
Skips = Callable[[Standard, Rulebook], str | None]


@dataclass(frozen=True)
class Law:
    """A law: its sentence, what is checked for drawn input, and why it doesn't apply to a rulebook (None: it does).

    ``once`` says that the check draws nothing, so that it need not be repeated.
    """

    sentence: str
    check: Check
    skips: Skips
    once: bool = False

    def hold(self, standard: Standard, book: Rulebook, examples: int = 100, smallest: bool = True) -> None:
        """Check the law on a rulebook for so many drawn inputs, always the same ones.

        Raises AssertionError with an input that breaks it, ``smallest`` of its kind unless that isn't asked for.
        """

        @settings(
            max_examples=1 if self.once else examples,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if smallest else (Phase.generate,),
        )
        @given(st.data())
        def holds(data: st.DataObject) -> None:
            self.check(data, standard, book)

        holds()


LAWS: list[Law] = []
"""Every law that tests can check of a standard; one that stands on docs/explanation/laws.md has its words."""


def _always(standard: Standard, book: Rulebook) -> str | None:
    return None


def _law(sentence: str, skips: Skips = _always, once: bool = False) -> Callable[[Check], Check]:
    def add(check: Check) -> Check:
        LAWS.append(Law(sentence, check, skips, once))
        return check

    return add


def law(sentence: str) -> Law:
    """Return the law of a sentence. Raises KeyError if there is none."""
    for each in LAWS:
        if each.sentence == sentence:
            return each
    raise KeyError(sentence)


def _monotone_only(standard: Standard, book: Rulebook) -> str | None:
    return f"the standard isn't monotone: {standard.not_monotone}" if standard.not_monotone else None


def _evidence_only(standard: Standard, book: Rulebook) -> str | None:
    if not standard.bases:
        return "the standard has no bases, so that it takes no records"
    if not _telling(standard):
        return "no basis of the standard establishes anything"
    return None if any(each.grade_of is None for each in book.criteria) else "every criterion is another framework's grade, which no record shows"


def _limits_only(standard: Standard, book: Rulebook) -> str | None:
    return None if standard.limits else "the standard has no limits"


def _shares_only(standard: Standard, book: Rulebook) -> str | None:
    return None if any(True for _ in _shares(standard, book)) else "the standard has no shares"


def _several_only(standard: Standard, book: Rulebook) -> str | None:
    return _evidence_only(standard, book) or ("the standard has one rulebook only" if len(standard.rulebooks) < 2 else None)


def _evidence_and_rules(standard: Standard, book: Rulebook) -> str | None:
    return _evidence_only(standard, book) or _rules(standard, book)


def _rules(standard: Standard, book: Rulebook) -> str | None:
    return None if available() else "durable-rules isn't installed"


# --- what the checks share ---


def _drawn(data: st.DataObject, standard: Standard, book: Rulebook, unknown: bool = True) -> tuple[Reading, dict[str, str]]:
    return data.draw(readings_of(standard), "reading"), data.draw(statuses(standard, book, unknown), "statuses")


def _graded(standard: Standard, book: Rulebook, values: Values, reading: Reading) -> Evaluation:
    return evaluate(standard, assumed(standard, book, values), reading)


def _ends(standard: Standard, found: Evaluation) -> tuple[int, int]:
    return standard.grade_rank[found.low], standard.grade_rank[found.high]


def _opened(data: st.DataObject, values: dict[str, str]) -> list[str]:
    """Make a few values unknown; return which."""
    opened: list[str] = data.draw(st.lists(st.sampled_from(list(values)), max_size=FEW, unique=True), "unknown")
    values |= dict.fromkeys(opened, NOT_ASSESSED)
    return opened


def _fillings(standard: Standard, book: Rulebook, values: Values, opened: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield every filling of the unknowns with the statuses that they can have, or with points at and between the ends of their scale."""
    for choice in itertools.product(*(worst_first(standard, book.by_id[each]) for each in opened)):
        yield {**values, **dict(zip(opened, choice, strict=True))}


def _around(standard: Standard, book: Rulebook, criterion: Criterion) -> Iterator[tuple[Values, Values]]:
    """Yield values that differ in one criterion, at its worst and at its best: with more and more of its tier met, and the other tiers met or not."""
    ends = {each.id: (worst_first(standard, each)[0], worst_first(standard, each)[-1]) for each in book.criteria}
    beside = [each for each in book.criteria if each.tier == criterion.tier and each.id != criterion.id]
    by_significance = sorted(beside, key=lambda each: list(standard.significances).index(each.significance) if each.significance else 0)
    others = [tier for tier in dict.fromkeys(each.tier for each in book.criteria) if tier != criterion.tier]
    for met in itertools.product((True, False), repeat=min(len(others), 4)):
        level = dict(zip(others, met, strict=False))
        rest = {each.id: ends[each.id][level.get(each.tier, True)] for each in book.criteria}
        for ordered in (by_significance, by_significance[::-1]):
            for count in range(len(ordered) + 1):
                values = rest | {each.id: ends[each.id][number < count] for number, each in enumerate(ordered)}
                yield {**values, criterion.id: ends[criterion.id][0]}, {**values, criterion.id: ends[criterion.id][1]}


def _rising(standard: Standard, book: Rulebook) -> Iterator[Values]:
    """Yield values from all worst to all best, each criterion improved by a step in turn, in many orders."""
    chance = random.Random(2007)
    levels = {each.id: worst_first(standard, each) for each in book.criteria}
    for number in range(ORDERS):
        place = dict.fromkeys(levels, 0)
        order = [name for name, ordered in levels.items() for _ in ordered[1:]]
        if number:
            chance.shuffle(order)
        yield {each: ordered[0] for each, ordered in levels.items()}
        for name in order:
            place[name] += 1
            yield {each: ordered[place[each]] for each, ordered in levels.items()}


def _outcomes(found: Evaluation) -> Iterator[Outcome]:
    waiting = [*(each.outcome for each in found.reached), *(each.outcome for each in found.limited)]
    while waiting:
        outcome = waiting.pop()
        yield outcome
        waiting.extend(outcome.parts)


def _shares(standard: Standard, book: Rulebook) -> Iterator[Outcome]:
    yield from (each for each in _outcomes(_graded(standard, book, {}, standard.reading())) if isinstance(each.condition, Share))


def _derived(standard: Standard, book: Rulebook, records: Sequence[Record], judgements: Sequence[Judgement] = ()) -> dict[str, tuple[str, bool]]:
    found = derive(standard, book, records, judgements, UNITS)
    return {each.criterion.id: (each.status, each.contested) for each in found}


def _goodness(standard: Standard, book: Rulebook, criterion: str, value: str) -> Fraction | int:
    """Return how good a value is; what isn't known is worse than anything known."""
    if value == NOT_ASSESSED:
        return -(10**12)
    if book.by_id[criterion].points is None:
        return standard.rank[value]
    points = Fraction(value)
    return points if standard.points and standard.points.better == "higher" else -points


# --- from statuses to a grade ---


@_law("every combination has a proposal, or a range with a reason")
def _total(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    found = _graded(standard, book, values, reading)
    low, high = _ends(standard, found)
    assert low <= high, "the range runs backwards"
    if found.grade is not None:
        assert low <= standard.grade_rank[found.grade] <= high, "the grade lies outside its range"
    if found.grade is None:
        assert found.worst.grade != found.best.grade, "the grade is open though both ends agree"
        assert NOT_ASSESSED in values.values(), "the grade is open though every status is known"


@_law("the same statuses give the same answer, whatever was graded before")
def _deterministic(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    first = _graded(standard, book, values, reading)
    _graded(standard, book, data.draw(statuses(standard, book)), data.draw(readings_of(standard)))
    assert _graded(standard, book, dict(reversed(values.items())), reading) == first


@_law("improving a value never lowers the proposal", _monotone_only)
def _monotone(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    told = [key for key, value in values.items() if value not in (NOT_ASSESSED, NOT_APPLICABLE)]
    if not told:
        return
    criterion = data.draw(st.sampled_from(told), "improved")
    improved = {**values, criterion: data.draw(better(standard, book.by_id[criterion], values[criterion]), "to")}
    before, after = (_graded(standard, book, each, reading) for each in (values, improved))
    assert all(new >= old for old, new in zip(_ends(standard, before), _ends(standard, after), strict=True)), f"{before.answer} became {after.answer}"
    assert standard.grade_rank[after.worst.grade] >= standard.grade_rank[before.worst.grade]


@_law("a cap binds whatever else is met, and a floor holds unless a cap binds", _limits_only)
def _limits_bind(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    found = _graded(standard, book, values, reading)
    low, high = _ends(standard, found)
    lowest_cap = len(standard.grades)
    for each in found.limited:
        if each.limit.caps and each.outcome.certain:
            assert high <= standard.grade_rank[each.limit.grade], f"no better than {each.limit.grade}, but the answer is {found.answer}"
        if each.limit.caps and each.outcome.possible:
            lowest_cap = min(lowest_cap, standard.grade_rank[each.limit.grade])
    for each in found.limited:
        if not each.limit.caps and each.outcome.certain:
            floor = min(standard.grade_rank[each.limit.grade], lowest_cap)
            assert low >= floor, f"no worse than {each.limit.grade}, but the answer is {found.answer}"


@_law("a grade is proposed only where what is asked for it, or for a better one, is met in every part")
def _conjuncts_necessary(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    found = _graded(standard, book, values, reading)
    rank = standard.grade_rank
    for end, holds in ((found.low, "certain"), (found.high, "possible")):
        given_by = [rank[each.reach.grade] for each in found.reached if getattr(each.outcome, holds) and _every_part(each.outcome, holds)]
        given_by += [rank[each.limit.grade] for each in found.limited if not each.limit.caps and each.outcome.possible]
        given_by.append(rank[standard.otherwise.high])
        assert rank[end] <= max(given_by), f"{end} is proposed, but a part of what it needs isn't met"


def _every_part(outcome: Outcome, holds: str) -> bool:
    return all(getattr(part, holds) for part in outcome.parts) if type(outcome.condition).__name__ == "AllHold" else True


@_law("every grade is reachable", once=True)
def _reachable(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    missing = set(standard.grades)
    rows = (values for criterion in book.criteria for pair in _around(standard, book, criterion) for values in pair)
    for values in itertools.chain(rows, _rising(standard, book)):
        missing.discard(_graded(standard, book, values, standard.reading()).grade or "")
        if not missing:
            return
    raise AssertionError(f"no values were found that give {', '.join(sorted(missing))}; `adjudge audit` can tell for certain")


@_law("every criterion can matter", once=True)
def _can_matter(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    readings = list(itertools.islice(standard.all_readings(), 12))
    missing = [each.id for each in book.criteria if not any(_matters(standard, book, each, reading) for reading in readings)]
    assert not missing, f"no values were found in which {', '.join(missing)} matters; `adjudge audit` can tell for certain"


def _matters(standard: Standard, book: Rulebook, criterion: Criterion, reading: Reading) -> bool:
    pairs = itertools.chain(_around(standard, book, criterion), _swings(standard, book, criterion))
    return any(_graded(standard, book, low, reading).answer != _graded(standard, book, high, reading).answer for low, high in pairs)


def _swings(standard: Standard, book: Rulebook, criterion: Criterion) -> Iterator[tuple[Values, Values]]:
    """Yield random values that differ in one criterion: its worst and its best."""
    chance = random.Random(2007)
    levels = {each.id: worst_first(standard, each) for each in book.criteria}
    for _ in range(ORDERS):
        values = {name: chance.choice(ordered) for name, ordered in levels.items()}
        yield {**values, criterion.id: levels[criterion.id][0]}, {**values, criterion.id: levels[criterion.id][-1]}


@_law("learning a value never widens the range")
def _learning(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    applicable = [key for key, value in values.items() if value != NOT_APPLICABLE]
    if not applicable:
        return
    forgotten = data.draw(st.sampled_from(applicable), "forgotten")
    narrow = _ends(standard, _graded(standard, book, values, reading))
    wide = _ends(standard, _graded(standard, book, {**values, forgotten: NOT_ASSESSED}, reading))
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@_law("filling the unknowns never leaves the range and reaches both its ends")
def _ends_attained(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book, unknown=False)
    opened = _opened(data, values)
    found = _graded(standard, book, values, reading)
    filled = [_graded(standard, book, each, reading) for each in _fillings(standard, book, values, opened)]
    low, high = min(_ends(standard, each)[0] for each in filled), max(_ends(standard, each)[1] for each in filled)
    outer_low, outer_high = _ends(standard, found)
    assert outer_low <= low <= high <= outer_high, "a filling leaves the range"
    grades = {each.grade for each in filled}
    assert found.grade is None or grades == {found.grade}, f"the grade is settled, but the fillings give {sorted(map(str, grades))}"
    if standard.not_monotone:
        assert found.outer == bool(opened), "the range of a standard that isn't monotone is an outer bound where something is unknown"
    else:
        assert (low, high) == (outer_low, outer_high), "an end of the range isn't reached"
        assert found.grade is not None or len(grades) > 1, "the grade is open, but every filling gives the same"


@_law("determining criteria suffice, and none can be dropped")
def _determining(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)

    def answer(kept: Sequence[str]) -> tuple[str | None, str, str]:
        told = {key: value for key, value in values.items() if key in kept or value == NOT_APPLICABLE}
        return _graded(standard, book, told, reading).answer

    kept = determining(standard, assumed(standard, book, values), reading)
    assert answer(kept) == _graded(standard, book, values, reading).answer, f"{', '.join(kept)} don't suffice"
    for criterion in kept:
        assert answer([each for each in kept if each != criterion]) != answer(kept), f"{criterion} can be left out"


@_law("the order of the criteria doesn't matter")
def _order_of_criteria(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    shuffled = data.draw(st.permutations(book.criteria), "order")
    other = Rulebook.model_construct(**{**book.__dict__, "criteria": tuple(shuffled)})
    assert evaluate(standard, assumed(standard, other, values), reading).answer == _graded(standard, book, values, reading).answer


@_law("a criterion that isn't applicable leaves every count, as if the rulebook didn't have it")
def _not_applicable(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    gone = data.draw(st.lists(st.sampled_from(list(values)), min_size=1, max_size=3, unique=True), "not applicable")
    all_of_it = assumed(standard, book, {**values, **dict.fromkeys(gone, NOT_APPLICABLE)})
    without = tuple(each for each in all_of_it if each.criterion.id not in gone)
    assert evaluate(standard, all_of_it, reading).answer == evaluate(standard, without, reading).answer


@_law("shares are exact", _shares_only)
def _exact_shares(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    for outcome in _outcomes(_graded(standard, book, values, reading)):
        if isinstance(outcome.condition, Share) and outcome.whole:
            words = reading.values.get(outcome.condition.is_, outcome.condition.is_)
            bound, amount = Fraction(words.split()[-1]), {}
            for end, reached in (("least", len(outcome.passing)), ("most", len(outcome.passing) + len(outcome.open))):
                share = Fraction(reached, outcome.whole)
                keeps = {"at least": share >= bound, "more than": share > bound, "at most": share <= bound, "less than": share < bound}
                amount[end] = keeps[" ".join(words.split()[:2])]
            assert outcome.certain == all(amount.values()), f"{words}: {len(outcome.passing)} of {outcome.whole}"
            assert outcome.possible == any(amount.values()), f"{words}: {len(outcome.passing)} of {outcome.whole}"


@_law("what stands open is neither met nor failed: a condition is open only where its criteria are")
def _open_is_open(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    for outcome in _outcomes(_graded(standard, book, values, reading)):
        assert outcome.possible or not outcome.certain, "a condition holds for certain, but for no filling"
        assert outcome.holds is not None or NOT_ASSESSED in values.values()
        for each in outcome.open:
            assert each.status == NOT_ASSESSED, f"{each.criterion.id} is {each.status}, but counts as unknown"


# --- from evidence to statuses ---


@_law("the order of records doesn't matter", _evidence_only)
def _order_of_records(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records = data.draw(strategies.records(standard, book), "records")
    assert _derived(standard, book, records) == _derived(standard, book, data.draw(st.permutations(records), "order"))


@_law("a fact told again counts once", _evidence_only)
def _duplicates(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records = data.draw(strategies.records(standard, book, min_size=1), "records")
    again = data.draw(st.sampled_from([each for each in records if each.duplicate_of is None]), "again")
    criterion = book.by_id[again.criterion]
    shows = as_shown(criterion, data.draw(known(standard, criterion), "shows"))
    marked = again.model_copy(update={"id": "again", "duplicate_of": again.id, "shows": shows, "unit": data.draw(st.sampled_from(UNITS))})
    before = _derived(standard, book, records)
    assert _derived(standard, book, (*records, marked)) == before, "a marked duplicate counts"
    assert _derived(standard, book, (*records, again.model_copy(update={"id": "again"}))) == before, "an unmarked duplicate counts twice"


@_law("improving what a record shows never lowers a status", _evidence_only)
def _improving_a_record(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records = data.draw(strategies.records(standard, book, min_size=1), "records")
    index = data.draw(st.integers(0, len(records) - 1), "which")
    old = records[index]

    def improved(criterion: str, shows: str) -> str | int | float:
        return as_shown(book.by_id[criterion], data.draw(better(standard, book.by_id[criterion], shows)))

    shown = dict(old.shown())
    shows = improved(old.criterion, shown[old.criterion])
    new = old.model_copy(update={"shows": shows, "also": {each: improved(each, shown[each]) for each in old.also}})
    before, after = _derived(standard, book, records), _derived(standard, book, (*records[:index], new, *records[index + 1 :]))
    for criterion, (status, _) in before.items():
        assert _goodness(standard, book, criterion, after[criterion][0]) >= _goodness(standard, book, criterion, status), f"{criterion} got worse"


@_law("a record that is set aside changes nothing", _evidence_only)
def _set_aside(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records = data.draw(full_records(standard, book), "records")
    criterion = data.draw(_own(book), "criterion")
    some = next(iter(standard.bases))
    pairs = [(name, "2007-01") for name, basis in standard.bases.items() if basis.establishes == "nothing"]
    if standard.period:
        start, end = standard.period.start, standard.period.end
        pairs += [(some, f"{start.year - 1}-12"), (some, f"{end.year + 1}-01"), (some, f"{end}/{end.year + 1}-06")]
    if not pairs:
        return
    basis, date = data.draw(st.sampled_from(pairs), "basis and date")
    shows = as_shown(criterion, data.draw(known(standard, criterion), "shows"))
    extra = record("extra", book.rulebook, criterion.id, shows, basis, date, data.draw(st.sampled_from((WHOLE, *UNITS)), "unit"))
    assert _derived(standard, book, (*records, extra)) == _derived(standard, book, records)


@_law("one record alone earns no more on a weaker basis", _evidence_only)
def _weaker_basis(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    names = _telling(standard)
    one, other = data.draw(st.sampled_from(names), "basis"), data.draw(st.sampled_from(names), "other basis")
    weaker, stronger = sorted((one, other), key=lambda each: standard.bases[each].strength)
    if standard.bases[weaker].strength == standard.bases[stronger].strength:
        return
    criterion = data.draw(_own(book), "criterion")
    shows = as_shown(criterion, data.draw(known(standard, criterion), "shows"))
    told = [[record("r", book.rulebook, criterion.id, shows, basis, _inside(standard))] for basis in (weaker, stronger)]
    less, more = (_derived(standard, book, each)[criterion.id][0] for each in told)
    worth = [_goodness(standard, book, criterion.id, each) for each in (less, more)]
    assert worth[0] <= worth[1], f"{weaker} earns {less}, {stronger} {more}"


def _telling(standard: Standard) -> list[str]:
    """Return the bases that establish something, the weakest first."""
    names = [name for name, basis in standard.bases.items() if basis.establishes != "nothing"]
    return sorted(names, key=lambda each: standard.bases[each].strength)


def _own(book: Rulebook) -> st.SearchStrategy[Criterion]:
    """Draw a criterion that records can show."""
    return st.sampled_from([each for each in book.criteria if each.grade_of is None])


def _inside(standard: Standard) -> str:
    """Return a date inside the assessment period."""
    return str(standard.period.start) if standard.period else "2007-01"


@_law("the strongest basis decides: a record on a weaker one changes no status", _evidence_only)
def _strongest_decides(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    names = _telling(standard)
    weaker = [name for name in names if standard.bases[name].strength < standard.bases[names[-1]].strength]
    if not weaker:
        return
    criterion = data.draw(_own(book), "criterion")
    date = _inside(standard)
    values = [as_shown(criterion, data.draw(known(standard, criterion), "shows")) for _ in range(2)]
    strong = record("strong", book.rulebook, criterion.id, values[0], names[-1], date)
    weak = record("weak", book.rulebook, criterion.id, values[1], data.draw(st.sampled_from(weaker), "weaker"), date)
    assert _derived(standard, book, [strong, weak]) == _derived(standard, book, [strong])


@_law("where records of one basis disagree the weakest stands, and the criterion is contested", _evidence_only)
def _weakest_stands(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    names = _telling(standard)
    basis = data.draw(st.sampled_from(names), "basis")
    criterion = data.draw(_own(book), "criterion")
    date = _inside(standard)
    shown = [as_shown(criterion, data.draw(known(standard, criterion), "shows")) for _ in range(2)]
    told = [record(f"r{number}", book.rulebook, criterion.id, each, basis, date) for number, each in enumerate(shown)]
    alone = [_derived(standard, book, [each])[criterion.id][0] for each in told]
    weakest = min(alone, key=lambda value: _goodness(standard, book, criterion.id, value))
    assert _derived(standard, book, told)[criterion.id] == (weakest, alone[0] != alone[1])


@_law("across units the weakest stands, or that of the majority, as the criterion says", _evidence_only)
def _across_units(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    names = _telling(standard)
    criterion = data.draw(_own(book), "criterion")
    date = _inside(standard)
    bad, good = (as_shown(criterion, each) for each in (worst_first(standard, criterion)[0], worst_first(standard, criterion)[-1]))
    basis = max(names, key=lambda each: standard.bases[each].strength)
    shown = {unit: bad if number == 0 else good for number, unit in enumerate(data.draw(st.permutations(UNITS), "units"))}
    told = [record(f"r-{unit}", book.rulebook, criterion.id, value, basis, date, unit) for unit, value in shown.items()]
    alone = [_derived(standard, book, [each])[criterion.id][0] for each in told]
    ordered = sorted(alone, key=lambda value: _goodness(standard, book, criterion.id, value))
    expected = ordered[0] if criterion.across_units == "weakest" else ordered[1]
    assert _derived(standard, book, told)[criterion.id][0] == expected, f"{criterion.id} is taken by {criterion.across_units}"


@_law("another framework's records change nothing", _several_only)
def _other_frameworks(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    from adjudge.grading import grade
    from adjudge.testing.made_up import bundle

    if any(each.grade_of for each in book.criteria):
        return
    other = data.draw(st.sampled_from([each for each in standard.rulebooks if each.rulebook != book.rulebook]), "other")
    if any(each.grade_of for each in other.criteria):
        return
    records, judgements = data.draw(strategies.records(standard, book), "records"), data.draw(strategies.judgements(standard, book, 2), "judgements")
    drawn = data.draw(strategies.records(standard, other, min_size=1), "others")
    others = tuple(each.model_copy(update={"id": f"other-{each.id}"}) for each in drawn)
    judged = data.draw(strategies.judgements(standard, other, 2), "other judgements")
    alone = grade(bundle(records, judgements, UNITS, standard), [book.rulebook])[book.rulebook]
    beside = grade(bundle((*others, *records), (*judgements, *judged), UNITS, standard), [book.rulebook])[book.rulebook]
    assert (alone.statuses, alone.evaluation) == (beside.statuses, beside.evaluation)


@_law("judgements never alter evidence, and are undone cleanly", _evidence_only)
def _judgements(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records, judgements = data.draw(full_records(standard, book), "records"), data.draw(strategies.judgements(standard, book), "judgements")
    told, judged = derive(standard, book, records, (), UNITS), derive(standard, book, records, judgements, UNITS)
    for before, after in zip(told, judged, strict=True):
        assert (after.contested, after.units, after.set_aside) == (before.contested, before.units, before.set_aside)
        assert (after.before_judgement or after.status) == before.status
    assert derive(standard, book, records, (), UNITS) == told


@_law("what is judged is what counts", _evidence_only)
def _judged_counts(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records, judgements = data.draw(full_records(standard, book), "records"), data.draw(strategies.judgements(standard, book), "judgements")
    judged = {each.criterion.id: each for each in derive(standard, book, records, judgements, UNITS)}
    for each in judgements:
        if each.criterion and each.status is not None:
            assert judged[each.criterion].status == dict(_shown(each))[each.criterion]
        elif each.criterion and each.not_applicable:
            assert judged[each.criterion].status == NOT_APPLICABLE
        elif each.criterion and each.dominant:
            assert judged[each.criterion].significance == (standard.top_significance or judged[each.criterion].criterion.significance)


def _shown(judgement: Judgement) -> Iterator[tuple[str, str]]:
    if judgement.criterion and judgement.status is not None:
        yield judgement.criterion, shown_value(judgement.status)


# --- documents and evaluators ---


@_law("what is written loads back equal", once=True)
def _written(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    content, books = as_data(standard)
    again = standard_of(content, books)
    assert again.model_copy(update={"rulebooks": ()}) == standard.model_copy(update={"rulebooks": ()}), "the standard changes as it is written"
    assert again.rulebooks == standard.rulebooks, "a rulebook changes as it is written"


@_law("the evaluators agree on statuses", _rules)
def _evaluators_agree(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    reading, values = _drawn(data, standard, book)
    composed = data.draw(parts_of(standard, book), "parts")
    found = assumed(standard, book, values, composed=composed)
    between = {each.criterion.id: each.between for each in found if each.between}
    inferred = infer(standard, book, reading, statuses={each.criterion.id: each.status for each in found}, composed=between)
    assert inferred is not None
    told = compare(found, evaluate(standard, found, reading), inferred)
    assert not told, "; ".join(told)


@_law("the evaluators agree on evidence", _evidence_and_rules)
def _evaluators_agree_on_evidence(data: st.DataObject, standard: Standard, book: Rulebook) -> None:
    records, judgements = data.draw(full_records(standard, book), "records"), data.draw(strategies.judgements(standard, book), "judgements")
    composed, reading = data.draw(parts_of(standard, book), "parts"), data.draw(readings_of(standard), "reading")
    inferred = infer(standard, book, reading, records, judgements, UNITS, composed=composed)
    assert inferred is not None
    found = derive(standard, book, records, judgements, UNITS, composed)
    told = compare(found, evaluate(standard, found, reading), inferred)
    assert not told, "; ".join(told)
