"""`costplan bench compare` as a user runs it: files, formats, errors, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan
from measured_examples import measurement

from costplan.measurement.model import MeasuredCapacity
from costplan.output.formats import rendered

Capsys = pytest.CaptureFixture[str]
FAST = MeasuredCapacity(190.0, 190.0, 200.0, "VALID")
PRICED = ("--instances", "standard-v3:2x4", "--currency", "RUB")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save("a.json")
    save("b.json", capacity=FAST)
    return tmp_path


def save(name: str, **changes: Any) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(rendered(measurement(**changes), "json"), encoding="utf-8")


def compare(capsys: Capsys, *words: str) -> Any:
    return costplan(capsys, "bench", "compare", *words)


def test_the_answer_comes_first(capsys: Capsys) -> None:
    """190/s (190..200) over 100/s (100..105): 190/105 = 1.81 to 2; 10.6 and 5.56 RUB a million."""
    ended = compare(capsys, "a.json", "b.json", *PRICED)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "b is cheaper than a on standard-v3 2x4 at p99 <= 100 ms: 1.81 to 2 times"
    [priced] = [line.split("  ") for line in lines if line.startswith("standard-v3 2x4")]
    assert [cell.strip() for cell in priced if cell] == [
        "standard-v3 2x4", "measured", "10.6", "5.56", "1.9x, 1.81 to 2",
    ]  # fmt: skip


def test_json_csv_and_markdown_carry_the_same(capsys: Capsys) -> None:
    found = json.loads(compare(capsys, "a.json", "b.json", *PRICED, "-f", "json").out)
    assert found["schema"] == "costplan/bench-comparison/1"
    assert found["conclusion"]["outcome"] == "cheaper"
    assert found["results"][1]["more_capacity"] == {
        "value": 1.9, "low": 190 / 105, "high": 2.0, "rounds": 0,
    }  # fmt: skip
    rows = compare(capsys, "a.json", "b.json", *PRICED, "-f", "csv").out.splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["result", "a"], ["result", "b"], ["cost", "a"], ["cost", "b"],
    ]  # fmt: skip
    page = compare(capsys, "a.json", "b.json", *PRICED, "-f", "md").out
    assert "| standard-v3 2x4 | measured | 10.6 | 5.56 | 1.9x, 1.81 to 2 |" in page


def test_it_is_drawn_and_written_beside_the_table(folder: Path, capsys: Capsys) -> None:
    ended = compare(capsys, "a.json", "b.json", "-o", "ab.json", "--plot", "ab.svg")
    assert ended.out.startswith("b is cheaper")
    assert json.loads(Path("ab.json").read_text())["method"] == "files"
    assert b"b is cheaper than a" in Path("ab.svg").read_bytes()
    assert compare(capsys, "a.json", "b.json", "-o", "ab.json").code == 2


def test_files_of_one_name_are_told_apart(capsys: Capsys) -> None:
    save("old/a.json")
    save("new/a.json", capacity=FAST)
    out = compare(capsys, "old/a.json", "new/a.json", *PRICED).out
    assert out.startswith(f"{Path('new/a')} is cheaper than {Path('old/a')}")
    assert "a (2)" in compare(capsys, "a.json", "a.json", *PRICED).out


def test_it_speaks_russian(capsys: Capsys) -> None:
    out = compare(capsys, "a.json", "b.json", *PRICED, "--lang", "ru").out
    assert out.splitlines()[0] == "b дешевле, чем a, на standard-v3 2x4 при p99 <= 100 ms: в 1,81–2 раза"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "nothing to compare"),
        (["a.json"], "nothing to compare"),
        (["a.json", "none.json"], "cannot read `none.json`"),
        (["a.json"] * 21, "more than 20 to compare"),
        (["a.json", "b.json", "--plot", "x.gif"], "--plot"),
    ],
)
def test_what_cannot_be_compared_is_an_error(capsys: Capsys, words: list[str], message: str) -> None:
    ended = compare(capsys, *words)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_none_that_keeps_the_slo_is_a_no(capsys: Capsys) -> None:
    none = MeasuredCapacity(None, None, 10.0, "UNSTABLE")
    save("c.json", capacity=none)
    save("d.json", capacity=none)
    ended = compare(capsys, "c.json", "d.json")
    assert (ended.code, ended.out.splitlines()[0]) == (1, "none keeps p99 <= 100 ms")
