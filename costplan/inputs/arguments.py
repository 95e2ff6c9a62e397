"""Arguments of the library's face: each is what it says it is, or an `InputError` names it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path

from costplan.inputs.values import day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible

_PLAIN = re.compile(r"\w(?:[\w .%/<=+-]*[\w.%/<=+-])?")
"""Texts that YAML reads as they stand, alone and within a list."""
_NULLS = ("null", "Null", "NULL")
_MOST_BITS = 1_000
"""Of a whole number: far more than any that means something, and few enough to be written out."""
_DEEPEST = 50
"""Lists within lists: a list that holds itself is deeper."""


def wrong(name: str, value: object, wanted: str, example: str) -> InputError:
    """Return the error of an argument that is something else."""
    found = visible("None" if value is None else type(value).__name__)[:60]
    return InputError(
        Reason("{argument}: must be {wanted}, not `{found}`", f"`{name}`", wanted, found),
        hint=Reason("write it like {example}", example=f"{name}={example}"),
    )


def items_of(name: str, value: object, wanted: str, example: str) -> list[object]:
    """Check that an argument is a list, or anything else that gives its items."""
    if isinstance(value, (bytes, Mapping)) or not isinstance(value, Iterable):
        raise wrong(name, value, wanted, example)
    return list(value)


def text_of(name: str, value: object, example: str) -> str:
    """Check that an argument is a text."""
    if not isinstance(value, str):
        raise wrong(name, value, Reason("a text"), example)
    return value


def texts_of(name: str, value: object, example: str) -> list[str]:
    """Check that an argument is a list of texts; one alone is a list of one."""
    if isinstance(value, str):
        return [value]
    return [text_of(name, one, example) for one in items_of(name, value, Reason("a list of texts"), example)]


def path_of(name: str, value: object, example: str) -> Path:
    """Check that an argument is a path: a text, or what `pathlib` makes of it."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise wrong(name, value, Reason("a path"), example)
    return Path(path)


def paths_of(name: str, value: object, example: str) -> list[Path]:
    """Check that an argument is a list of paths; one alone is a list of one."""
    if isinstance(value, (str, os.PathLike)):
        return [path_of(name, value, example)]
    return [path_of(name, one, example) for one in items_of(name, value, Reason("a list of paths"), example)]


def flag(name: str, value: object) -> bool:
    """Check that an argument is True or False: `"no"` is neither."""
    if not isinstance(value, bool):
        raise wrong(name, value, Reason("True or False"), "True")
    return value


def whole(name: str, value: object, example: str) -> int:
    """Check that an argument is a whole number; which ones are meant is another matter."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise wrong(name, value, Reason("a whole number"), example)
    return _sized(name, int(value))


def number_of(name: str, value: object, example: str) -> str:
    """Check that an argument is a number, or a text that holds one: `5M`, `10%`, `150000RUB`."""
    if isinstance(value, bool) or not isinstance(value, (str, Real, Decimal)):
        raise wrong(name, value, Reason("a number or a text"), example)
    return value if isinstance(value, str) else _digits(name, value)


def day(name: str, value: object) -> date | None:
    """Check that an argument is a day, or left out; a day of `datetime` is held to the years of a text."""
    if isinstance(value, datetime):
        value = value.date()
    if value is None or isinstance(value, (str, date)):
        return day_of(value.isoformat() if isinstance(value, date) else value)
    raise wrong(name, value, Reason("a day"), '"2026-05-01"')


def pairs_of(name: str, value: object, example: str) -> list[tuple[str, object]]:
    """Check that an argument is a mapping from texts, or left out; `=` would end the key."""
    if value is None:
        return []
    if not isinstance(value, Mapping):
        raise wrong(name, value, Reason("a mapping"), example)
    for key in value:
        if not isinstance(key, str):
            raise wrong(name, key, Reason("a mapping whose keys are texts"), example)
        if "=" in key:
            raise InputError(Reason("{argument}: a key holds no `=`", f"`{name}`"))
    return list(value.items())


def values_of(name: str, value: object, example: str) -> str:
    """Write a list of values as it stands behind `--over path=`; a text alone is a list of one."""
    found = [value] if isinstance(value, str) else items_of(name, value, Reason("a list of values"), example)
    return _written_list(name, found, example, 1)


def written(name: str, value: object, example: str, depth: int = 0) -> str:
    """Write a value as it stands behind `--set path=`: a text stays that text, `None` is nothing.

    Raises:
        InputError: A scenario holds no such value.
    """
    if value is None:
        return "~"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (Real, Decimal)):
        return _digits(name, value)
    if isinstance(value, (str, date, os.PathLike)):
        return quoted(os.fspath(value) if isinstance(value, os.PathLike) else str(value))
    if depth == _DEEPEST or isinstance(value, bytes) or not isinstance(value, Iterable):
        raise wrong(name, value, Reason("a number, a text, a list or a mapping"), example)
    if isinstance(value, Mapping):
        pairs = (
            f"{written(name, key, example, depth + 1)}: {written(name, one, example, depth + 1)}"
            for key, one in value.items()
        )
        return f"{{{', '.join(pairs)}}}"
    return _written_list(name, value, example, depth + 1)


def quoted(text: str) -> str:
    """Write a text so that YAML reads that text, and not a list, a comment or nothing."""
    if _PLAIN.fullmatch(text) and text not in _NULLS:
        return text
    return "".join(
        one if one.isprintable() else f"\\U{ord(one):08x}" for one in json.dumps(text, ensure_ascii=False)
    )


def _written_list(name: str, values: Iterable[object], example: str, depth: int) -> str:
    return f"[{', '.join(written(name, one, example, depth) for one in values)}]"


def _digits(name: str, value: Real | Decimal) -> str:
    return str(_sized(name, int(value))) if isinstance(value, Integral) else str(value)


def _sized(name: str, value: int) -> int:
    if value.bit_length() > _MOST_BITS:
        raise InputError(Reason("{argument}: the number is too large", f"`{name}`"))
    return value
