"""Managed databases: hosts as blocks in older types, as a map in newer ones; storage is that of each host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from costplan.messages.text import visible
from costplan.terraform.mapped import Mapped
from costplan.terraform.parts import Parts, gigabytes, preset_name
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading, server_defaults
from costplan.terraform.values import UNKNOWN, UnknownValueError, Values

BYTES_PER_GB = 2**30
LAST_WITH_ZOOKEEPER = 3
"""Major version of Kafka that still may have it."""


def postgresql(one: Planned, reading: Reading) -> Mapped:
    """A PostgreSQL cluster, of either type."""
    made = Parts(one, reading)
    hosts = _hosts(one.values)
    return made.priced(_cluster("managed-postgresql", made, "config.resources", hosts))


def redis(one: Planned, reading: Reading) -> Mapped:
    """A cluster of Redis, now Valkey, of either type."""
    made = Parts(one, reading)
    return made.priced(_cluster("managed-valkey", made, "resources", _hosts(one.values)))


def clickhouse(one: Planned, reading: Reading) -> Mapped:
    """A ClickHouse cluster, of either type; hosts are told apart by what they do."""
    made = Parts(one, reading)
    hosts = _hosts(one.values)
    data = [host for host in hosts if _role(host) == "CLICKHOUSE"]
    cluster = _cluster("managed-clickhouse", made, "clickhouse.resources", data)
    keepers = [host for host in hosts if _role(host) == "KEEPER"]
    if one.values.flag("embedded_keeper"):
        cluster["coordination"] = "embedded-keeper"
    elif keepers:
        cluster |= {"coordination": "keeper", "keeper_hosts": str(len(keepers))}
        cluster |= _coordinators(made, "zookeeper", "keeper")
    elif len(data) > 1:
        cluster |= _coordinators(made, "zookeeper", "zookeeper")
    elif any(_role(host) == "ZOOKEEPER" for host in hosts):
        made.unpriced.append("zookeeper")
    if one.values.flag("cloud_storage.enabled"):
        made.unpriced.append("cloud_storage")
    made.unpriced += _other_shards(one.values, cluster["hosts"]["preset"])
    return made.priced(cluster)


def _other_shards(values: Values, preset: str) -> list[str]:
    """Name the shards whose hosts are unlike those of the cluster: a scenario has one class for all."""
    for path in ("shard", "shards"):
        if not values.has(path):
            continue
        found = [shard.find("resources.resource_preset_id") for shard in values.blocks(path)]
        if any(isinstance(text, str) and preset_name(text) != preset for text in found):
            return [f"{path}.resources"]
    return []


def kafka(one: Planned, reading: Reading) -> Mapped:
    """A Kafka cluster: `brokers_count` is per zone."""
    made = Parts(one, reading)
    values = one.values
    zones = values.find("config.zones")
    if not isinstance(zones, list) or not zones:
        raise UnknownValueError("config.zones")
    brokers = (values.number("config.brokers_count") or 1) * len(zones)
    cluster: dict[str, Any] = {
        "kind": "managed-kafka",
        "hosts": _host(made, "config.kafka.resources", brokers),
        "kafka_ui": str(values.flag("config.kafka_ui.enabled")).lower(),
    }
    if made.is_on(values, "config.assign_public_ip"):
        cluster["public_addresses"] = str(brokers)
    if brokers > 1:
        is_new = _major(values) > LAST_WITH_ZOOKEEPER or values.has(
            "config.kraft.resources.resource_preset_id"
        )
        software, coordination = ("kraft", "kraft-hosts") if is_new else ("zookeeper", "zookeeper")
        cluster["coordination"] = coordination
        cluster |= _coordinators(made, f"config.{software}", software)
    return made.priced(cluster)


def _major(values: Values) -> int:
    version = values.find("config.version")
    start = version.partition(".")[0] if isinstance(version, str) else ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 0


def opensearch(one: Planned, reading: Reading) -> Mapped:
    """An OpenSearch cluster: groups of nodes with sizes in bytes, or in GB since the provider's 0.218."""
    made = Parts(one, reading)
    data: list[dict[str, Any]] = []
    managers: list[dict[str, Any]] = []
    public = 0
    for group in one.values.blocks("config.opensearch.node_groups"):
        roles = group.find("roles")
        holds_data = not isinstance(roles, list) or not roles or "DATA" in roles
        (data if holds_data else managers).append(_group(group))
        public += group.number("hosts_count") if group.flag("assign_public_ip") else 0
    dashboards = []
    if one.values.has("config.dashboards.node_groups"):
        groups = one.values.blocks("config.dashboards.node_groups")
        dashboards = [_group(group) for group in groups]
        public += sum(group.number("hosts_count") for group in groups if group.flag("assign_public_ip"))
    if not data:
        raise UnknownValueError("config.opensearch.node_groups")
    parts: list[dict[str, Any]] = [{"kind": "managed-opensearch", "hosts": hosts} for hosts in data]
    parts[0] |= {"public_addresses": str(public)} if public else {}
    for key, groups_of in (("managers", managers), ("dashboards", dashboards)):
        if groups_of:
            parts[0][key] = groups_of[0]
        if len(groups_of) > 1:
            made.unpriced.append(f"config.{key}")
    return made.priced(*parts)


def _group(group: Values) -> dict[str, Any]:
    return {
        "preset": preset_name(group.needed("resources.resource_preset_id")),
        "count": group.needed("hosts_count"),
        "storage": {"type": group.needed("resources.disk_type_id"), "size": _group_size(group)},
    }


def _group_size(group: Values) -> str:
    """Return the size of a disk: of the two attributes, the one that is not written is unknown."""
    if group.find("resources.disk_size_gb") not in (None, UNKNOWN, 0, "0"):
        return gigabytes(group.needed("resources.disk_size_gb"))
    group.needed("resources.disk_size")
    return f"{group.number('resources.disk_size')} B"


def _hosts(values: Values) -> list[Values]:
    """Return the hosts: blocks of a list, or the values of a map."""
    hosts = values.blocks("hosts" if values.find("hosts") is not None else "host")
    if not hosts:
        raise UnknownValueError("host")
    return hosts


def _role(host: Values) -> str:
    kind = host.find("type")
    return visible(kind).upper() if isinstance(kind, str) else "CLICKHOUSE"


def _cluster(kind: str, made: Parts, at: str, hosts: Sequence[Values]) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": kind, "hosts": _host(made, at, len(hosts))}
    public = sum(made.is_on(host, "assign_public_ip") for host in hosts)
    return found | ({"public_addresses": str(public)} if public else {})


def _host(made: Parts, at: str, count: int) -> dict[str, Any]:
    return {
        "preset": preset_name(made.one.values.needed(f"{at}.resource_preset_id")),
        "count": str(count),
        "storage": _storage(made, at),
    }


def _storage(made: Parts, at: str) -> dict[str, Any]:
    return {
        "type": made.or_default(f"{at}.disk_type_id"),
        "size": gigabytes(made.one.values.needed(f"{at}.disk_size")),
    }


def _coordinators(made: Parts, at: str, software: str) -> dict[str, Any]:
    """Return class and disk of the hosts that coordinate; unknown, those of catalog and example."""
    values = made.one.values
    if not values.has(f"{at}.resources.resource_preset_id"):
        made.default(f"{at}.resources")
        known, disk = server_defaults(), f"{at}.resources.disk"
        size = known[made.one.type, f"{disk}_size"]
        kind = known[made.one.type, f"{disk}_type_id"].value
        return {f"{software}_storage": {"type": kind, "size": size.assumed(gigabytes(size.value))}}
    preset = preset_name(values.needed(f"{at}.resources.resource_preset_id"))
    found: dict[str, Any] = {f"{software}_preset": f"{software}-{preset}"}
    if values.has(f"{at}.resources.disk_size") and values.has(f"{at}.resources.disk_type_id"):
        found[f"{software}_storage"] = _storage(made, f"{at}.resources")
    return found
