"""How many times as good one measurement is as another, with an interval where one is known.

Runs, not requests, are the sample of a comparison: requests inside a run are correlated. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, exp, log, pi, sin, sqrt, tan
from statistics import fmean, stdev
from typing import Final, NamedTuple

from costplan.analysis.measured.documents import Figure, Ratio

CONFIDENCE: Final = 0.95
"""Two-sided, of the intervals over runs."""


class Sample(NamedTuple):
    """What is known of one figure: its value, an interval, and what each run found."""

    value: float
    low: float | None = None
    high: float | None = None
    runs: tuple[float | None, ...] = ()
    """By round of the interleaved runs; None where a round has none; empty without such rounds."""

    @property
    def figure(self) -> Figure:
        """Return what a document says of it."""
        return Figure(self.value, self.low, self.high)


def sample_of_runs(found: Sequence[float | None]) -> Sample | None:
    """Return the geometric mean of runs with its interval; None where no run has the figure."""
    known = [one for one in found if one]
    if not known:
        return None
    mean, half = _mean_log(known)
    low, high = (None, None) if half is None else (exp(mean - half), exp(mean + half))
    return Sample(exp(mean), low, high, tuple(found))


def ratio_of(above: Sample | None, below: Sample | None) -> Ratio | None:
    """Divide one figure by another.

    Runs of the same rounds are divided round by round: what slows both down, a neighbour or the weather of
    the machine, leaves their ratio as it is. Figures without runs are bounded by the ends of both intervals.

    Returns:
        None where one of them is not known; without a bound where no interval is known.
    """
    if above is None or below is None or not below.value:
        return None
    if above.runs and below.runs:
        pairs = zip(above.runs, below.runs, strict=True)
        found = sample_of_runs([a / b if a and b else None for a, b in pairs])
        if found is not None:
            rounds = sum(one is not None for one in found.runs)
            return Ratio(found.value, found.low, found.high, rounds)
        return None
    return Ratio(above.value / below.value, _divided(above.low, below.high), _divided(above.high, below.low))


def _divided(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def _mean_log(values: Sequence[float]) -> tuple[float, float | None]:
    """Return the mean of the logarithms and half its interval; None for one value."""
    logs = [log(value) for value in values]
    if len(logs) < 2:
        return logs[0], None
    half = student_quantile((1 + CONFIDENCE) / 2, len(logs) - 1) * stdev(logs) / sqrt(len(logs))
    return fmean(logs), half


@lru_cache
def student_quantile(share: float, freedom: int) -> float:
    """Return the quantile of Student's t for whole degrees of freedom, `share` above one half.

    P(|T| <= sqrt(v) tan a) is a finite sum in sines and cosines of a; it is inverted by halving.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    low, high = 0.0, pi / 2
    for _ in range(80):
        middle = (low + high) / 2
        if _inside(middle, freedom) < 2 * share - 1:
            low = middle
        else:
            high = middle
    return sqrt(freedom) * tan(low)


def _inside(angle: float, freedom: int) -> float:
    """Return P(|T| <= sqrt(v) tan a), where v is `freedom` and a is `angle`."""
    is_odd = freedom % 2
    term = cos(angle) if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(2 + is_odd, freedom - 1, 2):
        term *= (step - 1) / step * cos(angle) ** 2
        total += term
    return (angle + sin(angle) * total) * 2 / pi if is_odd else sin(angle) * total
