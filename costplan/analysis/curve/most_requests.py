"""The most requests a month that a design serves within a budget: exact, from the formula of its bill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.catalog.price import Currency
from costplan.formulas.piecewise import NotPiecewiseLinearError, PiecewiseLinear, TooManyPiecesError
from costplan.formulas.ranges import intersect_ranges
from costplan.formulas.to_piecewise import piecewise_linear
from costplan.messages.reason import Reason
from costplan.pricing.bill_formula import bill_formula, with_variable_load
from costplan.pricing.engine import price_scenario
from costplan.quantities.formula import Formula
from costplan.quantities.quantity import Quantity
from costplan.scenario.loaded import LoadedScenario

HIGHEST = 10**11
"""Requests a month that are never exceeded: ten a month for everybody alive."""


def most_requests(
    scenario: LoadedScenario, budget: Decimal, currency: Currency, day: date
) -> tuple[int | None, str]:
    """Return the highest whole number of requests a month within a budget, and what ends it.

    Args:
        scenario: A design; its commitments are left aside.
        budget: Most per month, in `currency`.
        currency: Currency of the prices.
        day: Day whose prices hold.

    Returns:
        The number, None where not even 0 fits or no number can be found; and `budget`, the need that is not
        met by one request more, or the reason why there is no number.
    """
    bill = bill_formula(with_variable_load(scenario), currency=currency, as_of=day)
    spare = Formula(Fraction(budget)) - bill.total
    try:
        found = _highest([spare, *(constraint.slack for constraint in bill.constraints)])
    except (NotPiecewiseLinearError, TooManyPiecesError, ZeroDivisionError) as error:
        return None, Reason("cannot be said: {why}", error)
    if found is None:
        return None, Reason("not even without requests")
    if found >= HIGHEST:
        return None, Reason("the cost does not follow the requests")
    number = _corrected(scenario, found, budget, currency, day)
    return number, _ends(scenario, number + 1, currency, day)


def _highest(slacks: Sequence[Formula]) -> int | None:
    """Return the highest whole number at which no slack is below 0, in a range that grows tenfold."""
    best: int | None = None
    last = 1_000
    while last <= HIGHEST:
        functions = piecewise_linear(slacks, 0, last)
        found = _last_within(functions, last)
        if found is not None:
            best = found
        if found != last:
            return best
        last *= 10
    return HIGHEST


def _last_within(functions: Sequence[PiecewiseLinear], last: int) -> int | None:
    """Return the highest number up to `last` at which all functions are at least 0."""
    within = [(0, last)]
    for function in functions:
        within = intersect_ranges(within, function.not_negative())
    return within[-1][1] if within else None


def _fits(scenario: LoadedScenario, requests: int, budget: Decimal, currency: Currency, day: date) -> bool:
    bill = price_scenario(scenario.without_budget().at_load(Quantity(requests)), currency=currency, as_of=day)
    return bill.total.monthly_cost <= budget and not bill.unmet


def _corrected(scenario: LoadedScenario, number: int, budget: Decimal, currency: Currency, day: date) -> int:
    """Move by a request where the engine's rounding at the twelfth decimal decides."""
    while number > 0 and not _fits(scenario, number, budget, currency, day):
        number -= 1
    while _fits(scenario, number + 1, budget, currency, day):
        number += 1
    return number


def _ends(scenario: LoadedScenario, number: int, currency: Currency, day: date) -> str:
    """Say what one request more would break."""
    found = price_scenario(scenario.at_load(Quantity(number)), currency=currency, as_of=day)
    if found.unmet:
        return str(found.unmet[0])
    return "budget"
