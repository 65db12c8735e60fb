"""Files that can't be read at all, through the command line: exit 2, a line for each fault, no traceback, nothing else said or written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import run

GOOD = Path(__file__).parent / "good"
BUNDLE = "evidence/mini-body"
BODY = Path(BUNDLE)
JUDGEMENTS = BODY / "judgements.yaml"
RECORDS = BODY / "records/watch.yaml"


@pytest.fixture(autouse=True)
def _good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a copy of the tiny good regime."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def _tree() -> dict[str, tuple[int, int]]:
    """Return each path under the current folder with its size and time of change."""
    found = {}
    for folder, folders, files in os.walk("."):
        for name in (*folders, *files):
            status = os.lstat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = (status.st_size, status.st_mtime_ns)
    return found


def _refused(*arguments: str, faults: list[str]) -> None:
    """Assert that a command refuses its input: exactly these lines on standard error, exit 2, and no other trace."""
    before = _tree()
    result = run(*arguments)
    assert result.stderr.splitlines() == faults
    assert result.stdout == ""
    assert result.returncode == 2
    assert _tree() == before


def _at(path: Path, content: bytes, message: str) -> None:
    """Assert that a bundle whose file has this content is refused with one fault there."""
    path.write_bytes(content)
    _refused("grade", BUNDLE, faults=[f"{path.as_posix()}{message}"])


def test_the_unchanged_bundle_is_graded() -> None:
    """The good bundle is graded and checked, so what a test refuses is its own change."""
    for command in ("grade", "check"):
        result = run(command, BUNDLE)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout


@pytest.mark.parametrize("command", ["grade", "check"])
def test_a_bundle_that_does_not_exist(command: str) -> None:
    """A name that is neither a path nor shipped is told with the nearest shipped name."""
    result = run(command, "hertfordshire-2008")
    noun, shipped, near = (
        ("bundle", "hertfordshire-2007", "; did you mean `hertfordshire-2007`?") if command == "grade" else ("standard", "hmic-2007", "")
    )
    line = f"hertfordshire-2008: no such file or folder, and no {noun} of that name is shipped (shipped: "
    assert result.stderr.startswith(line)
    assert f"`{shipped}`" in result.stderr
    assert result.stderr.endswith(f"){near}\n")
    assert result.stderr.count("\n") == 1
    assert (result.returncode, result.stdout) == (2, "")


def test_a_name_that_no_file_system_takes() -> None:
    """A name of 5,000 letters is a name that can't be opened."""
    name = "x" * 5000
    _refused("grade", name, faults=[f"{name}: can't be opened (file name too long)"])


def test_a_missing_file_of_judgements() -> None:
    """A file given on the command line must exist."""
    _refused("grade", BUNDLE, "--judgements", "mine.yaml", faults=["mine.yaml: no such file"])


def test_a_folder_for_a_file_of_judgements() -> None:
    """A folder isn't a file."""
    _refused("grade", BUNDLE, "--judgements", "rules", faults=["rules: not a file"])


def test_a_folder_without_a_bundle() -> None:
    """A folder that holds no bundle says what is missing."""
    Path("empty").mkdir()
    _refused("grade", "empty", faults=["empty: no bundle.yaml in this folder"])
    _refused("check", "empty", faults=["empty: neither a bundle (bundle.yaml) nor a standard (standard.yaml) is here"])


def test_a_folder_without_a_standard() -> None:
    """Rulebooks without the standard beside them can't be used."""
    Path("rules/mini/standard.yaml").unlink()
    _refused("grade", BUNDLE, faults=["rules/mini: no standard.yaml in this folder"])


def test_a_standard_without_rulebooks() -> None:
    """A bundle whose standard has no rulebooks names frameworks that aren't there."""
    for name in ("watch", "patrol"):
        Path(f"rules/mini/{name}.yaml").unlink()
    _refused("grade", BUNDLE, faults=["rules/mini: no rulebooks: put a YAML file for each framework beside standard.yaml"])
    _refused("check", "rules/mini", faults=["rules/mini: no rulebooks: put a YAML file for each framework beside standard.yaml"])


def test_a_bundle_without_records() -> None:
    """No evidence is told as such, and isn't graded."""
    shutil.rmtree(BODY / "records")
    _refused("grade", BUNDLE, faults=[f"{BUNDLE}: no records: put a YAML file for each framework into `records/`"])


def test_a_bundle_whose_records_are_still_to_come() -> None:
    """Files of records that hold none are a bundle that nobody has coded yet: it has no fault, and every grade is open."""
    for path in (BODY / "records").iterdir():
        head = path.read_text(encoding="utf-8").partition("records:")[0]
        path.write_text(f"{head}records: []\n", encoding="utf-8")
    JUDGEMENTS.unlink()
    result = run("check", BUNDLE)
    assert (result.returncode, result.stderr, result.stdout) == (0, "", f"{BUNDLE}: 0 records, no faults\n")
    result = run("grade", BUNDLE)
    assert (result.returncode, result.stderr) == (0, "")
    assert "open" in result.stdout


@pytest.mark.parametrize("path", ["rules/mini/more.yml", "evidence/mini-body/records/more.yml", "evidence/mini-body/records/MORE.YAML"])
def test_a_file_whose_name_would_be_passed_over(path: str) -> None:
    """A document whose name ends in another way is refused, for evidence that is passed over in silence is lost."""
    Path(path).write_bytes(b"framework: watch\n")
    _refused("grade", BUNDLE, faults=[f"{path}: rename the file: its name must end in `.yaml`"])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing\n", b"---\n", b"\xef\xbb\xbf"])
def test_an_empty_file(content: bytes) -> None:
    """A file without content is empty, whatever blanks, comments or marks it has."""
    _at(JUDGEMENTS, content, ":1:1: the document is empty")


def test_latin_1() -> None:
    """A file saved as Latin-1 is told at its first byte that isn't UTF-8."""
    _at(JUDGEMENTS, "judgements:\n  # café\n".encode("latin-1"), ":2:8: not UTF-8 text (byte 0xe9); save the file as UTF-8")


def test_utf_16() -> None:
    """A file saved as UTF-16 (Notepad's "Unicode") is told at its first byte."""
    _at(JUDGEMENTS, "judgements: []\n".encode("utf-16"), ":1:1: not UTF-8 text (byte 0xff); save the file as UTF-8")


def test_utf_16_without_a_mark() -> None:
    """UTF-16 without a byte order mark shows as NUL characters."""
    _at(JUDGEMENTS, "judgements: []\n".encode("utf-16-le"), ":1:2: not valid YAML: a control character; remove it")


def test_a_mark_at_the_start_is_no_fault() -> None:
    """A UTF-8 file with a byte order mark, as Windows writes it, is read."""
    JUDGEMENTS.write_bytes(b"\xef\xbb\xbf" + JUDGEMENTS.read_bytes().replace(b"\n", b"\r\n"))
    assert run("grade", BUNDLE).returncode == 0


def test_100_megabytes() -> None:
    """A huge file is refused by its size, unread."""
    with RECORDS.open("wb") as file:
        file.truncate(100_000_000)
    _refused("grade", BUNDLE, faults=[f"{RECORDS.as_posix()}: the file has 100 MB; a document may have 8 MB at most"])


def test_an_alias_bomb() -> None:
    """Ten anchors that would unfold to a thousand million values are refused at the first alias."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    JUDGEMENTS.write_text("\n".join(lines), encoding="utf-8")
    what = "anchors and aliases aren't used here; write the value out"
    _refused(
        "grade",
        BUNDLE,
        faults=[
            f"{JUDGEMENTS.as_posix()}:1:5: anchor `&a0`: {what}",
            f"{JUDGEMENTS.as_posix()}:2:5: anchor `&a1`: {what}",
            f"{JUDGEMENTS.as_posix()}:2:10: alias `*a0`: {what}",
        ],
    )


def test_a_file_that_holds_itself() -> None:
    """An anchor whose alias stands within it is refused."""
    what = "anchors and aliases aren't used here; write the value out"
    JUDGEMENTS.write_text("judgements: &all [*all]\n", encoding="utf-8")
    _refused(
        "grade",
        BUNDLE,
        faults=[f"{JUDGEMENTS.as_posix()}:1:13: anchor `&all`: {what}", f"{JUDGEMENTS.as_posix()}:1:19: alias `*all`: {what}"],
    )


def test_an_anchor_without_an_alias() -> None:
    """An anchor alone is refused too."""
    _at(JUDGEMENTS, b"judgements: &none []\n", ":1:13: anchor `&none`: anchors and aliases aren't used here; write the value out")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!binary", "!mine"])
def test_a_tag(tag: str) -> None:
    """A tag is refused as it is written, and nothing it names is run."""
    _at(JUDGEMENTS, f"judgements: {tag} [touch harm]\n".encode(), f":1:13: tag `{tag}`: tags aren't used here; remove it")


@pytest.mark.parametrize(
    ("content", "column"),
    [(b"[" * 1000 + b"]" * 1000, 41), (b"- " * 1000 + b"x", 81), (b"[" * 1_000_000, 41), (b"{a: " * 1000 + b"1" + b"}" * 1000, 161)],
    ids=["lists", "entries", "a million", "mappings"],
)
def test_a_thousand_levels(content: bytes, column: int) -> None:
    """Deep nesting is refused where it gets too deep, at once."""
    _at(JUDGEMENTS, content, f":1:{column}: nested more than 40 levels deep")


@pytest.mark.parametrize("code", [0x00, 0x07, 0x1B, 0x7F])
def test_a_control_character(code: int) -> None:
    """A control character is told at its place, counted in characters though letters before it take two bytes."""
    content = f"# é ü\njudgements: # é{chr(code)}\n".encode()
    _at(JUDGEMENTS, content, ":2:16: not valid YAML: a control character; remove it")


def test_duplicated_keys() -> None:
    """Each key given again is told, with the line of the first."""
    JUDGEMENTS.write_text("judgements: []\njudgements: [{a: 1, a: 2}]\njudgements: []\n", encoding="utf-8")
    file = JUDGEMENTS.as_posix()
    _refused(
        "grade",
        BUNDLE,
        faults=[
            f"{file}:2:1: key `judgements` is given twice (first in line 1)",
            f"{file}:2:21: key `a` is given twice (first in line 2)",
            f"{file}:3:1: key `judgements` is given twice (first in line 1)",
        ],
    )


def test_two_documents() -> None:
    """A second document would be lost, so it is refused."""
    _at(JUDGEMENTS, b"judgements: []\n---\njudgements: []\n", ":2:1: a second document (`---`); put one document in a file")


@pytest.mark.parametrize("content", [b"- framework: watch\n", b"[]\n", b"judgements\n", b"7\n"])
def test_no_keys_at_the_top(content: bytes) -> None:
    """A list, text or number at the top isn't a document."""
    _at(JUDGEMENTS, content, ":1:1: expected a document of keys and values at the top")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize(
    ("path", "message"),
    [
        (RECORDS, "evidence/mini-body/records/watch.yaml: the link leads nowhere"),
        (JUDGEMENTS, "evidence/mini-body/judgements.yaml: the link leads nowhere"),
        (BODY / "published.yaml", "evidence/mini-body/published.yaml: the link leads nowhere"),
    ],
    ids=["records", "judgements", "published"],
)
@pytest.mark.parametrize("target", ["itself", "nothing"])
def test_a_link_that_leads_nowhere(path: Path, message: str, target: str) -> None:
    """A loop of links, and a link to nothing, is a fault of the file that it stands for, never a file that isn't there."""
    path.unlink()
    path.symlink_to(path.name if target == "itself" else "gone.yaml")
    _refused("grade", BUNDLE, faults=[message])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for() -> None:
    """A named pipe isn't a file, and isn't opened."""
    RECORDS.unlink()
    os.mkfifo(RECORDS)
    _refused("grade", BUNDLE, faults=[f"{RECORDS.as_posix()}: not a file"])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("path", [RECORDS, JUDGEMENTS])
def test_a_file_without_the_right_to_read_it(path: Path) -> None:
    """The system's reason is given."""
    path.chmod(0)
    _refused("grade", BUNDLE, faults=[f"{path.as_posix()}: can't be opened (permission denied)"])


@pytest.mark.parametrize(
    "command",
    [("grade", BUNDLE, "--format", "json"), ("explain", BUNDLE, "watch", "--format", "md"), ("check", BUNDLE)],
    ids=["grade", "explain", "check"],
)
def test_every_command_refuses_alike(command: tuple[str, ...]) -> None:
    """Each command that reads a bundle tells all faults of all files and gives no part of an answer."""
    JUDGEMENTS.write_bytes(b"")
    (BODY / "published.yaml").write_bytes(b"[]")
    _refused(
        *command,
        faults=[
            f"{BUNDLE}/judgements.yaml:1:1: the document is empty",
            f"{BUNDLE}/published.yaml:1:1: expected a document of keys and values at the top",
        ],
    )


def test_show_refuses_a_bad_rulebook() -> None:
    """A rulebook that can't be read isn't shown."""
    path = Path("rules/mini/watch.yaml")
    path.write_bytes(b"")
    _refused("show", path.as_posix(), faults=["rules/mini/watch.yaml:1:1: the document is empty"])


def test_output_survives_a_narrow_encoding() -> None:
    """A message with characters that the terminal's encoding lacks is told all the same."""
    path = Path("é.yaml")
    path.write_bytes(b"")
    command = [sys.executable, "-c", "from adjudge.cli import main; main()", "grade", BUNDLE, "--judgements", path.name]
    environment: dict[str, str] = {**os.environ, "PYTHONIOENCODING": "ascii"}
    result = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode() == "é.yaml:1:1: the document is empty\n"
