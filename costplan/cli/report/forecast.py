"""Curves and months of a report: the designs that were read, over loads and over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from costplan.catalog.price import Currency
from costplan.messages.errors import InputError
from costplan.pricing.stated_slo import at_slo, strictest
from costplan.report.report_data import NoPlan
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.analysis.curve.documents import Curve
    from costplan.analysis.timeline.documents import Timeline

FIRST, LAST = 1_000, 1_000_000_000
"""Requests a month that a curve reaches over, unless a design's own load lies outside."""
MONTHS = (24, 48)
"""Months that are planned: two years, or four where nothing changes in two."""


def curve_of(
    loaded: Sequence[LoadedScenario], loads: Sequence[Decimal], currency: Currency, day: date
) -> Curve | None:
    """Return the curve of all designs; None where it cannot be drawn.

    Args:
        loads: The designs' own, in requests a month.
    """
    from costplan.analysis.curve.curve import MOST_REQUESTS, curve

    first, last = FIRST, LAST
    for load in loads:
        while 0 < load < first * 2 and first > 1:
            first //= 10
        while load > last / 2 and last < MOST_REQUESTS:
            last *= 10
    try:
        return curve(loaded, first, last, currency=currency, as_of=day)
    except InputError:
        return None


def common_curve_of(
    loaded: Sequence[LoadedScenario], curve: Curve | None, currency: Currency, day: date
) -> Curve | None:
    """Return the curve of all designs at the strictest SLO of any; None where theirs is one."""
    from costplan.analysis.curve.curve import curve as curve_over

    if curve is None or not curve.slos_differ:
        return None
    slo = strictest([line.slo for line in curve.scenarios])
    if slo is None:
        return None
    held = [at_slo(scenario, slo) for scenario in loaded]
    try:
        return curve_over(held, curve.start, curve.end, currency=currency, as_of=day)
    except InputError:
        return None


def timeline_of(
    loaded: Sequence[LoadedScenario], curve: Curve | None, currency: Currency, day: date, *, is_stated: bool
) -> tuple[Timeline | None, NoPlan]:
    """Return the plan of the months ahead, or None and why there is none.

    Args:
        curve: Says whether anything changes in two years.
        is_stated: Whether the load was given beside the scenarios.
    """
    from costplan.analysis.timeline.timeline import Horizon, timeline

    if loaded[0].model.workload.growth is None:
        return None, "growth"
    few, many = MONTHS
    try:
        months = many if curve is not None and _changes_late(loaded[0], curve, day, is_stated) else few
        horizon = Horizon(months=months, requests_stated=is_stated)
        return timeline(loaded, horizon, currency=currency, as_of=day), "input"
    except InputError:
        return None, "input"


def _changes_late(first: LoadedScenario, curve: Curve, day: date, is_stated: bool) -> bool:
    """Say whether another design becomes the cheapest in the longer time, and not in the shorter one."""
    from costplan.analysis.timeline.loads import demand_of, month_loads
    from costplan.scenario.calendar import months_later

    few, many = MONTHS
    demand = demand_of(first, requests_stated=is_stated)
    try:
        loads = [found.requests for found in month_loads(demand, months_later(day, 1), many)]
    except InputError:
        return False
    low = loads[0]
    changes = [new.start for old, new in pairwise(curve.cheapest) if new.start > low]
    reached = [start for start in changes if start <= max(loads)]
    return bool(reached) and max(loads[:few]) < min(reached)
