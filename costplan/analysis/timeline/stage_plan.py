"""Which design to run in which month: the sequence that costs least, moves included.

A dynamic programme over month and design. Each move costs what its destination asks for once, so the plan
goes back and forth only where that pays, and never on moves that nobody has priced; `hold` keeps it on a
design for some months after each move.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from costplan.quantities.money import EXACT, exact_sum

Costs = Sequence[Decimal | None]
"""What each design costs in a month; None where it may not be chosen."""
Rank = tuple[int, Decimal, int]
"""Returns that nobody has priced, spend, number of moves: the first that differ decide."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A best plan so far that ends on one design."""

    stage: int
    held: int
    """Months on this design, counted up to `hold`."""
    left: frozenset[int]
    """Designs that were left and are not to be returned to."""
    rank: Rank
    before: _Plan | None = None


def cheapest_stages(
    months: Sequence[Costs],
    move_costs: Sequence[Decimal],
    hold: int = 1,
    *,
    priced: Sequence[bool] | None = None,
) -> list[int | None]:
    """Choose a design for each month so that the sum of all costs and moves is least.

    A month in which no design may be chosen stays empty: nothing runs, nothing is paid, and the next month
    goes on as if it had not been. A design that may no longer be chosen is left whatever `hold` says, and the
    last month ends a stay of any length.

    A move of which nobody says what it costs is no reason to go back and forth: a design with such a move is
    not returned to once it was left, unless no sequence without a return has a design for every month.

    Args:
        months: Costs per month; all of one length.
        move_costs: What it costs to move to each design, not below 0; the first month's is not a move.
        hold: Fewest months on a design before a move, at least 1.
        priced: Whether somebody says what the move to each design costs; of all if left out.

    Returns:
        Position of the design per month; None for a month without any.
    """
    once = frozenset(n for n, is_priced in enumerate(priced or ()) if not is_priced)
    best = _best_plan(months, move_costs, hold, once)
    if best is not None and once:
        best = _best_plan(months, move_costs, hold, once, best.rank)
    chosen = _stages_of(best)
    return [chosen.pop() if any(cost is not None for cost in costs) else None for costs in months]


def _best_plan(
    months: Sequence[Costs],
    move_costs: Sequence[Decimal],
    hold: int,
    once: frozenset[int],
    bound: Rank | None = None,
) -> _Plan | None:
    """Plan all months.

    Args:
        months: As in `cheapest_stages`, like the rest.
        move_costs: Costs of moves.
        hold: Fewest months on a design.
        once: Designs that are not returned to.
        bound: The rank of some plan: those that cannot become better are dropped, and the outcome is the best
            of all. Without it, plans that end alike count as one whatever they have left: the outcome is a
            plan, and the best where no design is in `once`.
    """
    plans: list[_Plan] = []
    allowed = [costs for costs in months if any(cost is not None for cost in costs)]
    rest = exact_sum([min(cost for cost in costs if cost is not None) for costs in allowed])
    for costs in allowed:
        rest = EXACT.subtract(rest, min(cost for cost in costs if cost is not None))
        found = _continued(plans, costs, move_costs, hold, once) if plans else _started(costs)
        plans = _best(found, by_left=bound is not None)
        if bound is not None:
            least = rest
            plans = [p for p in plans if (p.rank[0], EXACT.add(p.rank[1], least)) <= bound[:2]]
    return min(plans, key=lambda plan: plan.rank, default=None)


def _started(costs: Costs) -> Iterable[_Plan]:
    for stage, cost in enumerate(costs):
        if cost is not None:
            yield _Plan(stage, 1, frozenset(), (0, cost, 0))


def _continued(
    plans: Sequence[_Plan], costs: Costs, move_costs: Sequence[Decimal], hold: int, once: frozenset[int]
) -> Iterable[_Plan]:
    """Stay on each design, or leave the one that is best to leave, of those that have then left the same.

    The second best of these is never worth leaving: its moves cost the same, and where the best is already on
    the destination, staying there is better than moving there.
    """
    best: dict[frozenset[int], _Plan] = {}
    for plan in plans:
        cost = costs[plan.stage]
        if cost is not None:
            returns, spend, moves = plan.rank
            rank = (returns, EXACT.add(spend, cost), moves)
            yield _Plan(plan.stage, min(plan.held + 1, hold), plan.left, rank, plan)
        left = plan.left | ({plan.stage} & once)
        may_leave = plan.held >= hold or cost is None
        if may_leave and (left not in best or plan.rank < best[left].rank):
            best[left] = plan
    for left, plan in best.items():
        yield from _moved(plan, left, costs, move_costs)


def _moved(plan: _Plan, left: frozenset[int], costs: Costs, move_costs: Sequence[Decimal]) -> Iterable[_Plan]:
    returns, spend, moves = plan.rank
    for stage, cost in enumerate(costs):
        if cost is not None and stage != plan.stage:
            paid = EXACT.add(spend, EXACT.add(move_costs[stage], cost))
            yield _Plan(stage, 1, left, (returns + (stage in left), paid, moves + 1), plan)


def _best(plans: Iterable[_Plan], *, by_left: bool) -> list[_Plan]:
    """Keep the best of the plans that may go on alike."""
    found: dict[tuple[int, int, frozenset[int]], _Plan] = {}
    for plan in plans:
        key = (plan.stage, plan.held, plan.left if by_left else frozenset[int]())
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
