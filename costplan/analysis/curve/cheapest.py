"""Which design is the cheapest of those that work, at any load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from costplan.analysis.curve.design_curve import DesignCurve
from costplan.analysis.curve.documents import CheapestRange
from costplan.pricing.feasibility import verdict_of
from costplan.quantities.money import quantized

NEARLY_EQUAL = Fraction(1, 10)
"""Costs that differ by less are compared by their bills: the lines leave out the rounding of quantities, and
the last tenth of a second of a month's run time, which is worth up to some kopecks."""


def cheapest_ranges(designs: Sequence[DesignCurve], changes: Sequence[int]) -> Iterator[CheapestRange]:
    """Say who wins where.

    Args:
        designs: All over the same loads.
        changes: Loads at which the order of two costs changes; all of them.
    """
    first, last = designs[0].first, designs[0].last
    turns = {turn for design in designs for turn in design.turns if turn <= last}
    winners: list[tuple[int, DesignCurve | None]] = []
    for load in sorted({first, *changes, *turns}):
        winner = _winner(designs, load, winners[-1][1] if winners else None)
        if not winners or winner is not winners[-1][1]:
            winners.append((load, winner))
    for (start, winner), end in zip(winners, [load - 1 for load, _ in winners[1:]] + [last], strict=True):
        if winner is None:
            yield CheapestRange(start, end, None, None, None, "broken", lower_bound=False)
        else:
            costs = quantized(winner.cost(start)), quantized(winner.cost(end))
            verdict = verdict_of([], winner.formula.unknowns)
            bound = winner.formula.unpriced > 0
            yield CheapestRange(start, end, winner.name, *costs, verdict, lower_bound=bound)


def _winner(designs: Sequence[DesignCurve], load: int, before: DesignCurve | None) -> DesignCurve | None:
    """Return the cheapest of the best known designs; of equal ones that of lower loads, else the first."""
    ranks = [(rank, design) for design in designs if (rank := design.preference(load)) is not None]
    if not ranks:
        return None
    first = min(rank for rank, _ in ranks)
    feasible = [design for rank, design in ranks if rank == first]
    least = min(design.cost(load) for design in feasible)
    near = [design for design in feasible if design.cost(load) - least < NEARLY_EQUAL]
    if len(near) == 1:
        return near[0]
    cheapest = min(design.cost_at(load) for design in near)
    equal = [design for design in near if design.cost_at(load) == cheapest]
    return before if before in equal else equal[0]
