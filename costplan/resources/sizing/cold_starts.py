"""What an SLO needs of something that runs only while it answers: warm instances, and enough of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import exp, inf, log, nextafter

from costplan.capacity.slo import Slo
from costplan.messages.reason import Reason, milliseconds
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Constraint, PricingContext, UnfitInputError

USUAL_PERCENTILE = Fraction(999, 1000)
"""How often instances must suffice where the scenario states no SLO."""

Weights = tuple[tuple[float, float], ...]
"""Per level of a load: requests per second and share of the month's requests, at one request a month."""


def instance_needs(
    context: PricingContext, calls: Quantity, duration: Quantity, most: int
) -> Iterator[Constraint]:
    """Say how many instances may be busy at the same time: every request that finds none free starts one."""
    slo = context.workload.slo
    percentile = slo.percentile.value if slo is not None else USUAL_PERCENTILE
    busy = busiest_rate(context, calls) * duration
    bound = _most_busy(most, float(percentile))
    reason = Reason("needs more than {count} instances in its busiest hour", count=most)
    yield Constraint("replicas", busy, Quantity(Fraction(bound)), reason)


def busiest_rate(context: PricingContext, calls: Quantity) -> Quantity:
    """Return the calls per second in the busiest minutes of the week."""
    load = context.load(context.month, calls)
    return load.levels[0].rate * load.peak_factor


def cold_needs(
    context: PricingContext,
    calls: Quantity,
    duration: Quantity,
    cold_start: Quantity,
    idle_limit: Quantity,
    warm: int,
) -> Iterator[Constraint]:
    """Say how many calls a month keep enough instances warm for the SLO.

    Args:
        calls: Calls of the month.
        duration: Seconds of a warm call.
        cold_start: Seconds that starting an instance adds.
        idle_limit: Seconds after which an idle instance is removed.
        warm: Instances that are kept ready.
    """
    slo = context.workload.slo
    if slo is None:
        return
    if duration.value <= slo.latency.value < (duration + cold_start).value:
        least = _least_calls(context, duration, cold_start, idle_limit, warm, slo)
        reason = Reason(
            "fewer than {count} calls a month: more than {share}% of them find no warm instance and take "
            "{time} ms",
            count=least,
            share=f"{float(100 * (1 - slo.percentile.value)):.3g}",
            time=milliseconds(float((duration + cold_start).value)),
        )
        yield Constraint("slo", Quantity(least), calls, reason)


def _least_calls(
    context: PricingContext,
    duration: Quantity,
    cold_start: Quantity,
    idle_limit: Quantity,
    warm: int,
    slo: Slo,
) -> int:
    one = context.load(context.month, Quantity(1))
    if not duration.value:
        raise UnfitInputError("cold_start", "needs a run time above 0: by it instances are busy or free")
    weights = tuple(
        (float(level.rate.value), float((level.rate * level.hours).value * 3600))
        for level in one.levels
        if level.rate.value
    )
    try:
        return least_load(
            weights,
            float(duration.value),
            float(cold_start.value),
            float(idle_limit.value),
            warm,
            float(1 - slo.percentile.value),
        )
    except ValueError as error:
        raise UnfitInputError("idle_limit", str(error)) from None


MOST_LOAD = 10**10
"""Calls a month that are tried; above them nothing is known."""
TINY = 1e-300
"""Stands in for no share at all, which has no logarithm."""


@lru_cache(maxsize=64)
def least_load(
    weights: Weights, duration: float, cold_start: float, idle_limit: float, warm: int, allowed: float
) -> int:
    """Return the fewest calls a month of which at most `allowed` find no warm instance.

    Args:
        weights: The levels of the load at one call a month.
        duration: Seconds of a warm call.
        cold_start: Seconds that a start adds.
        idle_limit: Seconds after which an idle instance is removed.
        warm: Instances that are kept ready.
        allowed: Share of the calls that may be cold.

    Raises:
        ValueError: The idle limit is too short for the share to be known.
    """
    from costplan.capacity.cold_starts import cold_share

    def cold(calls: int) -> float:
        return sum(
            share * cold_share(rate * calls, duration, idle_limit, cold_start, warm)
            for rate, share in weights
        )

    def excess(calls: int) -> float:
        return log(max(cold(calls), TINY) / max(allowed, TINY))

    low, high = 1, 1
    above = below = excess(1)
    while below > 0:
        low, above, high = high, below, high * 4
        if high > MOST_LOAD:
            return high
        below = excess(high)
    return _crossing(excess, low, above, high, below)


def _crossing(excess: Callable[[int], float], low: int, above: float, high: int, below: float) -> int:
    """Return the first whole number at which a falling excess is not above 0.

    The Illinois method on the logarithm of the number, along which the excess is nearly a line: a third of
    the steps that halving takes. An end that stays twice counts half, so that it moves as well.

    Args:
        excess: What is looked at between `low` and `high`.
        above: Its value at `low`.
        below: Its value at `high`, not above 0.
    """
    last = 0
    while high - low > 1:
        part = above / (above - below)
        guess = int(exp(log(low) + part * log(high / low)))
        middle = min(max(guess, low + 1), high - 1)
        found = excess(middle)
        side = 1 if found > 0 else -1
        if side > 0:
            low, above, below = middle, found, below / 2 if side == last else below
        else:
            high, below, above = middle, found, above / 2 if side == last else above
        last = side
    return high


@lru_cache(maxsize=64)
def _most_busy(most: int, percentile: float) -> float:
    """Return the highest mean of busy instances of which `most` are enough for the percentile of the time."""
    from costplan.capacity.cold_starts import concurrency_needed

    low, high = 0.0, float(most)
    while nextafter(low, inf) < high and high - low > 1e-12 * high:
        middle = (low + high) / 2
        if concurrency_needed(middle, 1.0, percentile) <= most:
            low = middle
        else:
            high = middle
    return low
