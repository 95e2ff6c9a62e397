"""Catalogs of translations: gettext's own files, read as they are, so that no compiled one falls behind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "ru")
LOCALE_FOLDER: Final = Path(__file__).parent / "locale"
_FIELD: Final = re.compile(r'^(?:(msgid_plural|msgid|msgstr)(?:\[\d\])? )?(".*")$')
"""A line of an entry: a field with its text, or more of the text before."""


@lru_cache
def messages_in(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the translations by their message; one of a number of things has several forms."""
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "costplan.po"
    if not path.is_file():
        return {}
    entries = path.read_text(encoding="utf-8").split("\n\n")
    return dict(_entry(entry) for entry in entries[1:] if "msgid" in entry)  # the first is the heading


def _entry(text: str) -> tuple[str, tuple[str, ...]]:
    found = list(_fields(text))
    return found[0][1], tuple(shown for name, shown in found if name == "msgstr")


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Give the fields of an entry with their whole texts."""
    name, parts = "", list[str]()
    for line in text.splitlines():
        if (field := _FIELD.match(line)) is None:
            continue
        if field[1] and name:
            yield name, "".join(parts)
            parts = []
        name = field[1] or name
        parts.append(json.loads(field[2]))
    yield name, "".join(parts)


def plural_form(language: str, count: int) -> int:
    """Return which form of a message a number of things takes: 1 строка, 2 строки, 5 строк."""
    if language != "ru":
        return int(count != 1)
    ones, tens = count % 10, count % 100
    if ones == 1 and tens != 11:
        return 0
    return 1 if 2 <= ones <= 4 and not 12 <= tens <= 14 else 2
