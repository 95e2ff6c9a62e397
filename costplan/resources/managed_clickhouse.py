"""Managed Service for ClickHouse, with the ZooKeeper hosts that the provider adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.models import Name
from costplan.resources.base import Charge, Problem, Setting, SkuCode, Usage
from costplan.resources.database import DatabaseCluster
from costplan.resources.machine import machine_usage
from costplan.resources.presets import find_preset, preset_problems
from costplan.units import BYTES_PER_GB, Quantity

SERVICE = "managed-clickhouse"
ZOOKEEPER_HOSTS = "zookeeper-hosts"
"""The catalog's rule: how many coordination hosts are added to a cluster of two hosts or more."""
ZOOKEEPER_PRESET = "zookeeper-b3-c1-m4"
"""The smallest host class, which the provider takes for the hosts that it adds."""


class ManagedClickhouse(DatabaseCluster):
    """A ClickHouse cluster."""

    sells: ClassVar[str] = SERVICE
    backup_sku: ClassVar[str] = "mdb.cluster.backup.ch"
    address_sku: ClassVar[str] = "mdb.public_fips.ch"
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, backup_sku), (SERVICE, address_sku)})

    kind: Literal["managed-clickhouse"]
    coordination: Literal["zookeeper", "embedded-keeper"] = "zookeeper"
    """Who coordinates two or more hosts: ZooKeeper hosts that are billed, or Keeper inside the hosts."""
    zookeeper_preset: Name = ZOOKEEPER_PRESET
    """Host class of the ZooKeeper hosts."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """The cluster, and its ZooKeeper hosts where the provider adds them."""
        yield from super().usage(setting)
        if self.hosts.count >= 2 and self.coordination == "zookeeper":
            yield from self._zookeeper_usage(setting)

    def _zookeeper_usage(self, setting: Setting) -> Iterator[Usage]:
        preset = find_preset(setting.catalog, SERVICE, self.zookeeper_preset)
        assert preset is not None
        assert preset.platform is not None
        added = setting.catalog.rule(SERVICE, ZOOKEEPER_HOSTS).value
        yield from machine_usage(
            setting.catalog.service(SERVICE), preset.platform, preset.fraction, preset.vcpu,
            Quantity(preset.memory_gb) * BYTES_PER_GB, 0, (self.hours or setting.month) * added,
        )  # fmt: skip

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Hosts, storage and the ZooKeeper class must be sold."""
        yield from super().problems(catalog)
        yield from preset_problems(catalog, SERVICE, self.zookeeper_preset, field="zookeeper_preset")
