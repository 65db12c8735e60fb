"""The modules whose mutants are judged, and the tests that judge them: the quickest first, each stage only if the one before noticed nothing."""

from __future__ import annotations

from dataclasses import dataclass

Stage = tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A module's path, and its tests in stages. ``seconds`` is how much processor time all of them may take before a mutant counts as endless."""

    path: str
    stages: tuple[Stage, ...]
    seconds: int = 120


CONFORMANCE: Stage = ("tests/conformance",)
DIFFERENTIAL: Stage = ("tests/differential",)
LAWS: Stage = ("tests/properties/test_laws.py", "tests/properties/test_laws_of_any_standard.py")
PATH: Stage = ("tests/unit/test_whatif_path.py",)
PATH_LAWS: Stage = ("tests/properties/test_path_laws.py",)


def _core(name: str, *first: str) -> Module:
    return Module(f"engine/adjudge/{name}.py", ((*first,), CONFORMANCE, DIFFERENTIAL, LAWS) if first else (CONFORMANCE, DIFFERENTIAL, LAWS))


MODULES = {
    "status": _core("status", "tests/unit/test_status.py"),
    "conditions": _core("conditions"),
    "proposal": _core("proposal", "tests/unit/test_proposal.py"),
    "reference": _core("reference", "tests/unit/test_reference.py"),
    "inference": Module("engine/adjudge/inference.py", (("tests/unit/test_inference.py", *CONFORMANCE), DIFFERENTIAL)),
    "tipping": Module("engine/adjudge/whatif/tipping.py", (PATH, PATH_LAWS), 300),
    "path": Module("engine/adjudge/whatif/path.py", (PATH, PATH_LAWS), 300),
    "search": Module("engine/adjudge/whatif/search.py", (PATH, PATH_LAWS), 300),
}
