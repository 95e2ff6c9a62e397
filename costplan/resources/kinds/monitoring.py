"""Monitoring: metrics of one's own, reads, alerts. Metrics of the provider's resources are free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage
from costplan.resources.parts.samples import Interval, monthly_values
from costplan.source.fields import Count, Monthly, Whole

SERVICE = "monitoring"
WRITE = "write"
READ = "read"
ALERTS = "alerts"
MINUTE = Quantity(60)


class Monitoring(Resource):
    """Metrics that the service itself writes."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset((SERVICE, code) for code in (WRITE, READ, ALERTS))
    example: ClassVar[str] = "{kind: monitoring, metrics: 100}"

    kind: Literal["monitoring"]
    role: Role = "monitoring"
    metrics: Count
    """Time series of the service's own."""
    interval: Interval | None = None
    """Time between two values of a series; a minute when left out."""
    read_values: Monthly | None = None
    """Values a month that are read through the API."""
    alerts: Whole = 0
    """Alerts that are on all the time."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Values written and read, and alert hours."""
        yield context.meter(
            SERVICE, WRITE, monthly_values(self.metrics, self.interval or MINUTE, context.month), "value"
        )
        if self.read_values:
            yield context.meter(SERVICE, READ, self.read_values, "value")
        if self.alerts:
            yield context.meter(SERVICE, ALERTS, context.month * self.alerts, "alert*hour")
