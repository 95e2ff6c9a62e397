"""JSON that somebody saved: read exactly, or refused with a sentence. Numbers stay the text that they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from json import JSONDecodeError
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import kind_by_signature


def read_json(data: bytes, file: str, hint: str | None = None) -> Any:
    """Read JSON whose objects name each key once.

    Args:
        data: What the file holds.
        file: As messages call it.
        hint: How to get the file anew.

    Raises:
        InputError: It is cut off, no JSON at all, nested too deep, or names a key twice.
    """
    guess = kind_by_signature(data)
    if guess:
        raise _refused(file, Reason("the file is {guess}, not JSON", guess), hint)
    try:
        text = data.decode("utf-8-sig")
        return json.loads(
            text,
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_each_key_once,
        )
    except UnicodeDecodeError as error:
        raise _refused(file, Reason("byte {number} is not UTF-8", error.start + 1), hint) from None
    except JSONDecodeError as error:
        raise InputError(_broken(text, file, error, hint)) from None
    except RecursionError:
        raise _refused(file, Reason("is nested too deep"), hint) from None
    except ValueError as error:
        raise _refused(file, Reason("{why}", error), hint) from None


def _each_key_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(Reason("an object names the key `{key}` twice", visible(key[:40])))
        found[key] = value
    return found


def _refuse_constant(text: str) -> None:
    raise ValueError(Reason("holds {text}, which is no number of JSON", text))


def _broken(text: str, file: str, error: JSONDecodeError, hint: str | None) -> Fault:
    mark = SourceLocation(file, error.lineno, error.colno)
    if not text.strip():
        return Fault(Reason("the file is empty"), mark, hint=hint)
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return Fault(Reason("the JSON is cut off"), mark, hint=hint)
    return Fault(Reason("is not JSON: {why}", Reason.of(error.msg)), mark, hint=hint)


def _refused(file: str, message: Reason, hint: str | None) -> InputError:
    return InputError(Fault(message, SourceLocation(file, 1, 1), hint=hint))
