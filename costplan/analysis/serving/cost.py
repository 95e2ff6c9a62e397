"""What a million requests cost: a measured capacity against the catalog's prices, with its interval.

cost per million = hourly price / (rate at the SLO x 3600 x share of good answers) x 1,000,000

Pure: no files, clock or printing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.serving.call_times import call_times
from costplan.analysis.serving.hardware_scaling import Machine, Speed, as_assumed, speed_of
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.measurement.model import (
    Calibration,
    CostRow,
    MeasuredCapacity,
    MeasuredPoint,
    Measurement,
    PriceStamp,
)
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import quantized, shortest
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import HOURS_PER_MONTH, SECONDS_PER_HOUR
from costplan.resources.contract import Resource
from costplan.resources.deployment import CallInstance, MachineType
from costplan.resources.parts.machine import find_platform
from costplan.scenario.alone import resource_alone

MILLION = 1_000_000
DEFAULT_UTILISATION = Decimal("0.6")
"""A planned mean load of 60 % of the capacity: peaks, a failed machine and a release need the rest."""


@dataclass(frozen=True, slots=True)
class ServingCandidate:
    """Something that could serve the model."""

    name: str
    """As it is shown: `standard-v3 2x4`."""
    resource: Resource
    runs_on: MachineType | CallInstance


@dataclass(frozen=True, slots=True)
class CostQuestion:
    """What to price, and how."""

    catalog: Catalog
    currency: Currency
    day: date
    utilisation: Decimal = DEFAULT_UTILISATION
    assume_same_speed: bool = False
    """Whether the user takes it on that other machines are as fast as the one that measured."""
    references: Mapping[str, Calibration] | None = None
    assumed_speeds: Mapping[str, Decimal] = field(default_factory=dict)
    """How many times as fast as what measured the user supposes a platform to be."""


def with_costs(
    measurement: Measurement, candidates: Sequence[ServingCandidate], question: CostQuestion
) -> Measurement:
    """Return the measurement with a cost row per candidate, the front marked, and the prices named."""
    items = measurement.model.items_per_request
    rows = [_with_items(_row(measurement, candidate, question), items) for candidate in candidates]
    stamp = PriceStamp(
        question.catalog.index.catalog,
        question.day,
        question.catalog.sha256,
        question.catalog.currencies[question.currency].vat,
        question.catalog.newest,
    )
    return replace(measurement, cost=tuple(_with_front(rows)), prices=stamp)


def _with_items(row: CostRow, items: int) -> CostRow:
    """Add the cost of a million items where a request carries several."""
    cost = row.cost_per_million_requests
    if items <= 1 or cost is None:
        return row
    return replace(row, cost_per_million_items=quantized(Fraction(cost) / items))


def _row(measurement: Measurement, candidate: ServingCandidate, question: CostQuestion) -> CostRow:
    if isinstance(candidate.runs_on, MachineType):
        return _machine_row(measurement, candidate, candidate.runs_on, question)
    return _serverless_row(measurement, candidate, candidate.runs_on, question)


def _machine_row(
    measurement: Measurement, candidate: ServingCandidate, machine: MachineType, question: CostQuestion
) -> CostRow:
    bill = _bill(candidate.resource, question)
    hourly = None if bill.unpriced else quantized(Fraction(bill.total.monthly_cost) / HOURS_PER_MONTH)
    speed = speed_of(_hardware(machine, question.catalog), measurement, question.references)
    times = question.assumed_speeds.get(machine.platform)
    speed = speed if times is None else as_assumed(speed, times)
    is_supposed = times is not None and speed.basis == "assumed"
    row = CostRow(
        instance=candidate.name,
        basis=speed.basis,
        reason=speed.reason,
        is_claim=not is_supposed and _is_claim(speed, question),
        assumed_speed=times if is_supposed else None,
        currency=question.currency,
        hourly_cost=hourly,
    )
    offline = _offline(measurement)
    capacity = offline or measurement.capacity
    p99 = capacity.response_ms.p99
    if speed.basis is None or capacity.low is None or hourly is None:
        reason = row.reason if speed.basis is None else _missing(measurement, bill)
        return replace(row, basis=None, reason=reason, is_claim=False)
    central = capacity.requests_per_second or capacity.low
    rates = (
        shortest(central) * shortest(speed.ratio),
        shortest(capacity.low) * shortest(speed.low),
        None if capacity.high is None else shortest(capacity.high) * shortest(speed.high),
    )
    costs = [_per_million(hourly, rate, capacity.good_share) for rate in rates]
    if offline is not None:
        row = replace(row, reason=row.reason + Reason("; an offline job, which promises no time"))
    share = None if offline is not None else question.utilisation
    planned = [None if cost is None or share is None else quantized(cost / share) for cost in costs]
    return replace(
        row,
        requests_per_second=quantized(rates[0]),
        requests_per_second_per_vcpu=quantized(Fraction(rates[0]) / machine.vcpu),
        requests_per_second_low=quantized(rates[1]),
        requests_per_second_high=None if rates[2] is None else quantized(rates[2]),
        cost_per_million_requests=costs[0],
        low=costs[2],
        high=costs[1],
        utilisation=share,
        cost_per_million_at_utilisation=planned[0],
        low_at_utilisation=planned[2],
        high_at_utilisation=planned[1],
        p99_ms=None if is_supposed or p99 is None else shortest(p99),
    )


def _offline(measurement: Measurement) -> MeasuredCapacity | None:
    """Return the throughput of a batch, of right answers alone, to price machines by; None without one."""
    point = measurement.headline_point
    if point is None or point.mode != "batch" or not point.achieved_requests_per_second:
        return None
    rate = point.achieved_requests_per_second
    return MeasuredCapacity(rate, rate, rate, point.verdict, response_ms=point.response_ms)


def _missing(measurement: Measurement, bill: Estimate) -> str:
    if bill.unpriced:
        return Reason("unpriced: {sku}: {why}", bill.unpriced[0].sku, bill.unpriced[0].reason)
    slo = measurement.claimed_slo
    return Reason(
        "no rate is known at which p{percentile} stays within {latency} ms",
        f"{slo.percentile:g}",
        f"{slo.latency_ms:g}",
    )


def _is_claim(speed: Speed, question: CostQuestion) -> bool:
    return speed.basis in ("measured", "scaled") or (speed.basis == "assumed" and question.assume_same_speed)


def _per_million(hourly: Decimal, rate: Decimal | None, good_share: float) -> Decimal | None:
    """Return the cost of a million good answers; None where the rate is not bounded or nothing is good."""
    if rate is None or rate <= 0 or good_share <= 0:
        return None
    good = Fraction(rate) * Fraction(shortest(good_share)) * SECONDS_PER_HOUR
    return quantized(Fraction(hourly) * MILLION / good)


def _serverless_row(
    measurement: Measurement, candidate: ServingCandidate, instance: CallInstance, question: CostQuestion
) -> CostRow:
    """Price a million calls of the measured lengths: p50 and p99 bound what all of them together say."""
    single = measurement.single()
    here = measurement.environment.processor.name
    row = CostRow(
        instance=candidate.name,
        basis="assumed",
        reason=Reason(
            "priced as if a container's core equalled {here}; one request at a time, without cold starts",
            here,
        ),
        is_claim=question.assume_same_speed,
        currency=question.currency,
        hourly_cost=None,
    )
    calls = call_times(measurement, instance.vcpu)
    if single is None or calls is None:
        said = Reason("the time of a request on an idle server was not measured (mode single or slo)")
        if single is not None and single.service_ms.mean:
            bound = f"{measurement.slo.latency_ms:g}"
            said = Reason("no request alone was answered rightly within {latency} ms", bound)
        return replace(row, basis=None, reason=said, is_claim=False)
    row = replace(row, reason=row.reason + calls.said)

    def bill(milliseconds: Fraction) -> Estimate:
        return _bill(candidate.resource, question, Quantity(quantized(milliseconds)) / 1000)

    def cost_of(lengths: Mapping[Fraction, Fraction]) -> Decimal:
        parts = (Fraction(bill(ms).total.monthly_cost) * share for ms, share in lengths.items())
        return quantized(sum(parts, Fraction(0)))

    first = bill(calls.mean)
    if first.unpriced:
        return replace(row, basis=None, reason=_missing(measurement, first), is_claim=False)
    rounding, one = candidate.resource.call_rounding(question.catalog), Fraction(1)
    whole = calls.billed(rounding) or {calls.mean: one}
    least = calls.billed(rounding, at_least=True) or whole
    costs = [
        _good(cost_of(lengths), single) for lengths in (whole, least, {calls.p50: one}, {calls.p99: one})
    ]
    p99 = single.response_ms.p99
    return replace(
        row,
        cost_per_million_requests=costs[0],
        low=min(costs),
        high=max(costs),
        p99_ms=None if p99 is None else quantized(calls.longer * Fraction(shortest(p99))),
    )


def _good(cost: Decimal, point: MeasuredPoint) -> Decimal:
    return quantized(Fraction(cost) / Fraction(shortest(point.good_share)))


def _bill(resource: Resource, question: CostQuestion, duration: Quantity | None = None) -> Estimate:
    """Price one resource for a month of a million requests, without the account's free volumes."""
    alone = resource_alone(resource, question.catalog, MILLION, duration)
    return price_scenario(alone, currency=question.currency, as_of=question.day)


def _hardware(machine: MachineType, catalog: Catalog) -> Machine:
    platform = find_platform(catalog.offer(machine.service), machine.platform)
    if platform is None:
        raise InputError(Reason("`{platform}` is not a platform of the catalog", machine.platform))
    return Machine(platform, machine.vcpu, machine.core_fraction, machine.gpus)


def _with_front(rows: Sequence[CostRow]) -> list[CostRow]:
    """Mark the rows that no other beats in both p99 and cost."""
    known = [row for row in rows if row.p99_ms is not None and row.cost_per_million_requests is not None]
    return [replace(row, on_front=row in known and not _is_beaten(row, known)) for row in rows]


def _is_beaten(row: CostRow, others: Sequence[CostRow]) -> bool:
    def figures(one: CostRow) -> tuple[Decimal, Decimal]:
        assert one.p99_ms is not None
        assert one.cost_per_million_requests is not None
        return one.p99_ms, one.cost_per_million_requests

    latency, cost = figures(row)
    return any(
        other_latency <= latency and other_cost <= cost and (other_latency, other_cost) != (latency, cost)
        for other_latency, other_cost in map(figures, others)
    )
