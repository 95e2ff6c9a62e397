"""Pictures of cost over load and over months: who is the cheapest where, what is spent, when it pays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import nan
from typing import TYPE_CHECKING

from costplan.analysis.curve.documents import Curve, ScenarioCurve
from costplan.analysis.timeline.documents import Timeline
from costplan.graphics.pictures.picture import Picture
from costplan.language.translator import Translator

if TYPE_CHECKING:
    from costplan.graphics.charts.curves import LoadCurve
    from costplan.graphics.charts.style import Drawing

MOST_SENTENCES = 6
"""Ranges that a description names; the table behind the chart has them all."""


def scaling_picture(curve: Curve, words: Translator) -> Picture | None:
    """Show cost over load, and the cost of a million requests below it; costs of nothing have no picture."""
    if not any(point.monthly_cost > 0 for line in curve.scenarios for point in line.points):
        return None
    title = words("Cost against load")
    description = " ".join(_ranges(curve, words))

    def draw() -> Drawing:
        from costplan.graphics.charts.curves import Crossing
        from costplan.graphics.charts.scaling import scaling
        from costplan.graphics.charts.style import Caption

        crossings = [
            Crossing(
                after.start,
                float(after.cost_at_start or before.cost_at_end or 0),
                before.scenario,
                after.scenario,
            )
            for before, after in pairwise(curve.cheapest)
        ]
        lines = [_line(one) for one in curve.scenarios]
        return scaling(lines, crossings, Caption(title, description), curve.currency, words)

    return Picture("scaling", title, description, draw)


def _line(curve: ScenarioCurve) -> LoadCurve:
    from costplan.graphics.charts.curves import LoadCurve

    points = curve.points
    return LoadCurve(
        name=curve.scenario,
        requests=[float(point.monthly_requests) for point in points],
        cost=[float(point.monthly_cost) for point in points],
        feasible=[one.feasible and two.feasible for one, two in pairwise(points)] + [points[-1].feasible],
    )


def _ranges(curve: Curve, words: Translator) -> Iterator[str]:
    """Say in words what the picture shows."""
    yield words("Both axes are logarithmic; the cheapest design that meets its requirements is drawn thick.")
    for one in curve.cheapest[:MOST_SENTENCES]:
        message = (
            "From {first} to {last} requests it is {stage}."
            if one.scenario
            else "From {first} to {last} requests no design meets its requirements."
        )
        first, last = (words.about(Decimal(load)) for load in (one.start, one.end))
        yield words(message, first=first, last=last, stage=one.scenario or "")


def month_picture(plan: Timeline, words: Translator) -> Picture | None:
    """Show what each design costs month by month, and which one is taken."""
    if not any(one.spend > 0 for row in plan.months for one in row.stages):
        return None
    title = words("What each design costs, month by month")
    description = words("The chosen design is drawn thick, and moves are numbered.")

    def draw() -> Drawing:
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
        caption = Caption(title, description)
        return monthly_costs(_names(plan, words), lines, chosen, caption, plan.currency, words)

    return Picture("months", title, description, draw)


def spent_picture(plan: Timeline, words: Translator) -> Picture | None:
    """Show what has been spent from the first month on."""
    if not plan.total_spend:
        return None
    title = words("What is spent from the first month on")
    description = words(
        "It comes to about {cost} in the last month.", cost=words.rough_money(plan.total_spend, plan.currency)
    )

    def draw() -> Drawing:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.time import cumulative

        spent = [float(row.cumulative) for row in plan.months]
        return cumulative(_names(plan, words), spent, Caption(title, description), plan.currency, words)

    return Picture("spent", title, description, draw)


def margin_picture(plan: Timeline, words: Translator) -> Picture:
    """Show each month's margin."""
    title = words("Margin by month")
    description = words("Above the line a month earns, below it, hatched, a month loses.")
    lasting = plan.outcome.break_even_lasting if plan.outcome else None

    def draw() -> Drawing:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.time import margins

        found = [nan if row.business is None else float(row.business.margin) for row in plan.months]
        pays = next((n for n, row in enumerate(plan.months) if row.month == lasting), None)
        caption = Caption(title, description)
        return margins(_names(plan, words), found, caption, plan.currency, words, pays)

    return Picture("margin", title, description, draw)


def _names(plan: Timeline, words: Translator) -> list[str]:
    return [words.short_month(date.fromisoformat(f"{row.month}-01")) for row in plan.months]
