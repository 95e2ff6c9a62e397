"""Four small models of our own, one per thing that limits a model, so that two machines can be compared.

Rule: the ratio of their speeds on two machines says how a model of each kind scales, and the range over all
kinds how far that can be trusted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final, Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from costplan.bench.models.session import open_session

Kind = Literal["gemm", "memory", "convolution", "overhead"]

KINDS: Final[tuple[Kind, ...]] = ("gemm", "memory", "convolution", "overhead")
_OPSET: Final = 17
_IR: Final = 8
_BLOCKS: Final = 5
_SECONDS: Final = 0.8
"""For one kind, after its warm-up."""
_TINY_MS: Final = 0.05
"""A model that runs for less than this is mostly the runtime's own overhead."""


def run_calibration(seconds: float = _SECONDS, kinds: tuple[Kind, ...] = KINDS) -> dict[str, float]:
    """Run every calibration model on one thread.

    Args:
        seconds: For each kind.
        kinds: Which.

    Returns:
        Median over blocks of the runs per second, by kind.
    """
    return {kind: round(_runs_per_second(_MODELS[kind](), seconds), 3) for kind in kinds}


def _runs_per_second(model: onnx.ModelProto, seconds: float) -> float:
    session = open_session(model.SerializeToString(), threads=1)
    feed = {port.name: _values(port.shape) for port in session.get_inputs()}
    session.run(None, feed)
    rates = []
    for _ in range(_BLOCKS):
        count, started = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds / _BLOCKS or not count:
            session.run(None, feed)
            count += 1
        rates.append(count / elapsed)
    return median(rates)


def _values(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(1).standard_normal(shape).astype(np.float32)


def _model(name: str, nodes: list[Any], shape: list[int], weights: Mapping[str, Any]) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    made.producer_name = "costplan calibration"
    return made


def _gemm() -> onnx.ModelProto:
    """Three products of 192 x 192 matrices: they fit the caches, the multipliers are what limits."""
    weights = {f"w{n}": _values((192, 192)) * np.float32(0.05) for n in range(3)}
    names = ["x", "a", "b", "y"]
    nodes = [helper.make_node("MatMul", [names[n], f"w{n}"], [names[n + 1]]) for n in range(3)]
    return _model("gemm", nodes, [192, 192], weights)


def _memory() -> onnx.ModelProto:
    """A vector times a matrix of 64 MiB: every weight is read once from memory."""
    weights = {"w": np.full((4096, 4096), 0.01, dtype=np.float32)}
    return _model("memory", [helper.make_node("MatMul", ["x", "w"], ["y"])], [1, 4096], weights)


def _convolution() -> onnx.ModelProto:
    """Two 3 x 3 convolutions over 32 channels of a 32 x 32 picture."""
    weights = {"w0": _values((32, 32, 3, 3)), "w1": _values((32, 32, 3, 3))}
    nodes = [
        helper.make_node("Conv", ["x", "w0"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "w1"], ["y"], pads=[1, 1, 1, 1]),
    ]
    return _model("convolution", nodes, [1, 32, 32, 32], weights)


def _overhead() -> onnx.ModelProto:
    """Eight additions to four numbers: the runtime's own cost per operator and run."""
    names = ["x", *(f"a{n}" for n in range(7)), "y"]
    nodes = [helper.make_node("Add", [names[n], "one"], [names[n + 1]]) for n in range(8)]
    return _model("overhead", nodes, [1, 4], {"one": np.ones((1,), dtype=np.float32)})


_MODELS: Final[Mapping[Kind, Callable[[], onnx.ModelProto]]] = {
    "gemm": _gemm,
    "memory": _memory,
    "convolution": _convolution,
    "overhead": _overhead,
}


def profile_of(path: Path, run_ms: float) -> Kind | None:
    """Say which calibration model a model resembles most.

    Args:
        path: A model that passed `inspect_model`; its weights are not read.
        run_ms: Time of one run.

    Returns:
        `overhead` for one that runs for less than 0.05 ms; else by the operators that it has.
    """
    if run_ms < _TINY_MS:
        return "overhead"
    try:
        graph = onnx.load(path, load_external_data=False).graph
    except Exception:  # whatever protobuf raises: the profile is only a hint, the range over all kinds holds
        return None
    operators = {node.op_type for node in graph.node}
    if any("Conv" in operator for operator in operators):
        return "convolution"
    if operators & {"MatMul", "Gemm", "MatMulInteger", "Attention", "LSTM", "GRU", "QLinearMatMul"}:
        return "gemm"
    return "memory"
