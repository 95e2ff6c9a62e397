"""A promise on the response time as a table: how many arrivals each number of servers may be given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt
from typing import TYPE_CHECKING, Final

from costplan.capacity.queueing import (
    MOST_SERVERS,
    MOST_UTILISATION,
    QueueModel,
    highest_utilisation,
    idle_latency,
    latency_at,
    least_latency,
    most_arrivals,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT_SERVERS: Final = 32
"""Up to here each threshold is solved for; above, it lies on a curve through every fourth of an octave."""

_NODES: Final = [round(EXACT_SERVERS * 2 ** (quarter / 4)) for quarter in range(35)]
_LOGIT_STEP = 0.02
_LEAST_UTILISATION = 1e-4
"""Distance and start of the solved points of `most_arrivals_many`, in log(u / (1 - u)) and in u."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An SLO on servers of one kind; the numbers are solved for when asked, and kept."""

    model: QueueModel
    service_time: float
    """Mean seconds of service."""
    percentile: float
    """Share of the requests that must be answered in time: 0.95 for p95."""
    latency: float
    """Seconds from arrival to answer."""

    def __post_init__(self) -> None:
        """Refuse what `most_arrivals` would refuse."""
        most_arrivals(self.model, 1, self.service_time, self.percentile, self.latency)

    @property
    def is_feasible(self) -> bool:
        """Whether any number of servers keeps the promise."""
        return self.latency >= self.least_latency

    @property
    def least_latency(self) -> float:
        """The smallest bound in seconds that could be promised at this percentile."""
        return least_latency(self.model, self.service_time, self.percentile)

    def most_arrivals(self, servers: int) -> float:
        """Return the highest arrivals per second for so many servers; ascending in `servers`.

        Above `EXACT_SERVERS` within a hundred-thousandth of the function `most_arrivals`, and far quicker.
        """
        if servers <= EXACT_SERVERS or servers > MOST_SERVERS or not self.is_feasible:
            return most_arrivals(self.model, servers, self.service_time, self.percentile, self.latency)
        services = self.latency / self.service_time
        return servers * _between_nodes(self.model, servers, self.percentile, services) / self.service_time

    def fewest_servers(self, arrivals_per_second: float, concurrency: int = 1) -> int | None:
        """Return the fewest servers, a multiple of `concurrency`, that keep the promise; None if none do.

        None means an infeasible promise, or more than `MOST_SERVERS`.
        """
        low, high = 0, MOST_SERVERS // concurrency
        floor = ceil(arrivals_per_second * self.service_time / concurrency)
        if floor > high or not self.is_feasible:
            return None
        # Few servers are cheap to solve for: double up from the busy ones before halving the interval.
        probe = max(1, floor)
        while probe < high and self.most_arrivals(probe * concurrency) < arrivals_per_second:
            low, probe = probe, 2 * probe
        high = min(high, probe)
        if self.most_arrivals(high * concurrency) < arrivals_per_second:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self.most_arrivals(middle * concurrency) < arrivals_per_second:
                low = middle
            else:
                high = middle
        return high * concurrency

    def thresholds(self, replicas: int, concurrency: int = 1) -> list[float]:
        """Return the highest arrivals per second of 1, 2, ..., `replicas` replicas."""
        return [self.most_arrivals(count * concurrency) for count in range(1, replicas + 1)]

    def latency_at(self, arrivals_per_second: float, servers: int) -> float:
        """Return the seconds that the percentile is answered in at this load."""
        return latency_at(self.model, arrivals_per_second, self.service_time, servers, self.percentile)


@lru_cache(maxsize=4096)
def _between_nodes(model: QueueModel, servers: int, percentile: float, services: float) -> float:
    """Return the highest utilisation, from the cubic through the four nearest nodes.

    Servers beyond the load grow like sqrt(c), with a factor that is smooth in 1 / sqrt(c) (Halfin and Whitt,
    Heavy-traffic limits for queues with many exponential servers, Operations Research 29, 1981).
    """
    above = next(index for index, node in enumerate(_NODES) if node >= servers)
    start = min(max(0, above - 2), len(_NODES) - 4)
    nodes = _NODES[start : start + 4]
    if highest_utilisation(model, nodes[0], percentile, services) >= MOST_UTILISATION:
        return MOST_UTILISATION  # more servers can only be busier
    spare = [(1 - highest_utilisation(model, node, percentile, services)) * sqrt(node) for node in nodes]
    return min(
        MOST_UTILISATION, 1 - _cubic([node**-0.5 for node in nodes], spare, servers**-0.5) / sqrt(servers)
    )


def _cubic(points: list[float], values: list[float], at: float) -> float:
    """Return the value at `at` of the polynomial through the points (Lagrange)."""
    total = 0.0
    for point, value in zip(points, values, strict=True):
        for other in points:
            if other != point:
                value *= (at - other) / (point - other)
        total += value
    return total


def most_arrivals_many(
    model: QueueModel, servers: int, service_times: NDArray[np.float64], percentile: float, latency: float
) -> NDArray[np.float64]:
    """Return `most_arrivals` for many service times at once.

    Args:
        model: `M/M/c` or `M/D/c`.
        servers: As in `most_arrivals`.
        service_times: Seconds above 0, any shape.
        percentile: As in `most_arrivals`.
        latency: As in `most_arrivals`.

    Returns:
        Arrivals per second, of the same shape, within 0.1 % of `most_arrivals` where that asks for a
        utilisation above 0.001. Only latency / service time matters, so one curve serves all.

    Raises:
        ValueError: An argument is out of range.
    """
    import numpy as np

    times = np.asarray(service_times, dtype=np.float64)
    if times.size == 0:
        return times.copy()
    for extreme in (float(times.min()), float(times.max())):
        most_arrivals(model, servers, extreme, percentile, latency)  # refuses what is out of range
    services = latency / times / idle_latency(model, percentile)
    bounds, logits = _curve(model, servers, percentile)
    scaled = _scaled(model, np.maximum(services, 1.0))
    utilisations = 1 / (1 + np.exp(-np.interp(scaled, bounds, logits)))
    return np.asarray(np.where(services < 1, 0.0, utilisations) * servers / times)


def _scaled(model: QueueModel, services: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scale on which the curve is nearly straight; `services` as multiples of the idle latency.

    M/M/c leaves the idle latency like a power of the utilisation, M/D/c starts there with some utilisation.
    """
    import numpy as np

    return np.asarray(np.log(np.maximum(services - 1, 1e-12)) if model == "M/M/c" else np.log(services))


@lru_cache(maxsize=64)
def _curve(
    model: QueueModel, servers: int, percentile: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return scaled bounds, ascending, and log(u / (1 - u)) of the utilisation u just kept at each."""
    import numpy as np

    idle = idle_latency(model, percentile)
    lowest = max(_LEAST_UTILISATION, highest_utilisation(model, servers, percentile, idle))
    first, last = (float(np.log(u / (1 - u))) for u in (min(lowest, 0.98), MOST_UTILISATION))
    logits = np.linspace(first, last, max(2, ceil((last - first) / _LOGIT_STEP)))
    loads = servers / (1 + np.exp(-logits))
    bounds = np.array([latency_at(model, load, 1.0, servers, percentile) for load in loads.tolist()])
    scaled = _scaled(model, bounds / idle)
    rises = np.append(scaled[1:] > scaled[:-1], True)
    return scaled[rises], logits[rises]
