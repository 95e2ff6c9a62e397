"""Tensors of the Open Inference Protocol v2: the table of datatypes, and what a model declares.

Source: Open Inference Protocol, "Tensor Data Types" (kserve/open-inference-protocol,
`specification/protocol/inference_rest.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costplan.messages.errors import CostplanError
from costplan.messages.text import listed

Array = NDArray[Any]

MAX_RANK = 16
"""Most dimensions of a tensor; no model comes near, and a shape of thousands would only cost time."""

MAX_ELEMENTS = 1 << 28
"""Most elements of a tensor: 1 GiB of FP32, above any body that is let in."""

DATATYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    "UINT8": np.dtype(np.uint8),
    "UINT16": np.dtype(np.uint16),
    "UINT32": np.dtype(np.uint32),
    "UINT64": np.dtype(np.uint64),
    "INT8": np.dtype(np.int8),
    "INT16": np.dtype(np.int16),
    "INT32": np.dtype(np.int32),
    "INT64": np.dtype(np.int64),
    "FP16": np.dtype(np.float16),
    "FP32": np.dtype(np.float32),
    "FP64": np.dtype(np.float64),
    "BYTES": np.dtype(np.object_),
    "BF16": np.dtype(np.float32),
}
"""How each datatype's elements are held: BYTES as `bytes` objects, BF16 as the float32 of equal value."""

_NAMES = {dtype: name for name, dtype in DATATYPES.items() if name not in ("BF16", "BYTES")}


class ProtocolError(CostplanError):
    """A message breaks the protocol or does not fit the model."""


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """One named input or output of one request."""

    name: str
    datatype: str
    """A key of `DATATYPES`."""
    shape: tuple[int, ...]
    data: Array
    """Elements in row-major order, shape `shape`, dtype `DATATYPES[datatype]`."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """What a model declares about an input or output."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    """-1 where the model leaves a dimension open."""
    has_rank: bool = True
    """False where the model does not even say how many dimensions there are; the shape is then ()."""


def tensor(name: str, array: Array, datatype: str | None = None) -> Tensor:
    """Make a tensor from an array; text becomes BYTES (UTF-8), the datatype follows the dtype unless given.

    Raises:
        ProtocolError: The dtype has no datatype in the protocol (complex numbers, dates).
    """
    name_of = datatype or datatype_of(array.dtype, name)
    if name_of not in DATATYPES:
        raise ProtocolError(f"`{name}`: unknown datatype `{name_of}`; known are {listed(DATATYPES)}")
    if name_of == "BYTES":
        held = np.empty(array.size, dtype=np.object_)
        held[:] = [e if isinstance(e, bytes) else str(e).encode() for e in array.ravel().tolist()]
        return Tensor(name, name_of, array.shape, held.reshape(array.shape))
    return Tensor(name, name_of, array.shape, np.asarray(array, dtype=DATATYPES[name_of], order="C"))


def datatype_of(dtype: np.dtype[Any], name: str = "tensor") -> str:
    """Return the protocol's name for a numpy dtype; text and objects are BYTES."""
    if dtype.kind in "OSU":
        return "BYTES"
    native = dtype.newbyteorder("=")
    if native not in _NAMES:
        raise ProtocolError(f"`{name}`: no datatype of the protocol holds {dtype}")
    return _NAMES[native]


def check_shape(name: str, shape: object) -> tuple[int, ...]:
    """Return a shape read from a message as a tuple, or refuse it."""
    if not isinstance(shape, (list, tuple)) or any(type(d) is not int or d < 0 for d in shape):
        raise ProtocolError(
            f"`{name}`: shape must be a list of whole numbers of at least 0, got {short(shape)}"
        )
    if len(shape) > MAX_RANK:
        raise ProtocolError(f"`{name}`: {len(shape)} dimensions, at most {MAX_RANK} are read")
    if max(shape, default=0) > MAX_ELEMENTS or math.prod(shape) > MAX_ELEMENTS:
        raise ProtocolError(f"`{name}`: shape {short(shape)} has more than {MAX_ELEMENTS} elements")
    return tuple(shape)


def check_fit(tensors: Sequence[Tensor], specs: Sequence[TensorSpec], *, what: str = "input") -> None:
    """Check names, datatypes and shapes against what the model declares; a dimension of -1 takes any size.

    Raises:
        ProtocolError: Something is missing, unknown, given twice, or of another datatype or shape.
    """
    declared = {spec.name: spec for spec in specs}
    names = [t.name for t in tensors]
    for name in names:
        if name not in declared:
            raise ProtocolError(f"unknown {what} `{name}`", hint=f"the model has {listed(declared)}")
        if names.count(name) > 1:
            raise ProtocolError(f"{what} `{name}` is given twice")
    missing = [name for name in declared if name not in names]
    if missing:
        raise ProtocolError(f"missing {what} {listed(f'`{name}`' for name in missing)}")
    for t in tensors:
        spec = declared[t.name]
        if t.datatype != spec.datatype:
            raise ProtocolError(f"{what} `{t.name}` must be {spec.datatype}, got {t.datatype}")
        fits = len(t.shape) == len(spec.shape) and all(
            s in (-1, d) for d, s in zip(t.shape, spec.shape, strict=True)
        )
        if spec.has_rank and not fits:
            raise ProtocolError(f"{what} `{t.name}` must have shape {list(spec.shape)}, got {list(t.shape)}")


def short(value: object) -> str:
    """Show a value from a message in at most 60 characters or 8 elements, however large it is."""
    if isinstance(value, (list, tuple)):
        shown = ", ".join("[...]" if isinstance(v, list) else short(v) for v in value[:8])
        return f"[{shown}{', ...' if len(value) > 8 else ''}]"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"a number of {value.bit_length()} bits"
    text = repr(value[:57]) if isinstance(value, (str, bytes)) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
