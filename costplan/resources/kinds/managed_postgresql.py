"""Managed Service for PostgreSQL."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster

SERVICE = "managed-postgresql"


class ManagedPostgresql(DatabaseCluster):
    """A PostgreSQL cluster."""

    sells: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})

    kind: Literal["managed-postgresql"]
