"""How much one machine or container serves, and how many of them run when."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from costplan.capacity.slo import SloField
from costplan.checked.markers import AfterValidator, Field, model_validator
from costplan.quantities.quantity import Quantity
from costplan.source.fields import Bandwidth, Count, Duration, Model, Name, Share, Size, Whole

DEFAULT_UTILISATION = Fraction(3, 5)
"""Load as a share of capacity that leaves room for a release, a slow minute and a wrong guess."""

Scaling = Literal["fixed", "scheduled", "autoscaled", "to-zero"]


def _above_zero(number: Quantity) -> Quantity:
    if number.value <= 0:
        raise ValueError("must be above zero")
    return number


def _at_least_one(number: int) -> int:
    if number < 1:
        raise ValueError("must be at least 1")
    return number


class Capacity(Model):
    """Measured or stated; `{measured: FILE}` takes the figures from a result of `costplan bench`."""

    published: Name | None = None
    """A published figure, by its id in `costplan catalog capacities`, or by a family: an id with parts left
    out, which means the weakest row of it. A ceiling for one card or processor of that kind, and no other."""

    requests_per_second: Annotated[Count, AfterValidator(_above_zero)] | None = None
    """Highest rate at which one replica keeps the SLO."""
    slo: SloField | None = None
    """SLO at which that rate holds; a stricter one is not kept. Left out, that of the measurement, if any.
    A waiting model plans by it in place of the workload's, which has to leave time for other resources."""
    request_duration: Duration | None = None
    """How long one request takes on an idle replica."""
    cpu_time_per_request: Annotated[Duration, AfterValidator(_above_zero)] | None = None
    """Processor time in which one request is decoded and prepared; only a published figure, which leaves that
    out, asks for it."""
    bandwidth: Annotated[Bandwidth, AfterValidator(_above_zero)] | None = None
    """What the network brings to one machine; only a published figure asks for it."""
    request_size: Annotated[Size, AfterValidator(_above_zero)] | None = None
    """Of a request as this machine gets it, where that is not the workload's: a picture decoded before it, a
    tensor of 224 x 224 x 3 bytes. Only a published figure asks for it."""
    utilisation: Annotated[Share, AfterValidator(_above_zero)] = Field(
        default_factory=lambda: Quantity(DEFAULT_UTILISATION)
    )
    """Planned load as a share of capacity; a waiting model plans by the SLO instead."""
    waiting: Literal["M/M/c", "M/D/c"] | None = None
    """Plan replicas by the time that requests wait: M/M/c or M/D/c, with `workload.slo`."""
    concurrency: Annotated[Whole, AfterValidator(_at_least_one)] = 1
    """Requests that one replica works on at the same time: a waiting model asks, and a published figure,
    where it is above 1."""
    max_replicas: Annotated[Whole, AfterValidator(_at_least_one)] | None = None
    """Most replicas; beyond them the design is infeasible. No bound when left out."""
    spare: Whole = 0
    """Replicas beyond what the load needs, for one that fails: N+1 is `spare: 1`."""
    scaling: Scaling = "fixed"
    """`fixed`: as many as the busiest hour needs, always. `scheduled`: they follow the week, started ahead.
    `autoscaled`: they follow the load, `scale_up_delay` late. `to-zero`: likewise, none when idle."""
    scale_up_delay: Duration = Field(default_factory=lambda: Quantity(0))
    """Time from the need for a replica until it serves; paid, as the replica starts up meanwhile."""
    billing: Literal["second", "hour"] = "second"
    """Whether each run of a replica is billed by the second or by started hours."""

    @model_validator(mode="after")
    def _says_how_much(self) -> Capacity:
        if self.requests_per_second is None and self.waiting is None:
            raise ValueError("missing `requests_per_second`: measured or stated; or `waiting: M/M/c`")
        return self

    @property
    def is_elastic(self) -> bool:
        """Whether the number of replicas follows the load."""
        return self.scaling != "fixed"
