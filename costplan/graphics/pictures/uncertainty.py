"""Pictures of how sure a bill is: how often it comes out, whether its budget holds, what it depends on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from costplan.analysis.bill.compare import column_name
from costplan.analysis.bill.documents import ScenarioColumn
from costplan.analysis.uncertainty.documents import (
    BudgetChance,
    ScenarioChance,
    Sensitivity,
    UncertainComparison,
    UncertainEstimate,
    Uncertainty,
)
from costplan.graphics.pictures.picture import Picture, slug
from costplan.language.translator import Translator

if TYPE_CHECKING:
    from costplan.graphics.charts.style import Drawing
    from costplan.graphics.charts.uncertainty import Chance

_LONG: Final = re.compile(r"\d{1,3}\.\d{2,}")
MOST_BARS = 12
"""Bars of a picture: the rest move the bill less than any of these, and stand in the table."""


def uncertain_bill_picture(estimate: UncertainEstimate, words: Translator) -> Picture | None:
    """Show how often each bill comes out."""
    return spread_picture(column_name(estimate), estimate.currency, estimate.uncertainty, words)


def spread_picture(name: str, currency: str, found: Uncertainty, words: Translator) -> Picture | None:
    """Show how often each bill comes out; a bill that does not vary has no picture."""
    shape = found.histogram
    if shape is None:
        return None
    limit = next((one for one in found.budget if one.name == "total" and one.currency == currency), None)
    title = words("What {stage} may cost", stage=name)
    description = words(
        "How often each monthly cost comes out; in 8 of 10 cases it lies between {low} and {high}.",
        low=words.round_money(found.bill.p10.value, currency),
        high=words.round_money(found.bill.p90.value, currency),
    )
    if found.unpriced:
        description += " " + words("Parts without a price are in no draw: these are lower bounds.")

    def draw() -> Drawing:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.uncertainty import histogram

        return histogram(
            [float(edge) for edge in shape.edges],
            [float(share) for share in shape.shares],
            Caption(title, description),
            currency,
            words,
            None if limit is None else float(limit.budget),
            None if limit is None else float(limit.probability.value),
        )

    return Picture(f"spread-{slug(name)}", title, description, draw)


def budget_chance_picture(name: str, budgets: Sequence[BudgetChance], words: Translator) -> Picture:
    """Show what each part of a budget may cost, and how probable it is that it holds."""
    title = words("How probable it is that the budget of {stage} holds", stage=name)
    description = words("What each part may cost in 8 of 10 cases; the hollow mark is its budget.")

    def draw() -> Drawing:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.uncertainty import Chance, chances

        rows = [
            Chance(
                budget_name(one, words),
                one.cost.p10.value,
                one.cost.p50.value,
                one.cost.p90.value,
                one.budget,
                float(one.probability.value),
            )
            for one in budgets
        ]
        return chances(rows, Caption(title, description), budgets[0].currency, words)

    return Picture(f"chances-{slug(name)}", title, description, draw)


def uncertain_comparison_picture(comparison: UncertainComparison, words: Translator) -> Picture | None:
    """Show what each bill may be, side by side, with the budgets that are in the same currency."""
    if not any(column.total.monthly_cost for column in comparison.scenarios):
        return None
    title = words("What each bill may be")
    description = words("What each design may cost in 8 of 10 cases; the hollow mark is its budget.")

    def draw() -> Drawing:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.uncertainty import chances

        pairs = zip(comparison.scenarios, comparison.uncertainty.scenarios, strict=True)
        rows = [_chance(column, sure, comparison.currency) for column, sure in pairs]
        return chances(rows, Caption(title, description), comparison.currency, words)

    return Picture("chances", title, description, draw)


def _chance(column: ScenarioColumn, sure: ScenarioChance, currency: str) -> Chance:
    """Say what a bill may be; where nothing in it is uncertain, it is one amount."""
    from costplan.graphics.charts.uncertainty import Chance

    cost, bill = column.total.monthly_cost, sure.bill
    ends = (bill.p10.value, bill.p50.value, bill.p90.value) if bill else (cost, cost, cost)
    if column.budget is None or column.budget.currency != currency:
        return Chance(sure.scenario, *ends)
    met = None if sure.budget_met is None else float(sure.budget_met.value)
    return Chance(sure.scenario, *ends, column.budget.total.budget, met)


def tornado_picture(found: Sensitivity, words: Translator, name: str = "") -> Picture | None:
    """Show what each input moves by itself; where none moves the bill, there is no picture."""
    bars = found.bars[:MOST_BARS]
    if not bars:
        return None
    stage = name or found.scenario
    title = words("What the bill of {stage} depends on", stage=stage)
    description = words(
        "Each input moved by itself, the others as stated: {cost} a month. Both ends of a bar name the "
        "input's value there.",
        cost=words.round_money(found.monthly_cost, found.currency),
    )

    def draw() -> Drawing:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.uncertainty import Swing, tornado

        swings = [
            Swing(
                short_path(one.path),
                short_end(one.low),
                short_end(one.high),
                one.cost_at_low,
                one.cost_at_high,
            )
            for one in bars
        ]
        return tornado(swings, found.monthly_cost, Caption(title, description), found.currency, words)

    return Picture(f"tornado-{slug(stage)}", title, description, draw)


def short_end(written: str) -> str:
    """Shorten a number to what a label needs: `186.334 GB` to `186 GB`; the table has it whole."""
    return _LONG.sub(lambda found: f"{float(found[0]):.3g}", written)


def short_path(path: str) -> str:
    """Return where an input stands, without the first word that most share: `inference.disks[0].size`."""
    return path.removeprefix("resources.").removeprefix("workload.")


def budget_name(one: BudgetChance, words: Translator) -> str:
    """Return what a part of a budget is called."""
    return words("Total") if one.name == "total" else one.name
