"""Numbers as people read them. The only place where money is rounded."""

from __future__ import annotations

from decimal import Decimal

from costplan.money import plain, rounded
from costplan.pricing_units import pricing_unit


def money(amount: Decimal, decimals: int = 2) -> str:
    """Write an amount with thousands separators, rounded half up: `57,447.60`.

    An amount that is not 0 but would round to it keeps two significant digits: `0.0042`.
    """
    if amount and abs(amount) < Decimal(1).scaleb(-decimals) / 2:
        return significant(amount, 2)
    return f"{rounded(amount, decimals):,}"


def significant(number: Decimal, digits: int) -> str:
    """Write a number with so many significant digits, without exponent."""
    if not number:
        return "0"
    return plain(rounded(number, digits - 1 - number.adjusted()))


def quantity(number: Decimal) -> str:
    """Write a quantity: exact where that is short, else to six significant digits."""
    exact = plain(number)
    if len(exact.replace("-", "").replace(".", "")) <= 7:
        return f"{number:,f}".rstrip("0").rstrip(".") if "." in exact else f"{number.to_integral_value():,f}"
    if abs(number) >= 100_000:
        return f"{rounded(number, 0):,f}"
    text = significant(number, 6)
    whole, point, fraction = text.partition(".")
    return f"{int(whole):,}{point}{fraction}"


def usage(number: Decimal, unit: str) -> str:
    """Write a quantity with its unit; `2 1000 requests` becomes `2,000 requests`.

    Example: `usage(Decimal(500), "1000 requests")` -> `500,000 requests`.
    """
    count = pricing_unit(unit).count if unit[:1].isdigit() else 1
    word = unit.partition(" ")[2] if count > 1 else unit
    return f"{quantity(number * count)} {_word(word, number * count)}"


def _word(unit: str, number: Decimal) -> str:
    """Write a unit that is a plain word in singular or plural; `GB` and `core*hour` stay."""
    if not unit.islower() or "*" in unit:
        return unit
    return counted(number, {"queries": "query"}.get(unit, unit.removesuffix("s"))).partition(" ")[2]


def counted(number: int | Decimal, word: str) -> str:
    """Write a number of things: `1 line`, `2 lines`, `0 queries`."""
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number:,} {word if number == 1 else many}"


def ratio(cost_over_budget: Decimal) -> str:
    """Write a ratio: `2.4x`."""
    return f"{rounded(cost_over_budget, 2 if cost_over_budget < 10 else 1)}x"


def share_of(amount: Decimal, whole: Decimal) -> float:
    """Return a part of a whole for a bar; 0 of nothing."""
    return float(amount / whole) if whole else 0.0


def percent(part: Decimal, whole: Decimal) -> str:
    """Write a share in percent, without decimals: `42%`, `<1%`."""
    if not whole:
        return "-"
    share = part / whole * 100
    return "<1%" if 0 < share < Decimal("0.5") else f"{rounded(share, 0)}%"


def requests(count: Decimal) -> str:
    """Write a number of requests: `5M`, `1.5M`, `1,234`."""
    for factor, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if count >= factor:
            return f"{plain(rounded(count / factor, 3))}{letter}"
    return plain(rounded(count, 3))
