"""Virtual machines of Compute Cloud, with their disks and public address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.checked.markers import Field
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Problem, QuotaUse, Role, StatedCost, Usage
from costplan.resources.parts.disks import Disk, disk_problems, disk_usage
from costplan.resources.parts.machine_group import MachineGroup, Machines, one_machine
from costplan.resources.sizing.quota_uses import address_uses, disk_uses

ADDRESS: Meter = ("vpc", "address")
RESERVED_ADDRESS: Meter = ("vpc", "reserved-address")
MAX_DISKS = 16
"""Most disks of one machine in a scenario: as many as the provider attaches to a large one, or more."""


class ComputeInstance(MachineGroup):
    """One or more equal virtual machines; a range of them is a group that is scaled by the provider."""

    meters: ClassVar[frozenset[Meter]] = frozenset({ADDRESS, RESERVED_ADDRESS})

    count_field: ClassVar[tuple[str, ...]] = ("count",)
    example: ClassVar[str] = (
        "{kind: compute-instance, vcpu: 2, memory: 4 GB, disks: [{type: network-ssd, size: 20 GB}]}"
    )

    kind: Literal["compute-instance"]
    role: Role = "compute"
    count: Machines = Field(default_factory=one_machine)
    """Number of equal machines; of a group that the provider scales `{min: 2, max: 6, average: 3}`."""
    disks: Annotated[tuple[Disk, ...], Field(max_length=MAX_DISKS)] = ()
    """Disks of one machine; paid for all the month, whether it runs or not."""
    public_address: Literal["none", "dynamic", "static"] = "none"
    """A static address costs more while its machine is stopped; a dynamic one is given back."""

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Cores, memory and GPUs while running; disks and a static address all the month."""
        compute = context.catalog.offer(self.catalog_service)
        running, existing = self.machine_hours(context)
        yield from self.machine_usage(context, running)
        for disk in self.disks:
            yield disk_usage(compute, disk, existing)
        yield from address_usage(context, self.public_address, running, existing)

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Beside the machines their disks and addresses."""
        yield from super().quota_uses(context)
        machines = self.most_replicas(context)
        yield from disk_uses(context, self.disks, machines)
        static = machines if self.public_address == "static" else 0
        yield from address_uses(context, 0 if self.public_address == "none" else machines, static)

    def boot_disk(self) -> Disk | None:
        """The first one."""
        return self.disks[0] if self.disks else None

    def no_average(self) -> Reason:
        """Say it of machines."""
        return Reason(
            "no average is given for {min} to {max} machines; priced at the maximum",
            str(self.count.min),
            str(self.count.max),
        )

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The machine and its disks must be sold."""
        yield from super().problems(catalog)
        compute = catalog.service(self.catalog_service)
        for position, disk in enumerate(self.disks):
            yield from disk_problems(compute, disk, ["disks", position])


def address_usage(
    context: PricingContext, public_address: str, running: Quantity, existing: Quantity
) -> Iterator[Usage]:
    """Give the usage of public addresses: active while running, a reserved one with a surcharge otherwise.

    Source: Yandex Cloud documentation, VPC pricing; an inactive static address pays the active rate and the
    surcharge.
    """
    if public_address == "dynamic":
        yield context.meter(*ADDRESS, running, "ip*hour")
    elif public_address == "static":
        yield context.meter(*ADDRESS, existing, "ip*hour")
        idle = existing - running
        if idle.value:
            yield context.meter(*RESERVED_ADDRESS, idle, "ip*hour")
