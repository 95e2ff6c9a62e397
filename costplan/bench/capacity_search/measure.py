"""Measure one target: calibration, warm-up, load points, capacity; the parts put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from costplan.bench.capacity_search.calibrate import calibrate
from costplan.bench.capacity_search.claim_search import FAST_STEP_UP, ClaimSearch
from costplan.bench.capacity_search.foregone import MissedSlo
from costplan.bench.capacity_search.slo_search import (
    RESOLUTION,
    SHORTEST_SHARE,
    STEP_UP,
    SearchBudget,
    find_peak,
)
from costplan.bench.capacity_search.warmup import WarmUp, WarmUpRule, adapted, warm_up
from costplan.bench.capacity_search.windows import Windows
from costplan.bench.clock import NS_PER_S, REAL_CLOCK, Clock
from costplan.bench.load.interrupts import Interrupts
from costplan.bench.load.journal import PointJournal
from costplan.bench.load.progress import PhaseProgress, for_phase, silent
from costplan.bench.load.runner import Foregone, TransportFactory, Watch, run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.load.usage import ServerUsage
from costplan.bench.results.claims import claims_of
from costplan.bench.results.summary import summarise
from costplan.bench.results.verdict import MAX_ERROR_SHARE
from costplan.bench.target import GrpcPlan, HttpPlan, LocalPlan, Plan, ServerStatistics
from costplan.bench.transport import make_transport
from costplan.measurement.model import Generator, MeasuredCapacity, MeasuredPoint, MeasuredSlo
from costplan.messages.reason import Reason

_MOST_LEAD_IN_S = 3.0
CLOSED_SHARE = 1 / 3
"""Of the time that is left, for finding the peak in a closed loop."""
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
    windows: Windows = field(default_factory=Windows)
    """How long the points last."""
    budget: SearchBudget = field(default_factory=SearchBudget)
    """Time for the points; it runs from when it was made."""
    answer_s: float = 0.0
    """Time of one answer as far as it is known; 0: it is not."""
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
        """Send one request, keep its time, and return the size of its reply; 0 when none came."""
        sizes: list[int] = []
        plan = _noting(self.plan, sizes.append)
        probe = LoadSettings(Mode.BATCH, window_s=_PROBE_S, batch_requests=1, limits=self.settings.limits)
        found = run_point(plan, probe, interrupts=self.interrupts, transport_factory=self.transport_factory)
        if len(found.samples):
            self.answer_s = (found.samples.done[0] - found.samples.sent[0]) / NS_PER_S
        return sizes[0] if sizes else 0

    def warm_up(self, rule: WarmUpRule | None = None) -> WarmUp:
        """Load the server until it is warm; see `WarmUpRule`."""
        progress = for_phase(self.progress, Reason("warming up"))
        settings, rule = adapted(self.settings, rule or WarmUpRule(), self.answer_s)
        warm = warm_up(
            self.plan,
            settings,
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

    def point(
        self,
        settings: LoadSettings,
        phase: str,
        *,
        watch: Watch | None = None,
        foregone: Foregone | None = None,
    ) -> MeasuredPoint:
        """Measure one load point and keep it."""
        before, counted = self.server.cpu_s(), self.statistics()
        recording = run_point(
            self.plan,
            settings,
            clock=self.clock,
            journal=self.journal,
            progress=for_phase(self.progress, phase),
            interrupts=self.interrupts,
            watch=watch,
            foregone=foregone,
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
        """Measure with one request in flight, as long as the plan says."""
        window_s = self.windows.single_s(self.settings.window_s, self.answer_s, self.slo)
        # A lead-in must not hold the only requests that there are.
        lead_in_s = self.settings.lead_in_s if self.answer_s < self.settings.lead_in_s / 10 else 0.0
        settings = replace(self.settings, mode=Mode.SINGLE, window_s=window_s, lead_in_s=lead_in_s)
        point = self.point(settings, "one request at a time")
        self.answer_s = (point.service_ms.p50 or 1e3 * self.answer_s) / 1e3
        return point

    def closed(self, concurrency: int) -> MeasuredPoint:
        """Measure a closed loop over the short window that finding the peak needs."""
        best = max((p.achieved_requests_per_second for p in self.points if p.mode != "open"), default=0.0)
        known = best or (1 / self.answer_s if self.answer_s else 0.0)
        settings = replace(
            self.settings,
            mode=Mode.CLOSED,
            concurrency=concurrency,
            window_s=self.windows.closed_s(self.closed_window_s, known, self.budget.left_s),
            lead_in_s=0.0,
        )
        enough, least_ns = self.windows.enough_answers(concurrency), self.closed_window_s * NS_PER_S
        return self.point(
            settings,
            Reason("closed loop, {count} in flight", str(concurrency)),
            watch=lambda samples, elapsed_ns: elapsed_ns >= least_ns and len(samples) >= enough,
        )

    def open(self, requests_per_second: float, claim: MeasuredSlo | None = None) -> MeasuredPoint:
        """Measure an open loop, as long as the window asks and the percentile needs.

        Args:
            requests_per_second: Offered rate.
            claim: What a search wants to show: a rate that is certain to miss it is given up, and the window
                ends with the budget. None: the SLO, over the whole window.
        """
        settings = self.open_settings(requests_per_second, claim or self.slo)
        left_s = self.budget.left_s - settings.lead_in_s
        if claim is not None and left_s < settings.window_s:
            settings = replace(settings, window_s=max(left_s, SHORTEST_SHARE * settings.window_s))
        return self.point(
            settings,
            Reason("open loop at {rate} requests/s", f"{requests_per_second:.4g}"),
            foregone=None if claim is None else MissedSlo(claim, settings.lead_in_s),
        )

    def open_settings(self, requests_per_second: float, claim: MeasuredSlo) -> LoadSettings:
        """Return the settings of an open point; its lead-in holds an answer at least."""
        settings = replace(
            self.settings,
            mode=Mode.OPEN,
            requests_per_second=requests_per_second,
            lead_in_s=max(self.settings.lead_in_s, min(self.answer_s, _MOST_LEAD_IN_S)),
            percentile=None if claim == self.slo else claim.percentile,
        )
        return replace(settings, window_s=self.windows.open_s(settings, claim.percentile))

    def planned(self, requests_per_second: float, window_s: float) -> MeasuredPoint | None:
        """Measure what users will mostly see; None where so short a window would hold too few requests."""
        claims = claims_of(self.slo)
        held = (c for c in claims if self.windows.allows(c.percentile, requests_per_second, window_s))
        claim = next(held, None)
        if claim is None:
            return None
        settings = replace(self.open_settings(requests_per_second, claim), window_s=window_s)
        return self.point(settings, Reason("open loop at {rate} requests/s", f"{requests_per_second:.4g}"))

    def find_capacity(
        self,
        *,
        resolution: float = RESOLUTION,
        budget: SearchBudget | None = None,
        confirm: bool = True,
    ) -> MeasuredCapacity:
        """Find the highest rate that keeps the SLO: closed-loop bracket, then bisection of the open loop.

        Where there is no time for the SLO's percentile, a lower one is claimed at the same bound.
        """
        self.budget = budget or self.budget
        alone = next((point for point in self.points if point.mode == "single"), None)
        closed_until_s = self.budget.spent_s + CLOSED_SHARE * self.budget.left_s
        peak, _ = find_peak(
            self.closed,
            self.slo,
            self.max_concurrency,
            alone=alone,
            may_go_on=lambda: self.budget.spent_s < closed_until_s,
        )
        is_answered = any(point.response_ms.p50 and not point.timeouts for point in self.points)
        if not peak and is_answered and self.answer_s:
            peak = 1 / self.answer_s  # right answers, all of them after their short windows
        if not peak and any(point.timeouts for point in self.points):
            limit = f"{self.settings.limits.timeout_s:g}"
            late = Reason(
                "no answer came within the timeout of {seconds} s: a longer --timeout is needed", limit
            )
            return MeasuredCapacity(None, None, None, "INVALID", (late,))
        is_peak_known = self.budget.spent_s < closed_until_s
        search = ClaimSearch(
            self.slo,
            self.open,
            self._time_of,
            self._allows,
            self.budget,
            resolution,
            confirm,
            STEP_UP if is_peak_known else FAST_STEP_UP,
        )
        return search.run(peak)

    def _time_of(self, requests_per_second: float, claim: MeasuredSlo) -> float:
        settings = self.open_settings(requests_per_second, claim)
        return settings.lead_in_s + settings.window_s + self.answer_s

    def _allows(self, requests_per_second: float, claim: MeasuredSlo) -> bool:
        window_s = self.open_settings(requests_per_second, claim).window_s
        is_open = not self.windows.is_fixed
        return is_open or self.windows.allows(claim.percentile, requests_per_second, window_s)


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
