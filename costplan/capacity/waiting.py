"""An SLO as a table: how many arrivals each number of servers may be given."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from costplan.capacity.queueing import (
    MOST_SERVERS,
    MOST_UTILISATION,
    QueueModel,
    highest_utilisation,
    latency_at,
    least_latency,
    most_arrivals,
)
from costplan.capacity.staffing import EXACT_SERVERS, between_nodes, nodes_around
from costplan.capacity.waiting_many import most_arrivals_many

__all__ = ["Waiting", "most_arrivals_many"]


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
        """Whether any number of servers keeps the SLO."""
        return self.latency >= self.least_latency

    @property
    def least_latency(self) -> float:
        """The smallest bound in seconds that can be kept at this percentile."""
        return least_latency(self.model, self.service_time, self.percentile)

    def most_arrivals(self, servers: int) -> float:
        """Return the highest arrivals per second for so many servers; ascending in `servers`.

        Above `EXACT_SERVERS` within a hundred-thousandth of the function `most_arrivals`, and far quicker.
        """
        if servers <= EXACT_SERVERS or servers > MOST_SERVERS or not self.is_feasible:
            return most_arrivals(self.model, servers, self.service_time, self.percentile, self.latency)
        return min(MOST_UTILISATION, self._between(servers)) * servers / self.service_time

    def _between(self, servers: int) -> float:
        """Return the highest utilisation from those of the nodes around."""
        services = self.latency / self.service_time
        nodes = nodes_around(servers)
        fewer = highest_utilisation(self.model, nodes[0], self.percentile, services)
        if fewer >= MOST_UTILISATION:
            return fewer  # more servers can only be busier
        others = [highest_utilisation(self.model, node, self.percentile, services) for node in nodes[1:]]
        return between_nodes(servers, [fewer, *others])

    def fewest_servers(self, arrivals_per_second: float, concurrency: int = 1) -> int | None:
        """Return the fewest servers, a multiple of `concurrency`, that keep the SLO; None if none do.

        None means an infeasible SLO, or more than `MOST_SERVERS`.
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
