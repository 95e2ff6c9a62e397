"""Fields of a JSON message that someone else wrote, read strictly: the right kind, or a clear refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from costplan.protocols.tensors import ProtocolError, short

_MAX_ENTRIES = 256
"""Most tensors in one message."""


def parse_object(text: bytes, what: str) -> dict[str, Any]:
    """Parse a JSON object; NaN, infinities and endless nesting are refused."""
    try:
        head = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ProtocolError(f"{what} is nested too deeply") from None
    except ValueError as e:
        raise ProtocolError(f"{what} is not JSON: {short(str(e))[1:-1]}") from None
    if not isinstance(head, dict):
        raise ProtocolError(f"{what} must be a JSON object")
    return head


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def read_entries(head: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects under `key`."""
    entries = head.get(key)
    if not isinstance(entries, list) or any(not isinstance(e, dict) for e in entries):
        raise ProtocolError(f"`{key}` must be a list of objects")
    if len(entries) > _MAX_ENTRIES:
        raise ProtocolError(f"`{key}` has {len(entries)} entries, at most {_MAX_ENTRIES} are read")
    return entries


def read_mapping(value: object, what: str) -> dict[str, Any]:
    """Return `value` if it is an object."""
    if not isinstance(value, dict):
        raise ProtocolError(f"{what} must be an object, got {short(value)}")
    return value


def read_flag(options: Mapping[str, Any], key: str) -> bool:
    """Return a true or false under `key`; absent means false."""
    value = options.get(key, False)
    if not isinstance(value, bool):
        raise ProtocolError(f"`{key}` must be true or false, got {short(value)}")
    return value


def read_text(value: object, what: str) -> str:
    """Return `value` if it is a text with something in it."""
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"{what} must be a text, got {short(value)}")
    return value


def read_optional_text(head: Mapping[str, Any], key: str) -> str | None:
    """Return the text under `key`, a whole number as text, or None."""
    value = head.get(key)
    if value is None or isinstance(value, str):
        return value
    return read_text(str(value) if type(value) is int else value, f"`{key}`")
