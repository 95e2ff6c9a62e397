"""The pictures of estimates, comparisons and timelines, as `--plot` writes them."""

from __future__ import annotations

from costplan.analysis.bill.compare import column_name
from costplan.analysis.bill.documents import Comparison, ScenarioColumn
from costplan.analysis.timeline.document import Timeline
from costplan.analysis.uncertainty.documents import ScenarioChance, UncertainComparison, UncertainEstimate
from costplan.graphics.charts.bill import Stage, bill, waterfall
from costplan.graphics.charts.style import Caption
from costplan.graphics.charts.time import MonthLine, TimeLabels, monthly_costs
from costplan.graphics.charts.uncertainty import Chance, UncertaintyLabels, chances, histogram
from costplan.messages.errors import InputError
from costplan.pricing.estimate import Estimate
from costplan.quantities.shown import money


def estimate_chart(estimate: Estimate, form: str) -> bytes:
    """Draw where the money of a bill goes, by resource."""
    parts = {resource.name: resource.monthly_cost for resource in estimate.resources}
    if not any(parts.values()):
        raise InputError("--plot: there is nothing to draw: the bill is 0")
    total = f"{money(estimate.total.monthly_cost)} {estimate.currency}"
    dearest = max(parts, key=lambda found: parts[found])
    said = f"Monthly cost by resource; the dearest is {dearest} with {money(parts[dearest])}."
    return bill(parts, Caption(f"{column_name(estimate)}: {total} a month", said)).file(form)


def uncertain_estimate_chart(estimate: UncertainEstimate, form: str) -> bytes:
    """Draw how often each bill comes out, with the budget where it is in the same currency."""
    sure = estimate.uncertainty
    if sure.histogram is None:
        raise InputError("--plot: there is nothing to draw: the bill is the same in every draw")
    budget = next((b for b in sure.budget if b.name == "total" and b.currency == estimate.currency), None)
    low, high = money(sure.bill.p10.value), money(sure.bill.p90.value)
    more = "; prices are missing, all are lower bounds" if sure.unpriced else ""
    said = f"In 8 of 10 cases between {low} and {high} {estimate.currency} a month{more}."
    return histogram(
        [float(edge) for edge in sure.histogram.edges],
        [float(share) for share in sure.histogram.shares],
        Caption(f"{column_name(estimate)}: what the bill may be", said),
        UncertaintyLabels(cost=f"{estimate.currency} a month"),
        float(budget.budget) if budget else None,
        float(budget.probability.value) if budget else None,
    ).file(form)


def uncertain_comparison_chart(comparison: UncertainComparison, form: str) -> bytes:
    """Draw what each bill may be, side by side, with the budgets that are in the same currency."""
    pairs = zip(comparison.scenarios, comparison.uncertainty.scenarios, strict=True)
    rows = [_chance(column, sure, comparison.currency) for column, sure in pairs]
    if not any(row.high for row in rows):
        raise InputError("--plot: there is nothing to draw: the bills are 0")
    said = "; ".join(f"{row.name} {money(row.low)} to {money(row.high)}" for row in rows)
    title = f"What each bill may be, {comparison.currency} a month"
    return chances(rows, Caption(title, f"In 8 of 10 cases: {said}")).file(form)


def _chance(column: ScenarioColumn, sure: ScenarioChance, currency: str) -> Chance:
    """Say what a bill may be; where nothing in it is uncertain, it is one amount."""
    cost, name, bill_of = column.total.monthly_cost, sure.scenario, sure.bill
    low = bill_of.p10.value if bill_of else cost
    middle = bill_of.p50.value if bill_of else cost
    high = bill_of.p90.value if bill_of else cost
    if column.budget is None or column.budget.currency != currency:
        return Chance(name, low, middle, high)
    met = None if sure.budget_met is None else float(sure.budget_met.value)
    return Chance(name, low, middle, high, column.budget.total.budget, met)


def comparison_chart(comparison: Comparison, form: str) -> bytes:
    """Draw what each step from one scenario to the next costs, by role; one scenario alone as its bill."""
    stages = [Stage(column_name(c), c.total.monthly_cost, c.roles) for c in comparison.scenarios]
    if not any(stage.total for stage in stages):
        raise InputError("--plot: there is nothing to draw: the bills are 0")
    said = "; ".join(f"{stage.name} {money(stage.total)}" for stage in stages)
    unit = f"{comparison.currency} a month"
    if len(stages) == 1:
        return bill(stages[0].parts, Caption(f"{stages[0].name}, {unit}", said)).file(form)
    return waterfall(stages, Caption(f"What each step costs, {unit}", said)).file(form)


def timeline_chart(timeline: Timeline, form: str) -> bytes:
    """Draw what each design would cost month by month, the chosen one thick."""
    lines = [
        MonthLine(
            design.scenario,
            [float(month.stages[number].spend) for month in timeline.months],
            [month.stages[number].feasible for month in timeline.months],
        )
        for number, design in enumerate(timeline.designs)
    ]
    months = [month.month for month in timeline.months]
    chosen = [month.stage for month in timeline.months]
    said = "; ".join(f"{stay.stage or 'none'} from {stay.first} to {stay.last}" for stay in timeline.stays)
    labels = TimeLabels(cost=f"{timeline.currency} a month")
    return monthly_costs(months, lines, chosen, Caption("Which design in which month", said), labels).file(
        form
    )
