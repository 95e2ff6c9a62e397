"""Tables of answers as pandas frames."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal

import pandas as pd

from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.output.plain_data import plain_data
from costplan.output.rows import document_rows


def frame_of(document: object, table: str | None = None) -> pd.DataFrame:
    """Return a table of a document; see `Result.to_frame`.

    Raises:
        InputError: The document has no such list.
    """
    columns: Sequence[str]
    rows: Sequence[Mapping[str, object]]
    if table is None:
        columns, rows = document_rows(document)
    else:
        rows = [dict(_cells(entry, "")) for entry in _list_of(document, table)]
        columns = list(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame({name: _column([row.get(name) for row in rows]) for name in columns})


def _list_of(document: object, name: str) -> Sequence[object]:
    lists: dict[str, Sequence[object]] = {one: getattr(document, one) for one in list_names(document)}
    if name not in lists:
        hint = did_you_mean(name, lists) or Reason("lists of this answer: {lists}", listed(lists))
        raise InputError(Reason("there is no list `{name}` in this answer", visible(name[:60])), hint=hint)
    return lists[name]


def list_names(document: object) -> list[str]:
    """Return the names of the fields of a document that hold lists."""
    assert is_dataclass(document)
    return [field.name for field in fields(document) if isinstance(getattr(document, field.name), tuple)]


def _cells(value: object, name: str) -> Iterator[tuple[str, object]]:
    """Give the values of an entry by their paths; a list inside it becomes a text."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _cells(getattr(value, field.name), f"{name}.{field.name}" if name else field.name)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _cells(item, f"{name}.{key}")
    elif isinstance(value, (tuple, list)):
        yield name or "value", _listed(value)
    else:
        yield name or "value", value


def _listed(values: Sequence[object]) -> str:
    if all(isinstance(value, str) for value in values):
        return "; ".join(map(str, values))
    return json.dumps(plain_data(values), ensure_ascii=False)


def _column(values: Sequence[object]) -> pd.Series:
    """Make a column: of numbers, of yes and no, or of texts; numbers among texts are exact texts."""
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, bool) for value in present):
        return pd.Series(values, dtype="bool" if len(present) == len(values) else "boolean")
    if present and all(_is_number(value) for value in present):
        return pd.Series([None if value is None else float(value) for value in values], dtype="float64")  # type: ignore[arg-type]
    return pd.Series([None if value is None else _text(value) for value in values], dtype="str")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(plain_data(value))
