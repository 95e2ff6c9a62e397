"""Managed Service for YDB on dedicated machines: what it computes on, and storage groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.catalog_defaults import DEFAULT
from costplan.resources.contract import (
    Meter,
    PricingContext,
    Problem,
    QuotaUse,
    Resource,
    Role,
    StatedCost,
    Usage,
)
from costplan.resources.parts.machine import machine_usage
from costplan.resources.parts.presets import find_preset, preset_problems
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.source.fields import HostClass, Hours, Whole

SERVICE = "managed-ydb"
STORAGE = "storage"
GROUP_SIZE = "storage-group-size"
"""The catalog's rule: GB of a storage group."""


class ManagedYdb(Resource):
    """A database on machines of its own; one that is billed by request is `metered`."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset({(SERVICE, STORAGE)})
    catalog_defaults: ClassVar[Mapping[str, str]] = {"preset": "preset"}
    example: ClassVar[str] = "{kind: managed-ydb, machines: 3, storage_groups: 2}"

    kind: Literal["managed-ydb"]
    role: Role = "database"
    preset: HostClass = DEFAULT
    """Class of each machine; `default` is the one that the catalog names."""
    machines: Whole = 1
    """Number of machines."""
    hours: Hours | None = None
    """How long they run in a month; storage is paid all of it."""
    storage_groups: Whole = 1
    """Number of storage groups; the catalog says how large each is."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Cores and memory while they run, storage all the month."""
        preset = find_preset(context.catalog, SERVICE, self.preset)
        running = (self.hours or context.month) * self.machines
        if preset is None or preset.platform is None:
            yield Usage(SERVICE, f"{SERVICE}.machines", running, "instance*hour")
        else:
            service, memory = context.catalog.offer(SERVICE), Quantity(preset.memory_gb) * BYTES_PER_GB
            yield from machine_usage(
                service, preset.platform, preset.fraction, preset.vcpu, memory, 0, running
            )
        size = context.catalog.rule_value(SERVICE, GROUP_SIZE) * self.storage_groups
        yield context.meter(SERVICE, STORAGE, context.month * size, "GB*hour")

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """A database, its machines with their cores and memory, and its storage groups."""
        taken: dict[str, Quantity | int] = {
            "ydb-databases": 1,
            "ydb-hosts": self.machines,
            "ydb-storage-groups": self.storage_groups,
        }
        preset = find_preset(context.catalog, SERVICE, self.preset)
        if preset is not None:
            taken["ydb-vcpu"] = self.machines * preset.vcpu
            taken["ydb-memory"] = Quantity(self.machines * preset.memory_gb)
        yield from quota_uses(context, SERVICE, taken)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The class must be there."""
        yield from preset_problems(catalog, SERVICE, self.preset)
