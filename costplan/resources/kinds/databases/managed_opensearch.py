"""Managed Service for OpenSearch: data, manager and dashboards hosts are all billed."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from costplan.checked.markers import Field
from costplan.resources.contract import Meter, Role
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster
from costplan.resources.parts.hosts import Hosts
from costplan.source.fields import MAX_LIST

SERVICE = "managed-opensearch"


class ManagedOpensearch(DatabaseCluster):
    """An OpenSearch cluster; `hosts` are its data hosts."""

    catalog_service: ClassVar[str] = SERVICE
    more_hosts: ClassVar[tuple[str, ...]] = ("managers", "dashboards", "other_groups")
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, BACKUP), (SERVICE, ADDRESS)})
    example: ClassVar[str] = (
        "{kind: managed-opensearch, hosts: {preset: s3-c2-m8, storage: {type: network-ssd, size: 100 GB}}}"
    )

    kind: Literal["managed-opensearch"]
    role: Role = "logs"
    managers: Hosts | None = None
    """Hosts that hold no data and lead the cluster."""
    dashboards: Hosts | None = None
    """Hosts that serve OpenSearch Dashboards."""
    other_groups: Annotated[tuple[Hosts, ...], Field(max_length=MAX_LIST)] = ()
    """Further groups of hosts, whatever they do: data hosts of another class, a second group of managers."""
