"""The target on fewer cores: started there, let go again, and left out where it does not start."""

from __future__ import annotations

import os
from typing import ClassVar

import pytest

from costplan.bench import targets
from costplan.bench.capacity_search.measure import Bench
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.over_cores import OverCores, started_on
from costplan.bench.target import ColdStart, LocalPlan, ServerStatistics, TargetDescription
from costplan.bench.targets.options import TargetOptions
from costplan.cli.bench.run import on_cores
from costplan.measurement.model import MeasuredSlo
from costplan.messages.errors import InputError


def processors() -> int:
    """Return how many this process may use; 0 where the system cannot tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0


class Counting:
    """A target in this process whose calls note on how many processors they run."""

    name: ClassVar[str] = "counting"

    def __init__(self, breaks: bool = False) -> None:
        self.breaks, self.seen, self.stopped = breaks, set[int](), 0

    def start(self) -> ColdStart:
        if self.breaks:
            raise InputError("does not start")
        return ColdStart()

    def plan(self) -> LocalPlan:
        return LocalPlan([lambda: self.seen.add(processors())], lambda reply: None)

    def statistics(self) -> ServerStatistics | None:
        return None

    def describe(self) -> TargetDescription:
        return TargetDescription("counting", "", "")

    def stop(self) -> None:
        self.stopped += 1


def bench_of(target: Counting) -> Bench:
    settings = LoadSettings(Mode.OPEN, window_s=0.1, requests_per_second=1.0)
    return Bench(target.plan(), settings, MeasuredSlo(99, 100), closed_window_s=0.1)


def test_each_count_of_cores_has_a_target_of_its_own() -> None:
    """Of two cores the run has measured all; one more target is started for the single core, and stopped."""
    before, whole, made = processors(), Counting(), []
    bench = bench_of(whole)
    bench.single()

    def opened(cores: int) -> Counting:
        made.append((cores, Counting()))
        return made[-1][1]

    over = OverCores(bench, 2, opened)
    curve = over.measure()
    [(cores, one)] = made
    assert (cores, one.stopped) == (1, 1)
    assert processors() == before
    if before:
        assert one.seen == {1}
        assert curve is not None
        assert [cores for cores, _ in curve.points] == [1, 2]
        assert [found.cores for found in over.alone] == [1, 2]
        assert all(sum(count for _, count in found.by_ms) == found.requests for found in over.alone)


def test_a_target_that_does_not_start_on_fewer_cores_ends_no_run() -> None:
    target = Counting(breaks=True)
    before = processors()
    with started_on(target, 1) as started:
        assert started is None
    assert (processors(), target.stopped) == (before, 1)
    bench = bench_of(Counting())
    bench.single()
    over = OverCores(bench, 2, lambda cores: Counting(breaks=True))
    assert over.measure() is None
    assert [found.cores for found in over.alone] == [2]


@pytest.mark.parametrize(
    ("threads", "sessions", "on_one", "on_four"),
    [
        (None, None, (1, None), (4, None)),
        (2, None, (1, None), (2, None)),
        (1, 8, (1, 1), (1, 4)),
        (2, 4, (1, 1), (2, 2)),
    ],
)
def test_fewer_cores_have_no_more_threads_than_these(
    monkeypatch: pytest.MonkeyPatch,
    threads: int | None,
    sessions: int | None,
    on_one: tuple[int, int | None],
    on_four: tuple[int, int | None],
) -> None:
    """Eight processors; on four of them two sessions of two threads, or four of one."""
    asked: list[TargetOptions] = []
    monkeypatch.setattr(targets, "open_target", lambda name, options: asked.append(options))
    made = on_cores("onnxruntime", TargetOptions(threads=threads, sessions=sessions))
    assert made is not None
    made(1)
    made(4)
    assert [(one.threads, one.sessions) for one in asked] == [on_one, on_four]


def test_a_model_that_others_serve_is_not_started_on_fewer_cores() -> None:
    assert on_cores("triton-http", TargetOptions()) is None
    assert on_cores("service", TargetOptions(backend="triton-grpc")) is None
