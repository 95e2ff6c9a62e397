"""The highest arrivals for many service times at once, in arrays.

Only latency / service time matters. So one curve serves all service times of a number of servers: the bound
that is just kept at utilisations u, `_STEP` apart in log(u / (1 - u)), each solved for when first needed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from math import ceil, exp, log
from typing import TYPE_CHECKING, Final

from costplan.capacity.queueing import (
    MOST_UTILISATION,
    QueueModel,
    highest_utilisation,
    idle_latency,
    most_arrivals,
    services_at,
)
from costplan.capacity.staffing import EXACT_SERVERS, between_nodes, nodes_around

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STEP: Final = 0.02
_LEAST_UTILISATION: Final = 1e-4
_CUT_LOGIT: Final = log(MOST_UTILISATION / (1 - MOST_UTILISATION)) + _STEP
_LAST_LOGIT: Final = 14.0
"""A utilisation of 0.999999: some curves go on beyond what is told, as others lie between them."""


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
        utilisation above 0.001.

    Raises:
        ValueError: An argument is out of range.
    """
    import numpy as np

    times = np.asarray(service_times, dtype=np.float64)
    if times.size == 0:
        return times.copy()
    for extreme in (float(times.min()), float(times.max())):
        most_arrivals(
            model, servers, extreme, percentile, 0.0
        )  # solves nothing, refuses what is out of range
    services = latency / times
    feasible = services >= idle_latency(model, percentile)
    utilisations = np.zeros_like(times)
    if feasible.any():
        found = _utilisations(model, servers, percentile, services[feasible])
        utilisations[feasible] = np.minimum(found, MOST_UTILISATION)
    return np.asarray(utilisations * servers / times)


def _utilisations(
    model: QueueModel, servers: int, percentile: float, services: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the highest utilisations for feasible bounds in service times."""
    if servers <= EXACT_SERVERS:
        return _curve(model, servers, percentile).utilisations(services, _CUT_LOGIT)
    first, *more = nodes_around(servers)
    found = _curve(model, first, percentile).utilisations(services, _CUT_LOGIT)
    open_ones = found < MOST_UTILISATION  # where the fewest are busy enough, more can only be busier
    if open_ones.any():
        services = services[open_ones]
        others = [_curve(model, node, percentile).utilisations(services, _LAST_LOGIT) for node in more]
        found[open_ones] = between_nodes(servers, [found[open_ones], *others])
    return found


class _Curve:
    """The bounds, in service times, that are just kept at ascending utilisations."""

    def __init__(self, model: QueueModel, servers: int, percentile: float) -> None:
        self._model: QueueModel = model
        self._servers = servers
        self._percentile = percentile
        self._idle = idle_latency(model, percentile)
        lowest = max(_LEAST_UTILISATION, highest_utilisation(model, servers, percentile, self._idle))
        self._first = log(lowest / (1 - lowest))
        self._bounds: dict[int, float] = {}

    def utilisations(self, services: NDArray[np.float64], last_logit: float) -> NDArray[np.float64]:
        """Return the utilisations at which bounds, none below the idle latency, are just kept.

        Those beyond `last_logit` come out as that.
        """
        import numpy as np

        indices = range(1 + max(0, ceil((last_logit - self._first) / _STEP)))
        low = max(0, bisect_right(indices, float(services.min()), key=self._bound) - 1)
        high = min(indices[-1], bisect_left(indices, float(services.max()), key=self._bound))
        points = np.arange(low, high + 1)
        scaled = self._scaled(np.array([self._bound(index) for index in points.tolist()]))
        rises = np.append(scaled[1:] > scaled[:-1], True)
        logits = np.interp(self._scaled(services), scaled[rises], self._first + _STEP * points[rises])
        return np.asarray(1 / (1 + np.exp(-logits)))

    def _bound(self, index: int) -> float:
        if index not in self._bounds:
            utilisation = 1 / (1 + exp(-self._first - _STEP * index))
            self._bounds[index] = services_at(self._model, self._servers, utilisation, self._percentile)
        return self._bounds[index]

    def _scaled(self, services: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return bounds on the scale on which the curve is nearly straight.

        M/M/c leaves the idle latency like a power of the utilisation; M/D/c starts there with some of it.
        """
        import numpy as np

        beyond = services / self._idle
        return np.asarray(np.log(np.maximum(beyond - 1, 1e-12) if self._model == "M/M/c" else beyond))


@lru_cache(maxsize=1024)
def _curve(model: QueueModel, servers: int, percentile: float) -> _Curve:
    return _Curve(model, servers, percentile)
