"""Cloud DNS: zones and queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, PricingContext, QuotaUse, Resource, Role, StatedCost, Usage
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Monthly, Whole

SERVICE = "cloud-dns"
ZONES = "zones"
QUERIES = "queries"


class Dns(Resource):
    """Zones of the service."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, ZONES), (SERVICE, QUERIES)})
    example: ClassVar[str] = "{kind: dns, queries: 1M/month}"

    kind: Literal["dns"]
    role: Role = "network"
    zones: Whole = 1
    """Public and internal zones."""
    queries: Monthly | None = None
    """Authoritative queries in a month."""

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Zones."""
        yield from quota_uses(context, SERVICE, {"dns-zones": self.zones})

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Zone hours and queries."""
        yield context.meter(SERVICE, ZONES, context.month * self.zones, "zone*hour")
        if self.queries:
            yield context.meter(SERVICE, QUERIES, self.queries, "query")
