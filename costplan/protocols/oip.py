"""Open Inference Protocol v2 over HTTP: requests and replies as JSON or with binary tensors.

The binary extension puts a JSON header first and the tensors' raw bytes after it, in the header's order;
`Inference-Header-Content-Length` says where the header ends. Names and rules are the protocol's.

Source: kserve/open-inference-protocol, `specification/protocol/inference_rest.md`;
triton-inference-server/server, `docs/protocol/extension_binary_data.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from costplan.protocols._fields import (
    parse_object,
    read_entries,
    read_flag,
    read_mapping,
    read_optional_text,
    read_text,
)
from costplan.protocols.elements import from_json, from_raw, to_json, to_raw
from costplan.protocols.tensors import (
    DATATYPES,
    ProtocolError,
    Tensor,
    TensorSpec,
    check_fit,
    check_shape,
    short,
    tensor,
)

__all__ = [
    "DATATYPES",
    "HEADER_LENGTH",
    "MAX_BODY_BYTES",
    "InferRequest",
    "InferResponse",
    "ModelMetadata",
    "ProtocolError",
    "Tensor",
    "TensorSpec",
    "check_fit",
    "decode_metadata",
    "decode_request",
    "decode_response",
    "encode_error",
    "encode_metadata",
    "encode_request",
    "encode_response",
    "header_length",
    "tensor",
]

HEADER_LENGTH = "Inference-Header-Content-Length"
"""HTTP header: length of the JSON part in bytes, when raw tensors follow it."""

MAX_BODY_BYTES = 64 << 20
"""Largest body that is read unless the caller says otherwise."""


@dataclass(frozen=True, slots=True)
class InferRequest:
    """What a client asks for."""

    inputs: list[Tensor]
    outputs: list[str] = field(default_factory=list)
    """Names of the outputs wanted; empty means all."""
    binary_outputs: bool | frozenset[str] = False
    """Which outputs the client wants raw: all, none, or those named."""
    id: str | None = None

    def wants_binary(self, output: str) -> bool:
        """Say whether the client asked for this output as raw bytes."""
        return self.binary_outputs if isinstance(self.binary_outputs, bool) else output in self.binary_outputs


@dataclass(frozen=True, slots=True)
class InferResponse:
    """What a server answered."""

    outputs: list[Tensor]
    model_name: str = ""
    model_version: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ModelMetadata:
    """A model's inputs and outputs as its server declares them."""

    name: str
    inputs: list[TensorSpec]
    outputs: list[TensorSpec]
    versions: list[str] = field(default_factory=list)
    platform: str = ""


def encode_request(
    tensors: Sequence[Tensor],
    *,
    binary: bool = True,
    outputs: Sequence[str] | None = None,
    request_id: str | None = None,
) -> tuple[dict[str, str], bytes]:
    """Build the headers (without `Content-Length`) and the body of an infer request.

    Args:
        tensors: The inputs.
        binary: Send raw bytes and ask for raw outputs; else JSON. Triton takes FP16 and BF16 raw only.
        outputs: Names of the outputs wanted; None means all.
        request_id: Sent back by the server.
    """
    head: dict[str, Any] = {"id": request_id} if request_id is not None else {}
    entries, raw = _encode_tensors(tensors, {t.name for t in tensors} if binary else set())
    head["inputs"] = entries
    if outputs is not None:
        head["outputs"] = [
            {"name": n} | ({"parameters": {"binary_data": True}} if binary else {}) for n in outputs
        ]
    elif binary:
        head["parameters"] = {"binary_data_output": True}
    return _message(head, raw)


def decode_request(
    headers: Mapping[str, str],
    body: bytes,
    *,
    max_bytes: int = MAX_BODY_BYTES,
    specs: Sequence[TensorSpec] = (),
) -> InferRequest:
    """Read an infer request; when `specs` are given, its inputs must fit them.

    Raises:
        ProtocolError: The message breaks the protocol, is larger than `max_bytes`, or does not fit the model.
    """
    head, tail = _open_message(headers, body, max_bytes)
    inputs = _decode_tensors(head, "inputs", tail)
    if specs:
        check_fit(inputs, specs)
    parameters = read_mapping(head.get("parameters", {}), "parameters")
    wanted = read_entries(head, "outputs") if "outputs" in head else []
    names, raw_names = [], set()
    default = read_flag(parameters, "binary_data_output")
    for entry in wanted:
        name = read_text(entry.get("name"), "an output's name")
        options = read_mapping(entry.get("parameters", {}), f"`{name}`: parameters")
        if "classification" in options:
            raise ProtocolError(f"`{name}`: the classification extension is not offered")
        names.append(name)
        if read_flag(options, "binary_data") if "binary_data" in options else default:
            raw_names.add(name)
    if len(set(names)) != len(names):
        raise ProtocolError("an output is asked for twice")
    return InferRequest(
        inputs, names, frozenset(raw_names) if names else default, read_optional_text(head, "id")
    )


def encode_response(
    model_name: str,
    outputs: Sequence[Tensor],
    *,
    binary: bool | frozenset[str] = False,
    model_version: str | None = None,
    request_id: str | None = None,
) -> tuple[dict[str, str], bytes]:
    """Build the headers and the body of a reply; `binary` as in `InferRequest.binary_outputs`.

    Raises:
        ProtocolError: An output that must go as JSON holds NaN, an infinity, or bytes that are not UTF-8.
    """
    head: dict[str, Any] = {"model_name": model_name}
    if model_version is not None:
        head["model_version"] = model_version
    if request_id is not None:
        head["id"] = request_id
    chosen = {t.name for t in outputs} if binary is True else set(binary or ())
    head["outputs"], raw = _encode_tensors(outputs, chosen)
    return _message(head, raw)


def decode_response(
    headers: Mapping[str, str], body: bytes, *, max_bytes: int = MAX_BODY_BYTES
) -> InferResponse:
    """Read a reply to an infer request.

    Raises:
        ProtocolError: The reply breaks the protocol, or is the server's own error message.
    """
    head, tail = _open_message(headers, body, max_bytes)
    if "error" in head:
        raise ProtocolError(f"the server says: {short(head['error'])}")
    outputs = _decode_tensors(head, "outputs", tail)
    name = head.get("model_name", "")
    return InferResponse(
        outputs,
        name if isinstance(name, str) else "",
        read_optional_text(head, "model_version"),
        read_optional_text(head, "id"),
    )


def header_length(body: bytes) -> int:
    """Return where the JSON header of a body ends, for a reader that kept no HTTP headers.

    A JSON object ends at its last brace, so the raw bytes after it cannot be mistaken for more of it.
    """
    try:
        # Latin-1 keeps one character per byte; UTF-8 sequences hold no quotes or braces.
        return json.JSONDecoder().raw_decode(body.decode("latin-1"))[1]
    except (ValueError, RecursionError):
        raise ProtocolError("the body does not begin with a JSON header") from None


def encode_metadata(metadata: ModelMetadata) -> bytes:
    """Build the body of `GET /v2/models/NAME`."""
    specs = {
        kind: [{"name": s.name, "datatype": s.datatype, "shape": list(s.shape)} for s in group]
        for kind, group in (("inputs", metadata.inputs), ("outputs", metadata.outputs))
    }
    head = {"name": metadata.name, "versions": metadata.versions, "platform": metadata.platform}
    return json.dumps(head | specs).encode()


def decode_metadata(body: bytes) -> ModelMetadata:
    """Read the body of `GET /v2/models/NAME`; where a model declares nothing, lists are empty or absent."""
    head = parse_object(body, "model metadata")
    versions = head.get("versions", [])
    inputs, outputs = (
        [_decode_spec(e) for e in read_entries({key: [], **head}, key)] for key in ("inputs", "outputs")
    )
    return ModelMetadata(
        read_text(head.get("name"), "the model's name"),
        inputs,
        outputs,
        [str(v) for v in versions] if isinstance(versions, list) else [],
        str(head.get("platform", "")),
    )


def encode_error(message: str) -> bytes:
    """Build the body of an error reply."""
    return json.dumps({"error": message}).encode()


def _encode_tensors(
    tensors: Sequence[Tensor], raw_names: set[str]
) -> tuple[list[dict[str, Any]], list[bytes]]:
    entries, raw = [], []
    for t in tensors:
        entry: dict[str, Any] = {"name": t.name, "shape": list(t.shape), "datatype": t.datatype}
        if t.name in raw_names:
            raw.append(to_raw(t))
            entry["parameters"] = {"binary_data_size": len(raw[-1])}
        else:
            entry["data"] = to_json(t)
        entries.append(entry)
    return entries, raw


def _message(head: dict[str, Any], raw: list[bytes]) -> tuple[dict[str, str], bytes]:
    try:
        text = json.dumps(head, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:
        raise ProtocolError("NaN and infinities cannot go as JSON", hint="send binary") from None
    if not raw:
        return {"Content-Type": "application/json"}, text
    return {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(len(text))}, b"".join([text, *raw])


def _open_message(
    headers: Mapping[str, str], body: bytes, max_bytes: int
) -> tuple[dict[str, Any], memoryview]:
    """Split a body into its JSON header and the raw bytes after it."""
    if len(body) > max_bytes:
        raise ProtocolError(f"the body has {len(body)} bytes, at most {max_bytes} are read")
    length = next((v for k, v in headers.items() if k.lower() == HEADER_LENGTH.lower()), None)
    if length is None:
        return parse_object(body, "the body"), memoryview(b"")
    if not (length.isascii() and length.isdigit() and len(length) < 12) or int(length) > len(body):
        raise ProtocolError(f"{HEADER_LENGTH} must be a number from 0 to {len(body)}, got {short(length)}")
    return parse_object(body[: int(length)], "the JSON header"), memoryview(body)[int(length) :]


def _decode_tensors(head: Mapping[str, Any], key: str, tail: memoryview) -> list[Tensor]:
    tensors: list[Tensor] = []
    at = 0
    for entry in read_entries(head, key):
        name = read_text(entry.get("name"), f"a name in `{key}`")
        if any(t.name == name for t in tensors):
            raise ProtocolError(f"`{name}` is given twice in `{key}`")
        datatype = read_text(entry.get("datatype"), f"`{name}`: datatype")
        shape = check_shape(name, entry.get("shape"))
        size = read_mapping(entry.get("parameters", {}), f"`{name}`: parameters").get("binary_data_size")
        if (size is None) == ("data" not in entry):
            raise ProtocolError(f"`{name}` must have either `data` or `binary_data_size`")
        if size is None:
            tensors.append(from_json(name, datatype, shape, entry["data"]))
            continue
        if type(size) is not int or not 0 <= size <= len(tail) - at:
            raise ProtocolError(f"`{name}`: binary_data_size {short(size)}, {len(tail) - at} bytes are left")
        tensors.append(from_raw(name, datatype, shape, tail[at : at + size]))
        at += size
    if at != len(tail):
        raise ProtocolError(f"{len(tail) - at} bytes follow the last binary tensor")
    return tensors


def _decode_spec(entry: Mapping[str, Any]) -> TensorSpec:
    name = read_text(entry.get("name"), "a tensor's name")
    datatype = read_text(entry.get("datatype"), f"`{name}`: datatype")
    shape = entry.get("shape")
    if not isinstance(shape, list):
        raise ProtocolError(f"`{name}`: shape must be a list, got {short(shape)}")
    try:
        sizes = tuple(int(d) for d in shape)
    except (TypeError, ValueError):
        raise ProtocolError(f"`{name}`: shape {short(shape)} is not made of whole numbers") from None
    check_shape(name, [max(d, 0) for d in sizes])
    return TensorSpec(name, datatype, tuple(max(d, -1) for d in sizes))
