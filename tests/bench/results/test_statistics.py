"""Percentiles, intervals and sample counts against the mathematics, worked out here."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, comb, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costplan.bench.results.statistics import (
    UNKNOWN,
    allowed_misses,
    coefficient_of_variation,
    drift,
    largest_count_within,
    minimum_count,
    nearest_rank,
    quantile,
    quantile_interval,
    split_by_time,
)


def exact_cdf(n: int, p: Fraction, k: int) -> Fraction:
    """P(Bin(n, p) <= k) without rounding."""
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction(0))


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=200), st.sampled_from([1, 7, 50, 90, 95, 99, 99.9])
)
def test_a_percentile_is_the_smallest_value_with_enough_at_or_below_it(
    values: list[int], percentile: float
) -> None:
    ordered = np.sort(np.array(values, dtype=np.int64))
    found = quantile(ordered, percentile)
    share = Fraction(str(percentile)) / 100
    assert Fraction(int((ordered <= found).sum()), len(values)) >= share
    below = int((ordered < found).sum())
    assert Fraction(below, len(values)) < share


def test_a_rank_does_not_suffer_from_binary_fractions() -> None:
    assert 0.07 * 100 > 7  # what a float computation would round up to 8
    assert nearest_rank(100, 7) == 7


@pytest.mark.parametrize("percentile", [0, 100, -1, 101])
def test_a_percentile_outside_0_to_100_is_refused(percentile: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        nearest_rank(10, percentile)


@settings(max_examples=80, deadline=None)
@given(
    n=st.integers(1, 120),
    p=st.sampled_from(
        [Fraction(1, 2), Fraction(1, 10), Fraction(9, 10), Fraction(1, 100), Fraction(99, 100)]
    ),
    tail=st.sampled_from([Fraction(1, 100), Fraction(1, 40), Fraction(1, 20)]),
)
def test_binomial_tails_agree_with_exact_fractions(n: int, p: Fraction, tail: Fraction) -> None:
    k = largest_count_within(n, p, float(tail))
    assert k == -1 or exact_cdf(n, p, k) <= tail
    # An exact tie may fall to the cautious side.
    assert exact_cdf(n, p, k + 1) > tail * (1 - Fraction(1, 10**9))


@pytest.mark.parametrize(("percentile", "misses", "count"), [(90, 1, 64), (99, 1, 662), (99, 0, 459)])
def test_minimum_counts_are_the_ones_that_mlperf_publishes(
    percentile: float, misses: int, count: int
) -> None:
    assert minimum_count(percentile, misses) == count


@pytest.mark.parametrize("percentile", [50, 90, 95, 99, 99.9])
def test_zero_misses_need_log_of_the_error_over_log_of_the_percentile(percentile: float) -> None:
    assert minimum_count(percentile, 0) == ceil(log(0.01) / log(percentile / 100))


def test_a_minimum_count_is_enough_and_one_less_is_not() -> None:
    p = Fraction(1, 100)
    assert exact_cdf(662, p, 1) <= Fraction(1, 100) < exact_cdf(661, p, 1)


@pytest.mark.parametrize("n", [20_000, 300_000, 10_000_000])
def test_allowed_misses_stay_right_beyond_a_thousand(n: int) -> None:
    """LoadGen once capped them at 1,024, which broke long runs; the normal law gives the expected size."""
    t = allowed_misses(n, 99)
    deviation = (n * 0.01 * 0.99) ** 0.5
    expected = n * 0.01 - 2.326 * deviation
    assert abs(t - expected) < 0.02 * deviation + 3


def test_no_sample_allows_no_claim() -> None:
    assert allowed_misses(0, 99) == -1
    assert allowed_misses(458, 99) == -1
    assert allowed_misses(459, 99) == 0


@pytest.mark.parametrize("draw", ["exponential", "lognormal", "uniform"])
@pytest.mark.parametrize(("percentile", "n"), [(50, 60), (90, 300), (99, 1500)])
def test_intervals_cover_the_true_quantile_as_often_as_they_say(draw: str, percentile: float, n: int) -> None:
    random = np.random.RandomState(11)
    trials = 400
    # Quantiles commute with rising functions: the true one follows from the uniform's, which is p itself.
    shapes = {
        "uniform": lambda u: u,
        "exponential": lambda u: -np.log1p(-u),
        "lognormal": lambda u: np.exp(4 * (u - 0.5) ** 3 + u),
    }
    shape = shapes[draw]
    truth = int(shape(np.array(percentile / 100)) * 1e9)
    covered = above = 0
    for _ in range(trials):
        ordered = np.sort((shape(random.random_sample(n)) * 1e9).astype(np.int64))
        interval = quantile_interval(ordered, percentile, confidence=0.95)
        low = interval.low if interval.low is not None else -1
        high = interval.high if interval.high is not None else UNKNOWN
        covered += low <= truth <= high
        above += truth <= high
    # At least the confidence, less four deviations of the experiment; and not so wide that it says nothing.
    assert covered / trials >= 0.95 - 4 * (0.95 * 0.05 / trials) ** 0.5
    assert above / trials >= 0.975 - 4 * (0.975 * 0.025 / trials) ** 0.5
    assert covered < trials


def test_an_interval_has_no_upper_end_when_the_sample_is_too_small() -> None:
    ordered = np.arange(100, dtype=np.int64)
    assert quantile_interval(ordered, 99).high is None
    assert quantile_interval(ordered, 50).high is not None


def test_an_interval_has_no_upper_end_when_answers_are_missing_there() -> None:
    ordered = np.sort(np.array([10] * 950 + [UNKNOWN] * 50, dtype=np.int64))
    assert quantile_interval(ordered, 99).high is None
    assert quantile_interval(ordered, 50).high == 10


@settings(deadline=None)
@given(st.integers(200, 3000), st.sampled_from([50, 90, 95]))
def test_the_interval_holds_the_sample_quantile(n: int, percentile: float) -> None:
    ordered = np.arange(n, dtype=np.int64)
    interval = quantile_interval(ordered, percentile)
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low <= quantile(ordered, percentile) <= interval.high


def test_the_coefficient_of_variation_is_deviation_over_mean() -> None:
    values = np.array([9.0, 11.0])
    assert coefficient_of_variation(values) == pytest.approx(2**0.5 / 10)
    assert coefficient_of_variation(np.array([5.0])) == 0.0


def test_times_fall_into_equal_parts_and_the_end_into_the_last() -> None:
    times = np.array([0, 9, 10, 99, 100], dtype=np.int64)
    assert split_by_time(times, 0, 100, 10).tolist() == [0, 0, 1, 9, 9]


def test_drift_is_significant_when_the_second_half_is_slower_and_not_when_it_is_the_same() -> None:
    random = np.random.RandomState(5)
    first, second = (random.exponential(1e6, 500).astype(np.int64) for _ in range(2))
    moved = drift(first, 2 * second, 50)
    still = drift(first, second, 50)
    assert moved is not None
    assert still is not None
    assert moved.is_significant
    assert moved.ratio > 1.5
    assert not still.is_significant
    assert drift(first, second[:0], 50) is None
