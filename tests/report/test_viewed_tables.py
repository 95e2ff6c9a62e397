"""A table of the commands, set in the report."""

from __future__ import annotations

from decimal import Decimal

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.spans import Span, plain_text
from costplan.output.views.view import Cell, Column, Row, Table, cells, spanning
from costplan.report.tables.viewed import viewed

COLUMNS = [
    Column("what", folds=True), Column("", is_drawing=True), Column("cost", right=True), Column("nothing"),
]  # fmt: skip


def row(name: str, cost: str | Cell, *, is_total: bool = False) -> Row:
    return Row(cells(name, "###", cost, ""), rule=is_total, is_total=is_total)


def test_numbers_sort_bounds_are_said_and_drawings_stay_on_the_screen() -> None:
    seven = ENGLISH.amount(Decimal(1007))
    table = Table(COLUMNS, [row("a", seven), row("b", seven + "+"), row("c", "-")], "heading")
    found = viewed(table, ENGLISH)
    assert [(column.heading, column.right, column.is_text) for column in found.columns] == [
        ("what", False, True),
        ("cost", True, False),
    ]
    shown = [(line.cells[1].text, line.cells[1].order) for line in found.rows]
    assert shown == [("1,007.00", 1007), ("at least 1,007.00", 1007), ("–", None)]
    assert found.caption == "heading"
    assert viewed(table, Translator("ru"), "caption").rows[1].cells[1].text == "не меньше 1,007.00"


def test_totals_are_the_foot_and_notes_stay_with_their_row() -> None:
    rows = [row("a", Cell("1", "bad")), spanning("  of a"), row("b", "2"), row("both", "3", is_total=True)]
    found = viewed(Table(COLUMNS, rows), ENGLISH, is_collapsed=True)
    assert [[plain_text(line.cells[0].text) for line in group] for group in found.groups] == [
        ["a", "of a"],
        ["b"],
    ]
    assert [len(line.cells) for line in found.rows] == [2, 2, 2, 2]
    assert found.groups[0][0].cells[1].text == (Span("1", "bad"),)
    assert [line.kind for line in found.foot] == ["total"]
    assert found.is_collapsed
