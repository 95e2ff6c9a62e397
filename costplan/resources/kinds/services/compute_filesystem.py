"""File storages of Compute Cloud, which many machines may share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.resources.catalog_defaults import DEFAULT, unknown_name
from costplan.resources.contract import (
    PricingContext,
    Problem,
    Resource,
    Role,
    StatedCost,
    Usage,
    gigabytes,
)
from costplan.resources.parts.disks import find_disk_type
from costplan.source.fields import Name, Size

SERVICE = "compute"


class ComputeFilesystem(Resource):
    """A file storage, paid for from creation to deletion."""

    catalog_service: ClassVar[str] = SERVICE
    catalog_defaults: ClassVar[Mapping[str, str]] = {"type": "disk-type"}
    example: ClassVar[str] = "{kind: compute-filesystem, type: network-hdd, size: 200 GB}"

    kind: Literal["compute-filesystem"]
    role: Role = "storage"
    type: Name = DEFAULT
    """What it is kept on: `network-hdd`, `network-ssd`; `default` is the one that the catalog names."""
    size: Size
    """Its size."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Its size all the month."""
        found = find_disk_type(context.catalog.offer(SERVICE), self.type)
        sku = found.filesystem_sku if found is not None else None
        amount = gigabytes(self.size) * context.month
        yield Usage(SERVICE, sku or f"{SERVICE}.filesystem", amount, "GB*hour")

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """Not every type of disk is one of file storages."""
        service = catalog.service(SERVICE)
        names = [one.name for one in service.disk_types if one.filesystem_sku is not None]
        if self.type not in names:
            hint = did_you_mean(self.type, names) or Reason("sold: {names}", listed(names))
            yield Problem(["type"], unknown_name(self.type, "type of file storage", service), hint)
