"""Snapshots of disks, by the volume that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, PricingContext, QuotaUse, Role, gigabytes
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import Size

SERVICE = "compute"
BILLED = {"size": Billed("snapshot", "GB*hour")}


class ComputeSnapshot(StatedAmounts):
    """Snapshots of one disk or of several."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, BILLED)
    example: ClassVar[str] = "{kind: compute-snapshot, size: 40 GB}"

    kind: Literal["compute-snapshot"]
    role: Role = "storage"
    size: Size
    """Volume of all of them: the blocks in use, and then what has changed since; not the size of the disk."""

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Their volume."""
        yield from quota_uses(context, SERVICE, {"compute-snapshots-size": gigabytes(self.size)})
