"""What was measured on other numbers of cores: the time of a request alone, and the curve of the throughput.

Below the fewest cores a time grows as the cores shrink: nothing takes longer than all of its work one after
the other. Between measured ones it lies on a straight line. Beyond the most it stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class TimeAlone:
    """What one request at a time took on so many cores."""

    cores: int
    mean_ms: Fraction
    times: tuple[tuple[Fraction, int], ...] = ()
    """Its distribution: times in ms, none of them too short, and how many requests took each."""

    def stretched(self, mean_ms: Fraction) -> TimeAlone:
        """Return the same with another mean."""
        times = tuple((time * mean_ms / self.mean_ms, count) for time, count in self.times)
        return TimeAlone(self.cores, mean_ms, times)


@dataclass(frozen=True, slots=True)
class ThroughputCurve:
    """The universal scalability law, as it was fitted to the cores that were measured."""

    cores: tuple[int, ...]
    contention: Fraction
    coherency: Fraction

    def relative(self, cores: Fraction) -> Fraction:
        """Return X(cores) over X(1)."""
        more = cores - 1
        return cores / (1 + self.contention * more + self.coherency * cores * more)


@dataclass(frozen=True, slots=True)
class OverCores:
    """Figures of one measurement on other numbers of cores than all that it had."""

    alone: tuple[TimeAlone, ...] = ()
    """By cores, ascending; the last is what the measurement as a whole says."""
    curve: ThroughputCurve | None = None

    def time_on(self, cores: Fraction) -> TimeAlone | None:
        """Return the time on so many cores, whole ones or not, as far as it was measured."""
        if not self.alone:
            return None
        below = [one for one in self.alone if one.cores <= cores]
        if not below:
            fewest = self.alone[0]
            return fewest.stretched(fewest.mean_ms * fewest.cores / cores)
        nearest, above = below[-1], self.alone[len(below) : len(below) + 1]
        if nearest.cores == cores or not above:
            return nearest
        share = (cores - nearest.cores) / (above[0].cores - nearest.cores)
        return nearest.stretched(nearest.mean_ms + share * (above[0].mean_ms - nearest.mean_ms))

    def gain_on(self, cores: Fraction, measured: Fraction) -> Fraction | None:
        """Return the throughput there over that on all cores; None where the curve does not reach."""
        curve = self.curve
        if curve is None or cores.denominator != 1 or not curve.cores[0] <= cores <= curve.cores[-1]:
            return None
        return curve.relative(cores) / curve.relative(Fraction(round(measured)))


def billed_groups(found: TimeAlone, step_ms: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return the longest time of each number of steps, over the mean, with the share of the calls.

    Example: half of the calls take 90 ms and half 110 ms, billed by 100 ms: (0.9, 1/2) and (1.1, 1/2).
    """
    longest: dict[int, tuple[Fraction, int]] = {}
    for time, count in found.times:
        steps = int(-(-time // step_ms))
        before, many = longest.get(steps, (time, 0))
        longest[steps] = max(before, time), many + count
    total = sum(count for _, count in longest.values())
    return tuple((time / found.mean_ms, Fraction(count, total)) for time, count in longest.values())
