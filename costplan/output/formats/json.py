"""JSON: every key of the document, amounts as strings with exact decimals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.text import is_hidden
from costplan.output.plain_data import plain_data
from costplan.quantities.money import plain

_STEP = "  "
LEAVES: dict[type, Callable[[Any], str]] = {
    str: quoted,
    Decimal: lambda value: f'"{plain(value)}"',
    date: lambda value: f'"{value.isoformat()}"',
    bool: lambda value: "true" if value else "false",
    int: repr,
    type(None): lambda _: "null",
}
"""How the values are written that most are; others go through `plain_data`."""


def render(document: object, words: Translator = ENGLISH) -> str:
    """Render a document as JSON; the same document gives the same bytes, whatever the language."""
    pieces: list[str] = []
    _write(document, "\n", pieces.append)
    pieces.append("\n")
    text = "".join(pieces)
    del pieces
    return text if text.replace("\n", "").isprintable() else "".join(map(_safe, text))


def _write(value: object, line: str, put: Callable[[str], None]) -> None:
    """Write as `json.dumps(plain_data(value), ensure_ascii=False, indent=2)` does, in one pass.

    With an indent the standard library's encoder is plain Python, and needs the whole document as plain data
    first: a bill of 10,000 machines has a million values, and took most of the command's time.
    """
    kind: Any = type(value)
    names = _field_names(kind)
    if names is not None:
        _write_rows([(key, getattr(value, name)) for key, name in names], line, put)
    elif isinstance(value, Mapping):
        _write_rows([(f"{quoted(str(key))}: ", item) for key, item in value.items()], line, put)
    elif isinstance(value, (list, tuple)):
        _write_rows([("", item) for item in value], line, put, "[]")
    else:
        plain_value = plain_data(value)
        put(quoted(plain_value) if isinstance(plain_value, str) else json.dumps(plain_value))


def _write_rows(
    rows: list[tuple[str, object]], line: str, put: Callable[[str], None], brackets: str = "{}"
) -> None:
    if not rows:
        put(brackets)
        return
    inner = line + _STEP
    start = brackets[0] + inner
    for key, value in rows:
        kind: type = type(value)
        leaf = LEAVES.get(kind)
        if leaf:
            put(f"{start}{key}{leaf(value)}")
        else:
            put(start + key)
            _write(value, inner, put)
        start = "," + inner
    put(line + brackets[1])


@lru_cache(maxsize=500)
def _field_names(kind: type) -> tuple[tuple[str, str], ...] | None:
    """Return the fields of a dataclass, as keys and as names; None for any other class."""
    if not is_dataclass(kind):
        return None
    return tuple((f"{quoted(field.name)}: ", field.name) for field in fields(kind))


def _safe(character: str) -> str:
    """Escape what would act on a terminal: JSON itself only escapes the first 32 characters."""
    if character == "\n" or not is_hidden(character):
        return character
    return json.dumps(character)[1:-1]
