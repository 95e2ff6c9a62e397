"""How much one machine or container serves: what turns a load into a number of machines."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field

from costplan.models import Count, Duration, Model, Share
from costplan.quantity import Quantity
from costplan.units import SECONDS_PER_HOUR

DEFAULT_UTILISATION = Fraction(3, 5)
"""Mean load as a share of capacity that leaves room for peaks, a failed machine and a release."""


def _above_zero(number: Quantity) -> Quantity:
    if number.value <= 0:
        raise ValueError("must be above zero")
    return number


class Capacity(Model):
    """Measured or stated; `{measured: FILE}` takes the figures from a result of `costplan bench`."""

    requests_per_second: Annotated[Count, AfterValidator(_above_zero)]
    """Highest rate at which one machine keeps the latency promise."""
    request_duration: Duration | None = None
    """How long one request takes on an idle machine."""
    utilisation: Annotated[Share, AfterValidator(_above_zero)] = Field(
        default_factory=lambda: Quantity(DEFAULT_UTILISATION)
    )
    """Planned mean load as a share of capacity."""

    def machines_for(self, monthly_requests: Quantity, hours: Quantity) -> Quantity:
        """Return the whole machines that a month's requests need.

        Args:
            hours: How long each machine runs in the month.
        """
        if hours.value == 0:
            return Quantity(0)
        rate = monthly_requests / (hours * SECONDS_PER_HOUR)
        return (rate / (self.requests_per_second * self.utilisation)).rounded_up_to(1)
