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
FIRST_SHARE: Final = 0.75
"""Of the closed-loop peak: the answer usually lies between this share and the peak itself."""
STEP_UP: Final = 1.25
STEP_DOWN: Final = 1.5
_MAX_STEPS: Final = 16
_MAX_CONFIRMATIONS: Final = 8
SHORTEST_SHARE: Final = 0.3
"""Of a window, once another rate has passed."""
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
    def spent_s(self) -> float:
        """Seconds since it was made."""
        return self.now() - self._start

    @property
    def left_s(self) -> float:
        """Seconds left, below 0 once it is overdrawn."""
        return self.seconds - self.spent_s


class _Stop(Exception):  # noqa: N818 (a signal inside the search, not an error)
    """Ends the search; its text is the reason."""


@dataclass(slots=True)
class _Search:
    measure: Measure
    slo: MeasuredSlo
    budget: SearchBudget
    point_s: Callable[[float], float]
    shortest_share: float = 1.0
    runs: dict[float, list[MeasuredPoint]] = field(default_factory=dict)

    def passes(self, rate: float, *, is_whole: bool = False) -> bool:
        point = self._measured(rate, is_whole)
        if not point.passes and point.verdict == "GENERATOR-LIMITED":
            # The generator fell behind: on a shared machine that says nothing about the server. Once more;
            # a load that is really too high fails again.
            point = self._measured(rate, is_whole)
        self.runs.setdefault(rate, []).append(point)
        return point.passes

    def _measured(self, rate: float, is_whole: bool) -> MeasuredPoint:
        # Once a rate has passed, a part of a window is worth its time: too short to pass, it may still fail.
        needed_s = self.point_s(rate) * (1 if is_whole or self.low() is None else self.shortest_share)
        if self.budget.left_s < needed_s:
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
        """Lowest rate from which every run failed; one that only did not prove to pass is none."""
        passed = max((r for r, points in self.runs.items() if any(p.passes for p in points)), default=0.0)
        above = ((r, points) for r, points in self.runs.items() if r > passed)
        return min((r for r, points in above if any(fails(p, self.slo) for p in points)), default=None)

    def is_resolved(self, resolution: float) -> bool:
        low, high = self.low(), self.high()
        return low is not None and high is not None and high <= low * (1 + resolution)


def _all_pass(points: Iterable[MeasuredPoint]) -> bool:
    return all(point.passes for point in points)


def fails(point: MeasuredPoint, slo: MeasuredSlo) -> bool:
    """Whether a rate is certain not to keep the SLO: the lower end of the interval misses it too."""
    if point.passes or point.verdict == "TOO-FEW-SAMPLES":
        return False
    if point.verdict in ("INVALID", "UNSTABLE", "GENERATOR-LIMITED"):
        return True
    low_ms = point.bounds.low_ms
    return low_ms is None or low_ms > slo.latency_ms


def find_peak(
    measure: MeasureClosed,
    slo: MeasuredSlo,
    max_concurrency: int = 64,
    *,
    alone: MeasuredPoint | None = None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> tuple[float, list[MeasuredPoint]]:
    """Double the requests in flight until throughput stops growing or the SLO is missed.

    Args:
        measure: Measures a closed loop.
        slo: Where it is missed, more in flight is of no use.
        max_concurrency: Most requests in flight.
        alone: The point with one request in flight, where it was measured already.
        may_go_on: Whether there is time for one more.

    Returns:
        Highest throughput seen in requests per second (0 when nothing was answered), and the points.
    """
    peak, points, concurrency = 0.0, [], 1
    if alone is not None and alone.achieved_requests_per_second > 0:
        peak, concurrency = alone.achieved_requests_per_second, 2
    while concurrency <= max_concurrency and may_go_on():
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
    point_s: Callable[[float], float] = lambda rate: 0.0,
    confirm: bool = True,
    step_up: float = STEP_UP,
    shortest_share: float = 1.0,
) -> MeasuredCapacity:
    """Bisect the offered rate between one where the SLO's upper confidence bound passes and one that fails.

    Args:
        measure: Measures one rate.
        slo: For the texts; whether a point passes it says itself.
        first_guess: Peak throughput of a closed loop.
        resolution: Stop when the failing rate is at most this much above the passing one.
        budget: Time for the whole search.
        point_s: What the measurement of a rate takes, to keep within the budget.
        confirm: Measure the winner and the failing rate again, and step down while they contradict.
        step_up: From a rate that passes to the next, while none has failed.
        shortest_share: Of a window that is still measured at the end of the budget, once a rate has passed.

    Returns:
        The bracket, with both points; without a rate when none passed.
    """
    search = _Search(measure, slo, budget or SearchBudget(), point_s, shortest_share)
    stopped = ""
    try:
        if first_guess <= 0:
            raise _Stop("no request was answered rightly in the closed loop")
        _bisect(search, FIRST_SHARE * first_guess, resolution, step_up)
        if confirm:
            _confirm(search, resolution)
    except _Stop as stop:
        stopped = str(stop)
    return _capacity(search, slo, resolution, stopped)


def _bisect(search: _Search, rate: float, resolution: float, step_up: float) -> None:
    low, high = 0.0, inf
    for _ in range(_MAX_STEPS):
        if search.passes(rate):
            low = rate
        else:
            high = rate
        if high <= low * (1 + resolution):
            return
        if high == inf:
            rate = low * step_up
        elif low == 0.0:
            rate = high / STEP_DOWN
        else:
            rate = sqrt(low * high)
    raise _Stop(Reason("no bracket within {most} rates", _MAX_STEPS))


def _confirm(search: _Search, resolution: float) -> None:
    winner, failing = search.low(), search.high()
    if winner is None:
        return
    if failing is not None:
        search.passes(failing)
    for _ in range(_MAX_CONFIRMATIONS):
        if not search.passes(winner, is_whole=True):
            lower = search.low()
            winner = lower if lower is not None else winner / (1 + resolution)
        elif len(search.runs[winner]) > 1:
            return


def _capacity(search: _Search, slo: MeasuredSlo, resolution: float, stopped: str) -> MeasuredCapacity:
    low, high = search.low(), search.high()
    is_resolved = search.is_resolved(resolution * 1.001)
    reasons: list[str] = []
    passed = search.runs[low][-1] if low is not None else None
    failed = search.runs[high][-1] if high is not None else None
    if low is None:
        reasons += [f"no measured rate keeps {slo}", *filter(None, [stopped])]
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
    if not is_resolved:
        verdict = "NOISY" if verdict == "VALID" else verdict
        upper = f"{high:.4g}/s fails" if high is not None else "no rate that fails was found"
        reasons += [f"the bracket is wider than {resolution:.0%}: {low:.4g}/s passes, {upper}"]
        reasons += filter(None, [stopped])
    if stopped == "interrupted":
        verdict = "INVALID"
        reasons = list(dict.fromkeys([stopped, *reasons]))
    share, response = passed.good_share, passed.response_ms
    return MeasuredCapacity(low, low, high, verdict, tuple(reasons), share, response)
