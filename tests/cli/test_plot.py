"""`--plot` on every command whose document has a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.cli.run import run

LINES = {
    "estimate": ["estimate", "stage2"],
    "compare": ["compare"],
    "one compared": ["compare", "stage1"],
    "uncertain": ["estimate", "stage3", "--uncertain", "--draws", "1K"],
    "uncertain with its budget": ["estimate", "stage3", "--uncertain", "--draws", "1K", "--currency", "USD"],
    "uncertain compared": ["compare", "stage2", "stage3", "--uncertain", "--draws", "1K"],
    "curve": ["curve", "stage1", "stage2"],
    "timeline": ["timeline", "--growth", "40%", "--months", "12"],
    "sensitivity": ["sensitivity", "stage2"],
    "bench show": ["bench", "show", "digits-service"],
}
FREE = """
scenario: s
title: t
workload: {monthly_requests: 0}
resources:
  a: {kind: fixed-cost, role: other, amounts: {RUB: 0}, source: free}
"""
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG"}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("form", MAGIC)
def test_a_picture_is_written_beside_the_answer(
    line: list[str], form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / f"picture.{form}"
    assert run([*line, "--plot", str(picture)]) == 0
    out, err = capsys.readouterr()
    assert out
    assert "wrote" in err
    assert picture.read_bytes().startswith(MAGIC[form])


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_another_ending_is_refused_before_any_work(
    line: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*line, "--plot", str(tmp_path / "picture.gif")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "must end in .svg or .png" in err


def test_the_same_input_gives_the_same_picture(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        assert run(["compare", "--plot", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_a_bill_of_nothing_has_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "free.yaml").write_text(FREE)
    assert run(["estimate", str(tmp_path / "free.yaml"), "--plot", str(tmp_path / "a.svg")]) == 2
    assert "nothing to draw" in capsys.readouterr().err
    assert not (tmp_path / "a.svg").exists()


def test_an_uncertain_bill_is_drawn_with_its_range(tmp_path: Path) -> None:
    for name, more in (("plain.svg", []), ("range.svg", ["--uncertain", "--draws", "1K"])):
        assert run(["estimate", "stage3", *more, "--plot", str(tmp_path / name)]) == 0
    assert "in 8 of 10 cases it lies between" in (tmp_path / "range.svg").read_text(encoding="utf-8")
    assert "in 8 of 10 cases it lies between" not in (tmp_path / "plain.svg").read_text(encoding="utf-8")


def test_a_bill_that_no_draw_changes_has_no_range_to_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steady = """scenario: s
title: t
workload: {monthly_requests: {value: 1M, uncertain: {low: 1M, high: 2M}}}
resources:
  a: {kind: fixed-cost, role: other, amounts: {RUB: 5}, source: an invoice}
"""
    (tmp_path / "steady.yaml").write_text(steady)
    line = ["estimate", str(tmp_path / "steady.yaml"), "--uncertain", "--draws", "1K"]
    assert run([*line, "--plot", str(tmp_path / "a.svg")]) == 2
    assert capsys.readouterr().err == "--plot: there is nothing to draw: the bill is the same in every draw\n"
