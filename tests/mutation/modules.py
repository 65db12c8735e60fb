"""The modules whose mutants are judged, and the tests that judge them: the quickest first, each stage only if the one before noticed nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

Stage = tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A module of adjudge by its dotted name, and its tests in stages, after that of all dataclasses."""

    name: str
    about: tuple[Stage, ...]

    @property
    def path(self) -> str:
        """Its file in the repository."""
        path = f"engine/adjudge/{self.name.replace('.', '/')}"
        return f"{path}/__init__.py" if (ROOT / path).is_dir() else f"{path}.py"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All its tests."""
        first, *rest = self.about
        return ((f"tests/unit/test_frozen.py::test_dataclasses_are_frozen[adjudge.{self.name}]", *first), *rest)


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


SWEEP: Stage = tuple(path for name in ("sweep_arrays", "sweep_program", "sweep_cases", "sweep_packed", "sweep") for path in _unit(name))

MODULES = {
    "status": Module("status", (_unit("status"), BY_REFERENCE, DIFFERENTIAL, LAWS)),
    "conditions": Module("conditions", ((*_unit("conditions"), *_unit("reference")), BY_REFERENCE, DIFFERENTIAL, LAWS)),
    "proposal": Module("proposal", (_unit("proposal"), BY_GRADING)),
    "grading": Module("grading", (_unit("grading"), BY_GRADING)),
    "reference": Module("reference", (_unit("reference"), BY_REFERENCE, DIFFERENTIAL, LAWS)),
    "inference": Module("inference", (_unit("inference"), (*_unit("sweep_columns"), "-k", "every_case"), DIFFERENTIAL, BY_INFERENCE)),
    "tipping": Module("whatif.tipping", (_unit("path_to"), PATH, PATH_LAWS)),
    "path": Module("whatif.path", (_unit("path_to"), PATH, PATH_LAWS)),
    "search": Module("whatif.search", (_unit("search"), PATH, PATH_LAWS)),
    "sweep": Module("sweep", (SWEEP, BY_SWEEP, BY_GRADING, LAWS)),
    **{name: Module(f"sweep.{name}", (SWEEP, BY_SWEEP, DIFFERENTIAL)) for name in ("arrays", "packed", "program", "single")},
    "columns": Module("sweep.columns", (_unit("sweep_columns"), SWEEP, BY_SWEEP, DIFFERENTIAL)),
    "arrow": Module("sweep.arrow", ((*SWEEP, *_unit("table"), "-k", "not memory"),)),
}
