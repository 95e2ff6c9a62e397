"""The `config.pbtxt` of a model in a Triton model repository: on a CPU or on GPUs, with or without batching.

Source: triton-inference-server/server, `docs/user_guide/model_configuration.md`;
triton-inference-server/common, `protobuf/model_config.proto`; triton-inference-server/onnxruntime_backend,
`README.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from costplan.bench.models.facts import ModelFacts, ModelPort
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

TritonBackend = Literal["onnxruntime", "python"]
TritonProvider = Literal["cpu", "openvino", "cuda", "tensorrt"]

BACKENDS: tuple[TritonBackend, ...] = get_args(TritonBackend)
PROVIDERS: tuple[TritonProvider, ...] = get_args(TritonProvider)
ON_GPU: tuple[TritonProvider, ...] = ("cuda", "tensorrt")
_ACCELERATORS = {
    "openvino": 'cpu_execution_accelerator [ { name: "openvino" } ]',
    "tensorrt": 'gpu_execution_accelerator [ { name: "tensorrt" } ]',
}


@dataclass(frozen=True, slots=True)
class Batching:
    """How Triton joins requests into batches."""

    preferred: tuple[int, ...] = ()
    """Sizes that are sent on at once; empty: whatever waits when an instance is free."""
    max_delay_us: int | None = None
    """How long a request may wait for others; None: Triton's own, which does not wait."""


@dataclass(frozen=True, slots=True)
class TritonSettings:
    """How a model is to be served."""

    backend: TritonBackend = "onnxruntime"
    """`python` for a Triton that has only that one, as in the package from PyPI."""
    provider: TritonProvider = "cpu"
    """The execution provider of ONNX Runtime; `cuda` and `tensorrt` are on GPUs."""
    gpu_ids: tuple[int, ...] = ()
    """Which GPUs; empty: all of the machine."""
    max_batch_size: int = 0
    """0: the server does not batch, shapes are whole. Else the first dimension of every input and output
    must be open and is the server's."""
    instances: int = 1
    """Copies of the model that run at once; on GPUs, on each of them."""
    threads: int = 1
    """Intra-op threads of each copy on a CPU."""
    batching: Batching | None = None

    @property
    def is_on_gpu(self) -> bool:
        """Whether the instances are on GPUs."""
        return self.provider in ON_GPU

    def check(self) -> None:
        """Raise InputError where the settings contradict each other."""
        if self.max_batch_size < 0 or self.instances < 1 or self.threads < 1:
            raise InputError("max_batch_size must be at least 0; instances and threads at least 1")
        if self.backend == "python" and self.provider != "cpu":
            raise InputError(
                Reason("the Python backend's model runs on the CPU provider, not on {name}", self.provider),
                hint="use the onnxruntime backend",
            )
        if self.gpu_ids and not self.is_on_gpu:
            raise InputError("GPUs were chosen for a model that runs on the CPU")
        if self.batching is not None:
            self._check_batching(self.batching)

    def _check_batching(self, batching: Batching) -> None:
        if self.max_batch_size < 2:
            raise InputError(
                "dynamic batching needs a largest batch of 2 or more", hint="give --max-batch-size 8"
            )
        for size in batching.preferred:
            if not 1 <= size <= self.max_batch_size:
                raise InputError(
                    Reason(
                        "a preferred batch of {size} is not between 1 and the largest of {most}",
                        str(size),
                        str(self.max_batch_size),
                    )
                )


def triton_config(facts: ModelFacts, name: str, settings: TritonSettings) -> str:
    """Return the text of `config.pbtxt`; outputs that are no tensors are left out.

    Raises:
        InputError: The model cannot be served so.
    """
    settings.check()
    for port in facts.inputs:
        if port.container in ("seq", "map"):
            raise InputError(
                Reason(
                    "input `{name}` is a {container}; Triton takes tensors only", port.name, port.container
                )
            )
    outputs = [port for port in facts.outputs if not port.container and port.datatype]
    if not outputs:
        raise InputError(
            "the model has no output that is a tensor",
            hint="export it without ZipMap (zipmap=False in skl2onnx)",
        )
    lines = [
        f'name: "{name}"',
        f'backend: "{settings.backend}"',
        f"max_batch_size: {settings.max_batch_size}",
    ]
    for kind, ports in (("input", facts.inputs), ("output", outputs)):
        entries = ",\n".join(_entry(port, settings.max_batch_size > 0) for port in ports)
        lines.append(f"{kind} [\n{entries}\n]" if ports else f"{kind} []")
    return "\n".join([*lines, *_placement(settings), *_batching(settings.batching)]) + "\n"


def _placement(settings: TritonSettings) -> list[str]:
    """Return where instances run and with what; on a GPU the threads are ONNX Runtime's own choice."""
    kind = "KIND_GPU" if settings.is_on_gpu else "KIND_CPU"
    which = f" gpus: [ {', '.join(map(str, settings.gpu_ids))} ]" if settings.gpu_ids else ""
    lines = [f"instance_group [ {{ kind: {kind} count: {settings.instances}{which} }} ]"]
    if settings.provider in _ACCELERATORS:
        lines.append(f"optimization {{ execution_accelerators {{ {_ACCELERATORS[settings.provider]} }} }}")
    if not settings.is_on_gpu:
        key = "threads" if settings.backend == "python" else "intra_op_thread_count"
        lines.append(f'parameters {{ key: "{key}" value: {{ string_value: "{settings.threads}" }} }}')
    return lines


def _batching(batching: Batching | None) -> list[str]:
    if batching is None:
        return []
    inside = []
    if batching.preferred:
        inside.append(f"preferred_batch_size: [ {', '.join(map(str, sorted(set(batching.preferred))))} ]")
    if batching.max_delay_us is not None:
        inside.append(f"max_queue_delay_microseconds: {batching.max_delay_us}")
    return [f"dynamic_batching {{ {' '.join(inside)} }}" if inside else "dynamic_batching {}"]


def _entry(port: ModelPort, is_batched: bool) -> str:
    if not port.datatype or port.shape is None:
        raise InputError(Reason("`{name}` has no datatype or rank that Triton knows", port.name))
    dims = [d if isinstance(d, int) and d > 0 else -1 for d in port.shape]
    if not dims and not is_batched:
        raise InputError(
            Reason("`{name}` is a scalar, which Triton does not serve", port.name),
            hint="export the model with shape [1] there",
        )
    if is_batched:
        if not dims or dims[0] != -1:
            raise InputError(
                Reason("`{name}`: its first dimension is not open, so the server cannot batch", port.name),
                hint="export with a max_batch_size of 0",
            )
        dims = dims[1:]
    kind = "STRING" if port.datatype == "BYTES" else port.datatype
    name = port.name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    reshape = "" if dims else " reshape { shape: [] }"
    shown = ", ".join(map(str, dims or [1]))
    return f'  {{ name: "{name}" data_type: TYPE_{kind} dims: [ {shown} ]{reshape} }}'
