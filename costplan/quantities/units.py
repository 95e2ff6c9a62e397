"""The units in which people write sizes, times and counts."""

from __future__ import annotations

import re
from fractions import Fraction

from costplan.messages.reason import Reason, either
from costplan.messages.text import nearest, visible
from costplan.quantities.money import SEPARATED, parse_decimal

HOURS_PER_MONTH = 720
"""The provider's month: 30 days of 24 hours, the factor between its hourly and monthly lists.

Source: Yandex Cloud documentation, all pricing pages and examples.
"""

BYTES_PER_GB = 2**30
"""The provider bills 1 GB = 2^10 MB = 2^20 KB = 2^30 bytes; so do `GB` and `GiB` here."""

_MONTH = Fraction(HOURS_PER_MONTH)
SECONDS_PER_HOUR = 3600
HOURS_PER_WEEK = 168

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

BANDWIDTH_UNITS = {
    spelling: Fraction(1000) ** power / 8
    for power, letter in enumerate("KMGT", start=1)
    for spelling in (f"{letter}bit/s", f"{letter}bps")
}
"""To bytes a second; networks count in powers of a thousand."""

_SHORT_UNITS = {"m": ("min", "ms"), "mo": ("month",), "y": ("year",), "w": ("week",), "hr": ("h",)}
"""What letters mean elsewhere; `m` is a minute to some programs and a thousandth to others."""

COUNT_SUFFIXES = {"": 1, "K": 10**3, "k": 10**3, "M": 10**6, "B": 10**9, "G": 10**9}

_AMOUNT = re.compile(r"\s*([^\sa-zA-Z%/]+(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf)\b)\s*(.*?)\s*", re.DOTALL | re.I)
_RATE = re.compile(
    r"(?P<suffix>[KkMBG]?)\s*(?:(?P<rps>rps)|(?:req(?:uest)?s?)?\s*(?:(?:/|per)\s*(?P<per>[a-z]+))?)",
    re.DOTALL,
)
_PER_SECONDS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600}


def split_amount(text: str) -> tuple[Fraction, str]:
    """Split `150 ms` into the exact number and the unit text, which may be empty."""
    match = _AMOUNT.fullmatch(text)
    grouped = SEPARATED.match(text.lstrip())
    if grouped is not None and match is not None and len(grouped.group()) > len(match[1]):
        parse_decimal(grouped.group())  # refuses it: the blank in it is no end of the number
    if match is None:
        raise ValueError(Reason("is not a number with a unit: `{value}`", value=visible(text[:40])))
    return Fraction(parse_decimal(match[1])), match[2]


def parse_size(text: str) -> Fraction:
    """Read a size in bytes: `100 GB`, `2 GiB`, `20 KB` (1 GB = 1 GiB = 2^30 bytes, as the provider bills)."""
    return _with_unit(text, SIZE_UNITS, "a size", "16 GB")


def parse_duration(text: str) -> Fraction:
    """Read a duration in seconds: `150 ms`, `5 min`, `30 days`."""
    return _with_unit(text, DURATION_UNITS, "a duration", "150 ms")


def parse_bandwidth(text: str) -> Fraction:
    """Read a bandwidth in bytes a second: `1 Gbit/s`, `500 Mbit/s`."""
    return _with_unit(text, BANDWIDTH_UNITS, "a bandwidth", "1 Gbit/s")


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
        raise ValueError(
            Reason(
                "is {what} without a unit: `{text}`; write it like `{example}`",
                Reason.of(what),
                visible(text[:40]),
                example,
            )
        )
    short = [one for one in _SHORT_UNITS.get(unit.lower(), ()) if one in units]
    named = either(f"`{one}`" for one in short or filter(None, [nearest(unit, units)]))
    shown = visible(unit[:20])
    if named:
        raise ValueError(Reason("has the unknown unit `{unit}`; did you mean {named}?", shown, named))
    raise ValueError(Reason("has the unknown unit `{unit}`; write it like `{example}`", shown, example))


def parse_count(text: str) -> Fraction:
    """Read a plain number with an optional K, M or B: `5M`, `1500`."""
    number, suffix = split_amount(text)
    if suffix not in COUNT_SUFFIXES:
        raise ValueError(
            Reason("has the unknown suffix `{suffix}`; use K, M or B", suffix=visible(suffix[:20]))
        )
    return number * COUNT_SUFFIXES[suffix]


def parse_monthly(text: str, hours_per_month: Fraction) -> Fraction:
    """Read a count per month: `5M`, `5M/month`, `20 req/s`, `10 rps`, `100/day`."""
    number, rest = split_amount(text)
    match = _RATE.fullmatch(rest)
    if match is None:
        raise ValueError(
            Reason(
                "is not a number of requests: `{value}`; write it like `5M/month` or `20 req/s`",
                value=visible(text[:40]),
            )
        )
    count = number * COUNT_SUFFIXES[match["suffix"]]
    per = "s" if match["rps"] else match["per"] or "month"
    if per == "month":
        return count
    if per == "day":
        return count * hours_per_month / 24
    if per in _PER_SECONDS:
        return count * hours_per_month * SECONDS_PER_HOUR / _PER_SECONDS[per]
    raise ValueError(Reason("is counted per `{per}`; use s, min, h, day or month", visible(per[:20])))


def parse_rate(text: str) -> Fraction:
    """Read a number of requests per second: `10`, `1K`, `10 rps`, `600 req/min`, `5M/month`."""
    number, rest = split_amount(text)
    if rest in COUNT_SUFFIXES:
        return number * COUNT_SUFFIXES[rest]
    return parse_monthly(text, _MONTH) / _MONTH / SECONDS_PER_HOUR


def parse_share(text: str) -> Fraction:
    """Read a part of a whole between 0 and 1: `60%`, `0.6`."""
    number, unit = split_amount(text)
    if unit not in {"", "%"}:
        raise ValueError(Reason("is not a share: `{text}`; write it like `60%`", visible(text[:40])))
    share = number / 100 if unit else number
    if share > 1:
        raise ValueError(Reason("is a share above 100%: `{text}`", visible(text[:40])))
    return share


MOST_GROWTH = 10
"""Growth of 1000 % a month: more is a slip."""


def parse_growth(text: str) -> Fraction:
    """Read a growth per month: `10%`, `10%/month`, `2x/year`.

    A factor per year is spread evenly, to twelve digits: `2x/year` is 5.946309435930 % a month.
    """
    number, unit = split_amount(text)
    unit = unit.replace(" ", "")
    if unit in {"%", "%/month", ""}:
        growth = number / 100 if unit else number
    elif unit == "x/year":
        growth = Fraction(round(float(number) ** (1 / 12) * 10**12), 10**12) - 1
    else:
        raise ValueError(
            Reason("is not a growth: `{text}`; write it like `10%/month` or `2x/year`", visible(text[:40]))
        )
    if growth < 0:
        raise ValueError(
            Reason("shrinks: `{text}`; a falling load needs no bigger stage", visible(text[:40]))
        )
    if growth > MOST_GROWTH:
        raise ValueError(Reason("is above 1000% a month: `{text}`", visible(text[:40])))
    return growth


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SCHEDULE = re.compile(
    r"(?P<from>\d{1,2})(?::00)?\s*-\s*(?P<to>\d{1,2})(?::00)?\s+(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?",
    re.ASCII,
)

_HOURS = re.compile(r"\d{1,2}(?::00)?\s*-\s*\d{1,2}(?::00)?", re.ASCII)


def parse_hours(text: str, hours_per_month: Fraction, longest: Fraction | None = None) -> Fraction:
    """Read how long something runs in a month: `24x7`, `9-18 mon-fri`, `200 h`, `50%`.

    A weekly schedule is spread over the month of `hours_per_month` hours, which holds that many / 168 weeks:
    `9-18 mon-fri` is 45 h a week, 45 * 720 / 168 = 192.857 h a month. Hours up to the `longest` that are more
    than the month has are the whole month.
    """
    plain = text.strip().lower()
    if plain in {"24x7", "24/7", "always"}:
        return hours_per_month
    match = _SCHEDULE.fullmatch(plain)
    if match:
        return _weekly_hours(match) * hours_per_month / HOURS_PER_WEEK
    if _HOURS.fullmatch(plain):
        raise ValueError(Reason("says no days: `{hours}`; write `{hours} mon-sun`", hours=plain))
    number, unit = split_amount(text)
    if unit == "%":
        return parse_share(text) * hours_per_month
    if not unit and number:
        raise ValueError(
            Reason("has no unit: `{text}`; write `200 h`, `24x7` or `9-18 mon-fri`", visible(text[:40]))
        )
    hours = _with_unit(text, DURATION_UNITS, "a running time", "200 h") / SECONDS_PER_HOUR
    if hours > (longest or hours_per_month):
        raise ValueError(
            Reason(
                "is longer than the month: {text}; a month has {hours} h",
                visible(text[:40]),
                f"{float(hours_per_month):g}",
            )
        )
    return min(hours, hours_per_month)


def _weekly_hours(match: re.Match[str]) -> Fraction:
    start, end = int(match["from"]), int(match["to"])
    if not 0 <= start < end <= 24:
        raise ValueError(
            Reason("must run from an earlier to a later hour of the day, got {start}-{end}", start, end)
        )
    names = [match["first"], match["last"] or match["first"]]
    for name in names:
        if name not in _DAYS:
            raise ValueError(
                Reason("names the unknown day `{name}`; use {days}", visible(name), ", ".join(_DAYS))
            )
    first, last = (_DAYS.index(name) for name in names)
    days = (last - first) % 7 + 1
    return Fraction((end - start) * days)
