"""Managed Service for MySQL."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP
from costplan.resources.parts.single_storage import SingleStorageCluster

SERVICE = "managed-mysql"


class ManagedMysql(SingleStorageCluster):
    """A MySQL cluster; replicas are hosts like the others."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-mysql, hosts: {preset: s3-c2-m8, storage: {type: network-ssd, size: 20 GB}}}"
    )

    kind: Literal["managed-mysql"]
    role: Role = "database"
