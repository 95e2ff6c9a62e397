"""Cloud Functions: memory while calls run, and the calls themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.catalog.store import Catalog
from costplan.models import Duration, Monthly, Name, Size, Whole
from costplan.resources.base import Charge, Problem, Resource, Setting, SkuCode, Usage, gigabytes
from costplan.resources.serverless import billed_hours, rounding_problems

SERVICE = "cloud-functions"
MEMORY = "serverless.functions.compute.memory"
CALLS = "serverless.functions.invocations"
PROVISIONED_IDLE = "serverless.functions.provisioned.idle"


class CloudFunction(Resource):
    """A function that runs while it answers."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset(
        (SERVICE, code) for code in (MEMORY, CALLS, PROVISIONED_IDLE)
    )

    kind: Literal["cloud-function"]
    memory: Size
    """Memory of one instance."""
    requests: Monthly | None = None
    """Calls in a month; those of the workload when left out."""
    duration: Duration | None = None
    """Run time of a call; `workload.request_duration` when left out."""
    run_time_rounding: Name | None = None
    """Another reading of the provider's rounding rule, by its name in the catalog: `as-example`."""
    provisioned_instances: Whole = 0
    """Instances that are kept ready and billed while idle."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Memory for the billed run time, calls, and instances that are kept ready."""
        requests = self.requests or setting.workload.monthly_requests
        duration = self.duration or setting.need("request_duration", "a function is billed by its run time")
        hours = billed_hours(setting, SERVICE, requests, duration, self.run_time_rounding)
        yield Usage(SERVICE, MEMORY, gigabytes(self.memory) * hours, "GB*hour")
        yield Usage(SERVICE, CALLS, requests, "invocation")
        if self.provisioned_instances:
            kept = setting.month * self.provisioned_instances
            yield Usage(SERVICE, PROVISIONED_IDLE, gigabytes(self.memory) * kept, "GB*hour")

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The reading of the rounding rule must be known."""
        yield from rounding_problems(catalog, SERVICE, self.run_time_rounding)
