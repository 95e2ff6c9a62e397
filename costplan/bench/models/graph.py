"""What can be read from an ONNX graph without running it: constants asked for, tables indexed by inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

_PASS_THROUGH = frozenset(
    {"Cast", "Identity", "Unsqueeze", "Squeeze", "Reshape", "Flatten", "DequantizeLinear"}
)
_EMBEDDINGS = {"EmbedLayerNormalization": ((0, 2), (1, 4))}
"""Operators with tables inside -> pairs of (position of the indices, position of the table)."""
_MAX_SHAPE_ELEMENTS = 64


def largest_constant_bytes(model: onnx.ModelProto) -> int:
    """Return the bytes of the largest constant that a `ConstantOfShape` with a fixed shape asks for."""
    graph = model.graph
    fixed = {t.name: t for t in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.output:
            fixed.update((node.output[0], a.t) for a in node.attribute if a.name == "value")
    largest = 0
    for node in graph.node:
        if node.op_type == "ConstantOfShape" and node.input and node.input[0] in fixed:
            shape = _small_values(fixed[node.input[0]])
            values = [a.t for a in node.attribute if a.name == "value"]
            size = _element_bytes(values[0].data_type) if values else 4
            largest = max(largest, size * math.prod(max(d, 0) for d in shape))
    return largest


def index_limits(model: onnx.ModelProto) -> dict[str, int]:
    """Return, for each input that picks rows of a table, the number of rows of its smallest table."""
    graph = model.graph
    tables = {t.name: tuple(t.dims) for t in graph.initializer}
    made_by = {output: node for node in graph.node for output in node.output}
    inputs = {i.name for i in graph.input}
    limits: dict[str, int] = {}
    for node in graph.node:
        for indices, table, axis in _lookups(node):
            name = _origin(indices, made_by)
            dims = tables.get(_origin(table, made_by))
            if name in inputs and dims and -len(dims) <= axis < len(dims) and dims[axis] > 0:
                limits[name] = min(limits.get(name, dims[axis]), dims[axis])
    return limits


def _lookups(node: onnx.NodeProto) -> Iterator[tuple[str, str, int]]:
    """Yield (indices, table, axis) for every table that a node looks up."""
    if node.op_type == "Gather" and len(node.input) == 2:
        yield node.input[1], node.input[0], next((a.i for a in node.attribute if a.name == "axis"), 0)
    for indices, table in _EMBEDDINGS.get(node.op_type, ()):
        if len(node.input) > max(indices, table):
            yield node.input[indices], node.input[table], 0


def _origin(name: str, made_by: Mapping[str, Any]) -> str:
    """Follow a value back through operators that keep its rows, at most 16 steps."""
    for _ in range(16):
        node = made_by.get(name)
        if node is None or node.op_type not in _PASS_THROUGH or not node.input:
            return name
        name = node.input[0]
    return name


def _small_values(tensor: onnx.TensorProto) -> list[int]:
    if math.prod(tensor.dims) > _MAX_SHAPE_ELEMENTS or tensor.data_location == tensor.EXTERNAL:
        return []
    try:
        return [int(v) for v in numpy_helper.to_array(tensor).ravel()]
    except (TypeError, ValueError):
        return []


def _element_bytes(data_type: int) -> int:
    try:
        return int(np.dtype(onnx.helper.tensor_dtype_to_np_dtype(data_type)).itemsize)
    except (KeyError, TypeError, ValueError):
        return 1
