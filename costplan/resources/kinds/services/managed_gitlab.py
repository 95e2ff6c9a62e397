"""Managed Service for GitLab: an instance with its storage and backups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import (
    Meter,
    PricingContext,
    Problem,
    Resource,
    Role,
    StatedCost,
    Usage,
    gigabytes,
    metered_hours,
)
from costplan.resources.parts.presets import find_preset, preset_problems
from costplan.source.fields import Hours, Name, Size

SERVICE = "managed-gitlab"
CPU, RAM = "cpu", "ram"
STORAGE = "storage"
BACKUP = "backup"
PLANS = {"none": "", "basic": "", "standard": "standard-", "advanced": "advanced-"}
"""Approval rules -> how the meters of the instance begin: the simplest have no prices of their own."""
METERING_UNIT = "metering-unit"
"""The catalog's rule: an instance is billed by started hours."""


class ManagedGitlab(Resource):
    """An instance."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        {(SERVICE, STORAGE), (SERVICE, BACKUP)}
        | {(SERVICE, f"{plan}{part}") for plan in PLANS.values() for part in (CPU, RAM)}
    )
    example: ClassVar[str] = "{kind: managed-gitlab, preset: s2-micro, storage: 30 GB}"

    kind: Literal["managed-gitlab"]
    role: Role = "ci-cd"
    preset: Name
    """Type of the instance: `s2-micro`, `s2-small` ..."""
    approval_rules: Literal["none", "basic", "standard", "advanced"] = "none"
    """Configuration of approval rules; the hours of the instance cost more with `standard` and `advanced`."""
    hours: Hours | None = None
    """How long it runs in a month, in started hours; a stopped one still pays its storage."""
    storage: Size
    """Storage of the instance."""
    backup_size: Size | None = None
    """All backups that are kept."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Cores and memory while it runs; storage and backups all the month."""
        hours = metered_hours(self.hours, context, SERVICE, METERING_UNIT)
        preset = find_preset(context.catalog, SERVICE, self.preset)
        plan = PLANS[self.approval_rules]
        if preset is None:
            yield Usage(SERVICE, f"{SERVICE}.instance", hours, "instance*hour")
        else:
            yield context.meter(SERVICE, f"{plan}{CPU}", hours * preset.vcpu, "core*hour")
            yield context.meter(SERVICE, f"{plan}{RAM}", hours * Quantity(preset.memory_gb), "GB*hour")
        yield context.meter(SERVICE, STORAGE, gigabytes(self.storage) * context.month, "GB*hour")
        if self.backup_size is not None:
            yield context.meter(SERVICE, BACKUP, gigabytes(self.backup_size) * context.month, "GB*hour")

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The type must be one of the service's."""
        yield from preset_problems(catalog, SERVICE, self.preset)
