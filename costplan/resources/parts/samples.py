"""How many values a set of metrics makes in a month."""

from __future__ import annotations

from typing import Annotated

from costplan.checked.markers import AfterValidator
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SECONDS_PER_HOUR
from costplan.source.fields import Duration


def _above_zero(interval: Quantity) -> Quantity:
    if interval.value <= 0:
        raise ValueError("must be above zero")
    return interval


Interval = Annotated[Duration, AfterValidator(_above_zero)]
"""Seconds between two values of a series; zero is refused, it would write without end."""


def monthly_values(metrics: Quantity, interval: Quantity, month: Quantity) -> Quantity:
    """Return the values that are written in a month.

    Args:
        metrics: Time series.
        interval: Seconds between two values of a series.
        month: Hours of the month.
    """
    return metrics * month * SECONDS_PER_HOUR / interval
