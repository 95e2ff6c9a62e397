"""What serverless kinds share: calls, their run time as it is billed, instances that are kept ready."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from costplan.capacity.model import Capacity
from costplan.catalog.model import Reading
from costplan.catalog.store import Catalog
from costplan.checked.markers import AfterValidator
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import Origin, Quantity
from costplan.quantities.units import SECONDS_PER_HOUR
from costplan.resources.contract import (
    Constraint,
    Finding,
    Metering,
    MissingInputError,
    PricingContext,
    Problem,
    QuotaUse,
)
from costplan.resources.deployment import CallInstance, Deployment
from costplan.resources.sizing.cold_starts import busiest_rate, cold_needs, instance_needs
from costplan.resources.sizing.measured_cores import billed_time, measured_at, time_on
from costplan.resources.sizing.published import published_problems
from costplan.resources.sizing.quota_uses import quota_uses
from costplan.resources.sizing.serving_resource import ServingResource
from costplan.resources.sizing.shape import Shape
from costplan.source.fields import Duration, Monthly, Name, Size, Whole

ROUNDING_RULE = "run-time-rounding"
"""The catalog's rule: run time, of each call or of the month, is rounded up to so many milliseconds."""


MOST_INSTANCES = 1_000_000
"""Of one container or function: more is a slip, and who is busy among them takes minutes to count."""


def _within_reason(number: int) -> int:
    if number > MOST_INSTANCES:
        raise ValueError(Reason("must be at most {most}, got {number}", MOST_INSTANCES, number))
    return number


Instances = Annotated[Whole, AfterValidator(_within_reason)]


@dataclass(frozen=True, slots=True)
class BilledHours:
    """Instance hours of a month."""

    on_demand: Quantity
    """Calls on instances that start when they are needed."""
    provisioned: Quantity
    """Calls on instances that are kept ready."""
    idle: Quantity
    """Instances that are kept ready and have no call."""


class ServerlessResource(ServingResource):
    """Something that runs while it answers."""

    fixed_cost_purpose: ClassVar[Literal["overhead", "headroom"]] = "headroom"

    memory: Size
    """Memory of one instance."""
    requests: Monthly | None = None
    """Calls in a month; those of the workload when left out."""
    duration: Duration | None = None
    """Run time of a call; `workload.request_duration` when left out."""
    capacity: Capacity | None = None
    """What one instance does; its `request_duration` is the run time where `duration` is left out."""
    run_time_rounding: Name | None = None
    """Another reading of the provider's rounding rule, by its name in the catalog: `per-call`, `total`,
    `unrounded`."""
    provisioned_instances: Instances = 0
    """Instances that are kept ready: their idle time and their calls are billed at rates of their own. What
    they cannot take in an hour runs on other instances."""
    cold_start: Duration | None = None
    """What a call takes longer when no instance is warm; with an SLO and `idle_limit` it is counted."""
    idle_limit: Duration | None = None
    """How long an idle instance is kept; providers do not guarantee it."""
    max_instances: Instances | None = None
    """Most instances at the same time: the account's quota."""

    def calls(self, context: PricingContext) -> Quantity:
        """Return the calls of the month."""
        return self.requests or context.workload.monthly_requests

    def billed_hours(self, context: PricingContext) -> BilledHours:
        """Return the hours that are billed for the month's calls, rounded up by the rule.

        Calls run on provisioned instances as far as these can take them at an even pace within each hour.
        """
        metering = self.metering(context)
        step = Quantity(metering.value if metering is not None else 0) / 1000
        calls, run_time = self.calls(context), self.run_time(context)
        rounds_total = metering is None or metering.applies_to == "total"
        busy = calls * (run_time if rounds_total else self._each_rounded(run_time, step, context))
        ready = self._on_provisioned(context, busy)

        def hours(seconds: Quantity) -> Quantity:
            return (seconds.rounded_up_to(step, fine=True) if rounds_total else seconds) / SECONDS_PER_HOUR

        kept = context.month * self.provisioned_instances
        return BilledHours(hours(busy - ready), hours(ready), kept - ready / SECONDS_PER_HOUR)

    def _each_rounded(self, run_time: Quantity, step: Quantity, context: PricingContext) -> Quantity:
        """Return the billed time of a call: of a measured one the mean of the times, each rounded up."""
        found = measured_at(run_time)
        billed = (
            billed_time(run_time, found, self.shape(context.catalog), step) if found is not None else None
        )
        return billed or run_time.rounded_up_to(step)

    def _on_provisioned(self, context: PricingContext, busy: Quantity) -> Quantity:
        """Return how many of the busy seconds of the month provisioned instances take."""
        taken = Quantity(0)
        if self.provisioned_instances:
            for level in context.load(context.month, busy).levels:
                seconds = level.hours * SECONDS_PER_HOUR
                taken += (level.rate * seconds).at_most(seconds * self.provisioned_instances)
        return taken

    def metering(self, context: PricingContext) -> Metering | None:
        """Return the reading of the rounding rule that holds; None where the provider rounds nothing."""
        rule = context.catalog.rule(self.catalog_service, ROUNDING_RULE)
        if rule is None:
            return None
        taken, is_chosen = rule.reading(self.run_time_rounding), self.run_time_rounding is not None
        return Metering(rule.name, taken.name, taken.value, rule.unit, taken.applies_to, is_chosen)

    def call_rounding(self, catalog: Catalog) -> Reading | None:
        """Return the reading of the rule on run time that holds; None where the provider rounds nothing."""
        rule = catalog.rule(self.catalog_service, ROUNDING_RULE)
        return rule.reading(self.run_time_rounding) if rule is not None else None

    def run_time(self, context: PricingContext) -> Quantity:
        """Return the seconds that a warm call takes on this instance.

        A time that holds for an instance with more cores is that measured on so many; where nobody measured
        it, it is stretched by the cores: nothing of a call takes longer than all of its work one after the
        other. Example: 400 ms on 1 vCPU are at most 4 s on 0.1.

        Raises:
            MissingInputError: Nothing says how long a call takes.
        """
        own = self.capacity.request_duration if self.capacity is not None else None
        shape = self.shape(context.catalog)
        cores = Quantity(shape.vcpu) if shape.vcpu is not None else None
        time = self.duration or own or context.request_time(cores)
        if time is None:
            raise MissingInputError("workload.request_duration", "it is billed by its run time")
        if own is None and self.duration is None and context.workload.request_cpu_time is not None:
            return time
        found = measured_at(time)
        there = time_on(time, found, shape) if found is not None else None
        return there or self._on_fewer_cores(time, shape, context)

    def _on_fewer_cores(self, time: Quantity, shape: Shape, context: PricingContext) -> Quantity:
        basis = self._basis(time, context)
        if basis is None or basis.vcpu is None or shape.vcpu is None or shape.vcpu >= basis.vcpu:
            return time
        times = basis.vcpu / shape.vcpu
        reason = Reason(
            "the time of a request holds for {stated} vCPU; on {own} it is taken as {times} times as long",
            stated=plain(quantized(basis.vcpu)),
            own=plain(quantized(shape.vcpu)),
            times=plain(quantized(times)),
        )
        return time * Quantity(times, frozenset({Origin("assumed", "vcpu", reason)}))

    def _basis(self, time: Quantity, context: PricingContext) -> Shape | None:
        """Return the machine that a time holds for, where it is another one."""
        measured = measured_at(time)
        if measured is not None:
            return Shape(measured.vcpu, measured.gpus)
        return self.shape(context.catalog, self.stated_for) if self.stated_for is not None else None

    def request_time(self, context: PricingContext) -> Quantity | None:
        """Return the time of a warm call."""
        return self.run_time(context)

    def findings(self, context: PricingContext) -> Iterator[Finding]:
        """Say what is not known of how it serves; a time on fewer cores is stretched and so not unknown."""
        stretched = self.shape(context.catalog).vcpu is not None
        for found in super().findings(context):
            if not (stretched and found.is_unknown):
                yield found

    def deployment(self, catalog: Catalog) -> Deployment:
        """Say what works on a call; nothing where nobody says how many cores that has."""
        vcpu = self.shape(catalog).vcpu
        instance = CallInstance(vcpu, self.memory.value, self.run_time_rounding) if vcpu is not None else None
        return Deployment(capacity=self.capacity, instance=instance)

    def quota_uses(self, context: PricingContext) -> Iterator[QuotaUse]:
        """Instances that run at the same time, in one zone: calls are not guaranteed to spread over several.

        Calls in flight are their rate in the busiest minutes times their time; an instance works on one of
        them unless its capacity says otherwise. Instances that are kept ready count while they are idle.
        """
        calls = busiest_rate(context, self.calls(context)) * self.run_time(context)
        instances = (calls / (self.capacity.concurrency if self.capacity else 1)).rounded_up_to(1)
        if self.provisioned_instances:
            instances = instances.at_least(self.provisioned_instances)
        yield from quota_uses(context, self.catalog_service, self.quota_amounts(calls, instances))

    @abstractmethod
    def quota_amounts(self, calls: Quantity, instances: Quantity) -> dict[str, Quantity | int]:
        """Return what calls in flight, and the instances for them, take of the service's quotas."""

    def capacity_needs(self, context: PricingContext) -> Iterator[Constraint]:
        """Instances must suffice, and enough of them be warm."""
        if self.max_instances is not None:
            yield from instance_needs(
                context, self.calls(context), self.run_time(context), self.max_instances
            )
        if self.cold_start is not None and self.idle_limit is not None:
            yield from cold_needs(
                context, self.calls(context), self.run_time(context), self.cold_start, self.idle_limit,
                self.provisioned_instances,
            )  # fmt: skip

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The reading of the rounding rule must be known."""
        yield from published_problems(self.capacity, None, self.kind, is_machine=False)
        rule = catalog.rule(self.catalog_service, ROUNDING_RULE)
        choices = rule.choices if rule is not None else {}
        if self.run_time_rounding is not None and self.run_time_rounding not in choices:
            message = Reason("unknown reading `{name}`", self.run_time_rounding)
            yield Problem(["run_time_rounding"], message, Reason("known: {names}", listed(choices)))
