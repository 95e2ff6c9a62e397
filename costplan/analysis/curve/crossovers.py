"""Where the order of two costs changes: found on exact lines, then settled by the bills themselves.

The lines leave out the rounding of pricing quantities to twelve decimals, and that of a month's run time to
a tenth of a second, which can decide only where two costs are equal to within it. So each crossover is looked
at with the bills of its two loads, and moved where they disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from costplan.formulas.piecewise import PiecewiseLinear, weighted_sum


@dataclass(frozen=True, slots=True)
class Change:
    """A change of order between two costs."""

    load: int
    """The first at which the order is the new one."""
    rises: bool
    """Whether the first of the two was the cheaper one before."""
    kind: Literal["crossing", "step", "parting"]


def order_changes(one: PiecewiseLinear, two: PiecewiseLinear) -> list[Change]:
    """Return every whole number at which the order of two functions is another one than before.

    Equality is no order: it keeps the one before it. Functions that are equal from the first number on part
    where they first differ.
    """
    first = one.starts[0]
    difference = weighted_sum(Fraction(0), [(one, Fraction(1)), (two, Fraction(-1))], first, one.last)
    return list(_changes(difference))


def _changes(difference: PiecewiseLinear) -> Iterator[Change]:
    first, order = difference.starts[0], 0
    before = (0, 0)
    for start, end, constant, slope in difference.lines():
        looked = start
        while (turn := _turn(constant, slope, looked, end, order)) is not None:
            sign = 1 if constant + slope * turn > 0 else -1
            if order:
                old, new = (c + s * turn for c, s in (before, (constant, slope)))
                steps = turn == start and old * order > 0 and abs(new - old) > abs(slope - before[1])
                yield Change(turn, sign > 0, "step" if steps else "crossing")
            elif turn > first:
                yield Change(turn, sign > 0, "parting")
            looked, order = turn, sign
        before = (constant, slope)


def _turn(constant: int, slope: int, start: int, end: int, order: int) -> int | None:
    """Return the first number of a piece where the sign is neither 0 nor `order`; None where none is."""
    at_start, at_end = constant + slope * start, constant + slope * end
    if at_start and at_start * order <= 0:
        return start
    if at_end and at_end * order <= 0:
        return (-constant // slope if slope > 0 else constant // -slope) + 1
    return None


def refine_on_bills(change: Change, low: int, high: int, is_after: Callable[[int], bool]) -> int:
    """Return the load at which the bills themselves change order, nearest to the one that the lines give.

    Args:
        change: As the lines give it.
        low: No load below this is looked at.
        high: No load above this.
        is_after: Whether the bills of a load are in the new order.
    """
    if is_after(change.load):
        far = _first_miss(change.load, low, -1, lambda load: not is_after(load))
        return change.load if far is None else _halved(far, change.load, is_after)
    far = _first_miss(change.load, high, 1, is_after)
    return change.load if far is None else _halved(change.load, far, is_after)


def _first_miss(load: int, bound: int, direction: int, found: Callable[[int], bool]) -> int | None:
    """Look ever farther from a load until a condition holds; None where it does not up to the bound."""
    step = 1
    while (bound - load) * direction > 0:
        load += direction * min(step, (bound - load) * direction)
        if found(load):
            return load
        step *= 2
    return None


def _halved(low: int, high: int, is_after: Callable[[int], bool]) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if is_after(middle):
            high = middle
        else:
            low = middle
    return high
