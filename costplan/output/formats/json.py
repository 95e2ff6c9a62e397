"""JSON: every key of the document, amounts as strings with exact decimals."""

from __future__ import annotations

import json

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.text import is_hidden
from costplan.output.plain_data import plain_data


def render(document: object, words: Translator = ENGLISH) -> str:
    """Render a document as JSON; the same document gives the same bytes, whatever the language."""
    text = json.dumps(plain_data(document), ensure_ascii=False, indent=2) + "\n"
    return text if text.replace("\n", "").isprintable() else "".join(map(_safe, text))


def _safe(character: str) -> str:
    """Escape what would act on a terminal: JSON itself only escapes the first 32 characters."""
    if character == "\n" or not is_hidden(character):
        return character
    return json.dumps(character)[1:-1]
