"""JSON is written in one pass, and reads like what the standard library writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from costplan.output.formats.json import render
from costplan.output.plain_data import plain_data


class Word(StrEnum):
    """A text of its own class."""

    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a document."""

    name: str
    amount: Decimal | None
    day: date


def test_rows_amounts_and_empty_parts() -> None:
    rows = (Row('a "b"\n', Decimal("1.1900"), date(2026, 11, 29)), Row("цена", None, date(2026, 1, 2)))
    assert render({"rows": rows, "none": (), "nothing": {}, "on": True, 3: 4}) == (
        '{\n  "rows": [\n    {\n      "name": "a \\"b\\"\\n",\n      "amount": "1.19",\n'
        '      "day": "2026-11-29"\n    },\n'
        '    {\n      "name": "цена",\n      "amount": null,\n      "day": "2026-01-02"\n    }\n  ],\n'
        '  "none": [],\n  "nothing": {},\n  "on": true,\n  "3": 4\n}\n'
    )


def test_any_value_is_written_as_the_standard_library_does() -> None:
    values = [
        1.5,
        1e300,
        -0.0,
        10**30,
        Word.SURE,
        datetime(2026, 1, 2, 3, 4),
        [[], [[1]]],
        {"a": {"b": [{}]}},
    ]
    for value in [*values, values, "text", None, False, Decimal("0.000000001"), Decimal("-0")]:
        assert render(value) == json.dumps(plain_data(value), ensure_ascii=False, indent=2) + "\n"
