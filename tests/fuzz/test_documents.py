"""Documents that were damaged: whatever is dropped, doubled, renamed, swapped or buried, adjudge answers or refuses with well-formed faults.

pytest tests/fuzz                                   # some two hundred, always the same
pytest tests/fuzz --hypothesis-profile=fuzz         # some thirty thousand, new ones each time
"""

from __future__ import annotations

import copy
import functools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudge import BadInput, grade, load_evidence, load_standard
from adjudge.consistency.codings import load_codings
from adjudge.documents import shipped
from adjudge.output import grading_out
from adjudge.testing.cases import differences, read_cases
from adjudge.verification import read_answer

EXAMPLES = settings.default.max_examples // 5  # type: ignore[union-attr]
"""How many damaged documents each test tries."""

TESTS = Path(__file__).parents[1]
LARGE = ("hmic-2007", "cqc-adult-social-care") if EXAMPLES > 100 else ()
STANDARDS = [*(shipped("rules") / name for name in ("fsa-fhrs", *LARGE)), *sorted((TESTS / "conformance/standards").iterdir())]
BUNDLES = [TESTS / "bad/good/evidence/mini-body"]
WORDS = (
    *("", " ", "met", "fair", "not_applicable", "nothing", "at least 1/0", "more than 1", "2007-13", "2007-01/2006-01", "..", "~"),
    *("\x00", "\u202e", "é" * 90, "a" * 20_000),
)
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
    for _ in range(draw(st.integers(1, 4))):
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


def _answers_or_refuses(run: Callable[[], object]) -> None:
    try:
        run()
    except BadInput as error:
        _well_formed(error)


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
            _answers_or_refuses(lambda: load_standard(made))

    look()


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda each: each.name)
def test_bundles(bundle: Path) -> None:
    """A damaged bundle is graded, or is refused with well-formed faults."""
    files = sorted(path.relative_to(bundle) for path in bundle.rglob("*.yaml"))

    @settings(max_examples=EXAMPLES)
    @given(st.data())
    def look(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(files))
        with TemporaryDirectory() as made:
            shutil.copytree(bundle.parents[1], made, dirs_exist_ok=True)
            own = Path(made) / "evidence" / bundle.name
            (own / name).write_bytes(data.draw(damaged((bundle / name).read_text(encoding="utf-8"))))
            _answers_or_refuses(lambda: grade(load_evidence(own)))

    look()


def test_cases_of_the_plugin() -> None:
    """A damaged file of cases is read and answered, or refused with well-formed faults."""
    text = "\n".join((TESTS / "conformance/cases/judgements.yaml").read_text(encoding="utf-8").split("\n")[:24])

    def answered(path: Path) -> None:
        for case in read_cases(path):
            differences(case)

    @settings(max_examples=EXAMPLES)
    @given(damaged(text.replace("rulebooks: ../rulebooks", f"rulebooks: {TESTS / 'conformance/rulebooks'}")))
    def look(data: bytes) -> None:
        with TemporaryDirectory() as made:
            path = Path(made) / "cases.yaml"
            path.write_bytes(data)
            _answers_or_refuses(lambda: answered(path))

    look()


def test_answers() -> None:
    """A damaged JSON answer is read, or refused with well-formed faults."""
    text = grading_out(grade(load_evidence("hertfordshire-2007"), ["missing-persons"])).model_dump_json(indent=1)

    @settings(max_examples=EXAMPLES)
    @given(st.data())
    def look(data: st.DataObject) -> None:
        root = json.loads(text)
        _damage(data.draw, root)
        made = json.dumps(root, indent=1).encode("utf-8", "replace")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "answer.json"
            path.write_bytes(data.draw(torn(made)) if data.draw(st.booleans()) else made)
            _answers_or_refuses(lambda: read_answer(path))

    look()


CSV = """\
framework,section,paragraph,criterion,shows,basis,also
patrol,strengths,1,staffed-patrol,met,audited,
patrol,strengths,2,staffed-patrol,met,documented,
watch,strengths,1,staffed-watch,met,audited,
"""


def test_codings_in_csv() -> None:
    """A damaged CSV coding is read, or refused with well-formed faults."""

    @settings(max_examples=EXAMPLES)
    @given(st.data())
    def look(data: st.DataObject) -> None:
        rows = [line.split(",") for line in CSV.splitlines()]
        for _ in range(data.draw(st.integers(1, 3))):
            row = data.draw(st.sampled_from(rows))
            place = data.draw(st.integers(0, len(row) - 1))
            row[place] = data.draw(st.sampled_from((*WORDS, '"', "1e9", "-1", "framework", "=met", "a=met;a=met")))
        made = "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "coding.csv"
            path.write_bytes(data.draw(torn(made)) if data.draw(st.booleans()) else made)
            _answers_or_refuses(lambda: load_codings([str(BUNDLES[0]), str(path)], None, None))

    look()
