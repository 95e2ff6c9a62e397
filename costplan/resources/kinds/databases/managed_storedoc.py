"""Yandex StoreDoc, which was Managed MongoDB: each role may have hosts of its own."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP
from costplan.resources.parts.hosts import Hosts
from costplan.resources.parts.single_storage import SingleStorageCluster

SERVICE = "managed-storedoc"


class ManagedStoredoc(SingleStorageCluster):
    """A StoreDoc cluster; `hosts` run mongod, of all shards."""

    catalog_service: ClassVar[str] = SERVICE
    more_hosts: ClassVar[tuple[str, ...]] = ("mongos", "mongocfg", "mongoinfra")
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-storedoc, hosts: {preset: s3-c2-m8, storage: {type: network-ssd, size: 20 GB}}}"
    )

    kind: Literal["managed-storedoc"]
    role: Role = "database"
    mongos: Hosts | None = None
    """Hosts that route the requests of a sharded cluster."""
    mongocfg: Hosts | None = None
    """Hosts that know where the data of a sharded cluster lie."""
    mongoinfra: Hosts | None = None
    """Hosts that do the work of both."""
