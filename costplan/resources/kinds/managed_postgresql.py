"""Managed Service for PostgreSQL."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import SkuCode
from costplan.resources.parts.database import DatabaseCluster

SERVICE = "managed-postgresql"


class ManagedPostgresql(DatabaseCluster):
    """A PostgreSQL cluster."""

    sells: ClassVar[str] = SERVICE
    backup_sku: ClassVar[str] = "mdb.cluster.backup.pg"
    address_sku: ClassVar[str] = "mdb.public_fips.pg"
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, backup_sku), (SERVICE, address_sku)})

    kind: Literal["managed-postgresql"]
