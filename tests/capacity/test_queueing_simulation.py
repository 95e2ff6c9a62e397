"""The queueing formulas against simulations that know nothing of them; seeded, their noise below 2 %."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from costplan.capacity.queueing import QueueModel, latency_at, most_arrivals, response_exceeds

Times = NDArray[np.float64]

CASES = [
    pytest.param("M/M/c", 1, 0.5, id="M/M/1 at half load"),
    pytest.param("M/M/c", 2, 0.9, id="M/M/2 at 0.9"),
    pytest.param("M/M/c", 4, 0.75, id="M/M/4 with c mu - lambda = mu"),
    pytest.param("M/M/c", 16, 0.9, id="M/M/16 at 0.9"),
    pytest.param("M/D/c", 1, 0.8, id="M/D/1 at 0.8"),
    pytest.param("M/D/c", 2, 0.5, id="M/D/2 at half load"),
    pytest.param("M/D/c", 4, 0.85, id="M/D/4 at 0.85"),
    pytest.param("M/D/c", 20, 0.92, id="M/D/20 at 0.92"),
]


def exponential_responses(rng: np.random.Generator, servers: int, load: float) -> Times:
    """Give response times of M/M/c in service times: work left per server, in 4000 independent systems.

    Kiefer and Wolfowitz (1955): who comes takes the server with the least work left.
    """
    systems, steps = 4000, 2500
    settled = int(20 / (servers * (1 - load / servers) ** 2) * load) + 10 * servers
    work = np.zeros((systems, servers))
    responses = []
    for step in range(settled + steps // max(1, servers // 4)):
        service = rng.exponential(1.0, systems)
        work[:, 0] += service
        if step >= settled:
            responses.append(work[:, 0].copy())
        work -= rng.exponential(1 / load, systems)[:, None]
        np.maximum(work, 0, out=work)
        work.sort(axis=1)
    return np.concatenate(responses)


def constant_responses(rng: np.random.Generator, servers: int, load: float) -> Times:
    """Give response times of M/D/c in service times, from 10 million requests.

    With equal services each server takes every c-th request: a queue of its own with Lindley's
    recursion W' = max(0, W + D - gap).
    """
    arrivals = rng.exponential(1 / load, 10_000_000 // servers * servers).cumsum().reshape(-1, servers)
    walk = np.arange(len(arrivals))[:, None] - arrivals  # work brought so far less time gone by, before each
    waits = walk - np.minimum.accumulate(walk, axis=0)
    return np.asarray(waits[len(waits) // 100 :] + 1.0).ravel()


def responses(model: QueueModel, servers: int, utilisation: float) -> Times:
    simulate = exponential_responses if model == "M/M/c" else constant_responses
    return simulate(np.random.default_rng(20240501), servers, servers * utilisation)


@pytest.mark.parametrize(("model", "servers", "utilisation"), CASES)
def test_late_shares_percentiles_and_thresholds_are_those_of_a_simulation(
    model: QueueModel, servers: int, utilisation: float
) -> None:
    service_time = 0.08
    arrivals = servers * utilisation / service_time
    seen = responses(model, servers, utilisation) * service_time
    for percentile in (0.5, 0.9, 0.95):
        simulated = float(np.quantile(seen, percentile))
        found = latency_at(model, arrivals, service_time, servers, percentile)
        assert found == pytest.approx(simulated, rel=0.03)
        if simulated > service_time * 1.001:  # below, a share of exactly 0 or 1 hangs on the last digit
            late = response_exceeds(model, arrivals, service_time, servers, simulated)
            assert late == pytest.approx(1 - percentile, rel=0.05)
            most = most_arrivals(model, servers, service_time, percentile, simulated)
            assert most == pytest.approx(arrivals, rel=0.02)


@pytest.mark.parametrize("model", ["M/M/c", "M/D/c"])
def test_requests_dealt_out_in_turn_wait_longer_unless_all_take_the_same_time(model: QueueModel) -> None:
    """Each of 4 replicas sees every 4th request: a queue of one server with Erlang-4 gaps."""
    rng = np.random.default_rng(7)
    services = rng.exponential(1.0, 2_000_000) if model == "M/M/c" else np.ones(2_000_000)
    gaps = rng.gamma(4, 1 / (4 * 0.8), 2_000_000)
    walk = np.append(0.0, np.cumsum(services - gaps))[:-1]
    dealt = float(np.quantile(walk - np.minimum.accumulate(walk) + services, 0.95))
    pooled = latency_at(model, 4 * 0.8, 1.0, 4, 0.95)
    assert dealt > pooled * 1.3 if model == "M/M/c" else dealt == pytest.approx(pooled, rel=0.03)
