"""What is known about a model file after it was opened under guard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

TENSOR_TYPES = {
    "float": "FP32",
    "double": "FP64",
    "float16": "FP16",
    "bool": "BOOL",
    "string": "BYTES",
    "int8": "INT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
    "uint8": "UINT8",
    "uint16": "UINT16",
    "uint32": "UINT32",
    "uint64": "UINT64",
}
"""Element type as ONNX Runtime spells it -> datatype of the Open Inference Protocol."""


@dataclass(frozen=True, slots=True)
class ModelPort:
    """An input or an output as the model declares it."""

    name: str
    datatype: str
    """Datatype of the Open Inference Protocol, of the elements if there is a `container`; may be empty."""
    shape: tuple[int | str | None, ...] | None
    """An open dimension is its symbol or None; the whole is None where the rank is unknown."""
    container: str = ""
    """`seq`, `optional` or `map` around the tensor; empty for a plain tensor."""
    index_limit: int | None = None
    """For an integer input that picks rows of a table (an embedding): how many rows there are."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ModelPort:
        """Rebuild a port from what `dataclasses.asdict` made of it."""
        shape = value["shape"]
        return cls(**{**value, "shape": None if shape is None else tuple(shape)})


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model file that opened, and mostly ran once, within its limits."""

    path: str
    sha256: str
    """Of the model file; external data is not part of it."""
    file_bytes: int
    external_files: Mapping[str, int]
    """Weights kept in files beside the model: location relative to it -> bytes."""
    opsets: Mapping[str, int]
    """Operator set domain -> version; the default domain is `ai.onnx`."""
    producer: str
    inputs: tuple[ModelPort, ...]
    outputs: tuple[ModelPort, ...]
    load_ms: float
    """Opening the session in the child, one thread."""
    run_ms: float
    """The first run in the child, one thread; 0 where it was only opened."""
    peak_memory_bytes: int
    """Largest resident size of the child, the libraries (about 100 MiB) included."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ModelFacts:
        """Rebuild facts from what `to_json` made."""
        ports = {kind: tuple(map(ModelPort.from_json, value[kind])) for kind in ("inputs", "outputs")}
        return cls(**{**value, **ports})

    def to_json(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        return asdict(self)
