"""A table of an answer as the commands show it, set in the report: to sort and to fold."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.language.translator import Translator
from costplan.messages.spans import Span
from costplan.output.views import view
from costplan.quantities.shown import ShownNumber
from costplan.report.blocks import Cell, Column, Row, Table


def viewed(table: view.Table, words: Translator, caption: str = "", *, is_collapsed: bool = False) -> Table:
    """Take a view's table over: its totals become the foot, its notes stay with the rows above them.

    Args:
        table: With at least one row.
        words: The language.
        caption: Stands for the table's own heading.
        is_collapsed: Whether the reader unfolds it.
    """
    drawn = [not column.is_drawing for column in table.columns]
    columns = [
        Column(column.heading, right=column.right, is_text=column.folds)
        for column, is_kept in zip(table.columns, drawn, strict=True)
        if is_kept
    ]
    groups: list[list[Row]] = [[]]
    foot: list[Row] = []
    has_notes = any(row.spans for row in table.rows)
    for row in table.rows:
        if row.is_total:
            foot.append(Row(_cells(row.cells, drawn, words), "total"))
        elif row.spans:
            blanks = [Cell("")] * (len(columns) - 1)
            groups[-1].append(Row([_cell(row.cells[0], words), *blanks], "line"))
        else:
            if has_notes and groups[-1]:
                groups.append([])
            groups[-1].append(Row(_cells(row.cells, drawn, words)))
    return Table(caption or table.heading, columns, groups, foot, is_collapsed)


def _cells(cells: Sequence[view.Cell], drawn: Sequence[bool], words: Translator) -> list[Cell]:
    return [_cell(cell, words) for cell, is_kept in zip(cells, drawn, strict=True) if is_kept]


def _cell(cell: view.Cell, words: Translator) -> Cell:
    """Take a cell over: the number that its text shows is what it is sorted by; `100+` is `at least 100`."""
    text = "–" if cell.text == "-" else cell.text.strip()
    order = cell.text.value if isinstance(cell.text, ShownNumber) else None
    if order is not None and "+" in text[1:]:
        text = words("at least {cost}", cost=text.replace("+", "", 1))
    return Cell(text if cell.tone == "plain" else (Span(text, cell.tone),), order)
