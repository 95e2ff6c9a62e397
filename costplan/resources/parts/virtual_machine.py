"""What kinds made of Compute Cloud's virtual machines share: the machine, and how long it runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from costplan.capacity.model import Capacity
from costplan.capacity.replicas import ReplicaHours
from costplan.catalog.store import Catalog
from costplan.quantities.quantity import MeasuredAt, Quantity
from costplan.resources.catalog_defaults import DEFAULT
from costplan.resources.contract import (
    SERVING_ROLES,
    Constraint,
    Finding,
    PricingContext,
    Problem,
    QuotaUse,
    Shares,
    Usage,
)
from costplan.resources.deployment import Deployment, Level, MachineType, Replicas, RunningTime, steady
from costplan.resources.parts.disk_speed import read_needs
from costplan.resources.parts.disks import Disk
from costplan.resources.parts.machine import (
    default_gpus,
    find_fraction,
    find_platform,
    machine_problems,
    machine_usage,
    preemptible_problem,
)
from costplan.resources.sizing.measured_cores import capacity_on, gain_on, measured_at, time_on
from costplan.resources.sizing.published import (
    published_findings,
    published_problems,
    served_capacity,
)
from costplan.resources.sizing.quota_uses import machine_uses
from costplan.resources.sizing.serving import replica_hours, replica_needs, shares_of, sizing
from costplan.resources.sizing.serving_resource import (
    ServingResource,
    no_capacity,
    running_findings,
    stopping_finding,
)
from costplan.resources.sizing.shape import Shape, StatedFor
from costplan.source.fields import Flag, Hours, Name, Size, Whole

WHOLE_CORE = 100
"""Percent; less is throttled, and nothing that was measured on whole cores holds."""


class VirtualMachine(ServingResource):
    """One or more equal virtual machines; kinds say how many, and what they have besides."""

    catalog_service: ClassVar[str] = "compute"
    count_field: ClassVar[tuple[str, ...]]
    """Where the kind says how many."""

    catalog_defaults: ClassVar[Mapping[str, str]] = {"platform": "platform"}

    platform: Name = DEFAULT
    """Hardware platform: `standard-v3`, `standard-v3-t4`, `gpu-standard-v3` ...; `default` is the one that
    the catalog names."""
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

    model_size: Size | None = None
    """What a machine reads from its boot disk before it serves: a model and its libraries. Where replicas
    start with the load, `scale_up_delay` must leave time for it."""
    capacity: Capacity | None = None
    """What one machine serves; more machines than stated are priced where the workload needs them."""

    @abstractmethod
    def bounds(self) -> tuple[Quantity, int | None]:
        """Return the fewest machines, as stated, and the most; None for no bound."""

    def served(self, context: PricingContext) -> Capacity | None:
        """Return the capacity as this machine has it: a published figure may be bound by the rest of it, a
        measured one is less on fewer cores."""
        capacity = self.capacity
        if capacity is None or (capacity.published is None and not self._may_scale(capacity)):
            return capacity
        # Kept, as equal capacities of other objects would have their replicas counted again.
        key = ("served", id(capacity), id(self))
        if key not in context.cache:
            shape = self.shape(context.catalog)
            if capacity.published is not None:
                found = served_capacity(capacity, shape, context)
            else:
                found = capacity_on(capacity, shape, self.vcpu)
            context.cache[key] = found, self
        found_before: Capacity = context.cache[key][0]
        return found_before

    def _may_scale(self, capacity: Capacity) -> bool:
        rate = capacity.requests_per_second
        return self.core_fraction == WHOLE_CORE and rate is not None and measured_at(rate) is not None

    def cores_measured(self, own: Shape, found: MeasuredAt) -> Sequence[int]:
        """Return the counts of cores by whose curve its capacity was worked out; none where it was not."""
        curve = found.over_cores.curve
        is_scaled = self.capacity is not None and self._may_scale(self.capacity)
        return curve.cores if curve is not None and is_scaled and gain_on(found, own, self.vcpu) else ()

    def replicas(self, context: PricingContext) -> ReplicaHours | None:
        """Return the machine hours that the load makes; None where no capacity is given."""
        capacity = self.served(context)
        if capacity is None:
            return None
        least, _ = self.bounds()
        return replica_hours(capacity, context, least, self.hours or context.month)

    def machine_hours(self, context: PricingContext) -> tuple[Quantity, Quantity]:
        """Return the hours that machines run and the hours that they exist, over all of them.

        A stopped machine exists; one that scaling has taken away does not.
        """
        running = self.hours or context.month
        capacity = self.served(context)
        if capacity is not None and capacity.is_elastic:
            hours = replica_hours(capacity, context, self.bounds()[0], running)
            return hours.billed, hours.billed
        count = self.count_at(context, running)
        return running * count, context.month * count

    def count_at(self, context: PricingContext, running: Quantity) -> Quantity:
        """Return the machines where their number does not change within the month."""
        least, _ = self.bounds()
        capacity = self.served(context)
        if capacity is None:
            return least
        return replica_hours(capacity, context, least, running).most.at_least(least)

    def shape(self, catalog: Catalog, stated: StatedFor | None = None) -> Shape:
        """Return the cores that are guaranteed, and the GPUs."""
        said = stated or StatedFor()
        platform = said.platform or self.platform
        gpu = said.gpu if said.gpu is not None else self.gpu if said.platform is None else None
        if gpu is None:
            gpu = default_gpus(find_platform(catalog.offer(self.catalog_service), platform))
        vcpu = said.vcpu.value if said.vcpu is not None else Fraction(self.vcpu)
        share = said.core_fraction if said.core_fraction is not None else self.core_fraction
        return Shape(vcpu * share / 100, gpu, platform)

    def request_time(self, context: PricingContext) -> Quantity | None:
        """Return the time of its capacity; of the workload for inference, where requests are worked on."""
        capacity = self.served(context)
        if capacity is not None and capacity.request_duration is not None:
            return capacity.request_duration
        if self.role != "inference":
            return None
        shape = self.shape(context.catalog)
        cores = None if shape.gpus or shape.vcpu is None else Quantity(shape.vcpu)
        time = context.request_time(cores)
        found = measured_at(time) if time is not None and self.core_fraction == WHOLE_CORE else None
        there = time_on(time, found, shape) if time is not None and found is not None else None
        return there or time

    def findings(self, context: PricingContext) -> Iterator[Finding]:
        """Say what is not known of how machines serve, and when they do not run."""
        yield from super().findings(context)
        if self.role in SERVING_ROLES:
            if self.capacity is not None and self.capacity.published is not None:
                shape = self.shape(context.catalog)
                yield from published_findings(self.capacity, shape, context, self.most_replicas(context))
            if self.capacity is None:
                yield no_capacity()
            if self.preemptible:
                yield stopping_finding()
            yield from running_findings(self.hours, context.month)

    def capacity_needs(self, context: PricingContext) -> Iterator[Constraint]:
        """Machines must suffice, and the SLO must hold while they start."""
        hours, capacity = self.replicas(context), self.served(context)
        if capacity is not None and hours is not None:
            _, bound = self.bounds()
            most = capacity.max_replicas or bound
            yield from replica_needs(capacity, context, hours, most, "machine")
        yield from read_needs(context, self.capacity, self.boot_disk(), self.model_size, self.vcpu)

    @abstractmethod
    def boot_disk(self) -> Disk | None:
        """Return the disk that a machine starts from; None where the scenario states none."""

    def deployment(self, catalog: Catalog) -> Deployment:
        """Say what machines they are, and how they run."""
        compute = catalog.offer(self.catalog_service)
        platform = find_platform(compute, self.platform)
        fraction = find_fraction(platform, self.core_fraction) if platform is not None else None
        is_sold_preemptible = fraction is not None and fraction.preemptible is not None
        gpus = default_gpus(platform) if self.gpu is None and platform is not None else self.gpu or 0
        return Deployment(
            capacity=self.capacity,
            hours=self.hours,
            preemptible=self.preemptible if self.preemptible or is_sold_preemptible else None,
            replicas=Replicas("machine", self.bounds()[0], self.count_field, follow_load=True),
            machine=MachineType(
                self.catalog_service, self.platform, self.core_fraction, self.vcpu, self.memory, gpus
            ),
        )

    def running_time(self, context: PricingContext) -> RunningTime:
        """Machines that follow the load run in levels; others run all at once."""
        running = self.hours or context.month
        capacity = self.served(context)
        if capacity is None or not capacity.is_elastic or not running.value:
            return steady(running.value)
        least = Quantity(0) if capacity.scaling == "to-zero" else self.bounds()[0]
        load = context.load(running)
        sized = sizing(capacity, context)
        levels = (
            Level(sized.needed(level, load.peak_factor).at_least(least).value, level.hours.value)
            for level in load.levels
        )
        return RunningTime(tuple(levels), self.machine_hours(context)[0].value)

    def most_replicas(self, context: PricingContext) -> Quantity:
        """Return the machines in the busiest hour; a part of one is a whole one."""
        least, _ = self.bounds()
        hours = self.replicas(context)
        return (hours.most.at_least(least) if hours is not None else least).rounded_up_to(1)

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Machines take of the quotas of Compute Cloud, those of Kubernetes too."""
        machines = self.most_replicas(context)
        yield from machine_uses(context, self.platform, self.vcpu, self.memory, self.gpu, machines)

    def shares(self, context: PricingContext) -> Shares | None:
        """Split the cost by what the machine hours were for."""
        hours = self.replicas(context)
        return None if hours is None else shares_of(hours)

    def machine_usage(self, context: PricingContext, hours: Quantity) -> Iterator[Usage]:
        """Give the usage of cores, memory and GPUs for machine hours over all machines."""
        compute = context.catalog.offer(self.catalog_service)
        yield from machine_usage(
            compute, self.platform, self.core_fraction, self.vcpu, self.memory, self.gpu, hours,
            preemptible=self.preemptible,
        )  # fmt: skip

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The machine must be sold."""
        compute = catalog.service(self.catalog_service)
        yield from machine_problems(
            compute, self.platform, self.core_fraction, self.vcpu, self.memory, self.gpu
        )
        if self.preemptible:
            yield from preemptible_problem(compute, self.platform, self.core_fraction)
        platform = find_platform(compute, self.platform)
        if platform is not None:
            yield from published_problems(self.capacity, platform.gpu, self.kind, is_machine=True)
