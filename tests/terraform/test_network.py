"""Addresses, gateways and balancers, and disks of the types that are sold in steps: bills by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import plans
import pytest

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

HOURS = 720
ADDRESS, KEPT = Decimal("0.26352"), Decimal("0.34038")
BALANCER, UNIT, GATEWAY = Decimal("0.8564"), Decimal("2.63"), Decimal("0.39528")
NONREPLICATED, IO_M3 = Decimal("0.0147"), Decimal("0.0332")
PUBLIC = {"external_address_spec": [{"ip_version": "ipv4"}], "internal_address_spec": []}
INNER = {"external_address_spec": [], "internal_address_spec": [{"subnet_id": "x"}]}
ZONES = [{"zone_id": name} for name in "abd"]
ENDPOINT = {"ports": [443], "address": [{"external_ipv4_address": [{}]}]}


def estimate(folder: Path, kind: str, values: dict[str, Any]) -> Estimate:
    path = plans.written(folder, plans.plan(plans.resource(f"{kind}.it", values)))
    return price_scenario(load_scenario(path, Catalog.shipped))


@pytest.mark.parametrize(
    ("kind", "values", "hourly"),
    [
        ("yandex_vpc_gateway", {"shared_egress_gateway": [{}]}, GATEWAY),
        ("yandex_vpc_address", {"external_ipv4_address": [{"zone_id": "a"}]}, ADDRESS + KEPT),
        ("yandex_vpc_address", {"internal_ipv4_address": [{"subnet_id": "x"}]}, 0),
        ("yandex_lb_network_load_balancer", {"listener": [PUBLIC | {"name": "a"}]}, BALANCER + ADDRESS),
        ("yandex_lb_network_load_balancer", {"type": "internal", "listener": [INNER]}, BALANCER),
        ("yandex_alb_load_balancer", {"allocation_policy": [{"location": ZONES}]}, 3 * 2 * UNIT),
        (
            "yandex_alb_load_balancer",
            {
                "allocation_policy": [{"location": ZONES[:2]}],
                "listener": [{"endpoint": [ENDPOINT]}],
                "auto_scale_policy": [{"min_zone_size": 3, "max_size": 20}],
            },
            2 * 3 * UNIT + ADDRESS,
        ),
        (
            "yandex_compute_disk",
            {"type": "network-ssd-nonreplicated", "size": 186},
            2 * 93 * NONREPLICATED,
        ),
        ("yandex_compute_disk", {"type": "network-ssd-io-m3", "size": 279}, 3 * 93 * IO_M3),
    ],
)
def test_bills(kind: str, values: dict[str, Any], hourly: Decimal, tmp_path: Path) -> None:
    assert estimate(tmp_path, kind, values).total.monthly_cost == HOURS * hourly


def test_a_disk_beside_the_steps_is_not_supported_and_says_why(tmp_path: Path) -> None:
    found = estimate(tmp_path, "yandex_compute_disk", {"type": "network-ssd-nonreplicated", "size": 100})
    assert found.terraform is not None
    assert [one.status for one in found.terraform.resources] == ["not-supported"]
    [missing] = found.unpriced
    assert missing.reason == "network-ssd-nonreplicated is sold in steps of 93 GB, got 100 GB"


def test_protection_of_an_address_is_named_without_a_price(tmp_path: Path) -> None:
    protected = {"external_ipv4_address": [{"zone_id": "a", "ddos_protection_provider": "qrator"}]}
    found = estimate(tmp_path, "yandex_vpc_address", protected)
    assert found.total.monthly_cost == HOURS * (ADDRESS + KEPT)
    [missing] = found.unpriced
    assert str(missing.reason).startswith("external_ipv4_address.ddos_protection_provider:")
