"""The strip below a chart that names which design holds where, and the numbered points where it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from costplan.graphics.charts.axes import MARGIN, TICK_ROOM, Series, across, axes_at, sides, write
from costplan.graphics.charts.shapes import level_bar, line
from costplan.graphics.charts.style import SMALL_SIZE
from costplan.graphics.isotonic_spacing import spread
from costplan.graphics.palette import EDGE, GRID, PAPER, TEXT
from costplan.graphics.text_metrics import fitted, printable, width

_GAP: Final = 6.0
_HEIGHT: Final = 16.0
_NUMBERS: Final = 18.0
STRIP: Final = 2 * _GAP + _HEIGHT + _NUMBERS
"""Room below axes that the strip and its numbers take."""
_APART: Final = 15.0
"""Least distance between two numbers."""
_MOST_NUMBERS: Final = 20

Range = tuple[str | None, float, float]
"""Name of a design, or None where none holds, and from where to where it does."""
Point = tuple[float, float]


def below_chart(
    figure: Figure,
    axes: Axes,
    ranges: Sequence[Range],
    looks: Sequence[Series],
    changes: Sequence[Point],
    said: str,
    drop: float = 0.0,
) -> None:
    """Draw the strip below axes, mark each change on the chart, and number it below the strip.

    Args:
        ranges: From left to right; where there is no design the strip is hatched.
        looks: The designs by name.
        changes: From left to right; the first twenty are numbered.
        said: Stands left of the strip; one short word.
        drop: Room that is left above the strip.
    """
    left, bottom, right, _ = sides(figure, axes)
    top = bottom - _GAP - drop
    _draw_ranges(figure, axes, ranges, looks, top)
    write(figure, left - 6, top - _HEIGHT / 2, fitted(said, TICK_ROOM - MARGIN - 6, SMALL_SIZE), ha="right")
    shown = changes[:_MOST_NUMBERS]
    wanted = [across(figure, axes, x) for x, _ in shown]
    places = spread(wanted, [_APART] * (len(shown) - 1), left, right)
    for number, (point, place) in enumerate(zip(shown, places, strict=True), 1):
        _mark(axes, *point)
        write(figure, place, top - _HEIGHT - _NUMBERS / 2, str(number), ha="center", ink=TEXT, bold=True)


def _draw_ranges(
    figure: Figure, axes: Axes, ranges: Sequence[Range], looks: Sequence[Series], top: float
) -> None:
    left, _, right, _ = sides(figure, axes)
    strip = axes_at(figure, left, top - _HEIGHT, right, top)
    strip.axis("off")
    strip.set_xlim(left, right)
    strip.set_ylim(-0.44, 0.44)
    by_name = {look.name: look for look in looks}
    for name, first, last in ranges:
        start, end = across(figure, axes, first), across(figure, axes, last)
        look = by_name.get(printable(name)) if name is not None else None
        ink = look.ink if look else GRID
        bar = level_bar(strip, 0, start, end, 0.8, ink, linewidth=1)
        bar.set(edgecolor=PAPER.light, hatch="" if look else "////")
        if look and width(look.name, SMALL_SIZE) + 6 <= end - start:
            write(figure, (start + end) / 2, top - _HEIGHT / 2, look.name, ha="center", ink=PAPER)


def _mark(axes: Axes, x: float, y: float) -> None:
    line(axes, [x, x], [axes.get_ylim()[0], y], EDGE, linewidth=0.8, dashes=(3, 2), zorder=1)
    line(axes, [x], [y], PAPER, marker="o", markersize=6, markeredgecolor=TEXT.light, zorder=5)
