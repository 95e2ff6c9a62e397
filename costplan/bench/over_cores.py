"""The target started anew on 1, 2, 4 ... cores: the time of a request alone there, and the throughput."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.load.usage import ServerUsage
from costplan.bench.machine.scaling import core_counts, fit_curve, pinned
from costplan.bench.target import Target
from costplan.measurement.core_curve import CoreCurve
from costplan.measurement.model import AloneOnCores, MeasuredPoint
from costplan.messages.errors import CostplanError

OpenOnCores = Callable[[int], Target]
"""Makes the target for so many cores: no more threads than these."""

_WARM_UP = WarmUpRule(min_s=0.5, max_s=1.0)
_MIN_WINDOW_S, _MAX_WINDOW_S = 1.0, 10.0
_SHARE = 0.15
"""Of the budget of the run, at most, for a window on so many cores."""
_ENOUGH = 64
"""Requests alone that a window should hold: from so many on a p90 can be claimed."""
_ANSWERS = 20
"""That one in a closed loop should hold."""


@dataclass(slots=True)
class OverCores:
    """Measures on fewer cores than there are; what was measured on all of them is taken from the run.

    A server that was started on all cores and is pinned to one keeps its threads, which then wait for each
    other: so each count of cores gets a server of its own, as on a machine with that many.
    """

    bench: Bench
    """Of the run: its settings, and the points on all cores."""
    cpus: int
    open_on: OpenOnCores
    alone: list[AloneOnCores] = field(default_factory=list)
    rates: list[tuple[int, float]] = field(default_factory=list)

    def measure(self) -> CoreCurve | None:
        """Fill `alone`, and return the curve; None with one core, or where nothing was answered."""
        single = next((point for point in self.bench.points if point.mode == "single"), None)
        peak = max((p.concurrency for p in self.bench.points if p.mode == "closed"), default=1)
        for cores in core_counts(self.cpus):
            if self.bench.interrupts.requested:
                return None
            if cores == self.cpus:
                self._keep(cores, single)
                self._rate(self.bench, cores, single, peak)
            else:
                with started_on(self.open_on(cores), cores) as target:
                    self._on_fewer(target, cores, single, peak)
        return fit_curve(self.rates)

    def _on_fewer(self, target: Target | None, cores: int, single: MeasuredPoint | None, peak: int) -> None:
        if target is None:
            return
        bench = Bench(
            target.plan(),
            self.bench.settings,
            self.bench.slo,
            progress=self.bench.progress,
            interrupts=self.bench.interrupts,
            server=ServerUsage(target.describe().process_id),
            closed_window_s=self.bench.closed_window_s,
            max_error_share=self.bench.max_error_share,
            answer_s=self.bench.answer_s * self.cpus / cores,
            budget=self.bench.budget,
        )
        bench.warm_up(_WARM_UP)
        if single is not None:
            window_s = _window_s(_ENOUGH, single, self.cpus / cores, bench)
            bench.settings = replace(bench.settings, window_s=window_s)
            self._keep(cores, bench.single())
        self._rate(bench, cores, single, peak)

    def _rate(self, bench: Bench, cores: int, single: MeasuredPoint | None, peak: int) -> None:
        """Load the server in a closed loop; its points are none of the run's."""
        window_s = _window_s(_ANSWERS, single, self.cpus / cores, bench)
        found = replace(bench, points=[], journal=None, closed_window_s=max(bench.closed_window_s, window_s))
        self.rates.append((cores, found.closed(max(peak, 2 * cores)).achieved_requests_per_second))

    def _keep(self, cores: int, point: MeasuredPoint | None) -> None:
        if point is not None and point.requests and point.service_ms.mean is not None:
            self.alone.append(
                AloneOnCores(
                    cores, point.requests, point.service_ms, point.by_ms, point.server_cpu_ms_per_request
                )
            )


def _window_s(answers: int, single: MeasuredPoint | None, times_longer: float, bench: Bench) -> float:
    """Return a window for so many answers, one after the other, as long as that stays short."""
    mean_s = ((single.service_ms.mean if single is not None else None) or 0.0) / 1e3
    longest_s = min(_MAX_WINDOW_S, max(_MIN_WINDOW_S, _SHARE * bench.budget.seconds))
    return min(max(_MIN_WINDOW_S, answers * mean_s * times_longer), longest_s)


@contextlib.contextmanager
def started_on(target: Target, cores: int) -> Iterator[Target | None]:
    """Start a target that finds only so many processors, and stop it.

    A server of its own stays on them while this process, the generator, takes all again; a target in this
    process keeps it there.

    Yields:
        The target; None where processes cannot be pinned, or it does not start.
    """
    pin = contextlib.ExitStack()
    with pin, contextlib.ExitStack() as ending:
        is_pinned = pin.enter_context(pinned(os.getpid(), cores))
        ending.callback(target.stop)
        try:
            is_started = is_pinned and target.start() is not None
        except CostplanError:  # it ran on all cores: what is missing is a point of a curve, not the run
            is_started = False
        if is_started and target.describe().process_id is not None:
            pin.close()
        yield target if is_started else None
