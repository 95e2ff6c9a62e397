"""What a plan of months says at single months and loads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from costplan.analysis.timeline.documents import BudgetBreak, Timeline, TimelineMonth
from costplan.pricing.feasibility import preference


def day_of(month: str) -> date:
    """Return the first day of a month that is written as `2027-01`."""
    return date.fromisoformat(f"{month}-01")


def month_of_load(plan: Timeline, load: int) -> TimelineMonth | None:
    """Return the first month whose requests are a load or more; None where it is not reached."""
    return next((row for row in plan.months if row.requests >= load), None)


def is_over_from_its_start(plan: Timeline, found: BudgetBreak) -> bool:
    """Say whether a design breaks its budget in the first month in which it is taken."""
    first = next((period.first for period in plan.stays if period.stage == found.scenario), None)
    return found.kind == "design" and found.month is not None and found.month == first


def is_always_cheapest(plan: Timeline) -> bool:
    """Say whether the chosen design is, in each month, the cheapest of those that may be taken for it."""
    return all(row.spend is not None and row.spend <= _least_spend(plan, row) for row in plan.months)


def _least_spend(plan: Timeline, row: TimelineMonth) -> Decimal:
    """Return the least that a design costs in a month, of those of which most is known."""
    ranked = [
        (rank, one.spend)
        for design, one in zip(plan.designs, row.stages, strict=True)
        if (rank := preference(one.verdict, design.unpriced)) is not None
    ]
    return min(spend for rank, spend in ranked if rank == min(ranked)[0])
