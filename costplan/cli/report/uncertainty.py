"""How sure the bills of a report are: draws only where a range moves a bill."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from costplan.catalog.price import Currency
from costplan.messages.errors import InputError
from costplan.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    from costplan.analysis.uncertainty.documents import Sensitivity, Uncertainty
    from costplan.analysis.uncertainty.ranges import Ranges

BILL_DRAWS = 1 << 15
"""Draws of each bill: their standard errors stand beside the figures."""
INDEX_DRAWS = 1 << 13
"""Draws for the shares of the variance, which are shown in whole percents."""


class UncertaintyFindings(NamedTuple):
    """What is known of how sure a bill is."""

    ranges: Ranges | None = None
    uncertainty: Uncertainty | None = None
    sensitivity: Sensitivity | None = None


def uncertainty_of(scenario: LoadedScenario, currency: Currency, day: date) -> UncertaintyFindings:
    """Look at the ranges of a scenario; draw from them only where the bill depends on one."""
    from costplan.analysis.uncertainty.ranges import ranges_of

    ranges = ranges_of(scenario, currency, day)
    try:
        drawn = _uncertainty(scenario, currency, day) if ranges.move_the_bill else None
        return UncertaintyFindings(ranges, drawn, _sensitivity(scenario, currency, day))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "scipy":
            raise
        return UncertaintyFindings(ranges)  # more inputs with a range than there are points without it


def _uncertainty(scenario: LoadedScenario, currency: Currency, day: date) -> Uncertainty:
    from costplan.analysis.uncertainty.uncertainty import uncertain_estimate

    return uncertain_estimate(scenario, currency=currency, as_of=day, draws=BILL_DRAWS).uncertainty


def _sensitivity(scenario: LoadedScenario, currency: Currency, day: date) -> Sensitivity | None:
    from costplan.analysis.uncertainty.sensitivity import sensitivity

    try:
        return sensitivity(scenario.without_budget(), currency=currency, as_of=day, draws=INDEX_DRAWS)
    except InputError:
        return None  # nothing in it is uncertain, assumed or measured
