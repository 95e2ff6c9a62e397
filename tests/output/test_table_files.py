"""Workbooks and Parquet files of every document, read by another library than wrote them."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from answers import ANSWERS
from command_line import costplan
from openpyxl import load_workbook

from costplan.language.translator import ENGLISH
from costplan.output.number_format import number_format
from costplan.quantities.shown import ShownNumber, ratio, usage

Capsys = pytest.CaptureFixture[str]
FIRST_LINES = [lines[0] for lines in ANSWERS.values()]


def written(capsys: Capsys, line: str, path: Path) -> bytes:
    ended = costplan(capsys, *line.split(), "-o", str(path), "--force")
    assert ended.code in (0, 1), ended.err
    return path.read_bytes()


@pytest.mark.parametrize("line", FIRST_LINES)
def test_a_workbook_has_headings_that_stay_and_no_formula(capsys: Capsys, tmp_path: Path, line: str) -> None:
    book = load_workbook(io.BytesIO(written(capsys, line, tmp_path / "a.xlsx")))
    assert book.sheetnames[-2:] == ["Notes", "Data"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
        assert [cell for cell in cells if cell.hyperlink] == []


@pytest.mark.parametrize("line", FIRST_LINES)
def test_parquet_holds_the_table_of_the_csv(capsys: Capsys, tmp_path: Path, line: str) -> None:
    frame = pd.read_parquet(io.BytesIO(written(capsys, line, tmp_path / "a.parquet")))
    rows = pd.read_csv(io.BytesIO(written(capsys, line, tmp_path / "a.csv")))
    assert list(frame.columns) == list(rows.columns)
    assert len(frame) == len(rows)
    numbers = frame.select_dtypes("float64").columns
    pd.testing.assert_frame_equal(frame[numbers], rows[numbers].astype("float64"))


def test_the_same_answer_gives_the_same_bytes(capsys: Capsys, tmp_path: Path) -> None:
    for ending in ("xlsx", "parquet"):
        path = tmp_path / f"a.{ending}"
        assert written(capsys, "compare", path) == written(capsys, "compare", path)


def test_amounts_of_a_bill_are_numbers_that_add_up(capsys: Capsys, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(written(capsys, "estimate stage2", tmp_path / "a.xlsx")))
    bill, data = book.worksheets[0], book["Data"]
    resources = [row[3] for row in bill.iter_rows(min_row=2) if row[1].value]
    heading = [cell.value for cell in data[1]]
    costs = [row[heading.index("monthly_cost")].value for row in data.iter_rows(min_row=2)]
    assert {(cell.data_type, cell.number_format) for cell in resources} == {("n", "#,##0.00")}
    assert sum(Decimal(str(cell.value)) for cell in resources) == sum(
        Decimal(str(cost)) for cost in costs if cost is not None
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (ENGLISH.amount(Decimal("57447.604")), "#,##0.00"),
        (ENGLISH.amount(Decimal("57447.604")) + "+", '#,##0.00"+"'),
        (ENGLISH.amount(Decimal("0.0042")), "#,##0.0000"),
        (ENGLISH.share(Decimal(3), Decimal(7)), "0%"),
        (ENGLISH.share(Decimal(1), Decimal(7000)), "0%"),
        (ratio(Decimal("2.431")), '#,##0.00"x"'),
        (ENGLISH.requests(Decimal(1_500_000)), "#,##0"),
        (ENGLISH.requests(Decimal(1234)), "#,##0"),
        (usage(Decimal(500), "1000 requests"), '#,##0" requests"'),
        (ShownNumber("57\u00a0447,60\u00a0₽", Decimal("57447.604")), '#,##0.00" ₽"'),
        (ShownNumber("1,234", Decimal("1.234")), "#,##0.000"),
        (ShownNumber("1,234", 1234), "#,##0"),
        (ShownNumber("43,5 %", Decimal("0.435")), "0.0%"),
        (ShownNumber("none", 0), "General"),
    ],
    ids=str,
)
def test_a_number_is_shown_as_its_text_says(number: ShownNumber, expected: str) -> None:
    assert number_format(number) == expected


def test_what_stands_behind_a_number_leaves_it_one() -> None:
    assert (str(ENGLISH.amount(Decimal("1.5")) + "+"), (ENGLISH.amount(Decimal("1.5")) + "+").value) == (
        "1.50+",
        Decimal("1.5"),
    )


@pytest.mark.parametrize(("language", "name"), [("en", "Bill"), ("ru", "Счёт")])
def test_the_sheet_of_a_bill_is_called_so(capsys: Capsys, tmp_path: Path, language: str, name: str) -> None:
    found = written(capsys, f"estimate stage1 --lang {language}", tmp_path / "bill.xlsx")
    assert load_workbook(io.BytesIO(found)).sheetnames[0] == name
