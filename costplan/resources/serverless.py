"""What serverless kinds share: calls, their run time as it is billed, instances that are kept ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.capacity.model import Capacity
from costplan.catalog.store import Catalog
from costplan.models import Duration, Monthly, Name, Size, Whole
from costplan.quantity import Quantity
from costplan.resources.base import Problem, Resource, Setting
from costplan.text import listed
from costplan.units import SECONDS_PER_HOUR

ROUNDING_RULE = "run-time-rounding"
"""The catalog's rule: run time of a call is rounded up to so many milliseconds."""


class ServerlessResource(Resource):
    """Something that runs while it answers."""

    standing: ClassVar[Literal["overhead", "headroom"]] = "headroom"

    memory: Size
    """Memory of one instance."""
    requests: Monthly | None = None
    """Calls in a month; those of the workload when left out."""
    duration: Duration | None = None
    """Run time of a call; `workload.request_duration` when left out."""
    capacity: Capacity | None = None
    """What one instance does; its `request_duration` is the run time where `duration` is left out."""
    run_time_rounding: Name | None = None
    """Another reading of the provider's rounding rule, by its name in the catalog: `as-example`."""
    provisioned_instances: Whole = 0
    """Instances that are kept ready and billed while idle."""

    def calls(self, setting: Setting) -> Quantity:
        """Return the calls of the month."""
        return self.requests or setting.workload.monthly_requests

    def billed_hours(self, setting: Setting) -> Quantity:
        """Return the hours of run time that are billed for the month's calls, each rounded up by the rule."""
        own = self.capacity.request_duration if self.capacity is not None else None
        duration = self.duration or own or setting.need("request_duration", "it is billed by its run time")
        rule = setting.catalog.rule(self.sells, ROUNDING_RULE)
        step_ms = rule.choices[self.run_time_rounding] if self.run_time_rounding else rule.value
        run_time = duration.rounded_up_to(Quantity(step_ms) / 1000)
        return self.calls(setting) * run_time / SECONDS_PER_HOUR

    def problems(self, catalog: Catalog) -> Iterator[Problem]:
        """The reading of the rounding rule must be known."""
        choices = catalog.rule(self.sells, ROUNDING_RULE).choices
        if self.run_time_rounding is not None and self.run_time_rounding not in choices:
            message = f"unknown reading `{self.run_time_rounding}`"
            yield Problem(["run_time_rounding"], message, f"known: {listed(choices)}")
