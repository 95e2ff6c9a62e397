"""Managed Service for PostgreSQL."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster

SERVICE = "managed-postgresql"


class ManagedPostgresql(DatabaseCluster):
    """A PostgreSQL cluster."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-postgresql, hosts: {preset: s3-c2-m8, storage: {type: network-ssd, size: 20 GB}}}"
    )

    kind: Literal["managed-postgresql"]
    role: Role = "database"
