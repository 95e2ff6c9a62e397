"""Known answers on the real clock: the frozen server, the M/D/1 queue, the in-process overhead."""

from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np
import pytest
from load_servers import REQUEST, anything, plan_for, serving_process

from costplan.bench.modes import draw_schedule
from costplan.bench.outcomes import Outcome
from costplan.bench.runner import run_point
from costplan.bench.schedule import Arrivals
from costplan.bench.settings import LoadSettings, Mode
from costplan.bench.summary import summarise
from costplan.bench.target import HttpPlan, LocalPlan
from costplan.bench.transport.interface import Limits

ATTEMPTS = 3
"""Runs on the real clock are repeated when the machine was busy with something else; one has to be right."""


def test_a_server_frozen_for_a_second_shows_in_the_p99_of_the_open_loop() -> None:
    """Coordinated omission: 1 s of 6 s is frozen, its arrivals wait 1..0 s, so p99 = 1 s x (1 - 0.01 x 6)."""
    window_s, frozen_s = 6.0, 1.0
    expected_ms = 1000 * frozen_s * (1 - 0.01 * window_s / frozen_s)
    settings = LoadSettings(Mode.OPEN, window_s=window_s, requests_per_second=500, concurrency=8)
    with serving_process() as (process, port):

        def freeze() -> None:
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(frozen_s)
            os.kill(process.pid, signal.SIGCONT)

        timer = threading.Timer(window_s / 3, freeze)
        timer.start()
        recording = run_point(plan_for(port, anything), settings)
        timer.join()
    point = summarise(recording)
    assert recording.ending.value == "completed", "a stall of a second is not an overload"
    assert set(point.outcomes) == {"ok"}
    assert point.response_ms.p99 == pytest.approx(expected_ms, rel=0.10)
    assert point.response_ms.p50 is not None
    assert point.response_ms.p50 < 50, "most requests were answered at once"
    assert point.verdict != "VALID", "a measurement with such a hole is not steady"


def lindley_mean_ms(offsets_ns: list[int], service_ms: float) -> float:
    """Mean response of a single server with a fixed service time under exactly this schedule."""
    free, responses = 0.0, []
    for due in (offset / 1e6 for offset in offsets_ns):
        free = max(free, due) + service_ms
        responses.append(free - due)
    return float(np.mean(responses))


def test_an_md1_server_has_the_mean_that_theory_gives() -> None:
    """Mean response of M/D/1: S + rho S / (2 (1 - rho)).

    Its sampling error fades over thousands of requests only; here a schedule is drawn whose own exact mean
    is the theoretical one, so that a short run has to give it. Over thousands of requests the formula is
    tested in virtual time.
    """
    service_ms, rate, window_s = 20.0, 25.0, 5.0
    rho = rate * service_ms / 1000
    theory_ms = service_ms + rho * service_ms / (2 * (1 - rho))
    typical = (
        settings
        for seed in range(1000)
        if abs(
            lindley_mean_ms(
                draw_schedule(
                    settings := LoadSettings(
                        Mode.OPEN, window_s=window_s, requests_per_second=rate, concurrency=8, seed=seed
                    )
                ),
                service_ms,
            )
            / theory_ms
            - 1
        )
        < 0.01
    )
    errors = []
    for _ in range(ATTEMPTS):
        with serving_process(service_ms=service_ms) as (_process, port):
            point = summarise(run_point(plan_for(port, anything), next(typical)))
        assert point.response_ms.mean is not None
        errors.append(point.response_ms.mean / theory_ms - 1)
        if abs(errors[-1]) <= 0.20:
            return
    pytest.fail(f"mean response off theory by {errors} in {ATTEMPTS} runs")


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

    def call() -> int:
        time.sleep(0.002)
        found = next(number)
        if found % 50 == 7:
            raise ValueError("seven")
        return found

    plan = LocalPlan([call], lambda result: "eleven" if result % 50 == 11 else None)  # type: ignore[operator]
    recording = run_point(plan, LoadSettings(Mode.CLOSED, window_s=1, concurrency=4))
    counts = recording.samples.counts()
    total = len(recording.samples)
    assert total > 1000 / 2 * 4 * 0.5, "four threads do four times the work of one"
    assert set(counts) == {Outcome.OK, Outcome.WRONG_ANSWER, Outcome.CALL_ERROR}
    assert abs(counts[Outcome.CALL_ERROR] - total / 50) <= 2
    assert recording.samples.messages["call error: ValueError: seven"] == counts[Outcome.CALL_ERROR]


def test_an_in_process_call_that_hangs_is_a_timeout_and_ends_the_run_in_bound() -> None:
    release = threading.Event()
    start = time.monotonic()
    plan = LocalPlan([lambda: release.wait(20)], lambda r: None)
    settings = LoadSettings(Mode.CLOSED, window_s=0.5, concurrency=2, limits=Limits(timeout_s=0.3))
    recording = run_point(plan, settings)
    release.set()
    assert time.monotonic() - start < 3
    assert set(recording.samples.counts()) == {Outcome.TIMEOUT}
    point = summarise(recording)
    assert point.response_ms.p50 is not None
    assert point.response_ms.p50 >= 300


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
