"""How Excel is to show a number: as the text says that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from costplan.quantities.money import rounded
from costplan.quantities.shown import ShownNumber

_PARTS = re.compile(r"[<>]?-?(?P<number>\d(?:[\d.,\u00a0\u202f]*\d)?)(?P<behind>.*)", re.DOTALL)
"""A number in any language's writing, and what stands behind it."""
_SHORTENED = frozenset(("K", "M", "B", "тыс.", "млн", "млрд"))
"""Behind a number that is written in thousands and more."""


def number_format(number: ShownNumber) -> str:
    """Return the number format of a cell: `#,##0.00`, `0%`, `#,##0.0"x"`, `#,##0.00"+"`.

    A number that its text shortens, `1.5M`, is shown whole.
    """
    parts = _PARTS.fullmatch(number)
    if parts is None:
        return "General"
    behind = parts["behind"].replace("\u00a0", " ")
    if behind.strip().startswith("%"):
        return f"0{_point(max(_decimals(parts['number'])))}%{_quoted(behind.strip()[1:])}"
    if behind.strip() in _SHORTENED:
        return "#,##0" if number.value == number.value.to_integral_value() else "General"
    digits = Decimal(re.sub(r"\D", "", parts["number"]))
    for decimals in _decimals(parts["number"]):
        if rounded(abs(number.value), decimals) == digits.scaleb(-decimals):
            return f"#,##0{_point(decimals)}{_quoted(behind)}"
    return "General"


def _decimals(written: str) -> Iterator[int]:
    """Give how many decimals a number may have: its last sign parts thousands, or is the decimal mark."""
    yield 0
    behind = re.split(r"[.,]", written)[-1]
    if behind != written:
        yield len(behind)


def _point(decimals: int) -> str:
    return f".{'0' * decimals}" if decimals else ""


def _quoted(behind: str) -> str:
    """Write what stands behind a number so that it is shown and not read as a part of the format."""
    return '"' + behind.replace('"', "'") + '"' if behind else ""
