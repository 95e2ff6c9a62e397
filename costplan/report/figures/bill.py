"""Charts of bills as blocks: titles, descriptions and labels in words; drawn when a renderer asks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.language.terms import ROLES
from costplan.language.translator import Translator
from costplan.quantities.money import EXACT
from costplan.report.blocks import Chart, Picture, Table
from costplan.report.material import Material, Stage

if TYPE_CHECKING:
    from costplan.graphics.charts.bill import BillLabels


def bill_chart(stage: Stage, words: Translator, table: Table) -> Chart | None:
    """Show where the money of a bill goes; a bill of nothing has no chart."""
    estimate = stage.estimate
    parts = _parts([(words.title(r.title, r.name), r.monthly_cost) for r in estimate.resources])
    if not any(parts.values()):
        return None
    dearest = max(parts, key=lambda name: parts[name])
    title = words("Where the money of {stage} goes", stage=stage.name)
    description = words(
        "Monthly cost by resource; the dearest is {name} with {share}.",
        name=dearest,
        share=words.share(parts[dearest], estimate.total.monthly_cost),
    )

    def draw() -> Picture:
        from costplan.graphics.charts.bill import bill
        from costplan.graphics.charts.style import Caption

        return bill(parts, Caption(title, description), _labels(estimate.currency, words))

    return Chart(f"bill-{stage.slug}", title, description, draw, table)


def budget_chart(stage: Stage, words: Translator, table: Table) -> Chart:
    """Show each part of a budget against what it costs."""
    budget = stage.estimate.budget
    assert budget is not None
    promised = [*budget.lines, budget.total] if len(budget.lines) != 1 else list(budget.lines)
    title = words("The budget of {stage}", stage=stage.name)
    description = words(
        "What was promised for each part, and what it costs, in {currency}.", currency=budget.currency
    )

    def draw() -> Picture:
        from costplan.graphics.charts.bill import Promise, budgets
        from costplan.graphics.charts.style import Caption

        total = words("Total")
        promises = [
            Promise(total if line is budget.total else line.name, line.budget, line.cost) for line in promised
        ]
        return budgets(promises, Caption(title, description), _labels(budget.currency, words))

    return Chart(f"budget-{stage.slug}", title, description, draw, table)


def step_chart(material: Material, words: Translator, table: Table) -> Chart:
    """Show what the step from each design to the next costs, and for what."""
    title = words("What each step costs, and for what")
    description = words("Monthly cost of each design, and between them the roles that make the difference.")

    def draw() -> Picture:
        from costplan.graphics.charts import bill
        from costplan.graphics.charts.style import Caption

        stages = [
            bill.Stage(stage.name, stage.estimate.total.monthly_cost, _roles(stage, words))
            for stage in material.stages
        ]
        return bill.waterfall(stages, Caption(title, description), _labels(material.currency, words))

    return Chart("steps", title, description, draw, table)


def _roles(stage: Stage, words: Translator) -> dict[str, Decimal]:
    resources = stage.estimate.resources
    return _parts([(words.term(resource.role, ROLES), resource.monthly_cost) for resource in resources])


def _parts(costs: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add up what has the same name."""
    found: dict[str, Decimal] = {}
    for name, cost in costs:
        found[name] = EXACT.add(found.get(name, Decimal(0)), cost)
    return found


def _labels(currency: str, words: Translator) -> BillLabels:
    from costplan.graphics.charts.bill import BillLabels

    return BillLabels(
        money=lambda amount: words.round_money(amount, currency),
        share=words.share,
        ratio=words.ratio,
        others=lambda count: words.many("{count} other", "{count} others", count),
        budget=words("budget"),
        cost=words("cost"),
    )
