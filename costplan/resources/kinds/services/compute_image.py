"""Images of disks of one's own, by their volume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, PricingContext, QuotaUse, Role, gigabytes
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Size

SERVICE = "compute"
BILLED = {"size": Billed("image", "GB*hour")}


class ComputeImage(StatedAmounts):
    """Images that are kept; those of the Marketplace are not billed by volume."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, BILLED)
    example: ClassVar[str] = "{kind: compute-image, size: 10 GB}"

    kind: Literal["compute-image"]
    role: Role = "storage"
    size: Size
    """Volume of all of them."""

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Their volume."""
        yield from quota_uses(context, SERVICE, {"compute-images-size": gigabytes(self.size)})
