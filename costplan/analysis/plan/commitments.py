"""Commitments: how much of a SKU to pay for in advance, for a term, used or not.

A committed unit costs its price in every hour of the month and saves the list price in those in which it is
used. So it pays where the share of hours that use it exceeds `committed price / list price`, and the units
to commit are those below the level that is reached for so long (the newsvendor's critical ratio).

Hours are taken resource by resource: whether two machines with office hours share them is not known, so what
one pays for never counts for the other, and the saving is what is certain. Provider's rules: vCPU and RAM
only, no preemptible machines, whole account, no reservation of capacity; which SKUs, the catalog says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from costplan.catalog.model import Commitment, term_in_words
from costplan.catalog.price import Currency, Price
from costplan.catalog.store import Catalog
from costplan.messages.reason import Reason
from costplan.pricing.components import Component, components_of
from costplan.quantities.money import quantized
from costplan.resources.contract import PricingContext, Resource
from costplan.resources.deployment import Level
from costplan.scenario.loaded import LoadedScenario

Terms = Mapping[str, Sequence[str]]
"""Terms that may be bought, by resource; those under the empty name hold for all."""


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """One SKU of one resource on one term: what to commit, or why it cannot be said."""

    resource: str
    sku: str
    """SKU that is used now."""
    name: str
    term: str
    """As the catalog calls it: `m6`, `y1`."""
    committed_sku: str
    unit: str
    """What is committed: `core`, `GB`."""
    list_price: Decimal
    """Price of one unit and hour without commitment."""
    committed_price: Decimal | None
    """The same with it; None where it is not known."""
    break_even: Decimal | None
    """Share of the hours that a unit must be used to pay: committed over list price."""
    used: Decimal
    """Most units that are used at the same time."""
    commit: Decimal
    """Units to commit; 0 where none pays."""
    monthly_saving: Decimal
    """Less per month at this load; the rest of the use stays at the list price."""
    reason: str = ""
    """Why there is no committed price, or why nothing is committed."""


def commitment_lines(
    scenario: LoadedScenario, currency: Currency, day: date, terms: Sequence[str] | None = None
) -> list[CommitmentLine]:
    """Say for each SKU that the catalog has commitments for how much to commit on each term, or on some."""
    components, _ = components_of(scenario, currency, day)
    lines: list[CommitmentLine] = []
    for (resource, key), parts in groupby(components, key=lambda part: (part.resource, part.key)):
        first, *others = parts
        quantity = sum((Fraction(part.quantity) for part in others), Fraction(first.quantity))
        found = _commitment(scenario.catalog, *key)
        if found is None or first.price is None or not quantity:
            continue
        levels = _in_units(scenario.resources[resource], scenario.context, quantity)
        lines += [
            _line(scenario, first, levels, term, code, currency, day)
            for term, code in found.terms.items()
            if terms is None or term in terms
        ]
    return lines


def saving_of(scenario: LoadedScenario, currency: Currency, day: date, terms: Terms) -> Decimal:
    """Return what the best of the allowed terms saves in a month, SKU by SKU."""
    if not any(terms.values()):
        return Decimal(0)
    best: dict[tuple[str, str], Decimal] = {}
    for line in commitment_lines(scenario, currency, day):
        if line.term in {*terms.get("", ()), *terms.get(line.resource, ())}:
            key = (line.resource, line.sku)
            best[key] = max(best.get(key, Decimal(0)), line.monthly_saving)
    return sum(best.values(), Decimal(0))


def _commitment(catalog: Catalog, service: str, code: str) -> Commitment | None:
    return next((found for found in catalog.offer(service).commitments if found.covers == code), None)


def _in_units(resource: Resource, context: PricingContext, quantity: Fraction) -> list[Level]:
    """Return the levels in units of the SKU, of which the month uses `quantity`."""
    time = resource.running_time(context)
    if not time.billed:
        return []
    return [replace(level, units=level.units * quantity / time.billed) for level in time.levels]


def _line(
    scenario: LoadedScenario,
    part: Component,
    levels: Sequence[Level],
    term: str,
    code: str,
    currency: Currency,
    day: date,
) -> CommitmentLine:
    assert part.price is not None
    service, sku = part.key
    listed = part.price.rates[-1].unit_price
    found = scenario.catalog.price(service, code, currency, day)
    line = CommitmentLine(
        resource=part.resource,
        sku=sku,
        name=part.price.sku.name,
        term=term,
        committed_sku=code,
        unit=part.unit.partition("*")[0],
        list_price=listed,
        committed_price=None,
        break_even=None,
        used=quantized(max(level.units for level in levels)) if levels else Decimal(0),
        commit=Decimal(0),
        monthly_saving=Decimal(0),
    )
    if isinstance(found, str):
        said = Reason(
            "no price for {term} is known for {sku}: {why}",
            Reason.of(term_in_words(term)),
            part.price.sku.name,
            found,
        )
        return replace(line, reason=said)
    return _with_quantity(line, found, levels, Fraction(scenario.model.hours_per_month))


def _with_quantity(
    line: CommitmentLine, price: Price, levels: Sequence[Level], month: Fraction
) -> CommitmentLine:
    committed, listed = Fraction(price.rates[-1].unit_price), Fraction(line.list_price)
    units = units_to_commit(levels, committed / listed, month)
    used = sum((min(level.units, units) * level.hours for level in levels), Fraction(0))
    saving = listed * used - committed * units * month
    return replace(
        line,
        committed_price=price.rates[-1].unit_price,
        break_even=quantized(committed / listed),
        commit=quantized(units),
        monthly_saving=quantized(saving),
        reason="" if units else Reason("runs for fewer hours than a commitment must be used to pay"),
    )


def units_to_commit(levels: Sequence[Level], ratio: Fraction, month: Fraction) -> Fraction:
    """Return the most units of which each is used for more than `ratio` of the month.

    Args:
        levels: In any order; hours that are missing to the month use nothing.
        ratio: Committed price over list price.
        month: Hours of the month, all of which a committed unit is paid for.
    """
    best = Fraction(0)
    for units, hours in _reached(levels):
        if hours > ratio * month:
            best = max(best, units)
    return best


def _reached(levels: Sequence[Level]) -> Iterator[tuple[Fraction, Fraction]]:
    """Give each level with the hours in which at least so many units run."""
    hours = Fraction(0)
    for level in sorted(levels, key=lambda level: -level.units):
        hours += level.hours
        yield level.units, hours
