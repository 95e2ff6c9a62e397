"""Managed Kubernetes: masters and groups of nodes."""

from __future__ import annotations

from typing import Any

from costplan.terraform.mapped import Mapped
from costplan.terraform.parts import Parts, addresses, gigabytes
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.types.compute import PLAIN_NETWORK
from costplan.terraform.values import UNKNOWN, UnknownValueError, Values

AVAILABLE = 3
"""Locations of a highly available master."""


def kubernetes_cluster(one: Planned, reading: Reading) -> Mapped:
    """A master in one zone, or three in three; all keys of places may be there, the others empty."""
    made = Parts(one, reading)
    master: dict[str, Any] = {"kind": "kubernetes-cluster", "master": _master(one.values)}
    preset = "master.scale_policy.auto_scale.min_resource_preset_id"
    if one.values.has(preset):
        master["preset"] = one.values.needed(preset)
    else:
        made.default(preset)
    return made.priced(master)


def _master(values: Values) -> str:
    places = values.find("master.master_location")
    if values.has("master.regional") or (isinstance(places, list) and len(places) == AVAILABLE):
        return "highly-available"
    if values.has("master.zonal") or (isinstance(places, list) and places):
        return "basic"
    raise UnknownValueError("master.zonal")


def kubernetes_node_group(one: Planned, reading: Reading) -> Mapped:
    """Nodes in a number that is the total over all zones."""
    made = Parts(one, reading)
    at, values = "instance_template", one.values
    nodes, count = _nodes(made)
    group: dict[str, Any] = {
        "kind": "kubernetes-node-group",
        "platform": values.needed(f"{at}.platform_id"),
        "vcpu": values.needed(f"{at}.resources.cores"),
        "memory": gigabytes(values.needed(f"{at}.resources.memory")),
        "core_fraction": made.or_default(f"{at}.resources.core_fraction"),
        "nodes": nodes,
        "disk": {"type": made.or_default(f"{at}.boot_disk.type"), "size": _disk_size(made)},
    }
    gpus = values.text(f"{at}.resources.gpus")
    if gpus not in (None, "", "0"):
        group["gpu"] = gpus
    if made.switch(f"{at}.scheduling_policy.preemptible"):
        group["preemptible"] = "true"
    made.plain_only(f"{at}.network_acceleration_type", PLAIN_NETWORK)
    public = values.flag(f"{at}.nat") or made.switch(f"{at}.network_interface.nat")
    return made.priced(group, *addresses(count if public else 0))


def _disk_size(made: Parts) -> Any:
    path = "instance_template.boot_disk.size"
    if made.one.values.find(path) in (None, UNKNOWN):
        default = made.default(path)
        return default.assumed(gigabytes(default.value))
    return gigabytes(made.one.values.needed(path))


def _nodes(made: Parts) -> tuple[Any, int]:
    """Return the nodes as a scenario states them, and how many there are to begin with."""
    values = made.one.values
    if values.has("scale_policy.auto_scale"):
        least, most, begins = (
            values.number(f"scale_policy.auto_scale.{key}") for key in ("min", "max", "initial")
        )
        mean = max(least, min(begins, most))
        average = made.default("scale_policy.auto_scale").assumed(str(mean))
        return {"min": str(least), "max": str(most), "average": average}, mean
    values.needed("scale_policy.fixed_scale.size")
    size = values.number("scale_policy.fixed_scale.size")
    return str(size), size
