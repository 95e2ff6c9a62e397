"""Rows that say what rounded amounts lack to their sum."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from costplan.language.translator import Translator
from costplan.output.views.view import Row, row_of
from costplan.quantities.shown import rounding

COLUMNS = 5


def rounding_row(
    parts: Iterable[Decimal], whole: Decimal, words: Translator, at: int = 3, indent: str = ""
) -> list[Row]:
    """Say what lines as shown lack to their sum, which is rounded once; nothing where they add up.

    Args:
        parts: What the lines cost.
        whole: Their exact sum.
        words: The language.
        at: The column of the amounts, of five.
        indent: Blanks before the label.
    """
    rest = rounding(parts, whole)
    texts = ["" if column != at else words.all_digits(rest) for column in range(1, COLUMNS)]
    return [row_of(indent + words("rounding"), *texts, tone="faint")] if rest else []
