"""Managed Service for ClickHouse, with the ZooKeeper hosts that the provider adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.models import Name
from costplan.resources.base import Charge, Problem, Setting, SkuCode, Usage
from costplan.resources.database import DatabaseCluster
from costplan.resources.disks import Disk, disk_problems, disk_usage
from costplan.resources.presets import preset_problems
from costplan.resources.zookeeper import ZOOKEEPER_PRESET, zookeeper_hosts, zookeeper_usage

SERVICE = "managed-clickhouse"


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
    zookeeper_storage: Disk | None = None
    """Storage of each ZooKeeper host; the provider's newer example has 10 GB of network-ssd."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """The cluster, and its ZooKeeper hosts where the provider adds them."""
        yield from super().usage(setting)
        added = zookeeper_hosts(setting, SERVICE, self.hosts.count)
        if added.value and self.coordination == "zookeeper":
            running = (self.hours or setting.month) * added
            yield from zookeeper_usage(setting, SERVICE, self.zookeeper_preset, running)
            if self.zookeeper_storage is not None:
                service = setting.catalog.service(SERVICE)
                yield disk_usage(service, self.zookeeper_storage, setting.month * added)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Hosts, storage and the ZooKeeper class must be sold."""
        yield from super().problems(catalog)
        yield from preset_problems(catalog, SERVICE, self.zookeeper_preset, field="zookeeper_preset")
        if self.zookeeper_storage is not None:
            yield from disk_problems(catalog.service(SERVICE), self.zookeeper_storage, ["zookeeper_storage"])
