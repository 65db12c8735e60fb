"""openfisca-core: a system with one entity, a variable for each criterion, and formulas for the measures and the grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.peers import Peer
from tests.benchmarks.workload import Batch, Workload

_PERIOD = "2007"
_MEASURES = ("critical_met", "well_short", "fair_met", "good_met", "factors_met")


class OpenFisca(Peer):
    """A simulation with one person for each case; its trace names every variable that was calculated, with its value."""

    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self.system = self._system()

    def one(self, case: Mapping[str, int]) -> int:
        return int(self.sweep(self._simulation({each: [rank] for each, rank in case.items()}, 1))[0])

    def many(self, cases: Mapping[str, Any]) -> Any:
        return self.sweep(self._simulation(cases, len(cases[self.work.ids[0]])))

    def explained(self, case: Mapping[str, int]) -> tuple[int, Any]:
        """Return the grade and the full trace."""
        simulation = self._simulation({each: [rank] for each, rank in case.items()}, 1)
        simulation.trace = True
        grade = int(simulation.calculate("grade", _PERIOD)[0])
        return grade, simulation.tracer.get_serialized_flat_trace()

    def load(self, batch: Batch) -> Any:
        return self._simulation(batch.arrays, batch.size)

    def sweep(self, simulation: Any) -> Any:
        for calculated in (*_MEASURES, "grade"):
            simulation.delete_arrays(calculated)
        return simulation.calculate("grade", _PERIOD)

    def _simulation(self, columns: Mapping[str, Any], size: int) -> Any:
        simulation = SimulationBuilder().build_default_simulation(self.system, size)
        for each, column in columns.items():
            simulation.set_input(each, _PERIOD, np.asarray(column, np.int32))
        return simulation

    def _system(self) -> Any:
        work = self.work
        entity = build_entity(key="case", plural="cases", label="a case", is_person=True)
        system = TaxBenefitSystem([entity])

        def add(name: str, value: type, formula: Any = None) -> None:
            content = {"value_type": value, "entity": entity, "definition_period": YEAR, "label": name}
            system.add_variable(type(name, (Variable,), content | ({"formula": formula} if formula else {})))

        def every(ids: Sequence[str]) -> Any:
            return lambda case, period: np.logical_and.reduce([case(each, period) >= 2 for each in ids])

        def grade(case: Any, period: Any) -> Any:
            critical, short, fair, good, factors = (case(name, period) for name in _MEASURES)
            excellent = fair & (good >= work.vast_majority) & factors
            return np.select([~critical | (short >= work.significant_number), excellent, fair & (good >= work.most)], [0, 3, 2], default=1)

        for each in work.ids:
            add(each, int)
        add("critical_met", bool, every(work.critical))
        add("well_short", int, lambda case, period: sum(case(each, period) == 0 for each in work.fair))
        add("fair_met", bool, every(work.fair))
        add("good_met", int, lambda case, period: sum(case(each, period) >= 2 for each in work.good))
        add("factors_met", bool, every(work.factors))
        add("grade", int, grade)
        return system
