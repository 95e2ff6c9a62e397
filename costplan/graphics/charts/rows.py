"""Charts that read like a table: a name, something drawn to scale, and figures, row by row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from costplan.graphics.charts.shapes import level
from costplan.graphics.charts.style import TEXT_SIZE, WIDTH, new_figure
from costplan.graphics.palette import FAINT, GRID, TEXT
from costplan.graphics.text_metrics import fitted, printable, width

ROW: Final = 20.0
"""Height of a row in points."""
_GAP: Final = 12.0
_MARGIN: Final = 4.0
_HEAD: Final = 18.0
_WIDEST_NAME: Final = 170.0


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row: what stands left of the drawing, and right of it."""

    name: str
    figures: tuple[str, ...]
    strong: bool = False


def row_chart(rows: Sequence[Row], headings: Sequence[str] = ()) -> tuple[Figure, Axes]:
    """Write the texts of all rows and return the axes between them; row 0 is the uppermost, at y = 0.

    Args:
        rows: All with the same number of figures.
        headings: Above the figures; empty for none.
    """
    head = _HEAD if any(headings) else 0.0
    height = len(rows) * ROW + head + 2 * _MARGIN
    figure = new_figure(height)
    names = [fitted(printable(row.name), _WIDEST_NAME, TEXT_SIZE, bold=row.strong) for row in rows]
    left = max(width(name, TEXT_SIZE, bold=row.strong) for name, row in zip(names, rows, strict=True))
    right = WIDTH - _MARGIN
    for rank in reversed(range(len(rows[0].figures))):
        texts = [row.figures[rank] for row in rows]
        wide = max(width(text, TEXT_SIZE, bold=row.strong) for text, row in zip(texts, rows, strict=True))
        if headings:
            wide = max(wide, width(headings[rank], TEXT_SIZE))
            _write(figure, right, height - _MARGIN - _HEAD / 2, headings[rank], ha="right", faint=True)
        for number, (text, row) in enumerate(zip(texts, rows, strict=True)):
            _write(figure, right, _middle(number, height, head), text, ha="right", strong=row.strong)
        right -= wide + _GAP
    for number, (name, row) in enumerate(zip(names, rows, strict=True)):
        _write(figure, _MARGIN, _middle(number, height, head), name, strong=row.strong)
    start = _MARGIN + left + _GAP
    axes = figure.add_axes(
        (start / WIDTH, _MARGIN / height, (right - start) / WIDTH, len(rows) * ROW / height)
    )
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _middle(number: int, height: float, head: float) -> float:
    return height - _MARGIN - head - (number + 0.5) * ROW


def _write(
    figure: Figure,
    x: float,
    y: float,
    said: str,
    *,
    ha: str = "left",
    strong: bool = False,
    faint: bool = False,
) -> None:
    wide, high = (float(side) * 72 for side in figure.get_size_inches())
    figure.text(
        x / wide,
        y / high,
        said,
        ha=ha,
        va="center_baseline",
        color=FAINT.light if faint else TEXT.light,
        fontweight="bold" if strong else "normal",
    )


def ruled(axes: Axes, above: Collection[int]) -> None:
    """Draw thin lines above rows, over the whole width."""
    for number in above:
        level(axes, number - 0.5, GRID, linewidth=0.8, zorder=0)
