"""Opening an ONNX Runtime session with every setting that changes the numbers set explicitly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnxruntime

from costplan.bench.models.facts import TENSOR_TYPES, ModelPort
from costplan.service.providers import open_on

_TYPE = re.compile(r"(?:(seq|optional|map)\()?.*?tensor\((\w+)\)")


def open_session(
    path: str | bytes,
    *,
    threads: int = 1,
    is_spinning: bool = False,
    is_quiet: bool = True,
    provider: str = "cpu",
    profile: Path | None = None,
) -> Any:
    """Open a model.

    Args:
        path: The model file, or its content.
        threads: Intra-op threads; inter-op is 1 and execution sequential.
        is_spinning: Whether idle threads burn a core waiting for the next run (the library's own default).
        is_quiet: Show only fatal messages of the library; its warnings go to stderr.
        provider: A key of `PROVIDERS`.
        profile: Folder for a profile of the runs until `end_profiling`.

    Raises:
        InputError: The provider is not installed or does not start; see `open_on`.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if is_spinning else "0")
    if is_quiet:
        options.log_severity_level = 4
    if profile is not None:
        options.enable_profiling = True
        options.profile_file_prefix = str(profile / "profile")
    return open_on(provider, path, options, threads)


def ports_of(nodes: Sequence[Any]) -> tuple[ModelPort, ...]:
    """Return the inputs or outputs of a session."""
    return tuple(_port(node) for node in nodes)


def _port(node: Any) -> ModelPort:
    match = _TYPE.match(node.type)
    container = (match.group(1) or "") if match else node.type.partition("(")[0]
    datatype = TENSOR_TYPES.get(match.group(2), "") if match else ""
    shape = None if container else tuple(d if isinstance(d, (int, str)) else None for d in node.shape or ())
    return ModelPort(node.name, datatype, shape, container)
