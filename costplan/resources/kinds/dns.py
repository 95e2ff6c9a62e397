"""Cloud DNS: zones and queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Charge, Meter, QuotaUse, Resource, Role, Setting, Usage
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Monthly, Whole

SERVICE = "cloud-dns"
ZONES = "zones"
QUERIES = "queries"


class Dns(Resource):
    """Zones of the service."""

    sells: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, ZONES), (SERVICE, QUERIES)})
    example: ClassVar[str] = "{kind: dns, queries: 1M/month}"

    kind: Literal["dns"]
    role: Role = "network"
    zones: Whole = 1
    """Public and internal zones."""
    queries: Monthly | None = None
    """Authoritative queries in a month."""

    def quota_uses(self, setting: Setting) -> Iterator[QuotaUse]:
        """Zones."""
        yield from quota_uses(setting, SERVICE, {"dns-zones": self.zones})

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Zone hours and queries."""
        yield setting.meter(SERVICE, ZONES, setting.month * self.zones, "zone*hour")
        if self.queries:
            yield setting.meter(SERVICE, QUERIES, self.queries, "query")
