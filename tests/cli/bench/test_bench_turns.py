"""`costplan bench compare --model A --model B`: variants, real runs in turns, Ctrl-C."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan
from measured_examples import measurement, point

from costplan.bench import interleave, session
from costplan.bench.capacity_search.warmup import WarmUpRule
from costplan.bench.machine.calibration_set import run_calibration
from costplan.cli.bench.options import BenchWords
from costplan.cli.bench.turns import variants_of
from costplan.measurement.model import Latency, MeasuredCapacity
from costplan.messages.errors import InputError

Capsys = pytest.CaptureFixture[str]
DEMO = Path(__file__).parents[3] / "models" / "digits.onnx"
PRICED = ("--instances", "standard-v3:2x4", "--currency", "RUB")


def named(**several: Any) -> dict[str, BenchWords]:
    return variants_of(BenchWords(), several)


def test_variants_are_named_by_what_they_differ_in() -> None:
    assert list(named(model=[Path("x/a.onnx"), Path("b.onnx")])) == ["a", "b"]
    assert list(named(model=[Path("x/a.onnx"), Path("y/a.onnx")])) == [
        str(Path("x/a")), str(Path("y/a")),
    ]  # fmt: skip
    threads = named(model=[Path("a.onnx")], threads=["1", "4"])
    assert list(threads) == ["threads 1", "threads 4"]
    assert [(one.model, one.threads) for one in threads.values()] == [
        (Path("a.onnx"), "1"), (Path("a.onnx"), "4"),
    ]  # fmt: skip
    assert list(named(model=[Path("a.onnx"), Path("b.onnx")], threads=["1", "2"])) == [
        "a, threads 1", "b, threads 2",
    ]  # fmt: skip
    assert list(named(threads=["1", "1"])) == ["threads 1 (1)", "threads 1 (2)"]


def test_short_runs_are_the_default_and_longer_ones_a_choice() -> None:
    two = [Path("a.onnx"), Path("b.onnx")]
    assert {one.duration for one in named(model=two).values()} == {"1 s"}
    asked = variants_of(BenchWords(duration="5 s", budget="1m"), {"model": two})
    assert {(one.duration, one.budget) for one in asked.values()} == {("5 s", "1m")}


def test_options_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(InputError, match="--model was given 2 times, another option 3 times"):
        named(model=[Path("a.onnx"), Path("b.onnx")], threads=["1", "2", "3"])
    with pytest.raises(InputError, match="nothing to compare"):
        named(model=[Path("a.onnx")])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.json", "b.json", "--model", "a.onnx"], "--model: saved results are not measured again"),
        (["--model", "none.onnx", "--model", "nor.onnx"], "none.onnx"),
        (["--threads", "1", "--threads", "2", "--rounds", "0"], "--rounds: must be a whole number from 1"),
        (["--threads", "1", "--threads", "2", "--rounds", "51"], "--rounds: at most 50, got 51"),
    ],
)
def test_what_cannot_be_measured_is_an_error(capsys: Capsys, words: list[str], message: str) -> None:
    ended = costplan(capsys, "bench", "compare", "--target", "onnxruntime", *words)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


class Runs:
    """Takes the place of real runs: b holds twice as much in each round, and Ctrl-C comes in one of them."""

    def __init__(self, interrupted_in: int) -> None:
        self.left = interrupted_in

    def __call__(self, target: Any, options: Any, **rest: Any) -> Any:
        self.left -= 1
        rest["interrupts"].requested = self.left == 0
        rate = 100.0 if target.threads == 1 else 200.0
        alone = point("single", service_ms=Latency(p50=2000 / rate))
        capacity = MeasuredCapacity(rate, rate, 1.04 * rate, "VALID")
        return measurement(points=(alone, point("closed", 1.5 * rate)), capacity=capacity)


LINE = ("bench", "compare", "--model", str(DEMO), "--threads", "1", "--threads", "2", *PRICED)


def test_ctrl_c_answers_with_the_rounds_that_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: Capsys, tmp_path: Path
) -> None:
    monkeypatch.setattr(interleave, "run_session", Runs(interrupted_in=6))
    output = tmp_path / "found.json"
    ended = costplan(capsys, *LINE, "-o", str(output))
    assert ended.code == 130
    assert ended.out.startswith(
        "threads 2 is cheaper than threads 1 on standard-v3 2x4 at p99 <= 100 ms: 2 to 2 times\n"
        "2 of 5 rounds, in turns on this machine"
    )
    assert json.loads(output.read_text())["is_complete"] is False


def test_ctrl_c_before_each_has_run_leaves_nothing_to_compare(
    monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.setattr(interleave, "run_session", Runs(interrupted_in=2))
    ended = costplan(capsys, *LINE)
    assert (ended.code, ended.out) == (130, "")
    assert "interrupted" in ended.err


def test_real_runs_are_compared(monkeypatch: pytest.MonkeyPatch, capsys: Capsys, tmp_path: Path) -> None:
    monkeypatch.setattr(session, "_WARM_UP", WarmUpRule(min_s=0.1, max_s=0.2))
    monkeypatch.setattr(session, "run_calibration", lambda: run_calibration(0.02))
    output = tmp_path / "found.json"
    costplan(
        capsys, "bench", "compare", "--target", "onnxruntime", "--model", str(DEMO), "--model", str(DEMO),
        "--rounds", "2", "--duration", "0.2", "--budget", "0.5", "--slo", "p90:1s", "-o", str(output),
    )  # fmt: skip
    found = json.loads(output.read_text())
    assert [one["name"] for one in found["results"]] == [str(Path("models/digits")), "models/digits (2)"]
    assert [[run["round"] for run in one["runs"]] for one in found["results"]] == [[1, 2], [1, 2]]
    assert found["results"][1]["faster"]["rounds"] == 2
    assert found["results"][1]["faster"]["low"] < found["results"][1]["faster"]["high"]
