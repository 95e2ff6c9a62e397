"""From a load and a capacity to replica-hours: summed over the hours of the month, not taken at the mean."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from costplan.capacity.arrivals import Level, Load
from costplan.capacity.model import Capacity
from costplan.capacity.slo import Slo
from costplan.checked.records import dataclass
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import SECONDS_PER_HOUR

if TYPE_CHECKING:  # a plain estimate has no waiting model, and is to stay quick
    import numpy as np
    from numpy.typing import NDArray

    from costplan.capacity.queueing import QueueModel
    from costplan.capacity.waiting import Waiting


@dataclass(frozen=True, slots=True)
class WaitingReplicas:
    """The fewest replicas that keep an SLO, as a waiting model has it."""

    model: QueueModel
    percentile: Fraction
    latency: Fraction
    """Seconds."""
    concurrency: int

    def count_below(self, load: Fraction, input_value: Fraction) -> int:
        """Return the replicas that a load needs; one more than can be computed where none keep the SLO.

        Args:
            load: Requests per second.
            input_value: Seconds that one request is worked on.
        """
        if load <= 0:
            return 0
        servers = _waiting(self, input_value).fewest_servers(float(load), self.concurrency)
        return self.beyond if servers is None else servers // self.concurrency

    @property
    def beyond(self) -> int:
        """What stands for "no number of replicas does"."""
        from costplan.capacity.queueing import MOST_SERVERS

        return MOST_SERVERS // self.concurrency + 1

    def count_below_many(
        self, loads: NDArray[np.float64], inputs: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return `count_below` for arrays of shape (n,).

        Where inputs vary, the loads between two counts are right to a thousandth.
        """
        import numpy as np

        counts = np.where(loads > 0, float(self.beyond), 0.0)
        feasible = inputs * self._least_services() <= float(self.latency)
        waiting = np.flatnonzero((loads > 0) & feasible)
        # Fewer replicas than are busy on average never do.
        busy = loads[waiting] * inputs[waiting] / self.concurrency
        replicas = int(busy.min()) if waiting.size else 0
        while waiting.size and replicas < self.beyond - 1:
            replicas += 1
            most = self._thresholds(replicas, inputs[waiting])
            served = loads[waiting] <= most
            counts[waiting[served]] = replicas
            waiting = waiting[~served]
        return counts

    def _least_services(self) -> float:
        from costplan.capacity.queueing import idle_latency

        return idle_latency(self.model, float(self.percentile))

    def _thresholds(self, replicas: int, inputs: NDArray[np.float64]) -> Any:
        if (inputs == inputs[0]).all():
            return _waiting(self, Fraction(float(inputs[0]))).most_arrivals(replicas * self.concurrency)
        from costplan.capacity.waiting import most_arrivals_many

        return most_arrivals_many(
            self.model, replicas * self.concurrency, inputs, float(self.percentile), float(self.latency)
        )


@lru_cache(maxsize=256)
def _waiting(replicas: WaitingReplicas, service_time: Fraction) -> Waiting:
    from costplan.capacity.waiting import Waiting

    return Waiting(replicas.model, float(service_time), float(replicas.percentile), float(replicas.latency))


@dataclass(frozen=True, slots=True)
class ReplicaHours:
    """What a month's load makes of one resource's replicas."""

    most: Quantity
    """Replicas in the busiest hour, with spare ones, before the least number."""
    billed: Quantity
    """Replica-hours that are paid."""
    needed: Quantity
    """Replica-hours that the load, its peaks, the planned utilisation and spare replicas ask for, parts of
    replicas counted as parts."""
    busy: Quantity
    """Replica-hours of pure work: the requests over the full capacity."""
    at_risk: Quantity
    """Requests of the month that arrive at more than the capacity while replicas still start."""


@dataclass(frozen=True, slots=True)
class Sizing:
    """A capacity with what it needs from the workload.

    Args:
        service_time: Seconds that a request is worked on; only a waiting model asks.
        slo: The SLO; only a waiting model asks.
    """

    capacity: Capacity
    service_time: Quantity | None = None
    slo: Slo | None = None

    def needed(self, level: Level, peak_factor: Quantity) -> Quantity:
        """Return the replicas that an hour of one level needs, with spare ones; none without load."""
        rate = level.rate * peak_factor
        serving = self._serving(rate).rounded_up_to(1)
        return serving + self.capacity.spare if rate.value else serving

    def _asked(self, level: Level, peak_factor: Quantity) -> Quantity:
        """Return the same without rounding up: the rest of a whole replica stands idle."""
        return self._serving(level.rate * peak_factor) + (self.capacity.spare if level.rate.value else 0)

    def _serving(self, rate: Quantity) -> Quantity:
        capacity = self.capacity
        if capacity.waiting is None:
            return rate / (self.full_rate * capacity.utilisation)
        assert self.service_time is not None
        assert self.slo is not None
        replicas = WaitingReplicas(
            capacity.waiting, self.slo.percentile.value, self.slo.latency.value, capacity.concurrency
        )
        return rate.counted_below(replicas, self.service_time)

    @property
    def full_rate(self) -> Quantity:
        """Requests per second of one replica that is never idle."""
        if self.capacity.requests_per_second is not None:
            return self.capacity.requests_per_second
        assert self.service_time is not None
        return Quantity(self.capacity.concurrency) / self.service_time

    def replica_hours(self, load: Load, least: Quantity, running: Quantity) -> ReplicaHours:
        """Return a month's replica-hours.

        Args:
            load: Spread over the hours in which replicas run.
            least: Fewest replicas, as the scenario states them.
            running: Hours of the month in which replicas run.
        """
        wanted = [self.needed(level, load.peak_factor) for level in load.levels]
        if self.capacity.scaling == "to-zero":
            least = Quantity(0)
        busy = load.requests / (self.full_rate * SECONDS_PER_HOUR)
        asked = [self._asked(level, load.peak_factor) * level.hours for level in load.levels]
        needed = sum(asked, Quantity(0))
        if not self.capacity.is_elastic:
            return ReplicaHours(wanted[0], wanted[0].at_least(least) * running, needed, busy, Quantity(0))
        ran = [count.at_least(least) for count in wanted]
        served = sum(
            (count * level.hours for count, level in zip(ran, load.levels, strict=True)), Quantity(0)
        )
        billed = served + sum(self._starting(load, ran), Quantity(0))
        return ReplicaHours(wanted[0], billed, needed, busy, sum(self._late(load, ran), Quantity(0)))

    def _starting(self, load: Load, ran: list[Quantity]) -> Iterator[Quantity]:
        """Give the replica-hours paid while replicas start, ahead of the hour that needs them."""
        delay = self.capacity.scale_up_delay / SECONDS_PER_HOUR
        if self.capacity.billing == "hour":
            delay = delay.rounded_up_to(1)
        if delay.value:
            for rise in load.rises:
                yield (ran[rise.after] - ran[rise.before]).or_zero() * delay * rise.times

    def _late(self, load: Load, ran: list[Quantity]) -> Iterator[Quantity]:
        """Give the requests above what runs, from each rise until the replicas for it have started."""
        if self.capacity.scaling == "scheduled" or not self.capacity.scale_up_delay.value:
            return
        for rise in load.rises:
            above = load.levels[rise.after].rate * load.peak_factor - ran[rise.before] * self.full_rate
            yield above.or_zero() * self.capacity.scale_up_delay * rise.times
