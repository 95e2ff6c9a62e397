"""Excel workbooks: a sheet for each table that the screen shows, the notes, and the main table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from costplan.language.translator import ENGLISH, Translator
from costplan.output.rows import document_rows
from costplan.output.views.document_view import document_view
from costplan.output.views.view import Cell, Row, View
from costplan.output.workbook import Workbook, WrittenCell
from costplan.quantities.shown import ShownNumber

NO_DAY = date(1980, 1, 1)
"""Day of a workbook whose prices have none: the same document gives the same bytes."""


def render(document: object, words: Translator = ENGLISH) -> bytes:
    """Render a document as a workbook.

    Raises:
        InputError: The main table has more rows than a sheet.
    """
    view = document_view(document, words).whole()
    book = Workbook(view.title, getattr(getattr(document, "catalog", None), "as_of", NO_DAY))
    for number, table in enumerate(view.tables_with_rows):
        headings = [column.heading for column in table.columns]
        name = table.heading or (headings[0] if number else "") or view.sheet or view.title
        book.add(name, headings, [_cells(row) for row in table.rows])
    book.add(words("Notes"), [view.title], [[_cell(note, has_rule=False)] for note in _notes(view)])
    columns, rows = document_rows(document)
    book.add(words("Data"), columns, ([WrittenCell(row.get(name)) for name in columns] for row in rows))
    return book.data()


def _cells(row: Row) -> Sequence[WrittenCell]:
    return [_cell(cell, has_rule=row.rule) for cell in row.cells]


def _cell(cell: Cell, *, has_rule: bool) -> WrittenCell:
    """Write blanks before a text, which stand for a line below another, as Excel's own indentation."""
    text = cell.text if isinstance(cell.text, ShownNumber) else cell.text.strip(" ")
    return WrittenCell(text, cell.tone == "strong", has_rule, is_indented=cell.text.startswith("  "))


def _notes(view: View) -> Sequence[Cell]:
    return [*map(Cell, view.facts), *view.notes]
