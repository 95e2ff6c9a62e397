"""Calendar months, written as `2027-01`; a month is held as its first day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from costplan.messages.reason import Reason
from costplan.messages.text import visible

MONTHS_PER_YEAR = 12
HOURS_PER_DAY = 24
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that a plan may name; others are slips."""


def parse_month(text: str) -> date:
    """Read a month.

    Raises:
        ValueError: Not a month, or not in a year that a plan may name.
    """
    if not re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        raise ValueError(Reason("is not a month: `{text}`; write it like `2027-01`", visible(text[:40])))
    year, month = int(text[:4]), int(text[5:])
    if not 1 <= month <= MONTHS_PER_YEAR:
        raise ValueError(Reason("is not a month of the calendar: `{text}`", text))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            Reason(
                "must be from {first_year} to {last_year}, got `{text}`",
                str(FIRST_YEAR),
                str(LAST_YEAR),
                text,
            )
        )
    return date(year, month, 1)


def written_month(day: date) -> str:
    """Write the month of a day: `2027-01`."""
    return f"{day.year:04d}-{day.month:02d}"


def hours_of(day: date) -> int:
    """Return the hours of the calendar month of a day."""
    return monthrange(day.year, day.month)[1] * HOURS_PER_DAY


def months_later(day: date, count: int) -> date:
    """Return the first day of the month that is so many after that of a day."""
    whole = day.year * MONTHS_PER_YEAR + day.month - 1 + count
    return date(whole // MONTHS_PER_YEAR, whole % MONTHS_PER_YEAR + 1, 1)
