"""What kinds made of Compute Cloud's virtual machines share: the machine, and how long it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from costplan.catalog.store import Catalog
from costplan.models import Flag, Hours, Name, Size, Whole
from costplan.quantity import Quantity
from costplan.resources.base import Problem, Resource, Setting, Usage
from costplan.resources.capacity import Capacity
from costplan.resources.machine import machine_problems, machine_usage, preemptible_problem


class VirtualMachine(Resource):
    """One or more equal virtual machines; kinds say how many, and what they have besides."""

    sells: ClassVar[str] = "compute"

    platform: Name = "standard-v3"
    """Hardware platform: `standard-v3`, `standard-v3-t4`, `gpu-standard-v3` ..."""
    core_fraction: Whole = 100
    """Guaranteed share of a core, in percent."""
    vcpu: Whole
    """Virtual cores of one machine."""
    memory: Size
    """Memory of one machine."""
    gpu: Whole | None = None
    """GPUs of one machine; the fewest that the platform is sold with when left out."""
    preemptible: Flag = False
    """Cheaper, and may be stopped by the provider at any time."""
    hours: Hours | None = None
    """How long each machine runs in a month; around the clock when left out."""

    capacity: Capacity | None = None
    """What one machine serves; more machines than stated are priced where the workload needs them."""

    def machines(self, setting: Setting, stated: Quantity) -> Quantity:
        """Return the machines: as many as are stated, or more where the capacity says so."""
        if self.capacity is None:
            return stated
        hours = self.hours or setting.month
        return stated.at_least(self.capacity.machines_for(setting.workload.monthly_requests, hours))

    def machine_usage(self, setting: Setting, hours: Quantity) -> Iterator[Usage]:
        """Give the usage of cores, memory and GPUs for machine hours over all machines."""
        compute = setting.catalog.service(self.sells)
        yield from machine_usage(
            compute, self.platform, self.core_fraction, self.vcpu, self.memory, self.gpu, hours,
            preemptible=self.preemptible,
        )  # fmt: skip

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The machine must be sold."""
        compute = catalog.service(self.sells)
        yield from machine_problems(
            compute, self.platform, self.core_fraction, self.vcpu, self.memory, self.gpu
        )
        if self.preemptible:
            yield from preemptible_problem(compute, self.platform, self.core_fraction)
