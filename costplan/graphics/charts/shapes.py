"""Bars and lines put straight on axes whose limits the chart sets itself.

`Axes.bar` and `Axes.plot` look for units, colours and new limits first, which takes longer than to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from costplan.graphics.palette import Ink


def bar(axes: Axes, left: float, bottom: float, wide: float, high: float, ink: Ink, **look: Any) -> Rectangle:
    """Draw a bar from its left lower corner, without an edge; it may reach to the left."""
    found = Rectangle((left, bottom), wide, high, **{"color": ink.light, "linewidth": 0, **look})
    axes.add_artist(found)
    return found


def level_bar(
    axes: Axes, row: float, left: float, right: float, thick: float, ink: Ink, **look: Any
) -> Rectangle:
    """Draw a bar along a row."""
    return bar(axes, left, row - thick / 2, right - left, thick, ink, **look)


def line(axes: Axes, xs: Sequence[float], ys: Sequence[float], ink: Ink, **look: Any) -> Line2D:
    """Draw a line, or its marks; of one point there are only marks."""
    found = Line2D(xs, ys, color=ink.light, **look)
    axes.add_artist(found)
    return found


def upright(axes: Axes, x: float, ink: Ink, **look: Any) -> Line2D:
    """Draw a line from the bottom of axes to their top."""
    return line(axes, [x, x], [0, 1], ink, transform=axes.get_xaxis_transform(which="grid"), **look)


def level(axes: Axes, y: float, ink: Ink, **look: Any) -> Line2D:
    """Draw a line from the left of axes to their right."""
    return line(axes, [0, 1], [y, y], ink, transform=axes.get_yaxis_transform(which="grid"), **look)
