"""How long requests wait for one of c servers when service times are exponential: the M/M/c queue.

Sources: A. K. Erlang (1917) for the probability of waiting; D. Gross et al., Fundamentals of Queueing Theory,
4th edition (2008), section 2.3, for the response time.
"""

from __future__ import annotations

from math import exp, expm1, log1p


def erlang_b(servers: int, load: float) -> float:
    """Return the probability that all servers are busy where nobody waits (the Erlang loss formula).

    Args:
        servers: At least 0.
        load: Arrivals per service time (erlangs).

    The recursion over servers adds positive terms only, so it is stable for any number of them.
    """
    busy = 1.0
    for count in range(1, servers + 1):
        busy = load * busy / (count + load * busy)
    return busy


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that a request has to wait; `load` in erlangs, below `servers`."""
    busy = erlang_b(servers, load)
    return busy / (1.0 - load / servers * (1.0 - busy))


class ExponentialService:
    """The stationary M/M/c queue at one utilisation."""

    def __init__(self, servers: int, utilisation: float) -> None:
        """Solve for the queue; `servers` at least 1, 0 <= `utilisation` < 1."""
        self._waits = erlang_c(servers, servers * utilisation)
        self._drain = servers * (1.0 - utilisation)
        """How fast a queue shortens, in requests per service time: c mu - lambda."""

    @staticmethod
    def idle_quantile(percentile: float) -> float:
        """Return the response time, in service times, that an idle server keeps."""
        return -log1p(-percentile)

    def waits_longer(self, services: float) -> float:
        """Return the probability that a request waits longer than so many service times."""
        return self._waits * exp(-self._drain * services)

    def responds_later(self, services: float) -> float:
        """Return the probability that waiting and service take longer than so many service times.

        Who waits has the sum of two exponential times, with the rates mu = 1 and c mu - lambda. The
        difference of their tails over that of the rates is written so that it holds where these are equal.
        """
        gap = abs(self._drain - 1.0) * services
        shrunk = -expm1(-gap) / gap if gap else 1.0
        extra = services * exp(-min(self._drain, 1.0) * services) * shrunk
        return min(1.0, exp(-services) + self._waits * extra)
