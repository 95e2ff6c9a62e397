"""A measured figure on other cores than it was measured with, where the measurement says how it is there."""

from __future__ import annotations

from fractions import Fraction

from costplan.capacity.model import Capacity
from costplan.messages.reason import Reason, milliseconds
from costplan.messages.text import listed
from costplan.quantities.money import plain, quantized
from costplan.quantities.over_cores import OverCores, TimeAlone, billed_groups
from costplan.quantities.quantity import MeasuredAt, Origin, OriginKind, Quantity
from costplan.quantities.shown import significant
from costplan.resources.sizing.shape import Shape


def measured_at(figure: Quantity) -> MeasuredAt | None:
    """Return under which conditions a figure was measured; None where no result file says."""
    return next((origin.measured_at for origin in figure.origins if origin.measured_at is not None), None)


def time_on(time: Quantity, found: MeasuredAt, own: Shape) -> Quantity | None:
    """Return the time of a request on a machine, with where it comes from.

    Args:
        time: As measured on all the cores that there were.
        found: Of that measurement.
        own: The machine.

    Returns:
        None where the measurement has no times on fewer cores, or the machine has a GPU that it had not.
    """
    there = _time_there(found, own)
    if there is None or own.vcpu is None:
        return None
    kind, reason = _said(found.over_cores, there, own.vcpu)
    return time * Quantity(_longer(found, there), frozenset({Origin(kind, "vcpu", reason)}))


def _time_there(found: MeasuredAt, own: Shape) -> TimeAlone | None:
    if len(found.over_cores.alone) < 2 or own.vcpu is None:
        return None
    is_smaller = own.gpus == found.gpus and own.vcpu < found.vcpu
    return found.over_cores.time_on(own.vcpu) if is_smaller else None


def _longer(found: MeasuredAt, there: TimeAlone) -> Fraction:
    return there.mean_ms / found.over_cores.alone[-1].mean_ms


def _said(over: OverCores, there: TimeAlone, cores: Fraction) -> tuple[OriginKind, Reason]:
    time = milliseconds(float(there.mean_ms) / 1000)
    values = {"own": plain(quantized(cores)), "time": time}
    counts = [one.cores for one in over.alone]
    if cores in counts:
        return "measured", Reason(
            "on {own} vCPU a request alone takes {time} ms, as measured there", **values
        )
    if cores < counts[0]:
        message = (
            "on {own} vCPU a request alone is taken as {time} ms: that measured on {fewest}, over the share"
        )
        return "assumed", Reason(message, fewest=str(counts[0]), **values)
    message = "on {own} vCPU a request alone is taken as {time} ms, between those measured on {counts}"
    return "assumed", Reason(message, counts=listed(map(str, counts)), **values)


def billed_time(time: Quantity, found: MeasuredAt, own: Shape, step: Quantity) -> Quantity | None:
    """Return the mean of the measured times, each rounded up: 90 and 110 ms by 100 ms are 150, not 100.

    Args:
        time: Of a request on this machine.
        found: The measurement that it comes from.
        own: The machine.
        step: What each call is rounded up to, in seconds.

    Returns:
        None where all calls take equally many steps, or no distribution was measured.
    """
    over = found.over_cores
    if not over.alone or not step.value:
        return None
    there = over.alone[-1] if own.vcpu is None or own.vcpu >= found.vcpu else over.time_on(own.vcpu)
    groups = billed_groups(there, step.value * 1000) if there is not None else ()
    if len(groups) < 2:
        return None
    total = Quantity(0)
    for times, share in groups:
        total += (time * times).rounded_up_to(step) * share
    reason = Reason(
        "each of the measured times rounded up to {step} ms: {mean} ms in the mean",
        step=milliseconds(float(step.value)),
        mean=milliseconds(float(total.value)),
    )
    return total * Quantity(1, frozenset({Origin("measured", "run_time_rounding", reason)}))


def gain_on(found: MeasuredAt, own: Shape, cores: int) -> Quantity | None:
    """Return how much a machine serves of what was measured, by the curve over cores.

    Args:
        found: The measurement.
        own: The machine.
        cores: Whole ones that it has.

    Returns:
        None where it has as many cores, or as the curve does not reach.
    """
    if own.gpus != found.gpus or own.vcpu != cores or cores >= found.vcpu:
        return None
    gain = found.over_cores.gain_on(Fraction(cores), found.vcpu)
    if gain is None:
        return None
    curve = found.over_cores.curve
    assert curve is not None
    reason = Reason(
        "on {own} vCPU it serves {times} times as much, by the measured curve over cores ({counts})",
        own=str(cores),
        times=significant(quantized(gain), 3),
        counts=listed(map(str, curve.cores)),
    )
    return Quantity(gain, frozenset({Origin("measured", "vcpu", reason)}))


def capacity_on(capacity: Capacity, own: Shape, cores: int) -> Capacity:
    """Return a measured capacity as it is on fewer whole cores; the same one where nothing says how.

    Args:
        capacity: Of a resource.
        own: Its machine.
        cores: Whole ones that it has.
    """
    rate = capacity.requests_per_second
    found = measured_at(rate) if rate is not None else None
    gain = gain_on(found, own, cores) if found is not None else None
    if rate is None or found is None or gain is None:
        return capacity
    time = capacity.request_duration
    at = measured_at(time) if time is not None else None
    there = _time_there(at, own) if at is not None else None
    if time is not None and at is not None and there is not None:
        time = time * Quantity(_longer(at, there), gain.origins)  # said once, with the gain
    return capacity.model_copy(update={"requests_per_second": rate * gain, "request_duration": time})
