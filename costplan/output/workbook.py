"""A workbook for Excel, cell by cell: numbers are numbers, and no text is run or followed.

Text cells hold texts, whatever they begin with. One that begins like a formula has Excel's own mark for a
text (the apostrophe that it shows in the line above the sheet), so that it stays one when the cell is edited.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible
from costplan.output.cell_texts import FORMULA
from costplan.output.number_format import number_format
from costplan.quantities.shown import ShownNumber

MOST_ROWS = 1_048_575
"""Rows of a sheet below its headings."""
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
"""Letters of a cell, and of a sheet's name: Excel refuses a file with more."""
NARROW, WIDE = 8, 60
"""Widths of columns, in letters."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]+")
_RESERVED = "history"
"""A name that Excel keeps for itself."""

Look = dict[str, object]
"""Properties of a cell, as XlsxWriter names them."""


class WrittenCell(NamedTuple):
    """One cell."""

    value: str | Decimal | bool | None
    is_strong: bool = False
    has_rule: bool = False
    """Whether a line is drawn above it."""
    is_indented: bool = False


class Workbook:
    """Makes one workbook.

    Args:
        title: Of the file's properties.
        day: When it says that it was made; the same day and cells give the same bytes.
    """

    def __init__(self, title: str, day: date) -> None:
        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self._book.set_properties(
            {"title": visible(title)[:255], "created": datetime(day.year, day.month, day.day)}
        )
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._names = {_RESERVED}

    def add(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[WrittenCell]]) -> None:
        """Add a sheet whose first row, the headings, stays in sight.

        Raises:
            InputError: There are more rows than a sheet has.
        """
        sheet = self._book.add_worksheet(self._free_name(name))
        sheet.freeze_panes(1, 0)
        widths = [len(heading) for heading in headings]
        self._write_row(sheet, 0, [WrittenCell(heading, is_strong=True) for heading in headings])
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                hint = "write it as .parquet or .csv"
                raise InputError(
                    Reason("the answer has more than the {most} rows of a sheet", MOST_ROWS), hint=hint
                )
            self._write_row(sheet, number, row)
            if len(row) == len(headings):
                widths = [max(width, len(_text(cell))) for width, cell in zip(widths, row, strict=True)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, NARROW), WIDE))

    def data(self) -> bytes:
        """Close the workbook and return the file."""
        self._book.close()
        return self._file.getvalue()

    def _free_name(self, name: str) -> str:
        """Return a name that Excel takes for a sheet, and that no other one has."""
        clean = " ".join(_NOT_IN_NAMES.sub(" ", visible(name)).split()).strip("'") or "Table"
        found, number = clean[:LONGEST_NAME].strip(" '"), 1
        while found.lower() in self._names:
            number += 1
            found = f"{clean[: LONGEST_NAME - 5].strip()} ({number})"
        self._names.add(found.lower())
        return found

    def _write_row(self, sheet: Any, row: int, cells: Sequence[WrittenCell]) -> None:
        for column, cell in enumerate(cells):
            look: Look = {"bold": True} if cell.is_strong else {}
            if cell.has_rule:
                look["top"] = 1
            if isinstance(cell.value, ShownNumber):
                look["num_format"] = number_format(cell.value)
                sheet.write_number(row, column, float(cell.value.value), self._format(look))
            elif isinstance(cell.value, bool):
                sheet.write_boolean(row, column, cell.value, self._format(look))
            elif isinstance(cell.value, Decimal):
                sheet.write_number(row, column, float(cell.value), self._format(look))
            else:
                self._write_text(sheet, row, column, cell, look)

    def _write_text(
        self, sheet: Any, row: int, column: int, cell: WrittenCell, look: dict[str, object]
    ) -> None:
        text = _text(cell)
        if cell.is_indented:
            look["indent"] = 1
        if FORMULA.search(text):
            look["quote_prefix"] = True
        if len(text) > WIDE:
            look |= {"text_wrap": True, "valign": "top"}
        if text or cell.has_rule:
            sheet.write_string(row, column, text, self._format(look))

    def _format(self, look: Look) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(look))
        return self._formats[key]


def _text(cell: WrittenCell) -> str:
    """Return a text as a cell takes it, line by line."""
    if cell.value is None:
        return ""
    lines = [visible(line) for line in str(cell.value).split("\n")]
    return shortened("\n".join(lines), LONGEST_TEXT)
