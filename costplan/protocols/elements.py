"""The elements of a tensor on the wire: raw bytes and JSON, written exactly and read strictly.

Source: Open Inference Protocol, "Tensor Data" (kserve/open-inference-protocol,
`specification/protocol/inference_rest.md`); raw bytes, BYTES and BF16 as in the binary tensor data
extension of triton-inference-server/server, `docs/protocol/extension_binary_data.md`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np

from costplan.messages.text import listed
from costplan.protocols.tensors import DATATYPES, Array, ProtocolError, Tensor, short

_WIRE_BYTES = {name: dtype.itemsize for name, dtype in DATATYPES.items()} | {"BF16": 2}

_JSON_KINDS: dict[str, set[type]] = {"BOOL": {bool}, "BYTES": {str}}


def to_raw(t: Tensor) -> bytes:
    """Return the elements as the binary extension writes them: row-major, little-endian."""
    if t.datatype == "BYTES":
        return b"".join(len(e).to_bytes(4, "little") + e for e in t.data.ravel().tolist())
    if t.datatype == "BF16":
        bits = np.ascontiguousarray(t.data, dtype=np.float32).view(np.uint32)
        rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
        return np.where(np.isnan(t.data), 0x7FC0, rounded).astype("<u2").tobytes()
    return t.data.astype(t.data.dtype.newbyteorder("<"), copy=False).tobytes()


def from_raw(name: str, datatype: str, shape: tuple[int, ...], raw: bytes | memoryview) -> Tensor:
    """Read elements written by `to_raw`; the size must be exactly what datatype and shape ask for."""
    count = math.prod(shape)
    if datatype == "BYTES":
        return Tensor(name, datatype, shape, _bytes_array(_split_bytes(name, raw, count), shape))
    expected = count * _wire_bytes(name, datatype)
    if len(raw) != expected:
        raise ProtocolError(
            f"`{name}`: {datatype} of shape {list(shape)} takes {expected} bytes, got {len(raw)}"
        )
    if datatype == "BF16":
        wide = np.frombuffer(raw, dtype="<u2").astype(np.uint32) << 16
        return Tensor(name, datatype, shape, wide.view(np.float32).reshape(shape))
    dtype = DATATYPES[datatype]
    if datatype == "BOOL":
        flat = np.frombuffer(raw, dtype=np.uint8)
        if flat.size and int(flat.max()) > 1:
            raise ProtocolError(f"`{name}`: a BOOL byte must be 0 or 1, got {int(flat.max())}")
        return Tensor(name, datatype, shape, flat.astype(dtype).reshape(shape))
    little = np.frombuffer(raw, dtype=dtype.newbyteorder("<"))
    return Tensor(name, datatype, shape, little.astype(dtype, copy=False).reshape(shape))


def to_json(t: Tensor) -> list[Any]:
    """Return the elements as one flat list of JSON values; BYTES must be UTF-8."""
    if t.datatype != "BYTES":
        flat: list[Any] = t.data.ravel().tolist()
        return flat
    try:
        return [e.decode() for e in t.data.ravel().tolist()]
    except UnicodeDecodeError:
        raise ProtocolError(
            f"`{t.name}`: bytes that are not UTF-8 cannot go as JSON", hint="send binary"
        ) from None


def from_json(name: str, datatype: str, shape: tuple[int, ...], data: object) -> Tensor:
    """Read elements from a JSON list, flat or nested as `shape`; every element of the datatype's kind."""
    _wire_bytes(name, datatype)
    flat = _flatten(name, data, shape)
    kinds = set(map(type, flat))
    allowed = _JSON_KINDS.get(datatype, {int} if "INT" in datatype else {int, float})
    if kinds - allowed:
        wrong = next(e for e in flat if type(e) not in allowed)
        raise ProtocolError(f"`{name}`: {short(wrong)} is not {datatype}")
    if datatype == "BYTES":
        return Tensor(name, datatype, shape, _bytes_array([_utf8(name, e) for e in flat], shape))
    dtype = DATATYPES[datatype]
    if dtype.kind in "iu" and flat:
        limits = np.iinfo(dtype)
        worst = min(flat) if min(flat) < limits.min else max(flat)
        if not limits.min <= worst <= limits.max:
            raise ProtocolError(f"`{name}`: {short(worst)} does not fit {datatype}")
        return Tensor(name, datatype, shape, np.array(flat, dtype=dtype).reshape(shape))
    try:
        with np.errstate(over="ignore"):
            values = np.array(flat, dtype=np.bool_ if datatype == "BOOL" else np.float64).astype(dtype)
    except OverflowError:
        raise ProtocolError(f"`{name}`: a number does not fit {datatype}") from None
    if not np.isfinite(values).all():
        raise ProtocolError(f"`{name}`: a number does not fit {datatype}")
    return Tensor(name, datatype, shape, values.reshape(shape))


def _wire_bytes(name: str, datatype: object) -> int:
    if not isinstance(datatype, str) or datatype not in _WIRE_BYTES:
        raise ProtocolError(f"`{name}`: unknown datatype {short(datatype)}; known are {listed(DATATYPES)}")
    return _WIRE_BYTES[datatype]


def _flatten(name: str, data: object, shape: tuple[int, ...]) -> list[Any]:
    """Return the elements of a flat or nested list, checking every level against `shape`."""
    if not isinstance(data, list):
        raise ProtocolError(f"`{name}`: data must be a list, got {short(data)}")
    flat: list[Any] = data
    nested = bool(flat) and isinstance(flat[0], list)
    for depth, size in enumerate(shape[1:] if nested else ()):
        if (
            len(flat) != math.prod(shape[: depth + 1])
            or set(map(type, flat)) - {list}
            or set(map(len, flat)) - {size}
        ):
            raise ProtocolError(f"`{name}`: the nested data does not have shape {list(shape)}")
        flat = list(chain.from_iterable(flat))
    if len(flat) != math.prod(shape):
        raise ProtocolError(
            f"`{name}`: shape {list(shape)} takes {math.prod(shape)} elements, got {len(flat)}"
        )
    return flat


def _utf8(name: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ProtocolError(f"`{name}`: a string holds a lone surrogate") from None


def _split_bytes(name: str, raw: bytes | memoryview, count: int) -> list[bytes]:
    """Split length-prefixed elements; each length is 4 bytes, little-endian."""
    if count * 4 > len(raw):
        raise ProtocolError(
            f"`{name}`: {count} BYTES elements take at least {count * 4} bytes, got {len(raw)}"
        )
    elements: list[bytes] = []
    at = 0
    for _ in range(count):
        end = at + 4 + int.from_bytes(raw[at : at + 4], "little")
        if at + 4 > len(raw) or end > len(raw):
            raise ProtocolError(f"`{name}`: BYTES element {len(elements)} runs past the end of the data")
        elements.append(bytes(raw[at + 4 : end]))
        at = end
    if at != len(raw):
        raise ProtocolError(f"`{name}`: {len(raw) - at} bytes too many after {count} BYTES elements")
    return elements


def _bytes_array(elements: Iterable[bytes], shape: tuple[int, ...]) -> Array:
    held = list(elements)
    flat = np.empty(len(held), dtype=np.object_)
    flat[:] = held
    return flat.reshape(shape)
