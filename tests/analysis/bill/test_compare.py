"""Scenarios side by side, and one bill taken apart: the parts that need no shipped price."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from costplan.analysis.bill.compare import column_name, compare
from costplan.analysis.bill.explain import explain
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

D = Decimal


def bill(folder: Path, name: str, fee: str, requests: str = "1M", more: str = "") -> Estimate:
    path = folder / f"{name}.yaml"
    path.write_text(
        f"scenario: {name}\ntitle: {name}\nworkload: {{monthly_requests: {requests}}}\nresources:\n"
        f"  fee: {{kind: fixed-cost, role: other, amounts: {{RUB: {fee}}}, source: offer{more}}}\n"
        f"  wage: {{kind: fixed-cost, role: other, amounts: {{RUB: 100}}, source: contract, vat: none}}\n",
        encoding="utf-8",
    )
    return price_scenario(load_scenario(str(path), Catalog.shipped))


def test_the_cheapest_at_one_load_is_named(tmp_path: Path) -> None:
    comparison = compare([bill(tmp_path, "dear", "30"), bill(tmp_path, "cheap", "20")])
    assert comparison.same_load
    assert comparison.cheapest == "cheap"
    assert [column.roles for column in comparison.scenarios] == [{"other": D(130)}, {"other": D(120)}]


def test_at_different_loads_none_is_the_cheapest(tmp_path: Path) -> None:
    comparison = compare([bill(tmp_path, "dear", "30"), bill(tmp_path, "cheap", "20", "2M")])
    assert not comparison.same_load
    assert comparison.cheapest is None


def test_of_two_at_one_price_the_first_is_named(tmp_path: Path) -> None:
    assert compare([bill(tmp_path, "one", "20"), bill(tmp_path, "two", "20")]).cheapest == "one"


def test_currencies_are_not_compared(tmp_path: Path) -> None:
    in_rub = bill(tmp_path, "one", "20")
    path = str(tmp_path / "one.yaml")
    in_usd = price_scenario(load_scenario(path, Catalog.shipped), currency="USD")
    with pytest.raises(InputError, match="different currencies: RUB, USD"):
        compare([in_rub, in_usd])


def test_nothing_is_not_compared() -> None:
    with pytest.raises(InputError, match="nothing to compare"):
        compare([])


def test_a_column_is_named_by_scenario_and_variants(tmp_path: Path) -> None:
    [column] = compare([bill(tmp_path, "one", "20")]).scenarios
    assert column_name(column) == "one"


def test_vat_is_inside_list_prices_and_not_inside_labour(tmp_path: Path) -> None:
    """Of 122 RUB, 22 are VAT at 22 %; labour has none."""
    [fee, wage] = explain(bill(tmp_path, "one", "122"), None).lines
    assert (fee.net, fee.vat) == (D(100), D(22))
    assert (wage.net, wage.vat) == (D(100), D(0))


def test_an_explanation_finds_a_resource_or_a_sku(tmp_path: Path) -> None:
    estimate = bill(tmp_path, "one", "122")
    assert [line.resource for line in explain(estimate, "wage").lines] == ["wage"]
    assert len(explain(estimate, "fixed-cost").lines) == 2
    with pytest.raises(InputError, match="did you mean `wage`"):
        explain(estimate, "wages")
    with pytest.raises(InputError, match="resources: fee, wage"):
        explain(estimate, "zzz")
