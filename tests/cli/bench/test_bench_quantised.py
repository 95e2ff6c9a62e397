"""`costplan bench --quantise int8`: options, the file that stays, and the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import pytest
from command_line import costplan
from measured_examples import measurement, point

from costplan.bench import interleave
from costplan.measurement.model import Latency, MeasuredCapacity

Capsys = pytest.CaptureFixture[str]
LINE = ("bench", "--model", "digits", "--instances", "standard-v3:2x4", "--currency", "RUB")


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of one speed for the original and twice that for what was quantised."""

    def run_session(target: Any, options: Any, **_: Any) -> Any:
        rate = 100.0 if target.options.inputs.model.stem == "digits" else 200.0
        alone = point("single", service_ms=Latency(p50=2000 / rate))
        return measurement(points=(alone,), capacity=MeasuredCapacity(rate, rate, 1.04 * rate, "VALID"))

    monkeypatch.setattr(interleave, "run_session", run_session)


def test_both_are_compared_with_how_far_answers_are_off(tmp_path: Path, capsys: Capsys) -> None:
    kept = tmp_path / "small.onnx"
    ended = costplan(capsys, *LINE, "--quantise", "int8", "--save-quantised", str(kept))
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == (
        "digits int8 is cheaper than digits on standard-v3 2x4 at p99 <= 100 ms: 2 to 2 times"
    )
    assert lines[2].startswith("answers of digits int8: at most 0.01")
    assert "32 inputs made up with seed 1; same first choice: " in lines[2]
    assert "MatMulInteger" in {node.op_type for node in onnx.load(kept).graph.node}
    again = costplan(capsys, *LINE, "--quantise", "int8", "--save-quantised", str(kept))
    assert (again.code, again.out) == (2, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--quantise", "int4"], "int8"),
        (["--save-quantised", "x.onnx"], "add --quantise int8"),
        (["--quantise", "int8", "--save-quantised", "x.bin"], ".onnx"),
        (["--quantise", "int8", "--journal", "x.jsonl"], "--journal has no effect beside --quantise"),
        (["--quantise", "int8", "--threads", "sweep"], "--threads sweep has no effect"),
        (["--quantise", "int8", "--model", "resnet50"], "no weights of MatMul, Gemm or Conv are in the file"),
        (["--quantise", "int8", "--target", "http://127.0.0.1:1"], "is not started with a model's file"),
    ],
)
def test_what_cannot_be_quantised_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = costplan(capsys, *LINE, *words)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert list(tmp_path.iterdir()) == []
