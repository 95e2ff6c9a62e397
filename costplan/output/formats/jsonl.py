"""JSON Lines, for pipes: the main table of a document, an object a row, amounts as exact texts."""

from __future__ import annotations

import json
from decimal import Decimal

from costplan.language.translator import ENGLISH, Translator
from costplan.output.rows import document_rows
from costplan.quantities.money import plain


def render(document: object, words: Translator = ENGLISH) -> str:
    """Render the rows of a document; every object has all the columns, in every language the same."""
    columns, rows = document_rows(document)
    return "".join(json.dumps({key: _value(row.get(key)) for key in columns}) + "\n" for row in rows)


def _value(value: str | Decimal | bool | None) -> str | bool | None:
    return plain(value) if isinstance(value, Decimal) else value
