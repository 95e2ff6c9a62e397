"""Pictures of a measurement: how latencies are spread, and what they do as the load grows.

The same measurement gives the same bytes: no date, no random identifiers, fonts that matplotlib brings along.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import floor, log10
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from costplan.graphics import palette
from costplan.graphics.charts.shapes import bar, upright
from costplan.graphics.charts.style import Caption, Drawing, house_style
from costplan.graphics.text_metrics import printable
from costplan.language.translator import ENGLISH, Translator
from costplan.measurement.model import MeasuredPoint, Measurement

BLUE: Final = palette.BLUE.light
ORANGE: Final = palette.ORANGE.light
GREEN: Final = palette.GREEN.light
GREY: Final = palette.FAINT.light

_SIZE_INCHES: Final = (8.0, 8.4)
_DPI: Final = 120
_PLACES: Final = {"left": 0.085, "right": 0.985, "bottom": 0.115, "hspace": 0.26}
"""Where the axes are, as parts of the picture: to have matplotlib find it out takes longer than to draw."""
_TICKS: Final = (1, 2, 5)


def latencies(
    measurement: Measurement, caption: Caption, words: Translator = ENGLISH, *, has_title: bool = False
) -> Drawing:
    """Draw the latency distribution above the curve of latency over throughput.

    Args:
        measurement: With at least one point.
        caption: Title and description.
        words: The language.
        has_title: Whether the title stands inside: a file of its own has nothing beside it.
    """
    with house_style():
        figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI)
        top = 0.925 if has_title else 0.965
        upper, lower = figure.subplots(2, 1, height_ratios=(1, 1.15), gridspec_kw={**_PLACES, "top": top})
        point = measurement.headline_point
        if point is None or not point.histogram:
            upper.text(
                0.5, 0.5, words("nothing was timed"), ha="center", transform=upper.transAxes, color=GREY
            )
        else:
            _draw_distribution(upper, point, measurement, words)
        _draw_curve(lower, measurement, words)
        figure.legend(*lower.get_legend_handles_labels(), loc="lower left", fontsize=9, ncols=3)
        if has_title:
            figure.suptitle(
                printable(caption.title), x=0.01, y=0.985, ha="left", fontsize=12.5, fontweight="bold"
            )
    return Drawing(figure, caption)


def _draw_distribution(axes: Axes, point: MeasuredPoint, measurement: Measurement, words: Translator) -> None:
    edges = [edge for edge, _ in point.histogram]
    counts = [count for _, count in point.histogram]
    ratio = 10 ** (1 / 20)  # the harness has 20 buckets per decade
    lefts = [edge / ratio for edge in edges]
    axes.set_xscale("log")
    for left, edge, count in zip(lefts, edges, counts, strict=True):
        bar(axes, left, 0, edge - left, count, palette.BLUE, alpha=0.85, zorder=2)
    marks = [("p50", point.response_ms.p50, ":"), ("p99", point.response_ms.p99, "--")]
    top = max(counts)
    for rank, (name, value, dashes) in enumerate(marks):
        if value is not None:
            upright(axes, value, palette.FAINT, linestyle=dashes, linewidth=1.2, zorder=3)
            _label(axes, f"{name} {words.milliseconds(value)}", value, top * (1.04 + 0.09 * rank), GREY)
    slo_ms = measurement.slo.latency_ms
    upright(axes, slo_ms, palette.ORANGE, linewidth=1.6, zorder=3)
    _label(
        axes,
        words("SLO {time}", time=words.milliseconds(slo_ms)),
        slo_ms,
        top * 1.28,
        ORANGE,
        before=True,
    )
    axes.set_xlim(min([*lefts, slo_ms / 1.5]) / 1.15, max([*edges, slo_ms]) * 1.6)
    axes.set_ylim(0, top * 1.36)
    _plain_log(axes, "x")
    rate = point.offered_requests_per_second
    message = (
        "Response times at {rate} requests/s offered, {requests} requests"
        if rate
        else "Response times in a closed loop, {requests} requests"
    )
    counted = words.number(Decimal(point.requests))
    axes.set_title(words(message, rate=words.rate(rate or 0.0), requests=counted), y=1.0)
    axes.set_xlabel(words("response time from when a request was due, ms"))
    axes.set_ylabel(words("requests"))
    axes.grid(axis="y", zorder=0)


def _label(axes: Axes, text: str, x: float, y: float, colour: str, *, before: bool = False) -> None:
    axes.annotate(
        text,
        (x, y),
        xytext=(-5, 0) if before else (5, 0),
        ha="right" if before else "left",
        textcoords="offset points",
        color=colour,
        va="center",
        fontsize=9,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        zorder=4,
    )


def _draw_curve(axes: Axes, measurement: Measurement, words: Translator) -> None:
    series = (
        ("open", words("open loop, {percentile}", percentile="p99"), BLUE, "o", "p99"),
        ("open", words("open loop, {percentile}", percentile="p50"), GREEN, "^", "p50"),
        ("closed", words("closed loop, {percentile}", percentile="p99"), GREY, "s", "p99"),
    )
    seen: list[float] = []
    for mode, said, colour, marker, percentile in series:
        points = [p for p in measurement.points if p.mode == mode and _latency(p, percentile) is not None]
        seen += _draw_series(axes, points, said, colour, marker, percentile)
    slo_ms = measurement.slo.latency_ms
    slo = words("SLO {time}", time=words.milliseconds(slo_ms))
    axes.axhline(slo_ms, color=ORANGE, linewidth=1.6, zorder=2, label=slo)
    capacity = measurement.capacity
    if capacity.low is not None:
        high = capacity.high if capacity.high is not None else capacity.low
        axes.axvspan(capacity.low, max(high, capacity.low), color=ORANGE, alpha=0.12, linewidth=0, zorder=1)
        axes.axvline(
            capacity.low,
            color=ORANGE,
            linestyle="--",
            linewidth=1.1,
            label=words("capacity: passes to fails"),
            zorder=2,
        )
    axes.set_yscale("log")
    values = [*seen, slo_ms]
    axes.set_ylim(min(values) / 1.6, max(values) * 1.9)
    _plain_log(axes, "y")
    axes.set_xlim(left=0)
    axes.set_title(
        words("Response time over throughput; hollow: not shown to keep the SLO, or not steady"), y=1.0
    )
    axes.set_xlabel(words("right answers per second"))
    axes.set_ylabel(words("response time, ms"))
    axes.grid(axis="both", zorder=0)


def _draw_series(
    axes: Axes, points: Sequence[MeasuredPoint], label: str, colour: str, marker: str, percentile: str
) -> list[float]:
    ordered = sorted(points, key=lambda point: point.achieved_requests_per_second)
    if not ordered:
        return []
    xs = [point.achieved_requests_per_second for point in ordered]
    ys = [_latency(point, percentile) or 0.0 for point in ordered]
    faces = ["white" if _is_hollow(point) else colour for point in ordered]
    axes.scatter(xs, ys, marker=marker, s=38, c=faces, edgecolors=colour, linewidths=1.3, zorder=4)
    axes.plot([], [], marker=marker, color=colour, linestyle="none", label=label)
    return ys


def _is_hollow(point: MeasuredPoint) -> bool:
    return point.meets_slo is False or point.verdict in ("INVALID", "UNSTABLE")


def _latency(point: MeasuredPoint, percentile: str) -> float | None:
    value: float | None = getattr(point.response_ms, percentile)
    return value if value else None


def _plain_log(axes: Axes, which: str) -> None:
    """Label a logarithmic axis 1, 2, 5, 10 ... in plain numbers, within the limits that it has."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    powers = range(floor(log10(low)), floor(log10(high)) + 1)
    ticks = [first * 10.0**power for power in powers for first in _TICKS]
    axis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
