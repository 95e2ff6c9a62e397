"""Months ahead: the load under growth, what each design costs, which one to run when, and what that comes to.

The prices of one day hold for all months, and so does its VAT rate: nobody knows those to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.curve.priced_design import PricedDesign
from costplan.analysis.timeline.break_even import break_even
from costplan.analysis.timeline.budgets import month_budget, own_budgets, total_budget
from costplan.analysis.timeline.business import Tariff
from costplan.analysis.timeline.documents import (
    TIMELINE_SCHEMA,
    BreakEven,
    BudgetBreak,
    BusinessOutcome,
    Design,
    Timeline,
    TimelineMonth,
)
from costplan.analysis.timeline.loads import Demand, demand_of, month_loads
from costplan.analysis.timeline.months import moves_of, planned_months, stays_of
from costplan.analysis.timeline.stated_amounts import Taxes, migration_cost, taxes_of
from costplan.catalog.price import Currency
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.catalog_stamp import EndingService, joined_stamps
from costplan.pricing.components import components_of
from costplan.pricing.engine import stamp_of
from costplan.pricing.estimate import Assumption
from costplan.quantities.money import quantized
from costplan.scenario.calendar import months_later
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.month_length import states_month

LOAD_INPUTS = ("workload.monthly_requests", "workload.growth", "workload.seasonality")
"""Inputs of the load's course, as far as the first scenario states them."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is asked of a timeline."""

    months: int = 24
    start: date | None = None
    """First day of the first month; the month after that of the prices when left out."""
    growth: Fraction | None = None
    """Per month; that of the first scenario when left out."""
    switching: Decimal | None = None
    """What each move costs; what the designs themselves say when left out."""
    hold: int = 1
    """Fewest months on a design before a move."""
    month_budget: Decimal | None = None
    """Most to spend in a month."""
    total_budget: Decimal | None = None
    """Highest spend in all months."""
    requests_stated: bool = False
    """Whether the load was given beside the scenarios: users then follow it."""


def timeline(
    scenarios: Sequence[LoadedScenario],
    horizon: Horizon,
    *,
    currency: Currency | None = None,
    as_of: date | None = None,
) -> Timeline:
    """Plan the designs of the months ahead.

    The load, its growth and the business are those of the first scenario; each design is priced at the load
    of the month.

    Raises:
        InputError: Nothing to plan, two designs of one name, different currencies, or a number is missing.
    """
    money = _currency(scenarios, currency)
    first = scenarios[0]
    demand = demand_of(first, horizon.growth, requests_stated=horizon.requests_stated)
    day = as_of or first.model.as_of or first.catalog.index.as_of
    taxes = taxes_of(first, money, first.catalog.vat_rate(money, day))
    tariff = Tariff(first, taxes) if first.model.business is not None else None
    designs = [PricedDesign(one, money, as_of, deducts_vat=taxes.deducts_vat) for one in scenarios]
    stated = _entry_costs(scenarios, horizon, taxes)
    entry = [quantized(cost or Fraction(0)) for cost in stated]
    priced = [cost is not None for cost in stated]
    loads = month_loads(demand, horizon.start or months_later(day, 1), horizon.months)
    months = planned_months(designs, loads, entry, priced, horizon.hold, tariff)
    stamp = joined_stamps([stamp_of(one, components_of(one, money, day)[0], day) for one in scenarios])
    months = _with_ended(months, stamp.ending)
    peak = max(load.requests for load in loads)
    return Timeline(
        schema=TIMELINE_SCHEMA,
        currency=money,
        vat=first.catalog.currencies[money].vat,
        vat_rate=taxes.vat_rate,
        regime=first.model.business.vat if first.model.business else None,
        catalog=stamp,
        growth=quantized(demand.growth),
        hold=horizon.hold,
        designs=tuple(_design(*found) for found in zip(designs, entry, priced, strict=True)),
        months=months,
        stays=tuple(stays_of(months)),
        moves=tuple(moves_of(months)),
        total_spend=months[-1].cumulative,
        budgets=tuple(_budgets(designs, months, horizon, money)),
        break_evens=tuple(_break_evens(designs, tariff, demand, peak)) if tariff else (),
        outcome=_outcome(months, tariff) if tariff else None,
        assumptions=tuple(_assumptions(scenarios)),
    )


def _with_ended(
    months: Sequence[TimelineMonth], ending: Sequence[EndingService]
) -> tuple[TimelineMonth, ...]:
    """Say of each month which services of its design are off before it is over."""
    return tuple(
        replace(
            row,
            ended=tuple(
                one.service
                for one in ending
                if one.ends < months_later(date.fromisoformat(f"{row.month}-01"), 1)
                and any(user.scenario == row.stage for user in one.used_by)
            ),
        )
        for row in months
    )


def _currency(scenarios: Sequence[LoadedScenario], currency: Currency | None) -> Currency:
    if not scenarios:
        raise InputError("there is nothing to plan")
    doubled = [name for name, count in Counter(one.name for one in scenarios).items() if count > 1]
    if doubled:
        raise InputError(Reason("two designs are called `{name}`", doubled[0]), hint="name each once")
    own = {currency or one.currency for one in scenarios}
    if len(own) > 1:
        raise InputError(
            Reason("the scenarios are in different currencies: {currencies}", ", ".join(sorted(own))),
            hint="name one with --currency RUB",
        )
    return own.pop()


def _entry_costs(
    scenarios: Sequence[LoadedScenario], horizon: Horizon, taxes: Taxes
) -> list[Fraction | None]:
    """Return what it costs to move to each design: as asked, as it says itself, or as the first one says.

    None where nobody says it.
    """
    if horizon.switching is not None:
        return [Fraction(horizon.switching)] * len(scenarios)
    stated = [migration_cost(scenario, taxes) for scenario in scenarios]
    return [stated[0] if cost is None else cost for cost in stated]


def _design(design: PricedDesign, switching: Decimal, move_priced: bool) -> Design:
    scenario, bill = design.scenario, design.formula
    return Design(
        scenario.name,
        scenario.title,
        switching,
        bill.unpriced,
        tuple(one.resource for one in bill.unknowns if one.what == "no-capacity"),
        bill.unknowns,
        bill.caveats,
        bill.not_billed,
        move_priced,
        hours_per_month=scenario.model.hours_per_month if states_month(scenario) else None,
    )


def _budgets(
    designs: Sequence[PricedDesign], months: Sequence[TimelineMonth], horizon: Horizon, currency: Currency
) -> Iterator[BudgetBreak]:
    yield from own_budgets(designs, months)
    if horizon.month_budget is not None:
        yield month_budget(months, horizon.month_budget, currency)
    if horizon.total_budget is not None:
        yield total_budget(months, horizon.total_budget, currency)


def _break_evens(
    designs: Sequence[PricedDesign], tariff: Tariff, demand: Demand, peak: int
) -> Iterator[BreakEven]:
    if not tariff.earns:
        return
    for design in designs:
        yield break_even(design, tariff, demand.per_user, peak)


def _outcome(months: Sequence[TimelineMonth], tariff: Tariff) -> BusinessOutcome:
    """Say when the business pays for itself, and how long its cash lasts."""
    booked = [(row.month, row.business) for row in months]
    even = [month for month, found in booked if found is not None and found.margin >= 0]
    lasting = None
    for month, found in reversed(booked):
        if found is None or found.margin < 0:
            break
        lasting = month
    known = [(month, found.cash) for month, found in booked if found is not None and found.cash is not None]
    ends = next((month for month, cash in known if cash < 0), None)
    return BusinessOutcome(
        break_even_month=even[0] if even and tariff.earns else None,
        break_even_lasting=lasting if tariff.earns else None,
        cash_ends=ends,
        runway_months=None if ends is None else [month for month, _ in known].index(ends),
        cash_known_until=known[-1][0] if known else None,
    )


def _assumptions(scenarios: Sequence[LoadedScenario]) -> Iterator[Assumption]:
    """List what nobody stated of the load and the business, and of moves to the other designs."""
    for origin in scenarios[0].origins:
        if origin.path.startswith(("business.", *LOAD_INPUTS)):
            yield Assumption(origin.path, origin.kind, origin.reason)
    for scenario in scenarios[1:]:
        for origin in scenario.origins:
            if origin.path.startswith("business.migration"):
                yield Assumption(f"{scenario.name}: {origin.path}", origin.kind, origin.reason)
