"""The modules whose mutants are judged, and the tests that judge them: the quickest first, each stage only if the one before noticed nothing."""

from __future__ import annotations

from dataclasses import dataclass

Stage = tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A module's path, and its tests in stages. ``seconds`` is how much processor time all of them may take before a mutant counts as endless."""

    path: str
    stages: tuple[Stage, ...]
    seconds: int = 60


CONFORMANCE = "tests/conformance/test_conformance.py"
BY_REFERENCE: Stage = (CONFORMANCE, "-k", "test_statuses or (test_evaluator and reference)")
BY_INFERENCE: Stage = (CONFORMANCE, "-k", "test_inference_from_evidence or (test_evaluator and inference)")
BY_SWEEP: Stage = (CONFORMANCE, "-k", "test_evaluator and sweep")
BY_GRADING: Stage = (CONFORMANCE, "-k", "test_grading")
DIFFERENTIAL: Stage = ("tests/differential",)
LAWS: Stage = ("tests/properties/test_laws.py", "tests/properties/test_laws_of_any_standard.py")
PATH_LAWS: Stage = ("tests/properties/test_path_laws.py",)
PATH: Stage = ("tests/unit/test_whatif_path.py", "-k", "not (answer or command or slip or truth or costs or fewer)")


def _unit(name: str) -> Stage:
    return (f"tests/unit/test_{name}.py",)


SWEEP: Stage = tuple(path for name in ("sweep_arrays", "sweep_program", "sweep_single", "sweep") for path in _unit(name))

MODULES = {
    "status": Module("engine/adjudge/status.py", (_unit("status"), BY_REFERENCE, DIFFERENTIAL, LAWS)),
    "conditions": Module("engine/adjudge/conditions.py", ((*_unit("conditions"), *_unit("reference")), BY_REFERENCE, DIFFERENTIAL, LAWS)),
    "proposal": Module("engine/adjudge/proposal.py", (_unit("proposal"), BY_GRADING)),
    "reference": Module("engine/adjudge/reference.py", (_unit("reference"), BY_REFERENCE, DIFFERENTIAL, LAWS)),
    "inference": Module("engine/adjudge/inference.py", (_unit("inference"), DIFFERENTIAL, BY_INFERENCE)),
    "tipping": Module("engine/adjudge/whatif/tipping.py", (_unit("path_to"), PATH, PATH_LAWS), 300),
    "path": Module("engine/adjudge/whatif/path.py", (_unit("path_to"), PATH, PATH_LAWS), 300),
    "search": Module("engine/adjudge/whatif/search.py", (_unit("search"), PATH, PATH_LAWS), 300),
    "sweep": Module("engine/adjudge/sweep/__init__.py", (SWEEP, BY_SWEEP, BY_GRADING, LAWS)),
    **{
        name: Module(f"engine/adjudge/sweep/{name}.py", (SWEEP, BY_SWEEP, DIFFERENTIAL))
        for name in ("arrays", "columns", "packed", "program", "single")
    },
    "arrow": Module("engine/adjudge/sweep/arrow.py", ((*SWEEP, *_unit("table"), "-k", "not memory"),)),
}
