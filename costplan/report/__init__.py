"""Renderers. A new format is one file with `render(document) -> str` and one line here."""

from __future__ import annotations

from importlib import import_module

RENDERERS: dict[str, str] = {
    "table": "table",
    "json": "json_text",
    "csv": "csv_text",
    "md": "markdown",
}
"""Name of the format on the command line -> module."""


def rendered(document: object, form: str, *, for_file: bool = False) -> str:
    """Render a document in one of `RENDERERS`; the renderer is imported when it is first asked for.

    Args:
        for_file: Take nothing from the screen, its width or its colours, where the renderer would.
    """
    module = import_module(f"{__name__}.{RENDERERS[form]}")
    render = getattr(module, "render_for_file", module.render) if for_file else module.render
    text: str = render(document)
    return text
