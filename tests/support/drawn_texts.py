"""What the texts of a chart look like once drawn: which they are, where they lie, which hide others."""

from __future__ import annotations

import warnings
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from costplan.graphics.charts.style import Drawing, house_style

_TOUCH = 0.5
"""Pixels by which two boxes may share an edge."""


def drawn_texts(drawing: Drawing) -> list[tuple[str, Bbox]]:
    """Draw a chart with the Agg renderer and return each text that was drawn, with its box in pixels."""
    seen: list[Text] = []
    draw = Text.draw
    canvas = FigureCanvasAgg(drawing.figure)
    with pytest.MonkeyPatch.context() as patch, house_style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        patch.setattr(Text, "draw", lambda text, renderer: (seen.append(text), draw(text, renderer))[1])
        canvas.draw()
        found = {id(text): text for text in seen if text.get_visible() and text.get_text().strip()}
        return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in found.values()]


def assert_readable(drawing: Drawing) -> list[str]:
    """Assert that all texts lie inside the picture and that none covers another; return them."""
    found = drawn_texts(drawing)
    frame = drawing.figure.bbox
    for text, box in found:
        room = (box.x0 - frame.x0, frame.x1 - box.x1, box.y0 - frame.y0, frame.y1 - box.y1)
        assert min(room) >= -_TOUCH, f"clipped: {text!r}"
    for (one, first), (other, second) in combinations(found, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        along = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across <= _TOUCH or along <= _TOUCH, f"overlap: {one!r} and {other!r}"
    return [text for text, _ in found]
