"""CSV for spreadsheets: one row per line of the bill, amounts exact, texts that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

from costplan.messages.text import visible
from costplan.output.rows import document_rows
from costplan.quantities.money import plain

_FORMULA = re.compile(r"(^|[\n\r])((?:'|[^\S\n\r])*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20])")
"""A line's beginning that a spreadsheet may run; with its `'`, so that taking one off gives the text back."""


def render(document: object) -> str:
    """Render a document as CSV with a heading row."""
    columns, rows = document_rows(document)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(key)) for key in columns])
    return text.getvalue()


def cell(value: str | Decimal | bool | None) -> str:
    """Write one cell; numbers stay numbers, a text that a spreadsheet would run gets an apostrophe.

    Source: OWASP, CSV injection: a cell is run when it begins, also after blanks or on a later line, with
    `=`, `+`, `-`, `@` (also in full width), tab or carriage return.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    safe = _FORMULA.sub(r"\1'\2", value)
    return "\n".join(visible(line) for line in safe.split("\n"))
