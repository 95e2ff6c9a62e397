"""How sure the bills of a report are: draws only where a range moves a bill, and the library is there."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
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


class Unsure(NamedTuple):
    """What is known of how sure a bill is."""

    ranges: Ranges | None = None
    uncertainty: Uncertainty | None = None
    sensitivity: Sensitivity | None = None


def unsure_of(scenario: LoadedScenario, currency: Currency, day: date) -> Unsure:
    """Look at the ranges of a scenario; draw from them only where the bill depends on one."""
    from costplan.analysis.uncertainty.ranges import ranges_of

    ranges = ranges_of(scenario, currency, day)
    if ranges.move_the_bill and find_spec("scipy") is None:
        return Unsure(ranges)
    uncertainty = None
    if ranges.move_the_bill:
        from costplan.analysis.uncertainty.uncertainty import uncertain_estimate

        found = uncertain_estimate(scenario, currency=currency, as_of=day, draws=BILL_DRAWS)
        uncertainty = found.uncertainty
    return Unsure(ranges, uncertainty, _sensitivity(scenario, currency, day))


def _sensitivity(scenario: LoadedScenario, currency: Currency, day: date) -> Sensitivity | None:
    from costplan.analysis.uncertainty.sensitivity import sensitivity

    try:
        return sensitivity(scenario.without_budget(), currency=currency, as_of=day, draws=INDEX_DRAWS)
    except InputError:
        return None  # nothing in it is uncertain, assumed or measured
