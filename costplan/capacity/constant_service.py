"""How long requests wait for one of c servers when each takes the same time: the M/D/c queue, exactly.

Every D seconds exactly those leave that were in service, so the queue at epochs D apart is the random walk
Q' = max(0, Q + A - c) with A ~ Poisson(c x utilisation). Its stationary law is that of a sum of ascending
ladder steps, and P(Q >= m) follows by a recursion in which every term is positive: nothing cancels.

Sources:
- C. D. Crommelin, Delay probability formulas when the holding times are constant, P.O. Electrical Engineers
  Journal 25 (1932): the roots. A. Janssen and J. van Leeuwaarden, Back to the roots of the M/D/s queue,
  Statistica Neerlandica 62 (2008): where they lie.
- W. Feller, An Introduction to Probability Theory II (1971), chapter XII: ladder steps, Wiener-Hopf factors.
- G. J. Franx, A simple solution for the M/D/c waiting time distribution, Operations Research Letters 29
  (2001): from the queue to the waiting time.
"""

from __future__ import annotations

from cmath import exp
from math import ceil, floor, pi, sqrt
from operator import mul

from costplan.capacity.poisson import poisson_weights, poisson_window

_QUADRATIC = 1e-8
"""Newton's method doubles the digits: after a step this small, the root is known to the last one."""
_FADED = 1e-18
"""A power of a root below this no longer changes a sum that is at least 1."""


def _roots(servers: int, utilisation: float) -> list[complex]:
    """Return the roots of z^c = exp(c u (z - 1)) within the unit disk, largest first.

    Leaves out the root 1, and of each conjugate pair the lower. Newton's method on
    z = exp(u (z - 1) + 2 pi i k / c), started from the fixed point's first steps.
    """
    found = []
    for k in range(1, servers // 2 + 1):
        turn = exp(2j * pi * k / servers - utilisation)
        z = turn * exp(utilisation * turn)
        step = 1.0 + 0j
        while abs(step) > _QUADRATIC:
            image = turn * exp(utilisation * z)
            step = (z - image) / (1 - utilisation * image)
            z -= step
        found.append(z)
    return found


def _power_sums(servers: int, utilisation: float, count: int) -> list[float]:
    """Return the sums over all c roots of z^1, ..., z^count."""
    roots = _roots(servers, utilisation)
    shares = [2.0] * len(roots)
    if servers % 2 == 0:
        shares[-1] = 1.0  # the negative root has no partner
    powers = [share + 0j for share in shares]
    sums = []
    for _ in range(count):
        powers = list(map(mul, powers, roots))
        sums.append(1.0 + sum(powers).real)
        while powers and abs(powers[-1]) < _FADED:
            powers.pop()
    return sums


def _descents(servers: int, utilisation: float, count: int) -> list[float]:
    """Return how often the walk reaches depth 0, 1, ..., count as a new minimum, on average.

    They are the coefficients of 1 / prod(1 - z w) over the roots z, by Newton's identities.
    """
    sums = _power_sums(servers, utilisation, count)
    visits = [1.0]
    for depth in range(1, count + 1):
        visits.append(sum(map(mul, sums, reversed(visits))) / depth)
    return visits


def _ascents(servers: int, utilisation: float) -> list[float]:
    """Return the probabilities that the walk's first new maximum is 1, 2, ... above its start."""
    load = servers * utilisation
    reach = poisson_window(load)[1] - servers
    if reach < 1:
        return []
    visits = _descents(servers, utilisation, reach)
    arrivals = poisson_weights(load, servers, servers + reach)
    sums = [sum(map(mul, arrivals[step:], visits)) for step in range(reach + 1)]
    return [total / (1.0 - sums[0]) for total in sums[1:]]


class ConstantService:
    """The stationary M/D/c queue at one utilisation."""

    def __init__(self, servers: int, utilisation: float) -> None:
        """Solve for the queue; `servers` at least 1, 0 <= `utilisation` < 1."""
        self._servers = servers
        self._load = servers * utilisation
        self._tails = self._queue_tails(utilisation)
        self._decay = self._tails[-1] / self._tails[-2] if self._tails[-2] else 0.0

    def _queue_tails(self, utilisation: float) -> list[float]:
        """Return P(Q >= m) for m = 0, 1, ... up to where it falls geometrically to the last digit.

        The tail is a sum of powers of the roots outside the disk. The second lies about 2.5 / sqrt(c) farther
        out than the first, so that after 12 sqrt(c) powers only the first is left.
        """
        ascents = _ascents(self._servers, utilisation)[::-1]
        tails = [1.0] * max(1, len(ascents))
        start = len(tails) - 1
        for _ in range(ceil(12 * sqrt(self._servers)) + 30):
            tails.append(sum(map(mul, ascents, tails[-len(ascents) :])) if ascents else 0.0)
        return tails[start:]

    def _queue_reaches(self, length: int) -> float:
        """Return P(Q >= length)."""
        last = len(self._tails) - 1
        if length <= last:
            return self._tails[max(0, length)]
        return float(self._tails[last] * self._decay ** (length - last))

    @staticmethod
    def idle_quantile(percentile: float) -> float:
        """Return the response time, in service times, that an idle server keeps: always 1."""
        return 1.0

    def responds_later(self, services: float) -> float:
        """Return the probability that waiting and service take longer than so many service times."""
        return 1.0 if services < 1 else self.waits_longer(services - 1)

    def waits_longer(self, services: float) -> float:
        """Return the probability that a request waits longer than so many service times.

        With k = floor(services) + 1, a request waits longer exactly if the queue k - services service times
        before it came, and those who came in between, are at least k c (Franx 2001).
        """
        rounds = floor(services) + 1
        ahead = self._load * (rounds - services)
        first, last = poisson_window(ahead)
        room = rounds * self._servers
        weights = poisson_weights(ahead, first, last)
        return sum(w * self._queue_reaches(room - first - n) for n, w in enumerate(weights))
