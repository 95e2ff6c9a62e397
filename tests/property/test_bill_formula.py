"""The formula of a bill gives what the engine gives, at any load, on scenarios made by chance."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from amounts import cases
from independent import read_catalog
from scenario_maker import Maker

from costplan.catalog.store import Catalog
from costplan.pricing.bill_formula import LOAD, bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.quantities.formula import Interpreter
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

CATALOGS = Path(__file__).parents[2] / "catalogs"
SCENARIOS = cases(30, 150)
LOADS = (1, 999, 1_000_000, 123_456_789, 10**9)
ROUNDING = Fraction(1, 10**9)
"""Pricing quantities round to 12 decimals; no unit price exceeds a thousand per hundred of those."""


def at_load(scenario: LoadedScenario, requests: int) -> LoadedScenario:
    workload = scenario.model.workload.model_copy(update={"monthly_requests": Quantity(requests)})
    return replace(scenario, model=scenario.model.model_copy(update={"workload": workload}))


def agree(scenario: LoadedScenario) -> None:
    formula = bill_formula(with_variable_load(scenario))
    for load in LOADS:
        bill = price_scenario(at_load(scenario, load))
        value = Interpreter({LOAD: Fraction(load)})
        assert abs(value(formula.total) - Fraction(bill.total.monthly_cost)) <= ROUNDING * formula.lines
        for resource in bill.resources:
            found = value(formula.resources[resource.name])
            assert abs(found - Fraction(resource.monthly_cost)) <= ROUNDING * formula.lines
        assert formula.unpriced == len(bill.unpriced)


@pytest.mark.parametrize("name", ["stage1", "stage2", "stage3", "stage3:lean"])
def test_the_formula_of_a_shipped_stage_gives_its_bill(name: str) -> None:
    agree(load_scenario(name, lambda _: Catalog.shipped()))


def test_formulas_of_generated_scenarios_give_their_bills(tmp_path: Path) -> None:
    catalog = read_catalog(CATALOGS / "yandex-cloud")
    shipped = Catalog.shipped()
    for seed in range(SCENARIOS):
        path = tmp_path / "generated.yaml"
        path.write_text(json.dumps(Maker(seed, catalog).scenario()), encoding="utf-8")
        scenario = load_scenario(str(path), lambda _: shipped)
        agree(scenario)
