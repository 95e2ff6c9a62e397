"""What resources that serve requests share: replicas for the load, and what each replica-hour was for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from costplan.capacity.model import Capacity
from costplan.capacity.replicas import ReplicaHours, Sizing
from costplan.messages.reason import Reason, milliseconds
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Constraint, MissingInputError, PricingContext, Shares


def sizing(capacity: Capacity, context: PricingContext) -> Sizing:
    """Join a capacity with what it needs of the workload.

    Raises:
        MissingInputError: A waiting model needs an SLO or a time that the scenario does not give.
    """
    if capacity.waiting is None:
        return Sizing(capacity, capacity.request_duration or context.workload.request_duration)
    why = Reason("`waiting: {waiting}` plans replicas by it", capacity.waiting)
    duration = capacity.request_duration or context.constraint("request_duration", why)
    if duration.value <= 0:
        raise MissingInputError("workload.request_duration", Reason("{why}; it must be above zero", why))
    return Sizing(capacity, duration, capacity.slo or context.slo(why))


def replica_hours(
    capacity: Capacity, context: PricingContext, least: Quantity, running: Quantity
) -> ReplicaHours:
    """Return the replica-hours of a month; none where nothing runs.

    Args:
        least: Fewest replicas, as the scenario states them.
        running: Hours of the month in which replicas run.
    """
    if not running.value:
        nothing = Quantity(0)
        return ReplicaHours(nothing, nothing, nothing, nothing, nothing)
    # A bill asks several times: for usage, for needs, for what the money is for. Equal quantities may have
    # different formulas, so these are told apart as objects, and held so that no other takes their place.
    made_of = (capacity, context.workload, least.formula, running.formula)
    key = (*map(id, made_of), context.hours_per_month, least, running)
    if key not in context.cache:
        hours = sizing(capacity, context).replica_hours(context.load(running), least, running)
        context.cache[key] = hours, made_of
    found: ReplicaHours = context.cache[key][0]
    return found


def shares_of(hours: ReplicaHours) -> Shares | None:
    """Split the cost of replicas by what their hours were for; None where none were paid."""
    if not hours.billed.value:
        return None
    whole = hours.billed
    busy = hours.busy.at_most(whole)
    needed = hours.needed.at_most(whole).at_least(busy)
    return Shares(useful=busy / whole, headroom=(needed - busy) / whole, idle=(whole - needed) / whole)


def replica_needs(
    capacity: Capacity,
    context: PricingContext,
    hours: ReplicaHours,
    most: int | None,
    what: Literal["machine", "cluster"],
) -> Iterator[Constraint]:
    """Say what must be enough: replicas under their maximum, and the SLO while replicas start.

    Args:
        most: Most replicas; None for no bound.
        what: What a replica is.
    """
    slo = context.workload.slo
    if capacity.waiting is not None and slo is not None:
        yield from _answer_needs(capacity, context)
    if most is not None:
        yield Constraint("replicas", hours.most, Quantity(most), _too_few(what, most))
    if slo is not None and capacity.scale_up_delay.value and capacity.is_elastic:
        allowed = context.workload.monthly_requests * (Quantity(1) - slo.percentile)
        reason = Reason("too many requests arrive while replicas still start")
        yield Constraint("slo", hours.at_risk, allowed, reason)


def _too_few(what: Literal["machine", "cluster"], most: int) -> Reason:
    """Say that a maximum is not enough; a message for each word and number, as other languages want it."""
    if what == "machine":
        message = "needs more than {count} machine" if most == 1 else "needs more than {count} machines"
        return Reason(message, count=most)
    message = "needs more than {count} such cluster" if most == 1 else "needs more than {count} such clusters"
    return Reason(message, count=most)


def _answer_needs(capacity: Capacity, context: PricingContext) -> Iterator[Constraint]:
    """An idle replica must be fast enough; the least bound is in proportion to the time of a request."""
    from costplan.capacity.queueing import idle_latency

    assert capacity.waiting is not None
    found = sizing(capacity, context)
    assert found.slo is not None
    assert found.service_time is not None
    services = Fraction(idle_latency(capacity.waiting, float(found.slo.percentile.value)))
    least = found.service_time * services
    reason = Reason(
        "an idle replica answers in {time} ms at best at this percentile",
        time=milliseconds(float(least.value), 3),
    )
    yield Constraint("slo", least, found.slo.latency, reason)
