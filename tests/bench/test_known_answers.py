"""Known answers on the real clock: the frozen server, the queue, the in-process overhead.

What holds only where nothing else takes the processor is `live`; in virtual time the same is in test_runner.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from load_servers import REQUEST, anything, plan_for, serving_process
from own_time import own_seconds

from costplan.bench.load.runner import Ending, Recording, run_point
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.summary import summarise
from costplan.bench.target import HttpPlan, LocalPlan
from costplan.bench.transport.interface import TransportLimits

ATTEMPTS = 3
"""Runs on the real clock are repeated when the machine was busy with something else; one has to be right."""


def run_frozen(window_s: float, rate: float) -> tuple[Recording, float]:
    """Run an open loop against a server that stands still for about a second; returns for how long."""
    settings = LoadSettings(
        Mode.OPEN, window_s=window_s, requests_per_second=rate, arrivals=Arrivals.CONSTANT, concurrency=8
    )
    frozen_s: list[float] = []
    with serving_process() as (process, port):

        def freeze() -> None:
            begun = time.perf_counter()
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(1.0)
            os.kill(process.pid, signal.SIGCONT)
            frozen_s.append(time.perf_counter() - begun)

        timer = threading.Timer(window_s / 3, freeze)
        timer.start()
        recording = run_point(plan_for(port, anything), settings)
        timer.join()
    return recording, frozen_s[0]


@pytest.mark.live
def test_a_server_frozen_for_a_second_shows_in_the_p99_of_the_open_loop() -> None:
    """Coordinated omission: of 6 s the server stands still for F of about 1 s, and arrivals wait F..0 s.

    The slowest hundredth of all requests is 0.06 s of them, so p99 = F - 0.06 s. How long F was is measured,
    as the one who wakes the server may oversleep; and they are few, so that answering them takes no time.
    """
    window_s, found = 6.0, []
    for _ in range(ATTEMPTS):
        recording, frozen_s = run_frozen(window_s, 100)
        point = summarise(recording)
        expected_ms = 1000 * (frozen_s - 0.01 * window_s)
        found.append((recording.ending.value, point.response_ms.p99, expected_ms, point.response_ms.p50))
        assert set(point.outcomes) == {"ok"} or recording.ending is not Ending.COMPLETED
        assert point.verdict != "VALID", "a measurement with such a hole is not steady"
        is_answered_at_once = point.response_ms.p50 is not None and point.response_ms.p50 < 50
        is_right = point.response_ms.p99 == pytest.approx(expected_ms, rel=0.10)
        if recording.ending is Ending.COMPLETED and is_right and is_answered_at_once:
            return
    pytest.fail(f"ending, p99, expected, p50 in ms: {found}")


@pytest.mark.live
def test_an_md1_server_has_the_mean_that_theory_gives() -> None:
    """One server, Poisson arrivals: each service begins when the one before has ended.

    The server says how long it took over each request, so that the mean has to come out for the very arrivals
    and services that there were. The formula of M/D/1 is tested in virtual time, over thousands of requests:
    a short run would miss it by its sampling error.
    """
    rate, window_s = 25.0, 5.0
    settings = LoadSettings(Mode.OPEN, window_s=window_s, requests_per_second=rate, concurrency=8, seed=4)
    errors = []
    for _ in range(ATTEMPTS):
        replies: list[bytes] = []
        with serving_process(service_ms=20) as (_process, port):
            recording = run_point(plan_for(port, keeping(replies)), settings)
        took_ns = [int(body.split()[1]) for body in replies]
        expected_ms = lindley_mean_ms(sorted(recording.samples.due), took_ns)
        mean_ms = summarise(recording).response_ms.mean
        assert mean_ms is not None
        errors.append(mean_ms / expected_ms - 1)
        if abs(errors[-1]) <= 0.20:
            return
    pytest.fail(f"mean response off theory by {errors} in {ATTEMPTS} runs")


def keeping(replies: list[bytes]) -> Callable[[int, bytes], None]:
    """Return a check that keeps the replies in the order in which they come."""
    return lambda status, body: replies.append(body)


def lindley_mean_ms(dues_ns: list[int], services_ns: list[int]) -> float:
    """Mean response of a single server that takes these times under exactly this schedule."""
    free, responses = 0, []
    for due, service in zip(dues_ns, services_ns, strict=True):
        free = max(free, due) + service
        responses.append(free - due)
    return float(np.mean(responses)) / 1e6


@pytest.mark.live
def test_the_service_time_is_the_servers() -> None:
    with serving_process(service_ms=20) as (_, port):
        point = summarise(run_point(plan_for(port, anything), LoadSettings(Mode.SINGLE, window_s=1)))
    assert point.service_ms.p50 is not None
    assert 20 <= point.service_ms.p50 <= 30


@pytest.mark.live
def test_in_process_calls_cost_at_most_five_percent_over_a_bare_loop() -> None:
    def call() -> None:
        time.sleep(0.001)

    ratios = []
    for _ in range(ATTEMPTS):
        start = time.perf_counter()
        calls = 0
        while time.perf_counter() - start < 0.5:
            call()
            calls += 1
        bare = calls / (time.perf_counter() - start)
        point = summarise(
            run_point(LocalPlan([call], lambda r: None), LoadSettings(Mode.SINGLE, window_s=0.5))
        )
        ratios.append(bare / point.achieved_requests_per_second)
        if ratios[-1] <= 1.05:
            return
    pytest.fail(f"bare over measured rate: {ratios}")


def test_in_process_calls_run_side_by_side_and_end_in_one_class_each() -> None:
    number = iter(range(1_000_000))
    running, most, lock = [0], [0], threading.Lock()

    def call() -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.002)
        with lock:
            running[0] -= 1
            found = next(number)
        if found % 50 == 7:
            raise ValueError("seven")
        return found

    plan = LocalPlan([call], lambda result: "eleven" if result % 50 == 11 else None)  # type: ignore[operator]
    recording = run_point(plan, LoadSettings(Mode.CLOSED, window_s=1, concurrency=4))
    counts = recording.samples.counts()
    total = len(recording.samples)
    assert most[0] == 4
    assert set(counts) == {Outcome.OK, Outcome.WRONG_ANSWER, Outcome.CALL_ERROR}
    assert abs(counts[Outcome.CALL_ERROR] - total / 50) <= 2
    assert recording.samples.messages["call error: ValueError: seven"] == counts[Outcome.CALL_ERROR]


def test_an_in_process_call_that_hangs_is_a_timeout_and_ends_the_run_in_bound() -> None:
    release = threading.Event()
    plan = LocalPlan([lambda: release.wait(200)], lambda r: None)
    settings = LoadSettings(Mode.CLOSED, window_s=0.5, concurrency=2, limits=TransportLimits(timeout_s=0.3))
    with own_seconds() as seconds:
        recording = run_point(plan, settings)
        assert seconds() < 3
    release.set()
    assert set(recording.samples.counts()) == {Outcome.TIMEOUT}
    point = summarise(recording)
    assert point.response_ms.p50 is not None
    assert point.response_ms.p50 >= 300


@pytest.mark.live
def test_the_open_loop_delivers_the_drawn_rate_with_little_lag() -> None:
    settings = LoadSettings(
        Mode.OPEN, window_s=1.5, requests_per_second=400, arrivals=Arrivals.CONSTANT, concurrency=4
    )
    lags = []
    for _ in range(ATTEMPTS):
        with serving_process() as (_, port):
            plan = HttpPlan("127.0.0.1", port, [REQUEST], anything)
            point = summarise(run_point(plan, settings))
        assert point.requests == 600
        assert point.lag_ms.p50 is not None
        assert point.lag_ms.p50 >= 0, "nothing is sent before it is due"
        lags.append(point.lag_ms.p50)
        if lags[-1] < 0.5:
            return
    pytest.fail(f"median send lag in ms: {lags}")
