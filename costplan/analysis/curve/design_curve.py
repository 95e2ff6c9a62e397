"""One design over the load: its cost and its needs as exact functions, and its bill at any single load."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from costplan.analysis.curve.documents import CurveViolation, InfeasibleRange
from costplan.analysis.curve.priced_design import PricedDesign
from costplan.formulas.piecewise import NotPiecewiseLinearError, PiecewiseLinear, TooManyPiecesError
from costplan.formulas.ranges import merge_ranges
from costplan.formulas.to_piecewise import PiecewiseBuilder
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.pricing.bill_formula import ConstraintFormula
from costplan.pricing.feasibility import preference, verdict_of


class DesignCurve:
    """A design at every whole number of requests a month between two.

    Args:
        design: At any load.
        name: What it is called beside others.
        first: Fewest requests a month, at least 1.
        last: Most requests a month.

    Raises:
        InputError: It has more steps than can be held, or a number that is not a line between its steps.
    """

    def __init__(self, design: PricedDesign, name: str, first: int, last: int) -> None:
        self.design, self.formula, self.name = design, design.formula, name
        self.first, self.last = first, last
        self.builder = PiecewiseBuilder(first, last)
        try:
            self.cost = self.builder(self.formula.total)
            self._constraints = [
                (constraint, self.builder(constraint.slack)) for constraint in self.formula.constraints
            ]
            self._quotas = [
                (constraint, self.builder(constraint.slack)) for constraint in self.formula.quotas
            ]
        except TooManyPiecesError as error:
            hint = "give a smaller range with --from and --to, or look at its capacities"
            raise InputError(Reason("{name}: {why}", name, error), hint=hint) from None
        except NotPiecewiseLinearError as error:
            raise InputError(
                Reason(
                    "{name}: its cost is not a line between its steps: {why}", name, error.faults[0].message
                )
            ) from None

    def cost_at(self, load: int) -> Decimal:
        """Return the monthly cost at a load, from the exact engine."""
        return self.design.estimate_at(load).total.monthly_cost

    def obstacles(self, load: int) -> tuple[CurveViolation, ...]:
        """Say why the design does not meet its requirements at a load; nothing where it does."""
        return tuple(_obstacle(constraint) for constraint, slack in self._constraints if slack(load) < 0)

    @cached_property
    def infeasible(self) -> tuple[InfeasibleRange, ...]:
        """Every range of loads in which a need is not met."""
        return _ranges(self._constraints)

    @cached_property
    def quota_raises(self) -> tuple[InfeasibleRange, ...]:
        """Every range of loads in which a quota must be raised first."""
        return _ranges(self._quotas)

    @cached_property
    def turns(self) -> Sequence[int]:
        """Loads at which its requirements cease to be met, or are met again; they are met at first."""
        ranges = merge_ranges((one.start, one.end) for one in self.infeasible)
        return [load for start, end in ranges for load in (start, end + 1)]

    def is_feasible(self, load: int) -> bool:
        """Say whether the design meets its requirements at a load."""
        return bisect_right(self.turns, load) % 2 == 0

    def preference(self, load: int) -> int | None:
        """Return the rank in which it may win over others at a load; None where it is broken."""
        verdict = verdict_of([] if self.is_feasible(load) else [load], self.formula.unknowns)
        return preference(verdict, self.formula.unpriced)


def _ranges(constraints: Sequence[tuple[ConstraintFormula, PiecewiseLinear]]) -> tuple[InfeasibleRange, ...]:
    found = [
        InfeasibleRange(start, end, _obstacle(constraint))
        for constraint, slack in constraints
        for start, end in slack.below_zero()
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _obstacle(constraint: ConstraintFormula) -> CurveViolation:
    return CurveViolation(constraint.resource, constraint.what, constraint.reason, constraint.code)
