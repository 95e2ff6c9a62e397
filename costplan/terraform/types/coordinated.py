"""ClickHouse and Kafka: clusters with hosts that coordinate them, and that the server may add."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from costplan.terraform.mapped import Mapped
from costplan.terraform.parts import Parts
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.types.cluster_hosts import (
    cluster,
    coordinators,
    host_group,
    hosts_of,
    like,
    role_of,
)
from costplan.terraform.values import UnknownValueError, Values

DATA = "CLICKHOUSE"
FIRST_WITHOUT_ZOOKEEPER = (4, 0)
FIRST_WITH_KRAFT = (3, 6)
"""Versions of Kafka."""
COMBINED = ((1, 3), (3, 1))
"""Zones, and brokers in each, of a cluster whose brokers hold KRaft themselves."""


def clickhouse(one: Planned, reading: Reading) -> Mapped:
    """A ClickHouse cluster, of either type; hosts are told apart by what they do."""
    made = Parts(one, reading)
    hosts = hosts_of(one.values)
    data = [host for host in hosts if role_of(host, DATA) == DATA]
    if not data:
        raise UnknownValueError("host.type")
    scaling = "clickhouse.disk_size_autoscaling"
    found = cluster("managed-clickhouse", made, "clickhouse.resources", data, scaling)
    found |= _shards(made, data, found["hosts"])
    keepers = [host for host in hosts if role_of(host, DATA) == "KEEPER"]
    if one.values.flag("embedded_keeper"):
        found["coordination"] = "embedded-keeper"
    elif keepers:
        found |= {"coordination": "keeper", "keeper_hosts": str(len(keepers))}
        found |= coordinators(made, "zookeeper", "keeper")
    elif len(data) > 1:
        found |= coordinators(made, "zookeeper", "zookeeper")
    elif any(role_of(host, DATA) == "ZOOKEEPER" for host in hosts):
        made.unpriced.append("zookeeper")
    if one.values.flag("cloud_storage.enabled"):
        found["cloud_storage"] = "true"
    return made.priced(found)


def _shards(made: Parts, data: Sequence[Values], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hosts in groups, where shards state another class or disk than the cluster."""
    shards = _named_shards(made.one.values)
    alike, unlike = 0, []
    for name, shard in shards.items():
        count = sum(host.find("shard_name") == name for host in data)
        group = like(others, shard, count)
        if group == dict(others) | {"count": group["count"]}:
            continue
        if count:
            unlike.append(group)
        else:
            made.unpriced.append(shard.path_of("resource_preset_id").rpartition(".")[0])
    alike = len(data) - sum(int(group["count"]) for group in unlike)
    groups = ([dict(others) | {"count": str(alike)}] if alike else []) + unlike
    return {"hosts": groups[0]} | ({"shards": groups[1:]} if groups[1:] else {})


def _named_shards(values: Values) -> dict[str, Values]:
    """Return the resources of each shard that states any."""
    path = "shards" if values.has("shards") else "shard"
    if not values.has(path):
        return {}
    stated, blocks = values.find(path), values.blocks(path)
    is_map = isinstance(stated, dict) and len(stated) == len(blocks)
    names = list(stated) if is_map else [block.find("name") for block in blocks]
    return {
        str(name): resources
        for name, block in zip(names, blocks, strict=True)
        if block.has("resources")
        for resources in block.blocks("resources")
    }


def kafka(one: Planned, reading: Reading) -> Mapped:
    """A Kafka cluster: `brokers_count` is per zone."""
    made = Parts(one, reading)
    values = one.values
    zones = values.find("config.zones")
    if not isinstance(zones, list) or not zones:
        raise UnknownValueError("config.zones")
    in_zone = values.number("config.brokers_count") or 1
    brokers = in_zone * len(zones)
    found: dict[str, Any] = {
        "kind": "managed-kafka",
        "hosts": host_group(made, "config.kafka.resources", brokers, "config.disk_size_autoscaling"),
        "kafka_ui": str(values.flag("config.kafka_ui.enabled")).lower(),
    }
    if made.is_on(values, "config.assign_public_ip"):
        found["public_addresses"] = str(brokers)
    if brokers > 1:
        found |= _coordination(made, (len(zones), in_zone))
    return made.priced(found)


def _coordination(made: Parts, layout: tuple[int, int]) -> dict[str, Any]:
    """Say who coordinates several brokers.

    Without a word of hosts for it, three brokers in one zone, or one in each of three, hold KRaft themselves.
    """
    values, version = made.one.values, _version(made.one.values)
    if values.has("config.kraft.resources.resource_preset_id"):
        return {"coordination": "kraft-hosts"} | coordinators(made, "config.kraft", "kraft")
    if values.has("config.zookeeper.resources.resource_preset_id"):
        return {"coordination": "zookeeper"} | coordinators(made, "config.zookeeper", "zookeeper")
    if version >= FIRST_WITH_KRAFT and layout in COMBINED:
        return {"coordination": made.default("config.kraft").value}
    if version >= FIRST_WITHOUT_ZOOKEEPER:
        return {"coordination": "kraft-hosts"} | coordinators(made, "config.kraft", "kraft")
    return {"coordination": "zookeeper"} | coordinators(made, "config.zookeeper", "zookeeper")


def _version(values: Values) -> tuple[int, int]:
    """Return the numbers of a version; (0, 0) for one that says nothing."""
    version = values.find("config.version")
    found = re.match(r"(\d{1,3})(?:\.(\d{1,3}))?", version, re.ASCII) if isinstance(version, str) else None
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)
