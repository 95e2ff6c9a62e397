"""A log of requests as CSV: from times to the weights of the hours of the week.

The file has a header with a column `time` (ISO 8601: 2026-11-02T09:15:00+03:00) and may have one `requests`,
for logs that count. Hours are those of the times as written. A log need not cover whole weeks: each hour
of the week gets its mean over the times that the log covers it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import lcm
from pathlib import Path

from costplan.errors import Fault, InputError, Mark, did_you_mean
from costplan.text import listed, visible
from costplan.units import HOURS_PER_WEEK

MOST_BYTES = 256 * 1024 * 1024
MOST_HOURS = 10 * 366 * 24
"""Ten years: a slip in a date must not make a week of all time."""

TIME, REQUESTS = "time", "requests"


def week_of(path: Path, shown_as: str) -> list[int]:
    """Return whole weights in proportion to the mean requests in each of the 168 hours from Monday 00:00.

    Raises:
        InputError: The file cannot be read, is no such log, or does not cover every hour of the week.
    """
    counts: Counter[datetime] = Counter()
    try:
        if not path.is_file():
            raise InputError(f"`{visible(shown_as)}` is not a regular file")
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"`{visible(shown_as)}` is larger than {MOST_BYTES >> 20} MiB")
        with path.open(encoding="utf-8", newline="") as file:
            for hour, requests in _rows(csv.reader(file), shown_as):
                counts[hour] += requests
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot read `{visible(shown_as)}`: {reason}") from None
    if not counts:
        raise InputError(f"`{visible(shown_as)}` has no requests")
    return _means(counts, shown_as)


def _rows(reader: Iterator[list[str]], shown: str) -> Iterator[tuple[datetime, int]]:
    header = [name.strip().lower() for name in next(reader, [])]
    if TIME not in header:
        hint = did_you_mean(TIME, header) or "its header needs `time`, and may have `requests`"
        raise InputError(Fault(f"has no column `{TIME}`: {listed(header)}", Mark(shown, 1, 1), hint=hint))
    time = header.index(TIME)
    count = header.index(REQUESTS) if REQUESTS in header else None
    for line, row in enumerate(reader, start=2):
        if not row:
            continue
        try:
            moment = datetime.fromisoformat(row[time].strip())
            requests = 1 if count is None else int(row[count])
        except (ValueError, IndexError):
            message = f"is not a time with a number of requests: `{visible(','.join(row)[:60])}`"
            raise InputError(Fault(message, Mark(shown, line, 1), hint="2026-11-02T09:15:00")) from None
        if requests < 0:
            raise InputError(Fault(f"counts {requests} requests", Mark(shown, line, 1)))
        yield moment.replace(minute=0, second=0, microsecond=0, tzinfo=None), requests


def _means(counts: Counter[datetime], shown: str) -> list[int]:
    first, last = min(counts), max(counts)
    hours = int((last - first) / timedelta(hours=1)) + 1
    if hours > MOST_HOURS:
        raise InputError(f"`{visible(shown)}` runs from {first} to {last}: a slip in a date?")
    if hours < HOURS_PER_WEEK:
        raise InputError(
            f"`{visible(shown)}` covers {hours} hours, from {first} to {last}; a week has {HOURS_PER_WEEK}",
            hint="log a whole week, or take a `profile`",
        )
    sums, covered = [0] * HOURS_PER_WEEK, [0] * HOURS_PER_WEEK
    for offset in range(hours):
        hour = first + timedelta(hours=offset)
        place = hour.weekday() * 24 + hour.hour
        covered[place] += 1
        sums[place] += counts.get(hour, 0)
    common = lcm(*covered)
    return [requests * (common // times) for requests, times in zip(sums, covered, strict=True)]
