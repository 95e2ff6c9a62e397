"""The pictures of estimates, comparisons and timelines, as `--plot` writes them."""

from __future__ import annotations

from costplan.analysis.compare import column_name
from costplan.analysis.documents import Comparison
from costplan.analysis.timeline_document import Timeline
from costplan.errors import InputError
from costplan.pricing.estimate import Estimate
from costplan.report.charts_bill import Stage, bill, waterfall
from costplan.report.charts_style import Caption
from costplan.report.charts_time import MonthLine, TimeLabels, monthly_costs
from costplan.report.numbers import money


def estimate_chart(estimate: Estimate, form: str) -> bytes:
    """Draw where the money of a bill goes, by resource."""
    parts = {resource.name: resource.monthly_cost for resource in estimate.resources}
    if not any(parts.values()):
        raise InputError("--plot: there is nothing to draw: the bill is 0")
    total = f"{money(estimate.total.monthly_cost)} {estimate.currency}"
    name = ":".join([estimate.scenario, *(["+".join(estimate.variants)] if estimate.variants else [])])
    dearest = max(parts, key=lambda found: parts[found])
    said = f"Monthly cost by resource; the dearest is {dearest} with {money(parts[dearest])}."
    return bill(parts, Caption(f"{name}: {total} a month", said)).file(form)


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
