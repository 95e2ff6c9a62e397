"""From how many users a design pays for itself: exact, with every step of the cost that undoes it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.curve.priced_design import PricedDesign
from costplan.analysis.timeline.business import Tariff
from costplan.analysis.timeline.documents import BreakEven
from costplan.formulas.piecewise import NotPiecewiseLinearError, TooManyPiecesError
from costplan.formulas.ranges import Range, intersect_ranges
from costplan.formulas.to_piecewise import PiecewiseBuilder
from costplan.pricing.bill_formula import LOAD
from costplan.quantities.formula import Formula, Variable

SEARCHED_REQUESTS = 10**9
"""Load up to which a break-even is looked for: where `costplan curve` ends, too."""


def break_even(design: PricedDesign, tariff: Tariff, per_user: Fraction | None, peak: int) -> BreakEven:
    """Find where the margin of a month is not negative and the design meets its requirements.

    The margin is revenue less fees, other costs and the cloud; a step of the cost (one more machine) may undo
    a break-even for a while. Seasons, grants and moves are left out.

    Args:
        design: At any load.
        per_user: Requests of one user; None where requests are counted, not users.
        peak: Most requests of a month that must be looked at.
    """
    users = Fraction(0) if per_user is None else Fraction(1)
    per_unit = per_user or Fraction(1)
    last = max(1, int(max(SEARCHED_REQUESTS, peak) // per_unit))
    earned = tariff.revenue(users, per_unit) - tariff.fees(users, per_unit)
    margin = (
        Formula.of(Variable(LOAD)) * Formula(earned / per_unit) - Formula(tariff.other_costs) - design.spend
    )
    found = BreakEven(
        scenario=design.scenario.name,
        unit="requests" if per_user is None else "users",
        first=None,
        until=None,
        undone_by=None,
        for_good=None,
        searched_to=Decimal(last),
        lower_bound=design.formula.unpriced > 0,
        not_searched=None,
    )
    try:
        paying, feasible = _ranges(margin, design.constraints, PiecewiseBuilder(1, last, per_unit), last)
    except (NotPiecewiseLinearError, TooManyPiecesError) as error:
        return replace(found, not_searched=error.faults[0].message)
    both = intersect_ranges(paying, feasible)
    return _with_ranges(found, both, feasible, last) if both else found


def _ranges(
    margin: Formula, constraints: Sequence[Formula], build: PiecewiseBuilder, last: int
) -> tuple[list[Range], list[Range]]:
    """Return where the margin is not negative, and where every need is met."""
    feasible = [(1, last)]
    for constraint in constraints:
        feasible = intersect_ranges(feasible, build(constraint).not_negative())
    return build(margin).not_negative(), feasible


def _with_ranges(found: BreakEven, both: Sequence[Range], feasible: Sequence[Range], last: int) -> BreakEven:
    first, until = both[0]
    found = replace(
        found, first=Decimal(first), for_good=Decimal(both[-1][0]) if both[-1][1] == last else None
    )
    if until == last:
        return found
    is_feasible = any(start <= until + 1 <= end for start, end in feasible)
    return replace(found, until=Decimal(until), undone_by="cost" if is_feasible else "promise")
