"""`--quiet`: the answer, and what went wrong; nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import costplan

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("word", ["--quiet", "-q"])
def test_nothing_is_said_of_a_file_that_was_written(capsys: Capsys, tmp_path: Path, word: str) -> None:
    path = tmp_path / "bill.json"
    ended = costplan(capsys, "estimate", "stage1", "-o", str(path), word)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert path.exists()


def test_an_error_is_said_without_its_hint(capsys: Capsys) -> None:
    talkative = costplan(capsys, "estimate", "stage2", "--variant", "premptible")
    quiet = costplan(capsys, "estimate", "stage2", "--variant", "premptible", "--quiet")
    assert quiet.code == talkative.code == 2
    assert "hint: did you mean" in talkative.err
    assert quiet.err == talkative.err.partition("  hint:")[0]


def test_it_holds_for_one_line_only(capsys: Capsys, tmp_path: Path) -> None:
    costplan(capsys, "estimate", "stage1", "-o", str(tmp_path / "one.json"), "-q")
    assert costplan(capsys, "estimate", "stage1", "-o", str(tmp_path / "two.json")).err.startswith("wrote ")


def test_data_is_the_same(capsys: Capsys) -> None:
    line = ("estimate", "stage2", "-f", "json")
    assert costplan(capsys, *line, "--quiet") == costplan(capsys, *line)
