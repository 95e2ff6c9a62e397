"""Managed Service for Apache Kafka, with the ZooKeeper hosts that the provider adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.models import Flag, Name
from costplan.quantity import Quantity
from costplan.resources.base import Charge, Problem, Setting, SkuCode, Usage
from costplan.resources.database import DatabaseCluster
from costplan.resources.disks import Disk, disk_problems, disk_usage
from costplan.resources.presets import preset_problems
from costplan.resources.zookeeper import ZOOKEEPER_PRESET, zookeeper_hosts, zookeeper_usage
from costplan.units import BYTES_PER_GB

SERVICE = "managed-kafka"
KAFKA_UI = "mdb.cluster.kafka.ui"
ZOOKEEPER_STORAGE = Disk.model_construct(type="network-ssd", size=Quantity(10 * BYTES_PER_GB))
"""Storage of each ZooKeeper host; source: Yandex Cloud documentation, Managed Kafka pricing, its example."""


class ManagedKafka(DatabaseCluster):
    """A Kafka cluster; `hosts` are its brokers."""

    sells: ClassVar[str] = SERVICE
    backup_sku: ClassVar[str] = "mdb.cluster.backup.kafka"
    address_sku: ClassVar[str] = "mdb.public_fips.kafka"
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, address_sku), (SERVICE, KAFKA_UI)})

    kind: Literal["managed-kafka"]
    coordination: Literal["zookeeper", "kraft"] = "zookeeper"
    """Who coordinates several brokers: ZooKeeper hosts that are billed, or KRaft inside the brokers."""
    zookeeper_preset: Name = ZOOKEEPER_PRESET
    """Host class of the ZooKeeper hosts."""
    zookeeper_storage: Disk | None = None
    """Storage of each ZooKeeper host; 10 GB of network-ssd when left out."""
    kafka_ui: Flag = False
    """Whether the provider's Kafka UI is switched on."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Brokers and their storage, ZooKeeper hosts and theirs, and the UI's monthly fee."""
        yield from super().usage(setting)
        added = zookeeper_hosts(setting, SERVICE, self.hosts.count)
        if added.value and self.coordination == "zookeeper":
            running = (self.hours or setting.month) * added
            yield from zookeeper_usage(setting, SERVICE, self.zookeeper_preset, running)
            service = setting.catalog.service(SERVICE)
            storage = self.zookeeper_storage or ZOOKEEPER_STORAGE
            yield disk_usage(service, storage, setting.month * added)
        if self.kafka_ui:
            yield Usage(SERVICE, KAFKA_UI, setting.month, "hour")

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Brokers, storage and the ZooKeeper class must be sold."""
        yield from super().problems(catalog)
        yield from preset_problems(catalog, SERVICE, self.zookeeper_preset, field="zookeeper_preset")
        if self.zookeeper_storage is not None:
            yield from disk_problems(catalog.service(SERVICE), self.zookeeper_storage, ["zookeeper_storage"])
