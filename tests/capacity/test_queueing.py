"""Waiting in front of c servers: closed forms, exact sums, an independent solution, and laws."""

from __future__ import annotations

from fractions import Fraction
from math import exp, factorial, inf, log, nan, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costplan.capacity.constant_service import ConstantService
from costplan.capacity.exponential_service import erlang_b, erlang_c
from costplan.capacity.queueing import (
    MOST_UTILISATION,
    QueueModel,
    latency_at,
    least_latency,
    most_arrivals,
    response_exceeds,
)
from costplan.capacity.waiting import Waiting, most_arrivals_many

BOTH = pytest.mark.parametrize("model", ["M/M/c", "M/D/c"])
models = st.sampled_from(["M/M/c", "M/D/c"])


def test_one_exponential_server_answers_after_an_exponential_time() -> None:
    """M/M/1: P(T > t) = exp(-(mu - lambda) t)."""
    assert response_exceeds("M/M/c", 6, 0.1, 1, 0.5) == pytest.approx(exp(-(10 - 6) * 0.5))
    assert latency_at("M/M/c", 6, 0.1, 1, 0.95) == pytest.approx(log(20) / (10 - 6))
    assert most_arrivals("M/M/c", 1, 0.1, 0.95, 1.0) == pytest.approx(10 - log(20) / 1.0)


def test_two_exponential_servers_follow_the_convolution_by_hand() -> None:
    """M/M/2, mu = 1, lambda = 1.2: waits with C = 2 u^2 / (1 + u), u = 0.6, and then Exp(0.8) + Exp(1)."""
    waits = 2 * 0.6**2 / 1.6
    both = (0.8 * exp(-3.0) - 1.0 * exp(-0.8 * 3.0)) / (0.8 - 1.0)
    assert response_exceeds("M/M/c", 1.2, 1.0, 2, 3.0) == pytest.approx((1 - waits) * exp(-3) + waits * both)


def test_waiting_as_fast_as_serving_is_no_special_case() -> None:
    """C mu - lambda = mu at c = 2, u = 0.5: C = 1/3, and the two exponentials make an Erlang-2 time."""
    expected = 2 / 3 * exp(-4) + 1 / 3 * (1 + 4) * exp(-4)
    assert response_exceeds("M/M/c", 1.0, 1.0, 2, 4.0) == pytest.approx(expected, rel=1e-12)
    for nearly in (1.0 - 1e-9, 1.0 + 1e-9):
        assert response_exceeds("M/M/c", nearly, 1.0, 2, 4.0) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("servers", "load"), [(1, "0.3"), (2, "1.8"), (10, "8"), (100, "95"), (1000, "970.5")]
)
def test_erlang_formulas_agree_with_their_sums_in_exact_fractions(servers: int, load: str) -> None:
    """The definition: a^c / c! over the sum of a^k / k!; to wait, the last one counts c / (c - a) times."""
    exact = Fraction(load)
    terms = [Fraction(1)]
    for count in range(1, servers + 1):
        terms.append(terms[-1] * exact / count)
    last = terms[-1] * servers / (servers - exact)
    assert erlang_b(servers, float(load)) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-11)
    assert erlang_c(servers, float(load)) == pytest.approx(float(last / (sum(terms[:-1]) + last)), rel=1e-11)


@pytest.mark.parametrize("utilisation", [Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), Fraction(98, 100)])
@pytest.mark.parametrize(
    "services", [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(23, 10), Fraction(17, 2)]
)
def test_one_constant_server_follows_erlangs_sum(utilisation: Fraction, services: Fraction) -> None:
    """M/D/1 (Erlang 1909): P(W <= x) = (1 - u) sum_j (-u (x - j))^j / j! exp(u (x - j)), j up to x."""
    within = (1 - utilisation) * sum(
        (-utilisation * (services - j)) ** j
        / Fraction(factorial(j))
        * Fraction(exp(utilisation * (services - j)))
        for j in range(int(services) + 1)
    )
    found = ConstantService(1, float(utilisation)).waits_longer(float(services))
    assert found == pytest.approx(float(1 - within), abs=1e-11)


@pytest.mark.parametrize(("servers", "utilisation"), [(1, 0.5), (2, 0.3), (3, 0.9), (8, 0.95), (50, 0.9)])
def test_constant_service_agrees_with_the_embedded_chain(servers: int, utilisation: float) -> None:
    """Solve p_i = sum_k p_k P(A = i - (k - c)^+) (Crommelin) as plain equations; Little for the mean."""
    load = servers * utilisation
    size = servers + int(40 / (1 - utilisation))
    arrivals = np.exp(np.cumsum(np.log(np.append(1.0, load / np.arange(1, size)))) - load)
    chain = np.zeros((size, size))
    for state in range(size):
        left = max(0, state - servers)
        chain[state, left:] = arrivals[: size - left]
    equations = np.vstack([chain.T - np.eye(size), np.ones(size)])
    p = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0]
    queue = ConstantService(servers, utilisation)

    assert queue.waits_longer(0.0) == pytest.approx(p[servers:].sum(), abs=1e-9)

    mean_queue = float(np.maximum(np.arange(size) - servers, 0) @ p)
    edges = np.linspace(0, 40 / (1 - utilisation) / servers + 2, 20_001)
    tails = np.array([queue.waits_longer(x) for x in edges.tolist()])
    mean_wait = float(((tails[1:] + tails[:-1]) / 2 * np.diff(edges)).sum())
    assert mean_wait * load == pytest.approx(mean_queue, rel=1e-3)


def test_an_idle_server_decides_what_can_be_kept() -> None:
    assert least_latency("M/D/c", 0.2, 0.99) == 0.2
    assert least_latency("M/M/c", 0.2, 0.99) == pytest.approx(0.2 * log(100))


@BOTH
def test_an_slo_below_the_idle_latency_allows_no_arrivals(model: QueueModel) -> None:
    least = least_latency(model, 0.2, 0.95)
    assert most_arrivals(model, 100, 0.2, 0.95, least * 0.999) == 0.0
    assert most_arrivals(model, 100, 0.2, 0.95, least * 1.001) > 0


def test_one_constant_server_at_its_service_time_may_be_busy_as_often_as_requests_may_be_late() -> None:
    """P(T > D) = P(W > 0) = u for one server."""
    assert most_arrivals("M/D/c", 1, 0.1, 0.95, 0.1) == pytest.approx(0.05 / 0.1)


@given(
    model=models,
    servers=st.integers(1, 40),
    utilisation=st.floats(0.05, 0.98),
    step=st.floats(1.001, 1.5),
    latency=st.floats(0.2, 20),
)
def test_more_load_is_never_faster_and_more_servers_never_slower(
    model: QueueModel, servers: int, utilisation: float, step: float, latency: float
) -> None:
    arrivals = servers * utilisation / step
    late = response_exceeds(model, arrivals, 1.0, servers, latency)
    slack = 1e-12
    assert 0 <= late <= 1
    assert response_exceeds(model, arrivals * step, 1.0, servers, latency) >= late - slack
    assert response_exceeds(model, arrivals, 1.0, servers + 1, latency) <= late + slack
    assert response_exceeds(model, arrivals, 1.0, servers, latency * step) <= late + slack
    assert response_exceeds(model, arrivals / 3, 3.0, servers, latency * 3) == pytest.approx(late, abs=1e-9)


@given(
    model=models,
    servers=st.integers(1, 40),
    percentile=st.floats(0.3, 0.9999),
    slack=st.floats(0, 20),
)
def test_the_most_arrivals_keep_the_slo_and_a_little_more_breaks_it(
    model: QueueModel, servers: int, percentile: float, slack: float
) -> None:
    latency = least_latency(model, 0.3, percentile) * (1 + slack)
    most = most_arrivals(model, servers, 0.3, percentile, latency)
    allowed = (1 - percentile) * (1 + 1e-6)
    assert most * 0.3 / servers <= MOST_UTILISATION + 1e-12
    assert response_exceeds(model, most * (1 - 1e-6), 0.3, servers, latency) <= allowed
    if most * 1.001 * 0.3 / servers < MOST_UTILISATION:
        assert response_exceeds(model, most * 1.001, 0.3, servers, latency) > (1 - percentile) * (1 - 1e-9)


@given(model=models, servers=st.integers(1, 40), percentile=st.floats(0.3, 0.9999), load=st.floats(0, 0.98))
def test_the_latency_at_a_load_is_the_percentile_of_the_response(
    model: QueueModel, servers: int, percentile: float, load: float
) -> None:
    latency = latency_at(model, servers * load, 1.0, servers, percentile)
    assert response_exceeds(model, servers * load, 1.0, servers, latency) <= (1 - percentile) * (1 + 1e-6)
    if latency > least_latency(model, 1.0, percentile) * 1.01:
        assert response_exceeds(model, servers * load, 1.0, servers, latency * 0.999) > 1 - percentile


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"arrivals_per_second": 10}, "a utilisation of 1 of the servers", id="full"),
        pytest.param({"arrivals_per_second": 9.95}, "a utilisation of 0.995 .*up to 0.99", id="nearly full"),
        pytest.param(
            {"arrivals_per_second": -1}, "arrivals per second must be 0 or more, got -1", id="negative"
        ),
        pytest.param(
            {"arrivals_per_second": nan}, "arrivals per second must be 0 or more, got nan", id="nan"
        ),
        pytest.param({"service_time": 0}, "service time must be above 0, got 0", id="no service"),
        pytest.param({"service_time": inf}, "service time must be above 0, got inf", id="endless service"),
        pytest.param({"servers": 0}, "servers must be 1 to 10000, got 0", id="no server"),
        pytest.param({"servers": 10_001}, "servers must be 1 to 10000, got 10001", id="too many servers"),
        pytest.param({"latency": -0.1}, "latency must be 0 or more, got -0.1", id="negative latency"),
    ],
)
@BOTH
def test_what_is_out_of_range_is_refused(model: QueueModel, change: dict[str, Any], said: str) -> None:
    arguments = {"arrivals_per_second": 1, "service_time": 0.1, "servers": 1, "latency": 0.5} | change
    with pytest.raises(ValueError, match=said):
        response_exceeds(model, **arguments)


@pytest.mark.parametrize("percentile", [0, 1, 95, -0.5, nan])
def test_a_percentile_is_a_fraction(percentile: float) -> None:
    with pytest.raises(
        ValueError, match=f"percentile must be above 0 and at most 0.999999, got {percentile:g}"
    ):
        most_arrivals("M/M/c", 1, 0.1, percentile, 1.0)


@BOTH
@pytest.mark.parametrize("servers", [33, 50, 90, 257])
@pytest.mark.parametrize(("percentile", "stretch"), [(0.5, 1.0), (0.95, 1.1), (0.95, 1.9), (0.999, 1.3)])
def test_thresholds_of_many_servers_lie_within_a_hundred_thousandth(
    model: QueueModel, servers: int, percentile: float, stretch: float
) -> None:
    latency = least_latency(model, 0.1, percentile) * stretch * 1.001
    table = Waiting(model, 0.1, percentile, latency)
    exact = most_arrivals(model, servers, 0.1, percentile, latency)
    assert table.most_arrivals(servers) == pytest.approx(exact, rel=1e-5)


@BOTH
def test_the_fewest_servers_are_the_first_whose_threshold_reaches_the_arrivals(model: QueueModel) -> None:
    table = Waiting(model, 0.1, 0.95, 0.4)
    thresholds = table.thresholds(replicas=60)
    assert thresholds == sorted(thresholds)
    for arrivals in (0.0, 0.5, 3.0, 77.7, thresholds[4], thresholds[40]):
        first = 1 + next(index for index, most in enumerate(thresholds) if most >= arrivals)
        assert table.fewest_servers(arrivals) == first
        assert table.fewest_servers(arrivals, concurrency=4) == -(-first // 4) * 4
    assert table.thresholds(replicas=15, concurrency=4) == thresholds[3::4]


def test_no_number_of_servers_keeps_an_infeasible_slo_or_carries_any_load() -> None:
    table = Waiting("M/D/c", 0.1, 0.95, 0.09)
    assert not table.is_feasible
    assert table.least_latency == 0.1
    assert table.fewest_servers(1.0) is None
    assert table.most_arrivals(500) == 0.0
    assert Waiting("M/M/c", 0.1, 0.95, 0.5).fewest_servers(200_000) is None
    with pytest.raises(ValueError, match="percentile"):
        Waiting("M/M/c", 0.1, 95, 0.5)


@BOTH
@pytest.mark.parametrize(
    ("servers", "percentile"), [(1, 0.5), (1, 0.999), (2, 0.95), (7, 0.999), (60, 0.95), (130, 0.5)]
)
def test_many_service_times_at_once_agree_with_one_at_a_time(
    model: QueueModel, servers: int, percentile: float
) -> None:
    gaps = np.array([1e-5, 0.003, 0.04, 0.3, 0.77, 0.97, 1.2, 2.9, 6.1, 20.3, 200.0])
    times = 0.6 / (least_latency(model, 1.0, percentile) * (1 + gaps))
    many = most_arrivals_many(model, servers, times, percentile, 0.6)
    for time, found in zip(times.tolist(), many.tolist(), strict=True):
        exact = most_arrivals(model, servers, time, percentile, 0.6)
        if exact * time / servers > 0.001:
            assert found == pytest.approx(exact, rel=1e-3)
    too_slow = 0.61 / least_latency(model, 1.0, percentile)
    assert (
        most_arrivals_many(model, servers, np.full((2, 3), too_slow), percentile, 0.6).tolist()
        == [[0.0] * 3] * 2
    )
    with pytest.raises(ValueError, match="service time must be above 0, got 0"):
        most_arrivals_many(model, servers, np.array([0.1, 0.0]), percentile, 0.6)


def test_many_servers_need_a_square_root_of_spare_ones() -> None:
    """Halfin and Whitt (1981): at a - c = -sqrt(c), P(wait) tends to 1 / (1 + Phi(1) / phi(1)) for M/M/c."""
    normal_density = exp(-0.5) / sqrt(2 * np.pi)
    normal_below = 0.8413447460685429
    assert erlang_c(10_000, 10_000 - 100) == pytest.approx(1 / (1 + normal_below / normal_density), rel=0.01)
