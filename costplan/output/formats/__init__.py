"""Renderers. A new format is one file with `render(document, words) -> str`, or bytes, and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.errors import MissingExtraError


class Renderer(NamedTuple):
    """A format of answers."""

    module: str
    ending: str
    """Of the files that hold it."""
    libraries: tuple[str, ...] = ()
    """What it needs of the extra `tables`; such a format is bytes, which no screen shows."""
    has_notes: bool = False
    """Whether people read it, with notes below the tables."""
    is_short: bool = False
    """Whether it leaves the details of an answer out, unless they are asked for."""


RENDERERS: dict[str, Renderer] = {
    "table": Renderer("table", ".txt", has_notes=True, is_short=True),
    "json": Renderer("json", ".json"),
    "csv": Renderer("csv", ".csv"),
    "md": Renderer("markdown", ".md", has_notes=True),
    "jsonl": Renderer("jsonl", ".jsonl"),
    "xlsx": Renderer("xlsx", ".xlsx", ("xlsxwriter",)),
    "parquet": Renderer("parquet", ".parquet", ("pyarrow",)),
}
"""Name of the format on the command line -> how it is written."""
ENDINGS = {renderer.ending: name for name, renderer in RENDERERS.items()}
"""Ending of a file -> name of the format."""
TEXT_FORMATS = tuple(name for name, renderer in RENDERERS.items() if not renderer.libraries)
"""Formats that a screen can show."""


def rendered(
    document: object,
    form: str,
    words: Translator = ENGLISH,
    *,
    for_file: bool = False,
    is_brief: bool = False,
    is_detailed: bool = False,
) -> str | bytes:
    """Render a document in one of `RENDERERS`; the renderer is imported when it is first asked for.

    Args:
        document: One of those that have a view.
        form: Its name.
        words: The language of what people read; what programs read is the same in every language.
        for_file: Take nothing from the screen, its width or its colours, where the renderer would.
        is_brief: Leave out the notes, but for those that say what the answer lacks.
        is_detailed: Show the details of an answer that is short otherwise, where the format has a choice.
    """
    module = import_module(f"{__name__}.{RENDERERS[form].module}")
    render = getattr(module, "render_for_file", module.render) if for_file else module.render
    renderer = RENDERERS[form]
    asked = {"is_brief": is_brief and renderer.has_notes, "is_detailed": is_detailed and renderer.is_short}
    made: str | bytes = render(document, words, **{name: True for name in asked if asked[name]})
    return made


def check_libraries(form: str) -> None:
    """Find out, without importing them, whether the libraries of a format are there.

    Raises:
        MissingExtraError: One is not; with the line that installs it.
    """
    libraries = RENDERERS[form].libraries
    if not libraries:
        return
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in libraries):
        raise MissingExtraError(f"--format {form}", "tables")
