"""Managed Service for OpenSearch: data, manager and dashboards hosts are all billed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.resources.contract import Meter, Problem, Role
from costplan.resources.parts.database import ADDRESS, BACKUP, DatabaseCluster
from costplan.resources.parts.hosts import Hosts, host_problems

SERVICE = "managed-opensearch"


class ManagedOpensearch(DatabaseCluster):
    """An OpenSearch cluster; `hosts` are its data hosts."""

    catalog_service: ClassVar[str] = SERVICE
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

    def groups(self) -> Sequence[Hosts]:
        """Return the groups that there are; the storage of all makes room for free backups."""
        return [group for group in (self.hosts, self.managers, self.dashboards) if group is not None]

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """All groups of hosts must be sold."""
        yield from super().problems(catalog)
        for name, group in (("managers", self.managers), ("dashboards", self.dashboards)):
            if group is not None:
                yield from host_problems(catalog, catalog.service(SERVICE), group, [name])
