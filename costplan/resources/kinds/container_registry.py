"""Container Registry: stored images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import (
    Meter,
    PricingContext,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
    gigabytes,
    metered_hours,
)
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Hours, Size

SERVICE = "container-registry"
STORAGE = "storage"
METERING_UNIT = "metering-unit"
"""The catalog's rule: 15 GB for 11.5 hours are billed as for 12."""


class ContainerRegistry(Resource):
    """A registry."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, STORAGE)})
    example: ClassVar[str] = "{kind: container-registry, size: 5 GB}"

    kind: Literal["container-registry"]
    role: Role = "ci-cd"
    size: Size
    """Stored layers; a layer that images share is stored once."""
    hours: Hours | None = None
    """How long they are stored in a month, in started hours; all the month when left out."""

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """A registry."""
        yield from quota_uses(context, SERVICE, {"registry-registries": 1})

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Stored volume over the month."""
        hours = metered_hours(self.hours, context, SERVICE, METERING_UNIT)
        yield context.meter(SERVICE, STORAGE, gigabytes(self.size) * hours, "GB*hour")
