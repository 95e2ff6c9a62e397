"""Database clusters of every type: what of a plan is billed, by quantities that are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import plans
import pytest
from test_database_bills import CH, HOURS, hosts, of_plan, of_scenario, resources

from costplan.pricing.estimate import Estimate


def quantities(found: Estimate) -> dict[str, Decimal]:
    """Return what is used of each SKU, priced or not."""
    used: dict[str, Decimal] = {}
    for part in (*(line for one in found.resources for line in one.line_items), *found.unpriced):
        used[part.sku] = used.get(part.sku, Decimal(0)) + part.quantity
    return used


def status(found: Estimate) -> tuple[str, list[str]]:
    """Return the class of the only resource of a file, and what was assumed for it."""
    assert found.terraform is not None
    [one] = found.terraform.resources
    return one.status, list(one.assumed)


MYSQL = {
    "mdb.cluster.mysql.v2.cpu.c100": 2 * 2 * HOURS,
    "mdb.cluster.mysql.v2.ram": 2 * 8 * HOURS,
    "mdb.cluster.network-nvme.mysql": 2 * 20 * HOURS,
    "mdb.public_fips.mysql": HOURS,
}
"""Two hosts of class s2.micro with 20 GB each, one with an address."""


def test_mysql_of_both_types_and_as_a_scenario(tmp_path: Path) -> None:
    both = [*hosts(1, assign_public_ip=True), *hosts(1, replication_source_name="a")]
    blocks = {"version": "8.0", "resources": [resources("s2.micro", 20)], "host": both}
    mapped = {
        "version": "8.0",
        "resources": resources("s2.micro", 20),
        "hosts": {"a": both[0], "b": both[1]},
    }
    for found in (
        of_plan(tmp_path, plans.resource("yandex_mdb_mysql_cluster.db", blocks)),
        of_plan(tmp_path, plans.resource("yandex_mdb_mysql_cluster_v2.db", mapped)),
        of_scenario(
            tmp_path,
            "{kind: managed-mysql, public_addresses: 1, hosts: {preset: s2-micro, count: 2, "
            "storage: {type: network-ssd, size: 20 GB}}}",
        ),
    ):
        assert quantities(found) == MYSQL
        assert {one.sku for one in found.unpriced} == set(MYSQL)
        assert found.total.gross == 0


def test_valkey_of_both_types(tmp_path: Path) -> None:
    """Three hosts of class hm1.nano, 2 vCPU and 8 GB on Broadwell; the server chooses their kind of disk."""
    stated = {"resource_preset_id": "hm1.nano", "disk_size": 16}
    for kind, values, unknown in (
        ("cluster", {"resources": [stated], "host": hosts(3)}, {"resources": [{"disk_type_id": True}]}),
        (
            "cluster_v2",
            {"resources": stated, "hosts": dict(zip("abc", hosts(3), strict=True))},
            {"resources": {"disk_type_id": True}},
        ),
    ):
        one = plans.resource(f"yandex_mdb_redis_{kind}.cache", values, unknown=unknown)
        found = of_plan(tmp_path, one)
        assert quantities(found) == {
            "mdb.cluster.valkey.v1.cpu.c100": 3 * 2 * HOURS,
            "mdb.cluster.valkey.v1.ram": 3 * 8 * HOURS,
            "mdb.cluster.network-nvme.valkey": 3 * 16 * HOURS,
        }
        assert len(found.unpriced) == 3
        assert status(found)[1] == ["resources.disk_type_id"]


def test_storedoc_has_hosts_by_role(tmp_path: Path) -> None:
    """Two shards of three mongod hosts; two mongos and three mongocfg hosts with half cores."""
    values = {
        "cluster_config": [{"version": "6.0"}],
        "resources_mongod": [resources("s3-c2-m8", 50)],
        "resources_mongos": [resources("b3-c1-m4", 10)],
        "resources_mongocfg": [resources("b3-c1-m4", 10, "network-hdd")],
        "resources_mongoinfra": [],
        "host": [
            *hosts(6),
            *hosts(2, type="mongos", assign_public_ip=True),
            *hosts(3, type="MONGOCFG"),
        ],
    }
    expected = {
        "mdb.cluster.mongodb.v3.cpu.c100": 6 * 2 * HOURS,
        "mdb.cluster.mongodb.v3.cpu.c50": 5 * 2 * HOURS,
        "mdb.cluster.mongodb.v3.ram": (6 * 8 + 5 * 4) * HOURS,
        "mdb.cluster.network-nvme.mongodb": (6 * 50 + 2 * 10) * HOURS,
        "mdb.cluster.network-hdd.mongodb": 3 * 10 * HOURS,
        "mdb.public_fips.mongodb": 2 * HOURS,
    }
    assert quantities(of_plan(tmp_path, plans.resource("yandex_mdb_mongodb_cluster.db", values))) == expected
    resource = (
        "{kind: managed-storedoc, public_addresses: 2, "
        "hosts: {preset: s3-c2-m8, count: 6, storage: {type: network-ssd, size: 50 GB}}, "
        "mongos: {preset: b3-c1-m4, count: 2, storage: {type: network-ssd, size: 10 GB}}, "
        "mongocfg: {preset: b3-c1-m4, count: 3, storage: {type: network-hdd, size: 10 GB}}}"
    )
    assert quantities(of_scenario(tmp_path, resource)) == expected


def test_storedoc_of_the_older_form_has_one_class(tmp_path: Path) -> None:
    values = {"resources": [resources("s2.micro", 16)], "host": hosts(3)}
    found = of_plan(tmp_path, plans.resource("yandex_mdb_mongodb_cluster.db", values))
    assert quantities(found)["mdb.cluster.mongodb.v2.cpu.c100"] == 3 * 2 * HOURS


def greenplum(version: int) -> dict[str, Any]:
    masters = resources("s3-c8-m32", 10)
    segments = resources("i3-c16-m128", 368, "local-ssd")
    known: dict[str, Any] = {"master_host_count": 2, "segment_host_count": 4, "segment_in_host": 1}
    if version == 1:
        known |= {
            "assign_public_ip": True,
            "master_subcluster": [{"resources": [masters]}],
            "segment_subcluster": [{"resources": [segments]}],
        }
        return plans.resource("yandex_mdb_greenplum_cluster.mpp", known)
    known |= {
        "config": {"assign_public_ip": True},
        "master_config": {"resources": masters},
        "segment_config": {"resources": segments},
    }
    return plans.resource("yandex_mdb_greenplum_cluster_v2.mpp", known)


@pytest.mark.parametrize("version", [1, 2])
def test_greenplum_of_both_types(tmp_path: Path, version: int) -> None:
    """Two masters of 8 vCPU and 32 GB with addresses, four segment hosts of 16 vCPU and 128 GB."""
    assert quantities(of_plan(tmp_path, greenplum(version))) == {
        "mdb.cluster.greenplum.v3.cpu.c100": (2 * 8 + 4 * 16) * HOURS,
        "mdb.cluster.greenplum.v3.ram": (2 * 32 + 4 * 128) * HOURS,
        "mdb.cluster.network-nvme.greenplum": 2 * 10 * HOURS,
        "mdb.cluster.local-nvme.greenplum": 4 * 368 * HOURS,
        "mdb.public_fips.greenplum": 2 * HOURS,
    }


@pytest.mark.parametrize(
    ("scale", "machines", "assumed"),
    [
        ({"fixed_scale": [{"size": 3}], "auto_scale": []}, 3, []),
        ({"auto_scale": [{"min_size": 2, "max_size": 8}], "fixed_scale": []}, 2, ["scale_policy.auto_scale"]),
    ],
)
def test_ydb_on_machines_of_its_own(
    tmp_path: Path, scale: dict[str, Any], machines: int, assumed: list[str]
) -> None:
    """Class medium is 8 vCPU and 32 GB; a storage group is 100 GB. One that scales starts at its least."""
    values = {
        "resource_preset_id": "medium",
        "scale_policy": [scale],
        "storage_config": [{"group_count": 2, "storage_type_id": "ssd"}],
        "assign_public_ips": False,
    }
    found = of_plan(tmp_path, plans.resource("yandex_ydb_database_dedicated.db", values))
    assert quantities(found) == {
        "ydb.cluster.v2.cpu": machines * 8 * HOURS,
        "ydb.cluster.v2.ram": machines * 32 * HOURS,
        "ydb.cluster.v1.ssd": 2 * 100 * HOURS,
    }
    assert status(found) == ("not-supported", assumed)


def test_sharded_postgresql_is_priced(tmp_path: Path) -> None:
    """Two routers of class s3-c2-m8, three coordinators of class s2.micro; the list of 2026-06-16."""
    config = {
        "router": {"resources": resources("s3-c2-m8", 20)},
        "coordinator": {"resources": resources("s2.micro", 10)},
        "infra": None,
    }
    listed = [*hosts(2, type="ROUTER"), *hosts(3, type="COORDINATOR")]
    values = {
        "config": {"sharded_postgresql_config": config},
        "hosts": {f"h{number}": host for number, host in enumerate(listed)},
    }
    found = of_plan(tmp_path, plans.resource("yandex_mdb_sharded_postgresql_cluster.db", values))
    router = 2 * Decimal("1.8792") + 8 * Decimal("0.5072") + 20 * Decimal("0.0218")
    coordinator = 2 * Decimal("2.08") + 8 * Decimal("0.5649") + 10 * Decimal("0.0218")
    assert found.total.gross == HOURS * (2 * router + 3 * coordinator)
    assert found.unpriced == ()


SMALL = 2 * CH["cpu"] + 8 * CH["ram"] + 50 * CH["ssd"]
LARGE = 4 * CH["cpu"] + 16 * CH["ram"] + 100 * CH["ssd"]
"""An hour of a ClickHouse host of class s2.micro with 50 GB, and of s2.small with 100 GB."""


def clickhouse(version: int, **more: Any) -> dict[str, Any]:
    """Two shards of two hosts, the second of a larger class; Keeper inside the hosts."""
    listed = [*hosts(2, type="CLICKHOUSE", shard_name="one"), *hosts(2, type="CLICKHOUSE", shard_name="two")]
    if version == 1:
        values: dict[str, Any] = {
            "clickhouse": [{"resources": [resources("s2.micro", 50)]}],
            "shard": [
                {"name": "one", "weight": 1, "resources": [resources("s2.micro", 50)]},
                {"name": "two", "weight": 2, "resources": [resources("s2.small", 100)]},
            ],
            "host": listed,
        }
        return plans.resource("yandex_mdb_clickhouse_cluster.ch", values | {"embedded_keeper": True} | more)
    values = {
        "clickhouse": {"resources": resources("s2.micro", 50)},
        "shards": {"one": {"weight": 1}, "two": {"resources": resources("s2.small", 100)}},
        "hosts": {f"h{number}": host for number, host in enumerate(listed)},
    }
    return plans.resource("yandex_mdb_clickhouse_cluster_v2.ch", values | {"embedded_keeper": True} | more)


@pytest.mark.parametrize("version", [1, 2])
def test_shards_of_clickhouse_may_be_unlike_each_other(tmp_path: Path, version: int) -> None:
    found = of_plan(tmp_path, clickhouse(version))
    assert found.total.gross == HOURS * 2 * (SMALL + LARGE)
    assert found.unpriced == ()
    assert status(found) == ("priced", [])


def test_a_shard_that_no_host_names_is_in_no_amount_and_said(tmp_path: Path) -> None:
    nameless = [host | {"shard_name": None} for host in hosts(2, type="CLICKHOUSE")]
    found = of_plan(tmp_path, clickhouse(1, host=nameless))
    assert found.total.gross == HOURS * 2 * SMALL
    assert [one.sku for one in found.unpriced] != []


def test_data_of_clickhouse_in_object_storage_are_asked_for(tmp_path: Path) -> None:
    """500 GB at 0.0032 RUB a GB and hour; without the size it is named as missing."""
    found = of_plan(tmp_path, clickhouse(2, cloud_storage={"enabled": True}))
    assert found.total.gross == HOURS * 2 * (SMALL + LARGE)
    assert found.terraform is not None
    assert "cloud_size" in found.terraform.resources[0].usage
    without = of_plan(tmp_path, clickhouse(2)).terraform
    assert without is not None
    assert "cloud_size" not in without.resources[0].usage
    priced = of_scenario(
        tmp_path,
        "{kind: managed-clickhouse, cloud_storage: true, cloud_size: 500 GB, "
        "hosts: {preset: s2.micro, storage: {type: network-ssd, size: 50 GB}}}",
    )
    assert priced.total.gross == HOURS * (SMALL + 500 * Decimal("0.0032"))


@pytest.mark.parametrize(
    ("version", "zones", "in_zone", "coordination"),
    [
        ("3.5", 3, 1, "zookeeper"),
        ("3.6", 3, 1, "kraft"),
        ("3.9", 1, 3, "kraft"),
        ("3.9", 3, 2, "zookeeper"),
        ("4.0", 3, 1, "kraft"),
        ("4.0", 3, 2, "kraft-hosts"),
    ],
)
def test_brokers_of_one_layout_hold_kraft_themselves(
    tmp_path: Path, version: str, zones: int, in_zone: int, coordination: str
) -> None:
    """Without hosts for it; the provider adds none to three brokers in one zone or in three."""
    config = {
        "version": version,
        "zones": [f"ru-central1-{letter}" for letter in "abd"[:zones]],
        "brokers_count": in_zone,
        "kafka": [{"resources": [resources("s2.micro", 32)]}],
    }
    one = plans.resource(
        "yandex_mdb_kafka_cluster.bus",
        {"config": [config]},
        unknown={"config": [{"zookeeper": True, "kraft": True}]},
    )
    found = quantities(of_plan(tmp_path, one))
    assert found["mdb.cluster.kafka.v2.cpu.c100"] == zones * in_zone * 2 * HOURS
    added = {sku.split(".")[1] for sku in found} & {"zk", "kraft"}
    assert added == {"zookeeper": {"zk"}, "kraft-hosts": {"kraft"}, "kraft": set()}[coordination]


def test_a_disk_that_grows_is_taken_at_its_start_and_said(tmp_path: Path) -> None:
    config: dict[str, Any] = {"resources": [resources("s2.micro", 20)]}
    values = {"config": [config | {"disk_size_autoscaling": [{"disk_size_limit": 100}]}], "host": hosts(1)}
    found = of_plan(tmp_path, plans.resource("yandex_mdb_postgresql_cluster.db", values))
    assert quantities(found)["mdb.cluster.network-nvme.pg"] == 20 * HOURS
    assert status(found) == ("unknown-until-apply", ["config.disk_size_autoscaling"])
    still = plans.resource(
        "yandex_mdb_postgresql_cluster.db",
        {"config": [config], "host": hosts(1)},
        unknown={"config": [{"disk_size_autoscaling": True}]},
    )
    assert status(of_plan(tmp_path, still)) == ("priced", [])


def test_local_storage_has_the_steps_of_its_platform(tmp_path: Path) -> None:
    """100 GB on Cascade Lake are sold, on Ice Lake 368 GB are the least."""
    values = {
        "config": [{"resources": [resources("s2.micro", 100, "local-ssd")]}],
        "host": hosts(3),
    }
    found = of_plan(tmp_path, plans.resource("yandex_mdb_postgresql_cluster.db", values))
    assert quantities(found)["mdb.cluster.local-nvme.pg"] == 3 * 100 * HOURS
    values["config"] = [{"resources": [resources("s3-c2-m8", 100, "local-ssd")]}]
    found = of_plan(tmp_path, plans.resource("yandex_mdb_postgresql_cluster.db", values))
    assert status(found)[0] == "not-supported"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "clickhouse_cluster",
            {"clickhouse": [{"resources": [resources("s2.micro", 50)]}], "host": hosts(3)},
        ),
        ("mongodb_cluster", {"resources_mongod": [resources("s2.micro", 50)], "host": []}),
        ("greenplum_cluster", {"master_subcluster": [{"resources": [resources("s2.medium", 50)]}]}),
        ("mysql_cluster", {"resources": [], "host": hosts(1)}),
        ("sharded_postgresql_cluster", {"hosts": {"a": {"type": "COORDINATOR", "zone": "ru-central1-a"}}}),
    ],
)
def test_a_cluster_without_what_its_price_hangs_on_is_unknown(
    tmp_path: Path, kind: str, values: dict[str, Any]
) -> None:
    listed = values.get("host", [])
    values |= {"host": [host | {"type": "ZOOKEEPER"} for host in listed]} if kind.startswith("click") else {}
    found = of_plan(tmp_path, plans.resource(f"yandex_mdb_{kind}.it", values))
    assert status(found)[0] == "unknown-until-apply"
    assert found.total.gross == 0
    assert quantities(found) == {} or found.unpriced


def test_opensearch_may_have_many_groups(tmp_path: Path) -> None:
    """Data hosts of two classes and two groups of managers are one cluster; all have addresses."""
    sizes = [
        ("data", "s3-c2-m8", 3),
        ("data", "s3-c4-m16", 2),
        ("manager", "s2.micro", 3),
        ("manager", "s2.micro", 2),
    ]
    groups = [
        {
            "name": f"g{number}",
            "roles": [role.upper()],
            "hosts_count": count,
            "assign_public_ip": True,
            "resources": resources(preset, 10 * 2**30),
        }
        for number, (role, preset, count) in enumerate(sizes)
    ]
    values = {"config": {"opensearch": {"node_groups": groups}}}
    found = of_plan(tmp_path, plans.resource("yandex_mdb_opensearch_cluster.logs", values))
    assert quantities(found) == {
        "mdb.cluster.opensearch.v3.cpu.c100": (3 * 2 + 2 * 4) * HOURS,
        "mdb.cluster.opensearch.v3.ram": (3 * 8 + 2 * 16) * HOURS,
        "mdb.cluster.opensearch.v2.cpu.c100": 5 * 2 * HOURS,
        "mdb.cluster.opensearch.v2.ram": 5 * 8 * HOURS,
        "mdb.cluster.network-nvme.opensearch": 10 * 10 * HOURS,
        "mdb.public_fips.opensearch": 10 * HOURS,
    }
    assert len(found.resources) == 1


@pytest.mark.parametrize("preset", ["s3f-c2-m8", "c3f-c4-m8"])
def test_a_class_of_another_platform_is_not_billed_as_one_with_a_like_name(
    tmp_path: Path, preset: str
) -> None:
    """Classes of the compute-optimized platform are in no list: they are named, and not those of Ice Lake."""
    values = {"config": [{"resources": [resources(preset, 20)]}], "host": hosts(1)}
    found = of_plan(tmp_path, plans.resource("yandex_mdb_postgresql_cluster.db", values))
    assert status(found)[0] == "not-supported"
    assert found.resources == ()
    assert found.unpriced != ()
    assert found.terraform is not None
    assert preset in found.terraform.resources[0].reason
