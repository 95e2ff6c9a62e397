"""Exact decimal numbers and money: from text, never through float, never across currencies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from costplan.messages.reason import Reason
from costplan.messages.text import visible

EXACT = Context(prec=250, rounding=ROUND_HALF_EVEN)
"""Wide enough that no product or sum of prices and quantities is ever rounded.

Three inputs at their limits, such as requests, bytes and a retention, make a quantity of up to 75 digits;
sharing it out multiplies two of them, pricing it multiplies one by a price of 36.
"""

MAX_DIGITS = 24
MAX_DECIMALS = 12
MAX_LENGTH = 100
"""Longest text of a number, before its digits are counted."""
MAX_NUMBER = Decimal("1e12")
"""Limits of a number in a file: beyond any real bill, and small enough that arithmetic stays quick."""

QUANTUM = Decimal("1e-12")
"""The one rounding of the engine: pricing quantities, net amounts and ratios keep twelve decimals."""

SEPARATED = re.compile(r"[+-]?[0-9]{1,3}(?:[\s_.,'\u2019\u02bc`][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])")
"""Digits in groups of three, as people and spreadsheets write them; `1.000` is a number and never asked."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def parse_decimal(text: str, *, negative: bool = False) -> Decimal:
    """Read one number exactly as it is written.

    Args:
        text: ASCII digits with an optional `.` and exponent: `1.10`, `1e3`. No `_`, no `,`, no blanks inside.
        negative: Whether numbers below zero are allowed.

    Raises:
        ValueError: Not such a number, NaN or infinite, or outside the limits; the message says which.
    """
    stripped = text.strip(" ")
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(_why_not_a_number(stripped))
    if len(stripped) > MAX_LENGTH:
        raise ValueError(Reason("has more than {most} digits: {value}", MAX_DIGITS, visible(stripped[:40])))
    number = Decimal(stripped)
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if sign and not negative and number != 0:
        raise ValueError(Reason("must not be negative, got {value}", value=visible(stripped[:40])))
    if abs(number) > MAX_NUMBER:
        raise ValueError(
            Reason(
                "must be at most {most}, got {value}", most=f"{MAX_NUMBER:f}", value=visible(stripped[:40])
            )
        )
    if -exponent > MAX_DECIMALS and number != number.quantize(QUANTUM, context=EXACT):
        raise ValueError(
            Reason("has more than {most} decimals: {value}", MAX_DECIMALS, visible(stripped[:40]))
        )
    if len(digits) > MAX_DIGITS + MAX_DECIMALS:
        raise ValueError(Reason("has more than {most} digits: {value}", MAX_DIGITS, visible(stripped[:40])))
    return number


def _why_not_a_number(text: str) -> str:
    shown = visible(text[:40])
    plain = text.lower().lstrip("+-.")
    if plain in {"nan", "inf", "infinity"}:
        return Reason("must be a finite number, got `{value}`", value=shown)
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text, re.ASCII):
        message = "is not a number: `{value}`; write digits without separators, the decimal mark as a point"
        return Reason(message, value=shown)
    if "," in text and _NUMBER.fullmatch(text.replace(",", ".", 1)):
        return Reason("is not a number: `{value}`; write the decimal mark as a point", value=shown)
    if SEPARATED.fullmatch(text) or "_" in text or "," in text or " " in text:
        return Reason("is not a number: `{value}`; write digits without separators", value=shown)
    return Reason("is not a number: `{value}`", value=shown)


_MONEY = re.compile(
    r"\s*(?P<number>[^A-Za-z\s][^A-Za-z]*?(?:[eE][+-]?\d{1,3})?)"
    r"\s*(?P<times>[KkM]?)\s*(?P<currency>[A-Za-z]{3})?\s*",
    re.ASCII,
)
_TIMES = {"": 1, "K": 1_000, "k": 1_000, "M": 1_000_000}


def parse_money(text: str, currency: str | None = None) -> Money:
    """Read an amount with its currency: `2000 USD`, `150000RUB`, `1.5M RUB`.

    Args:
        text: What was written.
        currency: The currency of an amount that names none.

    Raises:
        ValueError: No amount, or it has no currency.
    """
    match = _MONEY.fullmatch(text[: MAX_LENGTH + 1])
    try:
        number = parse_decimal(match["number"] if match else text)
        times = Decimal(_TIMES[match["times"]]) if match else Decimal(1)
        amount = parse_decimal(plain(exact_product(number, times)))
    except ValueError as error:
        raise ValueError(
            Reason("{why}; write an amount like `2000 {currency}`", error, currency or "USD")
        ) from None
    assert match is not None
    named = match["currency"].upper() if match["currency"] else currency
    if named is None:
        raise ValueError(Reason("has no currency; write it like `{text} USD`", visible(text.strip()[:40])))
    return Money(amount, named)


def exact_sum(numbers: list[Decimal]) -> Decimal:
    """Add without rounding."""
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total


def exact_product(left: Decimal, right: Decimal) -> Decimal:
    """Multiply without rounding."""
    return EXACT.multiply(left, right)


def quantized(value: Fraction | Decimal) -> Decimal:
    """Round to twelve decimals, half to even; exact when the value has no more than that.

    Example: `quantized(Fraction(1, 3))` -> `0.333333333333`.
    """
    if isinstance(value, Decimal):
        return value.quantize(QUANTUM, rounding=ROUND_HALF_EVEN, context=EXACT)
    scaled = value * 10**MAX_DECIMALS
    return Decimal(round(scaled)).scaleb(-MAX_DECIMALS, context=EXACT)


def plain(number: Decimal) -> str:
    """Write a number exactly, without exponent and without trailing zeros: the form of amounts in JSON.

    Example: `plain(Decimal("1.1900"))` -> `1.19`.
    """
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def rounded(number: Decimal, decimals: int = 2) -> Decimal:
    """Round for showing, half away from zero as invoices do. The only place where money loses digits."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=EXACT)


def shortest(value: float) -> Decimal:
    """Return the shortest decimal that a float stands for: money never touches the float itself.

    Example: `shortest(0.1)` -> `0.1`, where `Decimal(0.1)` has 55 digits.
    """
    return Decimal(repr(float(value)))


def significant(value: float | Decimal, digits: int) -> Decimal:
    """Round to significant digits, half to even: what a drawn or a measured figure can say.

    Example: `significant(1234.5, 3)` -> `1.23E+3`.
    """
    return Decimal(value).normalize(Context(prec=digits, rounding=ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._same_currency(other)
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._same_currency(other)
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(Reason("{currency} and {other} do not add", self.currency, other.currency))

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.currency}"
