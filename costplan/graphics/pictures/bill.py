"""Pictures of bills: where the money goes, what breaks the budget, what a step to the next design costs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.analysis.bill.compare import column_name
from costplan.analysis.bill.documents import Comparison
from costplan.graphics.pictures.picture import Picture, slug
from costplan.language.terms import ROLES
from costplan.language.translator import Translator
from costplan.pricing.estimate import BudgetReport, Estimate
from costplan.quantities.money import EXACT

if TYPE_CHECKING:
    from costplan.graphics.charts.style import Drawing


def bill_picture(estimate: Estimate, words: Translator) -> Picture | None:
    """Show where the money of a bill goes; a bill of nothing has no picture."""
    named = ((words.title(one.title, one.name), one.monthly_cost) for one in estimate.resources)
    message = "Monthly cost by resource; the most expensive is {name} with {share}."
    return _bill(column_name(estimate), _added(named), estimate.currency, message, words)


def _bill(
    name: str, parts: dict[str, Decimal], currency: str, message: str, words: Translator
) -> Picture | None:
    if not any(parts.values()):
        return None
    highest = max(parts, key=lambda part: parts[part])
    title = words("Where the money of {stage} goes", stage=name)
    description = words(
        message,
        name=highest,
        share=words.share(parts[highest], sum(parts.values(), Decimal(0))),
    )

    def draw() -> Drawing:
        from costplan.graphics.charts.bill import bill
        from costplan.graphics.charts.style import Caption

        return bill(parts, Caption(title, description), currency, words)

    return Picture(f"bill-{slug(name)}", title, description, draw)


def budget_picture(name: str, budget: BudgetReport, words: Translator) -> Picture:
    """Show each part of a budget against what it costs."""
    lines = [*budget.lines, budget.total] if len(budget.lines) != 1 else list(budget.lines)
    title = words("The budget of {stage}", stage=name)
    description = words(
        "The budget of each part, and what it costs, in {currency}.", currency=budget.currency
    )

    def draw() -> Drawing:
        from costplan.graphics.charts.bill import BudgetComparison, budgets
        from costplan.graphics.charts.style import Caption

        total = words("Total")
        parts = [
            BudgetComparison(total if line is budget.total else line.name, line.budget, line.cost)
            for line in lines
        ]
        return budgets(parts, Caption(title, description), budget.currency, words)

    return Picture(f"budget-{slug(name)}", title, description, draw)


def step_picture(comparison: Comparison, words: Translator) -> Picture | None:
    """Show what the step from each design to the next costs, and for what; one alone as its bill by role."""
    columns = comparison.scenarios
    if not any(column.total.monthly_cost for column in columns):
        return None
    roles = [
        _added((words.term(role, ROLES), cost) for role, cost in column.roles.items()) for column in columns
    ]
    if len(columns) == 1:
        message = "Monthly cost by role; the most expensive is {name} with {share}."
        return _bill(column_name(columns[0]), roles[0], comparison.currency, message, words)
    title = words("What each step costs, and for what")
    description = words("Monthly cost of each design, and between them the roles that make the difference.")

    def draw() -> Drawing:
        from costplan.graphics.charts.bill import Stage, waterfall
        from costplan.graphics.charts.style import Caption

        stages = [
            Stage(column_name(column), column.total.monthly_cost, parts)
            for column, parts in zip(columns, roles, strict=True)
        ]
        return waterfall(stages, Caption(title, description), comparison.currency, words)

    return Picture("steps", title, description, draw)


def _added(costs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add up what has the same name."""
    found: dict[str, Decimal] = {}
    for name, cost in costs:
        found[name] = EXACT.add(found.get(name, Decimal(0)), cost)
    return found
