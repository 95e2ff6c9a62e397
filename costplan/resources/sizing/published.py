"""What a published figure is worth on a machine: the least of card, processor and network, and what is open.

Rules, in the order in which they are asked: the card's figure is a ceiling; what decodes requests must keep
up; so must the network; batches must form; and only a figure under arrivals says anything of a percentile.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from costplan.capacity.model import Capacity
from costplan.capacity.slo import Slo
from costplan.messages.reason import Reason, join_reasons, milliseconds
from costplan.quantities.money import plain, quantized, rounded
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Finding, PricingContext, Problem
from costplan.resources.sizing.shape import Shape

if TYPE_CHECKING:
    from costplan.capacity.published_choice import PublishedChoice
    from costplan.capacity.published_rows import PublishedRow

BITS = 8
GIGA = 10**9


@lru_cache(maxsize=64)
def choice_of(name: str) -> PublishedChoice:
    """Return the row that a capacity names; it was checked when the scenario was read."""
    from costplan.capacity.published_choice import published_choice

    return published_choice(name)


def bounds_of(capacity: Capacity, shape: Shape, context: PricingContext) -> dict[str, Quantity]:
    """Return how many requests a second each part of a machine lets through, as far as it is known.

    A card and the processor work at the same time, on one request after the other; where the figure is a
    processor's own, both kinds of work share its cores, so their times add up.
    """
    assert capacity.published is not None
    assert capacity.requests_per_second is not None
    choice = choice_of(capacity.published)
    rate = capacity.requests_per_second
    if capacity.concurrency > 1:
        rate = rate.at_most(choice.rate_with(capacity.concurrency).rate_per_card)
    found = {"card": rate}
    if capacity.cpu_time_per_request is not None and shape.vcpu is not None:
        decoding = Quantity(shape.vcpu) / capacity.cpu_time_per_request
        if choice.row.cards is None:
            one = Quantity(1)
            found["card"] = one / (one / rate + one / decoding)
        else:
            found["cpu"] = decoding
    size = _bytes_of(capacity, context)
    if capacity.bandwidth is not None and size is not None:
        found["network"] = capacity.bandwidth / size
    return found


def _bytes_of(capacity: Capacity, context: PricingContext) -> Quantity | None:
    """Return the bytes of a request or of its answer, whichever is more: both ways are there at once."""
    workload = context.workload
    asked = capacity.request_size or workload.request_size
    sizes = [size for size in (asked, workload.response_size) if size and size.value]
    return reduce(Quantity.at_least, sizes) if sizes else None


def served_capacity(capacity: Capacity, shape: Shape, context: PricingContext) -> Capacity:
    """Return a capacity with the rate that all parts of a machine let through, and a request's whole time."""
    if capacity.published is None or capacity.requests_per_second is None:
        return capacity
    bounds = bounds_of(capacity, shape, context)
    rate = bounds["card"]
    for name in ("cpu", "network"):
        rate = rate.at_most(bounds[name]) if name in bounds else rate
    time, own = capacity.request_duration, capacity.cpu_time_per_request
    if time is not None and own is not None:
        time = time + own
    return capacity.model_copy(update={"requests_per_second": rate, "request_duration": time})


def published_problems(
    capacity: Capacity | None, gpu: str | None, kind: str, *, is_machine: bool
) -> Iterator[Problem]:
    """Say that a figure was published for something else than what would serve.

    Args:
        capacity: Of the resource.
        gpu: Name of the platform's GPU; None for none.
        kind: Of the resource.
        is_machine: Whether it is a machine with cores of its own.
    """
    if capacity is None or capacity.published is None:
        return
    at = ["capacity", "published"]
    row = choice_of(capacity.published).row
    if not is_machine:
        hint = "a published figure is of a machine: `compute-instance` or `kubernetes-node-group`"
        yield Problem(at, Reason("is not for `{kind}`", kind=kind), hint)
        return
    own = (gpu or "").removeprefix("NVIDIA ")
    if row.cards is not None and own != row.card:
        message = Reason(
            "is published for {card}, and the machine has {own}: no card's figures are taken for another",
            card=row.card,
            own=own or Reason("no card"),
        )
        yield Problem(at, message, "take a platform with that card, or measure yours with `costplan bench`")


def published_findings(
    capacity: Capacity, shape: Shape, context: PricingContext, machines: Quantity
) -> Iterator[Finding]:
    """Say of what a published figure is, and what it leaves open.

    Args:
        machines: In the busiest hour.
    """
    from costplan.capacity.published_words import said_of

    assert capacity.published is not None
    choice = choice_of(capacity.published)
    yield Finding("published", said_of(choice.row), False)
    bounds = bounds_of(capacity, shape, context)
    if len(bounds) > 1:
        yield Finding("published-bounds", _binding(bounds), False)
    yield from _machine_findings(choice.row, shape)
    yield from _cpu_findings(capacity, choice.row)
    yield from _network_findings(capacity, bounds, context)
    yield from _batch_findings(capacity, choice, context, machines)
    slo = context.workload.slo
    if slo is not None and capacity.waiting is None and not _keeps(choice.row, capacity, bounds, slo):
        yield Finding("published-slo", _of_percentile(choice.row), True)


def _binding(bounds: dict[str, Quantity]) -> Reason:
    """Say what counts: the least of all."""
    parts = [Reason("published {rate}", rate=_shown(bounds["card"].value))]
    if "cpu" in bounds:
        parts.append(Reason("processor {rate}", rate=_shown(bounds["cpu"].value)))
    if "network" in bounds:
        parts.append(Reason("network {rate}", rate=_shown(bounds["network"].value)))
    rates = join_reasons(parts, ", ")
    least = min(bounds, key=lambda name: bounds[name].value)
    if least == "cpu":
        return Reason("the processor binds first, in requests a second: {rates}", rates=rates)
    if least == "network":
        return Reason("the network binds first, in requests a second: {rates}", rates=rates)
    return Reason("the published figure binds first, in requests a second: {rates}", rates=rates)


def _shown(number: Fraction, decimals: int = 1) -> Decimal:
    return Decimal(plain(rounded(quantized(number), decimals)))


def _machine_findings(row: PublishedRow, shape: Shape) -> Iterator[Finding]:
    """A processor's figure is of all its cores; how much fewer of them serve, nothing says."""
    values = {"hardware": row.hardware, "own": str(shape)}
    if row.cards is not None and shape.gpus > 1:
        message = "the figure is of one card: the {count} of a machine are taken as no faster"
        yield Finding("other-machine", Reason(message, count=shape.gpus), False)
    if row.vcpu is None and row.cards is None:
        message = "published for {hardware}, which does not say how many cores it used"
        yield Finding("smaller-machine", Reason(message, **values), True)
    elif row.vcpu is not None and shape.vcpu is not None and shape.vcpu < row.vcpu:
        message = "published for {hardware}; {own} is smaller, and nothing says how much it serves"
        yield Finding("smaller-machine", Reason(message, **values), True)


def _cpu_findings(capacity: Capacity, row: PublishedRow) -> Iterator[Finding]:
    is_in_it = row.preprocessing == "included" and row.vcpu is not None
    if capacity.cpu_time_per_request is None and not is_in_it:
        message = (
            "the processor time for decoding and preparing a request is not known (cpu_time_per_request)"
        )
        yield Finding("published-cpu", Reason(message), True)


def _network_findings(
    capacity: Capacity, bounds: dict[str, Quantity], context: PricingContext
) -> Iterator[Finding]:
    if "network" in bounds:
        return
    size = _bytes_of(capacity, context)
    if size is None:
        message = "the bytes of a request are not known (workload.request_size): the network may bind first"
        yield Finding("published-network", Reason(message), False)
        return
    least = min(bound.value for bound in bounds.values())
    message = "the machine's bandwidth is not known (bandwidth): this rate takes {gigabits} Gbit/s of it"
    gigabits = _shown(least * size.value * BITS / GIGA, 3)
    yield Finding("published-network", Reason(message, gigabits=gigabits), False)


def _batch_findings(
    capacity: Capacity, choice: PublishedChoice, context: PricingContext, machines: Quantity
) -> Iterator[Finding]:
    """Batches must form: in flight are the requests that arrive, times their time (Little's law)."""
    row = choice.row
    needed = row.in_flight or 1
    if needed <= 1 or capacity.waiting is not None:
        return
    if not row.batches_on_server:
        message = "published for batches of {count} from one client: requests that come one by one form none"
        yield Finding("published-batch", Reason(message, count=needed), True)
        return
    load = context.load(context.month)
    busiest = max((level.rate.value for level in load.levels), default=Fraction(0)) * load.peak_factor.value
    latency = Fraction(row.latency_ms or 0) / 1000
    there = busiest * latency / max(machines.value, Fraction(1))
    if there < needed and choice.alone is not None and choice.alone.alone_seconds is not None:
        reason = Reason(
            "batches do not form at {load} requests a month: {there} are in flight on a machine, and the "
            "rate was published with {needed}; a request takes the {time} ms of one alone",
            load=Decimal(plain(quantized(context.workload.monthly_requests.value))),
            there=_shown(there, 2),
            needed=needed,
            time=milliseconds(float(choice.alone.alone_seconds)),
        )
        yield Finding("published-batch", reason, False)


def _keeps(row: PublishedRow, capacity: Capacity, bounds: dict[str, Quantity], slo: Slo) -> bool:
    """Say whether a row was published under arrivals with a bound that the SLO leaves room for.

    Another bound than the card's may queue requests by itself, and nothing says for how long.
    """
    if row.bound_ms is None or min(bounds.values(), key=lambda one: one.value) is not bounds["card"]:
        return False
    own = capacity.cpu_time_per_request.value if capacity.cpu_time_per_request is not None else 0
    return (
        slo.percentile.value <= Fraction(99, 100) and slo.latency.value >= Fraction(row.bound_ms) / 1000 + own
    )


def _of_percentile(row: PublishedRow) -> Reason:
    if row.bound_ms is not None:
        message = (
            "published under arrivals for p99 <= {bound} ms of the model alone: nothing says more of this SLO"
        )
        return Reason(message, bound=Decimal(plain(row.bound_ms)))
    if row.scenario == "server":
        return Reason("published under arrivals for a bound of its own: nothing says that this SLO is kept")
    return Reason("published without arrivals: nothing says that this SLO is kept (`waiting: M/D/c` would)")
