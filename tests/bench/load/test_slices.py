"""One load shared by several generators: all of it, and nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from load_servers import simulated
from virtual_clock import virtual_clock

from costplan.bench.load.journal_reader import asked_inside
from costplan.bench.load.modes import draw_schedule
from costplan.bench.load.runner import Recording, run_point
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.slices import Slice
from costplan.bench.target import LocalPlan
from costplan.bench.transport.interface import TransportLimits
from costplan.messages.errors import InputError

MS = 1_000_000
S = 1_000_000_000


def parts(settings: LoadSettings, count: int) -> list[LoadSettings]:
    return [replace(settings, part=Slice(index, count)) for index in range(count)]


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 60),
    rate=st.floats(0.5, 400),
    window_s=st.floats(0.1, 5),
    arrivals=st.sampled_from([Arrivals.POISSON, Arrivals.CONSTANT]),
)
def test_the_slices_of_a_schedule_are_the_schedule(
    seed: int, count: int, rate: float, window_s: float, arrivals: Arrivals
) -> None:
    whole = LoadSettings(
        Mode.OPEN,
        window_s,
        lead_in_s=0.5,
        requests_per_second=rate,
        arrivals=arrivals,
        seed=seed,
        concurrency=64,
    )
    slices = [draw_schedule(part) for part in parts(whole, count)]
    assert sorted(offset for one in slices for offset in one) == draw_schedule(whole)
    assert max(map(len, slices)) - min(map(len, slices)) <= 1
    inside = [asked_inside(part, S // 2, S) for part in parts(whole, count)]
    assert sum(inside) == asked_inside(whole, S // 2, S)


@given(total=st.integers(0, 10_000), count=st.integers(1, 1000))
def test_shares_sum_to_the_total_and_differ_by_at_most_one(total: int, count: int) -> None:
    shares = [Slice(index, count).share(total) for index in range(count)]
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(("index", "count"), [(-1, 4), (4, 4), (0, 0), (0, 10_001)])
def test_a_worker_that_there_is_not_is_refused(index: int, count: int) -> None:
    with pytest.raises(InputError, match="must be from"):
        Slice(index, count)


def run(settings: LoadSettings, start_at: int | None = None, service_ns: int = 2 * MS) -> Recording:
    return run_point(
        LocalPlan([], lambda r: None),
        settings,
        clock=virtual_clock(),
        transport_factory=simulated(lambda: service_ns, workers=64),
        start_at=start_at,
    )


def test_every_worker_of_a_closed_loop_keeps_its_share_of_the_connections() -> None:
    # 1 ms each without a queue: a connection answers 1,000 requests in a second. 10 = 4 + 3 + 3.
    whole = LoadSettings(Mode.CLOSED, window_s=1, concurrency=10)
    answered = [len(run(part, service_ns=MS).samples) for part in parts(whole, 3)]
    assert [round(n / 1000) for n in answered] == [4, 3, 3]


def test_the_workers_of_a_batch_send_all_of_it_once() -> None:
    whole = LoadSettings(Mode.BATCH, concurrency=4, batch_requests=11)
    assert [len(run(part).samples) for part in parts(whole, 4)] == [3, 3, 3, 2]


def test_the_cap_on_connections_is_each_workers_own() -> None:
    limits = TransportLimits(in_flight=8)
    with pytest.raises(InputError, match="concurrency"):
        LoadSettings(Mode.CLOSED, concurrency=16, limits=limits)
    assert LoadSettings(Mode.CLOSED, concurrency=16, limits=limits, part=Slice(0, 2)).in_flight == 8


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.CLOSED, Mode.BATCH])
def test_a_point_starts_at_the_moment_that_was_agreed(mode: Mode) -> None:
    settings = LoadSettings(mode, window_s=1, requests_per_second=100.0)
    recording = run(settings, start_at=7 * S)
    assert recording.start == 7 * S + recording.late_ns
    assert recording.late_ns < 1000, "the virtual clock adds a nanosecond to each of its jumps"
    assert min(recording.samples.due) >= 7 * S
    assert min(recording.samples.sent) >= 7 * S


def test_a_point_that_comes_too_late_starts_at_once_and_says_by_how_much() -> None:
    recording = run(LoadSettings(Mode.OPEN, window_s=1, requests_per_second=100.0), start_at=-3 * S)
    assert recording.late_ns == 3 * S + 2 * MS  # the first request of a schedule is due 2 ms ahead
