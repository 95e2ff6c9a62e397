"""Managed Service for Apache Kafka, with the ZooKeeper or KRaft hosts that the provider adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from costplan.resources.catalog_defaults import DEFAULT
from costplan.resources.contract import Meter, PricingContext, Role, StatedCost, Usage
from costplan.resources.parts.coordinated_cluster import CoordinatedCluster
from costplan.resources.parts.coordination import EXAMPLE_STORAGE, Coordinators
from costplan.resources.parts.database import ADDRESS
from costplan.resources.parts.disks import Disk
from costplan.source.fields import Flag, HostClass

SERVICE = "managed-kafka"
KAFKA_UI = "ui"


class ManagedKafka(CoordinatedCluster):
    """A Kafka cluster; `hosts` are its brokers."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, ADDRESS), (SERVICE, KAFKA_UI)})
    catalog_defaults: ClassVar[Mapping[str, str]] = {
        "zookeeper_preset": "zookeeper-preset",
        "kraft_preset": "kraft-preset",
    }
    example: ClassVar[str] = (
        "{kind: managed-kafka, hosts: {preset: s3-c2-m8, storage: {type: network-ssd, size: 100 GB}}}"
    )

    kind: Literal["managed-kafka"]
    role: Role = "other"
    coordination: Literal["zookeeper", "kraft", "kraft-hosts"] = "zookeeper"
    """Who coordinates several brokers: ZooKeeper hosts that are billed, KRaft inside the brokers, or KRaft on
    hosts of its own that are billed."""
    zookeeper_preset: HostClass = DEFAULT
    """Host class of the ZooKeeper hosts; `default` is the one that the catalog names."""
    zookeeper_storage: Disk | None = None
    """Storage of each ZooKeeper host; 10 GB of network-ssd when left out."""
    kraft_preset: HostClass = DEFAULT
    """Host class of the KRaft hosts; `default` is the one that the catalog names."""
    kraft_storage: Disk | None = None
    """Storage of each KRaft host; 10 GB of network-ssd when left out, as ZooKeeper hosts have in the
    provider's example."""
    kafka_ui: Flag = False
    """Whether the provider's Kafka UI is switched on."""

    def coordinators(self) -> dict[str, Coordinators]:
        """Return the hosts that may coordinate the cluster, by the choice of `coordination`."""
        zookeeper_storage = self.zookeeper_storage or EXAMPLE_STORAGE
        kraft_storage = self.kraft_storage or EXAMPLE_STORAGE
        return {
            "zookeeper": Coordinators(SERVICE, "zookeeper", self.zookeeper_preset, zookeeper_storage),
            "kraft-hosts": Coordinators(SERVICE, "kraft", self.kraft_preset, kraft_storage),
        }

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Brokers and their storage, the hosts that coordinate them, and the UI's monthly fee."""
        yield from super().usage(context)
        if self.kafka_ui:
            yield context.meter(SERVICE, KAFKA_UI, context.month, "hour")
