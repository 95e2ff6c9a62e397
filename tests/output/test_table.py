"""Tables for the terminal: alignment, folding, splitting, colour, and texts that cannot act on a terminal."""

from __future__ import annotations

from costplan.output.formats.table import cell_width, render_view
from costplan.output.views.view import Cell, Column, Row, Table, View, cells, spanning


def shown(table: Table, width: int = 40, *, coloured: bool = False) -> list[str]:
    """Render a table alone and return its lines."""
    return render_view(View("title", [], [table]), width, coloured=coloured).splitlines()[2:]


TWO = [Column("Name", folds=True), Column("Cost", right=True)]


def test_columns_are_as_wide_as_their_longest_text_and_numbers_stand_right() -> None:
    assert shown(Table(TWO, [Row(cells("a", "1.00")), Row(cells("longer", "1,000.00"))])) == [
        "Name        Cost",
        "----------------",
        "a           1.00",
        "longer  1,000.00",
    ]


def test_a_long_text_folds_at_blanks_with_a_hanging_indent() -> None:
    table = Table(TWO, [Row(cells("  one two three four five", "1.00"))])
    assert shown(table, 24) == [
        "Name                Cost",
        "------------------------",
        "  one two three     1.00",
        "    four five",
    ]


def test_a_long_word_is_cut_where_it_may_be_read_on() -> None:
    table = Table(TWO, [Row(cells("  compute_gpu.vm.cpu.c100", "1.00"))])
    assert shown(table, 22)[2:] == ["  compute_gpu.    1.00", "    vm.cpu.c100"]


def test_a_word_without_such_a_place_is_cut_hard() -> None:
    lines = shown(Table(TWO, [Row(cells("x" * 50, "1.00"))]), 22)
    assert max(len(line) for line in lines) <= 22
    assert "".join(line.split()[0] for line in lines[2:]) == "x" * 50


def test_headings_fold_before_columns_move_below() -> None:
    columns = [Column(""), Column("stage2:preemptible", right=True), Column("stage2:lean", right=True)]
    assert shown(Table(columns, [Row(cells("total", "1.00", "2.00"))]), 31) == [
        "           stage2:  stage2:lean",
        "       preemptible",
        "-------------------------------",
        "total         1.00         2.00",
    ]


def test_columns_that_do_not_fit_stand_below_with_the_first_one_repeated() -> None:
    columns = [Column("role"), *(Column(f"c{n}", right=True) for n in range(4))]
    table = Table(columns, [Row(cells("total", *(f"{n}00,000.00" for n in range(1, 5))))])
    assert shown(table, 30) == [
        "role           c0          c1",
        "-----------------------------",
        "total  100,000.00  200,000.00",
        "",
        "role           c2          c3",
        "-----------------------------",
        "total  300,000.00  400,000.00",
    ]


def test_a_spanning_row_runs_over_all_columns() -> None:
    table = Table(TWO, [Row(cells("a", "1.00")), spanning("source: a page with a long name")])
    assert shown(table, 24)[2:] == ["a     1.00", "source: a page with a", "  long name"]


def test_a_rule_is_drawn_above_a_row_but_never_twice_at_the_top() -> None:
    table = Table(TWO, [Row(cells("a", "1"), rule=True), Row(cells("b", "2"), rule=True)])
    assert [line for line in shown(table) if set(line) == {"-"}] == ["----------", "----------"]


def test_a_table_without_rows_is_not_shown() -> None:
    assert render_view(View("title", ["fact"], [Table(TWO, [])]), 80, coloured=False) == "title\nfact\n"


def test_colour_stands_around_the_words_and_moves_nothing() -> None:
    rows = [Row([Cell("a", "strong"), Cell("1.00", "bad")])]
    plain, coloured = shown(Table(TWO, rows)), shown(Table(TWO, rows), coloured=True)
    assert coloured[2] == "\x1b[1ma\x1b[0m     \x1b[31m1.00\x1b[0m"
    assert plain[2] == "a     1.00"


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    assert cell_width("日本") == 4
    assert cell_width("e\u0301") == 1
    assert shown(Table(TWO, [Row(cells("日本", "1")), Row(cells("abcd", "2"))]))[2:] == [
        "日本     1",
        "abcd     2",
    ]


def test_texts_from_data_cannot_act_on_the_terminal() -> None:
    evil = "\x1b[31mred\x07 \u202egpj.exe"
    view = View(
        evil, [evil], [Table([Column(evil)], [Row([Cell(evil)]), spanning(evil)], evil)], [Cell(evil)]
    )
    text = render_view(view, 200, coloured=False)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert text.count(r"\x1b[31mred\x07 \u202egpj.exe") == 7


def test_notes_fold_under_their_own_indent() -> None:
    view = View("t", [], [], [Cell("  path: a reason that is long")])
    assert render_view(view, 20, coloured=False) == "t\n\n  path: a reason\n    that is long\n"
