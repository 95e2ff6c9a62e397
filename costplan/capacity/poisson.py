"""Poisson probabilities that neither underflow nor overflow, for means from zero to millions."""

from __future__ import annotations

from itertools import accumulate
from math import ceil, exp, floor, lgamma, log, sqrt
from operator import mul

_SPREAD = 8.0
_MARGIN = 20
"""Outside mean -/+ (8 standard deviations + 20) lies less than 1e-14 of the probability."""


def poisson_window(mean: float) -> tuple[int, int]:
    """Return the first and last count that matter; the rest has less than 1e-14 of the probability."""
    reach = _SPREAD * sqrt(mean) + _MARGIN
    return max(0, floor(mean - reach)), ceil(mean + reach)


def poisson_weights(mean: float, first: int, last: int) -> list[float]:
    """Return P(N = first), ..., P(N = last) for N ~ Poisson(mean); relative error below 1e-9.

    Starts at the likeliest count of the range, where nothing underflows, and recurs to both sides.
    """
    if mean == 0:
        return [float(count == 0) for count in range(first, last + 1)]
    top = min(max(floor(mean), first), last)
    peak = exp(top * log(mean) - mean - lgamma(top + 1))
    above = accumulate((mean / count for count in range(top + 1, last + 1)), mul, initial=peak)
    below = accumulate((count / mean for count in range(top, first, -1)), mul, initial=peak)
    return [*list(below)[:0:-1], *above]


def poisson_quantile(mean: float, percentile: float) -> int:
    """Return the smallest n with P(N <= n) >= percentile."""
    first, last = poisson_window(mean)
    within = accumulate(poisson_weights(mean, first, last))
    return next((first + index for index, reached in enumerate(within) if reached >= percentile), last)
