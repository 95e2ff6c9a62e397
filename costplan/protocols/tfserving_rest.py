"""TensorFlow Serving over REST: predict in row and column format, `b64` objects, error bodies, metadata.

Written from the documentation; no TensorFlow Serving was at hand to try it against.

Source: tensorflow/serving, `tensorflow_serving/g3doc/api_rest.md`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import numpy as np

from costplan.protocols._fields import parse_object, read_mapping
from costplan.protocols.elements import from_json
from costplan.protocols.tensors import ProtocolError, Tensor, TensorSpec, short, tensor
from costplan.protocols.tfserving import DEFAULT_SIGNATURE, DTYPES, Signature, choose_signature

Format = Literal["row", "column"]

_DTYPE_NAMES = {
    "DT_FLOAT": "FP32",
    "DT_DOUBLE": "FP64",
    "DT_STRING": "BYTES",
    "DT_HALF": "FP16",
    "DT_BFLOAT16": "BF16",
} | {f"DT_{name}": name for name in DTYPES if "INT" in name or name == "BOOL"}


def predict_path(model: str, version: str | None = None) -> str:
    """Return the path to post to, such as `/v1/models/NAME:predict`."""
    return f"{model_path(model, version)}:predict"


def metadata_path(model: str, version: str | None = None) -> str:
    """Return the path of the signatures: `/v1/models/NAME/metadata`."""
    return f"{model_path(model, version)}/metadata"


def model_path(model: str, version: str | None = None) -> str:
    """Return the path of the model's status: `/v1/models/NAME`; a version that is no number is a label."""
    kind = "versions" if version and version.isdecimal() else "labels"
    chosen = f"/{kind}/{quote(version, safe='')}" if version else ""
    return f"/v1/models/{quote(model, safe='')}{chosen}"


def has_rows(tensors: Sequence[Tensor]) -> bool:
    """Say whether the inputs can go in the row format: all have the same first dimension."""
    sizes = {t.shape[0] if t.shape else None for t in tensors}
    return len(sizes) == 1 and None not in sizes


def encode_predict(
    tensors: Sequence[Tensor], *, layout: Format = "row", signature: str = DEFAULT_SIGNATURE
) -> bytes:
    """Build the body of a predict request.

    The row format makes one object per element of the first dimension, which all inputs must share; the
    column format sends every input whole.

    Raises:
        ProtocolError: Inputs differ in their first dimension (row format), or hold NaN or infinities.
    """
    head: dict[str, Any] = {"signature_name": signature}
    columns = {t.name: _nested(t) for t in tensors}
    if layout == "column":
        head["inputs"] = columns
    else:
        if not has_rows(tensors):
            raise ProtocolError(
                "the row format needs inputs with the same first dimension",
                hint="the column format sends each whole",
            )
        names = list(columns)
        head["instances"] = [
            dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)
        ]
    try:
        return json.dumps(head, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:
        raise ProtocolError("NaN and infinities cannot go as JSON") from None


def decode_predict(body: bytes, specs: Sequence[TensorSpec] = ()) -> list[Tensor]:
    """Read the outputs of a predict reply in either format, sorted by name.

    Args:
        body: The reply's body.
        specs: The declared outputs: they give the datatypes, and the name when there is only one. Without
            them numbers become FP64 or INT64 and a lone output is named `output`.

    Raises:
        ProtocolError: The body breaks the format, or is the server's own error.
    """
    head = parse_object(body, "the reply")
    if "error" in head:
        raise ProtocolError(f"the server says: {short(head['error'])}")
    if ("predictions" in head) == ("outputs" in head):
        raise ProtocolError("the reply must have either `predictions` or `outputs`")
    alone = specs[0].name if len(specs) == 1 else "output"
    if "predictions" in head:
        columns = _columns_of(head["predictions"], alone)
    else:
        named = isinstance(head["outputs"], dict) and "b64" not in head["outputs"]
        columns = head["outputs"] if named else {alone: head["outputs"]}
    datatypes = {s.name: s.datatype for s in specs}
    return [_read_output(name, columns[name], datatypes.get(name)) for name in sorted(columns)]


def decode_metadata(body: bytes, signature: str = "") -> Signature:
    """Read a signature from the body of `GET /v1/models/NAME/metadata`; see `choose_signature`."""
    head = parse_object(body, "model metadata")
    if "error" in head:
        raise ProtocolError(f"the server says: {short(head['error'])}")
    metadata = read_mapping(head.get("metadata"), "`metadata`")
    holder = read_mapping(metadata.get("signature_def"), "`signature_def`")
    signatures = read_mapping(holder.get("signature_def"), "`signature_def`")
    read = {name: read_mapping(one, f"signature `{name}`") for name, one in signatures.items()}
    name = choose_signature({name: bool(one.get("inputs")) for name, one in read.items()}, signature)
    chosen = read[name]
    version = str(read_mapping(head.get("model_spec", {}), "`model_spec`").get("version", ""))
    inputs, outputs = (_specs(read_mapping(chosen.get(kind, {}), kind)) for kind in ("inputs", "outputs"))
    return Signature(inputs, outputs, version, name)


def _nested(t: Tensor) -> Any:
    if t.datatype != "BYTES":
        return t.data.tolist()
    coded = [{"b64": base64.b64encode(e).decode()} for e in t.data.ravel().tolist()]
    cells = np.empty(len(coded), dtype=np.object_)
    cells[:] = coded
    return cells.reshape(t.shape).tolist()


def _columns_of(rows: object, alone: str) -> dict[str, Any]:
    """Turn `predictions` (one entry per row) into whole outputs."""
    if not isinstance(rows, list):
        raise ProtocolError(f"`predictions` must be a list, got {short(rows)}")
    objects = [row for row in rows if isinstance(row, dict) and "b64" not in row]
    if not objects:
        return {alone: rows}
    if len(objects) != len(rows) or any(row.keys() != objects[0].keys() for row in objects):
        raise ProtocolError("the entries of `predictions` differ in their outputs")
    return {name: [row[name] for row in objects] for name in objects[0]}


def _read_output(name: str, value: Any, datatype: str | None) -> Tensor:
    shape, probe = [], value
    while isinstance(probe, list):
        shape.append(len(probe))
        probe = probe[0] if probe else 0
        if len(shape) > 16:
            raise ProtocolError(f"`{name}` is nested too deeply")
    if datatype is None:
        kinds = {bool: "BOOL", int: "INT64", str: "BYTES", dict: "BYTES"}
        datatype = kinds.get(type(probe), "FP64")
    if datatype == "BYTES":
        return tensor(name, _bytes_of(name, value, tuple(shape)), "BYTES")
    if datatype == "INT64" and _has_float(value):
        datatype = "FP64"
    return from_json(name, datatype, tuple(shape), value if shape else [value])


def _bytes_of(name: str, value: Any, shape: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.object_]]:
    flat: list[Any] = [value]
    for size in shape:
        if any(not isinstance(cell, list) or len(cell) != size for cell in flat):
            raise ProtocolError(f"`{name}`: the nested data does not have shape {list(shape)}")
        flat = [cell for row in flat for cell in row]
    array = np.empty(len(flat), dtype=np.object_)
    array[:] = [_text_or_b64(name, cell) for cell in flat]
    return array.reshape(shape)


def _text_or_b64(name: str, cell: Any) -> bytes:
    if isinstance(cell, str):
        return cell.encode(errors="surrogatepass")
    if isinstance(cell, dict) and list(cell) == ["b64"] and isinstance(cell["b64"], str):
        try:
            return base64.b64decode(cell["b64"], validate=True)
        except (binascii.Error, ValueError):
            raise ProtocolError(f"`{name}`: {short(cell['b64'])} is not base64") from None
    raise ProtocolError(f"`{name}`: {short(cell)} is neither a text nor a `b64` object")


def _has_float(value: Any) -> bool:
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)


def _specs(infos: Mapping[str, Any]) -> list[TensorSpec]:
    specs = []
    for name in sorted(infos):
        info = read_mapping(infos[name], f"`{name}`")
        kind = info.get("dtype")
        datatype = _DTYPE_NAMES.get(kind) if isinstance(kind, str) else None
        if datatype is None:
            raise ProtocolError(f"`{name}`: TensorFlow's dtype {short(kind)} is not understood")
        shape = read_mapping(info.get("tensor_shape", {}), f"`{name}`: tensor_shape")
        dims = shape.get("dim", [])
        if not isinstance(dims, list):
            raise ProtocolError(f"`{name}`: dim must be a list, got {short(dims)}")
        sizes = tuple(_size(name, d) for d in dims)
        specs.append(TensorSpec(name, datatype, sizes, has_rank=shape.get("unknown_rank") is not True))
    return specs


def _size(name: str, dim: Any) -> int:
    try:
        return max(int(read_mapping(dim, f"`{name}`: dim").get("size", -1)), -1)
    except (TypeError, ValueError):
        raise ProtocolError(f"`{name}`: {short(dim)} is no dimension") from None
