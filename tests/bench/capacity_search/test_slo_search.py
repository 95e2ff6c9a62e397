"""The SLO search against servers whose capacity is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from amounts import THOROUGH
from hypothesis import given, settings
from hypothesis import strategies as st
from load_servers import simulated
from virtual_clock import virtual_clock

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.slo_search import SearchBudget, find_peak, search_capacity
from costplan.bench.load.modes import draw_schedule
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.target import LocalPlan
from costplan.measurement.model import Interval, Latency, MeasuredPoint, MeasuredSlo, Stability, Verdict

MS = 1_000_000
SLO = MeasuredSlo(99, 20)


def a_point(
    passes: bool, verdict: Verdict = "VALID", achieved: float = 0.0, ending: str = "completed"
) -> MeasuredPoint:
    value = SLO.latency_ms * (0.9 if passes else 1.1)
    return MeasuredPoint(
        mode="open",
        verdict=verdict,
        reasons=() if verdict == "VALID" else (f"because {verdict}",),
        window_s=1,
        requests=1000,
        errors=0,
        timeouts=0,
        dropped=0,
        outcomes={"ok": 1000},
        messages={},
        offered_requests_per_second=None,
        sent_requests_per_second=achieved,
        achieved_requests_per_second=achieved,
        goodput_requests_per_second=achieved,
        response_ms=Latency(),
        service_ms=Latency(),
        lag_ms=Latency(),
        bounds=Interval(99, value, value, value),
        meets_slo=passes,
        stability=Stability(),
        concurrency=1,
        arrivals="poisson",
        seed=1,
        ending=ending,
    )


@given(capacity=st.floats(0.5, 1e5), share=st.floats(0.2, 3.0))
def test_an_exact_server_is_bracketed_within_the_resolution(capacity: float, share: float) -> None:
    found = search_capacity(lambda rate: a_point(rate <= capacity), SLO, first_guess=capacity * share)
    assert found.requests_per_second is not None
    assert found.high is not None
    assert found.requests_per_second <= capacity < found.high
    assert found.high <= found.requests_per_second * 1.05 * 1.0001
    assert abs(found.requests_per_second / capacity - 1) <= 0.05
    assert found.verdict == "VALID"


@settings(deadline=None)
@given(st.floats(10, 1000), st.floats(10, 1000))
def test_a_faster_server_never_gets_a_lower_capacity(one: float, two: float) -> None:
    slow, fast = sorted((one, two))
    results = [
        search_capacity(lambda rate, c=c: a_point(rate <= c), SLO, first_guess=500).requests_per_second
        for c in (slow, fast)
    ]
    assert results[0] is not None
    assert results[1] is not None
    assert results[0] <= results[1]


def md1_p99_ms(rate: float, service_ms: float, arrivals: int = 1_000_000) -> float:
    """p99 response of an M/D/1 queue by Lindley's recursion W' = max(0, W + S - A), on its own stream."""
    gaps_ms = np.random.Generator(np.random.PCG64(2026)).exponential(1000 / rate, arrivals)
    walk = np.cumsum(service_ms - gaps_ms)
    waits = walk - np.minimum.accumulate(np.minimum(walk, 0))
    return float(np.quantile(waits, 0.99)) + service_ms


def md1_capacity(service_ms: float, slo_ms: float) -> float:
    """The rate at which that p99 reaches the SLO."""
    low, high = 0.0, 1000 / service_ms
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if md1_p99_ms(middle, service_ms) <= slo_ms else (low, middle)
    return low


@pytest.mark.parametrize("seed", [1, 2] if THOROUGH else [1])
def test_a_queue_of_known_capacity_is_found_within_five_percent_through_the_whole_engine(seed: int) -> None:
    truth = md1_capacity(service_ms=1.0, slo_ms=10.0)
    assert 700 < truth < 900, "the queue must be loaded, else the test says little"
    bench = Bench(
        LocalPlan([], lambda result: None),
        LoadSettings(Mode.OPEN, window_s=30, lead_in_s=0.5, requests_per_second=1, seed=seed),
        MeasuredSlo(99, 10),
        clock=virtual_clock(),
        transport_factory=simulated(lambda: MS),
        max_concurrency=4,
    )
    # The answer is the passing end of the bracket: a resolution of 5 % would use up the tolerance by itself.
    found = bench.find_capacity(resolution=0.02)
    assert found.requests_per_second is not None
    assert found.high is not None
    assert abs(found.requests_per_second / truth - 1) <= 0.05
    assert found.low is not None
    assert found.low <= found.requests_per_second < found.high
    assert {point.mode for point in bench.points} == {"closed", "open"}


def test_low_rates_are_measured_as_long_as_the_percentile_needs() -> None:
    bench = Bench(
        LocalPlan([], lambda r: None), LoadSettings(Mode.OPEN, window_s=5, requests_per_second=1), SLO
    )
    settings = bench.open_settings(10, SLO)
    assert sum(1 for offset in draw_schedule(settings) if offset >= settings.lead_in_s * 1e9) == 662
    assert settings.window_s == pytest.approx(662 / 10, rel=4 / 662**0.5)
    assert bench.open_settings(1000, SLO).window_s == 5


def test_no_rate_that_passes_gives_no_capacity_and_the_reason() -> None:
    found = search_capacity(lambda rate: a_point(False), SLO, first_guess=100)
    assert found.requests_per_second is None
    assert "no measured rate keeps p99 <= 20 ms" in found.reasons


def test_nothing_answered_in_the_closed_loop_ends_at_once() -> None:
    found = search_capacity(lambda rate: pytest.fail("measured"), SLO, first_guess=0)
    assert found.requests_per_second is None
    assert found.verdict == "INVALID"


def test_a_rate_that_passes_and_fails_is_named_and_left_above_the_capacity() -> None:
    seen: dict[float, int] = {}

    def flaky(rate: float) -> MeasuredPoint:
        seen[rate] = seen.get(rate, 0) + 1
        return a_point(rate <= 80 or (rate <= 100 and seen[rate] == 1))

    found = search_capacity(flaky, SLO, first_guess=120)
    assert found.requests_per_second is not None
    assert found.requests_per_second <= 80 * 1.05
    assert any("passed and failed in repeated runs" in reason for reason in found.reasons)


def test_a_generator_that_fell_behind_once_is_measured_again() -> None:
    seen: list[float] = []

    def stumbling(rate: float) -> MeasuredPoint:
        seen.append(rate)
        if len(seen) == 1:
            return a_point(False, "GENERATOR-LIMITED")
        return a_point(rate <= 100)

    found = search_capacity(stumbling, SLO, first_guess=100)
    assert seen[0] == seen[1]
    assert found.verdict == "VALID"
    assert found.requests_per_second == pytest.approx(100, rel=0.05)


def test_a_limit_of_the_generator_is_not_sold_as_the_servers() -> None:
    found = search_capacity(
        lambda rate: a_point(rate <= 100, "VALID" if rate <= 100 else "GENERATOR-LIMITED"),
        SLO,
        100,
    )
    assert found.verdict == "GENERATOR-LIMITED"


def test_too_few_samples_and_errors_never_pass() -> None:
    for verdict in ("TOO-FEW-SAMPLES", "INVALID", "UNSTABLE"):
        assert not a_point(True, verdict).passes
    for verdict in ("VALID", "NOISY", "GENERATOR-LIMITED"):
        assert a_point(True, verdict).passes


def test_a_time_budget_ends_the_search_with_what_there_is() -> None:
    time = [0.0]

    def measure(rate: float) -> MeasuredPoint:
        time[0] += 10
        return a_point(rate <= 97)

    found = search_capacity(
        measure, SLO, first_guess=100, budget=SearchBudget(25, now=lambda: time[0]), point_s=lambda rate: 10
    )
    assert time[0] <= 25
    assert found.requests_per_second == pytest.approx(75 * 1.25)
    assert any("time budget of 25 s" in reason for reason in found.reasons)
    assert any("the bracket is wider than 5%" in reason for reason in found.reasons)
    assert found.verdict == "NOISY"


def test_an_interrupt_ends_the_search() -> None:
    found = search_capacity(lambda rate: a_point(True, ending="interrupted"), SLO, first_guess=100)
    assert found.verdict == "INVALID"
    assert "interrupted" in found.reasons


def test_the_peak_is_where_more_in_flight_gains_nothing() -> None:
    asked: list[int] = []

    def closed(concurrency: int) -> MeasuredPoint:
        asked.append(concurrency)
        return a_point(True, achieved=min(concurrency, 5) * 100.0)

    peak, points = find_peak(closed, SLO)
    assert peak == 500
    assert asked == [1, 2, 4, 8, 16]
    assert len(points) == 5


def test_the_peak_search_stops_where_the_slo_is_missed_or_answers_are_wrong() -> None:
    peak, points = find_peak(lambda n: a_point(n < 4, achieved=n * 100.0), SLO)
    assert (peak, len(points)) == (400, 3)
    _, points = find_peak(lambda n: replace(a_point(True, achieved=1.0 * n), verdict="INVALID"), SLO)
    assert len(points) == 1
