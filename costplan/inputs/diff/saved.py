"""Estimates that were saved: what `costplan estimate -o base.json` wrote, read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.pricing.estimate import ESTIMATE_SCHEMA, Estimate
from costplan.quantities.money import exact_sum
from costplan.source.guard import kind_by_signature, read_file

SAVED_LIMIT_BYTES = 128 * 2**20
"""Largest file: the estimate of 10,000 machines is some 40 MB."""
HINT = Reason("write it anew: `costplan estimate DESIGN -o FILE.json`")
BOM = b"\xef\xbb\xbf"
_HEAD = 4096
_MARK = b'"costplan/'
_MOST_DIGITS = 80
"""Of an amount: no bill has more, and arithmetic with them stays quick."""


def is_saved(reference: str) -> bool:
    """Say whether a reference names a document of costplan, by how the file begins."""
    if not reference.endswith(".json"):
        return False
    try:
        with Path(reference).open("rb") as file:
            head = file.read(_HEAD) if Path(reference).is_file() else b""
    except (OSError, ValueError):
        return False
    return head.removeprefix(BOM).lstrip().startswith(b"{") and b'"schema"' in head and _MARK in head


def load_saved(path: Path, shown: str) -> Estimate:
    """Read a saved estimate.

    Raises:
        InputError: It is cut off, another document, of another version, or its lines do not add up.
    """
    from costplan.measurement.files import read_document

    found = _parsed(read_file(path, shown, SAVED_LIMIT_BYTES), shown)
    _check_schema(found.get("schema"), shown)
    estimate = read_document(found, shown, Estimate)
    _check_numbers(estimate, shown)
    _check_sums(estimate, shown)
    return estimate


def _parsed(data: bytes, shown: str) -> dict[str, Any]:
    guess = kind_by_signature(data)
    if guess:
        raise _refused(shown, Reason("the file is {guess}, not JSON", guess))
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        why = Reason("the JSON is cut off") if is_cut else Reason("is not JSON: {why}", Reason.of(error.msg))
        raise InputError(Fault(why, SourceLocation(shown, error.lineno, error.colno), hint=HINT)) from None
    except UnicodeDecodeError as error:
        raise _refused(shown, Reason("byte {number} is not UTF-8", error.start + 1)) from None
    except ValueError as error:
        raise _refused(shown, Reason.of(str(error)) if not error.args else error.args[0]) from None
    except RecursionError:
        raise _refused(shown, Reason("values are nested too deep")) from None
    if not isinstance(found, dict):
        raise _refused(shown, Reason("is no saved estimate: it is not an object"))
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; a key that comes twice has two meanings."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(Reason("duplicate key `{twice}`", visible(twice[:60])))
    return found


def _check_schema(schema: object, shown: str) -> None:
    if schema == ESTIMATE_SCHEMA:
        return
    kind, _, version = str(schema).removeprefix("costplan/").partition("/")
    if kind == "estimate":
        own = ESTIMATE_SCHEMA.rpartition("/")[2]
        message = Reason(
            "is an estimate of version {version}; this costplan reads version {own}",
            visible(version[:20]),
            own,
        )
    else:
        message = Reason("is a document `{kind}`, not an estimate", visible(kind[:40]))
    raise _refused(shown, message)


def _check_numbers(estimate: Estimate, shown: str) -> None:
    for path, number in _numbers(estimate, ""):
        if (
            not number.is_finite()
            or abs(number.adjusted()) > _MOST_DIGITS
            or len(number.as_tuple().digits) > 200
        ):
            raise _refused(shown, Reason("is no amount of a bill"), path)


def _numbers(value: object, path: str) -> Iterator[tuple[str, Decimal]]:
    if isinstance(value, Decimal):
        yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _numbers(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _numbers(one, f"{path}.{visible(str(key)[:60])}")
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _numbers(one, f"{path}[{number}]")


def _check_sums(estimate: Estimate, shown: str) -> None:
    """Refuse a file whose parts are not those of its total: somebody changed it by hand."""
    for number, resource in enumerate(estimate.resources):
        path = f"resources[{number}]"
        for at, line in enumerate(resource.line_items):
            parts = exact_sum([piece.cost for piece in line.slices])
            used = exact_sum([piece.quantity for piece in line.slices])
            if (parts, used) != (line.monthly_cost, line.quantity):
                raise _refused(
                    shown, Reason("the tiers do not add up to the line"), f"{path}.line_items[{at}]"
                )
        if exact_sum([line.monthly_cost for line in resource.line_items]) != resource.monthly_cost:
            raise _refused(shown, Reason("the lines do not add up to `monthly_cost`"), path)
    if exact_sum([one.monthly_cost for one in estimate.resources]) != estimate.total.monthly_cost:
        raise _refused(shown, Reason("the resources do not add up to the total"), "total")


def _refused(shown: str, message: Reason, path: str = "") -> InputError:
    return InputError(Fault(message, SourceLocation(shown, 0, 0), path, HINT))
