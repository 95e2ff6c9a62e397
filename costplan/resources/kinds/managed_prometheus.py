"""Managed Service for Prometheus: values written by remote write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage
from costplan.resources.parts.samples import Interval, monthly_values
from costplan.source.fields import Count

SERVICE = "managed-prometheus"
WRITE = "write"
SCRAPE_INTERVAL = Quantity(15)


class ManagedPrometheus(Resource):
    """A workspace."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, WRITE)})
    example: ClassVar[str] = "{kind: managed-prometheus, metrics: 1000}"

    kind: Literal["managed-prometheus"]
    role: Role = "monitoring"
    metrics: Count
    """Time series."""
    interval: Interval | None = None
    """Time between two values of a series; 15 seconds when left out."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Values written."""
        yield context.meter(
            SERVICE,
            WRITE,
            monthly_values(self.metrics, self.interval or SCRAPE_INTERVAL, context.month),
            "value",
        )
