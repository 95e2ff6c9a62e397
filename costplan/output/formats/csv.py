"""CSV for spreadsheets: one row per line of the bill, amounts exact, texts that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.text import visible
from costplan.output.cell_texts import FORMULA
from costplan.output.rows import document_rows
from costplan.quantities.money import plain


def render(document: object, words: Translator = ENGLISH) -> str:
    """Render a document as CSV with a heading row; columns are named the same in every language."""
    columns, rows = document_rows(document)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(key)) for key in columns])
    return text.getvalue()


def cell(value: str | Decimal | bool | None) -> str:
    """Write one cell; numbers stay numbers, a text that a spreadsheet would run gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    safe = FORMULA.sub(r"\1'\2", value)
    return "\n".join(visible(line) for line in safe.split("\n"))
