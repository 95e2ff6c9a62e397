"""Figures of a measurement, with as many digits as they deserve."""

from __future__ import annotations

from decimal import Decimal

from costplan.language.translator import Translator
from costplan.measurement.model import CostRow
from costplan.quantities.money import shortest
from costplan.quantities.shown import ShownNumber, significant

_DIGITS = {"measured": 4, "scaled": 3, "assumed": 2}
"""Of a figure, by its basis: no third one for an assumption."""


def figure_of(amount: Decimal | None, row: CostRow, words: Translator) -> str:
    """Write a figure with as many digits as its basis deserves."""
    if amount is None:
        return "?"
    return words.figure(significant(amount, _DIGITS[row.basis or "assumed"]))


def shown_number(value: float | None, words: Translator) -> str:
    """Write a rate or a time in three digits."""
    if value is None:
        return "-"
    return ShownNumber(words.figure(f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"), shortest(value))
