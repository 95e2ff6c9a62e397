"""Yandex MPP Analytics for PostgreSQL, which was Managed Greenplum."""

from __future__ import annotations

from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP
from costplan.resources.parts.hosts import Hosts
from costplan.resources.parts.single_storage import SingleStorageCluster

SERVICE = "managed-greenplum"


class ManagedGreenplum(SingleStorageCluster):
    """A Greenplum cluster; `hosts` are its segment hosts."""

    catalog_service: ClassVar[str] = SERVICE
    more_hosts: ClassVar[tuple[str, ...]] = ("masters",)
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-greenplum, hosts: {preset: s3-c8-m32, count: 2, storage: {type: network-ssd, "
        "size: 100 GB}}, masters: {preset: s3-c8-m32, count: 2, storage: {type: network-ssd, size: 10 GB}}}"
    )

    kind: Literal["managed-greenplum"]
    role: Role = "database"
    masters: Hosts
    """Hosts that take the queries and plan them; those with a public address."""
