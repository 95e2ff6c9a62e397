"""The first month in which a plan breaks a budget: a design's own, one for each month, one for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from costplan.analysis.curve.priced_design import PricedDesign
from costplan.analysis.timeline.documents import BudgetBreak, BudgetKind, TimelineMonth
from costplan.analysis.timeline.months import spent_in
from costplan.catalog.price import Currency
from costplan.quantities.money import exact_sum


def own_budgets(designs: Sequence[PricedDesign], months: Sequence[TimelineMonth]) -> Iterator[BudgetBreak]:
    """Check the budget of each design that is chosen, in its own currency, against its bill as listed."""
    for design in designs:
        budget = design.scenario.model.budget
        rows = [row for row in months if row.stage == design.scenario.name]
        if budget is None or not rows:
            continue
        budgeted = budget.total
        if budgeted is None:
            budgeted = exact_sum([part.amount for part in budget.parts])
        bill = PricedDesign(design.scenario, budget.currency, design.day)
        costs = ((row.month, bill.in_month(row.hours).at(int(row.requests)).gross) for row in rows)
        yield _checked("design", design.scenario.name, budget.currency, budgeted, costs)


def month_budget(months: Sequence[TimelineMonth], budget: Decimal, currency: Currency) -> BudgetBreak:
    """Check a most for what is spent in each month, moves included."""
    return _checked("month", None, currency, budget, ((row.month, spent_in(row)) for row in months))


def total_budget(months: Sequence[TimelineMonth], budget: Decimal, currency: Currency) -> BudgetBreak:
    """Check a most for what is spent in all months, moves included."""
    return _checked("total", None, currency, budget, ((row.month, row.cumulative) for row in months))


def _checked(
    kind: BudgetKind,
    scenario: str | None,
    currency: Currency,
    budget: Decimal,
    costs: Iterable[tuple[str, Decimal]],
) -> BudgetBreak:
    month, cost = next(((month, cost) for month, cost in costs if cost > budget), (None, None))
    return BudgetBreak(kind, scenario, currency, budget, month, cost)
