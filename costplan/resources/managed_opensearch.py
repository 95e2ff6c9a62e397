"""Managed Service for OpenSearch: data, manager and dashboards hosts are all billed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.resources.base import Charge, Problem, Setting, SkuCode, Usage
from costplan.resources.database import DatabaseCluster
from costplan.resources.hosts import Hosts, host_problems, host_usage

SERVICE = "managed-opensearch"


class ManagedOpensearch(DatabaseCluster):
    """An OpenSearch cluster; `hosts` are its data hosts."""

    sells: ClassVar[str] = SERVICE
    backup_sku: ClassVar[str] = "mdb.cluster.backup.opensearch"
    address_sku: ClassVar[str] = "mdb.public_fips.opensearch"
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, backup_sku), (SERVICE, address_sku)})

    kind: Literal["managed-opensearch"]
    managers: Hosts | None = None
    """Hosts that hold no data and lead the cluster."""
    dashboards: Hosts | None = None
    """Hosts that serve OpenSearch Dashboards."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """All groups of hosts."""
        yield from super().usage(setting)
        service = setting.catalog.service(SERVICE)
        for group in (self.managers, self.dashboards):
            if group is not None:
                yield from host_usage(setting, service, group, self.hours or setting.month)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """All groups of hosts must be sold."""
        yield from super().problems(catalog)
        for name, group in (("managers", self.managers), ("dashboards", self.dashboards)):
            if group is not None:
                yield from host_problems(catalog, catalog.service(SERVICE), group, [name])
