"""Designs that other estimators get wrong, with totals worked out from the rates of 2026-10-06."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import plans
import pytest
from test_types import kafka, master, node_group, opensearch, resources_of

from costplan.catalog.store import Catalog
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario

HOURS = 720
ADDRESS = Decimal("0.26352")
DISK = Decimal("0.0199")
"""RUB an hour: a public address, and a GB of network-ssd."""


def estimate(folder: Path, *resources: dict[str, Any]) -> Estimate:
    return price_scenario(load_scenario(plans.written(folder, plans.plan(*resources)), Catalog.shipped))


def test_clickhouse_of_the_second_type_and_the_three_zookeepers_of_the_server(
    tmp_path: Path,
) -> None:
    host = {"type": "CLICKHOUSE", "zone": "a", "assign_public_ip": False}
    values = {
        "clickhouse": {"resources": resources_of("s3-c2-m8", 50)},
        "hosts": {"a": host, "b": host},
    }
    unknown = {"zookeeper": True, "shards": True}
    one = plans.resource("yandex_mdb_clickhouse_cluster_v2.ch", values, unknown=unknown)
    hosts = 2 * (2 * Decimal("1.98") + 8 * Decimal("0.54") + 50 * Decimal("0.0218"))
    zookeepers = 3 * (2 * Decimal("0.807") + 4 * Decimal("0.3228") + 10 * Decimal("0.0218"))
    assert estimate(tmp_path, one).total.gross == HOURS * (hosts + zookeepers)


def test_two_brokers_in_each_of_three_zones(tmp_path: Path) -> None:
    brokers = 6 * (2 * Decimal("1.93") + 8 * Decimal("0.5188") + 32 * Decimal("0.0052"))
    zookeepers = 3 * (2 * Decimal("0.807") + 4 * Decimal("0.3228") + 10 * Decimal("0.0218"))
    assert estimate(tmp_path, kafka()).total.gross == HOURS * (brokers + zookeepers)


@pytest.mark.parametrize(("places", "hosts"), [(1, 1), (3, 3)])
def test_a_master_in_three_places_has_three_hosts(tmp_path: Path, places: int, hosts: int) -> None:
    """The trap: `zonal` is there and empty; the fixed fee is 0 since 2026-06-18, cores and memory are not."""
    found = estimate(tmp_path, master(zonal=[], regional=[], master_location=[{}] * places))
    assert found.total.gross == hosts * HOURS * (2 * Decimal("1.76") + 8 * Decimal("0.46"))


def test_two_nodes_with_a_t4_and_their_addresses(tmp_path: Path) -> None:
    node = Decimal("70.27") + 4 * Decimal("1.15") + 16 * Decimal("0.3074") + 96 * DISK
    assert estimate(tmp_path, node_group()).total.gross == 2 * HOURS * (node + ADDRESS)


def test_autoscaled_nodes_in_the_mean_are_those_to_begin_with(tmp_path: Path) -> None:
    scale = [{"auto_scale": [{"min": 1, "max": 6, "initial": 3}]}]
    node = Decimal("70.27") + 4 * Decimal("1.15") + 16 * Decimal("0.3074") + 96 * DISK
    assert estimate(tmp_path, node_group(scale_policy=scale)).total.gross == 3 * HOURS * (node + ADDRESS)


def test_bytes_and_gigabytes_of_opensearch_are_the_same_bill(tmp_path: Path) -> None:
    in_bytes = estimate(tmp_path, opensearch(size=100 * 2**30))
    assert in_bytes.total == estimate(tmp_path, opensearch(disk_size_gb=100)).total
    storage = sum(line.quantity for one in in_bytes.resources for line in one.line_items)
    assert storage == (3 * 100 + 10) * HOURS
