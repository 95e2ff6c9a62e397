"""Cost against load: which design is the cheapest that keeps its promise, and where the next takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from costplan.graphics.charts.axes import (
    FOOTING,
    HEADING,
    MARGIN,
    TICK_ROOM,
    Name,
    Series,
    axes_at,
    end_labels,
    footing,
    gutter,
    heading,
    log_ticks,
    series,
    short,
    write,
)
from costplan.graphics.charts.curves import Crossing, LoadCurve, draw, draw_thick, limit, winners
from costplan.graphics.charts.strip import STRIP, Range, below_chart
from costplan.graphics.charts.style import WIDTH, Caption, Drawing, house_style, new_figure

_UPPER: Final = 230.0
_LOWER: Final = 120.0
_MILLION: Final = 1e6


@dataclass(frozen=True, slots=True)
class ScalingLabels:
    """The words of this chart, and how numbers are written on its axes."""

    cost: str = "cost a month"
    per_million: str = "cost of a million requests"
    requests: str = "requests a month"
    cheapest: str = "cheapest"
    """Left of the strip that names the cheapest design; one short word."""
    missed: str = "dotted: misses its promise"
    number: Name = short


def scaling(
    curves: Sequence[LoadCurve],
    crossings: Sequence[Crossing],
    caption: Caption,
    labels: ScalingLabels | None = None,
) -> Drawing:
    """Draw cost over load on logarithmic axes, and below it the cost of a million requests.

    The cheapest design that keeps its promise is thick; where a design misses its promise it is dotted.
    Crossovers are numbered from left to right; their list stands in the text.

    Args:
        curves: At least one.
        crossings: In ascending order; each `before` is the `after` of the one before it.
        caption: Title and description.
        labels: English by default.
    """
    labels = labels or ScalingLabels()
    looks = series([curve.name for curve in curves])
    won = winners(curves, crossings)
    with house_style():
        height = 2 * MARGIN + 2 * HEADING + _UPPER + STRIP + _LOWER + FOOTING
        figure = new_figure(height)
        upper, lower = _axes(figure, gutter([curve.name for curve in curves]), won)
        _lines(figure, upper, curves, looks, won, labels, ticks=5)
        per_million = [curve.scaled(lambda load, cost: cost / load * _MILLION) for curve in curves]
        _lines(figure, lower, per_million, looks, won, labels, ticks=3)
        upper.set_xticklabels([])
        below_chart(
            figure, upper, won, looks, [(one.requests, one.cost) for one in crossings], labels.cheapest
        )
        heading(figure, upper, labels.cost)
        heading(figure, lower, labels.per_million)
        footing(figure, lower, labels.requests)
        if not all(all(curve.feasible[:-1]) for curve in curves):
            write(figure, TICK_ROOM, MARGIN + 8, labels.missed)
    return Drawing(figure, caption)


def _axes(figure: Figure, right: float, won: Sequence[Range]) -> tuple[Axes, Axes]:
    edge, bottom = WIDTH - MARGIN - right, MARGIN + FOOTING
    start = bottom + _LOWER + HEADING + STRIP
    upper = axes_at(figure, TICK_ROOM, start, edge, start + _UPPER)
    lower = axes_at(figure, TICK_ROOM, bottom, edge, bottom + _LOWER)
    for axes in (upper, lower):
        axes.set_xlim(won[0][1], won[-1][2])
    return upper, lower


def _lines(
    figure: Figure,
    axes: Axes,
    lines: Sequence[LoadCurve],
    looks: Sequence[Series],
    won: Sequence[Range],
    labels: ScalingLabels,
    *,
    ticks: int,
) -> None:
    shown = [line.scaled(lambda _, cost: cost) for line in lines]
    limit(axes, shown)
    log_ticks(axes, "y", labels.number, most=ticks)
    log_ticks(axes, "x", labels.number)
    for line, look in zip(shown, looks, strict=True):
        draw(axes, line, look)
        for name, low, high in won:
            if name == line.name:
                draw_thick(axes, line, look, low, high)
    ends = [(line.cost[-1], look) for line, look in zip(shown, looks, strict=True)]
    end_labels(figure, axes, [end for end in ends if isfinite(end[0])])
