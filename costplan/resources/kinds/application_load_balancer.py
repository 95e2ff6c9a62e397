"""Application Load Balancer: resource units by the hour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SECONDS_PER_HOUR, SIZE_UNITS
from costplan.resources.contract import (
    Constraint,
    Meter,
    PricingContext,
    Problem,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
)
from costplan.resources.sizing.cold_starts import busiest_rate
from costplan.resources.sizing.quota_uses import address_uses, amount, quota_uses
from costplan.source.fields import Count, Whole

SERVICE = "application-load-balancer"
UNIT = "resource-unit"
ADDRESS: Meter = ("vpc", "address")
CRITERIA = {
    "requests_per_second": "requests-per-second",
    "active_connections": "active-connections",
    "new_connections_per_second": "new-connections-per-second",
    "megabytes_per_second": "megabytes-per-second",
}
"""Fields of the kind and the catalog's rules that say how much one resource unit carries."""
MINIMUM = "minimum-units-per-zone"


class ApplicationLoadBalancer(Resource):
    """A balancer; its resource units in an hour are the most that any criterion asks for.

    The load is taken as even over the hours. Source: Yandex Cloud documentation, Application Load Balancer
    pricing: units = max over criteria of ceil(value / capacity), at least two per availability zone.
    """

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, UNIT), ADDRESS})
    example: ClassVar[str] = "{kind: application-load-balancer, zones: 2}"

    kind: Literal["application-load-balancer"]
    role: Role = "network"
    zones: Whole = 1
    """Availability zones that it works in."""
    resource_units: Count | None = None
    """Resource units in every hour, where they are known; computed from the criteria when left out."""
    requests_per_second: Count | None = None
    """Most requests per second of an hour; the workload's mean rate when left out."""
    active_connections: Count | None = None
    """Most connections that are open at once in an hour."""
    new_connections_per_second: Count | None = None
    """Most connections that are opened in a second of an hour."""
    megabytes_per_second: Count | None = None
    """Most traffic in a second of an hour, in and out, in MB."""
    public_addresses: Whole = 1
    """Public addresses of its listeners."""

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """A balancer and its addresses."""
        yield from quota_uses(context, SERVICE, {"alb-balancers": 1})
        yield from address_uses(context, self.public_addresses)

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """Units that are stated must carry the busiest minutes; those that are computed follow the load."""
        if self.resource_units is None:
            return
        rate = self.requests_per_second or busiest_rate(context, context.workload.monthly_requests)
        sizes = [context.workload.request_size, context.workload.response_size]
        known = [size for size in sizes if size is not None]
        traffic = self.megabytes_per_second
        if traffic is None and known:
            traffic = rate * sum(known, Quantity(0)) / SIZE_UNITS["MB"]
        for code, value in (("alb-unit-rps", rate), ("alb-unit-traffic", traffic)):
            limit = context.catalog.limit(SERVICE, code)
            if value is not None and limit is not None and limit.number:
                stated = amount(self.resource_units.value, None)
                said = Reason("needs more than {count} resource units", count=stated)
                yield Constraint("replicas", value / limit.number, self.resource_units, said, code)

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Resource units in every hour, and addresses."""
        units = self.resource_units or self._units(context)
        yield context.meter(SERVICE, UNIT, units * context.hours_per_month, "RU*hour")
        if self.public_addresses:
            yield context.meter(*ADDRESS, context.month * self.public_addresses, "ip*hour")

    def _units(self, context: PricingContext) -> Quantity:
        seconds = context.hours_per_month * SECONDS_PER_HOUR
        values: dict[str, Quantity | None] = {name: getattr(self, name) for name in CRITERIA}
        if values["requests_per_second"] is None:
            values["requests_per_second"] = context.workload.monthly_requests / seconds
        units = Quantity(context.catalog.rule_value(SERVICE, MINIMUM, otherwise=1)) * self.zones
        for name, value in values.items():
            capacity = context.catalog.rule_value(SERVICE, CRITERIA[name])
            if value is not None and capacity:
                units = units.at_least((value / capacity).rounded_up_to(1))
        return units

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """It works in one zone at least."""
        if not 1 <= self.zones <= 3:
            yield Problem(["zones"], Reason("must be 1 to 3, got {zones}", str(self.zones)))
