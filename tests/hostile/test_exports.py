"""What an export holds is what the scenario held: texts come back whole, whatever they begin with."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from costplan.messages.text import is_hidden, shortened
from costplan.output.formats.csv import cell
from costplan.output.formats.json import render

SIGNS = "=+-@＝＋－＠"
TEXTS = st.text(st.sampled_from([*SIGNS, "'", " ", "\u00a0", "\n", "a", '"', ",", "1"]), max_size=12)


def as_read_by_a_spreadsheet(text: str) -> str:
    """Write one cell and read it back as the csv module does."""
    page = io.StringIO()
    csv.writer(page, lineterminator="\n").writerow(["x", cell(text)])
    return next(csv.reader(io.StringIO(page.getvalue(), newline="")))[1]


@given(TEXTS)
def test_no_line_of_a_cell_begins_with_a_sign(text: str) -> None:
    lines = as_read_by_a_spreadsheet(text).split("\n")
    assert [line for line in lines if line.strip()[:1] in set(SIGNS)] == []


@given(TEXTS)
@example("' =1")
def test_taking_one_apostrophe_away_gives_the_text_back(text: str) -> None:
    written = as_read_by_a_spreadsheet(text)
    assert re.sub(rf"(?m)^'(?=(?:'|[^\S\n])*[{re.escape(SIGNS)}])", "", written) == text


@given(st.text(max_size=20))
def test_json_shows_no_hidden_character_and_loses_none(text: str) -> None:
    written = render({"name": text})
    assert [c for c in written if is_hidden(c) and c != "\n"] == []
    assert json.loads(written) == {"name": text}


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("abc", 3, "abc"), ("abcdefghijkl", 9, "abc...jkl"), ("a" * 10, 10, "a" * 10)],
    ids=["as-long-as-allowed", "longer", "exactly"],
)
def test_a_long_token_loses_its_middle(text: str, limit: int, expected: str) -> None:
    assert shortened(text, limit) == expected
