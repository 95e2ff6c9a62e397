"""Which picture belongs to which document: one line each, imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

from costplan.report.drawing_library import start_drawing

PLOTS: dict[str, str] = {
    "Estimate": "charts_documents:estimate_chart",
    "UncertainEstimate": "charts_documents:uncertain_estimate_chart",
    "Comparison": "charts_documents:comparison_chart",
    "UncertainComparison": "charts_documents:uncertain_comparison_chart",
    "Curve": "charts_load:curve_chart",
    "Timeline": "charts_documents:timeline_chart",
    "Sensitivity": "charts_sensitivity:chart",
    "Measurement": "charts:chart",
}
"""Class of the document -> module and function of the document and the form."""

PLOT_ENDINGS = (".svg", ".png")


def plotted(document: object, form: str) -> bytes:
    """Draw a document of one of `PLOTS` as `svg` or `png`.

    Raises:
        InputError: There is nothing to draw.
    """
    start_drawing()
    module, _, function = PLOTS[type(document).__name__].partition(":")
    picture: bytes = getattr(import_module(f"costplan.report.{module}"), function)(document, form)
    return picture
