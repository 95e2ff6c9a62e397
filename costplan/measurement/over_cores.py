"""From a result file to what it says of fewer cores; the whole measurement or the part that is read of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from costplan.quantities.over_cores import OverCores, ThroughputCurve, TimeAlone

if TYPE_CHECKING:
    from costplan.measurement.model import Measurement
    from costplan.measurement.part import MeasuredPart

Times = Sequence[Sequence[float]]
"""Times in ms and how many requests took each."""


def over_cores_of(found: Measurement | MeasuredPart) -> OverCores:
    """Return the times alone and the curve, as exact numbers."""
    return OverCores(_alone(found), _curve(found))


def _alone(found: Measurement | MeasuredPart) -> tuple[TimeAlone, ...]:
    """Return the time on each number of cores; the last is that of the measurement as a whole."""
    single = next((point for point in found.points if point.mode == "single"), None)
    if single is None or not single.service_ms.mean:
        return ()
    most = max(1, int(found.environment.usable_cpus))
    fewer = {
        one.cores: _time(one.cores, one.service_ms.mean, one.by_ms)
        for one in found.alone_on_cores
        if one.service_ms.mean and one.cores < most
    }
    whole = _time(most, single.service_ms.mean, single.by_ms or single.histogram)
    return (*(fewer[cores] for cores in sorted(fewer)), whole)


def _time(cores: int, mean: float, times: Times) -> TimeAlone:
    counted = tuple((Fraction(repr(row[0])), int(row[1])) for row in times if len(row) == 2 and row[1])
    return TimeAlone(cores, Fraction(repr(mean)), counted)


def _curve(found: Measurement | MeasuredPart) -> ThroughputCurve | None:
    curve = found.curve
    cores = tuple(sorted(int(point[0]) for point in curve.points if point)) if curve is not None else ()
    if curve is None or not cores:
        return None
    return ThroughputCurve(cores, Fraction(repr(curve.contention)), Fraction(repr(curve.coherency)))
