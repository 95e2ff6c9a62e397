"""The picture of a document, imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

PLOT_ENDINGS = (".svg", ".png")


def plotted(document: object, form: str, plot: str) -> bytes:
    """Draw a document.

    Args:
        document: What is drawn.
        form: `svg` or `png`.
        plot: Module of `costplan.graphics.charts` and function: what its row in `DOCUMENTS` says.
    """
    from costplan.graphics.charts.drawing_library import start_drawing

    start_drawing()
    module, _, function = plot.partition(":")
    picture: bytes = getattr(import_module(f"costplan.graphics.charts.{module}"), function)(document, form)
    return picture
