"""Parquet, for programs: the main table of a document as `to_frame()` gives it, in every language."""

from __future__ import annotations

import io

from costplan.language.translator import ENGLISH, Translator
from costplan.output.frame import frame_of


def render(document: object, words: Translator = ENGLISH) -> bytes:
    """Render the main table of a document: numbers as 64-bit floats, the rest as texts and truths."""
    file = io.BytesIO()
    frame_of(document).to_parquet(file, engine="pyarrow", index=False)
    return file.getvalue()
