"""Documents that were damaged: whatever is dropped, doubled, renamed, swapped or buried, adjudge answers or refuses with well-formed faults.

pytest tests/fuzz                                   # some hundred and fifty, always the same
pytest tests/fuzz -n 0 --hypothesis-profile=fuzz    # new ones each time, for about ten minutes; then how many of each kind
"""

from __future__ import annotations

import copy
import functools
import json
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import BadInput, grade, load_evidence, load_standard
from adjudge.consistency.codings import load_codings
from adjudge.documents import shipped
from adjudge.output import grading_out
from adjudge.sweep import compile_rulebook
from adjudge.table import grade_table
from adjudge.testing.cases import differences, read_cases
from adjudge.verification import read_answer
from adjudge.whatif.costs import load_costs
from adjudge.whatif.files import load_scenarios
from adjudge.writing import from_json, to_json
from tests.tally import TALLY

EXAMPLES = max(settings.default.max_examples, 15)  # type: ignore[union-attr]
"""How many damaged documents of each kind are tried."""
MOST_SECONDS = 30
"""After how much of the processor's time a document counts as one over which adjudge hangs, however busy the machine is."""
MOST_MEMORY = 200_000
"""By how many kilobytes one document may raise the most memory that the process ever held."""

TESTS = Path(__file__).parents[1]
LARGE = ("hmic-2007", "cqc-adult-social-care") if EXAMPLES > 100 else ()
STANDARDS = [*(shipped("rules") / name for name in ("fsa-fhrs", *LARGE)), *sorted((TESTS / "conformance/standards").iterdir())]
BUNDLE = TESTS / "bad/good/evidence/mini-body"
WORDS = (
    *("", " ", "met", "fair", "not_applicable", "nothing", "at least 1/0", "more than 1", "2007-13", "2007-01/2006-01", "..", "~"),
    *("\x00", "\u202e", "é" * 90, "a" * 20_000),
)
FEW = (1, 1, 1, 2, 4)
"""How many things are done to a document."""
NUMBERS = (0, -1, 1, 10**18, 10**40, 0.1, float("inf"), float("nan"), -0.0, 1e308, True, None)
ODD = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\t", b"\r", b"&a ", b"*a", b"!!python/object:os.system ", b"<<: ", b"---\n"),
    *(b"{" * 60, b"[" * 200, b"\xc3", b"\xe2\x80\xa8"),
)


@functools.cache
def _parsed(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, each in inner for place in _places(each, (*path, step)))]


def _damage(draw: Callable[[st.SearchStrategy[Any]], Any], root: Any) -> None:
    """Do one thing to a document: drop, double, rename, swap, replace or bury what stands at some place."""
    path = draw(st.sampled_from([place for place in _places(root) if place] or [()]))
    if not path:
        return
    holder = root
    for step in path[:-1]:
        holder = holder[step]
    last, value = path[-1], holder[path[-1]]
    kind = draw(st.sampled_from(("drop", "double", "rename", "word", "number", "bury", "swap", "list", "mapping", "take")))
    if kind == "drop":
        del holder[last]
    elif kind == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    elif kind == "rename" and isinstance(holder, dict):
        holder[draw(st.sampled_from((f"{last}s", f"{last}"[:-1], "id", "standard", "1", *WORDS[:6])))] = holder.pop(last)
    elif kind == "number":
        holder[last] = draw(st.sampled_from(NUMBERS))
    elif kind == "bury":
        for _ in range(draw(st.sampled_from((1, 5, 30, 60)))):
            value = {"all": [value]} if draw(st.booleans()) else [value]
        holder[last] = value
    elif kind == "swap":
        other = draw(st.sampled_from(_places(root)))
        found = root
        for step in other:
            found = found[step]
        holder[last] = copy.deepcopy(found)
    elif kind == "list":
        holder[last] = [value] * draw(st.sampled_from((0, 2, 50)))
    elif kind == "mapping":
        holder[last] = {"a": value}
    elif kind == "take" and isinstance(value, dict):
        holder[last] = next(iter(value.values()), None)
    else:
        holder[last] = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=20)))


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    """Draw a YAML or JSON document with up to four things wrong in its structure, or odd bytes in its text."""
    root = copy.deepcopy(_parsed(text))
    for _ in range(draw(st.sampled_from(FEW))):
        _damage(draw, root)
    data = yaml.dump(root, allow_unicode=True, sort_keys=False, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)).encode("utf-8", "replace")
    return draw(torn(data)) if draw(st.integers(0, 4)) == 0 else data


@st.composite
def torn(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw bytes with odd ones put in, or a piece cut out or doubled."""
    start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    middle = draw(st.sampled_from((b"", data[start:end] * 2, *ODD)))
    return data[:start] + middle + data[min(end, start + 40) :]


def _well_formed(error: BadInput) -> None:
    """A fault is one line with a message, a file and a place that isn't below nought."""
    assert error.faults
    for fault in error.faults:
        assert fault.message.strip()
        assert "\n" not in str(fault).strip()
        assert len(str(fault)) < 5_000
        assert fault.line >= 0
        assert fault.column >= 0


def _answers_or_refuses(kind: str, run: Callable[[], object]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with _no_hang():
            run()
        TALLY[f"{kind}: answered"] += 1
    except BadInput as error:
        _well_formed(error)
        TALLY[f"{kind}: refused"] += 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


@contextmanager
def _no_hang() -> Iterator[None]:
    """Fail what takes so long that a person would take it for dead."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"no answer in {MOST_SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _every(kind: str, data: Callable[[st.DataObject], bytes], name: str, run: Callable[[Path], object], examples: int = EXAMPLES) -> None:
    """Try so many damaged documents of a kind, each in a file of that name."""

    @settings(max_examples=examples)
    @given(st.data())
    def look(drawn: st.DataObject) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data(drawn))
            _answers_or_refuses(kind, lambda: run(path))

    look()


@pytest.mark.parametrize("folder", STANDARDS, ids=lambda each: each.name)
def test_standards(folder: Path) -> None:
    """A damaged standard or rulebook loads, or is refused with well-formed faults."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}

    @settings(max_examples=max(EXAMPLES // len(STANDARDS), 5))
    @given(st.data())
    def look(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(["standard.yaml", *texts]))
        with TemporaryDirectory() as made:
            for each, text in texts.items():
                (Path(made) / each).write_text(text, encoding="utf-8")
            (Path(made) / name).write_bytes(data.draw(damaged(texts[name])))
            _answers_or_refuses("standards (YAML)", lambda: load_standard(made))

    look()


def test_bundles() -> None:
    """A damaged bundle is graded, or is refused with well-formed faults."""
    files = sorted(path.relative_to(BUNDLE) for path in BUNDLE.rglob("*.yaml"))

    @settings(max_examples=EXAMPLES)
    @given(st.data())
    def look(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(files))
        with TemporaryDirectory() as made:
            shutil.copytree(BUNDLE.parents[1], made, dirs_exist_ok=True)
            own = Path(made) / "evidence" / BUNDLE.name
            (own / name).write_bytes(data.draw(damaged((BUNDLE / name).read_text(encoding="utf-8"))))
            _answers_or_refuses("bundles (YAML)", lambda: grade(load_evidence(own)))

    look()


def test_cases_of_the_plugin() -> None:
    """A damaged file of cases is read and answered, or refused with well-formed faults."""
    text = "\n".join((TESTS / "conformance/cases/judgements.yaml").read_text(encoding="utf-8").split("\n")[:24])
    text = text.replace("rulebooks: ../rulebooks", f"rulebooks: {TESTS / 'conformance/rulebooks'}")
    _every("cases (YAML)", lambda data: data.draw(damaged(text)), "cases.yaml", lambda path: [differences(case) for case in read_cases(path)])


SCENARIOS = """\
scenarios:
  - name: manned
    text: Someone is on patrol.
    set:
      patrol: {staffed-patrol: met}
    reading: default
  - name: logged
    over: manned
    judgements:
      - {framework: watch, criterion: staffed-watch, dominant: true}
    add:
      - {id: again, framework: watch, criterion: staffed-watch, shows: met, basis: audited, date: 2007-07, summary: The watch is kept.}
"""
COSTS = """\
costs:
  staffed-patrol: {once: 10, step: 2}
  patrol-log: {step: 2.5}
unless_stated: {step: 1}
"""


def test_scenarios() -> None:
    """A damaged file of scenarios is loaded, or refused with well-formed faults."""
    bundle = load_evidence(BUNDLE)
    _every("scenarios (YAML)", lambda data: data.draw(damaged(SCENARIOS)), "mine.yaml", lambda path: load_scenarios(path, bundle))


def test_costs() -> None:
    """A damaged file of costs is read, or refused with well-formed faults."""
    book = load_evidence(BUNDLE).standard.rulebook("patrol")
    _every("costs (YAML)", lambda data: data.draw(damaged(COSTS)), "costs.yaml", lambda path: load_costs(path, book))
    rows = "criterion,once,step\nstaffed-patrol,10,2\npatrol-log,,2.5\nunless_stated,0,1\n"
    _every("costs (CSV)", lambda data: _damaged_rows(data, rows), "costs.csv", lambda path: load_costs(path, book))


def _damaged_json(data: st.DataObject, text: str) -> bytes:
    root = json.loads(text)
    _damage(data.draw, root)
    made = json.dumps(root, indent=1).encode("utf-8", "replace")
    return data.draw(torn(made)) if data.draw(st.integers(0, 4)) == 0 else made


def test_answers() -> None:
    """A damaged JSON answer is read, or refused with well-formed faults."""
    text = grading_out(grade(load_evidence("hertfordshire-2007"), ["missing-persons"])).model_dump_json(indent=1)
    _every("answers (JSON)", lambda data: _damaged_json(data, text), "answer.json", read_answer)


def test_bundles_in_json() -> None:
    """A damaged bundle in JSON is loaded, or refused with well-formed faults."""
    bundle = load_evidence(BUNDLE)
    text = to_json(bundle)

    def load(path: Path) -> object:
        return from_json(path.read_text(encoding="utf-8", errors="replace"), path.name, bundle.standard)

    _every("bundles (JSON)", lambda data: _damaged_json(data, text), "bundle.json", load)


def _damaged_rows(data: st.DataObject, text: str) -> bytes:
    rows = [line.split(",") for line in text.splitlines()]
    cells = [cell for row in rows for cell in row]
    for _ in range(data.draw(st.sampled_from(FEW))):
        row = data.draw(st.sampled_from(rows))
        place = data.draw(st.integers(0, len(row) - 1))
        row[place] = data.draw(st.one_of(st.sampled_from(cells), st.sampled_from((*WORDS, '"', "1e9", "-1", "=met", "a=met;a=met", "1" * 5_000))))
    made = "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
    return data.draw(torn(made)) if data.draw(st.integers(0, 4)) == 0 else made


def test_codings_in_csv() -> None:
    """A damaged CSV coding is read, or refused with well-formed faults."""
    rows = """\
framework,section,paragraph,criterion,shows,basis,also
patrol,strengths,1,staffed-patrol,met,audited,
patrol,strengths,2,staffed-patrol,met,documented,
watch,strengths,1,staffed-watch,met,audited,
"""
    _every("codings (CSV)", lambda data: _damaged_rows(data, rows), "coding.csv", lambda path: load_codings([str(BUNDLE), str(path)], None, None))


def test_tables_in_csv() -> None:
    """A damaged table is graded, with rows that are refused and told, or refused with well-formed faults."""
    sweep = compile_rulebook(load_standard("fsa-fhrs"), "food-hygiene")
    rows = "hygiene,structural,confidence_in_management,rating\n5,5,5,5\n20,10,,3\n10,15,30,0\nnot_applicable,0,0,5\n"

    def graded(path: Path) -> object:
        return grade_table(sweep, path, "rating", None, path.with_name("out.csv"), path.with_name("rejects.csv"))

    _every("tables (CSV)", lambda data: _damaged_rows(data, rows), "premises.csv", graded)
