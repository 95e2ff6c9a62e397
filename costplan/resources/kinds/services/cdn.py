"""Cloud CDN: a package for each resource and month, what goes beyond it, and options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage, gigabytes
from costplan.source.fields import Flag, Monthly, Size

SERVICE = "cdn"
PACKAGE = "resource"
TRAFFIC, REQUESTS = "traffic", "requests"
"""Meters, and the catalog's rules of what a package holds of each."""
OPTIONS = {"shielding": "shielding", "log_export": "logs", "dedicated_addresses": "dedicated-addresses"}
"""Field -> its meter."""


class Cdn(Resource):
    """A resource of the network, with a package of its own."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        (SERVICE, code) for code in (PACKAGE, TRAFFIC, REQUESTS, *OPTIONS.values())
    )
    example: ClassVar[str] = "{kind: cdn, traffic: 2000 GB, requests: 50M/month}"

    kind: Literal["cdn"]
    role: Role = "network"
    traffic: Size
    """All that it sends to visitors in a month; what the package holds is taken off."""
    requests: Monthly | None = None
    """All requests of visitors in a month; within the package when left out."""
    shielding: Flag = False
    """Whether origins are shielded."""
    log_export: Flag = False
    """Whether its logs are exported."""
    dedicated_addresses: Flag = False
    """Whether it has addresses of its own."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """The package, what goes beyond it, and options for the month."""
        yield context.meter(SERVICE, PACKAGE, Quantity(1), "resource*month")
        beyond = self._beyond(context, TRAFFIC, gigabytes(self.traffic))
        yield context.meter(SERVICE, TRAFFIC, beyond, "GB")
        if self.requests is not None:
            beyond = self._beyond(context, REQUESTS, self.requests)
            yield context.meter(SERVICE, REQUESTS, beyond, "request")
        for field, meter in OPTIONS.items():
            if getattr(self, field):
                yield context.meter(SERVICE, meter, Quantity(1), "resource*month")

    @staticmethod
    def _beyond(context: PricingContext, rule: str, amount: Quantity) -> Quantity:
        return (amount - context.catalog.rule_value(SERVICE, rule)).at_least(0)
