"""The distribution of the response times of a load point, as bars."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from costplan.language.terms import MODES
from costplan.language.translator import Translator
from costplan.measurement.model import MeasuredPoint
from costplan.output.views.view import Column, Table, row_of
from costplan.quantities.money import shortest
from costplan.quantities.shown import ShownNumber

_BAR = 40
"""Characters of the longest bar."""
_MAX_BARS = 24


def histogram_table(point: MeasuredPoint, words: Translator) -> Table:
    """One bar per bucket; the slowest tail is joined where there are too many buckets for a screen."""
    buckets = list(joined_buckets(point.histogram, _MAX_BARS))
    most = max(count for _, count in buckets)
    total = sum(count for _, count in buckets)
    rows, passed = [], 0
    for edge, count in buckets:
        passed += count
        bar = "#" * max(1, round(_BAR * count / most))
        so_far = words.percents_of(Decimal(f"{100 * passed / total:.1f}"))
        rows.append(row_of(f"<= {_edge(edge, words)}", bar, words.figure(f"{count:,}"), so_far))
    at = point.offered_requests_per_second
    title = (
        words("Latency distribution at {rate} requests/s", rate=words.rate(at))
        if at
        else words("Latency distribution {mode} loop", mode=words.term(point.mode, MODES))
    )
    columns = [
        Column(words("Response ms"), right=True),
        Column("", is_drawing=True),
        Column(words("Requests"), right=True),
        Column(words("So far"), right=True),
    ]
    return Table(columns, rows, title)


def joined_buckets(buckets: Iterable[tuple[float, int]], most: int) -> list[tuple[float, int]]:
    """Join neighbours, two and two, until there are at most so many; the upper edge stays."""
    found = list(buckets)
    while len(found) > most:
        pairs = [found[n : n + 2] for n in range(0, len(found), 2)]
        found = [(pair[-1][0], sum(count for _, count in pair)) for pair in pairs]
    return found


def _edge(value: float, words: Translator) -> str:
    return ShownNumber(words.figure(f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"), shortest(value))
