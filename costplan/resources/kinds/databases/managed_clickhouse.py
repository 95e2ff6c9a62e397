"""Managed Service for ClickHouse, with the ZooKeeper or Keeper hosts that the provider adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.checked.markers import Field
from costplan.quantities.quantity import Quantity
from costplan.resources.catalog_defaults import DEFAULT
from costplan.resources.contract import Meter, PricingContext, Role, StatedCost, Usage, gigabytes
from costplan.resources.parts.coordinated_cluster import CoordinatedCluster
from costplan.resources.parts.coordination import EXAMPLE_STORAGE, Coordinators
from costplan.resources.parts.database import ADDRESS, BACKUP
from costplan.resources.parts.disks import Disk
from costplan.resources.parts.hosts import Hosts
from costplan.resources.sizing.shape import Shape, StatedFor
from costplan.source.fields import MAX_LIST, Flag, HostClass, Size, Whole

SERVICE = "managed-clickhouse"
CLOUD = "cloud-storage"


class ManagedClickhouse(CoordinatedCluster):
    """A ClickHouse cluster."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS), (SERVICE, CLOUD)})
    more_hosts: ClassVar[tuple[str, ...]] = ("shards",)
    catalog_defaults: ClassVar[Mapping[str, str]] = {
        "zookeeper_preset": "zookeeper-preset",
        "keeper_preset": "keeper-preset",
    }
    example: ClassVar[str] = (
        "{kind: managed-clickhouse, hosts: {preset: s3-c2-m8, storage: {type: network-ssd, size: 100 GB}}}"
    )

    kind: Literal["managed-clickhouse"]
    role: Role = "database"
    shards: Annotated[tuple[Hosts, ...], Field(max_length=MAX_LIST)] = ()
    """Hosts of shards that are unlike `hosts`, each with its class, number and storage."""
    data_size: Size | None = None
    """The database itself. Backups are free while it and they together are smaller than the storage of one
    host: other hosts add no room. Taken as nothing when left out."""
    cloud_storage: Flag = False
    """Whether data may move to object storage; `cloud_size` says how much of them lies there."""
    cloud_size: Size | None = None
    """Data in object storage, beside the storage of the hosts."""
    coordination: Literal["zookeeper", "embedded-keeper", "keeper"] = "zookeeper"
    """Who coordinates two or more hosts: ZooKeeper hosts or ClickHouse Keeper hosts, which are billed, or
    Keeper inside the ClickHouse hosts."""
    zookeeper_preset: HostClass = DEFAULT
    """Host class of the ZooKeeper hosts; `default` is the one that the catalog names."""
    zookeeper_storage: Disk | None = None
    """Storage of each ZooKeeper host; the provider's newer example has 10 GB of network-ssd."""
    keeper_hosts: Whole = 3
    """Number of Keeper hosts: 3 or 5."""
    keeper_preset: HostClass = DEFAULT
    """Host class of the Keeper hosts; `default` is the one that the catalog names."""
    keeper_storage: Disk | None = None
    """Storage of each Keeper host; 10 GB of network-ssd when left out, as ZooKeeper hosts have in the
    provider's example."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """The cluster, the hosts that coordinate it, and what lies in object storage."""
        yield from super().usage(context)
        if self.cloud_size is not None:
            yield context.meter(SERVICE, CLOUD, gigabytes(self.cloud_size) * context.month, "GB*hour")

    def shape(self, catalog: Catalog, stated: StatedFor | None = None) -> Shape:
        """Return the cores of all its hosts; shards of other classes are no one machine."""
        return super().shape(catalog, stated) if not self.shards else Shape(None)

    def room_for_backups(self) -> Quantity:
        """Return the bytes up to which backups are free: what the database leaves of one host's storage."""
        return (self.hosts.storage.size - (self.data_size or Quantity(0))).at_least(0)

    def coordinators(self) -> dict[str, Coordinators]:
        """Return the hosts that may coordinate the cluster, by the choice of `coordination`."""
        keeper_storage = self.keeper_storage or EXAMPLE_STORAGE
        return {
            "zookeeper": Coordinators(SERVICE, "zookeeper", self.zookeeper_preset, self.zookeeper_storage),
            "keeper": Coordinators(SERVICE, "keeper", self.keeper_preset, keeper_storage, self.keeper_hosts),
        }
