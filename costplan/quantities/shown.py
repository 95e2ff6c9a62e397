"""Numbers as people read them. The only place where money is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal

from costplan.quantities.money import EXACT, exact_sum, plain, rounded
from costplan.quantities.pricing_units import pricing_unit


class ShownNumber(str):
    """A number as people read it, which remembers the number: a spreadsheet counts with that.

    A sign or a unit that is put behind it leaves it a number: `money(cost) + "+"`.
    """

    __slots__ = ("value",)
    value: Decimal
    """Exact; of a share in percent it is the share, 0 to 1."""

    def __new__(cls, text: str, value: Decimal | int) -> ShownNumber:
        """Join a text and the number that it shows."""
        self = super().__new__(cls, text)
        self.value = Decimal(value)
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, Decimal], dict[str, Decimal]]:
        """Copy with the number."""
        return (str(self), self.value), {}

    def __add__(self, behind: str) -> ShownNumber:
        """Put something behind it."""
        return ShownNumber(f"{self}{behind}", self.value)


def shown(amount: Decimal, decimals: int = 2) -> Decimal:
    """Return an amount as `money` writes it."""
    if amount and abs(amount) < Decimal(1).scaleb(-decimals) / 2:
        return rounded(amount, 1 - amount.adjusted())
    return rounded(amount, decimals)


def gap(more: Decimal, less: Decimal) -> Decimal:
    """Return what one amount is above another, both as shown: what a reader gets who subtracts them."""
    return EXACT.subtract(shown(more), shown(less))


def rounding(parts: Iterable[Decimal], whole: Decimal) -> Decimal:
    """Return what parts as shown lack to their whole as shown, which is the exact one, rounded once."""
    return EXACT.subtract(shown(whole), exact_sum([shown(part) for part in parts]))


def significant(number: Decimal, digits: int) -> ShownNumber:
    """Write a number with so many significant digits, without exponent."""
    return ShownNumber(plain(rounded(number, digits - 1 - number.adjusted())) if number else "0", number)


def quantity(number: Decimal) -> ShownNumber:
    """Write a quantity: exact where that is short, else to six significant digits."""
    return ShownNumber(_quantity(number), number)


def _quantity(number: Decimal) -> str:
    exact = plain(number)
    if len(exact.replace("-", "").replace(".", "")) <= 7:
        return f"{number:,f}".rstrip("0").rstrip(".") if "." in exact else f"{number.to_integral_value():,f}"
    if abs(number) >= 100_000:
        return f"{rounded(number, 0):,f}"
    text = significant(number, 6)
    whole, point, fraction = text.partition(".")
    return f"{int(whole):,}{point}{fraction}"


def usage(number: Decimal, unit: str) -> ShownNumber:
    """Write a quantity with its unit; `2 1000 requests` becomes `2,000 requests`.

    Example: `usage(Decimal(500), "1000 requests")` -> `500,000 requests`.
    """
    count = pricing_unit(unit).count if unit[:1].isdigit() else 1
    word = unit.partition(" ")[2] if count > 1 else unit
    whole = number * count
    return ShownNumber(f"{_quantity(whole)} {_word(word, whole)}".rstrip(), whole)


def _word(unit: str, number: Decimal) -> str:
    """Write a unit that is a plain word in singular or plural; `GB` and `core*hour` stay."""
    if not unit.islower() or "*" in unit:
        return unit
    return counted(number, {"queries": "query"}.get(unit, unit.removesuffix("s"))).partition(" ")[2]


def counted(number: int | Decimal, word: str) -> str:
    """Write a number of things: `1 line`, `2 lines`, `0 queries`."""
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number:,} {word if number == 1 else many}"


def ratio(cost_over_budget: Decimal) -> ShownNumber:
    """Write a ratio: `2.4x`."""
    return ShownNumber(f"{rounded(cost_over_budget, 2 if cost_over_budget < 10 else 1)}x", cost_over_budget)


def share_of(amount: Decimal, whole: Decimal) -> float:
    """Return a part of a whole for a bar; 0 of nothing."""
    return float(amount / whole) if whole else 0.0


def whole_percents(parts: Sequence[Decimal], whole: Decimal) -> list[int]:
    """Return shares in whole percent that add up to what the parts are together, such as 100.

    What rounding down leaves goes to the largest remainders: fair to shares; amounts are never moved so.
    """
    exact = [part / whole * 100 for part in parts]
    found = [int(share.to_integral_value(ROUND_FLOOR)) for share in exact]
    left = int(rounded(sum(exact, Decimal(0)), 0)) - sum(found)
    by_remainder = sorted(range(len(parts)), key=lambda n: (found[n] - exact[n], n))
    for number in by_remainder[: max(left, 0)]:
        found[number] += 1
    return found
