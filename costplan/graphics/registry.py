"""Which picture belongs to which document: one line each, imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

PLOTS: dict[str, str] = {
    "Estimate": "documents:estimate_chart",
    "UncertainEstimate": "documents:uncertain_estimate_chart",
    "Comparison": "documents:comparison_chart",
    "UncertainComparison": "documents:uncertain_comparison_chart",
    "Curve": "load:curve_chart",
    "Timeline": "documents:timeline_chart",
    "Sensitivity": "sensitivity:chart",
    "Measurement": "measurement:chart",
}
"""Class of the document -> module and function of the document and the form."""

PLOT_ENDINGS = (".svg", ".png")


def plotted(document: object, form: str) -> bytes:
    """Draw a document of one of `PLOTS` as `svg` or `png`.

    Raises:
        InputError: There is nothing to draw.
    """
    from costplan.graphics.charts.drawing_library import start_drawing

    start_drawing()
    module, _, function = PLOTS[type(document).__name__].partition(":")
    picture: bytes = getattr(import_module(f"costplan.graphics.charts.{module}"), function)(document, form)
    return picture
