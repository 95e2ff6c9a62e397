"""Managed databases without hosts that coordinate them: what of a cluster becomes which groups of hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from costplan.terraform.mapped import Mapped
from costplan.terraform.parts import Parts, gigabytes, preset_name
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.types.cluster_hosts import (
    cluster,
    host_group,
    hosts_of,
    public_addresses,
    role_of,
)
from costplan.terraform.values import UNKNOWN, UnknownValueError, Values

MONGOD = "MONGOD"
FAST = "ssd"
"""The type of YDB's storage that has a SKU."""


def postgresql(one: Planned, reading: Reading) -> Mapped:
    """A PostgreSQL cluster, of either type."""
    return _equal_hosts("managed-postgresql", Parts(one, reading), "config.")


def mysql(one: Planned, reading: Reading) -> Mapped:
    """A MySQL cluster, of either type; replicas are hosts as well."""
    return _equal_hosts("managed-mysql", Parts(one, reading))


def redis(one: Planned, reading: Reading) -> Mapped:
    """A cluster of Redis, now Valkey, of either type."""
    return _equal_hosts("managed-valkey", Parts(one, reading))


def _equal_hosts(kind: str, made: Parts, at: str = "") -> Mapped:
    hosts, scaling = hosts_of(made.one.values), f"{at}disk_size_autoscaling"
    return made.priced(cluster(kind, made, f"{at}resources", hosts, scaling))


def mongodb(one: Planned, reading: Reading) -> Mapped:
    """A StoreDoc cluster: each role of a host has its class, or all have that of the older `resources`."""
    made = Parts(one, reading)
    hosts = hosts_of(one.values)
    fields = {MONGOD: "hosts", "MONGOS": "mongos", "MONGOCFG": "mongocfg", "MONGOINFRA": "mongoinfra"}
    found = _groups_by_role(made, hosts, MONGOD, fields, lambda role: _of_role(one.values, role.lower()))
    return made.priced({"kind": "managed-storedoc"} | found)


def _of_role(values: Values, role: str) -> tuple[str, str]:
    own = f"resources_{role}"
    at = own if values.has(own) or not values.has("resources") else "resources"
    return at, f"disk_size_autoscaling_{role}"


def sharded_postgresql(one: Planned, reading: Reading) -> Mapped:
    """A Sharded PostgreSQL cluster: routers and coordinators, or hosts that do both."""
    made = Parts(one, reading)
    hosts = hosts_of(one.values)
    roles = {role_of(host, "ROUTER") for host in hosts}
    fields = {"INFRA": "hosts"} if "INFRA" in roles else {"ROUTER": "hosts"}
    fields["COORDINATOR"] = "coordinators"
    at = "config.sharded_postgresql_config"
    found = _groups_by_role(
        made, hosts, "ROUTER", fields, lambda role: (f"{at}.{role.lower()}.resources", "")
    )
    return made.priced({"kind": "managed-spqr"} | found)


def _groups_by_role(
    made: Parts,
    hosts: list[Values],
    otherwise: str,
    fields: Mapping[str, str],
    where: Callable[[str], tuple[str, str]],
) -> dict[str, Any]:
    """Return the hosts of each role, and the addresses of all.

    Args:
        made: The resource.
        hosts: All hosts.
        otherwise: Role of a host that states none.
        fields: Role -> field of the kind; other roles are in no amount.
        where: Role -> where its class stands, and its growing disk.
    """
    counts = Counter(role_of(host, otherwise) for host in hosts)
    found: dict[str, Any] = {
        field: host_group(made, where(role)[0], counts.pop(role), where(role)[1])
        for role, field in fields.items()
        if role in counts
    }
    made.unpriced += ["host.type"] if counts else []
    if "hosts" not in found:
        raise UnknownValueError("host")
    return found | public_addresses(made, hosts)


def greenplum(one: Planned, reading: Reading) -> Mapped:
    """A Greenplum cluster, of either type; its masters are those with public addresses."""
    made = Parts(one, reading)
    values = one.values
    part = "config" if values.has("master_config") else "subcluster"
    counts = {name: _count(made, f"{name}_host_count") for name in ("master", "segment")}
    found: dict[str, Any] = {"kind": "managed-greenplum"}
    for name, field in (("segment", "hosts"), ("master", "masters")):
        found[field] = host_group(made, f"{name}_{part}.resources", counts[name])
    if made.is_on(values, "assign_public_ip" if part == "subcluster" else "config.assign_public_ip"):
        found["public_addresses"] = str(counts["master"])
    if values.flag("cloud_storage.enable"):
        made.unpriced.append("cloud_storage")
    return made.priced(found)


def _count(made: Parts, attribute: str) -> int:
    text = made.or_default(attribute)
    return made.one.values.number(attribute) if made.one.values.has(attribute) else int(text or 0)


def ydb_dedicated(one: Planned, reading: Reading) -> Mapped:
    """A YDB database on machines of its own; one that follows the load is taken at its smallest."""
    made = Parts(one, reading)
    values, scale = one.values, "scale_policy.auto_scale"
    if values.has(scale):
        machines: Any = made.default(scale).assumed(values.needed(f"{scale}.min_size"))
    else:
        machines = values.needed("scale_policy.fixed_scale.size")
    if values.needed("storage_config.storage_type_id") != FAST:
        made.unpriced.append("storage_config.storage_type_id")
    if made.is_on(values, "assign_public_ips"):
        made.unpriced.append("assign_public_ips")
    return made.priced(
        {
            "kind": "managed-ydb",
            "preset": preset_name(values.needed("resource_preset_id")),
            "machines": machines,
            "storage_groups": values.needed("storage_config.group_count"),
        }
    )


def opensearch(one: Planned, reading: Reading) -> Mapped:
    """An OpenSearch cluster: groups of nodes with sizes in bytes, or in GB since the provider's 0.218."""
    made = Parts(one, reading)
    data: list[dict[str, Any]] = []
    managers: list[dict[str, Any]] = []
    public = 0
    for group in one.values.blocks("config.opensearch.node_groups"):
        roles = group.find("roles")
        holds_data = not isinstance(roles, list) or not roles or "DATA" in roles
        (data if holds_data else managers).append(_group(made, group))
        public += group.number("hosts_count") if group.flag("assign_public_ip") else 0
    dashboards = []
    if one.values.has("config.dashboards.node_groups"):
        groups = one.values.blocks("config.dashboards.node_groups")
        dashboards = [_group(made, group) for group in groups]
        public += sum(group.number("hosts_count") for group in groups if group.flag("assign_public_ip"))
    if not data:
        raise UnknownValueError("config.opensearch.node_groups")
    found: dict[str, Any] = {"kind": "managed-opensearch"}
    by_field = {"hosts": data, "managers": managers, "dashboards": dashboards}
    found |= {field: groups[0] for field, groups in by_field.items() if groups}
    others = [group for groups in by_field.values() for group in groups[1:]]
    found |= {"other_groups": others} if others else {}
    return made.priced(found | ({"public_addresses": str(public)} if public else {}))


def _group(made: Parts, group: Values) -> dict[str, Any]:
    size: Any = _group_size(group)
    if any(
        group.has(f"disk_size_autoscaling.{limit}") for limit in ("disk_size_limit", "disk_size_gb_limit")
    ):
        size = made.default("config.opensearch.node_groups.disk_size_autoscaling").assumed(size)
    return {
        "preset": preset_name(group.needed("resources.resource_preset_id")),
        "count": group.needed("hosts_count"),
        "storage": {"type": group.needed("resources.disk_type_id"), "size": size},
    }


def _group_size(group: Values) -> str:
    """Return the size of a disk: of the two attributes, the one that is not written is unknown."""
    if group.find("resources.disk_size_gb") not in (None, UNKNOWN, 0, "0"):
        return gigabytes(group.needed("resources.disk_size_gb"))
    group.needed("resources.disk_size")
    return f"{group.number('resources.disk_size')} B"
