"""`costplan sensitivity` as its user sees it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from command_line import costplan, process

Capsys = pytest.CaptureFixture[str]

SCENARIO = """\
scenario: mine
title: Mine
workload:
  monthly_requests: {value: 5M, uncertain: {low: 2M, high: 20M}}
  request_duration: {value: 200 ms, assumed: "a guess"}
resources:
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def test_both_ends_are_labelled_and_a_swing_is_called_a_convention(capsys: Capsys) -> None:
    out = costplan(capsys, "sensitivity", "./mine.yaml", "--draws", "2K").out
    requests = next(line for line in out.splitlines() if line.startswith("workload.monthly_requests"))
    assert requests.split()[1:3] == ["P10-P90", "3.8M"]
    assert "18.2M" in requests
    duration = next(line for line in out.splitlines() if line.startswith("workload.request_duration"))
    assert "by 20%" in duration
    assert "160 ms" in duration
    assert "240 ms" in duration
    assert "is a convention, not knowledge" in out


def test_a_screen_without_blocks_gets_plain_bars() -> None:
    ended = process("sensitivity", "./mine.yaml", "--draws", "2K", env={"PYTHONIOENCODING": "ascii"})
    assert "#" in ended.out
    assert "\\u" not in ended.out


def test_csv_has_a_row_for_each_input(capsys: Capsys) -> None:
    text = costplan(capsys, "sensitivity", "./mine.yaml", "--draws", "2K", "-f", "csv").out
    rows = {row["input"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"workload.monthly_requests", "workload.request_duration"}
    assert rows["workload.request_duration"]["by"] == "swing"
    assert float(rows["workload.monthly_requests"]["total_index"]) == pytest.approx(1, abs=1e-3)


def test_json_names_the_swing_the_seed_and_the_draws(capsys: Capsys) -> None:
    text = costplan(
        capsys, "sensitivity", "./mine.yaml", "--draws", "3000", "--swing", "50%", "-f", "json"
    ).out
    found = json.loads(text)
    assert (found["swing"], found["seed"], found["draws"]) == ("0.5", 1, 4096)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_tornado_is_drawn(capsys: Capsys, ending: str) -> None:
    ended = costplan(capsys, "sensitivity", "./mine.yaml", "--draws", "2K", "--plot", f"t.{ending}")
    assert ended.code == 0
    data = Path(f"t.{ending}").read_bytes()
    assert data.startswith(b"\x89PNG") if ending == "png" else b"<svg" in data


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--swing 0%", "--swing: must be above 0%"),
        ("--swing 100%", "--swing: must be below 100%"),
        ("--swing 1000%", "--swing: is a share above 100%"),
        ("--swing x", "--swing: is not a number"),
        ("--plot t.pdf", "must end in .svg or .png"),
        ("--plot mine.png/t.svg", "there is no folder"),
        ("--seed 1.5", "--seed: must be a whole number"),
    ],
)
def test_a_wrong_option_is_2_with_a_sentence(capsys: Capsys, line: str, said: str) -> None:
    ended = costplan(capsys, "sensitivity", "./mine.yaml", *line.split())
    assert ended.code == 2
    assert said in ended.err


def test_a_picture_of_nothing_is_refused(capsys: Capsys) -> None:
    text = SCENARIO.replace("{value: 5M, uncertain: {low: 2M, high: 20M}}", "0")
    Path("mine.yaml").write_text(text, encoding="utf-8")
    ended = costplan(capsys, "sensitivity", "./mine.yaml", "--plot", "t.svg")
    assert ended.code == 2
    assert "no input moves the bill" in ended.err
    assert not Path("t.svg").exists()
