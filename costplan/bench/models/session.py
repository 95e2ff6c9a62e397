"""Opening an ONNX Runtime session with every setting that changes the numbers set explicitly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import onnxruntime

from costplan.bench.models.facts import TENSOR_TYPES, ModelPort

_TYPE = re.compile(r"(?:(seq|optional|map)\()?.*?tensor\((\w+)\)")


def open_session(
    path: str | bytes, *, threads: int = 1, is_spinning: bool = False, is_quiet: bool = True
) -> Any:
    """Open a model on the CPU.

    Args:
        path: The model file, or its content.
        threads: Intra-op threads; inter-op is 1 and execution sequential.
        is_spinning: Whether idle threads burn a core waiting for the next run (the library's own default).
        is_quiet: Show only fatal messages of the library; its warnings go to stderr.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if is_spinning else "0")
    if is_quiet:
        options.log_severity_level = 4
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def ports_of(nodes: Sequence[Any]) -> tuple[ModelPort, ...]:
    """Return the inputs or outputs of a session."""
    return tuple(_port(node) for node in nodes)


def _port(node: Any) -> ModelPort:
    match = _TYPE.match(node.type)
    container = (match.group(1) or "") if match else node.type.partition("(")[0]
    datatype = TENSOR_TYPES.get(match.group(2), "") if match else ""
    shape = None if container else tuple(d if isinstance(d, (int, str)) else None for d in node.shape or ())
    return ModelPort(node.name, datatype, shape, container)
