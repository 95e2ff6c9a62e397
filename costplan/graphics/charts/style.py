"""The house style of charts, and a drawn chart as a file or as a part of a page.

The same figures give the same bytes: no date, no random identifiers, fonts that matplotlib brings along.
"""

from __future__ import annotations

import io
import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib
from matplotlib.figure import Figure

from costplan.graphics.charts.inline import for_page
from costplan.graphics.palette import EDGE, FAINT, GRID, PAPER, TEXT
from costplan.graphics.text_metrics import printable

WIDTH: Final = 540.0
"""Of a chart in points; a page shows it 720 pixels wide and smaller."""
TEXT_SIZE: Final = 10.0
SMALL_SIZE: Final = 9.0
MARKS: Final = ("o", "s", "^", "D", "v", "P")
"""Marks of series, in the order of `palette.SERIES`: they say again what the colour says."""
_POINTS_PER_INCH: Final = 72.0
_PNG_DPI: Final = 144
_STYLE: Final[Any] = {
    "svg.hashsalt": "costplan",
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "text.color": TEXT.light,
    "text.parse_math": False,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": EDGE.light,
    "axes.labelcolor": FAINT.light,
    "axes.labelsize": SMALL_SIZE,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "xtick.color": EDGE.light,
    "ytick.color": EDGE.light,
    "xtick.labelcolor": FAINT.light,
    "ytick.labelcolor": FAINT.light,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "legend.frameon": False,
    "grid.color": GRID.light,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
}


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart is called, and its facts in a sentence for those who do not see it."""

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that is drawn but not yet written."""

    figure: Figure
    caption: Caption

    def file(self, form: str) -> bytes:
        """Write it as a file of its own, on white: `svg` with letters as shapes, or `png`."""
        return saved(self.figure, self.caption, form)

    def inline(self, prefix: str) -> str:
        """Write it as SVG that stands in a page: transparent, colours as variables, text as text.

        Args:
            prefix: Begins every identifier: ASCII letters, digits and `-`; unique in its page.
        """
        picture = saved(self.figure, self.caption, "svg", facecolor="none", letters="none")
        return for_page(picture, prefix, printable(self.caption.title), printable(self.caption.description))


def house_style() -> AbstractContextManager[None]:
    """Return the context in which every chart is made and written."""
    return matplotlib.rc_context(_STYLE)


def new_figure(height: float) -> Figure:
    """Make a figure of so many points; texts and axes are placed by their chart."""
    return Figure(figsize=(WIDTH / _POINTS_PER_INCH, height / _POINTS_PER_INCH), dpi=_PNG_DPI)


def saved(
    figure: Figure, caption: Caption, form: str, *, facecolor: str = PAPER.light, letters: str = "path"
) -> bytes:
    """Write a figure as `svg` or `png` with its title and description, and without a date.

    Args:
        letters: In SVG, `path` draws them as shapes, the same everywhere; `none` leaves text as text.
    """
    texts = {"Title": printable(caption.title), "Description": printable(caption.description)}
    described: dict[str, Any] = (
        {**texts, "Date": None, "Creator": "costplan"} if form == "svg" else {**texts, "Software": "costplan"}
    )
    out = io.BytesIO()
    with warnings.catch_warnings(), matplotlib.rc_context({**_STYLE, "svg.fonttype": letters}):
        # A name in letters that the shipped font lacks is drawn as boxes; the file's title has it whole.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(out, format=form, metadata=described, facecolor=facecolor)
    return out.getvalue()
