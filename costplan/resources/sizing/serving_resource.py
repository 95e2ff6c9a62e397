"""What kinds that answer requests share: a capacity, the machine it holds for, what an SLO asks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence

from costplan.capacity.model import Capacity
from costplan.capacity.slo import Slo
from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason, milliseconds
from costplan.messages.text import listed
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import MeasuredAt, Quantity
from costplan.resources.contract import SERVING_ROLES, Constraint, Finding, PricingContext, Resource
from costplan.resources.sizing.measured_cores import measured_at
from costplan.resources.sizing.shape import Shape, StatedFor


class ServingResource(Resource):
    """Something that a request may wait for."""

    capacity: Capacity | None = None
    """What it serves."""
    stated_for: StatedFor | None = None
    """Machine that its capacity and request time were stated for, where it is another one now."""

    @abstractmethod
    def shape(self, catalog: Catalog, stated: StatedFor | None = None) -> Shape:
        """Return the machine that serves.

        Args:
            stated: What to take in place of the resource's own fields.
        """

    @abstractmethod
    def request_time(self, context: PricingContext) -> Quantity | None:
        """Return the seconds of a request that waits for no other; None where nothing says."""

    def cores_measured(self, own: Shape, found: MeasuredAt) -> Sequence[int]:
        """Return the counts of cores by whose curve its capacity was worked out; none where it was not."""
        return ()

    def capacity_needs(self, context: PricingContext) -> Iterator[Constraint]:
        """Say what must be enough at the load."""
        yield from ()

    def constraints(self, context: PricingContext) -> Iterator[Constraint]:
        """It must be enough at the load, fast enough for the SLO, and its capacity must hold at that SLO."""
        yield from self.capacity_needs(context)
        slo = context.workload.slo
        if slo is None or self.role not in SERVING_ROLES:
            return
        if self.capacity is not None and self.capacity.waiting:
            if self.capacity.slo is not None:
                yield from _looser_needs(self.capacity.slo, slo, is_stated=True)
            return  # replicas are planned by the SLO itself
        time = self.request_time(context)
        if time is not None:
            reason = Reason("a request alone takes {time} ms", time=milliseconds(float(time.value)))
            yield Constraint("slo", time, slo.latency, reason)
        held = self._slo_of_capacity()
        if held is not None:
            is_stated = self.capacity is not None and self.capacity.slo is not None
            yield from _looser_needs(held, slo, is_stated=is_stated)

    def time_alone(self, context: PricingContext) -> Quantity | None:
        """Return the time of a request that waits for no other; what replicas are planned for, where it is
        stated."""
        if self.role not in SERVING_ROLES:
            return None
        if self.capacity is not None and self.capacity.waiting and self.capacity.slo is not None:
            return self.capacity.slo.latency
        return self.request_time(context)

    def _slo_of_capacity(self) -> Slo | None:
        """Return the SLO that the capacity holds for: stated, or that of its measurement; None if unknown."""
        if self.capacity is None or self.capacity.requests_per_second is None:
            return None
        if self.capacity.slo is not None:
            return self.capacity.slo
        found = measured_at(self.capacity.requests_per_second)
        if found is None:
            return None
        return Slo.model_construct(percentile=Quantity(found.percentile), latency=Quantity(found.latency))

    def findings(self, context: PricingContext) -> Iterator[Finding]:
        """Say what is not known of how it serves; of a published figure machines do."""
        if self.role not in SERVING_ROLES or (
            self.capacity is not None and self.capacity.published is not None
        ):
            return
        time = self.request_time(context)
        rate = self.capacity.requests_per_second if self.capacity is not None else None
        figures = [figure for figure in (rate, time) if figure is not None]
        measured = next(filter(None, map(measured_at, figures)), None)
        if measured is not None:
            own = self.shape(context.catalog)
            yield from _measured_findings(own, measured, self.cores_measured(own, measured))
        elif self.stated_for is not None and figures:
            basis = self.shape(context.catalog, self.stated_for)
            yield from _stated_findings(self.shape(context.catalog), basis)


def _looser_needs(held: Slo, slo: Slo, *, is_stated: bool) -> Iterator[Constraint]:
    """A capacity at p99 <= 100 ms says nothing of p99 <= 50 ms, nor of p99.9 <= 100 ms."""
    said = Reason("its capacity was measured at {slo}, not at this SLO", slo=slo_text(held))
    if is_stated:
        said = Reason("its capacity is stated for {slo}, not for this SLO", slo=slo_text(held))
    if slo.latency.value < held.latency.value:
        yield Constraint("slo", held.latency, slo.latency, said)
    else:
        yield Constraint("slo", slo.percentile, held.percentile, said)


def slo_text(slo: Slo) -> str:
    """Write an SLO as it is read: `p99 <= 100 ms`."""
    share = plain(quantized(slo.percentile.value * 100))
    return f"p{share} <= {milliseconds(float(slo.latency.value), 6):,} ms"


def _measured_findings(own: Shape, found: MeasuredAt, counts: Sequence[int]) -> Iterator[Finding]:
    basis = Shape(found.vcpu, found.gpus)
    values = {"stated": f"{basis}, {found.processor}", "own": str(own)}
    relation = own.relation_to(basis)
    if counts:
        message = "measured on {stated}; for {own} by the measured curve over cores ({counts})"
        yield Finding("other-machine", Reason(message, counts=listed(map(str, counts)), **values), False)
    elif relation == "smaller":
        message = "measured on {stated}; {own} is smaller, and nothing says how much it serves"
        yield Finding("smaller-machine", Reason(message, **values), True)
    elif own.gpus and not found.gpus:
        message = "measured on a CPU ({stated}), not on {own}"
        yield Finding("measured-on-cpu", Reason(message, **values), False)
    elif relation == "other":
        message = "measured on {stated}; {own} is taken as no slower"
        yield Finding("other-machine", Reason(message, **values), False)


def _stated_findings(own: Shape, basis: Shape) -> Iterator[Finding]:
    values = {"stated": str(basis), "own": str(own)}
    relation = own.relation_to(basis)
    if relation == "smaller":
        message = "stated for {stated}; {own} is smaller, and nothing says how much it serves"
        yield Finding("smaller-machine", Reason(message, **values), True)
    elif relation == "other":
        message = "stated for {stated}; {own} is taken as no slower"
        yield Finding("other-machine", Reason(message, **values), False)


def running_findings(hours: Quantity | None, month: Quantity) -> Iterator[Finding]:
    """Say that something which serves does not always run."""
    if hours is not None and hours.value < month.value:
        values = {"hours": round(hours.value), "month": round(month.value)}
        message = "runs {hours} of {month} h: nothing answers at other times"
        yield Finding("hours", Reason(message, **values), False)


def stopping_finding() -> Finding:
    """Say what preemptible machines cost in service."""
    message = "may be stopped by the provider at any time, and after 24 h at the latest; requests then fail"
    return Finding("preemptible", Reason(message), False)


def no_capacity() -> Finding:
    """Say that nothing tells how much something serves."""
    return Finding("no-capacity", Reason("has no stated capacity: nothing says how much it serves"), True)
