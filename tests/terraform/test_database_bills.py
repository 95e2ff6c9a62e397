"""Managed databases: one cluster as a scenario and as a plan, and the bill of both worked out by hand."""

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
HEAD = "scenario: mine\ntitle: Mine\nas_of: 2026-10-06\nworkload: {monthly_requests: 1}\nresources:\n  it: "


def of_scenario(folder: Path, resource: str) -> Estimate:
    file = folder / "mine.yaml"
    file.write_text(HEAD + resource + "\n", encoding="utf-8")
    return price_scenario(load_scenario(str(file), lambda _: Catalog.shipped()))


def of_plan(folder: Path, *resources: dict[str, Any]) -> Estimate:
    return price_scenario(load_scenario(plans.written(folder, plans.plan(*resources)), Catalog.shipped))


def resources(preset: str, size: int, disk: str = "network-ssd") -> dict[str, Any]:
    return {"resource_preset_id": preset, "disk_type_id": disk, "disk_size": size}


def hosts(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"zone": "ru-central1-a", "assign_public_ip": False} | more for _ in range(count)]


PG = {"cpu": Decimal("2.08"), "ram": Decimal("0.5649"), "ssd": Decimal("0.0218"), "ip": Decimal("0.2766")}
"""RUB an hour of PostgreSQL on Cascade Lake: a core, a GB, a GB of network-ssd, an address."""


def test_postgresql_of_an_old_class(tmp_path: Path) -> None:
    """s2.medium is 8 vCPU and 32 GB on Cascade Lake; two hosts of 100 GB, one with an address."""
    bill = HOURS * (2 * (8 * PG["cpu"] + 32 * PG["ram"] + 100 * PG["ssd"]) + PG["ip"])
    blocks = {
        "config": [{"version": "16", "resources": [resources("s2.medium", 100)]}],
        "host": [*hosts(1, assign_public_ip=True), *hosts(1)],
    }
    mapped = {
        "config": {"version": "16", "resources": resources("s2.medium", 100)},
        "hosts": {"a": blocks["host"][0], "b": blocks["host"][1]},
    }
    for one in (
        of_plan(tmp_path, plans.resource("yandex_mdb_postgresql_cluster.db", blocks)),
        of_plan(tmp_path, plans.resource("yandex_mdb_postgresql_cluster_v2.db", mapped)),
        of_scenario(
            tmp_path,
            "{kind: managed-postgresql, public_addresses: 1, hosts: {preset: s2.medium, count: 2, "
            "storage: {type: network-ssd, size: 100 GB}}}",
        ),
    ):
        assert one.total.gross == bill
        assert one.unpriced == ()


CH = {"cpu": Decimal("2.21"), "ram": Decimal("0.5995"), "ssd": Decimal("0.0218")}
ZOOKEEPER = {"cpu": Decimal("1.39"), "ram": Decimal("0.3689")}
"""The same of ClickHouse, and of the ZooKeeper hosts beside it."""


def test_what_coordinates_a_cluster_may_be_of_any_class(tmp_path: Path) -> None:
    """Two ClickHouse hosts and three of ZooKeeper, all of class s2.micro: 2 vCPU and 8 GB."""
    host = 2 * CH["cpu"] + 8 * CH["ram"] + 50 * CH["ssd"]
    zookeeper = 2 * ZOOKEEPER["cpu"] + 8 * ZOOKEEPER["ram"] + 10 * CH["ssd"]
    values = {
        "clickhouse": [{"resources": [resources("s2.micro", 50)]}],
        "zookeeper": [{"resources": [resources("s2.micro", 10)]}],
        "host": [*hosts(2, type="CLICKHOUSE"), *hosts(3, type="ZOOKEEPER")],
        "embedded_keeper": False,
    }
    found = of_plan(tmp_path, plans.resource("yandex_mdb_clickhouse_cluster.ch", values))
    assert found.total.gross == HOURS * (2 * host + 3 * zookeeper)
    assert found.unpriced == ()


@pytest.mark.parametrize(
    ("kind", "preset", "sku"),
    [
        ("managed-valkey", "hm1.nano", "mdb.cluster.valkey.v1.ram"),
        ("managed-opensearch", "s2.micro", "mdb.cluster.opensearch.v2.ram"),
        ("managed-kafka", "s1.nano", "mdb.cluster.kafka.v1.ram"),
    ],
)
def test_a_class_without_a_price_is_counted_and_never_free(
    tmp_path: Path, kind: str, preset: str, sku: str
) -> None:
    found = of_scenario(
        tmp_path, f"{{kind: {kind}, role: logs, hosts: {{preset: {preset}, storage: {{size: 16 GB}}}}}}"
    )
    assert sku in {one.sku for one in found.unpriced}
    assert sku not in {line.sku for one in found.resources for line in one.line_items}
