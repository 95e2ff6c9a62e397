"""Serverless Containers: cores and memory while calls run, and the calls themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import (
    Constraint,
    Meter,
    Metering,
    PricingContext,
    Problem,
    Role,
    StatedCost,
    Usage,
    gigabytes,
)
from costplan.resources.parts.serverless import ServerlessResource
from costplan.resources.parts.serverless_shape import memory_problems, steps_of, vcpu_problems
from costplan.resources.sizing.quota_uses import body_needs, limit_need
from costplan.resources.sizing.shape import Shape, StatedFor
from costplan.source.fields import Count

SERVICE = "serverless-containers"
CPU = "cpu"
MEMORY = "memory"
CALLS = "calls"
SHAPES = "serverless-containers-vcpu-by-memory"
PROVISIONED_CPU = "provisioned-cpu"
PROVISIONED_MEMORY = "provisioned-memory"
IDLE_CPU = "idle-cpu"
IDLE_MEMORY = "idle-memory"


class ServerlessContainer(ServerlessResource):
    """A container that runs while it answers."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        (SERVICE, code)
        for code in (CPU, MEMORY, CALLS, PROVISIONED_CPU, PROVISIONED_MEMORY, IDLE_CPU, IDLE_MEMORY)
    )
    example: ClassVar[str] = "{kind: serverless-container, vcpu: 1, memory: 1 GB}"

    kind: Literal["serverless-container"]
    role: Role = "inference"
    vcpu: Count
    """Cores of one instance; a fraction counts, such as 0.2."""

    def shape(self, catalog: Catalog, stated: StatedFor | None = None) -> Shape:
        """Return the cores of an instance."""
        vcpu = stated.vcpu if stated is not None and stated.vcpu is not None else self.vcpu
        return Shape(vcpu.value)

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Cores and memory for the billed run time, calls, and instances that are kept ready."""
        hours, metering = self.billed_hours(context), self.metering(context)
        yield from self._parts(context, CPU, MEMORY, hours.on_demand, metering)
        yield context.meter(SERVICE, CALLS, self.calls(context), "invocation")
        if self.provisioned_instances:
            yield from self._parts(context, PROVISIONED_CPU, PROVISIONED_MEMORY, hours.provisioned, metering)
            yield from self._parts(context, IDLE_CPU, IDLE_MEMORY, hours.idle)

    def _parts(
        self,
        context: PricingContext,
        cpu: str,
        memory: str,
        hours: Quantity,
        metering: Metering | None = None,
    ) -> Iterator[Usage]:
        yield context.meter(SERVICE, cpu, self.vcpu * hours, "core*hour", metering)
        yield context.meter(SERVICE, memory, gigabytes(self.memory) * hours, "GB*hour", metering)

    def quota_amounts(self, calls: Quantity, instances: Quantity) -> dict[str, Quantity | int]:
        """Return what it takes of the zone, and of the cloud."""
        return {
            "serverless-containers-requests-per-zone": calls,
            "serverless-containers-instances-per-zone": instances,
            "serverless-containers-memory-per-zone": instances * gigabytes(self.memory),
            "serverless-containers-cpu-per-zone": instances * self.vcpu,
            "serverless-containers-provisioned-instances": self.provisioned_instances,
            "serverless-containers-containers": 1,
        }

    def capacity_needs(self, context: PricingContext) -> Iterator[Constraint]:
        """Beside instances: requests and answers must not be too large, nor take too long."""
        yield from super().capacity_needs(context)
        if self.requests is None:
            names = ("serverless-containers-request-size", "serverless-containers-response-size")
            yield from body_needs(context, SERVICE, *names)
        what, time = Reason("time of a call"), self.run_time(context)
        yield from limit_need(context, SERVICE, "serverless-containers-timeout-long", time, what)

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The memory must be sold, and the cores with it."""
        yield from super().problems(catalog)
        steps = steps_of(catalog, SERVICE, SHAPES)
        found = list(memory_problems(steps, self.memory))
        yield from found or vcpu_problems(steps, self.memory, self.vcpu)
