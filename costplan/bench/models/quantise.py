"""A model with weights of 8 bits, made by ONNX Runtime's own tool, and how far its answers are off."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.inputs import Feed
from costplan.bench.models.probe import wrapped
from costplan.bench.models.session import open_session
from costplan.bench.models.workload import InputChoice, workload_of_model
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible

WEIGHTED: Final = {"MatMul": 1, "Gemm": 1, "Conv": 1}
"""Operators whose weights are turned to 8 bits -> which of their inputs these are."""
TRIED: Final = 32
"""How many requests are made up to compare answers."""
_SCALES: Final = frozenset({"DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear"})


@dataclass(frozen=True, slots=True)
class AnswerGap:
    """How far two models' answers to the same inputs are apart."""

    inputs: int
    largest: float
    """Of all numbers of all answers."""
    mean: float
    scale: float
    """Mean absolute value of the original's answers."""
    same_first_choice: float | None
    """Share of rows whose highest entry is the same; None without an output of rows of scores."""


def quantise(choice: InputChoice, output: Path, *, is_static: bool) -> None:
    """Write the chosen model with weights of 8 bits.

    Args:
        choice: The model; its inputs calibrate a static quantisation.
        output: The new file.
        is_static: Whether activations have fixed scales, taken from the inputs; else each run finds its own.

    Raises:
        InputError: The model is refused, has no weights to quantise, or the tool refuses it.
    """
    workload = workload_of_model(choice)
    assert workload.facts is not None
    path = workload.facts.path
    operators = _weighted(path)
    if not operators:
        raise InputError(
            Reason("{path}: nothing to quantise: no weights of MatMul, Gemm or Conv are in the file", path),
            hint="weights that are computed when the model is loaded cannot be quantised",
        )
    from onnxruntime import quantization

    kinds = quantization.QuantType
    with _refusing(path), _quiet():
        if is_static:
            samples = [wrapped(feed, workload.ports) for feed in workload.feeds]
            quantization.quantize_static(path, output, _Samples(samples))
        else:
            # Convolutions of signed 8-bit weights have no kernel on the CPU.
            kind = kinds.QUInt8 if "Conv" in operators else kinds.QInt8
            quantization.quantize_dynamic(path, output, weight_type=kind)
    if not _SCALES & _operators(str(output)):
        raise InputError(Reason("{path}: the tool quantised nothing in it", path))


def answer_gap(original: InputChoice, changed: Path, *, count: int = TRIED) -> AnswerGap:
    """Run both models on the same inputs, made up from the seed or given, and compare their answers.

    Raises:
        InputError: One of them does not run.
    """
    choice = replace(original, distinct=count)
    workload, other = workload_of_model(choice), workload_of_model(replace(choice, model=changed))
    assert workload.facts is not None
    assert other.facts is not None
    pairs = list(
        zip(
            _answers(workload.facts.path, workload.feeds, workload.ports),
            _answers(other.facts.path, workload.feeds, workload.ports),
            strict=True,
        )
    )
    numbers = [pair for before, after in pairs for pair in zip(before, after, strict=True) if _is_float(pair)]
    if not numbers:
        raise InputError(Reason("{path}: no output is of numbers that can be compared", workload.facts.path))
    gaps = np.concatenate([np.abs(after - before).ravel() for before, after in numbers])
    return AnswerGap(
        inputs=len(pairs),
        largest=float(gaps.max()),
        mean=float(gaps.mean()),
        scale=float(np.concatenate([np.abs(before).ravel() for before, _ in numbers]).mean()),
        same_first_choice=_same_first_choice(numbers),
    )


class _Samples:
    """What the tool takes calibration inputs from, one by one."""

    def __init__(self, feeds: Sequence[Any]) -> None:
        self._left = iter(feeds)

    def get_next(self) -> Any:
        return next(self._left, None)


def _same_first_choice(numbers: Sequence[tuple[Any, Any]]) -> float | None:
    scores = [pair for pair in numbers if pair[0].ndim == 2 and pair[0].shape[1] > 1]
    if not scores:
        return None
    return float(np.concatenate([a.argmax(axis=1) == b.argmax(axis=1) for a, b in scores]).mean())


def _answers(path: str, feeds: Sequence[Feed], ports: Sequence[ModelPort]) -> Iterator[list[Any]]:
    session = open_session(path)
    for feed in feeds:
        yield [np.asarray(found) for found in session.run(None, wrapped(dict(feed), ports))]


def _is_float(pair: tuple[Any, Any]) -> bool:
    before, after = pair
    return bool(before.dtype.kind == "f" and before.shape == after.shape and before.size)


def _weighted(path: str) -> set[str]:
    """Return the operators of a model whose weights are in its file."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    stored = {tensor.name for tensor in graph.initializer}
    stored |= {name for node in graph.node if node.op_type == "Constant" for name in node.output}
    return {
        node.op_type
        for node in graph.node
        if len(node.input) > 1 and node.op_type in WEIGHTED and node.input[WEIGHTED[node.op_type]] in stored
    }


def _operators(path: str) -> set[str]:
    import onnx

    return {node.op_type for node in onnx.load(path, load_external_data=False).graph.node}


@contextlib.contextmanager
def _refusing(path: str) -> Iterator[None]:
    """Say why the tool refuses a model: it raises whatever its parts do."""
    try:
        yield
    except Exception as error:
        why = visible(str(error).strip().partition("\n")[0][:300]) or type(error).__name__
        raise InputError(Reason("{path}: cannot be quantised: {why}", path, why)) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tool's advice on how to prepare models off standard error."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
