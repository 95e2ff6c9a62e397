"""Axes at exact places, with short tick labels, and names at the ends of lines in place of a legend.

All lengths are points. Room for texts is computed before anything is drawn, so that nothing can be clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from costplan.graphics.charts.style import MARKS, SMALL_SIZE, TEXT_SIZE
from costplan.graphics.isotonic_spacing import spread
from costplan.graphics.palette import FAINT, SERIES, Ink
from costplan.graphics.text_metrics import fitted, printable, width
from costplan.language.translator import Translator
from costplan.quantities.money import shortest

TICK_ROOM: Final = 54.0
"""Left of axes, for the labels of its ticks."""
HEADING: Final = 20.0
"""Above axes, for what its heights mean."""
FOOTING: Final = 34.0
"""Below axes, for the labels of its ticks and what they mean."""
MARGIN: Final = 4.0
_LINE: Final = 13.0
_WIDEST: Final = 124.0
_POINTS_PER_INCH: Final = 72.0

Name = Callable[[float], str]


def axis_number(words: Translator) -> Name:
    """Return what writes the numbers of an axis: `10K`, `2.5M`, `0.01`, `10 тыс.`."""

    def written(number: float) -> str:
        exact = shortest(number)
        if 0 < abs(exact) < 1:
            return words.significant(exact, 2)
        return f"{'−' if exact < 0 else ''}{words.requests(abs(exact))}"

    return written


@dataclass(frozen=True, slots=True)
class Series:
    """How a line of a chart looks and what it is called."""

    name: str
    ink: Ink
    mark: str


def series(names: Sequence[str]) -> list[Series]:
    """Give each name a colour and a mark of its own, again from the first after the last."""
    return [
        Series(printable(name), SERIES[rank % len(SERIES)], MARKS[rank % len(MARKS)])
        for rank, name in enumerate(names)
    ]


def size_of(figure: Figure) -> tuple[float, float]:
    """Return width and height in points."""
    wide, high = figure.get_size_inches()
    return float(wide) * _POINTS_PER_INCH, float(high) * _POINTS_PER_INCH


def axes_at(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Add axes between four lines, counted from the left lower corner."""
    wide, high = size_of(figure)
    axes = figure.add_axes((left / wide, bottom / high, (right - left) / wide, (top - bottom) / high))
    axes.grid(axis="y")
    axes.tick_params(length=3)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return axes


def write(
    figure: Figure,
    x: float,
    y: float,
    said: str,
    *,
    ha: Literal["left", "center", "right"] = "left",
    ink: Ink = FAINT,
    size: float = SMALL_SIZE,
    bold: bool = False,
) -> None:
    """Write a text at a point of the figure, its middle at that height."""
    wide, high = size_of(figure)
    weight = "bold" if bold else "normal"
    figure.text(
        x / wide,
        y / high,
        said,
        ha=ha,
        va="center_baseline",
        color=ink.light,
        fontsize=size,
        fontweight=weight,
    )


def heading(figure: Figure, axes: Axes, said: str) -> None:
    """Write what the heights of axes mean above its left end, in place of a text turned on its side."""
    left, _, _, top = sides(figure, axes)
    write(figure, left - TICK_ROOM + MARGIN, top + HEADING / 2 + 1, said)


def footing(figure: Figure, axes: Axes, said: str) -> None:
    """Write what runs along axes below its right end."""
    _, bottom, right, _ = sides(figure, axes)
    write(figure, right, bottom - FOOTING + 8, said, ha="right")


def sides(figure: Figure, axes: Axes) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of axes in points."""
    wide, high = size_of(figure)
    box = axes.get_position()
    return float(box.x0 * wide), float(box.y0 * high), float(box.x1 * wide), float(box.y1 * high)


def across(figure: Figure, axes: Axes, value: float) -> float:
    """Return how far to the right a value of the axis along the bottom stands."""
    return float(axes.transData.transform((value, axes.get_ylim()[0]))[0]) / figure.dpi * _POINTS_PER_INCH


def _up(figure: Figure, axes: Axes, value: float) -> float:
    return float(axes.transData.transform((axes.get_xlim()[0], value))[1]) / figure.dpi * _POINTS_PER_INCH


def gutter(names: Sequence[str]) -> float:
    """Return the room that `end_labels` needs right of axes."""
    return min(_WIDEST, max((width(name, TEXT_SIZE) for name in names), default=0.0)) + 22.0


def end_labels(figure: Figure, axes: Axes, ends: Sequence[tuple[float, Series]]) -> None:
    """Write each line's name beside its end; names that would cover each other move apart.

    Args:
        ends: Height of each line's end in data, and the line.
    """
    _, bottom, right, top = sides(figure, axes)
    wide, high = size_of(figure)
    ordered = sorted(((_up(figure, axes, height), one) for height, one in ends), key=lambda end: end[0])
    distances = [_LINE] * (len(ordered) - 1)
    places = spread([place for place, _ in ordered], distances, bottom, top)
    for place, (_, one) in zip(places, ordered, strict=True):
        y, said = place / high, fitted(one.name, _WIDEST, TEXT_SIZE)
        figure.add_artist(_mark(one, (right + 10) / wide, y, figure))
        figure.text((right + 18) / wide, y, said, va="center_baseline", color=one.ink.light)


def _mark(one: Series, x: float, y: float, figure: Figure) -> Line2D:
    return Line2D([x], [y], marker=one.mark, color=one.ink.light, markersize=5, transform=figure.transFigure)


def log_ticks(axes: Axes, which: Literal["x", "y"], name: Name, most: int = 7) -> None:
    """Make an axis logarithmic and name its powers of ten, every second or third when there are many.

    To be called when its limits are set.
    """
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    first, last = -floor(-log10(low) + 1e-9), floor(log10(high) + 1e-9)
    step = max(1, -(-(last - first + 1) // most))
    ticks = [10.0**power for power in range(first, last + 1, step)]
    if last - first < 1:
        ticks = _few_ticks(low, high)
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FuncFormatter(lambda value, _: name(value)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def _few_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten within narrow limits."""
    powers = range(floor(log10(low)) - 1, floor(log10(high)) + 1)
    found = [factor * 10.0**power for power in powers for factor in (1, 1.5, 2, 3, 5, 7)]
    return [tick for tick in found if low <= tick <= high]


def plain_ticks(axes: Axes, which: Literal["x", "y"], name: Name) -> None:
    """Name the round numbers of a linear axis shortly."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: name(value)))
