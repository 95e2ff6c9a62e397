"""A log of requests as CSV: from times to the weights of the hours of the week.

The file has a header with a column `time` (ISO 8601: 2026-11-02T09:15:00+03:00) and may have one `requests`,
for logs that count. Hours are those of the times as written, told apart by their UTC offset: an hour that a
clock change repeats is there twice, one that it skips is not. A log need not cover whole weeks: each hour of
the week gets its mean over the times that the log covers it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from pathlib import Path

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.money import MAX_NUMBER
from costplan.quantities.units import HOURS_PER_WEEK
from costplan.scenario.document.request_rows import RequestRows

MOST_HOURS = 10 * 366 * 24
"""Ten years: a slip in a date must not make a week of all time."""
CHANGES_PER_YEAR = 4
"""Most clock changes of a year in one place; more are times of several places side by side."""
HOURS_PER_YEAR = 366 * 24

HOURS_PER_DAY = 24

HOUR, NO_TIME = timedelta(hours=1), timedelta(0)

Hour = tuple[datetime, timedelta]
"""When an hour of the wall clock begins, in UTC, and the offset that makes the wall clock's time of it."""


def week_of(path: Path, shown_as: str) -> list[int]:
    """Return whole weights in proportion to the mean requests in each of the 168 hours from Monday 00:00.

    Raises:
        InputError: The file cannot be read, is no such log, or does not tell the hours of the week apart.
    """
    shown = visible(shown_as)
    counts, is_fine = _counted(path, shown_as)
    if not any(counts.values()):
        raise InputError(Reason("`{shown}` has no requests", shown))
    hours = sorted(counts)
    _check_span(hours, shown)
    if not is_fine:
        _check_fineness(hours, shown)
    _check_offsets(hours, shown)
    return _means(hours, counts)


def _counted(path: Path, shown: str) -> tuple[Counter[Hour], bool]:
    """Count the requests of each hour, and say whether any hour holds two different times."""
    counts: Counter[Hour] = Counter()
    first: dict[Hour, datetime] = {}
    is_fine, zoned = False, None
    for row in RequestRows(path, shown):
        moment = row.moment
        if zoned is None:
            zoned = moment.tzinfo is not None
        if zoned != (moment.tzinfo is not None):
            hint = "give every time its offset: `2026-11-02T09:15:00+03:00`"
            raise InputError(
                Reason("`{shown}` has times with a UTC offset and times without one", visible(shown)),
                hint=hint,
            )
        hour = _hour_of(moment)
        counts[hour] += row.requests
        is_fine = is_fine or first.setdefault(hour, moment) != moment
    return counts, is_fine


def _hour_of(moment: datetime) -> Hour:
    offset = moment.utcoffset() or NO_TIME
    return moment.replace(minute=0, second=0, microsecond=0, tzinfo=None) - offset, offset


def _check_span(hours: Sequence[Hour], shown: str) -> None:
    first, last = (utc + offset for utc, offset in (hours[0], hours[-1]))
    span = (last - first) // HOUR + 1
    if span > MOST_HOURS:
        raise InputError(
            Reason("`{shown}` runs from {first} to {last}: a slip in a date?", shown, first, last)
        )
    if span < HOURS_PER_WEEK:
        raise InputError(
            Reason(
                "`{shown}` covers {span} hours, from {first} to {last}; a week has {hours}",
                shown,
                str(span),
                first,
                last,
                HOURS_PER_WEEK,
            ),
            hint="log a whole week, or take a `profile`",
        )


def _check_fineness(hours: Sequence[Hour], shown: str) -> None:
    """Refuse a log of days: whatever hour its times name, it says nothing about hours."""
    step = min(later - earlier for (earlier, _), (later, _) in pairwise(hours)) // HOUR
    if step > 1:
        raise InputError(
            Reason(
                "`{shown}` is too coarse: its times are {step} hours apart or more, and the "
                "load of a day is spread over its hours",
                shown,
                str(step),
            ),
            hint="export it with a row an hour, or take a `profile`",
        )


def _check_offsets(hours: Sequence[Hour], shown: str) -> None:
    years = (hours[-1][0] - hours[0][0]) // (HOURS_PER_YEAR * HOUR) + 1
    if sum(before[1] != after[1] for before, after in pairwise(hours)) > CHANGES_PER_YEAR * years:
        offsets = sorted({offset for _, offset in hours})
        named = listed(str(timezone(offset)) for offset in offsets)
        raise InputError(
            Reason("`{shown}` has times of several places side by side: {named}", shown, named),
            hint="write all times in one time zone",
        )


def _means(hours: Sequence[Hour], counts: Mapping[Hour, int]) -> list[int]:
    sums, covered = [0] * HOURS_PER_WEEK, [0] * HOURS_PER_WEEK
    for hour in hours:
        sums[_place(hour)] += counts[hour]
    for hour in _covered(hours):
        covered[_place(hour)] += 1
    for place, times in enumerate(covered):
        if not times:  # the log is of one week, and the clock skipped this hour: like the one before it
            sums[place], covered[place] = sums[place - 1], covered[place - 1]
    common = lcm(*covered)
    return _within_bounds([total * (common // times) for total, times in zip(sums, covered, strict=True)])


def _covered(hours: Sequence[Hour]) -> Iterator[Hour]:
    """Give the hours that the log covers, with or without requests, in the offset that held last."""
    for (utc, offset), (end, _) in pairwise([*hours, (hours[-1][0] + HOUR, NO_TIME)]):
        yield utc, offset
        for passed in range(1, (end - utc) // HOUR):
            yield utc + passed * HOUR, offset


def _place(hour: Hour) -> int:
    local = hour[0] + hour[1]
    return local.weekday() * HOURS_PER_DAY + local.hour


def _within_bounds(weights: Sequence[int]) -> list[int]:
    """Shorten weights that no number of a scenario may reach; twelve digits of the largest are kept."""
    shared = gcd(*weights)
    weights = [weight // shared for weight in weights]
    most, bound = max(weights), int(MAX_NUMBER)
    return weights if most <= bound else [round(Fraction(weight * bound, most)) for weight in weights]
