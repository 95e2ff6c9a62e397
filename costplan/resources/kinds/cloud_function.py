"""Cloud Functions: memory while calls run, and the calls themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import (
    Constraint,
    Meter,
    PricingContext,
    Problem,
    Role,
    StatedCost,
    Usage,
    gigabytes,
)
from costplan.resources.parts.serverless import ServerlessResource
from costplan.resources.parts.serverless_shape import memory_problems, steps_of
from costplan.resources.sizing.quota_uses import body_needs
from costplan.resources.sizing.shape import Shape, StatedFor

SERVICE = "cloud-functions"
SHAPES = "functions-vcpu-by-memory"
MEMORY = "memory"
CALLS = "calls"
PROVISIONED = "provisioned-memory"
IDLE = "idle-memory"


class CloudFunction(ServerlessResource):
    """A function that runs while it answers."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        (SERVICE, code) for code in (MEMORY, CALLS, PROVISIONED, IDLE)
    )
    example: ClassVar[str] = "{kind: cloud-function, memory: 512 MB}"

    kind: Literal["cloud-function"]
    role: Role = "inference"

    def shape(self, catalog: Catalog, stated: StatedFor | None = None) -> Shape:
        """Return the memory of an instance: processor time is given by it, and nobody says how much."""
        memory = stated.memory if stated is not None and stated.memory is not None else self.memory
        return Shape(None, memory=memory.value)

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Memory for the billed run time, calls, and instances that are kept ready."""
        hours, metering, memory = self.billed_hours(context), self.metering(context), gigabytes(self.memory)
        yield context.meter(SERVICE, MEMORY, memory * hours.on_demand, "GB*hour", metering)
        yield context.meter(SERVICE, CALLS, self.calls(context), "invocation")
        if self.provisioned_instances:
            yield context.meter(SERVICE, PROVISIONED, memory * hours.provisioned, "GB*hour", metering)
            yield context.meter(SERVICE, IDLE, memory * hours.idle, "GB*hour")

    def quota_amounts(self, calls: Quantity, instances: Quantity) -> dict[str, Quantity | int]:
        """Return what it takes of the zone, and of the cloud."""
        return {
            "functions-calls-per-zone": calls,
            "functions-instances-per-zone": instances,
            "functions-memory-per-zone": instances * gigabytes(self.memory),
            "functions-functions": 1,
        }

    def capacity_needs(self, context: PricingContext) -> Iterator[Constraint]:
        """Beside instances: requests and answers must not be too large."""
        yield from super().capacity_needs(context)
        if self.requests is None:
            yield from body_needs(context, SERVICE, "functions-request-size", "functions-response-size")

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The memory must be sold; cores follow from it."""
        yield from super().problems(catalog)
        yield from memory_problems(steps_of(catalog, SERVICE, SHAPES), self.memory)
