"""Which months a timeline plans and what a move costs in them, read from texts."""

from __future__ import annotations

from decimal import Decimal

from costplan.analysis.timeline.timeline import Horizon
from costplan.catalog.price import Currency
from costplan.inputs.values import amount_in, growth_of, month_of, whole

MOST_MONTHS = 600
"""Fifty years: more is a slip."""


def horizon_of(
    currency: Currency,
    *,
    months: str = "24",
    start: str | None = None,
    growth: str | None = None,
    switching: str | None = None,
    hold: str = "1",
    budget: str | None = None,
    total_budget: str | None = None,
    requests_stated: bool = False,
) -> Horizon:
    """Read the options of a timeline; each is named in its error as the command line writes it.

    Args:
        currency: Of amounts that name none.
        months: How many.
        start: First of them: `2027-01`.
        growth: Of the load: `10%` a month, `2x/year`.
        switching: What each move costs.
        hold: Fewest months on a design.
        budget: Most in a month, moves included.
        total_budget: Most in all of them.
        requests_stated: The load was given beside the scenarios: users then follow it.

    Raises:
        InputError: One of them is wrong.
    """

    def amount(option: str, text: str | None) -> Decimal | None:
        return None if text is None else amount_in(currency, option, text)

    return Horizon(
        months=whole("--months", months, MOST_MONTHS),
        start=month_of("--start", start),
        growth=growth_of(growth),
        switching=amount("--switching", switching),
        hold=whole("--hold", hold, MOST_MONTHS),
        month_budget=amount("--budget", budget),
        total_budget=amount("--total-budget", total_budget),
        requests_stated=requests_stated,
    )
