"""Hosts of managed databases: a preset or a machine, how many, and the storage of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from costplan.catalog.model import Service
from costplan.catalog.store import Catalog
from costplan.checked.markers import model_validator
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.contract import PricingContext, Problem, Usage
from costplan.resources.parts.disks import Disk, disk_problems, disk_usage, find_disk_type
from costplan.resources.parts.machine import machine_problems, machine_usage
from costplan.resources.parts.presets import find_preset, preset_problems
from costplan.source.fields import HostClass, Model, Name, Size, Whole


@dataclass(frozen=True, slots=True)
class HostMachine:
    """What one host is."""

    platform: str
    fraction: int
    """Guaranteed share of a core, in percent."""
    vcpu: int
    memory: Quantity
    """Bytes."""


class Hosts(Model):
    """Equal hosts of a cluster: a preset, or platform, vCPU and memory."""

    preset: HostClass | None = None
    """Host class by name: `s3-c2-m8`; one with a dot may be written so, `s2.micro` is `s2-micro`."""
    platform: Name | None = None
    """Hardware platform: `ice-lake`, `cascade-lake` ..."""
    core_fraction: Whole = 100
    """Guaranteed share of a core, in percent."""
    vcpu: Whole | None = None
    """Virtual cores of one host."""
    memory: Size | None = None
    """Memory of one host."""
    count: Whole = 1
    """Number of hosts."""
    storage: Disk
    """Storage of each host."""

    @model_validator(mode="before")
    @classmethod
    def _preset_or_machine(cls, data: Any) -> Any:
        if isinstance(data, dict):
            machine = [key for key in ("platform", "vcpu", "memory", "core_fraction") if key in data]
            if "preset" in data and machine:
                raise ValueError(
                    Reason("`preset` already says the {machine}; give one or the other", machine[0])
                )
            missing = [key for key in ("platform", "vcpu", "memory") if key not in data]
            if "preset" not in data and missing:
                raise ValueError(
                    Reason(
                        "needs a `preset`, or `platform`, `vcpu` and `memory`; missing `{missing}`",
                        missing[0],
                    )
                )
        return data

    def machine(self, catalog: Catalog, service: str) -> HostMachine | None:
        """Return the machine of one host; None for a preset that the catalog does not have."""
        if self.preset is None:
            assert self.platform is not None
            assert self.vcpu is not None
            assert self.memory is not None
            return HostMachine(self.platform, self.core_fraction, self.vcpu, self.memory)
        preset = find_preset(catalog, service, self.preset)
        if preset is None or preset.platform is None:
            return None
        memory = Quantity(preset.memory_gb) * BYTES_PER_GB
        return HostMachine(preset.platform, preset.fraction, preset.vcpu, memory)


def host_usage(context: PricingContext, service: Service, hosts: Hosts, hours: Quantity) -> Iterator[Usage]:
    """Give the usage of hosts while they run, and of their storage all the month.

    A stopped cluster on local disks keeps its hosts, and pays for them as if it ran.
    """
    disk = find_disk_type(service, hosts.storage.type)
    running = (context.month if disk is not None and disk.holds_hosts else hours) * hosts.count
    host = hosts.machine(context.catalog, service.service)
    if host is None:
        yield Usage(service.service, f"{service.service}.hosts", running, "instance*hour")
    else:
        yield from machine_usage(service, host.platform, host.fraction, host.vcpu, host.memory, 0, running)
    yield disk_usage(service, hosts.storage, context.month * hosts.count)


def host_problems(
    catalog: Catalog, service: Service, hosts: Hosts, field: Sequence[str | int], of_cluster: int
) -> Iterator[Problem]:
    """Say why hosts are not sold.

    Args:
        catalog: What is sold.
        service: Of the cluster.
        hosts: One group of it.
        field: Where they stand in the resource.
        of_cluster: How many hosts the whole cluster has.
    """
    found: list[Problem] = []
    host = None
    if hosts.preset is not None:
        found += preset_problems(catalog, service.service, hosts.preset)
    if not found:
        host = hosts.machine(catalog, service.service)
        assert host is not None
        found += machine_problems(service, host.platform, host.fraction, host.vcpu, host.memory, 0)
        if hosts.preset is not None:
            found = [replace(problem, field=["preset"]) for problem in found]
    platform = host.platform if host is not None else ""
    found += disk_problems(service, hosts.storage, ["storage"], of_cluster, platform)
    for problem in found:
        yield replace(problem, field=[*field, *problem.field])
