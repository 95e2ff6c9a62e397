"""ONNX Runtime in this process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import onnxruntime

from costplan.messages.errors import InputError
from costplan.protocols.tensors import ProtocolError, Tensor, TensorSpec, tensor
from costplan.service.backends import BackendOptions, ModelFailedError, ModelShape
from costplan.service.cpu_time import thread_ids
from costplan.service.providers import open_on

_DATATYPES = {
    "bool": "BOOL",
    "uint8": "UINT8",
    "uint16": "UINT16",
    "uint32": "UINT32",
    "uint64": "UINT64",
    "int8": "INT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
    "float16": "FP16",
    "float": "FP32",
    "double": "FP64",
    "string": "BYTES",
}
"""Element type as ONNX Runtime names it -> datatype of the protocol."""

_CALLERS_FAULTS = (
    onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument,
    onnxruntime.capi.onnxruntime_pybind11_state.RuntimeException,
    onnxruntime.capi.onnxruntime_pybind11_state.Fail,
)
"""What the runtime raises when sizes contradict each other inside the model, for one."""

_NO_MEMORY = "allocat"
"""Part of the runtime's message when memory is short, which it raises as the same kinds."""

_SILENT = 4
"""Log severity "fatal": a refused input is answered to its sender and is no news for the operator."""


class OnnxRuntimeBackend:
    """One session; several threads may run it at once, each with `threads` threads inside."""

    name: ClassVar[str] = "onnxruntime"
    is_local: ClassVar[bool] = True

    def __init__(self, options: BackendOptions) -> None:
        self._options = options
        self._session: Any = None
        self._types: dict[str, str] = {}

    def load(self) -> ModelShape:
        """Open the file on the chosen provider.

        Raises:
            InputError: The file is not an ONNX model, or takes something other than plain tensors; or the
                provider is not there or does not start.
        """
        file = self._options.model_file
        if file is None or not file.is_file():
            raise InputError(f"--model: no file `{file}`", hint="name an ONNX file")
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = self._options.threads
        settings.inter_op_num_threads = 1
        settings.log_severity_level = _SILENT
        # Spinning threads answer one caller a little sooner and take the processor from all the others.
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        before = thread_ids()
        try:
            self._session = open_on(self._options.provider, str(file), settings, self._options.threads)
        except InputError:
            raise
        except Exception as error:  # the runtime raises a dozen kinds, and all mean the file
            raise InputError(f"--model: `{file}` cannot be opened: {_first_line(error)}") from None
        inputs = [_spec(node) for node in self._session.get_inputs()]
        outputs = [_spec(node) for node in self._session.get_outputs() if node.type.startswith("tensor(")]
        if not outputs:
            raise InputError(f"--model: `{file}` gives no tensor, only sequences and maps")
        self._types = {spec.name: spec.datatype for spec in outputs}
        return ModelShape(inputs, outputs, "onnxruntime_onnx", sorted(thread_ids() - before))

    def is_ready(self) -> bool:
        """Say whether the model is open."""
        return self._session is not None

    def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Run the session; see `Backend`."""
        feed = {t.name: _as_text(t) if t.datatype == "BYTES" else t.data for t in inputs}
        try:
            arrays = self._session.run(outputs, feed)
        except Exception as error:
            reason = _first_line(error)
            if isinstance(error, _CALLERS_FAULTS) and _NO_MEMORY not in str(error):
                raise ProtocolError(f"the model refuses this input: {reason}") from None
            raise ModelFailedError(f"the model failed: {reason}") from error
        return [
            tensor(name, np.asarray(array), self._types[name])
            for name, array in zip(outputs, arrays, strict=True)
        ]

    def close(self) -> None:
        """Forget the session."""
        self._session = None


def _spec(node: Any) -> TensorSpec:
    kind = node.type.removeprefix("tensor(").removesuffix(")")
    if kind not in _DATATYPES:
        raise InputError(f"--model: `{node.name}` is {node.type}, which cannot be sent over the protocol")
    shape = tuple(size if isinstance(size, int) and size >= 0 else -1 for size in node.shape)
    return TensorSpec(node.name, _DATATYPES[kind], shape)


def _as_text(t: Tensor) -> Any:
    """Return bytes as text, which is what the runtime takes for strings."""
    held = np.empty(t.data.size, dtype=np.object_)
    try:
        held[:] = [element.decode() for element in t.data.ravel().tolist()]
    except UnicodeDecodeError:
        raise ProtocolError(f"`{t.name}`: the model takes UTF-8 text") from None
    return held.reshape(t.shape)


def _first_line(error: Exception) -> str:
    lines = str(error).rpartition("Status Message: ")[2].strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
