"""Bars in a terminal: their length says the part, and they never push a text aside."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costplan.output.formats.table import render_view
from costplan.output.views.bars import bar
from costplan.output.views.view import Cell, Column, Row, Table, View

EIGHTHS = {"█": 8, "▉": 7, "▊": 6, "▋": 5, "▌": 4, "▍": 3, "▎": 2, "▏": 1}


@pytest.fixture(autouse=True)
def unicode_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))


@given(st.floats(0, 1), st.integers(1, 20))
def test_a_bar_is_as_long_as_its_part_to_half_an_eighth(share: float, width: int) -> None:
    drawn = sum(EIGHTHS[letter] for letter in bar(share, width))
    assert abs(drawn - share * width * 8) <= 0.5 or (drawn == 1 and share > 0)


def test_nothing_has_no_bar_and_what_is_outside_is_cut() -> None:
    assert (bar(0), bar(-1), bar(2, 3)) == ("", "", "███")


def test_a_screen_without_block_letters_gets_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert (bar(0.5, 8), bar(0.001, 8)) == ("####", "#")


VIEW = View(
    "Bars",
    [],
    [
        Table(
            [Column("name"), Column("cost", right=True)],
            [Row([Cell("a"), Cell("1.00", bar=0.25)]), Row([Cell("b"), Cell("100.00", bar=1.0)]),
             Row([Cell("sum"), Cell("101.00")])],
        )
    ],
)  # fmt: skip


def test_bars_begin_in_one_place_behind_aligned_figures() -> None:
    lines = render_view(VIEW, 40, coloured=False).splitlines()
    assert lines[-3:] == ["a       1.00 ██", "b     100.00 ████████", "sum   101.00"]


def test_a_narrow_screen_has_no_bars_and_the_same_figures() -> None:
    lines = render_view(VIEW, 19, coloured=False).splitlines()
    assert lines[-3:] == ["a       1.00", "b     100.00", "sum   101.00"]
