"""What the page needs to price the designs anew: quantities as formulas, rates, budgets, needs.

Each scenario is traced with the inputs that the page moves, once for each choice of machines and currency,
through the engine's own components. The page applies rates to the account's sums and shares them out as the
engine does; no resource is modelled twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

from costplan.catalog.price import Currency
from costplan.formulas.to_json import FormulaBook, number_of
from costplan.pricing.bill_formula import LOAD, USUAL_LOAD
from costplan.pricing.components import Component, components_of
from costplan.pricing.feasibility import SERVICE, Caveat, constraints, findings
from costplan.quantities.quantity import Quantity
from costplan.report.report_data import Stage
from costplan.resources.contract import Resource
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.ranges import uncertain_inputs
from costplan.scenario.uncertain.variables import with_variables

Machines = Literal["own", "preemptible", "regular"]
"""As designed, or all machines with GPUs bought in one way."""
MACHINES: Final[Sequence[Machines]] = ("own", "preemptible", "regular")
_RATE = ".capacity.requests_per_second"


@dataclass(frozen=True, slots=True)
class MeasuredInterval:
    """What a measurement leaves open of a capacity, in requests per second."""

    path: str
    value: Fraction
    """What the scenario takes."""
    low: Fraction
    high: Fraction


def gpu_machines(scenario: LoadedScenario) -> dict[str, Resource]:
    """Return the resources that are machines with GPUs."""
    machines = {name: one.deployment(scenario.catalog).machine for name, one in scenario.resources.items()}
    return {
        name: scenario.resources[name]
        for name, machine in machines.items()
        if machine is not None and machine.gpus
    }


def is_preemptible(scenario: LoadedScenario, name: str) -> bool:
    """Say whether the provider may stop a resource."""
    return bool(scenario.resources[name].deployment(scenario.catalog).preemptible)


def measured_capacities(scenario: LoadedScenario) -> list[MeasuredInterval]:
    """Return the measured capacities that have an interval."""
    return [
        MeasuredInterval(found.path, found.value, found.distribution.low, found.distribution.high)
        for found in uncertain_inputs(scenario)
        if found.kind == "measured" and found.path.endswith(_RATE)
    ]


def with_machines(scenario: LoadedScenario, machines: Machines) -> LoadedScenario:
    """Buy all machines with GPUs in one way; one that is not sold so stays as it is designed."""
    if machines == "own":
        return scenario
    wanted, changed = machines == "preemptible", {}
    for name, machine in gpu_machines(scenario).items():
        other = machine.model_copy(update={"preemptible": wanted})
        if is_preemptible(scenario, name) != wanted and not list(other.problems(scenario.catalog)):
            changed[name] = other
    return replace(scenario, resources={**scenario.resources, **changed}) if changed else scenario


def with_hours(scenario: LoadedScenario, hours: Fraction) -> LoadedScenario:
    """Let all machines with GPUs run for so many hours of the month."""
    resources = dict(scenario.resources)
    for name, machine in gpu_machines(scenario).items():
        resources[name] = machine.model_copy(update={"hours": Quantity(hours)})
    return replace(scenario, resources=resources)


Title = Callable[[Mapping[str, str], str], str]
"""Chooses the text of a language; takes the texts and what stands in for none."""
Said = Callable[[str], str]
"""Says what is not enough in the language of the page."""


def stage_data(stage: Stage, title: Title, reason: Said) -> dict[str, Any]:
    """Return all that the page computes a stage from, as plain data."""
    return _Tracing(stage, title, reason).data()


class _Tracing:
    """One stage, traced."""

    def __init__(self, stage: Stage, title: Title, reason: Said) -> None:
        self.stage, self.scenario = stage, stage.scenario
        self.title, self.reason = title, reason
        self.day: date = stage.estimate.catalog.as_of
        self.month = Fraction(self.scenario.model.hours_per_month)
        self.numbers = {name: number for number, name in enumerate(self.scenario.resources)}
        self.hours = {
            f"resources.{name}.hours": machine.deployment(self.scenario.catalog).hours
            for name, machine in gpu_machines(self.scenario).items()
        }
        self.capacities = measured_capacities(self.scenario)
        self.currencies: Sequence[Currency] = tuple(self.scenario.catalog.currencies)
        self.book = FormulaBook()
        self.skus: dict[tuple[str, str], int] = {}
        self.rates: list[dict[str, list[list[float]]]] = []
        self.lists: list[list[list[Any]]] = []

    def data(self) -> dict[str, Any]:
        model, resources = self.scenario.model, self.scenario.resources
        cases: dict[str, dict[str, Any]] = {}
        for machines in MACHINES:
            bought = with_machines(self.scenario, machines)
            cases[machines] = cases["own"] if bought is self.scenario and cases else self._case(bought)
        return {
            "name": self.stage.name,
            "month": float(self.month),
            "free": model.free_tier,
            "inputs": {path: number_of(value) for path, value in self._own().items()},
            "hours": list(self.hours),
            "capacities": [[one.path, number_of(one.low), number_of(one.high)] for one in self.capacities],
            "resources": [self.title(resource.title or {}, name) for name, resource in resources.items()],
            "cases": cases,
            "lists": self.lists,
            "rates": self.rates,
            "atoms": self.book.atoms,
            "budget": self._budget(),
        }

    def _own(self) -> dict[str, Fraction]:
        """Return the scenario's own value of each input."""
        values = {LOAD: self.scenario.model.workload.monthly_requests.value}
        values |= {path: self.month if h is None else h.value for path, h in self.hours.items()}
        return values | {one.path: one.value for one in self.capacities}

    def _traced(self, bought: LoadedScenario) -> LoadedScenario:
        """Let the inputs vary; machines run half the month meanwhile, as kinds leave out what is not used."""
        points = self._own() | dict.fromkeys(self.hours, self.month / 2)
        points[LOAD] = points[LOAD] or Fraction(USUAL_LOAD)
        return with_variables(with_hours(bought, self.month / 2), points)

    def _case(self, bought: LoadedScenario) -> dict[str, Any]:
        traced = self._traced(bought)
        found: dict[str, Any] = {"parts": {}, "stated": {}, "missing": {}}
        for money in self.currencies:
            components, charges = components_of(traced, money, self.day)
            parts = [self._part(part, money) for part in components if part.price is not None]
            stated = [[self.numbers[n], float(c.amounts[money])] for n, c in charges if money in c.amounts]
            found["parts"][money] = self._kept(parts)
            found["stated"][money] = stated
            found["missing"][money] = len(components) - len(parts) + len(charges) - len(stated)
        found["needs"] = list(self._needs(traced))
        return found | self._findings(bought)

    def _findings(self, bought: LoadedScenario) -> dict[str, Any]:
        """Return what is not known, what goes with the verdict, and what answers nothing while it is off."""

        def told(found: Sequence[Caveat]) -> list[list[Any]]:
            return [[self.numbers.get(one.resource), self.reason(one.reason)] for one in found]

        gpus = gpu_machines(bought)
        unknowns, caveats = findings(bought)
        _, resting = findings(with_hours(bought, self.month / 2))
        moved = [one for one in caveats if one.what == "hours" and one.resource in gpus]
        stops = [one.resource for one in resting if one.what == "hours" and one.resource in gpus]
        return {
            "unknown": told(unknowns),
            "goes": told([one for one in caveats if one not in moved]),
            "stops": [[self.numbers[name], f"resources.{name}.hours"] for name in stops],
            "stoppable": any(one.what in SERVICE for one in caveats if one not in moved),
        }

    def _part(self, part: Component, money: Currency) -> list[Any]:
        """Write a component: number of its SKU, number of its resource, quantity."""
        assert part.price is not None
        number = self.skus.setdefault(part.key, len(self.skus))
        if number == len(self.rates):
            self.rates.append({})
        self.rates[number][money] = [[float(r.start_quantity), float(r.unit_price)] for r in part.price.rates]
        quantity = [number_of(Fraction(part.quantity))]
        return [
            number,
            self.numbers[part.resource],
            self.book.write(part.formula) if part.formula is not None else quantity,
        ]

    def _kept(self, parts: list[list[Any]]) -> int:
        """Return the number of a list of parts; currencies whose SKUs and units agree share one."""
        if parts not in self.lists:
            self.lists.append(parts)
        return self.lists.index(parts)

    def _needs(self, traced: LoadedScenario) -> Iterator[list[Any]]:
        for name, need in constraints(traced):
            if need.what != "quota":  # a quota can be raised
                needed, available = (
                    self.book.write(need.needed.as_formula()),
                    self.book.write(need.available.as_formula()),
                )
                yield [self.numbers.get(name), needed, available, self.reason(need.reason)]

    def _budget(self) -> dict[str, Any] | None:
        report = self.stage.estimate.budget
        if report is None:
            return None
        parts = [
            [line.name, float(line.budget), [self.numbers[name] for name in line.resources]]
            for line in report.lines
        ]
        return {"currency": report.currency, "budget": float(report.total.budget), "parts": parts}
