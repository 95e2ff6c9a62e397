"""How many times as good: a dot with its interval for each ratio, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from costplan.graphics.charts.rows import Row, row_chart
from costplan.graphics.charts.shapes import level, level_bar, line, upright
from costplan.graphics.charts.style import Caption, Drawing, house_style
from costplan.graphics.palette import BLUE, GRID, TEXT
from costplan.language.translator import ENGLISH, Translator

_ROOM: Final = 1.06
"""Factor between the last mark and the end of the scale."""


@dataclass(frozen=True, slots=True)
class ShownRatio:
    """A ratio with its text; an end is None where it is not bounded."""

    name: str
    said: str
    value: float
    low: float | None
    high: float | None


def ratios(rows: Sequence[ShownRatio], caption: Caption, words: Translator = ENGLISH) -> Drawing:
    """Draw ratios below each other, with a line at 1: no difference.

    Args:
        rows: At least one, each above 0.
        caption: Title and description.
        words: The language.
    """
    shown = [Row(row.name, (row.said,)) for row in rows]
    with house_style():
        figure, axes = row_chart(shown, (words("times as good"),))
        axes.set_xscale("log")
        axes.set_xticks([])
        axes.minorticks_off()
        ends = [end for row in rows for end in (row.value, row.low, row.high) if end]
        axes.set_xlim(min(1.0, *ends) / _ROOM, max(1.0, *ends) * _ROOM)
        upright(axes, 1.0, TEXT, linewidth=1)
        for number, row in enumerate(rows):
            _mark(axes, number, row)
    return Drawing(figure, caption)


def _mark(axes: Axes, number: int, row: ShownRatio) -> None:
    level(axes, number, GRID, linewidth=0.6, zorder=0)
    if row.low is not None and row.high is not None:
        level_bar(axes, number, row.low, row.high, 0.36, BLUE, alpha=0.35, zorder=2)
    line(axes, [row.value], [number], BLUE, marker="o", markersize=6, zorder=3)
