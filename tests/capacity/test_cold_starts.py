"""Cold starts: the rare request by hand, the exact chain by matrix exponentials, simulated platforms."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from math import exp, factorial, log, nan
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import poisson

from costplan.capacity.cold_starts import (
    LEAST_IDLE_LIMIT,
    cold_share,
    concurrency_needed,
)


def test_a_rare_request_is_cold_if_none_came_within_the_idle_limit() -> None:
    """With a busy time of a millisecond in 100 s, all that is left is exp(-arrivals x idle limit)."""
    for idle_limit in (10.0, 100.0, 400.0):
        assert cold_share(0.01, 0.001, idle_limit) == pytest.approx(exp(-0.01 * idle_limit), abs=2e-5)


def test_without_arrivals_the_next_request_is_cold_unless_an_instance_always_runs() -> None:
    assert cold_share(0.0, 0.1, 600) == 1.0
    assert cold_share(0.0, 0.1, 600, provisioned=1) == 0.0


@pytest.mark.parametrize(
    ("arrivals", "service_time", "idle_limit"), [(0.05, 2.0, 60.0), (2.0, 0.5, 12.0), (40.0, 0.2, 30.0)]
)
@pytest.mark.parametrize("provisioned", [0, 1, 3])
def test_the_share_is_that_of_the_exact_chain_when_service_times_are_exponential(
    arrivals: float, service_time: float, idle_limit: float, provisioned: int
) -> None:
    """P(n busy) x P(from n busy, the chain on 0..n has not yet risen to n + 1 after the idle limit)."""
    load = arrivals * service_time
    expected = 0.0
    for level in range(provisioned, int(load + 12 * load**0.5 + 12)):
        chain = np.diag([-arrivals - n / service_time for n in range(level + 1)])
        chain += np.diag([arrivals] * level, 1) + np.diag([n / service_time for n in range(1, level + 1)], -1)
        expected += exp(-load) * load**level / factorial(level) * expm(chain * idle_limit)[level].sum()
    assert cold_share(arrivals, service_time, idle_limit, 0.0, provisioned) == pytest.approx(
        expected, abs=1e-9
    )


def simulated_share(
    arrivals: float, services: list[float], idle_limit: float, cold_start: float, provisioned: int
) -> float:
    """Run a platform that gives a request to the instance used last and removes those idle too long."""
    gaps = np.random.default_rng(11).exponential(1 / arrivals, len(services))
    busy: list[float] = []
    idle: deque[float] = deque()  # when each fell idle, oldest first
    settled, cold = len(services) // 4, 0
    for index, (now, service) in enumerate(zip(gaps.cumsum().tolist(), services, strict=True)):
        while busy and busy[0] <= now:
            idle.append(heappop(busy))
        while idle and now - idle[0] > idle_limit and len(idle) + len(busy) > provisioned:
            idle.popleft()
        takes = service
        if idle:
            idle.pop()
        elif len(busy) >= provisioned:
            takes += cold_start
            cold += index >= settled
        heappush(busy, now + takes)
    return cold / (len(services) - settled)


@pytest.mark.parametrize("kind", ["equal", "exponential", "lognormal"])
@pytest.mark.parametrize(
    ("arrivals", "service_time", "cold_start", "idle_limit", "provisioned"),
    [
        pytest.param(0.2, 0.5, 0.0, 10.0, 0, id="rare, no cold start"),
        pytest.param(0.02, 0.4, 4.0, 90.0, 0, id="rare, a long cold start"),
        pytest.param(2.0, 0.5, 0.0, 10.0, 1, id="often, one provisioned"),
        pytest.param(1.0, 0.5, 1.0, 30.0, 0, id="often, the least idle limit"),
        pytest.param(0.1, 1.0, 8.0, 180.0, 1, id="one provisioned, a long cold start"),
    ],
)
def test_the_share_is_that_of_a_simulated_platform(
    kind: str, arrivals: float, service_time: float, cold_start: float, idle_limit: float, provisioned: int
) -> None:
    rng = np.random.default_rng(3)
    count = 400_000
    services = {
        "equal": lambda: np.full(count, service_time),
        "exponential": lambda: rng.exponential(service_time, count),
        "lognormal": lambda: rng.lognormal(log(service_time) - 0.5, 1.0, count),
    }[kind]()
    seen = simulated_share(arrivals, services.tolist(), idle_limit, cold_start, provisioned)
    found = cold_share(arrivals, service_time, idle_limit, cold_start, provisioned)
    assert found == pytest.approx(seen, rel=0.05, abs=0.002)


@pytest.mark.parametrize(
    ("arrivals", "service_time", "cold_start", "idle_limit"), [(2.0, 0.5, 0.0, 12.0), (1.0, 0.5, 1.0, 30.0)]
)
def test_a_platform_that_prefers_the_instance_created_last_has_nearly_the_same_share(
    arrivals: float, service_time: float, cold_start: float, idle_limit: float
) -> None:
    """The routing of SimFaaS; written out apart from the one above."""
    rng = np.random.default_rng(5)
    count, cold = 300_000, 0
    times, services = rng.exponential(1 / arrivals, count).cumsum(), rng.exponential(service_time, count)
    busy: list[tuple[float, float]] = []  # (until, created)
    idle: list[tuple[float, float]] = []  # (created, since)
    for now, service in zip(times.tolist(), services.tolist(), strict=True):
        while busy and busy[0][0] <= now:
            since, created = heappop(busy)
            idle.append((created, since))
        idle = sorted(instance for instance in idle if now - instance[1] <= idle_limit)
        cold += not idle
        created, takes = (idle.pop()[0], service) if idle else (now, service + cold_start)
        heappush(busy, (now + takes, created))
    found = cold_share(arrivals, service_time, idle_limit, cold_start)
    assert found == pytest.approx(cold / count, rel=0.06)


def test_more_of_everything_that_keeps_instances_warm_means_fewer_cold_starts() -> None:
    shares = [cold_share(rate, 0.2, 60.0, 2.0) for rate in (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)]
    assert shares == sorted(shares, reverse=True)
    assert cold_share(0.1, 0.2, 60.0, 2.0) > cold_share(0.1, 0.2, 120.0, 2.0)
    kept = [cold_share(0.1, 0.2, 60.0, 2.0, count) for count in range(4)]
    assert kept == sorted(kept, reverse=True)
    assert kept[3] < 1e-3


def test_very_many_instances_are_no_trouble_for_the_arithmetic() -> None:
    assert 0 <= cold_share(2000.0, 1.0, 600.0, 1.0) < 1e-3


@pytest.mark.parametrize("busy", [0.0, 0.3, 4.0, 250.0, 30_000.0])
@pytest.mark.parametrize("percentile", [0.5, 0.95, 0.99999])
def test_enough_instances_are_the_quantile_of_a_poisson_number(busy: float, percentile: float) -> None:
    assert concurrency_needed(busy / 0.25, 0.25, percentile) == int(poisson.ppf(percentile, busy))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"arrivals_per_second": -1}, "arrivals per second must be 0 or more, got -1"),
        ({"arrivals_per_second": nan}, "arrivals per second must be 0 or more, got nan"),
        ({"service_time": 0}, "service time must be above 0, got 0"),
        ({"cold_start": -2}, "cold start must be 0 or more, got -2"),
        ({"provisioned": -1}, "provisioned must be 0 or more, got -1"),
        ({"idle_limit": 0}, "idle limit must be above 0, got 0"),
        ({"idle_limit": 20}, r"at least 20 x \(service time \+ cold start\) = 24 s .* got 20 s"),
        ({"arrivals_per_second": 1e6}, "more than 10000 instances busy at the same time: 1.2e\\+06"),
    ],
)
def test_what_is_out_of_range_is_refused(change: dict[str, Any], said: str) -> None:
    assert LEAST_IDLE_LIMIT == 20
    arguments = {"arrivals_per_second": 1, "service_time": 0.2, "idle_limit": 600, "cold_start": 1} | change
    with pytest.raises(ValueError, match=said):
        cold_share(**arguments)


def test_a_percentile_of_concurrency_is_a_fraction() -> None:
    with pytest.raises(ValueError, match="percentile must be above 0 and below 1, got 95"):
        concurrency_needed(1.0, 0.2, 95)
    with pytest.raises(ValueError, match=r"arrivals per second x service time must be 0 or more, got -0\.2"):
        concurrency_needed(-1.0, 0.2, 0.95)
