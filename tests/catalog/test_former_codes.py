"""A SKU whose code was set right is still found by the code that scenarios and overlays name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costplan.catalog.price import Price
from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.quantities.shown import usage
from costplan.scenario.load import load_scenario

TODAY = date(2026, 10, 6)
BALANCER, INGRESS, FORMER = "network-load-balancer", "nlb.vip_bytes.ingress", "nlb.traffic.ingress"


def price(catalog: Catalog, code: str) -> Price:
    found = catalog.price(BALANCER, code, "RUB", TODAY)
    assert isinstance(found, Price)
    return found


def test_a_former_code_means_the_same_sku() -> None:
    catalog = Catalog.shipped()
    assert price(catalog, FORMER) == price(catalog, INGRESS)
    assert catalog.current_code(BALANCER, FORMER) == INGRESS
    assert catalog.current_code("managed-gitlab", "gitlab.instance.free.cpu") == "gitlab.instance.cpu"
    assert catalog.current_code(BALANCER, "nlb.unknown") == "nlb.unknown"


def test_an_overlay_that_names_the_former_code_replaces_the_price(tmp_path: Path) -> None:
    (tmp_path / f"{BALANCER}.yaml").write_text(
        f"service: {BALANCER}\ntitle: NLB\nskus:\n  - code: {FORMER}\n    name: Contracted\n"
        "    pricing_unit: GB\n    prices:\n      - {effective_from: 2026-01-01, source: contract, "
        "checked: 2026-01-01, confidence: list, rates: {RUB: 0.05}}\n",
        encoding="utf-8",
    )
    catalog = Catalog.shipped("yandex-cloud", tmp_path)
    assert price(catalog, INGRESS).rates[0].unit_price == price(catalog, FORMER).rates[0].unit_price
    assert price(catalog, INGRESS).source == "contract"
    assert [sku.code for sku in catalog.service(BALANCER).skus].count(INGRESS) == 1


def test_both_codes_in_one_scenario_are_one_line_of_the_account(tmp_path: Path) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(
        "scenario: both\ntitle: Both\nas_of: 2026-10-06\nworkload: {monthly_requests: 1}\nresources:\n"
        f"  it:\n    kind: metered\n    role: network\n    service: {BALANCER}\n"
        f"    uses: [{{sku: {FORMER}, quantity: 10}}, {{sku: {INGRESS}, quantity: 30}}]\n",
        encoding="utf-8",
    )
    bill = price_scenario(load_scenario(str(path), Catalog.shipped))
    assert {line.sku for line in bill.resources[0].line_items} == {INGRESS}
    assert bill.total.gross == 40 * Decimal("0.0659")


@pytest.mark.parametrize("named", ["gitlab.instance.cpu", "gitlab.instance.free.cpu"])
@pytest.mark.parametrize("stated", ["gitlab.instance.cpu", "gitlab.instance.free.cpu"])
def test_a_stand_in_may_name_either_code(tmp_path: Path, named: str, stated: str) -> None:
    """1,440 core*hours; the use states no unit, so it is in that of the stand-in."""
    path = tmp_path / "gitlab.yaml"
    path.write_text(
        "scenario: gitlab\ntitle: GitLab\nas_of: 2026-10-06\nworkload: {monthly_requests: 1}\n"
        f"prices: {{{stated}: {{value: 2.5, currency: RUB, unit: core*hour, reason: a guess}}}}\n"
        "resources:\n  it:\n    kind: metered\n    role: ci-cd\n    service: managed-gitlab\n"
        f"    uses: [{{sku: {named}, quantity: 1440}}]\n",
        encoding="utf-8",
    )
    bill = price_scenario(load_scenario(str(path), Catalog.shipped))
    assert bill.total.gross == 1440 * Decimal("2.5")
    assert [found.state for found in bill.catalog.assumed_prices] == ["used"]


def test_what_has_neither_price_nor_unit_shows_its_number_alone(tmp_path: Path) -> None:
    path = tmp_path / "gitlab.yaml"
    path.write_text(
        "scenario: gitlab\ntitle: GitLab\nworkload: {monthly_requests: 1}\nresources:\n  it:\n"
        "    kind: metered\n    role: ci-cd\n    service: managed-gitlab\n"
        "    uses: [{sku: gitlab.instance.disk, quantity: 72000}]\n",
        encoding="utf-8",
    )
    [part] = price_scenario(load_scenario(str(path), Catalog.shipped)).unpriced
    assert (part.quantity, part.unit) == (72000, "")
    assert usage(part.quantity, part.unit) == "72,000"
