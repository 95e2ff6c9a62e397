"""What was worked out of a scenario is there when it is asked for again, and only for that very scenario."""

from __future__ import annotations

from datetime import date

from costplan.analysis.curve.priced_design import PricedDesign
from costplan.catalog.store import Catalog
from costplan.pricing.bill_formula import bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.pricing.stated_slo import StatedSlo, at_slo, stated_slo
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario


def stage() -> LoadedScenario:
    return load_scenario("stage2", lambda _: Catalog.shipped())


def test_a_bill_is_made_once_for_each_currency_and_day() -> None:
    scenario = stage()
    bill = price_scenario(scenario)
    assert price_scenario(scenario) is bill
    assert price_scenario(scenario, currency="USD").currency == "USD"
    day = date(2026, 8, 1)
    assert price_scenario(scenario, as_of=day).catalog.as_of == day != bill.catalog.as_of


def test_a_changed_scenario_is_priced_anew() -> None:
    scenario = stage()
    price_scenario(scenario)
    assert price_scenario(scenario.at_load(Quantity(5_000_000))).workload["monthly_requests"] == 5_000_000


def test_designs_of_one_scenario_share_their_formula() -> None:
    scenario = stage()
    assert PricedDesign(scenario).formula is PricedDesign(scenario, deducts_vat=True).formula
    assert bill_formula(with_variable_load(scenario)) is PricedDesign(scenario).formula
    assert PricedDesign(scenario).in_month(672).formula is PricedDesign(scenario).in_month(672).formula


def test_a_design_at_its_own_slo_is_itself() -> None:
    scenario = stage()
    own = stated_slo(scenario.model.workload.slo)
    assert own is not None
    assert at_slo(scenario, own) is scenario
    other = StatedSlo(own.percentile, own.latency / 2)
    assert stated_slo(at_slo(scenario, other).model.workload.slo) == other
