"""The colours of charts and diagrams, on light pages and on dark ones.

A picture inside a page names them as CSS variables, so the page decides; a picture in a file of its own has
the light ones. The data colours are Okabe and Ito's, darkened until they can carry text on white (and
lightened until they can on a dark page): told apart with any colour vision, and marks or words always say the
same again.

Source: M. Okabe and K. Ito, "Color Universal Design", 2008; contrast of 4.5 and more after WCAG 2.2, 1.4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour of the house style."""

    name: str
    light: str
    dark: str

    @property
    def variable(self) -> str:
        """The colour as CSS: its variable, with the light one where the page defines none."""
        return f"var(--chart-{self.name}, {self.light})"


PAPER: Final = Ink("paper", "#ffffff", "#15181d")
SURFACE: Final = Ink("surface", "#f6f7f9", "#1d2127")
"""Behind things that stand aside."""
GRID: Final = Ink("grid", "#dddddd", "#343a43")
EDGE: Final = Ink("edge", "#8a8f98", "#767e8a")
"""Outlines and axes."""
FAINT: Final = Ink("faint", "#555555", "#a8adb5")
"""Text of the second rank."""
TEXT: Final = Ink("ink", "#222222", "#e6e6e6")
BLUE: Final = Ink("blue", "#0072b2", "#63b3ed")
ORANGE: Final = Ink("orange", "#c24e00", "#ff8a4c")
GREEN: Final = Ink("green", "#00805c", "#3cc79a")
PURPLE: Final = Ink("purple", "#a64d82", "#e28bc0")
AMBER: Final = Ink("amber", "#8f6400", "#e0a83a")

INKS: Final = (PAPER, SURFACE, GRID, EDGE, FAINT, TEXT, BLUE, ORANGE, GREEN, PURPLE, AMBER)
SERIES: Final = (BLUE, ORANGE, GREEN, PURPLE, AMBER, FAINT)
"""Colours of lines, in order; the marks beside them are `charts.style.MARKS`."""

FONTS: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
"""What a page draws the text of its pictures in; few are wider than DejaVu Sans, which measures it."""


def css_variables(*, dark: bool = False) -> str:
    """Return the declarations that a page puts into `:root`, and once more for its dark scheme."""
    return "".join(f"--chart-{ink.name}:{ink.dark if dark else ink.light};" for ink in INKS)
