"""Cloud DNS: zones and queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Charge, QuotaUse, Resource, Setting, SkuCode, Usage
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Monthly, Whole

SERVICE = "cloud-dns"
ZONES = "dns.zones.v1"
QUERIES = "dns.queries.authoritative"


class Dns(Resource):
    """Zones of the service."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, ZONES), (SERVICE, QUERIES)})

    kind: Literal["dns"]
    zones: Whole = 1
    """Public and internal zones."""
    queries: Monthly | None = None
    """Authoritative queries in a month."""

    def quota_uses(self, setting: Setting) -> Iterator[QuotaUse]:
        """Zones."""
        yield from quota_uses(setting, SERVICE, {"dns-zones": self.zones})

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Zone hours and queries."""
        yield Usage(SERVICE, ZONES, setting.month * self.zones, "zone*hour")
        if self.queries:
            yield Usage(SERVICE, QUERIES, self.queries, "query")
