"""Cost against load: which design is the cheapest that keeps its promise, and where the next takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from costplan.report.charts_axes import (
    FOOTING,
    HEADING,
    MARGIN,
    TICK_ROOM,
    Name,
    Series,
    across,
    axes_at,
    end_labels,
    footing,
    gutter,
    heading,
    log_ticks,
    series,
    short,
    sides,
    write,
)
from costplan.report.charts_curves import Crossing, LoadCurve, Winner, draw, draw_thick, limit, winners
from costplan.report.charts_style import SMALL_SIZE, WIDTH, Caption, Drawing, house_style, new_figure
from costplan.report.lettering import fitted, seen, width
from costplan.report.palette import EDGE, GRID, PAPER, TEXT
from costplan.report.spread import spread

_UPPER: Final = 230.0
_LOWER: Final = 120.0
_STRIP: Final = 16.0
_GAP: Final = 6.0
_NUMBERS: Final = 18.0
_APART: Final = 15.0
"""Least distance between the numbers of two crossovers."""
_MOST_NUMBERS: Final = 20
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
        height = 2 * MARGIN + 2 * HEADING + _UPPER + 2 * _GAP + _STRIP + _NUMBERS + _LOWER + FOOTING
        figure = new_figure(height)
        upper, lower = _axes(figure, gutter([curve.name for curve in curves]), won)
        _lines(figure, upper, curves, looks, won, labels, ticks=5)
        per_million = [curve.scaled(lambda load, cost: cost / load * _MILLION) for curve in curves]
        _lines(figure, lower, per_million, looks, won, labels, ticks=3)
        upper.set_xticklabels([])
        _number(figure, upper, crossings)
        _strip(figure, upper, won, looks, labels)
        heading(figure, upper, labels.cost)
        heading(figure, lower, labels.per_million)
        footing(figure, lower, labels.requests)
        if not all(all(curve.feasible[:-1]) for curve in curves):
            write(figure, TICK_ROOM, MARGIN + 8, labels.missed)
    return Drawing(figure, caption)


def _axes(figure: Figure, right: float, won: Sequence[Winner]) -> tuple[Axes, Axes]:
    edge, bottom = WIDTH - MARGIN - right, MARGIN + FOOTING
    start = bottom + _LOWER + HEADING + _NUMBERS + _STRIP + 2 * _GAP
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
    won: Sequence[Winner],
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


def _number(figure: Figure, axes: Axes, crossings: Sequence[Crossing]) -> None:
    """Mark each crossover on the chart, and number it below the strip."""
    shown = crossings[:_MOST_NUMBERS]
    left, bottom, right, _ = sides(figure, axes)
    row = bottom - _GAP - _STRIP - _NUMBERS / 2
    wanted = [across(figure, axes, one.requests) for one in shown]
    places = spread(wanted, [_APART] * (len(shown) - 1), left, right)
    floor = axes.get_ylim()[0]
    for number, (one, place) in enumerate(zip(shown, places, strict=True), 1):
        axes.plot(
            [one.requests] * 2, [floor, one.cost], color=EDGE.light, linewidth=0.8, dashes=(3, 2), zorder=1
        )
        ring = axes.plot(one.requests, one.cost, marker="o", markersize=6, color=PAPER.light, zorder=5)[0]
        ring.set_markeredgecolor(TEXT.light)
        write(figure, place, row, str(number), ha="center", ink=TEXT, bold=True)


def _strip(
    figure: Figure, axes: Axes, won: Sequence[Winner], looks: Sequence[Series], labels: ScalingLabels
) -> None:
    """Draw which design is the cheapest where, as a strip of names; hatched where none keeps its promise."""
    left, bottom, right, _ = sides(figure, axes)
    low, high = bottom - _GAP - _STRIP, bottom - _GAP
    strip = axes_at(figure, left, low, right, high)
    strip.axis("off")
    strip.set_xlim(left, right)
    by_name = {look.name: look for look in looks}
    for name, first, last in won:
        start, end = across(figure, axes, first), across(figure, axes, last)
        look = by_name.get(seen(name)) if name is not None else None
        ink = look.ink if look else GRID
        bar = strip.barh(0, end - start, left=start, color=ink.light, edgecolor=PAPER.light, linewidth=1)
        bar[0].set_hatch("" if look else "////")
        if look and width(look.name, SMALL_SIZE) + 6 <= end - start:
            write(figure, (start + end) / 2, (low + high) / 2, look.name, ha="center", ink=PAPER)
    said = fitted(labels.cheapest, TICK_ROOM - MARGIN - 6, SMALL_SIZE)
    write(figure, left - 6, (low + high) / 2, said, ha="right")
