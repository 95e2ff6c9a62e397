"""From how many users a design pays for itself: exact, with every step of the cost that undoes it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.curve.design_bill import UNITS, DesignBill
from costplan.analysis.timeline.business import Tariff
from costplan.analysis.timeline.document import BreakEven
from costplan.formulas.piecewise import NotPiecewiseLinearError, PiecewiseLinear, TooManyPiecesError
from costplan.formulas.to_piecewise import PiecewiseBuilder
from costplan.quantities.formula import Formula, Variable

SEARCHED_REQUESTS = 10**9
"""Load up to which a break-even is looked for: where `costplan curve` ends, too."""

Range = tuple[int, int]
"""First and last whole number."""


def break_even(bill: DesignBill, tariff: Tariff, per_user: Fraction | None, peak: int) -> BreakEven:
    """Find where the margin of a month is not negative and the design keeps its promise.

    The margin is revenue less fees, other costs and the cloud; a step of the cost (one more machine) may undo
    a break-even for a while. Seasons, grants and moves are left out.

    Args:
        bill: Of the design; its units are users, or requests where `per_user` is None.
        per_user: Requests of one user.
        peak: Most requests of a month that must be looked at.
    """
    users = Fraction(0) if per_user is None else Fraction(1)
    per_unit = per_user or Fraction(1)
    last = max(1, int(max(SEARCHED_REQUESTS, peak) // per_unit))
    earned = tariff.revenue(users, per_unit) - tariff.fees(users, per_unit)
    margin = Formula.of(Variable(UNITS)) * Formula(earned) - Formula(tariff.other_costs) - bill.spend
    found = BreakEven(
        scenario=bill.scenario.name,
        unit="requests" if per_user is None else "users",
        first=None,
        until=None,
        undone_by=None,
        for_good=None,
        searched_to=Decimal(last),
        lower_bound=bill.formula.unpriced > 0,
        not_searched=None,
    )
    try:
        paying, promised = _ranges(margin, bill.needs, last)
    except (NotPiecewiseLinearError, TooManyPiecesError) as error:
        return replace(found, not_searched=error.faults[0].message)
    both = common(paying, promised)
    return _with_ranges(found, both, promised, last) if both else found


def _ranges(margin: Formula, needs: Sequence[Formula], last: int) -> tuple[list[Range], list[Range]]:
    """Return where the margin is not negative, and where every need is met."""
    build = PiecewiseBuilder(1, last)
    promised = [(1, last)]
    for need in needs:
        promised = common(promised, not_negative(build(need)))
    return not_negative(build(margin)), promised


def _with_ranges(found: BreakEven, both: Sequence[Range], promised: Sequence[Range], last: int) -> BreakEven:
    first, until = both[0]
    found = replace(
        found, first=Decimal(first), for_good=Decimal(both[-1][0]) if both[-1][1] == last else None
    )
    if until == last:
        return found
    kept = any(start <= until + 1 <= end for start, end in promised)
    return replace(found, until=Decimal(until), undone_by="cost" if kept else "promise")


def not_negative(function: PiecewiseLinear) -> list[Range]:
    """Return the ranges of whole numbers in which a function is at least 0, each as long as it is."""
    return list(_joined(_parts(function)))


def _parts(function: PiecewiseLinear) -> Iterator[Range]:
    """Cut each line at its zero."""
    for start, end, constant, slope in function.lines():
        at_start, at_end = constant + slope * start >= 0, constant + slope * end >= 0
        if at_start and at_end:
            yield start, end
        elif at_end:
            yield -(constant // slope), end  # the first number with slope * n >= -constant
        elif at_start:
            yield start, constant // -slope


def _joined(ranges: Iterator[Range]) -> Iterator[Range]:
    begun: Range | None = None
    for start, end in ranges:
        if begun is not None and start == begun[1] + 1:
            begun = (begun[0], end)
            continue
        if begun is not None:
            yield begun
        begun = (start, end)
    if begun is not None:
        yield begun


def common(one: Sequence[Range], other: Sequence[Range]) -> list[Range]:
    """Return what two ascending lists of ranges share."""
    found = []
    left = right = 0
    while left < len(one) and right < len(other):
        start, end = max(one[left][0], other[right][0]), min(one[left][1], other[right][1])
        if start <= end:
            found.append((start, end))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return found
