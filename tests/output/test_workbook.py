"""Cells of a workbook: whatever a text begins with it stays a text, and what Excel refuses is not written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from costplan.language.translator import ENGLISH
from costplan.messages.errors import InputError
from costplan.output import workbook
from costplan.output.workbook import Workbook, WrittenCell


def sheet_of(*rows: Sequence[WrittenCell], name: str = "sheet", headings: Sequence[str] = ("a",)) -> Any:
    book = Workbook("title", date(2026, 11, 1))
    book.add(name, headings, rows)
    return load_workbook(io.BytesIO(book.data())).worksheets[0]


def cell_of(value: str | Decimal | bool | None) -> Any:
    return sheet_of([WrittenCell(value)])["A2"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a")', "＝1", "  =1", "'=1", "x\n=1", "\u00a0+1"],
)
def test_a_text_like_a_formula_is_a_text_with_excel_s_own_mark(text: str) -> None:
    cell = cell_of(text)
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", ["http://a.org", "mailto:a@b", "internal:A1", "12", "TRUE", "a=1", "{=1}"])
def test_links_and_numbers_in_texts_stay_texts(text: str) -> None:
    cell = cell_of(text)
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_what_acts_on_a_screen_is_written_out() -> None:
    assert cell_of("a\x1b[31m\u202eb\x00").value == "a\\x1b[31m\\u202eb\\x00"


def test_a_text_too_long_for_a_cell_loses_its_middle() -> None:
    text = cell_of("a" * 40_000).value
    assert len(text) == 32_767
    assert "..." in text


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Decimal("1.25"), "n", 1.25),
        (ENGLISH.amount(Decimal("57447.604")), "n", 57447.604),
        (True, "b", True),
        (None, "n", None),
        ("", "n", None),
    ],
    ids=repr,
)
def test_values_are_what_they_are(value: str | Decimal | bool | None, kind: str, expected: object) -> None:
    cell = cell_of(value)
    assert (cell.data_type, cell.value) == (kind, expected)


def test_names_of_sheets_are_such_as_excel_takes_and_each_another() -> None:
    book = Workbook("title", date(2026, 11, 1))
    for name in ("a/b: [c]*?", "'quoted'", "", "History", "x" * 40, "X" * 40, "\x1b"):
        book.add(name, ["a"], [])
    names = load_workbook(io.BytesIO(book.data())).sheetnames
    assert names == ["a b c", "quoted", "Table", "History (2)", "x" * 31, f"{'X' * 26} (2)", "x1b"]


def test_columns_are_as_wide_as_their_texts_within_bounds() -> None:
    sheet = sheet_of(
        [WrittenCell("1"), WrittenCell("a" * 20), WrittenCell("b" * 500)], headings=["a", "b", "c"]
    )
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert [round(width) for width in widths] == [9, 23, 61]
    assert sheet["C2"].alignment.wrap_text


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(
        InputError, match=r"more than the 2 rows of a sheet\n  hint: write it as .parquet or .csv"
    ):
        sheet_of(*[[WrittenCell("a")]] * 3)
