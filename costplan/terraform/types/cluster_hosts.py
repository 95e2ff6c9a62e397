"""Hosts of managed databases: blocks in older types, a map in newer ones; storage is that of each host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from costplan.messages.text import visible
from costplan.terraform.parts import Parts, gigabytes, preset_name
from costplan.terraform.reading import server_defaults
from costplan.terraform.values import UnknownValueError, Values

SIZE = "disk_size"


def hosts_of(values: Values) -> list[Values]:
    """Return the hosts: blocks of a list, or the values of a map."""
    hosts = values.blocks("hosts" if values.find("hosts") is not None else "host")
    if not hosts:
        raise UnknownValueError("host")
    return hosts


def role_of(host: Values, otherwise: str) -> str:
    """Return what a host does, in capitals."""
    kind = host.find("type")
    return visible(kind).upper() if isinstance(kind, str) and kind else otherwise


def cluster(kind: str, made: Parts, at: str, hosts: Sequence[Values], scaling: str = "") -> dict[str, Any]:
    """Return a cluster of equal hosts.

    Args:
        kind: In a scenario.
        made: The resource.
        at: Where the class and the disk of its hosts stand.
        hosts: All of them.
        scaling: Where growing disks are stated; empty for beside `at`.
    """
    found = {"kind": kind, "hosts": host_group(made, at, len(hosts), scaling)}
    return found | public_addresses(made, hosts)


def public_addresses(made: Parts, hosts: Sequence[Values]) -> dict[str, str]:
    """Return how many hosts have a public address, where any has."""
    public = sum(made.is_on(host, "assign_public_ip") for host in hosts)
    return {"public_addresses": str(public)} if public else {}


def host_group(made: Parts, at: str, count: int, scaling: str = "") -> dict[str, Any]:
    """Return equal hosts."""
    return {
        "preset": preset_name(made.one.values.needed(f"{at}.resource_preset_id")),
        "count": str(count),
        "storage": storage(made, at, scaling),
    }


def storage(made: Parts, at: str, scaling: str = "") -> dict[str, Any]:
    """Return the disk of a host; one that grows is taken at the size that it starts with."""
    size: Any = gigabytes(made.one.values.needed(f"{at}.{SIZE}"))
    if (made.one.type, scaling) in server_defaults() and made.one.values.has(f"{scaling}.disk_size_limit"):
        size = made.default(scaling).assumed(size)
    return {"type": made.or_default(f"{at}.disk_type_id"), "size": size}


def coordinators(made: Parts, at: str, software: str) -> dict[str, Any]:
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
        found[f"{software}_storage"] = storage(made, f"{at}.resources")
    return found


def like(group: Mapping[str, Any], resources: Values, count: int) -> dict[str, Any]:
    """Return hosts like others, but for what is stated of them."""
    found = dict(group) | {"count": str(count), "storage": dict(group["storage"])}
    if resources.has("resource_preset_id"):
        found["preset"] = preset_name(resources.needed("resource_preset_id"))
    if resources.has("disk_type_id"):
        found["storage"]["type"] = resources.needed("disk_type_id")
    if resources.has(SIZE):
        found["storage"]["size"] = gigabytes(resources.needed(SIZE))
    return found
