"""ZooKeeper hosts that the provider adds to clusters of several hosts, and bills by SKUs of their own."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.quantity import Quantity
from costplan.resources.base import Setting, Usage
from costplan.resources.machine import machine_usage
from costplan.resources.presets import find_preset
from costplan.units import BYTES_PER_GB

ADDED_HOSTS = "zookeeper-hosts"
"""The catalog's rule: how many coordination hosts are added."""
FROM_HOSTS = "zookeeper-minimum-cluster"
"""The catalog's rule: from how many hosts on they are added."""
ZOOKEEPER_PRESET = "zookeeper-b3-c1-m4"
"""The smallest host class, which the provider takes for the hosts that it adds."""


def zookeeper_hosts(setting: Setting, service: str, hosts: int) -> Quantity:
    """Return how many ZooKeeper hosts the provider adds to a cluster of so many hosts."""
    if hosts < setting.catalog.rule(service, FROM_HOSTS).value:
        return Quantity(0)
    return Quantity(setting.catalog.rule(service, ADDED_HOSTS).value)


def zookeeper_usage(setting: Setting, service: str, preset_name: str, running: Quantity) -> Iterator[Usage]:
    """Give the usage of ZooKeeper hosts of a class that was checked before.

    Args:
        running: Host hours of the month over all of them.
    """
    preset = find_preset(setting.catalog, service, preset_name)
    assert preset is not None
    assert preset.platform is not None
    memory = Quantity(preset.memory_gb) * BYTES_PER_GB
    yield from machine_usage(
        setting.catalog.service(service), preset.platform, preset.fraction, preset.vcpu, memory, 0, running
    )
