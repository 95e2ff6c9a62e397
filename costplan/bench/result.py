"""The figures of a measurement, in the shape that the result file promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a load point may be used for. Its numbers are shown beside it, whatever it is."""

    VALID = "VALID"
    NOISY = "NOISY"
    """The parts of the window disagree by more than chance."""
    TOO_FEW_SAMPLES = "TOO-FEW-SAMPLES"
    GENERATOR_LIMITED = "GENERATOR-LIMITED"
    """The load generator, not the server, may be what was measured."""
    UNSTABLE = "UNSTABLE"
    """The load was above capacity: there is no steady state to measure."""
    INVALID = "INVALID"
    """Errors, wrong answers, dropped requests, or a run that was cut short."""


@dataclass(frozen=True, slots=True)
class Slo:
    """A latency promise, such as p99 <= 50 ms."""

    percentile: float
    latency_ms: float

    def __str__(self) -> str:
        return f"p{self.percentile:g} <= {self.latency_ms:g} ms"


@dataclass(frozen=True, slots=True)
class Distribution:
    """Exact nearest-rank figures in milliseconds; all None when nothing was timed."""

    mean: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class QuantileBounds:
    """A percentile of the response time and its distribution-free 95 % interval, ms."""

    percentile: float
    value_ms: float | None
    low_ms: float | None
    high_ms: float | None
    """None where the sample is too small to bound it, or too many requests went without an answer."""


@dataclass(frozen=True, slots=True)
class Stability:
    """How far the window's parts agree; None where there were too few samples to say."""

    throughput_cv: float | None = None
    """Coefficient of variation of the throughput over 10 sub-windows; for an open loop, of the share of what
    was due: a Poisson schedule's own unevenness is not the server's."""
    quantile_cv: float | None = None
    """The same of `quantile_percentile` of the response time."""
    quantile_percentile: float | None = None
    drift_ratio: float | None = None
    """Median response of the second half over that of the first."""
    is_drifting: bool = False
    """The two medians' intervals do not meet and they differ by more than a tenth."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measured load point."""

    mode: str
    verdict: Verdict
    reasons: Sequence[str]
    window_s: float
    requests: int
    """Due inside the window; each is in exactly one class of `outcomes`."""
    errors: int
    """Neither answered rightly, nor timed out, nor dropped."""
    timeouts: int
    dropped: int
    outcomes: Mapping[str, int]
    messages: Mapping[str, int]
    offered_requests_per_second: float | None
    sent_requests_per_second: float
    achieved_requests_per_second: float
    """Right answers that came inside the window, per second."""
    goodput_requests_per_second: float | None
    """Those of them within the SLO; None without one."""
    response_ms: Distribution
    """Done minus due: the headline."""
    service_ms: Distribution
    """Done minus sent."""
    lag_ms: Distribution
    """Sent minus due: the generator's own lateness."""
    bounds: QuantileBounds
    slo: Slo | None
    meets_slo: bool | None
    """Whether the upper confidence bound of the percentile meets the SLO; None without one."""
    stability: Stability
    concurrency: int
    arrivals: str | None
    seed: int
    generator_cpu_us_per_request: float | None = None
    generator_cpu_share: float | None = None
    """Of one core."""
    server_cpu_share: float | None = None
    """Of one core; None where the server's process is not known."""
    answers_by_second: Sequence[int] = ()
    """Right answers in each second of the window, the last one possibly partial."""
    histogram: Sequence[tuple[float, int]] = ()
    """Response times: upper edge of each bucket in ms (20 per decade) and its count; empty ones left out."""
    ending: str = "completed"

    @property
    def passes(self) -> bool:
        """Whether an SLO claim may rest on this point."""
        unfit = (Verdict.INVALID, Verdict.UNSTABLE, Verdict.TOO_FEW_SAMPLES)
        return self.meets_slo is True and self.verdict not in unfit

    def to_json(self) -> dict[str, Any]:
        """Return the point as the result file holds it."""
        return asdict(self) | {"verdict": self.verdict.value, "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the generator itself reaches against a server that answers at once."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us_per_request: float
    connections: int
    request_bytes: int
    reply_bytes: int

    def to_json(self) -> dict[str, Any]:
        """Return the figures as the result file's `generator` holds them."""
        figures = asdict(self)
        return {"ceiling_requests_per_second": figures.pop("requests_per_second")} | figures


@dataclass(frozen=True, slots=True)
class Capacity:
    """The highest offered load that keeps the SLO, bracketed."""

    requests_per_second: float | None
    """The highest rate that passed; None when none did."""
    low: float | None
    """At and below this every measured rate passed each time."""
    high: float | None
    """The lowest rate that failed; None when no rate failed."""
    verdict: Verdict
    reasons: Sequence[str] = ()
    passed: Point | None = field(default=None, compare=False)
    failed: Point | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the capacity as the result file holds it; its points are among `points`."""
        return {
            "requests_per_second": self.requests_per_second,
            "low": self.low,
            "high": self.high,
            "verdict": self.verdict.value,
            "reasons": list(self.reasons),
        }
