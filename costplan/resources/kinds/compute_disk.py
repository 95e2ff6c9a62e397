"""Disks of Compute Cloud that stand by themselves, attached to a machine or to none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import PricingContext, Problem, QuotaUse, Resource, Role, StatedCost, Usage
from costplan.resources.parts.disks import Disk, disk_problems, disk_usage
from costplan.resources.sizing.quota_uses import disk_uses
from costplan.source.fields import Whole


class ComputeDisk(Resource):
    """One or more equal disks; a disk costs the same whether a machine has it or not."""

    catalog_service: ClassVar[str] = "compute"
    example: ClassVar[str] = "{kind: compute-disk, disk: {type: network-ssd, size: 100 GB}}"

    kind: Literal["compute-disk"]
    role: Role = "storage"
    disk: Disk
    """Type and size of one disk; those of machines are better stated with them."""
    count: Whole = 1
    """Number of equal disks."""

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Disks, and the volume of their type."""
        yield from disk_uses(context, (self.disk,), Quantity(self.count))

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Their size all the month."""
        compute = context.catalog.offer(self.catalog_service)
        yield disk_usage(compute, self.disk, context.month * self.count)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The disk must be sold."""
        yield from disk_problems(catalog.service(self.catalog_service), self.disk, ["disk"])
