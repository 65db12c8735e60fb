"""Every way to get a regime or a bundle wrong, in cases.yaml: each tells all its faults, and exactly those, in the user's words."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from adjudge.bundles import load_evidence
from adjudge.errors import BadInput
from adjudge.evidence import Bundle
from adjudge.standards import load_standard

HERE = Path(__file__).parent
GOOD = HERE / "good"
STANDARDS = ("rules/mini", "rules/score")
BUNDLE = "evidence/mini-body"


@dataclass(frozen=True)
class Case:
    """One change of one good file and the faults it must give, in their order."""

    sentence: str
    file: str
    expect: tuple[str, ...]
    replace: str | None = None
    by: str = ""
    append: str = ""
    whole: str | None = None

    @classmethod
    def read(cls, entry: dict[str, Any]) -> Case:
        """Read a case as the file writes it. Raises TypeError for a key that no case has."""
        values: dict[str, Any] = {"by" if key == "with" else key: tuple(value) if key == "expect" else value for key, value in entry.items()}
        return cls(**values)

    def apply(self) -> None:
        """Change the file, which lies under the current folder."""
        path = Path(self.file)
        text = path.read_text(encoding="utf-8") if self.whole is None else self.whole
        if self.replace is not None:
            assert text.count(self.replace) == 1, f"`{self.replace}` stands {text.count(self.replace)} times in {self.file}"
            text = text.replace(self.replace, self.by)
        path.write_text(text + self.append, encoding="utf-8")


CASES = [Case.read(entry) for entry in yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))["cases"]]


@pytest.fixture(autouse=True)
def _good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a copy of the tiny good regimes."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def _load() -> Bundle:
    for standard in STANDARDS:
        load_standard(standard)
    return load_evidence(BUNDLE)


def _faults() -> list[str]:
    """Return the faults of loading the standards, or, if they have none, the bundle."""
    with pytest.raises(BadInput) as raised:
        _load()
    return [str(fault) for fault in raised.value.faults]


def test_the_unchanged_regime_loads() -> None:
    """The good regime has no fault, so a case's faults come from its change alone."""
    bundle = _load()
    assert [book.rulebook for book in bundle.standard.rulebooks] == ["patrol", "watch"]
    assert len(bundle.records) == 4
    assert len(bundle.judgements) == 2
    assert len(bundle.recommendations) == 2
    assert bundle.published is not None


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_each_case_tells_exactly_its_faults(case: Case) -> None:
    """Loading the changed regime tells every fault at its file, line and column, and nothing else."""
    case.apply()
    assert _faults() == list(case.expect)


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_a_fault_is_one_short_line(case: Case) -> None:
    """A message stays on one line that a terminal can show, without words of Python or of the libraries beneath."""
    for line in case.expect:
        assert line.isprintable()
        assert len(line) < 240
        for word in ("Traceback", "pydantic", "NoneType", "tag:yaml.org", "('", "None", "dict", "tuple"):
            assert word not in line


def test_every_case_has_its_own_sentence() -> None:
    """A sentence names one case, and the suite doesn't shrink unnoticed."""
    assert len({case.sentence for case in CASES}) == len(CASES)
    assert len(CASES) >= 230


def test_the_faults_of_all_files_are_told_at_once() -> None:
    """Faults in six files of a bundle come in one answer, in the order of files and lines."""
    chosen = [
        next(case for case in CASES if case.sentence == sentence)
        for sentence in (
            "an unknown graded framework",
            "a judgement without a reason",
            "a distribution that doesn't add up",
            "a recommendation given twice",
            "a record on another framework's criterion",
            "a status spelt wrongly",
        )
    ]
    for case in chosen:
        case.apply()
    assert _faults() == [line for case in chosen for line in case.expect]


def test_the_faults_of_all_rulebooks_are_told_at_once() -> None:
    """Faults in a standard and in a rulebook beside it come in one answer."""
    chosen = [
        next(case for case in CASES if case.sentence == sentence) for sentence in ("a share that no bundle can reach", "a criterion given twice")
    ]
    for case in chosen:
        case.apply()
    assert _faults() == [line for case in chosen for line in case.expect]


@pytest.mark.parametrize(("folder", "name"), [(BUNDLE, "."), ("evidence", "mini-body"), ("rules", "../evidence/mini-body")])
def test_a_bundle_finds_its_standard_from_any_folder(folder: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard stands two levels beside the bundle, wherever the user stands."""
    monkeypatch.chdir(folder)
    assert load_evidence(name).standard.standard == "mini"


def test_a_bundle_refuses_another_standard() -> None:
    """A standard handed to the loader that isn't the bundle's own is a fault of the bundle, at its line."""
    with pytest.raises(BadInput) as raised:
        load_evidence(BUNDLE, load_standard("hmic-2007"))
    assert "evidence/mini-body/bundle.yaml:7:11: the bundle is for standard `mini`, not `hmic-2007`" in str(raised.value).splitlines()
