"""How long calls take on a container of so many cores, by what was measured: alone, without cold starts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from costplan.catalog.model import Reading
from costplan.measurement.model import Latency, MeasuredPoint, Measurement
from costplan.measurement.over_cores import over_cores_of
from costplan.messages.reason import Reason, milliseconds
from costplan.quantities.money import plain, quantized, shortest
from costplan.quantities.over_cores import OverCores, TimeAlone

BUCKETS_PER_DECADE = 20
"""Of the histogram: each bucket ends 12 % above the one before."""

Lengths = dict[Fraction, Fraction]
"""Milliseconds that calls are billed as, with their shares."""


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Times in milliseconds."""

    mean: Fraction
    p50: Fraction
    p99: Fraction
    times: tuple[tuple[Fraction, int], ...]
    """The distribution, none of the times too short."""
    is_exact: bool
    """Whether the times are exact to the millisecond, and not those of a histogram."""
    longer: Fraction
    """How many times as long as on all the cores that were measured."""
    said: str
    """Where the times come from, if not from all of these cores."""

    def billed(self, rounding: Reading | None, *, at_least: bool = False) -> Lengths | None:
        """Return the lengths that calls are billed as, where each call is rounded up.

        The rounded mean is not the mean of the rounded: 90 ms and 110 ms are billed as 100 ms and 200 ms.

        Args:
            rounding: The provider's rule.
            at_least: Take the lower ends of a histogram's buckets.

        Returns:
            None where the month's run time is rounded as one, so that the mean says all.
        """
        total = sum(count for _, count in self.times)
        if rounding is None or rounding.applies_to == "total" or not rounding.value or not total:
            return None
        step, part = Fraction(rounding.value), Fraction(1)
        if at_least and not self.is_exact:
            part = Fraction(repr(10 ** (-1 / BUCKETS_PER_DECADE)))
        lengths: Lengths = {}
        for time, count in self.times:
            billed = -(-(time * part) // step) * step
            lengths[billed] = lengths.get(billed, Fraction(0)) + Fraction(count, total)
        return lengths


def call_times(measurement: Measurement, cores: Fraction) -> CallTimes | None:
    """Return the times on so many cores; None where no request was alone."""
    single = measurement.single()
    mean = single.service_ms.mean if single is not None else None
    if single is None or not mean or single.good_share <= 0:
        return None
    over, all_cores = over_cores_of(measurement), Fraction(shortest(measurement.environment.usable_cpus))
    whole = Fraction(repr(mean))
    there = over.time_on(cores) if len(over.alone) > 1 and cores < all_cores else None
    if there is not None:
        longer, said = there.mean_ms / whole, _as_measured(over, there, cores)
    else:
        longer = max(Fraction(1), all_cores / cores)
        said, there = _as_stretched(cores, longer), over.alone[-1].stretched(whole * longer)
    latency, is_exact = _seen(measurement, single, there)
    times_of_seen = there.mean_ms / Fraction(repr(latency.mean or mean))
    p50, p99 = (Fraction(repr(found or latency.mean or mean)) for found in (latency.p50, latency.p99))
    return CallTimes(
        there.mean_ms, p50 * times_of_seen, p99 * times_of_seen, there.times, is_exact, longer, said
    )


def _seen(measurement: Measurement, single: MeasuredPoint, there: TimeAlone) -> tuple[Latency, bool]:
    """Return the measured times that others were worked out from, and whether each of them is known."""
    fewer = (one for one in measurement.alone_on_cores if one.cores == there.cores and one.service_ms.mean)
    found = next(fewer, None)
    if found is None or there.cores >= measurement.environment.usable_cpus:
        return single.service_ms, bool(single.by_ms)
    return found.service_ms, bool(found.by_ms)


def _as_measured(over: OverCores, there: TimeAlone, cores: Fraction) -> str:
    counts = [one.cores for one in over.alone]
    values = {"cores": f"{plain(quantized(cores))} vCPU", "time": milliseconds(float(there.mean_ms) / 1000)}
    if cores in counts:
        return Reason("; on {cores} a call takes {time} ms, as measured there", **values)
    if cores < counts[0]:
        message = "; on {cores} a call is taken as {time} ms, that on {fewest} over the share of a core"
        return Reason(message, fewest=str(counts[0]), **values)
    return Reason("; on {cores} a call is taken as {time} ms, between measured ones", **values)


def _as_stretched(cores: Fraction, longer: Fraction) -> str:
    if longer <= 1:
        return ""
    on, times = f"{plain(quantized(cores))} vCPU", plain(quantized(longer))
    return Reason("; on {cores} taken as {longer} times as long as measured", on, times)
