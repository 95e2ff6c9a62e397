"""JSON: every key of the document, amounts as strings with exact decimals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

from costplan.messages.text import is_hidden
from costplan.quantities.money import plain


def render(document: object) -> str:
    """Render a document as JSON; the same document gives the same bytes."""
    text = json.dumps(plain_data(document), ensure_ascii=False, indent=2) + "\n"
    return text if text.replace("\n", "").isprintable() else "".join(map(_safe, text))


def _safe(character: str) -> str:
    """Escape what would act on a terminal: JSON itself only escapes the first 32 characters."""
    if character == "\n" or not is_hidden(character):
        return character
    return json.dumps(character)[1:-1]


def plain_data(value: object) -> object:
    """Turn dataclasses into mappings, decimals into exact texts, dates into ISO texts."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(item) for item in value]
    return value
