"""The result file of `costplan bench`: the one door between measuring and the rest.

Every figure keeps what it was measured on and how sure it is. Latencies are in milliseconds, rates in
requests per second, sizes in bytes. Keys are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from costplan.measurement.core_curve import CoreCurve
from costplan.measurement.environment import Count, Environment, Number, PositiveCount, Text
from costplan.measurement.load_workers import SharedLoad
from costplan.measurement.server_time import CpuSplit, RequestCpuTime, ServerShare
from costplan.measurement.sweep import SweptSetting
from costplan.messages.result import Result

MEASUREMENT_SCHEMA: Final = "costplan/measurement/1"
CALIBRATION_SCHEMA: Final = "costplan/calibration/1"

Basis = Literal["measured", "scaled", "assumed"]
"""`measured`: on such a machine; `scaled`: on another one, by the ratio of calibration runs on both;
`assumed`: on another one, as if both were equally fast."""

Verdict = Literal[
    "VALID", "NOISY", "TOO-FEW-SAMPLES", "GENERATOR-LIMITED", "UNSTABLE", "INVALID", "NOT-MEASURED"
]
"""What a load point may be used for; its numbers are shown beside it, whatever it is. From the mildest:

- `NOISY`: the parts of the window disagree by more than chance.
- `TOO-FEW-SAMPLES`: the percentile cannot be bounded by so few answers.
- `GENERATOR-LIMITED`: the load generator, not the server, may be what was measured.
- `UNSTABLE`: the load was above capacity: there is no steady state to measure.
- `INVALID`: errors, wrong answers, dropped requests, or a run that was cut short.
"""
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

ReferenceVerdict = Literal["ok", "other-processor", "busy"]
"""Of a calibration: it ran on a quiet machine of its platform, on another processor, or on a busy machine."""
MAX_STEAL_SHARE: Final = 0.01
MAX_OTHER_SHARE: Final = 0.05
"""Shares of the processor time that others may take from a measurement."""

Fact = str | bool | int | float | None
Facts = Mapping[str, Fact | tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output of a model."""

    name: Text
    datatype: Text
    """Datatype of the Open Inference Protocol, such as `FP32`."""
    shape: tuple[int | str | None, ...]
    """As sent; the first dimension is usually the batch."""
    made_up: tuple[Count, ...] = ()
    """Positions, from 0, of sizes that neither the model nor the user said: costplan chose them."""


@dataclass(frozen=True, slots=True)
class MeasuredModel:
    """The model that answered."""

    name: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None
    """Of the model file; None when only the server had it."""
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...] = ()
    inputs_from: Text = ""
    """Where the values came from: made up, a file, or a folder and what was done to its files."""
    items_per_request: PositiveCount = 1
    """Items that one request carries: what its batch dimension says."""
    item: Literal["item", "image"] = "item"
    profile: Literal["gemm", "memory", "convolution", "overhead"] | None = None
    """The kind of calibration model that it resembles most; None where the file was not there to look at."""


@dataclass(frozen=True, slots=True)
class MeasuredSlo:
    """The SLO."""

    percentile: Annotated[float, Field(gt=0, lt=100)]
    latency_ms: Annotated[float, Field(gt=0, le=1e9)]

    def __str__(self) -> str:
        return f"p{self.percentile:g} <= {self.latency_ms:g} ms"


@dataclass(frozen=True, slots=True)
class Latency:
    """Exact nearest-rank figures in milliseconds; None when nothing was timed."""

    mean: Number | None = None
    p50: Number | None = None
    p90: Number | None = None
    p95: Number | None = None
    p99: Number | None = None
    max: Number | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile of the response time with its distribution-free 95 % interval, ms."""

    percentile: Number
    value_ms: Number | None = None
    low_ms: Number | None = None
    high_ms: Number | None = None
    """None where the sample is too small to bound it, or too many requests went without an answer."""


@dataclass(frozen=True, slots=True)
class Stability:
    """How far the window's parts agree; None where there were too few samples to say."""

    throughput_cv: Number | None = None
    """Coefficient of variation of the throughput over 10 sub-windows; for an open loop, of the share of what
    was due: a Poisson schedule's own unevenness is not the server's."""
    quantile_cv: Number | None = None
    """The same of `quantile_percentile` of the response time."""
    quantile_percentile: Number | None = None
    drift_ratio: Number | None = None
    """Median response of the second half over that of the first."""
    is_drifting: bool = False
    """The two medians' intervals do not meet and they differ by more than a tenth."""


@dataclass(frozen=True, slots=True)
class MeasuredPoint:
    """One load point: how it was loaded, what came back, what it may be used for."""

    mode: Literal["single", "closed", "open", "batch"]
    offered_requests_per_second: Number | None
    achieved_requests_per_second: Number
    """Right answers inside the window, per second."""
    goodput_requests_per_second: Number | None
    """Those of them within the SLO."""
    requests: Count
    """Due inside the window; each is in exactly one class of `outcomes`."""
    errors: Count
    """Neither answered rightly, nor timed out, nor dropped."""
    timeouts: Count
    dropped: Count
    response_ms: Latency
    """From when a request was due to its answer: the headline."""
    service_ms: Latency
    """From when it was sent."""
    lag_ms: Latency
    """From due to sent: the generator's own lateness."""
    verdict: Verdict
    reasons: tuple[str, ...]
    bounds: Interval
    meets_slo: bool | None = None
    """Whether the upper end of the interval meets the SLO."""
    achieved_items_per_second: Number | None = None
    """The right answers times the items in each; None in results of before this was counted."""
    mean_server_batch: Number | None = None
    """Items that the server computed at once, by its own counters over this point; None where it has none."""
    window_s: Number = 0.0
    sent_requests_per_second: Number = 0.0
    concurrency: Count = 1
    arrivals: Text | None = None
    seed: int = 0
    outcomes: Mapping[str, Count] = field(default_factory=dict)
    """Raw counts: each request is in exactly one class."""
    messages: Mapping[str, Count] = field(default_factory=dict)
    """What failed requests were told, with how often."""
    generator_cpu_us_per_request: Number | None = None
    generator_cpu_share: Number | None = None
    """Of one core."""
    server_cpu_share: Number | None = None
    """Of one core; None where the server's process is not known."""
    server_cpu_ms_per_request: Number | None = None
    """Processor milliseconds that the server took for each right answer of the run; None as above."""
    answers_by_second: tuple[Count, ...] = ()
    histogram: tuple[tuple[Number, Count], ...] = ()
    """Response times: upper edge of each bucket in ms (20 per decade) and its count; empty ones left out."""
    by_ms: tuple[tuple[Count, Count], ...] = ()
    """Of one request at a time: times from when it was sent, rounded up to whole milliseconds, and how many
    requests took each. Whoever bills by steps of milliseconds bills exactly these."""
    ending: Text = "completed"
    stability: Stability = Stability()

    @property
    def passes(self) -> bool:
        """Whether an SLO claim may rest on this point."""
        return self.meets_slo is True and self.verdict not in ("INVALID", "UNSTABLE", "TOO-FEW-SAMPLES")

    @property
    def good_share(self) -> float:
        """Return the share of requests that were answered rightly, and within the SLO where there is one."""
        if not self.requests or not self.achieved_requests_per_second:
            return 0.0
        right = (self.requests - self.errors - self.timeouts - self.dropped) / self.requests
        goodput = self.goodput_requests_per_second
        within = 1.0 if goodput is None else min(1.0, goodput / self.achieved_requests_per_second)
        return right * within


@dataclass(frozen=True, slots=True)
class MeasuredCapacity:
    """The highest offered load that keeps the SLO, between a rate that passes and one that fails."""

    requests_per_second: Number | None
    low: Number | None
    """At and below this every measured rate passed."""
    high: Number | None
    """The lowest rate that failed; None when none did."""
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    good_share: Number = 1.0
    """Share of right answers within the SLO at this rate: errors cost money too."""
    response_ms: Latency = Latency()
    """At this rate."""
    percentile: Annotated[float, Field(gt=0, lt=100)] | None = None
    """The percentile that was claimed, where the run had no time for the SLO's own; None: the SLO's."""
    budget_for_slo_s: Number | None = None
    """The budget that the SLO's own percentile would need, in seconds, where a lower one was claimed."""


@dataclass(frozen=True, slots=True)
class ColdStartTimes:
    """From nothing to the first answer, in milliseconds; None: not seen."""

    ready_ms: Number | None = None
    load_ms: Number | None = None
    first_request_ms: Number | None = None


@dataclass(frozen=True, slots=True)
class Generator:
    """What the load generator reaches by itself against a server that answers at once."""

    ceiling_requests_per_second: Number
    p50_ms: Number = 0.0
    p99_ms: Number = 0.0
    cpu_us_per_request: Number = 0.0
    connections: Count = 1
    request_bytes: Count = 0
    reply_bytes: Count = 0


@dataclass(frozen=True, slots=True)
class AloneOnCores:
    """One request at a time on so many pinned cores, with a server that was started on them."""

    cores: Count
    requests: Count
    service_ms: Latency
    by_ms: tuple[tuple[Count, Count], ...] = ()
    """As of a load point."""
    server_cpu_ms_per_request: Number | None = None


@dataclass(frozen=True, slots=True)
class CostRow:
    """What a million requests cost on one machine."""

    instance: Text
    basis: Basis | None
    """None when no figure is given at all; `reason` says why."""
    reason: Text
    is_claim: bool
    """Whether the figures may be quoted: an `assumed` one only when the user took the assumption on."""
    currency: Text
    hourly_cost: Decimal | None
    """Of one machine; None for what is billed by the request, or unpriced."""
    requests_per_second: Decimal | None = None
    """Capacity at the SLO."""
    requests_per_second_low: Decimal | None = None
    requests_per_second_high: Decimal | None = None
    requests_per_second_per_vcpu: Decimal | None = None
    """The capacity over the machine's vCPU."""
    cost_per_million_requests: Decimal | None = None
    """At the SLO rate; good answers only."""
    cost_per_million_items: Decimal | None = None
    """The same of a million items, where a request carries several."""
    low: Decimal | None = None
    high: Decimal | None = None
    utilisation: Decimal | None = None
    """Planned mean load as a share of capacity; None for what is billed by the request, and for a batch."""
    cost_per_million_at_utilisation: Decimal | None = None
    low_at_utilisation: Decimal | None = None
    high_at_utilisation: Decimal | None = None
    p99_ms: Decimal | None = None
    """Response time that goes with the cost."""
    assumed_speed: Decimal | None = None
    """How many times as fast as what was measured the user supposed it to be: never a claim."""
    on_front: bool = False
    """No other machine is both faster and cheaper."""


@dataclass(frozen=True, slots=True)
class PriceStamp:
    """Which prices were used."""

    catalog: Text
    as_of: date
    sha256: Text
    vat: Literal["included", "excluded"]
    newest: date | None = None
    """Day of the newest prices that the catalog knows."""


@dataclass(frozen=True, slots=True)
class Measurement(Result):
    """All that one run of `costplan bench` found."""

    schema: Literal["costplan/measurement/1"]
    target: Text
    model: MeasuredModel
    environment: Environment
    slo: MeasuredSlo
    points: tuple[MeasuredPoint, ...]
    capacity: MeasuredCapacity
    cold_start_ms: Number | None
    """From starting the server to its first answer; None for a server that ran already."""
    generator: Generator | None
    cost: tuple[CostRow, ...] = ()
    title: Text = ""
    measured_on: date | None = None
    seed: int = 0
    verdict: Verdict = "NOT-MEASURED"
    """Of the capacity, else the gravest of the points."""
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """What makes the figures doubtful beyond the verdicts."""
    is_co_located: bool = True
    """Whether generator and server shared a machine and took its time from each other."""
    is_complete: bool = True
    """False when the run was interrupted or killed."""
    client_cpu_s: Number | None = None
    server_cpu_s: Number | None = None
    cold_start: ColdStartTimes = ColdStartTimes()
    server: Text = ""
    """Name and version as the server states them."""
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Facts = field(default_factory=dict)
    """Threads, providers, batch, encoding: whatever changes the numbers."""
    flags: Facts = field(default_factory=dict)
    """Options of the command line."""
    warm_up: Facts = field(default_factory=dict)
    server_share: ServerShare | None = None
    cpu_split: CpuSplit | None = None
    """Of the service that `costplan bench` starts; with a remote back end, of the service alone."""
    curve: CoreCurve | None = None
    cpu_time: RequestCpuTime | None = None
    alone_on_cores: tuple[AloneOnCores, ...] = ()
    """From one core up to all that could be used."""
    sweep: tuple[SweptSetting, ...] = ()
    """Sessions x threads that were tried before the run."""
    calibration: Mapping[str, Number] = field(default_factory=dict)
    """Runs per second of the calibration models on this machine, by kind, on one thread."""
    prices: PriceStamp | None = None
    shared_load: SharedLoad | None = None
    """Several load generators that sent this load together; None for one."""

    @property
    def claimed_slo(self) -> MeasuredSlo:
        """Return what the capacity keeps: the SLO, or its bound at the lower percentile that was claimed."""
        percentile = self.capacity.percentile
        return self.slo if percentile is None else replace(self.slo, percentile=percentile)

    @property
    def headline_point(self) -> MeasuredPoint | None:
        """Return the point whose distribution is shown: the last run at the capacity, else the last point."""
        capacity = self.capacity.requests_per_second
        at = [p for p in self.points if capacity and p.offered_requests_per_second == capacity]
        return at[-1] if at else (self.points[-1] if self.points else None)

    def single(self) -> MeasuredPoint | None:
        """Return the point with one request in flight: what a request takes on an idle server."""
        return next((point for point in self.points if point.mode == "single"), None)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibration models on a machine of the catalog: what other machines are scaled by."""

    schema: Literal["costplan/calibration/1"]
    platform: Text
    """The platform of the catalog that it was measured on, such as `standard-v3`."""
    environment: Environment
    runs_per_second: Mapping[str, Number]
    measured_on: date | None = None
    verdict: ReferenceVerdict | None = None
    """Whether others may be scaled by it, as it was judged when it was measured; None: not judged."""
    reasons: tuple[Text, ...] = ()
    """Why not."""
