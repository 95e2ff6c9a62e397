"""The main table of a document, for spreadsheets and programs: a row a line of a bill, a month, a design.

Values are exact, and columns are keys, the same in every language. A document whose
row names no rows gives the texts of its view's tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module

from costplan.output.registry import document_row
from costplan.output.views.document_view import document_view
from costplan.output.views.view import Column, DataRow, View


def document_rows(document: object) -> tuple[list[str], list[DataRow]]:
    """Return the columns and the rows of a document's main table."""
    rows = list(_rows(document))
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return columns or _headings(document), rows


def _rows(document: object) -> Iterator[DataRow]:
    reference = document_row(document).rows
    if reference is None:
        yield from _table_rows(document_view(document).whole())
        return
    module, _, function = reference.partition(":")
    yield from getattr(import_module(f"costplan.output.{module}"), function)(document)


def _table_rows(view: View) -> Iterator[DataRow]:
    """Take the rows of a view's tables, for documents whose figures are texts anyway."""
    for table in view.tables:
        for row in table.rows:
            if row.spans:
                continue
            yield {name: one.text.strip() for name, one in zip(_names(table.columns), row.cells, strict=True)}


def _names(columns: Sequence[Column]) -> list[str]:
    """Return the headings of columns in the style of all keys: `what_is_wrong`."""
    found = [re.sub(r"\W+", "_", column.heading.lower()).strip("_") for column in columns]
    return [name or f"column_{number}" for number, name in enumerate(found, start=1)]


def _headings(document: object) -> list[str]:
    """Return the columns of a document without rows."""
    tables = document_view(document).whole().tables
    return _names(tables[0].columns) if tables else []
