"""Modes, endings and accounting of a run, in virtual time: exact, and without waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from load_servers import SimulatedTransport, exponential, simulated
from virtual_clock import virtual_clock

from costplan.bench.capacity_search.warmup import WarmUpRule, median_change, warm_up
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.modes import draw_schedule
from costplan.bench.load.runner import Ending, Recording, run_point
from costplan.bench.load.samples import Samples
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.outcomes import Outcome
from costplan.bench.results.summary import summarise
from costplan.bench.target import LocalPlan
from costplan.bench.transport.interface import TransportLimits
from costplan.measurement.model import MeasuredSlo
from costplan.messages.errors import InputError

MS = 1_000_000
PLAN = LocalPlan([], lambda result: None)  # the simulated transport never looks at it


def run(settings: LoadSettings, service_ms: float = 1.0, workers: int = 1, **more: object) -> Recording:
    factory = simulated(lambda: round(service_ms * MS), workers, more.pop("made", None))  # type: ignore[arg-type]
    return run_point(PLAN, settings, clock=virtual_clock(), transport_factory=factory, **more)  # type: ignore[arg-type]


def test_single_mode_keeps_one_in_flight() -> None:
    made: list[SimulatedTransport] = []
    recording = run(LoadSettings(Mode.SINGLE, window_s=1, concurrency=8), service_ms=10, made=made)
    assert made[0].most_in_flight == 1
    assert len(recording.samples) == pytest.approx(1000 / 10, abs=1)


def test_closed_mode_keeps_n_in_flight_and_reaches_the_capacity() -> None:
    made: list[SimulatedTransport] = []
    recording = run(LoadSettings(Mode.CLOSED, window_s=1, concurrency=6), service_ms=10, workers=3, made=made)
    assert made[0].most_in_flight == 6
    point = summarise(recording)
    assert point.achieved_requests_per_second == pytest.approx(3 * 1000 / 10, rel=0.02)
    # Six in flight at three workers: each waits for one before it.
    assert point.response_ms.p50 == pytest.approx(2 * 10, rel=0.01)


def test_open_mode_sends_exactly_on_schedule_although_nothing_is_ever_answered() -> None:
    settings = LoadSettings(
        Mode.OPEN, window_s=0.9, requests_per_second=300, limits=TransportLimits(timeout_s=0.1)
    )
    recording = run(settings, service_ms=1e9)
    offsets = draw_schedule(settings)
    start = recording.start
    assert sorted(due - start for due in recording.samples.due) == offsets
    lags = np.array(recording.samples.sent) - np.array(recording.samples.due)
    assert lags.min() >= 0
    assert lags.max() < 1000  # ns: the virtual clock steps past a timer by at most a rounding
    assert recording.samples.counts() == {Outcome.TIMEOUT: len(offsets)}


def test_timeouts_count_at_their_full_age() -> None:
    limits = TransportLimits(timeout_s=0.5)
    settings = LoadSettings(Mode.OPEN, window_s=0.3, requests_per_second=100, limits=limits)
    recording = run(settings, service_ms=1e9)
    point = summarise(recording)
    assert point.timeouts == point.requests > 0
    assert point.response_ms.p50 is not None
    assert point.response_ms.p50 >= 500


def test_reaching_the_cap_drops_and_makes_the_point_invalid() -> None:
    limits = TransportLimits(timeout_s=1, in_flight=10)
    settings = LoadSettings(
        Mode.OPEN, window_s=1, requests_per_second=100, arrivals=Arrivals.CONSTANT, limits=limits
    )
    made: list[SimulatedTransport] = []
    recording = run(settings, service_ms=1e9, made=made)
    point = summarise(recording)
    assert made[0].most_in_flight == 10
    assert point.dropped == 100 - 10
    assert point.verdict == "INVALID"
    assert any("90 of 100 requests dropped" in reason for reason in point.reasons)


def test_batch_has_everything_due_at_the_start() -> None:
    recording = run(
        LoadSettings(Mode.BATCH, window_s=60, concurrency=4, batch_requests=40), service_ms=10, workers=2
    )
    assert set(recording.samples.due) == {recording.start}
    assert len(recording.samples) == 40
    assert (recording.end - recording.start) / MS == pytest.approx(40 * 10 / 2, rel=0.01)
    assert summarise(recording).achieved_requests_per_second == pytest.approx(1000 / 10 * 2, rel=0.01)


def test_the_times_of_a_batch_count_from_the_send_and_break_no_promise() -> None:
    """Two workers of 10 ms and four in flight: 20 ms each, however long the batch; one promises nothing."""
    settings = LoadSettings(Mode.BATCH, window_s=60, concurrency=4, batch_requests=40)
    recording = run(settings, service_ms=10, workers=2)
    point = summarise(recording, slo=MeasuredSlo(99, 1))
    assert point.requests == 40
    assert point.response_ms.p50 == pytest.approx(20, rel=0.05)
    assert point.meets_slo is None
    assert point.goodput_requests_per_second is None
    assert point.verdict == "VALID", point.reasons


def test_a_batch_that_did_not_end_says_how_much_of_it_was_sent() -> None:
    settings = LoadSettings(Mode.BATCH, window_s=0.1, concurrency=2, batch_requests=400)
    point = summarise(run(settings, service_ms=10, workers=2))
    assert point.verdict == "INVALID"
    assert any("of the 400 requests that were due" in reason for reason in point.reasons)


def test_the_same_seed_gives_the_same_measurement() -> None:
    settings = LoadSettings(Mode.OPEN, window_s=2, requests_per_second=400, seed=9)
    one, two = run(settings, service_ms=2), run(settings, service_ms=2)
    assert [d - one.start for d in one.samples.done] == [d - two.start for d in two.samples.done]


def test_the_lead_in_is_sent_and_not_counted() -> None:
    settings = LoadSettings(
        Mode.OPEN, window_s=1, lead_in_s=0.5, requests_per_second=100, arrivals=Arrivals.CONSTANT
    )
    recording = run(settings)
    assert len(recording.samples) == 150
    assert summarise(recording).requests == 100


def test_a_recorded_schedule_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "offsets.txt"
    path.write_text("0\n0.25\n0.75\n3\n")
    settings = LoadSettings(Mode.OPEN, window_s=1, arrivals=Arrivals.RECORDED, recorded=path)
    recording = run(settings)
    assert [(due - recording.start) // MS for due in recording.samples.due] == [0, 250, 750]


@pytest.mark.parametrize("rho", [0.3, 0.5, 0.7, 0.8])
def test_an_md1_queue_has_the_mean_that_theory_gives(rho: float) -> None:
    service_ms = 5.0
    rate = rho * 1000 / service_ms
    settings = LoadSettings(Mode.OPEN, window_s=20_000 / rate, lead_in_s=2, requests_per_second=rate, seed=4)
    point = summarise(run(settings, service_ms=service_ms))
    theory_ms = service_ms + rho * service_ms / (2 * (1 - rho))
    assert point.response_ms.mean == pytest.approx(theory_ms, rel=0.05)


def test_a_server_that_stands_still_for_a_second_shows_in_the_p99_of_the_open_loop() -> None:
    """Coordinated omission: of 6 s one is frozen, and the 500 requests due in it wait 1000, 998, ... 2 ms.

    Of 3000 requests the slowest hundredth are 30: the next waits 1000 - 30 x 2 = 940 ms.
    """
    clock, frozen = virtual_clock(), [False]
    settings = LoadSettings(Mode.OPEN, window_s=6, requests_per_second=500, arrivals=Arrivals.CONSTANT)

    def service_ns() -> int:
        if frozen[0] or clock.now() < 2_000 * MS:
            return 0
        frozen[0] = True
        return 1_000 * MS

    recording = run_point(PLAN, settings, clock=clock, transport_factory=simulated(service_ns))
    point = summarise(recording)
    assert recording.ending is Ending.COMPLETED, "a stall of a second is not an overload"
    assert point.outcomes == {"ok": 3000}
    assert point.response_ms.p99 == pytest.approx(940, abs=2)
    assert point.response_ms.p50 == pytest.approx(0, abs=0.01), "most requests were answered at once"
    assert point.verdict != "VALID", "a measurement with such a hole is not steady"


def test_a_load_above_capacity_ends_early_as_unstable() -> None:
    settings = LoadSettings(Mode.OPEN, window_s=10, requests_per_second=1500)
    recording = run(settings, service_ms=1)
    assert recording.ending is Ending.OVERLOADED
    assert (recording.end - recording.start) / 1e9 < 5
    point = summarise(recording)
    assert point.verdict == "UNSTABLE"
    assert "requests in flight rose from" in point.reasons[0]
    assert sum(point.outcomes.values()) == point.requests


@pytest.mark.parametrize("seed", range(5))
def test_a_busy_but_sustainable_load_is_not_called_unstable(seed: int) -> None:
    settings = LoadSettings(Mode.OPEN, window_s=10, requests_per_second=850, seed=seed)
    factory = simulated(exponential(1 * MS, seed))
    recording = run_point(PLAN, settings, clock=virtual_clock(), transport_factory=factory)
    assert recording.ending is Ending.COMPLETED


def test_an_interrupt_ends_with_what_there_is() -> None:
    interrupts = Interrupts()

    def at_half(fraction: float, seconds_left: float) -> None:
        interrupts.requested = fraction >= 0.5

    settings = LoadSettings(Mode.OPEN, window_s=10, requests_per_second=100, arrivals=Arrivals.CONSTANT)
    recording = run(settings, interrupts=interrupts, progress=at_half)
    point = summarise(recording)
    assert recording.ending is Ending.INTERRUPTED
    assert point.requests == pytest.approx(500, abs=15)
    assert point.verdict == "INVALID"
    assert "interrupted 5.0 s after its start" in point.reasons[0]
    assert point.response_ms.p50 == pytest.approx(1.0, rel=0.01)


def test_progress_tells_the_share_and_the_time_left() -> None:
    told: list[tuple[float, float]] = []
    run(LoadSettings(Mode.SINGLE, window_s=2), progress=lambda f, left: told.append((f, left)))
    assert [f for f, _ in told] == sorted(f for f, _ in told)
    assert told[-1][0] == 1.0
    assert all(left == pytest.approx(2 * (1 - f), abs=0.01) for f, left in told)


def test_warming_up_ends_when_the_medians_settle() -> None:
    sent = [0]

    def cooling() -> int:
        sent[0] += 1
        return (10 if sent[0] <= 150 else 2) * MS

    warm = warm_up(
        PLAN,
        LoadSettings(Mode.SINGLE, window_s=1),
        WarmUpRule(min_s=2, max_s=60),
        clock=virtual_clock(),
        transport_factory=simulated(cooling),
    )
    # 150 slow requests take 1.5 s. At time T the first window that counts is T/4..T/2; its median is the fast
    # one as soon as it holds more fast requests than slow ones: (T/2 - 1.5)/0.002 > (1.5 - T/4)/0.010.
    warm_from_s = (1.5 / 0.010 + 1.5 / 0.002) / (0.5 / 0.002 + 0.25 / 0.010)
    assert warm.is_stable
    assert warm_from_s <= warm.seconds <= warm_from_s + 0.5


def test_warming_up_stops_at_its_limit_and_says_so() -> None:
    sent = [0]

    def slowing() -> int:
        sent[0] += 1
        return sent[0] * MS // 10

    warm = warm_up(
        PLAN,
        LoadSettings(Mode.SINGLE, window_s=1),
        WarmUpRule(min_s=1, max_s=5),
        clock=virtual_clock(),
        transport_factory=simulated(slowing),
    )
    assert not warm.is_stable
    assert warm.change is not None
    assert warm.change > 0.05


def test_median_change_is_infinite_without_answers() -> None:
    assert median_change(Samples(), 10**9) == float("inf")


def test_goodput_counts_only_answers_within_the_slo() -> None:
    from costplan.measurement.model import MeasuredSlo

    sent = [0]

    def alternating() -> int:
        sent[0] += 1
        return (1 if sent[0] % 2 else 3) * MS

    factory = simulated(alternating)
    recording = run_point(
        PLAN, LoadSettings(Mode.SINGLE, window_s=4), clock=virtual_clock(), transport_factory=factory
    )
    point = summarise(recording, slo=MeasuredSlo(50, 2.0))
    assert point.goodput_requests_per_second == pytest.approx(
        point.achieved_requests_per_second / 2, rel=0.01
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mode": Mode.OPEN}, "needs an offered rate"),
        ({"mode": Mode.OPEN, "arrivals": Arrivals.RECORDED}, "need a file"),
        ({"mode": Mode.CLOSED, "concurrency": 0}, "concurrency must be from 1"),
        (
            {"mode": Mode.CLOSED, "concurrency": 9, "limits": TransportLimits(in_flight=8)},
            "from 1 to 8, got 9",
        ),
        ({"mode": Mode.SINGLE, "window_s": 0}, "window must be above 0"),
        ({"mode": Mode.BATCH, "batch_requests": 0}, "at least 1 request"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        LoadSettings(**settings)  # type: ignore[arg-type]


def test_a_virtual_clock_refuses_to_wait_for_nothing() -> None:
    loop = virtual_clock().new_loop()
    with pytest.raises(RuntimeError, match="nothing to wait for"):
        loop.run_until_complete(loop.create_future())
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.close()
