"""Bars between two values on an axis that many rows share, for the terminal."""

from __future__ import annotations

import sys
from decimal import Decimal

BLOCK, RULE = "█", "│"
PLAIN_BLOCK, PLAIN_RULE = "#", "|"
"""Where the screen has no blocks."""


def range_bar(
    ends: tuple[Decimal, Decimal], middle: Decimal, axis: tuple[Decimal, Decimal], width: int
) -> str:
    """Draw a bar from one end to the other, with a rule at the middle.

    Args:
        ends: In any order; something is drawn even where they are equal.
        middle: On the axis.
        axis: Lowest and highest value of all rows.
        width: Characters.

    Example: from 2 to 6 around 5 on an axis from 0 to 10, 10 wide -> `  ###|#   `.
    """
    block, rule = ink()
    first, last = sorted(_column(end, axis, width) for end in ends)
    letters = [block if first <= column <= last else " " for column in range(width)]
    letters[_column(middle, axis, width)] = rule
    return "".join(letters)


def _column(value: Decimal, axis: tuple[Decimal, Decimal], width: int) -> int:
    least, most = axis
    if most == least:
        return width // 2
    return min(int((value - least) / (most - least) * width), width - 1)


def ink() -> tuple[str, str]:
    """Return the letters of a bar and of a rule that the screen can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        (BLOCK + RULE).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return PLAIN_BLOCK, PLAIN_RULE
    return BLOCK, RULE
