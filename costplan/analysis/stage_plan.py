"""Which design to run in which month: the sequence that costs least, moves included.

A dynamic programme over month and design. Each move costs what its destination asks for once, so the plan
goes back and forth only where that pays; `hold` keeps it on a design for some months after each move.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from costplan.money import EXACT

Costs = Sequence[Decimal | None]
"""What each design costs in a month; None where it may not be chosen."""
Rank = tuple[Decimal, int]
"""Spend and number of moves: of equally cheap plans the one with fewer moves is better."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A best plan so far that ends on one design."""

    stage: int
    held: int
    """Months on this design, counted up to `hold`."""
    rank: Rank
    before: _Plan | None = None


def cheapest_stages(months: Sequence[Costs], entry: Sequence[Decimal], hold: int = 1) -> list[int | None]:
    """Choose a design for each month so that the sum of all costs and moves is least.

    A month in which no design may be chosen stays empty: nothing runs, nothing is paid, and the next month
    goes on as if it had not been. A design that may no longer be chosen is left whatever `hold` says, and the
    last month ends a stay of any length.

    Args:
        months: Costs per month; all of one length.
        entry: What it costs to move to each design, not below 0; the first month's is not a move.
        hold: Fewest months on a design before a move, at least 1.

    Returns:
        Position of the design per month; None for a month without any.
    """
    plans: list[_Plan] = []
    for costs in months:
        if any(cost is not None for cost in costs):
            plans = _best(_continued(plans, costs, entry, hold) if plans else _started(costs))
    chosen = _stages_of(min(plans, key=lambda plan: plan.rank)) if plans else []
    return [chosen.pop() if any(cost is not None for cost in costs) else None for costs in months]


def _started(costs: Costs) -> Iterable[_Plan]:
    for stage, cost in enumerate(costs):
        if cost is not None:
            yield _Plan(stage, 1, (cost, 0))


def _continued(plans: Sequence[_Plan], costs: Costs, entry: Sequence[Decimal], hold: int) -> Iterable[_Plan]:
    """Stay on each design, or leave the one that is best to leave.

    The second best is never worth leaving: its moves cost the same, and where the best is already on the
    destination, staying there is better than moving there.
    """
    for plan in plans:
        cost = costs[plan.stage]
        if cost is not None:
            rank = (EXACT.add(plan.rank[0], cost), plan.rank[1])
            yield _Plan(plan.stage, min(plan.held + 1, hold), rank, plan)
    free = [plan for plan in plans if plan.held >= hold or costs[plan.stage] is None]
    if not free:
        return
    left = min(free, key=lambda plan: plan.rank)
    for stage, cost in enumerate(costs):
        if cost is not None and stage != left.stage:
            spend = EXACT.add(left.rank[0], EXACT.add(entry[stage], cost))
            yield _Plan(stage, 1, (spend, left.rank[1] + 1), left)


def _best(plans: Iterable[_Plan]) -> list[_Plan]:
    """Keep the best of the plans that may go on alike."""
    found: dict[tuple[int, int], _Plan] = {}
    for plan in plans:
        key = (plan.stage, plan.held)
        if key not in found or plan.rank < found[key].rank:
            found[key] = plan
    return list(found.values())


def _stages_of(plan: _Plan | None) -> list[int]:
    """Return the designs of a plan, the last month first."""
    stages = []
    while plan is not None:
        stages.append(plan.stage)
        plan = plan.before
    return stages
