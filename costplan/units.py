"""Quantities that remember their origin, and the units in which people write and providers bill."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from costplan.money import parse_decimal
from costplan.text import nearest, visible

HOURS_PER_MONTH = 720
"""The provider's month: 30 days of 24 hours, the factor between its hourly and monthly lists.

Source: Yandex Cloud documentation, all pricing pages and examples.
"""

BYTES_PER_GB = 2**30
"""The provider bills 1 GB = 2^10 MB = 2^20 KB = 2^30 bytes; so do `GB` and `GiB` here."""

SECONDS_PER_HOUR = 3600
HOURS_PER_WEEK = 168


@dataclass(frozen=True, slots=True)
class Origin:
    """Why an input has its value when nobody simply stated it."""

    kind: Literal["assumed", "measured"]
    path: str
    """Where it is written: `workload.request_duration`."""
    reason: str
    """Why this value was taken, or which measurement it comes from."""


class Quantity:
    """An exact number that remembers which assumed or measured inputs it was made from.

    Arithmetic keeps the value as an exact fraction and unites the origins, so that a line of the bill can say
    what it rests on without anybody having to list it.
    """

    __slots__ = ("origins", "value")

    def __init__(self, value: Number, origins: frozenset[Origin] = frozenset()) -> None:
        self.value = value if isinstance(value, Fraction) else Fraction(value)
        self.origins = origins

    def __add__(self, other: Quantity | Number) -> Quantity:
        value, origins = _parts(other)
        return Quantity(self.value + value, self.origins | origins)

    def __sub__(self, other: Quantity | Number) -> Quantity:
        value, origins = _parts(other)
        return Quantity(self.value - value, self.origins | origins)

    def __mul__(self, other: Quantity | Number) -> Quantity:
        value, origins = _parts(other)
        return Quantity(self.value * value, self.origins | origins)

    def __truediv__(self, other: Quantity | Number) -> Quantity:
        value, origins = _parts(other)
        return Quantity(self.value / value, self.origins | origins)

    __radd__ = __add__
    __rmul__ = __mul__

    def rounded_up_to(self, step: Quantity | Number) -> Quantity:
        """Return the smallest multiple of `step` that is not below the value; a step of 0 changes nothing."""
        value, origins = _parts(step)
        if value == 0:
            return self
        return Quantity(-((-self.value) // value) * value, self.origins | origins)

    def at_least(self, floor: Quantity | Number) -> Quantity:
        """Return the greater of the two."""
        value, origins = _parts(floor)
        return Quantity(max(self.value, value), self.origins | origins)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Quantity):
            return self.value == other.value and self.origins == other.origins
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.value, self.origins))

    def __repr__(self) -> str:
        return f"Quantity({self.value})"


Number = int | Decimal | Fraction


def _parts(number: Quantity | Number) -> tuple[Fraction, frozenset[Origin]]:
    if isinstance(number, Quantity):
        return number.value, number.origins
    return Fraction(number), frozenset()


# Units as people write them. Each table maps the spelling to the factor into the base unit.

SIZE_UNITS = {
    "B": Fraction(1),
    **{
        spelling: Fraction(1024) ** power
        for power, letter in enumerate("KMGTP", start=1)
        for spelling in (f"{letter}B", f"{letter}iB")
    },
}
"""To bytes."""

DURATION_UNITS = {
    "us": Fraction(1, 1_000_000),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "sec": Fraction(1),
    "second": Fraction(1),
    "min": Fraction(60),
    "minute": Fraction(60),
    "h": Fraction(3600),
    "hour": Fraction(3600),
    "day": Fraction(86_400),
    "d": Fraction(86_400),
    "week": Fraction(7 * 86_400),
    "month": Fraction(HOURS_PER_MONTH * 3600),
    "year": Fraction(12 * HOURS_PER_MONTH * 3600),
}
"""To seconds. A month is the provider's, 720 hours."""

COUNT_SUFFIXES = {"": 1, "K": 10**3, "k": 10**3, "M": 10**6, "B": 10**9, "G": 10**9}

_AMOUNT = re.compile(r"\s*([^\sa-zA-Z%/]+(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf)\b)\s*(.*?)\s*", re.DOTALL | re.I)
_RATE = re.compile(
    r"(?P<suffix>[KkMBG]?)\s*(?:req(?:uest)?s?)?\s*(?:(?:/|per)\s*(?P<per>[a-z]+))?", re.DOTALL
)
_PER_SECONDS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600}


def split_amount(text: str) -> tuple[Fraction, str]:
    """Split `150 ms` into the exact number and the unit text, which may be empty."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"is not a number with a unit: `{visible(text[:40])}`")
    return Fraction(parse_decimal(match[1])), match[2]


def parse_size(text: str) -> Fraction:
    """Read a size in bytes: `100 GB`, `2 GiB`, `20 KB` (1 GB = 1 GiB = 2^30 bytes, as the provider bills)."""
    return _with_unit(text, SIZE_UNITS, "a size", "16 GB")


def parse_duration(text: str) -> Fraction:
    """Read a duration in seconds: `150 ms`, `5 min`, `30 days`."""
    return _with_unit(text, DURATION_UNITS, "a duration", "150 ms")


def _with_unit(text: str, units: dict[str, Fraction], what: str, example: str) -> Fraction:
    number, unit = split_amount(text)
    factor = units.get(unit)
    if factor is None and len(unit) > 1 and unit.endswith("s"):
        factor = units.get(unit[:-1])
    if factor is not None:
        return number * factor
    if number == 0 and not unit:
        return number
    if not unit:
        raise ValueError(f"is {what} without a unit: `{visible(text[:40])}`; write it like `{example}`")
    near = nearest(unit, units)
    meant = f"; did you mean `{near}`?" if near else f"; write it like `{example}`"
    raise ValueError(f"has the unknown unit `{visible(unit[:20])}`{meant}")


def parse_count(text: str) -> Fraction:
    """Read a plain number with an optional K, M or B: `5M`, `1500`."""
    number, suffix = split_amount(text)
    if suffix not in COUNT_SUFFIXES:
        raise ValueError(f"has the unknown suffix `{visible(suffix[:20])}`; use K, M or B")
    return number * COUNT_SUFFIXES[suffix]


def parse_monthly(text: str, hours_per_month: Fraction) -> Fraction:
    """Read a count per month: `5M`, `5M/month`, `20 req/s`, `100/day`."""
    number, rest = split_amount(text)
    match = _RATE.fullmatch(rest)
    if match is None:
        raise ValueError(
            f"is not a number of requests: `{visible(text[:40])}`; write it like `5M/month` or `20 req/s`"
        )
    count = number * COUNT_SUFFIXES[match["suffix"]]
    per = match["per"] or "month"
    if per == "month":
        return count
    if per == "day":
        return count * hours_per_month / 24
    if per in _PER_SECONDS:
        return count * hours_per_month * SECONDS_PER_HOUR / _PER_SECONDS[per]
    raise ValueError(f"is counted per `{visible(per[:20])}`; use s, min, h, day or month")


def parse_share(text: str) -> Fraction:
    """Read a part of a whole between 0 and 1: `60%`, `0.6`."""
    number, unit = split_amount(text)
    if unit not in {"", "%"}:
        raise ValueError(f"is not a share: `{visible(text[:40])}`; write it like `60%`")
    share = number / 100 if unit else number
    if share > 1:
        raise ValueError(f"is a share above 100%: `{visible(text[:40])}`")
    return share


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SCHEDULE = re.compile(
    r"(?P<from>\d{1,2})(?::00)?\s*-\s*(?P<to>\d{1,2})(?::00)?\s+(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?",
    re.ASCII,
)


def parse_hours(text: str, hours_per_month: Fraction) -> Fraction:
    """Read how long something runs in a month: `24x7`, `9-18 mon-fri`, `200 h`, `50%`.

    A weekly schedule is spread over the month of `hours_per_month` hours, which holds that many / 168 weeks:
    `9-18 mon-fri` is 45 h a week, 45 * 720 / 168 = 192.857 h a month.
    """
    plain = text.strip().lower()
    if plain in {"24x7", "24/7", "always"}:
        return hours_per_month
    match = _SCHEDULE.fullmatch(plain)
    if match:
        return _weekly_hours(match) * hours_per_month / HOURS_PER_WEEK
    number, unit = split_amount(text)
    if unit == "%":
        return parse_share(text) * hours_per_month
    if not unit and number:
        raise ValueError(f"has no unit: `{visible(text[:40])}`; write `200 h`, `24x7` or `9-18 mon-fri`")
    hours = _with_unit(text, DURATION_UNITS, "a running time", "200 h") / SECONDS_PER_HOUR
    if hours > hours_per_month:
        raise ValueError(
            f"is longer than the month: {visible(text[:40])}; a month has {float(hours_per_month):g} h"
        )
    return hours


def _weekly_hours(match: re.Match[str]) -> Fraction:
    start, end = int(match["from"]), int(match["to"])
    if not 0 <= start < end <= 24:
        raise ValueError(f"must run from an earlier to a later hour of the day, got {start}-{end}")
    names = [match["first"], match["last"] or match["first"]]
    for name in names:
        if name not in _DAYS:
            raise ValueError(f"names the unknown day `{visible(name)}`; use {', '.join(_DAYS)}")
    first, last = (_DAYS.index(name) for name in names)
    days = (last - first) % 7 + 1
    return Fraction((end - start) * days)


# Units in which a catalog prices.

_TIMES = {"second": Fraction(1, SECONDS_PER_HOUR), "hour": Fraction(1), "month": Fraction(HOURS_PER_MONTH)}
"""To hours."""

BASES = frozenset(
    [
        "core",
        "GB",
        "gpu",
        "ip",
        "request",
        "invocation",
        "value",
        "RU",
        "version",
        "operation",
        "master",
        "balancer",
        "gateway",
        "alert",
        "zone",
        "query",
        "resource",
        "row",
        "event",
        "secret",
        "user",
    ]
)
"""Things that a catalog counts."""

_PRICING_UNIT = re.compile(
    r"(?:(?P<count>\d{1,12})(?P<suffix>[KM]?) )?(?P<base>[A-Za-z]+?)s?(?:\*(?P<time>[a-z]+?)s?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PricingUnit:
    """What one price is per: `core*hour`, `GB*month`, `1000 requests`, `month`."""

    count: int
    base: str
    """A word of `BASES`; empty for a bare time such as `month`."""
    hours: Fraction | None
    """Length of the time factor in hours; None when the unit has none."""

    def factor_from(self, other: PricingUnit) -> Fraction:
        """Return by what a quantity in `other` is multiplied to be in this unit.

        Raises:
            ValueError: The two measure different things.
        """
        if self.base != other.base or (self.hours is None) != (other.hours is None):
            raise ValueError("the units measure different things")
        factor = Fraction(other.count, self.count)
        if self.hours is not None and other.hours is not None:
            factor *= other.hours / self.hours
        return factor


@lru_cache(maxsize=256)
def pricing_unit(text: str) -> PricingUnit:
    """Read a pricing unit.

    Raises:
        ValueError: The unit is not known; the message names the nearest known word.
    """
    match = _PRICING_UNIT.fullmatch(text)
    if match is None:
        raise ValueError(f"is not a pricing unit: `{visible(text[:40])}`; write it like `core*hour`")
    count = int(match["count"] or 1) * COUNT_SUFFIXES[match["suffix"] or ""]
    if count == 0:
        raise ValueError(f"counts by nothing: `{visible(text[:40])}`; write it like `1000 requests`")
    base, time = _singular(match["base"]), match["time"]
    if time is None and base in _TIMES:
        return PricingUnit(count, "", _TIMES[base])
    if base not in BASES:
        raise ValueError(f"counts the unknown thing `{visible(base)}`; known: {_known(base, BASES)}")
    if time is not None and time not in _TIMES:
        raise ValueError(f"has the unknown time `{visible(time)}`; known: {_known(time, _TIMES)}")
    return PricingUnit(count, base, _TIMES[time] if time else None)


def _singular(word: str) -> str:
    return {"querie": "query"}.get(word, word)


def _known(word: str, words: Iterable[str]) -> str:
    options = sorted(words)
    near = nearest(word, options)
    return f"{near}?" if near else ", ".join(options)
