"""What serverless kinds share: run time per call, rounded as the provider bills it."""

from __future__ import annotations

from costplan.catalog.store import Catalog
from costplan.resources.base import Problem, Setting
from costplan.text import listed
from costplan.units import SECONDS_PER_HOUR, Quantity

ROUNDING_RULE = "run-time-rounding"
"""The catalog's rule: run time of a call is rounded up to so many milliseconds."""


def billed_hours(
    setting: Setting, service: str, requests: Quantity, duration: Quantity, rounding: str | None
) -> Quantity:
    """Return the hours of run time that are billed for a month's calls.

    Args:
        requests: Calls in the month.
        duration: Seconds of one call.
        rounding: Name of another reading of the catalog's rule, or None for the rule as the text says it.
    """
    rule = setting.catalog.rule(service, ROUNDING_RULE)
    step_ms = rule.choices[rounding] if rounding else rule.value
    return requests * duration.rounded_up_to(Quantity(step_ms) / 1000) / SECONDS_PER_HOUR


def rounding_problems(catalog: Catalog, service: str, rounding: str | None) -> list[Problem]:
    """Say when a resource asks for a reading of the rule that the catalog does not have."""
    if rounding is None:
        return []
    choices = catalog.rule(service, ROUNDING_RULE).choices
    if rounding in choices:
        return []
    return [Problem(["run_time_rounding"], f"unknown reading `{rounding}`", f"known: {listed(choices)}")]
