"""Measure one target: calibration, warm-up, load points, capacity; the parts put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from costplan.bench.capacity_search.calibrate import calibrate
from costplan.bench.capacity_search.slo_search import RESOLUTION, SearchBudget, find_peak, search_capacity
from costplan.bench.capacity_search.warmup import WarmUp, WarmUpRule, warm_up
from costplan.bench.clock import NS_PER_S, REAL_CLOCK, Clock
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.journal import PointJournal
from costplan.bench.load.progress import PhaseProgress, for_phase, silent
from costplan.bench.load.runner import TransportFactory, run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.usage import ServerUsage
from costplan.bench.results.statistics import minimum_count
from costplan.bench.results.summary import summarise
from costplan.bench.results.verdict import MAX_ERROR_SHARE
from costplan.bench.target import GrpcPlan, HttpPlan, LocalPlan, Plan, ServerStatistics
from costplan.bench.transport import make_transport
from costplan.measurement.model import Generator, MeasuredCapacity, MeasuredPoint, MeasuredSlo
from costplan.messages.reason import Reason

_SAMPLE_MARGIN = 1.1
"""Windows are made this much longer than the SLO's sample needs: a Poisson schedule may draw fewer."""
_PROBE_S = 5.0


@dataclass(slots=True)
class Bench:
    """Measures load points of one plan and keeps them, in order, in `points`."""

    plan: Plan
    settings: LoadSettings
    """Window, lead-in, limits, seed, arrivals, connections of every point; each sets its mode and rate."""
    slo: MeasuredSlo
    journal: PointJournal | None = None
    progress: PhaseProgress = silent
    interrupts: Interrupts = field(default_factory=Interrupts)
    server: ServerUsage = field(default_factory=lambda: ServerUsage(None))
    statistics: Callable[[], ServerStatistics | None] = lambda: None
    """The server's own counters."""
    max_error_share: float = MAX_ERROR_SHARE
    closed_window_s: float = 1.0
    max_concurrency: int = 64
    clock: Clock = REAL_CLOCK
    transport_factory: TransportFactory = make_transport
    ceiling: Generator | None = None
    points: list[MeasuredPoint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a reader of the result has to know besides the points: an unsettled warm-up, a full disk."""

    def calibrate(self, window_s: float = 1.0) -> Generator:
        """Measure the generator's ceiling and keep it for the verdicts."""
        self.ceiling = calibrate(
            self.plan,
            self.settings,
            reply_bytes=self.reply_bytes(),
            window_s=window_s,
            progress=for_phase(self.progress, Reason("calibrating the load generator")),
            interrupts=self.interrupts,
        )
        return self.ceiling

    def reply_bytes(self) -> int:
        """Send one request and return the size of its reply; 0 when none came."""
        sizes: list[int] = []
        plan = _noting(self.plan, sizes.append)
        probe = LoadSettings(Mode.BATCH, window_s=_PROBE_S, batch_requests=1, limits=self.settings.limits)
        run_point(plan, probe, interrupts=self.interrupts, transport_factory=self.transport_factory)
        return sizes[0] if sizes else 0

    def warm_up(self, rule: WarmUpRule | None = None) -> WarmUp:
        """Load the server until it is warm; see `WarmUpRule`."""
        progress = for_phase(self.progress, Reason("warming up"))
        warm = warm_up(
            self.plan,
            self.settings,
            rule,
            clock=self.clock,
            progress=progress,
            interrupts=self.interrupts,
            transport_factory=self.transport_factory,
        )
        if not warm.is_stable:
            moved = "" if warm.change is None else f": its medians still moved by {warm.change:.0%}"
            self.notes.append(f"the warm-up did not settle within {warm.seconds:.1f} s{moved}")
        return warm

    def point(self, settings: LoadSettings, phase: str) -> MeasuredPoint:
        """Measure one load point and keep it."""
        before, counted = self.server.cpu_s(), self.statistics()
        recording = run_point(
            self.plan,
            settings,
            clock=self.clock,
            journal=self.journal,
            progress=for_phase(self.progress, phase),
            interrupts=self.interrupts,
            transport_factory=self.transport_factory,
        )
        after = self.server.cpu_s()
        in_process, server_cpu_s = isinstance(self.plan, LocalPlan), _difference(before, after)
        if in_process:
            server_cpu_s = (recording.generator_cpu_ns - recording.loop_cpu_ns) / NS_PER_S
        point = summarise(
            recording,
            slo=self.slo,
            ceiling=self.ceiling,
            server_cpu_s=server_cpu_s,
            max_error_share=self.max_error_share,
            generator_shares_process=in_process,
        )
        point = replace(point, mean_server_batch=mean_batch(counted, self.statistics()))
        self.points.append(point)
        if self.journal is not None and self.journal.incomplete and self.journal.incomplete not in self.notes:
            self.notes.append(self.journal.incomplete)
        return point

    def single(self) -> MeasuredPoint:
        """Measure with one request in flight."""
        return self.point(replace(self.settings, mode=Mode.SINGLE), "one request at a time")

    def closed(self, concurrency: int) -> MeasuredPoint:
        """Measure a closed loop over the short window that finding the peak needs."""
        settings = replace(
            self.settings,
            mode=Mode.CLOSED,
            concurrency=concurrency,
            window_s=self.closed_window_s,
            lead_in_s=0.0,
        )
        return self.point(settings, Reason("closed loop, {count} in flight", str(concurrency)))

    def open(self, requests_per_second: float) -> MeasuredPoint:
        """Measure an open loop, as long as the window asks and the SLO's percentile needs."""
        settings = replace(
            self.settings,
            mode=Mode.OPEN,
            requests_per_second=requests_per_second,
            window_s=self.open_window_s(requests_per_second),
        )
        return self.point(settings, Reason("open loop at {rate} requests/s", f"{requests_per_second:.4g}"))

    def open_window_s(self, requests_per_second: float) -> float:
        """Return the window of an open point in seconds."""
        needed = _SAMPLE_MARGIN * minimum_count(self.slo.percentile) / requests_per_second
        return max(self.settings.window_s, needed)

    def find_capacity(
        self, *, resolution: float = RESOLUTION, budget: SearchBudget | None = None, confirm: bool = True
    ) -> MeasuredCapacity:
        """Find the highest rate that keeps the SLO: closed-loop bracket, then bisection of the open loop."""
        peak, _ = find_peak(self.closed, self.slo, self.max_concurrency)
        point_s = self.settings.lead_in_s + (self.open_window_s(peak) if peak else self.settings.window_s)
        return search_capacity(
            self.open,
            self.slo,
            peak,
            resolution=resolution,
            budget=budget,
            point_s=point_s,
            confirm=confirm,
        )


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def mean_batch(before: ServerStatistics | None, after: ServerStatistics | None) -> float | None:
    """Return how many items the server computed at once between two readings; None where it counts none."""
    if before is None or after is None or after.executions <= before.executions:
        return None
    return (after.items - before.items) / (after.executions - before.executions)


def _noting(plan: Plan, note: Callable[[int], None]) -> Plan:
    if isinstance(plan, HttpPlan):
        check_http = plan.check

        def noted_http(status: int, body: bytes) -> str | None:
            note(len(body))
            return check_http(status, body)

        return replace(plan, check=noted_http)
    if isinstance(plan, GrpcPlan):
        check = plan.check

        def noted(reply: bytes) -> str | None:
            note(len(reply))
            return check(reply)

        return replace(plan, check=noted)
    return plan
