"""Noticing an offered load above capacity while it runs, instead of waiting for its end."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from math import sqrt

_STRETCHES = 10
"""Into so many equal stretches a third of the window is cut; the mean must rise from each to the next."""
_DEVIATIONS = 3.0
_MIN_GROWTH = 10


class OverloadDetector:
    """Watches the requests in flight and the lag of an open loop.

    Rule: over a third of the window either rises from stretch to stretch without a pause, by more than three
    standard deviations of what Poisson arrivals alone would do. At a load below capacity a queue that grows
    for a while shrinks again; a stall shorter than a third of the window is not taken for overload.
    """

    def __init__(self, window_ns: int, requests_per_second: float) -> None:
        self._stretch_ns = window_ns / (3 * _STRETCHES)
        arrivals = requests_per_second * window_ns / 3e9
        self._in_flight = _Rise(max(_MIN_GROWTH, _DEVIATIONS * sqrt(2 * arrivals)))
        self._lag = _Rise(min_growth=window_ns / 30)
        self._stretch = 0

    def observe(self, elapsed_ns: int, in_flight: int, lag_ns: int) -> str | None:
        """Take one reading; return what is wrong once it is certain."""
        stretch = int(elapsed_ns / self._stretch_ns)
        is_new = stretch != self._stretch
        self._stretch = stretch
        if self._in_flight.add(in_flight, is_new):
            low, high = self._in_flight.span()
            return f"requests in flight rose from {low:.0f} to {high:.0f} over a third of the window"
        if self._lag.add(lag_ns, is_new):
            low, high = self._lag.span()
            return f"send lag rose from {low / 1e6:.0f} to {high / 1e6:.0f} ms over a third of the window"
        return None


class _Rise:
    def __init__(self, min_growth: float) -> None:
        self._min_growth = min_growth
        self._means: deque[float] = deque(maxlen=_STRETCHES)
        self._sum = 0.0
        self._readings = 0

    def add(self, value: float, is_new_stretch: bool) -> bool:
        if is_new_stretch and self._readings:
            self._means.append(self._sum / self._readings)
            self._sum, self._readings = 0.0, 0
        self._sum += value
        self._readings += 1
        return is_new_stretch and self._is_rising()

    def _is_rising(self) -> bool:
        if len(self._means) < _STRETCHES:
            return False
        return (
            all(a < b for a, b in pairwise(self._means))
            and self._means[-1] - self._means[0] > self._min_growth
        )

    def span(self) -> tuple[float, float]:
        return self._means[0], self._means[-1]
