"""Machines, groups of them, and disks of Compute Cloud."""

from __future__ import annotations

from typing import Any

from costplan.terraform.mapped import Assumed, Mapped
from costplan.terraform.parts import Parts, addresses, gigabytes
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.values import UNKNOWN, Values

SECOND = "instance_template.secondary_disk"
PLAIN_NETWORK = "standard"
"""Acceleration by software takes cores, which are billed besides; no kind knows how many."""


def compute_instance(one: Planned, reading: Reading) -> Mapped:
    """A machine with its boot disk; disks that are resources of their own are billed there."""
    made = Parts(one, reading)
    machine = _machine(made, "")
    machine["disks"] = _boot_disk(made, "", ("boot_disk",))
    interfaces = one.values.blocks("network_interface")
    public = [face for face in interfaces if made.is_on(face, "nat")]
    if public and not reading.own_addresses(one):
        is_kept = public[0].find("nat_ip_address") not in (None, "", UNKNOWN)
        is_kept = is_kept or bool(reading.links.says(one.written_as, "network_interface", "nat_ip_address"))
        machine["public_address"] = "static" if is_kept else "dynamic"
    if one.values.has("local_disk"):
        made.unpriced.append("local_disk")
    made.plain_only("network_acceleration_type", PLAIN_NETWORK)
    return made.priced({"kind": "compute-instance", **machine}, *addresses(len(public) - 1))


def compute_instance_group(one: Planned, reading: Reading) -> Mapped:
    """Equal machines in a number that is fixed, or that begins with one and follows the load."""
    made = Parts(one, reading)
    machine = _machine(made, "instance_template.")
    machine["count"] = _group_size(made)
    machine["disks"] = _boot_disk(made, "instance_template.", ("instance_template", "boot_disk"))
    machine["disks"] += [
        _second_disk(made, disk) for disk in one.values.blocks(SECOND) if disk.has("initialize_params")
    ]
    nat = [made.switch("instance_template.network_interface.nat")]
    if any(nat):
        machine["public_address"] = "dynamic"
    made.plain_only("instance_template.network_settings.type", PLAIN_NETWORK)
    return made.priced({"kind": "compute-instance", **machine})


def _group_size(made: Parts) -> str | Assumed | dict[str, Any]:
    """Return a number; of a group that is scaled its bounds, and as the mean its size.

    Which machines it has a state knows, and a plan that changes nothing of it; else it begins with some.
    """
    policy = made.one.values
    if not policy.has("scale_policy.auto_scale"):
        return policy.needed("scale_policy.fixed_scale.size")
    zones = policy.find("allocation_policy.zones")
    floor = policy.number("scale_policy.auto_scale.min_zone_size")
    floor *= len(zones) if isinstance(zones, list) and zones else 1
    bound = "scale_policy.auto_scale.max_size"
    most = 0 if policy.find(bound) is UNKNOWN else policy.number(bound)
    machines = policy.find("instances")
    if isinstance(machines, list) and machines:
        size = len(machines)
        average: str | Assumed = str(size)
    else:
        size = max(floor, policy.number("scale_policy.auto_scale.initial_size"))
        average = made.default("scale_policy.auto_scale").assumed(str(size))
    if not floor <= size <= most:  # 0 is no bound
        return average
    return {"min": str(floor), "max": str(most), "average": average}


def _machine(made: Parts, at: str) -> dict[str, Any]:
    values = made.one.values
    gpus = values.text(f"{at}resources.gpus")
    found: dict[str, Any] = {
        "platform": made.stated(f"{at}platform_id"),
        "vcpu": values.needed(f"{at}resources.cores"),
        "memory": gigabytes(values.needed(f"{at}resources.memory")),
        "core_fraction": made.stated(f"{at}resources.core_fraction"),
    }
    if gpus not in (None, "", "0"):
        found["gpu"] = gpus
    if made.switch(f"{at}scheduling_policy.preemptible"):
        found["preemptible"] = "true"
    return found


def _boot_disk(made: Parts, at: str, keys: tuple[str, ...]) -> list[Any]:
    """Return the boot disk; none where it is a resource of its own, or belongs to another design."""
    values = made.one.values
    own = made.reading.links.says(made.one.written_as, *keys, "disk_id")
    params = f"{at}boot_disk.initialize_params"
    if own or (own is None and values.has(f"{at}boot_disk.disk_id") and _is_in_file(made, at)):
        return []
    if made.reading.needs_a_licence(made.one, *keys, "initialize_params", "image_id"):
        made.unpriced.append(f"{params}.image_id")
    kind = made.stated(f"{params}.type")
    size = values.find(f"{params}.size")
    if size is not UNKNOWN and size is not None:
        return [{"type": kind, "size": gigabytes(values.needed(f"{params}.size"))}]
    image = made.reading.image_size(made.one, *keys, "initialize_params", "image_id")
    if image is None:
        made.unpriced.append(f"{params}.size")
        return []
    return [{"type": kind, "size": made.default(f"{params}.size").assumed(f"{image} GB")}]


def _is_in_file(made: Parts, at: str) -> bool:
    """Say whether the boot disk of a state is a disk of the same state."""
    disk = made.one.values.find(f"{at}boot_disk.disk_id")
    rows = made.reading.by_block.values()
    return any(
        one.type == "yandex_compute_disk" and one.values.find("id") == disk for found in rows for one in found
    )


def _second_disk(made: Parts, disk: Values) -> dict[str, str]:
    def stated(key: str) -> str:
        return disk.text(f"initialize_params.{key}") or made.by_schema(f"{SECOND}.initialize_params.{key}")

    return {"type": stated("type"), "size": gigabytes(stated("size"))}


def compute_disk(one: Planned, reading: Reading) -> Mapped:
    """A disk, once, whether a machine has it or not."""
    made = Parts(one, reading)
    disk = {"type": made.stated("type"), "size": gigabytes(made.stated("size"))}
    return made.priced({"kind": "compute-disk", "disk": disk})


def filesystem(one: Planned, reading: Reading) -> Mapped:
    """A file storage."""
    made = Parts(one, reading)
    return made.priced(
        {
            "kind": "compute-filesystem",
            "type": made.stated("type"),
            "size": gigabytes(made.stated("size")),
        }
    )
