"""One run of `costplan bench`, from the fingerprint to the result: which steps, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any, Final, Literal

from costplan.bench.capacity_search.measure import Bench
from costplan.bench.capacity_search.slo_search import SearchBudget
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.capacity_search.windows import Windows
from costplan.bench.document import finalize, initial_measurement, plain_data, shortened
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.journal import Journal
from costplan.bench.load.progress import PhaseProgress, silent
from costplan.bench.load.schedule import Arrivals
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.usage import ServerUsage
from costplan.bench.machine.calibration_set import Kind, profile_of, run_calibration
from costplan.bench.machine.fingerprint import Watch, fingerprint, gpus_now, own_cpu_s
from costplan.bench.over_cores import OpenOnCores, OverCores
from costplan.bench.results.cpu_split import cpu_split
from costplan.bench.results.statistics import minimum_count
from costplan.bench.target import ColdStart, ServerStatistics, Target, TargetDescription
from costplan.bench.transport.interface import TransportLimits
from costplan.measurement.model import (
    MeasuredCapacity,
    MeasuredPoint,
    MeasuredSlo,
    Measurement,
)
from costplan.measurement.server_time import ServerShare
from costplan.messages.reason import Reason

SessionMode = Literal["single", "closed", "open", "batch", "slo"]

_WARM_UP: Final = WarmUpRule(max_s=6.0)
_LEAD_IN_S: Final = 0.5
_PLANNED_WINDOW_S: Final = 5.0
_LEAST_BATCH: Final = 20
_BATCH_BOUND: Final = 5.0
"""Windows after which a batch is cut short: it was sized to take about one."""
_MOST_PLANNED_S: Final = 10.0
_QUICK_WARM_UP: Final = WarmUpRule(min_s=0.7, min_requests=20, max_s=2.0)
_QUICK_PLANNED_WINDOW_S: Final = 1.0
_QUICK_CALIBRATION_S: Final = 0.25
"""Of each model of the calibration set."""
_START_S: Final = 2.0
_CALIBRATE_S: Final = 2.0
_AFTER_S: Final = 12.0
"""What start, calibration of the generator, and cores and calibration set take about, for the time left."""
_MARGIN: Final = 1.1
"""A Poisson schedule may draw fewer requests than its rate says."""


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a run should do."""

    slo: MeasuredSlo = field(default_factory=lambda: MeasuredSlo(99.0, 100.0))
    mode: SessionMode = "slo"
    rate: float | None = None
    """Requests per second of an open loop."""
    concurrency: int = 8
    window_s: float = 3.0
    """Of each load point; longer where the percentile needs more requests."""
    keeps_window: bool = False
    """Whether the window is kept, whatever it holds: the user gave it."""
    budget_s: float = 45.0
    """For all load points but the last, at the planned share."""
    is_quick: bool = False
    """Whether what surrounds the load points is short, too."""
    batch_requests: int | None = None
    """Of `batch`; None: as many as are answered in about a window, by the rate of the warm-up."""
    seed: int = 1
    arrivals: Arrivals = Arrivals.POISSON
    recorded: Path | None = None
    limits: TransportLimits = field(default_factory=TransportLimits)
    utilisation: float = 0.6
    """The planned share of the capacity at which latency is measured once more."""
    with_machine: bool = True
    """Whether to run the calibration set and the curve over cores, which costs need on other machines."""
    with_planned: bool = True
    """Whether to measure once more at the planned share of the capacity."""
    title: str = ""
    model_name: str = ""
    model_path: Path | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)
    is_co_located: bool = True
    """Whether the server is on this machine."""

    def open_window_s(self) -> float:
        """Return the window of an open loop at the given rate, within the budget."""
        if self.keeps_window or not self.rate:
            return self.window_s
        needed_s = minimum_count(self.slo.percentile) / self.rate
        return max(self.window_s, min(_MARGIN * needed_s, self.budget_s))

    def expected_s(self) -> float:
        """Return about how long the whole run takes, in seconds, as far as it is known before."""
        points = {"slo": self.budget_s + self.planned_s(), "open": self.open_window_s()}
        before_s = _START_S + _CALIBRATE_S + self.warm_up().max_s
        return before_s + points.get(self.mode, self.window_s) + self.after_s()

    def warm_up(self) -> WarmUpRule:
        """Return when the server counts as warm."""
        return _QUICK_WARM_UP if self.is_quick else _WARM_UP

    def planned_s(self) -> float:
        """Return the window at the planned share of the capacity."""
        return _QUICK_PLANNED_WINDOW_S if self.is_quick else _PLANNED_WINDOW_S

    def after_s(self) -> float:
        """Return about how long the machine is looked at after the load points."""
        return (_AFTER_S / 3 if self.is_quick else _AFTER_S) if self.with_machine else 0.0


def run_session(
    target: Target,
    options: SessionOptions,
    *,
    journal_path: Path | None = None,
    progress: PhaseProgress = silent,
    interrupts: Interrupts | None = None,
    on_journal: Callable[[Path], None] = lambda path: None,
    open_on: OpenOnCores | None = None,
    expect: Callable[[float], None] = lambda seconds: None,
) -> Measurement:
    """Measure a target and stop whatever it started.

    Args:
        target: Opened, not yet started.
        options: What to do.
        journal_path: Where samples go as they come; a new file.
        progress: Draws how far the run is.
        interrupts: Ctrl-C ends the run with what there is.
        on_journal: Told once the journal is there.
        open_on: Makes the target for fewer cores; None for a server that costplan does not start.
        expect: Told how many seconds the rest of the run takes, each time that is known better.

    Raises:
        InputError: The target cannot be reached or started, or an option is wrong.
        CostplanError: The target answers wrongly.
    """
    session = _Session(target, options, progress, interrupts or Interrupts(), open_on)
    session.expect = expect
    try:
        return session.run(journal_path, on_journal)
    finally:
        target.stop()


class _Session:
    def __init__(
        self,
        target: Target,
        options: SessionOptions,
        progress: PhaseProgress,
        interrupts: Interrupts,
        open_on: OpenOnCores | None,
    ) -> None:
        self.target, self.options, self.open_on = target, options, open_on
        self.expect: Callable[[float], None] = lambda seconds: None
        self.progress, self.interrupts = progress, interrupts
        self.watch = Watch()
        self.environment = fingerprint()
        self.client_before = own_cpu_s()
        self._warm_rate = 0.0

    def run(self, journal_path: Path | None, on_journal: Callable[[Path], None]) -> Measurement:
        self.progress(Reason("starting the target"), 0.0, 0.0)
        cold = self.target.start()
        described = self.target.describe()
        usage = ServerUsage(described.process_id)
        bench = self._bench(usage)
        self._before = self.target.statistics()
        points_s = self.options.expected_s() - _START_S - _CALIBRATE_S
        self.expect(_CALIBRATE_S + points_s)
        if not self.interrupts.requested:
            bench.calibrate(0.5 if self.options.is_quick else 1.0)
        self.expect(points_s)
        draft = self._draft(bench, cold, described)
        journal = Journal(journal_path, plain_data(draft)) if journal_path is not None else None
        try:
            if journal is not None:
                bench.journal = journal
                on_journal(journal.path)
            warm_up = self._warm_up(bench)
            cpu_before = self.target.cpu()
            capacity = self._measure(bench)
            if self.environment.gpus:  # at once, before their clocks come to rest
                self.environment = replace(self.environment, gpus=gpus_now() or self.environment.gpus)
            split = cpu_split(cpu_before, self.target.cpu())
            bench.journal = None
            cores = self._over_cores(bench) if self._may_go_on() else {}
            calibration = self._calibration() if self._may_go_on() else {}
        finally:
            if journal is not None:
                journal.close()
        points = tuple(shortened(point) for point in bench.points[: self._counted])
        measured = replace(
            draft,
            model=replace(draft.model, profile=self._profile(points)),
            points=points,
            warm_up=warm_up,
            **cores,
            calibration=calibration,
            is_complete=not self.interrupts.requested,
            cpu_split=split,
            **self._usage(usage, described.process_id),
        )
        incomplete = [journal.incomplete] if journal is not None and journal.incomplete else []
        return finalize(measured, capacity, [*described.doubts, *incomplete])

    def _may_go_on(self) -> bool:
        return self.options.with_machine and not self.interrupts.requested

    def _bench(self, usage: ServerUsage) -> Bench:
        options = self.options
        settings = LoadSettings(
            Mode.OPEN,
            window_s=options.open_window_s() if options.mode == "open" else options.window_s,
            lead_in_s=_LEAD_IN_S,
            concurrency=options.concurrency,
            requests_per_second=options.rate or 1.0,
            arrivals=options.arrivals,
            recorded=options.recorded,
            seed=options.seed,
            limits=options.limits,
        )
        return Bench(
            self.target.plan(),
            settings,
            options.slo,
            progress=self.progress,
            interrupts=self.interrupts,
            server=usage,
            statistics=self.target.statistics,
            windows=Windows(options.budget_s, options.keeps_window),
            closed_window_s=min(1.0, options.window_s / 2),
        )

    def _draft(self, bench: Bench, cold: ColdStart, described: TargetDescription) -> Measurement:
        draft = initial_measurement(
            described,
            cold,
            bench.ceiling,
            self.options.slo,
            self.environment,
            seed=self.options.seed,
            flags=self.options.flags,
            title=self.options.title,
            model_name=self.options.model_name,
            is_co_located=self.options.is_co_located,
        )
        return replace(draft, measured_on=datetime.now(UTC).date())

    def _warm_up(self, bench: Bench) -> dict[str, Any]:
        if self.interrupts.requested:
            return {}
        warm = bench.warm_up(self.options.warm_up())
        self._warm_rate = warm.requests / warm.seconds if warm.seconds else 0.0
        self.expect(self.options.expected_s() - _START_S - _CALIBRATE_S - self.options.warm_up().max_s)
        return {
            "seconds": round(warm.seconds, 3),
            "requests": warm.requests,
            "is_stable": warm.is_stable,
            "change": None if warm.change is None else round(warm.change, 4),
        }

    def _measure(self, bench: Bench) -> MeasuredCapacity | None:
        options, capacity = self.options, None
        bench.budget = SearchBudget(options.budget_s)
        if options.mode in ("single", "slo") and not self.interrupts.requested:
            bench.single()
        if not self.interrupts.requested:
            if options.mode == "closed":
                settings = replace(bench.settings, mode=Mode.CLOSED)
                bench.point(settings, Reason("closed loop, {count} in flight", str(options.concurrency)))
            elif options.mode == "batch":
                self._batch(bench)
            elif options.mode == "open":
                self._open(bench)
            elif options.mode == "slo":
                capacity = self._capacity(bench)
        self._counted = len(bench.points)
        return capacity

    def _batch(self, bench: Bench) -> None:
        """Send a number of requests as fast as so many in flight are answered: what an offline job takes."""
        options = self.options
        count = options.batch_requests or max(
            _LEAST_BATCH, options.concurrency, ceil(self._warm_rate * options.window_s)
        )
        bound_s = _BATCH_BOUND * options.window_s + options.limits.timeout_s
        settings = replace(
            bench.settings, mode=Mode.BATCH, lead_in_s=0.0, window_s=bound_s, batch_requests=count
        )
        bench.point(settings, Reason("batch of {count}", str(count)))

    def _capacity(self, bench: Bench) -> MeasuredCapacity:
        """Search, unless a single request already takes longer than the SLO allows."""
        self._expect_search(bench)
        slo, alone = self.options.slo, bench.points[-1].service_ms.p50
        if alone is not None and alone > slo.latency_ms:
            reason = Reason(
                "one request alone takes {alone} ms (p50): {slo} cannot be kept", f"{alone:.3g}", slo
            )
            return MeasuredCapacity(None, None, None, bench.points[-1].verdict, (reason,))
        capacity = bench.find_capacity()
        self.expect(self.options.planned_s() + self.options.after_s())
        self._planned(bench, capacity)
        self.expect(self.options.after_s())
        return capacity

    def _expect_search(self, bench: Bench) -> None:
        self.expect(bench.budget.left_s + self.options.planned_s() + self.options.after_s())

    def _open(self, bench: Bench) -> None:
        if self.options.arrivals is Arrivals.RECORDED:
            settings = replace(bench.settings, mode=Mode.OPEN, lead_in_s=0.0, requests_per_second=None)
            bench.point(settings, Reason("open loop, recorded arrivals"))
        else:
            rate = Reason("open loop at {rate} requests/s", f"{self.options.rate or 1.0:.4g}")
            bench.point(replace(bench.settings, mode=Mode.OPEN), rate)

    def _planned(self, bench: Bench, capacity: MeasuredCapacity) -> None:
        """Measure the latency that users will mostly see: at the planned share of the capacity."""
        if capacity.requests_per_second is None or self.interrupts.requested:
            return
        if not self.options.with_planned:
            return
        left_s = min(bench.budget.left_s, _MOST_PLANNED_S)
        window_s = max(self.options.window_s, self.options.planned_s(), left_s)
        bench.planned(self.options.utilisation * capacity.requests_per_second, window_s)

    def _over_cores(self, bench: Bench) -> dict[str, Any]:
        """Start the target anew on 1, 2, 4 ... cores: the time of a request alone, and the throughput."""
        cpus = int(self.environment.usable_cpus)
        if self.open_on is None or cpus < 2:
            return {}
        over = OverCores(bench, cpus, self.open_on)
        return {"curve": over.measure(), "alone_on_cores": tuple(shortened(one) for one in over.alone)}

    def _profile(self, points: Sequence[MeasuredPoint]) -> Kind | None:
        """Which calibration model the model resembles; None without its file."""
        single = next((point.service_ms.p50 for point in points if point.mode == "single"), None)
        path = self.options.model_path
        return None if path is None else profile_of(path, single if single is not None else 1.0)

    def _calibration(self) -> dict[str, float]:
        self.progress(Reason("comparing this machine with others"), 0.0, 3.0)
        return run_calibration(_QUICK_CALIBRATION_S) if self.options.is_quick else run_calibration()

    def _usage(self, usage: ServerUsage, process_id: int | None) -> dict[str, Any]:
        server_cpu = usage.cpu_s()
        environment = self.watch.close(self.environment, server_cpu or 0.0)
        client_cpu = own_cpu_s() - self.client_before
        return {
            "environment": environment,
            "client_cpu_s": round(client_cpu, 3),
            "server_cpu_s": None if server_cpu is None else round(server_cpu, 3),
            "server_share": _server_share(self._before, self.target.statistics()),
        }


def _server_share(before: ServerStatistics | None, after: ServerStatistics | None) -> ServerShare | None:
    if before is None or after is None or after.requests <= before.requests:
        return None
    count = after.requests - before.requests
    queue, compute = after.queue_ns - before.queue_ns, after.compute_ns - before.compute_ns
    return ServerShare(count, round(queue / count / 1e6, 6), round(compute / count / 1e6, 6))
