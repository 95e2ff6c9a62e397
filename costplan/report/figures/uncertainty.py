"""Charts of how sure a bill is, as blocks; drawn when a renderer asks."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from costplan.analysis.uncertainty.documents import BudgetChance, Sensitivity, Uncertainty
from costplan.language.translator import Translator
from costplan.report.blocks import Chart, Picture, Table
from costplan.report.figures.forecast import axis_number
from costplan.report.material import Stage

if TYPE_CHECKING:
    from costplan.graphics.charts.uncertainty import UncertaintyLabels

_LONG: Final = re.compile(r"\d{1,3}\.\d{2,}")
NARROW = Decimal("0.001")
"""Part of the median that the range of a bill must exceed to be worth a picture."""
MOST_BARS = 12
"""Bars of a picture: the rest move the bill less than any of these, and stand in the table."""


def spread_chart(stage: Stage, found: Uncertainty, words: Translator, table: Table) -> Chart | None:
    """Show how often each bill comes out; a bill that does not vary has no chart."""
    shape = found.histogram
    if shape is None:
        return None
    currency = stage.estimate.currency
    limit = next((one for one in found.budget if one.name == "total" and one.currency == currency), None)
    title = words("What {stage} may cost", stage=stage.name)
    description = words(
        "How often each monthly cost comes out; in 8 of 10 cases it lies between {low} and {high}.",
        low=words.round_money(found.bill.p10.value, currency),
        high=words.round_money(found.bill.p90.value, currency),
    )

    def draw() -> Picture:
        from costplan.graphics.charts.style import Caption
        from costplan.graphics.charts.uncertainty import histogram

        return histogram(
            [float(edge) for edge in shape.edges],
            [float(share) for share in shape.shares],
            Caption(title, description),
            _labels(currency, words),
            None if limit is None else float(limit.budget),
            None if limit is None else float(limit.probability.value),
        )

    return Chart(f"spread-{stage.slug}", title, description, draw, table)


def is_narrow(found: Uncertainty) -> bool:
    """Say whether eight cases of ten are so near each other that a picture would show one bar."""
    return found.bill.p90.value - found.bill.p10.value <= NARROW * abs(found.bill.p50.value)


def chance_chart(stage: Stage, budgets: tuple[BudgetChance, ...], words: Translator, table: Table) -> Chart:
    """Show what each part of a budget may cost, and how probable it is that it holds."""
    currency = budgets[0].currency
    title = words("How probable it is that the budget of {stage} holds", stage=stage.name)
    description = words("What each part may cost in 8 of 10 cases; the hollow mark is its budget.")

    def draw() -> Picture:
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
        return chances(rows, Caption(title, description), _labels(currency, words))

    return Chart(f"chances-{stage.slug}", title, description, draw, table)


def tornado_chart(stage: Stage, found: Sensitivity, words: Translator, table: Table) -> Chart:
    """Show what each input moves by itself."""
    bars = found.bars[:MOST_BARS]
    title = words("What the bill of {stage} depends on", stage=stage.name)
    description = words(
        "Each input moved by itself, the others as stated: {cost} a month. Both ends of a bar name the "
        "input's value there.",
        cost=words.round_money(found.monthly_cost, found.currency),
    )

    def draw() -> Picture:
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
        labels = _labels(found.currency, words)
        return tornado(swings, found.monthly_cost, Caption(title, description), labels)

    return Chart(f"tornado-{stage.slug}", title, description, draw, table)


def short_end(written: str) -> str:
    """Shorten a number to what a label needs: `186.334 GB` to `186 GB`; the table has it whole."""
    return _LONG.sub(lambda found: f"{float(found[0]):.3g}", written)


def short_path(path: str) -> str:
    """Return where an input stands, without the first word that most share: `inference.disks[0].size`."""
    return path.removeprefix("resources.").removeprefix("workload.")


def budget_name(one: BudgetChance, words: Translator) -> str:
    """Return what a part of a budget is called."""
    return words("Total") if one.name == "total" else one.name


def _labels(currency: str, words: Translator) -> UncertaintyLabels:
    from costplan.graphics.charts.uncertainty import UncertaintyLabels

    return UncertaintyLabels(
        money=lambda amount: words.round_money(amount, currency),
        chance=lambda share: _chance(share, words),
        number=axis_number(words),
        cost=words("{currency} a month", currency=currency),
        requests=words("requests a month"),
        budget=words("budget"),
        middle=words("median"),
        band=words("8 of 10 cases"),
        within=words("holds in"),
        draws=words("share of cases"),
    )


def _chance(share: float, words: Translator) -> str:
    """Write a probability; ticks of an axis may be less than a percent apart."""
    exact = Decimal(repr(float(share)))
    return words.growth(exact) if 0 < exact < Decimal("0.01") else words.chance(exact)
