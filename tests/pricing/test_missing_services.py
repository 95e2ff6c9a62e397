"""A catalog without a service, or without a meter of it: lines without a price, which say what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_bills import Desk, cost, service, sku

NETWORK = service("vpc", sku("network.egress.inet", "GB", "2")) | {
    "meters": {"egress": "network.egress.inet"}
}
"""Sells traffic out and nothing else."""

MACHINE = (
    "{kind: compute-instance, role: compute, platform: any, vcpu: 2, memory: 4 GB, disks: [{size: 10 GB}]}"
)
HOSTS = "{preset: small, count: 3, storage: {size: 10 GB}}"


def unpriced(desk: Desk, resource: str) -> dict[str, tuple[str, str]]:
    """Code -> quantity with unit, and reason, of what a resource uses without a price."""
    bill = desk.bill(f"resources: {{it: {resource}}}")
    return {part.sku: (f"{part.quantity.normalize():f} {part.unit}", part.reason) for part in bill.unpriced}


@pytest.mark.parametrize(
    ("resource", "service_name", "expected"),
    [
        (
            MACHINE,
            "compute",
            {
                "compute.cpu": "1440 core*hour",  # 2 cores x 720 h
                "compute.memory": "2880 GB*hour",  # 4 GB x 720 h
                "compute.disk": "7200 GB*hour",  # 10 GB x 720 h
            },
        ),
        (
            f"{{kind: managed-postgresql, role: database, hosts: {HOSTS}}}",
            "managed-postgresql",
            {
                "managed-postgresql.hosts": "2160 instance*hour",  # 3 x 720 h
                "managed-postgresql.disk": "21600 GB*hour",  # 3 x 10 GB x 720 h
            },
        ),
        (
            "{kind: kubernetes-cluster, role: compute}",
            "managed-kubernetes",
            {"managed-kubernetes.master-basic": "720 master*hour"},
        ),
        (
            "{kind: serverless-container, role: compute, vcpu: 1, memory: 2 GB, requests: 3600,"
            " duration: 1.5 s}",
            "serverless-containers",
            {
                "serverless-containers.cpu": "1.5 core*hour",  # 3,600 x 1.5 s, and nothing is rounded
                "serverless-containers.memory": "3 GB*hour",
                "serverless-containers.calls": "3600 invocation",
            },
        ),
        (
            "{kind: application-load-balancer, role: network, public_addresses: 0, zones: 2}",
            "application-load-balancer",
            {"application-load-balancer.resource-unit": "1440 RU*hour"},  # one in each zone
        ),
    ],
    ids=["machine", "database", "kubernetes", "serverless", "balancer"],
)
def test_a_service_that_a_catalog_does_not_have_is_unpriced(
    tmp_path: Path, resource: str, service_name: str, expected: dict[str, str]
) -> None:
    reason = f"catalog `yandex-cloud` has no service `{service_name}`"
    found = unpriced(Desk(tmp_path, NETWORK), resource)
    assert found == {code: (quantity, reason) for code, quantity in expected.items()}


def test_a_meter_that_a_service_does_not_have_is_unpriced_beside_what_it_has(tmp_path: Path) -> None:
    desk = Desk(tmp_path, NETWORK)
    network = "{kind: network, role: network, egress: 5 GB, nat_egress: 7 GB}"
    assert cost(desk.bill(f"resources: {{it: {network}}}"), "it") == 10
    reason = "catalog `yandex-cloud` has no meter `nat-egress` of service `vpc`"
    assert unpriced(desk, network) == {"vpc.nat-egress": ("7 GB", reason)}


def test_a_price_can_be_stated_for_a_meter_that_the_catalog_does_not_have(tmp_path: Path) -> None:
    prices = "prices: {vpc.nat-egress: {value: 3, currency: RUB, unit: GB, reason: an offer}}\n"
    network = "resources: {it: {kind: network, role: network, egress: 5 GB, nat_egress: 7 GB}}"
    bill = Desk(tmp_path, NETWORK).bill(prices + network)
    assert not bill.unpriced
    assert cost(bill, "it") == 31  # 5 x 2 + 7 x 3


def test_a_price_can_be_stated_for_a_service_that_the_catalog_does_not_have(tmp_path: Path) -> None:
    prices = "prices: {compute.cpu: {value: 2, currency: RUB, reason: an offer}}\n"
    bill = Desk(tmp_path, NETWORK).bill(f"{prices}resources: {{it: {MACHINE}}}")
    assert cost(bill, "it") == 2880  # 2 cores x 720 h x 2
    assert {part.sku for part in bill.unpriced} == {"compute.memory", "compute.disk"}
