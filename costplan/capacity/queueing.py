"""From a bound on the response time to the load that servers may be given, and back.

Two models: M/M/c (exponential service times) and M/D/c (each request takes the same time). A real service
lies mostly between the two; inference on a fixed input size is nearer to M/D/c.

Both assume Poisson arrivals at a steady rate, one queue in front of all servers, first come first served,
requests that wait as long as it takes, and the long run. A balancer that deals requests out in turn gives
each replica a queue of its own. With equal service times that comes to the same (M/D/c); with varying ones
some replicas stand idle while others have work waiting, and the pooled queue is optimistic.

The response time is waiting and service together. A percentile is a fraction: 0.95 for p95. Times are in
seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import log
from typing import Final, Literal

from costplan.capacity.constant_service import ConstantService
from costplan.capacity.exponential_service import ExponentialService
from costplan.capacity.rules import check_value
from costplan.messages.reason import Reason

QueueModel = Literal["M/M/c", "M/D/c"]
Queue = ExponentialService | ConstantService
_MODELS: Final[dict[QueueModel, type[Queue]]] = {"M/M/c": ExponentialService, "M/D/c": ConstantService}

MOST_SERVERS: Final = 10_000
"""Most servers that the formulas are computed for."""
MOST_UTILISATION: Final = 0.99
"""Highest utilisation that an answer is given for. Above it the formulas still hold for a load that is steady
for ever, but a queue takes about 2 / (c (1 - utilisation)^2) service times to settle: 20,000 for one server
at 0.99. An hour of steady load is no longer long against that, and the answer swings with the slightest error
in the load."""
MOST_PERCENTILE: Final = 0.999999
"""Highest percentile that an answer is given for; the numerical error of a probability is far below 1e-6."""

_NEARLY_ALL = 1.0 - 1e-7
"""Highest utilisation that is solved for; the answer is then cut at `MOST_UTILISATION`."""
_PRECISION = 1e-10


@lru_cache(maxsize=1024)
def _queue(model: QueueModel, servers: int, utilisation: float) -> Queue:
    return _MODELS[model](servers, utilisation)


def response_exceeds(
    model: QueueModel, arrivals_per_second: float, service_time: float, servers: int, latency: float
) -> float:
    """Return the probability that waiting and service together take longer than `latency` seconds.

    Args:
        model: `M/M/c` or `M/D/c`.
        arrivals_per_second: Rate of the Poisson arrivals, 0 or more.
        service_time: Mean seconds of service (M/D/c: the seconds of each).
        servers: Requests that can be served at the same time: replicas x concurrency of each.
        latency: Seconds from arrival to answer.

    Raises:
        ValueError: An argument is out of range, or the utilisation is above `MOST_UTILISATION`.
    """
    queue = _loaded(model, arrivals_per_second, service_time, servers)
    check_value("latency", latency, latency >= 0, "0 or more")
    return queue.responds_later(latency / service_time)


def latency_at(
    model: QueueModel, arrivals_per_second: float, service_time: float, servers: int, percentile: float
) -> float:
    """Return the response time in seconds that the `percentile` of requests keeps at this load.

    Raises:
        ValueError: An argument is out of range, or the utilisation is above `MOST_UTILISATION`.
    """
    queue = _loaded(model, arrivals_per_second, service_time, servers)
    _check_percentile(percentile)
    return _quantile(queue, percentile) * service_time


def most_arrivals(
    model: QueueModel, servers: int, service_time: float, percentile: float, latency: float
) -> float:
    """Return the highest arrivals per second at which the `percentile` of requests is answered in `latency`.

    0.0 where even an idle server is too slow, see `least_latency`; never above `MOST_UTILISATION`.

    Raises:
        ValueError: An argument is out of range.
    """
    _check_servers(servers)
    _check_slo(service_time, percentile, latency)
    utilisation = highest_utilisation(model, servers, percentile, latency / service_time)
    return min(MOST_UTILISATION, utilisation) * servers / service_time


def least_latency(model: QueueModel, service_time: float, percentile: float) -> float:
    """Return the smallest bound in seconds that a server without any queue keeps at `percentile`.

    The nearest feasible answer to an SLO that no number of servers meets.
    """
    _check_slo(service_time, percentile, 0.0)
    return idle_latency(model, percentile) * service_time


def _loaded(model: QueueModel, arrivals_per_second: float, service_time: float, servers: int) -> Queue:
    _check_servers(servers)
    check_value("service time", service_time, service_time > 0, "above 0")
    check_value("arrivals per second", arrivals_per_second, arrivals_per_second >= 0, "0 or more")
    utilisation = arrivals_per_second * service_time / servers
    if utilisation > MOST_UTILISATION * (1 + _PRECISION):
        raise ValueError(
            Reason(
                "{arrivals} arrivals per second ask for a utilisation of "
                "{utilisation} of the servers ({servers}); waiting is told up to "
                "{most}, and has no end from 1",
                f"{arrivals_per_second:g}",
                f"{utilisation:.4g}",
                str(servers),
                MOST_UTILISATION,
            )
        )
    return _queue(model, servers, utilisation)


@lru_cache(maxsize=4096)
def highest_utilisation(model: QueueModel, servers: int, percentile: float, services: float) -> float:
    """Return the utilisation below 1 at which `percentile` is just answered within so many service times.

    Not cut at `MOST_UTILISATION`, so that it is smooth in the number of servers.
    """
    if services < idle_latency(model, percentile):
        return 0.0

    def missed(utilisation: float) -> float:
        return _excess(_MODELS[model](servers, utilisation).responds_later(services), percentile)

    if missed(0.0) >= 0:
        return 0.0
    return _NEARLY_ALL if missed(_NEARLY_ALL) <= 0 else _zero(missed, 0.0, _NEARLY_ALL)


def services_at(model: QueueModel, servers: int, utilisation: float, percentile: float) -> float:
    """Return the response time at a utilisation and `percentile`, in service times; not refused near 1."""
    return _quantile(_queue(model, servers, utilisation), percentile)


def idle_latency(model: QueueModel, percentile: float) -> float:
    """Return the response time of an idle server at `percentile`, in service times."""
    return _MODELS[model].idle_quantile(percentile)


def _quantile(queue: Queue, percentile: float) -> float:
    """Return the `percentile` of the response time, in service times."""

    def missed(services: float) -> float:
        return _excess(queue.responds_later(services), percentile)

    low = queue.idle_quantile(percentile)
    if missed(low) <= 0:
        return low
    high = 2 * low
    while missed(high) > 0:
        low, high = high, 2 * high
    return _zero(missed, low, high)


def _excess(probability: float, percentile: float) -> float:
    """Return by how many e-foldings a probability is above what the percentile allows.

    Cut well below it, where the curve is too steep to help the search.
    """
    allowed = 1.0 - percentile
    return log(max(probability / allowed, 1e-3))


def _zero(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a monotone function with one change of sign between the ends is zero.

    Regula falsi in the Illinois form: the value at an end kept twice is halved (Dowell and Jarratt 1971).
    """
    at_low, at_high = function(low), function(high)
    before = 0.0
    while high - low > _PRECISION * high:
        middle = low + (high - low) * at_low / (at_low - at_high)
        value = function(middle)
        if abs(value) < _PRECISION:
            return middle
        halved = 0.5 if value * before > 0 else 1.0
        if value * at_low > 0:
            low, at_low, at_high = middle, value, at_high * halved
        else:
            high, at_high, at_low = middle, value, at_low * halved
        before = value
    return low


_SERVERS_RULE: Final = Reason("1 to {most}", str(MOST_SERVERS))
_PERCENTILE_RULE: Final = Reason("above 0 and at most {most}", MOST_PERCENTILE)


def _check_servers(servers: int) -> None:
    check_value("servers", servers, 1 <= servers <= MOST_SERVERS, _SERVERS_RULE)


def _check_percentile(percentile: float) -> None:
    check_value("percentile", percentile, 0 < percentile <= MOST_PERCENTILE, _PERCENTILE_RULE)


def _check_slo(service_time: float, percentile: float, latency: float) -> None:
    check_value("service time", service_time, service_time > 0, "above 0")
    _check_percentile(percentile)
    check_value("latency", latency, latency >= 0, "0 or more")
