"""Managed Service for Valkey, which was Managed Redis."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster

SERVICE = "managed-valkey"


class ManagedValkey(DatabaseCluster):
    """A Valkey cluster: a cache, or a queue of jobs."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-valkey, hosts: {platform: ice-lake, vcpu: 2, memory: 4 GB, "
        "storage: {type: network-ssd, size: 16 GB}}}"
    )

    kind: Literal["managed-valkey"]
    role: Role = "database"
