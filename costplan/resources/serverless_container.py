"""Serverless Containers: cores and memory while calls run, and the calls themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.models import Count, Duration, Monthly, Name, Size, Whole
from costplan.resources.base import Charge, Problem, Resource, Setting, SkuCode, Usage, gigabytes
from costplan.resources.serverless import billed_hours, rounding_problems
from costplan.units import Quantity

SERVICE = "serverless-containers"
CPU = "serverless.containers.compute.cpu"
MEMORY = "serverless.containers.compute.memory"
CALLS = "serverless.containers.invocations"
PROVISIONED_CPU = "serverless.containers.compute.provision_enabled.cpu"
PROVISIONED_MEMORY = "serverless.containers.compute.provision_enabled.memory"


class ServerlessContainer(Resource):
    """A container that runs while it answers."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset(
        (SERVICE, code) for code in (CPU, MEMORY, CALLS, PROVISIONED_CPU, PROVISIONED_MEMORY)
    )

    kind: Literal["serverless-container"]
    vcpu: Count
    """Cores of one instance; a fraction counts, such as 0.2."""
    memory: Size
    """Memory of one instance."""
    requests: Monthly | None = None
    """Calls in a month; those of the workload when left out."""
    duration: Duration | None = None
    """Run time of a call; `workload.request_duration` when left out."""
    run_time_rounding: Name | None = None
    """Another reading of the provider's rounding rule, by its name in the catalog: `as-example`."""
    provisioned_instances: Whole = 0
    """Instances that are kept ready and billed for idle time too."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Cores and memory for the billed run time, calls, and instances that are kept ready."""
        requests = self.requests or setting.workload.monthly_requests
        duration = self.duration or setting.need("request_duration", "a container is billed by its run time")
        hours = billed_hours(setting, SERVICE, requests, duration, self.run_time_rounding)
        yield Usage(SERVICE, CPU, self.vcpu * hours, "core*hour")
        yield Usage(SERVICE, MEMORY, gigabytes(self.memory) * hours, "GB*hour")
        yield Usage(SERVICE, CALLS, requests, "invocation")
        if self.provisioned_instances:
            kept: Quantity = setting.month * self.provisioned_instances
            yield Usage(SERVICE, PROVISIONED_CPU, self.vcpu * kept, "core*hour")
            yield Usage(SERVICE, PROVISIONED_MEMORY, gigabytes(self.memory) * kept, "GB*hour")

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The reading of the rounding rule must be known."""
        yield from rounding_problems(catalog, SERVICE, self.run_time_rounding)
