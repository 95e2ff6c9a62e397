"""A table of an answer as the commands show it, set in the report: to sort and to fold."""

from __future__ import annotations

from costplan.language.translator import Translator
from costplan.messages.spans import Span
from costplan.output.views import view
from costplan.quantities.shown import ShownNumber
from costplan.report.blocks import Cell, Column, Row, Table


def viewed(table: view.Table, words: Translator, caption: str = "", *, is_collapsed: bool = False) -> Table:
    """Take a view's table over: totals become its foot, notes stay with their rows, empty columns go.

    Args:
        table: With at least one row.
        words: The language.
        caption: Stands for the table's own heading.
        is_collapsed: Whether the reader unfolds it.
    """
    kept = [number for number, column in enumerate(table.columns) if _says_something(number, column, table)]
    columns = [
        Column(one.heading, right=one.right, is_text=one.folds, is_minor=one.is_minor)
        for one in (table.columns[n] for n in kept)
    ]
    groups: list[list[Row]] = [[]]
    foot: list[Row] = []
    has_notes = any(row.spans for row in table.rows)
    for row in table.rows:
        if row.is_total:
            foot.append(Row([_cell(row.cells[n], words) for n in kept], "total"))
        elif row.spans:
            blanks = [Cell("")] * (len(columns) - 1)
            groups[-1].append(Row([_cell(row.cells[0], words), *blanks], "line"))
        else:
            if has_notes and groups[-1]:
                groups.append([])
            groups[-1].append(Row([_cell(row.cells[n], words) for n in kept]))
    return Table(caption or table.heading, columns, groups, foot, is_collapsed)


def _says_something(number: int, column: view.Column, table: view.Table) -> bool:
    """Say whether a column is for readers: not a drawing of letters, nor one without a text in any row."""
    return not column.is_drawing and any(row.cells[number].text for row in table.rows if not row.spans)


def _cell(cell: view.Cell, words: Translator) -> Cell:
    """Take a cell over: the number that its text shows is what it is sorted by; `100+` is `at least 100`."""
    text = "–" if cell.text == "-" else cell.text.strip()
    order = cell.text.value if isinstance(cell.text, ShownNumber) else None
    if order is not None and "+" in text[1:]:
        text = words("at least {cost}", cost=text.replace("+", "", 1))
    return Cell(text if cell.tone == "plain" else (Span(text, cell.tone),), order)
