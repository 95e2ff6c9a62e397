"""Cost against load: the cheapest design that meets its requirements, and where the next takes over."""

from __future__ import annotations

from collections.abc import Sequence
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
    axis_number,
    end_labels,
    footing,
    gutter,
    heading,
    log_ticks,
    series,
    write,
)
from costplan.graphics.charts.curves import Crossing, LoadCurve, draw, draw_thick, limit, winners
from costplan.graphics.charts.strip import STRIP, Range, below_chart
from costplan.graphics.charts.style import WIDTH, Caption, Drawing, house_style, new_figure
from costplan.language.translator import ENGLISH, Translator

_UPPER: Final = 230.0
_LOWER: Final = 120.0
_MILLION: Final = 1e6


def scaling(
    curves: Sequence[LoadCurve],
    crossings: Sequence[Crossing],
    caption: Caption,
    currency: str,
    words: Translator = ENGLISH,
) -> Drawing:
    """Draw cost over load on logarithmic axes, and below it the cost of a million requests.

    The cheapest design that meets its requirements is thick; where requirements are not met a line
    is dotted.
    Crossovers are numbered from left to right; their list stands in the text.

    Args:
        curves: At least one.
        crossings: In ascending order; each `before` is the `after` of the one before it.
        caption: Title and description.
        currency: Of all costs.
        words: The language.
    """
    looks = series([curve.name for curve in curves])
    won = winners(curves, crossings)
    with house_style():
        height = 2 * MARGIN + 2 * HEADING + _UPPER + STRIP + _LOWER + FOOTING
        figure = new_figure(height)
        upper, lower = _axes(figure, gutter([curve.name for curve in curves]), won)
        _lines(figure, upper, curves, looks, won, axis_number(words), ticks=5)
        per_million = [curve.scaled(lambda load, cost: cost / load * _MILLION) for curve in curves]
        _lines(figure, lower, per_million, looks, won, axis_number(words), ticks=3)
        upper.set_xticklabels([])
        changes = [(one.requests, one.cost) for one in crossings]
        below_chart(figure, upper, won, looks, changes, words("cheapest"))
        heading(figure, upper, words("{currency} a month", currency=currency))
        heading(figure, lower, words("{currency} per million requests", currency=currency))
        footing(figure, lower, words("requests a month"))
        if not all(all(curve.feasible[:-1]) for curve in curves):
            write(figure, TICK_ROOM, MARGIN + 8, words("dotted: does not meet its requirements"))
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
    number: Name,
    *,
    ticks: int,
) -> None:
    shown = [line.scaled(lambda _, cost: cost) for line in lines]
    limit(axes, shown)
    log_ticks(axes, "y", number, most=ticks)
    log_ticks(axes, "x", number)
    for line, look in zip(shown, looks, strict=True):
        draw(axes, line, look)
        for name, low, high in won:
            if name == line.name:
                draw_thick(axes, line, look, low, high)
    ends = [(line.cost[-1], look) for line, look in zip(shown, looks, strict=True)]
    end_labels(figure, axes, [end for end in ends if isfinite(end[0])])
