"""The picture of a sensitivity."""

from __future__ import annotations

from costplan.analysis.uncertainty.documents import Sensitivity
from costplan.graphics.charts.style import Caption
from costplan.graphics.charts.uncertainty import Swing, UncertaintyLabels, tornado
from costplan.messages.errors import InputError
from costplan.quantities.shown import money

MOST_BARS = 20
"""Bars of one picture: the rest move the bill less than any of these."""


def chart(document: Sensitivity, form: str) -> bytes:
    """Draw the tornado; at least one input must move the bill.

    Args:
        document: With bars.
        form: `svg` or `png`.
    """
    bars = document.bars[:MOST_BARS]
    if not bars:
        raise InputError("--plot: there is nothing to draw: no input moves the bill")
    swings = [Swing(bar.path, bar.low, bar.high, bar.cost_at_low, bar.cost_at_high) for bar in bars]
    widest = f"{bars[0].path} from {bars[0].low} to {bars[0].high}"
    base = f"{money(document.monthly_cost)} {document.currency}"
    caption = Caption(
        f"{document.scenario}: what the bill depends on",
        f"{base} a month as stated; {widest} moves it from {money(bars[0].cost_at_low)} to "
        f"{money(bars[0].cost_at_high)}.",
    )
    labels = UncertaintyLabels(cost=f"{document.currency} a month")
    return tornado(swings, document.monthly_cost, caption, labels).file(form)
