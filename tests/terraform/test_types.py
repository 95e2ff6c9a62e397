"""Types of every group: what of a plan becomes what of a scenario, and the traps among them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import plans
import pytest

from costplan.source.reader import to_plain
from costplan.terraform.document import plan_document
from costplan.terraform.types import TYPES, free_types, is_free, mapper_of


def document(*resources: dict[str, Any]) -> dict[str, Any]:
    found = to_plain(plan_document(json.dumps(plans.plan(*resources)).encode(), "plan.json"))
    assert isinstance(found, dict)
    return found


def only(*resources: dict[str, Any]) -> dict[str, Any]:
    """Return the one resource of the scenario."""
    [found] = document(*resources)["resources"].values()
    assert isinstance(found, dict)
    return found


def row(*resources: dict[str, Any]) -> dict[str, Any]:
    return next(iter(document(*resources)["terraform"]["resources"].values()))


def test_every_type_has_its_function_and_is_not_free_besides() -> None:
    for kind in TYPES:
        assert mapper_of(kind) is not None
        assert not is_free(kind), kind
    assert all(why for why in free_types().values())


def resources_of(
    preset: str, size: int | None = None, disk: str = "network-ssd", **more: Any
) -> dict[str, Any]:
    return {
        "resource_preset_id": preset,
        "disk_type_id": disk,
        **({"disk_size": size} if size else {}),
        **more,
    }


HOSTS = [
    {"zone": "ru-central1-a", "assign_public_ip": True},
    {"zone": "ru-central1-b", "assign_public_ip": False},
]


def test_postgresql_with_blocks() -> None:
    values = {"config": [{"version": "15", "resources": [resources_of("s2.micro", 20)]}], "host": HOSTS}
    assert only(plans.resource("yandex_mdb_postgresql_cluster.db", values)) == {
        "kind": "managed-postgresql",
        "hosts": {"preset": "s2-micro", "count": "2", "storage": {"type": "network-ssd", "size": "20 GB"}},
        "public_addresses": "1",
    }


def test_postgresql_of_the_second_type_has_hosts_in_a_map() -> None:
    values = {
        "config": {"version": "15", "resources": resources_of("s3-c2-m8", 20)},
        "hosts": {"a": HOSTS[0], "b": HOSTS[1], "c": HOSTS[1]},
    }
    found = only(plans.resource("yandex_mdb_postgresql_cluster_v2.db", values))
    assert found["hosts"] == {
        "preset": "s3-c2-m8", "count": "3", "storage": {"type": "network-ssd", "size": "20 GB"}
    }  # fmt: skip


def test_clickhouse_of_the_second_type() -> None:
    """The trap: attributes, not blocks; ZooKeeper hosts that the server adds are unknown."""
    values = {
        "clickhouse": {"resources": resources_of("s3-c2-m8", 50)},
        "hosts": {
            "a": {"type": "CLICKHOUSE", "zone": "ru-central1-a", "assign_public_ip": False},
            "b": {"type": "CLICKHOUSE", "zone": "ru-central1-b", "assign_public_ip": False},
        },
    }
    one = plans.resource(
        "yandex_mdb_clickhouse_cluster_v2.ch", values, unknown={"zookeeper": True, "shards": True}
    )
    found = only(one)
    assert found["hosts"] == {
        "preset": "s3-c2-m8", "count": "2", "storage": {"type": "network-ssd", "size": "50 GB"}
    }  # fmt: skip
    assert "zookeeper_preset" not in found
    assert found["zookeeper_storage"]["type"] == "network-ssd"
    assert found["zookeeper_storage"]["size"]["value"] == "10 GB"
    assert row(one)["status"] == "unknown-until-apply"
    assert row(one)["assumed"] == ["zookeeper.resources"]


def test_clickhouse_with_stated_coordinators() -> None:
    host = {"zone": "ru-central1-a", "assign_public_ip": False}
    values = {
        "clickhouse": [{"resources": [resources_of("s2.micro", 50)]}],
        "zookeeper": [{"resources": [resources_of("b2.medium", 10)]}],
        "host": [*([host | {"type": "CLICKHOUSE"}] * 2), *([host | {"type": "ZOOKEEPER"}] * 3)],
        "embedded_keeper": False,
    }
    found = only(plans.resource("yandex_mdb_clickhouse_cluster.ch", values))
    assert found["hosts"]["count"] == "2"
    assert found["zookeeper_preset"] == "zookeeper-b2-medium"
    assert found["zookeeper_storage"] == {"type": "network-ssd", "size": "10 GB"}
    found = only(plans.resource("yandex_mdb_clickhouse_cluster.ch", values | {"embedded_keeper": True}))
    assert found["coordination"] == "embedded-keeper"


def kafka(version: str = "3.6", **config: Any) -> dict[str, Any]:
    known = {
        "version": version,
        "zones": ["ru-central1-a", "ru-central1-b", "ru-central1-d"],
        "brokers_count": 2,
        "assign_public_ip": False,
        "kafka": [{"resources": [resources_of("s2.micro", 32, "network-hdd")]}],
        "kafka_ui": [],
    }
    return plans.resource(
        "yandex_mdb_kafka_cluster.bus",
        {"config": [known | config]},
        unknown={"config": [{"zookeeper": True, "kraft": True}]},
    )


def test_brokers_are_counted_per_zone() -> None:
    found = only(kafka())
    assert found["hosts"]["count"] == "6"
    assert found["coordination"] == "zookeeper"
    assert row(kafka())["assumed"] == ["config.zookeeper.resources"]
    assert only(kafka("4.0"))["coordination"] == "kraft-hosts"
    assert "coordination" not in only(kafka(zones=["ru-central1-a"], brokers_count=1))


def opensearch(**size: int) -> dict[str, Any]:
    group = {
        "name": "data",
        "hosts_count": 3,
        "roles": ["DATA", "MANAGER"],
        "assign_public_ip": False,
        "resources": resources_of("s3-c2-m8", **size),
    }
    board = {"name": "ui", "hosts_count": 1, "resources": resources_of("s2.micro", size=10 * 2**30)}
    config = {"opensearch": {"node_groups": [group]}, "dashboards": {"node_groups": [board]}}
    return plans.resource("yandex_mdb_opensearch_cluster.logs", {"config": config})


def test_opensearch_counts_in_bytes() -> None:
    """The trap: the only type whose `disk_size` is in bytes; newer plans have `disk_size_gb` too."""
    found = only(opensearch(size=100 * 2**30))
    assert found["hosts"] == {
        "preset": "s3-c2-m8", "count": "3", "storage": {"type": "network-ssd", "size": f"{100 * 2**30} B"}
    }  # fmt: skip
    assert found["dashboards"]["preset"] == "s2-micro"
    assert only(opensearch(disk_size_gb=100))["hosts"]["storage"]["size"] == "100 GB"


def with_unknown_size(group: dict[str, Any], key: str) -> dict[str, Any]:
    mark = {"resources": {key: True}}
    nodes = {"node_groups": [mark]}
    return group | {"unknown": {"config": {"opensearch": nodes, "dashboards": nodes}}}


def test_the_size_of_opensearch_that_is_not_written_is_unknown() -> None:
    """The trap: of two attributes for one size the server fills in the other."""
    in_bytes = with_unknown_size(opensearch(size=100 * 2**30), "disk_size_gb")
    assert only(in_bytes)["hosts"]["storage"]["size"] == f"{100 * 2**30} B"
    assert row(in_bytes)["status"] == "priced"
    nowhere = opensearch()
    assert row(nowhere)["status"] == "unknown-until-apply"
    assert row(nowhere)["unpriced"] == ["config.opensearch.node_groups[0].resources.disk_size"]


def test_a_kind_of_disk_that_the_server_chooses_is_assumed() -> None:
    values = {"resources": [{"resource_preset_id": "hm3-c2-m8", "disk_size": 16}], "host": HOSTS}
    one = plans.resource(
        "yandex_mdb_redis_cluster.cache", values, unknown={"resources": [{"disk_type_id": True}]}
    )
    assert only(one)["hosts"]["storage"] == {"type": "network-ssd", "size": "16 GB"}
    assert row(one)["assumed"] == ["resources.disk_type_id"]


def test_a_kind_of_disk_without_a_default_is_unknown() -> None:
    values = {"config": {"resources": {"resource_preset_id": "s2.micro", "disk_size": 20}}, "hosts": HOSTS}
    marks = {"config": {"resources": {"disk_type_id": True}}}
    one = plans.resource("yandex_mdb_postgresql_cluster_v2.db", values, unknown=marks)
    assert row(one) == {
        "type": "yandex_mdb_postgresql_cluster_v2",
        "status": "unknown-until-apply",
        "unpriced": ["config.resources.disk_type_id"],
    }


def master(**values: Any) -> dict[str, Any]:
    return plans.resource(
        "yandex_kubernetes_cluster.k8s",
        {"master": [values]},
        unknown={"master": [{"scale_policy": True, "etcd_cluster_size": True}]},
    )


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"zonal": [{"zone": "a"}], "regional": [], "master_location": []}, "basic"),
        ({"zonal": [], "regional": [{"region": "ru-central1"}], "master_location": []}, "highly-available"),
        ({"zonal": [], "regional": [], "master_location": [{"zone": "a"}]}, "basic"),
        ({"zonal": [], "regional": [], "master_location": [{}, {}, {}]}, "highly-available"),
    ],
)
def test_where_a_master_is(places: dict[str, Any], expected: str) -> None:
    """The trap: all keys are there, and the unused ones are empty."""
    assert only(master(**places)) == {"kind": "kubernetes-cluster", "master": expected}
    assert row(master(**places))["status"] == "unknown-until-apply"


def node_group(**more: Any) -> dict[str, Any]:
    template = {
        "platform_id": "standard-v3-t4",
        "resources": [{"cores": 4, "memory": 16, "gpus": 1}],
        "boot_disk": [{"type": "network-ssd", "size": 96}],
        "network_interface": [{"nat": True}],
    }
    values = {"instance_template": [template], "scale_policy": [{"fixed_scale": [{"size": 2}]}]}
    unknown = {"instance_template": [{"resources": [{"core_fraction": True}], "scheduling_policy": True}]}
    return plans.resource("yandex_kubernetes_node_group.gpu", values | more, unknown=unknown)


def test_nodes_with_a_t4() -> None:
    found = document(node_group())["resources"]
    assert found["gpu"] == {
        "kind": "kubernetes-node-group",
        "platform": "standard-v3-t4",
        "vcpu": "4",
        "memory": "16 GB",
        "core_fraction": "100",
        "gpu": "1",
        "nodes": "2",
        "disk": {"type": "network-ssd", "size": "96 GB"},
    }
    assert found["gpu-network"]["addresses"] == "2"
    assert row(node_group())["assumed"] == [
        "instance_template.resources.core_fraction",
        "instance_template.scheduling_policy.preemptible",
    ]


def test_an_autoscaled_group_of_nodes_begins_with_its_initial_size() -> None:
    scale = [{"auto_scale": [{"min": 1, "max": 6, "initial": 3}]}]
    found = document(node_group(scale_policy=scale))["resources"]
    assert found["gpu"]["nodes"]["min"] == "1"
    assert found["gpu"]["nodes"]["max"] == "6"
    assert found["gpu"]["nodes"]["average"]["value"] == "3"
    assert found["gpu-network"]["addresses"] == "3"


def test_nodes_of_unknown_size_are_unknown() -> None:
    group = node_group()
    group["values"]["instance_template"][0]["resources"] = [{"gpus": 0}]
    group["unknown"]["instance_template"][0]["resources"] = [{"cores": True, "memory": True}]
    assert document(group)["resources"] == {}
    assert row(group) == {
        "type": "yandex_kubernetes_node_group",
        "status": "unknown-until-apply",
        "unpriced": ["instance_template.resources.cores"],
    }


def test_a_balancer_takes_an_address_for_each_external_listener() -> None:
    public = {"port": 80, "external_address_spec": [{"ip_version": "ipv4"}], "internal_address_spec": []}
    inner = {"port": 81, "external_address_spec": [], "internal_address_spec": [{"subnet_id": "x"}]}
    balancer = plans.resource("yandex_lb_network_load_balancer.nlb", {"listener": [public, inner]})
    assert only(balancer) == {"kind": "network-load-balancer", "public_addresses": "1", "ingress": "0 B"}


def test_a_listener_that_says_nothing_has_an_address_where_its_balancer_is_external() -> None:
    silent = {"port": 80, "external_address_spec": [], "internal_address_spec": []}
    outer = plans.resource("yandex_lb_network_load_balancer.nlb", {"type": "external", "listener": [silent]})
    assert only(outer)["public_addresses"]["value"] == "1"
    assert row(outer)["assumed"] == ["listener.external_address_spec"]
    inner = plans.resource("yandex_lb_network_load_balancer.nlb", {"type": "internal", "listener": [silent]})
    assert only(inner)["public_addresses"] == "0"


def test_an_application_balancer() -> None:
    endpoint = {"ports": [80], "address": [{"external_ipv4_address": [{"address": "10.0.0.1"}]}]}
    values = {
        "allocation_policy": [{"location": [{"zone_id": "a"}, {"zone_id": "b"}]}],
        "listener": [{"endpoint": [endpoint]}],
        "auto_scale_policy": [{"min_zone_size": 4}],
    }
    assert only(plans.resource("yandex_alb_load_balancer.alb", values)) == {
        "kind": "application-load-balancer",
        "zones": "2",
        "public_addresses": "1",
        "resource_units": "8",
        "requests_per_second": "0",
    }


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("yandex_dns_zone", {"zone": "example."}, {"kind": "dns"}),
        ("yandex_lockbox_secret_version", {}, {"kind": "lockbox", "versions": "1"}),
        (
            "yandex_vpc_gateway",
            {"shared_egress_gateway": [{}]},
            {"kind": "network", "nat_gateways": "1", "egress": "0 B"},
        ),
        (
            "yandex_kms_symmetric_key",
            {},
            {"kind": "kms-key", "versions": "1"},
        ),
        (
            "yandex_compute_filesystem",
            {"size": 200, "type": "network-ssd"},
            {"kind": "compute-filesystem", "type": "network-ssd", "size": "200 GB"},
        ),
    ],
)
def test_small_types(kind: str, values: dict[str, Any], expected: dict[str, Any]) -> None:
    one = plans.resource(f"{kind}.it", values)
    assert only(one) == expected
    assert row(one)["status"] == "priced"


@pytest.mark.parametrize(
    ("kind", "values", "missing"),
    [
        ("yandex_storage_bucket", {}, ["size", "put_requests", "get_requests", "egress"]),
        ("yandex_container_registry", {}, ["size"]),
        ("yandex_function", {"memory": 128}, ["requests", "duration"]),
        (
            "yandex_serverless_container",
            {"memory": 512, "cores": 1, "core_fraction": 50},
            ["requests", "duration"],
        ),
        ("yandex_logging_group", {"retention_period": "72h0m0s"}, ["written"]),
        ("yandex_logging_group", {}, ["written", "retention"]),
        ("yandex_api_gateway", {}, ["requests"]),
        ("yandex_message_queue", {}, ["requests"]),
        ("yandex_ydb_database_serverless", {}, ["request_units", "storage"]),
    ],
)
def test_what_hangs_on_usage_is_in_no_amount(kind: str, values: dict[str, Any], missing: list[str]) -> None:
    one = plans.resource(f"{kind}.it", values)
    assert document(one)["resources"] == {}
    assert row(one) == {"type": kind, "status": "usage-based", "usage": missing}


def test_every_priced_example_is_a_scenario_that_loads(tmp_path: Path) -> None:
    from costplan.catalog.store import Catalog
    from costplan.pricing.engine import price_scenario
    from costplan.scenario.load import load_scenario

    path = plans.written(
        tmp_path, plans.plan(kafka(), opensearch(disk_size_gb=100), node_group(), master(zonal=[{}]))
    )
    found = price_scenario(load_scenario(path, Catalog.shipped))
    assert found.terraform is not None
    assert found.terraform.counts["priced"] == 1
    assert {one.name for one in found.resources} == {"bus", "logs", "gpu", "gpu-network", "k8s"}
