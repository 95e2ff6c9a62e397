"""The picture of a document, imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

from costplan.graphics.pictures.picture import Picture
from costplan.language.translator import Translator
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

PLOT_ENDINGS = (".svg", ".png")
NOTHING_TO_DRAW = {
    "UncertainEstimate": Reason("the bill is the same in every draw"),
    "Sensitivity": Reason("no input moves the bill"),
}
"""Class of the document -> why there may be no picture of it, where that is not a cost of 0."""


def plotted(document: object, form: str, plot: str, words: Translator) -> bytes:
    """Draw a document.

    Args:
        document: What is drawn.
        form: `svg` or `png`.
        plot: Module of `costplan.graphics.pictures` and function: what its row in `DOCUMENTS` says.
        words: The language.

    Raises:
        InputError: There is nothing to draw.
    """
    from costplan.graphics.charts.drawing_library import start_drawing

    start_drawing()
    module, _, function = plot.partition(":")
    make = getattr(import_module(f"costplan.graphics.pictures.{module}"), function)
    picture: Picture | None = make(document, words)
    if picture is None:
        why = NOTHING_TO_DRAW.get(type(document).__name__, Reason("nothing in it costs anything"))
        raise InputError(Reason("--plot: there is nothing to draw: {why}", why))
    return picture.draw().file(form)
