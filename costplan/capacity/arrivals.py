"""When requests arrive: a month's number spread over the hours of the week.

A mean over the month says little: office hours alone make the busiest hour four times as busy. Replicas are
therefore counted hour by hour of a typical week. Within an hour arrivals are steady but for the peak factor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from costplan.checked.markers import AfterValidator, Field, model_validator
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import HOURS_PER_WEEK, SECONDS_PER_HOUR
from costplan.source.fields import Count, Model

HOURS_PER_DAY = 24
WORKING_DAYS, WEEKEND_DAYS = 5, 2

ProfileName = Literal["flat", "office-hours", "consumer-evening", "batch-at-night"]

_FLAT = (1,) * HOURS_PER_DAY
_OFFICE_DAY = (1, 1, 1, 1, 1, 1, 1, 2, 5, 10, 12, 12, 8, 11, 12, 12, 11, 9, 5, 3, 2, 2, 1, 1)
_EVENING_DAY = (3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 6, 7, 6, 6, 6, 7, 8, 10, 12, 13, 12, 9, 6)
_EVENING_WEEKEND = (5, 3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 9, 9, 9, 10, 11, 13, 13, 12, 9, 6)
_NIGHT_DAY = (0, 4, 4, 4, 4, *(0,) * 19)

PROFILES: dict[str, tuple[int, ...]] = {
    "flat": _FLAT * 7,
    "office-hours": _OFFICE_DAY * WORKING_DAYS + _FLAT * WEEKEND_DAYS,
    "consumer-evening": _EVENING_DAY * WORKING_DAYS + _EVENING_WEEKEND * WEEKEND_DAYS,
    "batch-at-night": _NIGHT_DAY * 7,
}
"""Weight of each hour of the week from Monday 00:00, local time. Shapes to start from, not measurements: a
request log of one's own (`log`) is better."""


def _at_least_one(factor: Quantity) -> Quantity:
    if factor.value < 1:
        raise ValueError("must be at least 1: the busiest minute is not below the mean of its hour")
    return factor


class Arrivals(Model):
    """How a month's requests are spread over the hours of the week."""

    profile: ProfileName | None = None
    """A shipped shape; `flat` when nothing is said."""
    weights: Annotated[tuple[Count, ...], Field(max_length=HOURS_PER_WEEK)] | None = None
    """Weight of each of the 168 hours of the week from Monday 00:00; only their proportions count."""
    log: Annotated[tuple[Count, ...], Field(max_length=HOURS_PER_WEEK)] | None = None
    """Times of requests, from which the weights come: `costplan help load` says how they are written."""
    peak_factor: Annotated[Count, AfterValidator(_at_least_one)] = Field(default_factory=lambda: Quantity(1))
    """Arrivals in the busiest minutes of an hour over the mean of that hour."""

    @model_validator(mode="after")
    def _one_shape(self) -> Arrivals:
        if sum(shape is not None for shape in (self.log, self.weights, self.profile)) > 1:
            raise ValueError("give a `log`, `weights` or a `profile`, one of them")
        weights = self.weights
        if weights is None:
            return self
        if len(weights) != HOURS_PER_WEEK:
            raise ValueError(
                Reason(
                    "`weights` need {hours} numbers, one for each hour of the week, got {count}",
                    HOURS_PER_WEEK,
                    str(len(weights)),
                )
            )
        if not sum(weight.value for weight in weights):
            raise ValueError("`weights` sum to 0: no hour has any requests")
        return self

    @property
    def hour_weights(self) -> Sequence[int | Fraction]:
        """Weight of each hour of the week, from Monday 00:00."""
        weights = self.weights or self.log
        if weights is not None:
            return [weight.value for weight in weights]
        return PROFILES[self.profile or "flat"]


@dataclass(frozen=True, slots=True)
class Level:
    """The hours of a month in which requests arrive at one rate."""

    rate: Quantity
    """Mean requests per second in these hours."""
    hours: Quantity
    """How many hours of the month."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A change from one hour to a busier one."""

    before: int
    """Level of the earlier hour."""
    after: int
    times: Fraction
    """How often in a month."""


@dataclass(frozen=True, slots=True)
class Load:
    """The distribution of requests per second over a month."""

    levels: tuple[Level, ...]
    """Busiest first."""
    rises: tuple[Rise, ...]
    peak_factor: Quantity

    @property
    def requests(self) -> Quantity:
        """Requests of the month."""
        return sum((level.rate * level.hours for level in self.levels), Quantity(0)) * SECONDS_PER_HOUR


def load_of(
    monthly_requests: Quantity, arrivals: Arrivals | None, hours_per_month: Fraction, running: Quantity
) -> Load:
    """Spread a month's requests over the hours in which something runs.

    Args:
        arrivals: None for a flat profile.
        running: Hours of the month; where they are fewer than the month's, the same shape is pressed into
            them, as all requests must be served while it runs.
    """
    shape = arrivals or Arrivals()
    weights = shape.hour_weights
    whole = sum(weights, Fraction(0))
    weeks = hours_per_month / HOURS_PER_WEEK
    times = Counter(weights)
    ranked = sorted(times, reverse=True)
    pressed = running / hours_per_month
    levels = tuple(
        Level(
            rate=monthly_requests * (Fraction(weight) / whole / weeks / SECONDS_PER_HOUR) / pressed,
            hours=pressed * weeks * times[weight],
        )
        for weight in ranked
    )
    return Load(levels, tuple(_rises(weights, ranked, weeks)), shape.peak_factor)


def _rises(
    weights: Sequence[int | Fraction], ranked: Sequence[int | Fraction], weeks: Fraction
) -> Iterator[Rise]:
    """Count the rises of a typical week that goes round, by their levels."""
    place = {weight: number for number, weight in enumerate(ranked)}
    pairs = Counter(pairwise((*weights, weights[0])))
    for (before, after), times in pairs.items():
        if after > before:
            yield Rise(place[before], place[after], times * weeks)
