"""Models in 8-bit weights: what is quantised, what is refused, and how far answers are off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from costplan.bench.models.quantise import answer_gap, quantise
from costplan.bench.models.workload import InputChoice
from costplan.datafiles import data_folder
from costplan.messages.errors import InputError


def saved(path: Path, weights: np.ndarray, *, scale: float = 1.0, stored: bool = True) -> Path:
    """Write `scores = image x weights x scale` for an image of 4 numbers."""
    nodes = [
        helper.make_node("MatMul", ["image", "weights"], ["product"]),
        helper.make_node("Mul", ["product", "scale"], ["scores"]),
    ]
    constants = [numpy_helper.from_array(np.float32(scale).reshape(1), "scale")]
    if stored:
        constants.append(numpy_helper.from_array(weights.astype(np.float32), "weights"))
    else:
        shape = numpy_helper.from_array(np.array(weights.shape, np.int64), "sizes")
        nodes.insert(0, helper.make_node("ConstantOfShape", ["sizes"], ["weights"]))
        constants.append(shape)
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, weights.shape[1]])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return path


@pytest.mark.parametrize("is_static", [False, True])
def test_weights_of_8_bits_answer_nearly_the_same(tmp_path: Path, is_static: bool) -> None:
    """The demo model's probabilities are 0.1 in the mean, as ten of them sum to 1."""
    choice = InputChoice(model=data_folder("models") / "digits.onnx", seed=1)
    quantise(choice, tmp_path / "int8.onnx", is_static=is_static)
    assert (tmp_path / "int8.onnx").stat().st_size < choice.model.stat().st_size / 3  # type: ignore[union-attr]
    gap = answer_gap(choice, tmp_path / "int8.onnx")
    assert gap.inputs == 32
    assert gap.scale == pytest.approx(0.1, rel=1e-5)
    assert 0 < gap.mean < gap.largest < 0.1
    assert gap.same_first_choice is not None
    assert gap.same_first_choice > 0.9


def test_differences_of_answers_are_those_of_their_numbers(tmp_path: Path) -> None:
    """Scores (s, 2s) for a sum s of inputs; the other model has twice as much of both: off by s and 2s."""
    weights = np.repeat([[1.0, 2.0]], 4, axis=0)
    first, double = saved(tmp_path / "a.onnx", weights), saved(tmp_path / "b.onnx", weights, scale=2.0)
    gap = answer_gap(InputChoice(model=first, seed=3), double, count=5)
    assert gap.inputs == 5
    assert gap.mean == pytest.approx(gap.scale, rel=1e-6)
    assert gap.largest > gap.mean
    assert gap.same_first_choice == 1.0


def test_another_first_choice_is_counted(tmp_path: Path) -> None:
    first = saved(tmp_path / "a.onnx", np.repeat([[1.0, 2.0]], 4, axis=0))
    other = saved(tmp_path / "b.onnx", np.repeat([[2.0, 1.0]], 4, axis=0))
    assert answer_gap(InputChoice(model=first), other, count=3).same_first_choice == 0.0
    lone = saved(tmp_path / "c.onnx", np.ones((4, 1)))
    assert answer_gap(InputChoice(model=lone), lone, count=3).same_first_choice is None


def test_weights_that_are_not_in_the_file_cannot_be_quantised(tmp_path: Path) -> None:
    computed = saved(tmp_path / "a.onnx", np.ones((4, 2)), stored=False)
    for path in (computed, data_folder("models") / "resnet50.onnx"):
        with pytest.raises(InputError, match="no weights of MatMul, Gemm or Conv are in the file"):
            quantise(InputChoice(model=path), tmp_path / "int8.onnx", is_static=False)
    assert not (tmp_path / "int8.onnx").exists()


def test_what_the_tool_refuses_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from onnxruntime import quantization

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("no such kernel\nand more")

    monkeypatch.setattr(quantization, "quantize_dynamic", refuse)
    path = saved(tmp_path / "a.onnx", np.ones((4, 2)))
    with pytest.raises(InputError, match=r"a\.onnx: cannot be quantised: no such kernel$"):
        quantise(InputChoice(model=path), tmp_path / "int8.onnx", is_static=False)
