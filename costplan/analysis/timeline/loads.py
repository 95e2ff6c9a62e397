"""The load of months to come: users and requests under growth and seasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.quantities.money import plain, quantized
from costplan.scenario.calendar import months_later, written_month
from costplan.scenario.loaded import LoadedScenario

MOST_REQUESTS = 10**12
"""Requests of a month beyond which nothing is planned: everyone alive, a hundred times a month."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Where the load starts from and how it goes on."""

    requests: Fraction
    """Requests of the first month, before its season."""
    per_user: Fraction | None
    """Requests of one user in a month; None where users are not known."""
    growth: Fraction
    """Growth per month."""
    seasons: Sequence[Fraction] | None = None
    """Factor of each month of the year, January first."""


@dataclass(frozen=True, slots=True)
class MonthLoad:
    """The load of one month."""

    month: date
    """Its first day."""
    users: int | None
    requests: int


def demand_of(
    scenario: LoadedScenario, growth: Fraction | None = None, *, requests_stated: bool = False
) -> Demand:
    """Return the load that a scenario states.

    Args:
        scenario: Whose users, where it has any, must make its requests.
        growth: Per month, in place of the scenario's own.
        requests_stated: Whether another load was asked for: the users then follow it.

    Raises:
        InputError: There is no growth, or users times requests per user are another load than the workload's.
    """
    workload, business = scenario.model.workload, scenario.model.business
    if growth is None and workload.growth is None:
        hint = "give --growth 10%, or add `growth: 10%/month`; `0%` for a load that stays"
        raise InputError(scenario.fault("workload", "does not say how the load grows", hint))
    own = workload.growth.value if workload.growth else Fraction(0)
    seasons = [factor.value for factor in workload.seasonality] if workload.seasonality else None
    per_user = business.requests_per_user.value if business and business.requests_per_user else None
    if not requests_stated:
        _refuse_another_load(scenario)
    requests = workload.monthly_requests.value
    return Demand(requests, per_user, own if growth is None else growth, seasons)


def _refuse_another_load(scenario: LoadedScenario) -> None:
    business, load = scenario.model.business, scenario.model.workload.monthly_requests.value
    if business is None or business.users is None or business.requests_per_user is None:
        return
    made = business.users.value * business.requests_per_user.value
    if made != load:
        asked, has = plain(quantized(made)), plain(quantized(load))
        message = Reason(
            "times `requests_per_user` makes {asked} requests a month; the workload has {has}", asked, has
        )
        hint = Reason("set `workload.monthly_requests: {asked}`, or change the users", asked)
        raise InputError(scenario.fault("business.users", message, hint))


def month_loads(demand: Demand, start: date, months: int) -> list[MonthLoad]:
    """Return the load of each month.

    Users, or requests where there are none, grow from month to month without rounding in between. Users are
    rounded to the nearest whole number, halves up; so are requests, which are made by those whole users. A
    season changes how much each user asks for, not how many there are.

    Raises:
        InputError: The load grows beyond all reason.
    """
    found = []
    for number in range(months):
        month = months_later(start, number)
        grown = demand.requests * (1 + demand.growth) ** number
        users = None if demand.per_user is None else nearest(grown / demand.per_user)
        asked = grown if demand.per_user is None or users is None else users * demand.per_user
        season = demand.seasons[month.month - 1] if demand.seasons else 1
        requests = nearest(asked * season)
        if requests > MOST_REQUESTS:
            raise InputError(
                Reason(
                    "in {month} the load would be {requests} requests: more than {most}",
                    written_month(month),
                    f"{float(requests):.3g}",
                    MOST_REQUESTS,
                ),
                hint=Reason("no growth goes on so long; plan at most --months {number}", number)
                if number
                else None,
            )
        found.append(MonthLoad(month, users, requests))
    return found


def nearest(number: Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    return int((number + Fraction(1, 2)) // 1)
