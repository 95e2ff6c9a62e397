"""Coordination hosts that the provider adds to clusters of several hosts, and bills by SKUs of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from costplan.catalog.model import Preset
from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason, either
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import BYTES_PER_GB
from costplan.resources.catalog_defaults import DEFAULT, with_defaults
from costplan.resources.contract import PricingContext, Problem, Usage
from costplan.resources.parts.disks import Disk, disk_problems, disk_usage
from costplan.resources.parts.machine import machine_usage
from costplan.resources.parts.presets import find_preset, preset_problems

EXAMPLE_STORAGE = Disk.model_construct(size=Quantity(10 * BYTES_PER_GB))
"""Storage of each coordination host; source: the example in docs.yandex.cloud/ru/managed-kafka/pricing.md."""


@dataclass(frozen=True, slots=True)
class Coordinators:
    """The hosts that coordinate a cluster, all of one class."""

    service: str
    software: str
    """`zookeeper`, `keeper` or `kraft`: rules and fields are named after it."""
    preset: str
    storage: Disk | None
    """Storage of each; None where none is billed."""
    count: int | None = None
    """How many; those that the provider adds when left out."""

    def added(self, context: PricingContext, hosts: int) -> Quantity:
        """Return how many are added to a cluster of so many hosts."""
        catalog = context.catalog
        if hosts < catalog.rule_value(self.service, f"{self.software}-minimum-cluster"):
            return Quantity(0)
        return Quantity(self.count or catalog.rule_value(self.service, f"{self.software}-hosts"))

    def hosts(self, context: PricingContext, hosts: int) -> Iterator[tuple[Quantity, Preset, Disk | None]]:
        """Give the hosts that a cluster of so many gets: how many, their class, the storage of each."""
        added = self.added(context, hosts)
        preset = find_preset(context.catalog, self.service, self.preset, self.software)
        if added.value and preset is not None:
            yield added, preset, self.disk(context.catalog)

    def usage(self, context: PricingContext, hosts: int, hours: Quantity) -> Iterator[Usage]:
        """Give their usage while the cluster runs, and that of their storage all the month."""
        added = self.added(context, hosts)
        if not added.value:
            return
        preset = find_preset(context.catalog, self.service, self.preset, self.software)
        if preset is None or preset.platform is None:
            yield Usage(self.service, f"{self.service}.{self.software}", hours * added, "instance*hour")
            return
        service, memory = context.catalog.service(self.service), Quantity(preset.memory_gb) * BYTES_PER_GB
        yield from machine_usage(
            service, preset.platform, preset.fraction, preset.vcpu, memory, 0, hours * added
        )
        disk = self.disk(context.catalog)
        if disk is not None:
            yield disk_usage(service, disk, context.month * added)

    def disk(self, catalog: Catalog) -> Disk | None:
        """Return the storage of each host, of the catalog's type where none is stated."""
        return with_defaults(self.storage, catalog.offer(self.service)) if self.storage is not None else None

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The class, the storage and the number must be sold, as far as anything is named."""
        if self.preset != DEFAULT:
            yield from preset_problems(
                catalog, self.service, self.preset, f"{self.software}_preset", self.software
            )
        disk = self.disk(catalog)
        if disk is not None and disk.type != DEFAULT:
            field = [f"{self.software}_storage"]
            yield from disk_problems(catalog.service(self.service), disk, field, hosts=self.fewest)
        if self.count is not None:
            rule = catalog.rule(self.service, f"{self.software}-hosts")
            choices = rule.choices.values() if rule is not None else ()
            sold = sorted({rule.value, *(choice.value for choice in choices)}) if rule is not None else []
            if sold and self.count not in sold:
                allowed = either(str(number) for number in sold)
                message = Reason("must be {allowed}, got {count}", allowed, str(self.count))
                yield Problem(
                    [f"{self.software}_hosts"], message, Reason("the provider sets up {allowed}", allowed)
                )

    @property
    def fewest(self) -> int:
        """Return how many there are at least; the provider never adds fewer than three."""
        return self.count or 3
