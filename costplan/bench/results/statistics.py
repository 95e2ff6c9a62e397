"""What a set of latencies allows to be said: percentiles, intervals, how many samples a claim needs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, lgamma, log, log1p, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from costplan.messages.reason import Reason

Nanoseconds = NDArray[np.int64]

CLAIM_CONFIDENCE: Final = 0.99
"""Confidence of the minimum sample counts (MLPerf LoadGen's)."""
INTERVAL_CONFIDENCE: Final = 0.95
"""Two-sided confidence of printed intervals; the upper end alone then holds with 97.5 %."""
UNKNOWN: Final = int(np.iinfo(np.int64).max)
"""Latency of a request that never got its answer: longer than any bound."""


def fraction_of(percentile: float) -> Fraction:
    """Return 99.9 as exactly 999/1000: in floats 0.07 x 100 is above 7, and a rank would be off by one.

    Raises:
        ValueError: Not inside (0, 100).
    """
    fraction = Fraction(str(percentile)) / 100
    if not 0 < fraction < 1:
        raise ValueError(Reason("a percentile lies between 0 and 100, got {percentile}", percentile))
    return fraction


def nearest_rank(count: int, percentile: float) -> int:
    """Return the 1-based rank ceil(p n) of the p-quantile among `count` sorted values."""
    return max(1, ceil(fraction_of(percentile) * count))


def quantile(ordered: Nanoseconds, percentile: float) -> int:
    """Return the exact nearest-rank percentile of ascending `ordered`, shape (n,), n > 0."""
    return int(ordered[nearest_rank(len(ordered), percentile) - 1])


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A distribution-free interval of a quantile; an end is None where the sample is too small for it."""

    low: int | None
    high: int | None


def quantile_interval(
    ordered: Nanoseconds, percentile: float, confidence: float = INTERVAL_CONFIDENCE
) -> QuantileInterval:
    """Return the order statistics between which the true quantile lies with at least `confidence`.

    The count B of samples at or below the true p-quantile is binomial(n, p), whatever the distribution.
    low is x_(l) with P(B < l) <= a/2, high is x_(u) with P(B >= u) <= a/2, where a = 1 - confidence.

    Args:
        ordered: Ascending latencies, shape (n,); `UNKNOWN` for requests without an answer.
        percentile: Such as 99.
        confidence: Two-sided; holds for independent samples.

    Source: David and Nagaraja, Order Statistics, section 7.1.
    """
    tail = (1 - confidence) / 2
    low, high = _interval_ranks(len(ordered), fraction_of(percentile), tail)
    return QuantileInterval(
        low=int(ordered[low - 1]) if low >= 1 else None,
        high=_known(int(ordered[high - 1])) if high <= len(ordered) else None,
    )


def most_late(count: int, percentile: float, confidence: float = INTERVAL_CONFIDENCE) -> int:
    """Return how many of `count` requests may be late with the upper end of the interval in time; -1: none.

    Example: 1 of 662 for a p99: P(Bin(662, 0.01) <= 1) = 0.0099, and P(... <= 2) = 0.0387 is above 0.025.
    """
    return largest_count_within(count, 1 - fraction_of(percentile), (1 - confidence) / 2)


@lru_cache(maxsize=4096)
def _interval_ranks(count: int, p: Fraction, tail: float) -> tuple[int, int]:
    # low: the largest l with P(B <= l - 1) <= tail; 0 means none.
    low = largest_count_within(count, p, tail) + 1
    # high: the smallest u with P(B >= u) <= tail; with C = n - B misses: P(C <= n - u) <= tail.
    high = count - largest_count_within(count, 1 - p, tail)
    return low, high


def _known(value: int) -> int | None:
    return None if value == UNKNOWN else value


def largest_count_within(count: int, p: Fraction, tail: float) -> int:
    """Return the largest k with P(Bin(count, p) <= k) <= tail, or -1 when not even k = 0 has it."""
    start, cumulative = _binomial_tail(count, float(p))
    inside = int(np.searchsorted(cumulative, tail, side="right"))
    return start + inside - 1 if inside else (start - 1 if start > 0 else -1)


def _binomial_tail(count: int, p: float) -> tuple[int, NDArray[np.float64]]:
    """Return the first k looked at and P(B <= k) from there to the mean.

    Summed over 40 deviations below the mean only: what lies under that is below 1e-300, and a run of ten
    million requests costs as little as one of a thousand. Neighbours follow from
    pmf(k+1) / pmf(k) = (n-k)/(k+1) p/(1-p), in logarithms, so that nothing underflows.
    """
    mean, deviation = count * p, sqrt(count * p * (1 - p))
    first = max(0, int(mean - 40 * deviation - 40))
    last = min(count, int(mean + 1))
    ks = np.arange(first, last, dtype=np.float64)
    steps = np.log((count - ks) / (ks + 1)) + log(p) - log1p(-p)
    logs = _log_pmf(count, first, p) + np.concatenate(([0.0], np.cumsum(steps)))
    return first, np.cumsum(np.exp(logs))


def _log_pmf(count: int, k: int, p: float) -> float:
    choose = lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1)
    return choose + k * log(p) + (count - k) * log1p(-p)


def allowed_misses(count: int, percentile: float, confidence: float = CLAIM_CONFIDENCE) -> int:
    """Return how many of `count` requests may miss a bound that the percentile still meets; -1: not even 0.

    With t misses the claim "the p-quantile meets the bound" is wrong with probability
    P(Bin(n, 1 - p) <= t) at most; t is the largest that keeps this within 1 - confidence.

    Example: 459 requests allow 0 misses of a p99 bound at 99 %, 662 allow 1.

    Source: MLPerf LoadGen, early_stopping.cc (there by the regularised incomplete beta function).
    """
    if count <= 0:
        return -1
    return largest_count_within(count, 1 - fraction_of(percentile), 1 - confidence)


@lru_cache(maxsize=64)
def minimum_count(percentile: float, misses: int = 1, confidence: float = CLAIM_CONFIDENCE) -> int:
    """Return the smallest sample that allows `misses`; with 1, as LoadGen does, 64 for p90, 662 for p99."""
    low, high = 0, 1
    while allowed_misses(high, percentile, confidence) < misses:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if allowed_misses(middle, percentile, confidence) < misses:
            low = middle
        else:
            high = middle
    return high


def coefficient_of_variation(values: NDArray[np.float64]) -> float:
    """Return sample standard deviation over mean of `values`, shape (n,); 0 for fewer than two or mean 0."""
    if len(values) < 2 or not values.mean():
        return 0.0
    return float(values.std(ddof=1) / values.mean())


def split_by_time(times: Nanoseconds, start: int, end: int, parts: int) -> NDArray[np.int64]:
    """Return the sub-window 0..parts-1 of each time in [start, end), shape of `times`."""
    return np.clip((times - start) * parts // max(1, end - start), 0, parts - 1)


@dataclass(frozen=True, slots=True)
class Drift:
    """First half of the window against the second."""

    ratio: float
    """Percentile of the second half over that of the first."""
    is_significant: bool
    """Their distribution-free intervals do not meet."""


def drift(first: Nanoseconds, second: Nanoseconds, percentile: float) -> Drift | None:
    """Compare the percentile of two halves, each unsorted, shape (n,); None when a half is empty."""
    if not len(first) or not len(second):
        return None
    a, b = np.sort(first), np.sort(second)
    ratio = quantile(b, percentile) / max(1, quantile(a, percentile))
    one, two = quantile_interval(a, percentile), quantile_interval(b, percentile)
    return Drift(ratio, _is_below(one, two) or _is_below(two, one))


def _is_below(one: QuantileInterval, two: QuantileInterval) -> bool:
    return one.high is not None and two.low is not None and one.high < two.low
