"""What a plan of months says at single months and loads."""

from __future__ import annotations

from datetime import date

from costplan.analysis.timeline_document import BudgetBreak, Timeline, TimelineMonth


def day_of(month: str) -> date:
    """Return the first day of a month that is written as `2027-01`."""
    return date.fromisoformat(f"{month}-01")


def month_of_load(plan: Timeline, load: int) -> TimelineMonth | None:
    """Return the first month whose requests are a load or more; None where it is not reached."""
    return next((row for row in plan.months if row.requests >= load), None)


def is_over_from_its_start(plan: Timeline, found: BudgetBreak) -> bool:
    """Say whether a design breaks its budget in the first month in which it is taken."""
    first = next((stay.first for stay in plan.stays if stay.stage == found.scenario), None)
    return found.kind == "design" and found.month is not None and found.month == first


def is_always_cheapest(plan: Timeline) -> bool:
    """Say whether the chosen design is, in each month, the cheapest of those that keep their promise."""
    return all(
        row.spend is not None and row.spend <= min(one.spend for one in row.stages if one.feasible)
        for row in plan.months
    )
