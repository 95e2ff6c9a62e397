"""Who runs the model: this process, or a server that is named by its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Protocol, cast

from costplan.messages.errors import CostplanError, MissingExtraError
from costplan.protocols.tensors import Tensor, TensorSpec

BACKENDS = {
    "onnxruntime": "costplan.service.backends.onnx_runtime:OnnxRuntimeBackend",
    "triton-http": "costplan.service.backends.triton_http:TritonHttpBackend",
    "triton-grpc": "costplan.service.backends.triton_grpc:TritonGrpcBackend",
    "tfserving-grpc": "costplan.service.backends.tfserving_grpc:TfservingGrpcBackend",
    "tfserving-rest": "costplan.service.backends.tfserving_rest:TfservingRestBackend",
}
"""Name -> module and class; imported only when chosen."""


@dataclass(frozen=True, slots=True)
class BackendOptions:
    """What a backend may need to know; each takes what concerns it."""

    model_name: str
    model_file: Path | None
    address: str
    threads: int
    """Threads inside one inference."""
    parallel: int
    """Inferences at the same time."""
    timeout_seconds: float
    provider: str = "cpu"
    """ONNX Runtime's execution provider, a key of `PROVIDERS`."""


class BackendDownError(CostplanError):
    """The remote server cannot be reached or says that it is not ready."""


class BackendTimeoutError(BackendDownError):
    """The remote server did not answer in time."""


class BackendFailedError(CostplanError):
    """The remote server failed, or answered with nonsense."""


class ModelFailedError(CostplanError):
    """The model in this process failed on an input that looked right: memory ran out, for one."""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What the model takes and gives."""

    inputs: Sequence[TensorSpec]
    outputs: Sequence[TensorSpec]
    platform: str
    workers: Sequence[int] = ()
    """Threads that the runtime started for it, by the system's number; their processor time is inference."""


class Backend(Protocol):
    """Runs the model. A new backend is one file and one line in `BACKENDS`.

    Methods block and may be called from several threads at once. They raise `ProtocolError` for an input that
    the model refuses, and the errors above.
    """

    name: ClassVar[str]
    is_local: ClassVar[bool]

    def load(self) -> ModelShape:
        """Open the model, or ask the remote server about it."""

    def is_ready(self) -> bool:
        """Say whether an inference would be tried now; a remote server is asked."""

    def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Run the model once; `outputs` names those wanted, in order, and is never empty."""

    def close(self) -> None:
        """Let go of everything; safe to call twice."""


def make_backend(name: str, options: BackendOptions) -> Backend:
    """Return the backend called `name`."""
    module, class_name = BACKENDS[name].split(":")
    try:
        made = getattr(import_module(module), class_name)(options)
    except ModuleNotFoundError:
        raise MissingExtraError(f"--backend {name}", "bench") from None
    return cast(Backend, made)
