"""How many requests to a serverless container find no warm instance, and what that does to response times.

The platform starts an instance whenever none is free, so nobody queues. A request goes to the instance that
was used last, so that surplus ones stay idle and are removed after the idle limit. Providers guarantee no
routing; the one that Mahmoudi and Khazaei take for AWS Lambda, the instance created last, gives nearly the
same share. Each instance serves one request at a time, and arrivals are Poisson.

The idle instances then form a stack. What was put there when the busy ones fell from n to n - 1 is taken when
they rise to n again, so a request that makes them n is cold exactly if they stayed below n beyond the idle
limit. With exponential service times the time below n is that between two overflows of n - 1 servers,
whose Laplace transform is known: the share is exact. For other service times, and where cold starts make the
work itself longer, it is an approximation, within 5 % or 0.002 of a simulation (whichever is more) where the
idle limit is at least `LEAST_IDLE_LIMIT` times service time plus cold start; below that it is refused.

Sources:
- C. Palm, Intensitätsschwankungen im Fernsprechverkehr (1943), and J. Riordan, Stochastic Service Systems
  (1962): the time between overflows.
- J. Abate and P. Valkó, Multi-precision Laplace transform inversion, International Journal for Numerical
  Methods in Engineering 60 (2004): the fixed Talbot method.
- N. Mahmoudi and H. Khazaei, Performance modeling of serverless computing platforms, IEEE Transactions on
  Cloud Computing (2020), and their simulator SimFaaS: how such platforms route requests and expire instances.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp, inf, isfinite, log, pi, tan
from typing import Final

from costplan.capacity.poisson import poisson_quantile, poisson_window
from costplan.capacity.rules import check_value
from costplan.messages.reason import Reason

LEAST_IDLE_LIMIT: Final = 20
"""Fewest times that service time plus cold start must fit into the idle limit."""
MOST_BUSY: Final = 10_000
"""Most instances busy on average, if every start were cold, that a share is computed for."""

_NODES = 24
"""Points of the inversion, 0.6 digits each; together with rounding an error below 1e-9."""


@lru_cache(maxsize=1024)
def cold_share(
    arrivals_per_second: float,
    service_time: float,
    idle_limit: float,
    cold_start: float = 0.0,
    provisioned: int = 0,
) -> float:
    """Return the share of requests that wait for a new instance to start.

    Args:
        arrivals_per_second: Rate of the Poisson arrivals; without any, the next request counts.
        service_time: Mean seconds of a warm request.
        idle_limit: Seconds without a request after which an instance is removed.
        cold_start: Seconds that a start adds to its request.
        provisioned: Instances that always run.

    Raises:
        ValueError: An argument is out of range.
    """
    _check(arrivals_per_second, service_time, idle_limit, cold_start, provisioned)
    if arrivals_per_second == 0:
        return float(provisioned == 0)
    levels = poisson_window(arrivals_per_second * (service_time + cold_start))[1]
    cold, share = [0.0] * levels, inf
    for _ in range(50):
        # Who was let in at level n stays longer by the cold start if that level is a cold one.
        leaving = list(accumulate(1 / (service_time + chance * cold_start) for chance in cold))
        cold = _cold_by_level(arrivals_per_second, leaving, idle_limit)
        cold[:provisioned] = [0.0] * min(provisioned, levels)
        before, share = share, sum(map(float.__mul__, _busy(arrivals_per_second, leaving), cold))
        if cold_start == 0 or abs(share - before) < 1e-7 * share + 1e-12:
            break
    return share


def _busy(arrivals: float, leaving: Sequence[float]) -> list[float]:
    """Return the probabilities of 0, 1, ... busy instances; n are left at the rate leaving[n - 1]."""
    logs = list(accumulate((log(arrivals / rate) for rate in leaving[:-1]), initial=0.0))
    weights = [exp(value - max(logs)) for value in logs]
    total = sum(weights)
    return [weight / total for weight in weights]


def _cold_by_level(arrivals: float, leaving: Sequence[float], idle_limit: float) -> list[float]:
    """Return, for 0, 1, ... busy ones, the probability that a rise from there comes after the idle limit."""

    def still_below(s: complex) -> list[complex]:
        """Transform of the probability that the rise is still to come.

        With f(n) the transform of the time from n busy ones to n + 1,
        f(n) = a / (a + s + d (1 - f(n - 1))); written for 1 - f, in which nothing cancels.
        """
        found = [s / (arrivals + s)]
        for rate in leaving[:-1]:
            back = s + rate * found[-1]
            found.append(back / (arrivals + back))
        return [value / s for value in found]

    return [min(1.0, max(0.0, value)) for value in _inverted(still_below, idle_limit)]


def _inverted(transform: Callable[[complex], list[complex]], at: float) -> list[float]:
    """Return the functions behind Laplace transforms at one time above 0 (fixed Talbot method)."""
    rate = 0.4 * _NODES / at
    sums = [0.5 * exp(0.4 * _NODES) * value.real for value in transform(complex(rate))]
    for node in range(1, _NODES):
        angle = node * pi / _NODES
        slope = 1 / tan(angle)
        s = rate * angle * (slope + 1j)
        weight = cmath.exp(s * at) * (1 + 1j * (angle + (angle * slope - 1) * slope))
        sums = [total + (weight * value).real for total, value in zip(sums, transform(s), strict=True)]
    return [total * rate / _NODES for total in sums]


def concurrency_needed(arrivals_per_second: float, service_time: float, percentile: float) -> int:
    """Return the instances that are enough for the `percentile` of the time.

    Where an instance is started for every request that finds none free, the busy ones are Poisson with mean
    arrivals x service time, whatever the distribution of service times (M/G/infinity).
    """
    if not 0 < percentile < 1:
        raise ValueError(
            Reason("percentile must be above 0 and below 1, got {percentile}", f"{percentile:g}")
        )
    busy = arrivals_per_second * service_time
    if not (isfinite(busy) and busy >= 0):
        raise ValueError(
            Reason("arrivals per second x service time must be 0 or more, got {busy}", f"{busy:g}")
        )
    return poisson_quantile(busy, percentile)


def _check(
    arrivals: float, service_time: float, idle_limit: float, cold_start: float, provisioned: int
) -> None:
    check_value("arrivals per second", arrivals, arrivals >= 0, "0 or more")
    check_value("service time", service_time, service_time > 0, "above 0")
    check_value("cold start", cold_start, cold_start >= 0, "0 or more")
    check_value("idle limit", idle_limit, idle_limit > 0, "above 0")
    check_value("provisioned", provisioned, provisioned >= 0, "0 or more")
    least = LEAST_IDLE_LIMIT * (service_time + cold_start)
    if idle_limit < least:
        raise ValueError(
            Reason(
                "idle limit must be at least {factor} x (service time + cold "
                "start) = {least} s for the share of cold starts to be known well enough, "
                "got {idle_limit} s",
                LEAST_IDLE_LIMIT,
                f"{least:g}",
                f"{idle_limit:g}",
            )
        )
    busy = arrivals * (service_time + cold_start)
    if busy > MOST_BUSY:
        raise ValueError(
            Reason("more than {most} instances busy at the same time: {busy}", str(MOST_BUSY), f"{busy:g}")
        )
