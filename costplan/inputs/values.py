"""Values as they are written behind an option, or handed to the library: read and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costplan.capacity.slo import Slo, parse_slo
from costplan.catalog.price import Currency
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.money import Money, parse_money
from costplan.quantities.units import parse_growth
from costplan.scenario.calendar import LAST_YEAR, parse_month


def one_of(option: str, value: str, choices: Sequence[str], *, otherwise: str | None = None) -> str:
    """Check an option against its choices.

    Args:
        otherwise: The hint where no choice is near.

    Raises:
        InputError: It is none of them; the hint names the nearest.
    """
    if value not in choices:
        hint = did_you_mean(value, choices) or otherwise
        raise InputError(
            Reason(
                "{option}: `{value}` is not one of {choices}",
                option=option,
                value=visible(value[:60]),
                choices=listed(choices),
            ),
            hint=hint,
        )
    return value


def currency_of(text: str | None, catalog: Catalog, option: str = "--currency") -> Currency | None:
    """Read an option that is one of the catalog's currencies; case does not matter."""
    return None if text is None else one_of(option, text.upper(), tuple(catalog.currencies))


def money_of(option: str, text: str, default: str | None = None) -> Money:
    """Read an option that is an amount: `2000USD`, `150000 RUB`; without a currency it is in the default.

    Raises:
        InputError: It is none.
    """
    try:
        money = parse_money(text, default)
    except ValueError as error:
        hint = Reason("write it like {option} 2000{default}", option, default or "USD")
        raise InputError(Reason("{option}: {why}", option=option, why=error), hint=hint) from None
    return money


def amount_in(currency: str, option: str, text: str) -> Decimal:
    """Read an option that is an amount in a currency, named or not: `150000RUB`, `60000`.

    Raises:
        InputError: It is none, or in another currency: there is no exchange rate.
    """
    money = money_of(option, text, currency)
    if money.currency != currency:
        hint = Reason(
            "there is no exchange rate; say it in {currency}, or add --currency {other}",
            currency,
            money.currency,
        )
        raise InputError(
            Reason("{option}: `{text}` is not in {currency}", option, visible(text[:40]), currency), hint=hint
        )
    return money.amount


def slo_of(text: str) -> Slo:
    """Read --slo: `p99 <= 100 ms`, `p95:1.5s`.

    Raises:
        InputError: It is none.
    """
    try:
        return parse_slo(text)
    except ValueError as error:
        shown = f"--slo {visible(text[:60])}"
        raise InputError(
            Reason("{option}: {why}", option=shown, why=error), hint="--slo 'p99 <= 100 ms'"
        ) from None


def day_of(text: str | None, option: str = "--as-of") -> date | None:
    """Read an option that is a day.

    Raises:
        InputError: Not a day written as 2026-05-01.
    """
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Reason("{option}: `{value}` is not a date", option=option, value=visible(text[:40])),
            hint=Reason("write it like {example}", example=f"{option}{_joint(option)}2026-05-01"),
        ) from None
    if day.year > LAST_YEAR:
        raise InputError(
            Reason(
                "{option}: must be at most in {year}, got {value}",
                option=option,
                year=str(LAST_YEAR),
                value=text,
            )
        )
    return day


def _joint(option: str) -> str:
    """Return what stands between a name and its value: of an option, a variable, a key of a file."""
    if not option.isidentifier():
        return " "
    return "=" if option.isupper() else " = "


def whole(option: str, text: str, most: int) -> int:
    """Read an option that is a whole number from 1.

    Raises:
        InputError: It is not, or above `most`.
    """
    shown = visible(text[:40])
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise InputError(
            Reason("{option}: `{shown}` is not a whole number", option, shown),
            hint=Reason("write it like {option} 3", option),
        )
    if not 1 <= int(text) <= most:
        raise InputError(Reason("{option}: must be from 1 to {most}, got {shown}", option, str(most), shown))
    return int(text)


def month_of(option: str, text: str | None) -> date | None:
    """Read an option that is a month.

    Raises:
        InputError: It is none.
    """
    try:
        return None if text is None else parse_month(text)
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None


def growth_of(text: str | None) -> Fraction | None:
    """Read --growth.

    Raises:
        InputError: It is no growth.
    """
    try:
        return None if text is None else parse_growth(text)
    except ValueError as error:
        raise InputError(
            Reason("{option}: {why}", option="--growth", why=error), hint="write it like --growth 10%"
        ) from None
