"""Managed Service for Sharded PostgreSQL: the hosts before the shards, which are clusters of PostgreSQL."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster
from costplan.resources.parts.hosts import Hosts

SERVICE = "managed-spqr"


class ManagedSpqr(DatabaseCluster):
    """A cluster that shards; `hosts` are its routers, or its hosts for all of it."""

    catalog_service: ClassVar[str] = SERVICE
    more_hosts: ClassVar[tuple[str, ...]] = ("coordinators",)
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-spqr, hosts: {preset: s3-c2-m8, count: 2, storage: {type: network-ssd, size: 10 GB}}}"
    )

    kind: Literal["managed-spqr"]
    role: Role = "database"
    coordinators: Hosts | None = None
    """Hosts that coordinate the routers, where these are hosts of their own."""
