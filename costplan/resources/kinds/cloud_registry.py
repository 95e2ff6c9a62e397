"""Cloud Registry: stored artefacts, and what of them leaves the cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage, gigabytes
from costplan.source.fields import Size

SERVICE = "cloud-registry"
STORAGE = "storage"
EGRESS = "egress"


class CloudRegistry(Resource):
    """A registry of images and packages, the successor of Container Registry."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, STORAGE), (SERVICE, EGRESS)})
    example: ClassVar[str] = "{kind: cloud-registry, size: 5 GB}"

    kind: Literal["cloud-registry"]
    role: Role = "ci-cd"
    size: Size
    """Stored volume."""
    egress: Size | None = None
    """Volume that leaves to the internet in a month; none when left out."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Stored volume over the month, and egress where it is stated."""
        yield context.meter(SERVICE, STORAGE, gigabytes(self.size) * context.month, "GB*hour")
        if self.egress is not None:
            yield context.meter(SERVICE, EGRESS, gigabytes(self.egress), "GB")
