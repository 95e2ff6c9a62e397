"""Charts over load and over months as blocks; drawn when a renderer asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import nan
from typing import TYPE_CHECKING

from costplan.analysis.curve.document import Curve
from costplan.analysis.timeline.document import Timeline
from costplan.language.translator import Translator
from costplan.report.blocks import Chart, Picture, Table
from costplan.report.months import day_of

if TYPE_CHECKING:
    from costplan.graphics.charts.time import TimeLabels

MOST_SENTENCES = 6
"""Ranges that a description names; the table behind the chart has them all."""


def axis_number(words: Translator) -> Callable[[float], str]:
    """Return what writes the numbers of an axis: `10K`, `2.5M`, `10 тыс.`."""

    def written(number: float) -> str:
        exact = Decimal(repr(float(number)))
        if 0 < abs(exact) < 1:
            return words.significant(exact, 2)
        return f"{'−' if exact < 0 else ''}{words.requests(abs(exact))}"

    return written


def scaling_chart(curve: Curve, words: Translator, table: Table) -> Chart | None:
    """Show cost over load, and the cost of a million requests below it; costs of nothing have no chart."""
    if not any(point.monthly_cost > 0 for line in curve.scenarios for point in line.points):
        return None
    title = words("Cost against load")
    description = " ".join(_ranges(curve, words))

    def draw() -> Picture:
        from costplan.graphics.charts.load import crossings, load_curves
        from costplan.graphics.charts.scaling import ScalingLabels, scaling
        from costplan.graphics.charts.style import Caption

        labels = ScalingLabels(
            cost=words("{currency} a month", currency=curve.currency),
            per_million=words("{currency} per million requests", currency=curve.currency),
            requests=words("requests a month"),
            cheapest=words("cheapest"),
            missed=words("dotted: misses its promise"),
            number=axis_number(words),
        )
        return scaling(load_curves(curve), crossings(curve), Caption(title, description), labels)

    return Chart("scaling", title, description, draw, table)


def _ranges(curve: Curve, words: Translator) -> Iterator[str]:
    """Say in words what the picture shows."""
    yield words("Both axes are logarithmic; the cheapest design that keeps its promise is drawn thick.")
    for one in curve.cheapest[:MOST_SENTENCES]:
        message = (
            "From {first} to {last} requests it is {stage}."
            if one.scenario
            else "From {first} to {last} requests no design keeps its promise."
        )
        first, last = (words.about(Decimal(load)) for load in (one.start, one.end))
        yield words(message, first=first, last=last, stage=one.scenario or "")


def month_chart(plan: Timeline, words: Translator, table: Table) -> Chart | None:
    """Show what each design costs month by month, and which one is taken."""
    if not any(one.spend > 0 for row in plan.months for one in row.stages):
        return None
    title = words("What each design costs, month by month")
    description = words("The chosen design is drawn thick, and moves are numbered.")

    def draw() -> Picture:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.time import MonthLine, monthly_costs

        lines = [
            MonthLine(
                design.scenario,
                [float(row.stages[place].spend) for row in plan.months],
                [row.stages[place].feasible for row in plan.months],
            )
            for place, design in enumerate(plan.designs)
        ]
        chosen = [row.stage for row in plan.months]
        return monthly_costs(
            _names(plan, words), lines, chosen, Caption(title, description), _labels(plan, words)
        )

    return Chart("months", title, description, draw, table)


def spent_chart(plan: Timeline, words: Translator, table: Table) -> Chart | None:
    """Show what has been spent from the first month on."""
    if not plan.total_spend:
        return None
    title = words("What is spent from the first month on")
    description = words(
        "It comes to about {cost} in the last month.", cost=words.rough_money(plan.total_spend, plan.currency)
    )

    def draw() -> Picture:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.time import cumulative

        spent = [float(row.cumulative) for row in plan.months]
        return cumulative(_names(plan, words), spent, Caption(title, description), _labels(plan, words))

    return Chart("spent", title, description, draw, table)


def margin_chart(plan: Timeline, words: Translator, table: Table) -> Chart:
    """Show each month's margin."""
    title = words("Margin by month")
    description = words("Above the line a month earns, below it, hatched, a month loses.")
    lasting = plan.outcome.break_even_lasting if plan.outcome else None

    def draw() -> Picture:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.time import margins

        found = [nan if row.business is None else float(row.business.margin) for row in plan.months]
        pays = next((n for n, row in enumerate(plan.months) if row.month == lasting), None)
        names = _names(plan, words)
        return margins(names, found, Caption(title, description), _labels(plan, words), pays)

    return Chart("margin", title, description, draw, table)


def _names(plan: Timeline, words: Translator) -> list[str]:
    return [words.short_month(day_of(row.month)) for row in plan.months]


def _labels(plan: Timeline, words: Translator) -> TimeLabels:
    from costplan.graphics.charts.time import TimeLabels

    return TimeLabels(
        cost=words("{currency} a month", currency=plan.currency),
        spent=words("{currency} so far", currency=plan.currency),
        margin=words("{currency} margin of the month", currency=plan.currency),
        chosen=words("chosen"),
        missed=words("dotted: misses its promise"),
        pays=words("pays from here on"),
        number=axis_number(words),
    )
