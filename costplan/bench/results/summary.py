"""From raw samples to a load point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from costplan.bench.clock import NS_PER_S
from costplan.bench.load.runner import Ending, Recording
from costplan.bench.load.settings import Mode
from costplan.bench.outcomes import TIMED, Outcome
from costplan.bench.results.claims import claimable
from costplan.bench.results.statistics import (
    UNKNOWN,
    Nanoseconds,
    coefficient_of_variation,
    drift,
    minimum_count,
    quantile,
    quantile_interval,
    split_by_time,
)
from costplan.bench.results.verdict import MAX_ERROR_SHARE, Facts, Finding, judge
from costplan.measurement.model import Generator, Interval, Latency, MeasuredPoint, MeasuredSlo, Stability

SUB_WINDOWS = 10
_NS_PER_MS = 1e6
_BUCKETS_PER_DECADE = 20
_MIN_DRIFT = 0.1
_LEAST_OF_PART = 64
"""Requests that a part of a window must hold: with fewer, parts differ by chance as much as is allowed."""


def summarise(
    recording: Recording,
    *,
    slo: MeasuredSlo | None = None,
    ceiling: Generator | None = None,
    server_cpu_s: float | None = None,
    max_error_share: float = MAX_ERROR_SHARE,
    generator_shares_process: bool = False,
    findings: Sequence[Finding] = (),
) -> MeasuredPoint:
    """Work out a point from a recording.

    Which requests count: latencies and outcomes of those due inside the window, whenever they ended;
    throughput of the right answers that came inside it.

    Args:
        recording: A run's, or one read back from a journal.
        slo: The SLO to judge by; without one, p99 is what needs enough samples.
        ceiling: The generator's own, from calibration.
        server_cpu_s: Processor seconds that the server used during the run.
        max_error_share: Above this share of failed requests the point is invalid.
        generator_shares_process: The target runs in this process (its CPU is not the generator's).
        findings: What speaks against the point already.
    """
    columns = _Columns(recording)
    is_batch = recording.settings.mode is Mode.BATCH
    slo = None if is_batch else slo  # an offline job promises no time
    slo = _judged_slo(recording, slo, len(columns.due))
    percentile = slo.percentile if slo else 99.0
    ordered = np.sort(columns.response_or_unknown)
    interval = quantile_interval(ordered, percentile)
    bounds = Interval(
        percentile, _quantile_ms(ordered, percentile), _to_ms(interval.low), _to_ms(interval.high)
    )
    counts = columns.counts()
    response, lag = _distribution(columns.timed_response), _distribution(columns.lag)
    seconds = columns.window_s
    cpu_share = recording.generator_cpu_ns / NS_PER_S / columns.run_s if recording.generator_cpu_ns else None
    if generator_shares_process:
        cpu_share = None
    facts = Facts(
        mode=recording.settings.mode,
        ending=recording.ending,
        note=recording.note,
        counts=counts,
        asked=recording.asked,
        rate=len(columns.due) / seconds,
        lag_p99_ms=lag.p99,
        response_p99_ms=response.p99,
        stability=(stability := _stability(columns, percentile)),
        slo=slo,
        ceiling=ceiling,
        cpu_share=cpu_share,
        max_error_share=max_error_share,
        others=findings,
    )
    verdict, reasons = judge(facts)
    total, ok = len(columns.due), counts.get(Outcome.OK, 0)
    timeouts, dropped = counts.get(Outcome.TIMEOUT, 0), counts.get(Outcome.DROPPED, 0)
    settings = recording.settings
    given_up = counts.get(Outcome.INTERRUPTED, 0) if recording.ending is Ending.MISSED else 0
    is_open = settings.mode is Mode.OPEN
    return MeasuredPoint(
        mode=settings.mode.value,
        verdict=verdict,
        reasons=reasons,
        window_s=seconds,
        requests=total,
        errors=total - ok - timeouts - dropped - given_up,
        timeouts=timeouts,
        dropped=dropped,
        outcomes={outcome.label: count for outcome, count in counts.items()},
        messages=dict(recording.samples.messages),
        offered_requests_per_second=settings.requests_per_second if is_open else None,
        sent_requests_per_second=(total - dropped) / seconds,
        achieved_requests_per_second=columns.answers_inside(None) / seconds,
        goodput_requests_per_second=columns.answers_inside(slo) / seconds if slo else None,
        response_ms=response,
        service_ms=_distribution(columns.timed_service),
        lag_ms=lag,
        bounds=bounds,
        meets_slo=_meets(bounds, slo),
        stability=stability,
        concurrency=settings.in_flight,
        arrivals=settings.arrivals.value if is_open else None,
        seed=settings.seed,
        generator_cpu_us_per_request=_per_request(recording, generator_shares_process),
        generator_cpu_share=cpu_share,
        server_cpu_share=server_cpu_s / columns.run_s if server_cpu_s is not None else None,
        server_cpu_ms_per_request=columns.per_answer(server_cpu_s),
        answers_by_second=columns.answers_by_second(),
        histogram=_histogram(columns.timed_response),
        by_ms=_by_ms(columns.timed_service) if settings.mode is Mode.SINGLE else (),
        ending=recording.ending.value,
    )


def _judged_slo(recording: Recording, slo: MeasuredSlo | None, count: int) -> MeasuredSlo | None:
    """Return the SLO at the percentile that the point speaks of.

    An open loop's was chosen before it ran. One in flight, and a closed loop, claim nothing of users: what
    their number of requests allows is said of them.
    """
    settings = recording.settings
    if slo is None:
        return None
    if settings.mode in (Mode.SINGLE, Mode.CLOSED):
        return claimable(slo, count)
    return slo if settings.percentile is None else replace(slo, percentile=settings.percentile)


class _Columns:
    """The samples as arrays of one length, those due inside the window; times in ns."""

    def __init__(self, recording: Recording) -> None:
        samples = recording.samples
        self.start, self.end = recording.start, recording.end
        self.is_open = recording.settings.mode is Mode.OPEN
        due, sent, done = (np.array(c, dtype=np.int64) for c in (samples.due, samples.sent, samples.done))
        if recording.settings.mode is Mode.BATCH:
            due = sent  # requests of a batch wait for each other by design: their time counts from the send
        outcome = np.frombuffer(bytes(samples.outcome), dtype=np.uint8)
        self._answer_done = done[outcome == Outcome.OK]
        self._answer_response = (done - due)[outcome == Outcome.OK]
        first = int(due.min()) if len(due) else self.start
        self.run_s = max(1e-9, (max(int(done.max()), self.end) - first) / NS_PER_S) if len(due) else 1e-9
        inside = (due >= self.start) & (due < self.end)
        self.due, self.outcome = due[inside], outcome[inside]
        sent, done = sent[inside], done[inside]
        is_timed = np.isin(self.outcome, [int(o) for o in TIMED])
        self.lag: Nanoseconds = (sent - self.due)[self.outcome != Outcome.DROPPED]
        self.timed_due = self.due[is_timed]
        self.timed_response: Nanoseconds = (done - self.due)[is_timed]
        self.timed_service: Nanoseconds = (done - sent)[is_timed]
        aged = (self.outcome == Outcome.OK) | (self.outcome == Outcome.TIMEOUT)
        self.response_or_unknown: Nanoseconds = np.where(aged, done - self.due, UNKNOWN)
        self.window_s = max(1e-9, (self.end - self.start) / NS_PER_S)

    def counts(self) -> dict[Outcome, int]:
        codes, found = np.unique(self.outcome, return_counts=True)
        return {Outcome(int(code)): int(count) for code, count in zip(codes, found, strict=True)}

    def per_answer(self, server_cpu_s: float | None) -> float | None:
        """Return processor ms per right answer; the lead-in counts too, as its time was taken."""
        answers = len(self._answer_done)
        return server_cpu_s * 1e3 / answers if server_cpu_s is not None and answers else None

    def answers_inside(self, slo: MeasuredSlo | None) -> int:
        inside = (self._answer_done >= self.start) & (self._answer_done <= self.end)
        if slo is not None:
            inside &= self._answer_response <= slo.latency_ms * _NS_PER_MS
        return int(inside.sum())

    def answers_by_second(self) -> tuple[int, ...]:
        whole = np.floor_divide(self._answer_done - self.start, NS_PER_S)
        seconds = ceil(self.window_s)
        inside = whole[(whole >= 0) & (whole < seconds)]
        return tuple(int(n) for n in np.bincount(inside, minlength=seconds))

    def answers_by_part(self) -> NDArray[np.float64]:
        inside = self._answer_done[(self._answer_done >= self.start) & (self._answer_done <= self.end)]
        parts = split_by_time(inside, self.start, self.end, SUB_WINDOWS)
        return np.bincount(parts, minlength=SUB_WINDOWS).astype(np.float64)

    def due_by_part(self) -> NDArray[np.float64]:
        parts = split_by_time(self.due, self.start, self.end, SUB_WINDOWS)
        return np.bincount(parts, minlength=SUB_WINDOWS).astype(np.float64)


def _stability(columns: _Columns, percentile: float) -> Stability:
    enough = SUB_WINDOWS * _LEAST_OF_PART
    if len(columns.timed_response) < enough:
        return Stability()
    answers = columns.answers_by_part()
    if columns.is_open:
        due = columns.due_by_part()
        answers = answers[due > 0] / due[due > 0]
    judged = percentile if len(columns.due) >= SUB_WINDOWS * minimum_count(percentile) else 50.0
    parts = split_by_time(columns.timed_due, columns.start, columns.end, SUB_WINDOWS)
    pieces = (np.sort(columns.timed_response[parts == part]) for part in range(SUB_WINDOWS))
    quantiles = np.array([quantile(piece, judged) for piece in pieces if len(piece)], dtype=np.float64)
    is_first = parts < SUB_WINDOWS // 2
    moved = drift(columns.timed_response[is_first], columns.timed_response[~is_first], 50.0)
    return Stability(
        throughput_cv=coefficient_of_variation(answers),
        quantile_cv=coefficient_of_variation(quantiles),
        quantile_percentile=judged,
        drift_ratio=moved.ratio if moved else None,
        is_drifting=moved is not None and moved.is_significant and abs(moved.ratio - 1) > _MIN_DRIFT,
    )


def _distribution(values: Nanoseconds) -> Latency:
    if not len(values):
        return Latency()
    ordered = np.sort(values)
    p50, p90, p95, p99 = (quantile(ordered, p) / _NS_PER_MS for p in (50, 90, 95, 99))
    return Latency(float(ordered.mean()) / _NS_PER_MS, p50, p90, p95, p99, int(ordered[-1]) / _NS_PER_MS)


def _quantile_ms(ordered: Nanoseconds, percentile: float) -> float | None:
    return _to_ms(quantile(ordered, percentile)) if len(ordered) else None


def _to_ms(value: int | None) -> float | None:
    return None if value is None or value == UNKNOWN else value / _NS_PER_MS


def _meets(bounds: Interval, slo: MeasuredSlo | None) -> bool | None:
    if slo is None:
        return None
    return bounds.high_ms is not None and bounds.high_ms <= slo.latency_ms


def _per_request(recording: Recording, shares_process: bool) -> float | None:
    if shares_process or not recording.generator_cpu_ns or not len(recording.samples):
        return None
    return recording.generator_cpu_ns / 1e3 / len(recording.samples)


def _by_ms(values: Nanoseconds) -> tuple[tuple[int, int], ...]:
    whole, counts = np.unique(-(-values // round(_NS_PER_MS)), return_counts=True)
    return tuple((int(ms), int(n)) for ms, n in zip(whole, counts, strict=True))


def _histogram(values: Nanoseconds) -> tuple[tuple[float, int], ...]:
    if not len(values):
        return ()
    exponents = np.ceil(np.log10(np.maximum(values, 1) / _NS_PER_MS) * _BUCKETS_PER_DECADE)
    edges, counts = np.unique(exponents, return_counts=True)
    return tuple(
        (float(10 ** (edge / _BUCKETS_PER_DECADE)), int(n)) for edge, n in zip(edges, counts, strict=True)
    )
