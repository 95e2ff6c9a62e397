"""Open Inference Protocol v2 over gRPC: `inference.GRPCInferenceService` with messages of our own.

Only the fields that are used are declared; protobuf skips the others. `ModelStatistics` is Triton's own.

Source: names and numbers of the public wire contract in kserve/open-inference-protocol,
`specification/protocol/open_inference_grpc.proto`, and triton-inference-server/common,
`protobuf/grpc_service.proto`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError

from costplan.protocols._messages import build_messages
from costplan.protocols.elements import from_raw, to_raw
from costplan.protocols.oip import InferRequest, InferResponse, ModelMetadata
from costplan.protocols.tensors import (
    DATATYPES,
    ProtocolError,
    Tensor,
    TensorSpec,
    check_fit,
    check_shape,
    tensor,
)

SERVICE = "inference.GRPCInferenceService"

MESSAGES: dict[str, Any] = build_messages(
    "inference",
    """
    message ServerLiveRequest {}
    message ServerLiveResponse { bool live = 1; }
    message ServerReadyRequest {}
    message ServerReadyResponse { bool ready = 1; }
    message ModelReadyRequest { string name = 1; string version = 2; }
    message ModelReadyResponse { bool ready = 1; }
    message ServerMetadataRequest {}
    message ServerMetadataResponse { string name = 1; string version = 2; repeated string extensions = 3; }
    message ModelMetadataRequest { string name = 1; string version = 2; }
    message TensorMetadata { string name = 1; string datatype = 2; repeated int64 shape = 3; }
    message ModelMetadataResponse {
      string name = 1; repeated string versions = 2; string platform = 3;
      repeated TensorMetadata inputs = 4; repeated TensorMetadata outputs = 5;
    }
    message InferTensorContents {
      repeated bool bool_contents = 1; repeated int32 int_contents = 2; repeated int64 int64_contents = 3;
      repeated uint32 uint_contents = 4; repeated uint64 uint64_contents = 5;
      repeated float fp32_contents = 6; repeated double fp64_contents = 7; repeated bytes bytes_contents = 8;
    }
    message InferTensor {
      string name = 1; string datatype = 2; repeated int64 shape = 3; InferTensorContents contents = 5;
    }
    message InferRequestedOutputTensor { string name = 1; }
    message ModelInferRequest {
      string model_name = 1; string model_version = 2; string id = 3; repeated InferTensor inputs = 5;
      repeated InferRequestedOutputTensor outputs = 6; repeated bytes raw_input_contents = 7;
    }
    message ModelInferResponse {
      string model_name = 1; string model_version = 2; string id = 3;
      repeated InferTensor outputs = 5; repeated bytes raw_output_contents = 6;
    }
    message ModelStatisticsRequest { string name = 1; string version = 2; }
    message StatisticDuration { uint64 count = 1; uint64 ns = 2; }
    message InferStatistics {
      StatisticDuration success = 1; StatisticDuration fail = 2; StatisticDuration queue = 3;
      StatisticDuration compute_input = 4; StatisticDuration compute_infer = 5;
      StatisticDuration compute_output = 6;
    }
    message ModelStatistics {
      string name = 1; string version = 2; uint64 inference_count = 4; uint64 execution_count = 5;
      InferStatistics inference_stats = 6;
    }
    message ModelStatisticsResponse { repeated ModelStatistics model_stats = 1; }
    """,
)
"""Message name -> class. `InferTensor` stands for the contract's InferInputTensor and InferOutputTensor."""

_CONTENTS = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}
"""Where typed contents of a datatype are kept; FP16 and BF16 go as raw bytes only."""


def method(name: str) -> str:
    """Return the full name of a method, such as `/inference.GRPCInferenceService/ModelInfer`."""
    return f"/{SERVICE}/{name}"


def encode_request(
    model: str,
    tensors: Sequence[Tensor],
    *,
    raw: bool = True,
    outputs: Sequence[str] = (),
    request_id: str = "",
    version: str = "",
) -> bytes:
    """Serialise a `ModelInferRequest`; inputs as raw bytes, or as typed contents when `raw` is false."""
    message = MESSAGES["ModelInferRequest"](model_name=model, model_version=version, id=request_id)
    _add_tensors(message.inputs, message.raw_input_contents, tensors, raw)
    for name in outputs:
        message.outputs.add(name=name)
    return bytes(message.SerializeToString())


def decode_request(body: bytes, *, specs: Sequence[TensorSpec] = ()) -> InferRequest:
    """Read a serialised `ModelInferRequest`; when `specs` are given, its inputs must fit them."""
    message = parse("ModelInferRequest", body)
    inputs = _read_tensors(message.inputs, message.raw_input_contents)
    if specs:
        check_fit(inputs, specs)
    return InferRequest(inputs, [o.name for o in message.outputs], True, message.id or None)


def encode_response(
    model: str, outputs: Sequence[Tensor], *, raw: bool = True, request_id: str = "", version: str = ""
) -> bytes:
    """Serialise a `ModelInferResponse`."""
    message = MESSAGES["ModelInferResponse"](model_name=model, model_version=version, id=request_id)
    _add_tensors(message.outputs, message.raw_output_contents, outputs, raw)
    return bytes(message.SerializeToString())


def decode_response(body: bytes) -> InferResponse:
    """Read a serialised `ModelInferResponse`, raw or typed.

    Raises:
        ProtocolError: It is no such message, or an output's size does not fit its shape.
    """
    message = parse("ModelInferResponse", body)
    outputs = _read_tensors(message.outputs, message.raw_output_contents)
    return InferResponse(outputs, message.model_name, message.model_version or None, message.id or None)


def decode_metadata(body: bytes) -> ModelMetadata:
    """Read a serialised `ModelMetadataResponse`."""
    message = parse("ModelMetadataResponse", body)
    inputs, outputs = (
        [TensorSpec(t.name, t.datatype, tuple(max(d, -1) for d in t.shape)) for t in group]
        for group in (message.inputs, message.outputs)
    )
    return ModelMetadata(message.name, inputs, outputs, list(message.versions), message.platform)


def parse(name: str, body: bytes) -> Any:
    """Parse a serialised message of one of `MESSAGES`, or refuse it."""
    try:
        return MESSAGES[name].FromString(body)
    except DecodeError:
        raise ProtocolError(f"the reply is not a {name}") from None


def _add_tensors(entries: Any, raw_contents: Any, tensors: Sequence[Tensor], raw: bool) -> None:
    for t in tensors:
        entry = entries.add(name=t.name, datatype=t.datatype, shape=t.shape)
        if raw:
            raw_contents.append(to_raw(t))
            continue
        if t.datatype not in _CONTENTS:
            raise ProtocolError(f"`{t.name}`: {t.datatype} has no typed contents", hint="send raw bytes")
        getattr(entry.contents, _CONTENTS[t.datatype]).extend(t.data.ravel().tolist())


def _read_tensors(entries: Any, raw_contents: Any) -> list[Tensor]:
    if raw_contents and len(raw_contents) != len(entries):
        raise ProtocolError(f"{len(raw_contents)} raw contents for {len(entries)} tensors")
    tensors = []
    for index, entry in enumerate(entries):
        name, shape = entry.name, check_shape(entry.name, list(entry.shape))
        if entry.datatype not in DATATYPES:
            raise ProtocolError(f"`{name}`: unknown datatype `{entry.datatype[:40]}`")
        if raw_contents:
            tensors.append(from_raw(name, entry.datatype, shape, raw_contents[index]))
        else:
            tensors.append(_read_contents(name, entry.datatype, shape, entry.contents))
    return tensors


def _read_contents(name: str, datatype: str, shape: tuple[int, ...], contents: Any) -> Tensor:
    if datatype not in _CONTENTS:
        raise ProtocolError(f"`{name}`: {datatype} has no typed contents")
    values = list(getattr(contents, _CONTENTS[datatype]))
    array = np.empty(len(values), dtype=DATATYPES[datatype])
    try:
        array[:] = values
        return tensor(name, array.reshape(shape), datatype)
    except OverflowError:
        raise ProtocolError(f"`{name}`: a value does not fit {datatype}") from None
    except ValueError:
        raise ProtocolError(f"`{name}`: {len(values)} elements for shape {list(shape)}") from None
