"""Renderers. A new format is one file with `render(document) -> str` and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple


class Renderer(NamedTuple):
    """A format of answers."""

    module: str
    ending: str
    """Of the files that hold it."""


RENDERERS: dict[str, Renderer] = {
    "table": Renderer("table", ".txt"),
    "json": Renderer("json", ".json"),
    "csv": Renderer("csv", ".csv"),
    "md": Renderer("markdown", ".md"),
}
"""Name of the format on the command line -> how it is written."""
ENDINGS = {renderer.ending: name for name, renderer in RENDERERS.items()}
"""Ending of a file -> name of the format."""


def rendered(document: object, form: str, *, for_file: bool = False) -> str:
    """Render a document in one of `RENDERERS`; the renderer is imported when it is first asked for.

    Args:
        for_file: Take nothing from the screen, its width or its colours, where the renderer would.
    """
    module = import_module(f"{__name__}.{RENDERERS[form].module}")
    render = getattr(module, "render_for_file", module.render) if for_file else module.render
    text: str = render(document)
    return text
