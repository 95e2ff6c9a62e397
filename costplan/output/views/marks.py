"""Marks behind prices and quantities, `[d]` or `[sa]`: notes below the tables explain each that is used."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from costplan.output.views.view import Cell, Row, Table, View

PRICE_MARKS: Final = {
    "third-party": "",
    "list": "",
    "derived": "d",
    "unverified": "?",
    "stated": "",
    "assumed": "s",
}
"""Mark of a price, by where it comes from."""
QUANTITY_MARKS: Final = {"assumed": "a", "measured": "m", "published": "p", "stated": ""}
"""Mark of a quantity, by where it comes from."""

_LETTERS: Final = "".join([*PRICE_MARKS.values(), *QUANTITY_MARKS.values()])
_MARK: Final = re.compile(rf" \[[{re.escape(_LETTERS)}]{{1,2}}\](?=$|[ ,])")


def mark_text(price: str, quantity: str) -> str:
    """Return what stands behind a name: ` [sa]`; nothing where both are known."""
    marks = PRICE_MARKS[price] + QUANTITY_MARKS[quantity]
    return f" [{marks}]" if marks else ""


def without_marks(view: View) -> View:
    """Return a view whose tables need no note that explains marks."""
    return replace(view, tables=[_unmarked_table(table) for table in view.tables])


def _unmarked_table(table: Table) -> Table:
    return replace(table, rows=[_unmarked_row(row) for row in table.rows])


def _unmarked_row(row: Row) -> Row:
    return replace(row, cells=[_unmarked_cell(cell) for cell in row.cells])


def _unmarked_cell(cell: Cell) -> Cell:
    return replace(cell, text=_MARK.sub("", cell.text)) if _MARK.search(cell.text) else cell
