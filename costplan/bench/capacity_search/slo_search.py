"""The highest offered load at which an SLO still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf, sqrt
from time import monotonic
from typing import Final

from costplan.measurement.model import MeasuredCapacity, MeasuredPoint, MeasuredSlo
from costplan.messages.reason import Reason

Measure = Callable[[float], MeasuredPoint]
"""Measures an open loop at a rate in requests per second."""
MeasureClosed = Callable[[int], MeasuredPoint]
"""Measures a closed loop with a number of requests in flight."""

RESOLUTION: Final = 0.05
_FIRST_SHARE: Final = 0.75
"""Of the closed-loop peak: the answer usually lies between this share and the peak itself."""
_STEP_UP: Final = 1.25
_STEP_DOWN: Final = 1.5
_MAX_STEPS: Final = 16
_MAX_CONFIRMATIONS: Final = 8
_GAIN: Final = 1.05
"""A doubling of the requests in flight that gains less throughput than this has reached the peak."""


@dataclass(slots=True)
class SearchBudget:
    """Time that a search may take; the last measurement is let to end."""

    seconds: float = inf
    now: Callable[[], float] = monotonic
    _start: float = field(init=False)

    def __post_init__(self) -> None:
        """Start counting."""
        self._start = self.now()

    @property
    def left_s(self) -> float:
        """Seconds left, below 0 once it is overdrawn."""
        return self.seconds - (self.now() - self._start)


class _Stop(Exception):  # noqa: N818 (a signal inside the search, not an error)
    """Ends the search; its text is the reason."""


@dataclass(slots=True)
class _Search:
    measure: Measure
    budget: SearchBudget
    point_s: float
    runs: dict[float, list[MeasuredPoint]] = field(default_factory=dict)

    def passes(self, rate: float) -> bool:
        point = self._measured(rate)
        if not point.passes and point.verdict == "GENERATOR-LIMITED":
            # The generator fell behind: on a shared machine that says nothing about the server. Once more;
            # a load that is really too high fails again.
            point = self._measured(rate)
        self.runs.setdefault(rate, []).append(point)
        return point.passes

    def _measured(self, rate: float) -> MeasuredPoint:
        if self.budget.left_s < self.point_s:
            raise _Stop(f"the time budget of {self.budget.seconds:g} s is used up")
        point = self.measure(rate)
        if point.ending == "interrupted":
            raise _Stop("interrupted")
        return point

    def low(self) -> float | None:
        """Highest rate up to which every run passed."""
        failed = min((r for r, points in self.runs.items() if not _all_pass(points)), default=inf)
        return max((r for r in self.runs if r < failed), default=None)

    def high(self) -> float | None:
        """Lowest rate from which every run failed."""
        passed = max((r for r, points in self.runs.items() if any(p.passes for p in points)), default=0.0)
        return min((r for r in self.runs if r > passed), default=None)

    def is_resolved(self, resolution: float) -> bool:
        low, high = self.low(), self.high()
        return low is not None and high is not None and high <= low * (1 + resolution)


def _all_pass(points: Iterable[MeasuredPoint]) -> bool:
    return all(point.passes for point in points)


def find_peak(
    measure: MeasureClosed, slo: MeasuredSlo, max_concurrency: int = 64
) -> tuple[float, list[MeasuredPoint]]:
    """Double the requests in flight until throughput stops growing or the SLO is missed.

    Returns:
        Highest throughput seen in requests per second (0 when nothing was answered), and the points.
    """
    peak, points, concurrency = 0.0, [], 1
    while concurrency <= max_concurrency:
        point = measure(concurrency)
        points.append(point)
        achieved = point.achieved_requests_per_second
        gained = achieved > _GAIN * peak
        peak = max(peak, achieved)
        value = point.bounds.value_ms
        if not gained or point.verdict == "INVALID" or value is None or value > slo.latency_ms:
            break
        concurrency *= 2
    return peak, points


def search_capacity(
    measure: Measure,
    slo: MeasuredSlo,
    first_guess: float,
    *,
    resolution: float = RESOLUTION,
    budget: SearchBudget | None = None,
    point_s: float = 0.0,
    confirm: bool = True,
) -> MeasuredCapacity:
    """Bisect the offered rate between one where the SLO's upper confidence bound passes and one that fails.

    Args:
        measure: Measures one rate.
        slo: For the texts; whether a point passes it says itself.
        first_guess: Peak throughput of a closed loop.
        resolution: Stop when the failing rate is at most this much above the passing one.
        budget: Time for the whole search.
        point_s: What one measurement takes, to keep within the budget.
        confirm: Measure the winner and the failing rate again, and step down while they contradict.

    Returns:
        The bracket, with both points; without a rate when none passed.
    """
    search = _Search(measure, budget or SearchBudget(), point_s)
    stopped = ""
    try:
        if first_guess <= 0:
            raise _Stop("no request was answered rightly in the closed loop")
        _bisect(search, _FIRST_SHARE * first_guess, resolution)
        if confirm:
            _confirm(search, resolution)
    except _Stop as stop:
        stopped = str(stop)
    return _capacity(search, slo, resolution, stopped)


def _bisect(search: _Search, rate: float, resolution: float) -> None:
    low, high = 0.0, inf
    for _ in range(_MAX_STEPS):
        if search.passes(rate):
            low = rate
        else:
            high = rate
        if high <= low * (1 + resolution):
            return
        if high == inf:
            rate = low * _STEP_UP
        elif low == 0.0:
            rate = high / _STEP_DOWN
        else:
            rate = sqrt(low * high)
    raise _Stop(Reason("no bracket within {most} rates", _MAX_STEPS))


def _confirm(search: _Search, resolution: float) -> None:
    winner, failing = search.low(), search.high()
    if winner is None or failing is None:
        return
    search.passes(failing)
    for _ in range(_MAX_CONFIRMATIONS):
        if not search.passes(winner):
            lower = search.low()
            winner = lower if lower is not None else winner / (1 + resolution)
        elif len(search.runs[winner]) > 1:
            return


def _capacity(search: _Search, slo: MeasuredSlo, resolution: float, stopped: str) -> MeasuredCapacity:
    low, high = search.low(), search.high()
    reasons = [stopped] if stopped else []
    passed = search.runs[low][-1] if low is not None else None
    failed = search.runs[high][-1] if high is not None else None
    if low is None:
        reasons.append(f"no measured rate keeps {slo}")
        lowest = search.runs[min(search.runs)][-1] if search.runs else None
        verdict = lowest.verdict if lowest is not None else "INVALID"
        reasons += lowest.reasons if lowest is not None else ()
        return MeasuredCapacity(None, None, high, verdict, tuple(reasons))
    assert passed is not None
    verdict = passed.verdict
    reasons += passed.reasons
    mixed = [rate for rate, points in search.runs.items() if len({point.passes for point in points}) > 1]
    if mixed:
        reasons.append(
            "passed and failed in repeated runs: " + ", ".join(f"{r:.4g}/s" for r in sorted(mixed))
        )
    if failed is not None and failed.verdict == "GENERATOR-LIMITED":
        verdict = "GENERATOR-LIMITED"
        reasons += [f"at {high:.4g}/s: {reason}" for reason in failed.reasons]
    if not search.is_resolved(resolution * 1.001):
        verdict = "NOISY" if verdict == "VALID" else verdict
        upper = f"{high:.4g}/s fails" if high is not None else "no rate that fails was found"
        reasons.append(f"the bracket is wider than {resolution:.0%}: {low:.4g}/s passes, {upper}")
    if stopped == "interrupted":
        verdict = "INVALID"
    share, response = passed.good_share, passed.response_ms
    return MeasuredCapacity(low, low, high, verdict, tuple(reasons), share, response)
