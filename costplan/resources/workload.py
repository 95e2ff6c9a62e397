"""What a service has to do: requests, their time and size, when they arrive, how fast an answer must be."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from costplan.capacity.arrivals import Arrivals
from costplan.capacity.slo import SloField
from costplan.checked.markers import AfterValidator, model_validator
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.source.fields import Count, Duration, Growth, Model, Monthly, Size

MONTHS = 12
SEASONS_TOLERANCE = Fraction(1, 100)


def _year(factors: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    if len(factors) != MONTHS:
        raise ValueError(
            Reason("needs {months} factors, January first, got {factors}", MONTHS, str(len(factors)))
        )
    mean = sum((factor.value for factor in factors), Fraction(0)) / MONTHS
    if abs(mean - 1) > SEASONS_TOLERANCE:
        raise ValueError(
            Reason("must be 1 in the mean, got {mean}; divide each factor by that", f"{float(mean):.3g}")
        )
    return factors


class Workload(Model):
    """What the service has to do in a month; one number moves requests, traffic, storage and logs alike."""

    monthly_requests: Monthly
    """Requests that arrive: `5M/month`, `20 req/s`."""
    request_duration: Duration | None = None
    """How long one request keeps its container or function busy."""
    request_cpu_time: Duration | None = None
    """Processor time of one request, in place of `request_duration`: on less than a core it takes longer."""
    request_size: Size | None = None
    """Bytes that one request brings in."""
    response_size: Size | None = None
    """Bytes that one answer sends out."""
    log_size: Size | None = None
    """Bytes of log that one request writes."""
    log_retention: Duration | None = None
    """How long logs are kept."""
    stored_size: Size | None = None
    """Bytes that one request leaves in storage."""
    retention: Duration | None = None
    """How long what requests leave in storage is kept."""
    arrivals: Arrivals | None = None
    """When they arrive in a week; evenly when left out."""
    slo: SloField | None = None
    """The SLO on response times: `p99 <= 100 ms`."""
    growth: Growth | None = None
    """How much more requests arrive each month: `10%/month`."""
    seasonality: Annotated[tuple[Count, ...], AfterValidator(_year)] | None = None
    """Factor of each month of the year from January, 1 in the mean."""

    @model_validator(mode="after")
    def _one_time(self) -> Workload:
        if self.request_duration is not None and self.request_cpu_time is not None:
            raise ValueError("give `request_duration` or `request_cpu_time`, not both")
        return self


SIZES = ("request_size", "response_size", "log_size", "log_retention", "stored_size", "retention")
"""Fields of the workload that say how much each request moves or leaves, and for how long it is kept."""
