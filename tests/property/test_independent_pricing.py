"""The engine against a second pricing that shares no code with it: every sum agrees to the last digit.

100 scenarios by hand, 500 in continuous integration; set COSTPLAN_SCENARIOS to 10000 for more.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from amounts import cases
from independent import Account, Bill, budget_costs, read_catalog
from scenario_maker import KINDS, Maker

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import exact_sum
from costplan.scenario.load import load_scenario

CATALOG_FOLDER = Path(__file__).parents[2] / "catalogs" / "yandex-cloud"
SCENARIOS = cases(100, 500)
BATCHES = 10
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@pytest.fixture(scope="module")
def texts() -> dict[str, Any]:
    return read_catalog(CATALOG_FOLDER)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog([CATALOG_FOLDER])


def estimate(scenario: dict[str, Any], catalog: Catalog, folder: Path) -> Estimate:
    path = folder / "made.yaml"
    path.write_text(yaml.dump(scenario, Dumper=DUMPER, sort_keys=False))
    return price_scenario(load_scenario(str(path), lambda _: catalog))


def sku_sums(found: Estimate) -> tuple[dict[tuple[str, str], Fraction], dict[tuple[str, str], Fraction]]:
    """Quantity and cost of every SKU over the account."""
    quantities: dict[tuple[str, str], Fraction] = {}
    costs: dict[tuple[str, str], Fraction] = {}
    for resource in found.resources:
        for line in resource.line_items:
            if line.sku == "fixed-cost":
                continue
            key = (line.service, line.sku)
            quantities[key] = quantities.get(key, Fraction(0)) + Fraction(line.quantity)
            costs[key] = costs.get(key, Fraction(0)) + Fraction(line.monthly_cost)
    return quantities, costs


def differences(found: Estimate, other: Bill, scenario: dict[str, Any], texts: dict[str, Any]) -> list[str]:
    """Say every number in which the two pricings differ."""
    quantities, costs = sku_sums(found)
    resources = {resource.name: Fraction(resource.monthly_cost) for resource in found.resources}
    unpriced = Counter((part.resource, part.sku, Fraction(part.quantity)) for part in found.unpriced)
    per_million = found.cost_per_million_requests
    pairs: list[tuple[str, object, object]] = [
        ("quantity per SKU", quantities, other.sku_quantity),
        ("cost per SKU", costs, other.sku_cost),
        ("cost per resource", {name: resources[name] for name in other.resource_cost}, other.resource_cost),
        ("unpriced", unpriced, Counter(other.unpriced)),
        ("total", Fraction(found.total.monthly_cost), other.gross),
        ("gross", Fraction(found.total.gross), other.gross),
        ("net", Fraction(found.total.net), other.net),
        ("vat", Fraction(found.total.vat), other.vat),
        ("sum of resources", sum(resources.values(), Fraction(0)), other.gross),
        ("per million", None if per_million is None else Fraction(per_million), other.per_million),
        *budget_pairs(found, scenario, texts),
    ]
    return [f"{name}: {shown(mine, its)}" for name, mine, its in pairs if mine != its]


def shown(mine: object, its: object) -> str:
    """Show what differs, of mappings only the entries that do."""
    if isinstance(mine, dict) and isinstance(its, dict):
        keys = [key for key in {**mine, **its} if mine.get(key) != its.get(key)]
        return "; ".join(f"{key}: {mine.get(key)} is not {its.get(key)}" for key in keys)
    return f"{mine} is not {its}"


def budget_pairs(
    found: Estimate, scenario: dict[str, Any], texts: dict[str, Any]
) -> list[tuple[str, object, object]]:
    if "budget" not in scenario:
        return [("budget", found.budget, None)]
    report = found.budget
    assert report is not None
    bill, parts = budget_costs(scenario, texts, str(found.catalog.as_of))
    pairs: list[tuple[str, object, object]] = [
        ("budget total", Fraction(report.total.cost), bill.gross),
        ("budget verdict", report.total.within, bill.gross <= Fraction(report.total.budget)),
        ("budget unpriced", report.total.unpriced, len(bill.unpriced)),
    ]
    for line, names in zip(report.lines, parts, strict=True):
        if all(name in bill.resource_cost for name in names):
            cost = sum((bill.resource_cost[name] for name in names), Fraction(0))
            pairs.append((f"budget {line.name}", Fraction(line.cost), cost))
    return pairs


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.timeout(max(300, SCENARIOS))
def test_both_pricings_agree_to_the_last_digit(
    batch: int, texts: dict[str, Any], catalog: Catalog, tmp_path: Path
) -> None:
    for seed in range(batch, SCENARIOS, BATCHES):
        scenario = Maker(seed, texts).scenario()
        found = estimate(scenario, catalog, tmp_path)
        day = str(scenario.get("as_of", texts["catalog"]["as_of"]))
        other = Account(scenario, texts, scenario["currency"], day).bill()
        wrong = differences(found, other, scenario, texts)
        assert not wrong, f"scenario {seed}:\n" + "\n".join(wrong) + "\n" + yaml.dump(scenario)


def test_generated_scenarios_reach_every_kind_currency_and_outcome(texts: dict[str, Any]) -> None:
    made = [Maker(seed, texts).scenario() for seed in range(500)]
    kinds = Counter(resource["kind"] for scenario in made for resource in scenario["resources"].values())
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 50
    bills = [
        Account(one, texts, one["currency"], str(one.get("as_of", texts["catalog"]["as_of"]))).bill()
        for one in made[:100]
    ]
    assert any(bill.vat for bill in bills)
    assert any(bill.unpriced for bill in bills)
    assert any(
        len(bill.resource_cost) < len(one["resources"]) for bill, one in zip(bills, made[:100], strict=True)
    )
    assert any(bill.gross == 0 for bill in bills)
    assert {one["currency"] for one in made} == {"RUB", "USD", "KZT"}


def test_independent_pricing_imports_nothing_from_costplan() -> None:
    for name in ("independent.py", "scenario_maker.py"):
        assert "import costplan" not in (Path(__file__).parent / name).read_text()
        assert "from costplan" not in (Path(__file__).parent / name).read_text()


def test_exact_sum_of_all_lines_is_the_total(texts: dict[str, Any], catalog: Catalog, tmp_path: Path) -> None:
    for seed in range(20):
        found = estimate(Maker(seed, texts).scenario(), catalog, tmp_path)
        lines = [line.monthly_cost for resource in found.resources for line in resource.line_items]
        assert exact_sum(lines) == found.total.monthly_cost
        assert isinstance(found.total.monthly_cost, Decimal)
